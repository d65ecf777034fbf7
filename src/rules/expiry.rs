//! The expiry of a signed URL, read from the URL itself. Its secrets are never printed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::CheckContext;
use super::hints::error_messages::format_utc;
use crate::asset::{AssetUrl, Target};
use crate::data_uri::forgiving;
use crate::finding::{Finding, Lint};
use crate::units::counted;

/// A signed URL should be valid for a while. Uploads (`runway://`) do not state when they expire.
pub(super) fn expiry(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let (Target::Url(url), Some(now)) = (context.target, context.observation.observed_at) else { return };
    let Some(signed) = SignedUrl::parse(url) else { return };
    let until = format_utc(signed.expires_at);
    if signed.expires_at <= now {
        let detail = format!("the signed URL expired {until}, {} ago", duration(now - signed.expires_at));
        findings.push(Finding::lint(Lint::Expired, detail));
    } else if signed.expires_at - now < SOON {
        let left = duration(signed.expires_at - now);
        let detail = format!("expires {until}, in {left} (by its {})", signed.source);
        findings.push(Finding::lint(Lint::ExpiresSoon, detail));
    }
}

/// Reports whether the URL has expired, by its own expiry and the clock of this machine.
pub(super) fn has_expired(context: &CheckContext<'_>) -> bool {
    let (Target::Url(url), Some(now)) = (context.target, context.observation.observed_at) else { return false };
    SignedUrl::parse(url).is_some_and(|signed| signed.expires_at <= now)
}

/// Reports whether the URL has a signature in its query.
pub(super) fn is_signed(context: &CheckContext<'_>) -> bool {
    let Target::Url(url) = context.target else { return false };
    url.url().query_pairs().any(|(name, _)| is_signature(&name))
}

/// Reports whether a query parameter is a signature; a leading `amp;` is left over from HTML escaping.
pub(super) fn is_signature(name: &str) -> bool {
    let name = name.strip_prefix("amp;").unwrap_or(name);
    SIGNATURES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The parameters that are signatures, in lower case: AWS, Google, `CloudFront` and S3 version 2, Azure.
const SIGNATURES: [&str; 5] = ["x-amz-signature", "x-goog-signature", "signature", "sig", "key-pair-id"];

/// How long a URL should be valid, in seconds. Ours: a request may be retried or queued for some minutes.
const SOON: u64 = 15 * 60;

/// The expiry of a signed URL.
struct SignedUrl {
    /// Seconds since 1970.
    expires_at: u64,
    /// Where the URL states it.
    source: &'static str,
}

impl SignedUrl {
    fn parse(url: &AssetUrl) -> Option<Self> {
        if let Some(expires_at) = airtable(url) {
            return Some(Self { expires_at, source: "path" });
        }
        // Most queries have none of these, so they are searched only once.
        if !url.url().query_pairs().any(|(name, _)| MARKERS.iter().any(|known| name.eq_ignore_ascii_case(known))) {
            return None;
        }
        let get = |name: &str| url.parameter(name);
        let number = |name: &str| get(name).and_then(|value| value.parse::<u64>().ok());
        let lifetime = |date: &str, expires: &str| {
            let start = seconds(&get(date)?)?;
            start.checked_add(number(expires)?)
        };
        if let Some(expires_at) = lifetime("X-Amz-Date", "X-Amz-Expires") {
            return Some(Self { expires_at, source: "X-Amz-Date and X-Amz-Expires" });
        }
        if let Some(expires_at) = lifetime("X-Goog-Date", "X-Goog-Expires") {
            return Some(Self { expires_at, source: "X-Goog-Date and X-Goog-Expires" });
        }
        if let (Some(expires_at), Some(_)) = (get("se").and_then(|value| seconds(&value)), get("sig")) {
            return Some(Self { expires_at, source: "parameter se" });
        }
        if let (Some(expires_at), Some(_)) = (number("Expires"), get("Signature")) {
            return Some(Self { expires_at, source: "parameter Expires" });
        }
        let hexadecimal = |name: &str| get(name).and_then(|value| u64::from_str_radix(&value, 16).ok());
        if let (Some(expires_at), Some(_), Some(_)) = (hexadecimal("ex"), hexadecimal("is"), get("hm")) {
            return Some(Self { expires_at, source: "parameter ex" });
        }
        if let Some(expires_at) = get("token").and_then(|token| token_expiry(&token)) {
            return Some(Self { expires_at, source: "token" });
        }
        let expires_at =
            get("Policy").filter(|_| get("Signature").is_some()).and_then(|policy| date_less_than(&policy))?;
        Some(Self { expires_at, source: "CloudFront policy" })
    }
}

/// Every signed URL that states its expiry in the query has at least one of these parameters.
const MARKERS: [&str; 6] = ["x-amz-date", "x-goog-date", "sig", "signature", "hm", "token"];

/// Reads the expiry of an Airtable attachment: the fifth segment of its path, in milliseconds.
fn airtable(url: &AssetUrl) -> Option<u64> {
    let is_airtable = url.domain().is_some_and(|host| host.ends_with(".airtableusercontent.com"));
    let segment = is_airtable.then(|| url.url().path_segments()?.nth(4))??;
    (segment.len() == 13).then(|| segment.parse::<u64>().ok())?.map(|milliseconds| milliseconds / 1000)
}

/// Reads the `exp` claim of a JSON Web Token (RFC 7519), which is not encrypted.
fn token_expiry(token: &str) -> Option<u64> {
    let payload = token.split('.').nth(1).filter(|_| token.len() <= MAX_POLICY)?;
    let json = forgiving(&payload.replace('-', "+").replace('_', "/"))?;
    let claims: serde_json::Value = serde_json::from_slice(&json).ok()?;
    claims.get("exp")?.as_u64()
}

/// Prints a duration in its largest unit, rounded up: `12 hours`.
fn duration(seconds: u64) -> String {
    let units = [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute")];
    // The largest unit of which there are at least two: `90 minutes` is more precise than `2 hours`.
    let (length, name) = units.into_iter().find(|(length, _)| seconds >= 2 * length).unwrap_or((60, "minute"));
    counted(seconds.div_ceil(length), name)
}

/// Reads `20261121T203300Z`, `2026-11-21T20:33:00Z` or `2026-11-21` as seconds since 1970.
fn seconds(text: &str) -> Option<u64> {
    // Bounded, because the text is untrusted; no valid date is longer.
    if text.len() > 40 {
        return None;
    }
    let midnight = || text.parse::<Date>().ok()?.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).ok();
    let timestamp = text.parse::<Timestamp>().ok().or_else(|| Some(midnight()?.timestamp()))?;
    u64::try_from(timestamp.as_second()).ok()
}

/// Reads the expiry of a `CloudFront` policy: base64 with `-`, `_`, `~` for `+`, `=`, `/`, of a JSON document.
fn date_less_than(policy: &str) -> Option<u64> {
    if policy.len() > MAX_POLICY {
        return None;
    }
    let standard: String = policy
        .chars()
        .filter(|letter| !matches!(letter, '_' | '='))
        .map(|letter| match letter {
            '-' | ' ' => '+',
            '~' => '/',
            letter => letter,
        })
        .collect();
    let json = forgiving(&standard)?;
    let text = std::str::from_utf8(&json).ok()?;
    let (_, after) = text.split_once("\"DateLessThan\"")?;
    let (_, after) = after.split_once("\"AWS:EpochTime\"")?;
    let digits = after.trim_start().strip_prefix(':')?.trim_start();
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end)?.parse().ok()
}

/// The longest policy or token that is read, in characters; a URL has no room for longer ones.
const MAX_POLICY: usize = 4096;

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;
    use crate::asset::Asset;

    fn until(query: &str) -> Option<u64> {
        let Target::Url(url) = Target::parse(&Asset::new(format!("https://h.com/a?{query}"))) else {
            panic!("{query}")
        };
        SignedUrl::parse(&url).map(|signed| signed.expires_at)
    }

    #[test]
    fn each_kind_of_signature_states_its_expiry() {
        let case = |query: &str, expected: Option<u64>| assert_eq!(until(query), expected, "{query}");
        case("X-Amz-Date=20260102T030405Z&X-Amz-Expires=3600&X-Amz-Signature=a", Some(1_767_326_645));
        case("x-amz-date=20260102T030405Z&x-amz-expires=3600", Some(1_767_326_645));
        case("X-Goog-Date=20260102T030405Z&X-Goog-Expires=60", Some(1_767_323_105));
        case("sv=2022&se=2026-01-02T03%3A04%3A05Z&sig=a", Some(1_767_323_045));
        case("se=2026-01-02&sig=a", Some(1_767_312_000));
        case("Expires=1767323045&Signature=a&Key-Pair-Id=b", Some(1_767_323_045));
        case("GoogleAccessId=x&Expires=1767323045&Signature=a", Some(1_767_323_045));
        case("ex=65d903de&is=65c68ede&hm=2481f30d&", Some(1_708_721_118));
        case("ex=65d903de&hm=2481f30d", None);
        case("Expires=1767323045", None);
        case("se=2026-01-02T03:04:05Z", None);
        case("X-Amz-Date=yesterday&X-Amz-Expires=1", None);
        case("X-Amz-Date=20260102T030405Z&X-Amz-Expires=18446744073709551615", None);
        case("X-Amz-Date=20260102T030405Z&X-Amz-Expires=-1", None);
        case("a=b", None);
    }

    #[test]
    fn a_cloudfront_policy_is_decoded() {
        let json = r#"{"Statement":[{"Resource":"https://h.com/*","Condition":{"DateLessThan":{"AWS:EpochTime":1767323045}}}]}"#;
        let policy = base64::engine::general_purpose::STANDARD.encode(json);
        let policy = policy.replace('+', "-").replace('=', "_").replace('/', "~");
        assert_eq!(until(&format!("Policy={policy}&Signature=a&Key-Pair-Id=b")), Some(1_767_323_045));
        assert_eq!(until("Policy=%%%&Signature=a"), None);
        assert_eq!(until("Policy=e30_&Signature=a"), None);
        // `_` is padding, of any amount: it makes the policy longer and changes nothing.
        let padded = |length: usize| format!("Policy={policy}{}&Signature=a", "_".repeat(length - policy.len()));
        assert_eq!(until(&padded(MAX_POLICY)), Some(1_767_323_045));
        assert_eq!(until(&padded(MAX_POLICY + 1)), None);
    }

    #[test]
    fn a_token_and_an_attachment_state_their_expiry() {
        let claims = base64::engine::general_purpose::STANDARD.encode(r#"{"url":"b/a.png","exp":1767323045}"#);
        assert_eq!(
            until(&format!("token=eyJhbGciOiJIUzI1NiJ9.{}.c2ln", claims.trim_end_matches('='))),
            Some(1_767_323_045)
        );
        for token in ["", "a.b.c", "abc", "a.e30.c"] {
            assert_eq!(until(&format!("token={token}")), None, "{token}");
        }
        let expiry = |text: &str| {
            let Target::Url(url) = Target::parse(&Asset::new(text)) else { panic!("{text}") };
            SignedUrl::parse(&url).map(|signed| signed.expires_at)
        };
        assert_eq!(expiry("https://v5.airtableusercontent.com/v3/u/3/3/1767323045000/aa/bb/cc"), Some(1_767_323_045));
        assert_eq!(expiry("https://v5.airtableusercontent.com/v3/u/3/3/1/aa/bb/cc"), None);
        assert_eq!(expiry("https://h.com/v3/u/3/3/1767323045000/aa/bb/cc"), None);
    }

    #[test]
    fn durations_have_one_unit() {
        let case = |seconds: u64, expected: &str| assert_eq!(duration(seconds), expected, "{seconds}");
        case(1, "1 minute");
        case(61, "2 minutes");
        case(7199, "120 minutes");
        case(7200, "2 hours");
        case(12 * 3600, "12 hours");
        case(48 * 3600, "2 days");
    }

    #[test]
    fn dates_are_parsed_up_to_a_maximum_length() {
        assert_eq!(seconds("2026-01-02T03:04:05.000000000+00:00[UTC]"), Some(1_767_323_045));
        assert_eq!(seconds("2026-01-02T03:04:05.000000000+00:00[!UTC]"), None);
        assert_eq!(seconds("1969-12-31T23:59:59Z"), None);
        assert_eq!(seconds("soon"), None);
    }
}
