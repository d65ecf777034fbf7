//! One entry of a 400 body's `issues`, in the words and member order of zod 4.3, the API's validator.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value, json};

use super::document::{Document, Position};
use super::issues::SchemaIssues;
use super::path::{Path, Segment};
use super::schema::{TextFormat, TextSchema};
use super::{MAX_LISTED, pattern};
use crate::finding::Confidence;

/// A failure of one value against its schema.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaIssue {
    /// Every member but `path` and `message`, in zod's order; `code` is among them.
    members: Map<String, Value>,
    /// The path of the value.
    path: Path,
    /// The message.
    message: String,
    /// Whether the value has the right type and only breaks a bound or a pattern: such an issue does not end the checks.
    non_fatal: bool,
    /// How certain the message is.
    confidence: Confidence,
}

/// A value with a length, as zod names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SizedValue {
    /// UTF-16 units of a string.
    Text,
    /// Elements of an array.
    Array,
    /// The member `length` of an object, which zod compares as if it were one.
    Unknown,
}

/// A bound that was violated.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    /// The smallest accepted number.
    Min(Number),
    /// The largest accepted number.
    Max(Number),
    /// The exclusive lower bound.
    Above(Number),
    /// The exclusive upper bound.
    Below(Number),
}

/// The code of checks that zod does not make itself.
const CUSTOM: &str = "custom";

impl SchemaIssue {
    /// Returns zod's code: `invalid_type`, `too_big`, …
    #[must_use]
    pub fn code(&self) -> &str {
        self.members.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the path of the value.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the message. It may hold keys of the body: escape it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns how certain the message is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Returns every member but `path` and `message`, in zod's order.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Returns the position in the text: that of the value, of the first unknown key, or of the object that lacks a value.
    #[must_use]
    pub fn position(&self, document: &Document) -> Position {
        let first_key = self.members.get("keys").and_then(|keys| keys.get(0)).and_then(Value::as_str);
        match first_key {
            Some(key) => document.key_position(&self.path.key(key)),
            None if self.code() == "invalid_key" => document.key_position(&self.path),
            None => document.position(&self.path),
        }
    }

    pub(super) fn is_non_fatal(&self) -> bool {
        self.non_fatal
    }

    pub(super) fn below(mut self, segment: Segment) -> Self {
        self.path.unshift(segment);
        self
    }

    /// Makes the issue of a wrong type; `input` is `None` where the value is missing.
    pub(super) fn invalid_type(expected: &str, input: Option<&Value>) -> Self {
        let message = format!("Invalid input: expected {expected}, received {}", received(input));
        Self::fatal(json!({"expected": expected, "code": "invalid_type"}), message)
    }

    /// Makes the issue of a value that is not an object where one of several objects is expected; its members are in a
    /// different order.
    pub(super) fn no_object_to_choose(input: Option<&Value>) -> Self {
        let message = format!("Invalid input: expected object, received {}", received(input));
        Self::fatal(json!({"code": "invalid_type", "expected": "object"}), message)
    }

    /// Makes the issue of a fraction where a whole number is expected.
    pub(super) fn not_int() -> Self {
        let members = json!({"expected": "int", "format": "safeint", "code": "invalid_type"});
        Self::fatal(members, "Invalid input: expected int, received number".to_owned())
    }

    /// Makes the issue of a whole number that JavaScript cannot represent exactly.
    pub(super) fn unsafe_int(positive: bool) -> Self {
        const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;
        const NOTE: &str = "Integers must be within the safe integer range.";
        if positive {
            let members = json!({"code": "too_big", "maximum": MAX_SAFE_INTEGER, "note": NOTE, "origin": "int", "inclusive": true});
            Self::non_fatal(members, format!("Too big: expected int to be <={MAX_SAFE_INTEGER}"))
        } else {
            let members = json!({"code": "too_small", "minimum": -MAX_SAFE_INTEGER, "note": NOTE, "origin": "int", "inclusive": true});
            Self::non_fatal(members, format!("Too small: expected int to be >={}", -MAX_SAFE_INTEGER))
        }
    }

    /// Makes the issue of a number out of bounds.
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
            Self::non_fatal(members, message)
        } else {
            let message = format!("Too big: expected number to be {sign}{limit}");
            let members = json!({"origin": "number", "code": "too_big", "maximum": limit, "inclusive": inclusive});
            Self::non_fatal(members, message)
        }
    }

    /// Makes the issue of a value that is too short.
    pub(super) fn too_short(what: SizedValue, min: u64) -> Self {
        let members = json!({"origin": what.origin(), "code": "too_small", "minimum": min, "inclusive": true});
        Self::non_fatal(members, format!("Too small: expected {}", what.sized(">=", min)))
    }

    /// Makes the issue of a value that is too long.
    pub(super) fn too_long(what: SizedValue, max: u64) -> Self {
        let members = json!({"origin": what.origin(), "code": "too_big", "maximum": max, "inclusive": true});
        Self::non_fatal(members, format!("Too big: expected {}", what.sized("<=", max)))
    }

    /// Makes the issue of a string that does not match its pattern.
    pub(super) fn pattern(rule: &TextSchema) -> Self {
        let shown = pattern::shown(rule.pattern.as_deref().unwrap_or_default(), rule.any_case);
        let (format, message) = match rule.format {
            Some(TextFormat::Uuid) => ("uuid", "Invalid UUID".to_owned()),
            Some(TextFormat::Date) => ("date", "Invalid ISO date".to_owned()),
            None => ("regex", format!("Invalid string: must match pattern {shown}")),
        };
        Self::non_fatal(
            json!({"origin": "string", "code": "invalid_format", "format": format, "pattern": shown}),
            message,
        )
    }

    /// Makes the issue of a value that is not one of `values`.
    pub(super) fn invalid_value(values: &[Value]) -> Self {
        let listed = values.iter().map(Value::to_string).collect::<Vec<_>>().join("|");
        let message = match values {
            [_] => format!("Invalid input: expected {listed}"),
            _ => format!("Invalid option: expected one of {listed}"),
        };
        Self::fatal(json!({"code": "invalid_value", "values": values}), message)
    }

    /// Makes the issue of members that a strict object does not have.
    pub(super) fn unrecognized_keys(keys: &[&str]) -> Self {
        let (keys, rest) = keys.split_at(keys.len().min(MAX_LISTED));
        let listed = keys.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ");
        let plural = if keys.len() > 1 { "s" } else { "" };
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        let message = format!("Unrecognized key{plural}: {listed}{more}");
        Self::fatal(json!({"code": "unrecognized_keys", "keys": keys}), message)
    }

    /// Makes the issue of an invalid key of a record.
    pub(super) fn invalid_key(key: &str, issues: &[Self]) -> Self {
        let members = json!({"code": "invalid_key", "origin": "record", "issues": issues});
        Self::fatal(members, "Invalid key in record".to_owned()).below(Segment::from(key))
    }

    /// Makes the issue of a value that is invalid by every alternative; `errors` holds one list for each.
    pub(super) fn invalid_union(errors: &[SchemaIssues]) -> Self {
        Self::fatal(json!({"code": "invalid_union", "errors": errors}), "Invalid input".to_owned())
    }

    /// Makes the issue of a discriminator that names no alternative.
    pub(super) fn no_matching_discriminator(by: &str) -> Self {
        let members =
            json!({"code": "invalid_union", "errors": [], "note": "No matching discriminator", "discriminator": by});
        let issue = Self::fatal(members, "Invalid input".to_owned()).below(Segment::from(by));
        // Seen without the list of options on 2026-08-11, and with it on 2026-08-13.
        Self { confidence: Confidence::Inferred, ..issue }
    }

    /// Makes the issue of a rule between fields, which the API checks after the schema. Only the message was seen in live
    /// responses: path and members are inferred.
    pub(super) fn custom(path: Path, message: String, confidence: Confidence) -> Self {
        Self { path, confidence, ..Self::non_fatal(json!({"code": CUSTOM}), message) }
    }

    fn fatal(members: Value, message: String) -> Self {
        Self::new(members, message, false)
    }

    fn non_fatal(members: Value, message: String) -> Self {
        Self::new(members, message, true)
    }

    fn new(members: Value, message: String, non_fatal: bool) -> Self {
        let members = if let Value::Object(members) = members { members } else { Map::new() };
        Self { members, path: Path::root(), message, non_fatal, confidence: Confidence::Documented }
    }
}

impl SizedValue {
    fn origin(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Array => "array",
            Self::Unknown => "unknown",
        }
    }

    /// Writes a bound: strings have characters, arrays have items, and anything else is compared as a number.
    fn sized(self, sign: &str, bound: u64) -> String {
        match self {
            Self::Text => format!("string to have {sign}{bound} characters"),
            Self::Array => format!("array to have {sign}{bound} items"),
            Self::Unknown => format!("unknown to be {sign}{bound}"),
        }
    }
}

/// Returns zod's name of the type of a value.
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

/// Writes the issue as the API does: its own members, then `path`, then `message`. In issues of the API's own code
/// `message` comes before `path`, as in every live response.
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
