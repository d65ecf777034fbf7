//! The embedded rules after the overlays are applied.

use serde_json::json;

use super::*;
use crate::media::Kind;
use crate::request::embedded::{EMBEDDED, OVERLAYS};
use crate::request::overlay::Overlay;

#[test]
fn the_embedded_rules_are_sound() {
    let base = RequestSchemas::read(include_str!("../../rules/requests.json")).expect("the base can be read");
    let layers = OVERLAYS.map(|overlay| Overlay::read(overlay).expect("the overlay can be read"));
    let merged = layers.iter().fold(base.clone(), |rules, overlay| {
        let rules = rules.with(overlay);
        rules.check().expect("names and patterns of the overlay are sound");
        rules
    });
    let dates = [base.date.as_str()].into_iter().chain(layers.iter().map(|overlay| overlay.date.as_str()));
    assert!(dates.is_sorted(), "each overlay is newer than the rules that it changes");
    assert_eq!(merged, *EMBEDDED);
    assert_eq!((base.newest(), EMBEDDED.newest()), ("2026-08-08", "2026-10-23"));
    assert_eq!(RequestSchemas::read(&merged.write()).expect("what is written can be read"), merged);
}

#[test]
fn overlays_add_models_and_endpoints() {
    let knows = |endpoint: &str, model: &str| {
        assert!(EMBEDDED.models(endpoint).contains(&model), "{endpoint} {model}");
    };
    for endpoint in ["image_to_video", "text_to_video"] {
        for model in ["gen4.5", "wan3", "wan3_prime", "h3_max", "grok_imagine_1_5", "gemini_omni_flash_1.1"] {
            knows(endpoint, model);
        }
    }
    knows("video_to_hdr", "ruby");
    knows("video_upscale", "enhance_frame_rate");
    knows("text_to_image", "gpt_image_2_5_sunburst");
    for model in ["kling_4", "kling3.0_pro", "klingO3_4k", "kling2.5_turbo_pro", "grok_imagine_1_5_lite"] {
        knows("image_to_video", model);
    }
    knows("video_to_audio", "mirelo_sfx_2_0");
    knows("text_to_speech", "eleven_v4");
    assert_eq!(EMBEDDED.models("image_to_video").len(), 27);
    assert_eq!(EMBEDDED.models("voices"), [""; 0]);
}

#[test]
fn every_data_uri_is_limited_to_five_mebibytes() {
    fn assets<'a>(schema: &'a Schema, found: &mut Vec<&'a crate::request::schema::AssetSchema>) {
        if let Schema::Asset(asset) = schema {
            found.push(asset);
        }
        schema.children().into_iter().for_each(|child| assets(child, found));
    }
    let mut found = Vec::new();
    EMBEDDED.shared.values().chain(EMBEDDED.endpoints.values()).for_each(|schema| assets(schema, &mut found));
    assert!(Kind::ALL.iter().all(|kind| found.iter().any(|asset| asset.kind == *kind)));
    for asset in found {
        assert_eq!((asset.https, asset.runway, asset.data), ((13, 2048), (13, 5000), (13, 5_242_880)), "{asset:?}");
    }
}

#[test]
fn an_overlay_keeps_the_order_of_members_and_appends_new_ones() {
    let variants = EMBEDDED.variants("text_to_video");
    let veo = variants.iter().find(|variant| EMBEDDED.literals(variant, "model") == [json!("veo3.1")]).expect("known");
    let names: Vec<&str> = veo.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["promptText", "ratio", "audio", "negativePrompt", "duration", "model", "seed"]);
    assert!(veo.strict);
}

#[test]
fn undefined_and_circular_references_are_rejected() {
    let rules = |shared: &str| {
        RequestSchemas::read(&format!(
            r#"{{"source":"","date":"","shared":{shared},"endpoints":{{"x":{{"use":"a"}}}}}}"#
        ))
    };
    assert!(rules(r#"{"a":"bool"}"#).is_ok());
    assert!(matches!(rules("{}"), Err(RequestRulesError::Name(name)) if name == "a"));
    assert!(matches!(rules(r#"{"a":{"use":"b"},"b":{"use":"a"}}"#), Err(RequestRulesError::Name(_))));
    assert!(matches!(rules(r#"{"a":{"array":{"of":{"use":"a"}}}}"#), Err(RequestRulesError::Name(_))));
    assert!(matches!(rules(r#"{"a":{"text":{"pattern":"(?<=x)"}}}"#), Err(RequestRulesError::Pattern(_))));
    let chain = |length: u32, link: &dyn Fn(u32) -> String| {
        let links: Vec<String> = (1..length).map(|number| format!(r#","s{number}":{}"#, link(number - 1))).collect();
        rules(&format!(r#"{{"a":"any","s0":"any"{}}}"#, links.concat()))
    };
    let doubled = |below: u32| format!(r#"{{"union":[{{"use":"s{below}"}},{{"use":"s{below}"}}]}}"#);
    assert!(chain(10, &doubled).is_ok());
    assert!(matches!(chain(40, &doubled), Err(RequestRulesError::TooLarge)), "a trillion schemas in 40 lines");
    let single = |below: u32| format!(r#"{{"nullable":{{"use":"s{below}"}}}}"#);
    assert!(matches!(chain(100_000, &single), Err(RequestRulesError::Name(_))), "nested deeper than any stack");
    assert!(matches!(rules(r#"{"a":{"text":{"maximum":3}}}"#), Err(RequestRulesError::Form(_))));
}
