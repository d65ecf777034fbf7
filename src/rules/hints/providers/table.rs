//! The table of providers: rows of `rules/hints/providers.toml`, validated when they are read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::pattern::UrlPattern;
use crate::rules::limits::RuleSource;

/// Every known provider, and the pages that document the recipes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProviderTable {
    /// The pages, by the names that recipes use.
    pub(super) source: BTreeMap<String, RuleSource>,
    /// The providers; one provider may have several rows with different URLs.
    pub(super) provider: Vec<Provider>,
}

/// One provider: how it is recognized, and its recipes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provider {
    /// Its common name.
    pub(super) name: String,
    /// Its URLs.
    pub(super) urls: Vec<UrlPattern>,
    /// Headers of its responses.
    pub(super) headers: Vec<HeaderPattern>,
    /// A parameter of its URLs.
    pub(super) query: Option<String>,
    /// A response header of another provider, which excludes this one.
    pub(super) unless: Option<HeaderPattern>,
    /// Its recipes.
    pub(super) recipes: Vec<Recipe>,
}

/// What to do about a problem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Recipe {
    /// The problems.
    pub(super) on: Vec<Problem>,
    /// A text that the error page must contain.
    pub(super) body: Option<String>,
    /// A header that the response must have.
    pub(super) header: Option<HeaderPattern>,
    /// Whether it is only for signed URLs.
    #[serde(default)]
    pub(super) signed: bool,
    /// Whether the path must end with an extension such as `.png`.
    #[serde(default)]
    pub(super) needs_extension: bool,
    /// What to do, in a sentence.
    pub(super) hint: String,
    /// Lines for the configuration of a server.
    pub(super) config: Option<String>,
    /// A command for a POSIX shell, with its placeholders between single quotes.
    pub(super) command: Option<String>,
    /// A URL to use instead.
    pub(super) link: Option<String>,
    /// The page, one of [`ProviderTable::source`].
    pub(super) source: String,
}

/// What is wrong, as far as a recipe needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::rules) enum Problem {
    /// The Content-Type is missing or not accepted.
    Type,
    /// There is no Content-Length.
    Length,
    /// The bytes are compressed, though the request did not ask for it.
    Encoded,
    /// It redirects.
    Redirect,
    /// It redirects to the same URL.
    Loop,
    /// HEAD is rejected where GET succeeds.
    Head,
    /// The signature in the URL has expired.
    Expired,
    /// Access is denied: 400, 401, 403, 409.
    Refused,
    /// The asset does not exist: 404, 410.
    Missing,
    /// Too many requests: 429.
    Busy,
    /// The origin does not answer: 502, 503, 504.
    Unreached,
    /// A web page or a JSON document is returned in place of the asset.
    Page,
    /// A Git LFS pointer is returned in place of the asset.
    Pointer,
    /// A bot check responds.
    BotChallenge,
}

/// A response header: its name in lower case, and the beginning of its value in any case.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct HeaderPattern {
    pub(super) name: String,
    pub(super) start: String,
}

impl TryFrom<String> for HeaderPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (name, start) = text.split_once(": ").ok_or_else(|| format!("{text}: write it as `name: value`"))?;
        if name.chars().any(|letter| letter.is_ascii_uppercase()) {
            return Err(format!("{name}: write the name in lower case"));
        }
        Ok(Self { name: name.to_owned(), start: start.to_owned() })
    }
}

impl ProviderTable {
    /// Returns the embedded table.
    pub(super) fn embedded() -> &'static Self {
        static TABLE: LazyLock<ProviderTable> = LazyLock::new(|| {
            // A test parses it, so that the fallback is never used.
            toml::from_str(TEXT).unwrap_or(ProviderTable { source: BTreeMap::new(), provider: Vec::new() })
        });
        &TABLE
    }
}

/// The text of the table.
pub(super) const TEXT: &str = include_str!("../providers.toml");
