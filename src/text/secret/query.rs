//! Secrets in the query of a URL.

use super::REDACTED;
use crate::text::percent;

/// The length, in characters, from which a word is a token rather than a name.
pub(super) const LONG: usize = 16;

/// Redacts the values of a query, except for those of harmless parameters. A part without a name is redacted as a
/// whole, and so is a base64 token whose `=` only makes it look like a name and a value.
pub(super) fn redact(query: &str) -> String {
    let is_name = |name: &str, value: &str| {
        let is_token = value.trim_matches('=').is_empty() && name.len() >= LONG;
        !is_token && !percent::decode(name).contains(['/', '+', '='])
    };
    let redact_part = |part: &str| match part.split_once('=') {
        Some((name, value)) if is_harmless(name, value) => part.to_owned(),
        Some((name, value)) if is_name(name, value) => format!("{name}={REDACTED}"),
        None if part.is_empty() => String::new(),
        Some(_) | None => REDACTED.to_owned(),
    };
    query.split('&').map(redact_part).collect::<Vec<_>>().join("&")
}

/// Returns the values of a query that may be secret, as they are in the URL.
pub(super) fn secrets(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter_map(|part| match part.split_once('=') {
        // After the access key, a credential has the date, the region and the service, which are public.
        Some((name, value)) if CREDENTIALS.iter().any(|known| name.eq_ignore_ascii_case(known)) => {
            value.split(['/', '%']).next()
        }
        Some((name, value)) => (!is_harmless(name, value)).then_some(value),
        None => Some(part),
    })
}

/// Parameters that consist of an access key and the scope of a signature.
const CREDENTIALS: [&str; 2] = ["X-Amz-Credential", "X-Goog-Credential"];

/// Reports whether a parameter is known to be harmless, and its value short and plain.
fn is_harmless(name: &str, value: &str) -> bool {
    let is_in = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:,-_/;*".contains(&byte);
    let is_time = |byte: u8| byte.is_ascii_hexdigit() || b".:-TZ".contains(&byte);
    let is_made_of = |test: fn(u8) -> bool| {
        let decoded = percent::decode(value);
        decoded.len() <= MAX_SHOWN && decoded.bytes().all(test)
    };
    is_in(HARMLESS) && is_made_of(is_plain) || is_in(TIMES) && is_made_of(is_time)
}

/// The longest value that is shown, in bytes.
const MAX_SHOWN: usize = 32;

/// Parameters that hold no secrets: sizes, formats, versions, algorithms.
const HARMLESS: &[&str] = &[
    "w",
    "h",
    "width",
    "height",
    "size",
    "dpr",
    "fit",
    "crop",
    "resize",
    "rotate",
    "fm",
    "format",
    "ext",
    "auto",
    "type",
    "quality",
    "v",
    "ver",
    "version",
    "page",
    "alt",
    "raw",
    "dl",
    "download",
    "disposition",
    "X-Amz-Algorithm",
    "X-Amz-SignedHeaders",
    "X-Goog-Algorithm",
    "X-Goog-SignedHeaders",
    "x-id",
    "response-content-type",
    "sv",
    "sp",
    "sr",
    "spr",
    "lang",
];

/// Parameters that hold dates and lifetimes; a value that is not a time is redacted.
const TIMES: &[&str] =
    &["X-Amz-Date", "X-Amz-Expires", "X-Goog-Date", "X-Goog-Expires", "Expires", "exp", "se", "ex", "is"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_parameters_are_shown_where_they_are_short_and_plain() {
        let case = |query: &str, expected: &str| assert_eq!(redact(query), expected, "{query}");
        case("w=100&fm=png&sig=canary", "w=100&fm=png&sig=[redacted]");
        case(
            "X-Amz-Date=20260102T030405Z&X-Amz-Expires=300&X-Amz-Signature=canary",
            "X-Amz-Date=20260102T030405Z&X-Amz-Expires=300&X-Amz-Signature=[redacted]",
        );
        case("se=2026-01-02T03%3A04%3A05Z", "se=2026-01-02T03%3A04%3A05Z");
        case("alt=media&token=canary", "alt=media&token=[redacted]");
        case("v=0123456789012345678901234567890123456789", "v=[redacted]");
        case("ex=65d903de&hm=canary&se=canary", "ex=65d903de&hm=[redacted]&se=[redacted]");
        case("w=a+b", "w=[redacted]");
        case("w=a%26sig%3Dcanary", "w=[redacted]");
        assert_eq!(secrets("w=100&sig=a&b").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(secrets("X-Amz-Credential=AKID%2F20260102%2Fs3").collect::<Vec<_>>(), ["AKID"]);
    }
}
