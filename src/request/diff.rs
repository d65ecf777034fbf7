//! Compares two sets of request rules.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::{AssetSchema, NumberSchema, ObjectSchema, Schema, TextSchema};
use super::schemas::RequestSchemas;
use crate::report::rule_change::{RuleChange, RuleChangeKind};

/// How many shapes of one body are compared; the largest published body has about 200.
const MAX_SHAPES: usize = 100_000;

/// Returns the changes from `old` to `new`: endpoints, models and members, each with what only one of the two contains.
#[must_use]
pub fn diff(old: &RequestSchemas, new: &RequestSchemas) -> Vec<RuleChange> {
    let (old, new) = (bodies(old), bodies(new));
    let mut changes = Vec::new();
    for (endpoint, models) in &old {
        let Some(newer) = new.get(endpoint) else {
            changes.push(RuleChange::new(RuleChangeKind::Removed, endpoint, None, None));
            continue;
        };
        for (model, members) in models {
            match newer.get(model) {
                Some(newer) => changes.extend(of_members(endpoint, model.as_deref(), members, newer)),
                None => changes.push(RuleChange::new(RuleChangeKind::Removed, endpoint, model.as_deref(), None)),
            }
        }
        let added = newer.keys().filter(|model| !models.contains_key(*model));
        changes.extend(added.map(|model| RuleChange::new(RuleChangeKind::Added, endpoint, model.as_deref(), None)));
    }
    let added = new.keys().filter(|endpoint| !old.contains_key(*endpoint));
    changes.extend(added.map(|endpoint| RuleChange::new(RuleChangeKind::Added, endpoint, None, None)));
    changes
}

/// The members of each body, by endpoint and model.
type ShapesByEndpoint = BTreeMap<String, BTreeMap<Option<String>, Members>>;

/// The members of a body by path; that of the body itself is empty.
type Members = BTreeMap<String, MemberShapes>;

/// What the rules say about one member.
#[derive(Debug, Default)]
struct MemberShapes {
    is_optional: bool,
    /// Each accepted schema and value as text.
    shapes: Vec<String>,
}

fn bodies(rules: &RequestSchemas) -> ShapesByEndpoint {
    let mut bodies = ShapesByEndpoint::new();
    for endpoint in rules.endpoints.keys() {
        let models = bodies.entry(endpoint.clone()).or_default();
        for variant in rules.variants(endpoint) {
            let names: Vec<&str> = rules.literals(variant, "model").iter().filter_map(Value::as_str).collect();
            let model = if let [model] = names.as_slice() { Some((*model).to_owned()) } else { None };
            let mut reader =
                ShapeCollector { rules, shapes_left: MAX_SHAPES, members: models.remove(&model).unwrap_or_default() };
            reader.object("", true, variant);
            models.insert(model, reader.members);
        }
    }
    bodies
}

fn of_members(endpoint: &str, model: Option<&str>, old: &Members, new: &Members) -> Vec<RuleChange> {
    let change = |kind, path: &str| RuleChange::new(kind, endpoint, model, Some(path));
    let mut changes = Vec::new();
    for (path, member) in old {
        let Some(newer) = new.get(path) else {
            changes.push(change(RuleChangeKind::Removed, path));
            continue;
        };
        let (before, after) = (member.only_here(newer), newer.only_here(member));
        if !before.is_empty() || !after.is_empty() {
            changes.push(change(RuleChangeKind::Changed, path).with(before, after));
        }
    }
    let added = new.iter().filter(|(path, _)| !old.contains_key(*path));
    let added = added.map(|(path, member)| change(RuleChangeKind::Added, path).with(Vec::new(), member.all()));
    changes.extend(added);
    changes
}

impl MemberShapes {
    /// Returns everything that the rules say.
    fn all(&self) -> Vec<String> {
        let presence = if self.is_optional { "optional" } else { "required" };
        [presence.to_owned()].into_iter().chain(self.shapes.iter().cloned()).collect()
    }

    /// Returns what `other` does not contain; the order matters if both contain the same choices.
    fn only_here(&self, other: &Self) -> Vec<String> {
        let mut only: Vec<String> = Vec::new();
        if self.is_optional != other.is_optional {
            only.push(if self.is_optional { "optional" } else { "required" }.to_owned());
        }
        let shapes = self.shapes.iter().filter(|shape| !other.shapes.contains(shape));
        only.extend(shapes.cloned());
        let is_reordered = self.shapes.len() == other.shapes.len() && self.shapes != other.shapes;
        if only.is_empty() && is_reordered {
            only.push(format!("the order {}", self.shapes.join(", ")));
        }
        only
    }
}

/// Collects what the schema of a body says about each member.
struct ShapeCollector<'a> {
    rules: &'a RequestSchemas,
    shapes_left: usize,
    members: Members,
}

impl ShapeCollector<'_> {
    fn read(&mut self, path: &str, is_required: bool, schema: &Schema) {
        let Some(left) = self.shapes_left.checked_sub(1) else { return };
        self.shapes_left = left;
        let rules = self.rules;
        match rules.resolve(schema) {
            Schema::Any | Schema::Use(_) => self.say(path, is_required, "anything"),
            Schema::Null => self.say(path, is_required, "null"),
            Schema::Bool => self.say(path, is_required, "boolean"),
            Schema::Text(rule) => self.say(path, is_required, &text(rule)),
            Schema::Number(rule) => self.say(path, is_required, &number(rule)),
            Schema::OneOf(values) => values.iter().for_each(|value| self.say(path, is_required, &value.to_string())),
            Schema::Asset(rule) => asset(rule).iter().for_each(|form| self.say(path, is_required, form)),
            Schema::Array(rule) => {
                self.say(path, is_required, &sized("list", "items", rule.min, rule.max));
                self.read(&format!("{path}[]"), true, &rule.of);
            }
            Schema::Object(object) => self.object(path, is_required, object),
            Schema::Record(record) => {
                self.say(path, is_required, "object with free keys");
                self.read(&format!("{path}.*"), true, &record.values);
            }
            Schema::Nullable(inner) => {
                self.say(path, is_required, "null");
                self.read(path, is_required, inner);
            }
            Schema::Union(options) => options.iter().for_each(|option| self.read(path, is_required, option)),
            Schema::Choice(choice) => choice.options.iter().for_each(|option| self.read(path, is_required, option)),
        }
    }

    fn object(&mut self, path: &str, is_required: bool, object: &ObjectSchema) {
        let shape = if object.strict { "object without other members" } else { "object" };
        self.say(path, is_required, shape);
        for field in object.fields.iter() {
            let dot = if path.is_empty() { "" } else { "." };
            self.read(&format!("{path}{dot}{}", field.name), field.required, &field.schema);
        }
    }

    /// Adds one schema of a member. A member of several alternatives is required where all of them require it.
    fn say(&mut self, path: &str, is_required: bool, shape: &str) {
        let member = self.members.entry(path.to_owned()).or_default();
        member.is_optional |= !is_required;
        if !member.shapes.iter().any(|known| known == shape) {
            member.shapes.push(shape.to_owned());
        }
    }
}

fn text(rule: &TextSchema) -> String {
    let pattern = rule.pattern.as_ref().map_or_else(String::new, |pattern| format!(" matching {pattern}"));
    format!("{}{pattern}", sized("string", "characters", rule.min, rule.max))
}

fn number(rule: &NumberSchema) -> String {
    let name = if rule.int { "integer" } else { "number" };
    let bounds = [("from", &rule.min), ("above", &rule.above), ("to", &rule.max), ("below", &rule.below)];
    let bounds = bounds.into_iter().filter_map(|(word, bound)| Some(format!(" {word} {}", bound.as_ref()?)));
    format!("{name}{}", bounds.collect::<String>())
}

fn asset(rule: &AssetSchema) -> [String; 3] {
    let AssetSchema { kind, https, runway, data } = rule;
    [("URL", https), ("upload URI", runway), ("data URI", data)]
        .map(|(form, (min, max))| format!("{} as {form} of {min} to {max} characters", kind.name()))
}

fn sized(name: &str, unit: &str, min: Option<u64>, max: Option<u64>) -> String {
    match (min, max) {
        (None, None) => name.to_owned(),
        (Some(min), None) => format!("{name} of at least {min} {unit}"),
        (None, Some(max)) => format!("{name} of at most {max} {unit}"),
        (Some(min), Some(max)) => format!("{name} of {min} to {max} {unit}"),
    }
}

#[cfg(test)]
mod tests;
