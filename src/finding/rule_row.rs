//! A published rule as it is printed.

use crate::units::Thousandths;

/// One rule: a bound, where it holds, and where it is published.
#[derive(Clone, Debug)]
pub struct RuleRow<'a> {
    /// What tells it from the others: `aspect-ratio/image/gen4_turbo/image_to_video/promptImage`.
    pub id: String,
    /// What it bounds, in kebab-case: `aspect-ratio`.
    pub what: &'static str,
    /// The ways of handing over that it holds for, `url`, `data-uri+upload`; empty for all.
    pub ways: String,
    /// The model it holds for; `None` for all.
    pub model: Option<&'a str>,
    /// The endpoint it holds for; `None` for all.
    pub endpoint: Option<&'a str>,
    /// The field it holds for, without indexes; `None` for all.
    pub field: Option<&'a str>,
    /// The kind or kinds of asset, `image`, `image or video`; empty for all.
    pub kind: String,
    /// The format of the bytes it holds for, `mp4`; empty for all.
    pub format: &'static str,
    /// The bound: `0.5..2.358`, `at most 16777216`, `image/png`.
    pub bound: String,
    /// The smallest value that passes; `None` where there is none, or for words.
    pub least: Option<Thousandths>,
    /// The largest value that passes; `None` where there is none, or for words.
    pub most: Option<Thousandths>,
    /// The unit of the bound; empty for words.
    pub unit: &'static str,
    /// Whether the bound itself passes; `None` for words.
    pub inclusive: Option<bool>,
    /// How sure it is.
    pub confidence: &'static str,
    /// The page where it is published.
    pub source: &'a str,
    /// When that was read.
    pub date: &'a str,
    /// Earlier bounds, each as a sentence.
    pub history: Vec<String>,
}
