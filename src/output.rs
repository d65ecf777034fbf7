//! Renders reports: [`Output`] selects the format. No lower layer produces output for people or programs.

use std::io::{self, Write};
use std::path::PathBuf;

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::finding::{Severity, Verdict};
use crate::report::picture::Picture;
use crate::report::request_report::RequestReport;
use crate::report::{Report, Summary};

mod api;
mod causes;
mod concise;
mod diagnose;
pub mod escape;
mod explain;
pub mod fingerprint;
#[cfg(feature = "fix")]
pub mod fix;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod message;
mod reasons;
pub mod resume_log;
mod rules;
mod rules_diff;
mod sarif;
mod statistics;
mod style;
mod text;
mod top_n;

pub use api::response_body as api_response_body;
pub use diagnose::{diagnosis_json, diagnosis_row, diagnosis_text};
pub use explain::{codes as explain_codes, json as explain_json, text as explain_text};
use fingerprint::RunFingerprint;
use github::Annotations;
use gitlab::CodeQuality;
use html::HtmlPage;
use junit::TestCases;
use markdown::MarkdownTable;
pub use rules::{RequestRulesListing, RulesListing, SourceCitation, json as rules_json, text as rules_text};
pub use rules_diff::{RulesDiff, json as rules_diff_json, text as rules_diff_text};
use sarif::SarifResults;
use statistics::Statistics;
pub use style::{Filter, Only, Style, Verbosity};
use text::TextReports;
pub(crate) use text::wrap;

/// The format in which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, VariantNames)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum OutputFormat {
    /// For people: every finding with what was found and how to fix it.
    Text,
    /// One line per finding.
    Concise,
    /// The API's messages alone.
    Reasons,
    /// One JSON document.
    Json,
    /// One JSON object per asset.
    #[strum(serialize = "jsonl")]
    JsonLines,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code Quality JSON of GitLab.
    Gitlab,
    /// `JUnit` XML.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// A table in Markdown.
    Markdown,
    /// One self-contained HTML page.
    Html,
    /// The body of the API's response to each request.
    Api,
}

impl OutputFormat {
    /// Every format, in the order of the help.
    pub const ALL: &'static [Self] = <Self as VariantArray>::VARIANTS;

    /// Returns the name used in flags.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The facts of a run that its reports mention.
#[derive(Clone, Debug, Default)]
pub struct RunInfo {
    /// The asset rules.
    pub rules: RulesOrigin,
    /// The request rules; `None` if no body is checked.
    pub request_rules: Option<RulesOrigin>,
    /// The name of the configuration file, if there is one.
    pub config: Option<String>,
    /// False if a flag made the observations differ from the API's.
    pub matches_api: bool,
    /// The repository that file locations are relative to, if there is one.
    pub repository: Option<Repository>,
}

/// A repository, and the folder in it that relative names of files start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The root, as an absolute path.
    pub root: PathBuf,
    /// The working directory, as an absolute path.
    pub current: PathBuf,
}

/// Date and origin of rules.
#[derive(Clone, Debug, Default)]
pub struct RulesOrigin {
    /// The date of their newest source: `2026-09-23`.
    pub read: String,
    /// `embedded`, or a file.
    pub origin: String,
}

/// Writes the results of one run: each report as soon as it is known, or at the end if a format starts with counts or
/// shows only the worst reports.
#[derive(Debug)]
pub struct Output<W> {
    writer: W,
    emitter: Emitter,
    style: Style,
    /// Whether `reasons` writes every message rather than the first of each asset.
    all: bool,
    run: RunInfo,
    fingerprint: Option<RunFingerprint>,
    statistics: Statistics,
    written: u64,
}

/// A format, and the data that it keeps until the end.
#[derive(Debug)]
enum Emitter {
    Text(TextReports),
    Concise,
    Reasons,
    Json(json::Requests),
    JsonLines,
    Api,
    Github(Annotations),
    Gitlab(CodeQuality),
    Junit(TestCases),
    Sarif(SarifResults),
    Markdown(MarkdownTable),
    Html(HtmlPage),
}

impl From<OutputFormat> for Emitter {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Text => Self::Text(TextReports::default()),
            OutputFormat::Concise => Self::Concise,
            OutputFormat::Reasons => Self::Reasons,
            OutputFormat::Json => Self::Json(json::Requests::default()),
            OutputFormat::JsonLines => Self::JsonLines,
            OutputFormat::Api => Self::Api,
            OutputFormat::Github => Self::Github(Annotations::new()),
            OutputFormat::Gitlab => Self::Gitlab(CodeQuality::default()),
            OutputFormat::Junit => Self::Junit(TestCases::new()),
            OutputFormat::Sarif => Self::Sarif(SarifResults::new()),
            OutputFormat::Markdown => Self::Markdown(MarkdownTable::new()),
            OutputFormat::Html => Self::Html(HtmlPage::default()),
        }
    }
}

impl<W: Write> Output<W> {
    /// Prepares an output; nothing is written yet.
    pub fn new(writer: W, format: OutputFormat, style: Style, all: bool, run: RunInfo) -> Self {
        let statistics = Statistics::default();
        Self { writer, emitter: format.into(), style, all, run, fingerprint: None, statistics, written: 0 }
    }

    /// Adds the fingerprint of the run to the next JSON line, so that another run can resume this one.
    pub fn set_fingerprint(&mut self, fingerprint: RunFingerprint) {
        self.fingerprint = Some(fingerprint);
    }

    /// Says whether a picture of the next report would be shown.
    #[must_use]
    pub fn shows_picture(&self, report: &Report) -> bool {
        let is_written = self.style.verbosity > Verbosity::Silent && self.style.only.accepts(report);
        matches!(self.emitter, Emitter::Html(_)) && is_written
    }

    /// Adds the picture of the next report, where the format shows pictures.
    pub fn set_picture(&mut self, picture: Option<Picture>) {
        if let Emitter::Html(page) = &mut self.emitter {
            page.set_picture(picture);
        }
    }

    /// Writes one report, or keeps it for the end. It may stay in the writer's buffer until [`Output::flush`].
    ///
    /// # Errors
    /// When the writer fails.
    pub fn report(&mut self, report: &Report) -> io::Result<()> {
        self.statistics.add(report);
        if self.style.verbosity == Verbosity::Silent || !self.style.only.accepts(report) {
            return Ok(());
        }
        self.emit(report)
    }

    fn emit(&mut self, report: &Report) -> io::Result<()> {
        let (writer, style) = (&mut self.writer, self.style);
        match &mut self.emitter {
            Emitter::Text(reports) => reports.report(writer, report, style)?,
            Emitter::Concise => concise::report(writer, report, style)?,
            Emitter::Reasons => reasons::report(writer, report, self.all)?,
            Emitter::Json(_) => json::element(writer, report, &self.run, self.written == 0)?,
            Emitter::JsonLines => json::line(writer, report, &self.run, self.fingerprint.take().as_ref())?,
            Emitter::Api => {}
            Emitter::Github(annotations) => annotations.add(writer, report, style, &self.run)?,
            Emitter::Gitlab(issues) => issues.add(writer, report, &self.run)?,
            Emitter::Junit(cases) => cases.add(report),
            Emitter::Sarif(results) => results.add(report, &self.run),
            Emitter::Markdown(table) => table.add(report),
            Emitter::Html(page) => page.report(writer, report, &self.run)?,
        }
        self.written += 1;
        Ok(())
    }

    /// Writes a line of an earlier run's JSON Lines again.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn earlier_line(&mut self, line: &str) -> io::Result<()> {
        if self.style.verbosity == Verbosity::Silent {
            return Ok(());
        }
        // The first line describes the run in both cases.
        self.fingerprint = None;
        self.written += 1;
        writeln!(self.writer, "{}", escape::json(line))
    }

    /// Flushes the writer.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Writes one request, or keeps it for the end.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn request(&mut self, request: &RequestReport) -> io::Result<()> {
        for report in request.reports() {
            self.statistics.add(&report);
        }
        if self.style.verbosity == Verbosity::Silent || !self.style.only.accepts_request(request) {
            return Ok(());
        }
        let (writer, style) = (&mut self.writer, self.style);
        match &mut self.emitter {
            Emitter::Text(reports) => reports.request(writer, request, style)?,
            Emitter::Reasons => reasons::request(writer, request, self.all)?,
            Emitter::Json(requests) => requests.add(writer, request, &self.run)?,
            Emitter::JsonLines => json::request_line(writer, request, &self.run, self.fingerprint.take().as_ref())?,
            Emitter::Api => api::request(writer, request)?,
            Emitter::Html(page) => page.request(writer, request, &self.run)?,
            Emitter::Concise
            | Emitter::Github(_)
            | Emitter::Gitlab(_)
            | Emitter::Junit(_)
            | Emitter::Sarif(_)
            | Emitter::Markdown(_) => {
                let reports = request.reports();
                // An accepted asset is shown if it is the only result.
                self.style.is_single &= reports.len() == 1;
                for report in reports {
                    let mut report = report.into_owned();
                    // The index counts all results of the run, as for assets.
                    report.index = self.written;
                    self.emit(&report)?;
                }
            }
        }
        self.writer.flush()
    }

    /// Writes the summary, and the results kept for the end.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.style.verbosity == Verbosity::Silent {
            return self.writer.flush();
        }
        let (writer, run) = (&mut self.writer, &self.run);
        match &mut self.emitter {
            Emitter::Text(_) => text::summary(writer, summary, &self.statistics, self.style)?,
            Emitter::Concise | Emitter::Reasons | Emitter::JsonLines | Emitter::Api => {}
            Emitter::Json(requests) if summary.assets_in_requests.is_some() => requests.end(writer, summary, run)?,
            Emitter::Json(_) => json::end(writer, summary, run, self.written == 0)?,
            Emitter::Github(annotations) => annotations.write(writer, summary, run)?,
            Emitter::Gitlab(issues) => issues.end(writer)?,
            Emitter::Junit(cases) => cases.write(writer, summary, run)?,
            Emitter::Sarif(results) => results.write(writer, summary, run)?,
            Emitter::Markdown(table) => table.write(writer, summary, run)?,
            Emitter::Html(page) => page.end(writer, summary, run)?,
        }
        self.writer.flush()
    }

    /// Returns a mutable reference to the writer.
    pub fn writer(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Returns the writer.
    pub fn into_writer(self) -> W {
        self.writer
    }
}

/// Returns whether an asset has a problem: it is not accepted, or accepted with a warning.
fn has_problem(report: &Report) -> bool {
    report.verdict != Verdict::Accepted || report.findings.iter().any(|finding| finding.severity < Severity::Note)
}
