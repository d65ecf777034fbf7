//! Applies a behavior to a response.

use std::io;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use tokio::time::sleep;

use crate::serve::behavior::{CannedAnswer, RequestEffect};

/// Marks a response that is replaced by closing the connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::serve) struct CloseConnection;

/// Waits for the behavior's delay, and returns its response if it has one.
pub(super) async fn instead(effect: &RequestEffect) -> Option<Response> {
    if !effect.delay.is_zero() {
        sleep(effect.delay).await;
    }
    if effect.close {
        let mut response = Response::default();
        response.extensions_mut().insert(CloseConnection);
        return Some(response);
    }
    effect.answer.clone().map(canned)
}

fn canned(answer: CannedAnswer) -> Response {
    let CannedAnswer { status, headers, body } = answer;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Truncates a response: its header announces the full length, and the connection is closed after `length` bytes.
pub(super) async fn truncated(response: Response, length: Option<usize>) -> Response {
    let Some(length) = length else { return response };
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let start = whole.slice(..length.min(whole.len()));
    // The pause lets the bytes be sent before the connection is closed.
    let end = stream::once(async {
        sleep(Duration::from_millis(50)).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Response::from_parts(parts, Body::from_stream(stream::iter([Ok(start)]).chain(end)))
}
