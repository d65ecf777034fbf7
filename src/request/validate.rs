//! A value against its schema, as zod 4.3 parses it: which issues, in which order.
//!
//! Asset strings are left to the asset checks, whatever their text: where the published patterns would refuse one, the
//! documented sentence of the asset checks is what the API is said to answer.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::issue::{Bound, Measured, SchemaIssue};
use super::literal::same;
use super::path::Segment;
use super::pattern::Patterns;
use super::schema::{Array, Asset, Choice, Object, Range, Record, Schema, Text};
use super::schemas::RequestSchemas;

/// The largest whole number that JavaScript keeps exactly, 2^53 − 1; the smallest is its negative.
pub const SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Returns the issues of a whole request body to `endpoint`, in the API's order; none where it fits or the endpoint is
/// unknown.
#[must_use]
pub fn validate(rules: &RequestSchemas, endpoint: &str, body: &Value) -> Vec<SchemaIssue> {
    let Some(schema) = rules.endpoints.get(endpoint) else { return Vec::new() };
    let mut judge = Judge::new(rules);
    let mut issues = Vec::new();
    // Seen live: a body without a model gets two issues, so something before the choice of the variant asks for a string.
    if let (Schema::Choice(choice), Value::Object(members)) = (rules.resolve(schema), body)
        && choice.by == "model"
        && !members.get("model").is_some_and(Value::is_string)
    {
        issues.push(SchemaIssue::invalid_type("string", members.get("model")).below(Segment::from("model")));
    }
    issues.extend(judge.issues(schema, Some(body)));
    issues
}

/// Judges values by the rules, and keeps the patterns it has read.
pub(super) struct Judge<'a> {
    rules: &'a RequestSchemas,
    patterns: Patterns,
}

impl<'a> Judge<'a> {
    pub(super) fn new(rules: &'a RequestSchemas) -> Self {
        Self { rules, patterns: Patterns::default() }
    }

    /// Returns whether `value` fits `schema`, the text of its assets aside.
    pub(super) fn fits(&mut self, schema: &Schema, value: &Value) -> bool {
        self.issues(schema, Some(value)).is_empty()
    }
}

impl Judge<'_> {
    /// Returns the issues of a value; `None` is a member that is missing, JavaScript's `undefined`.
    fn issues(&mut self, schema: &Schema, input: Option<&Value>) -> Vec<SchemaIssue> {
        match schema {
            Schema::Any => Vec::new(),
            Schema::Null => unless(matches!(input, Some(Value::Null)), || SchemaIssue::invalid_type("null", input)),
            Schema::Bool => {
                unless(matches!(input, Some(Value::Bool(_))), || SchemaIssue::invalid_type("boolean", input))
            }
            Schema::Text(text) => self.text(text, input),
            Schema::Number(range) => number(range, input),
            Schema::OneOf(values) => {
                let among = input.is_some_and(|input| values.iter().any(|value| same(value, input)));
                unless(among, || SchemaIssue::invalid_value(values))
            }
            Schema::Asset(rule) => unless(matches!(input, Some(Value::String(_))), || no_asset(rule, input)),
            Schema::Array(array) => self.array(array, input),
            Schema::Object(object) => self.object(object, input),
            Schema::Record(record) => self.record(record, input),
            Schema::Nullable(inner) => {
                if input == Some(&Value::Null) {
                    return Vec::new();
                }
                self.issues(inner, input)
            }
            Schema::Union(options) => self.union(options, input),
            Schema::Choice(choice) => self.choice(choice, input),
            Schema::Use(_) => {
                let rules = self.rules;
                rules.shape_of(schema).map_or_else(Vec::new, |shape| self.issues(shape, input))
            }
        }
    }

    fn text(&mut self, rule: &Text, input: Option<&Value>) -> Vec<SchemaIssue> {
        let mut issues = unless(matches!(input, Some(Value::String(_))), || SchemaIssue::invalid_type("string", input));
        issues.extend(lengths(rule.min, rule.max, input));
        if let Some(Value::String(text)) = input
            && !self.patterns.fits(rule, text)
        {
            issues.push(SchemaIssue::pattern(rule));
        }
        issues
    }

    fn array(&mut self, rule: &Array, input: Option<&Value>) -> Vec<SchemaIssue> {
        let mut issues = Vec::new();
        if let Some(Value::Array(elements)) = input {
            for (index, element) in elements.iter().enumerate() {
                issues.extend(below(self.issues(&rule.of, Some(element)), || Segment::Index(index)));
            }
        } else {
            issues.push(SchemaIssue::invalid_type("array", input));
        }
        issues.extend(lengths(rule.min, rule.max, input));
        issues
    }

    fn object(&mut self, rule: &Object, input: Option<&Value>) -> Vec<SchemaIssue> {
        let Some(Value::Object(members)) = input else { return vec![SchemaIssue::invalid_type("object", input)] };
        let mut issues = Vec::new();
        for field in rule.fields.iter() {
            let value = members.get(&field.name);
            if value.is_some() || field.required {
                issues.extend(below(self.issues(&field.schema, value), || Segment::from(field.name.as_str())));
            }
        }
        if rule.strict {
            let unknown = keys(members).into_iter().filter(|key| rule.fields.get(key).is_none());
            let unknown: Vec<&str> = unknown.collect();
            issues.extend(unless(unknown.is_empty(), || SchemaIssue::unrecognized_keys(&unknown)));
        }
        issues
    }

    fn record(&mut self, rule: &Record, input: Option<&Value>) -> Vec<SchemaIssue> {
        let Some(Value::Object(members)) = input else { return vec![SchemaIssue::invalid_type("record", input)] };
        let mut issues = Vec::new();
        // zod passes over this key, which JavaScript gives a meaning of its own.
        for key in keys(members).into_iter().filter(|key| *key != "__proto__") {
            let of_key = self.issues(&rule.keys, Some(&Value::from(key)));
            if of_key.is_empty() {
                issues.extend(below(self.issues(&rule.values, members.get(key)), || Segment::from(key)));
            } else {
                issues.push(SchemaIssue::invalid_key(key, &of_key));
            }
        }
        issues
    }

    fn union(&mut self, options: &[Schema], input: Option<&Value>) -> Vec<SchemaIssue> {
        let mut failed = Vec::with_capacity(options.len());
        for option in options {
            let issues = self.issues(option, input);
            if issues.is_empty() {
                return issues;
            }
            failed.push(issues);
        }
        one_soft_failure(&failed).unwrap_or_else(|| vec![SchemaIssue::invalid_union(&failed)])
    }

    fn choice(&mut self, choice: &Choice, input: Option<&Value>) -> Vec<SchemaIssue> {
        let Some(Value::Object(members)) = input else { return vec![SchemaIssue::no_object_to_choose(input)] };
        match self.rules.chosen(choice, members) {
            Some(object) => self.object(object, input),
            None => vec![SchemaIssue::no_matching_discriminator(&choice.by)],
        }
    }
}

fn number(rule: &Range, input: Option<&Value>) -> Vec<SchemaIssue> {
    let Some(value) = input.and_then(Value::as_f64) else { return vec![SchemaIssue::invalid_type("number", input)] };
    if rule.int && value.fract() != 0.0 {
        return vec![SchemaIssue::not_int()];
    }
    let mut issues = Vec::new();
    if rule.int && value.abs() > SAFE_INTEGER {
        issues.push(SchemaIssue::unsafe_int(value > 0.0));
    }
    let broken = [
        rule.min.as_ref().filter(|min| min.as_f64().is_some_and(|min| value < min)).map(|min| Bound::Min(min.clone())),
        rule.above
            .as_ref()
            .filter(|low| low.as_f64().is_some_and(|low| value <= low))
            .map(|low| Bound::Above(low.clone())),
        rule.max.as_ref().filter(|max| max.as_f64().is_some_and(|max| value > max)).map(|max| Bound::Max(max.clone())),
        rule.below
            .as_ref()
            .filter(|top| top.as_f64().is_some_and(|top| value >= top))
            .map(|top| Bound::Below(top.clone())),
    ];
    issues.extend(broken.into_iter().flatten().map(SchemaIssue::number));
    issues
}

/// Judges the length of whatever has one, of the right type or not: so does zod.
fn lengths(min: Option<u64>, max: Option<u64>, input: Option<&Value>) -> Vec<SchemaIssue> {
    let (what, length) = match input {
        Some(Value::String(text)) => (Measured::Text, utf16_length(text)),
        Some(Value::Array(elements)) => (Measured::Array, float(elements.len())),
        Some(Value::Object(members)) => match members.get("length") {
            Some(length) => (Measured::Unknown, coerced(length)),
            None => return Vec::new(),
        },
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => return Vec::new(),
    };
    let bound = |bound: u64| usize::try_from(bound).map_or(f64::INFINITY, float);
    let short = min
        .filter(|min| length.partial_cmp(&bound(*min)).is_none_or(Ordering::is_lt))
        .map(|min| SchemaIssue::too_short(what, min));
    let long = max
        .filter(|max| length.partial_cmp(&bound(*max)).is_none_or(Ordering::is_gt))
        .map(|max| SchemaIssue::too_long(what, max));
    short.into_iter().chain(long).collect()
}

/// Turns a value into the number that JavaScript compares in its place: NaN where it is none.
fn coerced(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) if text.trim().is_empty() => 0.0,
        Value::String(text) => text.trim().parse().unwrap_or(f64::NAN),
        Value::Array(elements) => match elements.as_slice() {
            [] => 0.0,
            [one] => coerced(one),
            _ => f64::NAN,
        },
        Value::Object(_) => f64::NAN,
    }
}

#[allow(clippy::cast_precision_loss, reason = "no text in memory has 2^53 units")]
fn float(count: usize) -> f64 {
    count as f64
}

/// Counts as JavaScript does: a character beyond U+FFFF is two.
fn utf16_length(text: &str) -> f64 {
    float(text.encode_utf16().count())
}

/// What stands where an asset's address should, and is no string: each of the three forms says so.
fn no_asset(rule: &Asset, input: Option<&Value>) -> SchemaIssue {
    let form = |(min, max)| {
        let mut issues = vec![SchemaIssue::invalid_type("string", input)];
        issues.extend(lengths(Some(min), Some(max), input));
        issues
    };
    SchemaIssue::invalid_union(&[form(rule.https), form(rule.runway), form(rule.data)])
}

/// Where just one alternative failed softly, zod answers with its issues instead of the union's.
fn one_soft_failure(failed: &[Vec<SchemaIssue>]) -> Option<Vec<SchemaIssue>> {
    let mut soft = failed.iter().filter(|issues| issues.iter().all(SchemaIssue::is_soft));
    match (soft.next(), soft.next()) {
        (Some(issues), None) => Some(issues.clone()),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// Returns the keys in the order in which JavaScript walks them: whole numbers first, ascending.
fn keys(members: &Map<String, Value>) -> Vec<&str> {
    let position = |key: &str| key.parse::<u32>().ok().filter(|number| *number < u32::MAX && number.to_string() == key);
    let mut keys: Vec<&str> = members.keys().map(String::as_str).collect();
    keys.sort_by_key(|key| position(key).map_or((1, 0), |number| (0, number)));
    keys
}

fn unless(fine: bool, issue: impl FnOnce() -> SchemaIssue) -> Vec<SchemaIssue> {
    if fine { Vec::new() } else { vec![issue()] }
}

fn below(issues: Vec<SchemaIssue>, segment: impl Fn() -> Segment) -> impl Iterator<Item = SchemaIssue> {
    issues.into_iter().map(move |issue| issue.below(segment()))
}

#[cfg(test)]
mod tests;
