//! The published numbers as typed rows, read from `rules/runway.toml` or a file in its place.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

mod metric;
mod rows;
mod validate;

pub use metric::Metric;

use super::applies_to::{Place, Scope};
use super::error::RulesError;
use super::values::{Number, confidence, format, kind, kinds, ways};
use crate::finding::Transport;
use crate::finding::code::Confidence;
use crate::media::{Format, Kind};
use crate::units::Thousandths;

/// The rules in force: every bound, container and asset field that is published.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    pub(super) read: String,
    pub(super) source: BTreeMap<String, Spanned<Source>>,
    bounds: Bounds,
    pub(super) content: Contents,
    /// Of the rules that the program carries, these are read when they are first asked for: most runs need none.
    #[serde(deserialize_with = "fields")]
    fields: OnceLock<Fields>,
}

/// The asset fields by endpoint.
type Fields = BTreeMap<String, Vec<Spanned<FieldRow>>>;

fn fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OnceLock<Fields>, D::Error> {
    Fields::deserialize(deserializer).map(OnceLock::from)
}

/// A page that rows are taken from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its address.
    pub page: String,
    /// When it was read or written, `2026-09-23` or less exactly `2026-09`.
    pub date: String,
    /// How sure its rows are.
    #[serde(deserialize_with = "confidence")]
    pub(super) confidence: Option<Confidence>,
}

/// The bounds, one table a [`Metric`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Bounds {
    text_length: Vec<Spanned<Limit>>,
    file_size: Vec<Spanned<Limit>>,
    side: Vec<Spanned<Limit>>,
    pixels: Vec<Spanned<Limit>>,
    aspect_ratio: Vec<Spanned<Limit>>,
    duration: Vec<Spanned<Limit>>,
    duration_sum: Vec<Spanned<Limit>>,
    frame_rate: Vec<Spanned<Limit>>,
}

/// One bound, and where it holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limit {
    /// The ways of handing over that it holds for; none: all.
    #[serde(deserialize_with = "ways")]
    pub ways: Vec<Transport>,
    /// The kind it holds for; `None`: all.
    #[serde(deserialize_with = "kind")]
    pub kind: Option<Kind>,
    /// The models it holds for; none: all.
    pub models: Vec<String>,
    /// The endpoints it holds for; none: all.
    pub endpoints: Vec<String>,
    /// The fields it holds for, without indexes; none: all.
    pub fields: Vec<String>,
    least: Option<Number>,
    most: Option<Number>,
    inclusive: Option<bool>,
    #[serde(deserialize_with = "confidence")]
    confidence: Option<Confidence>,
    pub(super) source: String,
    /// Earlier bounds.
    pub history: Vec<Earlier>,
}

/// A bound that held earlier.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The last day on which it held.
    pub until: String,
    most: Number,
    pub(super) source: String,
}

impl Earlier {
    /// Returns the largest value that passed.
    #[must_use]
    pub fn most(&self) -> Thousandths {
        self.most.0
    }
}

impl Limit {
    /// Returns the smallest value that passes.
    #[must_use]
    pub fn least(&self) -> Option<Thousandths> {
        self.least.map(|number| number.0)
    }

    /// Returns the largest value that passes.
    #[must_use]
    pub fn most(&self) -> Option<Thousandths> {
        self.most.map(|number| number.0)
    }

    /// Says whether the bounds themselves pass.
    #[must_use]
    pub fn inclusive(&self) -> bool {
        self.inclusive.unwrap_or(true)
    }

    /// Returns the place where it holds.
    pub(super) fn place(&self) -> Place<'_> {
        Place {
            ways: &self.ways,
            kind: self.kind,
            models: &self.models,
            endpoints: &self.endpoints,
            fields: &self.fields,
        }
    }
}

/// What the bytes may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contents {
    pub(super) containers: Vec<Spanned<Container>>,
}

/// A container that is accepted.
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
    /// The codecs that are accepted, by ffprobe's names; a final `*` stands for any ending. None: not judged.
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
    /// The field without indexes; `None` for models or endpoints that take no asset.
    pub field: Option<String>,
    /// The kinds it takes.
    #[serde(default, deserialize_with = "kinds")]
    pub kinds: Vec<Kind>,
    /// The models that have it; none: the endpoint has no models.
    #[serde(default)]
    pub models: Vec<String>,
    /// The fewest assets it takes; `None` where it may be left out.
    pub least: Option<u32>,
    /// The most assets it takes; `None` where nothing is published.
    pub most: Option<u32>,
    pub(super) source: String,
}

impl RuleSet {
    /// The text of the rules that the program carries, comments and all: TOML.
    pub const TEXT: &str = include_str!("runway.toml");

    /// Returns the rules that the program carries.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<RuleSet> = LazyLock::new(|| {
            let (before, _) = RuleSet::TEXT.split_once(FIELDS).unwrap_or((RuleSet::TEXT, ""));
            let rules: RuleSet = sound(&[before, FIELDS].concat());
            RuleSet { fields: OnceLock::new(), ..rules }
        });
        &EMBEDDED
    }

    /// Reads a rules file.
    ///
    /// # Errors
    /// Where it is no TOML, holds an unknown key, or a row contradicts itself.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text)
            .map_err(|error| RulesError::at(text, error.span().map_or(0, |span| span.start), error.message()))?;
        match rules.fault() {
            Some((byte, message)) => Err(RulesError::at(text, byte, &message)),
            None => Ok(rules),
        }
    }

    /// Returns the asset fields by endpoint.
    pub(super) fn by_endpoint(&self) -> &Fields {
        self.fields.get_or_init(|| {
            let (_, after) = RuleSet::TEXT.split_once(FIELDS).unwrap_or_default();
            sound(after)
        })
    }

    /// Returns the date on which the sources were read, `2026-09-23`.
    #[must_use]
    pub fn read(&self) -> &str {
        &self.read
    }

    /// Returns every bound of a measure.
    pub fn bounds(&self, measure: Metric) -> impl Iterator<Item = &Limit> {
        self.table(measure).iter().map(Spanned::get_ref)
    }

    /// Returns the bounds of a measure that hold for an asset.
    pub(super) fn holding<'a>(&'a self, measure: Metric, scope: Scope<'a>) -> impl Iterator<Item = &'a Limit> {
        self.bounds(measure).filter(move |bound| bound.place().holds(scope))
    }

    /// Returns every container that is accepted.
    pub fn containers(&self) -> impl Iterator<Item = &Container> {
        self.content.containers.iter().map(Spanned::get_ref)
    }

    /// Returns every asset field with its endpoint.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &FieldRow)> {
        self.by_endpoint().iter().flat_map(|(endpoint, rows)| rows.iter().map(|row| (endpoint.as_str(), row.get_ref())))
    }

    /// Returns every model that the rows name, sorted.
    #[must_use]
    pub fn models(&self) -> Vec<&str> {
        let bounds = Metric::ALL.into_iter().flat_map(|measure| self.bounds(measure)).flat_map(|bound| &bound.models);
        sorted(bounds.chain(self.fields().flat_map(|(_, row)| &row.models)))
    }

    /// Says whether a row names a model.
    #[must_use]
    pub fn knows_model(&self, name: &str) -> bool {
        let mut bounds = Metric::ALL.into_iter().flat_map(|measure| self.bounds(measure));
        let named = |models: &Vec<String>| models.iter().any(|model| model == name);
        bounds.any(|bound| named(&bound.models)) || self.fields().any(|(_, row)| named(&row.models))
    }

    /// Says whether a row names an endpoint.
    #[must_use]
    pub fn knows_endpoint(&self, name: &str) -> bool {
        let mut bounds = Metric::ALL.into_iter().flat_map(|measure| self.bounds(measure));
        self.by_endpoint().contains_key(name)
            || bounds.any(|bound| bound.endpoints.iter().any(|endpoint| endpoint == name))
    }

    /// Returns every endpoint that the rows name, sorted.
    #[must_use]
    pub fn endpoints(&self) -> Vec<&str> {
        let bounds =
            Metric::ALL.into_iter().flat_map(|measure| self.bounds(measure)).flat_map(|bound| &bound.endpoints);
        sorted(bounds.chain(self.by_endpoint().keys()))
    }

    /// Returns how sure a bound is: as its row says, else as its source is.
    #[must_use]
    pub fn confidence(&self, bound: &Limit) -> Confidence {
        bound.confidence.unwrap_or_else(|| self.confidence_of(&bound.source))
    }

    /// Returns the page of a row.
    pub(super) fn source_of(&self, name: &str) -> Option<&Source> {
        self.source.get(name).map(Spanned::get_ref)
    }

    /// Returns the page of a bound.
    pub(super) fn source(&self, bound: &Limit) -> Option<&Source> {
        self.source_of(&bound.source)
    }

    /// Returns how sure the rows of a page are.
    pub(super) fn confidence_of(&self, name: &str) -> Confidence {
        self.source_of(name).and_then(|source| source.confidence).unwrap_or(Confidence::Inferred)
    }

    pub(super) fn table(&self, measure: Metric) -> &[Spanned<Limit>] {
        match measure {
            Metric::TextLength => &self.bounds.text_length,
            Metric::FileSize => &self.bounds.file_size,
            Metric::Side => &self.bounds.side,
            Metric::Pixels => &self.bounds.pixels,
            Metric::AspectRatio => &self.bounds.aspect_ratio,
            Metric::Duration => &self.bounds.duration,
            Metric::DurationSum => &self.bounds.duration_sum,
            Metric::FrameRate => &self.bounds.frame_rate,
        }
    }
}

/// What stands before the asset fields, which come last in the rules that the program carries.
const FIELDS: &str = "\n[fields]\n";

/// Reads a part of the rules that the program carries; a test reads the same text as a rules file is read.
fn sound<T: DeserializeOwned>(text: &str) -> T {
    match toml::from_str(text) {
        Ok(part) => part,
        Err(error) => unreachable!("the embedded rules are broken: {error}"),
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
    fn the_embedded_rules_are_sound() {
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
