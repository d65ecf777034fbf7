//! A request body for people: its verdict and what it was judged for, what is wrong with its values, then its assets.

use std::io::{self, Write};

use colored::Colorize as _;

use super::{Style, Verbosity, paragraph, verdict};
use crate::asset::Location;
use crate::finding::{Severity, Verdict};
use crate::report::Report;
use crate::report::request_report::RequestReport;

/// Writes one request.
pub(in crate::output) fn request(writer: &mut impl Write, request: &RequestReport, style: Style) -> io::Result<()> {
    let RequestReport {
        index: _,
        location: place,
        endpoint,
        is_detected: is_recognised,
        model,
        verdict,
        issues,
        lints: remarks,
        assets,
        predicted: _,
    } = request;
    if style.detail == Verbosity::Quiet && *verdict == Verdict::Accepted {
        return Ok(());
    }
    colored::control::set_override(style.colour);
    let mut judged_for: Vec<String> = Vec::new();
    judged_for.extend(endpoint.as_ref().map(|endpoint| {
        let recognised = if *is_recognised { " (recognised)" } else { "" };
        format!("{endpoint}{recognised}")
    }));
    judged_for.extend(model.as_ref().map(|model| model.escaped().to_string()));
    let judged_for = if judged_for.is_empty() { String::new() } else { format!("  {}", judged_for.join(", ")) };
    let place = format!("{}:{}", place.file.escaped(), place.line);
    writeln!(writer, "{} {place}{}", self::verdict(*verdict), judged_for.dimmed())?;
    for report in issues.iter().map(|issue| &issue.report).chain(remarks) {
        note(writer, report, style)?;
    }
    if issues.is_empty() && remarks.is_empty() && assets.is_empty() {
        return Ok(());
    }
    writeln!(writer)?;
    assets.iter().try_for_each(|asset| super::report(writer, asset, style))
}

/// Writes what was found about one value, with its place behind the label.
fn note(writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
    for finding in &report.findings {
        let label =
            format!("{}[{}]", finding.severity.name(), finding.code()).color(super::weight(finding.severity)).bold();
        let place = report.location.as_ref();
        let place = place.map(|Location { file, line, column }| format!("{}:{line}:{column}", file.escaped()));
        writeln!(writer, "  {label} {}", place.unwrap_or_default())?;
        super::sentence(writer, finding, &report.prefixed(&finding.message()), style)?;
        if !finding.detail.is_empty() {
            paragraph(writer, "seen", &finding.detail, style)?;
        }
        if !finding.hint.is_empty() && finding.severity != Severity::Note {
            paragraph(writer, "fix", &finding.hint, style)?;
        }
    }
    Ok(())
}
