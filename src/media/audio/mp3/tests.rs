//! MP3 files made by ffmpeg, and files built by the tests.

use proptest::prelude::*;

use super::*;
use crate::media::testing::compare;
use crate::media::testing::feeder::read_whole;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};

const CBR: &[u8] = include_bytes!("../../../../fixtures/audio/cbr.mp3");
const BARE: &[u8] = include_bytes!("../../../../fixtures/audio/bare-vbr.mp3");
const COVER: &[u8] = include_bytes!("../../../../fixtures/audio/cover.mp3");
const ID3V1: &[u8] = include_bytes!("../../../../fixtures/audio/id3v1.mp3");

/// Every MP3 file, its codec, and its duration in milliseconds.
const GOOD: [(&[u8], &str, (u128, bool)); 8] = [
    (CBR, "mp3", (288, true)),
    (include_bytes!("../../../../fixtures/audio/vbr.mp3"), "mp3", (288, true)),
    (include_bytes!("../../../../fixtures/audio/bare-cbr.mp3"), "mp3", (288, false)),
    (BARE, "mp3", (288, false)),
    (COVER, "mp3", (288, true)),
    (ID3V1, "mp3", (288, true)),
    (include_bytes!("../../../../fixtures/audio/mpeg1.mp3"), "mp3", (235, true)),
    (include_bytes!("../../../../fixtures/audio/layer2.mp3"), "mp2", (216, false)),
];

/// A frame of 417 bytes and 1,152 samples at 44.1 kHz.
fn frame() -> Vec<u8> {
    let mut frame = b"\xff\xfb\x90\x64".to_vec();
    frame.resize(417, 0);
    frame
}

/// A first frame that holds a frame count, then others.
fn counted(at: usize, header: &[u8], frames: usize) -> Vec<u8> {
    let mut bytes = frame().repeat(frames + 1);
    bytes[at..at + header.len()].copy_from_slice(header);
    bytes
}

fn xing(frames: u32, told: u32) -> Vec<u8> {
    [&b"Xing\0\0\0\x03"[..], &frames.to_be_bytes(), &told.to_be_bytes()].concat()
}

fn vbri(frames: u32, told: u32) -> Vec<u8> {
    [&b"VBRI\0\x01\0\0\0\x4b"[..], &told.to_be_bytes(), &frames.to_be_bytes()].concat()
}

fn duration(bytes: &[u8]) -> Option<(u128, bool)> {
    compare::millis(&read_whole(read, bytes).expect("an MP3 file"))
}

/// Returns whether the first bytes are detected as the format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(crate::media::sniff::sniff(head), crate::media::Format::Mp3)
}

#[test]
fn good_files_are_read() {
    for (bytes, codec, expected) in GOOD {
        assert!(matches(bytes));
        let media = read_whole(read, bytes).expect("an MP3 file");
        assert_eq!((media.format, compare::codecs(&media)), (Format::Mp3, ("-", codec)));
        assert_eq!(compare::millis(&media), Some(expected));
        check_reader(read, bytes);
    }
}

#[test]
fn wrong_and_empty_files_are_refused() {
    for bytes in [&b""[..], b"RIFF", b"\xff\xfeH\0i\0", b"\xff\xd8\xff\xe0", b"\0\0\0\0", b"fLaC", b"plain text"] {
        assert!(!matches(bytes), "{bytes:?}");
        assert!(read_whole(read, bytes).is_err() || bytes.starts_with(b"fLaC"), "{bytes:?}");
    }
    assert!(!matches(include_bytes!("../../../../fixtures/audio/adts.aac")));
}

#[test]
fn cut_files_have_no_other_facts() {
    for (bytes, _, _) in GOOD {
        check_cuts(read, bytes);
    }
}

#[test]
fn a_count_is_exact_only_if_the_frames_fit_in_the_bytes() {
    let case = |header: &[u8], at: usize, expected| assert_eq!(duration(&counted(at, header, 100)), expected);
    let bytes = 101 * 417;
    case(&xing(100, bytes), 36, Some((2612, true)));
    case(&vbri(100, bytes), 36, Some((2612, true)));
    case(&xing(100, 0), 36, Some((2612, true)));
    case(&xing(100, bytes + 1), 36, Some((2612, false)));
    case(b"Xing\0\0\0\0", 36, Some((2638, false)));
    case(b"Info\0\0\0\x01\0\0\0\x64", 36, Some((2612, true)));
}

#[test]
fn a_file_that_ends_inside_its_first_frame_is_cut() {
    let truncated = |bytes: &[u8]| read_whole(read, bytes).expect("MPEG audio").truncated;
    let whole = frame();
    assert_eq!(truncated(&whole), None);
    assert_eq!(truncated(&whole[..whole.len() - 1]), Some("the file ends inside its first frame"));
}

#[test]
fn m18_counts_of_zero_and_of_all_ones_are_not_trusted() {
    for header in [xing(0, 0), vbri(0, 0), xing(0, u32::MAX)] {
        assert_eq!(duration(&counted(36, &header, 100)), Some((2638, false)), "an estimate instead");
    }
    for header in [xing(u32::MAX, 0), vbri(u32::MAX, 0), xing(u32::MAX, u32::MAX)] {
        let got = duration(&counted(36, &header, 100));
        assert!(got.is_none_or(|(_, exact)| !exact), "{got:?}");
    }
}

#[test]
fn m18_false_syncs_are_skipped() {
    let mut junk = b"\xff\xfb\x90\x64 a frame that no other follows \xff\xf1\x50\x80\x02\x1f\xfc".repeat(20);
    junk.extend(frame().repeat(60));
    assert_eq!(read_whole(read, &junk).map(|media| media.audio), Ok(Some(Codec::Known("mp3"))));
    let expected = 60 * 1152 * 1000 / 44_100;
    assert!(duration(&junk).is_some_and(|(time, exact)| !exact && time.abs_diff(expected) < 50));
}

#[test]
fn m18_the_free_format_gives_no_duration() {
    let mut bytes = frame().repeat(10);
    for at in (0..bytes.len()).step_by(417) {
        bytes[at + 2] = 0;
    }
    assert!(matches(&bytes));
    let media = read_whole(read, &bytes).expect("an MP3 file");
    assert_eq!((compare::codecs(&media), media.duration), (("-", "mp3"), None));
}

#[test]
fn m18_one_header_of_the_free_format_is_no_sound() {
    let header = b"\xff\xfb\x00\x64";
    let with = |places: &[usize]| {
        let mut bytes = frame();
        bytes[2] = 0;
        bytes.resize(9000, 0x55);
        for at in places {
            bytes[*at..*at + 4].copy_from_slice(header);
        }
        read_whole(read, &bytes).is_ok()
    };
    assert!(!with(&[]) && !with(&[500]) && !with(&[500, 1200]), "as in a FLI animation");
    assert!(with(&[600, 1200]) && with(&[600, 1201]) && with(&[600, 1199]), "padding");
}

#[test]
fn m17_a_cover_of_ten_megabytes_is_skipped_unread() {
    let tag = b"ID3\x04\0\0\x05\0\0\0".to_vec();
    assert!(matches(&tag));
    let behind = 5 * (1 << 21) + 10;
    assert_eq!(read(&SparseBuffer::new(tag.clone(), Some(1 << 24))), Err(ReadError::NeedMore(behind..behind + 10)));
    let mut buffer = SparseBuffer::new(tag, None);
    buffer.add(behind, &counted(36, &xing(100, 0), 60));
    let media = read(&buffer).expect("an MP3 file");
    assert_eq!(compare::millis(&media), Some((2612, false)), "of unknown length");
}

#[test]
fn m17_trailing_tags_are_excluded_from_the_estimate() {
    let bare = frame().repeat(60);
    let tagged = [&bare[..], b"TAG", &[b' '; 125]].concat();
    assert_eq!(duration(&tagged), duration(&bare));
    assert_eq!(duration(&[&bare[..], b"APETAGEX", &[0; 24]].concat()).map(|(_, exact)| exact), Some(false));
}

#[test]
fn m17_crafted_tags_are_malformed() {
    let crafted = b"ID3\x03\0\0\x7f\x7f\x7f\x7fTIT2\x7f\xff\xff\xff\0\0\x01aaaaaaaaaaaa";
    assert_eq!(read_whole(read, crafted).map_err(|error| error.what), Err("the file ends inside its ID3 tag"));
    let many = b"ID3\x03\0\0\0\0\0\0".repeat(300_000);
    assert_eq!(read_whole(read, &many).map_err(|error| error.what), Err("the file ends inside its ID3 tag"));
}

#[test]
fn another_format_may_follow_a_tag() {
    let tag = b"ID3\x03\0\0\0\0\0\x02ab";
    for (bytes, format) in [
        (&include_bytes!("../../../../fixtures/audio/plain.flac")[..], Format::Flac),
        (include_bytes!("../../../../fixtures/audio/adts.aac"), Format::Aac),
        (CBR, Format::Mp3),
    ] {
        let tagged = [tag, bytes].concat();
        assert_eq!(read_whole(read, &tagged).map(|media| media.format), Ok(format));
    }
}

#[test]
fn a_file_of_unknown_length_has_no_estimate() {
    let media = read(&SparseBuffer::new(frame().repeat(60), None)).expect("an MP3 file");
    assert_eq!(media.duration, None);
}

#[test]
fn mutated_files_keep_the_invariants() {
    check_mutations(read, &GOOD.map(|(bytes, _, _)| bytes));
}

proptest! {
    #[test]
    fn any_plausible_count_round_trips(frames in 1_u32..300, tags in 0_usize..3, kind in 0..2) {
        let told = (frames + 1) * 417;
        let header = if kind == 0 { xing(frames, told) } else { vbri(frames, told) };
        let audio = counted(36, &header, frames as usize);
        let bytes = [&b"ID3\x03\0\0\0\0\0\x02ab".repeat(tags)[..], &audio].concat();
        let media = read_whole(read, &bytes).expect("an MP3 file");
        prop_assert_eq!(media.duration, timebase::ticks_to_duration(u64::from(frames) * 1152, 44_100, 1).map(Measured::exact));
    }
}
