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
