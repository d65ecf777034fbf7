//! Feeds the header readers: keeps the bytes they ask for, wherever they come from, and nothing else.

use std::ops::Range;

use crate::media::{Format, Kind, Measured, Media};
use crate::observation::Content;
use crate::probe::readers::{SHELF, Scan, Shelf};
use crate::probe::window::{Flaw, Halt, Window};

/// Reads the header of one file from the bytes that come by.
pub(crate) struct HeaderReader {
    shelf: Shelf,
    window: Window,
    state: State,
    /// Bytes that were seen in order from the start; what follows a gap is not counted.
    passed: u64,
    /// How many of them the scan was shown.
    scanned: u64,
    scan: Option<Box<dyn Scan>>,
}

enum State {
    /// These bytes are wanted next; the format is known after the first of them.
    Wants(Range<u64>, Option<Format>),
    Done(Content),
}

/// How many bytes are asked for at least: one more round trip costs more than this.
pub(crate) const STEP: u64 = 64 << 10;

/// How many bytes of one file are kept: of a video, and of anything else.
const VIDEO_BUDGET: u64 = 16 << 20;
const BUDGET: u64 = 1 << 20;

impl HeaderReader {
    /// Starts a file, of known length or not.
    pub(crate) fn new(total: Option<u64>) -> Self {
        Self::with(SHELF, total)
    }

    fn with(shelf: Shelf, total: Option<u64>) -> Self {
        let state = State::Wants(0..total.unwrap_or(STEP).min(STEP), None);
        Self { shelf, window: Window::new(Vec::new(), total), state, passed: 0, scanned: 0, scan: None }
    }

    /// Returns the bytes that are wanted next; `None` once the header is read or given up.
    pub(crate) fn wants(&self) -> Option<Range<u64>> {
        match &self.state {
            State::Wants(range, _) if !range.is_empty() => Some(range.clone()),
            State::Wants(..) | State::Done(_) => None,
        }
    }

    /// Says whether the exact duration is still to be had from the bytes that follow.
    pub(crate) fn is_scanning(&self) -> bool {
        self.scan.is_some()
    }

    /// Returns how many bytes have passed in order from the start.
    pub(crate) fn passed(&self) -> u64 {
        self.passed
    }

    /// Returns how many bytes are kept.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn held(&self) -> usize {
        self.window.held()
    }

    /// Tells the length of the file once it becomes known.
    pub(crate) fn set_total(&mut self, total: u64) {
        self.window.set_total(total);
        if let State::Wants(range, _) = &mut self.state {
            *range = range.start.min(total)..range.end.min(total);
        }
    }

    /// Takes bytes from a place in the file; those that nobody asked for are dropped.
    pub(crate) fn feed(&mut self, at: u64, bytes: &[u8]) {
        self.keep(at, bytes);
        self.pass(at, bytes);
    }

    fn keep(&mut self, at: u64, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len() as u64);
        while let State::Wants(wanted, _) = &self.state {
            let (from, to) = (wanted.start.max(at), wanted.end.min(end));
            // Bytes in the middle of what is wanted would leave a hole; the file's own order never brings them.
            if from >= to || from > wanted.start {
                return;
            }
            let (wanted, inside) = (wanted.clone(), |place: u64| usize::try_from(place - at).unwrap_or(usize::MAX));
            self.window.add(from, bytes.get(inside(from)..inside(to)).unwrap_or_default());
            if to == wanted.end {
                self.read();
            } else {
                self.want(to..wanted.end);
            }
        }
    }

    /// Ends the file: at its real end if its length is told, or where nothing more can be had.
    pub(crate) fn finish(mut self, total: Option<u64>) -> Content {
        if let (State::Wants(..), Some(total)) = (&self.state, total) {
            self.set_total(total);
            self.read();
        }
        self.catch_up(self.passed);
        let whole = total.is_some_and(|total| total == self.passed);
        let exact = self.scan.as_ref().filter(|_| whole).and_then(|scan| scan.duration());
        match self.state {
            State::Done(Content::Media(mut media)) => {
                media.duration = exact.map(Measured::exact).or(media.duration);
                Content::Media(media)
            }
            State::Done(content) => content,
            State::Wants(_, Some(format)) => Content::Incomplete { format },
            State::Wants(_, None) if self.window.held() == 0 => Content::NotSeen,
            State::Wants(_, None) => Content::Incomplete { format: self.sniff() },
        }
    }

    fn sniff(&self) -> Format {
        (self.shelf.sniff)(self.window.head())
    }

    /// Lets the reader try with what is at hand.
    fn read(&mut self) {
        let State::Wants(Range { end: last, .. }, format) = self.state else { return };
        let format = format.unwrap_or_else(|| {
            let format = self.sniff();
            self.scan = (self.shelf.scan)(format);
            format
        });
        let Some(reader) = (self.shelf.reader)(format) else {
            self.state = State::Done(without_reader(format));
            return;
        };
        self.window.rewind();
        self.state = match reader(&self.window) {
            Ok(media) => {
                // What the header states needs no counting.
                self.scan.take_if(|_| media.duration.is_some_and(|duration| duration.exact));
                State::Done(Content::Media(Box::new(media)))
            }
            Err(Halt::Broken(Flaw { at, what })) => State::Done(Content::Unreadable { format, at, what }),
            Err(Halt::Need(need)) => match self.plan(format, &need, last) {
                Some(range) => State::Wants(range, Some(format)),
                None => State::Done(Content::Incomplete { format }),
            },
        };
    }

    /// Rounds what a reader needs up, so that a header takes few steps; `None` where it would be too much to keep.
    ///
    /// Where a reader goes on right behind what it got last, it gets as much again as is held already.
    fn plan(&self, format: Format, need: &Range<u64>, last: u64) -> Option<Range<u64>> {
        let held = self.window.held() as u64;
        let left = budget(format).saturating_sub(held);
        let start = self.window.held_to(need.start);
        let missing = need.end.checked_sub(start).filter(|missing| (1..=left).contains(missing))?;
        let step = if start == last { held.max(STEP) } else { STEP };
        let end = start.saturating_add(step.min(left).max(missing));
        Some(start..self.window.total().map_or(end, |total| end.min(total)))
    }

    fn want(&mut self, range: Range<u64>) {
        if let State::Wants(wanted, _) = &mut self.state {
            *wanted = range;
        }
    }

    /// Counts bytes that follow on what has passed, and shows them to the scan.
    fn pass(&mut self, at: u64, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len() as u64);
        if at > self.passed || end <= self.passed {
            return;
        }
        self.passed = end;
        self.catch_up(at);
        if let Some(scan) = &mut self.scan {
            let known = usize::try_from(self.scanned.saturating_sub(at)).unwrap_or(usize::MAX);
            scan.feed(bytes.get(known..).unwrap_or_default());
            self.scanned = end;
        }
    }

    /// Shows the scan what passed before the format was known.
    fn catch_up(&mut self, to: u64) {
        if let Some(scan) = &mut self.scan
            && self.scanned < to
        {
            let place = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
            scan.feed(self.window.head().get(place(self.scanned)..place(to)).unwrap_or_default());
            self.scanned = to;
        }
    }
}

/// What is known of a file whose format nobody reads: an exotic picture, a web page.
fn without_reader(format: Format) -> Content {
    match format.kind() {
        Some(_) => Content::Media(Box::new(Media::new(format))),
        None => Content::Unreadable { format, at: 0, what: "it begins like no image, video or audio file" },
    }
}

fn budget(format: Format) -> u64 {
    match format.kind() {
        Some(Kind::Video) | None => VIDEO_BUDGET,
        Some(Kind::Image | Kind::Audio) => BUDGET,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::media::Codec;
    use crate::probe::readers::Reader;
    use crate::probe::window::broken;

    /// A file whose first byte is its format and whose other bytes tell their place.
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

    const TEST_SHELF: Shelf = Shelf {
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
            const READERS: [(Format, Reader); 5] = [
                (Format::Mp4, leap),
                (Format::Png, grow),
                (Format::Jpeg, |_| Err(broken(7, "it is broken"))),
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

    /// Plays a second for each byte.
    struct Counter(u64);

    impl Scan for Counter {
        fn feed(&mut self, bytes: &[u8]) {
            self.0 += bytes.len() as u64;
        }

        fn duration(&self) -> Option<Duration> {
            Some(Duration::from_secs(self.0))
        }
    }

    fn playing(duration: Measured<Duration>) -> Media {
        Media { duration: Some(duration), ..Media::new(Format::Mp3) }
    }

    /// Wants the end, then the middle, then a piece that reaches out of what is held.
    fn leap(window: &Window) -> Result<Media, Halt> {
        for (at, length) in [(900_000, 8), (300_000, 4), (65_530, 20), (900_004, 4)] {
            let bytes = window.bytes(at, length)?;
            let expected: Vec<u8> = (at..).take(length).map(|place| u8::try_from(place % 251).expect("byte")).collect();
            assert_eq!(bytes, expected, "{at}");
        }
        Ok(Media { audio: Some(Codec::Known("found")), ..Media::new(Format::Mp4) })
    }

    /// Goes through the whole file in small steps.
    fn grow(window: &Window) -> Result<Media, Halt> {
        for at in (0..600_000).step_by(1000) {
            window.bytes(at, 1000)?;
        }
        Ok(Media::new(Format::Png))
    }

    /// Feeds what is wanted and returns the ranges.
    fn serve(reader: &mut HeaderReader, file: &[u8]) -> Vec<Range<u64>> {
        let mut asked = Vec::new();
        while let Some(range) = reader.wants() {
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
        let mut reader = HeaderReader::with(TEST_SHELF, Some(1_000_000));
        let asked = serve(&mut reader, &file);
        assert_eq!(asked, [0..65_536, 900_000..965_536, 300_000..365_536, 65_536..131_072]);
        assert!(matches!(reader.finish(Some(1_000_000)), Content::Media(media) if media.audio.is_some()));
    }

    #[test]
    fn steps_double_and_stop_at_the_end() {
        let file = file(GROWING, 600_000);
        let mut reader = HeaderReader::with(TEST_SHELF, Some(600_000));
        assert_eq!(
            serve(&mut reader, &file),
            [0..65_536, 65_536..131_072, 131_072..262_144, 262_144..524_288, 524_288..600_000]
        );
        assert!(matches!(reader.finish(Some(600_000)), Content::Media(_)));
    }

    #[test]
    fn a_stream_in_small_pieces_serves_as_well() {
        for (kind, piece, found) in [(GROWING, 1, true), (GROWING, 7000, true), (LEAPING, 7000, false)] {
            let file = file(kind, 1_000_000);
            let mut reader = HeaderReader::with(TEST_SHELF, None);
            for (number, bytes) in file.chunks(piece).enumerate() {
                reader.feed((number * piece) as u64, bytes);
            }
            assert_eq!(reader.passed(), 1_000_000);
            // The leaping reader wants the middle once that has passed.
            assert_eq!(matches!(reader.finish(Some(1_000_000)), Content::Media(_)), found);
        }
    }

    #[test]
    fn too_much_is_not_kept() {
        let mut reader = HeaderReader::with(TEST_SHELF, None);
        reader.state = State::Wants(0..STEP, Some(Format::Png));
        assert_eq!(reader.plan(Format::Png, &(0..BUDGET + 1), 0), None);
        assert_eq!(reader.plan(Format::Png, &(5..BUDGET), 0), Some(5..BUDGET));
        assert_eq!(reader.plan(Format::Mp4, &(0..VIDEO_BUDGET), 0), Some(0..VIDEO_BUDGET));
        assert_eq!(reader.plan(Format::Mp4, &(1..VIDEO_BUDGET + 2), 0), None);
        assert_eq!(reader.plan(Format::Mp4, &(u64::MAX - 1..u64::MAX), 0), Some(u64::MAX - 1..u64::MAX));
    }

    #[test]
    fn whatever_ends_early_says_what_it_began_like() {
        let case = |file: &[u8], total, check: fn(&Content) -> bool| {
            let mut reader = HeaderReader::with(TEST_SHELF, None);
            reader.feed(0, file);
            let content = reader.finish(total);
            assert!(check(&content), "{content:?}");
        };
        case(b"", None, |content| matches!(content, Content::NotSeen));
        case(b"", Some(0), |content| matches!(content, Content::Unreadable { format: Format::Unknown, at: 0, .. }));
        case(b"<html>", Some(6), |content| matches!(content, Content::Unreadable { format: Format::Html, .. }));
        case(b"8BPS", Some(4), |content| content.media().is_some_and(|media| media.format == Format::Psd));
        case(&[BROKEN], Some(1), |content| matches!(content, Content::Unreadable { at: 7, what: "it is broken", .. }));
        case(&[GROWING, 1], None, |content| matches!(content, Content::Incomplete { format: Format::Png }));
        case(&[GROWING, 1], Some(2), |content| matches!(content, Content::Unreadable { format: Format::Png, .. }));
    }

    #[test]
    fn sound_is_timed_while_it_passes() {
        let case = |kind, pieces: [Range<usize>; 2], total, seconds| {
            let file = file(kind, 200_000);
            let mut reader = HeaderReader::with(TEST_SHELF, None);
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
}
