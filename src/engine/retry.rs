//! Looking again, where what went wrong may pass.

use std::time::Duration;

use crate::finding::Finding;
use crate::finding::lint::Lint;

/// How long to wait before each new attempt: one second, then twice as long each time, up to half a minute.
pub(super) fn pauses(retries: u8) -> impl Iterator<Item = Duration> {
    (0..retries).map(|attempt| Duration::from_secs(1_u64.checked_shl(attempt.into()).unwrap_or(u64::MAX).min(30)))
}

/// Remarks that it took more than one look, with what each but the last met.
pub(super) fn retried(failed: &[String]) -> Option<Finding> {
    if failed.is_empty() {
        return None;
    }
    let last = failed.len() + 1;
    let attempts = failed.iter().zip(1..).map(|(why, attempt)| format!("attempt {attempt}: {why}; "));
    let detail = format!("{}attempt {last} is the one judged here", attempts.collect::<String>());
    Some(Finding::lint(Lint::Retried, detail))
}
