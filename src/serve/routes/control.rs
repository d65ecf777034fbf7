//! The control endpoints, with which a test controls the server.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::CONTROL;
use crate::serve::app::App;
use crate::serve::behavior::Behavior;
use crate::serve::clock::MAX_ADDED_S;
use crate::serve::control_object::{ControlError, ControlObject, json_object};
use crate::serve::journal;
use crate::serve::responses::{no_content, ok, preflight_error};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(CONTROL, get(describe))
        .route(&format!("{CONTROL}/next"), post(next))
        .route(&format!("{CONTROL}/requests"), get(requests))
        .route(&format!("{CONTROL}/reset"), post(reset))
        .route(&format!("{CONTROL}/clock"), post(clock))
}

/// Describes the control endpoints.
async fn describe(State(app): State<Arc<App>>) -> Response {
    ok(&json!({
        "tool": {"name": "runway-preflight", "version": env!("CARGO_PKG_VERSION")},
        "now_ms": app.now().0,
        "endpoints": [
            {"method": "GET", "path": CONTROL, "does": "describes these endpoints"},
            {"method": "POST", "path": format!("{CONTROL}/next"), "does": "queues a behavior for the next request or task that matches", "body": {
                "match": {"method": "POST", "path": "/v1/image_to_video"}, "times": 1, "status": 429,
                "headers": {"Retry-After": "1"}, "body": {"error": "…"}, "delay_ms": 0, "close": false, "truncate": 100,
                "failureCode": "SAFETY.INPUT.TEXT", "failure": "…", "cancelled": false,
            }},
            {"method": "GET", "path": format!("{CONTROL}/requests"), "does": "lists the last requests, without their secrets"},
            {"method": "POST", "path": format!("{CONTROL}/reset"), "does": "forgets tasks, uploads, requests, behaviors and the clock's movement"},
            {"method": "POST", "path": format!("{CONTROL}/clock"), "does": "moves the clock forward", "body": {"advance_s": 86401}},
        ],
    }))
}

async fn next(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let behavior = json_object(&body).and_then(|members| Behavior::read(&members));
    match behavior {
        Err(error) => invalid(&error.to_string()),
        Ok(behavior) => match app.state().behaviors.push(behavior, body.len()) {
            Ok(()) => no_content(),
            Err(error) => invalid(&error.to_string()),
        },
    }
}

async fn requests(State(app): State<Arc<App>>) -> Response {
    // The entries are formatted after the lock is released.
    let entries = app.state().journal.entries();
    ok(&journal::to_json(&entries))
}

async fn reset(State(app): State<Arc<App>>) -> Response {
    app.reset();
    no_content()
}

async fn clock(State(app): State<Arc<App>>, body: Bytes) -> Response {
    match json_object(&body).and_then(|members| advance(&members)) {
        Err(error) => invalid(&error.to_string()),
        Ok(by) if app.clock.advance(by) => ok(&json!({"now_ms": app.now().0})),
        Ok(_) => invalid(&format!(
            "the clock can be moved by {MAX_ADDED_S} seconds in all; POST /__preflight/reset sets it back"
        )),
    }
}

/// Reads how far to move the clock.
fn advance(members: &Map<String, Value>) -> Result<Duration, ControlError> {
    let object = ControlObject::new(members, &["advance_s"])?;
    let within = |seconds: &f64| (0.0..=f64::from(MAX_ADDED_S)).contains(seconds);
    let seconds = object.get("advance_s").and_then(Value::as_f64).filter(within);
    let by = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    by.ok_or_else(|| object.error("advance_s", &format!("must be a number of seconds between 0 and {MAX_ADDED_S}")))
}

fn invalid(sentence: &str) -> Response {
    preflight_error(StatusCode::BAD_REQUEST, "invalid-control", sentence)
}
