//! Behaviors that a test requests: a response, a closed connection, or the outcome of a task.

mod matcher;
mod queue;
mod scenario;
mod text;

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};

use self::matcher::Matcher;
pub(super) use self::queue::BehaviorQueue;
pub(crate) use self::scenario::Scenario;
use super::tasks::TaskOutcome;

/// A behavior for the next requests or tasks that match.
#[derive(Clone, Debug)]
pub(super) struct Behavior {
    matcher: Matcher,
    /// How many more times it applies.
    times: u32,
    effect: Effect,
}

/// What a behavior does.
#[derive(Clone, Debug)]
enum Effect {
    Request(RequestEffect),
    Task(TaskOutcome),
}

/// The effect on a request. Parts that are not set have no effect.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestEffect {
    /// How long the response is delayed.
    pub(super) delay: Duration,
    /// Closes the connection instead of sending a response.
    pub(super) close: bool,
    /// Replaces the response.
    pub(super) answer: Option<CannedResponse>,
    /// Closes the connection after this many bytes of the response body.
    pub(super) truncate: Option<usize>,
}

/// A response that does not depend on the request.
#[derive(Clone, Debug)]
pub(super) struct CannedResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

#[cfg(test)]
mod tests;
