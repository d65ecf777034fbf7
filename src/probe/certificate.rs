//! Who a certificate is for and who issued it: as much of X.509 as tells broken chains apart.
//!
//! RFC 5280 section 4.1: `Certificate { tbsCertificate { [0] version?, serial, algorithm, issuer, validity, subject, … } … }`.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::outside::Outside;

/// The two names of a certificate, as raw DER to be compared byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names<'a> {
    /// Who issued it.
    pub(crate) issuer: &'a [u8],
    /// Who it is for.
    pub(crate) subject: &'a [u8],
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const VERSION: u8 = 0xa0;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

impl<'a> Names<'a> {
    /// Reads the names of a certificate; `None` where it is not one.
    pub(crate) fn read(certificate: &'a [u8]) -> Option<Self> {
        let (certificate, _) = expect(SEQUENCE, certificate)?;
        let (body, _) = expect(SEQUENCE, certificate)?;
        let body = expect(VERSION, body).map_or(body, |(_, rest)| rest);
        let (_, body) = expect(INTEGER, body)?;
        let (_, body) = expect(SEQUENCE, body)?;
        let (issuer, body) = expect(SEQUENCE, body)?;
        let (_, body) = expect(SEQUENCE, body)?;
        let (subject, _) = expect(SEQUENCE, body)?;
        Some(Self { issuer, subject })
    }

    /// Says whether it issued itself.
    pub(crate) fn is_self_issued(self) -> bool {
        self.issuer == self.subject
    }
}

/// Returns the text of a name for a sentence: its common name, else its organization, else nothing.
pub(crate) fn words(name: &[u8]) -> Outside {
    Outside::new(attribute(name, COMMON_NAME).or_else(|| attribute(name, ORGANIZATION)).unwrap_or_default())
}

/// Finds an attribute: a name is a list of sets of pairs of identifier and text.
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

/// Takes one value with this tag from the front: its content, and what follows.
fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    value(bytes).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// Takes one value from the front: tag, content, rest. Lengths of at most four bytes, as in every real certificate.
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
    fn names_are_read_and_compared() {
        let (leaf, root) = leaf_of_a_root();
        let (leaf, root) = (Names::read(&leaf).expect("a leaf"), Names::read(&root).expect("a root"));
        assert_eq!(words(leaf.subject), Outside::from("leaf"));
        assert_eq!(words(leaf.issuer), Outside::from("root"));
        assert_eq!(leaf.issuer, root.subject);
        assert!(root.is_self_issued());
        assert!(!leaf.is_self_issued());
        assert_eq!(words(b""), Outside::from(""));
    }

    #[test]
    fn what_is_cut_short_is_no_certificate() {
        let (leaf, _) = leaf_of_a_root();
        for length in 0..leaf.len() {
            assert_eq!(Names::read(leaf.get(..length).expect("inside")), None, "{length}");
        }
        for bytes in [&b"\x30\x80\0\0"[..], b"\x30\x85\0\0\0\0\0", b"\x30\x84\xff\xff\xff\xff", b"junk"] {
            assert_eq!(Names::read(bytes), None);
        }
    }
}
