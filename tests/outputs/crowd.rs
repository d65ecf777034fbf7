//! Very many reports: every format keeps what it may show, the worst, and says how much it leaves out.

use runway_preflight::{Finding, Lint, OutputFormat, Reason, Report, Verbosity};
use serde_json::Value;

use super::runner::commands;
use super::set::{found, place, report};
use super::{sarif_schema, written};

/// Warnings first and errors last, so that what is kept cannot be the beginning.
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
fn annotations_are_ten_of_a_kind_the_worst_first() {
    let log = written(OutputFormat::Github, &crowd(30, 25), Verbosity::Normal);
    let commands = commands(&log);
    let names: Vec<&str> = commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names, [["error"; 10].as_slice(), &["warning"; 10], &["notice"]].concat());
    assert_eq!(commands[0].properties["line"], "31");
    let closing =
        "55 assets: 30 accepted, 25 rejected. Not annotated: 15 more errors. Not annotated: 20 more warnings.";
    assert_eq!(commands[20].data, closing);

    // What decides about an asset comes before what stands beside it.
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
    assert_eq!(notification, "\"500 more findings are left out, none of them worse than these.\"");
}

#[test]
fn junit_keeps_twenty_thousand_cases() {
    let text = written(OutputFormat::Junit, &crowd(20_000, 3), Verbosity::Normal);
    let document = roxmltree::Document::parse(&text).expect("XML");
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testcase"), count("failure")), (20_000, 3));
    let left_out = document.descendants().find(|node| node.attribute("name") == Some("left-out")).expect("a property");
    assert_eq!(left_out.attribute("value"), Some("3"));
}

#[test]
fn a_summary_fits_where_github_shows_it() {
    let mut reports = crowd(100, 3000);
    for report in &mut reports {
        let detail = format!("mend it {}", "x".repeat(600));
        report.findings[0].hint = detail;
    }
    let text = written(OutputFormat::Markdown, &reports, Verbosity::Normal);
    assert!((890_000..920_000).contains(&text.len()), "{} bytes", text.len());
    let rows = text.lines().filter(|line| line.starts_with("| **rejected**")).count();
    assert!(text.contains(&format!("\n{} more are not shown", 3100 - rows)), "{rows} rows");
}

#[test]
fn quiet_leaves_out_what_is_accepted() {
    for format in [OutputFormat::Junit, OutputFormat::Markdown, OutputFormat::Sarif, OutputFormat::Github] {
        let text = written(format, &crowd(2, 1), Verbosity::Quiet);
        assert!(text.contains("/2.png") && !text.contains("/0.png"), "{text}");
    }
}
