//! What only a whole file tells, found while its bytes pass by.

use crate::media::Media;

/// Completes the facts of a header with what only the whole file tells: how long it plays, whether its end is there.
pub(crate) trait StreamScan: Send {
    /// Takes the next bytes of the file.
    fn feed(&mut self, bytes: &[u8]);

    /// Says whether the facts that the header states leave anything to find.
    fn is_needed(&self, media: &Media) -> bool {
        media.duration.is_none_or(|duration| !duration.exact)
    }

    /// Returns how many bytes of the end of a file can settle what the scan is for; 0 where none can.
    fn tail_length(&self) -> u64 {
        0
    }

    /// Says whether the end of a file makes the scan superfluous.
    fn is_settled_by(&self, _tail: &[u8]) -> bool {
        false
    }

    /// Completes the facts after all bytes of the file have passed.
    fn complete(&self, media: &mut Media);
}
