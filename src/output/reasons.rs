//! The API's sentences alone, as the API prefixes them: made for `grep` and for comparing with a real answer.

use std::io::{self, Write};

use super::plain;
use crate::entry::Severity;
use crate::report::Report;

/// Writes the first sentence of a rejected asset, or all of them.
pub(super) fn report(writer: &mut impl Write, report: &Report, all: bool) -> io::Result<()> {
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    if all {
        for finding in errors {
            writeln!(writer, "{}", plain::sentence(report, finding))?;
        }
    } else if let (Some(finding), Some(_)) = (report.first(), errors.into_iter().next()) {
        writeln!(writer, "{}", plain::sentence(report, finding))?;
    }
    Ok(())
}
