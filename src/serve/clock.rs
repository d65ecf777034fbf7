//! The server's clock: real time, plus an offset that a test has added.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UnixMillis(pub(super) u64);

impl UnixMillis {
    /// Returns the moment `duration` later.
    pub(super) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// Returns the moment `duration` earlier.
    pub(super) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// Returns the time from `earlier` to this moment; zero if it is not earlier.
    pub(super) const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Returns the moment as the API writes it, `2026-11-29T12:30:00.000Z`.
    pub(super) fn to_rfc3339(self) -> String {
        let time = i64::try_from(self.0).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
        format!("{:.3}", time.unwrap_or(Timestamp::MAX))
    }

    /// Returns the number of the day in UTC since 1970.
    pub(super) const fn day_number(self) -> u64 {
        self.0 / DAY
    }

    /// Returns the start of a day.
    pub(super) const fn of_day_number(number: u64) -> Self {
        Self(number.saturating_mul(DAY))
    }

    /// Returns the day in UTC, `2026-11-29`.
    pub(super) fn day(self) -> String {
        self.to_rfc3339().chars().take_while(|character| *character != 'T').collect()
    }
}

/// The milliseconds of a day.
const DAY: u64 = 86_400_000;

/// A clock that a test can move forward.
#[derive(Debug)]
pub(super) struct MovableClock {
    started: Instant,
    started_at: UnixMillis,
    added: AtomicU64,
}

/// The maximum offset: a hundred years.
const MAX_ADDED: Duration = Duration::from_secs(100 * 366 * 86_400);

impl MovableClock {
    /// Creates a clock that starts at the system time.
    pub(super) fn new() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), started_at: UnixMillis(millis(since_epoch)), added: AtomicU64::new(0) }
    }

    /// Returns the current time.
    pub(super) fn now(&self) -> UnixMillis {
        self.started_at.plus(self.started.elapsed()).plus(Duration::from_millis(self.added.load(Ordering::Relaxed)))
    }

    /// Moves the clock forward.
    pub(super) fn advance(&self, by: Duration) {
        let added = self.added.load(Ordering::Relaxed).saturating_add(millis(by));
        self.added.store(added.min(millis(MAX_ADDED)), Ordering::Relaxed);
    }

    /// Resets the clock to the system time.
    pub(super) fn reset(&self) {
        self.added.store(0, Ordering::Relaxed);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_api_writes_it() {
        assert_eq!(UnixMillis(1_796_041_800_005).to_rfc3339(), "2026-11-30T12:30:00.005Z");
        assert_eq!(UnixMillis(1_796_041_800_005).day(), "2026-11-30");
        assert_eq!(UnixMillis(u64::MAX).day(), "9999-12-30");
        let day = UnixMillis(1_796_041_800_005).day_number();
        assert_eq!(UnixMillis::of_day_number(day).to_rfc3339(), "2026-11-30T00:00:00.000Z");
    }

    #[test]
    fn the_clock_moves_and_goes_back() {
        let clock = MovableClock::new();
        let before = clock.now();
        clock.advance(Duration::from_secs(86_401));
        assert!(clock.now().since(before) >= Duration::from_secs(86_401));
        clock.advance(Duration::MAX);
        assert!(clock.now().since(before) <= MAX_ADDED + Duration::from_secs(60));
        clock.reset();
        assert!(clock.now().since(before) < Duration::from_secs(60));
    }
}
