//! Request bodies: JSON with places, its issues by the schema, its assets, and the answer.
#![no_main]

use std::ops::ControlFlow;

use futures_util::stream;
use libfuzzer_sys::fuzz_target;
use runway_preflight::request::EMBEDDED;
use runway_preflight::request::document::Position;
use runway_preflight::request::path::Path;
use runway_preflight::report::request_report::RequestReport;
use runway_preflight::{RequestChecker, RequestInput, Document, OutputFormat, Options, UntrustedText, RuleSet};
use runway_preflight_fuzz::{Scripted, expect_plain, finished, said, written_request};
use serde_json::Value;

fuzz_target!(|text: &[u8]| {
    read_as_json_is(text);
    if let Ok(document) = Document::read(text) {
        stands_where_it_says(&document, text);
    }
    for endpoint in [None, Some("image_to_video")] {
        let (one, other) = (checked(text, endpoint), checked(text, endpoint));
        assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            judged_alike(one, other);
            answered(one, text.len());
        }
    }
});

/// What JSON is, another reader decides; ours is as strict and reads the same.
fn read_as_json_is(text: &[u8]) {
    let bare = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match (Document::read(text), serde_json::from_slice::<Value>(bare)) {
        (Ok(document), Ok(value)) => assert_eq!(*document.value(), value),
        (Err(_), Err(_)) => {}
        (Ok(document), Err(error)) => panic!("{error}, and yet it is {:?}", document.value()),
        (Err(unreadable), Ok(value)) => panic!("{value} cannot be read: {unreadable}"),
    }
}

/// Each value begins at its place.
fn stands_where_it_says(document: &Document, text: &[u8]) {
    let text = String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let lines: Vec<Vec<char>> = text.split('\n').map(|line| line.chars().collect()).collect();
    let mut open = vec![(Path::root(), document.value())];
    while let Some((path, value)) = open.pop() {
        let Position { line, column } = document.place(&path);
        let first = lines.get(line - 1).and_then(|line| line.get(column - 1));
        let begins = |with: &[char]| first.is_some_and(|first| with.contains(first));
        let fits = match value {
            Value::Null => begins(&['n']),
            Value::Bool(true) => begins(&['t']),
            Value::Bool(false) => begins(&['f']),
            Value::Number(_) => first.is_some_and(|first| *first == '-' || first.is_ascii_digit()),
            Value::String(_) => begins(&['"']),
            Value::Array(values) => {
                open.extend(values.iter().enumerate().map(|(index, value)| (path.index(index), value)));
                begins(&['['])
            }
            Value::Object(members) => {
                open.extend(members.iter().map(|(key, value)| (path.key(key), value)));
                begins(&['{'])
            }
        };
        assert!(fits, "{path:?} is {value} at {line}:{column}, where {first:?} stands");
    }
}

/// Checks bodies for an endpoint, or for the one that each body implies.
fn checked(text: &[u8], endpoint: Option<&str>) -> Vec<RequestReport> {
    let documents = Document::read_one_or_lines(text).unwrap_or_default();
    let bodies = documents.into_iter().map(|document| RequestInput { file: UntrustedText::from("body.json"), document });
    let options = Options { offline: true, ..Options::default() };
    let engine = RequestChecker::new(Scripted::default(), RuleSet::embedded(), &EMBEDDED, endpoint.map(str::to_owned), options);
    let mut reports = Vec::new();
    let each = |report: Result<RequestReport, _>| {
        reports.extend(report.ok());
        ControlFlow::Continue(())
    };
    finished(engine.run(stream::iter(bodies), std::future::pending(), each));
    reports
}

fn judged_alike(one: &RequestReport, other: &RequestReport) {
    assert_eq!((one.verdict, &one.answer), (other.verdict, &other.answer));
    let rows = |report: &RequestReport| report.rows().iter().map(|row| said(row)).collect::<Vec<_>>();
    assert_eq!(rows(one), rows(other), "said something else the second time");
}

/// What is written of a request is read again by its reader; one format an input.
fn answered(report: &RequestReport, chosen: usize) {
    const FORMATS: [OutputFormat; 6] =
        [OutputFormat::Text, OutputFormat::Json, OutputFormat::JsonLines, OutputFormat::Api, OutputFormat::Junit, OutputFormat::Sarif];
    let format = FORMATS[chosen % FORMATS.len()];
    let text = written_request(format, report);
    expect_plain(&text);
    if matches!(format, OutputFormat::Json | OutputFormat::JsonLines | OutputFormat::Sarif) {
        let _: Value = serde_json::from_str(&text).expect("JSON");
    }
}
