//! WAV files made by ffmpeg, and files built by the tests.

use proptest::prelude::*;

use super::*;
use crate::media::Codec;
use crate::media::testing::compare;
use crate::media::testing::feeder::{Feeder, read_whole};
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};

const GOOD: [(&[u8], &str); 10] = [
    (include_bytes!("../../../../fixtures/audio/s16.wav"), "pcm_s16le"),
    (include_bytes!("../../../../fixtures/audio/u8.wav"), "pcm_u8"),
    (include_bytes!("../../../../fixtures/audio/s24.wav"), "pcm_s24le"),
    (include_bytes!("../../../../fixtures/audio/float.wav"), "pcm_f32le"),
    (include_bytes!("../../../../fixtures/audio/alaw.wav"), "pcm_alaw"),
    (include_bytes!("../../../../fixtures/audio/mulaw.wav"), "pcm_mulaw"),
    (include_bytes!("../../../../fixtures/audio/rf64.wav"), "pcm_s16le"),
    (include_bytes!("../../../../fixtures/audio/piped.wav"), "pcm_s16le"),
    (include_bytes!("../../../../fixtures/audio/adpcm-ms.wav"), "adpcm_ms"),
    (include_bytes!("../../../../fixtures/audio/adpcm-ima.wav"), "adpcm_ima_wav"),
];

/// A WAV file: 16 bits, two channels, 8,000 samples per second, with the stated and the actual size of the data chunk.
fn wave(stated: u32, there: usize) -> Vec<u8> {
    let mut bytes =
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0\x10\0data".to_vec();
    bytes.extend(stated.to_le_bytes());
    bytes.resize(bytes.len() + there, 0);
    bytes
}

/// The offset of the format in [`wave`].
const FORMAT: usize = 20;

fn duration(bytes: &[u8]) -> Option<(u128, bool)> {
    compare::millis(&read_whole(read, bytes).expect("a WAV file"))
}

/// Returns whether the first bytes are detected as the format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(crate::media::sniff::sniff(head), crate::media::Format::Wav)
}

#[test]
fn good_files_are_read() {
    for (bytes, codec) in GOOD {
        assert!(matches(bytes));
        let media = read_whole(read, bytes).expect("a WAV file");
        assert_eq!((media.format, compare::codecs(&media)), (Format::Wav, ("-", codec)));
        let expected = if codec.starts_with("adpcm") { 200..=256 } else { 200..=200 };
        assert!(compare::millis(&media).is_some_and(|(time, exact)| exact && expected.contains(&time)), "{media:?}");
        check_reader(read, bytes);
    }
}

#[test]
fn wrong_and_empty_files_are_refused() {
    for bytes in [&b""[..], b"RIFF", b"RIFF\0\0\0\0AVI ", b"RF64"] {
        assert!(!matches(bytes), "{bytes:?}");
    }
    assert!(read_whole(read, b"").is_err());
    assert!(read_whole(read, b"RIFF\0\0\0\0WAVEdata\0\0\0\0").is_err(), "samples without a format");
    assert!(read_whole(read, b"RIFF\0\0\0\0WAVEfmt \x04\0\0\0\x01\0\x01\0").is_err(), "a format cut short");
}

#[test]
fn cut_files_have_no_other_facts() {
    // The duration of a piped file follows from its length alone, so a truncated one is another file.
    for (bytes, _) in GOOD.iter().filter(|(bytes, _)| bytes != &GOOD[7].0) {
        check_cuts(read, bytes);
    }
}

#[test]
fn m19_placeholder_sizes_are_replaced_by_the_file_length() {
    assert_eq!(duration(&wave(32_000, 32_000)), Some((1000, true)));
    assert_eq!(duration(&wave(u32::MAX, 32_000)), Some((1000, true)));
    assert_eq!(duration(&wave(0, 32_000)), Some((1000, false)), "other chunks may follow");
    assert_eq!(duration(&wave(0, 0)), Some((0, true)));
    assert_eq!(duration(&wave(32_001, 32_001)), Some((1000, true)), "an odd number");
    assert_eq!(duration(&wave(64_000, 32_000)), Some((1000, false)), "cut short");
    let piped =
        Feeder { head: 0, min_read: 0, is_length_known: false }.feed(read, &wave(u32::MAX, 0)).expect("a WAV file");
    assert_eq!(piped.duration, None, "of unknown length");
}

#[test]
fn m19_zero_channels_rate_and_block_do_not_divide() {
    let case = |offset: usize, length: usize, expected: Option<(u128, bool)>| {
        let mut bytes = wave(32_000, 32_000);
        bytes[FORMAT + offset..FORMAT + offset + length].fill(0);
        assert_eq!(duration(&bytes), expected, "zero at {offset}");
    };
    case(2, 2, Some((1000, true)));
    case(4, 4, None);
    case(12, 2, Some((1000, true)));
    case(2, 14, None);
    let mut compressed = wave(32_000, 32_000);
    compressed[FORMAT] = 2;
    assert_eq!(duration(&compressed), Some((1000, false)), "by the bit rate");
    compressed[FORMAT + 8..FORMAT + 12].fill(0);
    assert_eq!(duration(&compressed), None);
}

#[test]
fn m19_rf64_uses_ds64_only_for_a_placeholder_size() {
    let rf64 = |wide: u64, stated: u32| {
        let mut bytes = wave(stated, 32_000);
        bytes[..4].copy_from_slice(b"RF64");
        let mut ds64 = b"ds64\x1c\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        ds64.extend(wide.to_le_bytes());
        ds64.resize(36, 0);
        bytes.splice(12..12, ds64);
        duration(&bytes)
    };
    assert_eq!(rf64(32_000, u32::MAX), Some((1000, true)));
    assert_eq!(rf64(5, 32_000), Some((1000, true)));
    assert_eq!(rf64(u64::MAX, u32::MAX), Some((1000, false)));
    assert_eq!(rf64(0, u32::MAX), Some((0, true)));
}

#[test]
fn chunks_before_the_samples_are_skipped_unread() {
    let mut bytes = wave(32_000, 0);
    bytes.splice(12..12, *b"JUNK\xff\xff\xff\x7f");
    let behind = 20 + 0x8000_0000;
    assert_eq!(read(&SparseBuffer::new(bytes, Some(1 << 40))), Err(ReadError::NeedMore(behind..behind + 4)));
}

#[test]
fn mutated_files_keep_the_invariants() {
    check_mutations(read, &GOOD.map(|(bytes, _)| bytes));
}

proptest! {
    #[test]
    fn any_pcm_file_round_trips(
        channels in 1_u16..9, rate in 1_u32..400_000, sample in 1_u16..5, seconds in 0_u32..4, junk in 0_usize..70,
    ) {
        let block = channels * sample;
        let samples = (rate * seconds).min(2000);
        let mut bytes = b"RIFF\0\0\0\0WAVEJUNK".to_vec();
        bytes.extend(u32::try_from(junk).expect("small").to_le_bytes());
        bytes.resize(bytes.len() + junk.next_multiple_of(2), 7);
        bytes.extend(*b"fmt \x10\0\0\0\x01\0");
        bytes.extend(channels.to_le_bytes());
        bytes.extend(rate.to_le_bytes());
        bytes.extend((rate * u32::from(block)).to_le_bytes());
        bytes.extend(block.to_le_bytes());
        bytes.extend((sample * 8).to_le_bytes());
        bytes.extend(*b"data");
        let size = samples * u32::from(block);
        bytes.extend(size.to_le_bytes());
        bytes.resize(bytes.len() + size as usize, 0);
        let media = read_whole(read, &bytes).expect("a WAV file");
        let names = ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le"];
        prop_assert_eq!(media.audio, Some(Codec::Known(names[usize::from(sample) - 1])));
        // A size of zero is taken for a placeholder unless the file ends there.
        prop_assert_eq!(media.duration, timebase::ticks_to_duration(samples.into(), rate.into(), 1).map(Measured::exact));
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_whole(read, &[b"RIFF\0\0\0\0WAVE", &bytes[..]].concat());
    }
}
