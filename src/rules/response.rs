//! The rules on each response, to HEAD and to GET: whether one was received, and its status.
//!
//! Their details are predicates without a subject (`returned 404`): [`merge`] puts `HEAD`, `GET` or both before them.

use super::expiry::{has_expired, is_signed};
use super::hints::error_messages::ErrorMessage;
use super::hints::providers::{self, Problem};
use super::hints::server_message::{self, BotChallenge, Redirect};
use super::hints::status::StatusProblem;
use super::suspicious_url::{Suspicion, suspicion};
use super::{CheckContext, MethodOutcome};
use crate::asset::Target;
use crate::finding::{Finding, Lint, Reason, SERVER_SAYS};
use crate::observation::{FetchError, ResponseHead, TlsError};

/// A response must be received.
pub(super) fn received(_: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    if let Some(error) = outcome.outcome.error() {
        findings.push(failure(error, "got no response"));
    }
}

/// Converts a fetch error to a finding.
pub(super) fn failure(error: &FetchError, what: &str) -> Finding {
    let message = ErrorMessage::of(error);
    let detail = format!("{what}: {}", message.detail);
    let finding = match error {
        FetchError::AddressBlocked { .. } => {
            Finding::lint(Lint::PrivateAddress, detail).with_reason(Reason::FetchFailed)
        }
        FetchError::LocalResourcesExhausted(_) | FetchError::LocalNetwork(_) => {
            Finding::lint(Lint::LocalNetworkError, detail)
        }
        FetchError::AmbiguousResponse(_) => Finding::lint(Lint::AmbiguousResponse, detail),
        FetchError::Tls(TlsError::Http2Only) => Finding::lint(Lint::Http2OnlyHost, detail),
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
    finding.with_hint(message.hint)
}

/// The status must be 200.
pub(super) fn status(context: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = outcome.outcome.response() else { return };
    let status = response.status_of_whole();
    if status == 200 {
        return;
    }
    let answer = StatusResponse::of(context, outcome, response, status);
    let finding = Finding::reason(Reason::HttpStatus { status }, answer.detail(context));
    findings.push(finding.with_optional_hint(answer.hint(context)));
}

/// A response with a status other than 200.
struct StatusResponse<'a> {
    response: &'a ResponseHead,
    status: u16,
    is_head: bool,
    redirect: Option<Redirect>,
    challenge: Option<BotChallenge>,
}

impl<'a> StatusResponse<'a> {
    fn of(context: &CheckContext<'a>, outcome: MethodOutcome<'a>, response: &'a ResponseHead, status: u16) -> Self {
        let redirect = match context.target {
            Target::Url(address) if (300..400).contains(&status) => server_message::redirect(response, address),
            Target::Url(_) | Target::DataUri | Target::Runway | Target::File(_) | Target::InvalidUrl(_) => None,
        };
        let challenge = server_message::bot_challenge(response);
        Self { response, status, is_head: outcome.is_head, redirect, challenge }
    }

    fn detail(&self, context: &CheckContext<'_>) -> String {
        let mut detail = format!("returned {}{}", self.status, phrase(self.status));
        match &self.redirect {
            Some(Redirect::Elsewhere(to) | Redirect::Login(to) | Redirect::Signed(to)) => {
                detail = format!("{detail} to {to}, which the API does not follow");
            }
            Some(Redirect::SameUrl) => detail = format!("{detail} to the same URL"),
            None => {}
        }
        match self.challenge {
            Some(BotChallenge { name, is_certain: true }) => detail = format!("{detail} from {name}"),
            Some(BotChallenge { name, is_certain: false }) => detail = format!("{detail}, perhaps from {name}"),
            None => {}
        }
        if let Some(seconds) = server_message::retry_after(self.response).filter(|_| self.status == 429) {
            detail = format!("{detail}, Retry-After: {seconds} s");
        }
        if let Some(message) = server_message::message_from_server(self.response, context.target) {
            detail = format!("{detail}{SERVER_SAYS}{message}");
        }
        match self.suspicion(context) {
            Some(suspicion) => format!("{detail}; {}", suspicion.detail),
            None => detail,
        }
    }

    /// Returns why the URL is probably wrong, if the server rejects it with a 4xx status.
    fn suspicion(&self, context: &CheckContext<'_>) -> Option<Suspicion> {
        let is_about_url = (400..500).contains(&self.status) && !is_head_only(context, self.is_head, self.status);
        is_about_url.then(|| suspicion(context))?
    }

    fn hint(&self, context: &CheckContext<'_>) -> Option<String> {
        if let Some(suspicion) = self.suspicion(context) {
            return Some(suspicion.hint);
        }
        let is_head_only = is_head_only(context, self.is_head, self.status);
        providers::recipe_for(context, &self.problems(context, is_head_only), None).or_else(|| {
            let Self { status, is_head, ref redirect, challenge, .. } = *self;
            let is_signed = is_signed(context);
            let problem =
                StatusProblem { status, is_head, is_head_only, is_signed, redirect: redirect.as_ref(), challenge };
            problem.hint().map(str::to_owned)
        })
    }

    /// Returns what the status may mean, the most likely first.
    fn problems(&self, context: &CheckContext<'_>, is_head_only: bool) -> Vec<Problem> {
        if is_head_only {
            return vec![Problem::Head];
        }
        let by_status = match self.status {
            300..=399 if matches!(self.redirect, Some(Redirect::SameUrl)) => Some(Problem::Loop),
            300..=399 => Some(Problem::Redirect),
            400 | 401 | 403 | 409 => Some(Problem::Refused),
            404 | 410 => Some(Problem::Missing),
            429 => Some(Problem::Busy),
            502..=504 => Some(Problem::Unreached),
            _ => None,
        };
        let challenge = |is_certain: bool| {
            self.challenge.filter(|challenge| challenge.is_certain == is_certain).map(|_| Problem::BotChallenge)
        };
        let expired = (matches!(self.status, 400..=499) && has_expired(context)).then_some(Problem::Expired);
        challenge(true).into_iter().chain(expired).chain(by_status).chain(challenge(false)).collect()
    }
}

/// Reports whether only HEAD is rejected: GET succeeds, or the URL is signed and GET fails with another status.
fn is_head_only(context: &CheckContext<'_>, is_head: bool, status: u16) -> bool {
    let get = MethodOutcome::get(context);
    let is_signed_for_get = || {
        let got = get.outcome.response().map(ResponseHead::status_of_whole);
        is_signed(context) && matches!(status, 401 | 403) && got.is_some_and(|got| got != status)
    };
    is_head && (get.ok_response().is_some() || is_signed_for_get())
}

/// Returns the reason phrase of a status in parentheses, with a leading space.
fn phrase(status: u16) -> String {
    // RFC 9110 renamed some since the names that the library has.
    let phrase = match status {
        203 => Some("Non-Authoritative Information"),
        413 => Some("Content Too Large"),
        422 => Some("Unprocessable Content"),
        _ => http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()),
    };
    phrase.map_or_else(String::new, |phrase| format!(" ({phrase})"))
}

/// Merges the findings about HEAD and GET: a finding about both is reported once.
pub(super) fn merge(head: Vec<Finding>, get: Vec<Finding>) -> Vec<Finding> {
    let same = |one: &Finding, other: &Finding| one.code() == other.code() && one.api_reason() == other.api_reason();
    let mut rest = get;
    let mut merged = Vec::new();
    for mut finding in head {
        let twin = rest.iter().position(|other| same(&finding, other)).map(|index| rest.remove(index));
        finding.detail = match twin {
            Some(twin) if twin.detail == finding.detail => format!("HEAD and GET {}", twin.detail),
            // The response to GET has a body, so that its detail says more than that of HEAD.
            Some(twin) if twin.detail.starts_with(&finding.detail) => {
                finding.hint = twin.hint;
                format!("HEAD and GET {}", twin.detail)
            }
            Some(twin) => {
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
