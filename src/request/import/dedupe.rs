//! Gives schemas that are used several times a name.

use std::collections::{BTreeMap, HashMap};

use crate::request::schema::Schema;

/// A schema whose JSON is shorter than this is repeated instead of named.
const MIN_NAMED_LENGTH: usize = 48;

type Shapes = BTreeMap<String, Schema>;

/// Returns the schemas that are used several times by name, and the endpoints with those names in them.
pub(super) fn share(endpoints: Shapes) -> (Shapes, Shapes) {
    let mut counts = ShapeCounts::default();
    for (name, schema) in &endpoints {
        counts.count(schema, name);
    }
    let names = counts.names();
    let shared = counts.shapes.iter().filter_map(|shape| {
        let mut schema = shape.schema.clone();
        replace_inside(&mut schema, &names);
        names.get(&shape.written).map(|name| (name.clone(), schema))
    });
    let shared = shared.collect();
    let endpoints = endpoints.into_iter().map(|(name, mut schema)| {
        replace(&mut schema, &names);
        (name, schema)
    });
    (shared, endpoints.collect())
}

/// Every distinct schema, in the order of first use.
#[derive(Default)]
struct ShapeCounts {
    shapes: Vec<CountedShape>,
    known: HashMap<String, usize>,
}

struct CountedShape {
    written: String,
    schema: Schema,
    hint: String,
    times: usize,
}

impl ShapeCounts {
    /// Counts a schema and those inside it; those inside a schema that was counted before are not counted again.
    fn count(&mut self, schema: &Schema, hint: &str) {
        let written = written(schema);
        if let Some(shape) = self.known.get(&written).and_then(|index| self.shapes.get_mut(*index)) {
            shape.times = shape.times.saturating_add(1);
            return;
        }
        let hint = if let Schema::Asset(asset) = schema { asset.kind.name() } else { hint };
        self.known.insert(written.clone(), self.shapes.len());
        self.shapes.push(CountedShape { written, schema: schema.clone(), hint: hint.to_owned(), times: 1 });
        match schema {
            Schema::Object(object) => object.fields.iter().for_each(|field| self.count(&field.schema, &field.name)),
            Schema::Array(array) => self.count(&array.of, &format!("{hint}_item")),
            Schema::Record(record) => {
                self.count(&record.keys, &format!("{hint}_key"));
                self.count(&record.values, &format!("{hint}_value"));
            }
            Schema::Nullable(inner) => self.count(inner, hint),
            Schema::Union(options) => options.iter().for_each(|option| self.count(option, hint)),
            Schema::Choice(choice) => choice.options.iter().for_each(|option| self.count(option, hint)),
            Schema::Any
            | Schema::Null
            | Schema::Bool
            | Schema::Text(_)
            | Schema::Number(_)
            | Schema::OneOf(_)
            | Schema::Asset(_)
            | Schema::Use(_) => {}
        }
    }

    /// Names what is used several times and is long enough: `ratio`, `ratio_2`, …
    fn names(&self) -> HashMap<String, String> {
        let mut taken: HashMap<&str, usize> = HashMap::new();
        let mut names = HashMap::new();
        for shape in self.shapes.iter().filter(|shape| shape.times > 1 && shape.written.len() >= MIN_NAMED_LENGTH) {
            let number = taken.entry(&shape.hint).and_modify(|number| *number = number.saturating_add(1)).or_insert(1);
            let name = if *number == 1 { shape.hint.clone() } else { format!("{}_{number}", shape.hint) };
            names.insert(shape.written.clone(), name);
        }
        names
    }
}

fn replace(schema: &mut Schema, names: &HashMap<String, String>) {
    match names.get(&written(schema)) {
        Some(name) => *schema = Schema::Use(name.clone()),
        None => replace_inside(schema, names),
    }
}

fn replace_inside(schema: &mut Schema, names: &HashMap<String, String>) {
    for child in schema.children_mut() {
        replace(child, names);
    }
}

fn written(schema: &Schema) -> String {
    serde_json::to_string(schema).unwrap_or_default()
}
