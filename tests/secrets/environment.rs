//! Secrets around the program: in its environment, process, folders and error messages.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use runway_preflight::Asset;
use runway_preflight::asset::Target;

use super::{expect_absent, expect_silent};
use crate::program::{Program, program};
use crate::server::Server;

#[test]
fn k04_discovered_files_are_named_by_relative_paths() {
    let home = tempfile::tempdir().expect("a folder");
    let inner = home.path().join("cAnArY/project/inner");
    fs::create_dir_all(&inner).expect("folders");
    let config = home.path().join("cAnArY/project/runway-preflight.toml");
    let run = |words: &[&str]| program().env("HOME", home.path()).current_dir(&inner).args(words).run();
    fs::write(&config, "jobs = 3\n").expect("a file");
    let shown = run(&["config", "show"]).exit_code(0).stdout_contains("../runway-preflight.toml");
    expect_silent(&shown);
    fs::write(&config, "jobs = \"many\"\n").expect("a file");
    expect_silent(
        &run(&["check", "--offline", "https://h.example/a.png"])
            .exit_code(2)
            .stderr_contains("../runway-preflight.toml:1"),
    );
    fs::remove_file(&config).expect("a file");
    fs::create_dir(&config).expect("a folder");
    expect_silent(
        &run(&["check", "--offline", "https://h.example/a.png"]).exit_code(2).stderr_contains("is not a regular file"),
    );
}

#[test]
fn k05_debug_text_and_backtraces_have_no_secrets() {
    let url = format!("https://user:{0}@h.example/a.png?sig={0}#{0}", "cAnArY7");
    let asset = Asset::new(url.as_str());
    expect_absent("an asset", &format!("{asset:?} {:#?}", Target::parse(&asset)));
    let server = Server::start();
    let run = |words: &[&str]| {
        let backtrace = program().env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace").env("RUST_LIB_BACKTRACE", "1");
        backtrace.args(words).args(server.flags()).arg(server.url("cdn", "/status/500?sig=cAnArY7")).run()
    };
    expect_silent(&run(&["check", "-v"]).exit_code(1));
    expect_silent(&run(&["check", "-vv"]));
    expect_silent(&run(&["diagnose"]).exit_code(1));
    // Invalid arguments are repeated without their secrets.
    for flag in [
        "--kind",
        "--format",
        "--timeout",
        "--ratio",
        "--resolve",
        "--report",
        "--model",
        "--only",
        "--proxy",
        "--rules",
        "--config",
        "--cacert",
    ] {
        let check =
            |program: Program| program.args(["check", "--offline", flag, &url, "https://h.example/a.png"]).run();
        expect_silent(&check(program()));
    }
    for words in [
        ["check", "--sig", &url],
        ["explain", "--retryable", &url],
        ["encode", "--", &url],
        ["body", "--", &url],
        ["rules", "import", &url],
        ["config", "show", &url],
    ] {
        expect_silent(&program().args(words).run());
    }
    expect_silent(&program().arg(&url).run().exit_code(2));
    expect_silent(&program().arg("check").arg(format!("@{url}")).run().exit_code(2));
}

#[test]
fn k08_process_lists_show_no_secrets() {
    let server = Server::start();
    let url = server.url("cdn", "/fault/silent?sig=cAnArY");
    let flags = ["check", "--timeout", "5s", "-"];
    let mut running = program().args(flags).args(server.flags()).converse();
    running.write(url);
    running.end();
    let started = Instant::now();
    while server.requests().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(20), "nothing was requested");
        std::thread::sleep(Duration::from_millis(5));
    }
    let process = Path::new("/proc").join(running.id().to_string());
    let read = |name: &str| {
        fs::read(process.join(name))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .expect("a running process")
    };
    expect_absent("the command line", &read("cmdline"));
    expect_absent("the environment", &read("environ"));
    for task in fs::read_dir(process.join("task")).expect("tasks") {
        let children = fs::read_to_string(task.expect("a task").path().join("children")).expect("children");
        assert_eq!(children, "", "it has a child");
    }
}

#[test]
fn k09_no_key_of_the_environment_is_read() {
    let server = Server::start();
    let names = [
        "RUNWAYML_API_SECRET",
        "RUNWAY_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "GITHUB_TOKEN",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "AZURE_STORAGE_KEY",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "https_proxy",
        "NETRC",
        "SSLKEYLOGFILE",
        "CURL_HOME",
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let run = |words: &[&str]| {
        let program = names.iter().fold(program(), |program, name| program.env(name, "cAnArY7"));
        program.env("HOME", folder.path()).current_dir(folder.path()).args(words)
    };
    fs::write(folder.path().join(".netrc"), "default login cAnArY password cAnArY\n").expect("a file");
    for path in ["/fault/good", "/status/401", "/status/403"] {
        expect_silent(&run(&["check", "-v"]).args(server.flags()).arg(server.url("cdn", path)).run());
        expect_silent(&run(&["diagnose"]).args(server.flags()).arg(server.url("cdn", path)).run());
    }
    for words in [&["config", "show"][..], &["rules"], &["explain", "SAFETY.INPUT.TEXT"], &["check", "--nonsense"]] {
        expect_silent(&run(words).run());
    }
    assert!(!server.requests().is_empty());
    for request in server.requests() {
        expect_absent("a request", &format!("{request:?}"));
    }
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(left, [".netrc"]);
}
