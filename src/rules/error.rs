//! Why a rules file is invalid, and where.

use crate::text::line_and_column;
use crate::text::untrusted::UntrustedText;

/// Why a rules file is invalid, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct RulesError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong and what is expected; text from the file is escaped.
    pub message: String,
}

impl RulesError {
    /// Locates an error by its position in bytes.
    pub(super) fn at(text: &str, byte: usize, message: &str) -> Self {
        let (line, column) = line_and_column(text, byte);
        Self { line, column, message: UntrustedText::from(message).escaped_up_to(512).to_string() }
    }
}
