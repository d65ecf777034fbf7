//! SIGINT and SIGTERM: known results are written as a valid report, and a second signal ends the program immediately.

use std::io::{PipeReader, Read as _};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{FORMATS, PNG, REJECTED, check, many};
use crate::program::{Outcome, Running, program};
use crate::server::Server;

/// Longer than a run takes to end on a busy machine, and shorter than any timeout that could end it instead.
const SOON: Duration = Duration::from_secs(5);

/// Starts a run that waits for its third asset.
fn waiting(server: &Server, format: &str) -> Running {
    // Requests of the run before may still arrive, so this run requests a path of its own.
    let silent = server.url("cdn", &format!("/fault/silent?{format}"));
    let running = program().args(["check", "-f", format, PNG, REJECTED, &silent]).args(server.flags()).start();
    while !server.requests().iter().any(|request| request.path.ends_with(format)) {
        sleep(Duration::from_millis(5));
    }
    running
}

/// Sends a signal, and expects the end soon.
fn end(running: Running, signal: &str, code: i32) -> Outcome {
    let sent = Instant::now();
    running.signal(signal);
    let outcome = running.wait().exit_code(code);
    assert!(sent.elapsed() < SOON, "it took {:?} to end\n{outcome}", sent.elapsed());
    outcome
}

/// Expects a partial report to be well-formed, to contain the known results, and to say that it is partial.
fn expect_part(format: &str, outcome: &Outcome) {
    let text = outcome.stdout.as_str();
    let said = |sentence: &str| assert!(text.contains(sentence), "{format} does not say `{sentence}`\n{outcome}");
    said(if format == "github" { "Only HTTPS" } else { "Only HTTPS URLs are allowed." });
    assert!(text.ends_with('\n'), "{outcome}");
    match format {
        "json" => assert_eq!(outcome.json()["summary"]["incomplete"], true),
        "jsonl" => assert_eq!(outcome.json_lines().len(), 2),
        "sarif" => assert_eq!(outcome.json()["runs"][0]["invocations"][0]["executionSuccessful"], false),
        "junit" => {
            let document = roxmltree::Document::parse(text).expect("XML");
            let mut properties = document.descendants().filter(|node| node.has_tag_name("property"));
            assert!(properties.any(|node| node.attribute("name") == Some("complete")), "{outcome}");
        }
        // Only complete lines; the exit code says that the report is partial.
        "concise" | "reasons" => assert!(text.lines().count() <= 2, "{outcome}"),
        // Code Quality is a list of issues, with no place for a remark.
        "gitlab" => assert_eq!(outcome.json().as_array().map(Vec::len), Some(1)),
        _ => said("stopped before the end"),
    }
}

#[test]
fn s01_one_sigint_ends_the_run_with_a_valid_partial_report_in_every_format() {
    let server = Server::start();
    for format in FORMATS {
        expect_part(format, &end(waiting(&server, format), "INT", 130));
    }
}

#[test]
fn s01_one_sigint_ends_hundreds_of_fetches() {
    const MANY: usize = 300;
    let server = Server::start();
    let urls = (0..MANY).map(|number| server.url("cdn", &format!("/fault/silent?{number}")));
    let list: Vec<String> = [PNG.to_owned()].into_iter().chain(urls).collect();
    let flags = ["-j", "400", "--per-host", "400", "--timeout", "50s", "-f", "json", "-"];
    let running = program().arg("check").args(flags).args(server.flags()).stdin(list.join("\n")).start();
    while server.requests().len() < MANY {
        sleep(Duration::from_millis(20));
    }
    let document = end(running, "INT", 130).json();
    assert_eq!((&document["summary"]["incomplete"], &document["summary"]["assets"]), (&true.into(), &1.into()));
}

#[test]
fn s01_one_sigint_ends_a_run_over_bodies_and_an_endless_list() {
    let server = Server::start();
    let silent = server.url("cdn", "/fault/silent");
    let body = serde_json::json!({"model": "gen4_turbo", "promptImage": silent, "ratio": "1280:720"});
    let text = format!("null\n{body}\n");
    let running = program().args(["body", "-f", "json", "-"]).args(server.flags()).stdin(text).start();
    while server.requests().is_empty() {
        sleep(Duration::from_millis(5));
    }
    let document = end(running, "INT", 130).json();
    assert_eq!((&document["summary"]["incomplete"], &document["summary"]["requests"]), (&true.into(), &1.into()));

    let fifo = tempfile::tempdir().expect("a folder");
    let path = fifo.path().join("list");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
    let list = format!("@{}", path.display());
    let running = check().args(["-f", "json", "-o"]).arg(fifo.path().join("out")).arg(list).start();
    let mut open = std::fs::File::options().write(true).open(&path).expect("the program reads");
    std::io::Write::write_all(&mut open, format!("{PNG}\n").as_bytes()).expect("the program reads");
    sleep(Duration::from_millis(300));
    end(running, "INT", 130);
    let document: Value =
        serde_json::from_slice(&std::fs::read(fifo.path().join("out")).expect("a file")).expect("JSON");
    assert_eq!(document["summary"]["incomplete"], true);
}

#[test]
fn s01_a_second_signal_ends_a_run_whose_reader_does_not_read() {
    for (second, code) in [("INT", 130), ("TERM", 143)] {
        let (mut reader, writer): (PipeReader, _) = std::io::pipe().expect("a pipe");
        let running = check().arg("-").stdin(many(20_000)).stdout(Stdio::from(writer)).start();
        // It has started to write, and cannot finish.
        reader.read_exact(&mut [0; 1]).expect("a byte");
        sleep(Duration::from_secs(1));
        running.signal("INT");
        sleep(Duration::from_millis(300));
        let outcome = end(running, second, code);
        assert_eq!(outcome.stderr, "", "{outcome}");
        drop(reader);
    }
}

#[test]
fn s02_sighup_is_the_same_and_leaves_no_partial_file() {
    let server = Server::start();
    expect_part("json", &end(waiting(&server, "json"), "HUP", 143));
    for flags in [&["-f", "json", "-o"][..], &["-f", "sarif", "-o"], &["-f", "html", "-o"]] {
        let folder = tempfile::tempdir().expect("a folder");
        let silent = server.url("cdn", &format!("/fault/silent?part-{}", flags[1]));
        let running = program().args(["check", PNG, &silent]).args(flags).arg(folder.path().join("out"));
        let running = running.args(server.flags()).start();
        while !server.requests().iter().any(|request| silent.ends_with(&request.path)) {
            sleep(Duration::from_millis(5));
        }
        end(running, "HUP", 143);
        let names =
            std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        assert_eq!(names.collect::<Vec<_>>(), ["out"], "{flags:?}");
    }
}

#[test]
fn s02_sigterm_is_the_same_with_another_code() {
    let server = Server::start();
    for format in ["text", "json", "jsonl", "sarif"] {
        expect_part(format, &end(waiting(&server, format), "TERM", 143));
    }
}
