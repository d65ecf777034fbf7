//! Requests without a matching route.

use axum::http::StatusCode;
use axum::response::{Response, Result};

use super::ApiRequest;
use crate::serve::responses::{not_implemented, preflight_error};

/// Handles a path without a route. The body is still checked if the request rules know the endpoint.
pub(super) async fn unknown_path(request: ApiRequest) -> Result<Response> {
    let endpoint = request.path.strip_prefix("/v1/").unwrap_or_default();
    if request.app().checker.knows(endpoint) {
        request.check(endpoint).await?;
        return Ok(not_implemented("the body would be accepted; serve does not know the response of this endpoint"));
    }
    Err(preflight_error(StatusCode::NOT_FOUND, "unknown-path", "serve does not know this path of the API").into())
}

/// Handles a method that a path does not support.
pub(super) async fn wrong_method() -> Response {
    preflight_error(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "this path does not support this method")
}
