//! Finds every asset of a body by its schema.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::MAX_LISTED;
use super::document::{Document, Position};
use super::path::{Path, Segment};
use super::schema::{AssetSchema, ChoiceSchema, ObjectSchema, RecordSchema, Schema};
use super::schemas::RequestSchemas;
use super::validate::Validator;
use crate::media::Kind;

/// An asset of a body, and what its field accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetField {
    /// Its path in the body.
    pub path: Path,
    /// Its text, untrusted.
    pub text: String,
    /// What the field accepts: one kind, or several if the body does not determine one variant.
    pub kinds: Vec<Kind>,
    /// The longest accepted data URI in UTF-16 units; of several kinds, the largest bound.
    pub data_uri_limit: u64,
    /// The line and column of its opening quote.
    pub position: Position,
}

impl AssetField {
    /// Returns the field as text: `references[0].uri`. Keys are untrusted: escape it.
    #[must_use]
    pub fn field(&self) -> String {
        self.path.to_string()
    }
}

/// The assets of a body: the first ones, and the number of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssetFields {
    /// The first assets, [`MAX_LISTED`] at most.
    pub listed: Vec<AssetField>,
    /// How many assets follow them.
    pub not_listed: usize,
}

/// Returns the assets of a body to `endpoint`, in the order of its schema; none where the endpoint is unknown.
///
/// A value that is invalid by its schema is skipped and hides no other: an unknown model gives no assets, an invalid
/// `ratio` changes nothing.
#[must_use]
pub fn assets(rules: &RequestSchemas, endpoint: &str, document: &Document) -> AssetFields {
    let Some(schema) = rules.endpoints.get(endpoint) else { return AssetFields::default() };
    let validator = Validator::new(rules);
    let mut search = AssetSearch { rules, validator, path: Path::root(), found: Vec::new(), start: 0, not_listed: 0 };
    search.visit(schema, document.value());
    let not_listed = search.not_listed.saturating_add(search.found.len().saturating_sub(MAX_LISTED));
    search.found.truncate(MAX_LISTED);
    let found = search.found.into_iter().map(|FoundAsset { path, text, kinds, data_uri_limit }| AssetField {
        position: document.position(&path),
        path,
        text: text.to_owned(),
        kinds,
        data_uri_limit,
    });
    AssetFields { listed: found.collect(), not_listed }
}

struct FoundAsset<'v> {
    path: Path,
    text: &'v str,
    kinds: Vec<Kind>,
    data_uri_limit: u64,
}

struct AssetSearch<'r, 'v> {
    rules: &'r RequestSchemas,
    validator: Validator<'r>,
    path: Path,
    found: Vec<FoundAsset<'v>>,
    /// Where the assets of the current alternative begin.
    start: usize,
    /// How many assets the current alternative has beyond [`MAX_LISTED`].
    not_listed: usize,
}

impl<'v> AssetSearch<'_, 'v> {
    fn visit(&mut self, schema: &Schema, value: &'v Value) {
        match (self.rules.resolve(schema), value) {
            (Schema::Asset(rule), Value::String(text)) => self.add(rule, text),
            (Schema::Array(array), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    self.below(Segment::Index(index), &array.of, element);
                }
            }
            (Schema::Object(object), Value::Object(members)) => self.visit_object(object, members),
            (Schema::Record(record), Value::Object(members)) => self.visit_record(record, members),
            (Schema::Choice(choice), Value::Object(members)) => self.visit_choice(choice, members),
            (Schema::Nullable(inner), value) => self.visit(inner, value),
            (Schema::Union(options), value) => self.visit_union(options, value),
            (
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
                | Schema::Choice(_)
                | Schema::Use(_),
                _,
            ) => {}
        }
    }

    fn visit_object(&mut self, object: &ObjectSchema, members: &'v Map<String, Value>) {
        for field in object.fields.iter() {
            if let Some(value) = members.get(&field.name) {
                self.below(Segment::from(field.name.as_str()), &field.schema, value);
            }
        }
    }

    fn visit_record(&mut self, record: &RecordSchema, members: &'v Map<String, Value>) {
        for (key, value) in members {
            self.below(Segment::from(key.as_str()), &record.values, value);
        }
    }

    fn visit_choice(&mut self, choice: &ChoiceSchema, members: &'v Map<String, Value>) {
        let rules = self.rules;
        if let Some(object) = rules.chosen(choice, members) {
            self.visit_object(object, members);
        }
    }

    /// Visits the first alternative that accepts the value. If none does, visits all of them and merges the results.
    fn visit_union(&mut self, options: &[Schema], value: &'v Value) {
        if let Some(option) = options.iter().find(|option| self.validator.accepts(option, value)) {
            return self.visit(option, value);
        }
        let (start, not_listed, first) = (self.start, self.not_listed, self.found.len());
        let mut more = 0;
        for option in options {
            (self.start, self.not_listed) = (self.found.len(), 0);
            self.visit(option, value);
            more = more.max(self.not_listed);
        }
        (self.start, self.not_listed) = (start, not_listed.saturating_add(more));
        self.merge_from(first);
    }

    fn below(&mut self, segment: Segment, schema: &Schema, value: &'v Value) {
        self.path.push(segment);
        self.visit(schema, value);
        self.path.pop();
    }

    fn add(&mut self, rule: &AssetSchema, text: &'v str) {
        if self.found.len().saturating_sub(self.start) >= MAX_LISTED {
            self.not_listed = self.not_listed.saturating_add(1);
            return;
        }
        let (path, kinds) = (self.path.clone(), vec![rule.kind]);
        self.found.push(FoundAsset { path, text, kinds, data_uri_limit: rule.data.1 });
    }

    /// Merges what several alternatives found at the same path, starting with the asset at `start`.
    fn merge_from(&mut self, start: usize) {
        let mut merged: Vec<FoundAsset<'v>> = Vec::new();
        let mut known: HashMap<Path, usize> = HashMap::new();
        for found in self.found.split_off(start) {
            if let Some(same) = known.get(&found.path).and_then(|index| merged.get_mut(*index)) {
                same.kinds
                    .extend(found.kinds.into_iter().filter(|kind| !same.kinds.contains(kind)).collect::<Vec<_>>());
                same.data_uri_limit = same.data_uri_limit.max(found.data_uri_limit);
            } else {
                known.insert(found.path.clone(), merged.len());
                merged.push(found);
            }
        }
        self.found.append(&mut merged);
    }
}

#[cfg(test)]
mod tests;
