//! ADTS files made by ffmpeg, and files built by the tests.

use super::*;
use crate::media::testing::compare;
use crate::media::testing::feeder::read_whole;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};

const ADTS: &[u8] = include_bytes!("../../../../fixtures/audio/adts.aac");

/// Frames of 1,024 samples at 44.1 kHz with the given lengths.
fn frames(lengths: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for length in lengths {
        let [high, low] = (length << 5).to_be_bytes();
        let top = u8::try_from(length >> 11).expect("13 bits");
        let end = bytes.len() + usize::from(*length);
        bytes.extend([0xff, 0xf1, 0x50, 0x80 | top, high, low | 0x1f, 0xfc]);
        bytes.resize(end, 0);
    }
    bytes
}

#[test]
fn good_files_are_read() {
    assert!(matches(ADTS));
    let media = read_whole(read, ADTS).expect("an AAC file");
    assert_eq!((media.format, compare::codecs(&media)), (Format::Aac, ("-", "aac")));
    assert_eq!(compare::millis(&media), Some((320, false)));
    check_reader(read, ADTS);
}

#[test]
fn wrong_and_empty_files_are_refused() {
    for bytes in [&b""[..], b"\xff\xf1", b"\xff\xfb\x90\x64\0\0\0\0", b"ID3", b"ADIF"] {
        assert!(!matches(bytes), "{bytes:?}");
        assert!(read_whole(read, bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn the_estimate_is_the_average_of_the_first_frames() {
    let bytes = frames(&[100, 300].repeat(200));
    let media = read_whole(read, &bytes).expect("an AAC file");
    assert!(compare::millis(&media).is_some_and(|(time, exact)| !exact && time.abs_diff(9287) < 100), "{media:?}");
}

#[test]
fn a_few_frames_have_no_duration_unless_there_are_no_others() {
    let all = frames(&[100; 3]);
    let media = read_whole(read, &all).expect("an AAC file");
    assert_eq!(compare::millis(&media), Some((69, false)));
    let media = read_whole(read, &[&all[..], &[0; 500]].concat()).expect("an AAC file");
    assert_eq!(media.duration, None);
}

#[test]
fn m17_leading_tags_are_skipped() {
    let tagged = [&b"ID3\x03\0\0\0\0\0\x02ab"[..], ADTS].concat();
    assert!(matches(&tagged));
    assert_eq!(read_whole(read, &tagged), read_whole(read, ADTS));
}

#[test]
fn cut_files_have_no_other_facts() {
    check_cuts(read, ADTS);
}

#[test]
fn mutated_files_keep_the_invariants() {
    check_mutations(read, &[ADTS, &frames(&[100, 300, 8])]);
}
