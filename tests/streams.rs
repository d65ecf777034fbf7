//! Results leave as soon as they are known, however long the list goes on.

use crate::program::program;

#[test]
fn a_line_is_answered_before_the_next_is_there() {
    let mut running = program().args(["check", "--offline", "--format", "jsonl", "-"]).converse();
    for number in 0..5 {
        running.write(format!("https://cdn.example.com/{number}.png\n"));
        let line = running.line().expect("a line");
        assert!(line.starts_with(&format!("{{\"index\":{number},")), "{line}");
    }
    running.end();
    assert_eq!(running.line(), None);
    assert_eq!(running.wait(), Some(0));
}
