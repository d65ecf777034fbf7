//! The queue of behaviors for coming requests and tasks.

use std::collections::VecDeque;

use axum::http::Method;

use super::{Behavior, Effect, RequestEffect};
use crate::serve::limits::{MAX_BEHAVIOR_BYTES, MAX_BEHAVIORS};
use crate::serve::tasks::TaskOutcome;

/// The queued behaviors; the first match applies.
#[derive(Clone, Debug, Default)]
pub(in crate::serve) struct BehaviorQueue {
    waiting: VecDeque<(Behavior, usize)>,
    bytes: usize,
}

/// The queue is full.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many behaviors are queued; POST /__preflight/reset discards them")]
pub(in crate::serve) struct QueueFull;

impl BehaviorQueue {
    /// Adds a behavior whose text has this many bytes.
    pub(in crate::serve) fn push(&mut self, behavior: Behavior, bytes: usize) -> Result<(), QueueFull> {
        if self.waiting.len() >= MAX_BEHAVIORS || self.bytes.saturating_add(bytes) > MAX_BEHAVIOR_BYTES {
            return Err(QueueFull);
        }
        self.bytes += bytes;
        self.waiting.push_back((behavior, bytes));
        Ok(())
    }

    /// Takes the effect on a request.
    pub(in crate::serve) fn for_request(&mut self, method: &Method, path: &str) -> Option<RequestEffect> {
        self.take(method, path, |effect| match effect {
            Effect::Request(effect) => Some(effect.clone()),
            Effect::Task(_) => None,
        })
    }

    /// Takes the outcome of the task that a request creates.
    pub(in crate::serve) fn for_task(&mut self, method: &Method, path: &str) -> Option<TaskOutcome> {
        self.take(method, path, |effect| match effect {
            Effect::Task(outcome) => Some(outcome.clone()),
            Effect::Request(_) => None,
        })
    }

    fn take<T>(&mut self, method: &Method, path: &str, pick: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        let mut fitting =
            self.waiting.iter_mut().enumerate().filter(|(_, (behavior, _))| behavior.matcher.matches(method, path));
        let (index, picked) = fitting.find_map(|(index, (behavior, _))| {
            let picked = pick(&behavior.effect)?;
            behavior.times -= 1;
            Some((index, picked))
        })?;
        if self.waiting.get(index).is_some_and(|(behavior, _)| behavior.times == 0)
            && let Some((_, bytes)) = self.waiting.remove(index)
        {
            self.bytes -= bytes;
        }
        Some(picked)
    }
}
