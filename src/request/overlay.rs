//! Changes to the request rules that were published after the document they were read from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema::{Choice, Field, Fields, Known, Object, Schema};
use super::schemas::{RequestRulesError, RequestSchemas, SourceVersion};

/// Changes of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Where they were read.
    pub source: String,
    /// The day they were published.
    pub date: String,
    /// Shapes that replace those of the same name, or are new.
    #[serde(default)]
    pub shared: BTreeMap<String, Schema>,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

/// One change to one or more variants of one or more endpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The endpoints; one that is new is made.
    pub at: Vec<String>,
    /// The models; a variant that is new is made. None where bodies of the endpoint name no model.
    #[serde(default)]
    pub models: Vec<String>,
    /// The model whose variant a new one begins as; without it, a new one begins empty.
    #[serde(default)]
    pub like: Option<String>,
    /// Whether members that are not named are refused from now on.
    #[serde(default)]
    pub strict: Option<bool>,
    /// How much is published about the variants; left out, that does not change.
    #[serde(default)]
    pub known: Option<Known>,
    /// Members to put in the place of those with their names, or at the end.
    #[serde(default)]
    pub fields: Fields,
}

impl RequestSchemas {
    /// Returns these rules with a later layer over them: its shared shapes and changes win.
    #[must_use]
    pub fn with(mut self, layer: &Layer) -> Self {
        layer.lay_over(&mut self);
        self.layers.push(layer.stamp());
        self
    }
}

impl Layer {
    /// Reads a layer.
    ///
    /// # Errors
    /// Where it is not of the right form.
    pub fn read(json: &str) -> Result<Self, RequestRulesError> {
        serde_json::from_str(json).map_err(RequestRulesError::Form)
    }

    /// Returns where and when it was read.
    #[must_use]
    pub fn stamp(&self) -> SourceVersion {
        SourceVersion { source: self.source.clone(), date: self.date.clone() }
    }

    /// Makes its changes.
    pub(super) fn lay_over(&self, requests: &mut RequestSchemas) {
        requests.shared.extend(self.shared.clone());
        for change in &self.changes {
            for endpoint in &change.at {
                change.make(requests, endpoint);
            }
        }
    }
}

impl Change {
    fn make(&self, requests: &mut RequestSchemas, endpoint: &str) {
        if self.models.is_empty() {
            let mut body = requests.variants(endpoint).first().map_or_else(empty, |&object| object.clone());
            self.apply(&mut body);
            requests.endpoints.insert(endpoint.to_owned(), Schema::Object(body));
            return;
        }
        for model in &self.models {
            let variants = self.with_variant(requests, endpoint, &Value::from(model.as_str()));
            let options = variants.into_iter().map(Schema::Object).collect();
            requests.endpoints.insert(endpoint.to_owned(), Schema::Choice(Choice { by: "model".to_owned(), options }));
        }
    }

    /// Returns the variants of an endpoint, that of `model` changed or made.
    fn with_variant(&self, requests: &RequestSchemas, endpoint: &str, model: &Value) -> Vec<Object> {
        let known = requests.variants(endpoint);
        let of = |model: &Value| known.iter().position(|variant| requests.literals(variant, "model").contains(model));
        let mut variants: Vec<Object> = known.iter().map(|&variant| variant.clone()).collect();
        if let Some(variant) = of(model).and_then(|index| variants.get_mut(index)) {
            self.apply(variant);
            return variants;
        }
        let like = self.like.as_deref().and_then(|like| of(&Value::from(like)));
        let mut variant = like.and_then(|index| variants.get(index).cloned()).unwrap_or_else(empty);
        self.apply(&mut variant);
        // A layer says where `model` stands among the members by naming it; what it holds follows from the variant.
        let schema = Schema::OneOf(vec![model.clone()]);
        variant.fields.set(Field { name: "model".to_owned(), required: true, schema });
        variants.push(variant);
        variants
    }

    fn apply(&self, object: &mut Object) {
        for field in self.fields.iter() {
            object.fields.set(field.clone());
        }
        object.strict = self.strict.unwrap_or(object.strict);
        object.known = self.known.unwrap_or(object.known);
    }
}

fn empty() -> Object {
    Object { fields: Fields::default(), strict: false, known: Known::default() }
}
