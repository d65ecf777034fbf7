//! Counts the progress of a run. The counts are ahead of the reports, which are delivered in order.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::finding::Verdict;
use crate::report::Report;

/// Counters of a run in progress; they never decrease.
#[derive(Debug, Default)]
pub struct Counters {
    checked: AtomicU64,
    rejected: AtomicU64,
    bytes: AtomicU64,
    failed: AtomicU64,
}

impl Counters {
    /// Returns how many assets were checked.
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// Returns how many of them were rejected.
    pub fn rejected(&self) -> u64 {
        self.rejected.load(Ordering::Relaxed)
    }

    /// Returns how many body bytes were received.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Returns how many checks ended in an internal error.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Counts an internal error.
    pub(super) fn fail(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a checked asset.
    pub(super) fn count(&self, report: &Report) {
        self.checked.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(report.observed.body.received, Ordering::Relaxed);
        if report.verdict == Verdict::Rejected {
            self.rejected.fetch_add(1, Ordering::Relaxed);
        }
    }
}
