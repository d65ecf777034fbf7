//! Hostile text from every source through every output of the real binary. Test names begin with their case in
//! `cases/list.tsv`: `o05` is commands to a CI runner. This file covers terminals.

mod formats;
mod runners;
mod shells;
mod sources;

use serde_json::Value;

use crate::all_formats::RunOutputs;
use crate::server::Server;
use sources::{expect_harmless, listed, requested, served};

/// Expects each of these escaped texts in every text report.
#[track_caller]
fn expect_shown(all: &[RunOutputs], shown: &[&str]) {
    for text in shown {
        for writings in all {
            assert!(writings.report("text").contains(text), "{text} is not in\n{}", writings.report("text"));
        }
    }
}

#[test]
fn o01_terminals_get_no_escape_sequences() {
    let server = Server::start();
    let payload = b"a\x1b]0;title\x07b\x1b[2Jc\x1b]8;;https://evil.example\x1b\\d\x1b]52;c;eA==\x07e\x7f\x1b";
    let all = expect_harmless(&server, payload);
    expect_shown(&all[..1], &["\\x1b]0;title\\x07", "\\x1b[2J", "\\x7f"]);
}

#[test]
fn o02_terminals_get_no_c1_controls() {
    let server = Server::start();
    // As raw bytes, which header fields may hold, and as characters.
    expect_harmless(&server, b"a\x9b2Jb\x85c\xa0d\xff");
    let all = expect_harmless(&server, "a\u{9b}2Jb\u{85}c\u{2028}d\u{2029}e\u{a0}f".as_bytes());
    expect_shown(&all[..1], &["\\x9b2J", "\\u{2028}"]);
    assert!(served(&server, b"a\x9b2J").report("text").contains("\"a\\x9b2J\""));
}

#[test]
fn o03_bidi_invisible_and_stacked_characters_are_escaped() {
    let server = Server::start();
    let marks = "\u{301}".repeat(500);
    let payload = format!(
        "a\u{202e}b\u{202a}c\u{2066}d\u{2069}e\u{200e}f\u{200f}g\u{61c}h\u{200b}i\u{feff}j\u{e0041}k\u{fe0f}l{marks}m"
    );
    let all = expect_harmless(&server, payload.as_bytes());
    expect_shown(&all[..1], &["\\u{202e}", "\\u{2066}", "\\u{200b}", "\\u{e0041}"]);
    // A header field is cut, however long it is shown.
    let unsupported = |line: &&str| line.starts_with("Unsupported Content-Type") && line.ends_with("…\".");
    let long = served(&server, format!("a\u{202e}b{}", "\u{301}".repeat(250)).as_bytes());
    let sentence = long.report("reasons").lines().find(unsupported).expect("a sentence");
    assert!(sentence.chars().count() < 1500, "{sentence}");
}

#[test]
fn o04_one_record_is_one_line() {
    let server = Server::start();
    let plain = [listed(b"bad"), served(&server, b"bad"), requested(b"bad")];
    let hostile = expect_harmless(&server, b"bad\rPASS\x08\x08\tall\x0b\x0cgood \xef\xbc\xa1\n\nPASS: accepted");
    // The lists differ in their assets, because URL parsers remove tabs; each line has one finding.
    for writings in plain.iter().chain(&hostile) {
        let document: Value = serde_json::from_str(writings.report("json")).expect("JSON");
        let assets = document["assets"].as_array().expect("assets");
        assert_eq!(
            writings.report("jsonl").lines().count(),
            document.get("requests").map_or(assets.len(), |all| all.as_array().expect("requests").len())
        );
        for line in writings.report("concise").lines().chain(writings.report("reasons").lines()) {
            assert!(!line.starts_with("PASS") && !line.starts_with("accepted"), "{line}");
        }
        for line in writings.report("concise").lines() {
            let is_told = ["error[", "warning[", "undecided[", "note[", ": accepted", ": undecided"];
            assert!(is_told.iter().any(|word| line.contains(word)), "{line}");
        }
    }
}

#[test]
fn o19_no_line_begins_with_untrusted_text() {
    let server = Server::start();
    let payload = b"accepted: https://h.example/forged 9 assets: 9 accepted";
    let all = expect_harmless(&server, payload);
    for (writings, is_list) in all.iter().zip([true, false, true]) {
        let document: Value = serde_json::from_str(writings.report("json")).expect("JSON");
        let verdicts = |verdict: &str| {
            let assets = document["assets"].as_array().expect("assets");
            assets.iter().filter(|asset| asset["verdict"] == verdict).count()
        };
        let heads = writings.report("text").lines().filter(|line| line.starts_with("accepted")).count();
        let requests = document.get("requests").and_then(Value::as_array);
        let passed = requests.map_or(0, |all| all.iter().filter(|one| one["verdict"] == "accepted").count());
        assert_eq!(heads, verdicts("accepted") + passed, "{}", writings.report("text"));
        for name in ["text", "reasons", "junit", "sarif", "json"] {
            for line in writings.report(name).lines() {
                assert!(
                    !line.starts_with("9 assets") && !line.starts_with("accepted: https://h.example/forged"),
                    "{line}"
                );
            }
        }
        assert!(is_list || !writings.report("concise").lines().any(|line| line.starts_with("accepted")));
    }
}
