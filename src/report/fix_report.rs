//! The result of fixing a file.

use std::fmt;

use crate::report::Report;
use crate::text::untrusted::UntrustedText;
use crate::units::{Dimensions, PixelRect};

/// One change, with the values before and after it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FixAction {
    /// What is done: `convert`, `rotate`, `crop`, `pad`, `scale`, `compress`, `remux`, `transcode`, `trim`, …
    #[serde(rename = "action")]
    pub name: &'static str,
    /// The value before.
    pub from: String,
    /// The value after.
    pub to: String,
}

impl FixAction {
    /// Creates a change.
    #[expect(clippy::needless_pass_by_value, reason = "callers pass texts and sizes directly")]
    pub(crate) fn new(name: &'static str, from: impl ToString, to: impl ToString) -> Self {
        Self { name, from: from.to_string(), to: to.to_string() }
    }
}

/// Prints one line: `scale: 9000x4000 to 8000x3556`.
impl fmt::Display for FixAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} to {}", self.name, self.from, self.to)
    }
}

/// How an image or frame is reshaped: cropped, scaled, and placed in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixGeometry {
    /// The size as it is shown.
    pub whole: Dimensions,
    /// The part that is kept.
    pub kept: PixelRect,
    /// The size of the result.
    pub output: Dimensions,
    /// Where the kept part lies in the result; what is around it is padding.
    pub content: PixelRect,
}

/// How fixing one file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum FixOutcome {
    /// There was nothing to do.
    AlreadyAccepted,
    /// The result was written, and is accepted.
    Fixed,
    /// The result was written, but whether it is accepted cannot be decided from outside.
    Undecided,
    /// Nothing was written, because only the plan was requested.
    Planned,
    /// It cannot be fixed with the given options.
    Refused,
    /// The result is still rejected, and was not kept.
    StillRejected,
    /// A required program is missing.
    NeedsProgram,
    /// The result could not be written.
    NotWritten,
    /// The input could not be read.
    Unreadable,
}

impl FixOutcome {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Everything about one file to fix.
#[derive(Clone, Debug)]
pub struct FixReport {
    /// The file or URL, without secrets.
    pub input: UntrustedText,
    /// Where the result is or would be; for an image service, the URL to use.
    pub output: Option<UntrustedText>,
    /// How it ended.
    pub outcome: FixOutcome,
    /// What was done, or would be, in order.
    pub actions: Vec<FixAction>,
    /// What becomes of the shape, where pixels are changed.
    pub geometry: Option<FixGeometry>,
    /// Why it ended that way, as a sentence without its full stop; text from outside is escaped in it.
    pub message: Option<String>,
    /// The command that does the same, for a shell.
    pub command: Option<String>,
    /// The report of `check` on the input.
    pub before: Report,
    /// The report of `check` on the result.
    pub after: Option<Report>,
}
