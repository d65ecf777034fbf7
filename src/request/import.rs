//! Imports request rules from an `OpenAPI` document: names, types, bounds and choices, without its prose.

mod dedupe;

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::schema::{
    ArraySchema, AssetSchema, ChoiceSchema, Coverage, NumberSchema, ObjectField, ObjectFields, ObjectSchema,
    RecordSchema, Schema, TextFormat, TextSchema,
};
use super::schemas::RequestSchemas;
use super::validate::SAFE_INTEGER;
use crate::media::Kind;

/// A document without request rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It has no `paths`.
    #[error("not an OpenAPI document: it has no `paths`")]
    NotOpenApi,
    /// No path below `/v1/` accepts a JSON body.
    #[error("the document has no JSON request body below /v1/")]
    NoBodies,
}

/// How deep references and schemas may nest; a schema that contains itself is not checked below this.
const DEPTH: usize = 24;

/// Reads the request rules of an `OpenAPI` document. The same document gives the same rules.
///
/// # Errors
/// Where it is not `OpenAPI`, or has no request body.
pub fn import(openapi: &Value) -> Result<RequestSchemas, ImportError> {
    let paths = openapi.get("paths").and_then(Value::as_object).ok_or(ImportError::NotOpenApi)?;
    let mut reader = OpenApiReader { document: openapi, unread: Vec::new() };
    let mut endpoints = BTreeMap::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let body = operation.pointer("/requestBody/content/application~1json/schema");
            if let (Some(name), Some(body)) = (endpoint(path, method), body) {
                let schema = reader.schema(body, &name, 0);
                endpoints.insert(name, schema);
            }
        }
    }
    if endpoints.is_empty() {
        return Err(ImportError::NoBodies);
    }
    let (shared, endpoints) = dedupe::share(endpoints);
    let version = openapi.pointer("/info/version").and_then(Value::as_str).unwrap_or("unknown");
    let source = format!("OpenAPI document, API version {version}");
    Ok(RequestSchemas { source, date: String::new(), layers: Vec::new(), unread: reader.unread, shared, endpoints })
}

/// Returns the name of an endpoint: its path below `/v1/` without `{id}`, and its method where it is not POST.
fn endpoint(path: &str, method: &str) -> Option<String> {
    let segments = path.strip_prefix("/v1/")?.split('/').filter(|segment| !segment.starts_with('{'));
    let name = segments.collect::<Vec<_>>().join("/");
    match method {
        "post" => Some(name),
        "put" | "patch" | "delete" => Some(format!("{name}:{method}")),
        _ => None,
    }
}

struct OpenApiReader<'a> {
    document: &'a Value,
    unread: Vec<String>,
}

impl OpenApiReader<'_> {
    fn schema(&mut self, json: &Value, at: &str, depth: usize) -> Schema {
        let Some(members) = json.as_object().filter(|_| depth < DEPTH) else {
            return self.any(at, "its shape");
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let document = self.document;
            return match reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)) {
                Some(target) => self.schema(target, at, depth.saturating_add(1)),
                None => self.any(at, "$ref"),
            };
        }
        for keyword in members.keys().filter(|keyword| !is_known(keyword)) {
            self.unread.push(format!("{at}: {keyword}"));
        }
        if let Some(options) = members.get("anyOf").or_else(|| members.get("oneOf")).and_then(Value::as_array) {
            let by = members.get("discriminator").and_then(|it| it.get("propertyName")).and_then(Value::as_str);
            return self.alternatives(options, by, at, depth);
        }
        if let Some(value) = members.get("const") {
            return Schema::OneOf(vec![value.clone()]);
        }
        if let Some(values) = members.get("enum").and_then(Value::as_array) {
            return Schema::OneOf(values.clone());
        }
        match members.get("type") {
            Some(Value::String(name)) => self.typed(name, members, at, depth),
            Some(Value::Array(names)) => self.typed_as_several(names, members, at, depth),
            Some(_) => self.any(at, "type"),
            None => Schema::Any,
        }
    }

    fn alternatives(&mut self, options: &[Value], by: Option<&str>, at: &str, depth: usize) -> Schema {
        if let Some(asset) = asset(options) {
            return Schema::Asset(asset);
        }
        let deeper = depth.saturating_add(1);
        let mut options: Vec<Schema> = options.iter().map(|option| self.schema(option, at, deeper)).collect();
        if let Some(by) = by {
            return Schema::Choice(ChoiceSchema { by: by.to_owned(), options });
        }
        nullable(&mut options).unwrap_or(Schema::Union(options))
    }

    fn typed(&mut self, name: &str, members: &Map<String, Value>, at: &str, depth: usize) -> Schema {
        match name {
            "string" => Schema::Text(self.text(members, at)),
            "integer" | "number" => Schema::Number(range(members, name == "integer")),
            "boolean" => Schema::Bool,
            "null" => Schema::Null,
            "array" => self.array(members, at, depth),
            "object" => self.object(members, at, depth),
            _ => self.any(at, "type"),
        }
    }

    fn typed_as_several(&mut self, names: &[Value], members: &Map<String, Value>, at: &str, depth: usize) -> Schema {
        let names = names.iter().filter_map(Value::as_str);
        let mut options: Vec<Schema> = names.map(|name| self.typed(name, members, at, depth)).collect();
        nullable(&mut options).unwrap_or(Schema::Union(options))
    }

    fn text(&mut self, members: &Map<String, Value>, at: &str) -> TextSchema {
        let pattern = members.get("pattern").and_then(Value::as_str);
        let readable = pattern.filter(|source| super::pattern::compile(source, false).is_some());
        if readable != pattern {
            self.unread.push(format!("{at}: pattern"));
        }
        let format = match members.get("format").and_then(Value::as_str) {
            Some("uuid") => Some(TextFormat::Uuid),
            Some("date") => Some(TextFormat::Date),
            Some(_) => {
                self.unread.push(format!("{at}: format"));
                None
            }
            None => None,
        };
        let pattern = readable.map(str::to_owned);
        TextSchema {
            min: count(members, "minLength"),
            max: count(members, "maxLength"),
            pattern,
            any_case: false,
            format,
        }
    }

    fn array(&mut self, members: &Map<String, Value>, at: &str, depth: usize) -> Schema {
        let of = members
            .get("items")
            .map_or(Schema::Any, |items| self.schema(items, &format!("{at}[]"), depth.saturating_add(1)));
        Schema::Array(ArraySchema {
            of: Box::new(of),
            min: count(members, "minItems"),
            max: count(members, "maxItems"),
        })
    }

    fn object(&mut self, members: &Map<String, Value>, at: &str, depth: usize) -> Schema {
        let deeper = depth.saturating_add(1);
        let free = members.get("additionalProperties").filter(|free| free.is_object());
        if let (None, Some(values)) = (members.get("properties"), free) {
            let keys = members
                .get("propertyNames")
                .map_or(Schema::Text(TextSchema::default()), |keys| self.schema(keys, at, deeper));
            let values = self.schema(values, &format!("{at}.*"), deeper);
            return Schema::Record(RecordSchema { keys: Box::new(keys), values: Box::new(values) });
        }
        if free.is_some() {
            self.unread.push(format!("{at}: additionalProperties"));
        }
        let required: Vec<&str> =
            members.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = members.get("properties").and_then(Value::as_object);
        let fields = properties.into_iter().flatten().map(|(name, property)| ObjectField {
            name: name.clone(),
            required: required.contains(&name.as_str()),
            schema: self.schema(property, &format!("{at}.{name}"), deeper),
        });
        let fields: ObjectFields = fields.collect();
        let strict = members.get("additionalProperties") == Some(&Value::Bool(false));
        Schema::Object(ObjectSchema { fields, strict, known: Coverage::default() })
    }

    fn any(&mut self, at: &str, what: &str) -> Schema {
        self.unread.push(format!("{at}: {what}"));
        Schema::Any
    }
}

/// Returns whether a keyword is read here, or does not restrict what is accepted.
fn is_known(keyword: &str) -> bool {
    const READ: [&str; 19] = [
        "type",
        "const",
        "enum",
        "anyOf",
        "oneOf",
        "discriminator",
        "properties",
        "required",
        "additionalProperties",
        "propertyNames",
        "items",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
    ];
    const READ_TOO: [&str; 2] = ["exclusiveMinimum", "exclusiveMaximum"];
    const SILENT: [&str; 9] =
        ["$schema", "title", "description", "example", "examples", "default", "deprecated", "readOnly", "writeOnly"];
    READ.contains(&keyword) || READ_TOO.contains(&keyword) || SILENT.contains(&keyword) || keyword.starts_with("x-")
}

/// Converts two alternatives of which one is `null`, which is how a nullable schema is published.
fn nullable(options: &mut Vec<Schema>) -> Option<Schema> {
    if options.len() != 2 || !options.contains(&Schema::Null) {
        return None;
    }
    options.retain(|option| *option != Schema::Null);
    options.pop().map(|inner| Schema::Nullable(Box::new(inner)))
}

/// Recognizes the three forms of an asset by their patterns.
fn asset(options: &[Value]) -> Option<AssetSchema> {
    let [https, runway, data] = options else { return None };
    let pattern =
        |option: &Value| option.get("pattern").and_then(Value::as_str).unwrap_or_default().replace("\\/", "/");
    let lengths = |option: &Value| {
        let option = option.as_object()?;
        Some((count(option, "minLength")?, count(option, "maxLength")?))
    };
    if pattern(https) != "^https://.*" || pattern(runway) != "^runway://.*" {
        return None;
    }
    let data_pattern = pattern(data);
    let kind = Kind::parse(data_pattern.strip_prefix("^data:")?.strip_suffix("/.*")?)?;
    Some(AssetSchema { kind, https: lengths(https)?, runway: lengths(runway)?, data: lengths(data)? })
}

fn range(members: &Map<String, Value>, int: bool) -> NumberSchema {
    let bound = |name: &str| members.get(name).and_then(Value::as_number).cloned();
    // The bounds of every safe integer are published as bounds of the field.
    let own = |bound: Option<Number>| {
        bound.filter(|bound| !int || bound.as_f64().is_none_or(|bound| bound.abs() < SAFE_INTEGER))
    };
    NumberSchema {
        int,
        min: own(bound("minimum")),
        above: bound("exclusiveMinimum"),
        max: own(bound("maximum")),
        below: bound("exclusiveMaximum"),
    }
}

fn count(members: &Map<String, Value>, name: &str) -> Option<u64> {
    members.get(name).and_then(Value::as_u64)
}

#[cfg(test)]
mod tests;
