use axum::http::Method;
use serde_json::{Value, json};

use super::queue::QueueFull;
use super::*;
use crate::serve::control_object::json_object;
use crate::serve::tasks::FailureCode;

fn read(text: &Value) -> Result<Behavior, String> {
    let members = json_object(text.to_string().as_bytes()).map_err(|error| error.to_string())?;
    Behavior::read(&members).map_err(|error| error.to_string())
}

fn queue(behaviors: &[Value]) -> BehaviorQueue {
    let mut queue = BehaviorQueue::default();
    for text in behaviors {
        queue.push(read(text).expect("a behavior"), 0).expect("room");
    }
    queue
}

#[test]
fn errors_in_behaviors_are_reported() {
    let case = |text: Value, expected: &str| {
        let error = read(&text).expect_err("a mistake");
        assert!(error.contains(expected), "{text}: {error}");
    };
    case(json!({}), "no effect is set");
    case(json!({"times": 2}), "no effect is set");
    case(json!({"status": 429, "staus": 1}), "unknown field `staus`");
    case(json!({"match": {"url": "/"}, "status": 429}), "unknown field `url`");
    case(json!({"status": 99}), "`status` must be a whole number between 200 and 599");
    case(json!({"status": 429, "times": 0}), "`times` must be a whole number between 1 and 1000000");
    case(json!({"delay_ms": 600_001}), "`delay_ms` must be a whole number between 0 and 600000");
    case(json!({"body": {}}), "`body` needs `status`");
    case(json!({"headers": {"a": "b"}, "delay_ms": 1}), "`headers` needs `status`");
    case(json!({"status": 200, "headers": {"a b": "c"}}), "`headers`");
    case(json!({"status": 200, "headers": {"a": "b\r\nc: d"}}), "`headers`");
    case(json!({"status": 200, "headers": {"Content-Length": "1"}}), "`headers`");
    case(json!({"status": 500, "close": true}), "`status` and `close` exclude each other");
    case(json!({"truncate": 5, "close": true}), "`truncate` and `close` exclude each other");
    case(json!({"failureCode": "X", "status": 500}), "`failureCode` and `status` exclude each other");
    case(json!({"failure": "X", "cancelled": true}), "`failure` and `cancelled` exclude each other");
    case(json!({"match": {"path": "v1"}, "close": true}), "`match.path`");
    case(json!({"match": {"method": "G T"}, "close": true}), "`match.method`");
    // The words are those of JSON, not of a programming language.
    case(json!([{"status": 500}]), "the body must be one JSON object");
    case(json!(5), "the body must be one JSON object");
    case(json!({"match": ["POST"], "close": true}), "`match` must be an object");
    case(json!({"match": {"path": 5}, "close": true}), "`match.path` must be a string");
    case(json!({"status": "500"}), "`status` must be a whole number between 200 and 599");
    case(json!({"status": 500.5}), "`status` must be a whole number between 200 and 599");
    case(json!({"close": "yes"}), "`close` must be true or false");
    case(json!({"truncate": -1}), "`truncate` must be a whole number between 0 and 4294967295");
    case(json!({"status": 429, "headers": {"Retry-After": 1}}), "`headers` must have strings as values");
    case(json!({"status": 429, "headers": ["a"]}), "`headers` must be an object");
    case(json!({"failureCode": 5}), "`failureCode` must be a string or null");
    case(json!({"failure": 5}), "`failure` must be a string");
    let duplicate = json_object(b"{\"status\": 500,\n \"status\": 503}").map_err(|error| error.to_string());
    assert_eq!(duplicate, Err("2:2: duplicate key `status`".to_owned()));
}

#[test]
fn null_counts_as_absent() {
    let text = json!({"match": null, "times": null, "status": 200, "body": null, "headers": null, "close": null});
    assert!(read(&text).is_ok());
}

#[test]
fn the_first_match_applies_the_given_number_of_times() {
    let mut queue = queue(&[
        json!({"match": {"path": "/v1/tasks/*"}, "status": 503}),
        json!({"status": 429, "times": 2, "headers": {"Retry-After": "1"}, "body": {"error": "x"}}),
    ]);
    let mut status = |path: &str| {
        let answer = queue.for_request(&Method::POST, path)?.answer?;
        Some((answer.status.as_u16(), answer.headers.len(), answer.body))
    };
    let limited = || Some((429, 2, r#"{"error":"x"}"#.to_owned()));
    assert_eq!(status("/v1/text_to_video"), limited());
    assert_eq!(status("/v1/tasks/1"), Some((503, 0, String::new())));
    assert_eq!(status("/v1/tasks/1"), limited());
    assert_eq!(status("/v1/tasks/1"), None);
}

#[test]
fn requests_and_tasks_have_separate_behaviors() {
    let mut queue = queue(&[
        json!({"failureCode": "SAFETY.INPUT.TEXT", "failure": "No."}),
        json!({"failureCode": null}),
        json!({"close": true}),
        json!({"cancelled": true}),
    ]);
    let path = "/v1/text_to_video";
    assert!(queue.for_request(&Method::POST, path).is_some_and(|effect| effect.close));
    assert!(queue.for_request(&Method::POST, path).is_none());
    let code = FailureCode::Code("SAFETY.INPUT.TEXT".to_owned());
    assert_eq!(queue.for_task(&Method::POST, path), Some(TaskOutcome::Failed { code, failure: "No.".to_owned() }));
    let unnamed = queue.for_task(&Method::POST, path);
    assert!(matches!(unnamed, Some(TaskOutcome::Failed { code: FailureCode::Null, .. })), "{unnamed:?}");
    assert_eq!(queue.for_task(&Method::POST, path), Some(TaskOutcome::Cancelled));
    assert_eq!(queue.for_task(&Method::POST, path), None);
}

#[test]
fn the_queue_is_bounded() {
    let mut queue = BehaviorQueue::default();
    let behavior = || read(&json!({"close": true})).expect("a behavior");
    assert!((0..1000).all(|_| queue.push(behavior(), 10).is_ok()));
    assert_eq!(queue.push(behavior(), 10), Err(QueueFull));
    assert_eq!(BehaviorQueue::default().push(behavior(), usize::MAX), Err(QueueFull));
}

#[test]
fn a_scenario_is_queued_again_after_each_reset() {
    let text = "[[next]]\nmatch = {method = \"POST\", path = \"/v1/uploads\"}\nstatus = 429\nbody = {error = \"x\"}\n";
    let scenario = Scenario::parse(text).expect("a scenario");
    for _ in 0..2 {
        let mut queue = scenario.queue();
        assert!(queue.for_request(&Method::POST, "/v1/uploads").is_some());
        assert!(queue.for_request(&Method::POST, "/v1/uploads").is_none());
    }
    let mut empty = Scenario::parse("").expect("no behaviors").queue();
    assert!(empty.for_request(&Method::POST, "/v1/uploads").is_none());
}

#[test]
fn values_of_a_scenario_become_json() {
    let text =
        "[[next]]\nstatus = 500\nbody = { d = 2020-01-01, t = 2020-01-01T00:00:00Z, i = 0xff, f = 1.5, a = [-1] }\n";
    let answer = Scenario::parse(text).expect("a scenario").queue().for_request(&Method::GET, "/v1/x");
    let body: Value =
        serde_json::from_str(&answer.and_then(|effect| effect.answer).expect("an answer").body).expect("JSON");
    assert_eq!(body, json!({"d": "2020-01-01", "t": "2020-01-01T00:00:00Z", "i": 255, "f": 1.5, "a": [-1]}));
}

#[test]
fn errors_in_a_scenario_have_line_and_column() {
    let case = |text: &str, expected: &str| {
        let error = Scenario::parse(text).expect_err("a mistake").to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    case("[[next]]\nstatus = 429\nstaus = 1\n", "3:1: unknown field `staus`");
    case("[[next]]\nstatus = 429\n\n[[next]]\ntimes = 2\n", "4:1: no effect is set");
    case("[[next]]\n# \u{e9}\nstatus = \"429\"\n", "3:10: ");
    case("[[next]]\n# c\n\nmatch = { path = \"/v1/x\" }\nstatus = 700\n", "5:10: `status` must be");
    case("[[next]]\nmatch = { path = \"v1\" }\nstatus = 500\n", "2:18: `match.path` must begin");
    case("[[next]]\nmatch = { url = \"v1\" }\nstatus = 500\n", "2:11: unknown field `url`");
    case("[[next]]\nstatus = 500\n[next.headers]\na = \"b\"\n\"a b\" = \"c\"\n", "5:9: `headers` has a name");
    case("[[next]]\nstatus = 500\ntimes = 0\n", "3:9: `times` must be");
    case("[[next]]\nstatus = 500\nclose = true\n", "3:9: `status` and `close` exclude each other");
    case("[[next]]\nclose = true\nbody = 5\n", "3:8: `body` needs `status`");
    case("[[next]]\nstatus = 500\nbody = { i = [1, inf] }\n", "3:18: the number is not finite");
    case("[[next]]\nstatus = 500\nbody = 1e400\n", "3:8: the number is not finite");
    case("[[next]]\nstatus = 99999999999999999999\n", "2:10: the number does not fit");
    case("[[next]]\nstatus = 500\n\"\\u001b[2J\" = 1\n", "3:1: unknown field `\\x1b[2J`");
    case("next = [5]\n", "1:9: `next` must be an array of tables");
    case("next = 5\n", "1:8: ");
    case("[[next]\n", "1:");
    case("other = 1\n", "1:1: unknown field `other`");
}
