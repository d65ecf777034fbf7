//! Retries after failures that may be transient.

use std::time::Duration;

use crate::finding::{Finding, Lint};

/// Returns the pause before each retry: one second, then twice as long each time, up to 30 seconds.
pub(super) fn backoff(retries: u8) -> impl Iterator<Item = Duration> {
    (0..retries).map(|attempt| Duration::from_secs(1_u64.checked_shl(attempt.into()).unwrap_or(u64::MAX).min(30)))
}

/// Returns the lint that lists the failed attempts, if there were any.
pub(super) fn retry_lint(failed: &[String]) -> Option<Finding> {
    if failed.is_empty() {
        return None;
    }
    let last = failed.len() + 1;
    let attempts = failed.iter().zip(1..).map(|(why, attempt)| format!("attempt {attempt}: {why}; "));
    let detail = format!("{}attempt {last} is the one reported here", attempts.collect::<String>());
    Some(Finding::lint(Lint::Retried, detail))
}
