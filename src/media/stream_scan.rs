//! Facts that require the whole file, found as its bytes are read.

use crate::media::Media;

/// Completes the facts of a header with those that require the whole file: its duration, whether it is truncated.
pub(crate) trait StreamScan: Send {
    /// Feeds the next bytes of the file.
    fn feed(&mut self, bytes: &[u8]);

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

    /// Completes the facts after all bytes of the file were fed.
    fn complete(&self, media: &mut Media);
}
