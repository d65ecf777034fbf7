//! `--resume`: an interrupted run continues in the same file, and assets with a verdict are not checked again.

mod kills;
mod retry_from;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::folder::Folder;
use crate::program::{Program, program};
use crate::server::Server;

/// Assets of each kind, checked without network: the fourth and seventh are refused, the sixth is undecided.
const LIST: &str = "\
https://cdn.example.com/1.png?sig=canary
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVQI12P8v5SBgYGBiYGBgYGBAQAU2QGooxpIiAAAAABJRU5ErkJggg==
# a comment
fixtures/images/photo.jpg
http://h.com/4.png
runway://5a6b7c8d-0e1f-4a2b-8c3d-4e5f6a7b8c9d
https://user@cdn.example.org/6.png
https://11.22.33.44/7.png
https://cdn.example.com/8.png
";

impl Folder {
    /// Creates a folder with a list, whose results go to `out.jsonl`.
    fn with_list(list: &str) -> Self {
        let folder = Self::new();
        folder.write("list.txt", list);
        folder
    }

    /// Checks the list from the beginning.
    fn check(&self) -> Program {
        let list = format!("@{}", self.path("list.txt").display());
        program().args(["check", "--offline", "-f", "jsonl", &list, "-o"]).arg(self.path("out.jsonl"))
    }

    fn resume(&self) -> Program {
        self.check().arg("--resume")
    }

    /// Expects the program to refuse to resume, with a reason, and to leave the file unchanged.
    #[track_caller]
    fn refuses(&self, program: Program, why: &str) {
        let before = fs::read(self.path("out.jsonl")).expect("a file");
        program.run().exit_code(2).stderr_contains(why).stdout_is("").output_lacks("canary");
        assert_eq!(fs::read(self.path("out.jsonl")).expect("a file"), before, "the file was changed");
    }
}

fn exists(path: &Path) -> bool {
    path.try_exists().expect("a folder that can be read")
}

#[test]
fn a_run_resumes_from_a_file_truncated_anywhere() {
    let folder = Folder::with_list(LIST);
    folder.check().run().exit_code(1).stdout_is("").stderr_is_empty();
    let whole = folder.read("out.jsonl");
    assert_eq!(whole.lines().count(), 8);
    assert!(!whole.contains("canary"));
    let ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at).collect();
    // Within the first line, at and after the end of every line, within the last line.
    let cuts = [0, 1, 9, 40].into_iter().chain(ends.iter().flat_map(|end| [end - 3, *end, end + 1, end + 2, end + 60]));
    for cut in cuts.filter(|cut| *cut <= whole.len()) {
        folder.write("out.jsonl", &whole[..cut]);
        let outcome = folder.resume().run().exit_code(1).stdout_is("");
        assert_eq!(folder.read("out.jsonl"), whole, "cut at {cut}");
        let outcome = outcome.stderr_contains("8 assets: 3 accepted, 2 not fetched, 2 rejected, 1 undecided in ");
        let done = whole[..cut].matches('\n').count();
        let note = format!("out.jsonl: {done} already checked");
        assert_eq!(outcome.stderr.contains(&note), done > 0, "{outcome}");
    }
}

#[test]
fn a_missing_file_is_created() {
    let folder = Folder::with_list(LIST);
    folder.resume().run().exit_code(1).stderr_contains("8 assets: 3 accepted, 2 not fetched");
    let begun = folder.read("out.jsonl");
    folder.check().run().exit_code(1);
    assert_eq!(folder.read("out.jsonl"), begun);
    let first: Value = serde_json::from_str(begun.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["run"]["flags"], serde_json::json!(["--offline"]));
    assert!(!begun.lines().skip(1).any(|line| line.contains("\"run\"")), "the first line alone says how");
}

#[test]
fn the_exit_code_is_that_of_the_whole_list() {
    for (list, code) in [("http://h.com/a\nhttps://h.com/b\n", 1), ("https://u@h.com/a\nhttps://h.com/b\n", 3)] {
        let folder = Folder::with_list(list);
        folder.check().run().exit_code(code);
        let whole = folder.read("out.jsonl");
        folder.write("out.jsonl", &whole[..=whole.find('\n').expect("a line")]);
        folder.resume().run().exit_code(code);
        // And once more, with nothing left to do.
        folder.resume().run().exit_code(code).stderr_contains("2 assets: ");
        folder.resume().arg("--exit-zero").run().exit_code(0);
        folder.resume().arg("-q").run().exit_code(code).stderr_is_empty();
        assert_eq!(folder.read("out.jsonl"), whole);
    }
}

#[test]
fn with_fail_fast_a_resumed_run_stops_at_the_known_rejection() {
    let folder = Folder::with_list(LIST);
    folder.check().arg("--fail-fast").run().exit_code(1);
    let stopped = folder.read("out.jsonl");
    assert_eq!(stopped.lines().count(), 4);
    let outcome = folder.resume().arg("--fail-fast").run().exit_code(1);
    outcome
        .stderr_contains("4 assets: 2 accepted, 1 not fetched, 1 rejected")
        .stderr_contains("stopped before the end");
    assert_eq!(folder.read("out.jsonl"), stopped);
    folder.resume().run().exit_code(1);
    assert_eq!(folder.read("out.jsonl").lines().count(), 8);
}

#[test]
fn a_changed_list_is_refused_with_the_line() {
    let folder = Folder::with_list(LIST);
    folder.check().run().exit_code(1);
    let changed = |list: &str, why: &str| {
        folder.write("list.txt", list);
        folder.refuses(folder.resume(), why);
    };
    changed(&LIST.replace("/4.png", "/5.png"), "out.jsonl:4: this line is not about");
    changed(&LIST.replace("/4.png", "/5.png"), "list.txt:5: the input has changed since");
    changed(&LIST.replace("1.png?sig", "1.png?other"), "out.jsonl:1: this line");
    changed(&LIST.replace("iVBOR", "iVBO"), "out.jsonl:2: this line");
    changed(&LIST.replace("http://h.com/4.png\n", ""), "out.jsonl:4: this line");
    changed(&format!("https://new.example.com/\n{LIST}"), "out.jsonl:1: this line");
    changed(
        &LIST.replace("https://cdn.example.com/8.png\n", ""),
        "out.jsonl:8: the input has fewer assets than this file has rows",
    );
    changed("", "out.jsonl:1: the input has fewer assets than this file has rows");
    // Neither secrets nor locations are compared; new assets at the end are checked.
    let list = format!("# moved\n\n{}https://cdn.example.com/9.png\n", LIST.replace("canary", "fresh"));
    folder.write("list.txt", list);
    folder.resume().run().exit_code(1).stderr_contains("9 assets: 3 accepted, 3 not fetched");
    assert_eq!(folder.read("out.jsonl").lines().count(), 9);
}

#[test]
fn edited_rules_and_filtered_rows_are_refused() {
    let folder = Folder::with_list(LIST);
    let toml = program().args(["rules", "--format", "toml"]).run().exit_code(0).stdout;
    folder.write("rules.toml", toml.clone());
    let rules = ["--rules".to_owned(), folder.path("rules.toml").display().to_string()];
    folder.check().args(&rules).run().exit_code(1);
    folder.resume().args(&rules).run().exit_code(1);
    folder.write("rules.toml", format!("# edited\n{toml}"));
    folder.refuses(folder.resume().args(&rules), "was written with the content ");
    std::fs::remove_file(folder.path("out.jsonl")).expect("the results");
    folder.check().args(["--only", "rejected"]).run().exit_code(1);
    folder.refuses(folder.resume(), "was written with --only rejected, but this run is not");
}

#[test]
fn changed_flags_are_refused_by_name() {
    let folder = Folder::with_list(LIST);
    folder.check().args(["--model", "gen4_turbo"]).run().exit_code(1);
    let case = |flags: &[&str], why: &str| folder.refuses(folder.resume().args(flags), why);
    case(&[], "was written with --model gen4_turbo, but this run is not");
    case(&["--model", "gen4_image"], "was written with --model gen4_turbo, but this run is not");
    case(&["--model", "gen4_turbo", "--strict"], "was written without --strict");
    case(&["--model", "gen4_turbo", "--depth", "head"], "was written without --depth head");
    case(&["--model", "gen4_turbo", "--timeout", "5s"], "was written without --timeout 5s");
    case(&["--model", "gen4_turbo", "--field", "promptImage"], "was written without --field promptImage");
    case(&["--model", "gen4_turbo", "--show-query"], "was written without --show-query");
    let harmless = ["--model", "gen4_turbo", "--depth", "full", "-j", "3", "--retries", "1", "--per-host", "1"];
    folder.resume().args(harmless).run().exit_code(1);
    let text = folder.read("out.jsonl");
    folder.write("out.jsonl", text.replacen("\"rules\":\"20", "\"rules\":\"19", 1));
    case(&["--model", "gen4_turbo"], "was written with the rules of 19");
    folder.write("out.jsonl", text.replacen("\"version\":\"", "\"version\":\"0.0.", 1));
    folder.resume().args(["--model", "gen4_turbo"]).run().exit_code(1).stderr_contains("was written by version 0.0.");
    // Lines from standard output do not have the flags of their run.
    let list = format!("@{}", folder.path("list.txt").display());
    let lines = program().args(["check", "--offline", "-f", "jsonl", &list]).run().exit_code(1).stdout;
    folder.write("out.jsonl", lines);
    folder.resume().run().exit_code(1).stderr_contains("does not record its flags");
}

#[test]
fn files_of_other_programs_are_never_modified() {
    let folder = Folder::with_list(LIST);
    let foreign = |text: &str, why: &str| {
        folder.write("out.jsonl", text);
        folder.refuses(folder.resume(), why);
    };
    foreign("my notes", "out.jsonl:1: this line was not written by this command");
    foreign("my notes\n", "out.jsonl:1: this line");
    foreign("\x1b[2J\n", "out.jsonl:1: this line");
    foreign("{\"index\":0,\"name\":\"mine\"}", "out.jsonl:1: this line");
    folder.check().run().exit_code(1);
    let text = folder.read("out.jsonl");
    foreign(&format!("{text}my notes"), "out.jsonl:9: this line");
    foreign(&format!("{text}\n"), "out.jsonl:9: this line");
    foreign(&text.replacen("\"verdict\"", "\"verdikt\"", 1), "out.jsonl:1: this line");
    folder.write("out.jsonl", "keep");
    folder.resume().arg("@/no/such/list").run().exit_code(2).stderr_contains("/no/such/list");
    assert_eq!(folder.read("out.jsonl"), "keep");
}

#[test]
fn usage_errors_say_what_to_do() {
    let folder = Folder::with_list("");
    let refuse = |flags: &[&str], why: &str| {
        let run = program().args(["check", "--offline", "--resume", "a.png"]).args(flags).current_dir(folder.root());
        run.run().exit_code(2).stderr_contains(why).stdout_is("");
        assert!(!exists(&folder.path("out")), "{flags:?}");
    };
    refuse(&[], "add --format jsonl and --output FILE");
    refuse(&["-f", "jsonl"], "add --format jsonl and --output FILE");
    refuse(&["-o", "out"], "add --format jsonl and --output FILE");
    refuse(&["-o", "out", "-f", "json"], "add --format jsonl and --output FILE");
    refuse(&["-o", "out", "-f", "jsonl", "--report", "junit=r.xml"], "--resume");
    let body = program().args(["body", "--offline", "--resume", "a.json"]);
    body.run().exit_code(2).stderr_contains("add --format jsonl and --output FILE");
    let check = || program().args(["check", "--offline", "-f", "jsonl", "--resume", "fixtures/images/photo.png", "-o"]);
    check().arg("/dev/null").run().exit_code(4).stderr_contains("only a regular file");
    check().arg(folder.root()).run().exit_code(4).stderr_contains("cannot be written");
    check().arg("/no/such/folder/out").run().exit_code(4).stderr_contains("/no/such/folder/out");
}

#[test]
fn a_list_from_standard_input_is_resumed_too() {
    let folder = Folder::with_list("");
    let out = folder.path("out.jsonl");
    for flags in [&[][..], &["--strict"]] {
        let run = |more: &[&str]| {
            let run = program().args(["check", "--offline", "-f", "jsonl", "-", "http://last.example.com/", "-o"]);
            run.arg(&out).args(flags).args(more).stdin(LIST).run()
        };
        let code = run(&[]).status;
        let whole = folder.read("out.jsonl");
        let half = whole.len() / 2;
        folder.write("out.jsonl", &whole[..half]);
        run(&["--resume"]).exit_code(code);
        assert_eq!(folder.read("out.jsonl"), whole, "{flags:?}");
    }
}

#[test]
fn s16_a_second_run_on_the_same_file_is_refused() {
    let server = Server::start();
    let folder = Folder::with_list(LIST);
    let out = folder.path("out.jsonl");
    let check = |path: &str| {
        program().args(["check", "-f", "jsonl", &server.url("cdn", path), "-o"]).arg(&out).args(server.flags())
    };
    let first = check("/fault/silent").start();
    while !exists(&out) || server.requests().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for flags in [&[][..], &["--resume"]] {
        let second = check("/image/8x8.png").args(flags).run().exit_code(4).stdout_is("");
        second.stderr_contains("another run is writing to it; wait for it to finish, or use another file");
    }
    let asked = server.requests().iter().any(|request| request.path.contains("8x8"));
    assert!(!asked, "the second asks for nothing");
    // The lock is released when the process ends, however it ends.
    first.signal("KILL");
    first.wait().exit_code(137);
    check("/image/8x8.png").arg("--resume").run().exit_code(0);
    assert_eq!(folder.read("out.jsonl").lines().count(), 1);
}

#[test]
fn an_interrupted_run_is_resumed_like_a_killed_one() {
    let server = Server::start();
    let folder = Folder::with_list("");
    let check = |path: &str, more: &[&str]| {
        let run = program().args(["check", "-f", "jsonl", "fixtures/images/photo.jpg", "-o"]);
        run.arg(folder.path("out.jsonl")).arg(server.url("cdn", path)).args(server.flags()).args(more)
    };
    // One request after the other: the first one fails, and the next is seconds away.
    let running = check("/later/1/image/8x8.png", &["--retries", "9", "--jobs", "2"]).start();
    while server.requests().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    running.signal("INT");
    running.wait().exit_code(130);
    assert_eq!(folder.read("out.jsonl").lines().count(), 1, "what was known is written");
    check("/later/1/image/8x8.png", &["--resume"]).run().exit_code(0).stderr_contains("2 assets: 2 accepted in ");
    assert_eq!(folder.read("out.jsonl").lines().count(), 2);
}

/// Returns a body with two assets that differ by this name.
fn body(name: &str) -> String {
    let [first, last] =
        ["first", "last"].map(|end| serde_json::json!({"uri": format!("http://h.com/{name}{end}.png")}));
    let assets = serde_json::json!([first, last]);
    serde_json::json!({"model": "gen4_image", "promptText": name, "referenceImages": assets, "ratio": "1280:720"})
        .to_string()
}

#[test]
fn resumed_request_bodies_keep_their_numbers() {
    let folder = Folder::with_list("");
    folder.write("a.json", body("a"));
    folder.write("b.jsonl", format!("{}\n\n{{\"unknown\":1}}\n{}\n", body("b"), body("c")));
    folder.write("broken.json", "{");
    folder.write("d.json", body("d"));
    let run = |files: &[&str], more: &[&str]| {
        let run = program().args(["body", "--offline", "-f", "jsonl", "-o", "out.jsonl"]).args(more);
        run.args(files).current_dir(folder.root()).run()
    };
    let files = ["a.json", "b.jsonl", "broken.json", "d.json"];
    run(&files, &[]).exit_code(2).stderr_contains("broken.json:1:2").stderr_contains("b.jsonl:3:1");
    let whole = folder.read("out.jsonl");
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    assert_eq!(lines.len(), 4);
    for done in 0..=4 {
        let truncated = lines.get(done).map_or("", |line| &line[..line.len() / 2]);
        folder.write("out.jsonl", lines[..done].concat() + truncated);
        let outcome =
            run(&files, &["--resume"]).exit_code(2).stderr_contains("broken.json:1:2").stderr_contains("b.jsonl:3:1");
        outcome.stderr_contains("4 requests with 8 assets: 4 rejected in ");
        assert_eq!(folder.read("out.jsonl"), whole, "{done} done");
    }
    run(&["a.json"], &["--resume"])
        .exit_code(2)
        .stderr_contains("out.jsonl:2: the input has fewer assets than this file has rows");
    run(&["b.jsonl", "a.json"], &["--resume"])
        .exit_code(2)
        .stderr_contains("out.jsonl:1: this line is not about b.jsonl:1");
    folder.write("a.json", body("x"));
    run(&files, &["--resume"]).exit_code(2).stderr_contains("out.jsonl:1: this line is not about a.json:1");
    folder.write("a.json", body("a"));
    run(&files, &["--resume", "--endpoint", "image_to_video"])
        .exit_code(2)
        .stderr_contains("was written without --endpoint");
    assert_eq!(folder.read("out.jsonl"), whole);
    // A file of `check` cannot be resumed by `body`, nor the other way around.
    folder.write("list.txt", LIST);
    folder.refuses(folder.resume(), "out.jsonl:1: this line was not written by this command");
}
