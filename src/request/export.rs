//! Exports the rules as JSON Schema, for differential tests with another validator.

use serde_json::{Map, Value, json};

use super::schema::{NumberSchema, ObjectSchema, Schema, TextSchema};
use super::schemas::RequestSchemas;

/// Returns the JSON Schema (2020-12) of the bodies of `endpoint`; any string is a valid asset, as in `validate`.
pub(super) fn json_schema(rules: &RequestSchemas, endpoint: &str) -> Value {
    rules.endpoints.get(endpoint).map_or(Value::Bool(false), |schema| export(rules, schema))
}

fn export(rules: &RequestSchemas, schema: &Schema) -> Value {
    let all = |options: &[Schema]| -> Vec<Value> { options.iter().map(|option| export(rules, option)).collect() };
    match rules.resolve(schema) {
        Schema::Any | Schema::Use(_) => json!({}),
        Schema::Null => json!({"type": "null"}),
        Schema::Bool => json!({"type": "boolean"}),
        Schema::Text(rule) => text(rule),
        Schema::Number(rule) => range(rule),
        Schema::OneOf(values) => json!({"enum": values}),
        Schema::Asset(_) => json!({"type": "string"}),
        Schema::Array(array) => {
            let mut members = present([("minItems", json!(array.min)), ("maxItems", json!(array.max))]);
            members.insert("type".to_owned(), json!("array"));
            members.insert("items".to_owned(), export(rules, &array.of));
            Value::Object(members)
        }
        Schema::Object(rule) => object(rules, rule),
        Schema::Record(record) => json!({
            "type": "object",
            "propertyNames": export(rules, &record.keys),
            "additionalProperties": export(rules, &record.values),
        }),
        Schema::Nullable(inner) => json!({"anyOf": [export(rules, inner), {"type": "null"}]}),
        Schema::Union(options) => json!({"anyOf": all(options)}),
        Schema::Choice(choice) => json!({"oneOf": all(&choice.options)}),
    }
}

fn object(rules: &RequestSchemas, rule: &ObjectSchema) -> Value {
    let required: Vec<&str> =
        rule.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    let properties: Map<String, Value> =
        rule.fields.iter().map(|field| (field.name.clone(), export(rules, &field.schema))).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": !rule.strict})
}

fn text(rule: &TextSchema) -> Value {
    let pattern =
        rule.pattern.as_ref().map(|source| if rule.any_case { format!("(?i){source}") } else { source.clone() });
    let mut members =
        present([("minLength", json!(rule.min)), ("maxLength", json!(rule.max)), ("pattern", json!(pattern))]);
    members.insert("type".to_owned(), json!("string"));
    Value::Object(members)
}

fn range(rule: &NumberSchema) -> Value {
    const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;
    let bounds = [
        ("minimum", json!(rule.min)),
        ("maximum", json!(rule.max)),
        ("exclusiveMinimum", json!(rule.above)),
        ("exclusiveMaximum", json!(rule.below)),
    ];
    let mut members = present(bounds);
    if rule.int {
        members.insert("allOf".to_owned(), json!([{"minimum": -MAX_SAFE_INTEGER, "maximum": MAX_SAFE_INTEGER}]));
    }
    members.insert("type".to_owned(), json!(if rule.int { "integer" } else { "number" }));
    Value::Object(members)
}

fn present<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}
