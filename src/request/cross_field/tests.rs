//! One body that keeps each rule and one that breaks it.

use serde_json::json;

use super::*;
use crate::request::embedded::EMBEDDED;

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn each_rule_is_broken_by_its_own_fields_only() {
    let case = |endpoint: &str, body: Value, fields: &[&str]| {
        let found = conflicts(endpoint, &body);
        let found: Vec<String> = found.iter().map(|conflict| conflict.path.to_string()).collect();
        assert_eq!(found, fields, "{endpoint} {body}");
    };
    let first = json!({"uri": "u", "position": "first"});
    let last = json!({"uri": "u", "position": "last"});
    let plain = json!({"uri": "u"});

    case("image_to_video", json!({"model": "veo3.1", "promptImage": [first, last]}), &[]);
    case("image_to_video", json!({"model": "veo3.1", "promptImage": [last]}), &["promptImage"]);
    case("image_to_video", json!({"model": "veo3.1", "promptImage": [first, first]}), &["promptImage[1].position"]);
    case("image_to_video", json!({"model": "veo3.1", "promptImage": "u"}), &[]);
    case("image_to_video", json!({"model": "seedance2", "promptImage": [plain, plain]}), &[]);
    case("image_to_video", json!({"model": "seedance2", "promptImage": [last]}), &[]);
    case("image_to_video", json!({"model": "seedance2", "promptImage": [first, plain]}), &["promptImage"]);
    case("image_to_video", json!({"model": "wan3", "promptImage": [first], "ratio": "auto_720p"}), &[]);
    case("image_to_video", json!({"model": "wan3", "promptImage": [first], "ratio": "1280:720"}), &["ratio"]);
    case("image_to_video", json!({"model": "wan3", "promptImage": [plain], "ratio": "1280:720"}), &[]);

    let role = |role: &str| json!({"uri": "u", "role": role});
    case(
        "generate/video",
        json!({"input": {"referenceImages": [role("first"), role("reference"), role("reference")]}}),
        &[],
    );
    case(
        "generate/video",
        json!({"input": {"referenceImages": [role("last"), role("last")], "referenceVideos": [role("source"), role("source")]}}),
        &["input.referenceImages[1].role", "input.referenceVideos[1].role"],
    );

    let tagged = |tag: &str| json!({"uri": "u", "tag": tag});
    case(
        "text_to_image",
        json!({"model": "gpt_image_2", "referenceImages": [tagged("abc"), tagged("abd"), plain]}),
        &[],
    );
    case(
        "text_to_image",
        json!({"model": "gpt_image_2", "referenceImages": [tagged("abc"), plain, tagged("abc")]}),
        &["referenceImages[2].tag"],
    );
    let people = vec![json!({"uri": "u", "subject": "human"}); 6];
    case("text_to_image", json!({"model": "gemini_image3_pro", "referenceImages": people}), &["referenceImages"]);
    case("text_to_image", json!({"model": "gemini_image3_pro", "referenceImages": vec![plain.clone(); 9]}), &[]);
    case(
        "text_to_image",
        json!({"model": "gemini_image3_pro", "referenceImages": vec![plain.clone(); 10]}),
        &["referenceImages"],
    );
    case("text_to_image", json!({"model": "seedream5_lite", "ratio": "2048:2048"}), &[]);
    case("text_to_image", json!({"model": "seedream5_lite", "ratio": "1024:1024"}), &["ratio"]);
    case("text_to_image", json!({"model": "seedream5_lite", "ratio": "wide"}), &["ratio"]);
    case("text_to_image", json!({"model": "grok_imagine_image_2", "edit": true}), &["edit"]);
    case("text_to_image", json!({"model": "grok_imagine_image_2", "edit": true, "referenceImages": [plain]}), &[]);

    let range = json!({"uri": "u", "seconds": 1, "range": {"start_seconds": 0, "end_seconds": 2}});
    case("video_to_video", json!({"model": "aleph2", "keyframes": [range, range]}), &[]);
    case("video_to_video", json!({"model": "aleph2", "keyframes": [range, plain]}), &["keyframes"]);
    case("video_to_video", json!({"model": "seedance2_5", "mode": "extend", "promptText": "x"}), &[]);
    case("video_to_video", json!({"model": "seedance2_5", "mode": "extend", "ratio": "x"}), &["promptText", "ratio"]);
    case("video_to_video", json!({"model": "seedance2_5", "mode": "edit", "promptText": "x", "duration": "auto"}), &[]);
    case(
        "video_to_video",
        json!({"model": "seedance2_5", "mode": "edit", "promptText": "x", "duration": 5}),
        &["duration"],
    );
    case("video_to_video", json!({"model": "seedance2_5", "mode": "reference", "ratio": "x"}), &[]);

    case("text_to_video", json!({"model": "hailuo3", "ratio": "adaptive"}), &["ratio"]);
    case("text_to_video", json!({"model": "hailuo3", "ratio": "adaptive", "references": [plain]}), &[]);
    case("text_to_video", json!({"model": "grok_imagine_1_5", "referenceAudio": [plain]}), &["referenceAudio"]);
    case(
        "text_to_video",
        json!({"model": "grok_imagine_1_5", "references": [plain], "resolution": "1080p"}),
        &["resolution"],
    );
    case("text_to_video", json!({"model": "gen4.5", "outputFormat": "prores", "proresProfile": "4444 XQ"}), &[]);
    case(
        "text_to_video",
        json!({"model": "gen4.5", "outputFormat": "hdr_prores", "proresProfile": "4444 XQ"}),
        &["proresProfile"],
    );
    case("video_to_hdr", json!({"model": "ruby", "proresProfile": "422"}), &["proresProfile"]);

    let shots = json!([{"duration": 3}, {"duration": 3}, {"duration": 4}]);
    case("recipes/multi_shot_video", json!({"mode": "custom", "shots": shots, "duration": 10}), &[]);
    case("recipes/multi_shot_video", json!({"mode": "custom", "shots": shots, "duration": 15}), &["shots"]);
    case("recipes/multi_shot_video", json!({"mode": "custom", "shots": shots}), &[]);

    let prompts =
        |seconds: u32| json!({"multiPrompt": [{"duration": seconds, "prompt": "x"}, {"duration": 1, "prompt": "y"}]});
    case("text_to_video", json!({"model": "kling3.0_pro", "providerSettings": prompts(14)}), &[]);
    case(
        "text_to_video",
        json!({"model": "kling3.0_pro", "providerSettings": prompts(15)}),
        &["providerSettings.multiPrompt"],
    );
    case("text_to_video", json!({"model": "seedance2_5", "draftTaskId": "x"}), &[]);
    case("text_to_video", json!({"model": "seedance2_5", "draftTaskId": "x", "promptText": "y"}), &["draftTaskId"]);
    case("text_to_video", json!({"model": "seedance2_5", "draft": true, "outputFormat": "mov"}), &["outputFormat"]);

    // Values of the wrong type are the schema's matter.
    for field in
        ["promptImage", "keyframes", "references", "shots", "ratio", "duration", "mode", "edit", "providerSettings"]
    {
        for endpoint in EMBEDDED.endpoints.keys() {
            for model in EMBEDDED.models(endpoint) {
                case(endpoint, json!({"model": model, field: [null, 1, "x", {}, []]}), &[]);
            }
        }
    }
    for body in [json!(null), json!([]), json!("x"), json!({})] {
        case("image_to_video", body, &[]);
    }
}
