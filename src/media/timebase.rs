//! Converts ticks to time without intermediate rounding.

use std::time::Duration;

/// The longest plausible duration: a hundred days. A header that states more is damaged.
const MAX_DURATION: Duration = Duration::from_secs(100 * 24 * 3600);

/// Returns how long `count` ticks last at `rate / scale` ticks per second; `None` for a zero rate or an absurd time.
pub(crate) fn ticks_to_duration(count: u64, rate: u64, scale: u64) -> Option<Duration> {
    let nanos = u128::from(count).checked_mul(u128::from(scale))?.checked_mul(1_000_000_000)?;
    let nanos = u64::try_from(nanos.checked_div(u128::from(rate))?).ok()?;
    Some(Duration::from_nanos(nanos)).filter(|time| *time <= MAX_DURATION)
}

/// Converts seconds as a floating-point number; `None` if they are not a valid duration, or zero, which writers use as
/// a placeholder.
pub(crate) fn seconds_to_duration(seconds: f64) -> Option<Duration> {
    let time = Duration::try_from_secs_f64(seconds).ok()?;
    (Duration::ZERO < time && time <= MAX_DURATION).then_some(time)
}

/// Returns frames per second; `None` if they are zero, not a number, or above 1,000, which no camera reaches.
pub(crate) fn frame_rate(rate: u32, scale: u32) -> Option<f64> {
    Some(f64::from(rate) / f64::from(scale)).filter(|fps| *fps > 0.0 && *fps <= 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_converted_without_intermediate_rounding() {
        assert_eq!(ticks_to_duration(44_100, 44_100, 1), Some(Duration::from_secs(1)));
        assert_eq!(ticks_to_duration(90, 30_000, 1001), Some(Duration::from_millis(3003)));
        assert_eq!(ticks_to_duration(0, 8000, 1), Some(Duration::ZERO));
    }

    #[test]
    fn a_zero_rate_and_an_absurd_duration_are_none() {
        assert_eq!(ticks_to_duration(1, 0, 1), None);
        assert_eq!(ticks_to_duration(u64::MAX, 1, u64::MAX), None);
        assert_eq!(ticks_to_duration(100 * 24 * 3600 + 1, 1, 1), None);
    }

    #[test]
    fn floating_seconds_are_checked() {
        assert_eq!(seconds_to_duration(7.5), Some(Duration::from_millis(7500)));
        for seconds in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(seconds_to_duration(seconds), None, "{seconds}");
        }
    }

    #[test]
    fn frame_rates_are_never_nan_and_never_absurd() {
        assert_eq!(frame_rate(25, 1), Some(25.0));
        for (rate, scale) in [(0, 0), (1, 0), (0, 1), (u32::MAX, 1)] {
            assert_eq!(frame_rate(rate, scale), None, "{rate}/{scale}");
        }
    }
}
