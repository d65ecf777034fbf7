//! FLV files made by ffmpeg, and files built by the tests.

use super::*;
use crate::media::testing::compare;
use crate::media::testing::feeder::read_whole;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};

const FLV1: &[u8] = include_bytes!("../../../fixtures/video-other/flv1.flv");
const FLV1_BARE: &[u8] = include_bytes!("../../../fixtures/video-other/flv1-bare.flv");
const H264: &[u8] = include_bytes!("../../../fixtures/video-other/h264.flv");
const H264_BARE: &[u8] = include_bytes!("../../../fixtures/video-other/h264-bare.flv");
const PIPED: &[u8] = include_bytes!("../../../fixtures/video-other/piped.flv");

fn tag(kind: u8, time: u32, body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).expect("small");
    let [highest, time @ ..] = time.to_be_bytes();
    let header = [&[kind], &size.to_be_bytes()[1..], &time, &[highest, 0, 0, 0]].concat();
    [&header, body, &(size + 11).to_be_bytes()].concat()
}

fn film(flags: u8, tags: &[Vec<u8>]) -> Vec<u8> {
    [b"FLV\x01", &[flags][..], b"\0\0\0\x09\0\0\0\0", &tags.concat()].concat()
}

fn metadata(members: &[(&str, f64)]) -> Vec<u8> {
    let mut body = b"\x02\0\x0aonMetaData\x03".to_vec();
    for (name, value) in members {
        body.extend(u16::try_from(name.len()).expect("short").to_be_bytes());
        body.extend(name.as_bytes());
        body.push(0);
        body.extend(value.to_be_bytes());
    }
    body.extend(b"\0\0\x09");
    tag(18, 0, &body)
}

/// Returns whether the first bytes are detected as the format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(crate::media::sniff::sniff(head), crate::media::Format::Flv)
}

#[test]
fn good_files_are_read() {
    let case = |bytes, codecs, fps: Option<f64>, duration| {
        assert!(matches(bytes));
        let media = read_whole(read, bytes).expect("an FLV file");
        assert_eq!((media.format, compare::codecs(&media)), (Format::Flv, codecs));
        let size = Some(Dimensions::new(64, 48));
        assert_eq!((media.coded_size, media.display_size), (size, size), "{codecs:?}");
        assert_eq!(media.video.as_ref().and_then(|video| video.fps), fps.map(Measured::exact));
        assert_eq!(compare::millis(&media), duration, "{codecs:?}");
        check_reader(read, bytes);
    };
    case(FLV1, ("flv1", "mp3"), Some(25.0), Some((300, true)));
    case(FLV1_BARE, ("flv1", "-"), None, Some((160, false)));
    case(H264, ("h264", "aac"), Some(25.0), Some((280, true)));
    case(H264_BARE, ("h264", "aac"), None, Some((160, false)));
    case(PIPED, ("h264", "aac"), Some(25.0), Some((200, false)));
}

#[test]
fn wrong_and_empty_files_are_refused() {
    for bytes in [&b""[..], b"FLV", b"FLV\x02", b"RIFF"] {
        assert!(!matches(bytes), "{bytes:?}");
    }
    assert!(read_whole(read, b"FLV\x01").is_err());
    assert!(read_whole(read, &film(0, &[])).is_err(), "no streams");
}

#[test]
fn cut_files_have_no_other_facts() {
    for bytes in [FLV1, FLV1_BARE, H264, H264_BARE, PIPED] {
        check_cuts(read, bytes);
    }
}

#[test]
fn codecs_have_ffprobes_names() {
    let case = |picture: &[u8], sound: &[u8], codecs| {
        let media = read_whole(read, &film(5, &[tag(9, 0, picture), tag(8, 0, sound)])).expect("an FLV file");
        assert_eq!(compare::codecs(&media), codecs, "{picture:x?} {sound:x?}");
    };
    case(b"\x13.", b"\x02.", ("flashsv", "pcm_s16be"));
    case(b"\x14.", b"\x32.", ("vp6f", "pcm_s16le"));
    case(b"\x15.", b"\x30.", ("vp6a", "pcm_u8"));
    case(b"\x16.", b"\x10.", ("flashsv2", "adpcm_swf"));
    case(b"\x17\x01", b"\xaf.", ("h264", "aac"));
    case(b"\x90hvc1", b"\x90Opus", ("hevc", "opus"));
    case(b"\x90av01", b"\x90fLaC", ("av1", "flac"));
    case(b"\x90xxxx", b"\x90xxxx", ("?", "?"));
    case(b"\x1c.", b"\xd0.", ("?", "?"));
}

#[test]
fn sorenson_pictures_state_their_size() {
    let case = |picture: &[u8], size: Option<(u32, u32)>| {
        let media = read_whole(read, &film(1, &[tag(9, 0, picture)])).expect("an FLV file");
        assert_eq!(media.coded_size, size.map(|(width, height)| Dimensions::new(width, height)), "{picture:x?}");
    };
    // 17 bits of start code, 13 of version and time, 3 of size.
    case(b"\x12\x00\x00\x80\x01\x00", Some((352, 288)));
    case(b"\x12\x00\x00\x80\x02\x80", Some((320, 240)));
    case(b"\x12\x00\x00\x80\x00\x20\x18\x00", Some((64, 48)));
    case(b"\x12\x00\x00\x80\x00\x80\x80\x00\x80\x00", Some((256, 256)));
    case(b"\x12\x00\x00\x80\x03\x80", None);
    case(b"\x12\x00\x01\x80\x01\x00", None);
    case(b"\x12\x00", None);
}

#[test]
fn pictures_take_precedence_over_the_metadata() {
    let picture = tag(9, 0, b"\x12\x00\x00\x80\x01\x00");
    let told = metadata(&[("width", 64.0), ("height", 48.0), ("duration", 7.5), ("framerate", 0.0)]);
    let media = read_whole(read, &film(1, &[told.clone(), picture])).expect("an FLV file");
    assert_eq!(media.coded_size, Some(Dimensions::new(352, 288)));
    assert_eq!(compare::millis(&media), Some((7500, true)));
    assert_eq!(media.video.and_then(|video| video.fps), None);
    let media = read_whole(read, &film(1, &[told, tag(9, 0, b"\x14.")])).expect("an FLV file");
    assert_eq!(media.coded_size, Some(Dimensions::new(64, 48)));
}

#[test]
fn invalid_durations_in_the_metadata_are_ignored() {
    for seconds in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
        let told = metadata(&[("duration", seconds), ("framerate", f64::NAN)]);
        let media =
            read_whole(read, &film(1, &[told, tag(9, 0, b"\x14."), tag(9, 960, b"\x24.")])).expect("an FLV file");
        assert_eq!(compare::millis(&media), Some((960, false)), "{seconds}");
    }
}

#[test]
fn the_first_timestamp_is_subtracted() {
    let media = read_whole(read, &film(1, &[tag(9, 1 << 25, b"\x14."), tag(9, (1 << 25) + 500, b"\x24.")]));
    assert_eq!(media.map(|media| compare::millis(&media)), Ok(Some((500, false))));
}

#[test]
fn announced_streams_are_searched_for_in_a_hundred_tags() {
    let sounds = tag(8, 0, b"\x2f.").repeat(5000);
    let media = read(&SparseBuffer::new(film(5, std::slice::from_ref(&sounds)), None)).expect("an FLV file");
    assert_eq!(compare::codecs(&media), ("-", "mp3"));
}

#[test]
fn mutated_files_keep_the_invariants() {
    check_mutations(read, &[FLV1, FLV1_BARE, H264, H264_BARE, PIPED]);
}
