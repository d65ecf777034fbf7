//! A whole body: its text, its issues with their positions, the predicted response.

use serde_json::{Value, json};

use super::document::Document;
use super::embedded::EMBEDDED;
use super::predicted;
use super::validate::validate;

/// A body with five invalid fields, one per line, in the order of reporting.
const FIVE: &str = r#"{
  "model": "gen4.5",
  "promptText": "",
  "promptImage": 7,
  "seed": "é🙂", "ratio": "16:9",
  "contentModeration": {
    "publicFigureThreshold": "low",
    "level": 1
  }
}"#;

fn findings(text: &str) -> Vec<(String, String, (usize, usize))> {
    let document = Document::read(text.as_bytes()).expect("JSON");
    let issues = validate(&EMBEDDED, "image_to_video", document.value());
    let position = |issue: &super::issue::SchemaIssue| {
        let position = issue.position(&document);
        (position.line, position.column)
    };
    issues.listed().iter().map(|issue| (issue.code().to_owned(), issue.path().to_string(), position(issue))).collect()
}

#[test]
fn five_invalid_fields_and_a_missing_one_have_their_positions_in_any_layout() {
    let expected = |positions: [(usize, usize); 6]| {
        let issues = [
            ("too_small", "promptText"),
            ("invalid_union", "promptImage"),
            ("invalid_type", "seed"),
            ("invalid_value", "ratio"),
            ("invalid_type", "duration"),
            ("unrecognized_keys", "contentModeration"),
        ];
        let rows = issues.into_iter().zip(positions);
        rows.map(|((code, path), position)| (code.to_owned(), path.to_owned(), position)).collect::<Vec<_>>()
    };
    let pretty = [(3, 17), (4, 18), (5, 11), (5, 26), (1, 1), (8, 5)];
    assert_eq!(findings(FIVE), expected(pretty));
    assert_eq!(findings(&FIVE.replace('\n', "\r\n")), expected(pretty));
    assert_eq!(findings(&format!("\u{feff}{FIVE}")), expected(pretty));
    let minified: String = FIVE.split('\n').map(str::trim).collect();
    assert_eq!(findings(&minified), expected([(1, 34), (1, 52), (1, 62), (1, 77), (1, 1), (1, 137)]));
}

#[test]
fn the_predicted_response_has_the_members_of_a_live_one() {
    let issues = validate(&EMBEDDED, "text_to_speech", &json!({"model": "x"}));
    assert_eq!(
        predicted(issues.listed()).to_string(),
        r#"{"error":"Validation of body failed","issues":[{"code":"invalid_union","errors":[],"note":"No matching discriminator","discriminator":"model","path":["model"],"message":"Invalid input"}],"docUrl":"https://docs.dev.runwayml.com/api"}"#
    );
}

#[test]
fn j03_the_last_of_two_members_counts() {
    let text = r#"{"model": "gen4_turbo", "promptImage": 1, "ratio": "1280:720", "seed": -1, "promptImage": "https://x.example/a.png"}"#;
    assert_eq!(findings(text), [("too_small".to_owned(), "seed".to_owned(), (1, 72))]);
}

#[test]
fn j09_no_text_of_a_value_is_in_an_issue() {
    let canary = "::error::\u{1b}[31mcanary";
    for field in ["ratio", "seed", "promptImage", "contentModeration", "model", "outputFormat"] {
        let mut body = json!({"model": "gen4.5", "promptText": canary.repeat(500), "ratio": canary});
        body[field] = json!({"value": canary, "list": [canary]});
        let written = serde_json::to_string(&validate(&EMBEDDED, "image_to_video", &body)).expect("JSON");
        assert!(!written.contains("canary"), "{field}: {written}");
    }
}

#[test]
fn j10_names_with_a_meaning_in_javascript_are_plain_keys() {
    let body: Value =
        serde_json::from_str(r#"{"name": "x", "from": {}, "__proto__": {"name": 1}, "constructor": 1}"#).expect("JSON");
    let issues = validate(&EMBEDDED, "voices:patch", &body);
    let written = serde_json::to_string(&issues).expect("JSON");
    assert!(written.contains(r#""keys":["from","__proto__","constructor"]"#), "{written}");
}
