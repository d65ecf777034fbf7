//! A program that is paused, or whose reader pauses, reports what it would have reported without the pause.

use std::io::{PipeReader, Read as _};
use std::path::Path;
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
fn start(server: &Server, paths: impl Iterator<Item = String>, flags: &[&str]) -> (Running, PipeReader) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let urls: Vec<String> = paths.map(|path| server.url("cdn", &path)).collect();
    let running = program()
        .args(["check", "--format", "jsonl", "--timeout", TIMEOUT, "-j", "16", "--per-host", "16", "-"])
        .args(server.flags())
        .args(flags)
        .stdin(urls.join("\n"))
        .stdout(Stdio::from(writer))
        .start();
    (running, reader)
}

#[test]
fn a_stopped_program_blames_no_server() {
    for path in ["/wait/500/fault/good", "/wait/50/fault/good", "/fault/good"] {
        let server = Server::start();
        let (running, mut reader) = start(&server, (0..4).map(|number| format!("{path}?{number}")), &[]);
        while server.requests().len() < 4 {
            sleep(Duration::from_millis(5));
        }
        running.signal("STOP");
        sleep(PAUSE);
        running.signal("CONT");
        let mut text = String::new();
        reader.read_to_string(&mut text).expect("UTF-8");
        assert_eq!(verdicts(&text), ["accepted"; 4], "{path}: {text}");
        running.wait().exit_code(0);
    }
}

#[test]
fn a_reader_that_pauses_blames_no_server() {
    let server = Server::start();
    let (running, mut reader) = start(&server, (0..600).map(|number| format!("/wait/20/fault/good?{number}")), &[]);
    sleep(PAUSE);
    let mut text = String::new();
    reader.read_to_string(&mut text).expect("UTF-8");
    let verdicts = verdicts(&text);
    assert_eq!(verdicts.len(), 600);
    let others: Vec<_> = verdicts.iter().filter(|verdict| *verdict != "accepted").collect();
    assert!(others.is_empty(), "{others:?}");
    running.wait().exit_code(0);
}

#[test]
fn a_reader_that_pauses_stops_new_work() {
    const ASSETS: usize = 3000;
    let server = Server::start();
    let (running, mut reader) = start(&server, (0..ASSETS).map(|number| format!("/fault/good?{number}")), &[]);
    // What is in flight is fetched, then nothing is.
    let mut requests = 0;
    let waited = Instant::now();
    while requests < 200 || requests != server.requests().len() {
        requests = server.requests().len();
        sleep(Duration::from_secs(1));
        assert!(waited.elapsed() < Duration::from_secs(120), "{requests} requests");
    }
    assert!(requests < ASSETS * 2, "{requests} requests");
    let mut text = String::new();
    reader.read_to_string(&mut text).expect("UTF-8");
    assert_eq!(verdicts(&text), vec!["accepted"; ASSETS]);
    running.wait().exit_code(0);
}

/// Interrupts a run whose reader has paused, and expects its end, and the part of a report in a file.
fn interrupt(running: Running, report: &Path) {
    // The pipe is full long before the last result.
    sleep(PAUSE);
    let sent = Instant::now();
    running.signal("INT");
    running.wait().exit_code(130);
    assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).expect("a report")).expect("JSON");
    assert_eq!(report["summary"]["incomplete"], true);
    assert!(report["assets"].as_array().is_some_and(|assets| assets.len() > 100), "{report}");
}

#[test]
fn one_interrupt_ends_a_run_whose_reader_pauses() {
    let (server, folder) = (Server::start(), tempfile::tempdir().expect("a folder"));
    let report = folder.path().join("report.json");
    let extra = format!("json={}", report.display());
    let paths = || (0..3000).map(|number| format!("/fault/good?{number}"));
    let (running, reader) = start(&server, paths(), &["--report", &extra]);
    interrupt(running, &report);
    drop(reader);
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "no partial file stays");

    // The same where the pipe is an additional report.
    let fifo = folder.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    // Open for reading and writing, so that neither end waits for the other.
    let reader = std::fs::File::options().read(true).write(true).open(&fifo).expect("a pipe");
    let paused = format!("jsonl={}", fifo.display());
    let (running, mut results) = start(&server, paths(), &["--report", &paused, "--report", &extra]);
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        results.read_to_string(&mut text).map(|_| text).expect("UTF-8")
    });
    interrupt(running, &report);
    let lines = verdicts(&reading.join().expect("no panic"));
    assert!(lines.len() > 100 && lines.len() < 3000, "{} results", lines.len());
    drop(reader);
}
