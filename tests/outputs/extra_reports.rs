//! `--report` and the output for GitHub Actions, through the real binary.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::runner::commands;
use crate::process::FORMATS;
use crate::program::{Outcome, Program, program};

/// Returns a folder with a list; the secret in it must never be written.
fn folder(assets: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list.txt"), assets).expect("a list");
    folder
}

const REJECTED: &str = "# assets\n\nhttp://h.com/a.png?sig=canary\nrunway://0123456789\n";

fn check(folder: &Path) -> Program {
    program().current_dir(folder).args(["check", "--offline", "@list.txt"])
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the names in a folder, to check that no unfinished file remains.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn every_format_is_written_as_an_additional_report() {
    let folder = folder(REJECTED);
    let reports: Vec<String> =
        FORMATS.iter().flat_map(|name| ["--report".to_owned(), format!("{name}=r.{name}")]).collect();
    let outcome = check(folder.path()).args(&reports).run().exit_code(1).stderr_is_empty().output_lacks("canary");
    outcome.stdout_contains("Only HTTPS URLs are allowed.");
    for name in FORMATS {
        let main = check(folder.path()).args(["--format", name]).run().exit_code(1).stdout;
        let extra = read(folder.path(), &format!("r.{name}"));
        assert_eq!(timeless(&extra), timeless(&main), "{name}");
        assert!(extra.contains("Only HTTPS URLs are allowed.") && !extra.contains("canary"), "{extra}");
        // The location is in every format except `reasons`, which has only sentences.
        let place = ["list.txt:3", "list.txt\",\"line\":3", "file=list.txt,line=3", "\"startLine\": 3", "line=\"3\""];
        let is_placed = place.iter().any(|place| extra.contains(place))
            || extra.contains("\"line\": 3")
            || extra.contains("\"begin\":3");
        assert_eq!(is_placed, name != "reasons", "{extra}");
    }
    assert_eq!(names(folder.path()).len(), FORMATS.len() + 1);
}

/// Removes the elapsed time.
fn timeless(text: &str) -> String {
    let lines = text.lines().map(|line| match line.find(" time=\"").or_else(|| line.find(" in ")) {
        Some(_) => {
            line.chars().filter(|character| !character.is_ascii_digit() && !". <ms".contains(*character)).collect()
        }
        None if line.contains("elapsed") => String::new(),
        None => line.to_owned(),
    });
    lines.collect::<Vec<String>>().join("\n")
}

#[test]
fn the_exit_code_never_depends_on_the_format() {
    for (assets, code) in
        [("runway://0123456789\n", 0), (REJECTED, 1), ("missing.png\nrunway://0123456789\n", 3), ("", 0)]
    {
        let folder = folder(assets);
        for name in FORMATS {
            let report = format!("{name}=r.{name}");
            check(folder.path()).args(["--format", name, "--report", &report]).run().exit_code(code);
        }
    }
}

#[test]
fn an_old_report_is_kept_where_a_new_one_cannot_be_written() {
    let folder = folder(REJECTED);
    let path = folder.path();
    fs::write(path.join("old.json"), "old").expect("a file");
    // The main output fails: the report has what was checked.
    let full = fs::File::options().write(true).open("/dev/full").expect("a full device");
    check(path).args(["--report", "json=new.json"]).stdout(full).run().exit_code(4);
    assert!(read(path, "new.json").contains("Only HTTPS URLs"));
    fs::remove_file(path.join("new.json")).expect("a report");
    // One report cannot be created: nothing is checked.
    let refuse = |report: &str| check(path).args(["--report", "json=old.json", "--report", report]).run().exit_code(4);
    refuse("junit=missing/r.xml").stdout_is("").stderr_contains("--report missing/r.xml cannot be written");
    refuse("junit=.").stdout_is("");
    assert_eq!((read(path, "old.json"), names(path).len()), ("old".to_owned(), 2));
    // One report fails: the others are complete.
    refuse("sarif=/dev/full").stdout_contains("Only HTTPS URLs").stderr_contains("/dev/full: No space left");
    assert!(serde_json::from_str::<Value>(&read(path, "old.json")).is_ok());
    // A list that cannot be read to its end is no result.
    fs::write(path.join("old.json"), "old").expect("a file");
    check(path).args(["--report", "json=old.json", "@missing.txt"]).run().exit_code(2);
    assert_eq!((read(path, "old.json"), names(path).len()), ("old".to_owned(), 2));
}

#[test]
fn a_link_stays_a_link_and_a_read_only_file_is_not_replaced() {
    let folder = folder(REJECTED);
    let path = folder.path();
    fs::write(path.join("real.md"), "old").expect("a file");
    std::os::unix::fs::symlink("real.md", path.join("link.md")).expect("a link");
    check(path).args(["--report", "markdown=link.md"]).run().exit_code(1);
    assert!(path.join("link.md").is_symlink() && read(path, "real.md").starts_with("### runway-preflight"));

    let mut mode = fs::metadata(path.join("real.md")).expect("a file").permissions();
    mode.set_readonly(true);
    fs::set_permissions(path.join("real.md"), mode).expect("a mode");
    let before = read(path, "real.md");
    check(path).args(["--report", "text=real.md"]).run().exit_code(4).stderr_contains("read-only");
    assert_eq!(read(path, "real.md"), before);
}

#[test]
fn usage_is_refused_before_anything_is_written() {
    let folder = folder(REJECTED);
    let refuse = |reports: &[&str], why: &str| {
        check(folder.path()).args(reports).run().exit_code(2).stdout_is("").stderr_contains(why);
        assert_eq!(names(folder.path()), ["list.txt"]);
    };
    refuse(&["--report", "junit"], "write a format and a file");
    refuse(&["--report", "junit="], "write a format and a file");
    refuse(&["--report", "pdf=r"], "the format is one of text, concise");
    refuse(&["--report", "json=-"], "--format selects");
    refuse(&["--report", "json=r", "--report", "text=r"], "two results cannot be written to the same file: r");
    refuse(&["--report", "json=r", "--output", "r"], "two results cannot be written to the same file: r");
    refuse(&["--report", "json=./r", "--output", "r"], "two results cannot be written to the same file: r");
}

#[test]
fn inputs_are_never_overwritten() {
    let folder = folder(REJECTED);
    let path = folder.path();
    let before = read(path, "list.txt");
    fs::write(path.join("body.json"), "{}").expect("a body");
    fs::write(path.join("a.gif"), "GIF89a").expect("an asset");
    let refuse = |words: &[&str], name: &str| {
        let why = format!("{name} is an input, which is never changed");
        program().current_dir(path).args(words).run().exit_code(2).stdout_is("").stderr_contains(&why);
    };
    refuse(&["check", "--offline", "-f", "jsonl", "-o", "list.txt", "@list.txt"], "list.txt");
    refuse(&["check", "--offline", "-f", "json", "-o", "./list.txt", "@list.txt"], "./list.txt");
    refuse(&["check", "--offline", "--report", "html=a.gif", "a.gif"], "a.gif");
    refuse(&["body", "--offline", "-f", "json", "-o", "body.json", "body.json"], "body.json");
    refuse(&["check", "--offline", "-f", "json", "-o", "a.gif", "."], "a.gif");
    let rules = program().args(["rules", "--format", "toml"]).run().exit_code(0).stdout;
    fs::write(path.join("rules.toml"), &rules).expect("rules");
    refuse(&["check", "--rules", "rules.toml", "-f", "json", "-o", "rules.toml", "a.gif"], "rules.toml");
    refuse(&["check", "--cacert", "rules.toml", "-f", "json", "-o", "rules.toml", "a.gif"], "rules.toml");
    fs::write(path.join("config.toml"), "").expect("a configuration");
    refuse(&["body", "--config", "config.toml", "-f", "json", "-o", "config.toml", "body.json"], "config.toml");
    refuse(&["rules", "import", "body.json", "-o", "./body.json"], "./body.json");
    assert_eq!((read(path, "list.txt"), read(path, "body.json").as_str()), (before, "{}"));
    assert_eq!((read(path, "a.gif").as_str(), read(path, "rules.toml")), ("GIF89a", rules));
    // A report in a folder that is checked is no asset of it.
    for _ in 0..2 {
        program().current_dir(path).args(["check", "--offline", "-f", "json", "-o", "r.json", "."]).run().exit_code(1);
    }
}

#[test]
fn a_redirected_stream_is_not_replaced() {
    let folder = folder(REJECTED);
    let log = folder.path().join("log.txt");
    fs::write(&log, "before\n").expect("a file");
    for flags in [&["--report", "json=/dev/stdout"][..], &["-o", "/dev/stdout"], &["--report", "json=/dev/fd/1"]] {
        let file = fs::File::options().append(true).open(&log).expect("the file");
        check(folder.path()).args(flags).stdout(file).run().exit_code(4).stderr_contains("it is a file here");
    }
    assert_eq!(read(folder.path(), "log.txt"), "before\n");
}

#[cfg(unix)]
#[test]
fn secrets_are_only_for_the_owner_of_a_file_that_exists() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(REJECTED);
    for format in ["json", "jsonl"] {
        let path = folder.path().join(format);
        for (flags, expected) in [(&[][..], 0o644), (&["--show-query"], 0o600)] {
            fs::write(&path, "").expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode");
            check(folder.path()).args(["-f", format, "-o", format]).args(flags).run().exit_code(1);
            let mode = fs::metadata(&path).expect("the file").permissions().mode() & 0o777;
            assert_eq!(mode, expected, "{format} {flags:?}");
        }
    }
}

#[test]
fn github_actions_gets_annotations_after_the_text() {
    let folder = folder(REJECTED);
    let run = |name: &str, value: &str, format: &str| -> Outcome {
        check(folder.path()).args(["--format", format]).env(name, value).run().exit_code(1).stderr_is_empty()
    };
    let text = run("GITHUB_ACTIONS", "true", "text").stdout;
    let obeyed = commands(&text);
    assert_eq!(obeyed.len(), 2, "{text}");
    assert_eq!(obeyed[0].properties["file"], "list.txt");
    assert_eq!(obeyed[0].properties["line"], "3");
    assert!(obeyed[0].data.starts_with("Only HTTPS URLs are allowed.\n"));
    let last: Vec<&str> = text.lines().rev().take(2).collect();
    assert!(last.iter().all(|line| line.starts_with("::")), "{text}");
    assert_eq!(commands(&run("GITHUB_ACTIONS", "false", "text").stdout), []);
    assert_eq!(commands(&run("GITHUB_ACTIONS", "true", "json").stdout), []);
    let to_file = check(folder.path()).args(["--output", "r.txt"]).env("GITHUB_ACTIONS", "true").run().exit_code(1);
    assert_eq!((to_file.stdout.as_str(), commands(&read(folder.path(), "r.txt")).len()), ("", 0));
}

#[test]
fn annotations_come_after_a_long_text_and_repeat_none_of_it() {
    let list: Vec<String> = (0..400).map(|number| format!("http://h.example.com/a/long/path/{number}")).collect();
    let run = |is_annotated: &str| {
        let run = program().args(["check", "--offline", "-"]).stdin(list.join("\n"));
        run.env("GITHUB_ACTIONS", is_annotated).run().exit_code(1).stdout
    };
    let (plain, annotated) = (run("false"), run("true"));
    let without_times = |text: &str| text.split(" in ").next().map(str::to_owned);
    assert_eq!(without_times(&plain), without_times(annotated.get(..plain.len()).expect("a text")));
    let commands: Vec<&str> = annotated.lines().skip(plain.lines().count()).collect();
    assert_eq!(commands.len(), 11, "{commands:?}");
    assert!(commands.iter().all(|line| line.starts_with("::")), "{commands:?}");
}

#[test]
fn a_list_that_breaks_off_keeps_the_results_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: Vec<String> = (0..5).map(|number| format!("{{\"url\":\"http://h.com/{number}\"}}")).collect();
    fs::write(folder.path().join("list.jsonl"), rows.join("\n") + "\nnot json").expect("a list");
    for format in ["json", "jsonl"] {
        let run = program().current_dir(folder.path()).args(["check", "--offline", "--column", "url"]);
        let run = run.args(["-f", format, "-o", "main", "--report", "junit=r.xml", "@list.jsonl"]).run().exit_code(2);
        run.stderr_contains("error: the list list.jsonl cannot be read: line 6 is not JSON");
        let (main, report) = (read(folder.path(), "main"), read(folder.path(), "r.xml"));
        assert_eq!(main.matches("\"verdict\"").count(), 5, "{main}");
        assert_eq!(report.matches("<testcase").count(), 5, "{report}");
    }
}

#[test]
fn the_summary_of_a_step_is_appended_where_it_fits() {
    let folder = folder(REJECTED);
    let path = folder.path().join("summary.md");
    let run = || check(folder.path()).args(["--format", "github"]).env("GITHUB_STEP_SUMMARY", &path).run().exit_code(1);
    fs::write(&path, "before\n").expect("a file");
    run().stderr_is_empty();
    let summary = fs::read_to_string(&path).expect("a file");
    assert!(summary.starts_with("before\n### runway-preflight: 2 assets: 1 accepted, 1 rejected\n"), "{summary}");
    assert!(summary.contains("| `list.txt:3` |") && !summary.contains("canary"), "{summary}");
    // No flag requested the summary, so a failure to write it does not change the exit code.
    fs::write(&path, "x".repeat(1 << 20)).expect("a file");
    run().stderr_contains("note: GITHUB_STEP_SUMMARY could not be written: the summary would be larger than 1 MiB");
    assert_eq!(fs::metadata(&path).expect("a file").len(), 1 << 20);
}
