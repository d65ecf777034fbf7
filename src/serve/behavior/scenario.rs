//! The scenario file: behaviors that are queued at startup and after each reset.

use serde::Deserialize;
use toml::Spanned;

use super::{Behavior, BehaviorQueue, BehaviorText};

/// The behaviors of a file, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scenario {
    behaviors: Vec<(Behavior, usize)>,
}

/// An error in a scenario file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub(crate) struct ScenarioError {
    /// The line.
    pub(crate) line: usize,
    /// The column.
    pub(crate) column: usize,
    /// The message.
    pub(crate) message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioText {
    #[serde(default)]
    next: Vec<Spanned<BehaviorText>>,
}

impl Scenario {
    /// Parses a file.
    ///
    /// # Errors
    /// Returns an error if the text is not TOML, or a behavior is invalid.
    pub(crate) fn parse(text: &str) -> Result<Self, ScenarioError> {
        let read: ScenarioText = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            ScenarioError::at(text, offset, error.message())
        })?;
        let mut scenario = Self::default();
        let mut queue = BehaviorQueue::default();
        for behavior in read.next {
            let span = behavior.span();
            let behavior = Behavior::try_from(behavior.into_inner());
            let behavior = behavior.map_err(|error| ScenarioError::at(text, span.start, &error.to_string()))?;
            let pushed = queue.push(behavior.clone(), span.len());
            pushed.map_err(|error| ScenarioError::at(text, span.start, &error.to_string()))?;
            scenario.behaviors.push((behavior, span.len()));
        }
        Ok(scenario)
    }

    /// Returns a queue with the behaviors of the file.
    pub(in crate::serve) fn queue(&self) -> BehaviorQueue {
        let mut queue = BehaviorQueue::default();
        for (behavior, bytes) in &self.behaviors {
            // `parse` has checked that all behaviors fit.
            let _ = queue.push(behavior.clone(), *bytes);
        }
        queue
    }
}

impl ScenarioError {
    fn at(text: &str, offset: usize, message: &str) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        let message = message.lines().collect::<Vec<_>>().join("; ");
        Self { line, column, message }
    }
}
