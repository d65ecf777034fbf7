use serde_json::json;

use super::*;
use crate::request::embedded::EMBEDDED;

/// Makes rules with one endpoint, `e`, whose one body is `fields`.
fn rules(fields: &Value, strict: bool) -> RequestSchemas {
    let document = json!({
        "source": "x", "date": "2026-01-01", "shared": {"side": {"number": {"int": true, "min": 1}}},
        "endpoints": {"e": {"object": {"fields": fields, "strict": strict}}},
    });
    RequestSchemas::read(&document.to_string()).expect("rules")
}

fn lines(old: &RequestSchemas, new: &RequestSchemas) -> Vec<String> {
    diff(old, new).iter().map(ToString::to_string).collect()
}

#[test]
fn rules_do_not_differ_from_themselves() {
    assert_eq!(lines(&EMBEDDED, &EMBEDDED), [""; 0]);
}

#[test]
fn each_change_of_a_member_is_one_line() {
    let case = |old: Value, new: Value, expected: &[&str]| {
        assert_eq!(lines(&rules(&old, false), &rules(&new, false)), expected, "{old} {new}");
    };
    case(json!({"a": "bool"}), json!({"a": "bool", "b": "bool"}), &["+ e b: required, boolean"]);
    case(json!({"a": "bool", "b?": "bool"}), json!({"a": "bool"}), &["- e b"]);
    case(json!({"a": "bool"}), json!({"a?": "bool"}), &["~ e a: drops required; adds optional"]);
    case(
        json!({"a": {"number": {"int": true, "min": 2, "max": 10}}}),
        json!({"a": {"number": {"int": true, "min": 2, "max": 12}}}),
        &["~ e a: drops integer from 2 to 10; adds integer from 2 to 12"],
    );
    case(json!({"a": {"one_of": ["x", "y"]}}), json!({"a": {"one_of": ["x", "y", 5]}}), &["~ e a: adds 5"]);
    case(
        json!({"a": {"one_of": ["x", "y"]}}),
        json!({"a": {"one_of": ["y", "x"]}}),
        &[r#"~ e a: drops the order "x", "y"; adds the order "y", "x""#],
    );
    case(
        json!({"a": {"array": {"of": {"text": {"max": 5}}, "max": 3}}}),
        json!({"a": {"array": {"of": {"text": {"min": 1, "max": 5}}, "max": 4}}}),
        &[
            "~ e a: drops list of at most 3 items; adds list of at most 4 items",
            "~ e a[]: drops string of at most 5 characters; adds string of 1 to 5 characters",
        ],
    );
    case(json!({"a": {"use": "side"}}), json!({"a": {"number": {"int": true, "min": 1}}}), &[]);
    case(json!({"a": "bool"}), json!({"a": {"nullable": "bool"}}), &["~ e a: adds null"]);
    let video = |data: u64| json!({"a": {"asset": {"kind": "video", "https": [13, 2048], "runway": [13, 5000], "data": [13, data]}}});
    case(
        video(16),
        video(32),
        &["~ e a: drops video as data URI of 13 to 16 characters; adds video as data URI of 13 to 32 characters"],
    );
}

#[test]
fn strictness_and_added_or_removed_bodies_are_reported() {
    let one = rules(&json!({"a": "bool"}), false);
    let expected = "~ e: drops object; adds object without other members";
    assert_eq!(lines(&one, &rules(&json!({"a": "bool"}), true)), [expected]);
    let mut none = one.clone();
    none.endpoints.clear();
    assert_eq!(lines(&one, &none), ["- e"]);
    assert_eq!(lines(&none, &one), ["+ e"]);
    let mut fewer = EMBEDDED.clone();
    let Some(Schema::Choice(choice)) = fewer.endpoints.get_mut("image_to_video") else { panic!("a choice of models") };
    choice.options.remove(0);
    assert_eq!(lines(&EMBEDDED, &fewer), ["- image_to_video gen4.5"]);
    assert_eq!(lines(&fewer, &EMBEDDED), ["+ image_to_video gen4.5"]);
}

#[test]
fn exponential_schemas_are_bounded() {
    let mut shared: BTreeMap<String, Schema> = BTreeMap::new();
    for level in 0..64 {
        let next = || Schema::Use(format!("s{}", level + 1));
        shared.insert(format!("s{level}"), Schema::Union(vec![next(), next()]));
    }
    shared.insert("s64".to_owned(), Schema::Bool);
    let mut many = rules(&json!({"a": "bool"}), false);
    many.endpoints.insert("e".to_owned(), Schema::Union(vec![Schema::Use("s0".to_owned())]));
    many.shared = shared;
    assert_eq!(lines(&many, &many), [""; 0]);
}
