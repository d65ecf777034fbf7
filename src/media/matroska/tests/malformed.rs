//! Fault M16: lengths that are unknown, endless or false.

use super::builder::{SegmentBuilder, VOID, element, float, lying, open, uint};
use super::*;

fn outcome(file: &[u8]) -> Result<Media, &'static str> {
    let (usual, miserly) = (Feeder::USUAL.feed(read, file), Feeder::MINIMAL.feed(read, file));
    assert_eq!(usual.is_ok(), miserly.is_ok(), "{usual:?} or {miserly:?}");
    usual.map_err(|error| error.what)
}

const OPEN: &str = "an element has an unknown size where that is invalid";
const LARGER: &str = "an element is larger than the one around it";
const NO_TRACKS: &str = "it has no list of tracks";
const EARLY: &str = "the file ends too early";

fn segment(contents: &[Vec<u8>]) -> Vec<u8> {
    [SegmentBuilder::default().header(), element(SEGMENT, contents.concat())].concat()
}

#[test]
fn m16_unknown_lengths() {
    let film = SegmentBuilder::default();
    let valid = outcome(&film.file());
    let live = [film.header(), open(SEGMENT, [film.info(), film.tracks(), open(CLUSTER, [0; 50])].concat())].concat();
    assert_eq!(outcome(&live), valid);
    let info = open(INFO, [uint(0x002a_d7b1, 1_000_000), float(0x4489, 4_000.0)].concat());
    assert_eq!(outcome(&segment(&[info, open(TRACKS, film.entry()), open(CLUSTER, [0; 50])])), valid);
    assert_eq!(outcome(&segment(&[film.info(), open(TRACKS, film.entry())])), valid, "to the end of the file");
    let nested = open(TRACKS, open(0xae, open(0xe0, uint(0xb0, 640))));
    assert_eq!(outcome(&segment(&[film.info(), nested])), Err(OPEN));
    assert_eq!(outcome(&segment(&[film.info(), element(TRACKS, open(0xae, film.entry()))])), Err(OPEN));
    let deep = (0..10_000).fold(film.entry(), |inner, _| open(0xae, inner));
    assert_eq!(outcome(&segment(&[element(TRACKS, deep)])), Err(OPEN));
    let deep = (0..10_000).fold(film.tracks(), |inner, _| open(SEGMENT, inner));
    assert_eq!(outcome(&[film.header(), deep].concat()), Err(NO_TRACKS), "a segment in a segment ends the first");
}

#[test]
fn m16_wrong_lengths() {
    let film = SegmentBuilder::default();
    let most = (1 << 56) - 2;
    for (name, file, expected) in [
        ("the header", lying(EBML, most, [0; 20]), "there is no valid element where one must start"),
        ("the info", segment(&[lying(INFO, most, [0; 20]), film.tracks()]), NO_TRACKS),
        ("the tracks", segment(&[film.info(), lying(TRACKS, 5_000, film.entry())]), EARLY),
        ("all the tracks", segment(&[film.info(), lying(TRACKS, most, film.entry())]), EARLY),
        ("a track", segment(&[element(TRACKS, lying(0xae, 5_000, film.entry()))]), LARGER),
        ("a field", segment(&[element(TRACKS, element(0xae, lying(0x83, 9, [1])))]), LARGER),
        ("a number", segment(&[element(TRACKS, element(0xae, element(0x83, [0; 9])))]), "a number is too long"),
        ("private data", SegmentBuilder { extra: lying(0x63a2, most, [0; 4]), ..film.clone() }.file(), LARGER),
        ("a void", segment(&[lying(VOID, most, [0; 4]), film.info(), film.tracks()]), NO_TRACKS),
    ] {
        assert_eq!(outcome(&file), Err(expected), "{name}");
    }
    let mut whole = film.file();
    let place = film.header().len() + 4;
    whole[place..place + 8].copy_from_slice(&(most | 1 << 56).to_be_bytes());
    let longer = outcome(&whole).expect("facts");
    assert!(longer.truncated.is_some(), "a segment longer than the file");
    assert_eq!(Ok(Media { truncated: None, ..longer }), outcome(&film.file()));
}

#[test]
fn m16_floods_and_deep_nesting() {
    let film = SegmentBuilder::default();
    let flood = element(VOID, []).repeat(1_000_000);
    let flooded = |contents: &[Vec<u8>]| Feeder::USUAL.feed(read, &segment(contents)).map_err(|error| error.what);
    assert_eq!(flooded(std::slice::from_ref(&flood)), Err(TOO_COMPLEX));
    let nothing = "its list of tracks has neither pictures nor sound";
    assert_eq!(flooded(&[element(TRACKS, &flood)]), Err(nothing));
    let valid = outcome(&film.file());
    assert_eq!(outcome(&segment(&[element(VOID, vec![0; 1 << 20]), film.info(), film.tracks()])), valid);
    let deep = (0..10_000).fold(film.entry(), |inner, _| element(0xae, inner));
    assert_eq!(outcome(&segment(&[element(TRACKS, deep)])), Err("its list of tracks has neither pictures nor sound"));
}

#[test]
fn m16_invalid_numbers() {
    for length in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE] {
        let media = outcome(&SegmentBuilder { length: Some(length), ..SegmentBuilder::default() }.file());
        assert_eq!(media.map(|media| media.duration), Ok(None), "{length}");
    }
    for scale in [0, u64::MAX] {
        let film = SegmentBuilder { scale, length: Some(1e300), ..SegmentBuilder::default() };
        assert_eq!(outcome(&film.file()).map(|media| media.duration), Ok(None), "{scale}");
    }
    for size in [(0, 0), (0, 360), (u64::MAX, 1)] {
        let film = SegmentBuilder { size, ..SegmentBuilder::default() };
        assert_eq!(
            outcome(&film.file()).map(|media| (media.coded_size, media.display_size)),
            Ok((None, None)),
            "{size:?}"
        );
    }
    for frame in [0, u64::MAX] {
        let fps = outcome(&SegmentBuilder { frame, ..SegmentBuilder::default() }.file())
            .map(|media| media.video.and_then(|video| video.fps));
        assert!(fps.is_ok_and(|fps| fps.is_none_or(|fps| fps.value.is_finite() && fps.value > 0.0)), "{frame}");
    }
}
