//! Walks the parts of a file that is fed in chunks of any size.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::steps;

/// A position in a stream: buffers only the bytes needed to decide where to go next.
#[derive(Clone, Debug, Default)]
pub(crate) struct StreamCursor {
    /// Bytes at the current position that have not been fully examined.
    buffered: Vec<u8>,
    /// Bytes still to be skipped unread.
    skip: u64,
}

/// How many bytes are buffered and examined together, which bounds the memory.
const PIECE: usize = 16 * 1024;

/// How many bytes count as a step, where steps are counted.
const UNIT: usize = 256;

/// Skips everything that follows.
pub(crate) const TO_THE_END: u64 = u64::MAX;

impl StreamCursor {
    /// Feeds the next bytes. `examine` gets those from the current position and returns how many to advance, at least
    /// one; `None` if it needs more to decide.
    pub(crate) fn feed(&mut self, bytes: &[u8], mut examine: impl FnMut(&[u8]) -> Option<u64>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(rest.len());
            if self.skip != TO_THE_END {
                self.skip = self.skip.saturating_sub(skipped as u64);
            }
            let (piece, following) = rest.split_at(skipped).1.split_at(rest.len().saturating_sub(skipped).min(PIECE));
            rest = following;
            self.buffered.extend_from_slice(piece);
            self.advance(&mut examine);
        }
    }

    /// Returns the bytes that were too few to decide.
    pub(crate) fn buffered(&self) -> &[u8] {
        &self.buffered
    }

    fn advance(&mut self, examine: &mut impl FnMut(&[u8]) -> Option<u64>) {
        let mut at = 0_usize;
        while let Some(rest) = self.buffered.get(at..).filter(|rest| !rest.is_empty()) {
            steps::count(1);
            let Some(length) = examine(rest) else { break };
            let there = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
            steps::count(there / UNIT);
            at = at.saturating_add(there);
            self.skip = if length == TO_THE_END { length } else { length.saturating_sub(there as u64) };
        }
        self.buffered.drain(..at);
        steps::count(self.buffered.len() / UNIT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows records of a length byte and its content, and collects the lengths.
    fn lengths(bytes: &[u8], piece: usize) -> Vec<u8> {
        let (mut cursor, mut lengths) = (StreamCursor::default(), Vec::new());
        for piece in bytes.chunks(piece) {
            cursor.feed(piece, |rest| {
                let [length, _, ..] = rest else { return None };
                lengths.push(*length);
                Some(u64::from(*length).max(1))
            });
        }
        lengths
    }

    #[test]
    fn records_are_found_in_chunks_of_any_size() {
        let records = [&[3, 0, 0][..], &[200; 200], &[1], &[2, 0], &[255; 255], &[9, 9]].concat();
        for piece in [1, 2, 7, 100, 1000] {
            assert_eq!(lengths(&records, piece), [3, 200, 1, 2, 255, 9], "{piece}");
        }
    }

    #[test]
    fn the_rest_can_be_skipped() {
        let mut cursor = StreamCursor::default();
        let mut calls = 0;
        for _ in 0..3 {
            cursor.feed(&vec![0; 40_000], |_| {
                calls += 1;
                Some(TO_THE_END)
            });
        }
        assert_eq!((calls, cursor.buffered().len()), (1, 0));
    }
}
