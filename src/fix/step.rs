//! The result of fixing one file: a success, or a failure with its reason.

use super::output_file::OutputError;
use crate::report::Report;
use crate::report::fix_report::{FixAction, FixGeometry, FixOutcome};
use crate::text::untrusted::UntrustedText;

/// The changes that were made, or would be made.
#[derive(Debug)]
pub(super) struct FixSuccess {
    pub(super) outcome: FixOutcome,
    pub(super) output: UntrustedText,
    pub(super) actions: Vec<FixAction>,
    pub(super) geometry: Option<FixGeometry>,
    pub(super) message: Option<String>,
    pub(super) command: Option<String>,
    pub(super) after: Option<Report>,
}

impl FixSuccess {
    /// Adds a message to those that are there.
    pub(super) fn with_message(mut self, message: String) -> Self {
        self.message = Some(match self.message {
            Some(earlier) => format!("{message}; {earlier}"),
            None => message,
        });
        self
    }
}

/// Why nothing was written.
#[derive(Debug)]
pub(super) struct FixFailure {
    pub(super) outcome: FixOutcome,
    pub(super) message: String,
    pub(super) command: Option<String>,
}

impl FixFailure {
    /// Creates a failure with its reason, which may contain untrusted text of decoders and programs.
    #[expect(clippy::needless_pass_by_value, reason = "errors are passed as they come")]
    pub(super) fn new(outcome: FixOutcome, message: impl ToString) -> Self {
        // Programs end their messages with a line break, and write several lines.
        let message = message.to_string();
        let lines = message.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let message = lines.collect::<Vec<_>>().join("; ");
        let message = UntrustedText::from(message.as_str()).escaped_up_to(MESSAGE).to_string();
        Self { outcome, message, command: None }
    }

    /// Creates a stop for a file that cannot be fixed as requested.
    pub(super) fn cannot_fix(message: impl ToString) -> Self {
        Self::new(FixOutcome::Refused, message)
    }

    /// Adds the command that does it.
    pub(super) fn with_command(mut self, command: Option<String>) -> Self {
        self.command = command;
        self
    }
}

/// How many characters of a message are shown.
const MESSAGE: usize = 1024;

impl From<OutputError> for FixFailure {
    fn from(error: OutputError) -> Self {
        Self::new(FixOutcome::NotWritten, error)
    }
}
