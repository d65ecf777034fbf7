//! Behaviors that a test asks for: an answer, a broken connection, or the end of a task.

mod matcher;
mod queue;
mod scenario;
mod text;

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};

use self::matcher::Matcher;
pub(super) use self::queue::BehaviorQueue;
pub(crate) use self::scenario::Scenario;
pub(super) use self::text::BehaviorText;
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

/// What happens to a request. The parts that are not set leave the request to its usual way.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestEffect {
    /// How long the answer is held back.
    pub(super) delay: Duration,
    /// Closes the connection instead of an answer.
    pub(super) close: bool,
    /// Answers this instead of what the request would get.
    pub(super) answer: Option<CannedAnswer>,
    /// Closes the connection after this many bytes of the answer's body.
    pub(super) truncate: Option<usize>,
}

/// An answer that does not depend on the request.
#[derive(Clone, Debug)]
pub(super) struct CannedAnswer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

#[cfg(test)]
mod tests;
