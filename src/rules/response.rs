//! The rules on each answer, of HEAD as of GET: whether one came, and its status.
//!
//! Their details are predicates without a subject (`answered 404`): [`merge`] puts `HEAD`, `GET` or both before them.

use super::CheckContext;
use super::expiry::{has_ended, is_signed};
use super::hints::Cause;
use super::hints::providers;
pub(crate) use super::hints::providers::Situation;
use super::hints::server_message;
pub(crate) use super::hints::server_message::{Redirect, Wall};
use crate::asset::Target;
use crate::finding::Finding;
use crate::finding::code::Confidence;
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::observation::{FetchError, RequestOutcome, ResponseHead, TlsError};

/// The two requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Head,
    Get,
}

/// One request and what it brought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard<'a> {
    pub(super) method: Method,
    pub(super) answer: &'a RequestOutcome,
}

impl<'a> Heard<'a> {
    /// Returns the answers to both requests, in the order in which they were asked.
    pub(super) fn both(subject: &CheckContext<'a>) -> [Self; 2] {
        let seen = subject.seen;
        [Self { method: Method::Head, answer: &seen.head }, Self { method: Method::Get, answer: &seen.get }]
    }

    /// Returns the response, if it is one whose fields count: the API looks no further than a status other than 200.
    pub(super) fn good(self) -> Option<&'a ResponseHead> {
        self.answer.response().filter(|response| response.status_of_whole() == 200)
    }
}

/// A response must come.
pub(super) fn arrived(_: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    if let Some(trouble) = heard.answer.error() {
        findings.push(failure(trouble, "got no response"));
    }
}

/// Turns a trouble into what the API would say of it.
pub(super) fn failure(trouble: &FetchError, what: &str) -> Finding {
    let cause = Cause::of(trouble);
    let detail = format!("{what}: {}", cause.what);
    let finding = match trouble {
        FetchError::AddressBlocked { .. } => {
            Finding::lint(Lint::PrivateAddress, detail).with_reason(Reason::FetchFailed)
        }
        FetchError::LocalResourcesExhausted(_) | FetchError::LocalNetwork(_) => {
            Finding::lint(Lint::LocalNetworkError, detail)
        }
        FetchError::AmbiguousResponse(_) => Finding::lint(Lint::AmbiguousResponse, detail),
        FetchError::Tls(TlsError::OnlyHttp2) => Finding::lint(Lint::Http2OnlyHost, detail),
        FetchError::Timeout { .. } => Finding::reason(Reason::Timeout, detail),
        FetchError::Dns(_)
        | FetchError::ConnectionRefused
        | FetchError::Unreachable
        | FetchError::ConnectionReset(_)
        | FetchError::ConnectionClosed(_)
        | FetchError::Tls(_)
        | FetchError::MalformedResponse(_)
        | FetchError::TruncatedBody { .. }
        | FetchError::Other(_) => Finding::reason(Reason::FetchFailed, detail),
    };
    finding.with_hint(cause.mend)
}

/// The status must be 200.
pub(super) fn status(subject: &CheckContext<'_>, heard: Heard<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = heard.answer.response() else { return };
    let status = response.status_of_whole();
    if status == 200 {
        return;
    }
    let mut detail = format!("answered {status}{}", phrase(status));
    let redirect = match subject.target {
        Target::Url(address) if (300..400).contains(&status) => server_message::redirect(response, address),
        Target::Url(_) | Target::DataUri | Target::Runway | Target::File(_) | Target::NoUrl(_) => None,
    };
    match &redirect {
        Some(Redirect::Elsewhere(place)) => detail = format!("{detail} to {place}, which the API does not follow"),
        Some(Redirect::Back) => detail = format!("{detail} to the same URL again"),
        None => {}
    }
    let wall = server_message::wall(response);
    if let Some(wall) = wall {
        detail = format!("{detail}, perhaps from {}", wall.name);
    }
    if let Some(words) = server_message::said(response, subject.target) {
        detail = format!("{detail}; the host says: {words}");
    }
    let finding = Finding::reason(Reason::HttpStatus { status }, detail);
    let hint = providers::mend(subject, &situations(subject, heard.method, status, wall, redirect.as_ref()), None)
        .or_else(|| status_hint(subject, heard.method, status, redirect.as_ref(), wall.is_some()).map(str::to_owned));
    findings.push(match hint {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    });
}

/// Says what a status may mean, the likeliest first.
fn situations(
    subject: &CheckContext<'_>,
    method: Method,
    status: u16,
    wall: Option<Wall>,
    redirect: Option<&Redirect>,
) -> Vec<Situation> {
    if head_alone(subject, method, status) {
        return vec![Situation::Head];
    }
    let by_status = match status {
        300..=399 if matches!(redirect, Some(Redirect::Back)) => Some(Situation::Loop),
        300..=399 => Some(Situation::Redirect),
        400 | 401 | 403 | 409 => Some(Situation::Refused),
        404 | 410 => Some(Situation::Missing),
        429 => Some(Situation::Busy),
        502..=504 => Some(Situation::Unreached),
        _ => None,
    };
    let (certain, likely) = match wall {
        Some(wall) if wall.is_certain => (Some(Situation::Wall), None),
        Some(_) => (None, Some(Situation::Wall)),
        None => (None, None),
    };
    let ended = (matches!(status, 400..=499) && has_ended(subject)).then_some(Situation::Expired);
    certain.into_iter().chain(ended).chain(by_status).chain(likely).collect()
}

/// Says whether it is HEAD that is refused: GET is answered, or a signature lets GET in to meet something else.
fn head_alone(subject: &CheckContext<'_>, method: Method, status: u16) -> bool {
    let [_, get] = Heard::both(subject);
    let is_let_in = || {
        let got = get.answer.response().map(ResponseHead::status_of_whole);
        is_signed(subject) && matches!(status, 401 | 403) && got.is_some_and(|got| got != status)
    };
    method == Method::Head && (get.good().is_some() || is_let_in())
}

fn status_hint(
    subject: &CheckContext<'_>,
    method: Method,
    status: u16,
    redirect: Option<&Redirect>,
    walled: bool,
) -> Option<&'static str> {
    if head_alone(subject, method, status) {
        return Some(if is_signed(subject) {
            "A URL signed for GET refuses HEAD, and the API needs both: send an upload, or a URL without a signature."
        } else {
            "Make the server answer HEAD as it answers GET."
        });
    }
    match status {
        300..=399 => redirect.map(|redirect| match redirect {
            Redirect::Elsewhere(place) if place.starts_with("http://") => {
                "Let the server answer itself: it sends clients to http://, which the API refuses as well."
            }
            Redirect::Elsewhere(_) => "Send the URL that the redirect leads to.",
            Redirect::Back => {
                "Tell the program behind the proxy that the client speaks HTTPS, as in X-Forwarded-Proto: https."
            }
        }),
        _ if walled => {
            Some("Let clients pass whose User-Agent begins with `RunwayML API/`; `diagnose` compares it with others.")
        }
        401 | 403 if is_signed(subject) => {
            Some("Sign a new URL just before the request, or send the asset as an upload.")
        }
        401 | 403 => Some(
            "Make the asset public, sign its URL, or let the User-Agent `RunwayML API/1.0` pass; `diagnose` tells which.",
        ),
        404 | 410 => Some("Correct the path in the URL, or store the asset there."),
        405 | 501 if method == Method::Head => Some("Allow HEAD on the server; the API asks HEAD before GET."),
        500..=599 => Some("Look into the server's log; try again later if it is another's."),
        _ => None,
    }
}

/// Returns the usual words for a status, with a space before them.
const fn phrase(status: u16) -> &'static str {
    match status {
        204 => " (No Content)",
        206 => " (Partial Content)",
        301 => " (Moved Permanently)",
        302 => " (Found)",
        303 => " (See Other)",
        304 => " (Not Modified)",
        307 => " (Temporary Redirect)",
        308 => " (Permanent Redirect)",
        400 => " (Bad Request)",
        401 => " (Unauthorized)",
        403 => " (Forbidden)",
        404 => " (Not Found)",
        405 => " (Method Not Allowed)",
        410 => " (Gone)",
        429 => " (Too Many Requests)",
        500 => " (Internal Server Error)",
        501 => " (Not Implemented)",
        502 => " (Bad Gateway)",
        503 => " (Service Unavailable)",
        504 => " (Gateway Timeout)",
        _ => "",
    }
}

/// Joins what was found of HEAD with what was found of GET: what is the same of both is said once.
pub(super) fn merge(head: Vec<Finding>, get: Vec<Finding>) -> Vec<Finding> {
    let same = |one: &Finding, other: &Finding| one.code() == other.code() && one.api_reason() == other.api_reason();
    let mut rest = get;
    let mut merged = Vec::new();
    for mut finding in head {
        let twin = rest.iter().position(|other| same(&finding, other)).map(|at| rest.remove(at));
        finding.detail = match twin {
            Some(twin) if twin.detail == finding.detail => format!("HEAD and GET {}", finding.detail),
            Some(twin) => {
                // What GET met is the fuller story: it has a body.
                finding.hint = twin.hint;
                format!("HEAD {}; GET {}", finding.detail, twin.detail)
            }
            None => format!("HEAD {}", finding.detail),
        };
        merged.push(finding);
    }
    merged.extend(rest.into_iter().map(|mut finding| {
        finding.detail = format!("GET {}", finding.detail);
        finding
    }));
    merged
}

/// How sure a refusal is that most, but not all clients agree on.
pub(super) const MOST_CLIENTS: Confidence = Confidence::Inferred;
