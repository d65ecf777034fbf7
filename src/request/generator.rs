//! Generates random bodies for tests: valid ones from the rules, and mutated ones.

use serde_json::{Map, Number, Value, json};

use super::schema::{ArraySchema, AssetSchema, NumberSchema, ObjectSchema, Schema, TextFormat, TextSchema};
use super::schemas::RequestSchemas;

/// Generates bodies; the same seed gives the same bodies.
pub(super) struct BodyGenerator<'a> {
    rules: &'a RequestSchemas,
    state: u64,
}

impl<'a> BodyGenerator<'a> {
    pub(super) fn new(rules: &'a RequestSchemas, seed: u64) -> Self {
        Self { rules, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// Returns a body of every variant of every endpoint, each with the endpoint's name.
    pub(super) fn bodies(&mut self) -> Vec<(&'a str, Value)> {
        let rules = self.rules;
        let variants =
            rules.endpoints.keys().flat_map(|name| rules.variants(name).into_iter().map(move |it| (name, it)));
        variants.map(|(name, variant)| (name.as_str(), self.object(variant))).collect()
    }

    /// Returns the body with one change, which may make it invalid.
    pub(super) fn mutated(&mut self, body: &Value) -> Value {
        let mut body = body.clone();
        let target = self.below(value_count(&body));
        if let Some(value) = nth_value(&mut body, &mut target.clone()) {
            self.mutate(value);
        }
        body
    }

    fn mutate(&mut self, value: &mut Value) {
        let choice = self.below(8);
        match value {
            Value::Object(members) if choice < 3 && !members.is_empty() => {
                let key = members.keys().nth(self.below(members.len())).cloned().unwrap_or_default();
                members.shift_remove(&key);
            }
            Value::Object(members) if choice < 6 => {
                members.insert(["extra", "7", "length", "__proto__", "toString"][self.below(5)].to_owned(), json!(3));
            }
            Value::Array(elements) if choice < 3 && !elements.is_empty() => {
                let again = elements[0].clone();
                let times = self.below(40);
                elements.extend(std::iter::repeat_n(again, times));
            }
            Value::Array(elements) if choice < 5 => elements.clear(),
            Value::String(text) if choice < 2 => text.clear(),
            Value::String(text) if choice < 4 => *text = text.repeat(2 + self.below(400)),
            Value::String(text) if choice < 5 => text.push('!'),
            Value::Number(number) if choice < 4 => {
                let number = number.as_f64().unwrap_or_default();
                let mutated =
                    [number + 0.5, -number - 1.0, number * 1e3 + 1e3, 1e17, -1e17, number, 0.0][self.below(7)];
                *value = Number::from_f64(mutated).map_or(Value::Null, Value::Number);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                *value = self.anything();
            }
        }
    }

    fn anything(&mut self) -> Value {
        let values = [
            json!(null),
            json!(true),
            json!(0),
            json!(7.5),
            json!("x"),
            json!([]),
            json!({}),
            json!([1, "x"]),
            json!({"type": "image"}),
            json!({"uri": 5}),
            json!({"length": 9}),
            json!(["https://x.example/a.png"]),
        ];
        values[self.below(values.len())].clone()
    }

    fn value(&mut self, schema: &Schema) -> Value {
        match self.rules.resolve(schema) {
            Schema::Any => self.anything(),
            Schema::Null | Schema::Use(_) => Value::Null,
            Schema::Bool => json!(self.below(2) == 0),
            Schema::Text(text) => json!(self.text(text)),
            Schema::Number(range) => self.number(range),
            Schema::OneOf(values) => values[self.below(values.len())].clone(),
            Schema::Asset(asset) => json!(self.asset(asset)),
            Schema::Array(array) => self.array(array),
            Schema::Object(object) => self.object(object),
            Schema::Record(record) => {
                let pairs = (0..self.below(3)).map(|_| {
                    let key = self.value(&record.keys);
                    (key.as_str().unwrap_or_default().to_owned(), self.value(&record.values))
                });
                Value::Object(pairs.collect())
            }
            Schema::Nullable(inner) => {
                if self.below(3) == 0 {
                    Value::Null
                } else {
                    self.value(inner)
                }
            }
            Schema::Union(options) => self.one_of(options),
            Schema::Choice(choice) => self.one_of(&choice.options),
        }
    }

    fn one_of(&mut self, options: &[Schema]) -> Value {
        let index = self.below(options.len());
        self.value(&options[index])
    }

    fn object(&mut self, object: &ObjectSchema) -> Value {
        let mut members = Map::new();
        for field in object.fields.iter() {
            if field.required || self.below(2) == 0 {
                members.insert(field.name.clone(), self.value(&field.schema));
            }
        }
        if !object.strict && self.below(8) == 0 {
            members.insert("unknownButAllowed".to_owned(), json!(1));
        }
        Value::Object(members)
    }

    fn array(&mut self, array: &ArraySchema) -> Value {
        let min = array.min.unwrap_or(0);
        let max = array.max.unwrap_or(min + 3).min(min + 4);
        let length = min + self.below(usize::try_from(max - min).expect("small") + 1) as u64;
        (0..length).map(|_| self.value(&array.of)).collect()
    }

    fn text(&mut self, rule: &TextSchema) -> String {
        match (rule.format, rule.pattern.as_deref()) {
            (Some(TextFormat::Uuid), _) => format!("{:08x}-1234-4abc-9def-0123456789ab", self.below(1 << 30)),
            (Some(TextFormat::Date), _) => format!("2026-08-{:02}", 1 + self.below(28)),
            (None, Some(_)) => format!("a{}_{}", ["b", "cd", "e"][self.below(3)], self.below(1000)),
            (None, None) => {
                let length = rule.min.unwrap_or(0) + self.below(9) as u64;
                let at_most = rule.max.map_or(length, |max| if self.below(4) == 0 { max } else { length.min(max) });
                "é".repeat(usize::try_from(at_most).expect("bounds of text are small"))
            }
        }
    }

    fn number(&mut self, rule: &NumberSchema) -> Value {
        let bound = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
        let low = bound(&rule.min).or(bound(&rule.above).map(|low| low + 1.0)).unwrap_or(-5.0);
        let high = bound(&rule.max).or(bound(&rule.below).map(|top| top - 1.0)).unwrap_or(low + 50.0);
        let number = [low, high, low + (high - low) / 2.0][self.below(3)];
        let number = if rule.int { number.round() } else { number };
        #[allow(clippy::cast_possible_truncation, reason = "the bounds of the rules fit")]
        if number.fract() == 0.0 && self.below(4) != 0 { json!(number as i64) } else { json!(number) }
    }

    fn asset(&mut self, rule: &AssetSchema) -> String {
        let kind = rule.kind.name();
        let forms =
            ["https://x.example/a".to_owned(), "runway://upload".to_owned(), format!("data:{kind}/x;base64,AAAA")];
        forms[self.below(3)].clone()
    }

    /// Returns a number below `bound` (xorshift).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 16).expect("64-bit test machines") % bound.max(1)
    }
}

/// Returns the number of values in a body, including the body itself.
fn value_count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(value_count).sum(),
        Value::Object(members) => members.values().map(value_count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn nth_value<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(elements) => elements.iter_mut().find_map(|element| nth_value(element, left)),
        Value::Object(members) => members.values_mut().find_map(|member| nth_value(member, left)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
