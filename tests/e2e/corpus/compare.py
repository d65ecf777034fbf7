"""Compares what the program says about a corpus of media files with what Pillow and ffprobe say; see ../corpus.sh."""

import fnmatch
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import warnings

from PIL import Image

from exceptions import EXCEPTIONS

# What ffprobe calls the formats that the API accepts.
FFPROBE_ACCEPTED = {"mov", "matroska", "webm", "avi", "flv", "mpeg", "mpegvideo", "ogg", "mp3", "wav", "w64", "flac", "aac"}
# What Pillow calls the formats that the API accepts, and all of those that the program describes.
PILLOW_ACCEPTED = {"JPEG", "MPO", "PNG", "WEBP"}
PILLOW_DESCRIBED = PILLOW_ACCEPTED | {"GIF", "BMP", "TIFF", "ICO", "AVIF"}
# A measure, and the share of the compared files that must agree.
THRESHOLDS = {
    "size": 0.999,
    "orientation": 0.999,
    "animation": 0.99,
    "video size": 0.999,
    "duration": 0.99,
    "video codec": 0.99,
    "audio codec": 0.99,
    "nothing accepted that both refuse": 1,
    "nothing unreadable that both read": 1,
}
KNOWN = {}
# The repositories also hold programs and texts.
NO_MEDIA = (".c", ".h", ".py", ".rs", ".md", ".sh", ".conf", ".toml", ".json", ".am", ".m4", ".in", ".txt", ".ac", ".lock",
            ".disabled", ".gitignore", ".editorconfig", ".bat", ".build", ".yml", ".gpl", ".html", "Makefile")  # fmt: skip


def files(folders):
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                if not name.endswith(NO_MEDIA):
                    yield os.path.join(path, name)


def pillow(path):
    """Returns what Pillow says of a file, with whether it decodes the whole of it; `None` where it knows nothing of it."""
    try:
        with Image.open(path) as image:
            facts = {"format": image.format, "size": image.size, "frames": getattr(image, "n_frames", 1), "whole": False}
            try:
                facts["orientation"] = image.getexif().get(0x0112, 1)
                json.dumps(facts["orientation"])
            except Exception:  # Broken EXIF: Pillow raises all kinds of errors.
                facts["orientation"] = None
            try:
                image.load()
                facts["whole"] = True
            except Exception:
                pass
            return facts
    except Exception:
        return None


def ffprobe(path):
    """Returns what ffprobe says of a file; `None` where it does not read it."""
    command = ["ffprobe", "-v", "quiet", "-of", "json", "-show_format", "-show_streams", path]
    try:
        answer = json.loads(subprocess.run(command, capture_output=True, timeout=30, check=True).stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
    streams = answer.get("streams") or []
    # With the lowest score, ffprobe takes noise for a frame of sound.
    if not streams or answer.get("format", {}).get("probe_score", 0) < 5:
        return None
    covers = [stream for stream in streams if stream.get("disposition", {}).get("attached_pic")]
    kinds = {}
    for stream in streams:
        if stream not in covers:
            kinds.setdefault(stream.get("codec_type"), stream)
    return {"names": answer["format"]["format_name"].split(","), "format": answer["format"], "streams": kinds}


def played(path):
    """Returns the seconds from the first packet of a file to the end of the last one, by reading all of them."""
    command = ["ffprobe", "-v", "quiet", "-of", "csv=p=0", "-show_entries", "packet=pts_time,duration_time", path]
    begin, end = float("inf"), 0
    for line in subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.splitlines():
        try:
            time, length = map(float, line.split(",")[:2])
        except ValueError:
            continue
        begin, end = min(begin, time), max(end, time + length)
    return max(0, end - begin)


def apart(function, path):
    """Runs a function in a process of its own, with limits: some of the files are made to crash or to stall a decoder."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        signal.alarm(30)
        os.write(write, json.dumps(function(path)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer or b"null")


def look(job):
    """Returns what both say of a file: asked now, or remembered in the file that ORACLES names.

    What Pillow decodes and the program reads needs no other opinion; ffprobe is asked about the rest.
    """
    path, is_unreadable = job
    if path not in KNOWN:
        image = apart(pillow, path)
        KNOWN[path] = [image, None if image and image["whole"] and not is_unreadable else ffprobe(path)]
        if "ORACLES" in os.environ:
            with open(os.environ["ORACLES"], "a") as file:
                file.write(json.dumps([path, KNOWN[path]]) + "\n")
    return path, *KNOWN[path]


def ours(binary, paths):
    """Runs the program once over all files, and returns its rows by path."""
    listed = "\0".join(paths)
    command = [binary, "check", "--offline", "--exit-zero", "--format", "jsonl", "-v", "--null", "-"]
    run = subprocess.run(command, input=listed, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"the program ended with exit code {run.returncode}: {run.stderr[-500:]}")
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    if len(rows) != len(paths):
        sys.exit(f"{len(rows)} rows for {len(paths)} files")
    return dict(zip(paths, rows))


class Tally:
    """Counts agreements, and keeps the disagreements that no exception explains."""

    def __init__(self):
        self.counts = {measure: [0, 0] for measure in THRESHOLDS}
        self.lines = []
        self.used = set()

    def take(self, measure, path, agrees, detail):
        if not agrees:
            known = next((row for row in EXCEPTIONS if row[0] == measure and fnmatch.fnmatch(path, "*/" + row[1])), None)
            if known:
                self.used.add(known)
                return
            self.lines.append(f"{measure}: {path}: {detail}")
        self.counts[measure][0] += agrees
        self.counts[measure][1] += 1

    def finish(self):
        print(*self.lines, sep="\n")
        is_good = True
        for measure, (agreed, total) in self.counts.items():
            share = agreed / total if total else 1
            is_good &= share >= THRESHOLDS[measure]
            excused = sum(row[0] == measure for row in self.used)
            print(f"{measure}: {agreed} of {total} agree ({share:.2%}, {THRESHOLDS[measure]:.1%} wanted; {excused} exceptions)")
        return is_good


def compare_image(tally, path, row, theirs):
    media = row["observed"].get("media") or {}
    if theirs["format"] not in PILLOW_DESCRIBED or "width" not in media:
        return
    size = (media["width"], media["height"])
    tally.take("size", path, size == tuple(theirs["size"]), f"{size}, Pillow says {theirs['size']}")
    if theirs["format"] in PILLOW_ACCEPTED and theirs["orientation"] is not None:
        turn = media.get("orientation", 1)
        # Pillow hands on values that stand for no orientation.
        expected = theirs["orientation"] if theirs["orientation"] in range(1, 9) else 1
        tally.take("orientation", path, turn == expected, f"{turn}, Pillow says {theirs['orientation']}")
    if theirs["format"] in ("PNG", "WEBP"):
        moves = media.get("animated", False)
        tally.take("animation", path, moves == (theirs["frames"] > 1), f"{moves}, Pillow counts {theirs['frames']} frames")


def compare_media(tally, path, row, theirs):
    media = row["observed"].get("media") or {}
    if "container" not in media:
        return
    video, audio = theirs["streams"].get("video"), theirs["streams"].get("audio")
    if "width" in media and video and video.get("width"):
        size, expected = (media["width"], media["height"]), (video["width"], video["height"])
        tally.take("video size", path, size == expected, f"{size}, ffprobe says {expected}")
    for kind, stream in (("video", video), ("audio", audio)):
        codec = media.get(f"{kind}_codec")
        if stream and stream.get("codec_name"):
            name = stream["codec_name"]
            tally.take(f"{kind} codec", path, codec == name, f"{codec}, ffprobe says {name}")
    expected = theirs["format"].get("duration")
    if expected is None or float(expected) <= 0 or "duration_s" not in media:
        return
    rates = [(video or {}).get(name, "0/0").split("/") for name in ("avg_frame_rate", "r_frame_rate")]
    frame = max(int(below) / int(above) if int(above) else 0 for above, below in rates)
    if audio and audio.get("sample_rate") and int(audio["sample_rate"]):
        frame = max(frame, 1152 / int(audio["sample_rate"]))
    # What ffprobe states is the count of a header, of which the file may hold less, or an estimate by the bit rate: where
    # it differs, the packets that ffprobe reads decide.
    agrees = any(
        abs(media["duration_s"] - float(said())) <= max(0.05, frame + 0.001) for said in (lambda: expected, lambda: played(path))
    )
    tally.take("duration", path, agrees, f"{media['duration_s']}, ffprobe says {expected}")


def compare_verdict(tally, path, row, image, media):
    codes = [finding["code"] for finding in row["findings"]]
    complains = any(finding["severity"] in ("warning", "error", "undecided") for finding in row["findings"])
    silent = row["verdict"] == "accepted" and not complains
    reads_image = image is not None and image["whole"]
    if silent:
        tally.take("nothing accepted that both refuse", path, reads_image or media is not None, "accepted, both refuse it")
    is_image = reads_image and image["format"] in PILLOW_ACCEPTED and media is not None
    is_media = image is None and media is not None and not FFPROBE_ACCEPTED.isdisjoint(media["names"])
    # The API takes Ogg with pictures only.
    is_media = is_media and ("ogg" not in media["names"] or "video" in media["streams"])
    if is_image or is_media:
        detail = next((f.get("detail") for f in row["findings"] if f["code"] == "unreadable-media"), "")
        tally.take("nothing unreadable that both read", path, "unreadable-media" not in codes, detail)


def main():
    # Loaded once, before the processes that read one file each.
    Image.init()
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    binary, *folders = sys.argv[1:]
    paths = sorted(files(folders))
    rows = ours(binary, paths)
    if os.path.exists(os.environ.get("ORACLES", "")):
        with open(os.environ["ORACLES"]) as file:
            KNOWN.update(json.loads(line) for line in file)
    jobs = [(path, any(finding["code"] == "unreadable-media" for finding in rows[path]["findings"])) for path in paths]
    tally = Tally()
    with multiprocessing.Pool() as pool:
        for path, image, media in pool.imap(look, jobs, 4):
            row = rows[path]
            if image is not None:
                compare_image(tally, path, row, image)
            elif media is not None:
                compare_media(tally, path, row, media)
            compare_verdict(tally, path, row, image, media)
    print(f"{len(paths)} files")
    sys.exit(0 if tally.finish() else 1)


if __name__ == "__main__":
    main()
