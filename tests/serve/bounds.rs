//! Limits on clients, and files that remain after the server ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{Connection, Server};
use super::{VIDEO, video};

/// Counts what is in a folder.
fn entries(folder: &tempfile::TempDir) -> usize {
    std::fs::read_dir(folder.path()).expect("a folder").count()
}

#[test]
fn a_signal_ends_it_and_nothing_is_left() {
    let server = Server::start(&[]);
    assert_eq!(server.upload(&[7; 600]).0.status, 204);
    assert_eq!(entries(&server.folder), 1);
    server.kill("TERM");
    let (status, folder) = server.wait();
    assert_eq!((status.code(), entries(&folder)), (Some(143), 0));
}

#[test]
fn it_stops_when_standard_input_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(env!("CARGO_BIN_EXE_runway-preflight"))
        .args(["serve", "--port", "0", "--stop-on-stdin-eof"])
        .env_clear()
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let stdout = child.stdout.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    child.stdin.as_mut().expect("a pipe").write_all(b"ignored").expect("the server reads");
    assert_eq!((child.try_wait().expect("a child"), entries(&folder)), (None, 1));
    drop(child.stdin.take());
    assert_eq!((child.wait().expect("it ends").code(), entries(&folder)), (Some(0), 0));
}

#[test]
fn the_next_start_removes_the_files_of_a_killed_server() {
    let server = Server::start(&[]);
    server.upload(&[7; 600]);
    server.kill("KILL");
    let (status, folder) = server.wait();
    assert_eq!((status.signal(), entries(&folder)), (Some(9), 1));
    let next = Server::start_in(folder, &[]);
    assert_eq!(entries(&next.folder), 1);
    let name = std::fs::read_dir(next.folder.path()).expect("a folder").next().expect("one").expect("an entry");
    assert_eq!(std::fs::read_dir(name.path()).expect("a folder").count(), 1, "only the lock is left");
}

#[test]
fn nothing_is_left_if_it_ends_during_a_check() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let resolve = format!("--resolve=cdn.example.com:{port}:127.0.0.1");
    let server = Server::start(&["--assets", "fetch", "--allow-private", &resolve]);
    server.upload(&[7; 600]);
    let body = json!({
        "model": "gen4_turbo", "promptImage": format!("https://cdn.example.com:{port}/a.png"), "ratio": "1280:720",
    });
    let body = body.to_string();
    let credentials = "Authorization: Bearer k\r\nX-Runway-Version: 2024-11-06";
    let length = body.len();
    let mut connection = server.connect();
    connection.write(
        format!(
            "POST /v1/image_to_video HTTP/1.1\r\nHost: h\r\n{credentials}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .as_bytes(),
    );
    // The check waits for the host of the asset.
    silent.accept().expect("a connection");
    let mut form = server.connect();
    begin_upload(&server, &mut form);
    server.kill("TERM");
    let (status, folder) = server.wait();
    assert_eq!((status.code(), entries(&folder)), (Some(143), 0));
}

/// Begins an upload of 1 MB, and sends only the start of its file.
fn begin_upload(server: &Server, connection: &mut Connection) {
    let (announced, path) = server.announce();
    let key = announced["fields"]["key"].as_str().expect("a key");
    let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n");
    let part = "--b\r\nContent-Disposition: form-data; name=";
    let form = format!("{part}key\r\n\r\n{key}\r\n{part}file\r\n\r\nstart");
    connection.write(format!("{head}Content-Type: multipart/form-data; boundary=b\r\n\r\n{form}").as_bytes());
}

#[test]
fn uploads_take_little_memory_beside_slow_clients_and_nothing_is_left() {
    const UPLOADS: u64 = 300;
    let server = Server::start(&[]);
    let mut slow: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for (number, connection) in slow.iter_mut().enumerate() {
        match number % 3 {
            0 => connection.write(b"GET /v1/"),
            1 => connection.write(b"POST /v1/text_to_video HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{"),
            _ => begin_upload(&server, connection),
        }
    }
    let file = vec![7; 1 << 20];
    let before = server.memory();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..UPLOADS / 4).for_each(|_| assert_eq!(server.upload(&file).0.status, 204)));
        }
    });
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 32 << 20, "{grown} bytes more");
    assert!(stored(&server.folder) <= (UPLOADS << 20) + (1 << 20));
    assert_eq!(server.control("reset", &Value::Null).status, 204);
    assert_eq!(stored(&server.folder), 0);
    assert_eq!(server.upload(&file).0.status, 204);
    server.kill("TERM");
    assert_eq!(entries(&server.wait().1), 0);
}

/// Returns the bytes of the files of the server.
fn stored(folder: &tempfile::TempDir) -> u64 {
    let folders = std::fs::read_dir(folder.path()).expect("a folder").flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).expect("a folder").flatten());
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

#[test]
fn requests_in_flight_do_not_hold_up_the_end() {
    let server = Server::start(&[]);
    server.control("next", &json!({"delay_ms": 60_000}));
    let mut connection = server.connect();
    connection.write(b"GET /v1/organization HTTP/1.1\r\nHost: h\r\n\r\n");
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    server.kill("TERM");
    assert_eq!(server.wait().0.code(), Some(143));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn slow_clients_do_not_block_others() {
    let server = Server::start(&[]);
    let mut slow: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for (number, connection) in slow.iter_mut().enumerate() {
        let body = if number % 2 == 0 {
            "POST /v1/text_to_video HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{"
        } else {
            "GET /v1/"
        };
        connection.write(body.as_bytes());
    }
    let start = Instant::now();
    for _ in 0..20 {
        server.create(VIDEO, &video());
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn hostile_bodies_end_with_a_sentence() {
    let server = Server::start(&[]);
    let mut connection = server.connect();
    for body in [
        "[".repeat(200_000),
        "{\"a\":".repeat(100_000),
        "\"\\ud800\"".to_owned(),
        "1e999999".to_owned(),
        "\u{0}".to_owned(),
    ] {
        let answer = connection.call("POST", "/v1/text_to_video", &body);
        assert!(answer.status == 400 && !answer.error().is_empty(), "{answer:?}");
    }
    let announced = server.call("POST", "/v1/uploads", &json!({"filename": "a.png", "type": "ephemeral"})).json();
    let path = format!("/__preflight/uploads/{}", announced["fields"]["key"].as_str().expect("a key"));
    let form = "Content-Type: multipart/form-data; boundary=b\r\n";
    let file = "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n";
    for (headers, body, sentence) in [
        ("", String::new(), "multipart/form-data"),
        (form, "--b\r\n".to_owned() + &"a".repeat(100_000), "longer than 8 KB"),
        (form, file.to_owned(), "the field `key` must come before the file"),
        (form, "--b--".to_owned(), "the field `file` is missing"),
        (
            form,
            "--b\r\nContent-Disposition: form-data; name=key\r\n\r\n".to_owned() + &"k".repeat(100_000),
            "longer than 8 KB",
        ),
    ] {
        let answer = server.send("POST", &path, headers, body.as_bytes()).expect("an answer");
        assert!(answer.status == 400 && answer.error().contains(sentence), "{sentence}: {answer:?}");
    }
    assert_eq!(
        server.send("POST", "/__preflight/uploads/..%2f..%2fx", form, b"--b--").map(|answer| answer.status),
        Some(404)
    );
}

#[test]
fn a_body_of_many_values_takes_little_more_memory_than_its_bytes() {
    let server = Server::start(&[]);
    let body = format!("{{\"x\":[{}0]}}", "0,".repeat(4 << 20));
    let before = server.memory();
    let answer = server.send("POST", "/nowhere", "", body.as_bytes()).expect("an answer");
    assert_eq!(answer.status, 404);
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 64 << 20, "{grown} bytes more");
    assert_eq!(server.journal()["requests"][0]["body"], format!("[{} bytes]", body.len()));
}

#[test]
fn memory_stays_flat() {
    let server = Server::start(&[]);
    let mut connection = server.connect();
    let body =
        json!({"model": "gen4.5", "promptText": "x".repeat(900), "ratio": "1280:720", "duration": 2}).to_string();
    for _ in 0..5_000 {
        connection.call("POST", "/v1/text_to_video", &body);
    }
    assert_eq!(server.journal()["requests"].as_array().map(Vec::len), Some(1000));
    // A debug build; the release build is measured by the benches.
    assert!(server.memory() < 100 << 20, "{} bytes", server.memory());
    assert_eq!(
        server.call("GET", "/v1/organization", &Value::Null).json()["usage"]["models"]["gen4.5"]["dailyGenerations"],
        5_000
    );
}
