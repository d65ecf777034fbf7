//! What is found about an asset: the API's reasons, our own lints, and the codes of both.

mod code_info;
mod confidence;
mod finding_kind;
mod lint;
mod reason;
mod rule_row;
mod severity;
mod stage;
mod transport;
mod verdict;

pub use code_info::CodeInfo;
pub use confidence::Confidence;
pub use finding_kind::{FindingKind, SCHEMA};
pub use lint::Lint;
pub use reason::{DurationBound, Reason};
pub use rule_row::RuleRow;
pub use severity::Severity;
pub use stage::Stage;
pub use transport::Transport;
pub use verdict::Verdict;

use crate::text::secret::ReflectedSecrets;
use crate::text::untrusted::UntrustedText;

/// One finding about an asset.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Its severity for this asset.
    pub severity: Severity,
    /// Its confidence for this asset.
    pub confidence: Confidence,
    /// True for the finding that the API would report.
    pub is_api_finding: bool,
    /// For a local file: the transport that it is about; `None` where it holds for every transport.
    pub transport: Option<Transport>,
    /// What was found, as a sentence without its full stop; text from outside is escaped in it.
    pub detail: String,
    /// What to do about it.
    pub hint: String,
}

/// The text that introduces a message of the asset's server in a detail.
pub(crate) const SERVER_SAYS: &str = "; the server says: ";

impl Finding {
    /// Starts a finding in the API's words, with the default severity and hint.
    #[must_use]
    pub fn reason(reason: Reason, detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Reason(reason), detail.into())
    }

    /// Starts a lint, with the default severity and hint.
    #[must_use]
    pub fn lint(lint: Lint, detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Lint { lint, implied_reason: None }, detail.into())
    }

    /// Starts a rejection by the request schema.
    #[must_use]
    pub fn schema(message: UntrustedText, detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Schema(message), detail.into())
    }

    fn new(kind: FindingKind, detail: String) -> Self {
        let CodeInfo { severity, confidence, hint, .. } = kind.info();
        Self { kind, severity, confidence, is_api_finding: false, transport: None, detail, hint: hint.to_owned() }
    }

    /// Adds the API's reason that follows from a lint.
    #[must_use]
    pub fn with_reason(mut self, reason: Reason) -> Self {
        if let FindingKind::Lint { implied_reason, .. } = &mut self.kind {
            *implied_reason = Some(reason);
        }
        self
    }

    /// Replaces the severity.
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

    /// Replaces the hint where there is a better one.
    #[must_use]
    pub fn with_optional_hint(self, hint: Option<impl Into<String>>) -> Self {
        match hint {
            Some(hint) => self.with_hint(hint),
            None => self,
        }
    }

    /// Redacts the secrets of the asset's URL in everything that its server said. Findings about the URL itself quote no
    /// server.
    pub fn redact(&mut self, secrets: &ReflectedSecrets) {
        if self.info().stage < Stage::Response {
            return;
        }
        self.detail = secrets.redact(&self.detail);
        if let FindingKind::Reason(Reason::UnsupportedContentType { sent })
        | FindingKind::Lint { implied_reason: Some(Reason::UnsupportedContentType { sent }), .. } = &mut self.kind
        {
            sent.redact(secrets);
        }
    }

    /// Returns the static facts of the code.
    #[must_use]
    pub const fn info(&self) -> CodeInfo {
        self.kind.info()
    }

    /// Returns the public code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.info().code
    }

    /// Returns the API's reason for rejecting the asset: the finding itself, or the one that follows from a lint.
    #[must_use]
    pub fn api_reason(&self) -> Option<&Reason> {
        match &self.kind {
            FindingKind::Reason(reason) => Some(reason),
            FindingKind::Schema(_) => None,
            FindingKind::Lint { implied_reason, .. } => implied_reason.as_ref(),
        }
    }

    /// Reports whether the API has a sentence for it.
    #[must_use]
    pub fn has_api_message(&self) -> bool {
        matches!(self.kind, FindingKind::Schema(_)) || self.api_reason().is_some()
    }

    /// Returns the API's sentence where there is one, else the title of the lint.
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

/// The longest message that is printed, in characters: more than the longest published list of choices.
const MESSAGE_CHARACTERS: usize = 8192;
