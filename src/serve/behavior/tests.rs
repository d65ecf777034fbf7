use axum::http::Method;
use serde_json::{Value, json};

use super::queue::QueueFull;
use super::*;
use crate::serve::tasks::FailureCode;

fn read(text: &Value) -> Result<Behavior, String> {
    let text: BehaviorText = serde_json::from_value(text.clone()).map_err(|error| error.to_string())?;
    Behavior::try_from(text).map_err(|error| error.to_string())
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
    case(json!({"status": 99}), "`status` must be between 200 and 599");
    case(json!({"status": 429, "times": 0}), "`times` must be between 1 and 1000000");
    case(json!({"delay_ms": 600_001}), "`delay_ms` must be between 0 and 600000");
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
fn errors_in_a_scenario_have_line_and_column() {
    let case = |text: &str, expected: &str| {
        let error = Scenario::parse(text).expect_err("a mistake").to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    case("[[next]]\nstatus = 429\nstaus = 1\n", "3:1: unknown field `staus`");
    case("[[next]]\nstatus = 429\n\n[[next]]\ntimes = 2\n", "4:1: no effect is set");
    case("[[next]]\n# \u{e9}\nstatus = \"429\"\n", "3:10: ");
    case("next = 5\n", "1:8: ");
    case("[[next]\n", "1:");
    case("other = 1\n", "1:1: unknown field `other`");
}
