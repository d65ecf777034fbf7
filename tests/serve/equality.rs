//! A refused body gets exactly what `body --format api` prints: recorded bodies of the SDKs, each with one thing wrong.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::client::Server;
use crate::program::program;

/// Returns the bodies that the SDKs send, by endpoint.
fn recorded() -> BTreeMap<String, Vec<Value>> {
    let mut bodies: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for name in ["node", "python"] {
        let path = format!("{}/fixtures/bodies/sdk/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the recording");
        // The server knows its own uploads only; `body` knows none.
        let text = text.replace("runway://0123456789abcdef", "https://example.com/a.png");
        let requests: Vec<Map<String, Value>> = serde_json::from_str(&text).expect("JSON");
        for request in requests {
            let endpoint = request["endpoint"].as_str().expect("an endpoint").to_owned();
            bodies.entry(endpoint).or_default().push(request["body"].clone());
        }
    }
    bodies
}

/// Returns copies of the body with one member wrong: missing, of another type or out of bounds; or with an extra one.
fn spoiled(body: &Value) -> Vec<Value> {
    let members = body.as_object().expect("an object");
    let mut spoiled = vec![body.clone(), json!([]), Value::Null];
    for name in members.keys() {
        let mut without = members.clone();
        without.shift_remove(name);
        spoiled.push(Value::Object(without));
        for wrong in
            [Value::Null, json!(-5), json!("x".repeat(40)), json!([{}]), json!({"uri": "http://h.com/##[group]"})]
        {
            let mut changed = members.clone();
            changed.insert(name.clone(), wrong);
            spoiled.push(Value::Object(changed));
        }
    }
    let mut more = members.clone();
    more.insert("ex::tra".to_owned(), json!(1));
    spoiled.push(Value::Object(more));
    spoiled
}

#[test]
fn a_response_has_the_bytes_of_format_api() {
    let server = Server::start(&[]);
    let mut connection = server.connect();
    let mut compared = 0;
    for (endpoint, bodies) in recorded() {
        // Endpoints of another method, or with an identifier in their path, are checked alike.
        if endpoint.contains(':') || endpoint == "workflows" {
            continue;
        }
        let bodies: Vec<String> = bodies.iter().flat_map(spoiled).map(|body| body.to_string()).collect();
        let mut answered = Vec::new();
        for body in &bodies {
            let answer = connection.call("POST", &format!("/v1/{endpoint}"), body);
            assert!([200, 400, 501].contains(&answer.status), "{endpoint} {body}: {answer:?}");
            if answer.status == 400 {
                answered.extend(answer.body);
            }
        }
        compared += bodies.len();
        let flags = ["body", "--offline", "--format", "api", "--endpoint", &endpoint, "-"];
        let printed = program().args(flags).stdin(bodies.join("\n")).run().stdout;
        assert!(printed.as_bytes() == answered, "{endpoint}");
    }
    assert!(compared >= 1000, "{compared}");
}
