//! `--retries`: transient failures are retried, and every attempt is reported.

use std::time::Duration;

use serde_json::Value;

use crate::program::{Outcome, program};
use crate::server::Server;

fn check(server: &Server, retries: &str, url: String) -> Outcome {
    program().args(["check", "--format", "json", "--retries", retries]).args(server.flags()).arg(url).run()
}

fn codes(outcome: &Outcome) -> Vec<String> {
    let document = outcome.json();
    let findings = document["assets"][0]["findings"].as_array().expect("findings");
    let codes = findings.iter().filter_map(|finding| finding["code"].as_str().map(str::to_owned));
    // The test server has no port of its own.
    codes.filter(|code| code != "unusual-port").collect()
}

fn retried(outcome: &Outcome) -> Option<Value> {
    let document = outcome.json();
    let findings = document["assets"][0]["findings"].as_array().expect("findings").clone();
    findings.into_iter().find(|finding| finding["code"] == "retried")
}

#[test]
fn without_the_flag_the_first_answer_counts() {
    let server = Server::start();
    let outcome = check(&server, "0", server.url("cdn", "/later/4/fault/good")).exit_code(1);
    assert_eq!(codes(&outcome), ["http-status"]);
    assert_eq!(retried(&outcome), None);
}

#[test]
fn a_host_that_recovers_is_accepted_with_a_warning_that_lists_each_attempt() {
    let server = Server::start();
    let outcome = check(&server, "2", server.url("cdn", "/later/2/fault/good")).exit_code(0);
    let warning = retried(&outcome).expect("a warning");
    assert_eq!((&warning["severity"], &warning["stage"]), (&"warning".into(), &"response".into()));
    let detail = warning["detail"].as_str().expect("a detail");
    assert!(detail.starts_with("attempt 1: Failed to fetch asset. Received HTTP response code \"503\"."), "{detail}");
    assert!(detail.ends_with("attempt 2 is the one reported here"), "{detail}");
    assert!(outcome.elapsed >= Duration::from_secs(1), "it waits before it asks again");
    let statuses = server.requests().len();
    assert_eq!(statuses, 4, "HEAD and GET, twice");
}

#[test]
fn a_host_that_stays_down_is_retried_up_to_the_limit() {
    let server = Server::start();
    let outcome = check(&server, "1", server.url("cdn", "/status/500")).exit_code(1);
    assert_eq!(codes(&outcome), ["retried", "http-status"]);
    assert_eq!(server.requests().len(), 4);
    let outcome = check(&server, "1", server.url("refuses", "/")).exit_code(1);
    assert_eq!(codes(&outcome), ["retried", "fetch-failed"]);
    let timeout = ["--timeout", "300ms", "--retries", "1", "--format", "json"];
    let url = server.url("cdn", "/fault/silent");
    let outcome = program().arg("check").args(timeout).args(server.flags()).arg(url).run().exit_code(1);
    assert_eq!(codes(&outcome), ["retried", "timeout"]);
}

#[test]
fn permanent_failures_are_not_retried() {
    let server = Server::start();
    for path in ["/status/404", "/status/429", "/redirect/301/fault/good", "/fault/octet-stream", "/fault/good"] {
        let before = server.requests().len();
        let outcome = check(&server, "3", server.url("cdn", path));
        assert_eq!(retried(&outcome), None, "{path}");
        assert_eq!(server.requests().len() - before, 2, "{path}");
    }
    program().args(["check", "--retries", "many", "https://h.com/a"]).run().exit_code(2);
}
