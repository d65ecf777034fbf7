//! Request bodies and pasted responses as JSON, through the real binary.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Outcome, program};

/// Returns a valid body with another duration.
fn lasting(duration: &str) -> String {
    format!(r#"{{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":{duration}}}"#)
}

fn with_prompt(text: &str) -> String {
    lasting("5").replacen("\"x\"", &format!("\"{text}\""), 1)
}

fn checked(body: impl Into<Vec<u8>>) -> Outcome {
    program().args(["body", "--offline", "-f", "concise", "-"]).stdin(body).run()
}

/// Case, body, exit code, and a line of the output or of standard error.
type Row = (&'static str, Vec<u8>, i32, &'static str);

fn rows() -> Vec<Row> {
    let deep = |depth: usize| {
        let nested = format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        lasting("5").replacen('{', &format!("{{\"deep\":{nested},"), 1).into_bytes()
    };
    let image = |value: &str| format!(r#"{{"model":"gen4_turbo","promptImage":{value},"ratio":"1280:720"}}"#);
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let image = |value: &str| image(value).into_bytes();
    vec![
        ("J01", b"".to_vec(), 2, "error: -:1:1: the text is empty"),
        ("J01", b" \n ".to_vec(), 2, "error: -:"),
        ("J01", b"null".to_vec(), 1, "Invalid input: expected object, received null"),
        ("J01", b"[]".to_vec(), 1, "Invalid input: expected object, received array"),
        ("J01", b"\"x\"".to_vec(), 1, "Invalid input: expected object, received string"),
        ("J01", b"{} {}".to_vec(), 2, "error: -:1:4: more text after the end"),
        ("J01", b"{\"a\": [1,]}".to_vec(), 2, "error: -:1:10: not JSON: trailing comma"),
        ("J01", b"{\"a\": 1, // x\n\"b\": 2}".to_vec(), 2, "error: -:1:10: not JSON"),
        ("J02", format!("\u{feff}{}", lasting("5")).into_bytes(), 0, "warning[byte-order-mark]"),
        ("J02", utf16, 2, "error: -:1:1: the text is UTF-16"),
        ("J02", b"{\"a\": \"\xff\"}".to_vec(), 2, "error: -:1:8: not UTF-8"),
        ("J02", with_prompt("\\ud800").into_bytes(), 0, "warning[lone-surrogate]"),
        ("J02", with_prompt("\\u0000").into_bytes(), 0, "accepted"),
        ("J03", lasting("1,\"duration\":5").into_bytes(), 0, "-:1:68: text_to_video: warning[duplicate-key]"),
        ("J03", lasting("5,\"duration\":1").into_bytes(), 1, "duration: Too small"),
        ("J04", deep(127), 0, "accepted"),
        ("J04", deep(128), 2, "nested deeper than 127 levels"),
        ("J04", deep(129), 2, "nested deeper than 127 levels"),
        ("J04", deep(100_000), 2, "nested deeper than 127 levels"),
        ("J05", lasting("1e400").into_bytes(), 2, "error: -:1:70: a number too large"),
        ("J05", lasting("-0").into_bytes(), 1, "duration: Too small"),
        ("J05", lasting("9007199254740993").into_bytes(), 1, "duration: Too big"),
        ("J05", lasting(&"9".repeat(30)).into_bytes(), 1, "duration: Too big"),
        ("J05", lasting("5.0").into_bytes(), 0, "accepted"),
        ("J05", lasting("5.5").into_bytes(), 1, "duration: Invalid input: expected int, received number"),
        ("J05", lasting("\"5\"").into_bytes(), 1, "duration: Invalid input: expected number, received string"),
        ("J05", lasting("NaN").into_bytes(), 2, "error: -:1:66: not JSON"),
        ("J07", image("7"), 1, "-:1:37: image_to_video: error[schema]: promptImage: Invalid input"),
        ("J07", image("{}"), 1, "-:1:37: image_to_video: error[schema]: promptImage: Invalid input"),
        (
            "J07",
            image("[{\"uri\":\"http://h.example.org/\",\"position\":\"first\"}]"),
            1,
            "-:1:45: http://h.example.org/: error[not-https]: promptImage[0].uri: Only HTTPS URLs are allowed.",
        ),
        ("J10", image("\"file:///etc/passwd\""), 1, "promptImage: Only HTTPS URLs are allowed."),
        ("J10", image("{\"$ref\":\"file:///etc/passwd\"}"), 1, "promptImage: Invalid input"),
        ("J10", image("\"/etc/passwd\""), 1, "promptImage: Invalid URL"),
        ("J10", lasting("5,\"__proto__\":{\"duration\":1}").into_bytes(), 0, "accepted"),
        ("J11", image(r#""data:image\/png;base64,aG\u002bA""#), 1, "unreadable-media"),
        ("J11", image(r#""https:\/\/cdn.example.org\/a.png""#), 0, "not fetched"),
    ]
}

#[test]
fn every_body_has_the_result_of_its_row() {
    for (case, body, code, said) in rows() {
        let shown = String::from_utf8_lossy(body.get(..200).unwrap_or(&body)).into_owned();
        let outcome = checked(body);
        let told = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.status == code && told.contains(said), "{case} {shown}: wanted {code} and `{said}`\n{outcome}");
    }
}

#[test]
fn j06_a_long_body_takes_linear_time_and_is_capped() {
    let keys: Vec<String> = (0..100_000).map(|n| format!("\"k{n}\":0")).collect();
    let many = lasting(&format!("5,{}", keys.join(",")));
    checked(many).exit_code(0).within(Duration::from_secs(30));
    let long = with_prompt(&"a".repeat(16 << 20));
    checked(long).exit_code(1).stdout_contains("promptText: Too big").within(Duration::from_secs(30));
    checked(with_prompt(&"a".repeat((64 << 20) + 1))).exit_code(2).stderr_contains("more than the 67108864");
}

#[test]
fn j07_j08_the_first_of_ten_thousand_mentions_of_one_url_are_listed() {
    let image = json!({"uri": "http://h.example.org/a.png"});
    let body = json!({"model": "seedance2_5", "promptText": "x", "references": vec![image; 10_000]}).to_string();
    let outcome =
        program().args(["body", "--offline", "-f", "json", "--endpoint", "text_to_video", "-"]).stdin(body).run();
    let document = outcome.exit_code(1).json();
    let assets = document["assets"].as_array().expect("assets");
    assert_eq!((assets.len(), &assets[499]["field"]), (500, &"references[499].uri".into()));
    let lints = document["requests"][0]["findings"].as_array().expect("findings");
    let detail = &lints.iter().find(|lint| lint["code"] == "not-listed").expect("a count of the others")["detail"];
    assert_eq!(detail, "and 9,500 more assets, which were not checked");
}

#[test]
fn j09_a_prompt_is_never_echoed() {
    let prompt = "::error::x \u{1b}[2J canary ".repeat(40_000);
    let body = json!({"model": "gen4.5", "promptText": prompt, "ratio": "1280:720", "duration": 5}).to_string();
    for format in ["text", "concise", "json", "github", "api"] {
        let outcome = program().args(["body", "--offline", "-f", format, "-v", "-"]).stdin(body.as_str()).run();
        let outcome = outcome.exit_code(1).output_lacks("canary");
        assert!(outcome.stdout.len() < 10_000, "{format}");
    }
}

#[test]
fn j12_failure_codes_are_explained_by_their_longest_known_prefix() {
    let case = |code: Value, matched: &Value, retry: Option<&str>| {
        let task = json!({"id": "t", "status": "FAILED", "failureCode": code}).to_string();
        let outcome = program().args(["explain", "--format", "json", "-"]).stdin(task).run().exit_code(0);
        let found = &outcome.json()["matches"][0];
        assert_eq!((&found["matched"], &found["retry"]), (matched, &retry.into()), "{found:#}");
        assert!(outcome.stdout.len() < 2000, "{outcome}");
    };
    case("SAFETY.INPUT.NEWKIND".into(), &"SAFETY.INPUT".into(), Some("never"));
    case("safety.input.text".into(), &"SAFETY.INPUT".into(), Some("never"));
    case("INTERNAL.BAD_OUTPUT.CODE01".into(), &"INTERNAL.BAD_OUTPUT".into(), Some("may"));
    case("INPUT_PREPROCESSING.INTERNAL".into(), &"INPUT_PREPROCESSING.INTERNAL".into(), Some("after-delay"));
    case("NEW.CODE".into(), &Value::Null, None);
    case("A".repeat(3000).into(), &Value::Null, None);
    case(Value::Null, &"INTERNAL".into(), Some("after-delay"));
}
