//! Human-readable text: code and message on the first line, then the location, the details, and the hint.

use std::collections::HashSet;
use std::io::{self, Write};

use colored::{Color, Colorize as _};

use super::causes::{CauseGroup, as_sent, causes};
use super::statistics::Statistics;
use super::{Style, Verbosity, escape, has_problem, message};
use crate::finding::{CodeInfo, Confidence, Finding, Lint, Severity, Verdict};
use crate::report::request_report::RequestReport;
use crate::report::{Report, Summary};
use crate::units::{Bytes, seconds};

mod excerpt;
pub(super) mod facts;
mod request;

/// How many characters of an asset are shown; the API's own limit for a URL.
const ASSET_CHARACTERS: usize = 2048;

/// How many hints are remembered, so that a list shows each one once.
const MAX_HINTS: usize = 1000;

/// The reports of a run.
#[derive(Debug, Default)]
pub(super) struct TextReports {
    /// Code and hint of findings that were written.
    hints: HashSet<(&'static str, String)>,
}

/// The context in which a finding is written.
#[derive(Clone, Copy, Debug)]
struct FindingContext<'a> {
    report: &'a Report,
    /// Whether it is marked as the one that the API reports.
    is_marked: bool,
    /// Whether its hint was written before.
    is_repeated: bool,
}

impl TextReports {
    /// Writes one asset: its findings, or its facts if it is accepted.
    pub(super) fn report(&mut self, writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
        colored::control::set_override(style.color);
        let has_problem = has_problem(report);
        if !has_problem && !style.is_single && style.verbosity < Verbosity::Verbose {
            return Ok(());
        }
        let is_shown = |finding: &Finding| finding.severity < Severity::Note || style.shows_notes();
        let groups: Vec<CauseGroup<'_>> = causes(report).into_iter().filter(|group| is_shown(group.main)).collect();
        if report.verdict == Verdict::Accepted {
            heading(writer, report, style)?;
        }
        let is_marked = groups.len() > 1;
        for group in &groups {
            let is_repeated = !style.is_single && self.is_repeated(group);
            let is_marked = is_marked && group.main.is_api_finding && !report.is_blocked_by_schema();
            finding(writer, group, FindingContext { report, is_marked, is_repeated }, style)?;
        }
        if report.verdict != Verdict::Accepted && (style.is_single || style.verbosity == Verbosity::Verbose) {
            facts::facts(writer, report, style)?;
        }
        if style.verbosity == Verbosity::Verbose {
            facts::observed(writer, &report.observed, style)?;
        }
        writeln!(writer)
    }

    /// Writes one request: the findings on its values, then those on its assets.
    pub(super) fn request(&mut self, writer: &mut impl Write, request: &RequestReport, style: Style) -> io::Result<()> {
        colored::control::set_override(style.color);
        let is_clean = request.verdict == Verdict::Accepted && !request.reports().iter().any(|one| has_problem(one));
        if is_clean && !style.is_single && style.verbosity < Verbosity::Verbose {
            return Ok(());
        }
        request::heading(writer, request)?;
        let assets = Style { is_single: false, ..style };
        for (report, is_api) in request::in_api_order(request) {
            for group in causes(report).iter().filter(|group| is_shown(group.main, style)) {
                let is_marked = is_api && request.reports().len() > 1 && std::ptr::eq(group.main, first(report));
                let is_repeated = self.is_repeated(group);
                finding(writer, group, FindingContext { report, is_marked, is_repeated }, assets)?;
            }
            if style.verbosity == Verbosity::Verbose {
                facts::facts(writer, report, style)?;
                facts::observed(writer, &report.observed, style)?;
            }
        }
        writeln!(writer)
    }

    /// Returns whether the hint of a cause was written before, and remembers it.
    fn is_repeated(&mut self, group: &CauseGroup<'_>) -> bool {
        let key = (group.main.code(), group.hint().to_owned());
        if self.hints.contains(&key) {
            return true;
        }
        if self.hints.len() < MAX_HINTS {
            self.hints.insert(key);
        }
        false
    }
}

/// Returns whether a finding of a request is written. The note that nothing was fetched needs `--verbose`.
fn is_shown(finding: &Finding, style: Style) -> bool {
    let is_not_fetched = finding.code() == Lint::NotFetched.info().code;
    finding.severity < Severity::Note
        || style.verbosity == Verbosity::Verbose
        || (style.shows_notes() && !is_not_fetched)
}

/// Returns the finding that comes first.
fn first(report: &Report) -> &Finding {
    causes(report).first().map_or_else(|| &report.findings[0], |group| group.main)
}

impl Style {
    /// Returns whether notes are written.
    const fn shows_notes(self) -> bool {
        matches!(self.verbosity, Verbosity::Verbose) || self.is_single && matches!(self.verbosity, Verbosity::Normal)
    }
}

/// Writes the heading of an accepted asset.
fn heading(writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
    let word = if report.is_not_fetched() { "not fetched".yellow() } else { "accepted".green() };
    let place = report.location.as_ref().map(|place| format!("{}:{}: ", place.file.escaped(), place.line));
    writeln!(writer, "{}: {}{}", word.bold(), place.unwrap_or_default(), shown_asset(report))?;
    facts::facts(writer, report, style)
}

/// Returns the asset as shown in text; a query with hidden values is shortened.
fn shown_asset(report: &Report) -> String {
    message::short_query(&escape::visible(&report.asset.escaped_up_to(ASSET_CHARACTERS).to_string()))
}

/// Writes one cause.
fn finding(
    writer: &mut impl Write,
    group: &CauseGroup<'_>,
    context: FindingContext<'_>,
    style: Style,
) -> io::Result<()> {
    let FindingContext { report, is_marked, is_repeated } = context;
    let CauseGroup { main, consequences, .. } = group;
    let CodeInfo { code, docs, .. } = main.info();
    let label = format!("{}[{}]", main.severity.name(), hyperlink(docs, code, style));
    let mark = if is_marked { " [api]" } else { "" };
    let way = main.transport.map_or_else(String::new, |transport| format!(" ({})", as_sent(transport)));
    let plain = format!("{}[{code}]", main.severity.name());
    let text = format!("{plain}{mark}{way}: {}", message::sentence(report, main));
    // The API's message stays whole, so that it can be copied and searched for; ours is wrapped.
    let lines = if main.has_api_message() { vec![text] } else { wrap_to_width(&text, 2, style) };
    let label = label.color(severity_color(main.severity)).bold();
    for (nth, line) in lines.iter().enumerate() {
        match line.strip_prefix(&plain).filter(|_| nth == 0) {
            Some(rest) => writeln!(writer, "{label}{}", rest.bold())?,
            None => writeln!(writer, "  {}", line.bold())?,
        }
    }
    place(writer, report, group, style)?;
    for (nth, line) in group.found().iter().enumerate() {
        labelled(writer, if nth == 0 { "found:" } else { "" }, line, style)?;
    }
    for other in consequences.iter().filter(|other| other.transport.is_some() && other.has_api_message()) {
        let way = other.transport.map_or("", as_sent);
        let text = format!("{way}: {} [{}]", message::sentence(report, other), other.code());
        labelled(writer, "also:", &text, style)?;
    }
    notes(writer, context, main, style)?;
    let hint = group.hint();
    if !hint.is_empty() && main.severity != Severity::Note && !is_repeated {
        labelled(writer, "hint:", hint, style)?;
    }
    let wants_docs = style.is_single && main.severity < Severity::Note || style.verbosity == Verbosity::Verbose;
    if wants_docs && !docs.is_empty() && !hint.contains("https://") {
        labelled_line(writer, "docs:", &hyperlink(docs, docs, style))?;
    }
    Ok(())
}

/// Writes what qualifies a finding: that it is inferred, which a list tells once, or hidden by others.
fn notes(writer: &mut impl Write, context: FindingContext<'_>, main: &Finding, style: Style) -> io::Result<()> {
    let is_inferred = main.confidence == Confidence::Inferred && main.severity == Severity::Error;
    if is_inferred && main.has_api_message() && !context.is_repeated {
        labelled(writer, "note:", "inferred; the API's documentation does not say so", style)?;
    }
    if message::is_hidden(context.report, main) {
        labelled(writer, "note:", "hidden until the schema errors are fixed", style)?;
    }
    Ok(())
}

/// Writes the location: the line of a list, the source line of a body, or the asset itself.
fn place(writer: &mut impl Write, report: &Report, group: &CauseGroup<'_>, style: Style) -> io::Result<()> {
    let arrow = "-->".blue().bold();
    match (&report.location, &report.excerpt) {
        (Some(location), Some(excerpt)) => {
            writeln!(writer, "  {arrow} {}:{}:{}", location.file.escaped(), location.line, location.column)?;
            excerpt::write(writer, location.line, excerpt, group, style)
        }
        (Some(location), None) => {
            writeln!(writer, "  {arrow} {}:{}: {}", location.file.escaped(), location.line, shown_asset(report))
        }
        (None, _) => writeln!(writer, "  {arrow} {}", shown_asset(report)),
    }
}

/// The columns of a label.
const LABEL: usize = 9;

/// Writes a text after a label, with a hanging indent.
fn labelled(writer: &mut impl Write, label: &str, text: &str, style: Style) -> io::Result<()> {
    for (nth, line) in wrap_to_width(text, LABEL, style).iter().enumerate() {
        labelled_line(writer, if nth == 0 { label } else { "" }, line)?;
    }
    Ok(())
}

/// Writes one line after a label: escaped text, or a hyperlink of our own.
fn labelled_line(writer: &mut impl Write, label: &str, line: &str) -> io::Result<()> {
    let padding = " ".repeat(LABEL.saturating_sub(2 + label.len()).max(1));
    let shown = if label == "hint:" { label.green().bold() } else { label.cyan() };
    writeln!(writer, "{}", format!("  {shown}{padding}{line}").trim_end())
}

/// Wraps a text to the width that remains after an indent.
fn wrap_to_width(text: &str, indent: usize, style: Style) -> Vec<String> {
    wrap(text, style.width.map_or(usize::MAX, |width| width.saturating_sub(indent)))
}

/// Wraps a text between words to lines of at most `width` characters. Longer words, commands in backquotes, and lines
/// that start with two spaces are not broken, so that they can be copied. Newlines in the text are kept.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines().map(escape::visible) {
        if paragraph.starts_with("  ") {
            lines.push(paragraph);
            continue;
        }
        let mut line = String::new();
        for word in words(&paragraph) {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Splits a text at blanks, except for those in backquotes.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |character| {
        is_quoted ^= character == '`';
        character == ' ' && !is_quoted
    })
}

/// The color of a severity; all are legible on light and dark backgrounds.
const fn severity_color(severity: Severity) -> Color {
    match severity {
        Severity::Error => Color::Red,
        Severity::Undecided | Severity::Warning => Color::Yellow,
        Severity::Note => Color::Cyan,
    }
}

/// Formats a text as a terminal hyperlink (OSC 8).
fn hyperlink(page: &'static str, text: &'static str, style: Style) -> String {
    if !style.links || page.is_empty() {
        return text.to_owned();
    }
    format!("\x1b]8;;{page}\x1b\\{text}\x1b]8;;\x1b\\")
}

/// Writes the summary: the verdicts and, for ten or more problems, the codes with their hosts.
pub(super) fn summary(
    writer: &mut impl Write,
    summary: &Summary,
    statistics: &Statistics,
    style: Style,
) -> io::Result<()> {
    if style.verbosity < Verbosity::Normal {
        return Ok(());
    }
    colored::control::set_override(style.color);
    let Summary { accepted, rejected, undecided, not_fetched, assets_in_requests: _, elapsed, incomplete } = summary;
    let mut counts = Vec::new();
    for (count, word, color) in [
        (accepted.saturating_sub(*not_fetched), "accepted", Color::Green),
        (*not_fetched, "not fetched", Color::Yellow),
        (*rejected, "rejected", Color::Red),
        (*undecided, "undecided", Color::Yellow),
    ] {
        if count > 0 {
            counts.push(format!("{} {word}", Bytes::new(count)).color(color).to_string());
        }
    }
    let counts = if counts.is_empty() { "nothing checked".to_owned() } else { counts.join(", ") };
    let elapsed = if elapsed.as_millis() == 0 { "<1 ms".to_owned() } else { format!("{} s", seconds(*elapsed)) };
    let stopped = if *incomplete { "; stopped before the end" } else { "" };
    writeln!(writer, "{}: {counts} in {elapsed}{stopped}", message::checked(summary))?;
    statistics.lines().iter().try_for_each(|line| writeln!(writer, "{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_long_ones_are_not_broken() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a https://h.com/very/long b", 5), ["a", "https://h.com/very/long", "b"]);
        assert_eq!(wrap("Run `a b` or c", 5), ["Run", "`a b`", "or c"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
        assert_eq!(wrap("a\nb", 80), ["a", "b"]);
        assert_eq!(wrap("one two\n  put 'a b'", 5), ["one", "two", "  put 'a b'"]);
    }

    #[test]
    fn a_query_with_hidden_values_is_shortened() {
        let case = |asset: &str, shown: &str| assert_eq!(message::short_query(asset), shown);
        case("https://h/a?s=[redacted]&w=1", "https://h/a?…(2 values hidden)");
        case("https://h/a?s=[redacted]", "https://h/a?…(1 value hidden)");
        case("https://h/a?w=1", "https://h/a?w=1");
        case("a.png", "a.png");
    }
}
