//! Why a text cannot be read as JSON.

use std::fmt;

use super::position::{Lines, Position};
use super::{LONGEST, Start};

/// A text that is not JSON, and where it stops being JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// What is wrong.
    pub trouble: DocumentErrorKind,
    /// Line and column of the trouble.
    pub place: Position,
    /// The byte of the file at which it was seen, counted from 0.
    pub offset: usize,
}

/// What keeps a text from being JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentErrorKind {
    /// Longer than [`LONGEST`]; the value is its length in bytes.
    TooLong(usize),
    /// Nothing but white space.
    Empty,
    /// The bytes are UTF-16.
    Utf16,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// Half of a surrogate pair, `\ud800`: JavaScript reads it, UTF-8 has no such character.
    LoneSurrogate,
    /// A number beyond what a 64-bit float holds, `1e400`: JavaScript reads it as `Infinity`, which no field takes.
    NumberOutOfRange,
    /// Nested deeper than 127 levels.
    TooDeep,
    /// More text after the end of the first value.
    MoreText,
    /// Anything else, in the parser's words, which never quote the text.
    Syntax(String),
}

impl std::error::Error for DocumentError {}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.place;
        write!(f, "{line}:{column}: {} (byte {})", self.trouble, self.offset)
    }
}

impl fmt::Display for DocumentErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(bytes) => write!(f, "the text has {bytes} bytes, more than the {LONGEST} that are read"),
            Self::Empty => f.write_str("the text is empty, a JSON value was expected"),
            Self::Utf16 => f.write_str("the text is UTF-16, JSON is sent as UTF-8"),
            Self::NotUtf8 => f.write_str("not UTF-8"),
            Self::LoneSurrogate => f.write_str("half of a surrogate pair in a \\u escape, which UTF-8 cannot carry"),
            Self::NumberOutOfRange => {
                f.write_str("a number too large for a 64-bit float, which JavaScript reads as Infinity")
            }
            Self::TooDeep => f.write_str("nested deeper than 127 levels"),
            Self::MoreText => {
                f.write_str("more text after the end of the JSON value; several bodies go one a line (JSON Lines)")
            }
            Self::Syntax(words) => write!(f, "not JSON: {words}"),
        }
    }
}

/// Refuses a text that is too long before anything is done with it.
pub(super) fn refuse_length(bytes: &[u8]) -> Result<(), DocumentError> {
    if bytes.len() > LONGEST {
        let place = Position { line: 1, column: 1 };
        return Err(DocumentError { trouble: DocumentErrorKind::TooLong(bytes.len()), place, offset: LONGEST });
    }
    Ok(())
}

/// Returns the text behind its byte order mark, and the length of that mark.
pub(super) fn text(bytes: &[u8], from: Start) -> Result<(&str, usize), DocumentError> {
    let start = Position { line: from.line, column: 1 };
    let utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [b'{' | b'[', 0, ..]);
    if utf16 {
        return Err(DocumentError { trouble: DocumentErrorKind::Utf16, place: start, offset: from.offset });
    }
    let (text, mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(text) => (text, 3),
        None => (bytes, 0),
    };
    match std::str::from_utf8(text) {
        Ok(text) if text.trim_ascii().is_empty() => Err(DocumentError {
            trouble: DocumentErrorKind::Empty,
            place: start,
            offset: from.offset.saturating_add(bytes.len()),
        }),
        Ok(text) => Ok((text, mark)),
        Err(error) => {
            let good = text.get(..error.valid_up_to()).unwrap_or_default();
            let place = Lines::of(&String::from_utf8_lossy(good), from.line).place(good.len());
            Err(DocumentError {
                trouble: DocumentErrorKind::NotUtf8,
                place,
                offset: from.offset.saturating_add(mark).saturating_add(good.len()),
            })
        }
    }
}

/// Turns the parser's error into ours.
pub(super) fn syntax(error: &serde_json::Error, text: &str, mark: usize, from: Start) -> DocumentError {
    let lines_before = error.line().saturating_sub(1);
    let line_start = match lines_before {
        0 => 0,
        n => text.match_indices('\n').nth(n.saturating_sub(1)).map_or(text.len(), |(at, _)| at.saturating_add(1)),
    };
    let seen = line_start.saturating_add(error.column()).saturating_sub(1).min(text.len());
    let at = if error.is_eof() { text.len() } else { seen };
    let place = Lines::of(text, from.line).place(at);
    DocumentError { trouble: trouble(error), place, offset: from.offset.saturating_add(mark).saturating_add(at) }
}

/// Tells the parser's errors apart. It publishes no kinds finer than "syntax", so its words are read, here alone.
fn trouble(error: &serde_json::Error) -> DocumentErrorKind {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    match words {
        "recursion limit exceeded" => DocumentErrorKind::TooDeep,
        "number out of range" => DocumentErrorKind::NumberOutOfRange,
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => DocumentErrorKind::LoneSurrogate,
        "trailing characters" => DocumentErrorKind::MoreText,
        words => DocumentErrorKind::Syntax(words.to_owned()),
    }
}
