//! Classifies errors of the network libraries, by type rather than by text.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use crate::fetch::tap::HeadLimit;
use crate::fetch::tracker::RequestTracker;
use crate::fetch::{local_error, tls};
use crate::observation::{FetchError, Phase, ProtocolAnomaly};
use crate::text::untrusted::UntrustedText;

type ErrorSource<'a> = &'a (dyn Error + 'static);

/// Classifies an error of the HTTP client. The URL in it is never shown.
pub(super) fn classify(error: reqwest::Error, tracker: &RequestTracker) -> FetchError {
    classify_without_url(&error.without_url(), tracker)
}

/// Returns whether an error may be due to a connection that the server had closed, or sent bytes on, before the request.
pub(super) fn is_connection_lost(error: &reqwest::Error, tracker: &RequestTracker) -> bool {
    matches!(
        classify_without_url(error, tracker),
        FetchError::ConnectionReset(_)
            | FetchError::ConnectionClosed(_)
            | FetchError::MalformedResponse(_)
            | FetchError::AmbiguousResponse(ProtocolAnomaly::EarlyResponse)
    )
}

/// Returns whether the HTTP client gave up on opening a connection, rather than the system.
pub(super) fn is_connect_timeout(error: &reqwest::Error) -> bool {
    let is_systems =
        |cause: ErrorSource<'_>| cause.downcast_ref::<io::Error>().is_some_and(|error| error.raw_os_error().is_some());
    error.is_timeout() && !causes(error).any(is_systems)
}

/// Classifies an error from before the connection to the host was open: it is the proxy's, not the host's.
pub(super) fn proxy_error(error: reqwest::Error, tracker: &RequestTracker) -> FetchError {
    let error = error.without_url();
    // The library distinguishes these in its text only.
    let has_cause = |start: &str| causes(&error).any(|cause| cause.to_string().starts_with(start));
    if has_cause("tunnel error: proxy authorization required") {
        return proxy("the proxy requires authentication (407)");
    }
    if has_cause("tunnel error: unsuccessful") {
        return proxy("the proxy refused to connect to the host");
    }
    if has_cause("dns error") {
        return proxy("the host name of the proxy could not be resolved");
    }
    match classify_without_url(&error, tracker) {
        FetchError::ConnectionRefused => proxy("the proxy refused the connection"),
        FetchError::Unreachable => proxy("there is no route to the proxy"),
        FetchError::ConnectionReset(_) => proxy("the proxy reset the connection"),
        FetchError::ConnectionClosed(_) => proxy("the proxy closed the connection"),
        FetchError::Timeout { .. } => proxy_timeout(),
        FetchError::Tls(error) => proxy(&format!("the TLS handshake with the proxy failed ({})", error.code())),
        FetchError::Dns(_)
        | FetchError::AddressBlocked { .. }
        | FetchError::MalformedResponse(_)
        | FetchError::AmbiguousResponse(_)
        | FetchError::TruncatedBody { .. }
        | FetchError::Other(_) => proxy("the proxy did not answer as a proxy does"),
        error @ (FetchError::LocalResourcesExhausted(_) | FetchError::LocalNetwork(_)) => error,
    }
}

/// Returns the error of a proxy that does not open a connection in time.
pub(super) fn proxy_timeout() -> FetchError {
    proxy("the proxy did not open a connection in time")
}

fn proxy(what: &str) -> FetchError {
    FetchError::LocalNetwork(what.to_owned())
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = ErrorSource<'_>> {
    successors(Some(error as ErrorSource<'_>), |cause| next_cause(*cause))
}

fn classify_without_url(error: &reqwest::Error, tracker: &RequestTracker) -> FetchError {
    let phase = tracker.phase();
    let causes: Vec<ErrorSource<'_>> = causes(error).collect();
    if let Some(limit) = causes.iter().find_map(|cause| tls::exceeded_limit(*cause)) {
        return match limit {
            HeadLimit::Size => FetchError::MalformedResponse(TOO_LARGE),
            HeadLimit::InterimResponses => FetchError::AmbiguousResponse(ProtocolAnomaly::TooManyInterimResponses),
        };
    }
    if let Some(error) = causes.iter().find_map(|cause| tls::classify(*cause, tracker)) {
        return FetchError::Tls(error);
    }
    let deepest_first = || causes.iter().rev();
    let system = deepest_first().filter_map(|cause| cause.downcast_ref()).find_map(|error| classify_io(error, phase));
    let http = || {
        deepest_first().filter_map(|cause| cause.downcast_ref()).find_map(|error| classify_http(error, phase, tracker))
    };
    system.or_else(http).unwrap_or_else(|| {
        let last = deepest_first().next().map_or_else(|| error.to_string(), ToString::to_string);
        FetchError::Other(UntrustedText::new(last))
    })
}

/// Returns the next cause in the chain. `source` skips the error that an I/O error wraps, sometimes two of them.
fn next_cause(cause: ErrorSource<'_>) -> Option<ErrorSource<'_>> {
    let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|inner| inner as ErrorSource<'_>).or_else(|| cause.source())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's kinds grow")]
fn classify_io(error: &io::Error, phase: Phase) -> Option<FetchError> {
    Some(match error.kind() {
        ErrorKind::ConnectionRefused => FetchError::ConnectionRefused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            FetchError::ConnectionReset(phase)
        }
        ErrorKind::UnexpectedEof => FetchError::ConnectionClosed(phase),
        // The system gave up on the connection.
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::TimedOut => FetchError::Unreachable,
        _ => return local_error::classify(error),
    })
}

fn classify_http(error: &hyper::Error, phase: Phase, tracker: &RequestTracker) -> Option<FetchError> {
    if error.is_incomplete_message() {
        return Some(FetchError::ConnectionClosed(phase));
    }
    // The library distinguishes these in its text only; little but the wording depends on it.
    let text = error.to_string();
    if text == UNEXPECTED {
        return Some(FetchError::AmbiguousResponse(ProtocolAnomaly::EarlyResponse));
    }
    if !error.is_parse() {
        return None;
    }
    let control = ProtocolAnomaly::ControlCharInReasonPhrase;
    if text.starts_with(MALFORMED_STATUS) && tracker.tap().anomalies().contains(&control) {
        return Some(FetchError::AmbiguousResponse(control));
    }
    let known = MALFORMED.iter().find(|(theirs, _)| text.starts_with(theirs));
    Some(FetchError::MalformedResponse(known.map_or("it is not an HTTP response", |(_, ours)| ours)))
}

/// The message for bytes that arrived before the request was written.
const UNEXPECTED: &str = "received unexpected message from connection";

/// The parser's messages, and the ones that replace them.
const MALFORMED: [(&str, &str); 6] = [
    ("invalid HTTP version", "it does not start like an HTTP response"),
    (MALFORMED_STATUS, "its status line is malformed"),
    ("invalid HTTP header", "it has a malformed header field"),
    ("invalid content-length", "its Content-Length is not a number, or has several that differ"),
    ("unexpected transfer-encoding", "it has an unexpected Transfer-Encoding"),
    ("message head is too large", "it has a head or a Content-Length that is too large"),
];

/// The message of the parser for a malformed first line.
const MALFORMED_STATUS: &str = "invalid HTTP status-code";

/// What is wrong with a response head that exceeds the limits.
pub(super) const TOO_LARGE: &str = "its head is larger than 64 KiB";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_are_distinguished_by_kind() {
        let case = |error: io::Error, expected: Option<FetchError>| {
            assert_eq!(classify_io(&error, Phase::FirstByte), expected, "{error:?}");
        };
        case(ErrorKind::ConnectionRefused.into(), Some(FetchError::ConnectionRefused));
        case(ErrorKind::ConnectionReset.into(), Some(FetchError::ConnectionReset(Phase::FirstByte)));
        case(ErrorKind::UnexpectedEof.into(), Some(FetchError::ConnectionClosed(Phase::FirstByte)));
        case(ErrorKind::NetworkUnreachable.into(), Some(FetchError::Unreachable));
        case(io::Error::other("x"), None);
        let local = ErrorKind::AddrNotAvailable.into();
        assert!(matches!(classify_io(&local, Phase::Connect), Some(FetchError::LocalResourcesExhausted(_))));
    }

    #[test]
    fn wrapped_errors_are_reached() {
        let wrapped = io::Error::other(io::Error::other(io::Error::from(ErrorKind::ConnectionReset)));
        let causes: Vec<_> = successors(Some(&wrapped as ErrorSource<'_>), |cause| next_cause(*cause)).collect();
        assert_eq!(causes.len(), 3);
    }
}
