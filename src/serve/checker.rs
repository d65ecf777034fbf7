//! The server's interface to the rest of the program: checking one request body.

use std::pin::Pin;

use axum::body::Bytes;

use super::local_files::LocalFiles;

/// Checks request bodies as the API does.
pub(crate) trait BodyChecker: Send + Sync + 'static {
    /// Returns whether an endpoint is known: a path below `/v1/`, with a suffix such as `:patch` for another method.
    fn knows(&self, endpoint: &str) -> bool;

    /// Returns the models that it knows.
    fn models(&self) -> Vec<String>;

    /// Checks a body, which can name files of this server.
    fn check(&self, endpoint: &str, body: Bytes, files: LocalFiles) -> CheckFuture;
}

/// The outcome of a check, once it is known.
pub(crate) type CheckFuture = Pin<Box<dyn Future<Output = CheckOutcome> + Send>>;

/// How the API would respond to a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckOutcome {
    /// It would accept the body.
    Accepted,
    /// It would reject the body with this JSON.
    Rejected(String),
    /// The verdict is unknown; the sentence says why.
    Undecided(String),
    /// The body is not JSON; the sentence says where.
    Unreadable(String),
}
