//! How far a request has come, noted by whoever sees it: the TLS library, the HTTP client.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio::task::futures::TaskLocalFuture;

use crate::observation::Phase;

/// Shared by everything that serves one asset; one request at a time is on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Notes>);

#[derive(Debug, Default)]
struct Notes {
    phase: AtomicU8,
    certificate_wanted: AtomicBool,
}

const PHASES: [Phase; 5] = [Phase::Resolve, Phase::Connect, Phase::Handshake, Phase::Head, Phase::Body];

tokio::task_local! {
    /// The request that is being worked on. The libraries below are shared by all requests and do not know it.
    static CURRENT: Progress;
}

impl Progress {
    /// Works on a request, so that [`Progress::note`] finds this.
    pub(crate) fn follow<F: Future>(&self, request: F) -> TaskLocalFuture<Self, F> {
        CURRENT.scope(self.clone(), request)
    }

    /// Notes something of the request that is being worked on. A connection that was no longer needed once it was
    /// begun is finished in the background, for nobody.
    pub(crate) fn note(note: impl FnOnce(&Self)) {
        let _ = CURRENT.try_with(note);
    }

    /// Notes the phase.
    pub(crate) fn reach(&self, phase: Phase) {
        self.0.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// Returns the phase noted last.
    pub(crate) fn phase(&self) -> Phase {
        PHASES.get(usize::from(self.0.phase.load(Ordering::Relaxed))).copied().unwrap_or(Phase::Body)
    }

    /// Notes that the server asked for a certificate of the client.
    pub(crate) fn want_certificate(&self) {
        self.0.certificate_wanted.store(true, Ordering::Relaxed);
    }

    /// Says whether the server asked for a certificate of the client.
    pub(crate) fn certificate_wanted(&self) -> bool {
        self.0.certificate_wanted.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_comes_back() {
        let progress = Progress::default();
        assert_eq!(progress.phase(), Phase::Resolve);
        for phase in PHASES {
            progress.reach(phase);
            assert_eq!(progress.phase(), phase);
        }
    }
}
