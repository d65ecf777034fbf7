//! Conventions of a command line: usage errors, order, secrets, and input that is not an asset.

use std::time::Duration;

use crate::process::{PNG, REJECTED, check};
use crate::program::{Program, program, program_in};
use crate::server::Server;

#[test]
fn usage_errors_exit_with_2_and_say_what_to_do() {
    program().arg("check").run().exit_code(2).stderr_contains("<ASSET>");
    program().args(["check", "--ratio", "2:1", PNG]).run().exit_code(2).stderr_contains("0.5:2.358");
    program().args(["check", "--timeout", "soon", PNG]).run().exit_code(2).stderr_contains("10s");
    program().args(["check", "--resolve", "h:443", PNG]).run().exit_code(2).stderr_contains("--resolve");
    program().args(["check", "--fromat", "json", PNG]).run().exit_code(2).stderr_contains("--format");
    for (flag, range) in [("--jobs", "1 to 4096"), ("--per-host", "1 to 4096"), ("--retries", "0 to 10")] {
        for number in ["-1", "70000", "x"] {
            let expected = format!("'{number}' for '{flag} <N>': write a number from {range}");
            check().arg(format!("{flag}={number}")).arg(PNG).run().exit_code(2).stderr_contains(&expected);
        }
    }
    check().args(["-", "-"]).run().exit_code(2).stderr_contains("only once");
    check().args(["--cacert", "no-such.pem", PNG]).run().exit_code(2).stderr_contains("no-such.pem");
    check().args(["--cacert", "README.md", PNG]).run().exit_code(2).stderr_contains("--cacert");
    for subcommand in [&["check", PNG][..], &["body", "-"], &["rules", "import", "-"]] {
        program().args(subcommand).args(["--output", "-"]).run().exit_code(2).stderr_contains("without --output");
        program().args(subcommand).args(["--output", ""]).run().exit_code(2).stderr_contains("the file name is empty");
    }
    program().args(["check", "--show-query", PNG]).env("CI", "true").run().exit_code(2).stderr_contains("--show-query");
}

#[test]
fn unreadable_lists_exit_with_2() {
    check().arg("@no-such-list").run().exit_code(2).stderr_contains("no-such-list").stdout_is("");
    check().arg("@fixtures").run().exit_code(2).stderr_contains("directory").stdout_is("");
    check().arg("@ ").run().exit_code(2).stderr_contains("the list ' ' cannot be opened");
    check().arg(" ").run().exit_code(2).stderr_contains("error: ' ' cannot be read");
}

#[test]
fn unreadable_files_exit_with_2_on_the_command_line_and_are_undecided_in_a_list() {
    let folder = tempfile::tempdir().expect("a folder");
    let fifo = folder.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    for path in ["no-such.png", "", "/dev/zero", fifo.to_str().expect("UTF-8")] {
        check().arg(path).time_out(Duration::from_secs(5)).run().exit_code(2).stdout_is("");
    }
    for path in ["no-such.png", "fixtures", "/dev/zero", fifo.to_str().expect("UTF-8")] {
        let outcome =
            check().args(["--format", "json", "-"]).stdin(path).time_out(Duration::from_secs(5)).run().exit_code(3);
        assert_eq!(outcome.json()["assets"][0]["findings"][0]["code"], "unreadable-file", "{path}");
    }
    check().arg("tests/golden/text.txt").run().exit_code(2).stderr_contains("@tests/golden/text.txt");
    check()
        .arg("cdn.example.com/a.png")
        .run()
        .exit_code(2)
        .stderr_contains("did you mean https://cdn.example.com/a.png?");
    check().arg("fixtures/images/empty.png").run().exit_code(1).stdout_contains("unreadable-media");
    let bare = format!("/9j/{}", "A".repeat(300));
    check()
        .arg(bare)
        .run()
        .exit_code(3)
        .stdout_contains("hint:  Write data:image/jpeg;base64, before it: this is bare base64.");
}

#[test]
fn findings_of_a_file_name_the_transport_and_have_a_hint() {
    let folder = tempfile::tempdir().expect("a folder");
    let photo = "fixtures/images/photo.png";
    let place = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    for name in ["photo.txt", "photo", "photo.PNG", "photo.jpg"] {
        std::fs::copy(photo, place(name)).expect("room");
    }
    std::fs::write(place("noise.png"), [0x80, 0x81, 0x82, 0x83].repeat(200)).expect("room");
    let case = |flags: &[&str], path: &str, code: i32, said: &[&str]| {
        said.iter()
            .fold(check().args(flags).arg(path).run().exit_code(code), |outcome, said| outcome.stdout_contains(said))
    };
    // The cause is one finding: bytes of no format cannot be sent in any way.
    let unknown = [
        "error[unsupported-asset-type] (as a data URI)",
        "found: the format of the bytes is unknown [unreadable-media]",
    ];
    case(&[], &place("noise.png"), 1, &unknown);
    let named = ["found: the bytes begin like another kind of file: Executable and Linkable Format [unreadable-media]"];
    case(&[], env!("CARGO_BIN_EXE_runway-preflight"), 1, &named);
    let empty = ["found: the file is empty [unreadable-media]", "hint:  Save the file again: it is empty."];
    case(&[], "fixtures/images/empty.png", 1, &empty);
    // A file of another kind gets no hint to convert it or to change its type.
    let wanted = "found: the bytes are a PNG image, which is an image; expected a video";
    let outcome = case(&["--kind", "video"], photo, 1, &[wanted, "hint:  Send a video."]);
    assert!(!outcome.stdout.contains("Convert") && !outcome.stdout.contains("Serve"), "{outcome}");
    let conversion = "hint:  Run `runway-preflight fix --as url fixtures/images/still.gif`.";
    case(&["--as", "url"], "fixtures/images/still.gif", 1, &[conversion]);
    // The name misleads servers; that is only a note if another transport works.
    let misled = "found: the bytes are a PNG image; servers that derive the type from the name send text/plain";
    case(&[], &place("photo.txt"), 0, &["note[type-mismatch] (as a URL)", misled, "can be sent as url"]);
    case(&["--strict"], &place("photo.txt"), 0, &[misled]);
    let rename = "hint:  Rename it to .png, or set its Content-Type to image/png.";
    case(&["--as", "url"], &place("photo.txt"), 0, &["warning[type-mismatch]", misled, rename]);
    case(&["--as", "url", "--strict"], &place("photo.txt"), 1, &[misled]);
    case(&[], &place("photo"), 0, &["send application/octet-stream"]);
    assert!(!case(&["--as", "url"], &place("photo.PNG"), 0, &[]).stdout.contains("type-mismatch"));
}

#[test]
fn schemes_of_stores_and_files_get_a_hint_what_to_write() {
    let case = |url: &str, hint: &str| {
        let outcome =
            check().arg(url).run().exit_code(1).stdout_contains("Only HTTPS URLs are allowed.").stdout_contains(hint);
        assert!(!outcome.stdout.contains("special-name"), "{outcome}");
    };
    case("s3://photos/a.png", "Write the https:// URL of the object");
    case("gs://photos/a.png", "Write the https:// URL of the object");
    case("file:///home/me/a.png", "Check the file by its path");
    check().arg("http://localhost/a.png").run().exit_code(1).stdout_contains("error[special-name]");
}

#[test]
fn an_endless_data_uri_is_rejected_by_its_length() {
    let limited = program_in("ulimit -v 400000; exec \"$0\" check --offline --format reasons -");
    let mut running = limited.converse();
    running.write("data:image/png;base64,");
    let piece = vec![b'A'; 1 << 20];
    for _ in 0..1024 {
        running.write(&piece);
    }
    running.end();
    assert_eq!(running.line().as_deref(), Some("Too big: expected string to have <=5242880 characters"));
    assert_eq!((running.line(), running.wait()), (None, Some(1)));
}

#[test]
fn an_output_file_is_replaced_atomically() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.json");
    std::fs::write(&path, "old").expect("a file");
    check().args(["-f", "json", PNG, "-o"]).arg(&path).run().exit_code(0).stdout_is("");
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
    assert_eq!(document["summary"]["accepted"], 1);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
}

#[test]
fn two_hundred_silent_addresses_cost_ten_seconds_in_all() {
    let server = Server::start();
    let urls: Vec<String> = (0..200).map(|index| server.url("cdn", &format!("/fault/silent?{index}"))).collect();
    let outcome = program()
        .args(["check", "--format", "reasons", "-j", "200", "--per-host", "200", "-"])
        .args(server.flags())
        .stdin(urls.join("\n"))
        .run()
        .exit_code(1);
    assert_eq!(outcome.stdout, "Timeout while fetching asset.\n".repeat(200));
    let seconds = outcome.elapsed.as_secs_f64();
    // Sequentially they would take half an hour.
    assert!((10.0..30.0).contains(&seconds), "{seconds} s");
}

#[test]
fn results_have_the_order_of_the_input_and_fail_fast_stops_them() {
    let list = format!("{PNG}\n{REJECTED}\n{PNG}\n");
    let lines = check().args(["-f", "jsonl", "-"]).stdin(list.as_str()).run().exit_code(1).json_lines();
    let verdicts: Vec<_> = lines.iter().map(|line| line["verdict"].as_str().expect("a verdict")).collect();
    assert_eq!(verdicts, ["accepted", "rejected", "accepted"]);
    let places: Vec<_> = lines.iter().map(|line| line["location"]["line"].as_u64()).collect();
    assert_eq!(places, [Some(1), Some(2), Some(3)]);
    let lines = check().args(["--fail-fast", "-f", "jsonl", "-"]).stdin(list).run().exit_code(1).json_lines();
    assert_eq!(lines.len(), 2);
}

#[test]
fn fail_fast_stops_in_lists_of_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    for (separator, flags) in [("\n", &[][..]), ("\r", &[]), ("\r\n", &[]), ("\0", &["-0"])] {
        let assets: Vec<String> = (1..5).map(|number| format!("http://h.com/{number}")).collect();
        std::fs::write(folder.path().join("list"), assets.join(separator)).expect("a list");
        let run = check().args(["--fail-fast", "-f", "jsonl"]).args(flags);
        let run = run.arg(format!("@{}", folder.path().join("list").display())).run().exit_code(1);
        assert_eq!(run.json_lines().len(), 1, "{separator:?}");
    }
}

#[test]
fn lists_and_folders_without_assets_are_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("list.txt"), "# nothing\n").expect("a list");
    let (name, list) = (folder.path().display().to_string(), folder.path().join("list.txt").display().to_string());
    let run = check().args([&name, PNG, &format!("@{list}"), PNG]).run().exit_code(0);
    run.stderr_contains(&format!("note: {name} has no assets")).stderr_contains(&format!("note: {list} has no assets"));
}

#[test]
fn fail_fast_stops_early_only_where_something_is_left() {
    let run = |assets: &[&str]| check().arg("--fail-fast").args(assets).run().exit_code(1);
    run(&["http://h.example.com/1"]).stdout_contains("1 rejected").output_lacks("stopped before the end");
    run(&["data:,", "http://h.example.com/1"]).stdout_contains("stopped before the end");
    let list = "https://h.example.com/1\nhttp://h.example.com/2\n";
    check().args(["--fail-fast", "-"]).stdin(list).run().exit_code(1).stdout_contains("1 rejected");
}

#[test]
fn assets_that_were_not_fetched_are_counted_once() {
    let urls = ["https://h.example.com/1", "HTTPS://h.example.com/2"];
    let run = |flags: &[&str]| check().arg("--strict").args(flags).args(urls).run().exit_code(1);
    run(&[]).stdout_contains("2 assets: 1 not fetched, 1 rejected");
    run(&["-f", "markdown"]).stdout_contains("| not fetched |").output_lacks("| accepted |");
    run(&["-f", "concise", "-v"]).stdout_contains("/1: not fetched");
    let summary = run(&["-f", "json"]).json()["summary"].clone();
    assert_eq!((&summary["not_fetched"], &summary["accepted"]), (&1.into(), &1.into()), "{summary}");
}

#[test]
fn silence_prints_nothing_in_any_format_and_writes_files() {
    let folder = tempfile::tempdir().expect("a folder");
    for format in
        ["text", "concise", "reasons", "json", "jsonl", "github", "gitlab", "junit", "sarif", "markdown", "html"]
    {
        let run = |words: &[&str]| {
            check().args(["-qq", "-f", format, "http://h.example.com/1"]).args(words).run().exit_code(1)
        };
        run(&[]).stdout_is("").stderr_is_empty();
        let file = folder.path().join(format);
        run(&["-o", file.to_str().expect("UTF-8")]).stdout_is("").stderr_is_empty();
        assert!(std::fs::read_to_string(&file).expect("a file").contains("HTTPS"), "{format}");
    }
}

#[test]
fn quiet_hides_accepted_assets_and_verbose_shows_observations() {
    check().args(["-q", PNG, REJECTED]).run().exit_code(1).stdout_contains(REJECTED).output_lacks("accepted");
    let server = Server::start();
    let url = server.url("cdn", "/image/640x480.png");
    let outcome = program().args(["check", "-v", &url]).args(server.flags()).run().exit_code(0);
    outcome
        .stdout_contains("127.0.0.1")
        .stdout_contains("HEAD:  200")
        .stdout_contains("content-type: image/png")
        .stderr_contains("--cacert");
}

#[test]
fn secrets_are_shown_nowhere() {
    let server = Server::start();
    let mut urls = vec!["https://user:canary@h h/?k=canary#canary".to_owned(), "http://h.com/?canary".to_owned()];
    for path in
        ["/status/403", "/redirect/302/image/1x1.png", "/fault/silent", "/image/640x480.png", "/fault/login-redirect"]
    {
        urls.push(format!("{}?X-Amz-Signature=canary&canary#canary", server.url("cdn", path)));
    }
    urls.push(server.url("expired", "/?token=canary"));
    urls.push("data:image/png;base64,canarycanary".to_owned());
    for format in ["text", "concise", "reasons", "json", "jsonl"] {
        let run = program().args(["check", "--timeout", "500ms", "-j", "20", "--per-host", "20", "-f", format, "-"]);
        let run = run.args(if format == "text" { vec!["-v"] } else { vec![] });
        run.args(server.flags()).stdin(urls.join("\n")).run().exit_code(1).output_lacks("canary");
    }
}

#[test]
fn color_is_decided_by_flag_then_environment() {
    let colored = |program: Program| program.arg(PNG).run().exit_code(0).stdout.contains('\x1b');
    assert!(!colored(check()));
    assert!(colored(check().args(["--color", "always"])));
    assert!(colored(check().args(["--color", "always"]).env("NO_COLOR", "1")));
    assert!(colored(check().env("CLICOLOR_FORCE", "1")));
    assert!(!colored(check().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
    assert!(!colored(check().args(["--color", "never"]).env("CLICOLOR_FORCE", "1")));
}

#[test]
fn files_below_the_working_directory_have_a_place_in_sarif_without_a_repository() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().canonicalize().expect("a path");
    std::fs::write(path.join("p.txt"), "\nhttp://h.example.com/1\n").expect("a list");
    let list = format!("@{}", path.join("p.txt").display());
    let check = check().current_dir(&path).args(["-f", "sarif", &list]);
    let place = check.run().exit_code(1).json()["runs"][0]["results"][0]["locations"][0]["physicalLocation"].clone();
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&"p.txt".into(), &2.into()),
        "{place}"
    );
}
