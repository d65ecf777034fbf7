//! Changes to the request rules that were published after the base document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema::{ChoiceSchema, Coverage, ObjectField, ObjectFields, ObjectSchema, Schema};
use super::schemas::{RequestRulesError, RequestSchemas, SourceVersion};

/// The changes of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// Where they were read.
    pub source: String,
    /// The day they were published.
    pub date: String,
    /// Schemas that replace those of the same name, or are new.
    #[serde(default)]
    pub shared: BTreeMap<String, Schema>,
    /// The changes, in order.
    pub changes: Vec<OverlayChange>,
}

/// One change to one or more variants of one or more endpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlayChange {
    /// The endpoints; a new one is added.
    pub at: Vec<String>,
    /// The models; a new variant is added. Empty where bodies of the endpoint name no model.
    #[serde(default)]
    pub models: Vec<String>,
    /// The model whose variant a new variant copies; without it, a new variant is empty.
    #[serde(default)]
    pub like: Option<String>,
    /// Whether unknown members are rejected; unchanged if omitted.
    #[serde(default)]
    pub strict: Option<bool>,
    /// How much is published about the variants; unchanged if omitted.
    #[serde(default)]
    pub known: Option<Coverage>,
    /// Members that replace those of the same name, or are added at the end.
    #[serde(default)]
    pub fields: ObjectFields,
}

impl RequestSchemas {
    /// Returns these rules with a later overlay applied: its schemas and changes win.
    #[must_use]
    pub fn with(mut self, overlay: &Overlay) -> Self {
        overlay.apply(&mut self);
        self.layers.push(overlay.version());
        self
    }
}

impl Overlay {
    /// Reads an overlay.
    ///
    /// # Errors
    /// If the JSON does not have the form of an overlay.
    pub fn read(json: &str) -> Result<Self, RequestRulesError> {
        serde_json::from_str(json).map_err(RequestRulesError::Form)
    }

    /// Returns its source and date.
    #[must_use]
    pub fn version(&self) -> SourceVersion {
        SourceVersion { source: self.source.clone(), date: self.date.clone() }
    }

    /// Applies its changes.
    pub(super) fn apply(&self, requests: &mut RequestSchemas) {
        requests.shared.extend(self.shared.clone());
        for change in &self.changes {
            for endpoint in &change.at {
                change.apply(requests, endpoint);
            }
        }
    }
}

impl OverlayChange {
    fn apply(&self, requests: &mut RequestSchemas, endpoint: &str) {
        if self.models.is_empty() {
            let mut body = requests.variants(endpoint).first().map_or_else(empty, |&object| object.clone());
            self.apply_to(&mut body);
            requests.endpoints.insert(endpoint.to_owned(), Schema::Object(body));
            return;
        }
        for model in &self.models {
            let variants = self.with_variant(requests, endpoint, &Value::from(model.as_str()));
            let options = variants.into_iter().map(Schema::Object).collect();
            requests
                .endpoints
                .insert(endpoint.to_owned(), Schema::Choice(ChoiceSchema { by: "model".to_owned(), options }));
        }
    }

    /// Returns the variants of an endpoint, with that of `model` changed or added.
    fn with_variant(&self, requests: &RequestSchemas, endpoint: &str, model: &Value) -> Vec<ObjectSchema> {
        let known = requests.variants(endpoint);
        let of = |model: &Value| known.iter().position(|variant| requests.literals(variant, "model").contains(model));
        let mut variants: Vec<ObjectSchema> = known.iter().map(|&variant| variant.clone()).collect();
        if let Some(variant) = of(model).and_then(|index| variants.get_mut(index)) {
            self.apply_to(variant);
            return variants;
        }
        let like = self.like.as_deref().and_then(|like| of(&Value::from(like)));
        let mut variant = like.and_then(|index| variants.get(index).cloned()).unwrap_or_else(empty);
        self.apply_to(&mut variant);
        // An overlay names `model` only to set its position among the members; its value follows from the variant.
        let schema = Schema::OneOf(vec![model.clone()]);
        variant.fields.set(ObjectField { name: "model".to_owned(), required: true, schema });
        variants.push(variant);
        variants
    }

    fn apply_to(&self, object: &mut ObjectSchema) {
        for field in self.fields.iter() {
            object.fields.set(field.clone());
        }
        object.strict = self.strict.unwrap_or(object.strict);
        object.known = self.known.unwrap_or(object.known);
    }
}

fn empty() -> ObjectSchema {
    ObjectSchema { fields: ObjectFields::default(), strict: false, known: Coverage::default() }
}
