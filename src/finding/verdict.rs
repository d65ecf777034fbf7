//! The verdict on an asset.

use super::{Finding, Severity};

/// What the API would do with an asset, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, serde::Deserialize)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The API would accept it, as far as can be seen from outside.
    Accepted,
    /// Evidence that the verdict needs is missing.
    Undecided,
    /// The API would reject it.
    Rejected,
}

impl Verdict {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Derives the verdict from findings: one error rejects, else one undecided finding leaves it undecided.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let worst = findings.iter().map(|finding| finding.severity).min();
        match worst {
            Some(Severity::Error) => Self::Rejected,
            Some(Severity::Undecided) => Self::Undecided,
            Some(Severity::Warning | Severity::Note) | None => Self::Accepted,
        }
    }
}
