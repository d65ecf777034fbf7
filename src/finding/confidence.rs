//! The confidence of a finding.

/// How a finding is known, the most reliable source first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Confidence {
    /// Runway's published pages say so.
    Documented,
    /// It was seen in a live response.
    Observed,
    /// It follows from published facts, or is our own.
    Inferred,
}

impl Confidence {
    /// Every level, the most reliable first.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
