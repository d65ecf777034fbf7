//! Bytes that come after a response has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Says whether bytes came on the connection of an asset after a response of it had ended. They may come after everything
/// else was observed, as long as the connection serves no other asset; all clones see them.
#[derive(Clone, Debug, Default)]
pub struct LateBytes(Arc<AtomicBool>);

impl LateBytes {
    /// Returns whether bytes have come by now.
    #[must_use]
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Records that bytes came.
    pub(crate) fn record(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
