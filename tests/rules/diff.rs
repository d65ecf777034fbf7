//! `rules diff`: what a document changes against the rules in force.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{file, openapi, rules, word};
use crate::program::program;

/// Returns a document, and the request rules imported from it.
fn document_and_rules() -> (TempDir, PathBuf, PathBuf) {
    let (folder, document) = file("openapi.json", &openapi());
    let made = folder.path().join("requests.json");
    rules(&["import", word(&document), "--date", "2026-10-01", "-o", word(&made)]).exit_code(0);
    (folder, document, made)
}

/// The document with this text in the place of another.
fn changed(from: &str, to: &str) -> (TempDir, PathBuf) {
    let text = openapi();
    assert!(text.contains(from), "{text}");
    file("newer.json", &text.replace(from, to))
}

#[test]
fn a_document_changes_nothing_in_its_own_rules() {
    let (_folder, document, made) = document_and_rules();
    let outcome = rules(&["diff", word(&document), "--rules", word(&made)]).exit_code(0).stdout_is("");
    outcome.stderr_contains("note: no differences from the rules of 2026-10-01").stderr_contains("contentEncoding");
    let diff = ["rules", "diff", "-", "--rules", word(&made), "-f", "json"];
    let document = program().args(diff).stdin(openapi()).run().exit_code(0).json();
    assert_eq!(document["changes"], json!([]));
    assert_eq!(document["document"]["date"], Value::Null, "a stream has no day");
}

#[test]
fn each_change_is_one_line() {
    let (_folder, _, made) = document_and_rules();
    let case = |from: &str, to: &str, expected: &str| {
        let (_folder, newer) = changed(from, to);
        rules(&["diff", word(&newer), "--rules", word(&made)]).exit_code(1).stdout_is(expected);
    };
    case(
        "\"maxLength\":12",
        "\"maxLength\":20",
        "~ image_to_video gen9 promptText: drops string of at most 12 characters; adds string of at most 20 characters\n",
    );
    case("gen9", "gen10", "- image_to_video gen9\n+ image_to_video gen10\n");
    case("/v1/image_to_video", "/v1/video_to_image", "- image_to_video\n+ video_to_image\n");
    case(
        "\"promptText\"",
        "\"prompt\"",
        "- image_to_video gen9 promptText\n+ image_to_video gen9 prompt: optional, string of at most 12 characters\n",
    );
    case(
        "\"additionalProperties\":false",
        "\"additionalProperties\":true",
        "~ image_to_video gen9: drops object without other members; adds object\n",
    );
}

#[test]
fn the_json_holds_both_sides() {
    let (_folder, _, made) = document_and_rules();
    let (_other, newer) = changed("\"maxLength\":12", "\"maxLength\":20");
    let document = rules(&["diff", word(&newer), "--rules", word(&made), "-f", "json"]).exit_code(1).json();
    assert_eq!(document["rules"], json!({"read": "2026-10-01", "origin": word(&made)}));
    assert_eq!(document["document"]["source"], "OpenAPI document, API version 2024-11-06");
    assert!(document["document"]["date"].as_str().is_some_and(|date| date.starts_with("20")));
    let change = json!({
        "change": "changed", "endpoint": "image_to_video", "model": "gen9", "field": "promptText",
        "before": ["string of at most 12 characters"], "after": ["string of at most 20 characters"],
    });
    assert_eq!(document["changes"], json!([change]));
}

#[test]
fn the_embedded_rules_are_compared_by_default() {
    let (_folder, document) = file("openapi.json", &openapi());
    let outcome = rules(&["diff", word(&document)]).exit_code(1);
    outcome.line("- text_to_video").line("- image_to_video kling_4").line("+ image_to_video gen9");
}

#[test]
fn documents_that_cannot_be_compared_are_reported() {
    let case = |text: &str, complaint: &str| {
        let (_folder, path) = file("openapi.json", text);
        rules(&["diff", word(&path)]).exit_code(2).stdout_is("").stderr_contains(complaint);
    };
    case("not JSON", "is not JSON");
    case("{}", "it has no `paths`");
    rules(&["diff", "no-such.json"]).exit_code(2).stderr_contains("no-such.json cannot be read");
    rules(&["diff"]).exit_code(2);
    let (_folder, path) = file("openapi.json", &openapi());
    rules(&["diff", word(&path), "--rules", "no-such.json"]).exit_code(2).stderr_contains("cannot be read");
    let full = fs::File::options().write(true).open("/dev/full").expect("a device");
    program().args(["rules", "diff", word(&path)]).stdout(full).run().exit_code(4);
}

#[test]
fn text_from_a_document_is_escaped() {
    let (_folder, hostile) = changed("promptText", "::error::\\u001b[2J\\u202e");
    for format in ["text", "json"] {
        let outcome = rules(&["diff", word(&hostile), "-f", format]).exit_code(1);
        outcome.output_lacks("\u{1b}").output_lacks("::error").output_lacks("\u{202e}");
    }
}
