//! The fingerprint of a run, stored in the first line of its file: only a run with the same fingerprint may resume it.

use serde::{Deserialize, Serialize};

use super::RunInfo;
use crate::text::untrusted::UntrustedText;

/// The factors other than the assets that affect the findings of a run; the key `run` of the first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFingerprint {
    /// The version of the program.
    version: String,
    /// The date of the newest source of the rules on assets, and of those on request bodies where they apply.
    rules: String,
    /// The flags that affect the findings: `--depth head`.
    flags: Vec<String>,
}

impl RunFingerprint {
    /// Creates the fingerprint of a run with these flags, in any order.
    #[must_use]
    pub fn new(run: &RunInfo, mut flags: Vec<String>) -> Self {
        flags.sort_unstable();
        flags.dedup();
        let rules = [&run.rules].into_iter().chain(&run.request_rules);
        let rules = rules.map(|rules| rules.read.as_str()).collect::<Vec<_>>().join(" and ");
        Self { version: env!("CARGO_PKG_VERSION").to_owned(), rules, flags }
    }

    /// Returns the version of the program that wrote it.
    #[must_use]
    pub fn version(&self) -> UntrustedText {
        UntrustedText::from(self.version.as_str())
    }

    /// Describes how an earlier run differs; `None` if it has the same rules and flags.
    #[must_use]
    pub fn differs_from(&self, earlier: &Self) -> Option<String> {
        if self.rules != earlier.rules {
            let read = UntrustedText::from(earlier.rules.as_str());
            return Some(format!("with the rules of {}, but this run uses those of {}", read.escaped(), self.rules));
        }
        let missing = |flags: &[String], of: &[String]| of.iter().find(|flag| !flags.contains(flag)).cloned();
        if let Some(flag) = missing(&self.flags, &earlier.flags) {
            return Some(format!("with {}, but this run is not", UntrustedText::from(flag.as_str()).escaped()));
        }
        missing(&earlier.flags, &self.flags).map(|flag| format!("without {flag}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::RulesOrigin;

    #[test]
    fn fingerprints_name_what_differs() {
        let rules = RulesOrigin { read: "2026-09-23".to_owned(), origin: "embedded".to_owned() };
        let run = RunInfo { rules, matches_api: true, ..RunInfo::default() };
        let fingerprint = |flags: &[&str]| RunFingerprint::new(&run, flags.iter().map(ToString::to_string).collect());
        let case = |now: &[&str], then: &[&str], how: Option<&str>| {
            assert_eq!(fingerprint(now).differs_from(&fingerprint(then)).as_deref(), how);
        };
        case(&["--depth head", "--strict"], &["--strict", "--depth head"], None);
        case(&[], &["--strict"], Some("with --strict, but this run is not"));
        case(&["--strict"], &[], Some("without --strict"));
        case(&[], &["\u{1b}[2J"], Some("with \\x1b[2J, but this run is not"));
        let old = RunFingerprint { rules: "2026-01-01".to_owned(), ..fingerprint(&[]) };
        let how = "with the rules of 2026-01-01, but this run uses those of 2026-09-23";
        assert_eq!(fingerprint(&[]).differs_from(&old).as_deref(), Some(how));
        let old = RunFingerprint { version: "0.0.1".to_owned(), ..fingerprint(&[]) };
        assert_eq!(fingerprint(&[]).differs_from(&old), None, "another version is noted, not rejected");
    }
}
