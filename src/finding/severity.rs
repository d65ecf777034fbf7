//! The severity of a finding.

/// The severity of a finding, the most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Severity {
    /// The API would reject the asset.
    Error,
    /// Whether the API would reject the asset cannot be determined.
    Undecided,
    /// The asset passes, but may cause problems.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
