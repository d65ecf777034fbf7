//! A published rule as it is listed.

use crate::units::Thousandths;

/// One published rule: its bound, where it applies, and its source.
#[derive(Clone, Debug)]
pub struct RuleRow<'a> {
    /// The unique name: `aspect-ratio/image/gen4_turbo/image_to_video/promptImage`.
    pub id: String,
    /// What it limits, in kebab-case: `aspect-ratio`.
    pub metric: &'static str,
    /// The transports that it applies to, `url`, `data-uri+upload`; empty for all.
    pub transports: String,
    /// The model that it applies to; `None` for all.
    pub model: Option<&'a str>,
    /// The endpoint that it applies to; `None` for all.
    pub endpoint: Option<&'a str>,
    /// The field that it applies to, without indexes; `None` for all.
    pub field: Option<&'a str>,
    /// The kind or kinds of asset, `image`, `image or video`; empty for all.
    pub kind: String,
    /// The format of the bytes that it applies to, `mp4`; empty for all.
    pub format: &'static str,
    /// The bound: `0.5..2.358`, `at most 16777216`, `image/png`.
    pub bound: String,
    /// The smallest value that passes; `None` where there is none, or for lists of names.
    pub min: Option<Thousandths>,
    /// The largest value that passes; `None` where there is none, or for lists of names.
    pub max: Option<Thousandths>,
    /// The unit of the bound; empty for lists of names.
    pub unit: &'static str,
    /// Whether the bound itself passes; `None` for lists of names.
    pub inclusive: Option<bool>,
    /// How the rule is known.
    pub confidence: &'static str,
    /// The page where it is published.
    pub source: &'a str,
    /// The date of that page.
    pub date: &'a str,
    /// Previous bounds, each as a sentence.
    pub history: Vec<String>,
}
