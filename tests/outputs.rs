//! Every format: one set of reports against golden files, hostile text against independent readers, and additional
//! reports through the real binary.
//!
//! `BLESS=1 cargo test outputs` rewrites the golden files.

mod extra_reports;
mod hostile;
pub(crate) mod runner;
pub(crate) mod samples;
mod truncation;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use jsonschema::Validator;
use runway_preflight::output::{RulesOrigin, RunInfo, Style, Verbosity};
use runway_preflight::{Output, OutputFormat, Report, Summary};
use serde_json::Value;

/// Every format and its golden file.
const FORMATS: &[(OutputFormat, &str)] = &[
    (OutputFormat::Text, "text.txt"),
    (OutputFormat::Concise, "concise.txt"),
    (OutputFormat::Reasons, "reasons.txt"),
    (OutputFormat::Json, "json.json"),
    (OutputFormat::JsonLines, "jsonl.jsonl"),
    (OutputFormat::Github, "github.txt"),
    (OutputFormat::Gitlab, "gitlab.json"),
    (OutputFormat::Junit, "junit.xml"),
    (OutputFormat::Sarif, "sarif.json"),
    (OutputFormat::Markdown, "markdown.md"),
    (OutputFormat::Html, "html.html"),
];

/// Renders reports in a format, as a run without errors does.
fn written(format: OutputFormat, reports: &[Report], verbosity: Verbosity) -> String {
    let run = RunInfo {
        rules: RulesOrigin { read: "2026-09-23".to_owned(), origin: "embedded".to_owned() },
        matches_api: true,
        ..RunInfo::default()
    };
    let mut summary = Summary { elapsed: Duration::from_millis(812), ..Summary::default() };
    for report in reports {
        summary.count(report.verdict);
    }
    finished(format, reports, Style { verbosity, ..Style::plain() }, run, &summary)
}

fn finished(format: OutputFormat, reports: &[Report], style: Style, run: RunInfo, summary: &Summary) -> String {
    let mut output = Output::new(Vec::new(), format, style, false, run);
    for report in reports {
        output.report(report).expect("memory takes it");
    }
    output.finish(summary).expect("memory takes it");
    String::from_utf8(output.into_writer()).expect("UTF-8")
}

/// The official schema of SARIF 2.1.0.
pub(crate) fn sarif_schema() -> Validator {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas/sarif-2.1.0.json");
    // One pattern has an unmatched bracket, which JavaScript accepts and other engines do not.
    let text = fs::read_to_string(path).expect("a schema").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

#[test]
fn every_format_equals_its_golden_file() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    for (format, name) in FORMATS {
        let text = written(*format, &samples::reports(), Verbosity::Normal).replace(&version, "\"VERSION\"");
        let text =
            text.replace(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")), "runway-preflight VERSION");
        let path = folder.join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &text).expect("the golden file is written");
        }
        let golden = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(text, golden, "{name} changed; BLESS=1 cargo test outputs rewrites it");
    }
}

#[test]
fn width_and_color_change_text_only() {
    let style = Style { width: Some(40), color: true, ..Style::plain() };
    let run = RunInfo { matches_api: true, ..RunInfo::default() };
    let narrow = |format, style| finished(format, &samples::reports(), style, run.clone(), &Summary::default());
    for (format, name) in FORMATS.iter().filter(|(format, _)| *format != OutputFormat::Text) {
        let plain = Style { width: None, color: false, ..style };
        assert_eq!(narrow(*format, style), narrow(*format, plain), "{name}");
    }
    assert!(narrow(OutputFormat::Text, style).contains("\x1b["));
}

#[test]
fn each_message_is_on_one_line_of_text() {
    let reports = samples::reports();
    let text = written(OutputFormat::Text, &reports, Verbosity::Verbose);
    for report in &reports {
        for finding in report.findings.iter().filter(|finding| finding.has_api_message()) {
            let message = report.prefixed(&finding.message());
            assert!(text.lines().any(|line| line.contains(&message)), "{message} is not on one line\n{text}");
        }
    }
}

#[test]
fn sarif_is_valid_and_junit_well_formed() {
    let text = written(OutputFormat::Sarif, &samples::reports(), Verbosity::Normal);
    let document: Value = serde_json::from_str(&text).expect("JSON");
    sarif_schema().validate(&document).unwrap_or_else(|error| panic!("{error} at {}", error.instance_path()));
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in document["runs"][0]["results"].as_array().expect("results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let document: Value = serde_json::from_str("{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {}}]}").expect("JSON");
    assert!(!sarif_schema().is_valid(&document), "the schema takes anything");

    let text = written(OutputFormat::Junit, &samples::reports(), Verbosity::Normal);
    let document = roxmltree::Document::parse(&text).expect("XML");
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
    let root = document.root_element();
    assert_eq!(root.attribute("tests"), Some(count("testcase").as_str()));
    assert_eq!(root.attribute("failures"), Some(count("failure").as_str()));
    assert_eq!(root.attribute("errors"), Some(count("error").as_str()));
}

#[test]
fn fingerprints_are_stable_and_distinct() {
    let prints = |reports: &[Report]| -> Vec<String> {
        let text = written(OutputFormat::Sarif, reports, Verbosity::Normal);
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let results = document["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|result| result["partialFingerprints"]["runwayPreflight/v1"].to_string()).collect()
    };
    let all = prints(&samples::reports());
    let mut one_each = all.clone();
    one_each.sort();
    one_each.dedup();
    assert_eq!(one_each.len(), all.len(), "{all:?}");
    // The location of an asset does not count, so that a list may be sorted.
    let mut moved = samples::reports();
    for report in &mut moved {
        report.index += 7;
        if let Some(place) = &mut report.location {
            place.line += 3;
        }
    }
    assert_eq!(prints(&moved), all);
}

#[test]
fn a_run_that_deviates_from_the_api_says_so() {
    let run = RunInfo {
        rules: RulesOrigin { read: "2026-09-23".to_owned(), origin: "embedded".to_owned() },
        matches_api: false,
        ..RunInfo::default()
    };
    let style = Style::plain();
    let summary = Summary { incomplete: true, ..Summary::default() };
    let said = |format| finished(format, &[], style, run.clone(), &summary);
    assert!(
        said(OutputFormat::Github).contains("stopped before the end.")
            && said(OutputFormat::Github).contains("may differ")
    );
    assert!(said(OutputFormat::Markdown).contains("may differ"));
    assert!(said(OutputFormat::Junit).contains("<property name=\"faithful\" value=\"false\"/>"));
    assert!(said(OutputFormat::Junit).contains("<property name=\"complete\" value=\"false\"/>"));
    let sarif: Value = serde_json::from_str(&said(OutputFormat::Sarif)).expect("JSON");
    sarif_schema().validate(&sarif).expect("valid without results");
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(sarif["runs"][0]["properties"]["faithful"], false);
}
