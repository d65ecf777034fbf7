//! Puts a canary everywhere a secret may be, and expects it nowhere in the output. Test names begin with their case in
//! `cases/list.tsv`.

mod assets;
mod environment;
mod hosts;
mod random;
mod typed;

use std::fs;

use runway_preflight::data_uri::encode as base64;

use crate::all_formats::{RunOutputs, writings};
use crate::program::{Outcome, program};
use crate::server::echo::written;

/// A secret with the characters that encodings change.
const CANARY: &str = "cAnArY/7+zZ=9&kEy";

/// Returns the texts to search for: the first letters of CANARY, which percent-encoding and JSON do not change, and
/// their encodings in hexadecimal and, at each alignment, in base64.
fn traces() -> Vec<String> {
    let stem = "cAnArY";
    let hex = stem.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let inside = |shift: usize| {
        let whole = base64(format!("{}{stem}", "\0".repeat(shift)).as_bytes());
        let whole = whole.trim_end_matches('=');
        let end = if (stem.len() + shift).is_multiple_of(3) { whole.len() } else { whole.len() - 1 };
        whole[[0, 2, 3][shift]..end].to_owned()
    };
    vec![stem.to_owned(), hex.to_uppercase(), hex, inside(0), inside(1), inside(2)]
}

#[track_caller]
fn expect_absent(name: &str, text: &str) {
    for trace in traces() {
        let telling: Vec<&str> = text.lines().filter(|line| line.contains(&trace)).collect();
        assert!(telling.is_empty(), "{trace} is in {name}:\n{}", telling.join("\n"));
    }
}

#[track_caller]
fn expect_silent(outcome: &Outcome) {
    expect_absent("standard output", &outcome.stdout);
    expect_absent("standard error", &outcome.stderr);
}

#[track_caller]
fn expect_hidden(writings: &RunOutputs) {
    for (name, text) in writings.all() {
        expect_absent(name, text);
    }
    let assets = writings.report("jsonl").lines().count();
    assert!(assets > 0 && writings.report("text").lines().count() > assets, "nothing was checked");
}

/// Checks a list in every format, with the most verbose output.
#[track_caller]
fn checked(flags: &[String], assets: &[String]) -> RunOutputs {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list"), assets.join("\n")).expect("a list");
    let check = program().env("RUST_BACKTRACE", "full").args(["check", "--verbose"]).args(flags).arg("@list");
    writings(check, folder.path())
}

fn percent(text: &str) -> String {
    written("percent", text)
}
