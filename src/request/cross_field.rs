//! Rules between the fields of a body. Those here need no media: counts, positions, tags, modes, sums.
//!
//! They are published as prose, so what the API answers is not known word for word: the sentences are ours, and each
//! finding of this kind has the confidence `inferred`. None is part of the predicted 400 body.

mod images;
pub(crate) mod media;
mod modes;

use serde_json::Value;

use super::path::Path;

/// A rule between fields that a body breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field that would have to change.
    pub path: Path,
    /// What is wrong, in our words; keys and numbers of the body at most, never its text.
    pub message: String,
}

/// Returns the rules between fields that a body to `endpoint` breaks. Values of the wrong type are passed over: the
/// schema has said so already.
#[must_use]
pub fn conflicts(endpoint: &str, body: &Value) -> Vec<Conflict> {
    let model = body.get("model").and_then(Value::as_str).unwrap_or_default();
    let subject = CrossFieldInput { endpoint, model, body };
    RULES.iter().flat_map(|rule| rule(&subject)).collect()
}

/// Every rule, in the order of reporting. Sources: the descriptions of the `OpenAPI` document of 2026-08-08 and of
/// `@runwayml/sdk` 4.20.1 and `runwayml` 5.24.0.
const RULES: [fn(&CrossFieldInput<'_>) -> Vec<Conflict>; 16] = [
    images::each_position_once,
    images::last_needs_first,
    images::keyframes_and_references_apart,
    images::keyframes_take_automatic_ratio,
    images::one_image_a_tag,
    images::few_of_each_subject,
    images::all_keyframes_have_ranges_or_none,
    modes::extend_and_edit,
    modes::edit_needs_reference,
    modes::adaptive_needs_reference,
    modes::references_of_grok,
    modes::profile_needs_prores,
    modes::shots_fill_the_video,
    modes::prompts_fill_the_video,
    modes::draft_stands_alone,
    modes::free_ratio_has_enough_pixels,
];

/// A body and what it is for.
struct CrossFieldInput<'a> {
    endpoint: &'a str,
    model: &'a str,
    body: &'a Value,
}

impl<'a> CrossFieldInput<'a> {
    fn is(&self, endpoint: &str, models: &[&str]) -> bool {
        self.endpoint == endpoint && models.contains(&self.model)
    }

    /// Returns a list of the body; empty where it is none.
    fn list(&self, name: &str) -> &'a [Value] {
        self.body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.body.get(name).and_then(Value::as_str)
    }

    fn has(&self, name: &str) -> bool {
        self.body.get(name).is_some()
    }
}

fn conflict(path: Path, message: impl Into<String>) -> Conflict {
    Conflict { path, message: message.into() }
}

fn conflict_if(broken: bool, field: &str, message: &str) -> Vec<Conflict> {
    if broken { vec![conflict(Path::root().key(field), message)] } else { Vec::new() }
}

#[cfg(test)]
mod tests;
