//! Commands to a CI runner: in lines, in annotations, in the files of a workflow.

use std::fs;

use runway_preflight::output::escape::visible;

use super::expect_shown;
use super::sources::{expect_harmless, listed};
use crate::all_formats::{FORMATS, annotations, writings};
use crate::outputs::runner::commands;
use crate::program::program;
use crate::server::Server;

/// Commands to GitHub's runner, in both of its syntaxes.
const COMMANDS: &str = "::error::x\n  ::set-output name=a::b\n##[add-mask]a\n##[group]\nx ##[set-output name=a;]b\n::add-path::/x\n::stop-commands::y\r::debug::z";

#[test]
fn o05_github_gets_no_command() {
    let server = Server::start();
    for payload in COMMANDS.split(['\n', '\r']).chain([COMMANDS]) {
        listed(payload.as_bytes()).expect_harmless();
    }
    expect_harmless(&server, COMMANDS.as_bytes());
    // After the text, GitHub gets annotations, all of them ours.
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list"), COMMANDS.replace('\n', "\nhttp://h/")).expect("a list");
    let run = program().current_dir(folder.path()).env("GITHUB_ACTIONS", "true");
    let outcome = run.args(["check", "--offline", "@list"]).run();
    let text: Vec<&str> = outcome.stdout.lines().skip_while(|line| !line.starts_with("::")).collect();
    assert!(text.len() > 3, "{outcome}");
    annotations(&(text.join("\n") + "\n"));
    assert_eq!(commands(&outcome.stdout).len(), text.len(), "{outcome}");
}

#[test]
fn o05_no_asset_forms_a_command_with_the_text_after_it() {
    for asset in [":", "x:pw@", ":9A256&X-Amz604-Date=969:pt//@"] {
        for format in ["concise", "text"] {
            let outcome = program().args(["check", "--offline", "-f", format, "-"]).stdin(asset).run();
            assert!(outcome.stdout.contains('['), "{outcome}");
            assert!(!outcome.stdout.lines().any(|line| line.trim_start().starts_with("::")), "{asset}: {outcome}");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(":"), "http://h.com/a.png\n").expect("a list");
    let outcome = program().args(["check", "--offline", "-f", "concise", "@:"]).current_dir(folder.path()).run();
    assert!(outcome.stdout.starts_with("\\x3a:1:1: http://h.com/a.png: error[not-https]"), "{outcome}");
}

#[test]
fn o06_annotations_round_trip_and_are_bounded() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["100%0A::warning::x", "a,b:c=d", "=e", "f\ng\rh", "%25"] {
        fs::write(folder.path().join(name), "http://h.example/%0A::warning::x,y%25\n").expect("a list");
        let written = writings(program().args(["check", "--offline", &format!("@{name}")]), folder.path());
        let first = annotations(written.report("github")).remove(0);
        let file = first.properties["file"].as_str();
        assert_eq!(file.strip_prefix("./").filter(|_| name.starts_with('=')).unwrap_or(file), visible(name));
        assert_eq!((first.properties["line"].as_str(), first.name.as_str()), ("1", "error"));
        assert!(
            first
                .data
                .starts_with("Only HTTPS URLs are allowed.\nasset: http://h.example/%0A:\\x3awarning:\\x3ax,y%25\n")
        );
    }
    let long = format!("http://h.example/{}\n", "%".repeat(100 << 10));
    fs::write(folder.path().join("long"), long.repeat(40)).expect("a list");
    let written = writings(program().args(["check", "--offline", "@long"]), folder.path());
    let annotations = annotations(written.report("github"));
    assert_eq!(annotations.iter().filter(|command| command.name == "error").count(), 10);
    assert!(annotations.last().is_some_and(|last| last.name == "notice" && last.data.contains("are in the log")));
}

#[test]
fn o07_the_files_of_a_workflow_are_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"];
    fs::write(folder.path().join("list"), "http://h/ghadelimiter_1\n<<EOF\nEOF\n").expect("a list");
    for format in FORMATS {
        let mut run = program().current_dir(folder.path()).env("GITHUB_ACTIONS", "true");
        for name in files {
            fs::write(folder.path().join(name), "before=1\n").expect("a file");
            run = run.env(name, folder.path().join(name));
        }
        run.args(["check", "--offline", "--format", format, "@list"]).run().exit_code(1);
        for name in files {
            assert_eq!(fs::read_to_string(folder.path().join(name)).expect("a file"), "before=1\n", "{name}");
        }
    }
}

#[test]
fn o18_other_runners_get_no_command() {
    let server = Server::start();
    let payload = "##vso[task.setvariable variable=a]b ##teamcity[buildStatus text='c'] section_start:1:d\r\u{1b}[0K section_end:1:d\r\u{1b}[0K ##[section]e";
    let all = expect_harmless(&server, payload.as_bytes());
    expect_shown(&all[..1], &["#\\x23vso[task", "#\\x23teamcity[", "section_start\\x3a1:d", "section_end\\x3a1:d"]);
}
