//! What no route answers.

use axum::http::StatusCode;
use axum::response::Response;

use super::Call;
use crate::serve::answer::{not_known, ours};

/// Answers a path that has no route. An endpoint that the request rules know is checked all the same.
pub(super) async fn unknown_path(call: Call) -> Response {
    let endpoint = call.path.strip_prefix("/v1/").unwrap_or_default();
    if call.app().checker.knows(endpoint) {
        return match call.check(endpoint).await {
            Err(refusal) => refusal,
            Ok(()) => not_known("the body would be accepted; what this endpoint answers is not known to serve"),
        };
    }
    ours(StatusCode::NOT_FOUND, "unknown-path", "the API has no such path that serve knows")
}

/// Answers a method that a path does not have.
pub(super) async fn wrong_method() -> Response {
    ours(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "this path does not take this method")
}
