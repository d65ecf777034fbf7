//! Very many reports: every format keeps the most severe findings that fit, and counts those that it omits.

use runway_preflight::output::{Only, RunInfo, Style, Verbosity};
use runway_preflight::{Finding, Lint, OutputFormat, Reason, Report, Summary};
use serde_json::Value;

use super::runner::commands;
use super::samples::{found, place, report};
use super::{finished, sarif_schema, written};

/// Warnings first and errors last, so that keeping the first findings would be wrong.
fn crowd(warnings: u64, errors: u64) -> Vec<Report> {
    let row = |index: u64| {
        let asset = format!("https://h.example/{index}.png?k=[redacted]");
        let report = Report { location: Some(place("list.txt", index + 1, 1)), ..report(index, &asset) };
        let finding = if index < warnings {
            Finding::lint(Lint::NearTimeout, "slow")
        } else {
            Finding::reason(Reason::HttpStatus { status: 404 }, "gone")
        };
        found(report, vec![finding])
    };
    (0..warnings + errors).map(row).collect()
}

#[test]
fn ten_findings_are_annotated_and_the_others_are_lines_of_the_log() {
    let log = written(OutputFormat::Github, &crowd(30, 25), Verbosity::Normal);
    let commands = commands(&log);
    let names: Vec<&str> = commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names, [["error"; 10].as_slice(), &["notice"]].concat());
    assert_eq!(commands[0].properties["line"], "31");
    assert_eq!(commands[10].data, "55 assets: 30 accepted, 25 rejected. 45 more findings are in the log.");
    let lines = |word: &str| log.lines().filter(|line| line.starts_with("list.txt:") && line.contains(word)).count();
    assert_eq!((lines(": error[http-status]: "), lines(": warning[near-timeout]: ")), (15, 30));

    // The finding that decides about an asset comes before its others.
    let mut reports = crowd(0, 11);
    for report in reports.iter_mut().take(10) {
        let second = Finding::reason(Reason::MissingContentLength, "");
        report.findings.push(second);
    }
    let log = written(OutputFormat::Github, &reports, Verbosity::Normal);
    assert_eq!(log.matches("title=http-status").count(), 10, "{log}");
}

#[test]
fn sarif_keeps_five_thousand_results() {
    let text = written(OutputFormat::Sarif, &crowd(3000, 2500), Verbosity::Normal);
    let document: Value = serde_json::from_str(&text).expect("JSON");
    sarif_schema().validate(&document).expect("valid");
    let run = &document["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 5000);
    assert_eq!(results.iter().filter(|result| result["level"] == "error").count(), 2500);
    let notification = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].to_string();
    assert_eq!(notification, "\"500 more findings are omitted, all equal or less severe.\"");
}

#[test]
fn junit_keeps_twenty_thousand_cases() {
    let text = written(OutputFormat::Junit, &crowd(20_000, 3), Verbosity::Normal);
    let document = roxmltree::Document::parse(&text).expect("XML");
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testcase"), count("failure")), (20_000, 3));
    let omitted = document.descendants().find(|node| node.attribute("name") == Some("omitted")).expect("a property");
    assert_eq!(omitted.attribute("value"), Some("3"));
}

#[test]
fn a_summary_fits_where_github_shows_it() {
    let mut reports = crowd(100, 3000);
    for report in &mut reports {
        let detail = format!("fix it {}", "x".repeat(600));
        report.findings[0].hint = detail;
    }
    let text = written(OutputFormat::Markdown, &reports, Verbosity::Normal);
    assert!((890_000..920_000).contains(&text.len()), "{} bytes", text.len());
    let rows = text.lines().filter(|line| line.starts_with("| **rejected**")).count();
    let omitted = runway_preflight::units::Bytes::new(3100 - u64::try_from(rows).expect("small"));
    assert!(text.contains(&format!("\n{omitted} more not shown")), "{rows} rows");
}

#[test]
fn a_filter_holds_in_every_format_and_counts_everything() {
    let only = [Only::Rejected].into_iter().collect();
    for format in OutputFormat::ALL.iter().copied().filter(|format| *format != OutputFormat::Api) {
        let style = Style { only, ..Style::plain() };
        let reports = crowd(2, 1);
        let mut summary = Summary::default();
        for report in &reports {
            summary.count(report.verdict);
        }
        let text = finished(format, &reports, style, RunInfo::default(), &summary);
        assert!(!text.contains("/0.png") && !text.contains("/1.png"), "{format:?}: {text}");
        let has_summary = [OutputFormat::Text, OutputFormat::Github, OutputFormat::Markdown].contains(&format);
        assert!(!has_summary || text.contains("3 assets: 2 accepted, 1 rejected"), "{format:?}: {text}");
    }
}
