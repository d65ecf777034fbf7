//! Faults M12 to M15: wrong lengths, an index that is missing or compressed, numbers that cause a division by zero.

use std::time::Duration;

use super::builder::{MovieBuilder, atom, long_atom, words};
use super::*;

fn outcome(file: &[u8]) -> Result<Media, &'static str> {
    let (usual, miserly) = (Feeder::USUAL.feed(read, file), Feeder::MINIMAL.feed(read, file));
    assert_eq!(usual.is_ok(), miserly.is_ok(), "{usual:?} or {miserly:?}");
    usual.map_err(|error| error.what)
}

const NO_INDEX: &str = "it has no index (no `moov` box)";
const CUT: &str = "the file is cut short before its index (the `moov` box)";
const IMPOSSIBLE: &str = "a box has an impossible length";
const NOTHING: &str = "its index (the `moov` box) lists neither pictures nor sound";

#[test]
fn m12_wrong_lengths_outside_the_index() {
    let film = MovieBuilder::default();
    let sized = |size: u32| [&size.to_be_bytes()[..], b"mdat", &[0; 40]].concat();
    for (name, box_, expected) in [
        ("0", sized(0), NO_INDEX),
        ("2", sized(2), IMPOSSIBLE),
        ("7", sized(7), IMPOSSIBLE),
        ("beyond the end", sized(100_000), CUT),
        ("2^32-1", sized(u32::MAX), CUT),
        ("64 bits, 0", long_atom(b"mdat", 0, [0; 40]), IMPOSSIBLE),
        ("64 bits, 15", long_atom(b"mdat", 15, [0; 40]), IMPOSSIBLE),
        ("64 bits, 2^63", long_atom(b"mdat", 1 << 63, [0; 40]), CUT),
        ("64 bits, 2^64-1", long_atom(b"mdat", u64::MAX, [0; 40]), CUT),
        ("sixteen bytes", b"\xff\xff\xff\xffmdat\0\0\0\0\0\0\0\0"[..8].to_vec(), CUT),
    ] {
        assert_eq!(outcome(&[film.ftyp(), box_].concat()), Err(expected), "{name}");
    }
}

#[test]
fn m12_wrong_lengths_inside_the_index() {
    let film = MovieBuilder::default();
    let valid = outcome(&film.file());
    let first = |size: u32, kind: &[u8; 4]| [&size.to_be_bytes()[..], kind].concat();
    for (name, noise) in [
        ("a user box", atom(b"uuid", [0; 40])),
        ("a box cut at its parent", first(u32::MAX, b"udta")),
        ("a box to the end of its parent", first(0, b"udta")),
        ("an invalid box", first(3, b"udta")),
        ("seven strange bytes", vec![0; 7]),
        ("a box of 2^63 bytes", long_atom(b"udta", 1 << 63, [])),
    ] {
        let spoiled = MovieBuilder { after_track: noise, ..film.clone() };
        assert_eq!(outcome(&spoiled.file()), valid, "{name}");
    }
    assert_eq!(outcome(&[film.ftyp(), atom(b"moov", first(4, b"trak"))].concat()), Err(NOTHING));
    let short = atom(b"moov", atom(b"trak", atom(b"tkhd", [0; 20])));
    assert_eq!(outcome(&[film.ftyp(), short].concat()), Err("a box is too short for what it must hold"));
}

#[test]
fn m12_floods_and_deep_nesting() {
    let film = MovieBuilder::default();
    let flood = atom(b"free", "").repeat(1_000_000);
    for flooded in [[film.ftyp(), flood.clone()].concat(), [film.ftyp(), atom(b"moov", flood)].concat()] {
        assert_eq!(Feeder::USUAL.feed(read, &flooded).map_err(|error| error.what), Err(TOO_COMPLEX));
    }
    let deep = (0..10_000).fold(Vec::new(), |inner, _| atom(b"trak", inner));
    assert_eq!(outcome(&[film.ftyp(), atom(b"moov", deep)].concat()), Err(NOTHING));
    let deep = (0..10_000).fold(Vec::new(), |inner, _| atom(b"moov", inner));
    assert_eq!(outcome(&[film.ftyp(), deep].concat()), Err(NOTHING));
    let deep = (0..10_000).fold(Vec::new(), |inner, _| atom(b"wave", inner));
    let film = MovieBuilder { handler: b"soun", code: *b"mp4a", extensions: deep, ..film };
    assert!(outcome(&film.file()).is_ok());
}

#[test]
fn m13_the_index_is_missing_duplicated_compressed_or_truncated() {
    let film = MovieBuilder::default();
    let valid = outcome(&film.file());
    let mdat = atom(b"mdat", [0; 100]);
    assert_eq!(outcome(&[film.ftyp(), mdat.clone()].concat()), Err(NO_INDEX));
    assert_eq!(outcome(&[film.ftyp(), mdat.clone(), vec![0; 5]].concat()), Err(NO_INDEX));
    let other = MovieBuilder { size: (1, 1), ..film.clone() };
    assert_eq!(outcome(&[film.ftyp(), film.moov(), mdat.clone(), other.moov()].concat()), valid);
    let compressed = [film.ftyp(), atom(b"moov", atom(b"cmov", [0; 40])), mdat.clone()].concat();
    let media = outcome(&compressed).map(|media| (media.encoding_note, media.video, media.duration));
    assert_eq!(media, Ok((Some("compressed-index"), None, None)));
    let cut = film.file();
    let cut = &cut[..cut.len() - 120];
    assert_eq!(outcome(cut), Err("the file is cut short inside its index (the `moov` box)"));
    assert_eq!(outcome(&[film.ftyp(), atom(b"moov", "")].concat()), Err(NOTHING));
    let mut open = film.moov();
    open[..4].fill(0);
    assert_eq!(outcome(&[film.ftyp(), mdat, open].concat()), valid);
}

#[test]
fn m13_fragments_have_the_stated_duration_or_none() {
    let trex = atom(b"trex", words(&[0, 1, 1, 512, 0, 0]));
    let joined = |parts: &[&Vec<u8>]| parts.iter().copied().flatten().copied().collect::<Vec<_>>();
    let film = |mvex: &[&Vec<u8>]| MovieBuilder {
        after_track: atom(b"mvex", joined(mvex)),
        frames: vec![],
        ..MovieBuilder::default()
    };
    let length = |film: &MovieBuilder, after: &[&Vec<u8>]| {
        let media = outcome(&[film.ftyp(), film.moov(), joined(after)].concat()).expect("a valid file");
        (media.duration.map(|duration| duration.value.as_millis()), media.video.and_then(|video| video.fps))
    };
    let fps = Some(crate::media::Measured::estimated(25.0));
    let moof = [atom(b"moof", atom(b"mfhd", [0; 8])), atom(b"mdat", [0; 50])].concat();
    let sidx = |size: u32| atom(b"sidx", words(&[0, 1, 1_000, 0, 0, 1, size, 7_000, 0]));
    let pieces = moof.len().try_into().unwrap();
    let mehd = |ticks: u32| atom(b"mehd", words(&[0, ticks]));
    assert_eq!(length(&film(&[&trex]), &[&moof]), (None, fps));
    assert_eq!(length(&film(&[&mehd(9_000), &trex]), &[&moof]), (Some(9_000), fps));
    assert_eq!(length(&film(&[&mehd(0), &trex]), &[&moof]), (None, fps));
    assert_eq!(length(&film(&[&mehd(u32::MAX)]), &[&moof]), (None, None));
    assert_eq!(length(&film(&[&trex]), &[&sidx(pieces), &moof]), (Some(7_000), fps));
    let index = sidx(pieces);
    let each = [&index, &moof, &index, &moof];
    assert_eq!(length(&film(&[&trex]), &each), (None, fps), "an index of the first fragment alone");
    assert_eq!(length(&film(&[&trex]), &[&sidx(pieces), &moof, &atom(b"mfra", [0; 8])]).0, Some(7_000));
    assert_eq!(length(&film(&[&trex]), &[&atom(b"sidx", [0; 5]), &moof]), (None, fps), "a malformed index is ignored");
}

#[test]
fn m14_zero_divisors_and_absurd_numbers() {
    let film = MovieBuilder::default();
    let length = |film: MovieBuilder| outcome(&film.file()).map(|media| media.duration.map(|duration| duration.value));
    let seconds = |seconds| Ok(Some(Duration::from_secs(seconds)));
    assert_eq!(length(MovieBuilder { movie: (0, 4_000), ..film.clone() }), seconds(4), "that of the track");
    assert_eq!(length(MovieBuilder { movie: (1_000, 0), ..film.clone() }), seconds(4), "that of the track");
    assert_eq!(
        length(MovieBuilder { movie: (1_000, u32::MAX), ..film.clone() }),
        seconds(4),
        "unknown, so that of the track"
    );
    assert_eq!(length(MovieBuilder { movie: (1_000, 0), media: (0, 9), ..film.clone() }), Ok(None));
    assert_eq!(length(MovieBuilder { movie: (1, u32::MAX - 1), ..film.clone() }), seconds(u64::from(u32::MAX) - 1));
    let edits = |rows: &[u32]| atom(b"edts", atom(b"elst", [words(&[0, u32::MAX]), words(rows)].concat()));
    let negative = edits(&[500, u32::MAX, 0x10000, 1_500, 0x8000_0000, 0x10000]);
    assert_eq!(length(MovieBuilder { movie: (1_000, 0), before_media: negative, ..film.clone() }), seconds(2));
    let media = outcome(&MovieBuilder { track: (0, 0), ..film.clone() }.file()).expect("a valid file");
    assert_eq!(media.display_size, Some(Dimensions::new(640, 360)));
    let media = outcome(&MovieBuilder { size: (0, 360), ..film.clone() }.file()).expect("a film of unknown size");
    assert_eq!((media.coded_size, media.display_size, media.kind()), (None, None, Some(crate::media::Kind::Video)));
    for frames in [vec![], vec![(0, 0)], vec![(5, 0)]] {
        let media = outcome(&MovieBuilder { frames, ..film.clone() }.file()).expect("a valid file");
        assert_eq!(media.video.and_then(|video| video.fps), None);
    }
    let whole = MovieBuilder { media: (0, 0), ..film };
    assert_eq!(outcome(&whole.file()).expect("a valid file").video.and_then(|video| video.fps), None);
}

#[test]
fn m14_a_duration_of_64_bits() {
    let film = MovieBuilder::default();
    let header = |ticks: u64| {
        let numbers = [words(&[0x0100_0000, 0, 0, 0, 0, 1_000]), ticks.to_be_bytes().to_vec(), vec![0; 16]].concat();
        let matrix = words(&[0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000]);
        let moov = atom(b"moov", [atom(b"mvhd", [numbers, matrix].concat()), film.trak()].concat());
        let media = outcome(&[film.ftyp(), moov].concat()).expect("a valid file");
        media.duration.map(|duration| duration.value.as_millis())
    };
    assert_eq!(header(5_000), Some(5_000));
    assert_eq!(header(u64::MAX), Some(4_000), "unknown, so that of the track");
    assert_eq!(header(u64::MAX - 1), Some(4_000), "absurd, so that of the track");
}

#[test]
fn m15_counts_of_billions_in_a_small_file() {
    let film = MovieBuilder::default();
    let valid = outcome(&film.file()).expect("a valid file");
    let table = film.stts(usize::MAX);
    let (at, mut file) = (film.file(), film.file());
    let place = at.windows(4).position(|letters| letters == b"stts").expect("a frame table");
    file[place - 4..place - 4 + table.len()].copy_from_slice(&table);
    assert_eq!(outcome(&file), Ok(valid.clone()), "only the existing rows count");
    for kind in [b"stsz", b"stsc", b"stco", b"ctts"] {
        let noise = MovieBuilder { after_track: atom(kind, words(&[0, u32::MAX, u32::MAX])), ..film.clone() };
        assert_eq!(outcome(&noise.file()), Ok(valid.clone()), "{kind:?}");
    }
    let entries = [words(&[0, u32::MAX]), atom(b"avc1", [0; 78])].concat();
    let stbl = atom(b"stbl", atom(b"stsd", entries));
    let hdlr = atom(b"hdlr", [&[0; 8], &b"vide"[..], &[0; 13]].concat());
    let mdia = atom(b"mdia", [hdlr, atom(b"minf", stbl)].concat());
    let media = outcome(&[film.ftyp(), atom(b"moov", atom(b"trak", mdia))].concat());
    assert_eq!(media.map(|media| summary(&media)), Ok("mp4, h264".to_owned()));
    let refs = atom(b"tref", atom(b"chap", vec![0xff; 1 << 20]));
    assert!(outcome(&MovieBuilder { before_media: refs, ..film }.file()).is_ok());
}
