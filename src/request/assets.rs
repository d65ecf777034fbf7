//! Finds every asset of a body by its schema.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::MAX_LISTED;
use super::document::{Document, Position};
use super::path::{Path, Segment};
use super::schema::{ChoiceSchema, ObjectSchema, RecordSchema, Schema};
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

/// Returns the assets of a body to `endpoint`, in the order of its schema. Where the endpoint is unknown, a member has
/// the assets that it would have at a known one.
///
/// A value that is invalid by its schema is skipped and hides no other: an unknown model gives no assets, an invalid
/// `ratio` changes nothing.
#[must_use]
pub fn assets(rules: &RequestSchemas, endpoint: &str, document: &Document) -> AssetFields {
    let validator = Validator::new(rules);
    let mut search = AssetSearch { rules, validator, path: Path::root(), found: Vec::new(), start: 0, not_listed: 0 };
    match (rules.endpoints.get(endpoint), document.value()) {
        (Some(schema), body) => search.visit(schema, body),
        (None, Value::Object(members)) => search.visit_unknown(members),
        (None, _) => {}
    }
    let not_listed = search.not_listed.saturating_add(search.found.len().saturating_sub(MAX_LISTED));
    search.found.truncate(MAX_LISTED);
    let found = search.found.into_iter().map(|FoundAsset { path, text, kinds }| AssetField {
        position: document.position(&path),
        path,
        text: text.to_owned(),
        kinds,
    });
    AssetFields { listed: found.collect(), not_listed }
}

struct FoundAsset<'v> {
    path: Path,
    text: &'v str,
    kinds: Vec<Kind>,
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
            (Schema::Asset(rule), Value::String(text)) => self.add(rule.kind, text),
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
        match options.iter().find(|option| self.validator.accepts(option, value)) {
            Some(option) => self.visit(option, value),
            None => self.visit_each(options, value),
        }
    }

    /// Visits a value by each of several schemas and merges the results.
    fn visit_each<'s>(&mut self, options: impl IntoIterator<Item = &'s Schema>, value: &'v Value) {
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

    /// Visits the members of a body whose endpoint is unknown, each by the schemas that it has at known endpoints.
    fn visit_unknown(&mut self, members: &'v Map<String, Value>) {
        let rules = self.rules;
        for (key, value) in members {
            let variants = rules.endpoints.keys().flat_map(|endpoint| rules.variants(endpoint));
            let fields = variants.filter_map(|variant| variant.fields.get(key));
            self.path.push(Segment::from(key.as_str()));
            self.visit_each(fields.map(|field| &field.schema), value);
            self.path.pop();
        }
    }

    fn below(&mut self, segment: Segment, schema: &Schema, value: &'v Value) {
        self.path.push(segment);
        self.visit(schema, value);
        self.path.pop();
    }

    fn add(&mut self, kind: Kind, text: &'v str) {
        if self.found.len().saturating_sub(self.start) >= MAX_LISTED {
            self.not_listed = self.not_listed.saturating_add(1);
            return;
        }
        self.found.push(FoundAsset { path: self.path.clone(), text, kinds: vec![kind] });
    }

    /// Merges what several alternatives found at the same path, starting with the asset at `start`.
    fn merge_from(&mut self, start: usize) {
        let mut merged: Vec<FoundAsset<'v>> = Vec::new();
        let mut known: HashMap<Path, usize> = HashMap::new();
        for found in self.found.split_off(start) {
            if let Some(same) = known.get(&found.path).and_then(|index| merged.get_mut(*index)) {
                same.kinds
                    .extend(found.kinds.into_iter().filter(|kind| !same.kinds.contains(kind)).collect::<Vec<_>>());
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
