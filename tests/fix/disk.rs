//! A full disk: nothing is left behind, and what was there stays.

use super::Folder;
use crate::program::{program_in, skip};

#[test]
fn a_full_disk_leaves_nothing_behind() {
    if !program_in("unshare -m true").run().stderr.is_empty() {
        return skip("no file system can be mounted here");
    }
    let folder = Folder::new();
    super::images::noise(700, 500).save(folder.path("noise.bmp")).expect("saved");
    let script = "
        cd \"$FOLDER\" && mkdir disk && mount -t tmpfs -o size=64k none disk && cd disk || exit 99
        echo old >old.png
        \"$0\" fix --to png ../noise.bmp -o new.png; echo $?
        \"$0\" fix --to png ../noise.bmp --force -o old.png; echo $?
        \"$0\" fix --to png ../noise.bmp --output-dir many --report html=report.html; echo $?
        cat old.png; find . -type f";
    let script = format!("exec unshare -m bash -c '{script}' \"$0\"");
    let outcome = program_in(&script).env("FOLDER", folder.path("")).run().exit_code(0);
    let refused = "error: ../noise.bmp -> ";
    let lines: Vec<&str> = outcome.stdout.lines().filter(|line| !line.starts_with(refused)).collect();
    let told = lines.iter().filter(|line| line.contains("No space left on device")).count();
    assert_eq!(told, 3, "{outcome}");
    let rest: Vec<&str> =
        lines.into_iter().filter(|line| !line.starts_with(' ') && !line.starts_with("error: ")).collect();
    assert_eq!(rest[..4], ["4", "4", "4", "old"], "{outcome}");
    assert!(rest[4..].iter().all(|file| ["./old.png", "./report.html"].contains(file)), "{outcome}");
}

#[test]
fn reports_are_written_where_standard_output_is_full() {
    let folder = Folder::new();
    super::images::noise(700, 500).save(folder.path("noise.bmp")).expect("saved");
    let script =
        "cd \"$FOLDER\" && \"$0\" fix --to png noise.bmp -f json --report json=report.json > /dev/full; echo $?";
    let outcome = program_in(script).env("FOLDER", folder.path("")).run().exit_code(0);
    assert_eq!(outcome.stdout.trim(), "4", "{outcome}");
    let report = std::fs::read_to_string(folder.path("report.json")).expect("a report");
    assert!(report.contains("\"outcome\":\"fixed\"") && folder.path("noise.fixed.png").exists(), "{report}");
}
