//! Validates a value against its schema as zod 4.3 does: the same issues in the same order.
//!
//! Any string is a valid asset here. The asset checks decide about its text, with the documented sentence in place of the
//! issue that the published pattern would give.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::issue::{Bound, SchemaIssue, SizedValue};
use super::issues::SchemaIssues;
use super::literal::same;
use super::path::Segment;
use super::pattern::Patterns;
use super::schema::{
    ArraySchema, AssetSchema, ChoiceSchema, NumberSchema, ObjectSchema, RecordSchema, Schema, TextSchema,
};
use super::schemas::RequestSchemas;

/// The largest whole number that JavaScript keeps exactly, 2^53 − 1; the smallest is its negative.
pub const SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Returns the issues of a request body to `endpoint`, in the API's order; none where it is valid or the endpoint is
/// unknown.
#[must_use]
pub fn validate(rules: &RequestSchemas, endpoint: &str, body: &Value) -> SchemaIssues {
    let mut issues = SchemaIssues::default();
    let Some(schema) = rules.endpoints.get(endpoint) else { return issues };
    let mut validator = Validator::new(rules);
    // The API gives two issues for a body without a model: it checks that the model is a string before it selects the variant.
    if let (Schema::Choice(choice), Value::Object(members)) = (rules.resolve(schema), body)
        && choice.by == "model"
        && !members.get("model").is_some_and(Value::is_string)
    {
        issues.push(SchemaIssue::invalid_type("string", members.get("model")).below(Segment::from("model")));
    }
    issues.extend(validator.issues(schema, Some(body)));
    issues
}

/// Validates values, and keeps the patterns that it has compiled.
pub(super) struct Validator<'a> {
    rules: &'a RequestSchemas,
    patterns: Patterns,
}

impl<'a> Validator<'a> {
    pub(super) fn new(rules: &'a RequestSchemas) -> Self {
        Self { rules, patterns: Patterns::default() }
    }

    /// Returns whether `value` is valid by `schema`, without regard to the text of its assets.
    pub(super) fn accepts(&mut self, schema: &Schema, value: &Value) -> bool {
        self.issues(schema, Some(value)).is_empty()
    }
}

impl Validator<'_> {
    /// Returns the issues of a value; `None` is a member that is missing, JavaScript's `undefined`.
    fn issues(&mut self, schema: &Schema, input: Option<&Value>) -> SchemaIssues {
        match schema {
            Schema::Any => SchemaIssues::default(),
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
                    return SchemaIssues::default();
                }
                self.issues(inner, input)
            }
            Schema::Union(options) => self.union(options, input),
            Schema::Choice(choice) => self.choice(choice, input),
            Schema::Use(_) => {
                let rules = self.rules;
                rules.shape_of(schema).map_or_else(SchemaIssues::default, |shape| self.issues(shape, input))
            }
        }
    }

    fn text(&mut self, rule: &TextSchema, input: Option<&Value>) -> SchemaIssues {
        let mut issues = unless(matches!(input, Some(Value::String(_))), || SchemaIssue::invalid_type("string", input));
        issues.extend(lengths(rule.min, rule.max, input));
        if let Some(Value::String(text)) = input
            && !self.patterns.matches(rule, text)
        {
            issues.push(SchemaIssue::pattern(rule));
        }
        issues
    }

    fn array(&mut self, rule: &ArraySchema, input: Option<&Value>) -> SchemaIssues {
        let mut issues = SchemaIssues::default();
        if let Some(Value::Array(elements)) = input {
            for (index, element) in elements.iter().enumerate() {
                issues.extend(self.issues(&rule.of, Some(element)).below(&Segment::Index(index)));
            }
        } else {
            issues.push(SchemaIssue::invalid_type("array", input));
        }
        issues.extend(lengths(rule.min, rule.max, input));
        issues
    }

    fn object(&mut self, rule: &ObjectSchema, input: Option<&Value>) -> SchemaIssues {
        let Some(Value::Object(members)) = input else { return SchemaIssue::invalid_type("object", input).into() };
        let mut issues = SchemaIssues::default();
        for field in rule.fields.iter() {
            let value = members.get(&field.name);
            if value.is_some() || field.required {
                issues.extend(self.issues(&field.schema, value).below(&Segment::from(field.name.as_str())));
            }
        }
        if rule.strict {
            let unknown = keys(members).into_iter().filter(|key| rule.fields.get(key).is_none());
            let unknown: Vec<&str> = unknown.collect();
            issues.extend(unless(unknown.is_empty(), || SchemaIssue::unrecognized_keys(&unknown)));
        }
        issues
    }

    fn record(&mut self, rule: &RecordSchema, input: Option<&Value>) -> SchemaIssues {
        let Some(Value::Object(members)) = input else { return SchemaIssue::invalid_type("record", input).into() };
        let mut issues = SchemaIssues::default();
        // zod skips this key, which has a special meaning in JavaScript.
        for key in keys(members).into_iter().filter(|key| *key != "__proto__") {
            let of_key = self.issues(&rule.keys, Some(&Value::from(key)));
            if of_key.is_empty() {
                issues.extend(self.issues(&rule.values, members.get(key)).below(&Segment::from(key)));
            } else {
                issues.push(SchemaIssue::invalid_key(key, of_key.listed()));
            }
        }
        issues
    }

    fn union(&mut self, options: &[Schema], input: Option<&Value>) -> SchemaIssues {
        let mut failed = Vec::with_capacity(options.len());
        for option in options {
            let issues = self.issues(option, input);
            if issues.is_empty() {
                return issues;
            }
            failed.push(issues);
        }
        only_non_fatal(&failed).unwrap_or_else(|| SchemaIssue::invalid_union(&failed).into())
    }

    fn choice(&mut self, choice: &ChoiceSchema, input: Option<&Value>) -> SchemaIssues {
        let Some(Value::Object(members)) = input else { return SchemaIssue::no_object_to_choose(input).into() };
        match self.rules.chosen(choice, members) {
            Some(object) => self.object(object, input),
            None => SchemaIssue::no_matching_discriminator(&choice.by).into(),
        }
    }
}

fn number(rule: &NumberSchema, input: Option<&Value>) -> SchemaIssues {
    let Some(value) = input.and_then(Value::as_f64) else { return SchemaIssue::invalid_type("number", input).into() };
    if rule.int && value.fract() != 0.0 {
        return SchemaIssue::not_int().into();
    }
    let mut issues = SchemaIssues::default();
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
    broken.into_iter().flatten().for_each(|bound| issues.push(SchemaIssue::number(bound)));
    issues
}

/// Validates the length of any value that has one, of the right type or not, as zod does.
fn lengths(min: Option<u64>, max: Option<u64>, input: Option<&Value>) -> SchemaIssues {
    let (what, length) = match input {
        Some(Value::String(text)) => (SizedValue::Text, utf16_length(text)),
        Some(Value::Array(elements)) => (SizedValue::Array, float(elements.len())),
        Some(Value::Object(members)) => match members.get("length") {
            Some(length) => (SizedValue::Unknown, coerced(length)),
            None => return SchemaIssues::default(),
        },
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => return SchemaIssues::default(),
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

/// Converts a value to a number as JavaScript's comparison does: NaN where it is not one.
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

/// Returns the issue of a value that is not a string where an asset is expected: one list for each of the three forms.
fn no_asset(rule: &AssetSchema, input: Option<&Value>) -> SchemaIssue {
    let form = |(min, max)| {
        let mut issues = SchemaIssues::from(SchemaIssue::invalid_type("string", input));
        issues.extend(lengths(Some(min), Some(max), input));
        issues
    };
    SchemaIssue::invalid_union(&[form(rule.https), form(rule.runway), form(rule.data)])
}

/// Returns the issues of the only alternative without fatal ones, if any: zod reports them instead of the union's.
fn only_non_fatal(failed: &[SchemaIssues]) -> Option<SchemaIssues> {
    let mut non_fatal = failed.iter().filter(|issues| !issues.are_fatal());
    match (non_fatal.next(), non_fatal.next()) {
        (Some(issues), None) => Some(issues.clone()),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// Returns the keys in JavaScript's order: whole numbers first, ascending.
fn keys(members: &Map<String, Value>) -> Vec<&str> {
    let position = |key: &str| key.parse::<u32>().ok().filter(|number| *number < u32::MAX && number.to_string() == key);
    let mut keys: Vec<&str> = members.keys().map(String::as_str).collect();
    keys.sort_by_key(|key| position(key).map_or((1, 0), |number| (0, number)));
    keys
}

fn unless(valid: bool, issue: impl FnOnce() -> SchemaIssue) -> SchemaIssues {
    if valid { SchemaIssues::default() } else { issue().into() }
}

#[cfg(test)]
mod tests;
