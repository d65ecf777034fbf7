//! Bounds on the memory for large bodies and slow downloads.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{Connection, Server};

const MB: u64 = 1 << 20;

#[test]
fn large_bodies_of_small_values_take_little_memory() {
    let server = Server::start(&[]);
    let body = format!("{{\"x\":[{}0]}}", "0,".repeat(12 << 20));
    let before = server.memory();
    let slowest = thread::scope(|scope| {
        let paths = ["/nowhere", "/nowhere", "/v1/image_to_video", "/v1/image_to_video"];
        let large = paths.map(|path| scope.spawn(|| server.connect().call("POST", path, &body).status));
        let mut slowest = Duration::ZERO;
        while !large.iter().all(thread::ScopedJoinHandle::is_finished) {
            let start = Instant::now();
            assert_eq!(server.call("GET", "/v1/tasks/x", &Value::Null).status, 404);
            slowest = slowest.max(start.elapsed());
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(large.map(|answer| answer.join().expect("a status")), [404, 404, 400, 400]);
        slowest
    });
    let grown = (server.memory() - before) / MB;
    // The bodies themselves have 96 MB.
    assert!(grown < 200, "{grown} MB more");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    let sizes = server.journal()["requests"].to_string().matches("bytes]").count();
    assert_eq!(sizes, 4);
}

#[test]
fn bodies_that_wait_for_their_assets_take_bounded_memory() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let resolve = format!("--resolve=cdn.example.com:{port}:127.0.0.1");
    let server = Server::start(&["--assets", "fetch", "--allow-private", "--timeout", "5s", &resolve]);
    let image = format!("https://cdn.example.com:{port}/a.png");
    let start = json!({"model": "gen4_turbo", "promptImage": image, "ratio": "1280:720"}).to_string();
    // About 60 MB each once they are parsed.
    let body = format!("{},\"x\":[{}0]}}", start.trim_end_matches('}'), "{\"a\":0},".repeat(100_000));
    let before = server.memory();
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| assert_eq!(server.connect().call("POST", "/v1/image_to_video", &body).status, 400));
        }
    });
    let grown = (server.memory() - before) / MB;
    // Two of them fit; all five would take 320 MB.
    assert!(grown < 220, "{grown} MB more");
}

#[test]
fn slow_downloads_take_little_memory() {
    let server = Server::start(&[]);
    // 12.8 MB of audio each.
    let urls = ["a", "b", "c"].map(|text| {
        let body = json!({
            "model": "seed_audio", "promptText": text.repeat(2000), "outputFormat": "wav", "sampleRate": 48_000,
        });
        server.poll(&server.create("text_to_speech", &body))["output"][0].clone()
    });
    let whole = urls.clone().map(|url| server.download(&url, "", "GET").body);
    assert!(whole.iter().all(|file| file.len() > 12 << 20));
    let before = server.memory();
    let mut slow: Vec<_> = (0..60).map(|_| server.connect()).collect();
    for (number, connection) in slow.iter_mut().enumerate() {
        let path = urls[number % 3].as_str().and_then(|url| url.find("/__preflight").map(|at| &url[at..]));
        connection.write(format!("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", path.expect("a path")).as_bytes());
    }
    slow.iter_mut().for_each(Connection::wait);
    let grown = (server.memory() - before) / MB;
    assert!(grown < 100, "{grown} MB more");
    // Each of them gets all bytes in the end.
    for (number, connection) in slow.iter_mut().enumerate().take(3) {
        let answer = connection.answer("GET").expect("an answer");
        assert!(answer.status == 200 && answer.body == whole[number]);
    }
}
