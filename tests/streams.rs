//! Results are written as soon as they are known, even if the list has not ended.

use crate::program::program;

#[test]
fn each_line_is_reported_before_the_next_is_written() {
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
