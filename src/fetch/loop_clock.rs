//! A clock that stops while the event loop is stalled.
//!
//! Time during which this process did not run must not count against the server: after SIGSTOP or a suspended laptop,
//! or on an overloaded machine, every deadline has passed although the responses wait in the sockets. A heartbeat on
//! the event loop measures how late it runs, and stopwatches exclude that time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use crate::lock::lock;

/// How often the heartbeat runs.
const INTERVAL: Duration = Duration::from_millis(100);

/// How late a heartbeat may be before the time counts as lost.
const TOLERANCE: Duration = Duration::from_millis(100);

/// The length from which a stall is a suspension: servers may have closed connections meanwhile.
const SUSPENSION: Duration = Duration::from_secs(4);

/// The clock of one event loop.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoopClock(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    is_running: AtomicBool,
    beats: Mutex<HeartbeatState>,
}

#[derive(Clone, Copy, Debug, Default)]
struct HeartbeatState {
    /// When the heartbeat ran last, on the monotonic and on the wall clock, which keeps running while a laptop sleeps.
    last: Option<(Instant, SystemTime)>,
    stalls: Stalls,
}

/// The stalls since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stalls {
    /// The time lost in all of them.
    pub(crate) lost: Duration,
    /// How many were long enough for servers to close connections.
    pub(crate) suspensions: u32,
}

impl LoopClock {
    /// Starts the heartbeat on the current runtime, unless it is running already.
    pub(crate) fn start(&self) {
        if !self.0.is_running.swap(true, Ordering::Relaxed) {
            lock(&self.0.beats).last = Some((Instant::now(), SystemTime::now()));
            let clock = self.clone();
            tokio::spawn(async move {
                loop {
                    sleep(INTERVAL).await;
                    let mut beats = lock(&clock.0.beats);
                    *beats = beats.at(Instant::now(), SystemTime::now());
                }
            });
        }
    }

    /// Returns the stalls so far, including an ongoing one: a timer may fire before the heartbeat does.
    pub(crate) fn stalls(&self) -> Stalls {
        lock(&self.0.beats).at(Instant::now(), SystemTime::now()).stalls
    }
}

impl HeartbeatState {
    /// Returns the state after a heartbeat at this time.
    fn at(self, now: Instant, wall: SystemTime) -> Self {
        let Some((last, last_wall)) = self.last else { return self };
        let ran = now.saturating_duration_since(last);
        let late = ran.saturating_sub(INTERVAL);
        let late = if late > TOLERANCE { late } else { Duration::ZERO };
        let slept = wall.duration_since(last_wall).unwrap_or_default().saturating_sub(ran);
        let is_suspension = late.max(slept) >= SUSPENSION;
        let Stalls { lost, suspensions } = self.stalls;
        let stalls = Stalls { lost: lost + late, suspensions: suspensions + u32::from(is_suspension) };
        Self { last: Some((now, wall)), stalls }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_heartbeats_and_sleep_are_stalls() {
        let (start, wall) = (Instant::now(), SystemTime::now());
        let beats = HeartbeatState { last: Some((start, wall)), ..HeartbeatState::default() };
        let after = |ran: u64, wall_ran: u64| {
            let millis = Duration::from_millis;
            let Stalls { lost, suspensions } = beats.at(start + millis(ran), wall + millis(wall_ran)).stalls;
            (lost.as_millis(), suspensions)
        };
        assert_eq!(after(100, 100), (0, 0));
        assert_eq!(after(190, 190), (0, 0));
        assert_eq!(after(400, 400), (300, 0));
        assert_eq!(after(11_100, 11_100), (11_000, 1));
        assert_eq!(after(100, 60_000), (0, 1), "a laptop slept");
        assert_eq!(HeartbeatState::default().at(start, wall).stalls, Stalls::default());
    }

    #[tokio::test]
    async fn the_heartbeat_detects_a_blocked_thread() {
        let clock = LoopClock::default();
        clock.start();
        sleep(INTERVAL).await;
        let before = clock.stalls().lost;
        std::thread::sleep(Duration::from_millis(600));
        let lost = clock.stalls().lost.saturating_sub(before);
        assert!(lost >= Duration::from_millis(300), "{lost:?}");
        sleep(INTERVAL).await;
        assert!(clock.stalls().lost >= before + lost, "the stall still counts");
    }
}
