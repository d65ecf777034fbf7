//! Files built to keep a reader busy: the time they take must grow no faster than they do.

use std::time::Duration;

use super::feeder::slice;
use crate::media::header_reader::HeaderReader;

/// Repeats a part until a file has so many bytes.
fn fill(head: &[u8], part: &[u8], length: usize) -> Vec<u8> {
    let mut file = head.to_vec();
    while file.len() < length {
        file.extend_from_slice(part);
    }
    file
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).expect("a box");
    [&size.to_be_bytes(), kind.as_slice(), content].concat()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).expect("a chunk");
    [kind.as_slice(), &size.to_le_bytes(), content].concat()
}

const FTYP: &[u8] = b"\0\0\0\x14ftypisom\0\0\0\0isom";
const EBML: &[u8] = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\xff";

/// 97 empty boxes and one of nine kilobytes, so that every local read brings one more part.
fn regions(length: usize) -> Vec<u8> {
    fill(FTYP, &[boxed(b"free", b"").repeat(97), boxed(b"free", &[0; 9000])].concat(), length)
}

/// Tracks that all name chapters.
fn tracks(length: usize) -> Vec<u8> {
    let chapters = boxed(b"tref", &boxed(b"chap", &[0xff, 0xff, 0xff, 0xfe].repeat(64)));
    let media = boxed(b"mdia", &boxed(b"hdlr", &[&[0; 8], &b"vide"[..], &[0; 12]].concat()));
    let track = boxed(b"trak", &[boxed(b"tkhd", &[0; 84]), chapters, media].concat());
    [FTYP, &boxed(b"moov", &fill(&boxed(b"mvhd", &[0; 100]), &track, length))].concat()
}

/// Fragments of one sample each.
fn fragments(length: usize) -> Vec<u8> {
    let entry = boxed(b"avc1", &[0; 78]);
    let stsd = boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], &entry[..]].concat());
    let handler = boxed(b"hdlr", &[&[0; 8], &b"vide"[..], &[0; 12]].concat());
    let media = boxed(b"mdia", &[handler, boxed(b"minf", &boxed(b"stbl", &stsd))].concat());
    let moov = boxed(b"moov", &[boxed(b"trak", &media), boxed(b"mvex", b"")].concat());
    let run =
        boxed(b"traf", &[boxed(b"tfhd", &[0; 8]), boxed(b"trun", &[0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1])].concat());
    fill(&[FTYP, &moov].concat(), &[boxed(b"moof", &run), boxed(b"mdat", b"")].concat(), length)
}

/// Blocks of one byte.
fn blocks(length: usize) -> Vec<u8> {
    let track = b"\xae\x89\xd7\x81\x01\x83\x81\x01\x86\x82V_";
    let tracks = [&b"\x16\x54\xae\x6b"[..], &[0x80 | u8::try_from(track.len()).expect("short")], track].concat();
    fill(&[EBML, &tracks, b"\x1f\x43\xb6\x75\xff\xe7\x81\x00"].concat(), b"\xa3\x85\x81\0\0\x80.", length)
}

/// Pages of an Ogg stream that play nothing.
fn pages(length: usize) -> Vec<u8> {
    let page = |flags: u8, packet: &[u8]| {
        let size = u8::try_from(packet.len()).expect("short");
        [b"OggS\0", &[flags][..], &[0; 8], b"\x01\0\0\0", &[0; 8], &[1, size], packet].concat()
    };
    let head = b"\x01vorbis\0\0\0\0\x01\x40\x1f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xb8\x01";
    fill(&page(2, head), &page(0, b""), length)
}

type Build = fn(usize) -> Vec<u8>;

const FILES: &[(&str, Build)] = &[
    ("MP4, boxes", regions),
    ("MP4, tracks", tracks),
    ("MP4, fragments", fragments),
    ("MP4, empty boxes", |length| fill(FTYP, &boxed(b"free", b""), length)),
    ("WebM, elements", |length| fill(EBML, &[&b"\xec\x10\0\x23\x28"[..], &[0; 9000]].concat(), length)),
    ("WebM, empty elements", |length| fill(EBML, b"\xec\x80", length)),
    ("WebM, blocks", blocks),
    ("AVI, chunks", |length| fill(b"RIFF\0\0\0\0AVI ", &chunk(b"JUNK", &[0; 9000]), length)),
    ("AVI, empty chunks", |length| fill(b"RIFF\0\0\0\0AVI ", &chunk(b"JUNK", b""), length)),
    ("WAV, chunks", |length| fill(b"RIFF\0\0\0\0WAVE", &chunk(b"JUNK", &[0; 9000]), length)),
    ("PNG, chunks", |length| {
        let header = &include_bytes!("../../../fixtures/images/photo.png")[..33];
        fill(header, &[&b"\0\0\x23\x28tEXt"[..], &[0; 9004]].concat(), length)
    }),
    ("JPEG, segments", |length| fill(b"\xff\xd8", &[&b"\xff\xe2\x23\x28"[..], &[0; 8998]].concat(), length)),
    ("JPEG, pixels", |length| {
        let image = include_bytes!("../../../fixtures/images/photo.jpg");
        fill(&image[..image.len() - 2], b"\xff\0", length)
    }),
    ("WebP, chunks", |length| {
        let head = b"RIFF\xff\xff\xff\x7fWEBPVP8X\x0a\0\0\0\x08\0\0\0\x3f\0\0\x2f\0\0";
        fill(head, &chunk(b"ABCD", &[0; 9000]), length)
    }),
    ("MP3, tags", |length| fill(b"", &[&b"ID3\x04\0\0\0\0\x46\x28"[..], &[0; 9000]].concat(), length)),
    ("MP3, no frames", |length| fill(include_bytes!("../../../fixtures/audio/bare-cbr.mp3"), &[0xff; 1000], length)),
    ("AAC, short frames", |length| fill(b"", b"\xff\xf1\x50\x80\x01\x1f\xfc.", length)),
    ("FLAC, no frames", |length| fill(include_bytes!("../../../fixtures/wild/2s-no-length.flac"), b"\xff\xf8", length)),
    ("Ogg, pages", pages),
    ("FLV, tags", |length| {
        fill(b"FLV\x01\x05\0\0\0\x09\0\0\0\0", &[&b"\x12\0\x23\x28\0\0\0\0\0\0\0"[..], &[0; 9004]].concat(), length)
    }),
    ("MPEG, packets", |length| fill(b"\0\0\x01\xba\x44\0\0\0\0\0\0\0\0\xf8", b"\0\0\x01\xe0\0\x04\x80\0\0.", length)),
    ("MPEG, sound", |length| {
        fill(b"\0\0\x01\xba\x44\0\0\0\0\0\0\0\0\xf8", b"\0\0\x01\xc0\0\x09\x80\x80\x05\x21\0\x03\x5f\x91.", length)
    }),
    ("zeros", |length| vec![0; length]),
    ("0xFF", |length| vec![0xff; length]),
];

/// Reads a file as a local one and as a stream.
fn read(file: &[u8]) {
    let total = file.len() as u64;
    let mut reader = HeaderReader::near(total);
    while let Some(range) = reader.wanted_range() {
        reader.feed(range.start, slice(file, &range));
    }
    if reader.is_scanning() {
        let position = reader.stream_position();
        reader.feed(position, slice(file, &(position..total)));
    }
    drop(reader.finish(Some(total)));
    let mut reader = HeaderReader::new(None);
    for (index, piece) in file.chunks(16 << 10).enumerate() {
        reader.feed((index * (16 << 10)) as u64, piece);
    }
    drop(reader.finish(Some(total)));
}

/// Returns the time that this thread has computed, whatever else the machine does; `None` where the system does not say.
fn computed() -> Option<Duration> {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    status.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// Times below this are not compared.
const NOISE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 50 } else { 10 });

/// How often a file is read until it is fast enough.
const RUNS: u32 = 5;

/// Returns how long this thread computes to read a file.
fn time(file: &[u8]) -> Option<Duration> {
    let start = computed()?;
    read(file);
    computed()?.checked_sub(start)
}

/// Doubles the files from the first size to the last, and fails where the time grows by more than 2.5.
fn assert_linear(first: usize, last: usize) {
    for (name, build) in FILES {
        let mut before: Option<Duration> = None;
        let mut length = first;
        while length <= last {
            let file = build(length);
            let most = before.map_or(Duration::MAX, |before| before.max(NOISE).mul_f64(2.5));
            // Caches and interrupts of a busy machine slow a run down, never speed it up: the fastest of a few counts.
            let Some(spent) = (0..RUNS).find_map(|_| time(&file).filter(|spent| *spent <= most)) else {
                assert!(computed().is_none(), "{name}, {length} bytes: more than {most:?} after {before:?}");
                return;
            };
            before = Some(spent);
            length *= 2;
        }
        assert!(before.is_none_or(|spent| spent < LIMIT), "{name}: {before:?}");
    }
}

/// The most time for the largest file: 200 ms for each of the two ways, and thirty times as much without optimization.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 12_000 } else { 400 });

#[test]
fn no_reader_is_slower_than_linear() {
    assert_linear(1 << 18, 1 << 20);
}

#[test]
#[ignore = "half a minute: cargo test --release linear -- --ignored"]
fn no_reader_is_slower_than_linear_up_to_32_mebibytes() {
    assert_linear(1 << 20, 32 << 20);
}
