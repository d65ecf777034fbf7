//! A program that is paused, or whose reader pauses, reports what it would have reported without the pause.

use std::io::{PipeReader, Read as _};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::program::{Running, program};
use crate::server::Server;

/// The time that the assets have; the pauses are longer.
const TIMEOUT: &str = "3s";
const PAUSE: Duration = Duration::from_secs(5);

fn verdicts(text: &str) -> Vec<String> {
    let verdict = |line: &str| {
        let report: serde_json::Value = serde_json::from_str(line).expect("JSON");
        report["verdict"].as_str().expect("a verdict").to_owned()
    };
    text.lines().map(verdict).collect()
}

/// Starts a check of these paths with JSON Lines on a pipe.
fn start(server: &Server, paths: impl Iterator<Item = String>) -> (Running, PipeReader) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let urls: Vec<String> = paths.map(|path| server.url("cdn", &path)).collect();
    let running = program()
        .args(["check", "--format", "jsonl", "--timeout", TIMEOUT, "-j", "16", "--per-host", "16", "-"])
        .args(server.flags())
        .stdin(urls.join("\n"))
        .stdout(Stdio::from(writer))
        .start();
    (running, reader)
}

#[test]
fn a_stopped_program_blames_no_server() {
    for path in ["/wait/500/fault/good", "/wait/50/fault/good", "/fault/good"] {
        let server = Server::start();
        let (running, mut reader) = start(&server, (0..4).map(|number| format!("{path}?{number}")));
        while server.requests().len() < 4 {
            sleep(Duration::from_millis(5));
        }
        running.signal("STOP");
        sleep(PAUSE);
        running.signal("CONT");
        let mut text = String::new();
        reader.read_to_string(&mut text).expect("UTF-8");
        assert_eq!(verdicts(&text), ["accepted"; 4], "{path}: {text}");
        running.wait().exits(0);
    }
}

#[test]
fn a_reader_that_pauses_blames_no_server() {
    let server = Server::start();
    let (running, mut reader) = start(&server, (0..600).map(|number| format!("/wait/20/fault/good?{number}")));
    sleep(PAUSE);
    let mut text = String::new();
    reader.read_to_string(&mut text).expect("UTF-8");
    let verdicts = verdicts(&text);
    assert_eq!(verdicts.len(), 600);
    let others: Vec<_> = verdicts.iter().filter(|verdict| *verdict != "accepted").collect();
    assert!(others.is_empty(), "{others:?}");
    running.wait().exits(0);
}

#[test]
fn one_interrupt_ends_a_run_whose_reader_pauses() {
    let server = Server::start();
    let (running, reader) = start(&server, (0..600).map(|number| format!("/fault/good?{number}")));
    // The pipe is full long before the last result.
    sleep(PAUSE);
    let sent = Instant::now();
    running.signal("INT");
    running.wait().exits(130);
    assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
    drop(reader);
}
