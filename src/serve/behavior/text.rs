//! Reads a behavior, and reports errors in it.

use std::time::Duration;

use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value};

use super::matcher::Matcher;
use super::{Behavior, CannedResponse, Effect, RequestEffect};
use crate::serve::control_object::{ControlError, ControlObject};
use crate::serve::tasks::{FailureCode, TaskOutcome};

/// The keys of a behavior. At least one effect is required; all other keys are optional.
const KEYS: [&str; 11] = [
    "match",
    "times",
    "status",
    "headers",
    "body",
    "delay_ms",
    "close",
    "truncate",
    "failureCode",
    "failure",
    "cancelled",
];

/// The longest delay, in milliseconds.
const MAX_DELAY: u32 = 600_000;

/// The default sentence of a failure. It names its origin.
const FAILURE: &str = "Failed on request of a test (runway-preflight serve).";

const NO_EFFECT: &str =
    "no effect is set: set `status`, `close`, `truncate`, `delay_ms`, `failureCode`, `failure` or `cancelled`";

impl Behavior {
    /// Reads a behavior.
    pub(in crate::serve) fn read(members: &Map<String, Value>) -> Result<Self, ControlError> {
        let object = ControlObject::new(members, &KEYS)?;
        let matcher = Matcher::read(&object)?;
        let times = object.whole_number("times", 1..=1_000_000)?.unwrap_or(1);
        let effect = match (outcome(&object)?, request_effect(&object)?) {
            (None, None) => return Err(ControlError::whole(NO_EFFECT)),
            (Some((name, _)), Some((other, _))) => return Err(conflict(&object, name, other)),
            (Some((_, outcome)), None) => Effect::Task(outcome),
            (None, Some((_, effect))) => Effect::Request(effect),
        };
        Ok(Self { matcher, times, effect })
    }
}

/// Returns the outcome of a task, with the key that requests it.
fn outcome(object: &ControlObject<'_>) -> Result<Option<(&'static str, TaskOutcome)>, ControlError> {
    let code = match object.value("failureCode") {
        None => FailureCode::Absent,
        Some(Value::Null) => FailureCode::Null,
        Some(Value::String(code)) => FailureCode::Code(code.clone()),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Err(object.error("failureCode", "must be a string or null"));
        }
    };
    let failure = object.text("failure")?;
    let name = if code == FailureCode::Absent { "failure" } else { "failureCode" };
    match (code != FailureCode::Absent || failure.is_some(), object.flag("cancelled")?) {
        (true, true) => Err(conflict(object, name, "cancelled")),
        (true, false) => {
            let failure = failure.unwrap_or(FAILURE).to_owned();
            Ok(Some((name, TaskOutcome::Failed { code, failure })))
        }
        (false, true) => Ok(Some(("cancelled", TaskOutcome::Cancelled))),
        (false, false) => Ok(None),
    }
}

/// Returns the effect on a request, with the key that requests it.
fn request_effect(object: &ControlObject<'_>) -> Result<Option<(&'static str, RequestEffect)>, ControlError> {
    let answer = answer(object)?;
    let delay = Duration::from_millis(object.whole_number("delay_ms", 0..=MAX_DELAY)?.unwrap_or_default().into());
    let truncate = object.whole_number("truncate", 0..=u32::MAX)?;
    let truncate = truncate.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    let close = object.flag("close")?;
    let name = match (&answer, close, truncate) {
        (Some(_), true, _) => return Err(conflict(object, "status", "close")),
        (_, true, Some(_)) => return Err(conflict(object, "truncate", "close")),
        (Some(_), false, _) => "status",
        (None, true, None) => "close",
        (None, false, Some(_)) => "truncate",
        (None, false, None) if !delay.is_zero() => "delay_ms",
        (None, false, None) => return Ok(None),
    };
    Ok(Some((name, RequestEffect { delay, close, answer, truncate })))
}

fn answer(object: &ControlObject<'_>) -> Result<Option<CannedResponse>, ControlError> {
    let given = object.members("headers")?.filter(|headers| !headers.is_empty());
    let body = object.get("body");
    let Some(status) = object.whole_number("status", 200..=599)? else {
        let needs = [("body", body.is_some()), ("headers", given.is_some())];
        let needing = needs.into_iter().find(|(_, is_set)| *is_set);
        return needing.map_or(Ok(None), |(name, _)| Err(object.error(name, "needs `status`")));
    };
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
    let mut headers = HeaderMap::new();
    if body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    for (name, value) in given.into_iter().flatten() {
        let (name, value) = header(name, value).map_err(|message| {
            let error = object.error("headers", message);
            ControlError { path: vec!["headers".to_owned(), name.clone()], ..error }
        })?;
        headers.insert(name, value);
    }
    Ok(Some(CannedResponse { status, headers, body: body.map(Value::to_string).unwrap_or_default() }))
}

fn header(name: &str, value: &Value) -> Result<(HeaderName, HeaderValue), &'static str> {
    const WRONG: &str = "has a name or a value that HTTP does not allow, or one that the server sets itself";
    let value = value.as_str().ok_or("must have strings as values")?;
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| WRONG)?;
    if [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
        return Err(WRONG);
    }
    Ok((name, HeaderValue::from_str(value).map_err(|_| WRONG)?))
}

fn conflict(object: &ControlObject<'_>, name: &str, other: &str) -> ControlError {
    let error = object.error(other, "");
    let message = format!("`{name}` and `{other}` exclude each other");
    ControlError { path: error.path, ..ControlError::whole(message) }
}
