//! Ogg files made by ffmpeg, and files built by the tests.

use proptest::prelude::*;

use super::*;
use crate::media::testing::compare;
use crate::media::testing::feeder::read_whole;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};
use crate::media::{Codec, Kind};
use crate::units::Dimensions;

const VORBIS: &[u8] = include_bytes!("../../../fixtures/audio/vorbis.ogg");
const OPUS: &[u8] = include_bytes!("../../../fixtures/audio/opus.ogg");
const THEORA: &[u8] = include_bytes!("../../../fixtures/video-other/theora-vorbis.ogv");

const SOUNDS: [(&[u8], &str); 4] = [
    (VORBIS, "vorbis"),
    (OPUS, "opus"),
    (include_bytes!("../../../fixtures/audio/flac.ogg"), "flac"),
    (include_bytes!("../../../fixtures/audio/speex.ogg"), "speex"),
];

const BEGINS: u8 = 2;
const ENDS: u8 = 4;

/// One page with one packet.
fn page(flags: u8, granule: u64, serial: u32, packet: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(granule.to_le_bytes());
    page.extend(serial.to_le_bytes());
    page.extend([0; 8]);
    let segments = packet.len() / 255 + 1;
    page.push(u8::try_from(segments).expect("a short packet"));
    page.resize(page.len() + segments - 1, 255);
    page.push(u8::try_from(packet.len() % 255).expect("a remainder"));
    page.extend(packet);
    page
}

/// The first packet of Opus with 312 samples to skip.
const OPUS_HEAD: &[u8] = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0";

/// An Opus file with the given granules, one page each; the last ends the stream.
fn opus(granules: &[u64]) -> Vec<u8> {
    let mut bytes = page(BEGINS, 0, 7, OPUS_HEAD);
    bytes.extend(page(0, 0, 7, b"OpusTags"));
    for (index, granule) in granules.iter().enumerate() {
        let flags = if index + 1 == granules.len() { ENDS } else { 0 };
        bytes.extend(page(flags, *granule, 7, &[0; 40]));
    }
    bytes
}

/// The first packet of Theora: 64x48 at 30,000/1,001 frames, pixels of 4:3, six bits of frames since a key frame.
fn theora_head() -> Vec<u8> {
    let mut head = b"\x80theora\x03\x02\x01\0\x04\0\x03\0\0\x40\0\0\x30\0\0".to_vec();
    head.extend(30_000_u32.to_be_bytes());
    head.extend(1001_u32.to_be_bytes());
    head.extend(*b"\0\0\x04\0\0\x03\0\0\0\0\0\xc0");
    head
}

fn duration(bytes: &[u8]) -> Option<(u128, bool)> {
    compare::millis(&read_whole(read, bytes).expect("an Ogg file"))
}

/// Returns whether the first bytes are detected as the format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(crate::media::sniff::sniff(head), crate::media::Format::Ogg)
}

#[test]
fn good_sounds_are_read() {
    for (bytes, codec) in SOUNDS {
        assert!(matches(bytes));
        let media = read_whole(read, bytes).expect("an Ogg file");
        assert_eq!(
            (media.format, compare::codecs(&media), media.kind()),
            (Format::Ogg, ("-", codec), Some(Kind::Audio))
        );
        // Speex leaves its look-ahead out of the count.
        let expected = if codec == "speex" { 191 } else { 200 };
        assert_eq!(compare::millis(&media), Some((expected, true)), "{codec}");
        check_reader(read, bytes);
    }
}

#[test]
fn good_pictures_are_read() {
    let media = read_whole(read, THEORA).expect("an Ogg file");
    assert_eq!((compare::codecs(&media), media.kind()), (("theora", "vorbis"), Some(Kind::Video)));
    assert_eq!((media.coded_size, media.display_size), (Some(Dimensions::new(64, 48)), Some(Dimensions::new(85, 48))));
    assert_eq!(media.video.and_then(|video| video.fps), Some(Measured::exact(25.0)));
    assert_eq!(duration(THEORA), Some((200, true)));
    check_reader(read, THEORA);
}

#[test]
fn wrong_and_empty_files_are_refused() {
    for bytes in [&b""[..], b"Ogg", b"OggS\x01", b"RIFF"] {
        assert!(!matches(bytes), "{bytes:?}");
        assert!(read_whole(read, bytes).is_err(), "{bytes:?}");
    }
    assert!(read_whole(read, &page(BEGINS, 0, 1, b"fishead\0")).is_err(), "no picture and no sound");
}

#[test]
fn cut_files_have_no_other_facts() {
    for (bytes, _) in SOUNDS {
        check_cuts(read, bytes);
    }
    check_cuts(read, THEORA);
}

#[test]
fn theora_counts_keyframes_and_the_frames_since() {
    let bytes =
        [page(BEGINS, 0, 1, &theora_head()), page(0, 1 << 6, 1, &[0; 9]), page(ENDS, (20 << 6) + 10, 1, &[0; 9])];
    let media = read_whole(read, &bytes.concat()).expect("an Ogg file");
    assert_eq!(compare::millis(&media), Some((1001, true)));
    assert_eq!(media.display_size, Some(Dimensions::new(85, 48)));
    assert!(media.video.and_then(|video| video.fps).is_some_and(|fps| (fps.value - 29.97).abs() < 0.001));
}

#[test]
fn theora_before_3_2_1_counts_from_zero() {
    let mut head = theora_head();
    head[9] = 0;
    let bytes = [page(BEGINS, 0, 1, &head), page(0, 1 << 6, 1, &[0; 9]), page(ENDS, (20 << 6) + 9, 1, &[0; 9])];
    assert_eq!(duration(&bytes.concat()), Some((967, false)), "the first page holds frame 1, so frame 0 is missing");
}

#[test]
fn frames_that_a_cut_left_over_are_counted() {
    let mut first = page(0, 1 << 6, 1, b"");
    first.splice(26.., [2, 1, 1, 0, 0]);
    let bytes = [page(BEGINS, 0, 1, &theora_head()), first, page(ENDS, (20 << 6) + 9, 1, &[0; 9])];
    assert_eq!(duration(&bytes.concat()), Some((1001, false)), "two frames on a page that counts one");
}

#[test]
fn samples_that_opus_skips_are_not_counted() {
    assert_eq!(duration(&opus(&[960, 48_312])), Some((1000, true)));
}

#[test]
fn m20_a_granule_of_minus_one_gives_no_time() {
    assert_eq!(duration(&opus(&[960, 48_312, u64::MAX])), Some((1000, true)));
    assert_eq!(duration(&opus(&[u64::MAX, u64::MAX])), None);
}

#[test]
fn m20_a_stream_without_its_end_is_not_exact() {
    let bytes = opus(&[960, 24_312, 48_312]);
    let last = bytes.len() - page(0, 0, 0, &[0; 40]).len();
    assert_eq!(duration(&bytes[..last]), Some((500, false)));
    assert_eq!(duration(&bytes[..last + 10]), Some((500, false)), "cut inside the last page");
    let truncated = |bytes: &[u8]| read_whole(read, bytes).expect("an Ogg file").truncated;
    assert_eq!((truncated(&bytes), truncated(&bytes[..last])), (None, None), "live streams end without a mark");
    assert_eq!(truncated(&bytes[..bytes.len() - 1]), Some("the file ends inside an Ogg page"));
}

#[test]
fn m20_chained_streams_have_no_duration() {
    let mut other = OPUS.to_vec();
    for at in (0..other.len() - 18).rev() {
        if &other[at..at + 4] == b"OggS" {
            other[at + 14] ^= 0x55;
        }
    }
    assert_eq!(duration(&other), Some((200, true)), "the other one is valid by itself");
    assert_eq!(duration(&[OPUS, &other].concat()), None);
    assert_eq!(duration(&[OPUS, OPUS].concat()), None, "with one serial number for both");
    let long = opus(&(1..3000).map(|page| page * 960).collect::<Vec<_>>());
    assert_eq!(duration(&[OPUS, &long].concat()), None, "the joint lies far before the end");
}

#[test]
fn m20_a_stream_that_starts_late_is_measured_from_there() {
    let late = 48_000 * 3600;
    assert_eq!(duration(&opus(&[late, late + 48_000])), Some((1120, false)), "the first page holds at most 120 ms");
}

#[test]
fn m20_a_million_pages_of_one_byte_are_not_walked() {
    let mut bytes = opus(&[960]);
    bytes.extend(page(0, 1000, 7, b"x").repeat(1_000_000));
    bytes.extend(page(ENDS, 48_312, 7, b"x"));
    assert_eq!(duration(&bytes), Some((1000, true)));
    let starts = page(BEGINS, 0, 1, b"x").repeat(1000);
    assert!(read_whole(read, &starts).is_err());
}

#[test]
fn the_end_is_requested_if_the_length_is_known() {
    let bytes = opus(&[960, 48_312]);
    let head = bytes[..bytes.len() - 80].to_vec();
    let wanted = ReadError::NeedMore((1 << 30) - 65_536..1 << 30);
    assert_eq!(read(&SparseBuffer::new(head.clone(), Some(1 << 30))), Err(wanted));
    let media = read(&SparseBuffer::new(head, None)).expect("an Ogg file");
    assert_eq!((media.audio, media.duration), (Some(Codec::Known("opus")), None));
}

#[test]
fn mutated_files_keep_the_invariants() {
    let built = opus(&[960, 48_312]);
    check_mutations(read, &[VORBIS, OPUS, THEORA, SOUNDS[2].0, SOUNDS[3].0, &built]);
}

proptest! {
    #[test]
    fn any_last_granule_round_trips(pages in 1_u64..400, skip in 0_u64..900) {
        let granules: Vec<_> = (1..=pages).map(|page| page * 960 + skip).collect();
        let played = (pages * 960 + skip).saturating_sub(312);
        let expected = timebase::ticks_to_duration(played, 48_000, 1).map(Measured::exact);
        let media = read_whole(read, &opus(&granules)).expect("an Ogg file");
        prop_assert_eq!(media.duration, expected);
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(flags in any::<u8>(), packet in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_whole(read, &page(flags, 5, 1, &packet));
        for name in [&b"\x80theora"[..], b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ", b"OVP80\x01"] {
            let _ = read_whole(read, &[page(BEGINS, 0, 1, &[name, &packet].concat()), page(flags, 5, 1, b"x")].concat());
        }
    }
}
