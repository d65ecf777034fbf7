//! Writes the rules in force as text and JSON.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::escape;
use super::wrap;
use crate::finding::RuleRow;
use crate::units::Thousandths;

/// Rules to print.
#[derive(Debug)]
pub struct RulesListing<'a> {
    /// The day on which the sources of the rules on assets were read.
    pub read: &'a str,
    /// How many days ago that was; `None` if unknown.
    pub age: Option<i32>,
    /// Where the rules on assets came from: `embedded`, or a file.
    pub origin: &'a str,
    /// The rules on assets.
    pub rows: &'a [RuleRow<'a>],
    /// The rules on request bodies.
    pub bodies: &'a RequestRulesListing<'a>,
}

/// The listed rules on request bodies.
#[derive(Debug)]
pub struct RequestRulesListing<'a> {
    /// Where they came from: `embedded`, or a file.
    pub origin: &'a str,
    /// Their sources; later ones override earlier ones.
    pub stated: Vec<SourceCitation<'a>>,
    /// The endpoints, each with the models that its bodies name.
    pub endpoints: Vec<(&'a str, Vec<&'a str>)>,
}

/// A source of rules.
#[derive(Clone, Copy, Debug)]
pub struct SourceCitation<'a> {
    /// Its title or location.
    pub source: &'a str,
    /// The day it was read or published.
    pub date: &'a str,
}

/// The default width without a terminal, in columns.
const WIDTH: usize = 80;

/// The indents of limits, and of the column after them.
const BOUND: usize = 2;
const PLACE: usize = 20;

/// Writes the rules grouped by metric: each bound with the places where it applies and the number of its source.
///
/// # Errors
/// Only when `out` fails.
pub fn text(listing: &RulesListing<'_>, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let RulesListing { read, age, origin, rows, bodies } = listing;
    let width = width.unwrap_or(WIDTH);
    let age = age.map_or_else(String::new, |age| format!(", {age} {} ago", if age == 1 { "day" } else { "days" }));
    paragraph(&format!("Rules on assets ({origin}), read {read}{age}"), 0, width, out)?;
    let mut sources: Vec<SourceCitation<'_>> = Vec::new();
    let mut what = "";
    for rule in merged(rows) {
        if rule.row.metric != what {
            what = rule.row.metric;
            let unit = Some(rule.row.unit).filter(|unit| !unit.is_empty() && *unit != what);
            writeln!(out, "\n{what}{}", unit.map_or_else(String::new, |unit| format!(", in {unit}")))?;
        }
        let number = number(&mut sources, SourceCitation { source: rule.row.source, date: rule.row.date });
        entry(&shown_bound(rule.row), &format!("{} {}[{number}]", rule.place(), rule.confidence_note()), width, out)?;
        for earlier in &rule.row.history {
            paragraph(earlier, PLACE, width, out)?;
        }
    }
    self::bodies(bodies, width, out)?;
    writeln!(out, "\nSources")?;
    for (source, number) in sources.iter().zip(1..) {
        entry(&format!("[{number}] {}", source.date), source.source, width, out)?;
    }
    Ok(())
}

fn bodies(bodies: &RequestRulesListing<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let RequestRulesListing { origin, stated, endpoints } = bodies;
    writeln!(out)?;
    paragraph(&format!("Rules on request bodies ({origin})"), 0, width, out)?;
    for SourceCitation { source, date } in stated {
        entry(date, source, width, out)?;
    }
    writeln!(out, "\nmodel, by endpoint")?;
    for (endpoint, models) in endpoints {
        entry(endpoint, &if models.is_empty() { "names no model".to_owned() } else { models.join(", ") }, width, out)?;
    }
    Ok(())
}

/// Writes the first column, and the second one next to it, or below it if the first is too wide.
fn entry(first: &str, rest: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let first = escape::visible(first);
    let room = PLACE.saturating_sub(BOUND).saturating_sub(2);
    if first.chars().count() > room {
        paragraph(&first, BOUND, width, out)?;
        return paragraph(rest, PLACE, width, out);
    }
    let mut lines = wrap(&escape::visible(rest), width.saturating_sub(PLACE)).into_iter();
    let gap = PLACE.saturating_sub(BOUND);
    writeln!(out, "{:BOUND$}{first:gap$}{}", "", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "{:PLACE$}{line}", ""))
}

fn paragraph(text: &str, indent: usize, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let lines = wrap(&escape::visible(text), width.saturating_sub(indent));
    lines.iter().try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}

/// Returns the number of a source in the list of sources, counted from 1; adds it if it is new.
fn number<'a>(sources: &mut Vec<SourceCitation<'a>>, stated: SourceCitation<'a>) -> usize {
    let same = |known: &SourceCitation<'_>| (known.source, known.date) == (stated.source, stated.date);
    let place = sources.iter().position(same).unwrap_or_else(|| {
        sources.push(stated);
        sources.len() - 1
    });
    place + 1
}

fn shown_bound(row: &RuleRow<'_>) -> String {
    let ends = if row.inclusive == Some(false) { ", exclusive" } else { "" };
    format!("{}{ends}", row.bound)
}

/// Rules that differ only in where they apply.
struct MergedRule<'a> {
    row: &'a RuleRow<'a>,
    /// The models, endpoints and fields, in this order; an empty list means all.
    places: [Vec<&'a str>; 3],
}

/// Merges rows that differ only in model, then those that differ only in endpoint, then in field. Rows with the same
/// metric are grouped.
fn merged<'a>(rows: &'a [RuleRow<'a>]) -> Vec<MergedRule<'a>> {
    let alone = |row: &'a RuleRow<'a>| MergedRule {
        row,
        places: [row.model, row.endpoint, row.field].map(|name| name.into_iter().collect()),
    };
    let mut rules = (0..3).fold(rows.iter().map(alone).collect(), joined);
    let place = |rule: &MergedRule<'_>| rows.iter().position(|row| row.metric == rule.row.metric);
    rules.sort_by_cached_key(place);
    rules
}

/// Merges rules that differ only in `places[nth]`.
fn joined(rules: Vec<MergedRule<'_>>, nth: usize) -> Vec<MergedRule<'_>> {
    let mut joined: Vec<MergedRule<'_>> = Vec::new();
    for rule in rules {
        match joined.iter_mut().find(|known| known.states_like(&rule) && known.differs_only_in(nth, &rule)) {
            Some(known) => known.places.iter_mut().zip(rule.places).skip(nth).take(1).for_each(|(known, more)| {
                known.extend(more);
            }),
            None => joined.push(rule),
        }
    }
    joined
}

impl MergedRule<'_> {
    /// Returns whether two rules are equal apart from where they apply.
    fn states_like(&self, other: &Self) -> bool {
        let key =
            |row: &RuleRow<'_>| (row.metric, row.transports.clone(), row.kind.clone(), row.format, row.bound.clone());
        let told = |row: &RuleRow<'_>| (row.inclusive, row.confidence, row.source.to_owned(), row.date.to_owned());
        let (one, other) = (self.row, other.row);
        key(one) == key(other) && told(one) == told(other) && one.history == other.history
    }

    /// Returns whether two rules apply at the same places, except for `places[nth]`. A rule for all places differs from
    /// a rule for some.
    fn differs_only_in(&self, nth: usize, other: &Self) -> bool {
        let pairs = self.places.iter().zip(&other.places).zip(0..);
        pairs.into_iter().all(
            |((one, other), place)| {
                if place == nth { one.is_empty() == other.is_empty() } else { one == other }
            },
        )
    }

    /// Describes where the rule applies: `image, promptImage of image_to_video: gen4, gen4_turbo`.
    fn place(&self) -> String {
        let Self { row, places: [models, endpoints, fields] } = self;
        let ways = if row.transports.is_empty() {
            String::new()
        } else {
            format!("by {}", row.transports.replace('+', " or "))
        };
        let format = if row.format.is_empty() { String::new() } else { format!("in {}", row.format) };
        let asset = [row.kind.as_str(), &ways, &format].into_iter().filter(|part| !part.is_empty());
        let asset = asset.collect::<Vec<_>>().join(" ");
        let (fields, endpoints) = (fields.join(", "), endpoints.join(", "));
        let place = if fields.is_empty() || endpoints.is_empty() {
            format!("{fields}{endpoints}")
        } else {
            format!("{fields} of {endpoints}")
        };
        let parts = [asset, place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        match (parts.is_empty(), models.is_empty()) {
            (true, true) => "every asset".to_owned(),
            (true, false) => models.join(", "),
            (false, true) => parts,
            (false, false) => format!("{parts}: {}", models.join(", ")),
        }
    }

    /// Returns the confidence in parentheses, unless it is documented.
    fn confidence_note(&self) -> String {
        if self.row.confidence == "documented" { String::new() } else { format!("({}) ", self.row.confidence) }
    }
}

/// Writes one JSON document with one row per rule.
///
/// # Errors
/// Only when `out` fails.
pub fn json(listing: &RulesListing<'_>, out: &mut dyn Write) -> io::Result<()> {
    let RulesListing { read, age, origin, rows, bodies } = listing;
    let RequestRulesListing { origin: bodies_origin, stated, endpoints } = bodies;
    let stated: Vec<Value> =
        stated.iter().map(|stated| json!({"source": stated.source, "date": stated.date})).collect();
    let endpoints: Map<String, Value> =
        endpoints.iter().map(|(name, models)| ((*name).to_owned(), json!(models))).collect();
    let document = json!({
        "schema_version": super::json::SCHEMA_VERSION,
        "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
        "rules": {"read": read, "origin": origin, "age_days": age},
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
        "requests": {"origin": bodies_origin, "sources": stated, "endpoints": endpoints},
    });
    writeln!(out, "{}", escape::json(&format!("{document:#}")))
}

fn row(row: &RuleRow<'_>) -> Value {
    let RuleRow {
        id, metric, transports, model, endpoint, field, kind, format, bound, min, max, unit, inclusive, ..
    } = row;
    let RuleRow { confidence, source, date, history, .. } = row;
    let list = |text: &str, mark: &str| -> Vec<String> {
        text.split(mark).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "id": id,
        "metric": metric,
        "model": model,
        "endpoint": endpoint,
        "field": field,
        "kinds": list(kind, " or "),
        "transports": list(transports, "+"),
        "format": word(format),
        "bound": bound,
        "min": min.map(quantity),
        "max": max.map(quantity),
        "unit": word(unit),
        "inclusive": inclusive,
        "confidence": confidence,
        "source": source,
        "date": date,
        "history": history,
    })
}

/// Converts a bound to a JSON number, an integer if possible.
fn quantity(bound: Thousandths) -> Value {
    if bound.thousandths().is_multiple_of(1000) {
        return Value::from(bound.thousandths() / 1000);
    }
    bound.to_string().parse::<f64>().map_or(Value::Null, Value::from)
}
