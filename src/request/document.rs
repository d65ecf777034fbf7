//! JSON text, parsed as the API parses it, with the line and column of every value and key.

mod error;
mod position;
mod spans;

use serde_json::Value;

pub use self::error::{DocumentError, DocumentErrorKind};
use self::position::LineIndex;
pub use self::position::Position;
use self::spans::SpanIndex;
pub use self::spans::{MAX_KEY_LENGTH, MAX_VALUES};
use super::path::Path;
use crate::report::excerpt::Excerpt;
use crate::text::surrogates;

/// The longest accepted text, in bytes. This limit is ours; the API's front end rejects far shorter texts (status 413).
pub const MAX_LENGTH: usize = 64 * 1024 * 1024;

/// A JSON text: its value, and the position of everything in it.
#[derive(Debug)]
pub struct Document {
    value: Value,
    warnings: Vec<Warning>,
    more_duplicates: usize,
    text: Box<str>,
    spans: SpanIndex,
    lines: LineIndex,
}

/// A defect of the text that the API accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The text begins with a byte order mark, which JSON does not allow.
    ByteOrderMark {
        /// The line of the text in its file.
        line: usize,
    },
    /// An object contains a key twice: the last one wins, as in JavaScript.
    DuplicateKey {
        /// The member's path.
        path: Path,
        /// The position of the later key.
        position: Position,
        /// The position of the same key before it.
        before: Position,
    },
    /// Strings contain half of a surrogate pair, `\ud83d`, which counts as one UTF-16 unit, as in JavaScript.
    LoneSurrogate {
        /// The position of the first such string.
        position: Position,
        /// The number of halves.
        count: usize,
    },
}

impl Document {
    /// Reads one JSON text.
    ///
    /// # Errors
    /// Where the text is longer than [`MAX_LENGTH`], holds more than [`MAX_VALUES`] values or a key longer than
    /// [`MAX_KEY_LENGTH`], is not UTF-8, or is not JSON.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        Self::read_from(bytes, Start::default())
    }

    /// Reads JSON Lines: one text per line, with blank lines skipped. Positions are those in the whole file.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read_lines(bytes: &[u8]) -> Result<Vec<Self>, DocumentError> {
        error::check_length(bytes)?;
        let mut start = Start::default();
        let mut documents = Vec::new();
        for line in bytes.split(|byte| *byte == b'\n') {
            if !line.trim_ascii().is_empty() {
                documents.push(Self::read_from(line, start)?);
            }
            start = Start {
                line: start.line.saturating_add(1),
                offset: start.offset.saturating_add(line.len()).saturating_add(1),
            };
        }
        Ok(documents)
    }

    /// Reads one JSON text, or JSON Lines if several lines are not blank and the first one alone is a JSON text.
    ///
    /// # Errors
    /// As [`Document::read`]: the error of the whole text where its lines are not JSON either.
    pub fn read_one_or_lines(bytes: impl Into<Vec<u8>>) -> Result<Vec<Self>, DocumentError> {
        let mut bytes = bytes.into();
        let whole = match Self::parse(&bytes, Start::default()) {
            Ok((document, mark)) => {
                // The text may have many megabytes, so it is moved, not copied.
                bytes.drain(..mark);
                return Ok(vec![document.or_text(|| String::from_utf8(bytes).unwrap_or_default().into_boxed_str())]);
            }
            Err(whole) => whole,
        };
        let mut filled = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let first_alone = filled.next().is_some_and(|first| Self::read(first).is_ok());
        if first_alone && filled.next().is_some() { Self::read_lines(&bytes) } else { Err(whole) }
    }

    /// Returns the value; of a duplicate key, it contains the last one.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the defects of the text, in order, with at most [`MAX_LISTED`](super::MAX_LISTED) duplicate keys.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns the number of further duplicate keys.
    #[must_use]
    pub fn more_duplicates(&self) -> usize {
        self.more_duplicates
    }

    /// Returns the position of the value at `path`; where there is none, that of the innermost value around it.
    #[must_use]
    pub fn position(&self, path: &Path) -> Position {
        self.lines.position(&self.text, self.spans.value_at(&self.text, path.segments()))
    }

    /// Returns the source line around the value or key at a position, without secrets.
    #[must_use]
    pub fn excerpt(&self, position: Position) -> Option<Excerpt> {
        Excerpt::of(&self.text, self.lines.offset(&self.text, position)?)
    }

    /// Returns the position of the key of the member at `path`; for anything but a member, [`Document::position`].
    #[must_use]
    pub fn key_position(&self, path: &Path) -> Position {
        match self.spans.key_at(&self.text, path.segments()) {
            Some(at) => self.lines.position(&self.text, at),
            None => self.position(path),
        }
    }

    /// Replaces the texts for which `replacement` returns another one. Positions and excerpts stay those of the text.
    #[cfg(feature = "serve")]
    pub(crate) fn replace_texts(&mut self, mut replacement: impl FnMut(&str) -> Option<String>) {
        replace_texts(&mut self.value, &mut replacement);
    }

    fn read_from(bytes: &[u8], start: Start) -> Result<Self, DocumentError> {
        let (document, _) = Self::parse(bytes, start)?;
        let (text, _) = error::text(bytes, start)?;
        Ok(document.or_text(|| text.into()))
    }

    /// Adds the text, unless it was changed to be parsed.
    fn or_text(self, text: impl FnOnce() -> Box<str>) -> Self {
        if self.text.is_empty() { Self { text: text(), ..self } } else { self }
    }

    /// Parses a text; returns the document without the text, and the length of the byte order mark before it. A text
    /// with halves of surrogate pairs is parsed without them, and its document holds the text as it was parsed.
    fn parse(bytes: &[u8], start: Start) -> Result<(Self, usize), DocumentError> {
        error::check_length(bytes)?;
        let (text, mark) = error::text(bytes, start)?;
        let index = |text| SpanIndex::of(text).map_err(|(kind, at)| error::at(kind, text, at, mark, start));
        let spans = index(text)?;
        let error = match serde_json::from_str(text) {
            Ok(value) => return Ok((Self::new(text, value, spans, mark, start), mark)),
            Err(error) => error,
        };
        let replaced = if error::is_lone_surrogate(&error) { surrogates::replace(text) } else { None };
        let Some((text, halves)) = replaced else { return Err(error::syntax(&error, text, mark, start)) };
        let spans = index(&text)?;
        let value = serde_json::from_str(&text).map_err(|error| error::syntax(&error, &text, mark, start))?;
        let mut document = Self::new(&text, value, spans, mark, start);
        let position = document.lines.position(&text, halves.first);
        document.warnings.push(Warning::LoneSurrogate { position, count: halves.count });
        document.warnings.sort_by_key(Warning::position);
        Ok((Self { text: text.into(), ..document }, mark))
    }

    /// Makes a document from a text and its parsed value, without the text itself.
    fn new(text: &str, value: Value, spans: SpanIndex, mark: usize, start: Start) -> Self {
        let lines = LineIndex::of(text, start.line);
        let warning = (mark > 0).then_some(Warning::ByteOrderMark { line: start.line });
        let position = |at| lines.position(text, at);
        let duplicates = spans.duplicates.iter().map(|found| Warning::DuplicateKey {
            path: found.path.clone(),
            position: position(found.at),
            before: position(found.before),
        });
        let mut warnings: Vec<Warning> = warning.into_iter().chain(duplicates).collect();
        warnings.sort_by_key(Warning::position);
        let more_duplicates = spans.more_duplicates;
        Self { value, warnings, more_duplicates, text: Box::default(), spans, lines }
    }
}

/// The depth of the recursion is bounded: the parser rejects deep nesting.
#[cfg(feature = "serve")]
fn replace_texts(value: &mut Value, replacement: &mut impl FnMut(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(other) = replacement(text) {
                *text = other;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_texts(item, replacement)),
        Value::Object(members) => members.values_mut().for_each(|member| replace_texts(member, replacement)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Warning {
    /// Returns its position; a byte order mark is before everything else.
    #[must_use]
    pub fn position(&self) -> Position {
        match self {
            Self::ByteOrderMark { line } => Position { line: *line, column: 1 },
            Self::DuplicateKey { position, .. } | Self::LoneSurrogate { position, .. } => *position,
        }
    }
}

/// Where a text begins in its file.
#[derive(Clone, Copy, Debug)]
struct Start {
    line: usize,
    offset: usize,
}

impl Default for Start {
    fn default() -> Self {
        Self { line: 1, offset: 0 }
    }
}

#[cfg(test)]
mod tests;
