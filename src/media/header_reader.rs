//! Drives the format readers: buffers the bytes that they request, from any source, and nothing else.

use std::ops::Range;

use crate::media::corruption::{self, TransferCorruption};
use crate::media::registry::{FORMATS, Registry};
use crate::media::sparse_buffer::{FormatError, ReadError, SparseBuffer};
use crate::media::stream_cursor::StreamCursor;
use crate::media::stream_scan::StreamScan;
use crate::media::{ContentState, Format, Media, sniff};

#[cfg(test)]
mod tests;

/// Reads the header of one file from the bytes that it is fed.
pub(crate) struct HeaderReader {
    registry: Registry,
    buffer: SparseBuffer,
    state: State,
    /// The minimum number of bytes that are requested.
    step: u64,
    /// Bytes that were fed in order from the start; those after a gap are not counted.
    stream_position: u64,
    /// How many of them were fed to the scan.
    scanned: u64,
    scan: Option<Box<dyn StreamScan>>,
    /// Where the scan is.
    cursor: StreamCursor,
}

enum State {
    /// These bytes are needed next; the format is known after the first of them.
    Header(Range<u64>, Option<Format>),
    /// The header is read; these bytes at the end of the file may make a scan of all of it unnecessary.
    Tail(Range<u64>, Box<Media>),
    Done(ContentState),
}

/// The minimum number of bytes that are requested from a server, since another round trip costs more. They are enough
/// to detect the format.
pub(crate) const STEP: u64 = 64 << 10;

/// How many bytes of an image are requested from a server at first. An image whose size comes after a larger color
/// profile or thumbnail costs another round trip.
pub(crate) const IMAGE_START: u64 = 16 << 10;

/// The minimum number of bytes that are read from a local file: most images need no more, and another read is cheap.
const LOCAL_STEP: u64 = 8 << 10;

/// The maximum number of bytes buffered per file. Videos of hours have an index of megabytes; phones put megabytes of
/// depth maps before the size of a photo, and music stores megabytes of cover art before the duration.
const BUDGET: u64 = 16 << 20;

/// The size of the largest file that is scanned to its end; the API accepts no larger one.
const MAX_SCAN: u64 = 256 << 20;

impl HeaderReader {
    /// Creates a reader for a file of known or unknown length.
    pub(crate) fn new(total: Option<u64>) -> Self {
        Self::with(FORMATS, total, STEP)
    }

    /// Creates a reader that at first wants only this many bytes.
    pub(crate) fn starting_with(first: u64, total: Option<u64>) -> Self {
        let state = State::Header(0..total.unwrap_or(first).min(first), None);
        Self { state, ..Self::new(total) }
    }

    /// Creates a reader for a local file.
    pub(crate) fn near(total: u64) -> Self {
        Self::with(FORMATS, Some(total), LOCAL_STEP)
    }

    fn with(registry: Registry, total: Option<u64>, step: u64) -> Self {
        let state = State::Header(0..total.unwrap_or(step).min(step), None);
        let buffer = SparseBuffer::new(Vec::new(), total);
        Self {
            registry,
            buffer,
            state,
            step,
            stream_position: 0,
            scanned: 0,
            scan: None,
            cursor: StreamCursor::default(),
        }
    }

    /// Returns the bytes that are needed next; `None` once the header is read or the reader has given up.
    pub(crate) fn wanted_range(&self) -> Option<Range<u64>> {
        match &self.state {
            State::Header(range, _) | State::Tail(range, _) if !range.is_empty() => Some(range.clone()),
            State::Header(..) | State::Tail(..) | State::Done(_) => None,
        }
    }

    /// Returns whether feeding all remaining bytes can complete the facts.
    pub(crate) fn is_scanning(&self) -> bool {
        self.scan.is_some() && self.buffer.total().is_none_or(|total| total <= MAX_SCAN)
    }

    /// Returns how many bytes were fed in order from the start.
    pub(crate) fn stream_position(&self) -> u64 {
        self.stream_position
    }

    /// Returns how many bytes are buffered.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn buffered(&self) -> usize {
        self.buffer.buffered()
    }

    /// Sets the length of the file once it becomes known.
    pub(crate) fn set_total(&mut self, total: u64) {
        self.buffer.set_total(total);
        if let State::Header(range, _) | State::Tail(range, _) = &mut self.state {
            *range = range.start.min(total)..range.end.min(total);
        }
    }

    /// Feeds bytes at an offset of the file; those that were not requested are dropped.
    pub(crate) fn feed(&mut self, at: u64, bytes: &[u8]) {
        self.keep(at, bytes);
        self.stream(at, bytes);
    }

    fn keep(&mut self, at: u64, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len() as u64);
        while let Some(wanted) = self.wanted_range() {
            let (from, to) = (wanted.start.max(at), wanted.end.min(end));
            // Bytes in the middle of the range would leave a gap; bytes that are fed in order never do.
            if from >= to || from > wanted.start {
                return;
            }
            let inside = |offset: u64| usize::try_from(offset - at).unwrap_or(usize::MAX);
            self.buffer.add(from, bytes.get(inside(from)..inside(to)).unwrap_or_default());
            if let State::Header(range, _) | State::Tail(range, _) = &mut self.state {
                *range = to..wanted.end;
            }
            if to == wanted.end {
                self.read();
            }
        }
    }

    /// Finishes the file: at its real end if its length is given, otherwise where no more bytes are available.
    pub(crate) fn finish(mut self, total: Option<u64>) -> ContentState {
        if let (State::Header(..), Some(total)) = (&self.state, total) {
            self.set_total(total);
            self.read();
        }
        self.catch_up(self.stream_position);
        let whole = total.is_some_and(|total| total == self.stream_position);
        let scan = self.scan.take().filter(|_| whole);
        match self.state {
            State::Done(ContentState::Media(mut media)) | State::Tail(_, mut media) => {
                if let Some(scan) = scan {
                    scan.complete(&mut media, self.cursor.buffered());
                }
                ContentState::Media(media)
            }
            State::Done(content) => content,
            State::Header(_, Some(format)) => ContentState::Incomplete { format },
            State::Header(_, None) if self.buffer.buffered() == 0 => ContentState::NotSeen,
            State::Header(_, None) => ContentState::Incomplete { format: self.sniff() },
        }
    }

    fn sniff(&self) -> Format {
        (self.registry.sniff)(self.buffer.head())
    }

    /// Calls the reader with the bytes that are buffered.
    fn read(&mut self) {
        let (last, format) = match &self.state {
            State::Header(range, format) => (range.end, *format),
            State::Tail(..) => return self.read_tail(),
            State::Done(_) => return,
        };
        let (format, is_new) = format.map_or_else(|| (self.sniff(), true), |format| (format, false));
        let enough = self.buffer.total().map_or(STEP, |total| total.min(STEP));
        if is_new && last < enough && !has_short_signature(format) {
            self.state = State::Header(last..enough, None);
            return;
        }
        if is_new {
            self.scan = (self.registry.scan)(format);
        }
        let Some(reader) = (self.registry.reader)(format) else {
            self.state = State::Done(unparsed(format, self.buffer.head()));
            return;
        };
        self.state = match reader(&self.buffer) {
            Ok(media) => self.after_header(media),
            Err(ReadError::Malformed(FormatError { at, what })) => {
                State::Done(unreadable(format, at, what, self.buffer.head()))
            }
            Err(ReadError::NeedMore(need)) => match self.plan(&need, last) {
                Some(range) => State::Header(range, Some(format)),
                None => State::Done(ContentState::Incomplete { format }),
            },
            Err(ReadError::TooComplex) => State::Done(ContentState::Incomplete { format }),
        };
    }

    /// Drops the scan if the header is sufficient, and requests the end of a local file if that may replace the scan.
    fn after_header(&mut self, media: Media) -> State {
        self.scan.take_if(|scan| !scan.is_needed(&media));
        let tail = self.scan.as_ref().filter(|_| self.step == LOCAL_STEP).map_or(0, |scan| scan.tail_length());
        match self.buffer.total() {
            Some(total) if tail > 0 => State::Tail(total.saturating_sub(tail)..total, Box::new(media)),
            Some(_) | None => State::Done(ContentState::Media(Box::new(media))),
        }
    }

    fn read_tail(&mut self) {
        let State::Tail(range, media) = std::mem::replace(&mut self.state, State::Done(ContentState::NotSeen)) else {
            return;
        };
        let total = self.buffer.total().unwrap_or(range.end);
        self.scan.take_if(|scan| {
            let start = total.saturating_sub(scan.tail_length());
            let length = usize::try_from(total.saturating_sub(start)).unwrap_or(usize::MAX);
            self.buffer.bytes(start, length).is_ok_and(|tail| scan.is_settled_by(tail))
        });
        self.state = State::Done(ContentState::Media(media));
    }

    /// Rounds up the range that a reader needs, so that a header takes few steps; `None` if it exceeds the budget.
    ///
    /// A reader that continues right after its last range gets as many bytes as are already buffered. One that skips
    /// ahead gets at least a quarter of that: it restarts after each request, and the growing steps bound its total
    /// work to a multiple of the file size, regardless of the number of parts.
    fn plan(&self, need: &Range<u64>, last: u64) -> Option<Range<u64>> {
        let buffered = self.buffer.buffered() as u64;
        let left = BUDGET.saturating_sub(buffered);
        let start = self.buffer.buffered_until(need.start);
        let missing = need.end.checked_sub(start).filter(|missing| (1..=left).contains(missing))?;
        let step = if start == last { buffered } else { buffered / 4 }.max(self.step);
        let end = start.saturating_add(step.min(left).max(missing));
        Some(start..self.buffer.total().map_or(end, |total| end.min(total)))
    }

    /// Counts bytes that continue the stream, and feeds them to the scan.
    fn stream(&mut self, at: u64, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len() as u64);
        if at > self.stream_position || end <= self.stream_position {
            return;
        }
        self.stream_position = end;
        self.catch_up(at);
        if let Some(scan) = &mut self.scan {
            let known = usize::try_from(self.scanned.saturating_sub(at)).unwrap_or(usize::MAX);
            self.cursor.feed(bytes.get(known..).unwrap_or_default(), |rest| scan.examine(rest));
            self.scanned = end;
        }
    }

    /// Feeds the scan the bytes that arrived before the format was known.
    fn catch_up(&mut self, to: u64) {
        if let Some(scan) = &mut self.scan
            && self.scanned < to
        {
            let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
            let bytes = self.buffer.head().get(index(self.scanned)..index(to)).unwrap_or_default();
            self.cursor.feed(bytes, |rest| scan.examine(rest));
            self.scanned = to;
        }
    }
}

/// Returns whether the first few bytes are enough to detect the format.
fn has_short_signature(format: Format) -> bool {
    matches!(format, Format::Jpeg | Format::Png | Format::Webp | Format::Gif)
}

/// Returns what is known of a file whose format has no reader: an exotic image, a web page, a program.
fn unparsed(format: Format, head: &[u8]) -> ContentState {
    if format.kind().is_some() {
        return ContentState::Media(Box::new(Media::new(format)));
    }
    let content = unreadable(format, 0, "it does not begin like an image, video or audio file", head);
    match (&content, format) {
        // A PDF holds JPEG images behind its text, as a program's message does.
        (
            ContentState::Unreadable { .. }
            | ContentState::Corrupted { corruption: TransferCorruption::ServerMessage { .. }, .. },
            Format::Unknown,
        ) => sniff::other_format(head).map_or(content, |name| ContentState::NotMedia { name }),
        _ => content,
    }
}

/// Returns the state of bytes that no reader accepts: corrupted, if the corruption is recognized.
fn unreadable(format: Format, at: u64, what: &'static str, head: &[u8]) -> ContentState {
    match corruption::find(head) {
        Some(corruption) => ContentState::Corrupted { format, corruption },
        None => ContentState::Unreadable { format, at, what },
    }
}
