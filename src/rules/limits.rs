//! The published numbers as typed rows, read from `rules/runway.toml` or a rules file.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

mod metric;
mod rows;
mod validate;

pub use metric::Metric;

use super::applies_to::{AppliesTo, Scope};
use super::error::RulesError;
use super::values::{Number, confidence, format, kind, kinds, names, transports};
use crate::finding::{Confidence, Transport};
use crate::media::{Format, Kind};
use crate::units::Thousandths;

/// The rules in force: every published limit, container and asset field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// The file that replaces the embedded rules.
    #[cfg(feature = "fix")]
    #[serde(skip)]
    pub(crate) file: Option<String>,
    pub(super) read: String,
    pub(super) source: BTreeMap<String, Spanned<RuleSource>>,
    limits: Limits,
    pub(super) content: ContentRules,
    /// The fields of the embedded rules are parsed on first use, because most runs do not need them.
    #[serde(deserialize_with = "fields")]
    fields: OnceLock<FieldRows>,
}

/// The asset fields by endpoint.
type FieldRows = BTreeMap<String, Vec<Spanned<FieldRow>>>;

fn fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OnceLock<FieldRows>, D::Error> {
    FieldRows::deserialize(deserializer).map(OnceLock::from)
}

/// A page that rows are taken from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSource {
    /// Its URL.
    pub page: String,
    /// The date on which it was read or published, `2026-09-23` or `2026-09`.
    pub date: String,
    /// The confidence of its rows.
    #[serde(deserialize_with = "confidence")]
    pub(super) confidence: Option<Confidence>,
}

/// The limits, one table per [`Metric`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Limits {
    text_length: Vec<Spanned<Limit>>,
    file_size: Vec<Spanned<Limit>>,
    side: Vec<Spanned<Limit>>,
    pixels: Vec<Spanned<Limit>>,
    aspect_ratio: Vec<Spanned<Limit>>,
    duration: Vec<Spanned<Limit>>,
    duration_sum: Vec<Spanned<Limit>>,
    frame_rate: Vec<Spanned<Limit>>,
}

/// One limit, and where it applies.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limit {
    /// The transports that it applies to; empty for all.
    #[serde(deserialize_with = "transports")]
    pub transports: Vec<Transport>,
    /// The kind that it applies to; `None` for all.
    #[serde(deserialize_with = "kind")]
    pub kind: Option<Kind>,
    /// The models that it applies to; empty for all.
    #[serde(deserialize_with = "names")]
    pub models: Vec<String>,
    /// The endpoints that it applies to; empty for all.
    #[serde(deserialize_with = "names")]
    pub endpoints: Vec<String>,
    /// The fields that it applies to, without indexes; empty for all.
    #[serde(deserialize_with = "names")]
    pub fields: Vec<String>,
    min: Option<Number>,
    max: Option<Number>,
    inclusive: Option<bool>,
    #[serde(deserialize_with = "confidence")]
    confidence: Option<Confidence>,
    pub(super) source: String,
    /// The previous bounds.
    pub history: Vec<PreviousLimit>,
}

/// A limit that is no longer in force.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousLimit {
    /// The last day on which it was in force.
    pub until: String,
    max: Number,
    pub(super) source: String,
}

impl PreviousLimit {
    /// Returns the largest value that passed.
    #[must_use]
    pub fn max(&self) -> Thousandths {
        self.max.0
    }
}

impl Limit {
    /// Returns the smallest value that passes.
    #[must_use]
    pub fn min(&self) -> Option<Thousandths> {
        self.min.map(|number| number.0)
    }

    /// Returns the largest value that passes.
    #[must_use]
    pub fn max(&self) -> Option<Thousandths> {
        self.max.map(|number| number.0)
    }

    /// Reports whether the bounds are inclusive.
    #[must_use]
    pub fn inclusive(&self) -> bool {
        self.inclusive.unwrap_or(true)
    }

    /// Returns where it applies.
    pub(super) fn applies_to(&self) -> AppliesTo<'_> {
        AppliesTo {
            transports: &self.transports,
            kind: self.kind,
            models: &self.models,
            endpoints: &self.endpoints,
            fields: &self.fields,
        }
    }
}

/// The accepted formats.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContentRules {
    pub(super) containers: Vec<Spanned<Container>>,
}

/// An accepted container.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Container {
    /// The kind of asset it holds.
    #[serde(deserialize_with = "kind")]
    pub kind: Option<Kind>,
    /// The format of its bytes.
    #[serde(deserialize_with = "format")]
    pub format: Format,
    /// The content types it may be served as; the first is the usual one.
    pub types: Vec<String>,
    /// The codecs that are accepted, by ffprobe's names; a final `*` matches any suffix. Empty: not checked.
    #[serde(default)]
    pub codecs: Vec<String>,
    /// The codecs that are accepted but discouraged.
    #[serde(default)]
    pub discouraged: Vec<String>,
    pub(super) source: String,
}

/// One asset field of an endpoint.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRow {
    /// The field without indexes; `None` for models or endpoints without assets.
    pub field: Option<String>,
    /// The kinds that it accepts.
    #[serde(default, deserialize_with = "kinds")]
    pub kinds: Vec<Kind>,
    /// The models that have it; empty where the endpoint has no models.
    #[serde(default, deserialize_with = "names")]
    pub models: Vec<String>,
    /// The minimum number of assets; `None` where the field is optional.
    pub min: Option<u32>,
    /// The maximum number of assets; `None` where nothing is published.
    pub max: Option<u32>,
    pub(super) source: String,
}

impl RuleSet {
    /// The text of the embedded rules: TOML, with comments.
    pub const TEXT: &str = include_str!("runway.toml");

    /// Returns the embedded rules.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<RuleSet> = LazyLock::new(|| {
            let (before, _) = RuleSet::TEXT.split_once(FIELDS).unwrap_or((RuleSet::TEXT, ""));
            let rules: RuleSet = parse_embedded(&[before, FIELDS].concat());
            RuleSet { fields: OnceLock::new(), ..rules }
        });
        &EMBEDDED
    }

    /// Reads a rules file.
    ///
    /// # Errors
    /// Where it is not TOML, contains an unknown key, or a row contradicts itself.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text)
            .map_err(|error| RulesError::at(text, error.span().map_or(0, |span| span.start), error.message()))?;
        match rules.validate() {
            Some((byte, message)) => Err(RulesError::at(text, byte, &message)),
            None => Ok(rules),
        }
    }

    /// Returns the asset fields by endpoint.
    pub(super) fn by_endpoint(&self) -> &FieldRows {
        self.fields.get_or_init(|| {
            let (_, after) = RuleSet::TEXT.split_once(FIELDS).unwrap_or_default();
            parse_embedded(after)
        })
    }

    /// Returns the date on which the sources were read, `2026-09-23`.
    #[must_use]
    pub fn read(&self) -> &str {
        &self.read
    }

    /// Returns every limit of a metric.
    pub fn limits(&self, metric: Metric) -> impl Iterator<Item = &Limit> {
        self.table(metric).iter().map(Spanned::get_ref)
    }

    /// Returns the limits of a metric that apply to an asset.
    pub(super) fn applicable<'a>(&'a self, metric: Metric, scope: Scope<'a>) -> impl Iterator<Item = &'a Limit> {
        self.limits(metric).filter(move |limit| limit.applies_to().contains(scope))
    }

    /// Returns every accepted container.
    pub fn containers(&self) -> impl Iterator<Item = &Container> {
        self.content.containers.iter().map(Spanned::get_ref)
    }

    /// Returns every asset field with its endpoint.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &FieldRow)> {
        self.by_endpoint().iter().flat_map(|(endpoint, rows)| rows.iter().map(|row| (endpoint.as_str(), row.get_ref())))
    }

    /// Returns every model of the rows, sorted.
    #[must_use]
    pub fn models(&self) -> Vec<&str> {
        let limits = Metric::ALL.iter().flat_map(|metric| self.limits(*metric)).flat_map(|limit| &limit.models);
        sorted(limits.chain(self.fields().flat_map(|(_, row)| &row.models)))
    }

    /// Reports whether a row contains a model.
    #[must_use]
    pub fn knows_model(&self, name: &str) -> bool {
        let mut limits = Metric::ALL.iter().flat_map(|metric| self.limits(*metric));
        let contains = |models: &Vec<String>| models.iter().any(|model| model == name);
        limits.any(|limit| contains(&limit.models)) || self.fields().any(|(_, row)| contains(&row.models))
    }

    /// Reports whether a row contains an endpoint.
    #[must_use]
    pub fn knows_endpoint(&self, name: &str) -> bool {
        let mut limits = Metric::ALL.iter().flat_map(|metric| self.limits(*metric));
        self.by_endpoint().contains_key(name)
            || limits.any(|limit| limit.endpoints.iter().any(|endpoint| endpoint == name))
    }

    /// Returns every endpoint of the rows, sorted.
    #[must_use]
    pub fn endpoints(&self) -> Vec<&str> {
        let limits = Metric::ALL.iter().flat_map(|metric| self.limits(*metric)).flat_map(|limit| &limit.endpoints);
        sorted(limits.chain(self.by_endpoint().keys()))
    }

    /// Returns the confidence of a limit: that of its row, else that of its source.
    #[must_use]
    pub fn confidence(&self, limit: &Limit) -> Confidence {
        limit.confidence.unwrap_or_else(|| self.confidence_of(&limit.source))
    }

    /// Returns the page of a row.
    pub(super) fn source_of(&self, name: &str) -> Option<&RuleSource> {
        self.source.get(name).map(Spanned::get_ref)
    }

    /// Returns the page of a limit.
    pub(super) fn source(&self, limit: &Limit) -> Option<&RuleSource> {
        self.source_of(&limit.source)
    }

    /// Returns the confidence of the rows of a page.
    pub(super) fn confidence_of(&self, name: &str) -> Confidence {
        self.source_of(name).and_then(|source| source.confidence).unwrap_or(Confidence::Inferred)
    }

    pub(super) fn table(&self, metric: Metric) -> &[Spanned<Limit>] {
        match metric {
            Metric::TextLength => &self.limits.text_length,
            Metric::FileSize => &self.limits.file_size,
            Metric::Side => &self.limits.side,
            Metric::Pixels => &self.limits.pixels,
            Metric::AspectRatio => &self.limits.aspect_ratio,
            Metric::Duration => &self.limits.duration,
            Metric::DurationSum => &self.limits.duration_sum,
            Metric::FrameRate => &self.limits.frame_rate,
        }
    }
}

/// The header of the asset fields, which come last in the embedded rules.
const FIELDS: &str = "\n[fields]\n";

/// Parses a part of the embedded rules; a test parses all of them as a rules file.
fn parse_embedded<T: DeserializeOwned>(text: &str) -> T {
    match toml::from_str(text) {
        Ok(part) => part,
        Err(error) => unreachable!("the embedded rules are invalid: {error}"),
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_rules_are_valid() {
        assert_eq!(RuleSet::parse(RuleSet::TEXT).map(|rules| rules.read().to_owned()), Ok("2026-10-23".to_owned()));
        assert_eq!(RuleSet::embedded().read(), "2026-10-23");
    }

    #[test]
    fn the_embedded_fields_are_those_of_the_text() {
        let whole = RuleSet::parse(RuleSet::TEXT).expect("sound");
        let lines = |rules: &RuleSet| rules.fields().map(|field| format!("{field:?}")).collect::<Vec<_>>();
        assert_eq!(lines(RuleSet::embedded()), lines(&whole));
        assert!(lines(&whole).len() > 20);
    }

    #[test]
    fn names_are_collected() {
        let rules = RuleSet::embedded();
        assert!(rules.models().contains(&"gen4_turbo") && rules.models().contains(&"eleven_v3"));
        assert!(rules.endpoints().contains(&"recipes/product_ad") && rules.endpoints().contains(&"documents"));
        assert!(rules.models().is_sorted() && rules.endpoints().is_sorted());
    }
}
