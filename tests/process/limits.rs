//! Little memory, a small stack, few files, no threads: the program works, or says clearly that it cannot.

use super::{PNG, REJECTED, many};
use crate::program::{program_in, skip};
use crate::server::Server;

/// Runs the program with these `ulimit` commands.
fn limited(limits: &str) -> crate::program::Program {
    program_in(&format!("{limits}; exec \"$0\" \"$@\""))
}

#[test]
fn s13_256_mib_of_address_space_and_a_small_stack_are_enough() {
    let server = Server::start();
    let urls: Vec<String> = (0..40).map(|number| server.url("cdn", &format!("/image/64x64.png?{number}"))).collect();
    let nest = |depth: usize| "[".repeat(depth) + &"]".repeat(depth) + "\n";
    let bodies = [1, 100, 126, 127, 128, 100_000].map(nest).concat();
    let deep = tempfile::tempdir().expect("a folder");
    let path = |name: &str| deep.path().join(name);
    // Nested boxes, as deep as a megabyte allows.
    let nested: Vec<u8> =
        (0..131_072_u32).rev().flat_map(|left| [&((left + 1) * 8).to_be_bytes()[..], b"moov"].concat()).collect();
    std::fs::write(path("a.mp4"), [b"\0\0\0\x10ftypisom\0\0\0\0", &nested[..]].concat()).expect("a file");
    for limits in ["ulimit -v 262144", "ulimit -s 256", "ulimit -v 262144 -s 256"] {
        let run = || limited(limits);
        run().args(["check", "-f", "jsonl", "-"]).args(server.flags()).stdin(urls.join("\n")).run().exit_code(0);
        run().args(["check", "--offline", "-f", "json", "-"]).stdin(many(5000)).run().exit_code(1);
        run().args(["check", "--offline"]).arg(path("a.mp4")).arg("fixtures/video/h264-aac.mp4").run().exit_code(1);
        let outcome = run().args(["body", "--offline", "-"]).stdin(bodies.as_str()).run().exit_code(2);
        outcome.stderr_contains("nested deeper than 127 levels");
        run().args(["explain", "-"]).stdin("{\"error\":".repeat(50_000)).run().exit_code(1);
        for words in [&["rules"][..], &["man"], &["--help"], &["completions", "zsh"]] {
            run().args(words).run().exit_code(0).stderr_is_empty();
        }
    }
}

/// Each thread takes a large part of the address space. Where one too many was started, the first allocation on it ended
/// the process, in a narrow range of limits that moved with the size of the binary.
#[test]
fn s13_threads_leave_room_under_any_limit_on_address_space() {
    for kib in (220_000..300_000).step_by(5_000) {
        let run = limited(&format!("ulimit -v {kib} -s 256")).args(["check", "--offline"]);
        run.args(["fixtures/video/h264-aac.mp4", "fixtures/images/photo.jpg", "fixtures/images/photo.webp"])
            .run()
            .exit_code(0);
    }
}

#[test]
fn s13_out_of_memory_is_reported() {
    let data = format!("data:image/png;base64,{}", "A".repeat(5_000_000));
    let mut codes = Vec::new();
    for kib in [62_000, 64_000, 66_000, 70_000, 262_144] {
        let run = limited(&format!("ulimit -v {kib} 2>/dev/null")).args(["check", "--offline", "-"]);
        let outcome = run.stdin(data.as_str()).run();
        match outcome.status {
            1 => assert!(outcome.stdout.starts_with("error[unreadable-media]"), "{kib} KiB\n{outcome}"),
            // Rust and the loader report the failed allocation; neither exit code is a verdict.
            status => assert!(status > 100 && !outcome.stderr.is_empty(), "{kib} KiB\n{outcome}"),
        }
        codes.push(outcome.status);
    }
    assert_eq!(codes.last(), Some(&1), "{codes:?}");
}

#[test]
fn s13_few_open_files_are_a_failure_of_this_machine() {
    let server = Server::start();
    let urls: Vec<String> =
        (0..60).map(|number| server.url("cdn", &format!("/wait/300/image/8x8.png?{number}"))).collect();
    let run = limited("ulimit -n 24").args(["check", "-f", "jsonl", "-j", "60", "--per-host", "60", "-"]);
    let outcome = run.args(server.flags()).stdin(urls.join("\n")).run();
    let verdicts: Vec<String> = outcome.json_lines().iter().map(|line| line["verdict"].to_string()).collect();
    assert_eq!(verdicts.len(), 60, "{outcome}");
    assert!(verdicts.iter().all(|verdict| verdict != "\"rejected\""), "the server did nothing wrong\n{outcome}");
    assert!([0, 3].contains(&outcome.status), "{outcome}");
}

#[test]
fn s15_without_threads_every_command_works_or_says_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = folder.path().join("runway-preflight");
    std::fs::copy(env!("CARGO_BIN_EXE_runway-preflight"), &binary).expect("a copy");
    let body = folder.path().join("body.json");
    std::fs::write(&body, r#"{"model": "gen4_turbo"}"#).expect("a body");
    let script = "chmod -R a+rX \"$(dirname \"$BINARY\")\" && cd / && \
        exec setpriv --reuid 61234 --regid 61234 --clear-groups bash -c 'ulimit -u 1; exec \"$BINARY\" \"$@\"' - \"$@\"";
    let run = |words: &[&str]| program_in(script).args(words).env("BINARY", &binary).run();
    let probe = run(&["--version"]);
    if probe.status != 0 {
        return skip("no other user can be had here");
    }
    run(&["body", "--offline", "/dev/null"]).exit_code(2).stderr_contains("the text is empty");
    run(&["body", "--offline", body.to_str().expect("text")]).exit_code(1);
    run(&["check", "--offline", "@/dev/null"]).exit_code(2).stderr_contains("error: the lists cannot be read: ");
    run(&["check", "--offline", PNG, REJECTED]).exit_code(1);
    // Without a thread for the network, nothing of the asset is observed.
    run(&["check", "-f", "json", "https://cdn.example.com/a.png"]).exit_code(3);
}
