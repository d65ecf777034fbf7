//! Sources of hostile text: each function puts a payload everywhere it can appear.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use serde_json::json;

use crate::all_formats::{RunOutputs, expect_plain, writings};
use crate::outputs::runner::commands;
use crate::program::{Outcome, program};
use crate::server::Server;

/// Percent-encodes every byte, so that it reaches the server unchanged.
fn percent(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

/// Removes the bytes that end a line of a list or a file name.
fn in_a_line(payload: &[u8]) -> Vec<u8> {
    payload.iter().copied().filter(|byte| !b"\n\r\0".contains(byte)).collect()
}

fn as_file_name(payload: &[u8]) -> Vec<u8> {
    payload.iter().copied().filter(|byte| !b"/\0".contains(byte)).take(200).collect()
}

/// Checks a list of assets with the payload, a list and files whose names contain it.
pub(super) fn listed(payload: &[u8]) -> RunOutputs {
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

/// Checks responses with the payload: header fields, error pages, redirects, reason phrases and certificates.
pub(super) fn served(server: &Server, payload: &[u8]) -> RunOutputs {
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

/// Checks a request body whose keys and values contain the payload.
pub(super) fn requested(payload: &[u8]) -> RunOutputs {
    let text = String::from_utf8_lossy(payload);
    let folder = tempfile::tempdir().expect("a folder");
    // A longer key is refused with the whole body.
    let key: String = text.chars().take(300).collect();
    let bodies = [
        json!({"model": "gen4_turbo", "promptImage": [{"uri": text, "position": text}], "ratio": text, key.as_str(): 1}),
        json!({"model": text, "promptImage": format!("https://h.example/{text}"), "promptText": text}),
        json!({key.as_str(): text}),
        json!({"model": "gen4_image", "promptText": text, "ratio": "1920:1080", "referenceImages": [{"uri": format!("http://{text}"), "tag": text}]}),
    ];
    let name = as_file_name(payload);
    let path = folder.path().join(std::ffi::OsStr::from_bytes(&[b"body ", name.as_slice()].concat()));
    fs::write(&path, bodies.map(|body| body.to_string()).join("\n")).expect("a file");
    let name = path.file_name().expect("a name");
    writings(program().args(["body", "--offline", "--verbose"]).arg(name), folder.path())
}

/// Runs everything that prints no list of findings: usage errors, explanations, a diagnosis, the predicted response.
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
        "--column",
        "--output",
        "--report",
        "--color",
        "--as",
    ]
    .map(check)
    .into();
    told.push(check("--report=json=missing/"));
    told.push(check(&format!("--{word}")));
    for subcommand in ["check", "body", "encode", "diagnose", "explain", "rules", "completions", "config"] {
        told.push(run().args([subcommand, "--", word]).run());
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

/// Sends a payload through every source, and expects no command in any output.
#[track_caller]
pub(super) fn expect_harmless(server: &Server, payload: &[u8]) -> Vec<RunOutputs> {
    let all = vec![listed(payload), served(server, payload), requested(payload)];
    all.iter().for_each(RunOutputs::expect_harmless);
    for outcome in told(server, payload) {
        assert!([0, 1, 2, 3, 4].contains(&outcome.status), "{outcome}");
        expect_plain("standard output", &outcome.stdout);
        expect_plain("standard error", &outcome.stderr);
        assert_eq!(commands(&outcome.stdout), [], "{outcome}");
        assert_eq!(commands(&outcome.stderr), [], "{outcome}");
    }
    all
}
