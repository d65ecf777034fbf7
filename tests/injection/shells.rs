//! Shell injection: names of files, and suggested commands.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::program;
use crate::server::Server;

#[test]
fn o16_files_are_written_only_where_a_flag_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let (inner, names) =
        (folder.path().join("inner"), ["-rf", "--output=evil", "a\nb", "$(touch evil)", "`touch evil`"]);
    fs::create_dir(&inner).expect("a folder");
    for name in names {
        fs::write(inner.join(name), "x").expect("any name will do");
    }
    let list = "../evil\n-rf\n--output=evil\n--report=json=evil\n| touch evil\n$(touch evil)\n> evil\n";
    fs::write(inner.join("list"), list).expect("a list");
    let run = |words: &[&str]| program().current_dir(&inner).args(words).run();
    run(&["check", "--offline", "@list"]).exit_code(1);
    run(&["check", "--offline", "--report", "json=report", "@list"]).exit_code(1);
    run(&["check", "--offline", "--output=out\nput", "--", "-rf", "a\nb"]).exit_code(1);
    let listed = |path: &Path| {
        let names = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().expect("UTF-8")).collect();
        names.sort();
        names
    };
    let mut expected: Vec<&str> = names.iter().copied().chain(["list", "report", "out\nput"]).collect();
    expected.sort_unstable();
    assert_eq!(listed(&inner), expected);
    assert_eq!(listed(folder.path()), ["inner"]);
}

/// Runs a command in a shell where each program only records its name and arguments.
fn pasted(command: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("words");
    let programs = "for name in curl aws gcloud az npx ffmpeg touch id; do\n\
        eval \"$name() { printf '%s\\\\0' $name \\\"\\$@\\\" >>\\\"\\$OUT\\\"; }\"\ndone\n";
    let mut shell = Command::new("/bin/sh");
    shell
        .arg("-c")
        .arg(format!("{programs}{command}"))
        .env("PATH", folder.path())
        .env("OUT", &out)
        .current_dir(folder.path());
    let ended = shell.output().expect("a shell");
    assert!(ended.status.success() && ended.stderr.is_empty(), "{command}: {ended:?}");
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 1, "{command} made a file");
    let words = String::from_utf8(fs::read(&out).expect("words")).expect("UTF-8");
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn o17_commands_can_be_pasted() {
    let server = Server::start();
    let paths = [
        "/status/403/it's",
        "/status/403/$(touch%20evil)`id`",
        "/status/403/a';touch evil;'",
        "/status/403/-rf?a=b;touch evil&sig=canary",
        "/status/403/a\nb|c>evil",
        "/status/403/\u{202e}é\\x",
    ];
    for path in paths {
        let url = server.url("cdn", path);
        let outcome =
            program().arg("diagnose").args(server.flags()).args(["--format", "json", "--", &url]).run().exit_code(1);
        let document = outcome.json();
        let commands = document["commands"].as_array().expect("commands");
        assert_eq!(commands.len(), 2, "{outcome}");
        for command in commands {
            let words = pasted(command.as_str().expect("a command"));
            assert_eq!(words[0], "curl");
            assert_eq!(words.iter().filter(|word| *word == "--").count(), 1, "{words:?}");
            let (last, before) = words.split_last().expect("words");
            assert_eq!(before.last().map(String::as_str), Some("--"));
            let parsed = url::Url::parse(&url).expect("a URL");
            assert_eq!(last.split('?').next(), parsed.as_str().split('?').next());
            assert!(!last.contains("canary") && !words.contains(&"touch".to_owned()), "{words:?}");
        }
        let text = program().arg("diagnose").args(server.flags()).args(["--", &url]).run().exit_code(1);
        assert!(text.stdout.lines().any(|line| line.trim() == commands[0].as_str().expect("a command")), "{text}");
    }
}
