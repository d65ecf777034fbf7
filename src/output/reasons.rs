//! Only the API's sentences, prefixed as in the API's response: for `grep`, and to compare with a real response.

use std::io::{self, Write};

use super::message;
use crate::finding::Severity;
use crate::report::Report;
use crate::report::request_report::RequestReport;

/// Writes the sentences of one response: all schema issues, then those of the assets that the API gets to.
pub(super) fn request(writer: &mut impl Write, request: &RequestReport, all: bool) -> io::Result<()> {
    for issue in &request.issues {
        report(writer, &issue.report, true)?;
    }
    for lint in &request.lints {
        report(writer, lint, all)?;
    }
    let reached = request.assets.iter().filter(|asset| all || !asset.is_blocked_by_schema());
    reached.into_iter().try_for_each(|asset| report(writer, asset, all))
}

/// Writes the first sentence of a rejected asset, or all of them.
pub(super) fn report(writer: &mut impl Write, report: &Report, all: bool) -> io::Result<()> {
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    if all {
        for finding in errors {
            writeln!(writer, "{}", message::api_message(report, finding))?;
        }
    } else if let (Some(finding), Some(_)) = (report.api_finding(), errors.into_iter().next()) {
        writeln!(writer, "{}", message::api_message(report, finding))?;
    }
    Ok(())
}
