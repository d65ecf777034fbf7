//! One asset or request as an article: verdict, name, facts, picture, findings.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::figure::figure;
use crate::finding::{CodeInfo, Finding, Severity, Verdict};
use crate::output::causes::{CauseGroup, as_sent, causes};
use crate::output::escape::html::text;
use crate::output::escape::{json, visible};
use crate::output::text::facts;
use crate::output::{message, statistics};
use crate::report::Report;
use crate::report::excerpt::Excerpt;
use crate::report::picture::Picture;
use crate::report::request_report::{PredictedResponse, RequestReport};
use crate::text::untrusted::UntrustedText;

/// How many characters of an asset are shown; the API's own limit for a URL.
const ASSET_CHARACTERS: usize = 2048;

/// Writes one asset, or one other value of a request body.
pub(super) fn asset(writer: &mut impl Write, report: &Report, picture: Option<&Picture>) -> io::Result<()> {
    let is_shown = |group: &CauseGroup<'_>| group.main.severity < Severity::Note;
    let groups: Vec<CauseGroup<'_>> = causes(report).into_iter().filter(is_shown).collect();
    let codes = report.findings.iter().filter(|finding| finding.severity < Severity::Note).map(Finding::code);
    let host = statistics::host(report).replace(' ', "-");
    let is_unseen = report.is_not_fetched();
    let (class, word) =
        if is_unseen { (Verdict::Undecided, "not-fetched") } else { (report.verdict, report.verdict.name()) };
    open(writer, class, word, &codes.collect(), &BTreeSet::from([host]))?;
    let word = word.replace('-', " ");
    writeln!(writer, "<h2><b>{word}</b> <code>{}</code></h2>", shown_asset(report))?;
    let facts = facts_line(report);
    if !facts.is_empty() {
        writeln!(writer, "<p class=\"facts\">{}</p>", text(&facts.join(" · ")))?;
    }
    writer.write_all(figure(report, picture).as_bytes())?;
    if let Some(excerpt) = report.excerpt.as_ref().filter(|_| !groups.is_empty()) {
        writer.write_all(source(report, excerpt).as_bytes())?;
    }
    groups.iter().try_for_each(|group| finding(writer, report, group))?;
    writeln!(writer, "</article>")
}

/// Writes what holds for a request body as a whole; its values and assets follow it.
pub(super) fn request(writer: &mut impl Write, request: &RequestReport) -> io::Result<()> {
    let reports = request.reports();
    let findings = reports.iter().flat_map(|report| &report.findings);
    let codes = findings.filter(|finding| finding.severity < Severity::Note).map(Finding::code);
    let hosts = reports.iter().map(|report| statistics::host(report).replace(' ', "-"));
    open(writer, request.verdict, request.verdict.name(), &codes.collect(), &hosts.collect())?;
    let place = format!("{}:{}", request.location.file.escaped(), request.location.line);
    writeln!(writer, "<h2><b>{}</b> <code>{}</code></h2>", request.verdict.name(), text(&place))?;
    let detected = if request.is_detected { " (detected)" } else { "" };
    let endpoint = request.endpoint.as_ref().map(|endpoint| format!("{endpoint}{detected}"));
    let model = request.model.as_ref().map(|model| model.escaped().to_string());
    let facts: Vec<String> = ["request body".to_owned()].into_iter().chain(endpoint).chain(model).collect();
    writeln!(writer, "<p class=\"facts\">{}</p>", text(&facts.join(" · ")))?;
    if let PredictedResponse::Rejected(body) = &request.predicted {
        let body = json(&serde_json::to_string_pretty(body)?);
        let body = body.lines().map(text).collect::<Vec<_>>().join("\n");
        writeln!(writer, "<details><summary>predicted response: 400</summary><pre>{body}</pre></details>")?;
    }
    writeln!(writer, "</article>")
}

/// Opens an article in the color of a verdict, with what the filter goes by.
pub(super) fn open(
    writer: &mut impl Write,
    class: Verdict,
    name: &str,
    codes: &BTreeSet<&str>,
    hosts: &BTreeSet<String>,
) -> io::Result<()> {
    let class = class.name();
    let codes = codes.iter().copied().collect::<Vec<_>>().join(" ");
    let codes = if codes.is_empty() { codes } else { format!(" data-code=\"{}\"", text(&codes)) };
    let hosts = text(&hosts.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
    writeln!(writer, "<article class=\"{class}\" data-verdict=\"{name}\"{codes} data-host=\"{hosts}\">")
}

fn shown_asset(report: &Report) -> String {
    shown(&report.asset)
}

/// Returns a name without its secrets, for the content of an element.
pub(super) fn shown(name: &UntrustedText) -> String {
    text(&message::short_query(&visible(&name.escaped_up_to(ASSET_CHARACTERS).to_string())))
}

/// Returns the place, the field, and what the media header says.
fn facts_line(report: &Report) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(report.location.as_ref().map(|place| format!("{}:{}", place.file.escaped(), place.line)));
    facts.extend(report.field.as_ref().map(|field| field.escaped_up_to(ASSET_CHARACTERS).to_string()));
    facts.extend(facts::line(report));
    facts
}

/// Writes one cause with what was found and what to do.
pub(super) fn finding(writer: &mut impl Write, report: &Report, group: &CauseGroup<'_>) -> io::Result<()> {
    let CauseGroup { main, consequences, .. } = group;
    let CodeInfo { code, docs, .. } = main.info();
    writeln!(writer, "<section class=\"{}\">", class_of(main.severity))?;
    let code = match docs {
        "" => format!("<i>{code}</i>"),
        docs => format!("<a href=\"{}\">{code}</a>", text(docs)),
    };
    let way = main.transport.map_or_else(String::new, |transport| format!(" <small>{}</small>", as_sent(transport)));
    let is_marked = main.is_api_finding && !report.is_blocked_by_schema();
    let mark = if is_marked { " <small>reported by the API</small>" } else { "" };
    writeln!(writer, "<h3>{code} {}{way}{mark}</h3>", text(&message::sentence(report, main)))?;
    let mut rows = vec![("found", group.found().join("\n"))];
    for other in consequences.iter().filter(|other| other.transport.is_some() && other.has_api_message()) {
        let way = other.transport.map_or("", as_sent);
        rows.push(("also", format!("{way}: {} [{}]", message::sentence(report, other), other.code())));
    }
    if message::is_hidden(report, main) {
        rows.push(("note", "hidden until the schema errors are fixed".to_owned()));
    }
    rows.push(("hint", group.hint().to_owned()));
    rows.retain(|(_, value)| !value.trim().is_empty());
    if !rows.is_empty() {
        let rows = rows.iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>", lines(value)));
        let rows = rows.collect::<Vec<_>>().concat();
        writeln!(writer, "<dl>{rows}</dl>")?;
    }
    writeln!(writer, "</section>")
}

const fn class_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Undecided => "undecided",
        Severity::Warning => "warning",
        Severity::Note => "note-level",
    }
}

/// Writes the line of a request body, with the value marked.
fn source(report: &Report, excerpt: &Excerpt) -> String {
    let shown = visible(&excerpt.text);
    let (Some(before), Some(value), Some(after)) =
        (shown.get(..excerpt.start), shown.get(excerpt.start..excerpt.end), shown.get(excerpt.end..))
    else {
        return String::new();
    };
    let line = report.location.as_ref().map(|place| place.line.to_string()).unwrap_or_default();
    format!("<pre><i>{line}</i>{}<mark>{}</mark>{}</pre>\n", text(before), text(value), text(after))
}

/// Escapes a text of several lines. Those that begin with two spaces are commands, and so is what is between backticks.
pub(super) fn lines(value: &str) -> String {
    let mut html = String::new();
    let mut is_open = false;
    for (nth, line) in value.lines().enumerate() {
        let is_command = line.starts_with("  ");
        html.push_str(match (is_open, is_command) {
            (false, true) => "<pre>",
            (true, false) => "</pre>",
            (true, true) => "\n",
            (false, false) if nth > 0 => "<br />",
            (false, false) => "",
        });
        is_open = is_command;
        html.push_str(&if is_command { text(line.trim_start()) } else { with_code(line) });
    }
    if is_open {
        html.push_str("</pre>");
    }
    html
}

/// Escapes a line, and marks what is between backticks.
fn with_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    // A backtick without a partner belongs to the text.
    if parts.len().is_multiple_of(2) {
        return text(line);
    }
    let mark = |(nth, part): (usize, &&str)| match nth % 2 {
        0 => text(part),
        _ => format!("<code>{}</code>", text(part)),
    };
    parts.iter().enumerate().map(mark).collect()
}
