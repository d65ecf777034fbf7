//! Every kind of valid file, built in memory.

use proptest::prelude::*;

use super::builder::{MovieBuilder, atom, long_atom, words};
use super::*;

fn facts(file: &[u8]) -> String {
    Feeder::USUAL.feed(read, file).map_or_else(|error| error.what.to_owned(), |media| summary(&media))
}

#[test]
fn the_brand_determines_the_format() {
    for (brand, format) in [
        (b"isom", Format::Mp4),
        (b"mp42", Format::Mp4),
        (b"xxxx", Format::Mp4),
        (b"qt  ", Format::Mov),
        (b"3gp5", Format::ThreeGp),
        (b"3g2a", Format::ThreeG2),
        (b"M4A ", Format::M4a),
        (b"M4V ", Format::Mp4),
    ] {
        let media = Feeder::USUAL.feed(read, &MovieBuilder { brand, ..MovieBuilder::default() }.file());
        assert_eq!(media.map(|media| media.format), Ok(format), "{brand:?}");
    }
    let old = [atom(b"wide", ""), atom(b"mdat", [0; 20]), MovieBuilder::default().moov()].concat();
    assert!(matches(&old));
    assert_eq!(facts(&old), "mov, 640x360, h264, 25.00 fps, 4.000 s");
}

#[test]
fn the_code_determines_the_codec() {
    let esds = |number: u8| {
        let config = [&[0x04, 0x80, 0x80, 0x80, 0x0d, number][..], &[0; 12]].concat();
        atom(b"esds", [&[0, 0, 0, 0, 0x03, 0x80, 0x80, 0x80, 0x19, 0, 1, 0][..], &config].concat())
    };
    let sinf = |code: &[u8; 4]| atom(b"sinf", atom(b"frma", code));
    for (code, extensions, expected) in [
        (b"hvc1", vec![], "hevc"),
        (b"dvh1", vec![], "hevc"),
        (b"ap4x", vec![], "prores, xq"),
        (b"mp4v", esds(0x20), "mpeg4"),
        (b"mp4v", esds(0x61), "mpeg2video"),
        (b"mp4v", esds(0x6c), "mjpeg"),
        (b"mp4v", esds(0xff), "mpeg4"),
        (b"mp4v", atom(b"esds", [0; 3]), "mpeg4"),
        (b"vp08", vec![], "vp8"),
        (b"s263", vec![], "h263"),
        (b"xyz\x1b", vec![], "other:xyz\\x1b"),
    ] {
        let film = MovieBuilder { code: *code, extensions, ..MovieBuilder::default() };
        assert_eq!(facts(&film.file()), format!("mp4, 640x360, {expected}, 25.00 fps, 4.000 s"));
    }
    let film = MovieBuilder { code: *b"encv", extensions: sinf(b"avc1"), ..MovieBuilder::default() };
    assert_eq!(facts(&film.file()), "mp4, 640x360, encrypted, h264, 25.00 fps, 4.000 s");
    for (code, extensions, expected) in [
        (b"mp4a", esds(0x40), "aac"),
        (b"mp4a", esds(0x6b), "mp3"),
        (b"mp4a", vec![], "aac"),
        (b"samr", vec![], "amr_nb"),
        (b"in24", vec![], "pcm_s24be"),
        (b"in24", atom(b"wave", atom(b"enda", [0, 1])), "pcm_s24le"),
        (b"ipcm", atom(b"pcmC", [0, 0, 0, 0, 1, 16]), "pcm_s16le"),
        (b"fpcm", atom(b"pcmC", [0, 0, 0, 0, 0, 64]), "pcm_f64be"),
        (b"ipcm", vec![], "other:ipcm"),
    ] {
        let film = MovieBuilder { handler: b"soun", code: *code, extensions, ..MovieBuilder::default() };
        assert_eq!(facts(&film.file()), format!("mp4, {expected}, 4.000 s"));
    }
}

#[test]
fn the_picture_is_cropped_scaled_and_rotated() {
    let clap = |width, height| atom(b"clap", words(&[width, 1, height, 1, 0, 1, 0, 1]));
    let pasp = |across, down| atom(b"pasp", words(&[across, down]));
    for (film, expected) in [
        (MovieBuilder::default(), "640x360"),
        (MovieBuilder { extensions: pasp(4, 3), ..MovieBuilder::default() }, "640x360, seen 853x360"),
        (MovieBuilder { extensions: clap(600, 300), ..MovieBuilder::default() }, "640x360, seen 600x300"),
        (
            MovieBuilder { extensions: [clap(600, 300), pasp(2, 1)].concat(), ..MovieBuilder::default() },
            "640x360, seen 1200x300",
        ),
        (MovieBuilder { extensions: clap(0, 300), ..MovieBuilder::default() }, "640x360"),
        (MovieBuilder { track: (480, 360), ..MovieBuilder::default() }, "640x360, seen 480x360"),
        (
            MovieBuilder { track: (360, 640), turn: [0, 1, -1, 0], ..MovieBuilder::default() },
            "640x360, seen 360x640, turned 90",
        ),
        (MovieBuilder { turn: [-1, 0, 0, -1], ..MovieBuilder::default() }, "640x360, turned 180"),
        (MovieBuilder { turn: [0, -1, 1, 0], ..MovieBuilder::default() }, "640x360, seen 360x640, turned 270"),
    ] {
        assert_eq!(facts(&film.file()), format!("mp4, {expected}, h264, 25.00 fps, 4.000 s"));
    }
}

#[test]
fn covers_and_chapter_previews_are_not_the_video_track() {
    let film = MovieBuilder::default();
    let still = MovieBuilder {
        code: *b"jpeg",
        size: (300, 300),
        track: (300, 300),
        frames: vec![(1, 51_200)],
        ..MovieBuilder::default()
    };
    let sound = MovieBuilder { handler: b"soun", code: *b"mp4a", ..MovieBuilder::default() };
    let together = |films: &[&MovieBuilder]| {
        let tracks: Vec<u8> = films.iter().flat_map(|film| film.trak()).collect();
        facts(&[film.ftyp(), atom(b"moov", [film.mvhd(), tracks].concat())].concat())
    };
    assert_eq!(together(&[&still, &film]), "mp4, 640x360, h264, 25.00 fps, 4.000 s");
    assert_eq!(together(&[&sound, &still]), "mp4, aac, 4.000 s");
    assert_eq!(together(&[&still]), "mp4, 300x300, mjpeg, 0.25 fps, 4.000 s");
    // All built tracks have ID 1, so a track whose chapters are track 1 makes every video track a preview.
    let chapters = MovieBuilder { before_media: atom(b"tref", atom(b"chap", words(&[1]))), ..sound.clone() };
    assert_eq!(together(&[&film, &chapters]), "mp4, aac, 4.000 s");
}

#[test]
fn an_index_at_the_end_costs_one_request() {
    let film = MovieBuilder::default();
    for frames in [200_000, 5_000_000] {
        let file = [film.ftyp(), atom(b"mdat", vec![0; frames]), film.moov()].concat();
        for length_known in [true, false] {
            let (media, asked) = Feeder { is_length_known: length_known, ..Feeder::USUAL }.feed_recorded(read, &file);
            assert!(media.is_ok());
            assert_eq!(asked.len(), 1, "{asked:?}");
        }
    }
    let long = MovieBuilder { after_track: atom(b"udta", vec![0; 3_000_000]), ..film };
    let file = [long.ftyp(), atom(b"mdat", vec![0; 200_000]), long.moov()].concat();
    let (media, asked) = Feeder::USUAL.feed_recorded(read, &file);
    assert!(media.is_ok());
    assert_eq!(asked.len(), 2, "the length of the index, then all of it: {asked:?}");
}

#[test]
fn an_index_too_large_to_buffer_is_read_box_by_box() {
    let film = MovieBuilder { after_track: atom(b"free", vec![0; 20 << 20]), ..MovieBuilder::default() };
    let noise = [atom(b"free", vec![0; 20 << 20]), film.mvhd(), film.trak()].concat();
    for file in [film.file(), [film.ftyp(), atom(b"moov", noise)].concat()] {
        let (media, asked) = Feeder::USUAL.feed_recorded(read, &file);
        assert_eq!(media.map(|media| summary(&media)), Ok("mp4, 640x360, h264, 25.00 fps, 4.000 s".to_owned()));
        let bytes: u64 = asked.iter().map(|range| range.end - range.start).sum();
        assert!(bytes < 10_000, "{bytes} bytes in {asked:?}");
    }
}

#[test]
fn a_picture_has_the_size_of_its_primary_item() {
    let ispe = |width, height| atom(b"ispe", words(&[0, width, height]));
    let clap = atom(b"clap", words(&[38, 1, 20, 1, 0, 1, 0, 1]));
    let meta = |turn: u8, links: &[u8]| {
        let listed = atom(b"ipco", [ispe(10, 10), ispe(40, 20), clap.clone(), atom(b"irot", [turn])].concat());
        let used = atom(b"ipma", [&words(&[0, 2])[..], &[0, 1, 1, 1, 0, 7], links].concat());
        let primary = atom(b"pitm", [0, 0, 0, 0, 0, 7]);
        atom(b"meta", [vec![0; 4], primary, atom(b"iprp", [listed, used].concat())].concat())
    };
    let brand = |brand| MovieBuilder { brand, ..MovieBuilder::default() }.ftyp();
    for (file, expected) in [
        ([brand(b"avif"), meta(0, &[1, 0x82])].concat(), "avif, 40x20"),
        ([brand(b"heic"), meta(1, &[2, 0x82, 4])].concat(), "heic, 40x20, seen 20x40"),
        ([brand(b"avif"), meta(2, &[3, 0x82, 3, 4])].concat(), "avif, 40x20, seen 38x20"),
        ([brand(b"avif"), meta(0, &[0])].concat(), "avif"),
        ([brand(b"avif"), meta(0, &[200, 2])].concat(), "avif"),
        ([brand(b"mif1"), atom(b"meta", [0; 4])].concat(), "heic"),
    ] {
        assert_eq!(facts(&file), expected);
    }
    let both = atom(b"ftyp", b"mif1\0\0\0\0mif1avif");
    assert_eq!(facts(&[both, meta(0, &[1, 2])].concat()), "avif, 40x20");
}

fn film() -> impl Strategy<Value = MovieBuilder> {
    let numbers = (1..=u32::MAX - 1, 1..=u32::MAX - 1, 1..=u16::MAX, 1..=u16::MAX, 1..100_000_u32, 1..100_000_u32);
    (numbers, 0..4_usize).prop_map(|((timescale, duration, width, height, count, each), turn)| MovieBuilder {
        movie: (timescale, duration),
        media: (timescale, duration),
        size: (width, height),
        track: (width.into(), height.into()),
        frames: vec![(count, each), (1, each)],
        turn: [[1, 0, 0, 1], [0, 1, -1, 0], [-1, 0, 0, -1], [0, -1, 1, 0]][turn],
        ..MovieBuilder::default()
    })
}

proptest! {
    #[test]
    fn built_files_round_trip(film in film(), index_first: bool, wide: bool, head in 12..4_000_usize, noise in 0..40_u32) {
        let mdat = if wide { long_atom(b"mdat", 1_016, [0; 1_000]) } else { atom(b"mdat", [0; 1_000]) };
        let free: Vec<u8> = (0..noise).flat_map(|length| atom(b"free", vec![b'x'; length as usize])).collect();
        let file = if index_first { [film.ftyp(), free, film.moov(), mdat].concat() } else { [film.ftyp(), mdat, free, film.moov()].concat() };
        let media = Feeder { head, min_read: 1, is_length_known: wide }.feed(read, &file);
        let media = media.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        let coded_size = Dimensions::new(film.size.0.into(), film.size.1.into());
        prop_assert_eq!(media.coded_size, Some(coded_size));
        let turned = film.turn[0] == 0;
        prop_assert_eq!(media.display_size, Some(if turned { coded_size.swapped() } else { coded_size }));
        let seconds = f64::from(film.movie.1) / f64::from(film.movie.0);
        let duration = media.duration.map_or(0.0, |duration| duration.value.as_secs_f64());
        prop_assert!((duration - seconds).abs() <= 1e-9 + seconds * 1e-12, "{} is not {}", duration, seconds);
        let fps = media.video.and_then(|video| video.fps).map_or(0.0, |fps| fps.value);
        let written = f64::from(film.media.0) / f64::from(film.frames[0].1);
        prop_assert!((fps - written).abs() <= written * 1e-12, "{} is not {}", fps, written);
    }
}
