//! Handles every request: reads the body, applies behaviors, checks the key and the version, and records
//! the response in the journal.

mod effects;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use tokio::task::spawn_blocking;
use tower_service::Service as _;

pub(super) use self::effects::CloseConnection;
use super::app::App;
use super::behavior::RequestEffect;
use super::body::{BodyError, receive};
use super::clock::UnixMillis;
use super::journal::JournalBody;
use super::limits::{MAX_BODY, MAX_CONTROL_BODY, MAX_IMMEDIATE_JOURNAL};
use super::responses::{api_error, preflight_error, was_reset};

/// The prefix of paths that are not part of the API.
pub(super) const CONTROL: &str = "/__preflight";

const TAG: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-runway-preflight"), HeaderValue::from_static("serve"));

/// Handles requests: what all of them have in common, before and after their route.
#[derive(Clone)]
pub(super) struct RequestHandler {
    app: Arc<App>,
    router: Router,
}

impl RequestHandler {
    pub(super) const fn new(app: Arc<App>, router: Router) -> Self {
        Self { app, router }
    }

    /// Handles a request.
    pub(super) async fn handle(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let mut response = match RouteKind::of(parts.uri.path()) {
            RouteKind::Control => self.control(parts, body).await,
            RouteKind::Media => self.media(parts, body).await,
            RouteKind::Api => self.api(parts, body).await,
        };
        response.headers_mut().insert(TAG.0, TAG.1);
        response
    }

    async fn control(&self, parts: Parts, body: Body) -> Response {
        // Browsers send this header, tests do not. Web pages must not control the server.
        if parts.headers.contains_key(ORIGIN) {
            return preflight_error(
                StatusCode::FORBIDDEN,
                "origin",
                "requests from web pages are rejected below /__preflight",
            );
        }
        match receive(body, MAX_CONTROL_BODY, &self.app.body_bytes).await {
            Ok(body) => self.route(parts, Body::from(body.bytes)).await,
            Err(BodyError::TooLong) => {
                preflight_error(StatusCode::PAYLOAD_TOO_LARGE, "too-long", "a body below /__preflight has at most 1 MB")
            }
            Err(error) => error.answer(),
        }
    }

    /// Handles an upload, whose bytes are not held in memory, or a download.
    async fn media(&self, parts: Parts, body: Body) -> Response {
        let entry = JournalEntry::new(&self.app, &parts);
        let effect = effect_for(&self.app, &parts);
        let method = parts.method.clone();
        let response = match effects::instead(&effect) {
            Some(response) => response,
            None => self.route(parts, body).await,
        };
        entry.finish(effects::applied(&effect, &method, response).await)
    }

    /// Handles a request to the API. A delay comes last: what the request does is done even if its client gives up.
    async fn api(&self, parts: Parts, body: Body) -> Response {
        let mut entry = JournalEntry::new(&self.app, &parts);
        let received = receive(body, MAX_BODY, &self.app.body_bytes).await;
        if let Ok(body) = &received {
            entry.body = self.journal_body(&body.bytes).await;
        }
        let effect = effect_for(&self.app, &parts);
        let method = parts.method.clone();
        let response = match effects::instead(&effect) {
            Some(response) => response,
            None => match (received, unauthorized(&parts)) {
                (Err(error), _) => error.answer(),
                (Ok(_), Some(refusal)) => refusal,
                (Ok(_), None) if entry.is_stale() => was_reset(),
                (Ok(body), None) => self.route(parts, Body::from(body.bytes.clone())).await,
            },
        };
        entry.finish(effects::applied(&effect, &method, response).await)
    }

    /// Removes the secrets of a body. Long bodies are read one at a time, and on another thread: that takes a while.
    async fn journal_body(&self, body: &Bytes) -> JournalBody {
        if body.len() <= MAX_IMMEDIATE_JOURNAL {
            return JournalBody::new(body);
        }
        // The semaphore is never closed.
        let permit = Arc::clone(&self.app.long_bodies).acquire_owned().await;
        let body = body.clone();
        let read = spawn_blocking(move || {
            let read = JournalBody::new(&body);
            drop(permit);
            read
        });
        read.await.unwrap_or_default()
    }

    async fn route(&self, parts: Parts, body: Body) -> Response {
        if !is_utf8(parts.uri.path()) {
            return preflight_error(StatusCode::NOT_FOUND, "unknown-path", "the path is not UTF-8");
        }
        let routed: Result<Response, Infallible> = self.router.clone().call(Request::from_parts(parts, body)).await;
        let Ok(response) = routed;
        response
    }
}

/// Returns whether a path is UTF-8 once it is decoded.
fn is_utf8(path: &str) -> bool {
    !path.contains('%') || percent_decode_str(path).decode_utf8().is_ok()
}

/// The target of a request.
enum RouteKind {
    /// The control endpoints, used by a test.
    Control,
    /// Uploaded bytes and output files, which are not part of the API either.
    Media,
    Api,
}

impl RouteKind {
    fn of(path: &str) -> Self {
        match path.strip_prefix(CONTROL) {
            Some(rest) if ["/uploads/", "/outputs/", "/previews/"].iter().any(|start| rest.starts_with(start)) => {
                Self::Media
            }
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Self::Control,
            Some(_) | None => Self::Api,
        }
    }
}

fn effect_for(app: &App, parts: &Parts) -> RequestEffect {
    app.state().behaviors.for_request(&parts.method, parts.uri.path()).unwrap_or_default()
}

/// A request whose response is not known yet. If it is dropped, its client has disconnected.
struct JournalEntry<'a> {
    app: &'a App,
    method: Method,
    path: String,
    body: JournalBody,
    at: UnixMillis,
    /// The number of resets when the request began.
    resets: u64,
    /// The status to record; none if there is no response.
    status: Option<StatusCode>,
}

impl<'a> JournalEntry<'a> {
    fn new(app: &'a App, parts: &Parts) -> Self {
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        Self { app, method, path, body: JournalBody::default(), at: app.now(), resets: app.resets(), status: None }
    }

    /// Returns whether the request began before a reset: it belongs to an earlier test.
    fn is_stale(&self) -> bool {
        self.app.resets() != self.resets
    }

    fn finish(mut self, response: Response) -> Response {
        let is_answered = response.extensions().get::<CloseConnection>().is_none();
        self.status = is_answered.then_some(response.status());
        response
    }
}

impl Drop for JournalEntry<'_> {
    fn drop(&mut self) {
        let request = (std::mem::take(&mut self.method), std::mem::take(&mut self.path));
        let body = std::mem::take(&mut self.body);
        let mut state = self.app.state();
        if !self.is_stale() {
            state.journal.note(self.at, request, self.status, body);
        }
    }
}

/// The only version of the API.
const VERSION: &str = "2024-11-06";

/// Rejects a request to the API without a key, or without a valid version. Any key is accepted; it is not kept.
fn unauthorized(parts: &Parts) -> Option<Response> {
    if !parts.uri.path().starts_with("/v1/") {
        return None;
    }
    let authorization = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, key) = authorization.and_then(|value| value.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || key.trim().is_empty() {
        // The rest of the sentence was never published.
        return Some(api_error(StatusCode::UNAUTHORIZED, "No API key was provided. [missing-api-key]"));
    }
    match parts.headers.get("x-runway-version").map(HeaderValue::as_bytes) {
        Some(version) if version == VERSION.as_bytes() => None,
        Some(_) => {
            let sentence = "The API version that was provided in the X-Runway-Version header is not valid.";
            Some(api_error(StatusCode::BAD_REQUEST, sentence))
        }
        None => {
            let sentence = "the X-Runway-Version header is missing; it must be 2024-11-06";
            Some(preflight_error(StatusCode::BAD_REQUEST, "missing-version", sentence))
        }
    }
}
