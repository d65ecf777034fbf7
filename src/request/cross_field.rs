//! Rules between the fields of a body: counts, positions, tags, modes, sums. Only those in `media` need the media.
//!
//! Most are published as prose, so the API's sentence is not known: the messages are ours, the findings have the
//! confidence `inferred`, and the predicted 400 body leaves them out. The few sentences that were seen in live responses
//! are predicted.

mod edits;
mod images;
mod kling;
pub(crate) mod media;
mod modes;
mod uploads;

use serde_json::Value;

use super::issue::SchemaIssue;
use super::path::Path;
use crate::finding::{Confidence, Severity};

/// A broken rule between fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field to change.
    pub path: Path,
    /// What is wrong; it holds keys and numbers of the body, never its text.
    pub message: String,
    /// Who wrote the message.
    pub wording: Wording,
}

/// Who wrote a message, and how certain or severe it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// The API: the message is predicted.
    Api(Confidence),
    /// This program, because the API's sentence is not published.
    Ours(Severity),
}

/// Returns the broken rules between fields of a body to `endpoint`. Values of the wrong type are skipped, because the
/// schema rejects them.
#[must_use]
pub fn conflicts(endpoint: &str, body: &Value) -> Vec<Conflict> {
    let model = body.get("model").and_then(Value::as_str).unwrap_or_default();
    let input = CrossFieldInput { endpoint, model, body };
    RULES.iter().flat_map(|rule| rule(&input)).collect()
}

/// Every rule, in the order of reporting. Sources: the descriptions in the `OpenAPI` document of 2026-08-08, in
/// `@runwayml/sdk` 4.20.1 and in `runwayml` 5.24.0, unless a rule names another.
const RULES: [fn(&CrossFieldInput<'_>) -> Vec<Conflict>; 31] = [
    images::each_position_once,
    images::last_needs_first,
    images::keyframes_and_references_apart,
    images::keyframes_take_automatic_ratio,
    images::one_image_a_tag,
    images::few_of_each_subject,
    images::all_keyframes_have_ranges_or_none,
    images::keyframes_stand_in_their_range,
    images::keyframes_need_a_source,
    kling::few_images_of_kling_4,
    kling::frames_of_kling_4_begin_with_the_first,
    kling::intelligence_needs_prompt,
    kling::turbo_takes_no_ratio,
    kling::cfg_scale_is_a_share,
    edits::edits_of_ideogram_need_an_image,
    edits::edits_of_ideogram_keep_the_size,
    edits::sizes_of_ideogram_depend_on_references,
    edits::ideogram_4_0_remixes_one_image,
    edits::bria_edits_images,
    edits::colors_are_six_hex_digits,
    modes::edits_keep_the_shape,
    modes::extend_and_edit,
    modes::edit_needs_reference,
    modes::adaptive_needs_reference,
    modes::references_of_grok,
    modes::profile_needs_prores,
    modes::shots_fill_the_video,
    modes::prompts_fill_the_video,
    modes::draft_stands_alone,
    modes::free_ratio_has_enough_pixels,
    uploads::names_have_a_media_type,
];

/// A body, its endpoint and its model.
struct CrossFieldInput<'a> {
    endpoint: &'a str,
    model: &'a str,
    body: &'a Value,
}

impl<'a> CrossFieldInput<'a> {
    fn is(&self, endpoint: &str, models: &[&str]) -> bool {
        self.endpoint == endpoint && models.contains(&self.model)
    }

    /// Returns a list of the body; empty where the member is not a list.
    fn list(&self, name: &str) -> &'a [Value] {
        self.body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// Returns a member of `providerSettings`.
    fn setting(&self, name: &str) -> Option<&'a Value> {
        self.body.get("providerSettings")?.get(name)
    }

    fn has(&self, name: &str) -> bool {
        self.body.get(name).is_some()
    }
}

impl Conflict {
    /// Makes an error with a message of ours.
    pub(super) fn ours(path: Path, message: impl Into<String>) -> Self {
        Self { path, message: message.into(), wording: Wording::Ours(Severity::Error) }
    }

    /// Returns whether the message is the API's.
    pub(super) fn is_api_message(&self) -> bool {
        matches!(self.wording, Wording::Api(_))
    }

    /// Converts it to an issue.
    pub(super) fn into_issue(self) -> SchemaIssue {
        let confidence = if let Wording::Api(confidence) = self.wording { confidence } else { Confidence::Inferred };
        SchemaIssue::custom(self.path, self.message, confidence)
    }

    /// Marks the message as the API's.
    fn into_api_message(self, confidence: Confidence) -> Self {
        Self { wording: Wording::Api(confidence), ..self }
    }

    /// Makes it a warning, because its source does not say that the API rejects the body.
    fn into_warning(self) -> Self {
        Self { wording: Wording::Ours(Severity::Warning), ..self }
    }
}

fn conflict(path: Path, message: impl Into<String>) -> Conflict {
    Conflict::ours(path, message)
}

fn conflict_if(broken: bool, field: &str, message: &str) -> Vec<Conflict> {
    if broken { vec![conflict(Path::root().key(field), message)] } else { Vec::new() }
}

#[cfg(test)]
mod tests;
