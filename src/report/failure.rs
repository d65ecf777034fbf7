//! Task failure codes: how they are compared, and what is known about them.

use crate::finding::Confidence;

/// Whether the same request is worth sending again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Retry {
    /// Not unchanged.
    Never,
    /// Yes, after a while.
    AfterDelay,
    /// It is allowed, and may or may not help.
    May,
}

impl Retry {
    /// Returns the name used in JSON and in the catalog.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Reports whether a script should send the request again.
    #[must_use]
    pub const fn should_retry(self) -> bool {
        match self {
            Self::Never => false,
            Self::AfterDelay | Self::May => true,
        }
    }
}

/// What is known about a response of the API: one row of the catalog without its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What it means, in one or two sentences.
    pub meaning: String,
    /// Whether to send it again; `None` where nothing is published.
    pub retry: Option<Retry>,
    /// Whether credits come back; `None` where nothing is published.
    pub credits_refunded: Option<bool>,
    /// What to do.
    pub next: String,
    /// How certain this is.
    pub confidence: Confidence,
    /// The page that documents it.
    pub docs: String,
}

/// What is known about a family of task failure codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The segments that every code of the family begins with: `SAFETY.INPUT`.
    pub prefix: String,
    /// True if the published form is `PREFIX.*`: longer codes may exist.
    pub open: bool,
    /// What is known.
    pub advice: Advice,
}

impl Failure {
    /// Reports whether a code belongs to the family: it begins with the same whole segments, in any case.
    #[must_use]
    pub fn matches(&self, code: &str) -> bool {
        let mut segments = code.split('.');
        self.prefix.split('.').all(|wanted| segments.next().is_some_and(|segment| segment.eq_ignore_ascii_case(wanted)))
    }

    /// Reports whether `code` is published: it is the prefix itself, or longer codes may exist.
    #[must_use]
    pub fn is_listed(&self, code: &str) -> bool {
        self.open || self.prefix.eq_ignore_ascii_case(code)
    }

    /// Counts the segments of the prefix.
    #[must_use]
    pub fn segment_count(&self) -> usize {
        self.prefix.split('.').count()
    }
}

/// The code that an absent code, `null` or `undefined` means (seed: task failures).
pub const DEFAULT_CODE: &str = "INTERNAL";

/// Reports whether a text is the null value of some language.
#[must_use]
pub fn is_absent(text: &str) -> bool {
    ["null", "None", "undefined", "nil"].contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(prefix: &str, open: bool) -> Failure {
        let advice = Advice {
            meaning: String::new(),
            retry: None,
            credits_refunded: None,
            next: String::new(),
            confidence: Confidence::Documented,
            docs: String::new(),
        };
        Failure { prefix: prefix.to_owned(), open, advice }
    }

    #[test]
    fn families_are_compared_by_whole_segments() {
        let case = |prefix: &str, code: &str, covered: bool| {
            assert_eq!(family(prefix, false).matches(code), covered, "{prefix} and {code}");
        };
        case("SAFETY", "SAFETY", true);
        case("SAFETY", "safety.input.text", true);
        case("SAFETY", "SAFETYNET.INPUT", false);
        case("SAFETY.INPUT", "SAFETY", false);
        case("SAFETY.INPUT", "SAFETY.INPUTS", false);
        case("SAFETY.INPUT", "SAFETY.INPUT.TEXT.MORE", true);
        case("INTERNAL", "", false);
    }

    #[test]
    fn only_open_families_list_longer_codes() {
        assert!(family("SAFETY.INPUT", true).is_listed("SAFETY.INPUT.NEW"));
        assert!(!family("INTERNAL", false).is_listed("INTERNAL.NEW"));
        assert!(family("INTERNAL", false).is_listed("internal"));
    }

    #[test]
    fn may_counts_as_a_retry() {
        let all = [Retry::Never, Retry::AfterDelay, Retry::May];
        assert_eq!(all.map(Retry::should_retry), [false, true, true]);
        assert_eq!(all.map(Retry::name), ["never", "after-delay", "may"]);
    }
}
