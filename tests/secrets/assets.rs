//! Secrets in the assets themselves: signatures, passwords, tokens in paths, payloads.

use std::fs;

use runway_preflight::data_uri::encode as base64;
use serde_json::{Value, json};

use super::{CANARY, checked, expect_absent, expect_hidden, expect_silent, percent};
use crate::all_formats::writings;
use crate::program::program;
use crate::server::Server;
use crate::server::echo::FORMS;

/// The parts after the host of URLs that grant access, with S for the secret.
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

/// Hosts and paths with the secret in the path.
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
    texts.iter().map(|text| fill(text, secret)).collect()
}

/// Replaces each lone S with the secret: an S after punctuation and not before a letter.
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
    expect_hidden(&checked(&server.flags(), &assets));
    // In a body, in a JSON Lines file, on the command line, and in a diagnosis.
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
    let check = program().args(["check", "--format", "jsonl", "-", "--output"]).arg(&growing).args(server.flags());
    expect_silent(&check.stdin(assets.join("\n")).run().exit_code(1));
    expect_absent("a file", &fs::read_to_string(&growing).expect("a file"));
    for url in assets.iter().take(4) {
        for format in ["text", "json"] {
            expect_silent(
                &program().args(["diagnose", "--format", format]).args(server.flags()).arg(url).run().exit_code(1),
            );
        }
    }
}

#[test]
fn k03_no_form_of_a_secret_slips_through() {
    let mut assets = Vec::new();
    for (_, write) in FORMS {
        let secret = write(CANARY).replace(['"', ' '], "");
        // An unencoded slash or backslash would end the part of the URL that contains the secret.
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
        // A URL that is percent-encoded once and twice, and one in the path of another.
        let whole = format!("https://user:{inside}@h.example/a.png?sig={inside}");
        let (once, twice) = (percent(&whole), percent(&percent(&whole)));
        assets.extend([format!("https://p.example/{once}/w400"), format!("https://p.example/{twice}"), once, twice]);
        assets.push(format!("https://h.example/a.png%3Fsig%3D{inside}"));
    }
    let written = checked(&["--offline".to_owned()], &assets);
    expect_hidden(&written);
    assert_eq!(written.report("jsonl").lines().count(), assets.len());
    // The rest is enough to identify the asset.
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
    // With `--show-query`, query values are shown, and nothing else.
    let shown = program()
        .args([
            "check",
            "--offline",
            "--show-query",
            "http://u:hidden1@api.telegram.org/bothidden2/a?sig=visible#hidden3",
        ])
        .run();
    shown.stdout_contains("sig=visible").output_lacks("hidden1").output_lacks("hidden2").output_lacks("hidden3");
}

#[test]
fn k06_assets_that_differ_only_in_the_secret_are_distinct() {
    let server = Server::start();
    // The response depends on the query, so that a mix-up would be noticed.
    let url = |form: &str| server.url("cdn", &format!("/echo/cookie/raw?s={form}"));
    let other = |form: &str| server.url("cdn", &format!("/echo/xml/raw?s={form}"));
    let assets: Vec<String> = (0..3).flat_map(|n| [url(&format!("cAnArY{n}")), other(&format!("cAnArY{n}"))]).collect();
    let written = checked(&server.flags(), &assets);
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
    // Each was requested separately.
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
    expect_hidden(&checked(&["--offline".to_owned()], &assets));
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
fn k10_an_expired_url_is_reported_without_its_signature() {
    let server = Server::start();
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=cAnArY%2F20200101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=cAnArY";
    let written = checked(&server.flags(), &[server.url("cdn", &format!("/fault/s3-expired?{query}"))]);
    expect_hidden(&written);
    let text = written.report("text");
    assert!(text.contains("Request has expired") && text.contains("2020-01-01 00:01 UTC"), "{text}");
}
