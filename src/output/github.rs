//! Workflow commands of GitHub Actions: the worst causes become annotations at their file and line, the others become
//! lines of the log. A final notice summarizes the run.

use std::io::{self, Write};

use super::causes::{CauseGroup, causes};
use super::escape::github::{data_up_to, property};
use super::escape::visible;
use super::message::{Rank, SourceLocation};
use super::top_n::TopN;
use super::{RunInfo, Style, Verbosity, concise, message, sarif};
use crate::finding::Severity;
use crate::report::{Report, Summary};
use crate::text::untrusted::UntrustedText;
use crate::units::Grouped;

/// How many errors and warnings of a step are annotated. Source: GitHub's documentation of problem matchers, "10 warning
/// annotations, 10 error annotations, and 10 notice annotations per step".
const ANNOTATIONS: usize = 10;

/// The longest message, in bytes as encoded.
const MESSAGE: usize = 4096;

/// The annotations of a run.
#[derive(Debug)]
pub(super) struct Annotations(TopN<Rank, Annotation>);

/// A cause as a command, and as a line of the log.
#[derive(Debug)]
struct Annotation {
    command: String,
    line: String,
}

impl Annotations {
    pub(super) const fn new() -> Self {
        Self(TopN::new(ANNOTATIONS))
    }

    /// Adds the causes of one asset, and writes those that are not annotated as lines of the log.
    pub(super) fn add(
        &mut self,
        writer: &mut impl Write,
        report: &Report,
        style: Style,
        run: &RunInfo,
    ) -> io::Result<()> {
        for (nth, group) in causes(report).iter().enumerate() {
            let line = concise::line(report, group);
            if group.main.severity == Severity::Note {
                if style.verbosity == Verbosity::Verbose && !style.is_supplement {
                    writeln!(writer, "{line}")?;
                }
                continue;
            }
            let annotation = Annotation { command: command(report, group, run), line };
            let omitted = self.0.push(message::rank(report, nth, group.main), annotation);
            if let Some(omitted) = omitted.filter(|_| !style.is_supplement) {
                writeln!(writer, "{}", omitted.line)?;
            }
        }
        Ok(())
    }

    /// Writes the commands, the worst first, and the closing notice.
    pub(super) fn write(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        let mut closing = vec![format!("{}.", message::count(summary))];
        if self.0.omitted() > 0 {
            closing.push(format!("{} more findings are in the log.", Grouped(self.0.omitted())));
        }
        for (_, annotation) in self.0.take() {
            writeln!(writer, "{}", annotation.command)?;
        }
        if !run.matches_api {
            closing.push(message::DEVIATES.to_owned());
        }
        writeln!(writer, "::notice title={}::{}", env!("CARGO_PKG_NAME"), data_up_to(&closing.join(" "), MESSAGE))
    }
}

/// Writes one cause as one command.
fn command(report: &Report, group: &CauseGroup<'_>, run: &RunInfo) -> String {
    let kind = if group.main.severity == Severity::Error { "error" } else { "warning" };
    let place = SourceLocation::of(report).map_or_else(String::new, |place| properties(&place, run));
    let message = data_up_to(&message::lines(report, group).join("\n"), MESSAGE);
    format!("::{kind} {place}title={}::{message}", group.main.code())
}

/// Formats the properties of a location, each with a trailing comma. GitHub looks for the file from the root of the repository.
fn properties(place: &SourceLocation<'_>, run: &RunInfo) -> String {
    let SourceLocation { file, at } = place;
    let in_repository = run.repository.as_ref().and_then(|_| sarif::repository_path(file, run)).map(UntrustedText::new);
    let file = in_repository.as_ref().unwrap_or(file);
    let mut file = visible(&file.escaped_up_to(FILE_CHARACTERS).to_string());
    if file.starts_with('=') {
        // The runner accepts any number of equals signs between a name and its value.
        file.insert_str(0, "./");
    }
    let at = at.map_or_else(String::new, |(line, column)| format!("line={line},col={column},"));
    format!("file={},{at}", property(&file))
}

/// How many characters of a file's name are written; file systems allow 255 for one part.
const FILE_CHARACTERS: usize = 1024;
