//! One line per finding: location, severity, code, message, and the cause in parentheses.

use std::io::{self, Write};

use super::causes::{CauseGroup, as_sent, causes};
use super::escape::before_colon;
use super::{Style, Verbosity, has_problem, message};
use crate::asset::Location;
use crate::finding::Severity;
use crate::report::Report;

/// Writes the lines of one asset; an accepted asset is written if it is the only one, or with `--verbose`.
pub(super) fn report(writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
    let is_verbose = style.verbosity == Verbosity::Verbose;
    for group in causes(report).iter().filter(|group| group.main.severity < Severity::Note || is_verbose) {
        writeln!(writer, "{}", line(report, group))?;
    }
    if !has_problem(report) && (style.is_single || is_verbose) {
        let word = if report.is_not_fetched() { "not fetched" } else { report.verdict.name() };
        writeln!(writer, "{}{word}", start(report))?;
    }
    Ok(())
}

/// Writes a cause as one line.
pub(super) fn line(report: &Report, group: &CauseGroup<'_>) -> String {
    let main = group.main;
    let way = main.transport.map_or_else(String::new, |transport| format!(" ({})", as_sent(transport)));
    let hidden = if message::is_hidden(report, main) { " (hidden until the schema errors are fixed)" } else { "" };
    let cause = message::short_cause(group);
    let cause = if cause.is_empty() { cause } else { format!(" ({cause})") };
    let text = message::sentence(report, main);
    format!("{}{}[{}]{way}: {text}{cause}{hidden}", start(report), main.severity.name(), main.code())
}

/// Returns the location and the asset.
fn start(report: &Report) -> String {
    let place = match &report.location {
        Some(Location { file, line, column }) => {
            format!("{}:{line}:{column}: ", before_colon(file.escaped().to_string()))
        }
        None => String::new(),
    };
    let asset = message::short_query(&message::asset(report));
    format!("{place}{}: ", before_colon(asset))
}
