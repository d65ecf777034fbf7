//! How far a request has come, noted by whoever sees it: the TLS library, the HTTP client.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::task::futures::TaskLocalFuture;
use tokio::time::Instant;

use crate::fetch::tap::Wire;
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
    /// Hears the answer.
    wire: Mutex<Wire>,
    /// What this machine ran short of on the way, as the system put it, and how long that was waited for.
    shortage: Mutex<(Option<String>, Duration)>,
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

    /// Notes that a request begins, and what hears its answer. Until a connection is begun it is taken to use one that
    /// was kept.
    pub(crate) fn begin(&self, wire: &Wire) {
        *self.0.wire.lock().unwrap_or_else(PoisonError::into_inner) = wire.clone();
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

    /// Returns the phase noted last, or one beyond it that was heard.
    pub(crate) fn phase(&self) -> Phase {
        let noted = PHASES.get(usize::from(self.0.phase.load(Ordering::Relaxed))).copied().unwrap_or(Phase::Body);
        if noted == Phase::Head && self.wire().is_in_head() { Phase::ResponseHeadPartial } else { noted }
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

    /// Returns what hears the answer.
    pub(crate) fn wire(&self) -> Wire {
        self.0.wire.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that this machine ran short of something, and waits so long for it, which is not the server's to answer for.
    pub(crate) fn run_short(&self, what: &str, wait: Duration) {
        let mut shortage = self.0.shortage.lock().unwrap_or_else(PoisonError::into_inner);
        *shortage = (Some(what.to_owned()), shortage.1.saturating_add(wait));
    }

    /// Returns what this machine ran short of on the way, if it did.
    pub(crate) fn shortage(&self) -> Option<String> {
        self.0.shortage.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Returns how long this machine had to wait for what it had run short of.
    fn lost(&self) -> Duration {
        self.0.shortage.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Starts to measure time.
    pub(crate) fn stopwatch(&self) -> Stopwatch {
        Stopwatch { start: Instant::now(), lost: self.lost(), progress: self.clone() }
    }

    /// Measures the time since the look began.
    pub(crate) fn since(&self, start: Instant) -> Stopwatch {
        Stopwatch { start, lost: Duration::ZERO, progress: self.clone() }
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

/// Measures the time that the server takes: without what this machine loses by its own shortage.
#[derive(Clone, Debug)]
pub(crate) struct Stopwatch {
    start: Instant,
    /// What was lost before.
    lost: Duration,
    progress: Progress,
}

impl Stopwatch {
    /// Returns the time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed().saturating_sub(self.progress.lost().saturating_sub(self.lost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_this_machine_lost_is_not_the_servers_time() {
        let progress = Progress::default();
        let second = Duration::from_secs(1);
        let whole = progress.stopwatch();
        tokio::time::advance(second).await;
        progress.run_short("no files", second);
        tokio::time::advance(second).await;
        let later = progress.stopwatch();
        tokio::time::advance(second).await;
        assert_eq!((whole.elapsed(), later.elapsed()), (2 * second, second));
        progress.run_short("no ports", second);
        assert_eq!((whole.elapsed(), later.elapsed()), (second, Duration::ZERO));
        assert_eq!(progress.shortage().as_deref(), Some("no ports"));
    }

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
