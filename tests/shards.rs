//! `--shard`: several runs judge what one would, each its share.

use crate::program::program;

/// Judges a list in so many shares and returns each share's lines.
fn shares(list: &str, of: usize) -> Vec<Vec<String>> {
    let share = |number| {
        let shard = format!("{number}/{of}");
        let outcome =
            program().args(["check", "--offline", "--format", "jsonl", "--shard", &shard, "-"]).stdin(list).run();
        outcome.stdout.lines().map(str::to_owned).collect()
    };
    (1..=of).map(share).collect()
}

#[test]
fn shares_joined_are_the_whole() {
    let lines = (0..500).map(|number| match number % 3 {
        0 => format!("http://h{number}.example.com/a.png"),
        1 => format!("https://h{number}.example.com/a.png"),
        _ => "# a comment\n\ndata:image/png;base64,AAAA".to_owned(),
    });
    let list = lines.collect::<Vec<_>>().join("\n");
    let whole = program().args(["check", "--offline", "--format", "jsonl", "-"]).stdin(&*list).run().exits(1).stdout;
    for of in [1, 3] {
        let shares = shares(&list, of);
        assert!(shares.iter().all(|share| !share.is_empty()));
        let mut joined = shares.concat();
        joined.sort_by_key(|line| {
            let report: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            report["index"].as_u64().expect("an index")
        });
        assert_eq!(joined, whole.lines().collect::<Vec<_>>(), "{of}");
    }
}

#[test]
fn a_share_that_cannot_be_is_bad_usage() {
    for shard in ["0/2", "3/2", "1", "x/y"] {
        program().args(["check", "--shard", shard, "a.png"]).run().exits(2);
    }
}
