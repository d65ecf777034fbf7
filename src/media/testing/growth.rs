//! Files built to keep a reader busy: the steps they take must grow no faster than they do.

use super::feeder::slice;
use crate::media::header_reader::HeaderReader;
use crate::media::steps;

/// Repeats a part until a file has this many bytes.
fn fill(head: &[u8], part: &[u8], length: usize) -> Vec<u8> {
    let mut file = head.to_vec();
    while file.len() < length {
        file.extend_from_slice(part);
    }
    file
}

fn boxed(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).expect("a box");
    [&size.to_be_bytes(), kind, content].concat()
}

fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).expect("a chunk");
    [kind, &size.to_le_bytes(), content].concat()
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

/// Almost as many tracks as a file may have, and fragments of a track that is none of them.
fn tracks_and_fragments(length: usize) -> Vec<u8> {
    let handler = boxed(b"hdlr", &[&[0; 8], &b"vide"[..], &[0; 12]].concat());
    let media = boxed(b"mdia", &[handler, boxed(b"mdhd", &[0; 20])].concat());
    let track = boxed(b"trak", &[boxed(b"tkhd", &[0; 84]), media].concat());
    let extends = boxed(b"mvex", &boxed(b"trex", &[0xff; 24]).repeat(14_000));
    let moov = boxed(b"moov", &[track.repeat(2_000), extends].concat());
    let run = boxed(b"traf", &boxed(b"tfhd", &[0xff; 8]));
    // Every quarter is another index.
    let quarter = fill(&moov, &boxed(b"moof", &run.repeat(100)), length / 4);
    fill(FTYP, &quarter, length)
}

/// Tracks in one half, blocks of none of them in the other.
fn tracks_and_blocks(length: usize) -> Vec<u8> {
    let track = b"\xae\x8a\xd7\x81\x01\x83\x81\x01\x86\x82V_";
    let tracks = fill(b"", track, 1 << 19);
    let size = 0x1000_0000 | u32::try_from(tracks.len()).expect("short");
    let tracks = [&b"\x16\x54\xae\x6b"[..], &size.to_be_bytes(), &tracks].concat();
    let half = [&fill(EBML, &tracks, length / 2)[..], b"\x1f\x43\xb6\x75\xff\xe7\x81\x00"].concat();
    fill(&half, b"\xa3\x85\x82\0\0\x80.", length)
}

/// Streams that begin and have no pages.
fn streams(length: usize) -> Vec<u8> {
    let mut file = Vec::new();
    for serial in 0_u32.. {
        if file.len() >= length {
            break;
        }
        let head = b"\x01vorbis\0\0\0\0\x01\x40\x1f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xb8\x01";
        file.extend([&b"OggS\0\x02"[..], &[0; 8], &serial.to_le_bytes(), &[0; 8], &[1, 30], head].concat());
    }
    file
}

/// Blocks of one byte.
fn blocks(length: usize) -> Vec<u8> {
    let track = b"\xae\x8a\xd7\x81\x01\x83\x81\x01\x86\x82V_";
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
    ("WebM, tracks and blocks", tracks_and_blocks),
    ("MP4, tracks and fragments", tracks_and_fragments),
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
    ("Ogg, streams", streams),
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

/// Fewer steps than these are not compared.
const FEW: u64 = 5_000;

/// Doubles the files from the first size to the last, and fails where the steps grow by more than 2.5 each time.
fn assert_linear(files: &[(&str, Build)], first: usize, last: usize) {
    for (name, build) in files {
        let sizes = std::iter::successors(Some(first), |size| Some(size * 2)).take_while(|size| *size <= last);
        let steps: Vec<u64> = sizes
            .map(|size| {
                let file = build(size);
                steps::counted(|| read(&file))
            })
            .collect();
        let grows = steps.windows(2).any(|two| two[1] > two[0].max(FEW) * 5 / 2);
        assert!(!grows, "{name}: {steps:?} steps from {first} bytes on");
        let sizes = std::iter::successors(Some(first as u64), |size| Some(size * 2));
        let is_bounded = steps.iter().zip(sizes).all(|(steps, size)| *steps <= ALLOWANCE + size * 2);
        assert!(is_bounded, "{name}: {steps:?} steps from {first} bytes on");
    }
}

/// The steps that a file may take in addition to those of its bytes: the work of both ways is bounded.
const ALLOWANCE: u64 = 5_000_000;

#[test]
fn no_reader_is_slower_than_linear() {
    assert_linear(FILES, 1 << 18, 1 << 20);
}

#[test]
#[ignore = "half a minute: cargo test --lib linear -- --ignored"]
fn no_reader_is_slower_than_linear_up_to_32_mebibytes() {
    let half = FILES.len().div_ceil(2);
    std::thread::scope(|scope| {
        for files in FILES.chunks(half) {
            scope.spawn(|| assert_linear(files, 1 << 20, 32 << 20));
        }
    });
}
