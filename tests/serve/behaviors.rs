//! Behaviors that a test can request: responses, broken connections, failed tasks; and the journal of requests.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{CREDENTIALS, Server};
use super::{VIDEO, video};
use crate::program::program;

const TASKS: &str = "/v1/tasks/x";

#[test]
fn a_queued_answer_is_given_once_and_then_the_usual_one() {
    let server = Server::start(&[]);
    let next = json!({"match": {"method": "GET", "path": "/v1/tasks/*"}, "status": 429, "headers": {"Retry-After": "1"}, "body": {"error": "x"}});
    assert_eq!(server.control("next", &next).status, 204);
    assert_eq!(server.call("GET", "/v1/organization", &Value::Null).status, 200);
    let answer = server.call("GET", TASKS, &Value::Null);
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("1")));
    assert_eq!(answer.body, br#"{"error":"x"}"#);
    assert_eq!(server.call("GET", TASKS, &Value::Null).status, 404);
}

#[test]
fn connections_break_and_answers_wait_as_asked() {
    let server = Server::start(&[]);
    let ask = || server.send("GET", "/v1/organization", "", b"");
    server.control("next", &json!({"close": true}));
    assert_eq!(ask(), None);
    server.control("next", &json!({"truncate": 10}));
    let mut connection = server.connect();
    connection.write(b"GET /v1/organization HTTP/1.1\r\nHost: h\r\n\r\n");
    // The header announces more than comes.
    assert_eq!(connection.answer("GET"), None);
    server.control("next", &json!({"delay_ms": 400}));
    let start = Instant::now();
    assert_eq!(ask().map(|answer| answer.status), Some(401));
    assert!(start.elapsed() >= Duration::from_millis(400));
}

#[test]
fn an_answer_without_a_body_is_not_truncated() {
    let server = Server::start(&[]);
    let length = |method: &str, path: &str| {
        let answer = server.call(method, path, &Value::Null);
        (answer.status, answer.header("content-length").map(str::to_owned))
    };
    let whole = length("HEAD", "/v1/organization");
    server.control("next", &json!({"truncate": 5}));
    assert_eq!(length("HEAD", "/v1/organization"), whole);
    let id = server.create(VIDEO, &video());
    server.control("next", &json!({"truncate": 5}));
    assert_eq!(length("DELETE", &format!("/v1/tasks/{id}")), (204, None));
}

#[test]
fn a_request_whose_client_gave_up_is_in_the_journal_and_was_done() {
    let server = Server::start(&[]);
    server.control("next", &json!({"delay_ms": 60_000}));
    let mut connection = server.connect();
    let body = video().to_string();
    let head = format!("POST /v1/{VIDEO} HTTP/1.1\r\nHost: h\r\n{CREDENTIALS}Content-Length: {}\r\n\r\n", body.len());
    connection.write(format!("{head}{body}").as_bytes());
    // Another one gives up before its body is complete.
    let mut incomplete = server.connect();
    incomplete.write(b"POST /v1/uploads HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{");
    std::thread::sleep(Duration::from_millis(300));
    drop((connection, incomplete));
    let start = Instant::now();
    let mut paths = Vec::new();
    while paths.len() < 2 && start.elapsed() < Duration::from_secs(10) {
        let journal = server.journal();
        let requests = journal["requests"].as_array().expect("a list");
        assert!(requests.iter().all(|request| request["path"] != "/v1/text_to_video" || request["status"].is_null()));
        paths = requests.iter().map(|request| request["path"].to_string()).collect();
        paths.sort();
    }
    assert_eq!(paths, ["\"/v1/text_to_video\"", "\"/v1/uploads\""]);
    let used = server.call("GET", "/v1/organization", &Value::Null).json();
    assert_eq!(used["usage"]["models"]["gen4.5"]["dailyGenerations"], 1);
}

#[test]
fn the_clock_takes_an_object_within_its_limits() {
    let server = Server::start(&[]);
    let refused = |body: Value, sentence: &str| {
        let answer = server.control("clock", &body);
        assert!(answer.status == 400 && answer.error().contains(sentence), "{body}: {answer:?}");
    };
    refused(json!([5]), "the body must be one JSON object");
    refused(json!({"advance": 5}), "unknown field `advance`, expected `advance_s`");
    let limits = "`advance_s` must be a number of seconds between 0 and 3162240000";
    for seconds in [json!(-1), json!(1e300), json!("5"), json!(null), json!(3_162_240_001_u64)] {
        refused(json!({"advance_s": seconds}), limits);
    }
    assert_eq!(server.control("clock", &json!({"advance_s": 3_162_240_000_u64})).status, 200);
    refused(json!({"advance_s": 1}), "the clock can be moved by 3162240000 seconds in all");
}

#[test]
fn a_task_fails_as_asked() {
    let server = Server::start(&[]);
    server.control("next", &json!({"failureCode": "SAFETY.INPUT.TEXT", "failure": "Flagged."}));
    server.control("next", &json!({"failureCode": null, "failure": "No."}));
    server.control("next", &json!({"cancelled": true}));
    let ended = || server.poll(&server.create(VIDEO, &video()));
    let failed = ended();
    assert_eq!(
        (&failed["status"], &failed["failureCode"], &failed["failure"]),
        (&json!("FAILED"), &json!("SAFETY.INPUT.TEXT"), &json!("Flagged."))
    );
    let failed = ended();
    assert_eq!((&failed["status"], failed.get("failureCode")), (&json!("FAILED"), Some(&Value::Null)));
    assert_eq!(ended()["status"], "CANCELLED");
    assert_eq!(ended()["status"], "SUCCEEDED");
}

#[test]
fn a_mistake_in_a_behavior_is_400_and_in_a_scenario_exit_2() {
    let server = Server::start(&[]);
    let refused = |body: Value, sentence: &str| {
        let answer = server.control("next", &body);
        assert!(answer.status == 400 && answer.error().contains(sentence), "{body}: {answer:?}");
    };
    refused(json!({"status": 429, "staus": 1}), "unknown field `staus`");
    refused(json!({}), "no effect is set");
    refused(json!([{"status": 500}]), "the body must be one JSON object");
    let scenario = server.folder.path().join("scenario.toml");
    let case = |text: &str, sentence: &str| {
        std::fs::write(&scenario, text).expect("a file");
        program()
            .args(["serve", "--scenario"])
            .arg(&scenario)
            .run()
            .exit_code(2)
            .stdout_is("")
            .stderr_contains(sentence);
    };
    case("[[next]]\nstatus = 429\nstaus = 1\n", "scenario.toml:3:1: unknown field `staus`");
    case("[[next]]\nstatus = 429\n\n[[next]]\ntimes = 2\n", "scenario.toml:4:1: no effect is set");
    case("[[next]\n", "scenario.toml:1:");
    program().args(["serve", "--scenario", "missing.toml"]).run().exit_code(2).stderr_contains("cannot be read");
}

#[test]
fn a_scenario_holds_from_the_start_and_after_each_reset() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scenario.toml");
    std::fs::write(&path, "[[next]]\nmatch = {path = \"/v1/tasks/x\"}\nstatus = 503\n").expect("a file");
    let server = Server::start(&["--scenario", path.to_str().expect("UTF-8")]);
    let statuses = || [(); 2].map(|()| server.call("GET", TASKS, &Value::Null).status);
    assert_eq!(statuses(), [503, 404]);
    server.control("reset", &Value::Null);
    assert_eq!(statuses(), [503, 404]);
}

#[test]
fn the_journal_has_requests_and_no_secrets() {
    let server = Server::start(&[]);
    let body = json!({
        "model": "gen4_turbo", "ratio": "1280:720", "promptText": "a cat", "token": "canary",
        "promptImage": "http://user:canary@h.com/a.png?X-Amz-Signature=canary",
        "other": "data:image/png;base64,canarycanary",
    });
    server.call("POST", "/v1/image_to_video", &body);
    server.call("GET", "/v1/organization?cursor=canary", &Value::Null);
    let journal = server.journal();
    assert!(!journal.to_string().contains("canary"), "{journal}");
    let request = &journal["requests"][0];
    assert_eq!(
        (&request["method"], &request["path"], &request["status"]),
        (&json!("POST"), &json!("/v1/image_to_video"), &json!(400))
    );
    assert_eq!(request["body"]["promptText"], "a cat");
    assert!(request["at_ms"].is_u64());
    assert_eq!(journal["requests"][1]["path"], "/v1/organization");
}

#[test]
fn a_web_page_cannot_steer_the_server() {
    let server = Server::start(&[]);
    let answer = server.send("POST", "/__preflight/reset", "Origin: https://example.com\r\n", b"").expect("an answer");
    assert_eq!(answer.status, 403);
    let described = server.send("GET", "/__preflight", "", b"").expect("an answer").json();
    let paths = described["endpoints"].as_array().expect("a list").iter().map(|endpoint| endpoint["path"].as_str());
    let expected = ["", "/next", "/requests", "/reset", "/clock"].map(|path| format!("/__preflight{path}"));
    assert!(paths.eq(expected.iter().map(|path| Some(path.as_str()))));
}
