//! Which endpoint a body is for.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::schema::Object;
use super::schemas::RequestSchemas;

/// Returns the endpoints whose bodies `body` could be: one is the answer, several are a question to the user.
///
/// An endpoint that knows the model comes before one that does not; then one whose required members are all there; then
/// one that knows all members. Endpoints that are alike in this are all returned, in alphabetical order. A body with
/// nothing that any endpoint knows gives none.
#[must_use]
pub fn endpoints_matching<'a>(rules: &'a RequestSchemas, body: &Value) -> Vec<&'a str> {
    let Some(members) = body.as_object() else { return Vec::new() };
    let scored = rules.endpoints.keys().filter_map(|endpoint| {
        let is_post = !endpoint.contains(':');
        let best = rules
            .variants(endpoint)
            .into_iter()
            .filter_map(|variant| Likeness::of(rules, variant, members, is_post))
            .max();
        best.map(|likeness| (likeness, endpoint.as_str()))
    });
    let scored: Vec<(Likeness, &str)> = scored.collect();
    let best = scored.iter().map(|(likeness, _)| *likeness).max();
    scored.into_iter().filter(|(likeness, _)| Some(*likeness) == best).map(|(_, endpoint)| endpoint).collect()
}

/// How much a body is like a variant; compared from the first member to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::struct_excessive_bools, reason = "compared one after the other; none is a switch")]
struct Likeness {
    names_its_model: bool,
    has_all_required: bool,
    knows_all_members: bool,
    /// Members in common.
    common: usize,
    /// How few of its required members are missing.
    missing: Reverse<usize>,
    /// Sent by POST, as nearly all are.
    is_post: bool,
}

impl Likeness {
    /// Returns `None` where they have nothing in common; a model that is not its own is nothing in common.
    fn of(rules: &RequestSchemas, variant: &Object, members: &Map<String, Value>, is_post: bool) -> Option<Self> {
        let model = members.get("model");
        let names_its_model = model.is_some_and(|model| rules.literals(variant, "model").contains(model));
        let known = |key: &&String| variant.fields.get(key).is_some() && (names_its_model || *key != "model");
        let common = members.keys().filter(known).count();
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
    fn the_model_and_the_members_tell_the_endpoint() {
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
        // A misspelt member does not hide the endpoint.
        case(json!({"model": "gen4_turbo", "promptImgae": "u", "ratio": "1280:720"}), &["image_to_video"]);
        // Neither does a model that no endpoint knows.
        case(json!({"model": "no-such-model", "promptImage": "u", "promptText": "x"}), &["image_to_video"]);
        case(json!({"model": "no-such-model", "targetLang": "de"}), &["voice_dubbing"]);
        // Nothing to go by.
        case(json!({"model": "no-such-model"}), &[]);
        case(json!({}), &[]);
        case(json!([]), &[]);
        case(Value::Null, &[]);
    }
}
