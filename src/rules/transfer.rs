//! The rules on both requests together: how the body ended, how long they took, and whether HEAD and GET agree.

use std::time::Duration;

use super::expiry::is_signed;
use super::hints::wrapping::wrapping_hint;
use super::response::failure;
use super::{CheckContext, MethodOutcome, content_types};
use crate::asset::Target;
use crate::finding::{Finding, Lint, Reason, Transport};
use crate::observation::{BodyEnd, ContentLength, FetchError, Phase, ProtocolAnomaly, RequestOutcome, ResponseHead};
use crate::text::untrusted::UntrustedText;
use crate::units::{Bytes, seconds};

/// The body must be complete.
pub(super) fn body(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let body = &context.observation.body;
    let length = MethodOutcome::get(context).ok_response().map(ResponseHead::length);
    let announced = match length {
        Some(ContentLength::Known { bytes, .. }) => Some(bytes),
        Some(ContentLength::Missing | ContentLength::Invalid(_)) | None => None,
    };
    match &body.end {
        BodyEnd::NotRead | BodyEnd::StoppedEarly => {}
        BodyEnd::Complete => {
            if let Some(announced) = announced.filter(|announced| *announced != body.received) {
                findings.push(mismatch(context, &FetchError::TruncatedBody { announced, received: body.received }));
            }
        }
        BodyEnd::Interrupted(error) => findings.push(match error {
            FetchError::TruncatedBody { .. }
            | FetchError::ConnectionReset(Phase::Body)
            | FetchError::ConnectionClosed(Phase::Body) => mismatch(context, error),
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
                let received = Bytes::new(body.received);
                failure(error, &format!("GET was interrupted after {received} bytes"))
            }
        }),
    }
}

/// A body whose length differs from the announced one: a failed fetch or, by the documentation, an asset that is too
/// large.
fn mismatch(context: &CheckContext<'_>, error: &FetchError) -> Finding {
    let mut finding = failure(error, "GET returned a different number of bytes than its Content-Length");
    if let Some(limit) = context.file_limit(Transport::Url) {
        let other = Reason::TooLarge { limit, size: Bytes::new(context.observation.body.received) };
        finding.detail = format!("{}; the API may also answer \"{other}\"", finding.detail);
    }
    finding
}

/// Bytes after the end of a response are too many, whether they come with it or later.
pub(super) fn late_bytes(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let seen = context.observation;
    let mut responses = [&seen.head, &seen.get].into_iter().filter_map(RequestOutcome::response);
    let is_told = responses.any(|response| response.anomalies.contains(&ProtocolAnomaly::ExcessBytes));
    if seen.late_bytes.came() && !is_told {
        findings.push(Finding::lint(Lint::ExcessBodyBytes, "the server sent more bytes after a response had ended"));
    }
}

/// The API's time limit of ten seconds (seed: "It took longer than ten seconds to download the provided asset").
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// HEAD and GET together should take much less than ten seconds.
pub(super) fn time(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let observation = context.observation;
    // A timeout is reported with its cause, and errors on this machine say nothing about the server.
    let is_reported = |error: Option<&FetchError>| {
        matches!(
            error,
            Some(FetchError::Timeout { .. } | FetchError::LocalResourcesExhausted(_) | FetchError::LocalNetwork(_))
        )
    };
    let interrupted = match &observation.body.end {
        BodyEnd::Interrupted(error) => Some(error),
        BodyEnd::NotRead | BodyEnd::Complete | BodyEnd::StoppedEarly => None,
    };
    if is_reported(observation.head.error()) || is_reported(observation.get.error()) || is_reported(interrupted) {
        return;
    }
    let total = elapsed(&observation.head).saturating_add(elapsed(&observation.get).max(observation.body.elapsed));
    let detail = || format!("HEAD and GET took {} s in total", seconds(total));
    if total > TIME_LIMIT {
        findings.push(Finding::reason(Reason::Timeout, detail()));
    } else if total > TIME_LIMIT / 2 {
        findings.push(Finding::lint(Lint::NearTimeout, detail()));
    }
}

const fn elapsed(outcome: &RequestOutcome) -> Duration {
    match outcome {
        RequestOutcome::NotSent => Duration::ZERO,
        RequestOutcome::Failed { elapsed, .. } => *elapsed,
        RequestOutcome::Response(response) => response.elapsed,
    }
}

/// HEAD must announce what GET returns.
pub(super) fn head_like_get(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let observation = context.observation;
    let detail = match (&observation.head, &observation.get) {
        (RequestOutcome::NotSent, _)
        | (_, RequestOutcome::NotSent)
        | (RequestOutcome::Failed { .. }, RequestOutcome::Failed { .. }) => return,
        (RequestOutcome::Failed { .. }, RequestOutcome::Response(get)) => {
            format!("HEAD got no response, GET returned {}", get.status_of_whole())
        }
        // Its headers are as bad, and were only read more leniently, as a HEAD has no body.
        (RequestOutcome::Response(head), RequestOutcome::Failed { error: FetchError::MalformedResponse(_), .. })
            if matches!(head.length(), ContentLength::Invalid(_)) =>
        {
            return;
        }
        (RequestOutcome::Response(head), RequestOutcome::Failed { .. }) => {
            format!("HEAD returned {}, GET got no response", head.status_of_whole())
        }
        (RequestOutcome::Response(head), RequestOutcome::Response(get)) => match differences(context, head, get) {
            Some(detail) => detail,
            None => return,
        },
    };
    let finding = Finding::lint(Lint::HeadGetDiffer, detail);
    findings.push(if is_signed(context) && is_head_refused(&observation.head) {
        finding.with_hint("Send an upload, or a URL without a signature: a signature is valid for one method only.")
    } else {
        finding
    });
}

fn is_head_refused(head: &RequestOutcome) -> bool {
    head.response().is_some_and(|head| matches!(head.status_of_whole(), 401 | 403))
}

fn differences(context: &CheckContext<'_>, head: &ResponseHead, get: &ResponseHead) -> Option<String> {
    let (head_status, get_status) = (head.status_of_whole(), get.status_of_whole());
    if head_status != get_status {
        let why = match (head_status, get_status) {
            (200, _) => "",
            (_, 200) if is_signed(context) => ": the URL is signed for GET only",
            (403, 200) => ": the server refuses HEAD, as for a URL signed for GET, or with a bot check",
            (_, _) => "",
        };
        return Some(format!("HEAD returned {head_status}, GET {get_status}{why}"));
    }
    if head_status != 200 {
        // The headers of two error pages do not matter.
        return None;
    }
    let kind = |response: &ResponseHead| content_types::declared(response).map(content_types::essence);
    let shown = |response: &ResponseHead| {
        content_types::declared(response)
            .map_or_else(|| "none".to_owned(), |value| UntrustedText::escaped(value).to_string())
    };
    let mut parts = Vec::new();
    if kind(head) != kind(get) {
        parts.push(format!("HEAD returned Content-Type {}, GET {}", shown(head), shown(get)));
    }
    let (first, second) = (head.length(), get.length());
    if known(&first) != known(&second) {
        parts.push(format!("HEAD returned Content-Length {}, GET {}", length(&first), length(&second)));
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

/// Where no request was sent, only the address was checked; where no GET was, only the response to HEAD.
pub(super) fn not_sent(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let (Target::Url(_), RequestOutcome::NotSent) = (context.target, &context.observation.get) else { return };
    match &context.observation.head {
        RequestOutcome::NotSent => {
            findings.push(Finding::lint(Lint::NotFetched, "neither HEAD nor GET was sent"));
        }
        RequestOutcome::Response(_) => findings.push(Finding::lint(Lint::HeadOnly, "no GET was sent")),
        RequestOutcome::Failed { .. } => {}
    }
}

/// A file must be readable.
pub(super) fn file_readable(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    if let Some(why) = &context.observation.unreadable {
        let finding = Finding::lint(Lint::UnreadableFile, UntrustedText::from(why.as_str()).escaped().to_string());
        findings.push(finding.with_optional_hint(wrapping_hint(context.asset.text())));
    }
}
