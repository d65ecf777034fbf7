//! Hostile text from every source through every output of the real binary. The names of the tests begin with the cases of
//! the list of faults: `o05` is what a CI runner would obey.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::Command;

use runway_preflight::output::escape::visible;
use serde_json::{Value, json};

use crate::channels::{FORMATS, Writings, annotations, expect_plain, junit_cases, writings};
use crate::outputs::runner::commands;
use crate::program::{Outcome, program};
use crate::server::Server;

/// Percent-encodes every byte, so that it arrives at the server as it is meant.
fn percent(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

/// Leaves out what ends a line of a list, or a name of a file.
fn in_a_line(payload: &[u8]) -> Vec<u8> {
    payload.iter().copied().filter(|byte| !b"\n\r\0".contains(byte)).collect()
}

fn as_file_name(payload: &[u8]) -> Vec<u8> {
    payload.iter().copied().filter(|byte| !b"/\0".contains(byte)).take(200).collect()
}

/// A list of assets that hold the payload, under a name that holds it, and files that are called so.
fn listed(payload: &[u8]) -> Writings {
    let folder = tempfile::tempdir().expect("a folder");
    let name = as_file_name(payload);
    let path = |name: &[u8]| folder.path().join(std::ffi::OsStr::from_bytes(name));
    fs::write(path(&name), "no picture").expect("any name will do");
    let line = in_a_line(payload);
    let file = in_a_line(&name);
    let starts: [&[u8]; 8] = [
        b"https://h.example/",
        b"http://h.example/a?",
        b"https://",
        b"data:image/",
        b"data:",
        b"runway://",
        b"./",
        b"",
    ];
    let mut list = starts.map(|start| [start, &line, b"\n"].concat()).concat();
    list.extend([b"./", file.as_slice(), b"\n"].concat());
    let called = [b"list ", name.as_slice()].concat();
    fs::write(path(&called), list).expect("a list");
    let mut at = b"@".to_vec();
    at.extend(&called);
    let named = [b"./", name.as_slice()].concat();
    let run = program().args(["check", "--offline", "--verbose"]);
    writings(run.arg(std::ffi::OsStr::from_bytes(&at)).arg(std::ffi::OsStr::from_bytes(&named)), folder.path())
}

/// What servers say: in their header fields, error pages, redirects, reason phrases and certificates.
fn served(server: &Server, payload: &[u8]) -> Writings {
    let field: Vec<u8> =
        payload.iter().copied().filter(|byte| *byte == b'\t' || *byte >= b' ' && *byte != 0x7f).collect();
    let page = |text: &str| text.as_bytes().iter().copied().chain(payload.iter().copied()).collect::<Vec<u8>>();
    let paths = [
        format!("/type/{}", percent(&field)),
        format!("/type/image%2Fpng%3B{}", percent(&field)),
        format!("/length/{}", percent(&field)),
        format!("/field/Content-Encoding/{}", percent(&field)),
        format!("/field/Server/{}", percent(&field)),
        format!("/moved/{}", percent(&field)),
        format!("/moved/https%3A%2F%2Fh.example%2F{}", percent(&field)),
        format!("/phrase/{}", percent(String::from_utf8_lossy(&field).as_bytes())),
        format!("/says/text%2Fplain/{}", percent(payload)),
        format!("/says/text%2Fhtml/{}", percent(&page("<title>"))),
        format!("/says/application%2Fxml/{}", percent(&page("<Code>x</Code><Message>"))),
        format!("/says/application%2Fjson/{}", percent(&page("{\"message\":\""))),
    ];
    let hosts = ["hostile-names", "hostile-authority"].map(|host| server.url(host, "/"));
    let urls = paths.iter().map(|path| server.url("cdn", path)).chain(hosts);
    let run = program().args(["check", "--verbose", "--timeout", "5s"]).args(server.flags()).args(urls);
    writings(run, Path::new("."))
}

/// A request body whose keys and values hold the payload.
fn requested(payload: &[u8]) -> Writings {
    let text = String::from_utf8_lossy(payload);
    let folder = tempfile::tempdir().expect("a folder");
    let bodies = [
        json!({"model": "gen4_turbo", "promptImage": [{"uri": text, "position": text}], "ratio": text, text.as_ref(): 1}),
        json!({"model": text, "promptImage": format!("https://h.example/{text}"), "promptText": text}),
        json!({text.as_ref(): text}),
        json!({"model": "gen4_image", "promptText": text, "ratio": "1920:1080", "referenceImages": [{"uri": format!("http://{text}"), "tag": text}]}),
    ];
    let name = as_file_name(payload);
    let path = folder.path().join(std::ffi::OsStr::from_bytes(&[b"body ", name.as_slice()].concat()));
    fs::write(&path, bodies.map(|body| body.to_string()).join("\n")).expect("a file");
    let name = path.file_name().expect("a name");
    writings(program().args(["body", "--offline", "--verbose"]).arg(name), folder.path())
}

/// What is not a list of findings: errors about the words typed, explanations, a diagnosis, the API's answer.
fn told(server: &Server, payload: &[u8]) -> Vec<Outcome> {
    let folder = tempfile::tempdir().expect("a folder");
    let text: String = String::from_utf8_lossy(payload).replace('\0', "");
    let (word, run) = (text.as_str(), || program().current_dir(folder.path()));
    fs::write(folder.path().join("config.toml"), format!("model = {}\n{} = 1\n", json!(word), json!(word)))
        .expect("a file");
    fs::write(
        folder.path().join("ignore.toml"),
        format!("[[ignore]]\ncode = \"near-timeout\"\nreason = {}\n", json!(word)),
    )
    .expect("a file");
    fs::write(folder.path().join("rules.toml"), format!("read = {}\n", json!(word))).expect("a file");
    let answer =
        json!({"error": "Validation of body failed", "issues": [{"code": word, "message": word, "path": [word]}]});
    let task = json!({"id": "x", "status": "FAILED", "failureCode": word, "failure": word});
    let check =
        |flag: &str| run().args(["check", "--offline", &format!("{flag}={word}"), "https://h.example/a.png"]).run();
    let mut told: Vec<Outcome> = [
        "--kind",
        "--ratio",
        "--format",
        "--depth",
        "--timeout",
        "--jobs",
        "--resolve",
        "--proxy",
        "--cacert",
        "--rules",
        "--model",
        "--endpoint",
        "--field",
        "--config",
        "--shard",
        "--output",
        "--report",
        "--color",
        "--as",
    ]
    .map(check)
    .into();
    told.push(check("--report=json=missing/"));
    told.push(check(&format!("--{word}")));
    for verb in ["check", "body", "encode", "diagnose", "explain", "rules", "completions", "config"] {
        told.push(run().args([verb, "--", word]).run());
    }
    told.push(run().arg(word).run());
    told.push(run().arg("check").arg(format!("@{word}")).run());
    told.push(run().args(["explain", "--format", "json", "--", word]).run());
    told.push(run().args(["explain", &format!("--retryable={word}")]).run());
    for pasted in [answer.to_string(), task.to_string(), format!("BadRequestError: 400 {answer}"), word.to_owned()] {
        told.push(run().args(["explain", "-"]).stdin(pasted.clone()).run());
        told.push(run().args(["explain", "--format", "json", "-"]).stdin(pasted).run());
    }
    for file in ["config.toml", "ignore.toml"] {
        told.push(run().args(["check", "--offline", "--config", file, "https://h.example/a.png"]).run());
        told.push(run().args(["config", "show", "--config", file]).run());
    }
    told.push(run().args(["rules", "--rules", "rules.toml"]).run());
    told.push(run().args(["rules", "import", "rules.toml"]).run());
    told.push(
        run()
            .args(["body", "--format", "api", "--offline", "-"])
            .stdin(json!({"model": word, word: word}).to_string())
            .run(),
    );
    told.push(run().args(["body", "--offline", "-"]).stdin(format!("{{\"model\": {word}")).run());
    for format in ["text", "json"] {
        let url = server.url("cdn", &format!("/type/{}", percent(&in_a_line(payload))));
        let diagnose = |url: &str| run().args(["diagnose", "--format", format]).args(server.flags()).arg(url).run();
        told.push(diagnose(&url));
        told.push(diagnose(&server.url("hostile-names", "/")));
        told.push(diagnose(&server.url("hostile-authority", "/")));
    }
    told
}

/// Sends a payload through everything, and expects that nothing is obeyed.
#[track_caller]
fn expect_harmless(server: &Server, payload: &[u8]) -> Vec<Writings> {
    let all = vec![listed(payload), served(server, payload), requested(payload)];
    all.iter().for_each(Writings::expect_harmless);
    for outcome in told(server, payload) {
        assert!([0, 1, 2, 3, 4].contains(&outcome.status), "{outcome}");
        expect_plain("standard output", &outcome.stdout);
        expect_plain("standard error", &outcome.stderr);
        assert_eq!(commands(&outcome.stdout), [], "{outcome}");
        assert_eq!(commands(&outcome.stderr), [], "{outcome}");
    }
    all
}

/// Expects that each of these is shown for what it is.
#[track_caller]
fn expect_shown(all: &[Writings], shown: &[&str]) {
    for text in shown {
        for writings in all {
            assert!(writings.report("text").contains(text), "{text} is not in\n{}", writings.report("text"));
        }
    }
}

#[test]
fn o01_terminals_obey_no_escape() {
    let server = Server::start();
    let payload = b"a\x1b]0;title\x07b\x1b[2Jc\x1b]8;;https://evil.example\x1b\\d\x1b]52;c;eA==\x07e\x7f\x1b";
    let all = expect_harmless(&server, payload);
    expect_shown(&all[..1], &["\\x1b]0;title\\x07", "\\x1b[2J", "\\x7f"]);
}

#[test]
fn o02_terminals_obey_no_c1_control() {
    let server = Server::start();
    // As raw bytes, which header fields may hold, and as characters.
    expect_harmless(&server, b"a\x9b2Jb\x85c\xa0d\xff");
    let all = expect_harmless(&server, "a\u{9b}2Jb\u{85}c\u{2028}d\u{2029}e\u{a0}f".as_bytes());
    expect_shown(&all[..1], &["\\x9b2J", "\\u{2028}"]);
    assert!(served(&server, b"a\x9b2J").report("text").contains("\"a\\x9b2J\""));
}

#[test]
fn o03_nothing_turns_hides_or_piles_up_text() {
    let server = Server::start();
    let marks = "\u{301}".repeat(500);
    let payload = format!(
        "a\u{202e}b\u{202a}c\u{2066}d\u{2069}e\u{200e}f\u{200f}g\u{61c}h\u{200b}i\u{feff}j\u{e0041}k\u{fe0f}l{marks}m"
    );
    let all = expect_harmless(&server, payload.as_bytes());
    expect_shown(&all[..1], &["\\u{202e}", "\\u{2066}", "\\u{200b}", "\\u{e0041}"]);
    // A header field is cut, however long it is shown.
    let unsupported = |line: &&str| line.starts_with("Unsupported Content-Type") && line.ends_with("…\".");
    let long = served(&server, format!("a\u{202e}b{}", "\u{301}".repeat(250)).as_bytes());
    let sentence = long.report("reasons").lines().find(unsupported).expect("a sentence");
    assert!(sentence.chars().count() < 1500, "{sentence}");
}

#[test]
fn o04_one_record_is_one_line() {
    let server = Server::start();
    let plain = [listed(b"bad"), served(&server, b"bad"), requested(b"bad")];
    let hostile = expect_harmless(&server, b"bad\rPASS\x08\x08\tall\x0b\x0cgood \xef\xbc\xa1\n\nPASS: accepted");
    // The lists differ in what is judged, because parsers take tabs out of URLs; in each line there is one finding.
    for writings in plain.iter().chain(&hostile) {
        let document: Value = serde_json::from_str(writings.report("json")).expect("JSON");
        let assets = document["assets"].as_array().expect("assets");
        assert_eq!(
            writings.report("jsonl").lines().count(),
            document.get("requests").map_or(assets.len(), |all| all.as_array().expect("requests").len())
        );
        for line in writings.report("concise").lines().chain(writings.report("reasons").lines()) {
            assert!(!line.starts_with("PASS") && !line.starts_with("accepted"), "{line}");
        }
        for line in writings.report("concise").lines() {
            let is_told = ["error[", "warning[", "undecided[", "note[", ": accepted", ": undecided"];
            assert!(is_told.iter().any(|word| line.contains(word)), "{line}");
        }
    }
}

/// Everything that GitHub's runner would obey, in its two forms.
const COMMANDS: &str = "::error::x\n  ::set-output name=a::b\n##[add-mask]a\n##[group]\nx ##[set-output name=a;]b\n::add-path::/x\n::stop-commands::y\r::debug::z";

#[test]
fn o05_github_obeys_no_command() {
    let server = Server::start();
    for payload in COMMANDS.split(['\n', '\r']).chain([COMMANDS]) {
        listed(payload.as_bytes()).expect_harmless();
    }
    expect_harmless(&server, COMMANDS.as_bytes());
    // After the text, GitHub gets annotations, and none of them is anybody else's.
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list"), COMMANDS.replace('\n', "\nhttp://h/")).expect("a list");
    let run = program().current_dir(folder.path()).env("GITHUB_ACTIONS", "true");
    let outcome = run.args(["check", "--offline", "@list"]).run();
    let text: Vec<&str> = outcome.stdout.lines().skip_while(|line| !line.starts_with("::")).collect();
    assert!(text.len() > 3, "{outcome}");
    annotations(&(text.join("\n") + "\n"));
    assert_eq!(commands(&outcome.stdout).len(), text.len(), "{outcome}");
}

#[test]
fn o05_no_asset_completes_a_command_with_what_stands_behind_it() {
    for asset in [":", "x:pw@", ":9A256&X-Amz604-Date=969:pt//@"] {
        for format in ["concise", "text"] {
            let outcome = program().args(["check", "--offline", "-f", format, "--", asset]).run();
            assert!(outcome.stdout.contains('['), "{outcome}");
            assert!(!outcome.stdout.lines().any(|line| line.trim_start().starts_with("::")), "{asset}: {outcome}");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(":"), "http://h.com/a.png\n").expect("a list");
    let outcome = program().args(["check", "--offline", "-f", "concise", "@:"]).current_dir(folder.path()).run();
    assert!(outcome.stdout.starts_with("\\x3a:1:1: http://h.com/a.png: error[not-https]"), "{outcome}");
}

#[test]
fn o06_annotations_come_back_as_they_were_and_are_bounded() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["100%0A::warning::x", "a,b:c=d", "=e", "f\ng\rh", "%25"] {
        fs::write(folder.path().join(name), "http://h.example/%0A::warning::x,y%25\n").expect("a list");
        let written = writings(program().args(["check", "--offline", &format!("@{name}")]), folder.path());
        let first = annotations(written.report("github")).remove(0);
        let file = first.properties["file"].as_str();
        assert_eq!(file.strip_prefix("./").filter(|_| name.starts_with('=')).unwrap_or(file), visible(name));
        assert_eq!((first.properties["line"].as_str(), first.name.as_str()), ("1", "error"));
        assert!(
            first
                .data
                .starts_with("Only HTTPS URLs are allowed.\nasset: http://h.example/%0A:\\x3awarning:\\x3ax,y%25\n")
        );
    }
    let long = format!("http://h.example/{}\n", "%".repeat(100 << 10));
    fs::write(folder.path().join("long"), long.repeat(40)).expect("a list");
    let written = writings(program().args(["check", "--offline", "@long"]), folder.path());
    let annotations = annotations(written.report("github"));
    assert_eq!(annotations.iter().filter(|command| command.name == "error").count(), 10);
    assert!(annotations.last().is_some_and(|last| last.name == "notice" && last.data.contains("Not annotated: ")));
}

#[test]
fn o07_the_files_of_a_workflow_are_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"];
    fs::write(folder.path().join("list"), "http://h/ghadelimiter_1\n<<EOF\nEOF\n").expect("a list");
    for format in FORMATS {
        let mut run = program().current_dir(folder.path()).env("GITHUB_ACTIONS", "true");
        for name in files {
            fs::write(folder.path().join(name), "before=1\n").expect("a file");
            run = run.env(name, folder.path().join(name));
        }
        run.args(["check", "--offline", "--format", format, "@list"]).run().exits(1);
        for name in files {
            assert_eq!(fs::read_to_string(folder.path().join(name)).expect("a file"), "before=1\n", "{name}");
        }
    }
}

#[test]
fn o08_summaries_hold_no_live_markdown() {
    let server = Server::start();
    let payload = "a|b `c` ``d`` ![](https://evil.example/x.png) <img src=x onerror=y> @team #1 https://evil.example [e](f) \\| ~~g~~ <!-- ";
    for writings in expect_harmless(&server, payload.as_bytes()) {
        let rows = writings.report("markdown").lines().filter(|line| line.starts_with("| ")).count();
        let document: Value = serde_json::from_str(writings.report("json")).expect("JSON");
        assert!(rows > document["assets"].as_array().expect("assets").len(), "{}", writings.report("markdown"));
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list"), format!("http://h/{payload}\n")).expect("a list");
    let run = program().args(["check", "--offline", "--format", "github", "@list"]);
    let written = writings(run, folder.path());
    assert!(written.summary.contains("<img src=x"), "{}", written.summary);
    crate::channels::expect_markdown(&written.summary);
}

#[test]
fn o09_junit_stays_well_formed() {
    let server = Server::start();
    let controls: String = (1..32_u8).map(char::from).collect();
    let payload = format!("]]> & &#27; &amp; <b> \" ' \u{fffe}\u{ffff} <!-- --> <?xml ?> {controls}");
    let all = expect_harmless(&server, payload.as_bytes());
    let cases = junit_cases(all[0].report("junit"));
    assert!(
        cases.iter().any(|case| case.contains("]]> & &#27; &amp; <b> \" ' \\u{fffe}\\u{ffff} <!-- -->")),
        "{cases:?}"
    );
}

#[test]
fn o10_sarif_stays_valid_and_at_home() {
    let server = Server::start();
    let payload = "../../../etc/passwd C:\\x [a](https://evil.example) {0} {{1}} %2e%2e/";
    expect_harmless(&server, payload.as_bytes());
    // A list outside of the folder, however it is named, is no file of the repository.
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).expect("a folder");
    let list = folder.path().join("list.txt");
    fs::write(&list, "http://h.example/a.png?sig=canary\n").expect("a list");
    for name in [list.display().to_string(), "../list.txt".to_owned(), "./../inner/../list.txt".to_owned()] {
        let written = writings(program().args(["check", "--offline", &format!("@{name}")]), &inner);
        written.expect_harmless();
        let document: Value = serde_json::from_str(written.report("sarif")).expect("JSON");
        let result = &document["runs"][0]["results"][0];
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "no-file");
        assert!(!written.report("sarif").contains("canary"));
    }
}

#[test]
fn o13_json_is_one_line_a_record_and_comes_back() {
    let server = Server::start();
    expect_harmless(&server, b"a\nb\r\xe2\x80\xa8c\xe2\x80\xa9\xc2\x85d\xff\xfee \"\\\x00");
    let folder = tempfile::tempdir().expect("a folder");
    let assets = ["https://h.example/a\u{2028}b::c", "./##d", "./e\\\"f", "./::error::g", "./section_start:0:h\u{1b}"];
    fs::write(folder.path().join("list"), assets.join("\n")).expect("a list");
    let written = writings(program().args(["check", "--offline", "@list"]), folder.path());
    written.expect_harmless();
    let lines = written.report("jsonl").lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let read: Vec<String> = lines.map(|line| line["asset"].as_str().expect("a text").to_owned()).collect();
    assert_eq!(read, assets);
}

#[test]
fn o16_files_are_written_only_where_a_flag_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let (inner, names) =
        (folder.path().join("inner"), ["-rf", "--output=evil", "a\nb", "$(touch evil)", "`touch evil`"]);
    fs::create_dir(&inner).expect("a folder");
    for name in names {
        fs::write(inner.join(name), "x").expect("any name will do");
    }
    let list = "../evil\n-rf\n--output=evil\n--report=json=evil\n| touch evil\n$(touch evil)\n> evil\n";
    fs::write(inner.join("list"), list).expect("a list");
    let run = |words: &[&str]| program().current_dir(&inner).args(words).run();
    run(&["check", "--offline", "@list"]).exits(1);
    run(&["check", "--offline", "--report", "json=report", "@list"]).exits(1);
    run(&["check", "--offline", "--output=out\nput", "--", "-rf", "a\nb"]).exits(1);
    let listed = |path: &Path| {
        let names = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().expect("UTF-8")).collect();
        names.sort();
        names
    };
    let mut expected: Vec<&str> = names.iter().copied().chain(["list", "report", "out\nput"]).collect();
    expected.sort_unstable();
    assert_eq!(listed(&inner), expected);
    assert_eq!(listed(folder.path()), ["inner"]);
}

/// Pastes a command into a shell where each program writes down its name and its words, and does nothing else.
fn pasted(command: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("words");
    let programs = "for name in curl aws gcloud az npx ffmpeg touch id; do\n\
        eval \"$name() { printf '%s\\\\0' $name \\\"\\$@\\\" >>\\\"\\$OUT\\\"; }\"\ndone\n";
    let mut shell = Command::new("/bin/sh");
    shell
        .arg("-c")
        .arg(format!("{programs}{command}"))
        .env("PATH", folder.path())
        .env("OUT", &out)
        .current_dir(folder.path());
    let ended = shell.output().expect("a shell");
    assert!(ended.status.success() && ended.stderr.is_empty(), "{command}: {ended:?}");
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 1, "{command} made a file");
    let words = String::from_utf8(fs::read(&out).expect("words")).expect("UTF-8");
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn o17_commands_can_be_pasted() {
    let server = Server::start();
    let paths = [
        "/status/403/it's",
        "/status/403/$(touch%20evil)`id`",
        "/status/403/a';touch evil;'",
        "/status/403/-rf?a=b;touch evil&sig=canary",
        "/status/403/a\nb|c>evil",
        "/status/403/\u{202e}é\\x",
    ];
    for path in paths {
        let url = server.url("cdn", path);
        let outcome =
            program().arg("diagnose").args(server.flags()).args(["--format", "json", "--", &url]).run().exits(1);
        let document = outcome.json();
        let commands = document["commands"].as_array().expect("commands");
        assert_eq!(commands.len(), 2, "{outcome}");
        for command in commands {
            let words = pasted(command.as_str().expect("a command"));
            assert_eq!(words[0], "curl");
            assert_eq!(words.iter().filter(|word| *word == "--").count(), 1, "{words:?}");
            let (last, before) = words.split_last().expect("words");
            assert_eq!(before.last().map(String::as_str), Some("--"));
            let parsed = url::Url::parse(&url).expect("a URL");
            assert_eq!(last.split('?').next(), parsed.as_str().split('?').next());
            assert!(!last.contains("canary") && !words.contains(&"touch".to_owned()), "{words:?}");
        }
        let text = program().arg("diagnose").args(server.flags()).args(["--", &url]).run().exits(1);
        assert!(text.stdout.lines().any(|line| line.trim() == commands[0].as_str().expect("a command")), "{text}");
    }
}

#[test]
fn o18_other_runners_obey_no_command() {
    let server = Server::start();
    let payload = "##vso[task.setvariable variable=a]b ##teamcity[buildStatus text='c'] section_start:1:d\r\u{1b}[0K section_end:1:d\r\u{1b}[0K ##[section]e";
    let all = expect_harmless(&server, payload.as_bytes());
    expect_shown(&all[..1], &["#\\x23vso[task", "#\\x23teamcity[", "section_start\\x3a1:d", "section_end\\x3a1:d"]);
}

#[test]
fn o19_no_line_begins_with_what_came_from_outside() {
    let server = Server::start();
    let payload = b"accepted  https://h.example/forged 9 assets: 9 accepted";
    let all = expect_harmless(&server, payload);
    for (writings, is_list) in all.iter().zip([true, false, true]) {
        let document: Value = serde_json::from_str(writings.report("json")).expect("JSON");
        let verdicts = |verdict: &str| {
            let assets = document["assets"].as_array().expect("assets");
            assets.iter().filter(|asset| asset["verdict"] == verdict).count()
        };
        let heads = writings.report("text").lines().filter(|line| line.starts_with("accepted")).count();
        let requests = document.get("requests").and_then(Value::as_array);
        let passed = requests.map_or(0, |all| all.iter().filter(|one| one["verdict"] == "accepted").count());
        assert_eq!(heads, verdicts("accepted") + passed, "{}", writings.report("text"));
        for name in ["text", "reasons", "junit", "sarif", "json"] {
            for line in writings.report(name).lines() {
                assert!(
                    !line.starts_with("9 assets") && !line.starts_with("accepted  https://h.example/forged"),
                    "{line}"
                );
            }
        }
        assert!(is_list || !writings.report("concise").lines().any(|line| line.starts_with("accepted")));
    }
}
