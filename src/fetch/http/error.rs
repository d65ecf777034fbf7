//! Errors of the network libraries become troubles in our words, by type and not by text.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use crate::fetch::tap::Excess;
use crate::fetch::tracker::Progress;
use crate::fetch::{local_error, tls};
use crate::observation::{FetchError, Phase, ProtocolAnomaly};
use crate::text::untrusted::UntrustedText;

type Cause<'a> = &'a (dyn Error + 'static);

/// Says what an error of the HTTP client means. The URL in it is never shown.
pub(super) fn trouble(error: reqwest::Error, progress: &Progress) -> FetchError {
    read(&error.without_url(), progress)
}

/// Says whether an error may come of a connection that the server had ended, or had said something on, before.
pub(super) fn is_broken_off(error: &reqwest::Error, progress: &Progress) -> bool {
    matches!(
        read(error, progress),
        FetchError::ConnectionReset(_) | FetchError::ConnectionClosed(_) | FetchError::MalformedResponse(_)
    )
}

fn read(error: &reqwest::Error, progress: &Progress) -> FetchError {
    let phase = progress.phase();
    let causes: Vec<Cause<'_>> = successors(Some(error as Cause<'_>), |cause| deeper(*cause)).collect();
    if let Some(excess) = causes.iter().find_map(|cause| tls::excess(*cause)) {
        return match excess {
            Excess::Head => FetchError::MalformedResponse(TOO_LARGE),
            Excess::Interims => FetchError::AmbiguousResponse(ProtocolAnomaly::ManyInterims),
        };
    }
    if let Some(trouble) = causes.iter().find_map(|cause| tls::trouble(*cause, progress)) {
        return FetchError::Tls(trouble);
    }
    let deepest_first = || causes.iter().rev();
    let system = deepest_first().filter_map(|cause| cause.downcast_ref()).find_map(|error| io_trouble(error, phase));
    let http = || {
        deepest_first().filter_map(|cause| cause.downcast_ref()).find_map(|error| http_trouble(error, phase, progress))
    };
    system.or_else(http).unwrap_or_else(|| {
        let last = deepest_first().next().map_or_else(|| error.to_string(), ToString::to_string);
        FetchError::Other(UntrustedText::new(last))
    })
}

/// Goes one step down. An I/O error hides what it wraps from the ordinary chain, sometimes twice.
fn deeper(cause: Cause<'_>) -> Option<Cause<'_>> {
    let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|inner| inner as Cause<'_>).or_else(|| cause.source())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's kinds grow")]
fn io_trouble(error: &io::Error, phase: Phase) -> Option<FetchError> {
    Some(match error.kind() {
        ErrorKind::ConnectionRefused => FetchError::ConnectionRefused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            FetchError::ConnectionReset(phase)
        }
        ErrorKind::UnexpectedEof => FetchError::ConnectionClosed(phase),
        // The system itself gave up on the connection.
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::TimedOut => FetchError::Unreachable,
        _ => return local_error::trouble(error),
    })
}

fn http_trouble(error: &hyper::Error, phase: Phase, progress: &Progress) -> Option<FetchError> {
    if error.is_incomplete_message() {
        return Some(FetchError::ConnectionClosed(phase));
    }
    if !error.is_parse() {
        return None;
    }
    // The library tells these apart in its text only; little but the wording depends on it.
    let text = error.to_string();
    let odd = ProtocolAnomaly::ControlInPhrase;
    if text.starts_with(MALFORMED_STATUS) && progress.wire().oddities().contains(&odd) {
        return Some(FetchError::AmbiguousResponse(odd));
    }
    let known = MALFORMED.iter().find(|(theirs, _)| text.starts_with(theirs));
    Some(FetchError::MalformedResponse(known.map_or("it is no HTTP response", |(_, ours)| ours)))
}

/// The parser's words and ours.
const MALFORMED: [(&str, &str); 6] = [
    ("invalid HTTP version", "it does not begin like an HTTP response"),
    (MALFORMED_STATUS, "its status line is malformed"),
    ("invalid HTTP header", "it has a malformed header field"),
    ("invalid content-length", "its Content-Length is no number, or several that differ"),
    ("unexpected transfer-encoding", "its Transfer-Encoding does not belong there"),
    ("message head is too large", "it has more than 256 fields, or a Content-Length beyond all counting"),
];

/// The parser's words for a bad first line.
const MALFORMED_STATUS: &str = "invalid HTTP status-code";

/// What is wrong with a response head beyond the limits.
pub(super) const TOO_LARGE: &str = "its head is larger than 64 KiB or has more than 256 fields";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_are_told_apart_by_kind() {
        let case = |error: io::Error, expected: Option<FetchError>| {
            assert_eq!(io_trouble(&error, Phase::Head), expected, "{error:?}");
        };
        case(ErrorKind::ConnectionRefused.into(), Some(FetchError::ConnectionRefused));
        case(ErrorKind::ConnectionReset.into(), Some(FetchError::ConnectionReset(Phase::Head)));
        case(ErrorKind::UnexpectedEof.into(), Some(FetchError::ConnectionClosed(Phase::Head)));
        case(ErrorKind::NetworkUnreachable.into(), Some(FetchError::Unreachable));
        case(io::Error::other("x"), None);
        let local = ErrorKind::AddrNotAvailable.into();
        assert!(matches!(io_trouble(&local, Phase::Connect), Some(FetchError::LocalResourcesExhausted(_))));
    }

    #[test]
    fn wrapped_errors_are_reached() {
        let wrapped = io::Error::other(io::Error::other(io::Error::from(ErrorKind::ConnectionReset)));
        let causes: Vec<_> = successors(Some(&wrapped as Cause<'_>), |cause| deeper(*cause)).collect();
        assert_eq!(causes.len(), 3);
    }
}
