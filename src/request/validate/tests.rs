//! Issues as zod 4.3 writes them. The messages come from zod 4.3.6 and, where marked, from live responses.

use serde_json::{Value, json};

use super::*;
use crate::request::embedded::EMBEDDED;

fn issues(endpoint: &str, body: &Value) -> Value {
    serde_json::to_value(validate(&EMBEDDED, endpoint, body)).expect("issues are JSON")
}

/// Validates a body with one field replaced.
fn turbo(field: &str, value: Value) -> Value {
    let mut body = json!({"model": "gen4_turbo", "promptImage": "https://x.example/a.png", "ratio": "1280:720"});
    body[field] = value;
    issues("image_to_video", &body)
}

#[test]
fn an_empty_body_gets_the_two_issues_seen_live() {
    let seen = r#"[{"expected":"string","code":"invalid_type","path":["model"],"message":"Invalid input: expected string, received undefined"},{"code":"invalid_union","errors":[],"note":"No matching discriminator","discriminator":"model","path":["model"],"message":"Invalid input"}]"#;
    assert_eq!(issues("text_to_speech", &json!({})).to_string(), seen);
}

#[test]
fn an_unknown_model_gets_one_issue_and_a_model_of_the_wrong_type_two() {
    let unknown = r#"[{"code":"invalid_union","errors":[],"note":"No matching discriminator","discriminator":"model","path":["model"],"message":"Invalid input"}]"#;
    assert_eq!(issues("image_to_video", &json!({"model": "gen5"})).to_string(), unknown);
    assert_eq!(issues("image_to_video", &json!({"model": null})).as_array().map(Vec::len), Some(2));
}

#[test]
fn a_body_that_is_not_an_object_gets_one_issue() {
    for (body, received) in [(json!(null), "null"), (json!([]), "array"), (json!("x"), "string"), (json!(1), "number")]
    {
        let message = format!("Invalid input: expected object, received {received}");
        for (endpoint, issue) in [
            ("image_to_video", json!([{"code": "invalid_type", "expected": "object", "path": [], "message": message}])),
            ("documents", json!([{"expected": "object", "code": "invalid_type", "path": [], "message": message}])),
        ] {
            assert_eq!(issues(endpoint, &body).to_string(), issue.to_string());
        }
    }
}

#[test]
fn every_kind_of_issue_has_zods_members_in_zods_order() {
    let case = |issues: Value, expected: &str| assert_eq!(issues.to_string(), expected);
    case(turbo("seed", json!(7)), "[]");
    case(turbo("seed", json!(1.0)), "[]");
    case(
        turbo("ratio", json!("16:9")),
        r#"[{"code":"invalid_value","values":["1280:720","720:1280","1104:832","832:1104","960:960","1584:672"],"path":["ratio"],"message":"Invalid option: expected one of \"1280:720\"|\"720:1280\"|\"1104:832\"|\"832:1104\"|\"960:960\"|\"1584:672\""}]"#,
    );
    case(
        turbo("seed", json!(1.5)),
        r#"[{"expected":"int","format":"safeint","code":"invalid_type","path":["seed"],"message":"Invalid input: expected int, received number"}]"#,
    );
    case(
        turbo("seed", json!("1")),
        r#"[{"expected":"number","code":"invalid_type","path":["seed"],"message":"Invalid input: expected number, received string"}]"#,
    );
    case(
        turbo("seed", json!(-1)),
        r#"[{"origin":"number","code":"too_small","minimum":0,"inclusive":true,"path":["seed"],"message":"Too small: expected number to be >=0"}]"#,
    );
    case(
        turbo("duration", json!(1e20)),
        r#"[{"code":"too_big","maximum":9007199254740991,"note":"Integers must be within the safe integer range.","origin":"int","inclusive":true,"path":["duration"],"message":"Too big: expected int to be <=9007199254740991"},{"origin":"number","code":"too_big","maximum":10,"inclusive":true,"path":["duration"],"message":"Too big: expected number to be <=10"}]"#,
    );
    case(
        turbo("promptText", json!("")),
        r#"[{"origin":"string","code":"too_small","minimum":1,"inclusive":true,"path":["promptText"],"message":"Too small: expected string to have >=1 characters"}]"#,
    );
    case(
        turbo("contentModeration", json!({"publicFigureThreshold": "low", "b": 1, "10": 1, "2": 1})),
        r#"[{"code":"unrecognized_keys","keys":["2","10","b"],"path":["contentModeration"],"message":"Unrecognized keys: \"2\", \"10\", \"b\""}]"#,
    );
    case(
        issues("documents", &json!({"name": "x"})),
        r#"[{"expected":"string","code":"invalid_type","path":["content"],"message":"Invalid input: expected string, received undefined"}]"#,
    );
    case(
        issues(
            "image_upscale",
            &json!({"model": "magnific_precision_upscaler_v2", "imageUri": "u", "scaleFactor": 3, "x": 1}),
        ),
        r#"[{"code":"invalid_value","values":[2,4,8,16],"path":["scaleFactor"],"message":"Invalid option: expected one of 2|4|8|16"},{"code":"unrecognized_keys","keys":["x"],"path":[],"message":"Unrecognized key: \"x\""}]"#,
    );
    case(
        issues("workflows", &json!({"nodeOutputs": {"n": {}}})),
        r#"[{"code":"invalid_key","origin":"record","issues":[{"origin":"string","code":"invalid_format","format":"uuid","pattern":"/^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$/","path":[],"message":"Invalid UUID"}],"path":["nodeOutputs","n"],"message":"Invalid key in record"}]"#,
    );
}

#[test]
fn lengths_count_utf16_units() {
    let units = |text: String| turbo("promptText", json!(text)).as_array().map(Vec::len);
    assert_eq!(units("🙂".repeat(500)), Some(0));
    assert_eq!(units("🙂".repeat(501)), Some(1));
    assert_eq!(units("é".repeat(1000)), Some(0));
    assert_eq!(units("é".repeat(1001)), Some(1));
}

#[test]
fn issues_are_in_the_order_of_the_schema_not_of_the_body() {
    let body = json!({"extra": 1, "model": "aleph2", "seed": -1, "promptText": "", "keyframes": [{"uri": "u"}]});
    let found = validate(&EMBEDDED, "video_to_video", &body);
    let paths: Vec<String> = found.listed().iter().map(|issue| issue.path().to_string()).collect();
    assert_eq!(paths, ["promptText", "keyframes[0]", "videoUri", "seed", ""]);
}

#[test]
fn a_union_lists_the_issues_of_each_alternative() {
    let found = turbo("promptImage", json!(7));
    let form = r#"[{"expected":"string","code":"invalid_type","path":[],"message":"Invalid input: expected string, received number"}]"#;
    let asset =
        format!(r#"[{{"code":"invalid_union","errors":[{form},{form},{form}],"path":[],"message":"Invalid input"}}]"#);
    let array = r#"[{"expected":"array","code":"invalid_type","path":[],"message":"Invalid input: expected array, received number"}]"#;
    let expected = format!(
        r#"[{{"code":"invalid_union","errors":[{asset},{array}],"path":["promptImage"],"message":"Invalid input"}}]"#
    );
    assert_eq!(found.to_string(), expected);
}

#[test]
fn a_list_that_is_too_long_is_not_a_union_issue() {
    let image = json!({"uri": "u", "position": "first"});
    let found = turbo("promptImage", json!([image, image]));
    // Its elements are valid, so only the issues of the alternative "list" are non-fatal, and they are the result.
    assert_eq!(
        found.to_string(),
        r#"[{"origin":"array","code":"too_big","maximum":1,"inclusive":true,"path":["promptImage"],"message":"Too big: expected array to have <=1 items"}]"#
    );
}

#[test]
fn the_text_of_an_asset_is_left_to_the_asset_checks() {
    let long = format!("https://x.example/{}", "a".repeat(3000));
    for text in ["http://x.example/a.png", "a.png", "", "data:video/mp4;base64,AA==", "ftp://x", long.as_str()] {
        assert_eq!(turbo("promptImage", json!(text)), json!([]), "{text}");
    }
}

#[test]
fn a_string_for_a_list_gets_the_length_issue_that_zod_gives_it() {
    let body = json!({"model": "seed_audio", "promptText": "x", "referenceAudios": "https://x.example/a.mp3"});
    let found = validate(&EMBEDDED, "sound_effect", &body);
    let messages: Vec<&str> = found.listed().iter().map(SchemaIssue::message).collect();
    assert_eq!(
        messages,
        ["Invalid input: expected array, received string", "Too big: expected string to have <=3 characters"]
    );
}

#[test]
fn j05_numbers_are_compared_as_in_javascript() {
    let count = |value: Value| turbo("seed", value).as_array().map(Vec::len);
    assert_eq!(count(json!(-0.0)), Some(0));
    assert_eq!(count(json!(4_294_967_295_u64)), Some(0));
    assert_eq!(count(json!(4_294_967_296_u64)), Some(1));
    assert_eq!(count(json!(9_007_199_254_740_993_u64)), Some(2));
    assert_eq!(count(serde_json::from_str("123456789012345678901234567890").expect("JSON")), Some(2));
    assert_eq!(count(json!("1")), Some(1));
    assert_eq!(count(json!(null)), Some(1));
}
