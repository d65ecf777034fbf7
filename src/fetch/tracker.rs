//! Tracks the progress of a request, which the TLS library and the HTTP client report here.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::futures::TaskLocalFuture;
use tokio::time::Instant;

use crate::fetch::loop_clock::LoopClock;
use crate::fetch::tap::ResponseTap;
use crate::lock::lock;
use crate::observation::Phase;

/// The tracker of one asset, which sends one request at a time. All code that works on the asset shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestTracker(Arc<TrackerState>);

#[derive(Debug, Default)]
struct TrackerState {
    phase: AtomicU8,
    /// The TLS handshakes since the last connection was opened; through an HTTPS proxy there are two.
    handshakes: AtomicU8,
    client_certificate_requested: AtomicBool,
    tap: Mutex<ResponseTap>,
    local: Mutex<LocalState>,
    clock: LoopClock,
    /// `Some` only for a traced fetch.
    timeline: Option<Mutex<Timeline>>,
}

/// The resources that this machine lacked, and the time it spent itself, which does not count as the server's.
#[derive(Debug, Default)]
struct LocalState {
    /// The resource that was exhausted, in the words of the system.
    exhausted: Option<String>,
    excluded: Duration,
    /// The part of it spent waiting for exhausted resources.
    resource_wait: Duration,
}

/// The steps of a traced fetch.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// What happened, and when.
    pub(crate) steps: Vec<(Step, Instant)>,
    /// The certificates of the first handshake in the order sent, as DER.
    pub(crate) chain: Vec<Vec<u8>>,
    /// The TLS version of the first handshake.
    pub(crate) version: Option<&'static str>,
}

/// A step of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A request was started.
    Started,
    /// It reached a phase.
    Reached(Phase),
}

const PHASES: [Phase; 5] = [Phase::Dns, Phase::Connect, Phase::Tls, Phase::FirstByte, Phase::Body];

tokio::task_local! {
    /// The current request, for callbacks of the libraries that all requests share.
    static CURRENT: RequestTracker;
}

impl RequestTracker {
    /// Creates a tracker on the clock of the event loop.
    pub(crate) fn new(clock: &LoopClock) -> Self {
        Self(Arc::new(TrackerState { clock: clock.clone(), ..TrackerState::default() }))
    }

    /// Creates a tracker that keeps a [`Timeline`].
    pub(crate) fn traced(clock: &LoopClock) -> Self {
        Self(Arc::new(TrackerState {
            clock: clock.clone(),
            timeline: Some(Mutex::default()),
            ..TrackerState::default()
        }))
    }

    /// Runs a request, so that [`RequestTracker::current`] finds this tracker.
    pub(crate) fn scope<F: Future>(&self, request: F) -> TaskLocalFuture<Self, F> {
        CURRENT.scope(self.clone(), request)
    }

    /// Calls a function with the tracker of the current request. There is none for a connection that the HTTP client
    /// finishes in the background after its request has ended.
    pub(crate) fn current(report: impl FnOnce(&Self)) {
        let _ = CURRENT.try_with(report);
    }

    /// Starts a request, whose response this tap observes. It uses an idle connection unless one is opened.
    pub(crate) fn start(&self, tap: &ResponseTap) {
        *lock(&self.0.tap) = tap.clone();
        self.trace(|timeline| timeline.steps.push((Step::Started, Instant::now())));
        self.0.phase.store(Phase::FirstByte as u8, Ordering::Relaxed);
    }

    /// Enters a phase.
    pub(crate) fn reach(&self, phase: Phase) {
        match phase {
            Phase::Connect => self.0.handshakes.store(0, Ordering::Relaxed),
            Phase::Tls => _ = self.0.handshakes.fetch_add(1, Ordering::Relaxed),
            Phase::Dns | Phase::FirstByte | Phase::ResponseHead | Phase::Body => {}
        }
        self.0.phase.store(phase as u8, Ordering::Relaxed);
        self.trace(|timeline| timeline.steps.push((Step::Reached(phase), Instant::now())));
    }

    /// Changes the timeline, if one is kept.
    pub(crate) fn trace(&self, change: impl FnOnce(&mut Timeline)) {
        if let Some(timeline) = &self.0.timeline {
            change(&mut lock(timeline));
        }
    }

    /// Takes the timeline; empty if none was kept.
    pub(crate) fn take_timeline(&self) -> Timeline {
        let mut taken = Timeline::default();
        self.trace(|timeline| taken = std::mem::take(timeline));
        taken
    }

    /// Returns the phase.
    pub(crate) fn phase(&self) -> Phase {
        let phase = PHASES.get(usize::from(self.0.phase.load(Ordering::Relaxed))).copied().unwrap_or(Phase::Body);
        if phase == Phase::FirstByte && self.tap().is_in_head() { Phase::ResponseHead } else { phase }
    }

    /// Returns whether a connection is being opened that has started at most this many TLS handshakes.
    pub(crate) fn is_connecting(&self, handshakes: u8) -> bool {
        matches!(self.phase(), Phase::Connect | Phase::Tls) && self.0.handshakes.load(Ordering::Relaxed) <= handshakes
    }

    /// Returns the tap of the current connection.
    pub(crate) fn tap(&self) -> ResponseTap {
        lock(&self.0.tap).clone()
    }

    /// Records that this machine lacks a resource and waits for it.
    pub(crate) fn record_exhaustion(&self, what: &str, wait: Duration) {
        let mut local = lock(&self.0.local);
        local.exhausted = Some(what.to_owned());
        local.excluded = local.excluded.saturating_add(wait);
        local.resource_wait = local.resource_wait.saturating_add(wait);
    }

    /// Returns how long this machine has waited for exhausted resources.
    pub(crate) fn resource_wait(&self) -> Duration {
        lock(&self.0.local).resource_wait
    }

    /// Returns the resource that this machine lacked, if any.
    pub(crate) fn exhausted_resource(&self) -> Option<String> {
        lock(&self.0.local).exhausted.clone()
    }

    /// Excludes time that this machine spent on its own work or waiting for its own resources.
    pub(crate) fn exclude(&self, time: Duration) {
        let mut local = lock(&self.0.local);
        local.excluded = local.excluded.saturating_add(time);
    }

    /// Returns all the time excluded so far.
    fn excluded(&self) -> Duration {
        self.0.clock.stalls().lost.saturating_add(lock(&self.0.local).excluded)
    }

    /// Starts a stopwatch.
    pub(crate) fn stopwatch(&self) -> Stopwatch {
        Stopwatch { start: Instant::now(), excluded: self.excluded(), tracker: self.clone() }
    }

    /// Records that the server asked for a client certificate.
    pub(crate) fn request_client_certificate(&self) {
        self.0.client_certificate_requested.store(true, Ordering::Relaxed);
    }

    /// Returns whether the server asked for a client certificate.
    pub(crate) fn is_client_certificate_requested(&self) -> bool {
        self.0.client_certificate_requested.load(Ordering::Relaxed)
    }
}

/// Measures the time that the server takes, excluding stalls of the event loop and the time this machine spends itself.
#[derive(Clone, Debug)]
pub(crate) struct Stopwatch {
    start: Instant,
    /// The time excluded before the start.
    excluded: Duration,
    tracker: RequestTracker,
}

impl Stopwatch {
    /// Returns the time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed().saturating_sub(self.tracker.excluded().saturating_sub(self.excluded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_that_this_machine_loses_is_not_the_servers() {
        let tracker = RequestTracker::default();
        let second = Duration::from_secs(1);
        let whole = tracker.stopwatch();
        tokio::time::advance(second).await;
        tracker.record_exhaustion("no files", second);
        tokio::time::advance(second).await;
        let later = tracker.stopwatch();
        tokio::time::advance(second).await;
        assert_eq!((whole.elapsed(), later.elapsed()), (2 * second, second));
        tracker.exclude(second);
        assert_eq!((whole.elapsed(), later.elapsed()), (second, Duration::ZERO));
        assert_eq!(tracker.exhausted_resource().as_deref(), Some("no files"));
    }

    #[test]
    fn phases_are_kept() {
        let tracker = RequestTracker::default();
        assert_eq!(tracker.phase(), Phase::Dns);
        for phase in PHASES {
            tracker.reach(phase);
            assert_eq!(tracker.phase(), phase);
        }
    }

    #[test]
    fn handshakes_count_from_the_opening_of_a_connection() {
        let tracker = RequestTracker::default();
        assert!(!tracker.is_connecting(0));
        tracker.reach(Phase::Connect);
        assert!(tracker.is_connecting(0));
        tracker.reach(Phase::Tls);
        assert!(!tracker.is_connecting(0) && tracker.is_connecting(1));
        tracker.reach(Phase::FirstByte);
        assert!(!tracker.is_connecting(1));
        tracker.reach(Phase::Connect);
        assert!(tracker.is_connecting(0));
    }
}
