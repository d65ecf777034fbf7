//! A request to the API, as its handlers see it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::serve::app::App;
use crate::serve::checker::CheckOutcome;
use crate::serve::local_files::{LocalFiles, OutputLookup};
use crate::serve::responses::{not_implemented, preflight_error, raw_json_response, was_reset};

/// A request whose body is in memory.
pub(super) struct ApiRequest {
    app: Arc<App>,
    pub(super) method: Method,
    pub(super) path: String,
    query: String,
    /// The header `Host`.
    host: Option<HeaderValue>,
    pub(super) body: Bytes,
    /// The number of resets when the request began.
    resets: u64,
}

impl FromRequest<Arc<App>> for ApiRequest {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let resets = app.resets();
        let host = request.headers().get(HOST).cloned();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let query = request.uri().query().unwrap_or_default().to_owned();
        let body = Bytes::from_request(request, app).await;
        let body =
            body.map_err(|_| preflight_error(StatusCode::BAD_REQUEST, "incomplete-body", "the body ended too early"))?;
        Ok(Self { app: Arc::clone(app), method, path, query, host, body, resets })
    }
}

impl ApiRequest {
    /// Returns the state shared by all requests.
    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// Returns the origin of this server as the client sees it, `http://127.0.0.1:4010`.
    pub(super) fn origin(&self) -> String {
        let authority = self.host.as_ref().and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
        authority.map_or_else(|| format!("http://{}", self.app.authority), |authority| format!("http://{authority}"))
    }

    /// Returns the files of this server that the body can name.
    fn local_files(&self) -> LocalFiles {
        let (app, origin) = (Arc::clone(&self.app), self.origin());
        let outputs: OutputLookup = Arc::new(move |url| app.output(url, &origin));
        let (uploads, rendered) = (Arc::clone(&self.app.uploads), Arc::clone(&self.app.rendered));
        LocalFiles { uploads, rendered, outputs }
    }

    /// Checks the body against the rules of an endpoint; the error is the response to send.
    pub(super) async fn check(&self, endpoint: &str) -> Result<(), Response> {
        if !self.app.checker.knows(endpoint) {
            return Err(not_implemented(&format!("the request rules in force have no endpoint `{endpoint}`")));
        }
        let outcome = self.app.checker.check(endpoint, self.body.clone(), self.local_files()).await;
        match outcome {
            CheckOutcome::Accepted if self.app.resets() != self.resets => Err(was_reset()),
            CheckOutcome::Accepted => Ok(()),
            CheckOutcome::Rejected(answer) => Err(raw_json_response(StatusCode::BAD_REQUEST, answer)),
            CheckOutcome::Undecided(sentence) => Err(not_implemented(&sentence)),
            CheckOutcome::Unreadable(sentence) => {
                Err(preflight_error(StatusCode::BAD_REQUEST, "invalid-json", &sentence))
            }
        }
    }

    /// Returns the members of the checked body; none if it is not an object.
    pub(super) fn members(&self) -> Map<String, Value> {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns a parameter of the query, decoded, if it is there.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let mut pairs = self.query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let (_, value) = pairs.find(|(key, _)| decoded(key) == name)?;
        Some(decoded(value))
    }
}

/// Decodes a key or a value of a query.
fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
