//! Answers: JSON, the API's published sentences, and ours with their code in brackets.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

/// Where the API's errors point.
const DOC_URL: &str = "https://docs.dev.runwayml.com/api";

/// Tells the SDKs whether a request is worth another try.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// Answers JSON.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response {
    text_answer(status, body.to_string())
}

/// Answers a text that is JSON already.
pub(super) fn text_answer(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

/// Answers 200 with JSON.
pub(super) fn ok(body: &Value) -> Response {
    json_answer(StatusCode::OK, body)
}

/// Answers 204.
pub(super) fn no_content() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Answers a sentence of the API that was seen with a link to its documentation.
pub(super) fn published(status: StatusCode, sentence: &str) -> Response {
    json_answer(status, &json!({"error": sentence, "docUrl": DOC_URL}))
}

/// Answers 404 as the API does for a task.
pub(super) fn unknown_task() -> Response {
    json_answer(StatusCode::NOT_FOUND, &json!({"error": "Could not find Task"}))
}

/// Answers a sentence of ours: the API's is not published.
pub(super) fn ours(status: StatusCode, code: &str, sentence: &str) -> Response {
    json_answer(status, &json!({"error": format!("[{code}] {sentence}")}))
}

/// Answers 404 for something other than a task.
pub(super) fn not_found(what: &str) -> Response {
    ours(StatusCode::NOT_FOUND, "not-found", &format!("this server knows no such {what}"))
}

/// Answers 501 to what this server cannot know; the SDKs do not try again.
pub(super) fn not_known(sentence: &str) -> Response {
    let mut response = ours(StatusCode::NOT_IMPLEMENTED, "not-known", sentence);
    response.headers_mut().insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    response
}
