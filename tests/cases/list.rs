//! Long and unusual lists of assets.

use std::io::Write as _;
use std::time::Duration;

use crate::program::program;
use crate::server::Server;

/// `L01`: comments, LF and CRLF, a byte order mark, bytes that are not UTF-8, no line end at the end of the file.
#[test]
fn l01_lines_keep_their_numbers_whatever_they_contain() {
    let list =
        b"\xef\xbb\xbfhttps://cdn.example.org/1\r\n# a comment\r\n\r\nhttp://h.example.org/4\nhttps://h\0.org/5\n\
        data:image/png;base64,!!\nhttps://cdn.example.org/\xff7\nhttps://cdn.example.org/8";
    let reports =
        program().args(["check", "--offline", "-f", "jsonl", "-"]).stdin(list).run().exit_code(1).json_lines();
    let told: Vec<(u64, &str)> = reports
        .iter()
        .map(|report| {
            let line = report["location"]["line"].as_u64().expect("a line");
            (line, report["verdict"].as_str().expect("a verdict"))
        })
        .collect();
    // A comment after a URL is not part of it.
    let list = "https://cdn.example.org/a.png # the first\n";
    let report = program().args(["check", "--offline", "-f", "json", "-"]).stdin(list).run().exit_code(0).json();
    assert_eq!(report["assets"][0]["asset"], "https://cdn.example.org/a.png");
    let wanted = [(1, "accepted"), (4, "rejected"), (5, "rejected"), (6, "rejected"), (7, "rejected"), (8, "accepted")];
    assert_eq!(told, wanted);
}

#[test]
fn l01_a_hundred_thousand_lines_and_one_of_ten_mebibytes_are_checked() {
    let pairs = (0..50_000).map(|line| format!("http://h.example.org/{line}\r\nhttp://h.example.org/same\n"));
    let long = format!("https://cdn.example.org/{}\n", "a".repeat(10 << 20));
    let list = pairs.chain([long, "http://h.example.org/last".to_owned()]).collect::<String>();
    let outcome = program().args(["check", "--offline", "-f", "concise", "-"]).stdin(list).run().exit_code(1);
    assert_eq!(outcome.stdout.lines().count(), 100_002);
    let outcome = outcome.stdout_contains("-:100000:1: ").stdout_contains("url-too-long");
    assert!(outcome.stdout.lines().last().is_some_and(|line| line.starts_with("-:100002:1: ")));
    assert!(outcome.stdout.lines().all(|line| line.len() < 8192), "no line is echoed whole");
}

/// `L02`: results are written before the list ends, and a signal ends the run.
#[test]
fn l02_an_endless_list_gives_results_and_ends_by_a_signal() {
    let mut running = program().args(["check", "--offline", "-f", "jsonl", "-"]).converse();
    for line in 0..3 {
        running.write(format!("http://h.example.org/{line}\n"));
        let told = running.line().expect("a result");
        assert!(told.contains(&format!("h.example.org/{line}")), "{told}");
    }
    running.signal("INT");
    assert_eq!(running.wait(), Some(130));
}

/// `L03`: a host that never answers delays only its own assets.
#[test]
fn l03_a_dead_host_does_not_hold_up_the_others() {
    let server = Server::start();
    let good = server.url("cdn", "/image/640x480.png");
    let dead = server.url("swallows", "/a.png");
    let mut urls: Vec<String> = (0..8).map(|n| format!("{dead}?{n}")).collect();
    urls.extend((0..60).map(|n| format!("{good}?{n}")));
    let flags = ["check", "-f", "jsonl", "-j", "16", "--per-host", "4", "--timeout", "4s", "-"];
    let outcome = program().args(flags).args(server.flags()).stdin(urls.join("\n")).run().exit_code(1);
    let reports = outcome.json_lines();
    let verdicts = |verdict: &str| reports.iter().filter(|report| report["verdict"] == verdict).count();
    assert_eq!((verdicts("accepted"), verdicts("rejected")), (60, 8), "{outcome}");
    // Two rounds of four dead assets; a third round would mean that the others had to wait for them.
    let elapsed = outcome.elapsed;
    assert!(elapsed < Duration::from_secs(30), "{elapsed:?}");
}

/// `L05`: the same responses give the same report, apart from times.
#[test]
fn l05_two_runs_give_the_same_lines() {
    let server = Server::start();
    let urls: Vec<String> = ["/image/640x480.png", "/status/404", "/fault/octet-stream", "/wait/50/image/9x9.png"]
        .iter()
        .flat_map(|path| (0..5).map(|n| format!("{}?{n}", server.url("cdn", path))))
        .collect();
    let run = |format: &str| {
        let run = program().args(["check", "-f", format, "-j", "16", "-"]).args(server.flags());
        run.stdin(urls.join("\n")).run().exit_code(1).stdout
    };
    assert_eq!(run("concise"), run("concise"));
    let timeless = |text: String| {
        text.split("\"elapsed_ms\":")
            .map(|part| part.trim_start_matches(char::is_numeric).to_owned())
            .collect::<String>()
    };
    assert_eq!(timeless(run("jsonl")), timeless(run("jsonl")));
}

/// `L04`: a slow reader of the results slows down reading of the list, and memory stays flat.
#[test]
fn l04_a_slow_reader_slows_the_program_down() {
    let mut running = program().args(["check", "--offline", "-f", "jsonl", "-"]).converse();
    let mut stdin = running.take_input();
    let line = format!("http://h.example.org/?{}\n", "a".repeat(200));
    let (told, taken) = std::sync::mpsc::channel();
    let writing = std::thread::spawn(move || {
        for at in 0..20_000_u32 {
            if stdin.write_all(line.as_bytes()).is_err() {
                return;
            }
            let _ = told.send(at);
        }
    });
    // No results are read, so the program soon stops reading the list.
    let mut count = 0;
    while let Ok(at) = taken.recv_timeout(Duration::from_millis(700)) {
        count = at;
    }
    assert!(count < 15_000, "the program read {count} lines although no result was read");
    let kibibytes = running.memory().expect("a peak");
    assert!(kibibytes < 64 << 10, "{kibibytes} KiB");
    let lines = std::iter::from_fn(|| running.line()).count();
    assert_eq!((lines, running.wait()), (20_000, Some(1)));
    writing.join().expect("all was written");
}
