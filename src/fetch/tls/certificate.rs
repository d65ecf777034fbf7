//! Reads the subject, the issuer and the validity of an X.509 certificate.
//!
//! RFC 5280 section 4.1: `Certificate { tbsCertificate { [0] version?, serial, algorithm, issuer, validity, subject, … } … }`.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::text::untrusted::UntrustedText;

/// The two names of a certificate, as raw DER that is compared byte by byte, and its validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CertificateNames<'a> {
    /// The issuer.
    pub(crate) issuer: &'a [u8],
    /// The subject.
    pub(crate) subject: &'a [u8],
    /// The start and the end of its validity.
    validity: &'a [u8],
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

impl<'a> CertificateNames<'a> {
    /// Parses a certificate; `None` if it is malformed.
    pub(crate) fn parse(certificate: &'a [u8]) -> Option<Self> {
        let (certificate, _) = expect(SEQUENCE, certificate)?;
        let (body, _) = expect(SEQUENCE, certificate)?;
        let body = expect(VERSION, body).map_or(body, |(_, rest)| rest);
        let (_, body) = expect(INTEGER, body)?;
        let (_, body) = expect(SEQUENCE, body)?;
        let (issuer, body) = expect(SEQUENCE, body)?;
        let (validity, body) = expect(SEQUENCE, body)?;
        let (subject, _) = expect(SEQUENCE, body)?;
        Some(Self { issuer, subject, validity })
    }

    /// Returns the start and the end of its validity, in seconds since 1970; `None` for a malformed time.
    pub(crate) fn times(self) -> (Option<u64>, Option<u64>) {
        let Some((tag, first, rest)) = value(self.validity) else { return (None, None) };
        (time(tag, first), value(rest).and_then(|(tag, second, _)| time(tag, second)))
    }

    /// Returns whether subject and issuer are the same.
    pub(crate) fn is_self_issued(self) -> bool {
        self.issuer == self.subject
    }
}

/// Returns a readable name: the common name, otherwise the organization, otherwise an empty text.
pub(crate) fn display_name(name: &[u8]) -> UntrustedText {
    UntrustedText::new(attribute(name, COMMON_NAME).or_else(|| attribute(name, ORGANIZATION)).unwrap_or_default())
}

/// Finds an attribute of a name: a list of sets of pairs of identifier and text.
fn attribute<'a>(mut name: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    while let Some((mut set, rest)) = expect(SET, name) {
        name = rest;
        while let Some((pair, rest)) = expect(SEQUENCE, set) {
            set = rest;
            let (identifier, text) = expect(OBJECT_IDENTIFIER, pair)?;
            if identifier == wanted {
                return value(text).map(|(_, text, _)| text);
            }
        }
    }
    None
}

/// Parses a time of RFC 5280 section 4.1.2.5: `YYMMDDHHMMSSZ`, or with a year of four digits.
fn time(tag: u8, text: &[u8]) -> Option<u64> {
    let digits = text.strip_suffix(b"Z").filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    let (year, rest) = digits.split_at_checked(if tag == GENERALIZED_TIME { 4 } else { 2 })?;
    let year = match (tag, number(year)?) {
        (GENERALIZED_TIME, year) => year,
        (UTC_TIME, year @ 50..) => year.checked_add(1900)?,
        (UTC_TIME, year) => year.checked_add(2000)?,
        _ => return None,
    };
    let rest = Some(rest).filter(|rest| rest.len() == 10)?;
    let parts: Vec<u64> = rest.chunks(2).map(number).collect::<Option<_>>()?;
    let [month @ 1..=12, day @ 1..=31, hour @ 0..=23, minute @ 0..=59, second @ 0..=60] = *parts.as_slice() else {
        return None;
    };
    let minutes = days(year, month, day)?.checked_mul(24)?.checked_add(hour)?.checked_mul(60)?.checked_add(minute)?;
    minutes.checked_mul(60)?.checked_add(second)
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Counts the days from 1970 to a day of the Gregorian calendar. Years begin in March here, so that the leap day comes
/// last.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month < 3 { year.checked_sub(1)? } else { year };
    let months = month.checked_add(9)?.checked_rem(12)?;
    let before = months.checked_mul(153)?.checked_add(2)? / 5;
    let leaps = (year / 4).checked_sub(year / 100)?.checked_add(year / 400)?;
    let day = year.checked_mul(365)?.checked_add(leaps)?.checked_add(before)?.checked_add(day)?;
    day.checked_sub(FIRST_OF_1970)
}

/// The days from March 1 of the year 0 to January 1 of 1970, plus one because days count from 1.
const FIRST_OF_1970: u64 = 719_469;

/// Splits off one value with this tag: its content, and the rest.
fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    value(bytes).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// Splits off one value: tag, content, rest. Lengths have at most four bytes, as in every real certificate.
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk()?;
    if first < 0x80 {
        let (content, rest) = rest.split_at_checked(first.into())?;
        return Some((tag, content, rest));
    }
    let digits = usize::from(first & 0x7f);
    if !(1..=4).contains(&digits) {
        return None;
    }
    let (length, rest) = rest.split_at_checked(digits)?;
    let length = length.iter().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
    let (content, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};

    use super::*;

    fn named(name: &str) -> CertificateParams {
        let mut params = CertificateParams::new(vec!["h.example".to_owned()]).expect("a good name");
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, format!("{name} organization"));
        params.distinguished_name.push(DnType::CommonName, name);
        params
    }

    fn leaf_of_a_root() -> (Vec<u8>, Vec<u8>) {
        let mut params = named("root");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a root");
        let key = KeyPair::generate().expect("a key");
        let leaf = named("leaf").signed_by(&key, &root).expect("a leaf");
        (leaf.der().to_vec(), root.der().to_vec())
    }

    #[test]
    fn names_are_parsed_and_compared() {
        let (leaf, root) = leaf_of_a_root();
        let (leaf, root) =
            (CertificateNames::parse(&leaf).expect("a leaf"), CertificateNames::parse(&root).expect("a root"));
        assert_eq!(display_name(leaf.subject), UntrustedText::from("leaf"));
        assert_eq!(display_name(leaf.issuer), UntrustedText::from("root"));
        assert_eq!(leaf.issuer, root.subject);
        assert!(root.is_self_issued());
        assert!(!leaf.is_self_issued());
        assert_eq!(display_name(b""), UntrustedText::from(""));
    }

    #[test]
    fn times_are_parsed_in_both_forms() {
        let case = |tag: u8, text: &str, expected: Option<u64>| {
            assert_eq!(time(tag, text.as_bytes()), expected, "{text}");
        };
        case(UTC_TIME, "700101000000Z", Some(0));
        case(UTC_TIME, "261121203300Z", Some(1_795_293_180));
        case(UTC_TIME, "240229120000Z", Some(1_709_208_000));
        case(UTC_TIME, "491231235959Z", Some(2_524_607_999));
        case(GENERALIZED_TIME, "20261121203300Z", Some(1_795_293_180));
        case(GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799));
        case(GENERALIZED_TIME, "20000301000000Z", Some(951_868_800));
        for (tag, text) in [
            (UTC_TIME, ""),
            (UTC_TIME, "Z"),
            (UTC_TIME, "500101000000Z"),
            (UTC_TIME, "26112120330Z"),
            (UTC_TIME, "261321203300Z"),
            (UTC_TIME, "2611212033000Z"),
            (UTC_TIME, "261121203300+01"),
            (GENERALIZED_TIME, "00000101000000Z"),
            (SEQUENCE, "261121203300Z"),
        ] {
            case(tag, text, None);
        }
        let mut params = named("leaf");
        params.not_before = rcgen::date_time_ymd(2026, 1, 2);
        params.not_after = rcgen::date_time_ymd(2051, 1, 2);
        let leaf = params.self_signed(&KeyPair::generate().expect("a key")).expect("a leaf");
        let names = CertificateNames::parse(leaf.der()).expect("a leaf");
        assert_eq!(names.times(), (Some(1_767_312_000), Some(2_556_230_400)));
    }

    #[test]
    fn truncated_certificates_are_refused() {
        let (leaf, _) = leaf_of_a_root();
        for length in 0..leaf.len() {
            assert_eq!(CertificateNames::parse(leaf.get(..length).expect("inside")), None, "{length}");
        }
        for bytes in [&b"\x30\x80\0\0"[..], b"\x30\x85\0\0\0\0\0", b"\x30\x84\xff\xff\xff\xff", b"junk"] {
            assert_eq!(CertificateNames::parse(bytes), None);
        }
    }
}
