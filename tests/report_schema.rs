//! The published JSON schemas: all output is valid, and has no key that they do not define.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::program::program;
use crate::server::Server;

/// Reads the published schema with every object closed: unknown keys, which readers must ignore, are errors here.
fn closed() -> Value {
    closed_file("report")
}

fn closed_file(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/output/{name}-v1.schema.json"));
    // References between the two files become local, because the schemas are merged here.
    let text = fs::read_to_string(path).expect("a schema").replace("\"report-v1.schema.json#", "\"#");
    let mut schema = serde_json::from_str(&text).expect("JSON");
    close(&mut schema);
    schema
}

/// Reads the schema of `diagnose`, with the parts of the report schema that it refers to.
fn closed_diagnosis() -> Value {
    let mut schema = closed_file("diagnosis");
    let parts = schema["$defs"].as_object_mut().expect("parts");
    for (name, part) in closed()["$defs"].as_object().expect("parts") {
        assert!(parts.insert(name.clone(), part.clone()).is_none(), "{name} is in both files");
    }
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            let is_object = match members.get("type") {
                Some(Value::Array(types)) => types.contains(&json!("object")),
                one => one == Some(&json!("object")),
            };
            if is_object && members.contains_key("properties") {
                members.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[track_caller]
fn expect_fits(document: &Value) {
    expect_fits_in(&closed(), document);
}

#[track_caller]
fn expect_fits_in(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{document:#}", errors.join("\n"));
}

/// Expects one line of JSON Lines to match its part of the schema.
#[track_caller]
fn expect_line_fits(part: &str, line: &Value) {
    let mut schema = closed();
    schema["$ref"] = json!(format!("#/$defs/{part}"));
    for member in ["type", "required", "properties", "additionalProperties"] {
        schema.as_object_mut().expect("an object").remove(member);
    }
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(line).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{line:#}", errors.join("\n"));
}

#[test]
fn unknown_keys_are_detected() {
    let outcome = program().args(["check", "--offline", "-f", "json", "http://h.example/a"]).run();
    let mut document = outcome.json();
    expect_fits(&document);
    document["assets"][0]["extra"] = json!(1);
    assert!(std::panic::catch_unwind(|| expect_fits(&document)).is_err(), "an unknown key passes");
}

#[test]
fn check_output_matches_the_schema() {
    let server = Server::start();
    let mut words: Vec<String> = [
        "https://h h/",
        "runway://short",
        "fixtures/images/photo.png",
        "fixtures/images/rotated-6.jpg",
        "fixtures/images/animated.gif",
        "fixtures/video/h264-aac.mp4",
        "fixtures/video/rotated-90.mov",
        "fixtures/audio/vbr.mp3",
        "data:image/png;base64,iVBORw0KGgo=",
        "data:,x",
    ]
    .map(str::to_owned)
    .into();
    let paths = ["/image/640x480.png", "/file/video/vp9.mp4", "/status/404", "/type/text%2Fhtml", "/fault/chunked"];
    words.extend(paths.map(|path| server.url("cdn", path)));
    words.extend([server.url("refuses", "/"), server.url("expired", "/image/1x1.png")]);
    for depth in ["full", "header", "head"] {
        let check = || program().arg("check").args(server.flags()).args(["--depth", depth]).args(&words);
        expect_fits(&check().args(["-f", "json"]).run().exit_code(1).json());
        let lines = check().args(["-f", "jsonl"]).run().exit_code(1).json_lines();
        assert_eq!(lines.len(), words.len());
        for line in &lines {
            expect_line_fits("asset", line);
        }
    }
    let list = "http://h.example/a\nhttps://h.example/b\n";
    expect_fits(&program().args(["check", "--offline", "-f", "json", "-"]).stdin(list).run().json());
    expect_fits(&program().args(["check", "-f", "json", "-"]).run().exit_code(0).json());
}

#[test]
fn a_first_line_with_its_run_matches_the_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.jsonl");
    for (part, words) in
        [("asset", ["check", "--strict", "http://h.com/a.png"]), ("request", ["body", "--strict", "-"])]
    {
        program().args(words).args(["--offline", "-f", "jsonl", "-o"]).arg(&path).stdin("null").run();
        let line: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("one line of JSON");
        assert_eq!(line["run"]["flags"], json!(["--offline", "--strict"]));
        expect_line_fits(part, &line);
    }
}

#[test]
fn body_output_matches_the_schema() {
    let server = Server::start();
    let url = |path: &str| server.url("cdn", path);
    let bodies = [
        json!({"model": "gen4_turbo", "promptImage": url("/status/404"), "ratio": "1280:720"}),
        json!({"model": "gen4_turbo", "promptImage": url("/image/640x480.png"), "ratio": "1:1", "duraton": 5}),
        json!({"model": "gen4_turbo", "promptImage": url("/image/640x480.png"), "ratio": "1280:720"}),
        json!({"model": "aleph2", "videoUri": url("/file/video/h264-aac.mp4"), "promptText": "x"}),
        json!({"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 5}),
        json!(null),
        json!({"nodeOutputs": {"a": {"b": {"type": "image", "uri": "http://h.example/"}, "c": 1}}}),
    ];
    let mut text: String = bodies.map(|body| body.to_string() + "\n").concat();
    text += "{\"model\":\"gen4.5\",\"model\":\"gen4.5\",\"promptText\":\"x\",\"ratio\":\"1280:720\",\"duration\":5}\n";
    let body = || program().arg("body").args(server.flags()).arg("-").stdin(text.as_str());
    let document = body().args(["-f", "json"]).run().exit_code(1).json();
    expect_fits(&document);
    assert_eq!(document["summary"]["requests"], 8);
    assert_eq!(document["summary"]["assets"].as_u64(), document["assets"].as_array().map(|assets| assets.len() as u64));
    let lines = body().args(["-f", "jsonl"]).run().exit_code(1).json_lines();
    assert_eq!(lines.len(), 8);
    for line in &lines {
        expect_line_fits("request", line);
    }
}

#[test]
fn diagnose_output_matches_the_schema() {
    let server = Server::start();
    let schema = closed_diagnosis();
    let diagnose = |flags: &[&str], url: &str| {
        let run = program().args(["diagnose", "-f", "json", "--timeout", "2s"]).args(flags).args(server.flags());
        run.arg(url).run().json()
    };
    for (host, path) in [
        ("cdn", "/fault/good"),
        ("cdn", "/status/404"),
        ("cdn", "/fault/silent"),
        ("cdn", "/fault/chunked"),
        ("cdn", "/file/video/vp9.mp4"),
        ("with-intermediate", "/fault/good"),
        ("expired", "/fault/good"),
        ("refuses", "/"),
    ] {
        expect_fits_in(&schema, &diagnose(&[], &server.url(host, path)));
    }
    expect_fits_in(&schema, &diagnose(&[], "http://h.example/a"));
    expect_fits_in(&schema, &diagnose(&[], "https://h h/"));
    let mut document = diagnose(&["--model", "gen4_turbo"], &server.url("cdn", "/fault/good"));
    for at in ["", "/tls", "/timing/head", "/clients/0", "/asset"] {
        let mut wrong = document.clone();
        wrong.pointer_mut(at).expect(at)["extra"] = json!(1);
        assert!(std::panic::catch_unwind(|| expect_fits_in(&schema, &wrong)).is_err(), "an unknown key passes at {at}");
    }
    document["timing"]["total_ms"] = json!(-1);
    assert!(std::panic::catch_unwind(|| expect_fits_in(&schema, &document)).is_err(), "time runs backwards");
}
