//! One thing that was done to a file, or would be.

use std::fmt;

/// One change, with what was there before and what is there after it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Action {
    /// What is done: `convert`, `rotate`, `crop`, `pad`, `scale`, `compress`, `remux`, `transcode`, `trim`, …
    pub action: &'static str,
    /// What was there before.
    pub from: String,
    /// What is there now.
    pub to: String,
}

impl Action {
    /// States a change.
    pub(crate) fn new(action: &'static str, from: impl ToString, to: impl ToString) -> Self {
        Self { action, from: from.to_string(), to: to.to_string() }
    }
}

/// Prints one line: `scale: 9000x4000 to 8000x3556`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} to {}", self.action, self.from, self.to)
    }
}
