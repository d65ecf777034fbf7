//! Checks of all image readers: prefixes, cuts, flipped bits, mutations, and images built at random.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]

use proptest::prelude::*;

use crate::media::registry::FORMATS;
use crate::media::sniff::sniff;
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::testing::builders::{self, Jpeg, Png, Webp};
use crate::media::testing::fixtures::fixtures;
use crate::media::testing::invariants::check_mutations;
use crate::media::{Format, Media};
use crate::units::{AspectRatioRange, Dimensions};

/// Every fixture that is an image by its first bytes.
fn images() -> Vec<(String, Vec<u8>, Format)> {
    let named = fixtures("images", &[]).into_iter().map(|(name, bytes)| (sniff(&bytes), name, bytes));
    let images: Vec<_> = named
        .filter(|(format, ..)| (FORMATS.reader)(*format).is_some())
        .map(|(format, name, bytes)| (name, bytes, format))
        .collect();
    assert!(images.len() > 45, "only {}", images.len());
    images
}

/// Reads the beginning of a longer file whose length is not known, or a whole file.
fn read(bytes: &[u8], format: Format, total: Option<u64>) -> Result<Media, ReadError> {
    (FORMATS.reader)(format).expect("a reader")(&SparseBuffer::new(bytes.to_vec(), total))
}

fn read_whole(bytes: &[u8], format: Format) -> Result<Media, ReadError> {
    read(bytes, format, Some(bytes.len() as u64))
}

/// Checks that once a prefix of one of these lengths decides, every longer one gives the same result.
fn assert_monotone(name: &str, bytes: &[u8], format: Format, lengths: impl Iterator<Item = usize>) {
    let mut decided: Option<(usize, Result<Media, ReadError>)> = None;
    for length in lengths {
        let said = read(&bytes[..length], format, None);
        match (&decided, said) {
            (None, Err(ReadError::NeedMore(range))) => {
                assert!(range.start < range.end, "{name} at {length}: an empty request");
            }
            (None, said) => decided = Some((length, said)),
            (Some((first, before)), said) => assert_eq!(*before, said, "{name}: {first} bytes against {length}"),
        }
    }
}

#[test]
fn m01_a_longer_prefix_never_changes_a_decided_fact() {
    for (name, bytes, format) in images() {
        let lengths = (0..=bytes.len().min(4096)).chain([bytes.len()]);
        assert_monotone(&name, &bytes, format, lengths);
    }
}

#[test]
fn m01_a_file_cut_at_any_length_gives_true_facts_or_none() {
    for (name, bytes, format) in images() {
        let whole = read_whole(&bytes, format);
        for length in 0..bytes.len().min(4096) {
            match (read_whole(&bytes[..length], format), &whole) {
                (Ok(media), Ok(whole)) if media.coded_size.is_some() => {
                    assert_eq!(media, *whole, "{name} cut at {length}");
                }
                (Ok(media), _) => assert_eq!(media, Media::new(format), "{name} cut at {length}"),
                (Err(ReadError::Malformed(_) | ReadError::TooComplex), _) => {}
                (Err(ReadError::NeedMore(range)), _) => {
                    panic!("{name} cut at {length}: {range:?} is requested of a whole file")
                }
            }
        }
    }
}

#[test]
fn m02_no_flipped_bit_in_the_first_bytes_panics_or_contradicts_itself() {
    let names = [
        "rotated-6.jpg",
        "cmyk.jpg",
        "rotated-6.png",
        "apng.png",
        "lossy.webp",
        "lossless.webp",
        "exif.webp",
        "animated.webp",
        "still.gif",
        "old.tiff",
        "old.bmp",
        "old.ico",
        "photo.avif",
        "photo.heic",
    ];
    for (name, mut bytes, format) in images().into_iter().filter(|(name, ..)| names.contains(&name.as_str())) {
        for at in 0..bytes.len().min(512) {
            for flip in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] {
                bytes[at] ^= flip;
                sniff(&bytes);
                let said = read_whole(&bytes, format);
                assert!(
                    !matches!(said, Err(ReadError::NeedMore(_))),
                    "{name}: {said:?} with byte {at} flipped by {flip:x}"
                );
                if flip == 0xff {
                    assert_monotone(&name, &bytes, format, (0..=bytes.len()).step_by(97).chain([bytes.len()]));
                }
                bytes[at] ^= flip;
            }
        }
    }
}

#[test]
fn m22_ratios_at_the_edge_are_exact() {
    let window = AspectRatioRange::parse("0.5:2.358").expect("a window");
    let case = |name: &str, inside: bool| {
        let media = read_whole(&builders::fixture(name), Format::Png).expect(name);
        let ratio = media.display_size.and_then(Dimensions::ratio).expect("a ratio");
        assert_eq!(window.contains(ratio), inside, "{name}: {ratio}");
    };
    case("500x1000.png", true);
    case("499x1000.png", false);
    case("2358x1000.png", true);
    case("2359x1000.png", false);
    case("8000x1.png", false);
    case("1x8000.png", false);
}

#[test]
fn m23_the_leading_signature_decides() {
    let jpeg = [Jpeg::default().bytes(), b"<?php __HALT_COMPILER(); ?>".to_vec(), b"PK\x03\x04".to_vec()].concat();
    for (bytes, format) in [
        (builders::fixture("polyglot.gif"), Format::Gif),
        (builders::fixture("png-and-zip.png"), Format::Png),
        (jpeg, Format::Jpeg),
    ] {
        assert_eq!(sniff(&bytes), format);
        let media = read_whole(&bytes, format).expect("facts");
        assert_eq!((media.format, media.coded_size), (format, Some(Dimensions::new(64, 48))));
    }
}

#[test]
fn mutated_images_keep_the_invariants() {
    for format in [Format::Jpeg, Format::Png, Format::Webp] {
        let images = images();
        let good: Vec<&[u8]> =
            images.iter().filter(|image| image.2 == format).map(|(_, bytes, _)| bytes.as_slice()).collect();
        check_mutations((FORMATS.reader)(format).expect("a reader"), &good);
    }
}

fn turned(coded_size: Dimensions, orientation: Option<u8>) -> Dimensions {
    if orientation.is_some_and(|value| value >= 5) { coded_size.swapped() } else { coded_size }
}

/// Orientation tags as files have them: none, valid ones, and occasionally an invalid one.
fn orientations() -> impl Strategy<Value = Option<u8>> {
    proptest::option::of(0..=9_u8)
}

fn valid(orientation: Option<u8>) -> Option<u8> {
    orientation.filter(|value| (1..=8).contains(value))
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), pick in 0..9_usize) {
        use Format::{Avif, Bmp, Gif, Heic, Ico, Jpeg, Png, Tiff, Webp};
        sniff(&bytes);
        let format = [Avif, Bmp, Gif, Heic, Ico, Jpeg, Png, Tiff, Webp][pick];
        let said = read_whole(&bytes, format);
        prop_assert!(!matches!(said, Err(ReadError::NeedMore(_))));
    }

    #[test]
    fn a_built_jpeg_gives_its_facts_back(
        size in (1..=u16::MAX, 1..=u16::MAX),
        orientation in orientations(),
        low_first in any::<bool>(),
        before in proptest::collection::vec((0xe2..=0xef_u8, 0..300_usize), 0..5),
        fill in 0..40_usize,
        frame in 0xc0..=0xc2_u8,
    ) {
        let mut segments: Vec<_> =
            before.iter().map(|(marker, length)| builders::segment(*marker, &vec![0xff; *length])).collect();
        segments.extend(orientation.map(|turn| builders::segment(0xe1, &builders::exif(turn, low_first))));
        let bytes = Jpeg { size, segments, fill, frame, channels: 3 }.bytes();
        prop_assert_eq!(sniff(&bytes), Format::Jpeg);
        let media = builders::read_image(&bytes, Format::Jpeg).expect("facts");
        let coded_size = Dimensions::new(size.0.into(), size.1.into());
        prop_assert_eq!((media.coded_size, media.orientation), (Some(coded_size), valid(orientation)));
        prop_assert_eq!(media.display_size, Some(turned(coded_size, valid(orientation))));
    }

    #[test]
    fn a_built_png_gives_its_facts_back(
        size in (1..=0x7fff_ffff_u32, 1..=0x7fff_ffff_u32),
        orientation in orientations(),
        low_first in any::<bool>(),
        frames in proptest::option::of(any::<u32>()),
        text in proptest::collection::vec(0..300_usize, 0..5),
    ) {
        let mut chunks: Vec<_> = text.iter().map(|length| (*b"tEXt", vec![b'x'; *length])).collect();
        chunks.extend(frames.map(|frames| (*b"acTL", [frames.to_be_bytes(), [0; 4]].concat())));
        chunks.extend(orientation.map(|turn| (*b"eXIf", builders::exif(turn, low_first)[6..].to_vec())));
        let size = Dimensions::new(size.0, size.1);
        let bytes = Png { size, chunks, ..Png::default() }.bytes();
        prop_assert_eq!(sniff(&bytes), Format::Png);
        let media = builders::read_image(&bytes, Format::Png).expect("facts");
        prop_assert_eq!((media.coded_size, media.orientation), (Some(size), valid(orientation)));
        prop_assert_eq!(media.display_size, Some(turned(size, valid(orientation))));
        prop_assert_eq!(media.animated, frames.is_some_and(|frames| (2..=0x7fff_ffff).contains(&frames)));
    }

    #[test]
    fn a_built_webp_gives_its_facts_back(
        size in (1..=16_383_u32, 1..=16_383_u32),
        lossless in any::<bool>(),
        profile in proptest::option::of(0..300_usize),
        orientation in orientations(),
    ) {
        let size = Dimensions::new(size.0, size.1);
        let bytes = Webp { size, lossless, profile: profile.map(|length| vec![1; length]), orientation }.bytes();
        prop_assert_eq!(sniff(&bytes), Format::Webp);
        let media = builders::read_image(&bytes, Format::Webp).expect("facts");
        prop_assert_eq!((media.coded_size, media.orientation), (Some(size), valid(orientation)));
        prop_assert_eq!(media.display_size, Some(turned(size, valid(orientation))));
    }
}
