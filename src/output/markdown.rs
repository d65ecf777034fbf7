//! Markdown: one table, the worst first. What came from outside stands in code spans.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::escape::markdown::code_span;
use super::message;
use super::message::Spot;
use super::top_n::Worst;
use super::{RunInfo, Style, is_wanted};
use crate::finding::{Severity, Verdict};
use crate::report::{Report, Summary};

/// How many rows are kept.
const ROWS: usize = 2000;

/// The longest text, in bytes. Source: GitHub's documentation of job summaries, "1MiB per step"; the rest is room
/// for what other commands of the step write.
const BYTES: usize = 900_000;

/// The rows of a run.
#[derive(Debug)]
pub(super) struct Table(Worst<(Reverse<Verdict>, u64), String>);

impl Table {
    pub(super) const fn new() -> Self {
        Self(Worst::new(ROWS))
    }

    /// Takes one asset.
    pub(super) fn add(&mut self, report: &Report, style: Style) {
        if is_wanted(report, style.detail) {
            self.0.offer((Reverse(report.verdict), report.index), || row(report));
        }
    }

    /// Writes the heading, the table, and what it leaves out.
    pub(super) fn write(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        let RunInfo { rules_read, rules_origin, request_rules: _, config: _, matches_api: faithful } = run;
        writeln!(writer, "### {}: {}\n", env!("CARGO_PKG_NAME"), message::count(summary))?;
        if !faithful {
            writeln!(writer, "{}\n", message::UNFAITHFUL)?;
        }
        let mut left_out = self.0.left_out();
        let rows = self.0.take();
        if !rows.is_empty() {
            writeln!(writer, "| verdict | asset | where | what the API would say | how to mend it |")?;
            writeln!(writer, "|---|---|---|---|---|")?;
        }
        let mut written = 0;
        for (_, row) in rows {
            written += row.len() + 1;
            if written > BYTES {
                left_out += 1;
            } else {
                writeln!(writer, "{row}")?;
            }
        }
        if left_out > 0 {
            writeln!(writer, "\n{left_out} more are not shown, none of them worse than these.")?;
        }
        writeln!(writer, "\nRules of {} ({}).", code_span(rules_read), code_span(rules_origin))
    }
}

/// Writes one asset as one row.
fn row(report: &Report) -> String {
    let Report {
        index: _,
        request: _,
        asset: _,
        location: _,
        field: _,
        kind: _,
        transport: _,
        verdict,
        findings,
        by_transport: _,
        observed: _,
    } = report;
    let verdict = match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Undecided => "**undecided**",
        Verdict::Rejected => "**rejected**",
    };
    let asset = code_span(&message::asset(report));
    let place = Spot::of(report).and_then(|spot| {
        let (line, _) = spot.at?;
        Some(code_span(&format!("{}:{line}", spot.file.escaped())))
    });
    let finding = message::deciding(report).filter(|finding| finding.severity < Severity::Note);
    let said = finding.map(|finding| {
        let others = findings.iter().filter(|other| other.severity < Severity::Note).count().saturating_sub(1);
        let others = if others > 0 { format!(", {others} more") } else { String::new() };
        format!("{} ({}{others})", code_span(&message::sentence(report, finding)), finding.code())
    });
    let fix = finding
        .map(|finding| finding.hint.lines().map(|line| code_span(line.trim_start())).collect::<Vec<_>>().join("<br>"));
    let cell = |text: Option<String>| text.unwrap_or_default();
    format!("| {verdict} | {asset} | {} | {} | {} |", cell(place), cell(said), cell(fix))
}
