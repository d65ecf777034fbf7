//! Reads request bodies, within the limits of the server.

use std::sync::Arc;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::Response;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::limits::{BODY_TIMEOUT, DISCARD_PAUSE, MAX_DISCARDED, MAX_UNREAD_BODY};
use super::responses::preflight_error;

/// A body, and its share of the memory for bodies.
pub(super) struct ReceivedBody {
    pub(super) bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

impl ReceivedBody {
    /// Ties the share of a long body to its bytes: a check may hold them for longer than the request takes.
    fn tied(self) -> Self {
        if self.bytes.len() > MAX_UNREAD_BODY { Self { bytes: Bytes::from_owner(self), _share: None } } else { self }
    }
}

impl AsRef<[u8]> for ReceivedBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    TooLong,
    TooSlow,
    NoMemory,
    Interrupted,
}

/// The byte order mark, which some editors and shells write before a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a body of at most `limit` bytes, acquiring its share of `memory` as it arrives. Skips a byte order mark, as the
/// check does.
pub(super) async fn receive(body: Body, limit: usize, memory: &Arc<Semaphore>) -> Result<ReceivedBody, BodyError> {
    let is_too_long = body.size_hint().lower() > limit as u64;
    let mut chunks = body.into_data_stream();
    let received = if is_too_long {
        Err(BodyError::TooLong)
    } else {
        timeout(BODY_TIMEOUT, collect(&mut chunks, limit, memory)).await.unwrap_or(Err(BodyError::TooSlow))
    };
    if matches!(received, Err(BodyError::TooLong | BodyError::NoMemory)) {
        discard(&mut chunks).await;
    }
    received.map(ReceivedBody::tied)
}

/// Discards the rest of a body, as long as it arrives without a pause: many clients send all of it before they read.
pub(super) async fn discard(chunks: &mut BodyDataStream) {
    let mut left = MAX_DISCARDED;
    while let Ok(Some(Ok(chunk))) = timeout(DISCARD_PAUSE, chunks.next()).await
        && let Some(rest) = left.checked_sub(chunk.len())
    {
        left = rest;
    }
}

async fn collect(
    chunks: &mut BodyDataStream,
    limit: usize,
    memory: &Arc<Semaphore>,
) -> Result<ReceivedBody, BodyError> {
    let (mut bytes, mut share) = (Vec::new(), None::<OwnedSemaphorePermit>);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyError::Interrupted)?;
        if bytes.len() + chunk.len() > limit {
            return Err(BodyError::TooLong);
        }
        let size = u32::try_from(chunk.len()).map_err(|_| BodyError::TooLong)?;
        let more = Arc::clone(memory).try_acquire_many_owned(size).map_err(|_| BodyError::NoMemory)?;
        match &mut share {
            Some(share) => share.merge(more),
            None => share = Some(more),
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(ReceivedBody { bytes: without_mark(bytes.into()), _share: share })
}

/// Removes one byte order mark. Of two, none is removed: the check would skip the second one, and it is an error.
fn without_mark(bytes: Bytes) -> Bytes {
    let is_one = bytes.strip_prefix(MARK).is_some_and(|rest| !rest.starts_with(MARK));
    if is_one { bytes.slice(MARK.len()..) } else { bytes }
}

impl BodyError {
    /// Returns the response for the error.
    pub(super) fn answer(self) -> Response {
        match self {
            // The API's front end sends this text, observed with large inline media.
            Self::TooLong => {
                let mut response = Response::new(Body::from("Request Entity Too Large"));
                *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
                response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("text/plain"));
                response
            }
            Self::TooSlow => {
                preflight_error(StatusCode::REQUEST_TIMEOUT, "body-timeout", "the body took longer than 60 seconds")
            }
            Self::NoMemory => {
                let sentence = "the bodies of all requests in flight exceed 256 MB";
                let mut response = preflight_error(StatusCode::SERVICE_UNAVAILABLE, "busy", sentence);
                response.headers_mut().insert(RETRY_AFTER, axum::http::HeaderValue::from_static("1"));
                response
            }
            Self::Interrupted => {
                preflight_error(StatusCode::BAD_REQUEST, "incomplete-body", "the body ended too early")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::request::document::Document;
    use crate::serve::output::{OutputKind, RequestedOutput};

    const KEYS: [&str; 7] = [
        r#""model""#,
        r#""mod\u0065l""#,
        r#""ratio""#,
        r#""r\u0061tio""#,
        r#""outputCount""#,
        r#""duration""#,
        r#""speech""#,
    ];
    const VALUES: [&str; 8] = [
        r#""gen4""#,
        r#""720:1280""#,
        r#""1280:\u0037\u003220""#,
        "3",
        "4.0",
        "2e0",
        "null",
        r#"{"text": "abc", "text": "de"}"#,
    ];

    proptest! {
        #[test]
        fn each_body_has_the_members_that_the_check_sees(
            has_mark: bool,
            members in prop::collection::vec((prop::sample::select(&KEYS[..]), prop::sample::select(&VALUES[..])), 0..12),
        ) {
            let members: Vec<String> = members.iter().map(|(key, value)| format!("{key}: {value}")).collect();
            let text = format!("{}{{{}}}", if has_mark { "\u{feff}" } else { "" }, members.join(","));
            let document = Document::read(text.as_bytes()).expect("JSON");
            let checked = document.value();
            let body = without_mark(Bytes::from(text));
            prop_assert_eq!(&serde_json::from_slice::<Value>(&body).expect("JSON"), checked);
            let requested = RequestedOutput::read(&body);
            prop_assert_eq!(&requested.model, &checked["model"]);
            let plain = RequestedOutput::read(checked.to_string().as_bytes());
            for kind in [OutputKind::Image, OutputKind::Video, OutputKind::Audio] {
                prop_assert_eq!(requested.files(kind, b""), plain.files(kind, b""));
            }
        }
    }

    #[test]
    fn of_two_marks_none_is_removed() {
        let text = Bytes::from_static(b"\xef\xbb\xbf\xef\xbb\xbf{}");
        let body = without_mark(text.clone());
        assert_eq!(body, text);
        assert!(Document::read(&body).is_err());
        assert_eq!(without_mark(text.slice(3..)), "{}");
    }

    #[tokio::test]
    async fn the_bytes_of_a_long_body_keep_their_share() {
        let memory = Arc::new(Semaphore::new(10_000));
        let read = async |size: usize| receive(Body::from(vec![0; size]), size, &memory).await.expect("a body").bytes;
        let (long, short) = (read(5000).await, read(100).await);
        assert_eq!((memory.available_permits(), long.len(), short.len()), (5000, 5000, 100));
        drop(long.slice(1..2));
        assert_eq!(memory.available_permits(), 5000);
        drop(long);
        assert_eq!(memory.available_permits(), 10_000);
    }

    #[tokio::test]
    async fn bodies_are_bounded_individually_and_in_total() {
        let memory = Arc::new(Semaphore::new(100));
        let read = async |size: usize, limit| receive(Body::from(vec![0; size]), limit, &memory).await;
        let first = read(60, 60).await.expect("a body");
        assert_eq!(first.bytes.len(), 60);
        assert_eq!(read(61, 60).await.err(), Some(BodyError::TooLong));
        assert_eq!(read(50, 60).await.err(), Some(BodyError::NoMemory));
        drop(first);
        assert!(read(60, 60).await.is_ok());
        assert!(read(0, 60).await.is_ok());
    }
}
