//! Applies a behavior to a response.

use std::future::ready;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::sleep;

use crate::serve::behavior::{CannedResponse, RequestEffect};

/// Marks a response that is replaced by closing the connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::serve) struct CloseConnection;

/// Returns the behavior's response, if it has one.
pub(super) fn instead(effect: &RequestEffect) -> Option<Response> {
    if effect.close {
        let mut response = Response::default();
        response.extensions_mut().insert(CloseConnection);
        return Some(response);
    }
    effect.answer.clone().map(canned)
}

/// Delays and truncates a response.
pub(super) async fn applied(effect: &RequestEffect, method: &Method, response: Response) -> Response {
    if !effect.delay.is_zero() {
        sleep(effect.delay).await;
    }
    match effect.truncate {
        Some(length) if has_body(method, &response) => truncated(response, length),
        Some(_) | None => response,
    }
}

/// Returns whether a response is sent with a body.
fn has_body(method: &Method, response: &Response) -> bool {
    let status = response.status();
    *method != Method::HEAD
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED
        && response.body().size_hint().exact() != Some(0)
}

fn canned(answer: CannedResponse) -> Response {
    let CannedResponse { status, headers, body } = answer;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Truncates a response: its header announces the full length, and the connection is closed after `length` bytes.
fn truncated(response: Response, length: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    // A download has the header already; its body is not in memory.
    if let Some(whole) = body.size_hint().exact() {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole));
    }
    let start = body.into_data_stream().map_err(io::Error::other).scan(length, |left, chunk| {
        let chunk = chunk.map(|chunk| chunk.slice(..chunk.len().min(*left)));
        let is_complete = *left == 0;
        *left -= chunk.as_ref().map_or(0, Bytes::len);
        ready((!is_complete).then_some(chunk))
    });
    // The pause lets the bytes be sent before the connection is closed.
    let end = stream::once(async {
        sleep(Duration::from_millis(50)).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Response::from_parts(parts, Body::from_stream(start.chain(end)))
}
