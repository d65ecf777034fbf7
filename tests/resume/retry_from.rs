//! `--retry-from`: rows of an earlier run are taken over, but for those that may pass now.

use serde_json::Value;

use super::{Folder, body};
use crate::program::{Outcome, Program, program};
use crate::server::Server;

/// One asset of each kind: a host that recovers after one run, an accepted one, a closed port, one of a fault that stays,
/// and one that is undecided.
fn list(server: &Server) -> String {
    let urls = [
        server.url("cdn", "/later/8/fault/good?X-Amz-Signature=canary"),
        server.url("cdn", "/fault/good"),
        server.url("refuses", "/a.png"),
        server.url("cdn", "/status/404"),
        "http://h.com/a.png".to_owned(),
        "runway://5a6b7c8d-0e1f-4a2b-8c3d-4e5f6a7b8c9d".to_owned(),
        server.url("cdn", "/fault/good").replace("https://", "https://user@"),
    ];
    urls.join("\n")
}

fn check(server: &Server, folder: &Folder) -> Program {
    let run = program().args(["check", "-f", "jsonl", "-j", "1", "@list.txt"]).current_dir(folder.root());
    run.args(server.flags())
}

/// A folder with a list, which was checked once, into `old.jsonl`.
fn checked(server: &Server) -> Folder {
    let folder = Folder::with_list(&list(server));
    check(server, &folder).args(["-o", "old.jsonl"]).run().exit_code(1);
    assert_eq!(server.requests().len(), 8, "HEAD and GET of four");
    folder
}

fn verdicts(outcome: &Outcome) -> Vec<(u64, String)> {
    let row =
        |row: &Value| (row["index"].as_u64().expect("a number"), row["verdict"].as_str().unwrap_or("").to_owned());
    outcome.json_lines().iter().map(row).collect()
}

#[test]
fn what_may_pass_now_is_checked_again_and_every_row_is_written() {
    let server = Server::start();
    let folder = checked(&server);
    let outcome = check(&server, &folder).args(["--retry-from", "old.jsonl"]).run().exit_code(1);
    let outcome = outcome.output_lacks("canary").stderr_contains("old.jsonl: 3 checked again, 4 taken over");
    let outcome = outcome.stderr_contains("7 assets: 3 accepted, 3 rejected, 1 undecided in ");
    assert_eq!(server.requests().len(), 12, "two are fetched again");
    let expected = ["accepted", "accepted", "rejected", "rejected", "rejected", "accepted", "undecided"];
    assert_eq!(verdicts(&outcome), (0..).zip(expected.map(str::to_owned)).collect::<Vec<_>>());
    let old = folder.read("old.jsonl");
    for row in [1, 3, 4, 5] {
        assert_eq!(outcome.stdout.lines().nth(row), old.lines().nth(row), "{row} is taken over");
    }
    // The new rows can be retried and resumed like those of any run.
    check(&server, &folder)
        .args(["--retry-from", "old.jsonl", "-o", "new.jsonl", "-q"])
        .run()
        .exit_code(1)
        .stdout_is("");
    let again = check(&server, &folder).args(["--resume", "-o", "new.jsonl"]).run().exit_code(1);
    again.stderr_contains("resuming new.jsonl: 7 already checked").output_lacks("does not record its flags");
    check(&server, &folder)
        .args(["--retry-from", "new.jsonl"])
        .run()
        .exit_code(1)
        .stderr_contains("2 checked again, 5 taken over");
}

#[test]
fn new_assets_are_checked_and_a_row_that_was_cut_off_is_one() {
    let server = Server::start();
    let folder = checked(&server);
    let old = folder.read("old.jsonl");
    folder.write("old.jsonl", &old[..old.len() - 20]);
    folder.write("list.txt", list(&server) + "\nhttp://h.com/b.png\n");
    let outcome = check(&server, &folder).args(["--retry-from", "old.jsonl"]).run().exit_code(1);
    let outcome = outcome.stderr_contains("2 checked again, 4 taken over").stderr_contains("8 assets: ");
    assert_eq!(verdicts(&outcome).len(), 8);
    // Without a file of results there is nothing to take over.
    folder.write("old.jsonl", "");
    check(&server, &folder)
        .args(["--retry-from", "old.jsonl"])
        .run()
        .exit_code(1)
        .stderr_contains("0 checked again, 0 taken over");
}

#[test]
fn rows_of_something_else_are_refused_before_anything_is_written() {
    let server = Server::start();
    let folder = checked(&server);
    folder.write("new.jsonl", "as it was");
    let refuses = |flags: &[&str], why: &str| {
        let before = server.requests().len();
        check(&server, &folder)
            .args(["-o", "new.jsonl"])
            .args(flags)
            .run()
            .exit_code(2)
            .stderr_contains(why)
            .stdout_is("");
        assert_eq!((server.requests().len(), folder.read("new.jsonl").as_str()), (before, "as it was"), "{flags:?}");
    };
    let from = ["--retry-from", "old.jsonl"];
    let with = |flag: &'static [&'static str]| [&from[..], flag].concat();
    refuses(&with(&["--depth", "head"]), "old.jsonl was written without --depth head: use the same flags, or check");
    refuses(&["--retry-from", "none.jsonl"], "--retry-from none.jsonl cannot be read: No such file");
    refuses(&["--retry-from", "."], "--retry-from . is not a regular file");
    refuses(&["--retry-from", "list.txt"], "--retry-from: list.txt:1: this line was not written by this command");
    let text = program().args(["check", "--offline", "@list.txt"]).args(from).current_dir(folder.root()).run();
    text.exit_code(2).stderr_contains("--retry-from writes every row, as JSON Lines: add --format jsonl").stdout_is("");
    refuses(&with(&["--resume"]), "cannot be used with");
    refuses(&with(&["--report", "junit=a.xml"]), "cannot be used with");
    folder.write("list.txt", list(&server).replace("http://h.com/a.png", "http://h.com/x.png"));
    refuses(&from, "old.jsonl:5: this line is not about list.txt:5: the input has changed since; check everything");
    folder.write("list.txt", "http://h.com/a.png");
    refuses(&from, "old.jsonl:1: this line is not about list.txt:1");
    folder.write("list.txt", "");
    refuses(&from, "old.jsonl:1: the input has fewer assets than this file has rows");
    let newer = folder.read("old.jsonl").replacen("\"rules\":\"", "\"rules\":\"1", 1);
    folder.write("list.txt", list(&server));
    folder.write("old.jsonl", newer);
    refuses(&from, "was written with the rules of 1");
    check(&server, &folder)
        .args(["-o", "old.jsonl", "--retry-from", "./old.jsonl"])
        .run()
        .exit_code(2)
        .stderr_contains("one file");
}

#[test]
fn nothing_in_a_row_that_is_taken_over_is_obeyed() {
    let folder = Folder::with_list("http://h.com/a.png");
    folder.check().run().exit_code(1);
    let hostile = folder.read("out.jsonl").replace("\"detail\":\"", "\"detail\":\"\n::error::x ##[add-mask]y \u{202e}");
    folder.write("old.jsonl", hostile.replace('\n', " ").trim_end().to_owned() + "\n");
    let run = program().args(["check", "--offline", "-f", "jsonl", "@list.txt", "--retry-from", "old.jsonl"]);
    let outcome = run.current_dir(folder.root()).run().exit_code(1).output_lacks("::error").output_lacks("##[");
    outcome.output_lacks("\u{202e}").stdout_contains("add-mask");
}

#[test]
fn request_bodies_are_retried_with_their_numbers() {
    let server = Server::start();
    let folder = Folder::with_list("");
    let request = |image: &str| {
        serde_json::json!({"model": "gen4_turbo", "promptImage": image, "ratio": "1280:720", "duration": 5}).to_string()
    };
    folder.write("a.json", request(&server.url("cdn", "/later/4/file/images/2400x1000.png")));
    folder.write("b.json", body("b"));
    folder.write("c.json", request(&server.url("cdn", "/status/404")));
    let run = |flags: &[&str]| {
        let run = program().args(["body", "-f", "jsonl", "-j", "1", "a.json", "b.json", "broken.json", "c.json"]);
        run.args(server.flags()).args(flags).current_dir(folder.root()).run()
    };
    folder.write("broken.json", "{");
    run(&["-o", "old.jsonl"]).exit_code(2).stderr_contains("broken.json:1:2");
    assert_eq!(server.requests().len(), 4);
    let outcome = run(&["--retry-from", "old.jsonl"]).exit_code(2).stderr_contains("broken.json:1:2");
    let outcome = outcome.stderr_contains("old.jsonl: 1 checked again, 2 taken over");
    assert_eq!(server.requests().len(), 6);
    let rows = outcome.json_lines();
    let numbers: Vec<_> = rows.iter().map(|row| (&row["index"], &row["assets"][0]["index"])).collect();
    assert_eq!(numbers, [(&0.into(), &0.into()), (&1.into(), &1.into()), (&2.into(), &3.into())]);
    let old = folder.read("old.jsonl");
    assert_eq!(outcome.stdout.lines().skip(1).collect::<Vec<_>>(), old.lines().skip(1).collect::<Vec<_>>());
    assert_ne!(outcome.stdout.lines().next(), old.lines().next());
    outcome.stderr_contains("3 requests with 4 assets: ");
}
