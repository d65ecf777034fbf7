//! Files that cannot be checked: told before anything is, and without any result.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::program::{Outcome, program};

fn body(folder: &tempfile::TempDir, args: &[&str]) -> Outcome {
    program().arg("body").args(args).current_dir(folder.path()).run()
}

#[test]
fn a_file_that_cannot_be_opened_is_told_before_anything_is_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("good.json", "{\"model\":1}");
    fs::create_dir(folder.path().join("requests")).expect("a folder");
    for format in ["text", "json", "jsonl", "api", "sarif", "junit"] {
        let refuses = |name: &str, why: &str| {
            let run = body(&folder, &["-f", format, "--endpoint", "image_to_video", "good.json", name]);
            run.exit_code(2).stderr_contains(why).stdout_is("");
        };
        refuses("none.json", "none.json cannot be read: No such file");
        refuses("requests", "requests is a directory; name the files: runway-preflight body requests/*.json");
    }
    write("secret.json", "{}");
    let path = folder.path().join("secret.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).expect("a mode");
    // An administrator may read everything.
    if fs::File::open(&path).is_err() {
        body(&folder, &["good.json", "secret.json"]).exit_code(2).stderr_contains("Permission denied").stdout_is("");
    }
}

#[test]
fn where_nothing_can_be_checked_there_is_no_result() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("broken.json"), "{").expect("a file");
    fs::write(folder.path().join("other.json"), "{\"a\": 1}").expect("a file");
    fs::write(folder.path().join("out"), "as it was").expect("a file");
    for format in
        ["text", "concise", "reasons", "json", "github", "gitlab", "junit", "sarif", "markdown", "html", "api"]
    {
        body(&folder, &["-f", format, "broken.json", "other.json"])
            .exit_code(2)
            .stderr_contains("other.json:1:1")
            .stdout_is("");
        let run = body(&folder, &["-f", format, "broken.json", "-o", "out"]);
        run.exit_code(2).stderr_contains("broken.json:1:2: not JSON").stdout_is("");
        let kept = fs::read_to_string(folder.path().join("out")).expect("a file");
        assert_eq!(kept, "as it was", "{format}");
    }
    let run = program().args(["body", "-", "-f", "json"]).stdin("no JSON").run();
    run.exit_code(2).stderr_contains("-:1:").stdout_is("");
    // What can be checked is.
    fs::write(folder.path().join("good.json"), "{\"model\":1}").expect("a file");
    let run = body(&folder, &["--endpoint", "image_to_video", "good.json", "broken.json"]);
    run.exit_code(2).stderr_contains("broken.json:1:2").stdout_contains("1 request with 0 assets: 1 rejected");
}
