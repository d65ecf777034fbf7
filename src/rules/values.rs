//! The values of a rules file: each error lists the valid ones.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use strum::VariantArray as _;

use crate::finding::{Confidence, Transport};
use crate::media::{Format, Kind};
use crate::units::Thousandths;

/// A bound: a whole number, or one with at most three decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number(pub(super) Thousandths);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number that is not negative, with at most three decimals")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
        let whole = u64::try_from(value).ok().and_then(|value| value.checked_mul(1000));
        whole
            .map(|value| Number(Thousandths::new(value)))
            .ok_or_else(|| E::custom(format!("{value} is not a bound: {EXPECTED}")))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
        // The shortest decimal that parses as the float is the one that was written.
        let read = Thousandths::parse(&value.to_string());
        read.map(Number).ok_or_else(|| E::custom(format!("{value} is not a bound: {EXPECTED}")))
    }
}

const EXPECTED: &str = "write a number that is not negative, with at most three decimals";

/// Reads the name of a kind.
pub(super) fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Kind>, D::Error> {
    one(deserializer, Kind::ALL, Kind::name, "kind").map(Some)
}

/// Reads the names of kinds.
pub(super) fn kinds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Kind>, D::Error> {
    several(deserializer, Kind::ALL, Kind::name, "kind")
}

/// Reads the names of transports.
pub(super) fn transports<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Transport>, D::Error> {
    several(deserializer, &Transport::ALL, Transport::name, "transport")
}

/// Reads the name of a confidence.
pub(super) fn confidence<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Confidence>, D::Error> {
    one(deserializer, Confidence::ALL, Confidence::name, "confidence").map(Some)
}

/// Reads the name of a format.
pub(super) fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
    one(deserializer, &media_formats(), Format::id, "format")
}

/// Returns the formats that a container row may name: all that are media. The kind of Ogg depends on its tracks.
fn media_formats() -> Vec<Format> {
    let is_media = |format: &Format| *format == Format::Ogg || format.kind().is_some() && *format != Format::Psd;
    Format::VARIANTS.iter().copied().filter(is_media).collect()
}

fn one<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    all: &[T],
    name: fn(T) -> &'static str,
    what: &str,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    choose(&text, all, name, what).map_err(D::Error::custom)
}

fn several<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    all: &[T],
    name: fn(T) -> &'static str,
    what: &str,
) -> Result<Vec<T>, D::Error> {
    let texts = names(deserializer)?;
    texts.iter().map(|text| choose(text, all, name, what).map_err(D::Error::custom)).collect()
}

/// Reads a list of names. One without any would look like a row that applies to nothing, but apply to everything.
pub(super) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    if names.is_empty() {
        return Err(D::Error::custom("the list is empty: leave the key out of a row that applies to all"));
    }
    if names.iter().any(|name| name.trim().is_empty()) {
        return Err(D::Error::custom("a name in the list is empty"));
    }
    Ok(names)
}

fn choose<T: Copy>(text: &str, all: &[T], name: fn(T) -> &'static str, what: &str) -> Result<T, String> {
    all.iter().copied().find(|value| name(*value) == text).ok_or_else(|| {
        let known = all.iter().map(|value| name(*value)).collect::<Vec<_>>().join(", ");
        format!("unknown {what} `{text}`, expected one of {known}")
    })
}
