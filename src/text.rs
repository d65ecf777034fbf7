//! Text from outside, the redaction of secrets, and quoting for a shell.

pub(crate) mod percent;
pub mod secret;
pub mod shell;
pub(crate) mod surrogates;
pub mod untrusted;

/// Returns the line and the column, in characters, of a byte; both count from 1.
pub(crate) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}
