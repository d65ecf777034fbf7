//! One thing that was done to a file, or would be.

use std::fmt;

/// One change, with what was there before and what is there after it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Action {
    /// What is done: `convert`, `rotate`, `crop`, `pad`, `scale`, `compress`, `remux`, `transcode`, `trim`, …
    #[serde(rename = "action")]
    pub name: &'static str,
    /// What was there before.
    pub from: String,
    /// What is there now.
    pub to: String,
}

impl Action {
    /// States a change.
    #[expect(clippy::needless_pass_by_value, reason = "texts and sizes are passed as they are at hand")]
    pub(crate) fn new(name: &'static str, from: impl ToString, to: impl ToString) -> Self {
        Self { name, from: from.to_string(), to: to.to_string() }
    }
}

/// Prints one line: `scale: 9000x4000 to 8000x3556`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} to {}", self.name, self.from, self.to)
    }
}
