//! Kills at random times: the final file equals that of an uninterrupted run, and little is fetched twice.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use crate::program::{Program, program};
use crate::server::Server;

/// Assets in flight.
const JOBS: usize = 16;

/// How many fetches one kill may repeat: assets in flight, and checked assets that waited for them, because lines are
/// written in order.
const MAX_REFETCHES_PER_KILL: usize = 4 * JOBS;

/// A generator of numbers that look random and are the same in every run: splitmix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

/// Returns a list: of five assets three are fetched, one of which fails, and two need no network.
fn list(server: &Server, assets: usize) -> String {
    let asset = |number: usize| match number % 5 {
        // Slow enough that assets are in flight when the kill comes.
        0 => server.url("cdn", &format!("/wait/10/image/8x8.png?{number}=canary")),
        1 => server.url("cdn", &format!("/image/8x8.png?{number}=canary")),
        2 => server.url("cdn", &format!("/status/404?{number}=canary")),
        3 => format!("http://h{number}.example.com/a.png"),
        _ => format!("data:image/png;base64,{}", "AAAA".repeat(number % 50)),
    };
    (0..assets).map(|number| asset(number) + "\n").collect()
}

/// Returns lines without the times, the only thing that differs between two runs.
fn timeless(text: &str) -> Vec<String> {
    let mark = "\"elapsed_ms\":";
    let line = |line: &str| {
        let mut parts = line.split(mark);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |line, part| line + mark + part.trim_start_matches(|letter: char| letter.is_ascii_digit()))
    };
    text.lines().map(line).collect()
}

/// Returns how often each asset was fetched with GET, by the number in its query.
fn fetched(server: &Server) -> HashMap<String, usize> {
    let mut fetched = HashMap::new();
    for request in server.requests() {
        if !request.is_head() {
            *fetched.entry(request.path).or_default() += 1;
        }
    }
    fetched
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Checks this many assets with this many kills, and returns the number of repeated fetches.
fn run_with_kills(assets: usize, kills: u64, seed: u64) -> usize {
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("list"), list(&server, assets)).expect("a list");
    let jobs = JOBS.to_string();
    let check = |out: &str| -> Program {
        let run = program().args(["check", "-f", "jsonl", "-j", &jobs, "--per-host", &jobs, "--resume", "-o"]);
        let run = run.arg(path(out)).arg(format!("@{}", path("list").display())).args(server.flags());
        run.time_out(Duration::from_secs(240))
    };
    check("whole").run().exit_code(1);
    let whole = fs::read_to_string(path("whole")).expect("a file");
    let before = fetched(&server);
    assert_eq!(before.len(), assets.div_ceil(5) * 2 + (assets + 2) / 5, "every URL was fetched");

    let mut dice = Dice(seed);
    let mut moments: Vec<u64> = (0..kills).map(|_| dice.roll(whole.len() as u64 * 3 / 4)).collect();
    moments.sort_unstable();
    let mut killed = 0;
    for moment in moments {
        let running = check("out").start();
        while length(&path("out")) < moment {
            sleep(Duration::from_micros(200));
        }
        sleep(Duration::from_micros(dice.roll(5000)));
        running.signal("KILL");
        killed += u64::from(running.wait().status == 137);
    }
    assert!(killed > kills / 2, "{killed} of {kills} kills came before the end");
    let outcome = check("out").run().exit_code(1).output_lacks("canary");
    outcome.stderr_contains(&format!("{} assets: ", assets_shown(assets)));
    let out = fs::read_to_string(path("out")).expect("a file");
    assert!(!out.contains("canary"));
    assert_eq!(timeless(&out), timeless(&whole));
    let again = |(path, count): (String, usize)| count - before[&path] - 1;
    fetched(&server).into_iter().map(again).sum()
}

/// Formats a number as the summary does.
fn assets_shown(assets: usize) -> String {
    if assets < 1000 { assets.to_string() } else { format!("{},{:03}", assets / 1000, assets % 1000) }
}

#[test]
fn s07_a_few_kills_lose_nothing_and_repeat_little() {
    let again = run_with_kills(300, 4, 7);
    assert!(again <= 4 * MAX_REFETCHES_PER_KILL, "{again} fetches were repeated");
}

#[test]
#[ignore = "it takes a while; .ci/run runs it"]
#[expect(clippy::print_stderr, reason = "the test prints its measurement")]
fn s07_twenty_kills_over_ten_thousand_assets() {
    let again = run_with_kills(10_000, 20, 42);
    eprintln!("{again} of 6000 fetches were repeated after 20 kills with {JOBS} under way");
    assert!(again <= 20 * MAX_REFETCHES_PER_KILL, "{again} fetches were repeated");
}
