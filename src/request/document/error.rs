//! Why a text cannot be read as JSON.

use super::position::{LineIndex, Position};
use super::{MAX_KEY_LENGTH, MAX_LENGTH, MAX_VALUES, Start};

/// A text that is not accepted as JSON, and where its error is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}: {kind} (byte {offset})", .position.line, .position.column)]
pub struct DocumentError {
    /// Why it is not JSON.
    pub kind: DocumentErrorKind,
    /// The line and column of the error.
    pub position: Position,
    /// The byte offset in the file, counted from 0.
    pub offset: usize,
}

/// Why a text is not accepted as JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentErrorKind {
    /// Longer than [`MAX_LENGTH`]: its length in bytes.
    #[error("the text has {0} bytes, more than the {max} allowed", max = MAX_LENGTH)]
    TooLong(usize),
    /// Nothing but white space.
    #[error("the text is empty; a JSON value was expected")]
    Empty,
    /// The bytes are UTF-16.
    #[error("the text is UTF-16; JSON must be UTF-8")]
    Utf16,
    /// The bytes are not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A number beyond what a 64-bit float holds, `1e400`: JavaScript reads it as `Infinity`, which no field accepts.
    #[error("a number too large for a 64-bit float, which JavaScript reads as Infinity")]
    NumberOutOfRange,
    /// Nested deeper than 127 levels.
    #[error("nested deeper than 127 levels")]
    TooDeep,
    /// More than [`MAX_VALUES`] values.
    #[error("more than {} values, which is the maximum", MAX_VALUES)]
    TooManyValues,
    /// A key longer than [`MAX_KEY_LENGTH`].
    #[error("a key longer than {} bytes, which is the maximum", MAX_KEY_LENGTH)]
    KeyTooLong,
    /// More text after the end of the first value.
    #[error("more text after the end of the JSON value; write several bodies as JSON Lines, one per line")]
    MoreText,
    /// Any other error, in the parser's words, which never quote the text.
    #[error("not JSON: {0}")]
    Syntax(String),
}

/// Rejects a text that is too long before it is read.
pub(super) fn check_length(bytes: &[u8]) -> Result<(), DocumentError> {
    if bytes.len() > MAX_LENGTH {
        let position = Position { line: 1, column: 1 };
        return Err(DocumentError { kind: DocumentErrorKind::TooLong(bytes.len()), position, offset: MAX_LENGTH });
    }
    Ok(())
}

/// Returns the text after its byte order mark, and the length of that mark.
pub(super) fn text(bytes: &[u8], from: Start) -> Result<(&str, usize), DocumentError> {
    let start = Position { line: from.line, column: 1 };
    let utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [b'{' | b'[', 0, ..]);
    if utf16 {
        return Err(DocumentError { kind: DocumentErrorKind::Utf16, position: start, offset: from.offset });
    }
    let (text, mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(text) => (text, 3),
        None => (bytes, 0),
    };
    match std::str::from_utf8(text) {
        Ok(text) if text.trim_ascii().is_empty() => Err(DocumentError {
            kind: DocumentErrorKind::Empty,
            position: start,
            offset: from.offset.saturating_add(bytes.len()),
        }),
        Ok(text) => Ok((text, mark)),
        Err(error) => {
            let good = text.get(..error.valid_up_to()).unwrap_or_default();
            let good_text = String::from_utf8_lossy(good);
            let position = LineIndex::of(&good_text, from.line).position(&good_text, good.len());
            Err(DocumentError {
                kind: DocumentErrorKind::NotUtf8,
                position,
                offset: from.offset.saturating_add(mark).saturating_add(good.len()),
            })
        }
    }
}

/// Converts the parser's error.
pub(super) fn syntax(error: &serde_json::Error, text: &str, mark: usize, from: Start) -> DocumentError {
    let lines_before = error.line().saturating_sub(1);
    let line_start = match lines_before {
        0 => 0,
        n => text.match_indices('\n').nth(n.saturating_sub(1)).map_or(text.len(), |(at, _)| at.saturating_add(1)),
    };
    let seen = line_start.saturating_add(error.column()).saturating_sub(1).min(text.len());
    let at = if error.is_eof() { text.len() } else { seen };
    self::at(kind(error), text, at, mark, from)
}

/// Makes an error at a byte of the text after its byte order mark.
pub(super) fn at(kind: DocumentErrorKind, text: &str, at: usize, mark: usize, from: Start) -> DocumentError {
    let position = LineIndex::of(text, from.line).position(text, at);
    DocumentError { kind, position, offset: from.offset.saturating_add(mark).saturating_add(at) }
}

/// Classifies the parser's error. The parser publishes no kinds finer than "syntax", so its message decides.
fn kind(error: &serde_json::Error) -> DocumentErrorKind {
    let text = error.to_string();
    match words(&text) {
        "recursion limit exceeded" => DocumentErrorKind::TooDeep,
        "number out of range" => DocumentErrorKind::NumberOutOfRange,
        "trailing characters" => DocumentErrorKind::MoreText,
        words => DocumentErrorKind::Syntax(words.to_owned()),
    }
}

/// Reports whether the parser stopped at half of a surrogate pair.
pub(super) fn is_lone_surrogate(error: &serde_json::Error) -> bool {
    matches!(words(&error.to_string()), "lone leading surrogate in hex escape" | "unexpected end of hex escape")
}

/// Returns the parser's message without the position.
fn words(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(words, _)| words)
}
