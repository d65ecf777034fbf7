//! How much a server may say before it answers. An HTTP library waits through any number of interim responses, each of
//! which may be as large as a head: only counting the bytes puts an end to them before the time does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts what comes over a connection; shared by whoever reads it and whoever waits for an answer on it.
#[derive(Clone, Debug)]
pub(crate) struct Meter(Arc<AtomicU64>);

/// No bound: a body is counted by whoever reads it.
const UNBOUNDED: u64 = u64::MAX;

impl Default for Meter {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(UNBOUNDED)))
    }
}

impl Meter {
    /// Allows this many bytes from now on.
    pub(crate) fn allow(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    /// Allows any number of bytes.
    pub(crate) fn lift(&self) {
        self.0.store(UNBOUNDED, Ordering::Relaxed);
    }

    /// Takes bytes off what is allowed; says whether they were within it.
    pub(crate) fn spend(&self, bytes: usize) -> bool {
        let rest = |left: u64| if left == UNBOUNDED { Some(left) } else { left.checked_sub(bytes as u64) };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_is_spent_to_the_last_byte() {
        let meter = Meter::default();
        assert!(meter.spend(usize::MAX), "nothing is bounded at first");
        meter.allow(10);
        assert!(meter.clone().spend(4) && meter.spend(6));
        assert!(!meter.spend(1) && meter.spend(0));
        meter.allow(3);
        assert!(!meter.spend(4) && meter.spend(3), "what was refused is not taken off");
        meter.lift();
        assert!(meter.spend(usize::MAX) && meter.spend(usize::MAX));
    }
}
