//! Many files: lists, standard input and folders, as `check` takes them.

use std::fs;
use std::path::Path;

use super::Folder;
use crate::program::program;

fn folder() -> Folder {
    let folder = Folder::new().with("images/still.gif").with("images/old.bmp");
    fs::create_dir_all(folder.path("in/deep")).expect("a folder");
    fs::rename(folder.path("still.gif"), folder.path("in/still.gif")).expect("moved");
    fs::rename(folder.path("old.bmp"), folder.path("in/deep/old.bmp")).expect("moved");
    fs::write(folder.path("in/notes.txt"), "no picture").expect("written");
    folder
}

/// Returns the files below a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().expect("a type").is_dir() {
            files.extend(self::files(&entry.path()).into_iter().map(|file| format!("{name}/{file}")));
        } else {
            files.push(name);
        }
    }
    files.sort();
    files
}

const ANY: [&str; 2] = ["--ratio", "0.01:100"];

#[test]
fn lists_and_folders_are_read() {
    let folder = folder();
    fs::write(folder.path("list.txt"), "# two\nin/still.gif\n\nin/deep/old.bmp\n").expect("written");
    let fix =
        |place: &str, input: &str| folder.fix(&[&ANY[..], &["-f", "json", "--output-dir", place, input]].concat());
    // What is in a folder keeps its place below it.
    let cases = [("one", "@list.txt", "old.jpg"), ("two", "in", "deep/old.jpg"), ("three", "./in/", "deep/old.jpg")];
    for (place, input, old) in cases {
        let lines = fix(place, input).exit_code(0).json_lines();
        assert!(lines.len() == 2 && lines.iter().all(|line| line["outcome"] == "fixed"), "{lines:?}");
        assert_eq!(files(&folder.path(place)), [old, "still.jpg"]);
    }
    let listed = fix("four", "@list.txt").exit_code(0).json_lines();
    assert_eq!(listed[1]["before"]["location"]["line"], 4);
    let run = program().current_dir(folder.path("")).args(["fix", "--output-dir", "five", "-"]).args(ANY);
    run.stdin("in/still.gif\n").run().exit_code(0).stdout_contains("fixed: in/still.gif -> five/still.jpg");
    // Results inside of the folder that is read are no inputs.
    fix("in/fixed", "in").exit_code(0);
    let again = fix("in/fixed", "in").exit_code(4).json_lines();
    assert_eq!(again.len(), 2, "{again:?}");
}

#[test]
fn results_do_not_replace_each_other() {
    let folder = folder();
    fs::copy(folder.path("in/still.gif"), folder.path("in/deep/still.gif")).expect("copied");
    let refused = |inputs: &[&str], words: &str| {
        folder
            .fix(&[&ANY[..], &["--output-dir", "out"], inputs].concat())
            .exit_code(2)
            .stdout_is("")
            .stderr_contains(words);
        assert!(!folder.path("out").exists(), "{inputs:?}");
    };
    let both = "in/still.gif and in/deep/still.gif may both become out/still.";
    refused(&["in/still.gif", "in/deep/still.gif"], both);
    refused(&["--force", "in/still.gif", "in/deep/still.gif"], both);
    fs::write(folder.path("list.txt"), "in/still.gif\nin/deep/still.gif\n").expect("written");
    refused(&["@list.txt"], both);
    fs::create_dir(folder.path("other")).expect("a folder");
    fs::copy(folder.path("in/still.gif"), folder.path("other/still.gif")).expect("copied");
    refused(&["in", "other"], "in/still.gif and other/still.gif may both become out/still.");
    // The folder that holds both is the way out.
    folder.fix(&[&ANY[..], &["--output-dir", "out", "in"]].concat()).exit_code(0);
    assert_eq!(files(&folder.path("out")), ["deep/old.jpg", "deep/still.jpg", "still.jpg"]);
}

#[test]
fn names_that_differ_in_their_endings_stay_apart() {
    let folder = Folder::new().with("images/still.gif").with("images/old.bmp").with("images/photo.jpg");
    for (from, to) in [("still.gif", "in/a.gif"), ("old.bmp", "in/a.bmp"), ("photo.jpg", "in/a.jpg")] {
        fs::create_dir_all(folder.path("in")).expect("a folder");
        fs::rename(folder.path(from), folder.path(to)).expect("moved");
    }
    let flags = ["--ratio", "0.01:100", "--output-dir", "out"];
    folder
        .fix(&[&flags[..], &["in"]].concat())
        .exit_code(0)
        .stdout_contains("in/a.gif -> out/a.gif.jpg")
        .stdout_contains("already accepted: in/a.jpg");
    assert_eq!(files(&folder.path("out")), ["a.bmp.jpg", "a.gif.jpg"]);
    let dry = folder.fix(&[&flags[..], &["--dry-run", "--to", "png", "--force", "in"]].concat()).exit_code(0);
    dry.stdout_contains("-> out/a.bmp.png").stdout_contains("-> out/a.gif.png").stdout_contains("-> out/a.jpg.png");
}

#[test]
fn nothing_is_written_outside_of_the_folder_of_the_results() {
    let folder = folder();
    fs::create_dir_all(folder.path("elsewhere")).expect("a folder");
    fs::create_dir_all(folder.path("out")).expect("a folder");
    std::os::unix::fs::symlink("../elsewhere", folder.path("out/deep")).expect("a link");
    let fix = |flags: &[&str]| folder.fix(&[&ANY[..], &["--output-dir", "out"], flags].concat());
    let outcome = fix(&["in"]).exit_code(4);
    outcome
        .stdout_contains("in/still.gif -> out/still.jpg")
        .stdout_contains("out/deep is not a folder, and nothing is written there");
    fix(&["--force", "in"]).exit_code(4);
    assert_eq!(files(&folder.path("elsewhere")), Vec::<String>::new());
    // A file in the place of a folder is not replaced.
    fs::remove_file(folder.path("out/deep")).expect("removed");
    fs::write(folder.path("out/deep"), "kept").expect("written");
    fix(&["--force", "in"]).exit_code(4).stdout_contains("out/deep is not a folder");
    assert_eq!(fs::read_to_string(folder.path("out/deep")).expect("readable"), "kept");
    fs::remove_file(folder.path("out/deep")).expect("removed");
    // Neither the names of files nor those of the folders that are read lead out.
    let deep = folder.path("in/deep/old.bmp");
    let deep = deep.to_str().expect("UTF-8");
    for input in
        [deep, "in/../in/deep/../deep/old.bmp", "./../../../../../../../../../..//proc/self/cwd/in/deep/old.bmp"]
    {
        fix(&["--force", input]).exit_code(0).stdout_contains("-> out/old.jpg");
    }
    fix(&["--force", "in/../in/deep"]).exit_code(0).stdout_contains("-> out/old.jpg");
    assert_eq!(files(&folder.path("out")), ["old.jpg", "still.jpg"]);
    // A folder of the results that holds nothing is not left behind.
    fs::write(folder.path("in/deep/old.bmp"), "BM broken").expect("written");
    fs::remove_dir_all(folder.path("out")).expect("removed");
    fix(&["in"]).exit_code(1);
    assert!(!folder.path("out/deep").exists());
}

#[test]
fn many_results_need_a_folder() {
    let folder = folder();
    fs::write(folder.path("list.txt"), "in/still.gif\n").expect("written");
    for input in ["in", "@list.txt"] {
        folder.fix(&[input]).exit_code(2).stderr_contains("folders and lists need --output-dir");
        folder.fix(&[input, "-o", "a.png"]).exit_code(2).stderr_contains("use --output-dir");
    }
    folder.fix(&["missing.png"]).exit_code(2).stderr_contains("missing.png cannot be read");
    folder.fix(&["@missing", "--output-dir", "out"]).exit_code(2).stderr_contains("cannot be opened");
    assert!(!folder.path("out").exists());
}

#[test]
fn inputs_are_never_replaced() {
    let folder = Folder::new().with("images/old.bmp").with("images/photo.jpg").with("images/still.gif");
    fs::rename(folder.path("photo.jpg"), folder.path("old.jpg")).expect("renamed");
    fs::write(folder.path("list.txt"), "old.bmp\nin/old.jpg\n").expect("written");
    fs::create_dir(folder.path("in")).expect("a folder");
    fs::create_dir_all(folder.path("deep/in/in")).expect("folders");
    fs::copy(folder.path("old.bmp"), folder.path("deep/in/in/old.bmp")).expect("copied");
    fs::copy(folder.path("old.jpg"), folder.path("old.fixed.jpg")).expect("copied");
    fs::copy(folder.path("old.jpg"), folder.path("in/old.jpg")).expect("copied");
    fs::copy(folder.path("old.bmp"), folder.path("in/old.bmp")).expect("copied");
    let names = folder.names();
    let before = ["old.bmp", "old.jpg", "still.gif", "list.txt", "in/old.jpg"];
    let before = before.map(|name| (name, fs::read(folder.path(name)).expect("readable")));
    let refused = |arguments: &[&str], words: &str| {
        folder.fix(arguments).exit_code(2).stdout_is("").stderr_contains(words);
        assert_eq!(folder.names(), names, "{arguments:?}");
        for (name, bytes) in &before {
            assert!(fs::read(folder.path(name)).expect("readable") == *bytes, "{name}: {arguments:?}");
        }
    };
    let input = "which is an input and is never changed";
    refused(&["--force", "old.bmp", "old.fixed.jpg"], input);
    refused(&["--force", "--output-dir", ".", "deep/in", "in/old.jpg"], input);
    refused(&["--force", "--output-dir", ".", "./in/../deep/in", "@list.txt"], input);
    let report = "is an input, which is never changed";
    refused(&["still.gif", "--report", "html=still.gif"], report);
    refused(&["still.gif", "--report", "json=./in/../still.gif"], report);
    refused(&["--output-dir", "out", "@list.txt", "--report", "json=list.txt"], report);
    refused(&["--output-dir", "out", "@list.txt", "--report", "json=old.bmp"], report);
    refused(&["--output-dir", "out", "in", "--report", "json=in/old.jpg"], report);
    let twice = "two results cannot be written to the same file";
    refused(&["still.gif", "-o", "o.jpg", "--report", "json=o.jpg"], twice);
    refused(&["still.gif", "--report", "json=still.fixed.jpg"], twice);
    refused(&["--output-dir", "in", "still.gif", "--report", "json=in/still.jpg"], twice);
    refused(&["still.gif", "--report", "json=o", "--report", "html=./o"], twice);
    refused(&["--output-dir", "in", "in"], "--output-dir in is also an input folder");
}

#[test]
fn folders_below_the_folder_of_the_results_are_read() {
    let folder = folder();
    folder
        .fix(&[&ANY[..], &["--output-dir", ".", "in/deep"]].concat())
        .exit_code(0)
        .stdout_contains("fixed: in/deep/old.bmp -> ./old.jpg");
}

#[test]
fn a_file_that_is_named_twice_is_fixed_once() {
    let folder = Folder::new().with("images/still.gif");
    std::fs::write(folder.path("list.txt"), "still.gif\nstill.gif\n").expect("written");
    let words = ["--output-dir", "out", "still.gif", "./still.gif", "@list.txt"];
    let outcome = folder
        .fix(&words)
        .exit_code(0)
        .stderr_contains("note: 3 inputs named more than once; each file is fixed only once");
    assert_eq!(outcome.stdout.matches("fixed: ").count(), 1, "{outcome}");
}
