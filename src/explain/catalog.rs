//! The catalog: the embedded tables of this directory as typed rows.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::finding::Confidence;
use crate::report::failure::{Advice, Failure, Retry};

/// Returns the family with the longest prefix of whole segments of a failure code.
pub(super) fn failure(code: &str) -> Option<&'static Failure> {
    FAILURES.iter().filter(|failure| failure.matches(code)).max_by_key(|failure| failure.segment_count())
}

/// Returns what is known about a status.
pub(super) fn status(status: u16) -> Option<&'static StatusRow> {
    STATUSES.iter().find(|row| row.number == status)
}

/// Returns what a status of the asset's server means.
pub(super) fn asset_status(status: u16) -> Option<&'static Advice> {
    ASSET_STATUSES.iter().find(|row| row.number == status).map(|row| &row.advice)
}

/// Returns what is known about an issue code, compared case-insensitively.
pub(super) fn issue(code: &str) -> Option<&'static IssueRow> {
    ISSUES.iter().find(|row| row.code.eq_ignore_ascii_case(code))
}

/// What is known about an HTTP status of the API.
#[derive(Debug)]
pub(super) struct StatusRow {
    /// 400 to 599.
    pub(super) number: u16,
    /// Its reason phrase: `Too Many Requests`.
    pub(super) phrase: String,
    /// What other servers write in its place.
    pub(super) other_phrases: Vec<String>,
    /// What is known.
    pub(super) advice: Advice,
}

/// What is known about a sentence that names no field.
#[derive(Debug)]
pub(super) struct SentenceRow {
    /// How it begins, as a template.
    pub(super) says: String,
    /// True where it is about a task, false where it is about a request.
    pub(super) task: bool,
    /// The status it comes with, or the name of the exception.
    pub(super) code: String,
    /// True where it says only that something failed.
    pub(super) weak: bool,
    /// What is known.
    pub(super) advice: Advice,
}

/// What is known about an issue code of the body schema.
#[derive(Debug)]
pub(super) struct IssueRow {
    /// The code as zod writes it.
    pub(super) code: String,
    /// How messages with the code begin, as templates.
    pub(super) says: Vec<String>,
    /// What is known.
    pub(super) advice: Advice,
}

pub(super) static FAILURES: LazyLock<Vec<Failure>> = LazyLock::new(|| {
    let typed = |row: CatalogRow<FailureKey>| Failure {
        prefix: row.key.code,
        open: row.key.open,
        advice: row.about.advice(TASK_FAILURES),
    };
    rows(include_str!("failures.toml"), typed)
});

pub(super) static STATUSES: LazyLock<Vec<StatusRow>> =
    LazyLock::new(|| statuses(include_str!("statuses.toml"), HTTP_ERRORS));

static ASSET_STATUSES: LazyLock<Vec<StatusRow>> =
    LazyLock::new(|| statuses(include_str!("asset_statuses.toml"), TROUBLESHOOTING));

fn statuses(text: &str, docs: &str) -> Vec<StatusRow> {
    let typed = |row: CatalogRow<StatusKey>| StatusRow {
        number: row.key.status,
        phrase: row.key.phrase,
        other_phrases: row.key.other_phrases,
        advice: row.about.advice(docs),
    };
    rows(text, typed)
}

pub(super) static SENTENCES: LazyLock<Vec<SentenceRow>> = LazyLock::new(|| {
    let typed = |row: CatalogRow<SentenceKey>| SentenceRow {
        says: row.key.says,
        task: matches!(row.key.kind, SentenceSubject::Failure),
        code: row.key.code,
        weak: row.key.weak,
        advice: row.about.advice(HTTP_ERRORS),
    };
    rows(include_str!("sentences.toml"), typed)
});

pub(super) static ISSUES: LazyLock<Vec<IssueRow>> = LazyLock::new(|| {
    let typed = |row: CatalogRow<IssueKey>| {
        let mut advice = row.about.advice("https://docs.dev.runwayml.com/api");
        advice.retry = Some(Retry::Never);
        IssueRow { code: row.key.code, says: row.key.says, advice }
    };
    rows(include_str!("issues.toml"), typed)
});

/// What is known about an issue whose code is not in the table.
pub(super) static CUSTOM: LazyLock<IssueRow> = LazyLock::new(|| IssueRow {
    code: "custom".to_owned(),
    says: Vec::new(),
    advice: plain(
        Retry::Never,
        "A check of the request failed; its message says which.",
        "Do what the message says; `runway-preflight body` checks requests before they are sent.",
        "https://docs.dev.runwayml.com/api",
    ),
});

/// The advice for a failure code that no row covers. The hint repeats what the page on task failures says about codes
/// that are added later.
pub(super) static UNKNOWN: LazyLock<Advice> = LazyLock::new(|| {
    Advice {
    meaning: "This failure code is not among the published ones.".to_owned(),
    retry: None,
    credits_refunded: None,
    next: "Read the task's `failure` text, and handle the code like INTERNAL: send the request again once after a delay; if \
           it fails again, look the code up or ask Runway."
        .to_owned(),
    confidence: Confidence::Inferred,
    docs: TASK_FAILURES.to_owned(),
}
});

/// The advice for a 4xx status that has no row.
pub(super) static REFUSED: LazyLock<Advice> = LazyLock::new(|| {
    plain(
        Retry::Never,
        "The API rejected the request; the page on HTTP errors does not name this status.",
        "Change the request; the response body may say what is wrong.",
        HTTP_ERRORS,
    )
});

/// The advice for a 5xx status that has no row.
pub(super) static FAILED: LazyLock<Advice> = LazyLock::new(|| {
    plain(
        Retry::AfterDelay,
        "The service failed; the page on HTTP errors does not name this status.",
        "Check whether a task was started after all; if not, wait a little and send the request again.",
        HTTP_ERRORS,
    )
});

fn plain(retry: Retry, meaning: &str, next: &str, docs: &str) -> Advice {
    let (meaning, next, docs) = (meaning.to_owned(), next.to_owned(), docs.to_owned());
    Advice { meaning, retry: Some(retry), credits_refunded: None, next, confidence: Confidence::Inferred, docs }
}

const TASK_FAILURES: &str = "https://docs.dev.runwayml.com/errors/task-failures";
const TROUBLESHOOTING: &str = "https://docs.dev.runwayml.com/errors/troubleshooting";
const HTTP_ERRORS: &str = "https://docs.dev.runwayml.com/errors/errors";

/// Reads an embedded table; a test reads all of them.
fn rows<K: DeserializeOwned, T>(text: &str, typed: impl Fn(CatalogRow<K>) -> T) -> Vec<T> {
    let table: CatalogTable<K> = toml::from_str(text).expect("an embedded table is well-formed");
    table.row.into_iter().map(typed).collect()
}

#[derive(Deserialize)]
struct CatalogTable<K> {
    /// The day on which the sources were read.
    #[serde(rename = "read")]
    _read: String,
    row: Vec<CatalogRow<K>>,
}

#[derive(Deserialize)]
struct CatalogRow<K> {
    #[serde(flatten)]
    key: K,
    #[serde(flatten)]
    about: AdviceRow,
}

#[derive(Deserialize)]
struct FailureKey {
    code: String,
    open: bool,
}

#[derive(Deserialize)]
struct StatusKey {
    status: u16,
    phrase: String,
    #[serde(default)]
    other_phrases: Vec<String>,
}

#[derive(Deserialize)]
struct SentenceKey {
    says: String,
    #[serde(default)]
    kind: SentenceSubject,
    code: String,
    #[serde(default)]
    weak: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum SentenceSubject {
    #[default]
    Http,
    Failure,
}

#[derive(Deserialize)]
struct IssueKey {
    code: String,
    says: Vec<String>,
}

/// The columns of every row. `source` is required for the editors of the table.
#[derive(Deserialize)]
struct AdviceRow {
    meaning: String,
    retry: Option<RetryText>,
    credits_refunded: Option<bool>,
    next: String,
    confidence: ConfidenceText,
    #[serde(rename = "source")]
    _source: String,
}

impl AdviceRow {
    fn advice(self, docs: &str) -> Advice {
        let Self { meaning, retry, credits_refunded, next, confidence, _source } = self;
        let (retry, confidence) = (retry.map(Retry::from), confidence.into());
        Advice { meaning, retry, credits_refunded, next, confidence, docs: docs.to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RetryText {
    Never,
    AfterDelay,
    May,
}

impl From<RetryText> for Retry {
    fn from(text: RetryText) -> Self {
        match text {
            RetryText::Never => Self::Never,
            RetryText::AfterDelay => Self::AfterDelay,
            RetryText::May => Self::May,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ConfidenceText {
    Documented,
    Observed,
    Inferred,
}

impl From<ConfidenceText> for Confidence {
    fn from(text: ConfidenceText) -> Self {
        match text {
            ConfidenceText::Documented => Self::Documented,
            ConfidenceText::Observed => Self::Observed,
            ConfidenceText::Inferred => Self::Inferred,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_well_formed_and_has_no_duplicate() {
        let assert_unique = |mut keys: Vec<String>| {
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), count, "{keys:?}");
        };
        assert_unique(FAILURES.iter().map(|row| row.prefix.clone()).collect());
        assert_unique(STATUSES.iter().map(|row| row.number.to_string()).collect());
        assert_unique(SENTENCES.iter().map(|row| row.says.clone()).collect());
        assert_unique(ISSUES.iter().map(|row| row.code.clone()).collect());
        assert!(STATUSES.iter().all(|row| (400..600).contains(&row.number) && row.advice.retry.is_some()));
    }

    #[test]
    fn the_longest_known_prefix_wins() {
        let case = |code: &str, prefix: Option<&str>| {
            assert_eq!(failure(code).map(|row| row.prefix.as_str()), prefix, "{code}");
        };
        case("SAFETY.INPUT.TEXT", Some("SAFETY.INPUT"));
        case("SAFETY.NEW", Some("SAFETY"));
        case("INTERNAL.BAD_OUTPUT.CODE01", Some("INTERNAL.BAD_OUTPUT"));
        case("INTERNAL.BAD_OUTPUTS", Some("INTERNAL"));
        case("INPUT_PREPROCESSING.SAFETY.TEXT", Some("INPUT_PREPROCESSING.SAFETY.TEXT"));
        case("INPUT_PREPROCESSING.SAFETY.OTHER", Some("INPUT_PREPROCESSING.SAFETY"));
        case("INPUT_PREPROCESSING", None);
        case("THIRD_PARTY.NEW", None);
        case("SAFETYNET", None);
    }
}
