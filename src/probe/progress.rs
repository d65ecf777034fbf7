//! How far a request has come, noted by whoever sees it: the TLS library, the HTTP client.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::task::futures::TaskLocalFuture;
use tokio::time::Instant;

use crate::observation::Phase;

/// Shared by everything that serves one asset; one request at a time is on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Notes>);

#[derive(Debug, Default)]
struct Notes {
    phase: AtomicU8,
    certificate_wanted: AtomicBool,
    /// When the first connection was open.
    opened: OnceLock<Instant>,
    /// What this machine ran short of on the way, as the system put it.
    shortage: Mutex<Option<String>>,
    /// Kept only of a look that is traced.
    marks: Option<Mutex<Marks>>,
}

/// What is kept of a look that is traced.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// What happened, and when.
    pub(crate) steps: Vec<(Step, Instant)>,
    /// The certificates of the first handshake in the order sent, as DER.
    pub(crate) chain: Vec<Vec<u8>>,
    /// The version of TLS that was spoken first.
    pub(crate) version: Option<&'static str>,
}

/// A step of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A request begins.
    Begun,
    /// It reaches a phase.
    Reached(Phase),
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

    /// Keeps what is noted, with the time, for [`Progress::marks`].
    pub(crate) fn traced() -> Self {
        Self(Arc::new(Notes { marks: Some(Mutex::default()), ..Notes::default() }))
    }

    /// Notes that a request begins. Until a connection is begun it is taken to use one that was kept.
    pub(crate) fn begin(&self) {
        self.mark(|marks| marks.steps.push((Step::Begun, Instant::now())));
        self.0.phase.store(Phase::Head as u8, Ordering::Relaxed);
    }

    /// Notes the phase.
    pub(crate) fn reach(&self, phase: Phase) {
        self.0.phase.store(phase as u8, Ordering::Relaxed);
        self.mark(|marks| marks.steps.push((Step::Reached(phase), Instant::now())));
    }

    /// Notes something of a look that is traced.
    pub(crate) fn mark(&self, note: impl FnOnce(&mut Marks)) {
        if let Some(marks) = &self.0.marks {
            note(&mut marks.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Takes what was kept; empty where nothing was.
    pub(crate) fn marks(&self) -> Marks {
        let mut taken = Marks::default();
        self.mark(|marks| taken = std::mem::take(marks));
        taken
    }

    /// Returns the phase noted last.
    pub(crate) fn phase(&self) -> Phase {
        PHASES.get(usize::from(self.0.phase.load(Ordering::Relaxed))).copied().unwrap_or(Phase::Body)
    }

    /// Notes that a connection is open: the request goes out now.
    pub(crate) fn open(&self) {
        self.0.opened.get_or_init(Instant::now);
        self.reach(Phase::Head);
    }

    /// Returns when the first connection was open; `None` where one that was kept was used.
    pub(crate) fn opened(&self) -> Option<Instant> {
        self.0.opened.get().copied()
    }

    /// Notes that this machine ran short of something, which cost time that is not the server's to answer for.
    pub(crate) fn run_short(&self, what: &str) {
        *self.0.shortage.lock().unwrap_or_else(PoisonError::into_inner) = Some(what.to_owned());
    }

    /// Returns what this machine ran short of on the way, if it did.
    pub(crate) fn shortage(&self) -> Option<String> {
        self.0.shortage.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
