//! The request rules: every endpoint and model variant, with dates and later overlays.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::literal::same;
use super::pattern;
use super::schema::{ChoiceSchema, ObjectSchema, Schema};

/// How many schemas the rules may hold when all references are expanded; the embedded rules hold about 10,000.
const MAX_EXPANDED: usize = 1_000_000;

/// How many references may nest; the embedded rules nest five.
const MAX_USES: usize = 64;

/// The rules of all request bodies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestSchemas {
    /// Their source.
    pub source: String,
    /// The day on which they were read or published.
    pub date: String,
    /// The overlays applied to them, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<SourceVersion>,
    /// Parts of the source that these rules cannot express, and that are not checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// Schemas that are used several times, by name.
    pub shared: BTreeMap<String, Schema>,
    /// The body of each endpoint, by its path below `/v1/` without `{id}`; where the method is not POST, it follows the
    /// path: `avatars:patch`.
    pub endpoints: BTreeMap<String, Schema>,
}

/// The source and date of an overlay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceVersion {
    /// Where it was read.
    pub source: String,
    /// The day it was published.
    pub date: String,
}

/// A rules file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RequestRulesError {
    /// It is not JSON of the right form.
    #[error("not a request-rules file: {0}")]
    Form(serde_json::Error),
    /// A schema is used by name but does not exist, or uses itself.
    #[error("the schema {0:?} is used, but does not exist or uses itself")]
    Name(String),
    /// A regular expression cannot be compiled.
    #[error("the pattern {0:?} cannot be compiled")]
    Pattern(String),
    /// References by name expand to more than `MAX_EXPANDED` schemas.
    #[error("its references expand to more than {MAX_EXPANDED} schemas")]
    TooLarge,
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

    /// Returns the rules as text: one line per endpoint or shared schema.
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

    /// Returns the schema that a reference names, or any other schema unchanged.
    #[must_use]
    pub fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        let mut schema = schema;
        // `check` rejects circular references.
        while let Some(name) = schema.name() {
            schema = self.shared.get(name).unwrap_or(&Schema::Any);
        }
        schema
    }

    /// Returns the schema that a reference names; `None` where `schema` is not a reference.
    pub(super) fn shape_of(&self, schema: &Schema) -> Option<&Schema> {
        let resolved = self.shared.get(schema.name()?)?;
        Some(self.resolve(resolved))
    }

    /// Returns the object that a choice selects for these members.
    pub(super) fn chosen<'a>(
        &'a self,
        choice: &'a ChoiceSchema,
        members: &Map<String, Value>,
    ) -> Option<&'a ObjectSchema> {
        let value = members.get(&choice.by)?;
        let mut objects = choice.options.iter().filter_map(|option| self.object(option));
        objects.find(|object| self.literals(object, &choice.by).iter().any(|literal| same(literal, value)))
    }

    /// Returns the values that the member `name` of an object accepts, where they are listed.
    #[must_use]
    pub fn literals<'a>(&'a self, object: &'a ObjectSchema, name: &str) -> &'a [Value] {
        match object.fields.get(name).map(|field| self.resolve(&field.schema)) {
            Some(Schema::OneOf(values)) => values,
            Some(_) | None => &[],
        }
    }

    /// Returns the models that an endpoint names, in its order; none where its bodies name no model.
    #[must_use]
    pub fn models(&self, endpoint: &str) -> Vec<&str> {
        let variants = self.each_variant(endpoint);
        variants.flat_map(|variant| self.literals(variant, "model")).filter_map(Value::as_str).collect()
    }

    /// Returns the variants of the body of an endpoint.
    #[must_use]
    pub fn variants(&self, endpoint: &str) -> Vec<&ObjectSchema> {
        self.each_variant(endpoint).collect()
    }

    fn each_variant(&self, endpoint: &str) -> impl Iterator<Item = &ObjectSchema> {
        let options = match self.endpoints.get(endpoint).map(|schema| self.resolve(schema)) {
            Some(Schema::Choice(choice)) => choice.options.as_slice(),
            Some(schema) => std::slice::from_ref(schema),
            None => &[],
        };
        options.iter().filter_map(|option| self.object(option))
    }

    /// Returns the variant for a body: that of its model where bodies name one.
    #[must_use]
    pub fn variant(&self, endpoint: &str, body: &Value) -> Option<&ObjectSchema> {
        let model = body.get("model").unwrap_or(&Value::Null);
        let is_it = |variant: &&ObjectSchema| {
            let models = self.literals(variant, "model");
            models.is_empty() || models.contains(model)
        };
        self.each_variant(endpoint).find(is_it)
    }

    /// Rejects names without a schema, patterns that cannot be compiled, and references that nest too deep or expand to too
    /// much.
    ///
    /// # Errors
    /// The first of them.
    pub fn check(&self) -> Result<(), RequestRulesError> {
        let mut open: Vec<(&Schema, usize)> =
            self.shared.values().chain(self.endpoints.values()).map(|schema| (schema, 0)).collect();
        let mut expanded = 0_usize;
        while let Some((schema, uses)) = open.pop() {
            expanded = expanded.saturating_add(1);
            if expanded > MAX_EXPANDED {
                return Err(RequestRulesError::TooLarge);
            }
            if let Schema::Use(name) = schema {
                // A chain with more references than there are names is circular.
                let known = self.shared.get(name).filter(|_| uses <= self.shared.len().min(MAX_USES));
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

    fn object<'a>(&'a self, schema: &'a Schema) -> Option<&'a ObjectSchema> {
        if let Schema::Object(object) = self.resolve(schema) { Some(object) } else { None }
    }
}

#[cfg(test)]
mod tests;
