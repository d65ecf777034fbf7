//! The table of hosts: rows of `rules/hints/providers.toml`, checked when they are read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::pattern::Pattern;
use crate::rules::limits::Source;

/// Every host that is known, and the pages that say so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// The pages, by the names that recipes call them.
    pub(crate) source: BTreeMap<String, Source>,
    /// The hosts; several rows may be one host in different places.
    pub(crate) host: Vec<Host>,
}

/// One host: how it is known, and what to do there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Host {
    /// What people call it.
    pub(crate) name: String,
    /// Where it is.
    #[serde(rename = "where")]
    pub(crate) addresses: Vec<Pattern>,
    /// Fields of its responses.
    pub(crate) headers: Vec<Field>,
    /// A parameter of its URLs.
    pub(crate) query: Option<String>,
    /// A field of a response that is another's.
    pub(crate) unless: Option<Field>,
    /// What to do there.
    pub(crate) recipes: Vec<Recipe>,
}

/// What to do in a situation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    /// The situations.
    pub(crate) on: Vec<Situation>,
    /// A text that must stand in the error page.
    pub(crate) body: Option<String>,
    /// A field that the response must have.
    pub(crate) header: Option<Field>,
    /// True where it is for signed URLs alone.
    #[serde(default)]
    pub(crate) signed: bool,
    /// True where the path must end with an ending such as `.png`.
    #[serde(default)]
    pub(crate) ended: bool,
    /// What to do, in a sentence.
    pub(crate) fix: String,
    /// Lines for the configuration of a server.
    pub(crate) set: Option<String>,
    /// A command for a POSIX shell, with its placeholders between single quotes.
    pub(crate) paste: Option<String>,
    /// A URL to use instead.
    pub(crate) link: Option<String>,
    /// The page, one of [`Table::source`].
    pub(crate) source: String,
}

/// What is wrong, as far as a recipe needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Situation {
    /// The Content-Type is missing or none of those that are taken.
    Type,
    /// There is no Content-Length.
    Length,
    /// The bytes are compressed, though nobody asked for it.
    Encoded,
    /// It redirects.
    Redirect,
    /// It redirects to where it is.
    Loop,
    /// HEAD is refused where GET is answered.
    Head,
    /// The signature in the URL has ended.
    Expired,
    /// It answers that the client may not: 400, 401, 403, 409.
    Refused,
    /// It answers that there is nothing: 404, 410.
    Missing,
    /// It answers too often: 429.
    Busy,
    /// What stands behind it does not answer: 502, 503, 504.
    Unreached,
    /// A web page comes in place of the asset.
    Page,
    /// A pointer of Git LFS comes in place of the asset.
    Pointer,
    /// A wall against bots answers.
    Wall,
}

/// A field of a response: its name in lower case, and the beginning of its value in any case.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) start: String,
}

impl TryFrom<String> for Field {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (name, start) = text.split_once(": ").ok_or_else(|| format!("{text}: the form is `name: value`"))?;
        if name.chars().any(|letter| letter.is_ascii_uppercase()) {
            return Err(format!("{name}: names are in lower case"));
        }
        Ok(Self { name: name.to_owned(), start: start.to_owned() })
    }
}

impl Table {
    /// Returns the table that the program carries.
    pub(crate) fn embedded() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(|| {
            // A test reads it, so that the other branch is never taken.
            toml::from_str(TEXT).unwrap_or(Table { source: BTreeMap::new(), host: Vec::new() })
        });
        &TABLE
    }
}

/// The text of the table.
pub(crate) const TEXT: &str = include_str!("../providers.toml");
