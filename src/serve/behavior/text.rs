//! Parses a behavior from JSON or TOML, and reports errors in it.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::matcher::Matcher;
use super::{Behavior, CannedAnswer, Effect, RequestEffect};
use crate::serve::tasks::{FailureCode, TaskOutcome};

/// The keys of a behavior. At least one effect is required; all other keys are optional.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct BehaviorText {
    #[serde(default, rename = "match")]
    matcher: Matcher,
    times: Option<u32>,
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    delay_ms: Option<u64>,
    #[serde(default)]
    close: bool,
    truncate: Option<usize>,
    #[serde(default, rename = "failureCode", deserialize_with = "present")]
    failure_code: FailureCode,
    failure: Option<String>,
    #[serde(default)]
    cancelled: bool,
}

/// An error in a behavior.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::serve) enum BehaviorError {
    #[error("no effect is set: set `status`, `close`, `truncate`, `delay_ms`, `failureCode`, `failure` or `cancelled`")]
    NoEffect,
    #[error("`{0}` and `{1}` exclude each other")]
    Conflict(&'static str, &'static str),
    #[error("`{0}` needs `status`")]
    NeedsStatus(&'static str),
    #[error("`{0}` must be between {1} and {2}")]
    OutOfRange(&'static str, u64, u64),
    #[error("{0}")]
    Match(&'static str),
    #[error("`headers` has a name or a value that HTTP does not allow, or one that the server sets itself")]
    Header,
}

/// The longest delay, in milliseconds.
const MAX_DELAY: u64 = 600_000;

/// The default sentence of a failure. It names its origin.
const FAILURE: &str = "Failed on request of a test (runway-preflight serve).";

impl TryFrom<BehaviorText> for Behavior {
    type Error = BehaviorError;

    fn try_from(text: BehaviorText) -> Result<Self, BehaviorError> {
        if let Some(mistake) = text.matcher.mistake() {
            return Err(BehaviorError::Match(mistake));
        }
        let times = in_range("times", u64::from(text.times.unwrap_or(1)), 1, 1_000_000)?;
        let times = u32::try_from(times).unwrap_or(u32::MAX);
        let effect = match (text.outcome()?, text.request_effect()?) {
            (None, None) => return Err(BehaviorError::NoEffect),
            (Some((name, _)), Some((other, _))) => return Err(BehaviorError::Conflict(name, other)),
            (Some((_, outcome)), None) => Effect::Task(outcome),
            (None, Some((_, effect))) => Effect::Request(effect),
        };
        Ok(Self { matcher: text.matcher, times, effect })
    }
}

impl BehaviorText {
    /// Returns the outcome of a task, with the key that requests it.
    fn outcome(&self) -> Result<Option<(&'static str, TaskOutcome)>, BehaviorError> {
        let has_code = self.failure_code != FailureCode::Absent;
        let failed = has_code || self.failure.is_some();
        let name = if has_code { "failureCode" } else { "failure" };
        match (failed, self.cancelled) {
            (true, true) => Err(BehaviorError::Conflict(name, "cancelled")),
            (true, false) => {
                let failure = self.failure.clone().unwrap_or_else(|| FAILURE.to_owned());
                Ok(Some((name, TaskOutcome::Failed { code: self.failure_code.clone(), failure })))
            }
            (false, true) => Ok(Some(("cancelled", TaskOutcome::Cancelled))),
            (false, false) => Ok(None),
        }
    }

    /// Returns the effect on a request, with the key that requests it.
    fn request_effect(&self) -> Result<Option<(&'static str, RequestEffect)>, BehaviorError> {
        let answer = self.answer()?;
        let delay = in_range("delay_ms", self.delay_ms.unwrap_or_default(), 0, MAX_DELAY)?;
        let name = match (&answer, self.close, self.truncate) {
            (Some(_), true, _) => return Err(BehaviorError::Conflict("status", "close")),
            (_, true, Some(_)) => return Err(BehaviorError::Conflict("truncate", "close")),
            (Some(_), false, _) => "status",
            (None, true, None) => "close",
            (None, false, Some(_)) => "truncate",
            (None, false, None) if delay > 0 => "delay_ms",
            (None, false, None) => return Ok(None),
        };
        let delay = Duration::from_millis(delay);
        Ok(Some((name, RequestEffect { delay, close: self.close, answer, truncate: self.truncate })))
    }

    fn answer(&self) -> Result<Option<CannedAnswer>, BehaviorError> {
        let Some(status) = self.status else {
            let needs = [("body", self.body.is_some()), ("headers", !self.headers.is_empty())];
            let needing = needs.into_iter().find(|(_, is_set)| *is_set);
            return needing.map_or(Ok(None), |(name, _)| Err(BehaviorError::NeedsStatus(name)));
        };
        let out_of_range = BehaviorError::OutOfRange("status", 200, 599);
        let status = StatusCode::from_u16(status).ok().filter(|status| (200..600).contains(&status.as_u16()));
        let status = status.ok_or(out_of_range)?;
        let mut headers = HeaderMap::new();
        if self.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        }
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| BehaviorError::Header)?;
            if [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
                return Err(BehaviorError::Header);
            }
            headers.insert(name, HeaderValue::from_str(value).map_err(|_| BehaviorError::Header)?);
        }
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        Ok(Some(CannedAnswer { status, headers, body }))
    }
}

fn in_range(name: &'static str, value: u64, min: u64, max: u64) -> Result<u64, BehaviorError> {
    if (min..=max).contains(&value) { Ok(value) } else { Err(BehaviorError::OutOfRange(name, min, max)) }
}

/// Distinguishes `null` from a missing key.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FailureCode, D::Error> {
    Option::deserialize(deserializer).map(|code| code.map_or(FailureCode::Null, FailureCode::Code))
}
