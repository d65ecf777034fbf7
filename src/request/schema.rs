//! What a request body may hold: the types, bounds and choices the API publishes, and nothing of its prose.

mod fields;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

pub use self::fields::{Field, Fields};
use crate::media::Kind;

/// The shape of one value of a request body. Written in `src/rules/requests.json` as `{"text": {"max": 1000}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schema {
    /// Anything at all: nothing is published about it.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A string.
    Text(Text),
    /// A number.
    Number(Range),
    /// One of these strings or numbers, in the order in which the API names them.
    OneOf(Vec<Value>),
    /// The address of an image, a video or an audio file.
    Asset(Asset),
    /// A list.
    Array(Array),
    /// An object with known members.
    Object(Object),
    /// An object whose keys are free.
    Record(Record),
    /// That, or `null`.
    Nullable(Box<Schema>),
    /// The first of these that fits.
    Union(Vec<Schema>),
    /// One object of several, told apart by one member.
    Choice(Choice),
    /// A shape that stands in [`Requests::shared`](super::schemas::RequestSchemas::shared) under this name.
    Use(String),
}

/// Bounds of a string. Lengths are inclusive and count UTF-16 units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The shortest accepted length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// The longest accepted length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// A regular expression in JavaScript's syntax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether the pattern takes upper for lower case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub any_case: bool,
    /// The name of the pattern, where the API's validator knows it by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

/// A pattern that the API's validator knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A UUID of version 4.
    Uuid,
    /// A day, `2026-08-08`.
    Date,
}

/// Bounds of a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Whether only whole numbers are accepted; `1.0` is one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub int: bool,
    /// The smallest accepted number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The number below all accepted ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Number>,
    /// The largest accepted number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// The number above all accepted ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Number>,
}

/// An asset: an HTTPS URL, an upload's `runway://` URI or a data URI, each with its lengths (inclusive, in UTF-16 units).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// What the asset must be.
    pub kind: Kind,
    /// Shortest and longest URL.
    pub https: (u64, u64),
    /// Shortest and longest upload URI.
    pub runway: (u64, u64),
    /// Shortest and longest data URI, as encoded.
    pub data: (u64, u64),
}

/// A list and how many elements it may have, both bounds inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Array {
    /// Every element.
    pub of: Box<Schema>,
    /// The fewest elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// The most elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
}

/// An object with known members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The members in the API's order, which is that of its issues; `name?` is one that may be absent.
    pub fields: Fields,
    /// Whether other members are refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// How much is published about it.
    #[serde(default, skip_serializing_if = "Known::is_in_full")]
    pub known: Known,
}

/// How much is published about an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Types, choices and bounds.
    #[default]
    Bounds,
    /// Types and choices alone.
    Types,
    /// Its name alone.
    Name,
}

impl Known {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
    fn is_in_full(&self) -> bool {
        *self == Self::Bounds
    }
}

/// An object whose keys are free.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Every key.
    pub keys: Box<Schema>,
    /// Every value.
    pub values: Box<Schema>,
}

/// One object of several, told apart by one member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The member that tells them apart.
    pub by: String,
    /// The objects.
    pub options: Vec<Schema>,
}

impl Schema {
    /// Returns the name, where this only names a shape.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        if let Self::Use(name) = self { Some(name) } else { None }
    }

    /// Returns the shapes directly inside this one, in order.
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
            Self::Union(options) | Self::Choice(Choice { options, .. }) => options.iter().collect(),
        }
    }

    /// Returns the shapes directly inside this one, to be changed.
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
            Self::Union(options) | Self::Choice(Choice { options, .. }) => options.iter_mut().collect(),
        }
    }
}
