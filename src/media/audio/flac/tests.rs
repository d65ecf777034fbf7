//! FLAC files made by ffmpeg, and files built by the tests.

use proptest::prelude::*;

use super::*;
use crate::media::testing::compare;
use crate::media::testing::feeder::read_whole;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};

const PLAIN: &[u8] = include_bytes!("../../../../fixtures/audio/plain.flac");
const PIPED: &[u8] = include_bytes!("../../../../fixtures/audio/piped.flac");

/// A marker and the stream information: a rate of 20 bits and a sample count of 36 bits.
fn stream(rate: u32, samples: u64) -> Vec<u8> {
    let mut bytes = b"fLaC\x80\0\0\x22\x10\0\x10\0\0\0\0\0\0\0".to_vec();
    let packed = u64::from(rate) << 44 | 0b001_01111 << 36 | samples;
    bytes.extend(packed.to_be_bytes());
    bytes.resize(42, 0);
    bytes
}

#[test]
fn good_files_are_read() {
    for (bytes, duration) in [(PLAIN, Some((200, true))), (PIPED, None)] {
        assert!(matches(bytes));
        let media = read_whole(read, bytes).expect("a FLAC file");
        assert_eq!((media.format, compare::codecs(&media)), (Format::Flac, ("-", "flac")));
        assert_eq!(compare::millis(&media), duration);
        check_reader(read, bytes);
    }
}

#[test]
fn the_first_42_bytes_are_enough() {
    let media = read(&SparseBuffer::new(PLAIN[..42].to_vec(), None)).expect("a FLAC file");
    assert_eq!(Ok(media), read_whole(read, PLAIN));
}

#[test]
fn m19_wrong_empty_and_headless_files_are_refused() {
    for bytes in [&b""[..], b"fLa", b"FLAC", b"OggS"] {
        assert!(!matches(bytes), "{bytes:?}");
        assert!(read_whole(read, bytes).is_err(), "{bytes:?}");
    }
    let mut other = stream(8000, 8000);
    other[4] = 0x84;
    assert!(read_whole(read, &other).is_err(), "another block first");
    other[4] = 0;
    other[7] = 33;
    assert!(read_whole(read, &other).is_err(), "a block of another length");
}

#[test]
fn m19_a_rate_or_count_of_zero_gives_no_duration() {
    for (rate, samples) in [(0, 8000), (8000, 0), (0, 0)] {
        assert_eq!(read_whole(read, &stream(rate, samples)).map(|media| media.duration), Ok(None));
    }
}

#[test]
fn m17_leading_tags_are_skipped() {
    let tagged = [&b"ID3\x03\0\0\0\0\0\x04abcdID3\x03\0\0\0\0\0\0"[..], PLAIN].concat();
    assert!(matches(&tagged));
    assert_eq!(read_whole(read, &tagged), read_whole(read, PLAIN));
    check_reader(read, &tagged);
}

#[test]
fn cut_files_have_no_other_facts() {
    check_cuts(read, PLAIN);
    check_cuts(read, PIPED);
}

#[test]
fn mutated_files_keep_the_invariants() {
    check_mutations(read, &[PLAIN, PIPED, &PLAIN[..42]]);
}

proptest! {
    #[test]
    fn any_rate_and_count_round_trip(rate in 1_u32..(1 << 20), samples in 1_u64..(1 << 36)) {
        let media = read_whole(read, &stream(rate, samples)).expect("a FLAC file");
        prop_assert_eq!(media.duration, timebase::ticks_to_duration(samples, rate.into(), 1).map(Measured::exact));
    }
}
