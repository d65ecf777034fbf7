//! The exit codes, as one table.

use std::fs::File;

use super::{FORMATS, Folder, PNG, REJECTED, UNDECIDED};
use crate::program::program;

/// Accepted, with a warning.
const WARNED: &str = "HTTPS://cdn.example.org/a.png";

#[test]
fn s17_every_outcome_has_its_code() {
    let folder = Folder::new();
    folder.write("list", "http://h.com/a.png\n");
    folder.write("good.json", r#"{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":5}"#);
    folder.write("bad.json", "null");
    folder.write("open.json", r#"{"model":"gen4_turbo","promptImage":"https://u@h.com/a.png","ratio":"1280:720"}"#);
    folder.write("broken.json", "{");
    folder.write("bad.toml", "allow-private = true\n");
    let rows: &[(i32, &[&str])] = &[
        (0, &["check", PNG]),
        (0, &["check", "-"]),
        (0, &["check", WARNED]),
        (0, &["check", "--exit-zero", PNG, REJECTED, UNDECIDED]),
        (1, &["check", REJECTED]),
        (1, &["check", PNG, UNDECIDED, REJECTED]),
        (1, &["check", "@list"]),
        (1, &["check", "--fail-fast", REJECTED, PNG]),
        (1, &["check", "--strict", WARNED]),
        (2, &["check"]),
        (2, &["check", "missing.png"]),
        (2, &["check", "--no-such-flag", PNG]),
        (2, &["check", "--ratio", "2:1", PNG]),
        (2, &["check", "@missing", REJECTED]),
        (2, &["check", "@.", REJECTED]),
        (2, &["check", "--exit-zero", "@missing"]),
        (2, &["check", "--config", "bad.toml", PNG]),
        (2, &["check", "--config", "missing", PNG]),
        (2, &["check", "--rules", "bad.json", PNG]),
        (2, &["check", "--cacert", "list", PNG]),
        (2, &["check", "--resume", PNG]),
        (3, &["check", PNG, UNDECIDED]),
        (3, &["check", "--fail-fast", UNDECIDED, PNG]),
        (4, &["check", "--report", "json=missing/r", PNG]),
        (4, &["check", "--report", "json=/dev/full", REJECTED]),
        (4, &["check", "--exit-zero", "-o", ".", REJECTED]),
        (0, &["body", "good.json"]),
        (1, &["body", "bad.json"]),
        (1, &["body", "good.json", "bad.json", "open.json"]),
        (2, &["body"]),
        (2, &["body", "broken.json", "bad.json"]),
        (2, &["body", "missing.json"]),
        (2, &["body", "--endpoint", "image_to_vido", "good.json"]),
        (3, &["body", "--endpoint", "lip_sync", "good.json"]),
        (3, &["body", "open.json", "good.json"]),
        (4, &["body", "-o", "missing/r", "good.json"]),
    ];
    for (code, words) in rows {
        let run = || program().args(*words).arg("--offline").current_dir(folder.root());
        run().run().exit_code(*code);
        // Neither the format, nor a second report, nor `-q` changes it.
        for format in FORMATS.iter().filter(|_| !words.contains(&"--resume")) {
            run().args(["-f", format, "--report", "junit=r.xml", "-q"]).run().exit_code(*code);
        }
        // A failed write takes precedence over the verdict, and a usage error over both.
        let full = File::options().write(true).open("/dev/full").expect("/dev/full");
        let is_missing = |word: &&str| ["image_to_vido", "missing.json"].contains(word);
        let is_unusable_at_once = *code == 2 && words[0] == "check";
        let mut broken = run().args(["-f", "json"]);
        broken = broken.stdout(full);
        let expected = if is_unusable_at_once || words.len() == 1 || words.iter().any(is_missing) { 2 } else { 4 };
        if !words.contains(&"-o") && !words.contains(&"--report") {
            broken.run().exit_code(expected);
        }
    }
}

#[test]
fn s17_the_other_subcommands_use_the_same_codes() {
    let rows: &[(i32, &[&str])] = &[
        (0, &["explain", "SAFETY.INPUT.TEXT"]),
        (1, &["explain", "no such words"]),
        (2, &["explain"]),
        (0, &["encode", "fixtures/images/photo.png"]),
        (1, &["encode", "fixtures/images/page.html"]),
        (2, &["encode", "missing.png"]),
        (2, &["encode"]),
        (0, &["rules"]),
        (2, &["rules", "--rules", "missing"]),
        (2, &["rules", "import", "missing"]),
        (1, &["diagnose", REJECTED]),
        (2, &["diagnose"]),
        (0, &["config", "show"]),
        (2, &["config", "show", "--config", "missing"]),
        (0, &["completions", "bash"]),
        (2, &["completions", "csh"]),
        (0, &["man"]),
        (0, &["--help"]),
        (0, &["--version"]),
        (2, &[]),
        (2, &["no-such-verb"]),
    ];
    for (code, words) in rows {
        program().args(*words).run().exit_code(*code);
    }
}
