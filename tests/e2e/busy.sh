#!/usr/bin/env bash
# Media files just below 64 MB that are built to keep a reader busy: none takes more than 200 ms of CPU.
#
#   bash tests/e2e/busy.sh target/release/runway-preflight      LIMIT_MS=6000 for a debug build
#
# Needs Python 3 only. The files have holes or repeat one part. Prints the time of each; exits 1 where one takes longer.
set -euo pipefail
command -v python3 >/dev/null || { echo "not tested: python3 is missing"; exit 0; }
exec python3 - "$(realpath "$1")" "${LIMIT_MS:-200}" "$(dirname "$0")/../../fixtures" <<'PYTHON'
import os, resource, struct, subprocess, sys, tempfile

program, limit, fixtures = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SIZE = 63 << 20


def box(kind, *content):
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def chunk(kind, body):
    return kind + struct.pack("<I", len(body)) + body


def fixture(name):
    with open(f"{fixtures}/{name}", "rb") as file:
        return file.read()


def fill(head, part, size=SIZE):
    return head + part * max(0, (size - len(head)) // len(part))


FTYP = box(b"ftyp", b"isom\0\0\0\0isom")
EBML = bytes.fromhex("1a45dfa387428284") + b"webm" + bytes.fromhex("18538067ff")
HANDLER = box(b"hdlr", bytes(8), b"vide", bytes(12))
TRACK = box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", HANDLER, box(b"mdhd", bytes(20))))
CHAPTERS = box(b"tref", box(b"chap", b"\xff\xff\xff\xfe" * 64))
CHAPTER_TRACK = box(b"trak", box(b"tkhd", bytes(84)), CHAPTERS, box(b"mdia", HANDLER))
WEBM_TRACK = bytes.fromhex("ae8ad781018381018682") + b"V_"


def movie(tracks, size):
    return box(b"moov", box(b"mvhd", bytes(100)), tracks * (size // len(tracks)))


def webm_tracks(size):
    body = WEBM_TRACK * (size // len(WEBM_TRACK))
    return bytes.fromhex("1654ae6b") + struct.pack(">I", 0x10000000 | len(body)) + body


def page(flags, serial, packet):
    return b"OggS\0" + bytes([flags]) + bytes(8) + struct.pack("<I", serial) + bytes(8) + bytes([1, len(packet)]) + packet


VORBIS = b"\x01vorbis\0\0\0\0\x01\x40\x1f\0\0" + bytes(12) + b"\xb8\x01"
CLUSTER = bytes.fromhex("1f43b675ffe78100")
FRAGMENT = box(b"moof", box(b"traf", box(b"tfhd", b"\xff" * 8)) * 100)
TREX = box(b"mvex", box(b"trex", b"\xff" * 24) * 14000)
FILES = {
    "regions.mp4": lambda: fill(FTYP, box(b"free") * 97 + box(b"free", bytes(9000))),
    "empty.mp4": lambda: fill(FTYP, box(b"free")),
    "chapters.mp4": lambda: fill(FTYP + movie(CHAPTER_TRACK, 15 << 20), box(b"free", bytes(9000))),
    "tracks.mp4": lambda: fill(FTYP + movie(TRACK, 15 << 20), box(b"free", bytes(9000))),
    "fragments.mp4": lambda: fill(FTYP + box(b"moov", TRACK * ((1 << 19) // len(TRACK)), TREX), FRAGMENT),
    "indexes.mp4": lambda: fill(FTYP, box(b"moov", TRACK * ((1 << 19) // len(TRACK)), TREX) + FRAGMENT),
    "elements.webm": lambda: fill(EBML, b"\xec\x10\0\x23\x28" + bytes(9000)),
    "empty.webm": lambda: fill(EBML, b"\xec\x80"),
    "blocks.webm": lambda: fill(EBML + webm_tracks(100) + CLUSTER, b"\xa3\x85\x81\0\0\x80."),
    "tracks.webm": lambda: fill(EBML + webm_tracks(1 << 19) * 30 + CLUSTER, b"\xa3\x85\x82\0\0\x80."),
    "chunks.avi": lambda: fill(b"RIFF\0\0\0\0AVI ", chunk(b"JUNK", bytes(9000))),
    "empty.avi": lambda: fill(b"RIFF\0\0\0\0AVI ", chunk(b"JUNK", b"")),
    "chunks.wav": lambda: fill(b"RIFF\0\0\0\0WAVE", chunk(b"JUNK", b"")),
    "noise.mp3": lambda: fill(fixture("audio/bare-cbr.mp3"), b"\xff" * 1000),
    "zeros.mp3": lambda: fill(fixture("audio/bare-cbr.mp3"), bytes(1000)),
    "tags.mp3": lambda: fill(b"", b"ID3\x04\0\0\0\0\0\0"),
    "short.aac": lambda: fill(b"", bytes.fromhex("fff15080011ffc") + b"."),
    "noise.flac": lambda: fill(fixture("wild/2s-no-length.flac"), b"\xff\xf8"),
    "pages.ogg": lambda: fill(page(2, 1, VORBIS), page(0, 1, b"")),
    "streams.ogg": lambda: b"".join(page(2, serial, VORBIS) for serial in range(SIZE // 58)),
    "tags.flv": lambda: fill(b"FLV\x01\x05\0\0\0\x09\0\0\0\0", b"\x12\0\0\0" + bytes(7) + b"\0\0\0\x0b"),
    "packets.mpg": lambda: fill(b"\0\0\x01\xba\x44" + bytes(8) + b"\xf8", b"\0\0\x01\xe0\0\x04\x80\0\0."),
    "pixels.jpg": lambda: fill(fixture("images/photo.jpg")[:-2], b"\xff\0"),
    "chunks.png": lambda: fill(fixture("images/photo.png")[:33], b"\0\0\0\0tEXt\0\0\0\0"),
}


def spent(path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "check", "--offline", "-f", "reasons", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))


late = []
with tempfile.TemporaryDirectory() as folder:
    for name, build in FILES.items():
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(build())
        # A busy machine slows a run down, never speeds it up.
        best = min(spent(path) for _ in range(5))
        print(f"{best:6} ms  {name}", flush=True)
        if best > limit:
            late.append(name)
        os.remove(path)
print(f"{len(FILES) - len(late)} passed, {len(late)} failed")
sys.exit(1 if late else 0)
PYTHON
