//! Every asset of a body, found by its schema.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::document::{Document, Position};
use super::path::{Path, Segment};
use super::schema::{Asset, Choice, Object, Record, Schema};
use super::schemas::RequestSchemas;
use super::validate::Judge;
use crate::media::Kind;

/// An asset that a body names, and what its field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetRef {
    /// Where it stands.
    pub path: Path,
    /// Its text as it came, untrusted.
    pub text: String,
    /// What the field takes: one kind, or several where the body leaves open which variant it is.
    pub kinds: Vec<Kind>,
    /// The longest data URI that the field takes, in UTF-16 units; the largest of several kinds.
    pub data_uri_limit: u64,
    /// Line and column of its opening quote.
    pub place: Position,
    /// The endpoint that was asked for.
    pub endpoint: String,
    /// The model that the body names, where it names one as text.
    pub model: Option<String>,
}

impl AssetRef {
    /// Returns the field as people write it: `references[0].uri`. Keys come from outside: escape it.
    #[must_use]
    pub fn field(&self) -> String {
        self.path.to_string()
    }
}

/// Returns the assets of a body to `endpoint`, in the order of its rules; none where the endpoint is unknown.
///
/// What does not fit its schema is passed over, and everything else is found: an unknown model gives no assets, a bad
/// `ratio` changes nothing.
#[must_use]
pub fn assets(rules: &RequestSchemas, endpoint: &str, document: &Document) -> Vec<AssetRef> {
    let Some(schema) = rules.endpoints.get(endpoint) else { return Vec::new() };
    let mut search = Search { rules, judge: Judge::new(rules), path: Path::root(), found: Vec::new() };
    search.look(schema, document.value());
    let model = document.value().get("model").and_then(Value::as_str);
    let found = search.found.into_iter().map(|Found { path, text, kinds, data_uri_limit }| AssetRef {
        place: document.place(&path),
        path,
        text: text.to_owned(),
        kinds,
        data_uri_limit,
        endpoint: endpoint.to_owned(),
        model: model.map(str::to_owned),
    });
    found.collect()
}

struct Found<'v> {
    path: Path,
    text: &'v str,
    kinds: Vec<Kind>,
    data_uri_limit: u64,
}

struct Search<'r, 'v> {
    rules: &'r RequestSchemas,
    judge: Judge<'r>,
    path: Path,
    found: Vec<Found<'v>>,
}

impl<'v> Search<'_, 'v> {
    fn look(&mut self, schema: &Schema, value: &'v Value) {
        match (self.rules.resolve(schema), value) {
            (Schema::Asset(rule), Value::String(text)) => self.take(rule, text),
            (Schema::Array(array), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    self.below(Segment::Index(index), &array.of, element);
                }
            }
            (Schema::Object(object), Value::Object(members)) => self.look_in_object(object, members),
            (Schema::Record(record), Value::Object(members)) => self.look_in_record(record, members),
            (Schema::Choice(choice), Value::Object(members)) => self.look_in_choice(choice, members),
            (Schema::Nullable(inner), value) => self.look(inner, value),
            (Schema::Union(options), value) => self.look_in_union(options, value),
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

    fn look_in_object(&mut self, object: &Object, members: &'v Map<String, Value>) {
        for field in object.fields.iter() {
            if let Some(value) = members.get(&field.name) {
                self.below(Segment::from(field.name.as_str()), &field.schema, value);
            }
        }
    }

    fn look_in_record(&mut self, record: &Record, members: &'v Map<String, Value>) {
        for (key, value) in members {
            self.below(Segment::from(key.as_str()), &record.values, value);
        }
    }

    fn look_in_choice(&mut self, choice: &Choice, members: &'v Map<String, Value>) {
        let rules = self.rules;
        if let Some(object) = rules.chosen(choice, members) {
            self.look_in_object(object, members);
        }
    }

    /// The first alternative that fits tells what the value is; where none does, each may, and what they find is merged.
    fn look_in_union(&mut self, options: &[Schema], value: &'v Value) {
        if let Some(option) = options.iter().find(|option| self.judge.fits(option, value)) {
            return self.look(option, value);
        }
        let start = self.found.len();
        for option in options {
            self.look(option, value);
        }
        self.merge_from(start);
    }

    fn below(&mut self, segment: Segment, schema: &Schema, value: &'v Value) {
        self.path.push(segment);
        self.look(schema, value);
        self.path.pop();
    }

    fn take(&mut self, rule: &Asset, text: &'v str) {
        let (path, kinds) = (self.path.clone(), vec![rule.kind]);
        self.found.push(Found { path, text, kinds, data_uri_limit: rule.data.1 });
    }

    /// Makes one of what several alternatives found at the same path, from `start` on.
    fn merge_from(&mut self, start: usize) {
        let mut merged: Vec<Found<'v>> = Vec::new();
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
