//! Faults thrown at every picture reader: cuts, flips, mutations, and files built at random.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]

use std::io::Cursor;

use image::{ImageDecoder as _, ImageFormat, ImageReader};
use proptest::prelude::*;

use super::specimen::{self, Jpeg, Png, Webp};
use crate::media::sniff::sniff;
use crate::media::sparse_buffer::ReadError;
use crate::media::{Format, Media};
use crate::units::{Dimensions, RatioWindow};

/// Every fixture that is a picture by its first bytes.
fn pictures() -> Vec<(String, Vec<u8>, Format)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/images");
    let mut pictures: Vec<_> = std::fs::read_dir(folder)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .map(|name| (specimen::fixture(&name), name))
        .map(|(bytes, name)| (name, sniff(&bytes), bytes))
        .filter(|(_, format, _)| format.kind().is_some())
        .map(|(name, format, bytes)| (name, bytes, format))
        .collect();
    pictures.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(pictures.len() > 50);
    pictures
}

/// Checks that what a prefix of the given lengths decides, every longer one decides alike.
fn assert_monotone(name: &str, bytes: &[u8], format: Format, lengths: impl Iterator<Item = usize>) {
    let mut decided: Option<(usize, Result<Media, ReadError>)> = None;
    for length in lengths {
        let said = specimen::prefix(&bytes[..length], format);
        match (&decided, said) {
            (None, Err(ReadError::Need(range))) => {
                assert!(range.start < range.end, "{name} at {length}: an empty wish")
            }
            (None, said) => decided = Some((length, said)),
            (Some((first, before)), said) => assert_eq!(*before, said, "{name}: {first} bytes against {length}"),
        }
    }
}

#[test]
fn m01_a_longer_prefix_never_changes_a_decided_fact() {
    for (name, bytes, format) in pictures() {
        let lengths = (0..=bytes.len().min(4096)).chain([bytes.len()]);
        assert_monotone(&name, &bytes, format, lengths);
    }
}

#[test]
fn m01_a_file_cut_at_any_length_gives_true_facts_or_none() {
    for (name, bytes, format) in pictures() {
        let whole = specimen::whole(&bytes, format);
        for length in 0..bytes.len().min(4096) {
            match (specimen::whole(&bytes[..length], format), &whole) {
                (Ok(media), Ok(whole)) if media.stored.is_some() => assert_eq!(media, *whole, "{name} cut at {length}"),
                (Ok(media), _) => assert_eq!(media, Media::new(format), "{name} cut at {length}"),
                (Err(ReadError::Broken(_)), _) => {}
                (Err(ReadError::Need(range)), _) => {
                    panic!("{name} cut at {length}: {range:?} is wanted of a whole file")
                }
            }
        }
    }
}

#[test]
fn m02_no_flip_in_the_first_bytes_panics_or_contradicts_itself() {
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
    for (name, mut bytes, format) in pictures().into_iter().filter(|(name, ..)| names.contains(&name.as_str())) {
        for at in 0..bytes.len().min(512) {
            for flip in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] {
                bytes[at] ^= flip;
                sniff(&bytes);
                let said = specimen::whole(&bytes, format);
                assert!(!matches!(said, Err(ReadError::Need(_))), "{name}: {said:?} with byte {at} turned by {flip:x}");
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
    let window = RatioWindow::parse("0.5:2.358").expect("a window");
    let case = |name: &str, inside: bool| {
        let media = specimen::whole(&specimen::fixture(name), Format::Png).expect(name);
        let ratio = media.displayed.and_then(Dimensions::ratio).expect("a ratio");
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
fn m23_the_leading_magic_gives_the_one_verdict() {
    let jpeg = [Jpeg::default().bytes(), b"<?php __HALT_COMPILER(); ?>".to_vec(), b"PK\x03\x04".to_vec()].concat();
    for (bytes, format) in [
        (specimen::fixture("polyglot.gif"), Format::Gif),
        (specimen::fixture("png-and-zip.png"), Format::Png),
        (jpeg, Format::Jpeg),
    ] {
        assert_eq!(sniff(&bytes), format);
        let media = specimen::whole(&bytes, format).expect("facts");
        assert_eq!((media.format, media.stored), (format, Some(Dimensions::new(64, 48))));
    }
}

/// Fixtures on which the `image` crate and this reader differ: which of the two answers, and why.
const OPINIONS_DIFFER: &[(&str, bool, &str)] = &[
    ("arithmetic.jpg", true, "it does not know arithmetic coding, libjpeg does"),
    ("lossless.jpg", true, "it does not know lossless JPEG"),
    ("twelve-bit.jpg", true, "it does not know 12 bits a sample"),
    ("icc-300k.jpg", true, "it wants the scan, which was cut away"),
    ("half.jpg", true, "it wants the whole file, of which the header is enough"),
    ("canvas-mismatch.webp", false, "it finds out when it decodes; dwebp refuses: BITSTREAM_ERROR"),
];

#[test]
fn another_reader_sees_the_same() {
    let mut compared = 0;
    for (name, bytes, format) in pictures() {
        let Some(read_as) = ImageFormat::from_extension(format.id()) else { continue };
        if !matches!(format, Format::Jpeg | Format::Png | Format::Webp) {
            continue;
        }
        let theirs = ImageReader::with_format(Cursor::new(&bytes), read_as).into_decoder().ok().map(|mut decoder| {
            let turn = decoder.orientation().map_or(1, image::metadata::Orientation::to_exif);
            (decoder.dimensions(), turn)
        });
        let ours = specimen::whole(&bytes, format).ok().and_then(|media| {
            let stored = media.stored?;
            Some(((stored.width, stored.height), media.orientation.unwrap_or(1)))
        });
        match OPINIONS_DIFFER.iter().find(|(other, ..)| *other == name) {
            Some((_, is_ours, why)) => {
                assert_eq!((ours.is_some(), theirs.is_some()), (*is_ours, !is_ours), "{name} is excused: {why}");
            }
            None => assert_eq!(ours, theirs, "{name}"),
        }
        compared += 1;
    }
    assert!(compared > 30, "only {compared} compared");
}

#[test]
fn two_thousand_mutants_panic_no_reader() {
    let pictures = pictures();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits") % below.max(1)
    };
    for _ in 0..2_000 {
        let (name, original, format) = &pictures[random(pictures.len())];
        let mut bytes = original.clone();
        for _ in 0..=random(20) {
            let at = random(bytes.len().min(2048));
            let end = (at + random(64)).min(bytes.len());
            match random(6) {
                0 if !bytes.is_empty() => bytes[at] = u8::try_from(random(256)).expect("a byte"),
                1 => drop(bytes.drain(at..end)),
                2 => bytes[at..end].fill(0xff),
                3 => bytes[at..end].fill(0),
                4 => drop(bytes.splice(at..at, original[..random(original.len())].to_vec())),
                _ => bytes.truncate(at.max(random(bytes.len()))),
            }
        }
        for format in [*format, sniff(&bytes)] {
            let said = specimen::whole(&bytes, format);
            assert!(!matches!(said, Err(ReadError::Need(_))), "{name}: {said:?}");
            assert_monotone(name, &bytes, format, (0..=bytes.len()).step_by(bytes.len() / 8 + 1));
        }
    }
}

fn turned(stored: Dimensions, orientation: Option<u8>) -> Dimensions {
    if orientation.is_some_and(|value| value >= 5) { stored.swapped() } else { stored }
}

/// Orientation tags as files have them: none, valid ones, and now and then an invalid one.
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
        let said = specimen::whole(&bytes, format);
        prop_assert!(!matches!(said, Err(ReadError::Need(_))));
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
            before.iter().map(|(marker, length)| specimen::segment(*marker, &vec![0xff; *length])).collect();
        segments.extend(orientation.map(|turn| specimen::segment(0xe1, &specimen::exif(turn, low_first))));
        let bytes = Jpeg { size, segments, fill, frame, channels: 3 }.bytes();
        prop_assert_eq!(sniff(&bytes), Format::Jpeg);
        let media = specimen::feed(&bytes, Format::Jpeg).facts.expect("facts");
        let stored = Dimensions::new(size.0.into(), size.1.into());
        prop_assert_eq!((media.stored, media.orientation), (Some(stored), valid(orientation)));
        prop_assert_eq!(media.displayed, Some(turned(stored, valid(orientation))));
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
        chunks.extend(orientation.map(|turn| (*b"eXIf", specimen::exif(turn, low_first)[6..].to_vec())));
        let size = Dimensions::new(size.0, size.1);
        let bytes = Png { size, chunks, ..Png::default() }.bytes();
        prop_assert_eq!(sniff(&bytes), Format::Png);
        let media = specimen::feed(&bytes, Format::Png).facts.expect("facts");
        prop_assert_eq!((media.stored, media.orientation), (Some(size), valid(orientation)));
        prop_assert_eq!(media.displayed, Some(turned(size, valid(orientation))));
        prop_assert_eq!(media.animated, frames.is_some_and(|frames| frames > 1));
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
        let media = specimen::feed(&bytes, Format::Webp).facts.expect("facts");
        prop_assert_eq!((media.stored, media.orientation), (Some(size), valid(orientation)));
        prop_assert_eq!(media.displayed, Some(turned(size, valid(orientation))));
    }
}
