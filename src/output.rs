//! The one switch from reports to text: [`Output`]. Nothing below this floor writes for a reader.

use std::io::{self, Write};

use crate::entry::Severity;
use crate::report::{Report, Summary};

mod concise;
pub mod escape;
pub mod explain;
mod json;
mod reasons;
mod text;

/// The form in which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: every finding with what was seen and how to mend it.
    Text,
    /// One line a finding.
    Concise,
    /// The API's sentences alone.
    Reasons,
    /// One JSON document.
    Json,
    /// One JSON object an asset.
    JsonLines,
}

/// How much is written, and how it looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns to wrap at; `None` where lines may be as long as they are.
    pub width: Option<usize>,
    /// Whether colour is used.
    pub colour: bool,
    /// How much is written.
    pub detail: Detail,
}

/// How much is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Only assets that are not accepted.
    Quiet,
    /// Every asset.
    Normal,
    /// Every asset with what was observed.
    Verbose,
}

/// What is said of the run as a whole.
#[derive(Clone, Debug)]
pub struct Run {
    /// The date of the newest source of the rules: `2026-09-23`.
    pub rules_read: String,
    /// Where the rules came from: `embedded`, or the file that was named.
    pub rules_origin: String,
    /// False where a flag made the run see something else than the API would.
    pub faithful: bool,
}

/// Writes the results of one run, each report as soon as it is known.
#[derive(Debug)]
pub struct Output<W> {
    writer: W,
    format: Format,
    style: Style,
    /// Whether `reasons` writes every sentence rather than the first of each asset.
    all: bool,
    run: Run,
    written: u64,
}

impl<W: Write> Output<W> {
    /// Prepares an output; nothing is written yet.
    pub const fn new(writer: W, format: Format, style: Style, all: bool, run: Run) -> Self {
        Self { writer, format, style, all, run, written: 0 }
    }

    /// Writes one report.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn report(&mut self, report: &Report) -> io::Result<()> {
        let writer = &mut self.writer;
        match self.format {
            Format::Text => text::report(writer, report, self.style)?,
            Format::Concise => concise::report(writer, report, self.style)?,
            Format::Reasons => reasons::report(writer, report, self.all)?,
            Format::Json => json::element(writer, report, &self.run, self.written == 0)?,
            Format::JsonLines => json::line(writer, report, &self.run)?,
        }
        self.written += 1;
        self.writer.flush()
    }

    /// Writes what comes after the last report.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let writer = &mut self.writer;
        match self.format {
            Format::Text => text::summary(writer, summary, self.style)?,
            Format::Concise | Format::Reasons | Format::JsonLines => {}
            Format::Json => json::end(writer, summary, &self.run, self.written == 0)?,
        }
        self.writer.flush()
    }
}

/// Says whether a report is written at this level of detail.
fn is_wanted(report: &Report, detail: Detail) -> bool {
    detail > Detail::Quiet || report.findings.iter().any(|finding| finding.severity <= Severity::Undecided)
}
