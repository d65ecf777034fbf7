//! Hostile text wherever untrusted text can appear in a report: readers get its escaped form back, and nothing else
//! takes effect.

use comrak::nodes::NodeValue;
use comrak::{Arena, Options};
use jsonschema::Validator;
use proptest::prelude::*;
use runway_preflight::output::Verbosity;
use runway_preflight::output::escape::visible;
use runway_preflight::report::Delivery;
use runway_preflight::{Finding, Lint, OutputFormat, Reason, Report, UntrustedText};
use serde_json::Value;

use super::runner::{Command, commands};
use super::samples::{found, report};
use super::{FORMATS, sarif_schema, written};
use crate::html::expect_html;

/// Sequences with a special meaning to some reader, and any other character.
const TEXT: &str = "(::|##\\[|##vso\\[|::error::|::set-output name=a::|add-mask\\]|%0A|%|`|\\||\\\\|\\]\\(|\\[a\\]|\\{0\\}|<img src=x>|]]>|&#27;|\"|'|@team|#1|https://h|\\.\\./|/|=|:|,| |\n|\r|\x1b\\[2J|\x1b\\]8;;|[\0-\x1f]|[\u{7f}-\u{9f}]|\u{202e}|\u{200b}|\u{feff}|\u{fffe}|\\PC){0,12}";

/// Keeps no file of failures, because a failure prints its text.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The texts of a report, by position.
#[derive(Clone, Debug)]
struct HostileTexts {
    asset: String,
    field: String,
    file: String,
    header: String,
    detail: String,
    hint: String,
}

fn texts() -> impl Strategy<Value = HostileTexts> {
    (TEXT, TEXT, TEXT, TEXT, TEXT, TEXT).prop_map(|(asset, field, file, header, detail, hint)| HostileTexts {
        asset,
        field,
        file,
        header,
        detail,
        hint,
    })
}

fn reports(texts: &HostileTexts) -> Vec<Report> {
    let HostileTexts { asset, field, file, header, detail, hint } = texts;
    let one = Report {
        location: Some(super::samples::place(file, 3, 5)),
        field: Some(UntrustedText::from(field.as_str())),
        ..report(0, asset)
    };
    let sent = UntrustedText::from(header.as_str());
    let refused = Finding::reason(Reason::UnsupportedContentType { sent }, detail.as_str()).with_hint(hint.as_str());
    let two = Report { transport: Delivery::File, ..report(1, asset) };
    let hidden = Finding::lint(Lint::Http2OnlyHost, detail.as_str());
    vec![found(one, vec![refused, Finding::lint(Lint::TypeMismatch, detail.as_str())]), found(two, vec![hidden])]
}

/// Fails if a log contains commands to a terminal or a runner.
fn expect_harmless(name: &str, text: &str) {
    let is_plain = |character: char| character == '\n' || (' '..='~').contains(&character);
    let bad = |character: char| !is_plain(character) && visible(&character.to_string()) != character.to_string();
    assert!(!text.contains(bad), "{name} has {:?}", text.chars().find(|character| bad(*character)));
    assert!(!text.contains("##[") && !text.contains("##vso["), "{name}: {text}");
    assert_eq!(commands(text), [], "{name}: {text}");
}

fn expect_annotations(text: &str, reports: &[Report]) {
    let commands = commands(text);
    assert_eq!(commands.len(), text.lines().count(), "{text}");
    let names: Vec<&str> = commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names, ["error", "warning", "warning", "notice"], "{text}");
    let Command { properties, data, .. } = &commands[0];
    let sentence = visible(&reports[0].prefixed(&reports[0].findings[0].message()));
    assert_eq!(data.lines().next(), Some(sentence.as_str()));
    assert_eq!(properties["title"], "unsupported-content-type");
    let file = visible(&reports[0].location.as_ref().expect("a place").file.escaped_up_to(1024).to_string());
    if file != "-" && !file.is_empty() {
        let told = &properties["file"];
        assert_eq!(told.strip_prefix("./").filter(|_| file.starts_with('=')).unwrap_or(told), file);
        assert_eq!((properties["line"].as_str(), properties["col"].as_str()), ("3", "5"));
    }
}

fn expect_junit(text: &str, reports: &[Report]) {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases.len(), 2);
    let place = reports[0].location.as_ref().expect("a place");
    let asset = visible(&reports[0].asset.escaped_up_to(200).to_string());
    let name = visible(&format!("{}:{} {asset}", place.file.escaped(), place.line));
    assert_eq!(cases[0].attribute("name"), Some(name.as_str()));
    let failure = cases[0].children().find(|node| node.has_tag_name("failure")).expect("a failure");
    let sentence = visible(&reports[0].prefixed(&reports[0].findings[0].message()));
    assert_eq!(failure.attribute("message"), Some(sentence.as_str()));
    assert!(failure.text().expect("a text").contains(&sentence));
    assert!(cases[1].children().any(|node| node.has_tag_name("error")));
}

fn expect_sarif(text: &str, schema: &Validator) {
    let document: Value = serde_json::from_str(text).expect("JSON");
    schema.validate(&document).unwrap_or_else(|error| panic!("{error}\n{text}"));
    for result in document["runs"][0]["results"].as_array().expect("results") {
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let uri = uri.as_str().expect("a URI");
        assert!(!uri.starts_with('/') && !uri.split('/').any(|part| part == "..") && !uri.contains(':'), "{uri}");
        let message = result["message"]["text"].as_str().expect("a text");
        assert!(!message.contains("]("), "{message}");
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the reader knows many nodes that do no harm")]
fn expect_markdown(text: &str) {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, text, &options);
    let mut cells = 0;
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::HtmlInline(html) => assert_eq!(html, "<br>"),
            NodeValue::Link(_) | NodeValue::Image(_) | NodeValue::HtmlBlock(_) => panic!("{text}"),
            NodeValue::Text(text) => {
                assert!(!text.contains(['@', '#', '<', '`']), "{text} is outside of a code span");
            }
            NodeValue::TableCell => cells += 1,
            _ => {}
        }
    }
    assert_eq!(cells, 15, "{text}");
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn no_format_interprets_hostile_text(texts in texts()) {
        let reports = reports(&texts);
        for (format, name) in FORMATS {
            let text = written(*format, &reports, Verbosity::Verbose);
            if *format == OutputFormat::Github {
                expect_annotations(&text, &reports);
            } else {
                expect_harmless(name, &text);
            }
        }
        expect_junit(&written(OutputFormat::Junit, &reports, Verbosity::Normal), &reports);
        expect_markdown(&written(OutputFormat::Markdown, &reports, Verbosity::Normal));
        expect_html(&written(OutputFormat::Html, &reports, Verbosity::Normal));
        let _: Value = serde_json::from_str(&written(OutputFormat::Json, &reports, Verbosity::Normal)).expect("JSON");
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn sarif_is_valid_and_its_paths_stay_in_the_repository(texts in texts()) {
        thread_local!(static SCHEMA: Validator = sarif_schema());
        SCHEMA.with(|schema| expect_sarif(&written(OutputFormat::Sarif, &reports(&texts), Verbosity::Normal), schema));
    }
}
