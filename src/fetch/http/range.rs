//! Range requests and their responses (RFC 9110 section 14).

use std::ops::Range;

use reqwest::header::HeaderValue;

use crate::observation::{ContentLength, ResponseHead};
use crate::text::untrusted::UntrustedText;

/// Formats the Range header for at least one byte.
pub(super) fn header_value(range: &Range<u64>) -> Option<HeaderValue> {
    let last = range.end.checked_sub(1).filter(|last| *last >= range.start)?;
    HeaderValue::try_from(format!("bytes={}-{last}", range.start)).ok()
}

/// Returns the complete length, if this is a partial response that starts at `start`.
pub(super) fn total_length(response: &ResponseHead, start: u64) -> Option<ContentLength> {
    if response.status != 206 {
        return None;
    }
    let field = response.headers.first("content-range")?.as_str()?;
    let (range, whole) = field.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    if number(first)? != start || number(last)? < start {
        return None;
    }
    match whole.trim() {
        "*" => Some(ContentLength::Missing),
        whole => Some(ContentLength::Known { bytes: number(whole)?, repeated: false }),
    }
}

/// Returns whether the server supports ranges: it sent one, or an Accept-Ranges header.
pub(super) fn is_supported(head: &ResponseHead) -> bool {
    let bytes = |field: &UntrustedText| field.as_bytes().trim_ascii().eq_ignore_ascii_case(b"bytes");
    head.total_length.is_some() || head.headers.all("accept-ranges").any(bytes)
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::observation::Headers;

    #[test]
    fn ranges_include_their_last_byte() {
        let case = |range: Range<u64>, text: Option<&str>| {
            assert_eq!(header_value(&range).as_ref().and_then(|value| value.to_str().ok()), text);
        };
        case(0..65_536, Some("bytes=0-65535"));
        case(7..8, Some("bytes=7-7"));
        case(7..7, None);
        case(0..0, None);
    }

    #[test]
    fn partial_responses_are_accepted_or_refused() {
        let case = |status: u16, text: &str, start: u64, expected: Option<ContentLength>| {
            let headers = Headers::new(vec![("content-range".to_owned(), UntrustedText::from(text))]);
            let response = ResponseHead {
                status,
                headers,
                elapsed: Duration::ZERO,
                body_snippet: None,
                total_length: None,
                anomalies: Vec::new(),
            };
            assert_eq!(total_length(&response, start), expected, "{text}");
        };
        let known = |bytes| Some(ContentLength::Known { bytes, repeated: false });
        case(206, "bytes 0-99/1000", 0, known(1000));
        case(206, "bytes 500-599/1000", 500, known(1000));
        case(206, "bytes 0-99/*", 0, Some(ContentLength::Missing));
        case(206, "bytes=0-99/1000", 0, None);
        case(206, "bytes 1-99/1000", 0, None);
        case(206, "bytes 9-8/1000", 9, None);
        case(206, "bytes */1000", 0, None);
        case(206, "bytes 0-99/-1", 0, None);
        case(206, "bytes 0-99/99999999999999999999", 0, None);
        case(206, "items 0-99/1000", 0, None);
        case(200, "bytes 0-99/1000", 0, None);
    }
}
