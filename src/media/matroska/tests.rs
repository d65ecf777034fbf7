#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::similar_names,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic, and its bytes are its own"
)]

use std::io::Cursor;

use matroska_demuxer::{MatroskaFile, TrackType};

use super::*;
use crate::media::testing::compare::summary;
use crate::media::testing::feeder::{Feeder, TOO_COMPLEX};
use crate::media::testing::fixtures::fixtures;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_table};

mod builder;
mod malformed;
mod valid;

fn files() -> Vec<(String, Vec<u8>)> {
    fixtures("video", &["mkv", "webm"])
}

/// The expected facts, which were compared with ffprobe's as in the test `ffprobe_agrees`.
const ROWS: &[(&str, &str)] = &[
    ("anamorphic.mkv", "mkv, 64x48, seen 192x48, h264, 25.00 fps, aac, 0.223 s"),
    ("av1.webm", "webm, 64x48, av1, 25.00 fps, 0.200 s"),
    ("h264-aac.mkv", "mkv, 64x48, h264, 25.00 fps, aac, 0.223 s"),
    ("h265.mkv", "mkv, 64x48, hevc, 25.00 fps, 0.200 s"),
    ("live.webm", "webm, 64x48, vp8, 25.00 fps, vorbis"),
    ("mkvmerge-cropped.mkv", "mkv, 64x48, seen 72x36, h264, 25.00 fps, aac, 0.232 s"),
    ("mpeg2-ac3.mkv", "mkv, 64x48, mpeg2video, 25.00 fps, ac3, 0.209 s"),
    ("prores-pcm24.mkv", "mkv, 64x48, prores, hq, 25.00 fps, pcm_s24le, 0.080 s"),
    ("rotated-roll90.mkv", "mkv, 64x48, seen 48x64, turned 270, h264, 25.00 fps, aac, 0.223 s"),
    ("sound-only.mkv", "mkv, opus, 0.208 s"),
    ("vp8-vorbis.webm", "webm, 64x48, vp8, 25.00 fps, vorbis, 0.203 s"),
    ("vp9-opus.webm", "webm, 64x48, vp9, 25.00 fps, opus, 0.208 s"),
];

/// Returns whether the first bytes are detected as a format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(crate::media::sniff::sniff(head), crate::media::Format::Mkv | crate::media::Format::Webm)
}

#[test]
fn good() {
    check_table(&files(), ROWS, read);
}

#[test]
fn wrong() {
    let outcome = |file: &[u8]| Feeder::USUAL.feed(read, file).map_err(|error| (error.at, error.what));
    assert_eq!(outcome(b"\0nce upon a time"), Err((0, "there is no valid element where one must start")));
    assert_eq!(outcome(b"Once upon a time there was a file"), Err((0, "it does not start with an EBML header")));
    assert!(!matches(b"\x1a\x45\xdf\xa2"));
    assert!(matches(b"\x1a\x45\xdf\xa3\x80"));
}

#[test]
fn empty() {
    let outcome = Feeder::USUAL.feed(read, b"").map_err(|error| (error.at, error.what));
    assert_eq!(outcome, Err((0, "an element is cut short")));
    assert_eq!(read(&SparseBuffer::new(Vec::new(), None)), Err(ReadError::NeedMore(0..12)));
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

/// Compares the facts with those of the `matroska-demuxer` crate.
#[test]
fn matroska_demuxer_agrees() {
    for (name, file) in files() {
        let media = Feeder::USUAL.feed(read, &file).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let theirs = MatroskaFile::open(Cursor::new(&file)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(media.format == Format::Webm, theirs.ebml_header().doc_type() == "webm", "{name}");
        let scale = theirs.info().timestamp_scale().get() as f64;
        let seconds = theirs.info().duration().map_or(0.0, |length| length * scale / 1e9);
        let ours = media.duration.map_or(0.0, |duration| duration.value.as_secs_f64());
        assert!((seconds - ours).abs() < 1e-6, "{name}: {ours} is not {seconds}");
        let video = theirs.tracks().iter().find(|track| track.track_type() == TrackType::Video);
        let audio = theirs.tracks().iter().any(|track| track.track_type() == TrackType::Audio);
        assert_eq!(media.audio.is_some(), audio, "{name}");
        let coded_size = video.and_then(|track| track.video()).map(|video| {
            let side = |side: u64| u32::try_from(side).unwrap_or(0);
            crate::units::Dimensions::new(side(video.pixel_width().get()), side(video.pixel_height().get()))
        });
        assert_eq!(media.coded_size, coded_size, "{name}");
        let frame =
            video.and_then(matroska_demuxer::TrackEntry::default_duration).map(|frame| 1_000_000_000 / frame.get());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
        let fps = media.video.and_then(|video| video.fps).map(|fps| fps.value as u64);
        assert_eq!(fps, frame, "{name}");
    }
}
