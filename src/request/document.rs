//! JSON text, read as the API reads it, with the line and column of every value and key.

mod error;
mod position;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use serde_json::Value;

pub use self::error::{DocumentError, DocumentErrorKind};
use self::position::Lines;
pub use self::position::Position;
use super::path::{Path, Segment};

/// The longest text that is read: 64 MiB, ours; the API's own front end refuses far shorter ones (status 413).
pub const LONGEST: usize = 64 * 1024 * 1024;

/// A JSON text that could be read: its value, and where everything in it stands.
#[derive(Debug)]
pub struct Document {
    value: Value,
    warnings: Vec<Warning>,
    root: Spot,
    lines: Lines,
}

/// Something odd about the text that the API reads over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The text begins with a byte order mark, which JSON does not allow.
    ByteOrderMark,
    /// A key stands twice in one object: the last one wins, as in JavaScript.
    DuplicateKey {
        /// The member's path.
        path: Path,
        /// Where the later key stands.
        place: Position,
        /// Where the same key stood before.
        before: Position,
    },
}

impl Document {
    /// Reads one JSON text.
    ///
    /// # Errors
    /// Where the text is longer than [`LONGEST`], not UTF-8, or not JSON.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        Self::read_from(bytes, Start::default())
    }

    /// Reads JSON Lines: one text a line, blank lines left out, each with the line number of the whole file.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read_lines(bytes: &[u8]) -> Result<Vec<Self>, DocumentError> {
        error::refuse_length(bytes)?;
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

    /// Reads one JSON text, or JSON Lines where more than one line holds something and the first one is a text of its own.
    ///
    /// # Errors
    /// As [`Document::read`]; what is wrong with the whole text where its lines are no texts either.
    pub fn read_one_or_lines(bytes: &[u8]) -> Result<Vec<Self>, DocumentError> {
        let whole = match Self::read(bytes) {
            Ok(document) => return Ok(vec![document]),
            Err(whole) => whole,
        };
        let mut filled = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let first_alone = filled.next().is_some_and(|first| Self::read(first).is_ok());
        if first_alone && filled.next().is_some() { Self::read_lines(bytes) } else { Err(whole) }
    }

    /// Returns the value; of a key that stands twice, the last one.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns what is odd about the text, in its order.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns where the value at `path` begins; where there is none, the innermost value around it that exists.
    #[must_use]
    pub fn place(&self, path: &Path) -> Position {
        self.lines.place(self.spot(path.segments()).at)
    }

    /// Returns where the key of the member at `path` begins; for anything but a member, [`Document::place`].
    #[must_use]
    pub fn key_place(&self, path: &Path) -> Position {
        let (last, above) = match path.segments().split_last() {
            Some((Segment::Key(key), above)) => (key, above),
            Some((Segment::Index(_), _)) | None => return self.place(path),
        };
        match &self.spot(above).inside {
            Inside::Members(members) => {
                member(members, last).map_or_else(|| self.place(path), |member| self.lines.place(member.key_at))
            }
            Inside::Nothing | Inside::Elements(_) => self.place(path),
        }
    }

    fn spot(&self, segments: &[Segment]) -> &Spot {
        let mut spot = &self.root;
        for segment in segments {
            let below = match (segment, &spot.inside) {
                (Segment::Key(key), Inside::Members(members)) => member(members, key).map(|member| &member.value),
                (Segment::Index(index), Inside::Elements(elements)) => elements.get(*index),
                (Segment::Key(_) | Segment::Index(_), Inside::Nothing | Inside::Members(_) | Inside::Elements(_)) => {
                    None
                }
            };
            match below {
                Some(below) => spot = below,
                None => break,
            }
        }
        spot
    }

    fn read_from(bytes: &[u8], start: Start) -> Result<Self, DocumentError> {
        error::refuse_length(bytes)?;
        let (text, mark) = error::text(bytes, start)?;
        let value = serde_json::from_str(text).map_err(|error| error::syntax(&error, text, mark, start))?;
        let lines = Lines::of(text, start.line);
        let mut survey = Survey { lines: &lines, warnings: Vec::new(), path: Path::root() };
        if mark > 0 {
            survey.warnings.push(Warning::ByteOrderMark);
        }
        let root = match jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &strict()) {
            Ok(parsed) => parsed.value.map_or(Spot::leaf(0), |tree| survey.spot(tree)),
            // Both parsers agree on all JSON that was tried; were they not to, places are lost and nothing else.
            Err(_) => Spot::leaf(0),
        };
        let mut warnings = survey.warnings;
        warnings.sort_by_key(Warning::place);
        Ok(Self { value, warnings, root, lines })
    }
}

impl Warning {
    /// Returns where it is seen; a mark stands before everything.
    #[must_use]
    pub fn place(&self) -> Position {
        match self {
            Self::ByteOrderMark => Position { line: 1, column: 1 },
            Self::DuplicateKey { place, .. } => *place,
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

/// Where a value begins, as a byte of the text, and where the values in it do.
#[derive(Debug)]
struct Spot {
    at: usize,
    inside: Inside,
}

#[derive(Debug)]
enum Inside {
    Nothing,
    Elements(Vec<Spot>),
    /// Sorted by key, each key once.
    Members(Vec<Member>),
}

#[derive(Debug)]
struct Member {
    key: Box<str>,
    key_at: usize,
    value: Spot,
}

impl Spot {
    fn leaf(at: usize) -> Self {
        Self { at, inside: Inside::Nothing }
    }
}

/// One walk over the syntax tree, which keeps the places and notes keys that stand twice.
struct Survey<'a> {
    lines: &'a Lines,
    warnings: Vec<Warning>,
    path: Path,
}

impl Survey<'_> {
    fn spot(&mut self, tree: ast::Value<'_>) -> Spot {
        let at = tree.range().start;
        let inside = match tree {
            ast::Value::Array(array) => Inside::Elements(self.elements(array.elements)),
            ast::Value::Object(object) => Inside::Members(self.members(object.properties)),
            ast::Value::StringLit(_)
            | ast::Value::NumberLit(_)
            | ast::Value::BooleanLit(_)
            | ast::Value::NullKeyword(_) => Inside::Nothing,
        };
        Spot { at, inside }
    }

    fn elements(&mut self, elements: Vec<ast::Value<'_>>) -> Vec<Spot> {
        let mut spots = Vec::with_capacity(elements.len());
        for (index, element) in elements.into_iter().enumerate() {
            self.path.push(Segment::Index(index));
            spots.push(self.spot(element));
            self.path.pop();
        }
        spots
    }

    fn members(&mut self, properties: Vec<ast::ObjectProp<'_>>) -> Vec<Member> {
        let mut members = Vec::with_capacity(properties.len());
        for property in properties {
            let key_at = property.range.start;
            self.path.push(Segment::Key(property.name.into_string()));
            let value = self.spot(property.value);
            if let Some(Segment::Key(key)) = self.path.pop() {
                members.push(Member { key: key.into_boxed_str(), key_at, value });
            }
        }
        members.sort_by(|one, other| one.key.cmp(&other.key));
        members.dedup_by(|later, kept| {
            let same = later.key == kept.key;
            if same {
                self.warnings.push(Warning::DuplicateKey {
                    path: self.path.key(&later.key),
                    place: self.lines.place(later.key_at),
                    before: self.lines.place(kept.key_at),
                });
                std::mem::swap(later, kept);
            }
            same
        });
        members
    }
}

/// Returns the member with this key.
fn member<'a>(members: &'a [Member], key: &str) -> Option<&'a Member> {
    let index = members.binary_search_by(|member| (*member.key).cmp(key)).ok()?;
    members.get(index)
}

/// Every leniency of the span parser switched off.
fn strict() -> jsonc_parser::ParseOptions {
    jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

#[cfg(test)]
mod tests;
