//! Differential tests against other validators.

use std::collections::BTreeMap;

use serde_json::Value;

use super::embedded::EMBEDDED;
use super::export::json_schema;
use super::generator::BodyGenerator;
use super::import::import;
use super::schemas::RequestSchemas;
use super::validate::validate;

/// Rounds over all variants; each round makes one valid body and three mutated ones of each.
const ROUNDS: u64 = 5;

#[test]
fn jsonschema_agrees_on_the_exported_rules() {
    let schemas = EMBEDDED.endpoints.keys().map(|name| (name.as_str(), json_schema(&EMBEDDED, name)));
    compare(&EMBEDDED, schemas.collect());
}

#[test]
#[allow(clippy::print_stderr, reason = "a test that did not run says so")]
fn jsonschema_agrees_on_the_openapi_document() {
    let Some(path) = std::env::var_os("RUNWAY_PREFLIGHT_OPENAPI") else {
        eprintln!("skipped: RUNWAY_PREFLIGHT_OPENAPI does not name the OpenAPI document of 2026-08-08");
        return;
    };
    let document: Value = serde_json::from_slice(&std::fs::read(path).expect("it can be read")).expect("it is JSON");
    let rules = import(&document).expect("it is OpenAPI");
    let schemas = rules.endpoints.keys().map(|name| (name.as_str(), published(&document, name)));
    compare(&rules, schemas.collect());
}

/// Returns the schema that the document itself has for an endpoint.
fn published(document: &Value, endpoint: &str) -> Value {
    let (path, method) = endpoint.split_once(':').unwrap_or((endpoint, "post"));
    let body = |path: &str| {
        let operation = document.get("paths")?.get(format!("/v1/{path}"))?.get(method)?;
        operation.pointer("/requestBody/content/application~1json/schema").cloned()
    };
    body(path).or_else(|| body(&format!("{path}/{{id}}"))).expect("every endpoint has its schema")
}

/// Validates random bodies both ways: every generated body must be valid, and every verdict the same.
fn compare(rules: &RequestSchemas, schemas: BTreeMap<&str, Value>) {
    let validators: BTreeMap<&str, jsonschema::Validator> = schemas
        .into_iter()
        .map(|(name, schema)| (name, jsonschema::validator_for(&schema).expect("a JSON Schema")))
        .collect();
    let (mut good, mut bad, left) = (0_u32, 0_u32, 0_u32);
    for round in 0..ROUNDS {
        let mut generator = BodyGenerator::new(rules, round + 1);
        for (endpoint, body) in generator.bodies() {
            assert_eq!(validate(rules, endpoint, &body).listed(), [], "a body made from the rules: {endpoint} {body}");
            for body in [body.clone(), generator.mutated(&body), generator.mutated(&body), generator.mutated(&body)] {
                let ours = validate(rules, endpoint, &body).is_empty();
                let theirs = validators[endpoint].is_valid(&body);
                assert!(
                    ours == theirs || is_asset_text(rules, endpoint, &body),
                    "{endpoint}: {ours}, {theirs}: {body}"
                );
                if ours { good += 1 } else { bad += 1 }
            }
        }
    }
    assert!(good > 500 && bad > 500, "both verdicts are met often: {good} good, {bad} bad");
    assert!(left * 10 < good, "few are decided by the text of an asset: {left}");
}

/// Needs Node and `npm install` in `tests/zod`; run with `RUNWAY_PREFLIGHT_ZOD=1`.
#[test]
#[allow(clippy::print_stderr, reason = "it reports the share of equal answers, or that it did not run")]
fn zod_gives_the_same_issues() {
    if std::env::var_os("RUNWAY_PREFLIGHT_ZOD").is_none() {
        eprintln!("skipped: RUNWAY_PREFLIGHT_ZOD is not set");
        return;
    }
    let rounds = std::env::var("RUNWAY_PREFLIGHT_ZOD").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let mut questions = Vec::new();
    for round in 0..rounds {
        let mut generator = BodyGenerator::new(&EMBEDDED, 1000 + round);
        for (endpoint, body) in generator.bodies() {
            questions.push((endpoint, body.clone()));
            let once = generator.mutated(&body);
            let twice = generator.mutated(&once);
            questions.extend([(endpoint, once), (endpoint, twice), (endpoint, generator.mutated(&body))]);
        }
    }
    let answers = ask_zod(&questions);
    assert_eq!(answers.len(), questions.len(), "one answer per question");
    let (mut equal, mut with_issues, mut asset_text) = (0, 0, 0);
    for ((endpoint, body), theirs) in questions.iter().zip(&answers) {
        let ours = serde_json::to_string(&validate(&EMBEDDED, endpoint, body)).expect("JSON");
        with_issues += usize::from(ours != "[]");
        if ours == *theirs {
            equal += 1;
        } else if is_asset_text(&EMBEDDED, endpoint, body) {
            asset_text += 1;
        } else {
            panic!("{endpoint} {body}\nours   {ours}\ntheirs {theirs}");
        }
    }
    eprintln!(
        "{} bodies, {with_issues} with issues: {equal} are identical; {asset_text} differ by the text of an \
         asset, which is left to the asset checks",
        questions.len()
    );
    assert!(with_issues > 500 && asset_text * 10 < with_issues);
}

/// Runs the script with the rules and all bodies, and returns its lines.
fn ask_zod(questions: &[(&str, Value)]) -> Vec<String> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/zod");
    let mut input = serde_json::to_string(&*EMBEDDED).expect("JSON");
    for (endpoint, body) in questions {
        input.push('\n');
        input.push_str(&serde_json::json!({"endpoint": endpoint, "body": body}).to_string());
    }
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), input).expect("it can be written");
    let output = std::process::Command::new("node")
        .arg("issues.mjs")
        .current_dir(directory)
        .stdin(file.reopen().expect("it can be read"))
        .output()
        .expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// Returns whether the published patterns reject the text of an asset, which only the other validators apply.
fn is_asset_text(rules: &RequestSchemas, endpoint: &str, body: &Value) -> bool {
    let document = super::document::Document::read(body.to_string().as_bytes()).expect("JSON");
    let assets = super::assets::assets(rules, endpoint, &document);
    assets.listed.iter().any(|asset| {
        let forms = ["https://".to_owned(), "runway://".to_owned()].into_iter();
        let data = asset.kinds.iter().map(|kind| format!("data:{}/", kind.name()));
        let length = asset.text.encode_utf16().count();
        let most = if asset.text.starts_with("https") { 2048 } else { 5000 };
        !forms.chain(data).any(|form| asset.text.starts_with(&form)) || !(13..=most).contains(&length)
    })
}
