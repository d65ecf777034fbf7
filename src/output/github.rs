//! Workflow commands of GitHub Actions: each finding becomes an annotation at its file and line.
//!
//! A step shows at most ten annotations of a kind, so the worst are chosen once all are known; one closing notice
//! sums the run up.

use std::io::{self, Write};

use super::escape::github::{data_up_to, property};
use super::escape::visible;
use super::message;
use super::message::{Rank, Spot};
use super::top_n::Worst;
use super::{RunInfo, Style, Verbosity, is_wanted};
use crate::finding::{Finding, Severity};
use crate::report::{Report, Summary};

/// How many annotations of a kind a step shows. Source: GitHub's documentation of problem matchers, "10 warning
/// annotations, 10 error annotations, and 10 notice annotations per step".
const SHOWN: usize = 10;

/// The longest message, in bytes as encoded.
const MESSAGE: usize = 4096;

/// The annotations of a run.
#[derive(Debug)]
pub(super) struct Annotations {
    errors: Worst<Rank, String>,
    warnings: Worst<Rank, String>,
    notices: Worst<Rank, String>,
}

impl Annotations {
    pub(super) const fn new() -> Self {
        // The closing notice takes the last place.
        Self { errors: Worst::new(SHOWN), warnings: Worst::new(SHOWN), notices: Worst::new(SHOWN - 1) }
    }

    /// Takes the findings of one asset.
    pub(super) fn add(&mut self, report: &Report, style: Style) {
        if !is_wanted(report, style.detail) {
            return;
        }
        for (nth, finding) in report.findings.iter().enumerate() {
            let rank = message::rank(report, nth, finding);
            match finding.severity {
                Severity::Error => self.errors.offer(rank, || command("error", report, finding)),
                Severity::Undecided | Severity::Warning => {
                    self.warnings.offer(rank, || command("warning", report, finding));
                }
                Severity::Note if style.detail == Verbosity::Quiet => {}
                Severity::Note => self.notices.offer(rank, || command("notice", report, finding)),
            }
        }
    }

    /// Writes the commands, the worst first, and the closing notice.
    pub(super) fn write(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        let RunInfo { rules_read: _, rules_origin: _, request_rules: _, config: _, matches_api: faithful } = run;
        let mut closing = vec![format!("{}.", message::count(summary))];
        for (kind, worst) in
            [("errors", &mut self.errors), ("warnings", &mut self.warnings), ("notices", &mut self.notices)]
        {
            if worst.left_out() > 0 {
                closing.push(format!("Not annotated: {} more {kind}.", worst.left_out()));
            }
            for (_, command) in worst.take() {
                writeln!(writer, "{command}")?;
            }
        }
        if !faithful {
            closing.push(message::UNFAITHFUL.to_owned());
        }
        writeln!(writer, "::notice title={}::{}", env!("CARGO_PKG_NAME"), data_up_to(&closing.join(" "), MESSAGE))
    }
}

/// Writes one finding as one command.
fn command(kind: &str, report: &Report, finding: &Finding) -> String {
    let place = Spot::of(report).map_or_else(String::new, |spot| place(&spot));
    let message = data_up_to(&message::lines(report, finding).join("\n"), MESSAGE);
    format!("::{kind} {place}title={}::{message}", finding.code())
}

/// Writes the properties of a place, each with its comma.
fn place(spot: &Spot<'_>) -> String {
    let Spot { file, at } = spot;
    let mut file = visible(&file.escaped_up_to(FILE_CHARACTERS).to_string());
    if file.starts_with('=') {
        // The runner takes any number of equals signs between a name and its value.
        file.insert_str(0, "./");
    }
    let at = at.map_or_else(String::new, |(line, column)| format!("line={line},col={column},"));
    format!("file={},{at}", property(&file))
}

/// How many characters of a file's name are written; file systems have 255 for one part.
const FILE_CHARACTERS: usize = 1024;
