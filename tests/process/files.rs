//! Paths that results are written to.

use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::{fs, thread};

use super::{Folder, REJECTED, check, many};
use crate::program::{Program, program_in, skip};

/// The ways to write a result to a file.
const WAYS: [&str; 3] = ["report", "whole", "growing"];

/// Writes a result to a path: as an extra report, as the main one, or line by line.
fn write(way: &str, path: &Path) -> Program {
    let check = check().arg(REJECTED);
    match way {
        "report" => check.arg("--report").arg(format!("json={}", path.display())),
        "whole" => check.args(["-f", "json", "-o"]).arg(path),
        _ => check.args(["-f", "jsonl", "-o"]).arg(path),
    }
}

const SENTENCE: &str = "Only HTTPS URLs are allowed.";

#[test]
fn s08_a_result_can_go_to_a_file_a_link_or_a_pipe() {
    for way in WAYS {
        let folder = Folder::new();
        // Nothing, then an old file.
        for _ in 0..2 {
            write(way, &folder.path("new")).run().exit_code(1).stderr_is_empty();
            assert!(folder.read("new").contains(SENTENCE), "{way}");
        }
        // A link, to a file on another device where there is one.
        let elsewhere = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
        let real = elsewhere.path().join("real");
        fs::write(&real, "old").expect("a file");
        symlink(&real, folder.path("link")).expect("a link");
        write(way, &folder.path("link")).run().exit_code(1).stderr_is_empty();
        assert!(folder.path("link").is_symlink() && folder.read("link").contains(SENTENCE), "{way}");
        assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 1, "{way}");
        // A named pipe.
        let fifo = folder.path("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
        let reader = thread::spawn({
            let fifo = fifo.clone();
            move || {
                let mut text = String::new();
                fs::File::open(fifo).and_then(|mut file| file.read_to_string(&mut text)).map(|_| text)
            }
        });
        write(way, &fifo).run().exit_code(1).stderr_is_empty();
        assert!(reader.join().expect("it reads").expect("text").contains(SENTENCE), "{way}");
        write(way, Path::new("/dev/null")).run().exit_code(1).stderr_is_empty();
        assert_eq!(folder.names(), ["fifo", "link", "new"], "{way}");
    }
}

#[test]
fn rows_stay_until_there_is_a_new_one() {
    let folder = Folder::new();
    let rows = folder.path("rows.jsonl");
    write("growing", &rows).run().exit_code(1);
    let old = folder.read("rows.jsonl");
    let list = folder.write("bad.csv", "id,url\n");
    let bad = format!("@{}", list.display());
    check().args([&bad, "--column", "uri", "-f", "jsonl", "-o"]).arg(&rows).run().exit_code(2);
    let utf16 = format!("@{}", folder.write("utf16.txt", "h\0t\0").display());
    check().args([&utf16, "-f", "jsonl", "-o"]).arg(&rows).run().exit_code(2);
    assert_eq!(folder.read("rows.jsonl"), old);
    write("growing", &rows).run().exit_code(1);
    assert_eq!(folder.read("rows.jsonl").lines().count(), 1);
}

#[test]
fn s08_a_file_that_cannot_be_written_is_unchanged() {
    for way in WAYS {
        let folder = Folder::new();
        let refuse =
            |path: &Path| drop(write(way, path).run().exit_code(4).stderr_contains("cannot be written").stdout_is(""));
        refuse(folder.root());
        refuse(&folder.path("missing/out"));
        refuse(&folder.write("file", "old").join("out"));
        refuse(Path::new("/proc/version"));
        let path = folder.write("kept", "old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("a mode");
        refuse(&path);
        symlink(&path, folder.path("link")).expect("a link");
        refuse(&folder.path("link"));
        // Another result cannot be written: nothing is checked.
        let extra = folder.write("extra", "old");
        let also = write(way, &extra).arg("--report").arg(format!("junit={}", folder.path("no/r.xml").display()));
        also.run().exit_code(4).stdout_is("");
        assert_eq!(folder.read("extra"), "old", "{way}");
        fs::remove_file(extra).expect("a file");
        assert_eq!((folder.read("kept").as_str(), folder.read("file").as_str()), ("old", "old"), "{way}");
        assert_eq!(folder.names(), ["file", "kept", "link"], "{way}");
    }
}

#[test]
fn s08_a_file_keeps_its_mode_and_owner_and_one_with_secrets_is_private() {
    let mode = |path: &Path| fs::metadata(path).expect("a file").mode() & 0o7777;
    for way in WAYS {
        for (old, flag) in [(0o600, ""), (0o640, ""), (0o644, ""), (0o600, "--show-query"), (0o666, "--show-query")] {
            let folder = Folder::new();
            // Lines are appended to a file that has none of its own.
            let path = folder.write("old", "");
            fs::set_permissions(&path, fs::Permissions::from_mode(old)).expect("a mode");
            // Only root may give a file away; the test holds without that as well.
            let is_given = std::os::unix::fs::chown(&path, Some(12345), Some(54321)).is_ok();
            let flags: &[&str] = if flag.is_empty() { &[] } else { &[flag] };
            write(way, &path).args(flags).run().exit_code(1);
            let expected = if flag.is_empty() { old } else { old & 0o700 };
            assert_eq!(format!("{:o}", mode(&path)), format!("{expected:o}"), "{way} {flag}");
            let owner = fs::metadata(&path).map(|metadata| (metadata.uid(), metadata.gid())).expect("a file");
            assert!(!is_given || owner == (12345, 54321), "{way} {flag}: {owner:?}");
            let new = folder.path("new");
            write(way, &new).args(flags).run().exit_code(1);
            assert_eq!(mode(&new) == 0o600, !flag.is_empty(), "{way} {flag}: {:o}", mode(&new));
        }
    }
}

#[test]
fn s04_a_full_disk_exits_with_4_and_keeps_the_old_file() {
    if !program_in("unshare -m true").run().stderr.is_empty() {
        return skip("no file system can be mounted here");
    }
    let folder = Folder::new();
    folder.write("list", many(2000));
    // A disk of 64 KiB, then a larger one, to resume with the lines that were written.
    let script = "
        cd \"$FOLDER\" && mkdir disk && mount -t tmpfs -o size=64k none disk && cd disk || exit 99
        echo old >old
        \"$0\" check --offline -f json -o old @../list; echo $?
        \"$0\" check --offline -f reasons -o /dev/null --report sarif=old @../list; echo $?
        cat old; ls -A
        \"$0\" check --offline -f jsonl -o new @../list; echo $?
        mount -o remount,size=16m none . || exit 98
        \"$0\" check --offline -f jsonl -o new --resume @../list; echo $?
        wc -l <new; \"$0\" check --offline -f jsonl @../list >whole; tail -n +2 whole >a; tail -n +2 new | cmp - a && ls -A";
    let script = format!("exec unshare -m bash -c '{script}' \"$0\"");
    let outcome = program_in(&script).env("FOLDER", folder.root()).run().exit_code(0);
    assert_eq!(outcome.stdout, "4\n4\nold\nold\n4\n1\n2000\na\nnew\nold\nwhole\n", "{outcome}");
    outcome.stderr_contains("No space left on device");
}
