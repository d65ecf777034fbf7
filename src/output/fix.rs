//! The results of `fix`: JSON Lines, text, or an HTML page.

use std::io::{self, Write};

use serde_json::json;

use super::html::fix::FixPage;
pub use super::html::fix::FixPreviews;
use super::json::{AssetView, SCHEMA_VERSION, text as as_text};
use super::text::TextReports;
use super::{RunInfo, Style, escape};
use crate::report::fix_report::{FixOutcome, FixReport};
use crate::text::untrusted::UntrustedText;

/// The formats of `fix`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum FixReportFormat {
    /// Lines for people.
    Text,
    /// One JSON object per file.
    Json,
    /// One self-contained HTML page with the pictures before and after.
    Html,
}

/// Writes the results of one run of `fix`.
#[derive(Debug)]
pub struct FixOutput<W> {
    writer: W,
    format: FixReportFormat,
    style: Style,
    run: RunInfo,
    page: FixPage,
}

impl<W: Write> FixOutput<W> {
    /// Prepares an output; nothing is written yet.
    pub fn new(writer: W, format: FixReportFormat, style: Style, run: RunInfo) -> Self {
        Self { writer, format, style, run, page: FixPage::default() }
    }

    /// Says whether pictures are shown.
    pub const fn shows_pictures(&self) -> bool {
        matches!(self.format, FixReportFormat::Html)
    }

    /// Writes one file.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn report(&mut self, report: &FixReport, pictures: &FixPreviews) -> io::Result<()> {
        match self.format {
            FixReportFormat::Text => text(&mut self.writer, report, self.style)?,
            FixReportFormat::Json => json(&mut self.writer, report, &self.run)?,
            FixReportFormat::Html => self.page.report(&mut self.writer, report, pictures, &self.run)?,
        }
        self.writer.flush()
    }

    /// Writes what comes after the last file.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn end(&mut self) -> io::Result<()> {
        match self.format {
            FixReportFormat::Text | FixReportFormat::Json => {}
            FixReportFormat::Html => self.page.end(&mut self.writer, &self.run)?,
        }
        self.writer.flush()
    }

    /// Returns the writer.
    pub fn into_writer(self) -> W {
        self.writer
    }
}

/// Writes one object on one line.
fn json(writer: &mut impl Write, report: &FixReport, run: &RunInfo) -> io::Result<()> {
    let FixReport { input, output, outcome, actions, geometry: _, message, command, before, after } = report;
    let object = json!({
        "schema_version": SCHEMA_VERSION,
        "input": as_text(input),
        "output": output.as_ref().map(as_text),
        "outcome": outcome.name(),
        "actions": actions,
        "message": message,
        "command": command,
        "before": AssetView::new(before, run),
        "after": after.as_ref().map(|after| AssetView::new(after, run)),
    });
    writeln!(writer, "{}", escape::json(&serde_json::to_string(&object)?))
}

/// Writes the outcome, the actions, and what is still refused.
fn text(writer: &mut impl Write, report: &FixReport, style: Style) -> io::Result<()> {
    let input = report.input.escaped_up_to(CHARACTERS).to_string();
    let to = report.output.as_ref().map(|output| format!(" -> {}", shown(output))).unwrap_or_default();
    let line = match report.outcome {
        FixOutcome::AlreadyAccepted => format!("already accepted: {input}"),
        FixOutcome::Fixed => format!("fixed: {input}{to}"),
        FixOutcome::Undecided => format!("undecided: {input}{to}"),
        FixOutcome::Planned => format!("planned: {input}{to}"),
        FixOutcome::Refused => format!("error: {input} cannot be fixed"),
        FixOutcome::StillRejected => format!("error: {input}: the result is still rejected, and was not kept"),
        FixOutcome::NeedsProgram => format!("error: {input}: a program is missing"),
        FixOutcome::NotWritten => format!("error: {input}{to}: the result was not written"),
        FixOutcome::Unreadable => format!("error: {input} cannot be read"),
    };
    writeln!(writer, "{line}")?;
    for action in &report.actions {
        writeln!(writer, "  {action}")?;
    }
    if let Some(message) = &report.message {
        writeln!(writer, "  {message}")?;
    }
    if let Some(command) = &report.command {
        writeln!(writer, "  command: {command}")?;
    }
    match &report.after {
        Some(after) if matches!(report.outcome, FixOutcome::StillRejected | FixOutcome::Undecided) => {
            TextReports::default().report(writer, after, style)
        }
        Some(_) | None => Ok(()),
    }
}

fn shown(text: &UntrustedText) -> String {
    text.escaped_up_to(CHARACTERS).to_string()
}

/// How many characters of a name are shown.
const CHARACTERS: usize = 4096;
