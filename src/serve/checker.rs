//! What the server needs of the rest of the program: the check of one request body.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;

use super::uploads::Uploads;

/// Checks request bodies as the API does.
pub(crate) trait BodyChecker: Send + Sync + 'static {
    /// Says whether it knows the bodies of an endpoint, a path below `/v1/`; `documents:patch` is another method of one.
    fn knows(&self, endpoint: &str) -> bool;

    /// Returns the models that it knows.
    fn models(&self) -> Vec<String>;

    /// Checks a body; `runway://` URIs stand for the files in `uploads`.
    fn check(&self, endpoint: &str, body: Bytes, uploads: Arc<Uploads>) -> CheckFuture;
}

/// The outcome of a check, once it is known.
pub(crate) type CheckFuture = Pin<Box<dyn Future<Output = CheckOutcome> + Send>>;

/// What the API would make of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckOutcome {
    /// It would take it.
    Accepted,
    /// It would refuse it with this JSON.
    Rejected(String),
    /// Something that decides is not known; the sentence says what.
    Undecided(String),
    /// The body is not JSON; the sentence says where.
    Unreadable(String),
}
