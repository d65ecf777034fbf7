//! Many files: lists, standard input and folders, as `check` takes them.

use std::fs;

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

const ANY: [&str; 2] = ["--ratio", "0.01:100"];

#[test]
fn lists_and_folders_are_read() {
    let folder = folder();
    fs::write(folder.path("list.txt"), "# two\nin/still.gif\n\nin/deep/old.bmp\n").expect("written");
    let fix =
        |place: &str, input: &str| folder.fix(&[&ANY[..], &["-f", "json", "--output-dir", place, input]].concat());
    let results = |place: &str| {
        let entries = fs::read_dir(folder.path(place)).expect("a folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    for (place, input) in [("one", "@list.txt"), ("two", "in")] {
        let lines = fix(place, input).exits(0).json_lines();
        assert!(lines.len() == 2 && lines.iter().all(|line| line["outcome"] == "fixed"), "{lines:?}");
        assert_eq!(results(place), ["old.jpg", "still.jpg"]);
    }
    let listed = fix("three", "@list.txt").exits(0).json_lines();
    assert_eq!(listed[1]["before"]["location"]["line"], 4);
    let run = program().current_dir(folder.path("")).args(["fix", "--output-dir", "four", "-"]).args(ANY);
    run.stdin("in/still.gif\n").run().exits(0).says("fixed: in/still.gif -> four/still.jpg");
    // Results inside of the folder that is read are no inputs.
    fix("in/fixed", "in").exits(0);
    let again = fix("in/fixed", "in").exits(4).json_lines();
    assert_eq!(again.len(), 2, "{again:?}");
}

#[test]
fn results_do_not_replace_each_other() {
    let folder = folder();
    fs::copy(folder.path("in/still.gif"), folder.path("in/deep/still.gif")).expect("copied");
    let flags = ["--force", "--output-dir", "out", "in/still.gif", "in/deep/still.gif"];
    let outcome = folder.fix(&[&ANY[..], &flags].concat()).exits(4);
    outcome.says("fixed: in/").says("out/still.jpg is the result of another input of this run");
}

#[test]
fn many_results_need_a_folder() {
    let folder = folder();
    fs::write(folder.path("list.txt"), "in/still.gif\n").expect("written");
    for input in ["in", "@list.txt"] {
        folder.fix(&[input]).exits(2).complains("use --output-dir");
        folder.fix(&[input, "-o", "a.png"]).exits(2).complains("use --output-dir");
    }
    folder.fix(&["missing.png"]).exits(2).complains("missing.png cannot be read");
    folder.fix(&["@missing", "--output-dir", "out"]).exits(2).complains("cannot be opened");
    assert!(!folder.path("out").exists());
}

#[test]
fn inputs_are_never_replaced() {
    let folder = Folder::new().with("images/old.bmp").with("images/photo.jpg").with("images/still.gif");
    fs::rename(folder.path("photo.jpg"), folder.path("old.jpg")).expect("renamed");
    fs::write(folder.path("list.txt"), "old.bmp\nold.jpg\n").expect("written");
    fs::create_dir(folder.path("in")).expect("a folder");
    fs::copy(folder.path("old.jpg"), folder.path("in/old.jpg")).expect("copied");
    fs::copy(folder.path("old.bmp"), folder.path("in/old.bmp")).expect("copied");
    let names = folder.names();
    let before = ["old.bmp", "old.jpg", "still.gif", "list.txt", "in/old.jpg"];
    let before = before.map(|name| (name, fs::read(folder.path(name)).expect("readable")));
    let refused = |arguments: &[&str], words: &str| {
        folder.fix(arguments).exits(2).prints("").complains(words);
        assert_eq!(folder.names(), names, "{arguments:?}");
        for (name, bytes) in &before {
            assert!(fs::read(folder.path(name)).expect("readable") == *bytes, "{name}: {arguments:?}");
        }
    };
    let input = "which is an input and is never changed";
    refused(&["--force", "--output-dir", ".", "old.bmp", "old.jpg"], input);
    refused(&["--force", "--output-dir", ".", "old.jpg", "./in/../old.bmp"], input);
    refused(&["--force", "--output-dir", ".", "@list.txt"], input);
    refused(&["--force", "--output-dir", "in", "old.bmp", "in/old.jpg"], input);
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
    refused(&["--output-dir", "in", "in"], "--output-dir in is read as an input");
}

#[test]
fn folders_below_the_folder_of_the_results_are_read() {
    let folder = folder();
    folder
        .fix(&[&ANY[..], &["--output-dir", ".", "in/deep"]].concat())
        .exits(0)
        .says("fixed: in/deep/old.bmp -> ./old.jpg");
}
