//! The newest rules and live responses: one body for each, with the predicted response.

use serde_json::{Value, json};

use super::{offline, predicted};
use crate::program::program;

const IMAGE: &str = "https://assets.example.com/a.png";
const VIDEO: &str = "https://assets.example.com/a.mp4";
const SOUND: &str = "https://assets.example.com/a.mp3";

fn images(count: usize) -> Value {
    vec![json!({"uri": IMAGE}); count].into()
}

fn at(position: &str) -> Value {
    json!({"uri": IMAGE, "position": position})
}

/// Returns the response with one issue.
fn answer(issue: &str) -> String {
    let doc = "https://docs.dev.runwayml.com/api";
    format!("{{\"error\":\"Validation of body failed\",\"issues\":[{issue}],\"docUrl\":\"{doc}\"}}\n")
}

#[test]
fn sentences_seen_live_are_predicted() {
    let case = |endpoint: &str, body: Value, issue: &str| {
        let flags = ["--endpoint", endpoint, "-f", "api"];
        offline(body.to_string(), &flags).exit_code(1).stdout_is(&answer(issue));
    };
    let edit = |more: (&str, Value)| {
        let mut body = json!({"model": "gemini_omni_flash_1.1", "videoUri": VIDEO, "promptText": "x", "mode": "edit"});
        body[more.0] = more.1;
        body
    };
    case(
        "video_to_video",
        edit(("ratio", "720:1280".into())),
        r#"{"code":"custom","message":"`ratio` may only be provided in reference mode. In edit mode, output orientation follows the input video and resolution is 720p.","path":["ratio"]}"#,
    );
    case(
        "video_to_video",
        edit(("contentModeration", json!({"publicFigureThreshold": "auto"}))),
        r#"{"code":"unrecognized_keys","keys":["contentModeration"],"path":[],"message":"Unrecognized key: \"contentModeration\""}"#,
    );
    for model in ["seedance2", "seedance2_5", "hailuo3"] {
        let frames = |frames: Value| json!({"model": model, "promptText": "x", "promptImage": frames});
        case(
            "image_to_video",
            frames(json!([at("last")])),
            r#"{"code":"custom","message":"You must specify a frame in position `first`.","path":["promptImage"]}"#,
        );
        case(
            "image_to_video",
            frames(json!([at("first"), at("first")])),
            r#"{"code":"custom","message":"Duplicate position values are not allowed. Each position (`first`, `last`) may only be used once.","path":["promptImage"]}"#,
        );
        offline(frames(json!([at("first"), at("last")])).to_string(), &["--endpoint", "image_to_video"]).exit_code(0);
    }
}

#[test]
fn a_sentence_seen_live_is_an_issue_with_its_confidence() {
    let issue = |model: &str| {
        let body = json!({"model": model, "promptText": "x", "promptImage": [at("last")]});
        let document = offline(body.to_string(), &["--endpoint", "image_to_video", "-f", "json"]).exit_code(1).json();
        document["requests"][0]["issues"][0].clone()
    };
    let seen = issue("seedance2_5");
    assert_eq!((&seen["code"], &seen["field"]), (&"custom".into(), &"promptImage".into()));
    assert_eq!(seen["confidence"], "observed");
    assert_eq!(issue("seedance2_mini")["confidence"], "inferred");
    // Rules between fields are not checked after a fatal issue.
    let body = json!({"model": "seedance2_5", "ratio": "1:1", "promptImage": [at("last")]});
    let outcome = offline(body.to_string(), &["--endpoint", "image_to_video", "-f", "json"]).exit_code(1);
    assert_eq!(predicted(&outcome)["body"]["issues"].as_array().map(Vec::len), Some(1));
    offline(body.to_string(), &["--endpoint", "image_to_video"])
        .exit_code(1)
        .stdout_contains("You must specify a frame in position");
}

#[test]
fn schemas_of_newer_models_reject() {
    let case = |endpoint: &str, body: Value, issue: &str| {
        let flags = ["--endpoint", endpoint, "-f", "reasons"];
        offline(body.to_string(), &flags).exit_code(1).stdout_is(&format!("{issue}\n"));
    };
    let caps = json!({"maxCreditsPerGeneration": null});
    case(
        "routers",
        json!({"slug": "my-r", "settings": caps}),
        "settings.maxCreditsPerGeneration: Invalid input: expected object, received null",
    );
    offline(json!({"settings": caps}).to_string(), &["--endpoint", "routers:patch"]).exit_code(0);

    let videos = |count: usize| Value::from(vec![json!({"uri": VIDEO}); count]);
    for (endpoint, required) in [("image_to_video", "promptImage"), ("text_to_video", "promptText")] {
        let body = |count: usize| json!({"model": "kling_4", required: IMAGE, "referenceVideos": videos(count)});
        case(endpoint, body(6), "referenceVideos: Too big: expected array to have <=5 items");
        offline(body(5).to_string(), &["--endpoint", endpoint]).exit_code(0);
    }
    case(
        "image_to_video",
        json!({"model": "klingO3_pro", "promptImage": IMAGE, "references": images(8)}),
        "references: Too big: expected array to have <=7 items",
    );
    case(
        "video_to_video",
        json!({"model": "klingO3_pro", "promptVideo": VIDEO, "promptText": "x", "references": images(5)}),
        "references: Too big: expected array to have <=4 items",
    );
    case(
        "text_to_image",
        json!({"model": "bria_fibo_edit_1_5", "promptText": "x", "referenceImages": []}),
        "referenceImages: Too small: expected array to have >=1 items",
    );
    let frame = json!([{"uri": IMAGE, "position": "first", "foo": 1}]);
    case(
        "image_to_video",
        json!({"model": "gen4_turbo", "ratio": "1280:720", "promptImage": frame}),
        "promptImage: Invalid input",
    );
    let lite = |name: &str, value: Value| json!({"model": "grok_imagine_1_5_lite", "promptText": "x", name: value});
    case("text_to_video", lite("duration", 30.into()), "duration: Too big: expected number to be <=15");
    let long = "Too big: expected string to have <=2500 characters";
    case("text_to_video", lite("promptText", "a".repeat(2501).into()), &format!("promptText: {long}"));
    case("text_to_video", lite("seed", 1.into()), "Unrecognized key: \"seed\"");
}

#[test]
fn prose_rules_of_newer_models_reject_without_a_sentence_of_the_api() {
    let case = |endpoint: &str, body: Value, field: &str| {
        let outcome = offline(body.to_string(), &["--endpoint", endpoint, "-f", "json"]).exit_code(1);
        let document = outcome.json();
        let issues = &document["requests"][0]["predicted"]["body"]["issues"];
        assert_eq!(issues[0]["message"], "[field-conflict]", "{body}");
        offline(body.to_string(), &["--endpoint", endpoint, "-f", "concise"])
            .exit_code(1)
            .stdout_contains(&format!("error[field-conflict]: {field}: "));
    };
    case("image_to_video", json!({"model": "kling_4", "promptImage": IMAGE, "references": images(11)}), "references");
    case("image_to_video", json!({"model": "kling_4", "promptImage": [at("last")]}), "promptImage");
    let shots = json!({"shotType": "intelligence", "multiPrompt": [{"duration": 5, "prompt": "a"}]});
    case(
        "text_to_video",
        json!({"model": "klingO3_pro", "ratio": "1920:1080", "providerSettings": shots}),
        "promptText",
    );
    let image = |model: &str, name: &str, value: Value| json!({"model": model, "promptText": "x", name: value});
    case("text_to_image", image("ideogram_4_5", "preciseEdit", true.into()), "preciseEdit");
    case("text_to_image", image("ideogram_4_5", "quality", "very_low".into()), "quality");
    case("text_to_image", image("bria_fibo_edit_1_5", "seed", 1.into()), "referenceImages");
    let recraft = json!({"model": "recraft_v4_1_flash", "promptText": "x", "ratio": "1024:1024", "colors": ["red"]});
    case("text_to_image", recraft, "colors[0]");
    let people = vec![json!({"uri": IMAGE, "subject": "human"}); 6];
    let flash =
        json!({"model": "gemini_image3.1_flash", "promptText": "x", "ratio": "1024:1024", "referenceImages": people});
    case("text_to_image", flash, "referenceImages");
    let sound = json!([{"uri": SOUND, "type": "audio"}]);
    case(
        "image_to_video",
        json!({"model": "wan3", "promptText": "x", "promptImage": [at("first")], "referenceAudio": sound}),
        "referenceAudio",
    );
}

#[test]
fn unpublished_limits_reject_nothing() {
    let case = |endpoint: &str, body: Value| {
        offline(body.to_string(), &["--endpoint", endpoint, "-f", "concise"]).exit_code(0)
    };
    let scale = json!({"model": "kling3.0_pro", "ratio": "1920:1080", "promptText": "x", "cfgScale": 5});
    case("text_to_video", scale).stdout_contains("warning[field-conflict]: cfgScale: ");
    let two = json!({"model": "ideogram_4_0", "promptText": "x", "referenceImages": images(2)});
    case("text_to_image", two).stdout_contains("warning[field-conflict]: referenceImages: ");
    let ten = json!({
        "model": "gemini_image3.1_flash_lite", "promptText": "x", "ratio": "1024:1024", "referenceImages": images(10),
    });
    case("text_to_image", ten).output_lacks("field-conflict");
}

#[test]
fn models_with_partial_rules_are_reported() {
    let says = |endpoint: &str, body: &Value, sentence: &str| {
        offline(body.to_string(), &["--endpoint", endpoint, "-f", "text"]).exit_code(0).stdout_contains(sentence)
    };
    let body = json!({"model": "kling_4", "promptText": "x", "zzz": 0});
    says("text_to_video", &body, "kling_4: no lengths, ranges or strictness are published");
    let body = json!({"model": "nano_banana_2.1", "promptText": "x", "ratio": "1024:1024", "outputCount": 9});
    says("text_to_image", &body, "note[partial-rules]");
    for model in ["gen4", "robotics_v1"] {
        let body = json!({"model": model, "promptImage": IMAGE, "ratio": "1280:720"});
        says("image_to_video", &body, "warning[partial-rules]");
        let body = json!({"model": model, "promptImage": "http://assets.example.com/a.png", "ratio": "1280:720"});
        offline(body.to_string(), &["--endpoint", "image_to_video"])
            .exit_code(1)
            .stdout_contains("Only HTTPS URLs are allowed.");
    }
    let body = json!({"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 5});
    offline(body.to_string(), &[]).exit_code(0).output_lacks("partial-rules");
    let body = json!({"model": "grok_imagine_1_5_lite", "promptText": "x"});
    offline(body.to_string(), &["--endpoint", "text_to_video"]).exit_code(0).output_lacks("partial-rules");
}

#[test]
fn the_response_to_an_unknown_model_is_inferred() {
    let body = json!({"model": "gen9", "promptImage": IMAGE});
    let document = offline(body.to_string(), &["--endpoint", "image_to_video", "-f", "json"]).exit_code(1).json();
    let issue = &document["requests"][0]["issues"][0];
    assert_eq!((&issue["field"], &issue["confidence"]), (&"model".into(), &"inferred".into()));
}

#[test]
fn every_frame_of_a_list_is_checked() {
    let gif = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=";
    for position in ["first", "middle", "last"] {
        let body = json!({"model": "kling_4", "promptImage": [at("first"), {"uri": gif, "position": position}]});
        offline(body.to_string(), &["--endpoint", "image_to_video", "-f", "concise"])
            .exit_code(1)
            .stdout_contains("promptImage[1].uri");
    }
}

#[test]
fn the_rules_of_assets_know_the_newer_models() {
    let check = |args: &[&str]| program().args(["check", "--offline", "-f", "concise"]).args(args).run();
    let grok = ["--endpoint", "image_to_video", "--model"];
    for model in ["grok_imagine_1_5", "grok_imagine_1_5_lite"] {
        let with = |file| check(&[&grok[..], &[model, file]].concat());
        with("fixtures/images/2400x1000.png").exit_code(0);
        with("fixtures/images/1170x2532.jpg").exit_code(0);
        for outside in ["fixtures/images/8000x1.png", "fixtures/images/1x8000.png"] {
            with(outside).exit_code(1).stdout_contains("ratio must be between 0.4 and 2.5.");
        }
    }
    check(&["--endpoint", "video_to_audio", "fixtures/images/photo.png"]).exit_code(1);
    check(&["--endpoint", "video_to_audio", "fixtures/video/h264-aac.mp4"]).exit_code(0).stderr_is_empty();
    let models = "klingO3_4k klingO3_pro klingO3_standard kling3.0_4k kling3.0_pro kling3.0_standard \
        kling2.5_turbo_pro kling_4 grok_imagine_1_5_lite gemini_image3.1_flash_lite bria_fibo_1_5 bria_fibo_edit_1_5 \
        ideogram_4_0 ideogram_4_5 seedream5_flash nano_banana_2.1";
    for model in models.split_whitespace() {
        check(&["--model", model, "fixtures/images/photo.png"])
            .exit_code(0)
            .output_lacks("unknown-model")
            .stderr_is_empty();
    }
    for model in ["mirelo_sfx_2_0", "eleven_v4", "recraft_v4_1_flash", "recraft_v4_1_vector"] {
        check(&["--model", model, "fixtures/video/h264-aac.mp4"]).output_lacks("unknown-model");
    }
    let rules =
        program().args(["rules", "--model", "enhance_frame_rate", "--format", "json"]).run().exit_code(0).json();
    let rows = rules["rows"].as_array().expect("rows");
    let id = "duration/video/enhance_frame_rate/video_upscale/videoUri";
    assert_eq!(rows.iter().find(|row| row["id"] == id).expect("a duration")["max"], 300);
}
