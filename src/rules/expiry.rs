//! How long a signed URL works, read from its own query. No value of the query is ever printed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::CheckContext;
use super::hints::moment;
use crate::asset::{AssetUrl, Target};
use crate::data_uri::forgiving;
use crate::finding::Finding;
use crate::finding::lint::Lint;

/// A signed URL should work a while longer. Uploads (`runway://`) do not say when they end, so they are not judged.
pub(super) fn expiry(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let (Target::Url(address), Some(now)) = (subject.target, subject.seen.observed_at) else { return };
    let Some(signed) = Signed::read(address) else { return };
    let until = moment(signed.until);
    if signed.until <= now {
        let detail = format!("by its {}, it worked until {until}; now it is {}", signed.by, moment(now));
        findings.push(Finding::lint(Lint::Expired, detail));
    } else if signed.until - now < SOON {
        let minutes = (signed.until - now).div_ceil(60);
        let minutes = if minutes == 1 { "one more minute".to_owned() } else { format!("{minutes} more minutes") };
        let detail = format!("by its {}, it works until {until}, {minutes} at most", signed.by);
        findings.push(Finding::lint(Lint::ExpiresSoon, detail));
    }
}

/// Says whether the signature in the URL has ended, by its own words and the clock of this machine.
pub(super) fn has_ended(subject: &CheckContext<'_>) -> bool {
    let (Target::Url(address), Some(now)) = (subject.target, subject.seen.observed_at) else { return false };
    Signed::read(address).is_some_and(|signed| signed.until <= now)
}

/// Says whether the URL carries a signature in its query.
pub(super) fn is_signed(subject: &CheckContext<'_>) -> bool {
    let Target::Url(address) = subject.target else { return false };
    address.url().query_pairs().any(|(name, _)| SIGNATURES.iter().any(|known| name.eq_ignore_ascii_case(known)))
}

/// The parameters that carry a signature, in lower case: AWS, Google, `CloudFront` and S3 version 2, Azure.
const SIGNATURES: [&str; 4] = ["x-amz-signature", "x-goog-signature", "signature", "sig"];

/// How long a URL should work at least, in seconds. Ours: a request may be repeated or queued for some minutes.
const SOON: u64 = 15 * 60;

/// The end of a signed URL's time.
struct Signed {
    /// Seconds since 1970.
    until: u64,
    /// The names of the parameters that say so.
    by: &'static str,
}

impl Signed {
    fn read(address: &AssetUrl) -> Option<Self> {
        // Most queries have none of these, and are gone through once.
        if !address.url().query_pairs().any(|(name, _)| BEGINNINGS.iter().any(|known| name.eq_ignore_ascii_case(known)))
        {
            return None;
        }
        let get = |name: &str| address.parameter(name);
        let number = |name: &str| get(name).and_then(|value| value.parse::<u64>().ok());
        let lasting = |date: &str, expires: &str| {
            let start = seconds(&get(date)?)?;
            start.checked_add(number(expires)?)
        };
        if let Some(until) = lasting("X-Amz-Date", "X-Amz-Expires") {
            return Some(Self { until, by: "X-Amz-Date and X-Amz-Expires" });
        }
        if let Some(until) = lasting("X-Goog-Date", "X-Goog-Expires") {
            return Some(Self { until, by: "X-Goog-Date and X-Goog-Expires" });
        }
        if let (Some(until), Some(_)) = (get("se").and_then(|value| seconds(&value)), get("sig")) {
            return Some(Self { until, by: "parameter se" });
        }
        if let (Some(until), Some(_)) = (number("Expires"), get("Signature")) {
            return Some(Self { until, by: "parameter Expires" });
        }
        let hexadecimal = |name: &str| get(name).and_then(|value| u64::from_str_radix(&value, 16).ok());
        if let (Some(until), Some(_), Some(_)) = (hexadecimal("ex"), hexadecimal("is"), get("hm")) {
            return Some(Self { until, by: "parameter ex" });
        }
        let until = get("Policy").filter(|_| get("Signature").is_some()).and_then(|policy| date_less_than(&policy))?;
        Some(Self { until, by: "CloudFront policy" })
    }
}

/// The parameters of which every signed URL that says how long it works has one.
const BEGINNINGS: [&str; 5] = ["x-amz-date", "x-goog-date", "sig", "signature", "hm"];

/// Reads `20261121T203300Z`, `2026-11-21T20:33:00Z` or `2026-11-21` as seconds since 1970.
fn seconds(text: &str) -> Option<u64> {
    // Bounded, because it comes from outside and no such text is longer.
    if text.len() > 40 {
        return None;
    }
    let midnight = || text.parse::<Date>().ok()?.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).ok();
    let timestamp = text.parse::<Timestamp>().ok().or_else(|| Some(midnight()?.timestamp()))?;
    u64::try_from(timestamp.as_second()).ok()
}

/// Reads the end of a `CloudFront` policy: base64 with `-`, `_`, `~` for `+`, `=`, `/`, of a JSON document.
fn date_less_than(policy: &str) -> Option<u64> {
    if policy.len() > LONGEST_POLICY {
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

/// Longer policies are not read, in characters; a URL has no room for them anyway.
const LONGEST_POLICY: usize = 4096;

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;
    use crate::asset::Asset;

    fn until(query: &str) -> Option<u64> {
        let Target::Url(address) = Target::parse(&Asset::new(format!("https://h.com/a?{query}"))) else {
            panic!("{query}")
        };
        Signed::read(&address).map(|signed| signed.until)
    }

    #[test]
    fn each_kind_of_signature_says_when_it_ends() {
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
    fn a_cloudfront_policy_is_opened() {
        let json = r#"{"Statement":[{"Resource":"https://h.com/*","Condition":{"DateLessThan":{"AWS:EpochTime":1767323045}}}]}"#;
        let policy = base64::engine::general_purpose::STANDARD.encode(json);
        let policy = policy.replace('+', "-").replace('=', "_").replace('/', "~");
        assert_eq!(until(&format!("Policy={policy}&Signature=a&Key-Pair-Id=b")), Some(1_767_323_045));
        assert_eq!(until("Policy=%%%&Signature=a"), None);
        assert_eq!(until("Policy=e30_&Signature=a"), None);
        // `_` stands for padding, which may be any: it makes the policy longer and changes nothing.
        let padded = |length: usize| format!("Policy={policy}{}&Signature=a", "_".repeat(length - policy.len()));
        assert_eq!(until(&padded(LONGEST_POLICY)), Some(1_767_323_045));
        assert_eq!(until(&padded(LONGEST_POLICY + 1)), None);
    }

    #[test]
    fn times_are_read_up_to_a_length() {
        assert_eq!(seconds("2026-01-02T03:04:05.000000000+00:00[UTC]"), Some(1_767_323_045));
        assert_eq!(seconds("2026-01-02T03:04:05.000000000+00:00[!UTC]"), None);
        assert_eq!(seconds("1969-12-31T23:59:59Z"), None);
        assert_eq!(seconds("soon"), None);
    }
}
