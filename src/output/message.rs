//! A finding in plain lines, and a run in one: the words of every format that has no layout of its own.

use super::escape;
use crate::finding::{Finding, FindingKind, Severity, Transport};
use crate::report::{Delivery, Report, Summary};
use crate::text::untrusted::UntrustedText;
use crate::units::Bytes;

/// How many characters of an asset are shown beside its findings.
pub(super) const ASSET_CHARACTERS: usize = 200;

/// Returns the asset as one line.
pub(super) fn asset(report: &Report) -> String {
    escape::visible(&report.asset.escaped_up_to(ASSET_CHARACTERS).to_string())
}

/// Returns the finding that decides the verdict: what the API would answer first, else the gravest.
pub(super) fn deciding(report: &Report) -> Option<&Finding> {
    report.api_answer().or_else(|| report.findings.iter().min_by_key(|finding| finding.severity))
}

/// Ranks a finding, the worst lowest: by weight, then those that decide before those beside them, then by input.
pub(super) fn rank(report: &Report, nth: usize, finding: &Finding) -> Rank {
    let decides = deciding(report).is_some_and(|deciding| std::ptr::eq(deciding, finding));
    Rank { severity: finding.severity, is_beside: !decides, index: report.index, nth }
}

/// How bad a finding is among all of a run. The order of the fields is that of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    severity: Severity,
    /// True for a finding that does not decide the verdict of its asset.
    is_beside: bool,
    /// The place of the asset among all.
    pub(super) index: u64,
    /// The place of the finding among those of its asset.
    pub(super) nth: usize,
}

/// Returns the sentence of a finding with its field, as one line.
pub(super) fn sentence(report: &Report, finding: &Finding) -> String {
    escape::visible(&report.prefixed(&finding.message()))
}

/// Tells a finding in lines: the sentence alone on the first, then the asset, what was seen, and how to mend it.
pub(super) fn lines(report: &Report, finding: &Finding) -> Vec<String> {
    let Finding { kind: what, severity, confidence: _, is_api_answer: _, transport: way, detail, hint } = finding;
    let way = way.map_or("", sent_as);
    let mut lines = vec![sentence(report, finding)];
    lines.push(match report.transport {
        Delivery::Body => format!("request: {}", asset(report)),
        Delivery::Sent(_) | Delivery::File => format!("asset: {}{way}", asset(report)),
    });
    if report.is_blocked_by_schema() && finding.has_api_message() {
        lines.push("when: once the body is fixed".to_owned());
    }
    if let FindingKind::Lint { implied_reason: Some(_), lint: remark } = what {
        lines.push(format!("why: {}", remark.info().title));
    }
    lines.extend(labelled("seen: ", detail));
    if *severity != Severity::Note {
        lines.extend(labelled("fix: ", hint));
    }
    lines
}

/// Puts a label before the first line of a text, and white space before the others.
fn labelled(label: &str, text: &str) -> impl Iterator<Item = String> {
    let starts = std::iter::once(label).chain(std::iter::repeat("  "));
    starts.zip(text.lines()).map(|(start, line)| start.to_owned() + &escape::visible(line))
}

/// Says by which way of sending a local file a finding holds.
const fn sent_as(way: Transport) -> &'static str {
    match way {
        Transport::Url => " (if sent as a URL)",
        Transport::DataUri => " (if sent as a data URI)",
        Transport::Upload => " (if sent as an upload)",
    }
}

/// Counts a run in words: `3 assets: 1 accepted, 2 rejected`.
pub(super) fn count(summary: &Summary) -> String {
    let Summary { accepted, rejected, undecided, assets_in_requests: _, elapsed: _, incomplete } = summary;
    let judged = judged(summary);
    let counts = [(accepted, "accepted"), (rejected, "rejected"), (undecided, "undecided")];
    let counts = counts.iter().filter(|(count, _)| **count > 0);
    let counts = counts.map(|(count, word)| format!("{} {word}", Bytes::new(**count))).collect::<Vec<_>>();
    let counts = if counts.is_empty() { "nothing judged".to_owned() } else { counts.join(", ") };
    format!("{judged}: {counts}{}", if *incomplete { " (stopped before the end)" } else { "" })
}

/// Says what was judged: `3 assets`, `1 request with 2 assets`.
pub(super) fn judged(summary: &Summary) -> String {
    let some = |count: u64, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{} {what}s", Bytes::new(count)),
    };
    match summary.assets_in_requests {
        None => some(summary.total(), "asset"),
        Some(within) => format!("{} with {}", some(summary.total(), "request"), some(within, "asset")),
    }
}

/// What is said where a flag made the run see something else than the API would.
pub(super) const UNFAITHFUL: &str = "The flags of this run let it see something else than the API would.";

/// A file of the user's that an asset can be looked at in, and the place in it.
pub(super) struct Spot<'a> {
    /// The file as it was named.
    pub(super) file: &'a UntrustedText,
    /// Line and column, counted from 1; `None` for a file that is the asset itself.
    pub(super) at: Option<(u64, u64)>,
}

impl<'a> Spot<'a> {
    /// Returns where an asset stands: in a list or a body, or in the file that it is. Standard input is no file.
    pub(super) fn of(report: &'a Report) -> Option<Self> {
        let spot = match (&report.location, report.transport) {
            (Some(place), _) => Self { file: &place.file, at: Some((place.line, place.column)) },
            (None, Delivery::File) => Self { file: &report.asset, at: None },
            (None, Delivery::Sent(_) | Delivery::Body) => return None,
        };
        (spot.file.as_bytes() != b"-").then_some(spot)
    }
}
