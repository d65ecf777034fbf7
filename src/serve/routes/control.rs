//! The control endpoints, with which a test controls the server.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::CONTROL;
use crate::serve::answer::{no_content, ok, ours};
use crate::serve::app::App;
use crate::serve::behavior::{Behavior, BehaviorText};
use crate::serve::journal;

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
    let text: BehaviorText = match serde_json::from_slice(&body) {
        Ok(text) => text,
        Err(error) => return invalid(&error.to_string()),
    };
    match Behavior::try_from(text) {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: f64,
}

async fn clock(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let advance: Advance = match serde_json::from_slice(&body) {
        Ok(advance) => advance,
        Err(error) => return invalid(&error.to_string()),
    };
    match Duration::try_from_secs_f64(advance.advance_s) {
        Ok(by) => app.clock.advance(by),
        Err(_) => return invalid("`advance_s` must be a non-negative number of seconds"),
    }
    ok(&json!({"now_ms": app.now().0}))
}

fn invalid(sentence: &str) -> Response {
    ours(StatusCode::BAD_REQUEST, "invalid-control", sentence)
}
