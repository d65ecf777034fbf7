//! The vocabulary of findings: stage, severity, confidence, and the row that a reason or remark carries.

/// What is known of a reason or remark beside its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The public name, in kebab-case; never changes.
    pub code: &'static str,
    /// When it is found.
    pub stage: Stage,
    /// How much it weighs where nothing else is said.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The page that tells more; empty for what is ours alone.
    pub docs: &'static str,
    /// What it means, in one sentence.
    pub title: &'static str,
    /// How to mend it, in one sentence.
    pub hint: &'static str,
}

/// The stages of judging a request and its assets, in the API's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The request body around the assets; needs no network.
    Body,
    /// The text of the asset; needs no network.
    Address,
    /// What the server answers.
    Response,
    /// What the bytes are.
    Content,
}

impl Stage {
    /// Returns the name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Address => "address",
            Self::Response => "response",
            Self::Content => "content",
        }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Runway's published pages say so.
    Documented,
    /// It was seen in a live answer.
    Observed,
    /// It follows from what is published, or is ours.
    Inferred,
}

impl Confidence {
    /// Returns the name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
        }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The asset would be refused.
    Error,
    /// It hides whether the asset would be refused.
    Undecided,
    /// The asset passes, but somebody should know.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// Returns the name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Undecided => "undecided",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}
