//! Clocks that jump, missing terminals, names that are not UTF-8, and a nearly empty system.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::{FORMATS, Folder, PNG, REJECTED, check};
use crate::program::{Program, program, program_in, skip};
use crate::server::Server;

/// Changes the wall clock of one process, but not its monotonic clock.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

fn at(program: Program, time: &str) -> Program {
    program.env("LD_PRELOAD", FAKETIME).env("DONT_FAKE_MONOTONIC", "1").env("FAKETIME", time)
}

#[test]
fn s10_a_jump_of_the_clock_does_not_change_deadlines() {
    if !Path::new(FAKETIME).exists() {
        return skip("there is no libfaketime here");
    }
    let server = Server::start();
    for jump in ["+3600", "-3600"] {
        let folder = Folder::new();
        let clock = folder.write("clock", "+0");
        let run =
            program().args(["check", "-f", "reasons", "--timeout", "2500ms"]).arg(server.url("cdn", "/fault/silent"));
        let run = run.args(server.flags()).env("LD_PRELOAD", FAKETIME).env("DONT_FAKE_MONOTONIC", "1");
        let running = run.env("FAKETIME_TIMESTAMP_FILE", &clock).env("FAKETIME_NO_CACHE", "1").start();
        sleep(Duration::from_millis(1200));
        folder.write("clock", jump);
        let outcome = running.wait().exit_code(1).line("Timeout while fetching asset.");
        assert!(outcome.elapsed >= Duration::from_millis(2500), "{jump}: {outcome}");
        assert!(outcome.elapsed < Duration::from_secs(20), "{jump}: {outcome}");
    }
}

#[test]
fn s10_the_wall_clock_is_used_only_for_dates() {
    // Dates of reports, of certificates, of expiring signatures and of files. The clock of `serve` starts with the
    // date; that of the event loop compares the wall clock with the monotonic one, to detect that a laptop slept.
    let owners = [
        "src/engine/check.rs",
        "src/fetch/http.rs",
        "src/fetch/loop_clock.rs",
        "src/cli/import.rs",
        "src/serve/clock.rs",
    ];
    let mut folders = vec![Path::new("src").to_owned()];
    let mut asking = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).is_ok_and(|text| text.contains("SystemTime::now")) {
                asking.push(path.display().to_string());
            }
        }
    }
    assert!(!asking.is_empty() && asking.iter().all(|path| owners.contains(&path.as_str())), "{asking:?}");
}

#[test]
fn s10_dates_of_certificates_are_compared_with_the_wall_clock() {
    if !Path::new(FAKETIME).exists() {
        return skip("there is no libfaketime here");
    }
    let server = Server::start();
    let run = |host: &str| program().arg("check").arg(server.url(host, "/image/640x480.png")).args(server.flags());
    run("cdn").run().exit_code(0);
    at(run("cdn"), "+0").run().exit_code(0);
    run("not-yet-valid").run().exit_code(1);
    run("expired").run().exit_code(1);
    at(run("expired"), "@2020-06-01 00:00:00").run().exit_code(0);
}

#[test]
fn s11_without_a_terminal_its_variables_and_the_locale_have_no_effect() {
    let surroundings: [&[(&str, &str)]; 10] = [
        &[("TERM", "dumb")],
        &[("TERM", "")],
        &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
        &[("NO_COLOR", "1"), ("TERM", "xterm-kitty")],
        &[("COLUMNS", "0")],
        &[("COLUMNS", "1"), ("LINES", "0")],
        &[("LC_ALL", "C"), ("LANG", "C")],
        &[("LC_ALL", "tr_TR.UTF-8")],
        &[("LC_ALL", "de_DE.ISO-8859-1"), ("LANG", "ja_JP.SJIS")],
        &[("LC_ALL", "no such locale \u{1b}[2J")],
    ];
    let timeless = |text: &str| -> Vec<String> {
        let is_time = |line: &str| line.contains("elapsed") || line.contains("time=");
        let cut = |line: &str| line.split(" in ").next().unwrap_or_default().to_owned();
        text.lines().filter(|line| !is_time(line)).map(cut).collect()
    };
    for format in FORMATS {
        let run = || check().args(["-f", format, "--model", "GEN_FUTURE", PNG, REJECTED, "fixtures/images/photo.jpg"]);
        let plain = run().run().exit_code(1);
        assert!(!plain.stdout.contains('\x1b') && !plain.stderr.contains('\x1b'), "{plain}");
        for variables in surroundings {
            let changed = variables.iter().fold(run(), |run, (name, value)| run.env(name, value)).run().exit_code(1);
            assert_eq!(timeless(&changed.stdout), timeless(&plain.stdout), "{format} {variables:?}");
            assert_eq!(changed.stderr, plain.stderr, "{format} {variables:?}");
        }
    }
}

#[test]
fn s11_a_terminal_without_a_size_has_eighty_columns() {
    if !Path::new("/usr/bin/script").exists() {
        return skip("there is no script(1) here");
    }
    for size in ["cols 0 rows 0", "cols 1 rows 1"] {
        let script =
            format!("stty {size}; TERM=dumb {} check --offline {REJECTED}", env!("CARGO_BIN_EXE_runway-preflight"));
        let outcome =
            program_in("exec /usr/bin/script -qec \"$1\" /dev/null").arg(script).env("SHELL", "/bin/sh").run();
        outcome.exit_code(1).stdout_contains("Only HTTPS URLs are allowed.").output_lacks("\x1b");
    }
}

#[test]
fn s12_names_and_flags_need_not_be_utf8() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = |end: &str| OsStr::from_bytes(&[b"\xff\x1b[2J::error::\xc3", end.as_bytes()].concat()).to_owned();
    let path = |end: &str| folder.path().join(name(end));
    fs::copy("fixtures/images/photo.png", path(".png")).expect("a copy");
    fs::write(path(".txt"), path(".png").as_os_str().as_bytes()).expect("a list");
    fs::write(path(".json"), "null").expect("a body");
    let run = |program: Program, code: i32| {
        let outcome = program.current_dir(folder.path()).run().exit_code(code);
        let [stdout, stderr] = [&outcome.stdout, &outcome.stderr];
        assert!(!stdout.contains('\x1b') && !stderr.contains('\x1b'), "{outcome}");
        assert!(!stdout.contains("::error::") && !stderr.contains("panicked"), "{outcome}");
        outcome
    };
    let after = |flag: &str, end: &str| OsStr::from_bytes(&[flag.as_bytes(), name(end).as_bytes()].concat()).to_owned();
    for format in ["text", "json", "jsonl", "junit", "sarif", "markdown"] {
        run(check().args(["-f", format]).arg(name(".png")), 0);
        run(check().args(["-f", format]).arg(after("@", ".txt")), 0);
    }
    run(check().arg(name(".png")), 0).stdout_contains("\\xff\\x1b[2J").stdout_contains("640x480");
    run(check().args(["-v", "-"]).stdin(path(".png").as_os_str().as_bytes()), 0).stdout_contains("640x480");
    run(check().arg(name(".missing")), 2);
    run(check().arg(after("@", ".missing")), 2);
    run(program().args(["body", "--offline"]).arg(name(".json")), 1);
    run(program().args(["body", "--offline"]).arg(name(".missing")), 2);
    run(program().arg("encode").arg(name(".png")), 0).stdout_contains("data:image/png;base64,");
    run(check().args(["-f", "json", PNG, "-o"]).arg(name(".out")), 0).stdout_is("");
    run(check().args([PNG, "--report"]).arg(after("json=", ".rep")), 0);
    assert!(path(".out").is_file() && path(".rep").is_file());
    // Flags that take text reject other bytes.
    run(check().arg("--field").arg(name("")).arg(PNG), 2).stderr_contains("UTF-8");
    run(check().arg("--rules").arg(name(".json")).arg(PNG), 2);
    run(check().arg("--config").arg(name(".json")).arg(PNG), 2);
    run(check().arg("--cacert").arg(name(".json")).arg(PNG), 2);
    run(program().arg(name("")), 2);
}

#[test]
fn s14_it_needs_no_home_no_temporary_folder_and_no_rights() {
    if !program_in("unshare -m true").run().stderr.is_empty() {
        return skip("nothing can be mounted here, so that no root is read-only");
    }
    let server = Server::start();
    let folder = Folder::new();
    fs::copy(env!("CARGO_BIN_EXE_runway-preflight"), folder.path("binary")).expect("a copy");
    let [authority] = [server.flags()[2].clone()];
    fs::copy(authority, folder.path("ca.pem")).expect("a copy");
    // A root with only the program and its libraries, owned by nobody and not writable.
    let script = "
        root=$FOLDER/root; mkdir -p $root/work && cd $root || exit 99
        cp $FOLDER/binary $FOLDER/ca.pem work/ && chmod -R a+rX . && chmod a+rx $FOLDER
        for library in $(ldd work/binary | grep -o \"/[^ ]*\"); do mkdir -p .$(dirname $library); cp $library .$library; done
        chmod -R a+rX .
        mount --bind . . && mount -o remount,ro,bind . && cd $root || exit 98
        exec /usr/sbin/chroot --userspec=65534:65534 --groups= . /work/binary \"$@\"";
    let script = format!("exec unshare -m bash -c '{script}' - \"$@\"");
    let run = |words: &[&str]| {
        let _ = fs::remove_dir_all(folder.path("root"));
        program_in(&script).args(words).env("FOLDER", folder.root()).run()
    };
    run(&["--version"]).exit_code(0).stderr_is_empty();
    run(&["check", "--offline", PNG, REJECTED]).exit_code(1).stderr_is_empty();
    run(&["rules", "--model", "gen4_turbo"]).exit_code(0).stderr_is_empty();
    run(&["explain", "SAFETY.INPUT.TEXT"]).exit_code(0).stderr_is_empty();
    run(&["config", "show"]).exit_code(0);
    run(&["check", "--offline", "-o", "/work/out", "-f", "json", PNG])
        .exit_code(4)
        .stderr_contains("Read-only file system");
    run(&["check", "--offline", "-o", "/work/out", "-f", "jsonl", PNG])
        .exit_code(4)
        .stderr_contains("Read-only file system");
    let url = server.url("cdn", "/image/640x480.png");
    let resolve = format!("cdn.example.org:{}:127.0.0.1", server.port("cdn"));
    run(&["check", "--allow-private", "--cacert", "/work/ca.pem", "--resolve", &resolve, &url])
        .exit_code(0)
        .stdout_contains("640x480");
    // Without name servers and a hosts file, a name does not resolve, which is reported and not an internal error.
    let outcome = run(&["check", "--timeout", "2s", "https://cdn.example.org/a.png"]);
    assert!([1, 3].contains(&outcome.status) && !outcome.stderr.contains("failed at"), "{outcome}");
}
