//! AVI files made by ffmpeg, and files built by the tests.

use proptest::prelude::*;

use super::*;
use crate::media::testing::compare;
use crate::media::testing::feeder::read_whole;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};

const H264: &[u8] = include_bytes!("../../../../fixtures/video-other/h264.avi");
const MJPEG: &[u8] = include_bytes!("../../../../fixtures/video-other/mjpeg.avi");
const MSMPEG4: &[u8] = include_bytes!("../../../../fixtures/video-other/msmpeg4v3.avi");
const PIPED: &[u8] = include_bytes!("../../../../fixtures/video-other/piped.avi");

fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).expect("small");
    let mut chunk = [name, &size.to_le_bytes(), body].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

fn list(name: &[u8], parts: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"LIST", &[name, &parts.concat()].concat())
}

/// A file with one video stream, these values in its chunks, and room for its frames.
fn film(code: [u8; 4], width: i32, height: i32, rate: (u32, u32), frames: u32, extra: &[Vec<u8>]) -> Vec<u8> {
    let mut main = vec![0; 56];
    main[16..20].copy_from_slice(&frames.to_le_bytes());
    let mut stream = b"vids".to_vec();
    stream.extend(code);
    stream.resize(56, 0);
    stream[20..24].copy_from_slice(&rate.1.to_le_bytes());
    stream[24..28].copy_from_slice(&rate.0.to_le_bytes());
    stream[32..36].copy_from_slice(&frames.to_le_bytes());
    let mut format = 40_u32.to_le_bytes().to_vec();
    format.extend(width.to_le_bytes());
    format.extend(height.to_le_bytes());
    format.extend(*b"\x01\0\x18\0");
    format.extend(code);
    format.resize(40, 0);
    let stream = list(b"strl", &[&[chunk(b"strh", &stream), chunk(b"strf", &format)], extra].concat());
    let header = list(b"hdrl", &[chunk(b"avih", &main), stream]);
    let movie = list(b"movi", &[vec![0; 8 * frames.min(10_000) as usize]]);
    chunk(b"RIFF", &[b"AVI ", &header[..], &movie].concat())
}

/// Returns whether the first bytes are detected as the format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(crate::media::sniff::sniff(head), crate::media::Format::Avi)
}

#[test]
fn good_files_are_read() {
    let case = |bytes, codecs, display_size, fps, duration| {
        assert!(matches(bytes));
        let media = read_whole(read, bytes).expect("an AVI file");
        assert_eq!((media.format, compare::codecs(&media)), (Format::Avi, codecs));
        assert_eq!((media.coded_size, media.display_size), (Some(Dimensions::new(64, 48)), Some(display_size)));
        assert_eq!(media.video.as_ref().and_then(|video| video.fps), Some(Measured::exact(fps)));
        assert_eq!(compare::millis(&media), duration, "{codecs:?}");
        check_reader(read, bytes);
    };
    let square = Dimensions::new(64, 48);
    case(H264, ("h264", "mp3"), square, 10.0, Some((432, true)));
    case(MJPEG, ("mjpeg", "-"), square, 10.0, Some((300, true)));
    case(MSMPEG4, ("msmpeg4v3", "-"), Dimensions::new(85, 48), 25.0, Some((200, true)));
    case(PIPED, ("mpeg4", "-"), square, 25.0, None);
}

#[test]
fn wrong_and_empty_files_are_refused() {
    for bytes in [&b""[..], b"RIFF", b"RIFF\0\0\0\0WAVE", b"AVI "] {
        assert!(!matches(bytes), "{bytes:?}");
    }
    assert!(read_whole(read, b"").is_err());
    assert!(read_whole(read, b"RIFF\x04\0\0\0AVI ").is_err(), "no streams");
}

#[test]
fn cut_files_have_no_other_facts() {
    for bytes in [H264, MJPEG, MSMPEG4, PIPED] {
        check_cuts(read, bytes);
    }
}

#[test]
fn a_negative_height_means_top_down_pictures() {
    let media = read_whole(read, &film(*b"DIB ", 64, -48, (25, 1), 10, &[])).expect("an AVI file");
    assert_eq!((compare::codecs(&media), media.coded_size), (("rawvideo", "-"), Some(Dimensions::new(64, 48))));
}

#[test]
fn zero_rates_give_no_duration_and_zero_sides_no_size() {
    for rate in [(0, 0), (25, 0), (0, 1)] {
        let media = read_whole(read, &film(*b"XVID", 64, 48, rate, 10, &[])).expect("an AVI file");
        assert_eq!((media.duration, media.video.and_then(|video| video.fps)), (None, None), "{rate:?}");
    }
    for (width, height) in [(0, 48), (64, 0)] {
        let media = read_whole(read, &film(*b"XVID", width, height, (25, 1), 10, &[])).expect("an AVI file");
        assert_eq!((media.coded_size, media.display_size), (None, None));
    }
    let media = read_whole(read, &film(*b"XVID", i32::MIN, i32::MAX, (25, 1), 10, &[])).expect("an AVI file");
    assert_eq!(media.coded_size, Some(Dimensions::new(1 << 31, i32::MAX.unsigned_abs())));
}

#[test]
fn a_frame_count_the_file_cannot_hold_is_a_placeholder() {
    let media = read_whole(read, &film(*b"XVID", 64, 48, (25, 1), 1 << 30, &[])).expect("an AVI file");
    assert_eq!(media.duration, None);
}

#[test]
fn opendml_counts_the_frames_of_all_parts() {
    let bytes = film(*b"XVID", 64, 48, (25, 1), 50, &[list(b"odml", &[chunk(b"dmlh", &75_u32.to_le_bytes())])]);
    assert_eq!(
        read_whole(read, &[bytes, vec![0; 1000]].concat()).map(|media| compare::millis(&media)),
        Ok(Some((3000, true)))
    );
}

#[test]
fn the_handler_names_the_codec_if_the_code_is_unknown() {
    let media = read_whole(read, &film(*b"\x1b[2J", 64, 48, (25, 1), 10, &[])).expect("an AVI file");
    assert_eq!(
        media.video.map(|video| video.codec),
        Some(Codec::Other(crate::text::untrusted::UntrustedText::new(*b"\x1b[2J")))
    );
    let mut bytes = film(*b"XVID", 64, 48, (25, 1), 10, &[]);
    let format = bytes.windows(4).rposition(|code| code == b"XVID").expect("the format");
    bytes[format..format + 4].copy_from_slice(b"\x01\x02\x03\x04");
    assert_eq!(read_whole(read, &bytes).map(|media| compare::codecs(&media)), Ok(("mpeg4", "-")));
}

#[test]
fn a_million_empty_chunks_are_not_media() {
    let bytes = [&b"RIFF\0\0\0\0AVI "[..], &b"JUNK\0\0\0\0".repeat(1_000_000)].concat();
    assert_eq!(read_whole(read, &bytes).map_err(|error| error.what), Err("the file ends too early"));
}

#[test]
fn mutated_files_keep_the_invariants() {
    check_mutations(read, &[H264, MJPEG, MSMPEG4, PIPED]);
}

proptest! {
    #[test]
    fn any_film_round_trip(width in 1_i32..9000, height in 1_i32..9000, rate in 1_u32..60_000, frames in 1_u32..5000) {
        let media = read_whole(read, &film(*b"MJPG", width, height, (rate, 1001), frames, &[])).expect("an AVI file");
        prop_assert_eq!(media.coded_size, Some(Dimensions::new(width.unsigned_abs(), height.unsigned_abs())));
        prop_assert_eq!(media.duration, timebase::ticks_to_duration(frames.into(), rate.into(), 1001).map(Measured::exact));
    }
}
