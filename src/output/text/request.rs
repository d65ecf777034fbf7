//! Text for a request body: its heading, and its findings in the API's order.

use std::io::{self, Write};

use colored::{Color, Colorize as _};

use crate::finding::Verdict;
use crate::report::Report;
use crate::report::request_report::RequestReport;

/// Writes the verdict, the location, and the endpoint and model that the request was checked for.
pub(super) fn heading(writer: &mut impl Write, request: &RequestReport) -> io::Result<()> {
    let RequestReport { location, endpoint, is_detected, model, verdict, .. } = request;
    let detected = if *is_detected { " (detected)" } else { "" };
    let mut checked_for: Vec<String> = Vec::new();
    checked_for.extend(endpoint.as_ref().map(|endpoint| format!("{endpoint}{detected}")));
    checked_for.extend(model.as_ref().map(|model| model.escaped().to_string()));
    let checked_for = if checked_for.is_empty() { String::new() } else { format!("  {}", checked_for.join(", ")) };
    let color = match verdict {
        Verdict::Accepted => Color::Green,
        Verdict::Undecided => Color::Yellow,
        Verdict::Rejected => Color::Red,
    };
    let place = format!("{}:{}", location.file.escaped(), location.line);
    writeln!(writer, "{}: {place}{}", verdict.name().color(color).bold(), checked_for.dimmed())
}

/// Returns the reports in the API's order, and whether each is what the API reports first: the first schema issue, else
/// the first rejected asset.
pub(super) fn in_api_order(request: &RequestReport) -> Vec<(&Report, bool)> {
    let issues = request.issues.iter().map(|issue| &issue.report);
    let first_asset = request.assets.iter().position(|asset| asset.verdict == Verdict::Rejected);
    let has_issues = !request.issues.is_empty();
    let issues = issues.enumerate().map(|(nth, report)| (report, nth == 0));
    let assets = request.assets.iter().enumerate();
    let assets = assets.map(|(nth, report)| (report, !has_issues && Some(nth) == first_asset));
    issues.chain(assets).chain(request.lints.iter().map(|report| (report, false))).collect()
}
