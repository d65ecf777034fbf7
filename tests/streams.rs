//! Results leave as soon as they are known, however long the list goes on.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

#[test]
fn a_line_is_answered_before_the_next_is_there() {
    let mut running = Command::new(env!("CARGO_BIN_EXE_runway-preflight"))
        .args(["check", "--offline", "--format", "jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut list = running.stdin.take().expect("standard input");
    let mut results = BufReader::new(running.stdout.take().expect("standard output")).lines();
    for number in 0..5 {
        writeln!(list, "https://cdn.example.com/{number}.png").expect("the program reads");
        let line = results.next().expect("a line").expect("no trouble");
        assert!(line.starts_with(&format!("{{\"index\":{number},")), "{line}");
    }
    drop(list);
    assert!(results.next().is_none());
    assert!(running.wait().expect("it ends").success());
}
