//! What is imported from an `OpenAPI` document, and what is left out.

use serde_json::json;

use super::*;

/// The variable with the path of the `OpenAPI` document of 2026-08-08, which is not kept in this repository.
const DOCUMENT: &str = "RUNWAY_PREFLIGHT_OPENAPI";

#[test]
#[allow(clippy::print_stderr, reason = "a test that did not run says so")]
fn the_base_rules_equal_the_imported_document() {
    let Some(path) = std::env::var_os(DOCUMENT) else {
        eprintln!("skipped: {DOCUMENT} does not name the OpenAPI document of 2026-08-08");
        return;
    };
    let document = std::fs::read(path).expect("the document can be read");
    let document = serde_json::from_slice(&document).expect("the document is JSON");
    let mut made = import(&document).expect("the document is OpenAPI");
    made.date = "2026-08-08".to_owned();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules/requests.json");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, made.write()).expect("the rules can be written");
    }
    let kept = std::fs::read_to_string(file).expect("the rules can be read");
    assert!(made.write() == kept, "src/rules/requests.json differs from the imported document; BLESS=1 rewrites it");
    assert_eq!(RequestSchemas::read(&kept).expect("the rules are sound"), made);
    // The only constraint of the document that is not checked: `format: uri` of three fields of live sessions.
    let unread =
        ["integration.signedUrl", "integration.url", "livekit.url"].map(|at| format!("realtime_sessions.{at}: format"));
    assert_eq!(made.unread, unread);
}

/// A document with one endpoint, whose body is `schema`.
fn document(schema: &Value) -> Value {
    json!({
        "info": {"version": "1"},
        "paths": {"/v1/things/{id}/parts": {"put": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": {"Side": {"type": "integer", "minimum": 1}, "Loop": {"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}}},
    })
}

fn imported(schema: &Value) -> (Value, Vec<String>) {
    let requests = import(&document(schema)).expect("it has a body");
    let schema = requests.endpoints.get("things/parts:put").expect("the endpoint has its name");
    (serde_json::to_value(schema).expect("JSON"), requests.unread)
}

#[test]
fn every_published_shape_has_its_compact_form() {
    let case = |schema: Value, expected: Value| assert_eq!(imported(&schema), (expected, Vec::new()), "{schema}");
    case(json!({}), json!("any"));
    case(json!({"type": "string", "minLength": 1, "description": "x"}), json!({"text": {"min": 1}}));
    case(json!({"type": "string", "enum": ["a", "b"], "default": "a"}), json!({"one_of": ["a", "b"]}));
    case(json!({"type": "number", "const": 1}), json!({"one_of": [1]}));
    case(json!({"type": "number", "minimum": 0.5, "exclusiveMaximum": 2}), json!({"number": {"min": 0.5, "below": 2}}));
    case(
        json!({"type": "integer", "exclusiveMinimum": 0, "maximum": 9_007_199_254_740_991_i64}),
        json!({"number": {"int": true, "above": 0}}),
    );
    case(json!({"$ref": "#/components/schemas/Side"}), json!({"number": {"int": true, "min": 1}}));
    case(json!({"anyOf": [{"type": "boolean"}, {"type": "null"}]}), json!({"nullable": "bool"}));
    case(json!({"type": ["string", "null"], "maxLength": 2}), json!({"nullable": {"text": {"max": 2}}}));
    case(json!({"anyOf": [{"type": "boolean"}, {"type": "string"}]}), json!({"union": ["bool", {"text": {}}]}));
    case(
        json!({"type": "object", "properties": {"b": {"type": "boolean"}, "a": {}}, "required": ["a"], "additionalProperties": false}),
        json!({"object": {"fields": {"b?": "bool", "a": "any"}, "strict": true}}),
    );
    case(
        json!({"type": "object", "propertyNames": {"type": "string", "minLength": 1}, "additionalProperties": {"type": "boolean"}}),
        json!({"record": {"keys": {"text": {"min": 1}}, "values": "bool"}}),
    );
    let form =
        |pattern: &str, max: u64| json!({"type": "string", "pattern": pattern, "minLength": 13, "maxLength": max});
    case(
        json!({"anyOf": [form(r"^https:\/\/.*", 2048), form(r"^runway:\/\/.*", 5000), form(r"^data:audio\/.*", 7)]}),
        json!({"asset": {"kind": "audio", "https": [13, 2048], "runway": [13, 5000], "data": [13, 7]}}),
    );
}

#[test]
fn unsupported_keywords_are_listed_and_reject_nothing() {
    let case = |schema: Value, unread: &str| {
        assert_eq!(imported(&schema).1, [format!("things/parts:put{unread}")], "{schema}");
    };
    case(json!({"type": "string", "format": "email"}), ": format");
    case(json!({"type": "string", "pattern": "(?=x)"}), ": pattern");
    case(json!({"type": "object", "properties": {"n": {"type": "number", "multipleOf": 3}}}), ".n: multipleOf");
    case(json!({"type": "array", "items": {"allOf": []}}), "[]: allOf");
    case(json!({"$ref": "#/nowhere"}), ": $ref");
    // A schema that contains itself is cut off.
    assert_eq!(imported(&json!({"$ref": "#/components/schemas/Loop"})).1.len(), 1);
}

#[test]
fn a_document_that_is_not_openapi_is_rejected() {
    assert_eq!(import(&json!({})), Err(ImportError::NotOpenApi));
    assert_eq!(import(&json!([])), Err(ImportError::NotOpenApi));
    assert_eq!(import(&json!({"paths": {"/v1/x": {"get": {}}, "/v2/x": {}}})), Err(ImportError::NoBodies));
}

#[test]
fn repeated_schemas_are_written_once() {
    let long = json!({"enum": ["1280:720", "720:1280", "1104:832", "960:960", "832:1104"]});
    let object = |name: &str| json!({"type": "object", "properties": {name: long}});
    let requests = import(&document(&json!({"anyOf": [object("ratio"), object("shape")]}))).expect("it has a body");
    assert_eq!(requests.shared.keys().collect::<Vec<_>>(), ["ratio"]);
    requests.check().expect("its names are sound");
}
