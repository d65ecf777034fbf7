//! Checks of all readers.

use super::compare::summary;
use super::feeder::slice;
use super::fixtures::{files_in, fixtures};
use super::invariants::{check_file, check_reader, streamed};
use super::mutate::Rng;
use crate::media::header_reader::HeaderReader;
use crate::media::registry::FORMATS;
use crate::media::{ContentState, Format};

/// Every format that has a reader.
const READERS: [Format; 24] = [
    Format::Jpeg,
    Format::Png,
    Format::Webp,
    Format::Gif,
    Format::Bmp,
    Format::Tiff,
    Format::Ico,
    Format::Avif,
    Format::Heic,
    Format::Mp4,
    Format::Mov,
    Format::ThreeGp,
    Format::M4a,
    Format::Mkv,
    Format::Webm,
    Format::Avi,
    Format::Flv,
    Format::Asf,
    Format::Mpeg,
    Format::Ogg,
    Format::Mp3,
    Format::Wav,
    Format::Flac,
    Format::Aac,
];

/// Good files, the same ones in the same order on every machine: the fixtures and the corpora of the fuzz targets.
fn good_files() -> Vec<(String, Vec<u8>)> {
    let corpora = ["picture", "isobmff", "matroska", "ogg_flac", "mp3_aac", "wav_avi", "flv_mpeg"];
    let corpora = corpora.map(|name| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name));
    let kept = corpora.iter().filter(|folder| folder.exists()).flat_map(|folder| files_in(folder));
    let folders = ["images", "audio", "video", "video-other"];
    folders.iter().flat_map(|folder| fixtures(folder, &[])).chain(kept).collect()
}

#[test]
fn the_format_of_a_fixture_is_detected_by_its_first_bytes() {
    for folder in ["audio", "video", "video-other"] {
        for (name, bytes) in fixtures(folder, &[]) {
            let [short, long] = [600, 4096].map(|length| (FORMATS.sniff)(&bytes[..bytes.len().min(length)]));
            assert_eq!(short, long, "{name}");
            assert!((FORMATS.reader)(short).is_some(), "{name} is taken for {short:?}");
        }
    }
}

#[test]
fn every_fixture_keeps_the_invariants_of_all_readers() {
    for folder in ["images", "audio", "video", "video-other"] {
        for (_, bytes) in fixtures(folder, &[]).into_iter().filter(|(_, bytes)| bytes.len() < 64 << 10) {
            let own = check_file(&bytes);
            for read in READERS.iter().chain([&own]).filter_map(|format| (FORMATS.reader)(*format)) {
                check_reader(read, &bytes);
            }
        }
    }
}

/// How many files are mutated, and the maximum size, in bytes: what follows a header is not read.
const FILES: usize = 10_000;
const MAX_FILE: usize = 64 << 10;

/// The maximum memory of the tests, in KiB: the good files, what a reader buffers, and the program.
const MEMORY: u64 = 96 << 10;

#[test]
#[ignore = "half a minute: cargo test damaged -- --ignored"]
fn ten_thousand_damaged_files_keep_the_invariants() {
    let good: Vec<_> = good_files().into_iter().filter(|(_, bytes)| (1..=MAX_FILE).contains(&bytes.len())).collect();
    assert!(good.len() >= 150, "only {} files to mutate", good.len());
    let mut rng = Rng::new(0x2026_0923);
    let mut read = 0;
    for round in 0..FILES {
        let file = rng.mutate(&good[round % good.len()].1);
        let format = check_file(&file);
        let other = READERS[rng.below(READERS.len())];
        for read in [format, other].iter().filter_map(|format| (FORMATS.reader)(*format)) {
            check_reader(read, &file);
        }
        read += usize::from((FORMATS.reader)(format).is_some());
    }
    assert!((FILES / 2..FILES).contains(&read), "{read} begin like a format: too many or too few mutations");
    assert!(peak().is_none_or(|peak| peak <= MEMORY), "{} KiB", peak().unwrap_or_default());
}

/// Returns the peak memory of this process, in KiB, if the system provides it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

/// Describes a file on one line.
fn describe(content: &ContentState) -> String {
    match content {
        ContentState::Media(media) if media.leading_bytes > 0 => {
            format!("{}, after {} bytes", summary(media), media.leading_bytes)
        }
        ContentState::Media(media) => summary(media),
        ContentState::Corrupted { corruption, .. } => corruption.detail(),
        ContentState::NotSeen
        | ContentState::Unreadable { .. }
        | ContentState::NotMedia { .. }
        | ContentState::Incomplete { .. } => {
            format!("{content:?}")
        }
    }
}

/// Reads a local file: the header, then the end or all of it if that completes the facts.
fn read_local(file: &[u8]) -> ContentState {
    let total = file.len() as u64;
    let mut reader = HeaderReader::near(total);
    while let Some(range) = reader.wanted_range() {
        reader.feed(range.start, slice(file, &range));
    }
    if reader.is_scanning() {
        let position = reader.stream_position();
        reader.feed(position, slice(file, &(position..total)));
    }
    let whole = reader.stream_position() == total;
    reader.finish(Some(total).filter(|_| whole))
}

/// The facts in `fixtures/wild/README.md` about these files; durations and rates are ffprobe's if it knows them.
const WILD: &[(&str, &str)] = &[
    ("2s-no-length.flac", "flac, flac, ~2.000 s"),
    ("30.02fps.mp4", "mp4, 128x72, h264, 30.02 fps, 3.032 s"),
    ("60s-fragmented.mp4", "mp4, 64x48, h264, ~1.00 fps, ~60.000 s"),
    ("60s-live.webm", "webm, 64x48, vp8, 2.00 fps, ~60.000 s"),
    ("aws-chunked.png", "the framing of a chunked upload was stored with the file"),
    ("begins-in-a-frame.mp3", "mp3, mp3, 5.184 s, after 186 bytes"),
    ("bom.png", "a PNG image begins 3 bytes later"),
    ("comment-exif.jpg", "jpeg, 64x48, seen 48x64"),
    ("cut.jpg", "jpeg, 96x72, truncated"),
    ("cut.mp3", "mp3, mp3, 3.096 s, truncated"),
    ("cut.mp4", "mp4, 128x72, h264, 10.00 fps, 3.000 s, truncated"),
    ("cut.png", "png, 96x72, truncated"),
    ("exif-last.png", "png, 64x48, seen 48x64"),
    ("form-envelope.jpg", "the envelope of a form upload was stored with the file"),
    ("frame-fragments-60fps.mp4", "mp4, 64x48, h264, ~60.00 fps, ~1.000 s"),
    ("gstreamer.mkv", "mkv, 64x48, vp8, 10.00 fps, 0.400 s"),
    ("gstreamer.webm", "webm, 64x48, vp8, 10.00 fps, ~0.400 s"),
    ("icon.icns", "icns"),
    ("indexed-fragments.mp4", "mp4, 64x48, h264, ~25.00 fps, ~2.000 s"),
    ("line-feed.mp3", "mp3, mp3, 5.184 s, after 1 bytes"),
    ("line-feed.png", "a PNG image begins 1 byte later"),
    ("mdhd-short.mp4", "mp4, 128x72, h264, 15.00 fps, ~8.200 s, mvhd 8.200 s, mdhd 0.273 s, stts 8.200 s"),
    ("mvhd-long.mp4", "mp4, 128x72, h264, 15.00 fps, ~31.000 s, mvhd 31.000 s, mdhd 8.200 s, stts 8.200 s"),
    ("mvhd-short.mp4", "mp4, 128x72, h264, 15.00 fps, ~0.276 s, mvhd 0.276 s, mdhd 8.200 s, stts 8.200 s"),
    ("no-frames.png", "png, 64x48"),
    ("one-fragment-60fps.mp4", "mp4, 64x48, h264, ~60.00 fps, ~3.000 s"),
    ("phone.3g2", "3g2, 64x48, h264, 10.00 fps, 0.400 s"),
    ("php-warning.jpg", "the message of a program precedes a JPEG image"),
    ("piped-apng.png", "png, 64x48"),
    ("read-as-text.jpg", "the file was read as UTF-8 text in transit, and bytes were lost"),
    ("read-as-text.png", "the file was read as UTF-8 text in transit, and bytes were lost"),
    ("rifx.wav", "Incomplete { format: Wav }"),
    ("sound.caf", "caf"),
    ("sound.w64", "w64"),
    ("variable-30.02fps.mp4", "mp4, 128x72, h264, 30.02 fps, nominally 23.25 fps, 3.018 s"),
    ("voice-3gp.m4a", "3gp, aac, 0.200 s"),
    ("voice-quicktime.m4a", "mov, aac, 0.200 s"),
];

#[test]
fn files_from_the_wild_are_described_in_every_way_of_reading() {
    let files: Vec<_> = fixtures("wild", &[]);
    let described: Vec<_> = files
        .iter()
        .map(|(name, file)| {
            let local = describe(&read_local(file));
            for piece in [1 << 20, 1000] {
                assert_eq!(describe(&streamed(file, piece, Some(file.len() as u64))), local, "{name}");
            }
            (name.as_str(), local)
        })
        .collect();
    let described: Vec<_> = described.iter().map(|(name, facts)| (*name, facts.as_str())).collect();
    assert_eq!(described, WILD);
}

#[test]
fn alterations_are_detected_in_every_format() {
    let png = include_bytes!("../../../fixtures/images/apng.png");
    let jpeg = include_bytes!("../../../fixtures/images/photo.jpg");
    let mp4 = include_bytes!("../../../fixtures/video/h264-aac.mp4");
    let webp = include_bytes!("../../../fixtures/images/lossy.webp");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned().into_bytes();
    let latin1 = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes();
    let base64 = |bytes: &[u8]| crate::data_uri::encode(bytes).into_bytes();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat().into_bytes();
    for (file, expected) in [
        ([b" \r\n\t", &jpeg[..]].concat(), "a JPEG image begins 4 bytes later"),
        ([b"\n", &mp4[..]].concat(), "an MP4 video begins 1 byte later"),
        ([b"\xef\xbb\xbf", &webp[..]].concat(), "a WebP image begins 3 bytes later"),
        (
            [b"Notice: undefined index in /a.php on line 3\n", &webp[..]].concat(),
            "the message of a program precedes a WebP image",
        ),
        ([b"1f40\r\n", &jpeg[..]].concat(), "the framing of a chunked upload was stored with the file"),
        (text(mp4), "the file was read as UTF-8 text in transit, and bytes were lost"),
        (text(webp), "the file was read as UTF-8 text in transit, and bytes were lost"),
        (latin1(png), "the file was read as Latin-1 text in transit and written as UTF-8"),
        (latin1(jpeg), "the file was read as Latin-1 text in transit and written as UTF-8"),
        (base64(png), "the bytes are base64 text of the file"),
        (base64(mp4), "the bytes are base64 text of the file"),
        ([b"\"data:image/png;base64,", &base64(png)[..]].concat(), "the bytes are base64 text of the file"),
        (hex(jpeg), "the bytes are hexadecimal text of the file"),
        (b"{\"type\":\"Buffer\",\"data\":[137,80,78,71]}".to_vec(), "the bytes are a Node.js Buffer written as JSON"),
        (br"b'\x89PNG\r\n\x1a\n'".to_vec(), "the bytes are a Python bytes literal of the file"),
        (png[1..].to_vec(), "the first byte of the PNG is missing"),
    ] {
        assert_eq!(describe(&read_local(&file)), expected, "{:x?}", &file[..file.len().min(16)]);
    }
    for other in [
        &b"<!DOCTYPE html><html><body>Not found</body></html>"[..],
        b"{\"error\":\"not found\"}",
        b"Not Found",
        &[0; 300],
    ] {
        assert!(matches!(read_local(other), ContentState::Unreadable { .. }), "{other:?}");
    }
}

/// Frames from the middle of a stream, after zeros, and after a tag.
#[test]
fn streams_may_begin_anywhere() {
    let mp3 = include_bytes!("../../../fixtures/audio/bare-cbr.mp3");
    let aac = include_bytes!("../../../fixtures/audio/adts.aac");
    let tagged = include_bytes!("../../../fixtures/audio/id3v1.mp3");
    for (file, format) in [
        (mp3[50..].to_vec(), Format::Mp3),
        (aac[11..].to_vec(), Format::Aac),
        ([&[0; 100], &mp3[..]].concat(), Format::Mp3),
        ([&[0; 100], &aac[..]].concat(), Format::Aac),
        ([b"\n", &tagged[..]].concat(), Format::Mp3),
        ([b"\r\n", &aac[..]].concat(), Format::Aac),
    ] {
        let content = read_local(&file);
        let media = content.media().unwrap_or_else(|| panic!("{content:?}"));
        assert_eq!(media.format, format);
        assert!(media.leading_bytes > 0 && media.duration.is_some_and(|duration| duration.exact), "{media:?}");
    }
}

/// Truncated files whose stated sizes exceed the bytes, where the container alone does not reveal it.
#[test]
fn truncated_files_are_detected() {
    for (folder, name) in [
        ("images", "photo.jpg"),
        ("images", "progressive.jpg"),
        ("images", "photo.png"),
        ("video", "h264-aac-faststart.mp4"),
        ("video", "aac-faststart.m4a"),
        ("video", "vp9-opus.webm"),
        ("video", "h264-aac.mkv"),
        ("video-other", "h264.avi"),
        ("audio", "s16.wav"),
    ] {
        let files = fixtures(folder, &[]);
        let Some((_, file)) = files.iter().find(|(other, _)| other == name) else { panic!("there is no {name}") };
        let truncated = |file: &[u8]| read_local(file).media().is_some_and(|media| media.truncated.is_some());
        assert!(!truncated(file), "{name}");
        assert!(!truncated(&[&file[..], &[0; 5000]].concat()), "{name} with bytes after its end");
        assert!(truncated(&file[..file.len() - file.len() / 8]), "{name} cut");
    }
}
