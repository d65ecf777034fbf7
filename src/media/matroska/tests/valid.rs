//! Every kind of valid file, built in memory.

use proptest::prelude::*;

use super::builder::{SegmentBuilder, VOID, element, float, open, uint};
use super::*;
use crate::units::Dimensions;

fn facts(file: &[u8]) -> String {
    let (usual, miserly) = (Feeder::USUAL.feed(read, file), Feeder::MINIMAL.feed(read, file));
    assert_eq!(usual, miserly);
    usual.map_or_else(|error| error.what.to_owned(), |media| summary(&media))
}

#[test]
fn the_identifier_determines_the_video_codec() {
    let vfw = |letters: &[u8; 4]| [&[0; 16], letters.as_slice(), &[0; 20]].concat();
    let entry = |letters: &[u8; 4]| [&[0, 0, 0, 86], letters.as_slice(), &[0; 78]].concat();
    for (codec, private, expected) in [
        ("V_MPEG4/ISO/AVC", vec![], "h264"),
        ("V_MPEGH/ISO/HEVC", vec![], "hevc"),
        ("V_VP8", vec![], "vp8"),
        ("V_AV1", vec![], "av1"),
        ("V_MPEG4/ISO/ASP", vec![], "mpeg4"),
        ("V_MPEG2", vec![], "mpeg2video"),
        ("V_PRORES", b"apch".to_vec(), "prores, hq"),
        ("V_PRORES", vec![], "prores"),
        ("V_MS/VFW/FOURCC", vfw(b"H264"), "h264"),
        ("V_MS/VFW/FOURCC", vfw(b"XVID"), "mpeg4"),
        ("V_MS/VFW/FOURCC", vfw(b"MP43"), "msmpeg4v3"),
        ("V_MS/VFW/FOURCC", vfw(b"X265"), "hevc"),
        ("V_MS/VFW/FOURCC", vfw(b"div4"), "msmpeg4v3"),
        ("V_MS/VFW/FOURCC", vfw(b"LAGS"), "lagarith"),
        ("V_MS/VFW/FOURCC", vfw(b"q\0\x1bz"), "other:q\\x00\\x1bz"),
        ("V_MS/VFW/FOURCC", vec![1, 2], "other:V_MS/VFW/FOURCC"),
        ("V_QUICKTIME", entry(b"SVQ3"), "svq3"),
        ("V_QUICKTIME", b"apcnxxxxxxxx".to_vec(), "prores, standard"),
        ("V_\u{202e}", vec![], "other:V_\\u{202e}"),
    ] {
        let film = SegmentBuilder { codec, private, ..SegmentBuilder::default() };
        assert_eq!(facts(&film.file()), format!("mkv, 640x360, {expected}, 25.00 fps, 4.000 s"));
    }
}

#[test]
fn the_identifier_and_the_sample_size_determine_the_audio_codec() {
    let bits = |bits| uint(0x6264, bits);
    let wave = |tag: u8, bits: u8| [&[tag, 0, 1, 0], &[0; 10][..], &[bits, 0, 0, 0]].concat();
    for (codec, private, inside, expected) in [
        ("A_AAC", vec![], vec![], "aac"),
        ("A_AAC/MPEG4/LC/SBR", vec![], vec![], "aac"),
        ("A_OPUS", vec![], vec![], "opus"),
        ("A_MPEG/L3", vec![], vec![], "mp3"),
        ("A_PCM/INT/LIT", vec![], bits(24), "pcm_s24le"),
        ("A_PCM/INT/LIT", vec![], bits(8), "pcm_u8"),
        ("A_PCM/INT/LIT", vec![], bits(17), "other:A_PCM/INT/LIT"),
        ("A_PCM/INT/BIG", vec![], bits(16), "pcm_s16be"),
        ("A_PCM/FLOAT/IEEE", vec![], bits(64), "pcm_f64le"),
        ("A_MS/ACM", wave(1, 16), vec![], "pcm_s16le"),
        ("A_MS/ACM", wave(0x55, 0), vec![], "mp3"),
        ("A_MS/ACM", wave(0x92, 0), vec![], "ac3"),
        ("A_MS/ACM", wave(0xee, 0), vec![], "other:A_MS/ACM"),
        ("A_MS/ACM", vec![1], vec![], "other:A_MS/ACM"),
        ("A_QUICKTIME", [&[0, 0, 0, 52], &b"QDM2"[..], &[0; 40]].concat(), vec![], "qdm2"),
    ] {
        let film = SegmentBuilder { kind: 2, codec, private, inside, ..SegmentBuilder::default() };
        assert_eq!(facts(&film.file()), format!("mkv, {expected}, 4.000 s"));
    }
}

#[test]
fn geometry_and_encryption_of_a_track() {
    let roll = |roll| element(0x7670, [uint(0x7671, 0), float(0x7675, roll)].concat());
    let crop = [uint(0x54cc, 20), uint(0x54dd, 20), uint(0x54aa, 10), uint(0x54bb, 10)].concat();
    let display = |width, height, unit| [uint(0x54b0, width), uint(0x54ba, height), uint(0x54b2, unit)].concat();
    for (inside, expected) in [
        (roll(-90.0), "640x360, seen 360x640, turned 90"),
        (crop, "640x360, seen 600x340"),
        (display(480, 360, 0), "640x360, seen 480x360"),
        (display(4, 3, 3), "640x360, seen 480x360"),
        (display(0, 0, 0), "640x360"),
    ] {
        let film = SegmentBuilder { inside, ..SegmentBuilder::default() };
        assert_eq!(facts(&film.file()), format!("mkv, {expected}, vp9, 25.00 fps, 4.000 s"));
    }
    let encoding = |kind| element(0x6d80, element(0x6240, uint(0x5033, kind)));
    let film = |kind| SegmentBuilder { extra: encoding(kind), doc_type: "webm", frame: 0, ..SegmentBuilder::default() };
    assert_eq!(facts(&film(1).file()), "webm, 640x360, encrypted, vp9, 4.000 s");
    assert_eq!(facts(&film(0).file()), "webm, 640x360, vp9, 4.000 s");
}

#[test]
fn a_cover_is_not_the_video_track() {
    let (film, cover) =
        (SegmentBuilder::default(), SegmentBuilder { codec: "V_MJPEG", size: (300, 300), ..SegmentBuilder::default() });
    let tracks = element(TRACKS, [cover.entry(), film.entry()].concat());
    let file = [film.header(), element(SEGMENT, [film.info(), tracks].concat())].concat();
    assert_eq!(facts(&file), "mkv, 640x360, vp9, 25.00 fps, 4.000 s");
    assert_eq!(facts(&cover.file()), "mkv, 300x300, mjpeg, 25.00 fps, 4.000 s");
}

/// Points from an index at the start to elements after the frames.
fn seek(id: u32, place: u64) -> Vec<u8> {
    element(0x4dbb, [element(0x53ab, id.to_be_bytes()), uint(0x53ac, place)].concat())
}

#[test]
fn the_index_leads_to_elements_after_the_frames() {
    let film = SegmentBuilder::default();
    let cluster = element(CLUSTER, vec![0; 300_000]);
    let head = |info: u64, tracks: u64| element(SEEK_HEAD, [seek(INFO, info), seek(TRACKS, tracks)].concat());
    let before = (head(0, 0).len() + cluster.len()) as u64;
    let after_info = before + film.info().len() as u64;
    let late = [head(before, after_info), cluster.clone(), film.info(), film.tracks()].concat();
    let file = [film.header(), element(SEGMENT, late)].concat();
    assert_eq!(facts(&file), "mkv, 640x360, vp9, 25.00 fps, 4.000 s");
    assert_eq!(Feeder::USUAL.feed_recorded(read, &file).1.len(), 1);

    let second = element(SEEK_HEAD, seek(SEEK_HEAD, 0));
    let before = (second.len() + cluster.len()) as u64;
    let second = element(SEEK_HEAD, seek(SEEK_HEAD, before));
    let inner = head(0, 0).len() as u64 + before;
    let inner = head(inner, inner + film.info().len() as u64);
    let late = [second, cluster.clone(), inner, film.info(), film.tracks()].concat();
    let file = [film.header(), open(SEGMENT, late)].concat();
    assert_eq!(facts(&file), "mkv, 640x360, vp9, 25.00 fps, 4.000 s");

    let astray = [head(u64::MAX, 3), film.tracks(), cluster].concat();
    let file = [film.header(), element(SEGMENT, astray)].concat();
    assert_eq!(facts(&file), "mkv, 640x360, vp9, 25.00 fps", "an index that leads nowhere gives no duration");
}

#[test]
fn a_live_recording_has_no_duration() {
    let film = SegmentBuilder { length: None, doc_type: "webm", ..SegmentBuilder::default() };
    let inside = [film.info(), film.tracks(), open(CLUSTER, [0; 300])].concat();
    assert_eq!(facts(&[film.header(), open(SEGMENT, inside)].concat()), "webm, 640x360, vp9, 25.00 fps");
}

proptest! {
    #[test]
    fn built_files_round_trip(
        size in (1..=u64::from(u32::MAX), 1..=u64::from(u32::MAX)),
        length in 0.001..1e9_f64,
        scale in 1..1_000_000_000_u64,
        fps in 1..1_000_u32,
        void in 0..10_000_usize,
        order in any::<(bool, bool)>(),
        head in 12..4_000_usize,
    ) {
        let frame = u64::from(1_000_000_000 / fps);
        let film = SegmentBuilder { size, length: Some(length), scale, frame, ..SegmentBuilder::default() };
        let (first, second) = if order.0 { (film.info(), film.tracks()) } else { (film.tracks(), film.info()) };
        let inside = [element(VOID, vec![0; void]), first, element(VOID, []), second, open(CLUSTER, [0; 50])].concat();
        let segment = if order.1 { open(SEGMENT, inside) } else { element(SEGMENT, inside) };
        let file = [film.header(), segment].concat();
        let media = Feeder { head, min_read: 1, is_length_known: order.0 }.feed(read, &file);
        let media = media.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let side = |side: u64| u32::try_from(side).unwrap_or(0);
        prop_assert_eq!(media.coded_size, Some(Dimensions::new(side(size.0), side(size.1))));
        #[allow(clippy::cast_precision_loss, reason = "below a thousand million")]
        let seconds = length * scale as f64 / 1e9;
        let ours = media.duration.map_or(0.0, |duration| duration.value.as_secs_f64());
        prop_assert!((ours - seconds).abs() <= 1e-9 + seconds * 1e-12, "{} is not {}", ours, seconds);
        let ours = media.video.and_then(|video| video.fps).map_or(0.0, |fps| fps.value);
        prop_assert!((ours - f64::from(fps)).abs() < 1e-9, "{} is not {}", ours, fps);
    }
}
