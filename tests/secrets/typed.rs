//! Secrets in what was typed, pasted or configured: a value is redacted as a whole, whatever is inside of it.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::time::Duration;

use serde_json::json;

use super::expect_silent;
use crate::program::program;

#[test]
fn k05_what_was_typed_is_redacted_as_a_whole() {
    let long = format!("cAnArY{}", "0".repeat(4000));
    let texts = [
        format!("https://{long}{long}@h.com/a.png"),
        "https://h.com/a%FF%3Ftoken=cAnArY".to_owned(),
        "\"https:\\/\\/user:cAnArY@h.com\\/a\"".to_owned(),
        "my_user:cAnArY@h.com/a.png".to_owned(),
        "image/png;base64,cAnArYxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
        "https://h.com/a?s=ab(cAnArY".to_owned(),
        "https://h.com/a?s=ab'cAnArY".to_owned(),
        "b'data:image/png;base64,cAnArY'".to_owned(),
        "data%3Aimage%2Fpng%3Bbase64%2CcAnArY".to_owned(),
        "(https://h.com/a?s=cAnArY)".to_owned(),
    ];
    for text in texts {
        for format in ["text", "json", "github"] {
            expect_silent(&program().args(["check", "--offline", "--format", format, &text]).run());
        }
        let body = json!({"model": text, "promptImage": text, "ratio": text});
        expect_silent(
            &program().args(["body", "--offline", "--endpoint", "image_to_video", "-"]).stdin(body.to_string()).run(),
        );
        let answer =
            json!({"error": "x", "issues": [{"code": "custom", "message": format!("Bad {text}"), "path": [text]}]});
        expect_silent(&program().args(["explain", "-"]).stdin(answer.to_string()).run());
    }
    let bytes = OsString::from_vec(b"h.com/a.png?token=cAnArY\xff".to_vec());
    expect_silent(&program().args(["check", "--offline"]).arg(bytes).run());
    // The environment is no list.
    let environment = program().args(["check", "--offline", "@/proc/self/environ"]).env("MY_VALUE", "cAnArY").run();
    expect_silent(&environment);
}

#[test]
fn k05_what_was_pasted_is_redacted_as_a_whole() {
    for message in [
        "Failed https://h/x?s=ab(cAnArY",
        "apiKey=key_cAnArY0123456789012345678901234567890123456789",
        "Bad data:image/svg+xml,<svg>cAnArY</svg>",
        "data:image/png;base64,iVBORw0KGgo cAnArY0123456789ABCDEF",
        "GET /b/a.png?X-Amz-Signature=cAnArY HTTP/1.1",
    ] {
        let answer = json!({"error": "Validation of body failed", "issues": [{"code": "custom", "message": message, "path": ["x"]}]});
        for format in ["text", "json"] {
            expect_silent(&program().args(["explain", "--format", format, "-"]).stdin(answer.to_string()).run());
        }
    }
}

/// The lines of a folded data URI are not names of files.
#[test]
fn k07_a_folded_payload_is_written_nowhere() {
    let line = "cAnArYw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkcAnArY0";
    let list = format!("data:image/png;base64,\n{line}\n{line}\n{line}\nhttp://h.example/a.png\n");
    for format in ["text", "json", "concise", "github", "junit", "markdown", "sarif"] {
        let outcome = program().args(["check", "--offline", "--format", format, "-"]).stdin(list.clone()).run();
        expect_silent(&outcome);
    }
    let outcome = program().args(["check", "--offline", "--format", "jsonl", "-"]).stdin(list).run().exit_code(1);
    assert_eq!(outcome.json_lines().len(), 2, "{outcome}");
}

/// A text with 20,000 URLs inside of each other costs its own line only.
#[test]
fn nested_schemes_cost_their_own_line_only() {
    let deep = format!("-{}", "a://".repeat(20_000));
    let list = format!("http://h.com/a.png\n{deep}\nhttp://h.com/b.png\n");
    let outcome = program().args(["check", "--offline", "--format", "json", "-"]).stdin(list).run().exit_code(1);
    assert_eq!(outcome.within(Duration::from_secs(20)).json()["summary"]["assets"], 3);
    let body = json!({"model": "a://".repeat(64_000)}).to_string();
    program().args(["body", "--offline", "--endpoint", "image_to_video", "-"]).stdin(body).run().exit_code(1);
    // The same inside of other syntax: a configuration, a header of a log, escapes, percent-encoding.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.toml"), format!("model = \"{}\"", "a://".repeat(64_000)))
        .expect("a file");
    let config = folder.path().join("config.toml");
    for command in [&["config", "show", "--config"][..], &["check", "--offline", "http://h.com/a.png", "--config"]] {
        let outcome = program().args(command).arg(&config).run();
        assert!(outcome.status < 4, "{outcome}");
    }
    for nested in ["{\"a\":", "[", "(", "a%3A%2F%2F", "\\\"", "data:a,", "https://h/?u="] {
        let text = nested.repeat(1_000_000 / nested.len());
        program().args(["explain", "-"]).stdin(text.clone()).run().exit_code(1).within(Duration::from_secs(20));
        let list = format!("http://h.com/a.png\n-{text}\nhttp://h.com/b.png\n");
        let outcome = program().args(["check", "--offline", "--format", "jsonl", "-"]).stdin(list).run();
        assert_eq!(outcome.within(Duration::from_secs(20)).json_lines().len(), 3, "{nested}");
    }
    let message = format!("Invalid URL {}", "a://".repeat(64_000));
    let answer = json!({"error": "x", "issues": [{"code": "custom", "message": message, "path": ["x"]}]});
    program().args(["explain", "-"]).stdin(answer.to_string()).run().exit_code(0);
}
