//! One line a finding: where, how grave, which, and the sentence.

use std::io::{self, Write};

use super::escape::before_colon;
use super::{Style, Verbosity, is_wanted, message};
use crate::asset::Location;
use crate::finding::Severity;
use crate::report::Report;

/// How many characters of an asset are shown before the findings.
const ASSET_CHARACTERS: usize = 200;

/// Writes the lines of one asset; an accepted one without remarks gets one line as well.
pub(super) fn report(writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
    if !is_wanted(report, style.detail) {
        return Ok(());
    }
    let start = match &report.location {
        Some(Location { file, line, column }) => {
            format!("{}:{line}:{column}: ", before_colon(file.escaped().to_string()))
        }
        None => String::new(),
    };
    let asset = before_colon(report.asset.escaped_up_to(ASSET_CHARACTERS).to_string());
    let findings = report
        .findings
        .iter()
        .filter(|finding| finding.severity < Severity::Note || style.detail == Verbosity::Verbose);
    let mut lines = 0;
    for finding in findings {
        let way = finding.transport.map_or_else(String::new, |way| format!(" (as {})", way.name()));
        let sentence = message::sentence(report, finding);
        let when =
            if report.is_blocked_by_schema() && finding.has_api_message() { " (once the body is fixed)" } else { "" };
        writeln!(writer, "{start}{asset}: {}[{}]{way}{when} {sentence}", finding.severity.name(), finding.code())?;
        lines += 1;
    }
    if lines == 0 {
        writeln!(writer, "{start}{asset}: {}", report.verdict.name())?;
    }
    Ok(())
}
