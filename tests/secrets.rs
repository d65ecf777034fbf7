//! A canary in every place that a secret may stand in, and nowhere in what is written. The names of the tests begin with
//! the cases of the list of faults.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use runway_preflight::data_uri::encode as base64;
use runway_preflight::{Asset, Target};
use serde_json::{Value, json};

use crate::channels::{Writings, writings};
use crate::program::{Outcome, Program, program};
use crate::server::Server;
use crate::server::echo::{FORMS, PLACES, written};

/// A secret with the signs that are written differently in different forms.
const CANARY: &str = "cAnArY/7+zZ=9&kEy";

/// What is searched for: the letters that CANARY begins with, which percent-encoding and JSON leave as they are, and what
/// they are in hexadecimal and in base64, wherever in a group they begin.
fn traces() -> Vec<String> {
    let stem = "cAnArY";
    let hex = stem.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let inside = |shift: usize| {
        let whole = base64(format!("{}{stem}", "\0".repeat(shift)).as_bytes());
        let whole = whole.trim_end_matches('=');
        let end = if (stem.len() + shift).is_multiple_of(3) { whole.len() } else { whole.len() - 1 };
        whole[[0, 2, 3][shift]..end].to_owned()
    };
    vec![stem.to_owned(), hex.to_uppercase(), hex, inside(0), inside(1), inside(2)]
}

#[track_caller]
fn expect_absent(name: &str, text: &str) {
    for trace in traces() {
        let telling: Vec<&str> = text.lines().filter(|line| line.contains(&trace)).collect();
        assert!(telling.is_empty(), "{trace} is in {name}:\n{}", telling.join("\n"));
    }
}

#[track_caller]
fn expect_silent(outcome: &Outcome) {
    expect_absent("standard output", &outcome.stdout);
    expect_absent("standard error", &outcome.stderr);
}

#[track_caller]
fn expect_hidden(writings: &Writings) {
    for (name, text) in writings.all() {
        expect_absent(name, text);
    }
    let assets = writings.report("jsonl").lines().count();
    assert!(assets > 0 && writings.report("text").lines().count() > assets, "nothing was judged");
}

/// Judges a list in every format, as verbose as can be.
#[track_caller]
fn judged(flags: &[String], assets: &[String]) -> Writings {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("list"), assets.join("\n")).expect("a list");
    let check = program().env("RUST_BACKTRACE", "full").args(["check", "--verbose"]).args(flags).arg("@list");
    writings(check, folder.path())
}

fn percent(text: &str) -> String {
    written("percent", text)
}

/// What stands behind the host of URLs that let their reader in, with S for the secret.
const SIGNED: &[&str] = &[
    // Amazon S3, version 4 and 2; CloudFront; Google Cloud Storage; Azure; Firebase; Supabase; Dropbox; Discord.
    "/b/a.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=S%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=S&X-Amz-Signature=S",
    "/b/a.png?AWSAccessKeyId=S&Expires=1700000000&Signature=S",
    "/a.png?Expires=1700000000&Signature=S__&Key-Pair-Id=S&Policy=S",
    "/b/a.png?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=S&X-Goog-Date=20260101T000000Z&X-Goog-Expires=60&X-Goog-Signature=S",
    "/b/a.png?GoogleAccessId=S&Expires=1700000000&Signature=S",
    "/c/a.png?sv=2024-11-04&st=2026-01-01T00:00:00Z&se=2026-01-02T00:00:00Z&sr=b&sp=r&sig=S",
    "/v0/b/p.appspot.com/o/a%2Fb.png?alt=media&token=S",
    "/storage/v1/object/sign/b/a.png?token=S",
    "/scl/fi/x/a.png?rlkey=S&st=S&dl=1",
    "/attachments/1/2/a.png?ex=S&is=S&hm=S&",
    // Without a name, or as a name.
    "/a.png?S",
    "/a.png?dl=1&S&x=S#S",
    "/a.png?S==",
];

/// Hosts and paths whose secret stands in the path.
const IN_THE_PATH: &[&str] = &[
    "https://api.telegram.org/file/bot123456:S/photos/file_0.jpg",
    "https://hooks.slack.com/services/T0/B0/S",
    "https://discord.com/api/webhooks/1/S",
    "https://discord.com/api/v10/webhooks/1/S/messages/2",
    "https://dl.dropboxusercontent.com/apitl/1/S",
    "https://uc1.dl.dropboxusercontent.com/cd/0/get/S/file",
    "https://v5.airtableusercontent.com/v3/u/1/1/1700000000000/S/S/S",
    "https://h.example/bcdn_token=HS256-S&expires=1&token_path=%2Fv%2F/v/a.mp4",
    "https://h.example/exp=1~acl=%2F*~hmac=S/a.mp4",
    "https://h.example/edge-cache-token=Expires=1&KeyName=k&Signature=S/a.mp4",
    "https://h.example/a.png;jsessionid=S",
];

fn with(secret: &str, texts: &[&str]) -> Vec<String> {
    texts
        .iter()
        .map(|text| text.replace('S', "\u{1}").replace('\u{1}', "S").split('S').collect::<Vec<_>>().join("S"))
        .map(|text| fill(&text, secret))
        .collect()
}

/// Puts the secret where a lone S stands: behind a sign and not before a letter.
fn fill(text: &str, secret: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_lone = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        letters[at] == 'S'
            && before.is_some_and(|before| "=/&?#-:".contains(*before))
            && after.is_none_or(|after| !after.is_ascii_alphanumeric())
    };
    (0..letters.len()).map(|at| if is_lone(at) { secret.to_owned() } else { letters[at].to_string() }).collect()
}

#[test]
fn k01_signatures_are_written_nowhere() {
    let server = Server::start();
    let secret = percent(CANARY);
    let signed = with(&secret, SIGNED);
    assert!(signed.iter().all(|path| path.contains("cAnArY")), "{signed:?}");
    let mut assets: Vec<String> = signed.iter().map(|path| server.url("cdn", &format!("/status/403{path}"))).collect();
    assets.extend(
        signed
            .iter()
            .map(|path| server.url("cdn", &format!("/fault/s3-expired{}", &path[path.find('?').expect("a query")..]))),
    );
    assets.extend(signed.iter().flat_map(|path| {
        [format!("http://h.example{path}"), format!("https://1.2.3.4{path}"), format!("h.example{path}")]
    }));
    assets.extend(signed.iter().map(|path| server.url("wrong-name", path)));
    expect_hidden(&judged(&server.flags(), &assets));
    // In a body, in a file that grows, on the command line, and from every side.
    let folder = tempfile::tempdir().expect("a folder");
    let bodies: Vec<String> = assets
        .iter()
        .map(|url| json!({"model": "gen4_turbo", "promptImage": url, "promptText": url, "ratio": url}).to_string())
        .collect();
    fs::write(folder.path().join("bodies"), bodies.join("\n")).expect("a file");
    let body = program().args(["body", "--verbose"]).args(server.flags()).arg("bodies");
    let written = writings(body, folder.path());
    for (name, text) in written.all() {
        expect_absent(name, text);
    }
    let growing = folder.path().join("out.jsonl");
    let check = program().args(["check", "--format", "jsonl", "--output"]).arg(&growing).args(server.flags());
    expect_silent(&check.args(&assets).run().exits(1));
    expect_absent("a file", &fs::read_to_string(&growing).expect("a file"));
    for url in assets.iter().take(4) {
        for format in ["text", "json"] {
            expect_silent(
                &program().args(["diagnose", "--format", format]).args(server.flags()).arg(url).run().exits(1),
            );
        }
    }
}

#[test]
fn k02_no_error_of_a_library_tells_the_url() {
    let server = Server::start();
    let hosts = [
        "expired",
        "self-signed",
        "h2-only",
        "closes",
        "resets",
        "plain-http",
        "ssh",
        "refuses",
        "closes-at-once",
        "alert-handshake-failure",
        "hostile-names",
    ];
    let faults = [
        "garbage",
        "status-000",
        "rst-in-head",
        "close-in-body",
        "nul-in-field",
        "length-garbage",
        "101",
        "field-64-kib",
        "chunked-size-overflows",
    ];
    let behind = format!("?sig={}#{CANARY}", percent(CANARY));
    let urls = hosts.iter().map(|host| server.url(host, &format!("/a.png{behind}")));
    let mut urls: Vec<String> =
        urls.chain(faults.iter().map(|fault| server.url("cdn", &format!("/fault/{fault}{behind}")))).collect();
    urls.push(format!("https://no-such-host.invalid/a.png{behind}"));
    urls.push(format!("https://{}.example/{behind}", "a".repeat(64)));
    let with_user: Vec<String> = urls.iter().map(|url| url.replace("https://", "https://cAnArY:cAnArY7@")).collect();
    expect_hidden(&judged(&server.flags(), &urls));
    expect_hidden(&judged(&server.flags(), &with_user));
    for url in with_user.iter().take(6) {
        expect_silent(&program().args(["diagnose", "--timeout", "2s"]).args(server.flags()).arg(url).run());
    }
    assert!(server.requests().iter().all(|request| request.header("Authorization").is_none()));
}

#[test]
fn k03_no_form_of_a_secret_slips_through() {
    let mut assets = Vec::new();
    for (_, write) in FORMS {
        let secret = write(CANARY).replace(['"', ' '], "");
        // A slash or a backslash of its own would be the end of the part that it stands in.
        let inside = secret.replace('/', "%2F").replace('\\', "%5C").replace(['&', '?', '#'], "");
        assets.extend(with(&inside, IN_THE_PATH));
        assets.extend([
            format!("https://user:{secret}@h.example/a.png"),
            format!("https://{inside}@h.example/a.png"),
            format!("https://user%3A{inside}%40h.example/a.png"),
            format!("https://h.example/a.png#{secret}"),
            format!("https://h.example/a.png?{secret}"),
            format!("https://h.example/a.png?sig={secret}"),
            format!("//user:{secret}@h.example/a.png?sig={secret}"),
            format!("user:{secret}@h.example/a.png"),
            format!("HTTPS:\\\\user:{secret}@h.example\\a.png?{secret}"),
            format!("https://p.example/fetch/https://user:{inside}@h.example/a.png?sig={secret}"),
            format!("runway://h/a?sig={secret}"),
        ]);
        // A URL that was encoded as a whole, once and twice, and one in the path of another.
        let whole = format!("https://user:{inside}@h.example/a.png?sig={inside}");
        let (once, twice) = (percent(&whole), percent(&percent(&whole)));
        assets.extend([format!("https://p.example/{once}/w400"), format!("https://p.example/{twice}"), once, twice]);
        assets.push(format!("https://h.example/a.png%3Fsig%3D{inside}"));
    }
    let written = judged(&["--offline".to_owned()], &assets);
    expect_hidden(&written);
    assert_eq!(written.report("jsonl").lines().count(), assets.len());
    // What is left is enough to know the asset by.
    let text = written.report("jsonl");
    for known in [
        "api.telegram.org/file/bot[redacted]/photos/file_0.jpg",
        "discord.com/api/webhooks/1/[redacted]",
        "/bcdn_token=[redacted]/v/a.mp4",
    ] {
        assert!(text.contains(known), "{known}");
    }
    // JSON has one more way to write each letter.
    let letters = CANARY.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect::<Vec<_>>().concat();
    let body = format!(
        "{{\"model\": \"gen4_turbo\", \"promptImage\": \"https://u:p@h.example/a.png?sig={letters}\", \"ratio\": \"1280:720\"}}"
    );
    for format in ["text", "json", "api", "sarif"] {
        expect_silent(&program().args(["body", "--offline", "--format", format, "-"]).stdin(body.clone()).run());
    }
    // Asked for, the values of a query are shown, and nothing else.
    let shown = program()
        .args([
            "check",
            "--offline",
            "--show-query",
            "http://u:hidden1@api.telegram.org/bothidden2/a?sig=visible#hidden3",
        ])
        .run();
    shown.says("sig=visible").never_says("hidden1").never_says("hidden2").never_says("hidden3");
}

#[test]
fn k04_no_secret_comes_back_from_a_host() {
    let server = Server::start();
    let urls = PLACES
        .iter()
        .flat_map(|place| FORMS.iter().map(move |(form, _)| format!("/echo/{place}/{form}?s={}", percent(CANARY))));
    let urls: Vec<String> = urls.map(|path| server.url("cdn", &path)).collect();
    let written = judged(&server.flags(), &urls);
    expect_hidden(&written);
    // It is the secret that is left out, not what was said.
    for said in [
        "SignatureDoesNotMatch: You sent [redacted] here.",
        "bad token [redacted]",
        "next/[redacted]/a.png",
        "login.example.org/?next=[redacted]",
    ] {
        assert!(written.report("text").contains(said), "{said}\n{}", written.report("text"));
    }
    for path in ["/echo/xml/base64", "/echo/location-path/hex", "/echo/text/twice"] {
        let url = server.url("cdn", &format!("{path}?s={}", percent(CANARY)));
        for format in ["text", "json"] {
            expect_silent(
                &program().args(["diagnose", "--format", format]).args(server.flags()).arg(&url).run().exits(1),
            );
        }
    }
}

#[test]
fn k04_files_that_were_found_are_named_from_here() {
    let home = tempfile::tempdir().expect("a folder");
    let inner = home.path().join("cAnArY/project/inner");
    fs::create_dir_all(&inner).expect("folders");
    let config = home.path().join("cAnArY/project/runway-preflight.toml");
    let run = |words: &[&str]| program().env("HOME", home.path()).current_dir(&inner).args(words).run();
    fs::write(&config, "jobs = 3\n").expect("a file");
    let shown = run(&["config", "show"]).exits(0).says("../runway-preflight.toml");
    expect_silent(&shown);
    fs::write(&config, "jobs = \"many\"\n").expect("a file");
    expect_silent(
        &run(&["check", "--offline", "https://h.example/a.png"]).exits(2).complains("../runway-preflight.toml:1"),
    );
    fs::remove_file(&config).expect("a file");
    fs::create_dir(&config).expect("a folder");
    expect_silent(&run(&["check", "--offline", "https://h.example/a.png"]).exits(2).complains("is no regular file"));
}

#[test]
fn k05_neither_a_debug_text_nor_a_backtrace_tells() {
    let url = format!("https://user:{0}@h.example/a.png?sig={0}#{0}", "cAnArY7");
    let asset = Asset::new(url.as_str());
    expect_absent("an asset", &format!("{asset:?} {:#?}", Target::parse(&asset)));
    let server = Server::start();
    let run = |words: &[&str]| {
        let backtrace = program().env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace").env("RUST_LIB_BACKTRACE", "1");
        backtrace.args(words).args(server.flags()).arg(server.url("cdn", "/status/500?sig=cAnArY7")).run()
    };
    expect_silent(&run(&["check", "-v"]).exits(1));
    expect_silent(&run(&["check", "-vv"]));
    expect_silent(&run(&["diagnose"]).exits(1));
    // Words that cannot be used are repeated without what is secret in them.
    for flag in [
        "--kind",
        "--format",
        "--timeout",
        "--ratio",
        "--resolve",
        "--report",
        "--model",
        "--shard",
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
    expect_silent(&program().arg(&url).run().exits(2));
    expect_silent(&program().arg("check").arg(format!("@{url}")).run().exits(2));
}

#[test]
fn k06_assets_that_differ_in_the_secret_alone_stay_apart() {
    let server = Server::start();
    // The server answers by what the query says, so that a mix-up would show.
    let url = |form: &str| server.url("cdn", &format!("/echo/cookie/raw?s={form}"));
    let other = |form: &str| server.url("cdn", &format!("/echo/xml/raw?s={form}"));
    let assets: Vec<String> = (0..3).flat_map(|n| [url(&format!("cAnArY{n}")), other(&format!("cAnArY{n}"))]).collect();
    let written = judged(&server.flags(), &assets);
    expect_hidden(&written);
    let lines: Vec<Value> =
        written.report("jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (at, line) in lines.iter().enumerate() {
        assert_eq!((&line["index"], &line["location"]["line"]), (&json!(at), &json!(at + 1)));
        assert_eq!(line["verdict"], if at % 2 == 0 { "accepted" } else { "rejected" }, "{line}");
    }
    assert_eq!(lines[0]["asset"], lines[2]["asset"]);
    let places = |name: &str| (1..=6).filter(|line| written.report(name).contains(&format!("list:{line}"))).count();
    assert_eq!((places("text"), places("concise"), places("markdown")), (6, 6, 6));
    for line in [2, 4, 6] {
        assert!(written.report("github").contains(&format!("file=list,line={line},")));
        assert!(written.report("sarif").contains(&format!("\"startLine\": {line}")));
        assert!(written.report("junit").contains(&format!("line=\"{line}\"")));
    }
    // Each was asked for by itself.
    let asked = server.requests();
    for n in 0..3 {
        assert_eq!(asked.iter().filter(|request| request.path.ends_with(&format!("cAnArY{n}"))).count(), 4);
    }
}

#[test]
fn k07_payloads_of_data_uris_are_written_nowhere() {
    let payload = base64(b"cAnArY and what follows it, long enough to be seen in any of the outputs of the program");
    let heads = [
        "data:image/png;base64,",
        "data:image/png;base64",
        "data:image/png,",
        "data:image/png;",
        "data:image/png",
        "data:image/",
        "data:",
        "data:,",
        "data:;base64,",
        "data:text/html;base64,",
        "data:image/png;base64;x=y,",
        "DATA:image/png;base64,",
        " data:image/png;base64,",
        "data:image/png;charset=utf-8;base64,",
        "data:image/png;base64,#",
        "data:image/png;base64,!",
        "data://image/png;base64,",
    ];
    let assets: Vec<String> =
        heads.iter().flat_map(|head| [format!("{head}{payload}"), format!("{head}cAnArY{}", "A".repeat(80))]).collect();
    expect_hidden(&judged(&["--offline".to_owned()], &assets));
    for asset in &assets {
        let body =
            json!({"model": "gen4_turbo", "promptImage": asset, "promptText": "a", "ratio": "1280:720"}).to_string();
        for format in ["text", "json"] {
            expect_silent(&program().args(["body", "--offline", "--format", format, "-"]).stdin(body.clone()).run());
        }
    }
    let answer = json!({"error": format!("bad {} here", assets[0]), "promptImage": assets[0]});
    expect_silent(&program().args(["explain", "-"]).stdin(answer.to_string()).run());
}

#[test]
fn k08_no_process_list_tells() {
    let server = Server::start();
    let url = server.url("cdn", "/fault/silent?sig=cAnArY");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_runway-preflight"));
    command.env_clear().arg("check").args(server.flags()).args(["--timeout", "5s", "-"]);
    let mut child =
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), url.as_bytes()).expect("it reads");
    let started = Instant::now();
    while server.requests().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(20), "nothing was asked for");
        std::thread::sleep(Duration::from_millis(5));
    }
    let process = Path::new("/proc").join(child.id().to_string());
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
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
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

#[test]
fn k10_a_url_that_has_ended_is_named_without_its_signature() {
    let server = Server::start();
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=cAnArY%2F20200101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=cAnArY";
    let written = judged(&server.flags(), &[server.url("cdn", &format!("/fault/s3-expired?{query}"))]);
    expect_hidden(&written);
    let text = written.report("text");
    assert!(text.contains("Request has expired") && text.contains("2020-01-01 00:01 UTC"), "{text}");
}
