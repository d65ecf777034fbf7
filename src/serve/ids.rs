//! Identifiers that have the form of a random UUID.

use std::hash::{BuildHasher as _, RandomState};

/// Generates identifiers; none is used twice, even after a reset.
#[derive(Debug, Default)]
pub(super) struct IdSource {
    keys: RandomState,
    made: u64,
}

impl IdSource {
    /// Returns the next identifier, a UUID of version 4.
    pub(super) fn next(&mut self) -> String {
        self.made += 1;
        let high = self.keys.hash_one((self.made, "high")) & 0xffff_ffff_ffff_0fff | 0x4000;
        let low = self.keys.hash_one((self.made, "low")) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
        let (first, second, third) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
        let (fourth, fifth) = (low >> 48, low & 0xffff_ffff_ffff);
        format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{fifth:012x}")
    }
}

/// Returns whether a text has the form of a UUID.
pub(super) fn is_uuid(text: &str) -> bool {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').take(6).collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq(LENGTHS) && parts.iter().all(is_hex)
}

/// Returns the version of a UUID, `0` for the nil and `f` for the max UUID; `None` for other texts and other variants.
pub(super) fn uuid_version(text: &str) -> Option<char> {
    let (version, variant) = (*text.as_bytes().get(14)?, *text.as_bytes().get(19)?);
    let digits = || text.bytes().filter(|byte| *byte != b'-');
    let is_special = digits().all(|digit| digit == b'0') || digits().all(|digit| digit == b'f');
    let is_numbered = matches!(version, b'1'..=b'8') && b"89abAB".contains(&variant);
    (is_uuid(text) && (is_special || is_numbered)).then(|| char::from(version))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn identifiers_are_distinct_uuids_of_version_4() {
        let mut source = IdSource::default();
        let ids: HashSet<String> = (0..1000).map(|_| source.next()).collect();
        assert_eq!(ids.len(), 1000);
        for id in &ids {
            assert!(is_uuid(id), "{id}");
            assert_eq!(uuid_version(id), Some('4'), "{id}");
        }
        assert_eq!(uuid_version("01890a5d-ac96-774b-BCCE-b302099a8057"), Some('7'));
        assert_eq!(uuid_version("00000000-0000-0000-0000-000000000000"), Some('0'));
        assert_eq!(uuid_version("ffffffff-ffff-ffff-ffff-ffffffffffff"), Some('f'));
        for text in ["", "x", "00000000-0000-9000-8000-000000000000", "00000000-0000-4000-c000-000000000000"] {
            assert_eq!(uuid_version(text), None, "{text}");
        }
        assert!(!is_uuid("") && !is_uuid("x") && !is_uuid("00000000-0000-0000-0000-00000000000g"));
    }
}
