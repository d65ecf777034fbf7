//! The rules on both requests together: how the body ended, how long all took, and whether HEAD told the truth.

use std::time::Duration;

use super::data_uri::headless;
use super::expiry::is_signed;
use super::response::{Heard, failure};
use super::{CheckContext, content_types};
use crate::asset::Target;
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::finding::{Finding, Transport};
use crate::observation::{BodyEnd, ContentLength, FetchError, Phase, RequestOutcome, ResponseHead};
use crate::text::untrusted::UntrustedText;
use crate::units::{Bytes, seconds};

/// The body must come whole.
pub(super) fn body(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let body = &subject.seen.body;
    let length = Heard::both(subject)[1].good().map(ResponseHead::length);
    let announced = match length {
        Some(ContentLength::Known { bytes, .. }) => Some(bytes),
        Some(ContentLength::Missing | ContentLength::Invalid(_)) | None => None,
    };
    match &body.end {
        BodyEnd::NotRead | BodyEnd::StoppedEarly => {}
        BodyEnd::Complete => {
            if let Some(announced) = announced.filter(|announced| *announced != body.received) {
                findings.push(mismatch(subject, &FetchError::TruncatedBody { announced, received: body.received }));
            }
        }
        BodyEnd::Interrupted(trouble) => findings.push(match trouble {
            FetchError::TruncatedBody { .. }
            | FetchError::ConnectionReset(Phase::Body)
            | FetchError::ConnectionClosed(Phase::Body) => mismatch(subject, trouble),
            FetchError::Dns(_)
            | FetchError::AddressBlocked { .. }
            | FetchError::ConnectionRefused
            | FetchError::Unreachable
            | FetchError::ConnectionReset(_)
            | FetchError::ConnectionClosed(_)
            | FetchError::Timeout { .. }
            | FetchError::Tls(_)
            | FetchError::MalformedResponse(_)
            | FetchError::AmbiguousResponse(_)
            | FetchError::LocalResourcesExhausted(_)
            | FetchError::LocalNetwork(_)
            | FetchError::Other(_) => {
                let came = Bytes::new(body.received);
                failure(trouble, &format!("GET broke off after {came} bytes"))
            }
        }),
    }
}

/// A body that is not as long as announced: a broken fetch, or by the documentation the sentence of the size.
fn mismatch(subject: &CheckContext<'_>, trouble: &FetchError) -> Finding {
    let mut finding = failure(trouble, "GET brought another number of bytes than Content-Length says");
    if let Some(limit) = subject.file_limit(Transport::Url) {
        let other = Reason::TooLarge { limit, size: Bytes::new(subject.seen.body.received) };
        finding.detail = format!("{}; the API may also answer \"{other}\" to that", finding.detail);
    }
    finding
}

/// The ten seconds of the API (seed: "It took longer than ten seconds to download the provided asset").
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// HEAD and GET together should be far from the ten seconds.
pub(super) fn time(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let seen = subject.seen;
    // What this machine spent on its own troubles is not the server's time.
    let told = |trouble: Option<&FetchError>| {
        matches!(
            trouble,
            Some(FetchError::Timeout { .. } | FetchError::LocalResourcesExhausted(_) | FetchError::LocalNetwork(_))
        )
    };
    let broken = match &seen.body.end {
        BodyEnd::Interrupted(trouble) => Some(trouble),
        BodyEnd::NotRead | BodyEnd::Complete | BodyEnd::StoppedEarly => None,
    };
    if told(seen.head.error()) || told(seen.get.error()) || told(broken) {
        return;
    }
    let spent = elapsed(&seen.head).saturating_add(elapsed(&seen.get).max(seen.body.elapsed));
    let detail = || format!("HEAD and GET together took {} seconds", seconds(spent));
    if spent > TIME_LIMIT {
        findings.push(Finding::reason(Reason::Timeout, detail()));
    } else if spent > TIME_LIMIT / 2 {
        findings.push(Finding::lint(Lint::NearTimeout, detail()));
    }
}

const fn elapsed(answer: &RequestOutcome) -> Duration {
    match answer {
        RequestOutcome::NotSent => Duration::ZERO,
        RequestOutcome::Failed { elapsed, .. } => *elapsed,
        RequestOutcome::Response(response) => response.elapsed,
    }
}

/// HEAD must tell what GET brings.
pub(super) fn head_like_get(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let seen = subject.seen;
    let detail = match (&seen.head, &seen.get) {
        (RequestOutcome::NotSent, _)
        | (_, RequestOutcome::NotSent)
        | (RequestOutcome::Failed { .. }, RequestOutcome::Failed { .. }) => return,
        (RequestOutcome::Failed { .. }, RequestOutcome::Response(get)) => {
            format!("HEAD got no response, GET answered {}", get.status_of_whole())
        }
        (RequestOutcome::Response(head), RequestOutcome::Failed { .. }) => {
            format!("HEAD answered {}, GET got no response", head.status_of_whole())
        }
        (RequestOutcome::Response(head), RequestOutcome::Response(get)) => match differences(subject, head, get) {
            Some(detail) => detail,
            None => return,
        },
    };
    let finding = Finding::lint(Lint::HeadGetDiffer, detail);
    findings.push(if is_signed(subject) && head_is_refused(&seen.head) {
        finding.with_hint("Send an upload, or a URL without a signature: a signature holds for one method.")
    } else {
        finding
    });
}

fn head_is_refused(head: &RequestOutcome) -> bool {
    head.response().is_some_and(|head| matches!(head.status_of_whole(), 401 | 403))
}

fn differences(subject: &CheckContext<'_>, head: &ResponseHead, get: &ResponseHead) -> Option<String> {
    let (first, second) = (head.status_of_whole(), get.status_of_whole());
    if first != second {
        let why = match (first, second) {
            (200, _) => "",
            (_, 200) if is_signed(subject) => ": the URL is signed for GET alone",
            (403, 200) => ": the server refuses HEAD, as a URL signed for GET or a wall against bots does",
            (_, _) => "",
        };
        return Some(format!("HEAD answered {first}, GET {second}{why}"));
    }
    if first != 200 {
        // Two error pages: nobody looks at their fields.
        return None;
    }
    let kind = |response: &ResponseHead| content_types::declared(response).map(content_types::essence);
    let shown = |response: &ResponseHead| {
        content_types::declared(response)
            .map_or_else(|| "none".to_owned(), |value| UntrustedText::escaped(value).to_string())
    };
    let mut parts = Vec::new();
    if kind(head) != kind(get) {
        parts.push(format!("HEAD answered Content-Type {}, GET {}", shown(head), shown(get)));
    }
    let (first, second) = (head.length(), get.length());
    if known(&first) != known(&second) {
        parts.push(format!("HEAD answered Content-Length {}, GET {}", length(&first), length(&second)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

const fn known(length: &ContentLength) -> Option<u64> {
    match length {
        ContentLength::Known { bytes, .. } => Some(*bytes),
        ContentLength::Missing | ContentLength::Invalid(_) => None,
    }
}

fn length(length: &ContentLength) -> String {
    match length {
        ContentLength::Known { bytes, .. } => bytes.to_string(),
        ContentLength::Missing => "none".to_owned(),
        ContentLength::Invalid(value) => value.escaped().to_string(),
    }
}

/// Where nothing was asked for, only the address was judged.
pub(super) fn asked(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let unasked = matches!((&subject.seen.head, &subject.seen.get), (RequestOutcome::NotSent, RequestOutcome::NotSent));
    if matches!(subject.target, Target::Url(_)) && unasked {
        findings.push(Finding::lint(Lint::NotFetched, "neither HEAD nor GET was sent"));
    }
}

/// A file must be readable.
pub(super) fn readable(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    if let Some(why) = &subject.seen.unreadable {
        let finding = Finding::lint(Lint::UnreadableFile, UntrustedText::from(why.as_str()).escaped().to_string());
        findings.push(match headless(subject) {
            Some(mend) => finding.with_hint(mend),
            None => finding,
        });
    }
}
