//! Requests whose clients disconnect, and requests in flight during a reset.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::client::Server;

const IMAGE: &str = r#"{"model": "gen4_image", "promptText": "x", "ratio": "1024:1024"}"#;

/// Returns the requests of the journal, once there are `count` of them.
fn requests(server: &Server, count: usize) -> Vec<Value> {
    for _ in 0..100 {
        let journal = server.journal();
        let requests = journal["requests"].as_array().expect("a list");
        if requests.len() >= count {
            return requests.clone();
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("fewer than {count} requests in the journal")
}

fn post(body: &str) -> String {
    let credentials = "Authorization: Bearer k\r\nX-Runway-Version: 2024-11-06";
    let length = body.len();
    format!("POST /v1/text_to_image HTTP/1.1\r\nHost: h\r\n{credentials}\r\nContent-Length: {length}\r\n\r\n{body}")
}

#[test]
fn a_request_whose_client_gave_up_is_in_the_journal() {
    let server = Server::start(&[]);
    server.control("next", &json!({"delay_ms": 60_000}));
    let mut connection = server.connect();
    connection.write(post(IMAGE).as_bytes());
    thread::sleep(Duration::from_millis(300));
    drop(connection);
    let request = &requests(&server, 1)[0];
    assert_eq!((&request["path"], &request["status"]), (&json!("/v1/text_to_image"), &Value::Null));
    assert_eq!(request["body"]["model"], "gen4_image");
    // So is one whose body did not come.
    let mut connection = server.connect();
    connection.write(post(IMAGE).trim_end_matches('}').as_bytes());
    drop(connection);
    assert_eq!(requests(&server, 2).len(), 2);
}

#[test]
fn a_reset_ends_the_effects_of_requests_in_flight() {
    let server = Server::start(&[]);
    server.control("next", &json!({"delay_ms": 1500}));
    let mut delayed = server.connect();
    delayed.write(post(IMAGE).as_bytes());
    let mut slow = server.connect();
    let request = post(IMAGE);
    let (start, rest) = request.split_at(request.len() - 10);
    slow.write(start.as_bytes());
    thread::sleep(Duration::from_millis(300));
    assert_eq!(server.control("reset", &Value::Null).status, 204);
    slow.write(rest.as_bytes());
    let refused = slow.answer("POST").expect("an answer");
    assert!(refused.status == 503 && refused.error().starts_with("[reset]"), "{refused:?}");
    assert_eq!(refused.header("x-should-retry"), Some("false"));
    // The delayed answer comes, but its task is gone.
    let created = delayed.answer("POST").expect("an answer");
    assert_eq!(created.status, 200);
    assert_eq!(server.poll(created.json()["id"].as_str().expect("an identifier"))["error"], "Could not find Task");
    let usage = server.call("GET", "/v1/organization", &Value::Null).json()["usage"]["models"].clone();
    assert!(usage.get("gen4_image").is_none_or(|model| model["dailyGenerations"] == 0), "{usage}");
    let paths: Vec<Value> = requests(&server, 2).iter().map(|request| request["path"].clone()).collect();
    assert!(!paths.contains(&json!("/v1/text_to_image")), "{paths:?}");
}
