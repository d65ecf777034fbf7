//! Why a rules file cannot be used, and where.

use std::fmt;

use crate::text::untrusted::UntrustedText;

/// Why a rules file cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong, and what would be right; text of the file is escaped in it.
    pub message: String,
}

/// Prints `line 3, column 5: …`.
impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for RulesError {}

impl RulesError {
    /// Locates a fault by its place in bytes.
    pub(super) fn at(text: &str, byte: usize, message: &str) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            message: UntrustedText::from(message).escaped_up_to(512).to_string(),
        }
    }
}
