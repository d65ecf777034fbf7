//! The server's clock: real time, plus an offset that a test has added.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::Date;

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

    /// Returns the day in UTC, `2026-11-29`.
    pub(super) fn day(self) -> String {
        self.to_rfc3339().chars().take_while(|character| *character != 'T').collect()
    }
}

/// A clock that a test can move forward.
#[derive(Debug)]
pub(super) struct MovableClock {
    started: Instant,
    started_at: UnixMillis,
    added: AtomicU64,
}

/// The maximum offset, in seconds: a hundred years.
pub(super) const MAX_ADDED_S: u32 = 100 * 366 * 86_400;

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

    /// Moves the clock forward, and returns whether it did: the offset has a maximum.
    pub(super) fn advance(&self, by: Duration) -> bool {
        let within =
            |added: u64| Some(added.saturating_add(millis(by))).filter(|added| *added <= u64::from(MAX_ADDED_S) * 1000);
        self.added.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within).is_ok()
    }

    /// Resets the clock to the system time.
    pub(super) fn reset(&self) {
        self.added.store(0, Ordering::Relaxed);
    }
}

/// Returns whether a text is a moment as the schemas of the API have it: in UTC, with `Z`; the seconds are optional.
pub(super) fn is_date_time(text: &str) -> bool {
    let parts = text.strip_suffix('Z').and_then(|text| text.split_once('T'));
    parts.is_some_and(|(date, time)| is_date(date) && is_time(time))
}

fn is_date(text: &str) -> bool {
    let mut bytes = text.bytes().enumerate();
    let has_form = bytes.all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    text.len() == 10 && has_form && text.parse::<Date>().is_ok()
}

fn is_time(text: &str) -> bool {
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let parts: Vec<&str> = whole.split(':').collect();
    let mut limited = parts.iter().zip(["23", "59", "59"]);
    let is_clock = limited.all(|(part, last)| part.len() == 2 && are_digits(part) && *part <= last);
    is_clock && (parts.len() == 3 && fraction.is_none_or(are_digits) || parts.len() == 2 && fraction.is_none())
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
    }

    #[test]
    fn date_times_are_those_of_the_schemas() {
        for text in [
            "2026-11-29T12:30Z",
            "2026-11-29T23:59:59Z",
            "2026-11-29T12:30:00.123456789Z",
            "2028-02-29T00:00Z",
            "0000-02-29T00:00Z",
        ] {
            assert!(is_date_time(text), "{text}");
        }
        for text in [
            "",
            "2026-11-29",
            "2026-11-29T12:30:00",
            "2026-11-29T12:30:00+00:00",
            "2026-11-29T12Z",
            "2026-11-29T12:30:60Z",
            "2026-11-29T24:00Z",
            "2026-11-29T12:30.5Z",
            "2026-11-29T12:30:00.Z",
            "2026-02-29T00:00Z",
            "2026-13-01T00:00Z",
            "+2026-1-1T00:00Z",
            "2026-11-29t12:30Z",
            "2026-11-29T12:30:00:00Z",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }

    #[test]
    fn the_clock_moves_and_goes_back() {
        let clock = MovableClock::new();
        let before = clock.now();
        assert!(clock.advance(Duration::from_secs(86_401)));
        assert!(clock.now().since(before) >= Duration::from_secs(86_401));
        assert!(!clock.advance(Duration::MAX) && !clock.advance(Duration::from_secs(MAX_ADDED_S.into())));
        assert!(clock.now().since(before) <= Duration::from_secs(86_401 + 60));
        clock.reset();
        assert!(clock.now().since(before) < Duration::from_secs(60));
    }
}
