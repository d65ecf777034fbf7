//! For people: each finding with its sentence alone on a line, what was seen under it, and how to mend it.

use std::io::{self, Write};

use colored::{Color, ColoredString, Colorize as _};

use super::snippet;
use super::snippet::Line;
use super::{Style, Verbosity, escape, is_wanted, message};
use crate::finding::{CodeInfo, Confidence, Finding, FindingKind, Severity, Transport, Verdict};
use crate::media::{Codec, Media};
use crate::observation::{Observation, RequestOutcome};
use crate::report::{Report, Summary};
use crate::units::{Bytes, seconds};

mod request;

pub(super) use request::request;

/// How many characters of an asset are shown; the API's own bound on a URL.
const ASSET_CHARACTERS: usize = 2048;

/// Writes one asset: its verdict, then its findings.
pub(super) fn report(writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
    if !is_wanted(report, style.detail) {
        return Ok(());
    }
    colored::control::set_override(style.colour);
    heading(writer, report, style)?;
    if let Some(facts) = facts(report) {
        for line in fitting(&facts, 2, style) {
            writeln!(writer, "  {}", line.dimmed())?;
        }
    }
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    // What decides comes first; within that, the API's order stays.
    findings.sort_by_key(|finding| (!finding.is_api_answer, finding.severity));
    for finding in findings {
        if finding.severity < Severity::Note || style.detail > Verbosity::Quiet {
            self::finding(writer, report, finding, style)?;
        }
    }
    if style.detail == Verbosity::Verbose {
        observed(writer, &report.observed, style)?;
    }
    if report.findings.is_empty() { Ok(()) } else { writeln!(writer) }
}

/// Writes the verdict and the asset: on one line, or where there is something to look at in a list or body, on the
/// line where it stands.
fn heading(writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
    let colour = colour(report.verdict);
    let asset = report.asset.escaped_up_to(ASSET_CHARACTERS).to_string();
    let is_found = report.findings.iter().any(|finding| finding.severity < Severity::Note);
    if let (Some(place), true) = (&report.location, is_found) {
        writeln!(writer, "{}", report.verdict.name().color(colour).bold())?;
        for Line { margin, text, is_mark } in snippet::lines(place, &asset, style.width) {
            let text = if is_mark { text.color(colour).bold() } else { text.normal() };
            writeln!(writer, "{}{text}", margin.dimmed())?;
        }
        return Ok(());
    }
    let place = report.location.as_ref().map(|place| format!("  ({}:{})", place.file.escaped(), place.line));
    let place = place.unwrap_or_default().dimmed();
    writeln!(writer, "{} {asset}{place}", verdict(report.verdict))
}

/// A verdict in its colour, as wide as the longest.
fn verdict(verdict: Verdict) -> ColoredString {
    format!("{:<9}", verdict.name()).color(colour(verdict)).bold()
}

const fn colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Accepted => Color::Green,
        Verdict::Undecided => Color::Yellow,
        Verdict::Rejected => Color::Red,
    }
}

/// Writes one finding.
fn finding(writer: &mut impl Write, report: &Report, finding: &Finding, style: Style) -> io::Result<()> {
    let CodeInfo { code, docs, .. } = finding.info();
    let label = format!("{}[{}]", finding.severity.name(), linked(docs, code, style)).color(weight(finding.severity));
    let remarks = remarks(report, finding);
    let beside = finding.severity.name().len() + code.len() + "  []".len() + remarks.len();
    if style.width.is_none_or(|width| beside <= width) {
        writeln!(writer, "  {}{}", label.bold(), remarks.dimmed())?;
    } else {
        writeln!(writer, "  {}", label.bold())?;
        for line in fitting(remarks.trim_start(), 4, style) {
            writeln!(writer, "    {}", line.dimmed())?;
        }
    }
    sentence(writer, finding, &message::sentence(report, finding), style)?;
    // Our own title is said beside the API's sentence, where that sentence does not tell what it follows from.
    if let FindingKind::Lint { implied_reason: Some(_), .. } = finding.kind {
        paragraph(writer, "why", finding.info().title, style)?;
    }
    if !finding.detail.is_empty() {
        paragraph(writer, "seen", &finding.detail, style)?;
    }
    if !finding.hint.is_empty() && finding.severity != Severity::Note {
        paragraph(writer, "fix", &finding.hint, style)?;
    }
    if style.detail == Verbosity::Verbose && !docs.is_empty() {
        writeln!(writer, "    {} {}", "docs".dimmed(), linked(docs, docs, style))?;
    }
    Ok(())
}

/// Writes the sentence of a finding: the API's whole, so that it can be copied and searched for, ours as it fits.
fn sentence(writer: &mut impl Write, finding: &Finding, text: &str, style: Style) -> io::Result<()> {
    if finding.has_api_message() {
        return writeln!(writer, "    {}", text.bold());
    }
    fitting(text, 4, style).iter().try_for_each(|line| writeln!(writer, "    {line}"))
}

/// Breaks a text into lines that fit beside an indent.
fn fitting(text: &str, indent: usize, style: Style) -> Vec<String> {
    wrap(text, style.width.map_or(usize::MAX, |width| width.saturating_sub(indent)))
}

/// The colour of a weight; none of them vanishes on a light or on a dark ground.
const fn weight(severity: Severity) -> Color {
    match severity {
        Severity::Error => Color::Red,
        Severity::Undecided | Severity::Warning => Color::Yellow,
        Severity::Note => Color::Cyan,
    }
}

/// Makes a text a link to a page of ours (OSC 8), which terminals show as the text alone.
fn linked(page: &'static str, text: &'static str, style: Style) -> String {
    if !style.links || page.is_empty() {
        return text.to_owned();
    }
    format!("\x1b]8;;{page}\x1b\\{text}\x1b]8;;\x1b\\")
}

/// What is said of a finding behind its label.
fn remarks(report: &Report, finding: &Finding) -> String {
    let mut remarks = Vec::new();
    if let Some(way) = finding.transport {
        remarks.push(match way {
            Transport::Url => "if sent as a URL",
            Transport::DataUri => "if sent as a data URI",
            Transport::Upload => "if sent as an upload",
        });
    }
    if report.is_blocked_by_schema() && finding.has_api_message() {
        remarks.push("once the body is fixed");
    } else if finding.is_api_answer {
        remarks.push("the API answers this first");
    }
    if finding.has_api_message() {
        match finding.confidence {
            Confidence::Documented => {}
            Confidence::Observed => remarks.push("seen in live answers"),
            Confidence::Inferred => remarks.push("inferred"),
        }
    }
    if remarks.is_empty() { String::new() } else { format!(" {}", remarks.join(", ")) }
}

/// Writes a labelled paragraph, wrapped with a hanging indent.
fn paragraph(writer: &mut impl Write, label: &str, text: &str, style: Style) -> io::Result<()> {
    const INDENT: usize = 9;
    let width = style.width.map_or(usize::MAX, |width| width.saturating_sub(INDENT).max(20));
    let mut lines = wrap(text, width).into_iter();
    let first = lines.next().unwrap_or_default();
    writeln!(writer, "    {} {first}", format!("{label:<4}").dimmed())?;
    for line in lines {
        writeln!(writer, "{:INDENT$}{line}", "")?;
    }
    Ok(())
}

/// Breaks a text between words into lines of at most `width` characters; a longer word stands alone, so that what
/// is to be copied stays whole, and so does a line that begins with two spaces. Line ends in the text are kept.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines().map(escape::visible) {
        if paragraph.starts_with("  ") {
            lines.push(paragraph);
            continue;
        }
        let mut line = String::new();
        for word in paragraph.split(' ') {
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

/// The facts of the asset in one line: `JPEG image, 1920x1080, ratio 1.778, 812,034 bytes`.
fn facts(report: &Report) -> Option<String> {
    let media = report.observed.content.media();
    let mut facts: Vec<String> = media.map(describe).unwrap_or_default();
    let get = report.observed.get.response().or(report.observed.head.response());
    let length = get.and_then(|response| match response.length() {
        crate::observation::ContentLength::Known { bytes, .. } => Some(bytes),
        crate::observation::ContentLength::Missing | crate::observation::ContentLength::Invalid(_) => None,
    });
    if let Some(bytes) = report.observed.size.or(length) {
        facts.push(if bytes == 1 { "1 byte".to_owned() } else { format!("{} bytes", Bytes::new(bytes)) });
    }
    let passing: Vec<&str> = report
        .by_transport
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Accepted)
        .map(|(way, _)| way.name())
        .collect();
    if !report.by_transport.is_empty() && !passing.is_empty() {
        facts.push(format!("can be sent as {}", passing.join(", ")));
    }
    (!facts.is_empty()).then(|| facts.join(", "))
}

/// The facts of a media header in words.
fn describe(media: &Media) -> Vec<String> {
    let mut facts = vec![media.format.name().to_owned()];
    if let Some(stored) = media.coded_size {
        facts.push(stored.to_string());
        if let Some(displayed) = media.display_size.filter(|displayed| *displayed != stored) {
            facts.push(format!("shown as {displayed}"));
        }
        if let Some(ratio) = stored.ratio() {
            facts.push(format!("ratio {ratio}"));
        }
    }
    if let Some(video) = &media.video {
        facts.push(codec(&video.codec));
        if let Some(fps) = video.fps {
            facts.push(format!("{}{:.3} fps", if fps.exact { "" } else { "about " }, fps.value));
        }
    }
    facts.extend(media.audio.as_ref().map(codec));
    if let Some(duration) = media.duration {
        facts.push(format!("{}{} s", if duration.exact { "" } else { "about " }, seconds(duration.value)));
    }
    facts
}

fn codec(codec: &Codec) -> String {
    match codec {
        Codec::Known(name) => (*name).to_owned(),
        Codec::Other(id) => format!("codec {}", id.escaped()),
    }
}

/// Writes what was seen of the network.
fn observed(writer: &mut impl Write, observed: &Observation, style: Style) -> io::Result<()> {
    if !observed.addresses.is_empty() {
        let addresses: Vec<String> = observed.addresses.iter().map(ToString::to_string).collect();
        paragraph(writer, "addr", &addresses.join(", "), style)?;
    }
    for (method, answer) in [("HEAD", &observed.head), ("GET", &observed.get)] {
        match answer {
            RequestOutcome::NotSent => {}
            RequestOutcome::Failed { elapsed, .. } => {
                paragraph(writer, method, &format!("failed after {} s", seconds(*elapsed)), style)?;
            }
            RequestOutcome::Response(response) => {
                let line = format!("{} after {} s", response.status, seconds(response.elapsed));
                paragraph(writer, method, &line, style)?;
                for (name, value) in response.headers.iter().filter(|(name, _)| is_telling(name)) {
                    paragraph(writer, "", &format!("{name}: {}", value.escaped()), style)?;
                }
            }
        }
    }
    if observed.body.received > 0 {
        let line = format!("{} bytes after {} s", Bytes::new(observed.body.received), seconds(observed.body.elapsed));
        paragraph(writer, "body", &line, style)?;
    }
    Ok(())
}

/// Header fields that matter for the verdict and cannot hold a secret.
fn is_telling(name: &str) -> bool {
    const TELLING: [&str; 13] = [
        "accept-ranges",
        "cache-control",
        "cf-cache-status",
        "cf-mitigated",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "retry-after",
        "server",
        "transfer-encoding",
        "via",
        "x-cache",
    ];
    TELLING.contains(&name)
}

/// Writes the line that sums a run up.
pub(super) fn summary(writer: &mut impl Write, summary: &Summary, style: Style) -> io::Result<()> {
    if style.detail == Verbosity::Quiet {
        return Ok(());
    }
    colored::control::set_override(style.colour);
    let Summary { accepted, rejected, undecided, assets_in_requests: _, elapsed, incomplete } = summary;
    let judged = message::judged(summary);
    let mut counts = Vec::new();
    for (count, word, colour) in [
        (accepted, "accepted", Color::Green),
        (rejected, "rejected", Color::Red),
        (undecided, "undecided", Color::Yellow),
    ] {
        if *count > 0 {
            counts.push(format!("{} {word}", Bytes::new(*count)).color(colour).to_string());
        }
    }
    let counts = if counts.is_empty() { "nothing judged".to_owned() } else { counts.join(", ") };
    let stopped = if *incomplete { ", stopped before the end" } else { "" };
    writeln!(writer, "{judged}: {counts} ({} s{stopped})", seconds(*elapsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_long_ones_stay_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a https://h.com/very/long b", 5), ["a", "https://h.com/very/long", "b"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
        assert_eq!(wrap("a\nb", 80), ["a", "b"]);
        assert_eq!(wrap("one two\n  put 'a b'", 5), ["one", "two", "  put 'a b'"]);
    }
}
