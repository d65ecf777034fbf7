//! The request rules: every endpoint and model variant, dated, with later changes laid over them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::literal::same;
use super::pattern;
use super::schema::{Choice, Object, Schema};

/// The rules of all request bodies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestSchemas {
    /// Where they were read.
    pub source: String,
    /// The day they were read, or published.
    pub date: String,
    /// What was changed after them, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<SourceVersion>,
    /// Places in the source whose shape is beyond these rules, and is not judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// Shapes that stand in several places, by name.
    pub shared: BTreeMap<String, Schema>,
    /// The body of each endpoint, by the path below `/v1/` without `{id}`; one that is not sent by POST has the method
    /// behind it, `avatars:patch`.
    pub endpoints: BTreeMap<String, Schema>,
}

/// Where and when a layer was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceVersion {
    /// Where it was read.
    pub source: String,
    /// The day it was published.
    pub date: String,
}

/// A rules file that cannot be used.
#[derive(Debug)]
pub enum RequestRulesError {
    /// It is not JSON of the right form.
    Form(serde_json::Error),
    /// A shape is used by name but stands nowhere, or uses itself.
    Name(String),
    /// A regular expression cannot be read.
    Pattern(String),
}

impl RequestSchemas {
    /// Reads a rules file.
    ///
    /// # Errors
    /// Where it is not of the form that `rules import` writes.
    pub fn read(json: &str) -> Result<Self, RequestRulesError> {
        let requests: Self = serde_json::from_str(json).map_err(RequestRulesError::Form)?;
        requests.check()?;
        Ok(requests)
    }

    /// Returns the rules as they are kept in a file: one line an endpoint or shared shape.
    #[must_use]
    pub fn write(&self) -> String {
        let compact = |value: &Schema| serde_json::to_string(value).unwrap_or_default();
        let lines = |map: &BTreeMap<String, Schema>| {
            let line =
                |(name, schema): (&String, &Schema)| format!("    {}: {}", Value::from(name.as_str()), compact(schema));
            map.iter().map(line).collect::<Vec<_>>().join(",\n")
        };
        let list = |name: &str, values: &Value| {
            let empty = values.as_array().is_none_or(Vec::is_empty);
            if empty { String::new() } else { format!("  \"{name}\": {values},\n") }
        };
        format!(
            "{{\n  \"source\": {},\n  \"date\": {},\n{}{}  \"shared\": {{\n{}\n  }},\n  \"endpoints\": {{\n{}\n  }}\n}}\n",
            Value::from(self.source.as_str()),
            Value::from(self.date.as_str()),
            list("layers", &serde_json::to_value(&self.layers).unwrap_or_default()),
            list("unread", &Value::from(self.unread.clone())),
            lines(&self.shared),
            lines(&self.endpoints),
        )
    }

    /// Returns the day of the newest rule among them, `2026-09-23`.
    #[must_use]
    pub fn newest(&self) -> &str {
        self.layers.last().map_or(&self.date, |layer| &layer.date)
    }

    /// Returns the shape itself where `schema` only names one.
    #[must_use]
    pub fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        match schema {
            // The names lead to an end: `check` saw to it.
            Schema::Use(name) => self.shared.get(name).map_or(&Schema::Any, |shape| self.resolve(shape)),
            Schema::Any
            | Schema::Null
            | Schema::Bool
            | Schema::Text(_)
            | Schema::Number(_)
            | Schema::OneOf(_)
            | Schema::Asset(_)
            | Schema::Array(_)
            | Schema::Object(_)
            | Schema::Record(_)
            | Schema::Nullable(_)
            | Schema::Union(_)
            | Schema::Choice(_) => schema,
        }
    }

    /// Returns the shape that a name stands for; `None` where `schema` is no name.
    pub(super) fn shape_of(&self, schema: &Schema) -> Option<&Schema> {
        let resolved = self.shared.get(schema.name()?)?;
        Some(self.resolve(resolved))
    }

    /// Returns the object that the member in question chooses.
    pub(super) fn chosen<'a>(&'a self, choice: &'a Choice, members: &Map<String, Value>) -> Option<&'a Object> {
        let value = members.get(&choice.by)?;
        let mut objects = choice.options.iter().filter_map(|option| self.object(option));
        objects.find(|object| self.literals(object, &choice.by).iter().any(|literal| same(literal, value)))
    }

    /// Returns the values that the member `name` of an object takes, where they are listed.
    #[must_use]
    pub fn literals<'a>(&'a self, object: &'a Object, name: &str) -> &'a [Value] {
        match object.fields.get(name).map(|field| self.resolve(&field.schema)) {
            Some(Schema::OneOf(values)) => values,
            Some(_) | None => &[],
        }
    }

    /// Returns the models that an endpoint names, in its order; none where its bodies name no model.
    #[must_use]
    pub fn models(&self, endpoint: &str) -> Vec<&str> {
        let variants = self.variants(endpoint);
        variants.into_iter().flat_map(|variant| self.literals(variant, "model")).filter_map(Value::as_str).collect()
    }

    /// Returns the objects of which a body of this endpoint must be one.
    #[must_use]
    pub fn variants(&self, endpoint: &str) -> Vec<&Object> {
        match self.endpoints.get(endpoint).map(|schema| self.resolve(schema)) {
            Some(Schema::Choice(choice)) => choice.options.iter().filter_map(|option| self.object(option)).collect(),
            Some(schema) => self.object(schema).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Returns the object that a body of this endpoint must be: that of its model where bodies name one.
    #[must_use]
    pub fn variant(&self, endpoint: &str, body: &Value) -> Option<&Object> {
        let model = body.get("model").unwrap_or(&Value::Null);
        let is_it = |variant: &&Object| {
            let models = self.literals(variant, "model");
            models.is_empty() || models.contains(model)
        };
        self.variants(endpoint).into_iter().find(is_it)
    }

    /// Refuses names that lead nowhere and patterns that cannot be read.
    ///
    /// # Errors
    /// The first of them.
    pub fn check(&self) -> Result<(), RequestRulesError> {
        let mut open: Vec<(&Schema, usize)> =
            self.shared.values().chain(self.endpoints.values()).map(|schema| (schema, 0)).collect();
        while let Some((schema, uses)) = open.pop() {
            if let Schema::Use(name) = schema {
                // A chain of names longer than there are names runs in a circle.
                let known = self.shared.get(name).filter(|_| uses <= self.shared.len());
                open.push((known.ok_or_else(|| RequestRulesError::Name(name.clone()))?, uses.saturating_add(1)));
            }
            if let Schema::Text(text) = schema
                && let Some(source) = &text.pattern
                && pattern::compile(source, text.any_case).is_none()
            {
                return Err(RequestRulesError::Pattern(source.clone()));
            }
            open.extend(schema.children().into_iter().map(|child| (child, uses)));
        }
        Ok(())
    }

    pub(super) fn none() -> Self {
        let (shared, endpoints) = (BTreeMap::new(), BTreeMap::new());
        Self { source: String::new(), date: String::new(), layers: Vec::new(), unread: Vec::new(), shared, endpoints }
    }

    fn object<'a>(&'a self, schema: &'a Schema) -> Option<&'a Object> {
        if let Schema::Object(object) = self.resolve(schema) { Some(object) } else { None }
    }
}

impl std::error::Error for RequestRulesError {}

impl fmt::Display for RequestRulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => write!(f, "not a request-rules file: {error}"),
            Self::Name(name) => write!(f, "the shape {name:?} is used, but leads nowhere"),
            Self::Pattern(source) => write!(f, "the pattern {source:?} cannot be read"),
        }
    }
}

#[cfg(test)]
mod tests;
