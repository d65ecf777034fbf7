#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::similar_names,
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic, and its bytes are its own"
)]

use mp4_atom::{Any, Codec as Coding, Decode as _, Trak};

use super::*;
use crate::media::Codec;
use crate::media::testing::compare::summary;
use crate::media::testing::feeder::{Feeder, TOO_COMPLEX};
use crate::media::testing::fixtures::fixtures;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_table};
use crate::units::Dimensions;

mod builder;
mod malformed;
mod valid;

fn files() -> Vec<(String, Vec<u8>)> {
    fixtures("video", &["mp4", "mov", "3gp", "3g2", "m4a"])
}

/// The expected facts, which were compared with ffprobe's as in the test `ffprobe_agrees`.
const ROWS: &[(&str, &str)] = &[
    ("aac-faststart.m4a", "m4a, aac, 0.200 s"),
    ("aac.m4a", "m4a, aac, 0.200 s"),
    ("aac.mov", "mov, 64x48, h264, 25.00 fps, aac, 0.200 s"),
    ("alac.m4a", "m4a, alac, 0.200 s"),
    ("anamorphic.mp4", "mp4, 64x48, seen 192x48, h264, 25.00 fps, aac, 0.200 s"),
    ("av1.mp4", "mp4, 64x48, av1, 25.00 fps, 0.200 s"),
    ("cover.m4a", "m4a, aac, 0.200 s"),
    ("edited.mp4", "mp4, 64x48, h264, 25.00 fps, aac, 0.200 s"),
    ("fragmented-sidx-each.mp4", "mp4, 64x48, h264, aac"),
    ("fragmented-sidx.mp4", "mp4, 64x48, h264, ~25.00 fps, aac, 0.223 s"),
    ("fragmented.mp4", "mp4, 64x48, h264, ~25.00 fps, aac"),
    ("full-30s.mp4", "mp4, 16x16, h264, 1.00 fps, 30.000 s"),
    ("h263-aac.3gp", "3gp, 176x144, seen 192x144, h263, 25.00 fps, aac, 0.200 s"),
    ("h264-aac-faststart.mp4", "mp4, 64x48, h264, 25.00 fps, aac, 0.200 s"),
    ("h264-aac.mp4", "mp4, 64x48, h264, 25.00 fps, aac, 0.200 s"),
    ("h264-flac.mp4", "mp4, 64x48, h264, 25.00 fps, flac, 0.200 s"),
    ("h264-opus.mp4", "mp4, 64x48, h264, 25.00 fps, opus, 0.200 s"),
    ("h264-pcm.mov", "mov, 64x48, h264, 25.00 fps, pcm_s16le, 0.200 s"),
    ("h264.3gp", "3gp, 64x48, h264, 25.00 fps, 0.200 s"),
    ("h265.mp4", "mp4, 64x48, hevc, 25.00 fps, 0.200 s"),
    ("long-31s.mp4", "mp4, 16x16, h264, 1.00 fps, 31.000 s"),
    ("mjpeg-pcm.mov", "mov, 64x48, mjpeg, 25.00 fps, pcm_s16be, 0.200 s"),
    ("mpeg2.mp4", "mp4, 64x48, mpeg2video, 25.00 fps, 0.200 s"),
    ("mpeg4-mp3.mp4", "mp4, 64x48, mpeg4, 25.00 fps, mp3, 0.200 s"),
    ("prores-0.mov", "mov, 64x48, prores, proxy, 25.00 fps, 0.080 s"),
    ("prores-3.mov", "mov, 64x48, prores, hq, 25.00 fps, 0.080 s"),
    ("prores-5.mov", "mov, 64x48, prores, xq, 25.00 fps, 0.080 s"),
    ("rotated-90.mov", "mov, 64x48, seen 48x64, turned 90, h264, 25.00 fps, aac, 0.200 s"),
    ("rotated-90.mp4", "mp4, 64x48, seen 48x64, turned 90, h264, 25.00 fps, aac, 0.200 s"),
    ("short-1s.mp4", "mp4, 16x16, h264, 1.00 fps, 1.000 s"),
    ("silent.mp4", "mp4, 64x48, h264, 25.00 fps, 0.200 s"),
    ("sound-only.mp4", "mp4, aac, 0.200 s"),
    ("vp9.mp4", "mp4, 64x48, vp9, 25.00 fps, 0.200 s"),
];

/// Returns whether the first bytes are detected as a format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(
        crate::media::sniff::sniff(head),
        crate::media::Format::Mp4
            | crate::media::Format::Mov
            | crate::media::Format::ThreeGp
            | crate::media::Format::M4a
    )
}

#[test]
fn good() {
    check_table(&files(), ROWS, read);
}

#[test]
fn wrong() {
    let text = Feeder::USUAL.feed(read, b"once upon a time there was a file");
    assert_eq!(text.map_err(|error| error.what), Err("the file is cut short before its index (the `moov` box)"));
    let short = Feeder::USUAL.feed(read, b"\0\0\0\x04ftypqt  \0\0\0\0");
    assert_eq!(short.map_err(|error| (error.at, error.what)), Err((0, "a box has an impossible length")));
    assert!(!matches(b"once upon a time"));
    assert!(!matches(b"Get free stuff here"));
    assert!(matches(b"\x7f\0\0\0mdat"));
    assert!(matches(b"\0\0\0\x14ftypqt  "));
    assert!(matches(b"\0\0\0\x08wide\0\0\0\x01mdat"));
}

#[test]
fn empty() {
    assert_eq!(Feeder::USUAL.feed(read, b"").map_err(|error| error.what), Err("it has no index (no `moov` box)"));
    assert_eq!(read(&SparseBuffer::new(Vec::new(), None)), Err(ReadError::NeedMore(0..8)));
    assert!(!matches(b""));
}

#[test]
fn cut_short() {
    for (_, file) in files() {
        check_cuts(read, &file);
    }
}

#[test]
fn mutated() {
    let files = files();
    let files: Vec<&[u8]> = files.iter().map(|(_, file)| file.as_slice()).collect();
    check_mutations(read, &files);
}

/// The size in an H.264 or H.265 stream equals the size in the index, so it can replace it.
#[test]
fn the_size_in_the_video_stream_replaces_a_missing_one() {
    let mut compared = 0;
    for (name, mut file) in files() {
        let places = |letters: &[u8; 4]| file.windows(4).position(|four| four == letters);
        if let Some(entry) = [b"avc1", b"hvc1"].into_iter().find_map(places) {
            let whole = Feeder::USUAL.feed(read, &file);
            file[entry + 28..entry + 32].fill(0);
            assert_eq!(Feeder::USUAL.feed(read, &file), whole, "{name}");
            compared += 1;
        }
    }
    assert!(compared > 10, "only {compared} compared");
}

/// Compares the facts with those of the `mp4-atom` crate.
#[test]
fn mp4_atom_agrees() {
    let mut compared = 0;
    for (name, file) in files() {
        let Ok(media) = Feeder::USUAL.feed(read, &file) else { panic!("{name}") };
        let mut rest = file.as_slice();
        let moov = std::iter::from_fn(|| Any::decode(&mut rest).ok()).find_map(|atom| match atom {
            Any::Moov(moov) => Some(moov),
            _ => None,
        });
        let moov = moov.unwrap_or_else(|| panic!("{name}"));
        if moov.mvex.is_none() {
            let seconds = moov.mvhd.duration as f64 / f64::from(moov.mvhd.timescale);
            let ours = media.duration.map_or(0.0, |duration| duration.value.as_secs_f64());
            assert!((seconds - ours).abs() < 1e-6, "{name}: {ours} is not {seconds}");
        }
        let Some(trak) = moov.trak.iter().find(|trak| trak.mdia.hdlr.handler == b"vide".into()) else {
            assert_eq!(media.video, None, "{name}");
            continue;
        };
        let turn = trak.tkhd.matrix.b.signum() * 90 + if trak.tkhd.matrix.a < 0 { 180 } else { 0 };
        assert_eq!(media.rotation.map(i32::from), Some(turn.rem_euclid(360)), "{name}");
        compared += u32::from(compare_frames(&name, &media, trak, moov.mvex.is_some()));
    }
    assert!(compared > 10, "only {compared} compared");
}

fn compare_frames(name: &str, media: &Media, trak: &Trak, fragmented: bool) -> bool {
    let table = &trak.mdia.minf.stbl;
    if !fragmented {
        let (count, ticks) = table.stts.entries.iter().fold((0, 0), |(count, ticks), entry| {
            let entry = (u64::from(entry.sample_count), u64::from(entry.sample_delta));
            (count + entry.0, ticks + entry.0 * entry.1)
        });
        let fps = count as f64 * f64::from(trak.mdia.mdhd.timescale) / ticks as f64;
        let ours = media.video.as_ref().and_then(|video| video.fps).map_or(0.0, |fps| fps.value);
        assert!((fps - ours).abs() < 1e-9, "{name}: {ours} is not {fps}");
    }
    let (codec, visual) = match table.stsd.codecs.first() {
        Some(Coding::Avc1(entry)) => ("h264", &entry.visual),
        Some(Coding::Hvc1(entry)) => ("hevc", &entry.visual),
        Some(Coding::Hev1(entry)) => ("hevc", &entry.visual),
        Some(Coding::Av01(entry)) => ("av1", &entry.visual),
        Some(Coding::Vp09(entry)) => ("vp9", &entry.visual),
        _ => return false,
    };
    assert_eq!(media.coded_size, Some(Dimensions::new(visual.width.into(), visual.height.into())), "{name}");
    assert_eq!(media.video.as_ref().map(|video| &video.codec), Some(&Codec::Known(codec)), "{name}");
    true
}
