//! One entry of a 400 body's `issues`, in the words and member order of zod 4.3, the API's validator.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value, json};

use super::document::{Document, Position};
use super::path::{Path, Segment};
use super::pattern;
use super::schema::{Format, Text};
use crate::finding::Confidence;

/// A failure of one value against its schema.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaIssue {
    /// Every member but `path` and `message`, in zod's order; `code` is among them.
    members: Map<String, Value>,
    /// Where the value stands.
    path: Path,
    /// The sentence for people.
    message: String,
    /// Whether the value has the right type and only fails a bound or pattern: such a failure does not end the checks.
    soft: bool,
    /// How sure the sentence is.
    confidence: Confidence,
}

/// What a length is the length of, as zod names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    /// UTF-16 units of a string.
    Text,
    /// Elements of an array.
    Array,
    /// The member `length` of an object, which zod compares as if it were one.
    Unknown,
}

/// One side of a bound that was broken.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    /// Nothing under it.
    Min(Number),
    /// Nothing over it.
    Max(Number),
    /// Nothing under it, nor itself.
    Above(Number),
    /// Nothing over it, nor itself.
    Below(Number),
}

/// The code of what zod does not check itself.
const CUSTOM: &str = "custom";

impl SchemaIssue {
    /// Returns zod's code: `invalid_type`, `too_big`, …
    #[must_use]
    pub fn code(&self) -> &str {
        self.members.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns where the value stands.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the sentence. It may hold keys and values of the body's rules, and keys of the body: escape it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns how sure the sentence is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Returns every member but `path` and `message`, in zod's order.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Returns where to look in the text: at the value; for keys that are not known, at the first of them; for a value
    /// that is missing, at the object it is missing from.
    #[must_use]
    pub fn place(&self, document: &Document) -> Position {
        let first_key = self.members.get("keys").and_then(|keys| keys.get(0)).and_then(Value::as_str);
        match first_key {
            Some(key) => document.key_place(&self.path.key(key)),
            None if self.code() == "invalid_key" => document.key_place(&self.path),
            None => document.place(&self.path),
        }
    }

    pub(super) fn is_soft(&self) -> bool {
        self.soft
    }

    pub(super) fn below(mut self, segment: Segment) -> Self {
        self.path.unshift(segment);
        self
    }

    /// The type is wrong; `input` is `None` where the value is missing.
    pub(super) fn invalid_type(expected: &str, input: Option<&Value>) -> Self {
        let message = format!("Invalid input: expected {expected}, received {}", received(input));
        Self::hard(json!({"expected": expected, "code": "invalid_type"}), message)
    }

    /// A choice among objects was given no object: the members stand in another order.
    pub(super) fn no_object_to_choose(input: Option<&Value>) -> Self {
        let message = format!("Invalid input: expected object, received {}", received(input));
        Self::hard(json!({"code": "invalid_type", "expected": "object"}), message)
    }

    /// A whole number was wanted.
    pub(super) fn not_int() -> Self {
        let members = json!({"expected": "int", "format": "safeint", "code": "invalid_type"});
        Self::hard(members, "Invalid input: expected int, received number".to_owned())
    }

    /// A whole number lies beyond what JavaScript keeps exactly.
    pub(super) fn unsafe_int(positive: bool) -> Self {
        const LARGEST: i64 = 9_007_199_254_740_991;
        const NOTE: &str = "Integers must be within the safe integer range.";
        if positive {
            let members =
                json!({"code": "too_big", "maximum": LARGEST, "note": NOTE, "origin": "int", "inclusive": true});
            Self::soft(members, format!("Too big: expected int to be <={LARGEST}"))
        } else {
            let members =
                json!({"code": "too_small", "minimum": -LARGEST, "note": NOTE, "origin": "int", "inclusive": true});
            Self::soft(members, format!("Too small: expected int to be >={}", -LARGEST))
        }
    }

    /// A number broke a bound.
    pub(super) fn number(bound: Bound) -> Self {
        let (small, limit, inclusive, sign) = match bound {
            Bound::Min(limit) => (true, limit, true, ">="),
            Bound::Above(limit) => (true, limit, false, ">"),
            Bound::Max(limit) => (false, limit, true, "<="),
            Bound::Below(limit) => (false, limit, false, "<"),
        };
        if small {
            let message = format!("Too small: expected number to be {sign}{limit}");
            let members = json!({"origin": "number", "code": "too_small", "minimum": limit, "inclusive": inclusive});
            Self::soft(members, message)
        } else {
            let message = format!("Too big: expected number to be {sign}{limit}");
            let members = json!({"origin": "number", "code": "too_big", "maximum": limit, "inclusive": inclusive});
            Self::soft(members, message)
        }
    }

    /// Something is shorter than allowed.
    pub(super) fn too_short(what: Measured, min: u64) -> Self {
        let members = json!({"origin": what.origin(), "code": "too_small", "minimum": min, "inclusive": true});
        Self::soft(members, format!("Too small: expected {}", what.sized(">=", min)))
    }

    /// Something is longer than allowed.
    pub(super) fn too_long(what: Measured, max: u64) -> Self {
        let members = json!({"origin": what.origin(), "code": "too_big", "maximum": max, "inclusive": true});
        Self::soft(members, format!("Too big: expected {}", what.sized("<=", max)))
    }

    /// A string lacks the pattern.
    pub(super) fn pattern(rule: &Text) -> Self {
        let shown = pattern::shown(rule.pattern.as_deref().unwrap_or_default(), rule.any_case);
        let (format, message) = match rule.format {
            Some(Format::Uuid) => ("uuid", "Invalid UUID".to_owned()),
            Some(Format::Date) => ("date", "Invalid ISO date".to_owned()),
            None => ("regex", format!("Invalid string: must match pattern {shown}")),
        };
        Self::soft(json!({"origin": "string", "code": "invalid_format", "format": format, "pattern": shown}), message)
    }

    /// None of the listed values.
    pub(super) fn invalid_value(values: &[Value]) -> Self {
        let listed = values.iter().map(Value::to_string).collect::<Vec<_>>().join("|");
        let message = match values {
            [_] => format!("Invalid input: expected {listed}"),
            _ => format!("Invalid option: expected one of {listed}"),
        };
        Self::hard(json!({"code": "invalid_value", "values": values}), message)
    }

    /// Members that a strict object does not have.
    pub(super) fn unrecognized_keys(keys: &[&str]) -> Self {
        let listed = keys.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ");
        let plural = if keys.len() > 1 { "s" } else { "" };
        let message = format!("Unrecognized key{plural}: {listed}");
        Self::hard(json!({"code": "unrecognized_keys", "keys": keys}), message)
    }

    /// A key of a record does not fit.
    pub(super) fn invalid_key(key: &str, issues: &[Self]) -> Self {
        let members = json!({"code": "invalid_key", "origin": "record", "issues": issues});
        Self::hard(members, "Invalid key in record".to_owned()).below(Segment::from(key))
    }

    /// No alternative fits; `errors` says why, one list for each.
    pub(super) fn invalid_union(errors: &[Vec<Self>]) -> Self {
        Self::hard(json!({"code": "invalid_union", "errors": errors}), "Invalid input".to_owned())
    }

    /// The member that tells the alternatives apart names none of them.
    pub(super) fn no_matching_discriminator(by: &str) -> Self {
        let members =
            json!({"code": "invalid_union", "errors": [], "note": "No matching discriminator", "discriminator": by});
        let issue = Self::hard(members, "Invalid input".to_owned()).below(Segment::from(by));
        // Seen without the list of options on 2026-08-11, and with it on 2026-08-13.
        Self { confidence: Confidence::Inferred, ..issue }
    }

    /// A rule between fields is broken that the API checks after the schema. Of the answers that were seen, only
    /// the sentence is noted: path and members are inferred.
    pub(super) fn custom(path: Path, message: String, confidence: Confidence) -> Self {
        Self { path, confidence, ..Self::soft(json!({"code": CUSTOM}), message) }
    }

    fn hard(members: Value, message: String) -> Self {
        Self::new(members, message, false)
    }

    fn soft(members: Value, message: String) -> Self {
        Self::new(members, message, true)
    }

    fn new(members: Value, message: String, soft: bool) -> Self {
        let members = if let Value::Object(members) = members { members } else { Map::new() };
        Self { members, path: Path::root(), message, soft, confidence: Confidence::Documented }
    }
}

impl Measured {
    fn origin(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Array => "array",
            Self::Unknown => "unknown",
        }
    }

    /// Words a bound: strings have characters, arrays items, and what is neither is compared as a number.
    fn sized(self, sign: &str, bound: u64) -> String {
        match self {
            Self::Text => format!("string to have {sign}{bound} characters"),
            Self::Array => format!("array to have {sign}{bound} items"),
            Self::Unknown => format!("unknown to be {sign}{bound}"),
        }
    }
}

/// Names the type of a value as zod does.
fn received(input: Option<&Value>) -> &'static str {
    match input {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

/// Writes the issue as the API does: its own members, then `path`, then `message`. Where the API's own code adds an
/// issue, `message` stands first: so it does in every such issue that was seen.
impl Serialize for SchemaIssue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len().saturating_add(2)))?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        if self.code() == CUSTOM {
            map.serialize_entry("message", &self.message)?;
            map.serialize_entry("path", &self.path.issue_path())?;
        } else {
            map.serialize_entry("path", &self.path.issue_path())?;
            map.serialize_entry("message", &self.message)?;
        }
        map.end()
    }
}
