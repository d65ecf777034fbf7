//! Limits on the cost of a hostile peer or file: it ends at the deadline, and its bytes are not kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::program::{Outcome, program};
use crate::server::Server;

/// Peers that never finish a response, each in its own way, and a code that must be among the findings.
const ENDLESS: [(&str, &str); 7] = [
    ("silent", "timeout"),
    ("trickle-head", "timeout"),
    ("trickle-body", "timeout"),
    ("1xx-flood", "ambiguous-response"),
    ("head-flood", "fetch-failed"),
    ("endless-line", "fetch-failed"),
    ("endless-body", "missing-content-length"),
];

/// Number of each kind in flight.
const EACH: usize = 30;

/// Time limit for each.
const LIMIT: Duration = Duration::from_secs(5);

/// Delay beyond the limit that is allowed on a machine that runs a dozen other tests; `tests/e2e/guard.sh` checks the
/// deadline to the second. Sequentially the peers would take a quarter of an hour; without a deadline, forever.
const LATE: Duration = Duration::from_secs(20);

/// Memory that one more peer may cost, in KiB: the buffers of its connection.
const SHARE: u64 = 256;

/// Checks this many of each endless peer concurrently.
fn meet(server: &Server, each: usize) -> Outcome {
    let names = (0..each).flat_map(|_| ENDLESS).map(|(name, _)| name);
    let urls: Vec<String> =
        names.enumerate().map(|(at, name)| server.url("cdn", &format!("/fault/{name}?{at}"))).collect();
    let limit = format!("{}s", LIMIT.as_secs());
    program()
        .args(["check", "--format", "jsonl", "-j", "300", "--per-host", "300", "--timeout", &limit, "-"])
        .args(server.flags())
        .stdin(urls.join("\n"))
        .run()
        .exit_code(1)
}

#[test]
fn two_hundred_endless_peers_end_at_the_deadline_in_flat_memory() {
    let server = Server::start();
    let alone = meet(&server, 1);
    let crowd = meet(&server, EACH).within(LIMIT + LATE);
    let found = |report: &Value, code: &str| {
        report["findings"].as_array().expect("findings").iter().any(|finding| finding["code"] == code)
    };
    let reports = crowd.json_lines();
    assert_eq!(reports.len(), EACH * ENDLESS.len());
    for (report, (name, code)) in reports.iter().zip((0..EACH).flat_map(|_| ENDLESS)) {
        // On a busy machine, two hundred handshakes may use up the time limit; tests/faults.rs requires the code.
        assert!(found(report, code) || found(report, "timeout"), "{name}: {report:#}");
        let spent: u64 = ["head", "get"].iter().filter_map(|it| report["observed"][it]["elapsed_ms"].as_u64()).sum();
        let spent = Duration::from_millis(spent);
        assert!(spent < LIMIT + LATE, "{name}: {spent:?}");
        assert!(report["observed"]["head"]["error"] != "timeout" || spent >= LIMIT, "{name}: {spent:?}");
    }
    let share = crowd.memory.saturating_sub(alone.memory) / u64::try_from(reports.len()).expect("a few");
    assert!(crowd.memory > 0 && share < SHARE, "{} KiB for few, {} KiB for all", alone.memory, crowd.memory);
}

#[test]
fn endless_interim_responses_fail_long_before_the_deadline() {
    let server = Server::start();
    let outcome = program()
        .args(["check", "--format", "jsonl", "--timeout", "40s", &server.url("cdn", "/fault/1xx-flood")])
        .args(server.flags())
        .run()
        .exit_code(3)
        .within(Duration::from_secs(30));
    let head = &outcome.json_lines()[0]["observed"]["head"];
    assert_eq!((&head["error"], &head["phase"]), (&Value::from("ambiguous-response"), &Value::from("first_byte")));
}

/// Functions that read to an end that may never come.
const GREEDY: [&str; 6] = ["read_to_end(", "read_to_string(", "read_until(", "read_line(", "fs::read(", "io::copy("];

/// Every reader of files and streams has a limit where it reads; network readers have theirs in `fetch::http`.
#[test]
fn every_read_to_the_end_has_a_limit() {
    let sources: Vec<(PathBuf, String)> = files(Path::new("src"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source file");
            (path, text)
        })
        .collect();
    let tests: Vec<&str> = sources.iter().flat_map(|(_, text)| test_modules(text)).collect();
    let is_test = |path: &Path| {
        path.with_extension("").components().any(|part| tests.iter().any(|test| part.as_os_str() == *test))
    };
    let mut readers = 0;
    for (path, text) in sources.iter().filter(|(path, _)| !is_test(path)) {
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| GREEDY.iter().any(|it| line.contains(it))) {
            let statement = lines[at.saturating_sub(1)..=at].concat();
            assert!(statement.contains(".take("), "{}:{}: `{}` has no limit", path.display(), at + 1, line.trim());
            readers += 1;
        }
    }
    assert!(readers >= 6, "only {readers} readers were found");
}

/// Lists the source files below a folder.
fn files(folder: &Path) -> Box<dyn Iterator<Item = PathBuf>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    Box::new(entries.flat_map(|path| -> Box<dyn Iterator<Item = PathBuf>> {
        match path.extension() {
            _ if path.is_dir() => files(&path),
            Some(extension) if extension == "rs" => Box::new(std::iter::once(path)),
            Some(_) | None => Box::new(std::iter::empty()),
        }
    }))
}

/// Returns the names of test-only modules.
fn test_modules(text: &str) -> impl Iterator<Item = &str> {
    let declarations = text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| rest.lines().next());
    declarations.filter_map(|line| line.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';'))
}

#[test]
fn an_endless_cacert_file_is_refused() {
    let outcome =
        program().args(["check", "--cacert", "/dev/zero", "https://cdn.example.org/a.png"]).run().exit_code(2);
    assert!(outcome.stderr_contains("--cacert /dev/zero").memory < 200 << 10);
}

#[test]
fn the_limit_on_heads_does_not_count_body_bytes() {
    // On a connection that has carried large bodies, much of the next body arrives together with its head.
    let server = Server::start();
    let urls: Vec<String> = (0..40).map(|at| server.url("cdn", &format!("/size/3000000/image/png?{at}"))).collect();
    let check = program().args(["check", "--format", "jsonl", "-j", "4", "-"]).args(server.flags());
    let reports = check.stdin(urls.join("\n")).run().json_lines();
    assert_eq!(reports.len(), urls.len());
    for report in reports {
        assert_eq!(report["observed"]["get"]["bytes"], 3_000_000, "{report}");
        assert!(report["observed"]["get"]["error"].is_null(), "{report}");
    }
}
