//! Facts that require the whole file, found as its bytes are read.

use crate::media::Media;

/// Completes the facts of a header with those that require the whole file: its duration, whether it is truncated.
pub(crate) trait StreamScan: Send {
    /// Examines the bytes from the current position. Returns how many to advance, at least one; `None` if more are needed
    /// to decide.
    fn examine(&mut self, rest: &[u8]) -> Option<u64>;

    /// Returns whether the header leaves any facts to find.
    fn is_needed(&self, media: &Media) -> bool {
        media.duration.is_none_or(|duration| !duration.exact)
    }

    /// Returns how many bytes at the end of a file can replace the scan; 0 if none can.
    fn tail_length(&self) -> u64 {
        0
    }

    /// Returns whether the end of a file makes the scan unnecessary.
    fn is_settled_by(&self, _tail: &[u8]) -> bool {
        false
    }

    /// Completes the facts at the end of the file; the last bytes were too few to decide.
    fn complete(&self, media: &mut Media, rest: &[u8]);
}
