//! Markdown: one table, the worst results first. Untrusted text is written in code spans.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::causes::{self, CauseGroup};
use super::escape::markdown::code_span;
use super::message::SourceLocation;
use super::top_n::TopN;
use super::{RunInfo, message};
use crate::finding::{Severity, Verdict};
use crate::report::{Report, Summary};
use crate::units::Grouped;

/// How many rows are kept.
const ROWS: usize = 2000;

/// The longest text, in bytes. Source: GitHub's documentation of job summaries, "1MiB per step"; the rest is left for
/// other commands of the step.
const BYTES: usize = 900_000;

/// The rows of a run.
#[derive(Debug)]
pub(super) struct MarkdownTable(TopN<(Reverse<Verdict>, u64), String>);

impl MarkdownTable {
    pub(super) const fn new() -> Self {
        Self(TopN::new(ROWS))
    }

    /// Adds one asset.
    pub(super) fn add(&mut self, report: &Report) {
        let _ = self.0.push((Reverse(report.verdict), report.index), row(report));
    }

    /// Writes the heading, the table, and the number of omitted rows.
    pub(super) fn write(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        writeln!(writer, "### {}: {}\n", env!("CARGO_PKG_NAME"), message::count(summary))?;
        if !run.matches_api {
            writeln!(writer, "{}\n", message::DEVIATES)?;
        }
        let mut omitted = self.0.omitted();
        let rows = self.0.take();
        if !rows.is_empty() {
            writeln!(writer, "| verdict | asset | place | API message | hint |")?;
            writeln!(writer, "|---|---|---|---|---|")?;
        }
        let mut written = 0;
        for (_, row) in rows {
            written += row.len() + 1;
            if written > BYTES {
                omitted += 1;
            } else {
                writeln!(writer, "{row}")?;
            }
        }
        if omitted > 0 {
            writeln!(writer, "\n{} more not shown, all equal or less severe.", Grouped(omitted))?;
        }
        writeln!(writer, "\nRules of {} ({}).", code_span(&run.rules.read), code_span(&run.rules.origin))
    }
}

/// Writes one asset as one row.
fn row(report: &Report) -> String {
    let verdict = match report.verdict {
        Verdict::Accepted if report.is_not_fetched() => "not fetched",
        Verdict::Accepted => "accepted",
        Verdict::Undecided => "**undecided**",
        Verdict::Rejected => "**rejected**",
    };
    let place = SourceLocation::of(report).and_then(|spot| {
        let (line, _) = spot.at?;
        Some(code_span(&format!("{}:{line}", spot.file.escaped())))
    });
    let finding = message::deciding(report).filter(|finding| finding.severity < Severity::Note);
    let groups = causes::causes(report);
    let others = others(&groups);
    let said = finding.map(|finding| {
        let code = finding.code();
        if finding.has_api_message() {
            return format!("{} ({code}{others})", code_span(&message::sentence(report, finding)));
        }
        format!("({code}{others})")
    });
    let group = finding.and_then(|finding| groups.iter().find(|group| group.contains(finding)));
    let fix = group
        .map(|group| group.hint().lines().map(|line| code_span(line.trim_start())).collect::<Vec<_>>().join("<br>"));
    let [place, said, fix] = [place, said, fix].map(Option::unwrap_or_default);
    format!("| {verdict} | {} | {place} | {said} | {fix} |", code_span(&message::asset(report)))
}

/// Counts the causes that are not shown.
fn others(groups: &[CauseGroup<'_>]) -> String {
    let causes = groups.iter().filter(|group| group.main.severity < Severity::Note).count();
    match causes.saturating_sub(1) {
        0 => String::new(),
        others => format!(", {others} more"),
    }
}
