//! The header reader, with format readers that request ranges which are hard to serve.

use std::time::Duration;

use super::*;
use crate::media::registry::ReadFn;
use crate::media::sparse_buffer::malformed;
use crate::media::{Codec, Kind, Measured};

/// A file whose first byte is its format and whose other bytes encode their offset.
fn file(kind: u8, length: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length).map(|place| u8::try_from(place % 251).expect("below 251")).collect();
    if let Some(first) = bytes.first_mut() {
        *first = kind;
    }
    bytes
}

const LEAPING: u8 = 1;
const GROWING: u8 = 2;
const BROKEN: u8 = 3;
const SOUND: u8 = 4;
const STATED: u8 = 5;

const TEST_FORMATS: Registry = Registry {
    sniff: |head| match head.first() {
        Some(&LEAPING) => Format::Mp4,
        Some(&GROWING) => Format::Png,
        Some(&BROKEN) => Format::Jpeg,
        Some(&SOUND) => Format::Mp3,
        Some(&STATED) => Format::Aac,
        Some(b'<') => Format::Html,
        Some(b'8') => Format::Psd,
        _ => Format::Unknown,
    },
    reader: |format| {
        const READERS: [(Format, ReadFn); 5] = [
            (Format::Mp4, leap),
            (Format::Png, grow),
            (Format::Jpeg, |_| Err(malformed(7, "it is broken"))),
            (Format::Mp3, |_| Ok(playing(Measured::estimated(Duration::from_secs(9))))),
            (Format::Aac, |_| Ok(playing(Measured::exact(Duration::from_secs(9))))),
        ];
        READERS.iter().find(|(known, _)| *known == format).map(|(_, reader)| *reader)
    },
    scan: |format| match format.kind() {
        Some(Kind::Audio) => Some(Box::new(Counter(0))),
        Some(Kind::Image | Kind::Video) | None => None,
    },
};

/// Counts a second for each byte.
struct Counter(u64);

impl StreamScan for Counter {
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        self.0 += rest.len() as u64;
        Some(rest.len() as u64)
    }

    fn complete(&self, media: &mut Media, _: &[u8]) {
        media.duration = Some(Measured::exact(Duration::from_secs(self.0)));
    }
}

fn playing(duration: Measured<Duration>) -> Media {
    Media { duration: Some(duration), ..Media::new(Format::Mp3) }
}

/// Requests the end, then the middle, then a range that extends beyond the buffered bytes.
fn leap(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    for (at, length) in [(900_000, 8), (300_000, 4), (65_530, 20), (900_004, 4)] {
        let bytes = buffer.bytes(at, length)?;
        let expected: Vec<u8> = (at..).take(length).map(|place| u8::try_from(place % 251).expect("byte")).collect();
        assert_eq!(bytes, expected, "{at}");
    }
    Ok(Media { audio: Some(Codec::Known("found")), ..Media::new(Format::Mp4) })
}

/// Reads the whole file in small steps.
fn grow(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    for at in (0..600_000).step_by(1000) {
        buffer.bytes(at, 1000)?;
    }
    Ok(Media::new(Format::Png))
}

/// Feeds the requested ranges and returns them.
fn serve(reader: &mut HeaderReader, file: &[u8]) -> Vec<Range<u64>> {
    let mut asked = Vec::new();
    while let Some(range) = reader.wanted_range() {
        assert!(asked.len() < 100, "{asked:?}");
        let end = usize::try_from(range.end).expect("small").min(file.len());
        reader.feed(range.start, &file[usize::try_from(range.start).expect("small")..end]);
        asked.push(range.clone());
        if (end as u64) < range.end {
            break;
        }
    }
    asked
}

#[test]
fn ranges_are_fetched_in_the_order_of_the_reader() {
    let file = file(LEAPING, 1_000_000);
    let mut reader = HeaderReader::with(TEST_FORMATS, Some(1_000_000), STEP);
    let asked = serve(&mut reader, &file);
    assert_eq!(asked, [0..65_536, 900_000..965_536, 300_000..365_536, 65_536..131_072]);
    assert!(matches!(reader.finish(Some(1_000_000)), ContentState::Media(media) if media.audio.is_some()));
}

#[test]
fn steps_double_and_stop_at_the_end() {
    let file = file(GROWING, 600_000);
    let mut reader = HeaderReader::with(TEST_FORMATS, Some(600_000), STEP);
    assert_eq!(
        serve(&mut reader, &file),
        [0..65_536, 65_536..131_072, 131_072..262_144, 262_144..524_288, 524_288..600_000]
    );
    assert!(matches!(reader.finish(Some(600_000)), ContentState::Media(_)));
}

#[test]
fn local_files_with_a_short_signature_are_read_in_smaller_steps() {
    let asked = |kind: u8| {
        let file = file(kind, 600_000);
        let mut reader = HeaderReader::with(TEST_FORMATS, Some(600_000), LOCAL_STEP);
        let asked = serve(&mut reader, &file);
        (asked.first().cloned(), asked.get(1).cloned(), asked.last().cloned())
    };
    assert_eq!(asked(GROWING), (Some(0..8192), Some(8192..16_384), Some(524_288..600_000)));
    assert_eq!(asked(BROKEN), (Some(0..8192), None, Some(0..8192)));
    assert_eq!(asked(SOUND), (Some(0..8192), Some(8192..65_536), Some(8192..65_536)));
    assert_eq!(asked(b'<'), (Some(0..8192), Some(8192..65_536), Some(8192..65_536)));
}

#[test]
fn a_stream_in_small_chunks_is_read() {
    for (kind, piece, found) in [(GROWING, 1, true), (GROWING, 7000, true), (LEAPING, 7000, false)] {
        let file = file(kind, 1_000_000);
        let mut reader = HeaderReader::with(TEST_FORMATS, None, STEP);
        for (number, bytes) in file.chunks(piece).enumerate() {
            reader.feed((number * piece) as u64, bytes);
        }
        assert_eq!(reader.stream_position(), 1_000_000);
        // The leaping reader requests the middle only after it has passed.
        assert_eq!(matches!(reader.finish(Some(1_000_000)), ContentState::Media(_)), found);
    }
}

#[test]
fn requests_beyond_the_budget_are_refused() {
    let mut reader = HeaderReader::with(TEST_FORMATS, None, STEP);
    reader.state = State::Header(0..STEP, Some(Format::Png));
    assert_eq!(reader.plan(&(0..BUDGET + 1), 0), None);
    assert_eq!(reader.plan(&(5..BUDGET), 0), Some(5..BUDGET));
    assert_eq!(reader.plan(&(1..BUDGET + 2), 0), None);
    assert_eq!(reader.plan(&(u64::MAX - 1..u64::MAX), 0), Some(u64::MAX - 1..u64::MAX));
}

#[test]
fn files_that_end_early_report_their_format() {
    let case = |file: &[u8], total, check: fn(&ContentState) -> bool| {
        let mut reader = HeaderReader::with(TEST_FORMATS, None, STEP);
        reader.feed(0, file);
        let content = reader.finish(total);
        assert!(check(&content), "{content:?}");
    };
    case(b"", None, |content| matches!(content, ContentState::NotSeen));
    case(b"", Some(0), |content| matches!(content, ContentState::Unreadable { format: Format::Unknown, at: 0, .. }));
    case(b"<html>", Some(6), |content| matches!(content, ContentState::Unreadable { format: Format::Html, .. }));
    case(b"8BPS", Some(4), |content| content.media().is_some_and(|media| media.format == Format::Psd));
    case(&[BROKEN], Some(1), |content| matches!(content, ContentState::Unreadable { at: 7, what: "it is broken", .. }));
    case(&[GROWING, 1], None, |content| matches!(content, ContentState::Incomplete { format: Format::Png }));
    case(&[GROWING, 1], Some(2), |content| matches!(content, ContentState::Unreadable { format: Format::Png, .. }));
}

#[test]
fn audio_is_scanned_as_it_is_fed() {
    let case = |kind, pieces: [Range<usize>; 2], total, seconds| {
        let file = file(kind, 200_000);
        let mut reader = HeaderReader::with(TEST_FORMATS, None, STEP);
        for piece in pieces.clone() {
            reader.feed(piece.start as u64, &file[piece]);
        }
        let content = reader.finish(total);
        let duration = content.media().and_then(|media| media.duration).map(|duration| duration.value.as_secs());
        assert_eq!(duration, Some(seconds), "{pieces:?}");
    };
    case(SOUND, [0..100_000, 100_000..200_000], Some(200_000), 200_000);
    case(SOUND, [0..100_000, 90_000..200_000], Some(200_000), 200_000);
    case(SOUND, [0..100_000, 100_001..200_000], Some(200_000), 9);
    case(SOUND, [0..50_000, 50_000..100_000], None, 9);
    case(SOUND, [0..5_000, 5_000..10_000], Some(10_000), 10_000);
    case(STATED, [0..100_000, 100_000..200_000], Some(200_000), 9);
}
