//! The rules on the fields of a good response: its type, its length, and what else clients stumble over.
//!
//! As in [`super::response`], details are predicates without a subject.

use super::CheckContext;
use super::content_types::{self, Essence};
use super::hints::disputed;
use super::hints::providers;
pub(crate) use super::hints::providers::Situation;
use super::response::{Heard, MOST_CLIENTS};
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::finding::{Finding, Transport};
use crate::observation::{ContentLength, ProtocolAnomaly, ResponseHead};
use crate::text::untrusted::UntrustedText;
use crate::units::Bytes;

/// The Content-Type must be on the list of the kind.
pub(super) fn content_type(subject: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = heard.good() else { return };
    let count = response.headers.all("content-type").count();
    if count > 1 {
        let all: Vec<String> = response.headers.all("content-type").map(|value| value.escaped().to_string()).collect();
        let detail = format!("answered {count} Content-Type fields: {}", all.join(" and "));
        return findings.push(Finding::lint(Lint::MultipleContentTypes, detail));
    }
    let Some(sent) = content_types::declared(response) else {
        let detail = if count == 0 { "answered without a Content-Type" } else { "answered an empty Content-Type" };
        let reason = Reason::UnsupportedContentType { sent: UntrustedText::default() };
        let finding = Finding::lint(Lint::MissingContentType, detail).with_reason(reason);
        return findings.push(proposing(subject, finding));
    };
    let essence = content_types::essence(sent);
    let wanted = subject.wanted_kinds();
    let detail = || format!("answered Content-Type {}", sent.escaped());
    let refused = || Reason::UnsupportedContentType { sent: sent.clone() };
    match content_types::classify(subject.rules, &essence, &wanted) {
        Essence::Accepted(_) => {
            if sent.as_bytes().contains(&b';') {
                findings.push(Finding::lint(Lint::ContentTypeParameters, detail()));
            }
        }
        Essence::Generic => findings.push(proposing(subject, Finding::reason(Reason::GenericContentType, detail()))),
        Essence::Unknown => findings.push(proposing(subject, Finding::reason(refused(), detail()))),
        Essence::OtherKind(kind) => {
            let detail = format!(
                "{}: {} where {} is wanted",
                detail(),
                content_types::with_article(kind),
                content_types::any_of(&wanted)
            );
            findings.push(proposing(subject, Finding::reason(refused(), detail)));
        }
    }
}

fn proposing(subject: &CheckContext<'_>, finding: Finding) -> Finding {
    let unseen = || subject.seen.content.format().is_none().then(|| providers::mend(subject, &[Situation::Type], None));
    let proposal = providers::replaced(subject).or_else(|| content_types::proposal(subject, Transport::Url));
    match proposal.or_else(|| unseen().flatten()) {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    }
}

/// The Content-Length must be there, and mean the same to everybody.
pub(super) fn content_length(subject: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = heard.good() else { return };
    let coding = response.headers.first("transfer-encoding");
    let missing = |detail: String| {
        let finding = Finding::reason(Reason::MissingContentLength, detail);
        match providers::mend(subject, &[Situation::Length], None) {
            Some(hint) => finding.with_hint(hint),
            None => finding,
        }
    };
    match (response.length(), coding) {
        (ContentLength::Missing, Some(coding)) => {
            findings
                .push(missing(format!("answered Transfer-Encoding {} in place of a Content-Length", coding.escaped())));
        }
        (ContentLength::Missing, None) => findings.push(missing("answered without a Content-Length".to_owned())),
        (ContentLength::Invalid(value), _) => {
            let several = response.headers.all("content-length").count() > 1;
            let what = if several { "Content-Length fields that differ" } else { "a Content-Length that is no number" };
            let detail = format!("answered {what}: {}", value.escaped());
            let finding = Finding::reason(Reason::FetchFailed, detail).with_confidence(MOST_CLIENTS);
            findings.push(finding.with_hint("Send exactly one Content-Length, the size of the file in plain digits."));
        }
        (ContentLength::Known { .. }, Some(coding)) => {
            let detail = format!("answered both a Content-Length and Transfer-Encoding {}", coding.escaped());
            findings.push(Finding::lint(Lint::AmbiguousFraming, detail));
        }
        (ContentLength::Known { bytes, repeated: true }, None) => {
            let detail = format!("answered Content-Length {bytes} more than once, or with zeros before it");
            findings.push(Finding::lint(Lint::AmbiguousFraming, detail));
        }
        (ContentLength::Known { repeated: false, .. }, None) => {}
    }
}

/// The Content-Length must be within the limit of the kind; equal passes.
pub(super) fn size(subject: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    let Some(ContentLength::Known { bytes, .. }) = heard.good().map(ResponseHead::length) else { return };
    let (limit, size) = (subject.file_limit(Transport::Url), Bytes::new(bytes));
    let Some(limit) = limit.filter(|limit| size > *limit) else { return };
    let kind = super::kind_of(subject).map_or("any asset", content_types::with_article);
    let detail = format!("answered Content-Length {size}; the limit for {kind} is {limit} bytes");
    findings.push(Finding::reason(Reason::TooLarge { limit, size }, detail));
}

/// A coding on the way changes what Content-Length counts.
pub(super) fn encoding(subject: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    let Some(coding) = heard.good().and_then(coding) else { return };
    let detail = format!("answered Content-Encoding {}", coding.escaped());
    let finding = Finding::lint(Lint::ContentEncoded, detail);
    findings.push(match providers::mend(subject, &[Situation::Encoded], None) {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    });
}

/// Returns the coding of a response, if it has one that changes the bytes.
pub(super) fn coding(response: &ResponseHead) -> Option<&UntrustedText> {
    let plain = |value: &&UntrustedText| {
        let value = value.as_bytes().trim_ascii();
        value.is_empty() || value.eq_ignore_ascii_case(b"identity")
    };
    response.headers.first("content-encoding").filter(|value| !plain(value))
}

/// What clients read differently decides for none of them; what all of them drop is worth a word.
pub(super) fn oddities(_: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    let Some(ResponseHead { anomalies: oddities, .. }) = heard.good() else { return };
    let disputed = disputed(oddities.iter().copied());
    if !disputed.is_empty() {
        let detail = format!("answered so that clients disagree: {disputed}");
        findings.push(Finding::lint(Lint::AmbiguousResponse, detail));
    }
    if oddities.contains(&ProtocolAnomaly::Surplus) {
        findings.push(Finding::lint(Lint::ExcessBodyBytes, "answered with more bytes than its head announces"));
    }
}

/// Node's fetch gives up on a response head above 16 KiB.
pub(super) fn head_size(_: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = heard.answer.response() else { return };
    let size = response.headers.size();
    if size > LARGE_HEAD {
        let detail = format!("answered with {} bytes of header fields", Bytes::new(size as u64));
        findings.push(Finding::lint(Lint::LargeResponseHeader, detail));
    }
}

/// The size of the fields that passes everywhere, in bytes: Node stops at 16 KiB.
const LARGE_HEAD: usize = 16 << 10;
