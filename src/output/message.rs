//! Formats a finding as plain lines, and a run as one line; shared by the formats without their own layout.

use super::causes::{CauseGroup, as_sent};
use super::escape;
use crate::finding::{Finding, Severity};
use crate::report::{Delivery, Report, Summary};
use crate::text::secret::REDACTED;
use crate::text::untrusted::UntrustedText;
use crate::units::{Bytes, counted};

/// How many characters of an asset are shown next to its findings.
pub(super) const ASSET_CHARACTERS: usize = 200;

/// Returns the asset as one line.
pub(super) fn asset(report: &Report) -> String {
    escape::visible(&report.asset.escaped_up_to(ASSET_CHARACTERS).to_string())
}

/// Replaces a query that has hidden values: `?…(6 values hidden)`. Takes and returns escaped text.
pub(super) fn short_query(asset: &str) -> String {
    let Some((path, query)) = asset.split_once('?').filter(|(_, query)| query.contains(REDACTED)) else {
        return asset.to_owned();
    };
    let values = query.split('&').count();
    format!("{path}?…({} hidden)", counted(values as u64, "value"))
}

/// Returns the finding that decides the verdict: the one that the API reports first, else the most severe.
pub(super) fn deciding(report: &Report) -> Option<&Finding> {
    report.api_finding().or_else(|| report.findings.iter().min_by_key(|finding| finding.severity))
}

/// Ranks a finding, the worst lowest: by severity, then deciding findings before others, then in input order.
pub(super) fn rank(report: &Report, nth: usize, finding: &Finding) -> Rank {
    let decides = deciding(report).is_some_and(|deciding| std::ptr::eq(deciding, finding));
    Rank { severity: finding.severity, is_secondary: !decides, index: report.index, nth }
}

/// The rank of a finding among all of a run. Fields are compared in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    severity: Severity,
    /// True for a finding that does not decide the verdict of its asset.
    is_secondary: bool,
    /// The number of the asset.
    pub(super) index: u64,
    /// The number of the finding among those of its asset.
    pub(super) nth: usize,
}

/// Returns the message of a finding with its field, as one line.
pub(super) fn sentence(report: &Report, finding: &Finding) -> String {
    escape::visible(&report.prefixed(&finding.message()))
}

/// Returns the API's message of a finding with its field, or our code in brackets if the API has no message.
pub(super) fn api_message(report: &Report, finding: &Finding) -> String {
    if finding.has_api_message() {
        return sentence(report, finding);
    }
    escape::visible(&report.prefixed(&format!("[{}]", finding.code())))
}

/// Returns the lines of a cause: the message, then the asset, the details, and the hint.
pub(super) fn lines(report: &Report, group: &CauseGroup<'_>) -> Vec<String> {
    let CauseGroup { main, consequences, .. } = group;
    let mut lines = vec![sentence(report, main)];
    let way = main.transport.map_or_else(String::new, |transport| format!(" ({})", as_sent(transport)));
    lines.push(match report.transport {
        Delivery::Body => format!("request: {}", asset(report)),
        Delivery::Sent(_) | Delivery::File => format!("asset: {}{way}", asset(report)),
    });
    lines.extend(is_hidden(report, main).then(|| HIDDEN.to_owned()));
    lines.extend(labelled("found: ", &group.found().join("\n")));
    for other in consequences.iter().filter(|other| other.transport.is_some()) {
        let way = other.transport.map_or("", as_sent);
        lines.push(format!("{way}: {} [{}]", sentence(report, other), other.code()));
    }
    if main.severity != Severity::Note {
        lines.extend(labelled("hint: ", group.hint()));
    }
    lines
}

/// The note on a finding that the API reports only after the schema errors of the body.
pub(super) const HIDDEN: &str = "note: hidden until the schema errors are fixed";

/// Returns whether the API reports a finding only once the schema errors of the body are fixed.
pub(super) fn is_hidden(report: &Report, finding: &Finding) -> bool {
    report.is_blocked_by_schema() && finding.has_api_message()
}

/// Puts a label before a text and indents its other lines below it.
fn labelled(label: &str, text: &str) -> Vec<String> {
    let indent = " ".repeat(label.chars().count());
    let line = |(nth, line): (usize, &str)| {
        let start = if nth == 0 { label } else { &indent };
        escape::visible(&format!("{start}{line}"))
    };
    text.lines().enumerate().map(line).collect()
}

/// Returns the cause of a finding in a few words, for one-line formats.
pub(super) fn short_cause(group: &CauseGroup<'_>) -> String {
    let found = group.found();
    let first = found.first().map(String::as_str).unwrap_or_default();
    let line = escape::visible(first.lines().next().unwrap_or_default());
    if line.chars().count() <= CAUSE_CHARACTERS {
        return line;
    }
    format!("{}…", line.chars().take(CAUSE_CHARACTERS).collect::<String>())
}

/// The maximum length of a cause on a line, in characters.
const CAUSE_CHARACTERS: usize = 160;

/// A location in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SourceLocation<'a> {
    pub(super) file: &'a UntrustedText,
    /// Line and column; `None` if the local file itself is the location.
    pub(super) at: Option<(u64, u64)>,
}

impl<'a> SourceLocation<'a> {
    /// Returns the location of an asset: its line in a list or body, else the local file itself. `None` if it was read
    /// from standard input or named on the command line.
    pub(super) fn of(report: &'a Report) -> Option<Self> {
        match &report.location {
            Some(location) if location.file.as_bytes() == b"-" => None,
            Some(location) => Some(Self { file: &location.file, at: Some((location.line, location.column)) }),
            None => (report.transport == Delivery::File).then_some(Self { file: &report.asset, at: None }),
        }
    }
}

/// Counts the verdicts of a run in one line.
pub(super) fn count(summary: &Summary) -> String {
    let Summary { accepted, rejected, undecided, not_fetched, assets_in_requests: _, elapsed: _, incomplete } = summary;
    let fetched = accepted.saturating_sub(*not_fetched);
    let counts =
        [(fetched, "accepted"), (*not_fetched, "not fetched"), (*rejected, "rejected"), (*undecided, "undecided")];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", Bytes::new(count)))
        .collect();
    let counts = if counts.is_empty() { "nothing checked".to_owned() } else { counts.join(", ") };
    let incomplete = if *incomplete { "; stopped before the end" } else { "" };
    format!("{}: {counts}{incomplete}", checked(summary))
}

/// Counts what was checked: `500 assets`, `1 request with 3 assets`.
pub(super) fn checked(summary: &Summary) -> String {
    match summary.assets_in_requests {
        None => counted(summary.total(), "asset"),
        Some(assets) => format!("{} with {}", counted(summary.total(), "request"), counted(assets, "asset")),
    }
}

/// The note on a run whose observations may differ from the API's.
pub(super) const DEVIATES: &str = "Results may differ from the API's because of the flags of this run.";
