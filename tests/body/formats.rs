//! Every format of request bodies.

use std::path::Path;

use serde_json::json;

use super::offline;
use crate::program::program;

#[test]
fn every_format_reports_schema_and_assets() {
    for format in ["text", "concise", "github", "gitlab", "html", "junit", "sarif", "markdown", "json", "jsonl"] {
        let outcome = program().args(["body", "--offline", "-f", format, "fixtures/bodies/five-bad-fields.json"]).run();
        outcome
            .exit_code(1)
            .stdout_contains("Too big: expected number to be")
            .stdout_contains("Only HTTPS URLs are allowed.");
    }
    let reasons = |flags: &[&str]| {
        let body = program().args(["body", "--offline", "-f", "reasons", "fixtures/bodies/five-bad-fields.json"]);
        body.args(flags).run().exit_code(1).stdout
    };
    assert!(!reasons(&[]).contains("Only HTTPS"), "the API would not come as far");
    assert!(reasons(&["--all"]).contains("promptImage: Only HTTPS URLs are allowed.\n"));
    program().args(["check", "-f", "api", "https://h.example/"]).run().exit_code(2).stderr_contains("request bodies");
}

#[test]
fn no_secret_and_no_control_character_is_written() {
    let body = json!({
        "model": "gen4_turbo", "ratio": "secret-canary\u{1b}[2J", "promptText": "::error::secret-canary",
        "promptImage": "http://user:secret-canary@h.example/a?key=secret-canary", "seed": "secret-canary",
        "::warning::key\u{1b}": 1,
    });
    for format in
        ["text", "concise", "reasons", "json", "jsonl", "api", "github", "gitlab", "html", "junit", "sarif", "markdown"]
    {
        let outcome = offline(body.to_string(), &["-f", format, "-v"]).exit_code(1).output_lacks("secret-canary");
        assert!(!outcome.stdout.contains('\u{1b}'), "{outcome}");
    }
}

#[test]
fn the_bodies_of_the_readme_match_their_names() {
    let run = |name: &str| {
        let path = Path::new("fixtures/bodies").join(name);
        program().args(["body", "--offline"]).arg(path).run()
    };
    run("good.json").exit_code(0);
    run("five-bad-fields.json").exit_code(1);
    run("three-of-four.jsonl").exit_code(1).stdout_contains("4 requests with 4 assets: 3 accepted, 1 rejected");
}
