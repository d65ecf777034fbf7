//! Groups the findings of a report by cause: a finding with the same cause, such as for another transport, is listed
//! under the main finding instead of repeated.

use crate::finding::{Finding, FindingKind, SERVER_SAYS, Severity, Transport};
use crate::report::{Delivery, Report};

/// The findings with one cause.
#[derive(Debug)]
pub(super) struct CauseGroup<'a> {
    /// The main finding: the one that the API reports first, else the most severe.
    pub(super) main: &'a Finding,
    /// Other findings with the same cause, such as for other transports.
    pub(super) consequences: Vec<&'a Finding>,
    /// A finding that explains the main one; its details come first.
    pub(super) explanation: Option<&'a Finding>,
}

/// The codes that reject a local file of the wrong format, depending on the transport.
const FORMAT_CODES: [&str; 6] = [
    "unsupported-content-type",
    "generic-content-type",
    "unsupported-asset-type",
    "unreadable-media",
    "type-mismatch",
    "data-uri-too-long",
];

/// The codes that reject a local file because of its size.
const SIZE_CODES: [&str; 2] = ["too-large", "data-uri-too-long"];

/// Pairs of an API error and the lint that explains it.
const EXPLANATIONS: [(&str, &str); 2] = [("http-status", "expired"), ("fetch-failed", "private-address")];

/// Groups the findings: the one that the API reports comes first, then the most severe.
pub(super) fn causes(report: &Report) -> Vec<CauseGroup<'_>> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| (!finding.is_api_finding, finding.severity));
    let has_format_error = findings.iter().any(|finding| {
        finding.severity == Severity::Error
            && ["unreadable-media", "type-mismatch", "unsupported-asset-type"].contains(&finding.code())
    });
    let mut groups: Vec<CauseGroup<'_>> = Vec::new();
    for finding in findings {
        let group = groups.iter_mut().find(|group| follows(report, group.main, finding, has_format_error));
        if let Some(group) = group {
            group.consequences.push(finding);
            continue;
        }
        let explained = groups
            .iter_mut()
            .find(|group| group.explanation.is_none() && EXPLANATIONS.contains(&(group.main.code(), finding.code())));
        match explained {
            Some(group) => group.explanation = Some(finding),
            None => groups.push(CauseGroup { main: finding, consequences: Vec::new(), explanation: None }),
        }
    }
    groups
}

/// Returns whether a finding has the same cause as another one.
fn follows(report: &Report, main: &Finding, finding: &Finding, has_format_error: bool) -> bool {
    if main.severity != finding.severity || report.transport != Delivery::File {
        return false;
    }
    let both = |codes: &[&str]| codes.contains(&main.code()) && codes.contains(&finding.code());
    let is_other_way = main.transport != finding.transport;
    (main.code() == finding.code() && is_other_way)
        || (has_format_error && both(&FORMAT_CODES))
        || (!has_format_error && both(&SIZE_CODES))
}

impl CauseGroup<'_> {
    /// Returns the details of the findings, the most specific first, without duplicates.
    pub(super) fn found(&self) -> Vec<String> {
        let specific = self.consequences.iter().filter(|finding| !finding.has_api_message());
        let mut all: Vec<&Finding> = self.explanation.into_iter().chain(specific.copied()).collect();
        // The content type that a server would send follows from the bytes.
        if all.is_empty() || self.explanation.is_some() {
            all.push(self.main);
        }
        if let (Some(explanation), Some((_, said))) = (self.explanation, self.main.detail.split_once(SERVER_SAYS)) {
            // The API's message has the status already.
            return vec![format!("{} (the server says: {said})", explanation.detail)];
        }
        let mut lines: Vec<String> = Vec::new();
        for finding in all {
            let title = finding.info().title.trim_end_matches('.');
            // Where the API's message follows from a lint, the lint's title is part of what was found.
            let text = match (std::ptr::eq(finding, self.main) && is_implied(finding), finding.detail.is_empty()) {
                (true, true) => title.to_owned(),
                (true, false) => format!("{title}: {}", finding.detail),
                (false, _) => finding.detail.clone(),
            };
            let is_consequence = self.consequences.iter().any(|other| std::ptr::eq(*other, finding));
            let text = if is_consequence && !text.is_empty() { format!("{text} [{}]", finding.code()) } else { text };
            if !text.is_empty() && !lines.contains(&text) {
                lines.push(text);
            }
        }
        lines
    }

    /// Returns whether a finding is the main one or follows from it.
    pub(super) fn contains(&self, finding: &Finding) -> bool {
        let others = self.explanation.into_iter().chain(self.consequences.iter().copied());
        std::iter::once(self.main).chain(others).any(|other| std::ptr::eq(other, finding))
    }

    /// Returns the hint of the most specific finding, which is about the bytes, else that of the main one.
    pub(super) fn hint(&self) -> &str {
        let specific = self.consequences.iter().copied().filter(|finding| !finding.has_api_message());
        let others = self.explanation.into_iter().chain(self.consequences.iter().copied());
        let all = specific.chain([self.main]).chain(others);
        all.map(|finding| finding.hint.as_str()).find(|hint| !hint.is_empty()).unwrap_or_default()
    }
}

/// Returns whether the API's message follows from a lint.
const fn is_implied(finding: &Finding) -> bool {
    matches!(finding.kind, FindingKind::Lint { implied_reason: Some(_), .. })
}

/// Returns the phrase for a transport: `as a data URI`.
pub(super) const fn as_sent(transport: Transport) -> &'static str {
    match transport {
        Transport::Url => "as a URL",
        Transport::DataUri => "as a data URI",
        Transport::Upload => "as an upload",
    }
}
