//! Request bodies: JSON with positions, issues of the schema, assets, and the predicted response.
#![no_main]

use std::ops::ControlFlow;

use futures_util::stream;
use libfuzzer_sys::fuzz_target;
use runway_preflight::request::EMBEDDED;
use runway_preflight::request::document::{DocumentErrorKind, Position};
use runway_preflight::request::path::Path;
use runway_preflight::{Document, CheckOptions, OutputFormat, RequestChecker, RequestInput, RequestReport, RuleSet, UntrustedText};
use runway_preflight_fuzz::{Scripted, expect_plain, finished, in_time, said, written_request};
use serde_json::Value;

fuzz_target!(|text: &[u8]| {
    in_time(text, || drop(checked(text, None)));
    check(text);
});

fn check(text: &[u8]) {
    agrees_with_serde_json(text);
    if let Ok(document) = Document::read(text) {
        positions_are_right(&document, text);
    }
    for endpoint in [None, Some("image_to_video")] {
        let (one, other) = (checked(text, endpoint), checked(text, endpoint));
        assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            same_report(one, other);
            output_is_readable(one, text.len());
        }
    }
}

/// Compares a document with the value that `serde_json` reads. Only texts beyond our own bounds may be rejected.
fn agrees_with_serde_json(text: &[u8]) {
    let bare = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match (Document::read(text), serde_json::from_slice::<Value>(bare)) {
        (Ok(document), Ok(value)) => assert_eq!(*document.value(), value),
        (Err(_), Err(_)) => {}
        (Ok(document), Err(error)) => panic!("{error}, but it is read as {:?}", document.value()),
        (Err(error), Ok(_)) if matches!(error.kind, DocumentErrorKind::TooManyValues | DocumentErrorKind::KeyTooLong) => {}
        (Err(error), Ok(value)) => panic!("{value} cannot be read: {error}"),
    }
}

/// Checks that each value begins at its position.
fn positions_are_right(document: &Document, text: &[u8]) {
    let text = String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let lines: Vec<Vec<char>> = text.split('\n').map(|line| line.chars().collect()).collect();
    let mut open = vec![(Path::root(), document.value())];
    while let Some((path, value)) = open.pop() {
        let Position { line, column } = document.position(&path);
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
        assert!(fits, "{path:?} is {value} at {line}:{column}, but there is {first:?}");
    }
}

/// Checks bodies for an endpoint, or for the one that each body implies.
fn checked(text: &[u8], endpoint: Option<&str>) -> Vec<RequestReport> {
    let documents = Document::read_one_or_lines(text).unwrap_or_default();
    let bodies = documents.into_iter().map(|document| RequestInput { file: UntrustedText::from("body.json"), document });
    let options = CheckOptions { offline: true, ..CheckOptions::default() };
    let engine = RequestChecker::new(Scripted::default(), RuleSet::embedded(), &EMBEDDED, endpoint.map(str::to_owned), options);
    let mut reports = Vec::new();
    let each = |report: Result<RequestReport, _>| {
        reports.extend(report.ok());
        ControlFlow::Continue(())
    };
    finished(engine.run(stream::iter(bodies), std::future::pending(), each));
    reports
}

fn same_report(one: &RequestReport, other: &RequestReport) {
    assert_eq!((one.verdict, &one.predicted), (other.verdict, &other.predicted));
    let reports = |report: &RequestReport| report.reports().iter().map(|report| said(report)).collect::<Vec<_>>();
    assert_eq!(reports(one), reports(other), "the second run differs");
}

/// Checks that the output of a request can be read again; one format per input.
fn output_is_readable(report: &RequestReport, chosen: usize) {
    const FORMATS: [OutputFormat; 6] =
        [OutputFormat::Text, OutputFormat::Json, OutputFormat::JsonLines, OutputFormat::Api, OutputFormat::Junit, OutputFormat::Sarif];
    let format = FORMATS[chosen % FORMATS.len()];
    let text = written_request(format, report);
    expect_plain(&text);
    if matches!(format, OutputFormat::Json | OutputFormat::JsonLines | OutputFormat::Sarif) {
        let _: Value = serde_json::from_str(&text).expect("JSON");
    }
}
