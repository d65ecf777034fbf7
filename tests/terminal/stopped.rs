//! A terminal that was stopped with Ctrl-S stops new work and nothing else.

use super::{BAR, BIN, Screen, fs, sleep};
use crate::server::Server;
use std::path::Path;
use std::time::{Duration, Instant};

/// Writes a list of this many good assets, each of which takes so many milliseconds; returns its path.
fn list(server: &Server, folder: &Path, count: usize, milliseconds: u32) -> String {
    let path = |number| format!("/wait/{milliseconds}/fault/good?{number}");
    let urls: Vec<String> = (0..count).map(|number| server.url("cdn", &path(number))).collect();
    let list = folder.join("list");
    fs::write(&list, urls.join("\n")).expect("a list");
    list.display().to_string()
}

/// Waits until no more requests come, and returns their number.
fn settled(server: &Server) -> usize {
    let (mut requests, start) = (0, Instant::now());
    while requests == 0 || requests != server.requests().len() {
        requests = server.requests().len();
        sleep(Duration::from_secs(1));
        assert!(start.elapsed() < Duration::from_secs(40), "{requests} requests");
    }
    requests
}

#[test]
fn new_work_waits_for_a_stopped_terminal_and_one_interrupt_ends_the_run() {
    const ASSETS: usize = 2000;
    let (server, folder) = (Server::start(), tempfile::tempdir().expect("a folder"));
    let (pid, report) = (folder.path().join("pid"), folder.path().join("report.json"));
    let list = list(&server, folder.path(), ASSETS, 0);
    let flags = format!("-v -j 16 --per-host 16 --report json={} {}", report.display(), server.flags().join(" "));
    let script = format!("sh -c 'echo $$ >{}; exec {BIN} check {flags} @{list}'", pid.display());
    let Some(screen) = Screen::open(80, "", &script) else { return };
    while server.requests().len() < 100 {
        sleep(Duration::from_millis(5));
    }
    screen.press("C-s");
    let requests = settled(&server);
    assert!(requests < ASSETS * 2, "{requests} requests");
    let process = fs::read_to_string(&pid).expect("a process");
    let sent = Instant::now();
    let kill = std::process::Command::new("kill").args(["-INT", process.trim()]).status();
    assert!(kill.is_ok_and(|status| status.success()), "it is running");
    while Path::new("/proc").join(process.trim()).exists() {
        assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
        sleep(Duration::from_millis(10));
    }
    let document: serde_json::Value = serde_json::from_slice(&fs::read(&report).expect("a report")).expect("JSON");
    assert_eq!(document["summary"]["incomplete"], true);
    assert!(document["assets"].as_array().is_some_and(|assets| assets.len() * 2 >= requests - 32), "{requests}");
    screen.press("C-q");
    screen.until("exit 130");
}

#[test]
fn results_in_a_file_do_not_wait_for_a_stopped_terminal() {
    let (server, folder) = (Server::start(), tempfile::tempdir().expect("a folder"));
    let results = folder.path().join("results.jsonl");
    let list = list(&server, folder.path(), 40, 100);
    let flags = format!("-j 1 -f jsonl -o {} {}", results.display(), server.flags().join(" "));
    let Some(screen) = Screen::open(80, "", &format!("{BIN} check {flags} @{list}")) else { return };
    screen.until(BAR);
    screen.press("C-s");
    let lines = || fs::read_to_string(&results).map_or(0, |text| text.lines().count());
    let start = Instant::now();
    while lines() < 40 {
        assert!(start.elapsed() < Duration::from_secs(40), "{} lines", lines());
        sleep(Duration::from_millis(100));
    }
    screen.press("C-q");
    let text = screen.until("exit 0");
    assert!(text.contains("40 assets: 40 accepted") && !text.contains(BAR), "{text}");
}
