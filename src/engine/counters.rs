//! How far a run has come, for whoever watches it: known before the reports are, which wait for their turn.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::finding::Verdict;
use crate::report::Report;

/// Counts of a run that is under way; each only grows.
#[derive(Debug, Default)]
pub struct Counters {
    judged: AtomicU64,
    rejected: AtomicU64,
    bytes: AtomicU64,
    failed: AtomicU64,
}

impl Counters {
    /// Returns how many assets were judged.
    pub fn checked(&self) -> u64 {
        self.judged.load(Ordering::Relaxed)
    }

    /// Returns how many of them were rejected.
    pub fn rejected(&self) -> u64 {
        self.rejected.load(Ordering::Relaxed)
    }

    /// Returns how many bytes of bodies were received for them.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Returns at how many of them the program itself failed.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Counts one more at which the program itself failed.
    pub(super) fn fail(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts one more.
    pub(super) fn count(&self, report: &Report) {
        self.judged.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(report.observed.body.received, Ordering::Relaxed);
        if report.verdict == Verdict::Rejected {
            self.rejected.fetch_add(1, Ordering::Relaxed);
        }
    }
}
