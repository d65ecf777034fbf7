//! Text that would break a format: Markdown, XML, SARIF, JSON.

use std::fs;

use serde_json::Value;

use super::sources::expect_harmless;
use crate::all_formats::{expect_markdown, junit_cases, writings};
use crate::program::program;
use crate::server::Server;

#[test]
fn o08_summaries_hold_no_live_markdown() {
    let server = Server::start();
    let payload = "a|b `c` ``d`` ![](https://evil.example/x.png) <img src=x onerror=y> @team #1 https://evil.example [e](f) \\| ~~g~~ <!-- ";
    for writings in expect_harmless(&server, payload.as_bytes()) {
        let rows = writings.report("markdown").lines().filter(|line| line.starts_with("| ")).count();
        let document: Value = serde_json::from_str(writings.report("json")).expect("JSON");
        assert!(rows > document["assets"].as_array().expect("assets").len(), "{}", writings.report("markdown"));
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list"), format!("http://h/{payload}\n")).expect("a list");
    let run = program().args(["check", "--offline", "--format", "github", "@list"]);
    let written = writings(run, folder.path());
    assert!(written.summary.contains("<img src=x"), "{}", written.summary);
    expect_markdown(&written.summary);
}

#[test]
fn o09_junit_stays_well_formed() {
    let server = Server::start();
    let controls: String = (1..32_u8).map(char::from).collect();
    let payload = format!("]]> & &#27; &amp; <b> \" ' \u{fffe}\u{ffff} <!-- --> <?xml ?> {controls}");
    let all = expect_harmless(&server, payload.as_bytes());
    let cases = junit_cases(all[0].report("junit"));
    assert!(
        cases.iter().any(|case| case.contains("]]> & &#27; &amp; <b> \" ' \\u{fffe}\\u{ffff} <!-- -->")),
        "{cases:?}"
    );
}

#[test]
fn o10_sarif_is_valid_and_its_paths_stay_in_the_repository() {
    let server = Server::start();
    let payload = "../../../etc/passwd C:\\x [a](https://evil.example) {0} {{1}} %2e%2e/";
    expect_harmless(&server, payload.as_bytes());
    // A list outside of the folder, however it is named, is not a file of the repository.
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).expect("a folder");
    let list = folder.path().join("list.txt");
    fs::write(&list, "http://h.example/a.png?sig=canary\n").expect("a list");
    for name in [list.display().to_string(), "../list.txt".to_owned(), "./../inner/../list.txt".to_owned()] {
        let written = writings(program().args(["check", "--offline", &format!("@{name}")]), &inner);
        written.expect_harmless();
        let document: Value = serde_json::from_str(written.report("sarif")).expect("JSON");
        let result = &document["runs"][0]["results"][0];
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "no-file");
        assert!(!written.report("sarif").contains("canary"));
    }
}

#[test]
fn o13_json_has_one_line_per_record_and_round_trips() {
    let server = Server::start();
    expect_harmless(&server, b"a\nb\r\xe2\x80\xa8c\xe2\x80\xa9\xc2\x85d\xff\xfee \"\\\x00");
    let folder = tempfile::tempdir().expect("a folder");
    let assets = ["https://h.example/a\u{2028}b::c", "./##d", "./e\\\"f", "./::error::g", "./section_start:0:h\u{1b}"];
    fs::write(folder.path().join("list"), assets.join("\n")).expect("a list");
    let written = writings(program().args(["check", "--offline", "@list"]), folder.path());
    written.expect_harmless();
    let lines = written.report("jsonl").lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let read: Vec<String> = lines.map(|line| line["asset"].as_str().expect("a text").to_owned()).collect();
    assert_eq!(read, assets);
}
