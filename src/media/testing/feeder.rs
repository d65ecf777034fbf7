//! Feeds files from memory to readers, in every way that bytes may arrive.

use std::ops::Range;

use crate::media::Media;
use crate::media::registry::ReadFn;
use crate::media::sparse_buffer::{FormatError, ReadError, SparseBuffer};

/// The final result of a reader.
pub(crate) type Outcome = Result<Media, FormatError>;

/// How a file reaches a reader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feeder {
    /// How many bytes are buffered at first.
    pub(crate) head: usize,
    /// The minimum number of bytes returned per request; doubled after every eighth request.
    pub(crate) min_read: u64,
    /// Whether the length of the file is known at first.
    pub(crate) is_length_known: bool,
}

/// How many requests a reader may make: each returns at least one new byte, and later ones return more and more.
const MAX_REQUESTS: u32 = 2_000;

impl Feeder {
    /// As from a server that sends the length.
    pub(crate) const USUAL: Self = Self { head: 64 << 10, min_read: 64 << 10, is_length_known: true };

    /// As from a server that does not send the length: only the signature buffered, then exactly the requested bytes.
    pub(crate) const MINIMAL: Self = Self { head: 12, min_read: 1, is_length_known: false };

    /// From generous reads to exactly the requested bytes.
    pub(crate) const ALL: [Self; 4] = [
        Self::USUAL,
        Self { head: 12, min_read: 1, is_length_known: true },
        Self { head: 1000, min_read: 256, is_length_known: false },
        Self::MINIMAL,
    ];

    /// Feeds a file until the reader has the facts.
    ///
    /// # Panics
    /// If the reader requests an empty range, buffered bytes, bytes outside the file, or too many ranges.
    pub(crate) fn feed(self, read: ReadFn, file: &[u8]) -> Outcome {
        self.feed_recorded(read, file).0
    }

    /// The same, and returns the requested ranges.
    pub(crate) fn feed_recorded(self, read: ReadFn, file: &[u8]) -> (Outcome, Vec<Range<u64>>) {
        let total = file.len() as u64;
        let head = file.get(..self.head).unwrap_or(file);
        let mut buffer = SparseBuffer::new(head.to_vec(), self.is_length_known.then_some(total));
        let mut requests = Vec::new();
        for request in 0..MAX_REQUESTS {
            let range = match read(&buffer) {
                Err(ReadError::NeedMore(range)) => range,
                outcome => return (settled(outcome), requests),
            };
            assert!(!range.is_empty(), "requests nothing: {range:?}, {self:?}");
            assert!(buffer.total().is_none_or(|total| range.end <= total), "requests {range:?} of {total}, {self:?}");
            assert!(buffer.buffered_until(range.start) < range.end, "requests {range:?}, which it has, {self:?}");
            let end = range.end.max(range.start.saturating_add(self.min_read << (request / 8).min(20)));
            if end > total {
                buffer.set_total(total);
            }
            buffer.add(range.start.min(total), slice(file, &(range.start..end)));
            requests.push(range);
        }
        panic!("requests without end, {self:?}")
    }
}

/// Reads a file that is buffered as a whole.
#[cfg(test)]
pub(crate) fn read_whole(read: ReadFn, file: &[u8]) -> Outcome {
    read_counted(read, file).0
}

/// Reads a file that is buffered as a whole, and counts the work.
///
/// # Panics
/// If the reader requests more.
pub(crate) fn read_counted(read: ReadFn, file: &[u8]) -> (Outcome, u32) {
    let buffer = SparseBuffer::new(file.to_vec(), Some(file.len() as u64));
    let outcome = read(&buffer);
    (settled(outcome), buffer.work())
}

fn settled(outcome: Result<Media, ReadError>) -> Outcome {
    match outcome {
        Ok(media) => Ok(media),
        Err(ReadError::Malformed(error)) => Err(error),
        Err(ReadError::TooComplex) => Err(FormatError { at: 0, what: TOO_COMPLEX }),
        Err(ReadError::NeedMore(range)) => panic!("requests {range:?} though all bytes are there"),
    }
}

/// The message that represents [`ReadError::TooComplex`] in an outcome.
pub(crate) const TOO_COMPLEX: &str = "too complex";

/// Returns the bytes of a range, as far as the file has them.
pub(crate) fn slice<'a>(file: &'a [u8], range: &Range<u64>) -> &'a [u8] {
    let offset = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(file.len());
    file.get(offset(range.start)..offset(range.end)).unwrap_or_default()
}
