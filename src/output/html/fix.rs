//! What `fix` did or would do: each file before and after, the part that is kept, and the actions.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::article::{finding, lines, open, shown};
use super::figure::{address, framed, outline};
use super::frame::{KeptPart, open_drawing};
use super::page::{self, Tile};
use crate::finding::{Finding, Severity, Verdict};
use crate::output::causes::causes;
use crate::output::escape::html::text;
use crate::output::text::facts;
use crate::output::{RunInfo, statistics};
use crate::report::Report;
use crate::report::fix_report::{FixGeometry, FixOutcome, FixReport};
use crate::report::picture::Picture;
use crate::units::{Dimensions, PixelRect};

/// The page of a run of `fix`.
#[derive(Debug, Default)]
pub(in crate::output) struct FixPage {
    is_begun: bool,
    /// How often each outcome was, in the order in which they came.
    outcomes: Vec<(FixOutcome, u64)>,
}

/// The pictures of one file, where they can be shown.
#[derive(Clone, Debug, Default)]
pub struct FixPreviews {
    /// The input.
    pub before: Option<Picture>,
    /// The result.
    pub after: Option<Picture>,
}

impl FixPage {
    /// Writes one file.
    pub(in crate::output) fn report(
        &mut self,
        writer: &mut impl Write,
        report: &FixReport,
        pictures: &FixPreviews,
        run: &RunInfo,
    ) -> io::Result<()> {
        self.begin(writer, run)?;
        match self.outcomes.iter_mut().find(|(outcome, _)| *outcome == report.outcome) {
            Some((_, count)) => *count += 1,
            None => self.outcomes.push((report.outcome, 1)),
        }
        article(writer, report, pictures)
    }

    /// Writes the summary, and closes the page.
    pub(in crate::output) fn end(&mut self, writer: &mut impl Write, run: &RunInfo) -> io::Result<()> {
        self.begin(writer, run)?;
        let total = self.outcomes.iter().map(|(_, count)| count).sum();
        let mut tiles = vec![Tile::count("", total, "files")];
        let counts = self.outcomes.iter();
        tiles.extend(counts.map(|(outcome, count)| Tile::count(verdict(*outcome).name(), *count, &words(*outcome))));
        page::end(writer, &tiles)
    }

    fn begin(&mut self, writer: &mut impl Write, run: &RunInfo) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) { Ok(()) } else { page::begin(writer, "Fix report", run) }
    }
}

fn article(writer: &mut impl Write, report: &FixReport, pictures: &FixPreviews) -> io::Result<()> {
    let FixReport { input, output, outcome, actions, geometry, message, command, before, after } = report;
    let codes = before.findings.iter().filter(|finding| finding.severity < Severity::Note).map(Finding::code);
    let host = statistics::host(before).replace(' ', "-");
    open(writer, verdict(*outcome), outcome.name(), &codes.collect(), &BTreeSet::from([host]))?;
    writeln!(writer, "<h2><b>{}</b> <code>{}</code></h2>", words(*outcome), shown(input))?;
    if let Some(output) = output {
        writeln!(writer, "<p class=\"facts\">to <code>{}</code></p>", shown(output))?;
    }
    if let Some(message) = message {
        writeln!(writer, "<p>{}</p>", lines(message))?;
    }
    if !actions.is_empty() {
        let rows = actions.iter().map(|action| {
            format!("<dt>{}</dt><dd>{} to {}</dd>", text(action.name), text(&action.from), text(&action.to))
        });
        writeln!(writer, "<dl class=\"actions\">{}</dl>", rows.collect::<Vec<_>>().concat())?;
    }
    if let Some(command) = command {
        writeln!(writer, "<pre>{}</pre>", text(command))?;
    }
    writer.write_all(pair(report, geometry.as_ref(), pictures).as_bytes())?;
    let refused = after.as_ref().filter(|_| *outcome == FixOutcome::StillRejected);
    for (report, name) in [(Some(before), "what was found before"), (refused, "what is still refused")] {
        if let Some(report) = report {
            findings(writer, report, name)?;
        }
    }
    writeln!(writer, "</article>")
}

/// Writes the findings of one side, folded.
fn findings(writer: &mut impl Write, report: &Report, name: &str) -> io::Result<()> {
    let groups = causes(report);
    let mut groups = groups.iter().filter(|group| group.main.severity < Severity::Note).peekable();
    if groups.peek().is_none() {
        return Ok(());
    }
    writeln!(writer, "<details><summary>{name}</summary>")?;
    groups.try_for_each(|group| finding(writer, report, group))?;
    writeln!(writer, "</details>")
}

/// Draws the file before and after.
fn pair(report: &FixReport, geometry: Option<&FixGeometry>, pictures: &FixPreviews) -> String {
    let FixPreviews { before, after } = pictures;
    let part = geometry.filter(|change| change.kept.size != change.whole).map(|change| KeptPart {
        whole: change.whole,
        kept: change.kept,
        caption: format!("Kept: {} of {}", change.kept.size, change.whole),
    });
    let old = match (before, &part) {
        (Some(picture), part) => framed(picture, size_of(&report.before), part.as_ref()),
        (None, Some(part)) => outline(part),
        (None, None) => String::new(),
    };
    let result = report.after.as_ref();
    let new = match (after, geometry) {
        (Some(picture), _) => framed(picture, result.and_then(size_of), None),
        (None, Some(change)) if !old.is_empty() || change.content.size != change.output => {
            planned(change, before.as_ref())
        }
        (None, Some(_) | None) => String::new(),
    };
    let kept = part.map(|part| format!(". {}", part.caption)).unwrap_or_default();
    let was = facts::line(&report.before).unwrap_or_default();
    let planned = geometry.map(|change| change.output.to_string()).unwrap_or_default();
    let becomes = result.and_then(facts::line).unwrap_or(planned);
    let figures = [("Before", old, format!("{was}{kept}")), ("After", new, becomes)];
    let figures = figures.into_iter().filter(|(_, drawing, _)| !drawing.is_empty());
    let figures = figures.map(|(name, drawing, caption)| {
        format!("<figure>{drawing}<figcaption>{name}: {}</figcaption></figure>\n", text(&caption))
    });
    let figures = figures.collect::<Vec<_>>().concat();
    if figures.is_empty() { figures } else { format!("<div class=\"pair\">\n{figures}</div>\n") }
}

/// Draws the result that is not written: the kept part of the input, where it would lie.
fn planned(change: &FixGeometry, before: Option<&Picture>) -> String {
    let FixGeometry { whole, kept, output, content } = change;
    let Dimensions { width, height } = output;
    let PixelRect { left, top, size } = content;
    let inside = match before {
        None => format!(
            "<rect class=\"area\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" />",
            size.width, size.height
        ),
        Some(picture) => format!(
            "<svg x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" viewBox=\"{} {} {} {}\" preserveAspectRatio=\"none\">\
             <image href=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" /></svg>",
            size.width,
            size.height,
            kept.left,
            kept.top,
            kept.size.width,
            kept.size.height,
            address(picture),
            whole.width,
            whole.height
        ),
    };
    let start = open_drawing(*output, " class=\"plan\"", &format!("The result: {output}"));
    format!("{start}<rect class=\"pad\" width=\"{width}\" height=\"{height}\" />{inside}</svg>")
}

fn size_of(report: &Report) -> Option<Dimensions> {
    let media = report.observed.content.media()?;
    media.display_size.or(media.coded_size)
}

/// Returns the color of an outcome.
const fn verdict(outcome: FixOutcome) -> Verdict {
    match outcome {
        FixOutcome::AlreadyAccepted | FixOutcome::Fixed | FixOutcome::Planned => Verdict::Accepted,
        FixOutcome::Undecided => Verdict::Undecided,
        FixOutcome::Refused
        | FixOutcome::StillRejected
        | FixOutcome::NeedsProgram
        | FixOutcome::NotWritten
        | FixOutcome::Unreadable => Verdict::Rejected,
    }
}

/// Returns the name of an outcome for people.
fn words(outcome: FixOutcome) -> String {
    outcome.name().replace('-', " ")
}
