//! What is said about an asset: the reasons of the API, our own lints, and the codes of both.

pub mod code;
pub mod lint;
pub mod reason;
pub mod rule_row;

use crate::text::untrusted::UntrustedText;

use code::{CodeInfo, Confidence, Severity, Stage};
use lint::Lint;
use reason::Reason;

/// One thing found about an asset.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// How much it weighs here.
    pub severity: Severity,
    /// How sure it is here.
    pub confidence: Confidence,
    /// True for the one that the API would answer first.
    pub is_api_answer: bool,
    /// For a local file: the way of sending that it is about; `None` where it holds for every way.
    pub transport: Option<Transport>,
    /// What was seen, and the cause, as a sentence; text from outside is escaped in it.
    pub detail: String,
    /// How to mend it.
    pub hint: String,
}

/// What a finding is: a refusal in the API's words, or a remark of ours.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FindingKind {
    /// The API has a sentence for it.
    Reason(Reason),
    /// The schema of the request refuses a value, in these words of the API's validator.
    Schema(UntrustedText),
    /// It is ours. `implies` is the API's answer that follows from it, where one does.
    Lint {
        /// What we remark.
        lint: Lint,
        /// The API's answer that follows.
        implied_reason: Option<Reason>,
    },
}

impl Finding {
    /// Starts a finding in the API's words, with the usual weight and hint.
    #[must_use]
    pub fn reason(reason: Reason, detail: impl Into<String>) -> Self {
        let entry = reason.info();
        Self::new(FindingKind::Reason(reason), entry, detail.into())
    }

    /// Starts a remark of ours, with the usual weight and hint.
    #[must_use]
    pub fn lint(remark: Lint, detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Lint { lint: remark, implied_reason: None }, remark.info(), detail.into())
    }

    /// Starts a refusal by the schema of the request.
    #[must_use]
    pub fn schema(message: UntrustedText, detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Schema(message), SCHEMA, detail.into())
    }

    fn new(what: FindingKind, entry: CodeInfo, detail: String) -> Self {
        let CodeInfo { severity, confidence, hint, .. } = entry;
        Self { kind: what, severity, confidence, is_api_answer: false, transport: None, detail, hint: hint.to_owned() }
    }

    /// Adds the API's answer that follows from a remark.
    #[must_use]
    pub fn with_reason(mut self, reason: Reason) -> Self {
        if let FindingKind::Lint { implied_reason: implies, .. } = &mut self.kind {
            *implies = Some(reason);
        }
        self
    }

    /// Replaces the weight.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Replaces the confidence.
    #[must_use]
    pub fn with_confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Replaces the hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Returns the row of what it is.
    #[must_use]
    pub fn info(&self) -> CodeInfo {
        match &self.kind {
            FindingKind::Reason(reason) => reason.info(),
            FindingKind::Schema(_) => SCHEMA,
            FindingKind::Lint { lint: remark, .. } => remark.info(),
        }
    }

    /// Returns the public code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.info().code
    }

    /// Returns the API's refusal of an asset, its own or the one that follows.
    #[must_use]
    pub fn api_reason(&self) -> Option<&Reason> {
        match &self.kind {
            FindingKind::Reason(reason) => Some(reason),
            FindingKind::Schema(_) => None,
            FindingKind::Lint { implied_reason: implies, .. } => implies.as_ref(),
        }
    }

    /// Says whether the API has a sentence for it.
    #[must_use]
    pub fn has_api_message(&self) -> bool {
        match &self.kind {
            FindingKind::Reason(_) | FindingKind::Schema(_) => true,
            FindingKind::Lint { implied_reason: implies, .. } => implies.is_some(),
        }
    }

    /// Returns the sentence that stands for it: the API's where there is one, else ours.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.kind {
            FindingKind::Schema(message) => message.escaped_up_to(MESSAGE_CHARACTERS).to_string(),
            FindingKind::Reason(_) | FindingKind::Lint { .. } => {
                self.api_reason().map_or_else(|| self.info().title.to_owned(), ToString::to_string)
            }
        }
    }
}

/// What is known of every refusal by the schema of a request.
pub const SCHEMA: CodeInfo = CodeInfo {
    code: "schema",
    stage: Stage::Body,
    severity: Severity::Error,
    confidence: Confidence::Documented,
    docs: "https://docs.dev.runwayml.com/api",
    title: "The schema of the request refuses a value.",
    hint: "",
};

/// How many characters of a message are shown: more than the longest list of choices that is published.
const MESSAGE_CHARACTERS: usize = 8192;

/// A way to hand an asset to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// An HTTPS URL.
    Url,
    /// A data URI.
    DataUri,
    /// An upload, named by its `runway://` URI.
    Upload,
}

impl Transport {
    /// Every way, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Url, Self::DataUri, Self::Upload];

    /// Returns the name used in JSON and flags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::DataUri => "data-uri",
            Self::Upload => "upload",
        }
    }
}

/// What would become of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The API would take it, as far as can be seen from outside.
    Accepted,
    /// Something that decides could not be seen.
    Undecided,
    /// The API would refuse it.
    Rejected,
}

impl Verdict {
    /// Returns the name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Undecided => "undecided",
            Self::Rejected => "rejected",
        }
    }

    /// Decides from findings: one error rejects, else one that hides leaves it undecided.
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
