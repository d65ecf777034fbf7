//! What a finding is about.

use super::{CodeInfo, Confidence, Lint, Reason, Severity, Stage};
use crate::text::untrusted::UntrustedText;

/// The kind of a finding: a rejection in the API's words, or a lint of our own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FindingKind {
    /// The API has a sentence for it.
    Reason(Reason),
    /// The request schema rejects a value, with this message of the API's validator.
    Schema(UntrustedText),
    /// It is our own.
    Lint {
        /// The lint.
        lint: Lint,
        /// The API's reason that follows from it, if any.
        implied_reason: Option<Reason>,
    },
}

impl FindingKind {
    /// Returns the static facts of the code.
    #[must_use]
    pub const fn info(&self) -> CodeInfo {
        match self {
            Self::Reason(reason) => reason.info(),
            Self::Schema(_) => SCHEMA,
            Self::Lint { lint, implied_reason: _ } => lint.info(),
        }
    }
}

/// The static facts of every rejection by the request schema.
pub const SCHEMA: CodeInfo = CodeInfo {
    code: "schema",
    stage: Stage::Body,
    severity: Severity::Error,
    confidence: Confidence::Documented,
    docs: "https://docs.dev.runwayml.com/api",
    title: "The request schema rejects a value.",
    hint: "",
};
