//! Code Quality JSON of GitLab: one issue per cause, at its file and line. Issues without a file in the repository get
//! a path named after the program.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::causes::causes;
use super::message::SourceLocation;
use super::{RunInfo, escape, message, sarif};
use crate::finding::{Finding, Severity};
use crate::report::Report;
use crate::text::secret::REDACTED;

/// The issues of a run, written as they are found.
#[derive(Debug, Default)]
pub(super) struct CodeQuality {
    written: u64,
    /// How often each fingerprint was written.
    seen: HashMap<String, u64>,
}

#[derive(Serialize)]
struct CodeQualityIssue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: IssueLocation,
}

#[derive(Serialize)]
struct IssueLocation {
    path: String,
    lines: IssueLines,
}

#[derive(Serialize)]
struct IssueLines {
    begin: u64,
}

impl CodeQuality {
    /// Writes the causes of one asset.
    pub(super) fn add(&mut self, writer: &mut impl Write, report: &Report, run: &RunInfo) -> io::Result<()> {
        for group in causes(report) {
            let severity = match group.main.severity {
                Severity::Error => "critical",
                Severity::Undecided => "major",
                Severity::Warning => "minor",
                Severity::Note => continue,
            };
            let cause = message::short_cause(&group);
            let cause = if cause.is_empty() { cause } else { format!(" ({cause})") };
            let place = SourceLocation::of(report);
            let path =
                place.and_then(|place| sarif::repository_path(place.file, run)).unwrap_or_else(|| NO_FILE.to_owned());
            let begin = place.and_then(|place| place.at).map_or(1, |(line, _)| line);
            let issue = CodeQualityIssue {
                description: format!("{}: {}{cause}", message::asset(report), message::sentence(report, group.main)),
                check_name: group.main.code(),
                fingerprint: self.unique(fingerprint(report, group.main, begin)),
                severity,
                location: IssueLocation { path, lines: IssueLines { begin } },
            };
            let start = if self.written == 0 { "[\n" } else { ",\n" };
            self.written += 1;
            write!(writer, "{start}  {}", escape::json(&serde_json::to_string(&issue)?))?;
        }
        Ok(())
    }

    /// Tells equal findings of one document apart, such as those of an asset that is listed twice.
    fn unique(&mut self, fingerprint: String) -> String {
        let seen = self.seen.entry(fingerprint.clone()).or_insert(0_u64);
        *seen += 1;
        if *seen == 1 { fingerprint } else { format!("{fingerprint}-{seen}") }
    }

    /// Closes the document.
    pub(super) fn end(&self, writer: &mut impl Write) -> io::Result<()> {
        writeln!(writer, "{}", if self.written == 0 { "[]" } else { "\n]" })
    }
}

/// Identifies a finding across runs. GitLab shows only one of several issues with the same fingerprint, so the line is
/// added for assets that may be equal once their secrets are redacted.
fn fingerprint(report: &Report, finding: &Finding, line: u64) -> String {
    let fingerprint = sarif::fingerprint(report, finding);
    if message::asset(report).contains(REDACTED) { format!("{fingerprint}-{line}") } else { fingerprint }
}

/// The path of issues without a file.
const NO_FILE: &str = env!("CARGO_PKG_NAME");
