//! Explains a pasted response: a code, a sentence, a 400 body, an exception of an SDK, a task, or a log that contains one
//! of them. No network, no clock.

mod answers;
mod catalog;
mod code;
mod commands;
mod literal;
mod log;
mod reading;
mod sentence;
mod template;
mod terminal_text;

use std::borrow::Cow;

use self::terminal_text::without_controls;
use crate::finding::{CodeInfo, Confidence, Lint, Reason, SCHEMA, Severity};
pub use crate::report::explanation::{Explanation, ExplanationKind};
use crate::report::failure::{Advice, DEFAULT_CODE, Retry};
use crate::text::secret::redact_text;
use crate::text::untrusted::UntrustedText;

/// The maximum number of bytes of a text that are read.
pub const MAX_LENGTH: usize = 1 << 20;

/// Explains a text: one match per issue, in order. Empty where nothing is recognized.
#[must_use]
pub fn explain(text: &str) -> Vec<Explanation> {
    let text = plain(text);
    code::explain(&text).map_or_else(|| log::read(&text).into_matches(), with_asset_meaning)
}

/// Returns whether to send a request again after a code or a sentence; `None` where it is unknown or nothing is published.
#[must_use]
pub fn retryable(code: &str) -> Option<Retry> {
    match explain(code).as_slice() {
        [only] => only.retry,
        // A bare status is that of the API.
        [first, _] if first.kind == ExplanationKind::Http => first.retry,
        _ => None,
    }
}

/// Adds to a bare status of the API what it means as the status of an asset's server.
fn with_asset_meaning(found: Explanation) -> Vec<Explanation> {
    let status = if found.kind == ExplanationKind::Http { found.code.as_str().and_then(code::status) } else { None };
    let other = status.filter(|status| catalog::asset_status(*status).is_some());
    let other = other.map(|status| {
        let reason = Reason::HttpStatus { status };
        Explanation::reason(&reason, None, Some(&reason.to_string()))
    });
    [found].into_iter().chain(other).collect()
}

/// Explains every known code: reasons, lints, codes of the body schema, families of failure codes, statuses.
#[must_use]
pub fn known() -> Vec<Explanation> {
    code::known()
}

/// Returns the known codes that a text may mean: a misspelled one, or words of one. Empty where the text is a known code.
#[must_use]
pub fn suggestions(text: &str) -> Vec<String> {
    code::suggestions(&plain(text))
}

/// Returns the status of a task that has not failed, where the text holds one: then there is nothing to explain.
#[must_use]
pub fn non_failed_status(text: &str) -> Option<&'static str> {
    log::read(&plain(text)).state
}

/// Truncates a text to [`MAX_LENGTH`], and removes what a terminal interprets.
fn plain(text: &str) -> Cow<'_, str> {
    let end = (0..=MAX_LENGTH.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    without_controls(end.and_then(|end| text.get(..end)).unwrap_or_default())
}

impl Explanation {
    fn reason(reason: &Reason, field: Option<&str>, message: Option<&str>) -> Self {
        let CodeInfo { code, confidence, docs, title, hint, .. } = reason.info();
        let row = if let Reason::HttpStatus { status } = reason { catalog::asset_status(*status) } else { None };
        let (title, hint) = row.map_or((title, hint), |row| (row.meaning.as_str(), row.next.as_str()));
        Self {
            kind: ExplanationKind::Reason,
            code: UntrustedText::from(code),
            matched: None,
            field: field.map(without_secrets),
            message: Some(
                message.map_or_else(|| UntrustedText::new(sentence::with_placeholders(reason)), without_secrets),
            ),
            meaning: title,
            retry: Some(retry(reason)),
            credits_refunded: None,
            next: hint,
            commands: commands::for_reason(reason, field),
            confidence,
            docs,
        }
    }

    fn lint(lint: Lint) -> Self {
        let info = lint.info();
        // Nothing is published about lints; only an error is certain to be rejected again.
        let retry = (info.severity == Severity::Error).then_some(Retry::Never);
        Self { retry, ..Self::of_code(&info) }
    }

    /// Explains that the schema rejects a value, of which nothing but that is known.
    fn schema() -> Self {
        Self {
            retry: Some(Retry::Never),
            next: "Pass the complete response body, whose `issues` name the values, to `runway-preflight explain -`.",
            ..Self::of_code(&SCHEMA)
        }
    }

    fn of_code(info: &CodeInfo) -> Self {
        let CodeInfo { code, confidence, docs, title, hint, .. } = *info;
        Self {
            kind: ExplanationKind::Reason,
            code: UntrustedText::from(code),
            matched: None,
            field: None,
            message: None,
            meaning: title,
            retry: None,
            credits_refunded: None,
            next: hint,
            commands: Vec::new(),
            confidence,
            docs,
        }
    }

    fn issue(code: &str, field: Option<&str>, message: Option<&str>) -> Self {
        let known = catalog::issue(code);
        let found = Self::advised(ExplanationKind::Schema, code, &known.unwrap_or(&catalog::CUSTOM).advice);
        let confidence = if known.is_some() { found.confidence } else { Confidence::Inferred };
        Self { field: field.map(without_secrets), message: message.map(without_secrets), confidence, ..found }
    }

    /// Explains a failure code, or its absence, with the message of the task.
    fn failure(code: Option<&str>, message: Option<&str>) -> Self {
        let code = code.unwrap_or(DEFAULT_CODE);
        let message = message.map(without_secrets);
        let Some(row) = catalog::failure(code) else {
            return Self { message, ..Self::advised(ExplanationKind::Failure, code, &catalog::UNKNOWN) };
        };
        let found = Self::advised(ExplanationKind::Failure, code, &row.advice);
        let confidence = if row.is_listed(code) { found.confidence } else { Confidence::Inferred };
        Self { matched: Some(&row.prefix), message, confidence, ..found }
    }

    fn status(status: u16, message: Option<&str>) -> Self {
        let general = || if status < 500 { &*catalog::REFUSED } else { &*catalog::FAILED };
        let advice = catalog::status(status).map_or_else(general, |row| &row.advice);
        let found = Self::advised(ExplanationKind::Http, &status.to_string(), advice);
        Self { message: message.map(without_secrets), ..found }
    }

    fn sentence(row: &'static catalog::SentenceRow, message: &str) -> Self {
        let kind = if row.task { ExplanationKind::Failure } else { ExplanationKind::Http };
        Self { message: Some(without_secrets(message)), ..Self::advised(kind, &row.code, &row.advice) }
    }

    fn advised(kind: ExplanationKind, code: &str, advice: &'static Advice) -> Self {
        Self {
            kind,
            code: without_secrets(code),
            matched: None,
            field: None,
            message: None,
            meaning: &advice.meaning,
            retry: advice.retry,
            credits_refunded: advice.credits_refunded,
            next: &advice.next,
            commands: commands::for_kind(kind),
            confidence: advice.confidence,
            docs: &advice.docs,
        }
    }
}

/// Returns whether to send a rejected asset again unchanged: only where the failure of its host may be temporary.
fn retry(reason: &Reason) -> Retry {
    match reason {
        Reason::FetchFailed | Reason::Timeout | Reason::HttpStatus { status: 429 | 500..=599 } => Retry::May,
        Reason::UrlTooLong { .. }
        | Reason::DataUriTooLong { .. }
        | Reason::RunwayUriTooLong { .. }
        | Reason::InvalidDataUri
        | Reason::UnsupportedAssetType
        | Reason::InvalidUrl
        | Reason::NotHttps
        | Reason::NotADomain
        | Reason::HttpStatus { .. }
        | Reason::GenericContentType
        | Reason::UnsupportedContentType { .. }
        | Reason::MissingContentLength
        | Reason::TooLarge { .. }
        | Reason::DimensionsTooLarge { .. }
        | Reason::AspectRatioOutside { .. }
        | Reason::DurationOutside { .. } => Retry::Never,
    }
}

/// Removes from a text what may be secret: queries and users of URLs, payloads of data URIs, API keys.
fn without_secrets(text: &str) -> UntrustedText {
    UntrustedText::new(redact_text(text))
}

#[cfg(test)]
mod tests;
