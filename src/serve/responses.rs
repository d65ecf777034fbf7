//! Builds responses: JSON, the API's published sentences, and our own sentences with their code in brackets.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

/// The link in the API's errors.
const DOC_URL: &str = "https://docs.dev.runwayml.com/api";

/// Tells the SDKs whether to retry a request.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// Returns a JSON response.
pub(super) fn json_response(status: StatusCode, body: &impl Serialize) -> Response {
    raw_json_response(status, serde_json::to_string(body).unwrap_or_default())
}

/// Returns a response with a body that is already serialized JSON.
pub(super) fn raw_json_response(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

/// Returns a 200 response with JSON.
pub(super) fn ok(body: &impl Serialize) -> Response {
    json_response(StatusCode::OK, body)
}

/// Returns a 204 response.
pub(super) fn no_content() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Returns an error with a sentence of the API that is known to come with a link to its documentation.
pub(super) fn api_error(status: StatusCode, sentence: &str) -> Response {
    json_response(status, &json!({"error": sentence, "docUrl": DOC_URL}))
}

/// Returns the API's 404 response for a task.
pub(super) fn unknown_task() -> Response {
    json_response(StatusCode::NOT_FOUND, &json!({"error": "Could not find Task"}))
}

/// Returns an error with our own sentence, for cases in which the API's is not published.
pub(super) fn preflight_error(status: StatusCode, code: &str, sentence: &str) -> Response {
    json_response(status, &json!({"error": format!("[{code}] {sentence}")}))
}

/// Returns a 404 response for anything other than a task.
pub(super) fn not_found(what: &str) -> Response {
    preflight_error(StatusCode::NOT_FOUND, "not-found", &format!("this server has no such {what}"))
}

/// Returns the API's 404 response for a router, with the code that it has published, and our own sentence.
pub(super) fn unknown_router() -> Response {
    let error = "[not-found] this server has no such router";
    json_response(StatusCode::NOT_FOUND, &json!({"error": error, "code": "router_config_not_found"}))
}

/// Returns a 501 response if this server cannot know the API's response; the SDKs do not retry it.
pub(super) fn not_implemented(sentence: &str) -> Response {
    not_retried(preflight_error(StatusCode::NOT_IMPLEMENTED, "not-known", sentence))
}

/// Tells the SDKs not to send the request again.
fn not_retried(mut response: Response) -> Response {
    response.headers_mut().insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    response
}

/// Returns the response to a request that a reset has overtaken. An earlier test has left it running; what it creates
/// must not appear in the next test.
pub(super) fn was_reset() -> Response {
    let sentence = "the server was reset during this request";
    not_retried(preflight_error(StatusCode::SERVICE_UNAVAILABLE, "reset", sentence))
}
