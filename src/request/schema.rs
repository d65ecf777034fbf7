//! The schema of a request body: the types, bounds and choices that the API publishes, without its prose.

mod fields;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

pub use self::fields::{ObjectField, ObjectFields};
use crate::media::Kind;

/// The schema of one value of a request body. Written in `src/rules/requests.json` as `{"text": {"max": 1000}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schema {
    /// Any value: nothing is published about it.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A string.
    Text(TextSchema),
    /// A number.
    Number(NumberSchema),
    /// One of these strings or numbers, in the order in which the API names them.
    OneOf(Vec<Value>),
    /// An image, a video or an audio file, by URL or data URI.
    Asset(AssetSchema),
    /// A list.
    Array(ArraySchema),
    /// An object with known members.
    Object(ObjectSchema),
    /// An object with arbitrary keys.
    Record(RecordSchema),
    /// This, or `null`.
    Nullable(Box<Schema>),
    /// The first of these that accepts the value.
    Union(Vec<Schema>),
    /// One of several objects, selected by one member.
    Choice(ChoiceSchema),
    /// The schema of this name in [`RequestSchemas::shared`](super::schemas::RequestSchemas::shared).
    Use(String),
}

/// Bounds of a string. Lengths are inclusive and count UTF-16 units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSchema {
    /// The shortest accepted length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// The longest accepted length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// A regular expression in JavaScript's syntax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether the pattern ignores case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub any_case: bool,
    /// The name of the pattern, where the API's validator has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<TextFormat>,
}

/// A pattern that the API's validator has a name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// A UUID of version 4.
    Uuid,
    /// A date, `2026-08-08`.
    Date,
}

/// Bounds of a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberSchema {
    /// Whether only whole numbers are accepted; `1.0` is one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub int: bool,
    /// The smallest accepted number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The exclusive lower bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Number>,
    /// The largest accepted number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// The exclusive upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Number>,
}

/// An asset: an HTTPS URL, an upload's `runway://` URI or a data URI, each with its lengths (inclusive, in UTF-16 units).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetSchema {
    /// The kind of asset.
    pub kind: Kind,
    /// Shortest and longest URL.
    pub https: (u64, u64),
    /// Shortest and longest upload URI.
    pub runway: (u64, u64),
    /// Shortest and longest data URI, as encoded.
    pub data: (u64, u64),
}

/// A list and the bounds of its length, both inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArraySchema {
    /// The schema of every element.
    pub of: Box<Schema>,
    /// The minimum number of elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// The maximum number of elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
}

/// An object with known members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectSchema {
    /// The members in the API's order, which is that of its issues; `name?` is optional.
    pub fields: ObjectFields,
    /// Whether other members are rejected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// How much is published about it.
    #[serde(default, skip_serializing_if = "Coverage::is_complete")]
    pub known: Coverage,
}

/// How much is published about an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Types, choices and bounds.
    #[default]
    Bounds,
    /// Types and choices only.
    Types,
    /// Only its name.
    Name,
}

impl Coverage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_complete(&self) -> bool {
        *self == Self::Bounds
    }
}

/// An object with arbitrary keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSchema {
    /// The schema of every key.
    pub keys: Box<Schema>,
    /// The schema of every value.
    pub values: Box<Schema>,
}

/// One of several objects, selected by one member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceSchema {
    /// The member that selects one.
    pub by: String,
    /// The objects.
    pub options: Vec<Schema>,
}

impl Schema {
    /// Returns the name, where this is a reference by name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        if let Self::Use(name) = self { Some(name) } else { None }
    }

    /// Returns the schemas directly inside this one, in order.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Any
            | Self::Null
            | Self::Bool
            | Self::Text(_)
            | Self::Number(_)
            | Self::OneOf(_)
            | Self::Asset(_)
            | Self::Use(_) => Vec::new(),
            Self::Array(array) => vec![&array.of],
            Self::Object(object) => object.fields.iter().map(|field| &field.schema).collect(),
            Self::Record(record) => vec![&record.keys, &record.values],
            Self::Nullable(inner) => vec![inner],
            Self::Union(options) | Self::Choice(ChoiceSchema { options, .. }) => options.iter().collect(),
        }
    }

    /// Returns the schemas directly inside this one, mutably.
    pub fn children_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Any
            | Self::Null
            | Self::Bool
            | Self::Text(_)
            | Self::Number(_)
            | Self::OneOf(_)
            | Self::Asset(_)
            | Self::Use(_) => Vec::new(),
            Self::Array(array) => vec![&mut array.of],
            Self::Object(object) => object.fields.iter_mut().map(|field| &mut field.schema).collect(),
            Self::Record(record) => vec![&mut record.keys, &mut record.values],
            Self::Nullable(inner) => vec![inner],
            Self::Union(options) | Self::Choice(ChoiceSchema { options, .. }) => options.iter_mut().collect(),
        }
    }
}
