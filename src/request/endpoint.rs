//! Detects the endpoint of a body.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::schema::ObjectSchema;
use super::schemas::RequestSchemas;

/// Returns the endpoints that match a body best, in alphabetical order. If there are several, the user has to choose.
///
/// An endpoint that knows the model matches best; then one whose required members are all present; then one that knows
/// all members. A body without any known member matches none.
#[must_use]
pub fn endpoints_matching<'a>(rules: &'a RequestSchemas, body: &Value) -> Vec<&'a str> {
    let Some(members) = body.as_object() else { return Vec::new() };
    let scored = rules.endpoints.keys().filter_map(|endpoint| {
        let is_post = !endpoint.contains(':');
        let best = rules
            .variants(endpoint)
            .into_iter()
            .filter_map(|variant| MatchScore::of(rules, variant, members, is_post))
            .max();
        best.map(|score| (score, endpoint.as_str()))
    });
    let scored: Vec<(MatchScore, &str)> = scored.collect();
    let best = scored.iter().map(|(score, _)| *score).max();
    scored.into_iter().filter(|(score, _)| Some(*score) == best).map(|(_, endpoint)| endpoint).collect()
}

/// How well a body matches a variant; compared from the first member to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::struct_excessive_bools, reason = "compared one after the other; none is an option")]
struct MatchScore {
    names_its_model: bool,
    has_all_required: bool,
    knows_all_members: bool,
    /// The number of members in common.
    common: usize,
    /// The number of missing required members; fewer are better.
    missing: Reverse<usize>,
    /// Whether it is sent by POST, as nearly all are.
    is_post: bool,
}

impl MatchScore {
    /// Returns `None` if they have nothing in common; the model counts only if the variant names it.
    fn of(rules: &RequestSchemas, variant: &ObjectSchema, members: &Map<String, Value>, is_post: bool) -> Option<Self> {
        let model = members.get("model");
        let names_its_model = model.is_some_and(|model| rules.literals(variant, "model").contains(model));
        let is_common = |name: &str| members.contains_key(name) && (names_its_model || name != "model");
        let common = variant.fields.iter().filter(|field| is_common(&field.name)).count();
        let missing =
            variant.fields.iter().filter(|field| field.required && !members.contains_key(&field.name)).count();
        (common > 0).then_some(Self {
            names_its_model,
            has_all_required: missing == 0,
            knows_all_members: common == members.len(),
            common,
            missing: Reverse(missing),
            is_post,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::request::embedded::EMBEDDED;

    #[test]
    fn the_model_and_the_members_identify_the_endpoint() {
        let case = |body: Value, expected: &[&str]| {
            assert_eq!(endpoints_matching(&EMBEDDED, &body), expected, "{body}");
        };
        case(
            json!({"model": "gen4_turbo", "promptImage": "https://x.example/a.png", "ratio": "1280:720"}),
            &["image_to_video"],
        );
        case(json!({"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 5}), &["text_to_video"]);
        case(
            json!({"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 5, "promptImage": "u"}),
            &["image_to_video"],
        );
        case(json!({"model": "seedance2", "promptVideo": "u"}), &["video_to_video"]);
        case(json!({"model": "seed_audio", "promptText": "x"}), &["sound_effect", "text_to_speech"]);
        case(json!({"model": "seed_audio", "promptText": "x", "referenceAudios": []}), &["sound_effect"]);
        case(json!({"model": "ruby", "videoUri": "u"}), &["video_to_hdr"]);
        case(json!({"model": "gwm1_avatars", "avatar": {}, "speech": {}}), &["avatar_videos"]);
        case(json!({"model": "gwm1_avatars", "avatar": {}}), &["realtime_sessions"]);
        case(json!({"nodeOutputs": {}}), &["workflows"]);
        case(json!({"version": "2026-06", "productImages": [], "styleImages": []}), &["recipes/product_ad"]);
        case(json!({"version": "2026-06", "mode": "auto", "prompt": "x"}), &["recipes/multi_shot_video"]);
        case(json!({"name": "x", "content": "y"}), &["documents"]);
        case(json!({"slug": "x"}), &["routers"]);
        // A misspelled member does not hide the endpoint.
        case(json!({"model": "gen4_turbo", "promptImgae": "u", "ratio": "1280:720"}), &["image_to_video"]);
        // Neither does a model that no endpoint knows.
        case(json!({"model": "no-such-model", "promptImage": "u", "promptText": "x"}), &["image_to_video"]);
        case(json!({"model": "no-such-model", "targetLang": "de"}), &["voice_dubbing"]);
        // Nothing is known.
        case(json!({"model": "no-such-model"}), &[]);
        case(json!({}), &[]);
        case(json!([]), &[]);
        case(Value::Null, &[]);
    }
}
