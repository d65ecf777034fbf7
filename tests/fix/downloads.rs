//! Addresses that are no image service's: a copy is downloaded as `check` would, and fixed.

use std::time::Duration;

use super::Folder;
use crate::program::{Outcome, program};
use crate::server::Server;

/// Runs `fix` in a folder, with a temporary folder of its own that must be empty afterwards.
#[track_caller]
fn fix(server: &Server, folder: &Folder, arguments: &[&str]) -> Outcome {
    let temporary = tempfile::tempdir().expect("a folder");
    let run = program().current_dir(folder.path("")).env("TMPDIR", temporary.path());
    let outcome = run.arg("fix").args(server.flags()).args(arguments).run();
    assert_eq!(std::fs::read_dir(temporary.path()).expect("a folder").count(), 0, "something is left behind");
    outcome
}

#[test]
fn a_copy_is_downloaded_and_fixed() {
    let (server, folder) = (Server::start(), Folder::new());
    let url = server.url("cdn", "/image/9000x100.png");
    let model = ["--model", "gen4_turbo", "--crop"];
    let outcome = fix(&server, &folder, &[&model[..], &[&url, "-o", "a.png"]].concat()).exit_code(0);
    outcome.stdout_contains("download: address to ").stdout_contains("crop: 9000x100 to 235x100");
    folder.accepts(&["--model", "gen4_turbo", "a.png"]);
    // One HEAD and one GET, as the API sends them.
    let methods: Vec<String> = server.requests().iter().map(|request| request.method.clone()).collect();
    assert_eq!(methods, ["HEAD", "GET"]);
    // Into a folder, under the last name of the address.
    fix(&server, &folder, &[&model[..], &[&url, "--output-dir", "out"]].concat())
        .exit_code(0)
        .stdout_contains("-> out/9000x100.png");
    assert_eq!(folder.names(), ["a.png", "out"]);
}

#[test]
fn a_wrong_type_of_a_good_file_costs_nothing_but_a_copy() {
    let (server, folder) = (Server::start(), Folder::new());
    let url = server.url("cdn", "/type/application%2foctet-stream");
    fix(&server, &folder, &[&url, "-o", "a.png"]).exit_code(0).stdout_contains("download: ").output_lacks("convert");
    folder.accepts(&["a.png"]);
    assert_eq!(std::fs::read(folder.path("a.png")).expect("a copy"), crate::server::small());
}

#[test]
fn nothing_is_written_where_nothing_whole_comes() {
    let (server, folder) = (Server::start(), Folder::new());
    let case = |host: &str, path: &str, flags: &[&str], said: &str| {
        let url = server.url(host, path);
        fix(&server, &folder, &[flags, &[&url, "-o", "a.png"]].concat()).exit_code(1).stdout_contains(said);
        assert_eq!(folder.names(), Vec::<String>::new(), "{path}");
    };
    case("cdn", "/status/404", &[], "it cannot be downloaded: Failed to fetch asset. Received HTTP response code");
    case("expired", "/image/640x480.png", &[], "it cannot be downloaded: Failed to fetch asset.");
    case("cdn", "/length/999999", &[], "it cannot be downloaded: ");
    case("cdn", "/wait/5000/image/9000x100.png", &["--timeout", "500ms"], "Timeout while fetching asset.");
}

#[test]
fn the_filter_of_addresses_holds() {
    let (server, folder) = (Server::start(), Folder::new());
    let url = server.url("cdn", "/image/9000x100.png");
    let flags: Vec<String> = server.flags().into_iter().filter(|flag| flag != "--allow-private").collect();
    let run = program().current_dir(folder.path("")).arg("fix").args(flags).args([&url, "-o", "a.png"]);
    run.time_out(Duration::from_secs(60)).run().exit_code(1).stdout_contains("it cannot be downloaded");
    assert_eq!((server.requests().len(), folder.names()), (0, Vec::new()));
    fix(&server, &folder, &["http://cdn.example.org/a.png", "-o", "a.png"])
        .exit_code(1)
        .stdout_contains("Only HTTPS URLs are allowed.");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_result_needs_a_name() {
    let (server, folder) = (Server::start(), Folder::new());
    let url = server.url("cdn", "/image/9000x100.png");
    let any = ["--ratio", "0.01:100"];
    fix(&server, &folder, &[&any[..], &[&url]].concat())
        .exit_code(1)
        .stdout_contains("add --output FILE or --output-dir DIR");
    // What is accepted is not written at all.
    let good = server.url("cdn", "/image/640x480.png");
    fix(&server, &folder, &[&good, "-o", "a.png"]).exit_code(0).stdout_contains("already accepted");
    fix(&server, &folder, &[&any[..], &[&url, "--dry-run", "-o", "a.png"]].concat())
        .exit_code(0)
        .stdout_contains("planned: ")
        .stdout_contains("scale: 9000x100");
    assert_eq!(folder.names(), Vec::<String>::new());
}
