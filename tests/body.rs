//! Request bodies through the real binary: the position of each finding, the predicted response, the exit code.

mod formats;
mod memory;
mod newest;
mod recorded;
mod unreadable;

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Outcome, program};
use crate::server::Server;

/// Checks a body from standard input, without network.
fn offline(body: impl Into<Vec<u8>>, flags: &[&str]) -> Outcome {
    program().args(["body", "--offline", "-"]).args(flags).stdin(body).run()
}

/// Checks a body from standard input against the server.
fn online(server: &Server, body: &Value, flags: &[&str]) -> Outcome {
    program().arg("body").args(server.flags()).args(flags).arg("-").stdin(body.to_string()).run()
}

/// Returns field, line and column of every schema issue, in the API's order.
fn issues(outcome: &Outcome) -> Vec<(String, u64, u64)> {
    let document = outcome.json();
    let issues = document["requests"][0]["issues"].as_array().expect("issues");
    let text = |issue: &Value| issue["field"].as_str().unwrap_or_default().to_owned();
    let number = |issue: &Value, name: &str| issue["location"][name].as_u64().expect("a number");
    issues.iter().map(|issue| (text(issue), number(issue, "line"), number(issue, "column"))).collect()
}

/// Returns the predicted response.
fn predicted(outcome: &Outcome) -> Value {
    outcome.json()["requests"][0]["predicted"].clone()
}

/// A body with five invalid fields and a valid one.
const FIVE: &str = r#"{
  "model": "gen4_turbo",
  "promptImage": ["é", {"uri": 7, "position": "first"}],
  "promptText": "",
  "ratio": "16:9",
  "duration": 99,
  "seed": -1
}"#;

#[test]
fn five_invalid_fields_are_five_findings_at_their_positions() {
    let case = |text: &str, expected: [(&str, u64, u64); 5]| {
        let found = issues(&offline(text, &["-f", "json"]).exit_code(1));
        let expected = expected.map(|(field, line, column)| (field.to_owned(), line, column));
        let mut found: Vec<_> = found;
        found.sort_by_key(|(_, line, column)| (*line, *column));
        assert_eq!(found, expected, "{text}");
    };
    let pretty =
        [("promptImage", 3, 18), ("promptText", 4, 17), ("ratio", 5, 12), ("duration", 6, 15), ("seed", 7, 11)];
    case(FIVE, pretty);
    case(&FIVE.replace('\n', "\r\n"), pretty);
    let marked = FIVE.replacen('{', "\u{feff}{", 1);
    case(&marked, pretty);
    let minified = FIVE.replace(['\n', ' '], "");
    let column = |key: &str| {
        let start = minified.find(&format!("\"{key}\":")).expect("the key");
        minified[..start].chars().count() as u64 + key.len() as u64 + 4
    };
    let of = |key: &'static str| (key, 1, column(key));
    case(&minified, [of("promptImage"), of("promptText"), of("ratio"), of("duration"), of("seed")]);
}

#[test]
fn every_finding_has_its_position_and_the_true_source_line() {
    let outcome = program().args(["body", "--offline", "fixtures/bodies/five-bad-fields.json"]).run().exit_code(1);
    let outcome = outcome
        .line("error[schema] [api]: promptText: Too small: expected string to have >=1 characters")
        .line("error[schema]: duration: Too big: expected number to be <=10")
        .line("error[not-https]: promptImage: Only HTTPS URLs are allowed.")
        .line("  --> fixtures/bodies/five-bad-fields.json:6:15")
        .stdout_contains("^^")
        .stdout_contains("image_to_video (detected), gen4_turbo");
    // The issue of the ratio is fatal, so the API does not fetch the asset.
    outcome
        .stdout_contains("hidden until the schema errors are fixed")
        .stdout_contains("1 request with 1 asset: 1 rejected");
}

#[test]
fn a_defect_of_the_text_is_a_warning_or_an_error_with_its_position() {
    let good = r#"{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":5}"#;
    offline(good, &[]).exit_code(0).stderr_is_empty().stdout_contains("accepted");
    offline(format!("\u{feff}{good}"), &["-f", "concise"])
        .exit_code(0)
        .stdout_contains("-:1:1: text_to_video: warning[byte-order-mark]");
    offline(format!("\u{feff}{good}"), &["--strict"]).exit_code(1);
    let twice = r#"{"model":"gen4.5","promptText":"x","ratio":"1:1",
 "ratio":"1280:720","duration":5}"#;
    offline(twice, &["-f", "concise"])
        .exit_code(0)
        .stdout_contains("-:2:2: text_to_video: warning[duplicate-key]: ratio: ");
    let half = r#"{"model":"gen4.5","ratio":"1280:720","duration":5,"promptText":"#;
    let prompt = |length: usize| format!("{half}\"{}\\ud83d\"}}", "x".repeat(length));
    offline(prompt(999), &["-f", "concise"])
        .exit_code(0)
        .stdout_contains("-:1:64: text_to_video: warning[lone-surrogate]");
    offline(prompt(1000), &["-f", "concise"]).exit_code(1).stdout_contains("error[schema]: promptText: Too big");
    let refused = |text: &[u8], sentence: &str| drop(offline(text, &[]).exit_code(2).stderr_contains(sentence));
    refused(b"{\"a\": 1,}", "error: -:1:9: not JSON");
    refused(b"{\n\"a\": \"\xff\"}", "error: -:2:7: not UTF-8");
    refused(b"", "error: -:1:1: the text is empty");
    refused("[".repeat(100_000).as_bytes(), "nested deeper than 127 levels");
    refused(
        &[&good.as_bytes()[..1], &vec![b' '; (64 << 20) + 1], &good.as_bytes()[1..]].concat(),
        "more than the 67108864",
    );
}

#[test]
fn a_body_that_is_not_an_object_gets_the_apis_issue() {
    let case = |text: &str, received: &str| {
        let expected = json!({
            "error": "Validation of body failed",
            "issues": [{
                "code": "invalid_type",
                "expected": "object",
                "path": [],
                "message": format!("Invalid input: expected object, received {received}"),
            }],
            "docUrl": "https://docs.dev.runwayml.com/api",
        });
        offline(text, &["-f", "api"]).exit_code(1).stdout_is(&format!("{expected}\n"));
        offline(text, &[])
            .exit_code(1)
            .line(&format!("error[schema]: Invalid input: expected object, received {received}"));
    };
    case("null", "null");
    case("[]", "array");
    case("\"x\"", "string");
    case("1", "number");
}

#[test]
fn the_endpoint_is_detected_or_required() {
    let both = r#"{"model":"seed_audio","promptText":"x"}"#;
    offline(both, &[])
        .exit_code(2)
        .stderr_contains("-:1:1: the body matches several endpoints: sound_effect, text_to_speech");
    offline(both, &["--endpoint", "sound_effect", "-f", "json"]).exit_code(0);
    offline("{}", &[]).exit_code(2).stderr_contains("no known endpoint accepts such a body");
    offline("{}", &["--endpoint", "text_to_speech"]).exit_code(1);
    offline("{}", &["--endpoint", "image_to_vido"]).exit_code(2).stderr_contains("did you mean image_to_video?");
    // One that is newer than the rules: what does not depend on it is checked.
    let newer = ["--endpoint", "lip_sync"];
    let note = "note: --endpoint lip_sync: not among the endpoints of 2026-";
    offline("{}", &newer)
        .exit_code(3)
        .stderr_contains(note)
        .stdout_contains("undecided")
        .stdout_contains("lip_sync is not among the endpoints of 2026-");
    offline(r#"{"promptImage": "http://x.example/a.png", "site": "http://x.example/"}"#, &newer)
        .exit_code(1)
        .stdout_contains("promptImage")
        .stdout_contains("1 request with 1 asset: 1 rejected");
    offline("[]", &newer).exit_code(1).stdout_contains("expected object, received array");
    let detected = offline(FIVE, &["-f", "json"]).json();
    assert_eq!(detected["requests"][0]["detected"], true);
}

/// Values that people send in place of a URL.
#[test]
fn a_path_and_bare_base64_get_a_hint_what_to_write() {
    let case = |image: &str, hint: &str| {
        let body = format!(r#"{{"model":"gen4_turbo","promptImage":"{image}","ratio":"1280:720"}}"#);
        offline(body, &["--format", "text"])
            .exit_code(1)
            .stdout_contains("promptImage: Invalid URL")
            .stdout_contains(hint);
    };
    let encode = "`runway-preflight encode FILE` prints its data URI.";
    case("photos/a.png", encode);
    case("/home/me/a.png", encode);
    let payload = "A".repeat(80);
    case(&format!("iVBORw0KGgo{payload}"), "Write data:image/png;base64, before it: this is bare base64.");
    case(&format!("/9j/{payload}"), "Write data:image/jpeg;base64, before it: this is bare base64.");
    case(&format!("UklGR{payload}"), "Write data:image/webp;base64, before it: this is bare base64.");
    // A whole image is longer than any URL, which is reported first.
    for length in [3000, 100_000] {
        let image = format!("iVBORw0KGgo{}", "A".repeat(length));
        let body = format!(r#"{{"model":"gen4_turbo","promptImage":"{image}","ratio":"1280:720"}}"#);
        let outcome = offline(body, &["--format", "text"]).exit_code(1).stdout_contains("error[url-too-long]");
        outcome.stdout_contains("hint:  Write data:image/png;base64, before it: this is bare base64.");
    }
}

#[test]
fn similar_names_are_suggested() {
    let body = r#"{"model":"gen4_turbo","promptImgae":"x","promptImage":"https://h.example/a.png","ratio":"1280:721"}"#;
    offline(body, &[]).exit_code(1).stdout_contains("Did you mean 1280:720?");
    let strict = r#"{"model":"veo3.1","promptImage":"https://h.example/a.png","ratio":"1280:720","duraton":4}"#;
    offline(strict, &[]).exit_code(1).stdout_contains("Did you mean duration?");
    let model = r#"{"model":"gen4_tubro","promptImage":"https://h.example/a.png","ratio":"1280:720"}"#;
    offline(model, &["--endpoint", "image_to_video"]).exit_code(1).stdout_contains("Did you mean gen4_turbo?");
}

#[test]
fn files_and_lines_are_checked_in_order_and_a_file_that_is_not_json_does_not_stop_them() {
    let line = r#"{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":5}"#;
    let bad = r#"{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":1}"#;
    let outcome = offline(format!("{line}\n\n{bad}\r\n{line}\n"), &["-f", "concise"]).exit_code(1);
    let places: Vec<&str> = outcome.stdout.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(places, ["-:1:1", "-:3:66", "-:4:1"]);
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("a.json", line), ("b.json", "{"), ("c.json", bad)] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let run = |files: &[&str]| {
        program().args(["body", "--offline", "-f", "concise"]).args(files).current_dir(folder.path()).run()
    };
    run(&["a.json"]).exit_code(0);
    run(&["a.json", "c.json"]).exit_code(1);
    run(&["a.json", "c.json", "--exit-zero"]).exit_code(0);
    let outcome = run(&["a.json", "b.json", "c.json"]).exit_code(2).stderr_contains("error: b.json:1:2: ");
    assert_eq!(outcome.stdout.lines().count(), 1);
    assert_eq!(run(&["c.json", "a.json", "--fail-fast"]).exit_code(1).stdout.lines().count(), 1);
    run(&["-", "-"]).exit_code(2).stderr_contains("only once");
    let full = fs::File::options().write(true).open("/dev/full").expect("a full device");
    program().args(["body", "--offline", "fixtures/bodies/five-bad-fields.json"]).stdout(full).run().exit_code(4);
}

#[test]
fn the_predicted_response_equals_a_live_one() {
    let server = Server::start();
    let answer = |issues: &str| {
        let text = format!(
            r#"{{"error":"Validation of body failed","issues":[{issues}],"docUrl":"https://docs.dev.runwayml.com/api"}}"#
        );
        format!("{text}\n")
    };
    let url = |path: &str| server.url("cdn", path);
    let clip = url("/status/404");
    let body = json!({"model": "ruby", "videoUri": clip});
    online(&server, &body, &["-f", "api"]).exit_code(1).stdout_is(&answer(
        r#"{"code":"custom","message":"Failed to fetch asset. Received HTTP response code \"404\".","path":["videoUri"]}"#,
    ));
    let body = json!({
        "model": "seedance2", "promptText": "x",
        "references": [{"uri": url("/status/403")}],
    });
    let body_of_t2v = online(&server, &body, &["-f", "api", "--endpoint", "text_to_video"]).exit_code(1);
    body_of_t2v.stdout_is(&answer(
        r#"{"code":"custom","message":"Failed to fetch asset. Received HTTP response code \"403\".","path":["references","[0]",".uri"]}"#,
    ));
    let body = json!({"model": "aleph2", "videoUri": url("/file/video/h264-aac.mp4"), "promptText": "x"});
    online(&server, &body, &["-f", "api"]).exit_code(1).stdout_is(&answer(
        r#"{"code":"too_small","minimum":2,"type":"number","inclusive":true,"origin":"number","message":"Asset duration must be at least 2 seconds","path":["videoUri"]}"#,
    ));
    offline("{}", &["-f", "api", "--endpoint", "text_to_speech"]).exit_code(1).stdout_is(&answer(concat!(
        r#"{"expected":"string","code":"invalid_type","path":["model"],"message":"Invalid input: expected string, received undefined"},"#,
        r#"{"code":"invalid_union","errors":[],"note":"No matching discriminator","discriminator":"model","path":["model"],"message":"Invalid input"}"#,
    )));
    let body = json!({"model": "gen4_turbo", "promptImage": url("/image/640x480.png"), "ratio": "1280:720"});
    online(&server, &body, &["-f", "api"]).exit_code(0).stdout_is("").without_network_note();
}

impl Outcome {
    /// Expects only the note about the test server's flags on standard error.
    #[track_caller]
    fn without_network_note(self) {
        assert_eq!(self.stderr.lines().count(), 1, "{self}");
    }
}

#[test]
fn assets_are_checked_after_non_fatal_issues_only() {
    let url = "http://h.example/a.png";
    let paths = |body: &Value| {
        let predicted = predicted(&offline(body.to_string(), &["-f", "json"]).exit_code(1));
        let issues = predicted["body"]["issues"].as_array().expect("issues").clone();
        issues.iter().map(|issue| issue["path"].to_string()).collect::<Vec<_>>()
    };
    let soft = json!({"model": "gen4_turbo", "promptImage": url, "ratio": "1280:720", "seed": -1});
    assert_eq!(paths(&soft), [r#"["seed"]"#, r#"["promptImage"]"#]);
    let hard = json!({"model": "gen4_turbo", "promptImage": url, "ratio": "1:1", "seed": -1});
    assert_eq!(paths(&hard), [r#"["seed"]"#, r#"["ratio"]"#]);
    // The schema itself rejects an asset that is too long, with its own message.
    let long = format!("https://h.example/{}", "a".repeat(2048));
    let body = json!({"model": "gen4_turbo", "promptImage": [{"uri": long, "position": "first"}], "ratio": "1:1"});
    let issue = json!({
        "origin": "string", "code": "too_big", "maximum": 2048, "inclusive": true, "path": ["promptImage", 0, "uri"],
        "message": "Too big: expected string to have <=2048 characters",
    });
    assert_eq!(predicted(&offline(body.to_string(), &["-f", "json"]))["body"]["issues"][1], issue);
    // `--strict` does not change the predicted response.
    let remarkable =
        json!({"model": "gen4_turbo", "promptImage": "https://cdn.example.com./a.png", "ratio": "1280:720"});
    let outcome = offline(remarkable.to_string(), &["-f", "json", "--strict"]).exit_code(1);
    assert_eq!(predicted(&outcome), json!({"status": 200, "body": null}));
}

#[test]
fn the_same_url_is_fetched_once() {
    let server = Server::start();
    let url = server.url("cdn", "/image/640x480.png");
    let image = json!({"uri": url});
    let body = json!({"model": "seedance2_5", "promptText": "x", "references": vec![image; 30]});
    let lines = format!("{body}\n").repeat(34);
    let flags = ["--endpoint", "text_to_video", "-f", "json", "-"];
    let outcome = program().arg("body").args(server.flags()).args(flags).stdin(lines).run().exit_code(0);
    let document = outcome.within(Duration::from_secs(30)).json();
    assert_eq!(document["summary"]["assets"], 1020);
    let fetched = document["assets"].as_array().expect("assets").iter();
    assert!(fetched.map(|asset| &asset["observed"]["get"]["bytes"]).all(Value::is_u64), "each has what was seen");
    let methods: Vec<String> = server.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(methods, ["HEAD", "GET"]);
}

#[test]
fn assets_are_checked_for_their_field_and_model() {
    let server = Server::start();
    let url = |path: &str| server.url("cdn", path);
    let says = |body: &Value, flags: &[&str], sentence: &str| online(&server, body, flags).stdout_contains(sentence);
    let tall = json!({"model": "gen4_turbo", "promptImage": url("/file/images/1170x2532.jpg"), "ratio": "1280:720"});
    says(
        &tall,
        &[],
        "promptImage: Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2.358. Got 0.462.",
    )
    .exit_code(1);
    let wide = json!({"model": "gen4_turbo", "promptImage": url("/image/640x480.png"), "ratio": "1280:720"});
    says(&wide, &[], "cropping it to a ratio of 1.778 removes 25.0 % at the top and bottom")
        .exit_code(0)
        .stdout_contains("warning[cropped]");
    let same = json!({"model": "gen4_turbo", "promptImage": url("/image/1920x1080.png"), "ratio": "1280:720"});
    online(&server, &same, &[]).exit_code(0).output_lacks("cropped");
    // A character may be an image or a video, a reference performance only a video.
    let act = |character: &str, kind: &str| {
        json!({
            "model": "act_two",
            "character": {"type": kind, "uri": url(character)},
            "reference": {"type": "video", "uri": url("/image/640x480.png")},
        })
    };
    let outcome = online(&server, &act("/image/640x480.png", "image"), &["-f", "json"]).exit_code(1).json();
    assert_eq!(outcome["assets"][0]["verdict"], "accepted");
    assert_eq!(outcome["assets"][1]["reason"], "Unsupported Content-Type response header: \"image/png\".");
    // A path in a body does not name a file.
    let local = json!({"model": "gen4_turbo", "promptImage": "fixtures/images/photo.png", "ratio": "1280:720"});
    says(&local, &[], "promptImage: Invalid URL").exit_code(1);
}

#[test]
fn rules_between_media_are_reported_at_their_field() {
    let server = Server::start();
    let clip = server.url("cdn", "/file/video/h264-aac.mp4");
    let document = online(&server, &json!({"model": "ruby", "videoUri": clip}), &["-f", "json"]).json();
    let played = document["assets"][0]["observed"]["media"]["duration_s"].as_f64().expect("a duration");
    let keyframe = json!({"uri": server.url("cdn", "/image/640x480.png"), "seconds": played + 0.5});
    let body = json!({"model": "aleph2", "videoUri": clip, "promptText": "x", "keyframes": [keyframe]});
    online(&server, &body, &["-f", "concise"])
        .exit_code(1)
        .stdout_contains("error[field-conflict]: keyframes[0].seconds: ");
}

#[test]
fn errors_without_a_published_sentence_are_predicted_with_our_code() {
    let body = json!({
        "model": "veo3.1", "ratio": "1280:720", "duration": 4,
        "promptImage": [{"uri": "https://cdn.example.com/a.png", "position": "last"}],
    });
    offline(body.to_string(), &["-f", "concise"]).exit_code(1).stdout_contains("error[field-conflict]: ");
    let outcome = offline(body.to_string(), &["-f", "json"]).exit_code(1);
    let issues = json!([{"code": "custom", "message": "[field-conflict]", "path": ["promptImage"]}]);
    assert_eq!(predicted(&outcome)["body"]["issues"], issues);
    offline(body.to_string(), &["-f", "api"]).exit_code(1).stdout_contains(r#""message":"[field-conflict]""#);
}
