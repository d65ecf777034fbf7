//! Feeds the header readers: keeps the bytes they ask for, wherever they come from, and nothing else.

use std::ops::Range;

use crate::media::ContentState;
use crate::media::formats::{SHELF, Scan, Shelf};
use crate::media::sparse_buffer::{Flaw, ReadError, SparseBuffer};
use crate::media::{Format, Kind, Measured, Media};

#[cfg(test)]
mod tests;

/// Reads the header of one file from the bytes that come by.
pub(crate) struct HeaderReader {
    shelf: Shelf,
    window: SparseBuffer,
    state: State,
    /// How many bytes are asked for at least.
    step: u64,
    /// Bytes that were seen in order from the start; what follows a gap is not counted.
    passed: u64,
    /// How many of them the scan was shown.
    scanned: u64,
    scan: Option<Box<dyn Scan>>,
}

enum State {
    /// These bytes are wanted next; the format is known after the first of them.
    Wants(Range<u64>, Option<Format>),
    Done(ContentState),
}

/// How many bytes are asked for at least: one more round trip costs more than this. A format is told by as many.
pub(crate) const STEP: u64 = 64 << 10;

/// How many bytes are asked for at least where they are near: most pictures need no more, and another step costs little.
const NEAR: u64 = 8 << 10;

/// How many bytes of one file are kept: of a video, and of anything else.
const VIDEO_BUDGET: u64 = 16 << 20;
const BUDGET: u64 = 1 << 20;

impl HeaderReader {
    /// Starts a file, of known length or not.
    pub(crate) fn new(total: Option<u64>) -> Self {
        Self::with(SHELF, total, STEP)
    }

    /// Starts a file of known length on this machine.
    pub(crate) fn near(total: u64) -> Self {
        Self::with(SHELF, Some(total), NEAR)
    }

    fn with(shelf: Shelf, total: Option<u64>, step: u64) -> Self {
        let state = State::Wants(0..total.unwrap_or(step).min(step), None);
        Self { shelf, window: SparseBuffer::new(Vec::new(), total), state, step, passed: 0, scanned: 0, scan: None }
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
    pub(crate) fn finish(mut self, total: Option<u64>) -> ContentState {
        if let (State::Wants(..), Some(total)) = (&self.state, total) {
            self.set_total(total);
            self.read();
        }
        self.catch_up(self.passed);
        let whole = total.is_some_and(|total| total == self.passed);
        let exact = self.scan.as_ref().filter(|_| whole).and_then(|scan| scan.duration());
        match self.state {
            State::Done(ContentState::Media(mut media)) => {
                media.duration = exact.map(Measured::exact).or(media.duration);
                ContentState::Media(media)
            }
            State::Done(content) => content,
            State::Wants(_, Some(format)) => ContentState::Incomplete { format },
            State::Wants(_, None) if self.window.held() == 0 => ContentState::NotSeen,
            State::Wants(_, None) => ContentState::Incomplete { format: self.sniff() },
        }
    }

    fn sniff(&self) -> Format {
        (self.shelf.sniff)(self.window.head())
    }

    /// Lets the reader try with what is at hand.
    fn read(&mut self) {
        let State::Wants(Range { end: last, .. }, format) = self.state else { return };
        let (format, is_new) = format.map_or_else(|| (self.sniff(), true), |format| (format, false));
        let enough = self.window.total().map_or(STEP, |total| total.min(STEP));
        if is_new && last < enough && !is_told_at_once(format) {
            self.state = State::Wants(last..enough, None);
            return;
        }
        if is_new {
            self.scan = (self.shelf.scan)(format);
        }
        let Some(reader) = (self.shelf.reader)(format) else {
            self.state = State::Done(without_reader(format));
            return;
        };
        self.window.rewind();
        self.state = match reader(&self.window) {
            Ok(media) => {
                // What the header states needs no counting.
                self.scan.take_if(|_| media.duration.is_some_and(|duration| duration.exact));
                State::Done(ContentState::Media(Box::new(media)))
            }
            Err(ReadError::Broken(Flaw { at, what })) => State::Done(ContentState::Unreadable { format, at, what }),
            Err(ReadError::Need(need)) => match self.plan(format, &need, last) {
                Some(range) => State::Wants(range, Some(format)),
                None => State::Done(ContentState::Incomplete { format }),
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
        let step = if start == last { held.max(self.step) } else { self.step };
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

/// Says whether the first few bytes tell a format for sure.
fn is_told_at_once(format: Format) -> bool {
    matches!(format, Format::Jpeg | Format::Png | Format::Webp | Format::Gif)
}

/// What is known of a file whose format nobody reads: an exotic picture, a web page.
fn without_reader(format: Format) -> ContentState {
    match format.kind() {
        Some(_) => ContentState::Media(Box::new(Media::new(format))),
        None => ContentState::Unreadable { format, at: 0, what: "it begins like no image, video or audio file" },
    }
}

fn budget(format: Format) -> u64 {
    match format.kind() {
        Some(Kind::Video) | None => VIDEO_BUDGET,
        Some(Kind::Image | Kind::Audio) => BUDGET,
    }
}
