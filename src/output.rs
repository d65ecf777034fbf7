//! The one switch from reports to text: [`Output`]. Nothing below this floor writes for a reader.

use std::io::{self, Write};

use crate::finding::Severity;
use crate::report::request_report::RequestReport;
use crate::report::{Report, Summary};

mod api;
mod concise;
mod diagnose;
pub mod escape;
mod explain;
pub mod fingerprint;
mod github;
mod json;
mod junit;
mod markdown;
mod message;
mod reasons;
pub mod resume_log;
mod rules;
mod rules_diff;
mod sarif;
mod snippet;
mod text;
mod top_n;

pub use api::answer as api_answer;
pub use diagnose::{diagnosis_json, diagnosis_text};
pub use explain::{json as explain_json, text as explain_text};
use fingerprint::RunFingerprint;
use github::Annotations;
use junit::Cases;
use markdown::Table;
pub use rules::{Bodies, Listing, Stated, json as rules_json, text as rules_text};
pub use rules_diff::{RulesDiff, json as rules_diff_json, text as rules_diff_text};
use sarif::Results;

/// The form in which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputFormat {
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
    /// Workflow commands of GitHub Actions.
    Github,
    /// `JUnit` XML.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// A table in Markdown.
    Markdown,
    /// The body of the API's answer to each request; nothing about assets that stand in none.
    Api,
}

/// How much is written, and how it looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns to wrap at; `None` where lines may be as long as they are.
    pub width: Option<usize>,
    /// Whether colour is used.
    pub colour: bool,
    /// Whether codes and pages are links that a terminal can open.
    pub links: bool,
    /// How much is written.
    pub detail: Verbosity,
}

/// How much is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Only assets that are not accepted.
    Quiet,
    /// Every asset.
    Normal,
    /// Every asset with what was observed.
    Verbose,
}

/// What is said of the run as a whole.
#[derive(Clone, Debug, Default)]
pub struct RunInfo {
    /// The date of the newest source of the rules on assets: `2026-09-23`.
    pub rules_read: String,
    /// Where the rules on assets came from: `embedded`, or the file that was named.
    pub rules_origin: String,
    /// The same of the rules on request bodies; `None` where no body is judged.
    pub request_rules: Option<RulesOrigin>,
    /// The configuration file in force, as it is shown.
    pub config: Option<String>,
    /// False where a flag made the run see something else than the API would.
    pub matches_api: bool,
}

/// Which rules hold.
#[derive(Clone, Debug)]
pub struct RulesOrigin {
    /// The date of their newest source.
    pub read: String,
    /// Where they came from: `embedded`, or the file that was named.
    pub origin: String,
}

/// Writes the results of one run: each report as soon as it is known, or the worst of them at the end, where a format
/// begins with counts or shows only so many.
#[derive(Debug)]
pub struct Output<W> {
    writer: W,
    form: Emitter,
    style: Style,
    /// Whether `reasons` writes every sentence rather than the first of each asset.
    all: bool,
    run: RunInfo,
    stamp: Option<RunFingerprint>,
    written: u64,
}

/// A format, and what it has to keep until the end.
#[derive(Debug)]
enum Emitter {
    Text,
    Concise,
    Reasons,
    Json(json::Requests),
    JsonLines,
    Api,
    Github(Annotations),
    Junit(Cases),
    Sarif(Results),
    Markdown(Table),
}

impl From<OutputFormat> for Emitter {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Text => Self::Text,
            OutputFormat::Concise => Self::Concise,
            OutputFormat::Reasons => Self::Reasons,
            OutputFormat::Json => Self::Json(json::Requests::default()),
            OutputFormat::JsonLines => Self::JsonLines,
            OutputFormat::Api => Self::Api,
            OutputFormat::Github => Self::Github(Annotations::new()),
            OutputFormat::Junit => Self::Junit(Cases::new()),
            OutputFormat::Sarif => Self::Sarif(Results::new()),
            OutputFormat::Markdown => Self::Markdown(Table::new()),
        }
    }
}

impl<W: Write> Output<W> {
    /// Prepares an output; nothing is written yet.
    pub fn new(writer: W, format: OutputFormat, style: Style, all: bool, run: RunInfo) -> Self {
        Self { writer, form: format.into(), style, all, run, stamp: None, written: 0 }
    }

    /// Lets the next line of JSON Lines say by what the run is bound, for one that goes on with it.
    pub fn set_fingerprint(&mut self, stamp: RunFingerprint) {
        self.stamp = Some(stamp);
    }

    /// Writes one report, or keeps what the end needs of it. It may stay in the writer's buffer until [`Output::flush`].
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn report(&mut self, report: &Report) -> io::Result<()> {
        let (writer, style) = (&mut self.writer, self.style);
        match &mut self.form {
            Emitter::Text => text::report(writer, report, style)?,
            Emitter::Concise => concise::report(writer, report, style)?,
            Emitter::Reasons => reasons::report(writer, report, self.all)?,
            Emitter::Json(_) => json::element(writer, report, &self.run, self.written == 0)?,
            Emitter::JsonLines => json::line(writer, report, &self.run, self.stamp.take().as_ref())?,
            Emitter::Api => {}
            Emitter::Github(annotations) => annotations.add(report, style),
            Emitter::Junit(cases) => cases.add(report, style),
            Emitter::Sarif(results) => results.add(report, style),
            Emitter::Markdown(table) => table.add(report, style),
        }
        self.written += 1;
        Ok(())
    }

    /// Lets the reader have what was written so far.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Writes one request, or keeps what the end needs of it.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn request(&mut self, request: &RequestReport) -> io::Result<()> {
        let (writer, style) = (&mut self.writer, self.style);
        match &mut self.form {
            Emitter::Text => text::request(writer, request, style)?,
            Emitter::Reasons => reasons::request(writer, request, self.all)?,
            Emitter::Json(requests) => requests.add(writer, request, &self.run)?,
            Emitter::JsonLines => json::request_line(writer, request, &self.run, self.stamp.take().as_ref())?,
            Emitter::Api => api::request(writer, request)?,
            Emitter::Concise | Emitter::Github(_) | Emitter::Junit(_) | Emitter::Sarif(_) | Emitter::Markdown(_) => {
                for row in request.reports() {
                    self.row(row.into_owned())?;
                }
            }
        }
        self.writer.flush()
    }

    /// Writes one row of a request as if it were an asset, numbered among all rows.
    fn row(&mut self, mut row: Report) -> io::Result<()> {
        row.index = self.written;
        self.report(&row)
    }

    /// Writes what comes after the last report.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let (writer, run) = (&mut self.writer, &self.run);
        match &mut self.form {
            Emitter::Text => text::summary(writer, summary, self.style)?,
            Emitter::Concise | Emitter::Reasons | Emitter::JsonLines | Emitter::Api => {}
            Emitter::Json(requests) if summary.assets_in_requests.is_some() => requests.end(writer, summary, run)?,
            Emitter::Json(_) => json::end(writer, summary, run, self.written == 0)?,
            Emitter::Github(annotations) => annotations.write(writer, summary, run)?,
            Emitter::Junit(cases) => cases.write(writer, summary, run)?,
            Emitter::Sarif(results) => results.write(writer, summary, run)?,
            Emitter::Markdown(table) => table.write(writer, summary, run)?,
        }
        self.writer.flush()
    }

    /// Lends the writer.
    pub fn writer(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Gives the writer back.
    pub fn into_writer(self) -> W {
        self.writer
    }
}

/// Says whether a report is written at this level of detail.
fn is_wanted(report: &Report, detail: Verbosity) -> bool {
    detail > Verbosity::Quiet || report.findings.iter().any(|finding| finding.severity <= Severity::Undecided)
}
