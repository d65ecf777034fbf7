//! Standard output and standard error that break, are full, or are not there.

use std::fs::File;
use std::process::Stdio;

use super::{FORMATS, Folder, PNG, REJECTED, check, many};
use crate::program::{program, program_in};

/// One call of every subcommand that writes something.
const SUBCOMMANDS: [&[&str]; 12] = [
    &["check", "--offline", PNG],
    &["body", "--offline", "fixtures/bodies/five-bad-fields.json"],
    &["diagnose", "--timeout", "1s", REJECTED],
    &["explain", "SAFETY.INPUT.TEXT"],
    &["encode", "fixtures/images/photo.png"],
    &["rules"],
    &["rules", "--format", "json"],
    &["config", "show"],
    &["completions", "bash"],
    &["man"],
    &["--help"],
    &["--version"],
];

#[test]
fn s03_a_closed_pipe_exits_with_141_and_no_message() {
    let head = |assets: usize, format: &str, reader: &str| {
        let script = format!("\"$0\" check --offline -f {format} - | {reader}; echo ${{PIPESTATUS[0]}}");
        let outcome = program_in(&script).stdin(many(assets)).run().exit_code(0).stderr_is_empty();
        outcome.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for format in ["text", "concise", "reasons", "json", "jsonl"] {
        let lines = head(20_000, format, "head -1");
        assert_eq!((lines.len(), lines[1].as_str()), (2, "141"), "{format}: {lines:?}");
    }
    for format in FORMATS {
        // A short output may fit into the pipe before the reader closes it.
        let lines = head(1, format, "true");
        assert!(["1", "141"].contains(&lines[0].as_str()), "{format}: {lines:?}");
    }
    for words in SUBCOMMANDS {
        let outcome = program_in("\"$0\" \"$@\" | true; echo ${PIPESTATUS[0]}").args(words).run().exit_code(0);
        assert!(["0", "1", "141"].contains(&outcome.stdout.trim()), "{outcome}");
        assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    }
}

#[test]
fn reports_hold_what_was_checked_until_standard_output_failed() {
    let folder = Folder::new();
    let report = format!("json={}", folder.path("report.json").display());
    let script = "\"$0\" check --offline -f concise --report \"$1\" - | head -1; echo ${PIPESTATUS[0]}";
    let outcome = program_in(script).arg(&report).stdin(many(20_000)).run().exit_code(0).stderr_is_empty();
    assert_eq!(outcome.stdout.lines().nth(1), Some("141"), "{outcome}");
    let full = File::options().write(true).open("/dev/full").expect("/dev/full");
    let first = folder.read("report.json");
    check().args(["-f", "json", "--report", &report, REJECTED, REJECTED]).stdout(full).run().exit_code(4);
    for (text, incomplete) in [(first, Some(true)), (folder.read("report.json"), None)] {
        let report: serde_json::Value = serde_json::from_str(&text).expect("a whole document");
        assert_eq!(report["summary"]["incomplete"].as_bool(), incomplete, "{}", report["summary"]);
        assert!(report["summary"]["rejected"].as_u64() > Some(0), "{}", report["summary"]);
    }
}

#[test]
fn s04_a_full_device_exits_with_4_for_every_subcommand_and_format() {
    let full = || File::options().write(true).open("/dev/full").expect("/dev/full");
    for words in SUBCOMMANDS {
        program()
            .args(words)
            .stdout(full())
            .run()
            .exit_code(4)
            .stderr_contains("error: output could not be written: No space");
    }
    for format in FORMATS {
        check().args(["-f", format, REJECTED]).stdout(full()).run().exit_code(4);
        check().args(["-f", format, REJECTED, "-o", "/dev/full"]).run().exit_code(4);
        // Every format but `api` has this row of a request; `api` has only the body.
        program().args(["body", "--offline", "-f", format, "-"]).stdin("null").stdout(full()).run().exit_code(4);
    }
    program().args(["body", "--offline", "-f", "api", "-"]).stdin("null").stdout(full()).run().exit_code(4);
    check()
        .args(["--exit-zero", "--report", "json=/dev/full", PNG])
        .run()
        .exit_code(4)
        .stderr_contains("/dev/full: No space");
}

#[test]
fn s05_a_closed_standard_output_leaves_the_verdict_and_the_files() {
    let folder = Folder::new();
    for (asset, code) in [(PNG, 0), (REJECTED, 1)] {
        for format in FORMATS {
            let run = program_in("exec \"$0\" \"$@\" >&-").args(["check", "--offline", "-f", format, asset]);
            run.arg("--report").arg(format!("json={}", folder.path("r.json").display())).run().exit_code(code);
            let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).expect("JSON");
            assert_eq!(report["assets"][0]["verdict"] == "accepted", code == 0);
        }
    }
    program_in("exec \"$0\" \"$@\" <&- >&- 2>&-").args(["check", "--offline", REJECTED]).run().exit_code(1);
    program_in("exec \"$0\" check --offline - <&-").run().exit_code(0);
}

#[test]
fn s06_an_unwritable_standard_error_changes_nothing() {
    for end in ["2>&-", "2>/dev/full"] {
        let script = format!("exec \"$0\" \"$@\" {end}");
        let run = |words: &[&str]| program_in(&script).args(words).run();
        run(&["check", "--offline", PNG]).exit_code(0).stdout_contains("accepted");
        run(&["check", "--offline", "--allow-private", REJECTED])
            .exit_code(1)
            .stdout_contains("Only HTTPS URLs are allowed.");
        run(&["check", "--offline", "--no-such-flag"]).exit_code(2);
        run(&["check", "--offline", "@no-such-list"]).exit_code(2);
        run(&["check", "--offline", "-o", "/no/such/folder/out", PNG]).exit_code(4);
        run(&["body", "--offline", "no-such-file"]).exit_code(2);
        run(&["check", "--offline", "-f", "json", "-o", "/dev/full", PNG]).exit_code(4);
        run(&[]).exit_code(2);
    }
    let gone = Stdio::null();
    check().arg(PNG).stdout(gone).run().exit_code(0).stdout_is("");
}
