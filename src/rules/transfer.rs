//! The rules on both requests together: how the body ended, how long all took, and whether HEAD told the truth.

use std::time::Duration;

use super::data_uri::headless;
use super::expiry::is_signed;
use super::response::{Heard, failure};
use super::{Subject, content_types};
use crate::asset::Target;
use crate::finding::lint::Remark;
use crate::finding::reason::Reason;
use crate::finding::{Finding, Way};
use crate::observation::{Answer, BodyEnd, Length, Phase, Response, Trouble};
use crate::text::untrusted::Outside;
use crate::units::{Bytes, seconds};

/// The body must come whole.
pub(super) fn body(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let body = &subject.seen.body;
    let length = Heard::both(subject)[1].good().map(Response::length);
    let announced = match length {
        Some(Length::Known { bytes, .. }) => Some(bytes),
        Some(Length::Missing | Length::Invalid(_)) | None => None,
    };
    match &body.end {
        BodyEnd::NotRead | BodyEnd::Enough => {}
        BodyEnd::Complete => {
            if let Some(announced) = announced.filter(|announced| *announced != body.received) {
                findings.push(mismatch(subject, &Trouble::Short { announced, received: body.received }));
            }
        }
        BodyEnd::Broken(trouble) => findings.push(match trouble {
            Trouble::Short { .. } | Trouble::Reset(Phase::Body) | Trouble::Closed(Phase::Body) => {
                mismatch(subject, trouble)
            }
            Trouble::Name(_)
            | Trouble::Blocked { .. }
            | Trouble::Refused
            | Trouble::Unreachable
            | Trouble::Reset(_)
            | Trouble::Closed(_)
            | Trouble::TimedOut { .. }
            | Trouble::Tls(_)
            | Trouble::Malformed(_)
            | Trouble::Disputed(_)
            | Trouble::Exhausted(_)
            | Trouble::Local(_)
            | Trouble::Other(_) => {
                let came = Bytes::new(body.received);
                failure(trouble, &format!("GET broke off after {came} bytes"))
            }
        }),
    }
}

/// A body that is not as long as announced: a broken fetch, or by the documentation the sentence of the size.
fn mismatch(subject: &Subject<'_>, trouble: &Trouble) -> Finding {
    let mut finding = failure(trouble, "GET brought another number of bytes than Content-Length says");
    if let Some(limit) = subject.file_limit(Way::Url) {
        let other = Reason::TooLarge { limit, size: Bytes::new(subject.seen.body.received) };
        finding.detail = format!("{}; the API may also answer \"{other}\" to that", finding.detail);
    }
    finding
}

/// The ten seconds of the API (seed: "It took longer than ten seconds to download the provided asset").
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// HEAD and GET together should be far from the ten seconds.
pub(super) fn time(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let seen = subject.seen;
    // What this machine spent on its own troubles is not the server's time.
    let told = |trouble: Option<&Trouble>| {
        matches!(trouble, Some(Trouble::TimedOut { .. } | Trouble::Exhausted(_) | Trouble::Local(_)))
    };
    let broken = match &seen.body.end {
        BodyEnd::Broken(trouble) => Some(trouble),
        BodyEnd::NotRead | BodyEnd::Complete | BodyEnd::Enough => None,
    };
    if told(seen.head.trouble()) || told(seen.get.trouble()) || told(broken) {
        return;
    }
    let spent = elapsed(&seen.head).saturating_add(elapsed(&seen.get).max(seen.body.elapsed));
    let detail = || format!("HEAD and GET together took {} seconds", seconds(spent));
    if spent > TIME_LIMIT {
        findings.push(Finding::reason(Reason::Timeout, detail()));
    } else if spent > TIME_LIMIT / 2 {
        findings.push(Finding::remark(Remark::NearTimeout, detail()));
    }
}

const fn elapsed(answer: &Answer) -> Duration {
    match answer {
        Answer::NotAsked => Duration::ZERO,
        Answer::Failed { elapsed, .. } => *elapsed,
        Answer::Response(response) => response.elapsed,
    }
}

/// HEAD must tell what GET brings.
pub(super) fn head_like_get(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let seen = subject.seen;
    let detail = match (&seen.head, &seen.get) {
        (Answer::NotAsked, _) | (_, Answer::NotAsked) | (Answer::Failed { .. }, Answer::Failed { .. }) => return,
        (Answer::Failed { .. }, Answer::Response(get)) => {
            format!("HEAD got no response, GET answered {}", get.status_of_whole())
        }
        (Answer::Response(head), Answer::Failed { .. }) => {
            format!("HEAD answered {}, GET got no response", head.status_of_whole())
        }
        (Answer::Response(head), Answer::Response(get)) => match differences(subject, head, get) {
            Some(detail) => detail,
            None => return,
        },
    };
    let finding = Finding::remark(Remark::HeadGetDiffer, detail);
    findings.push(if is_signed(subject) && head_is_refused(&seen.head) {
        finding.mended_by("Send an upload, or a URL without a signature: a signature holds for one method.")
    } else {
        finding
    });
}

fn head_is_refused(head: &Answer) -> bool {
    head.response().is_some_and(|head| matches!(head.status_of_whole(), 401 | 403))
}

fn differences(subject: &Subject<'_>, head: &Response, get: &Response) -> Option<String> {
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
    let kind = |response: &Response| content_types::declared(response).map(content_types::essence);
    let shown = |response: &Response| {
        content_types::declared(response).map_or_else(|| "none".to_owned(), |value| Outside::shown(value).to_string())
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

const fn known(length: &Length) -> Option<u64> {
    match length {
        Length::Known { bytes, .. } => Some(*bytes),
        Length::Missing | Length::Invalid(_) => None,
    }
}

fn length(length: &Length) -> String {
    match length {
        Length::Known { bytes, .. } => bytes.to_string(),
        Length::Missing => "none".to_owned(),
        Length::Invalid(value) => value.shown().to_string(),
    }
}

/// Where nothing was asked for, only the address was judged.
pub(super) fn asked(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let unasked = matches!((&subject.seen.head, &subject.seen.get), (Answer::NotAsked, Answer::NotAsked));
    if matches!(subject.target, Target::Url(_)) && unasked {
        findings.push(Finding::remark(Remark::NotFetched, "neither HEAD nor GET was sent"));
    }
}

/// A file must be readable.
pub(super) fn readable(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if let Some(why) = &subject.seen.unreadable {
        let finding = Finding::remark(Remark::UnreadableFile, Outside::from(why.as_str()).shown().to_string());
        findings.push(match headless(subject) {
            Some(mend) => finding.mended_by(mend),
            None => finding,
        });
    }
}
