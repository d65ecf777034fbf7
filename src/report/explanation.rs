//! What one response of the API means, as `explain` passes it to the outputs.

use crate::finding::Confidence;
use crate::report::failure::Retry;
use crate::text::untrusted::UntrustedText;

/// What one response of the API means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it is about.
    pub kind: ExplanationKind,
    /// Our reason code, zod's code, the failure code as given, or the status.
    pub code: UntrustedText,
    /// Of a failure code, the longest prefix of whole segments that is known.
    pub matched: Option<&'static str>,
    /// The request field that is named: `references[0].uri`.
    pub field: Option<UntrustedText>,
    /// The API's words, where they were given or follow from the code.
    pub message: Option<UntrustedText>,
    /// What it means.
    pub meaning: &'static str,
    /// Whether to send the same request again; `None` where nothing is published.
    pub retry: Option<Retry>,
    /// Whether credits come back; `None` where nothing is published.
    pub credits_refunded: Option<bool>,
    /// What to do.
    pub next: &'static str,
    /// Commands of this program that give more details, ready for a shell except for placeholders in capital letters.
    pub commands: Vec<String>,
    /// How certain this is.
    pub confidence: Confidence,
    /// The page that documents it; empty for our own codes.
    pub docs: &'static str,
}

/// What a response is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum ExplanationKind {
    /// An asset, for one of our codes.
    Reason,
    /// The shape of the request body, for one of zod's codes.
    Schema,
    /// A task that failed.
    Failure,
    /// A request that was rejected as a whole.
    Http,
}

impl ExplanationKind {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
