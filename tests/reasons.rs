//! Every reason of the API, provoked through the real binary: the exact sentence, alone after its field.

use base64::Engine as _;
use runway_preflight::{Asset, Reason};
use serde_json::Value;

use crate::program::{Outcome, program};
use crate::server::Server;

/// Cases that provoke each reason: the code, the arguments, and the line that must be printed.
fn provoked(server: &Server) -> Vec<(&'static str, Vec<String>, String)> {
    let url = |path: &str| vec![server.url("cdn", path)];
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let field = |sentence: &str| format!("promptImage: {sentence}");
    vec![
        (
            "url-too-long",
            vec![format!("https://h.com/{}", "a".repeat(2035))],
            field("Too big: expected string to have <=2048 characters"),
        ),
        ("data-uri-too-long", words(&["@-too-long"]), field("Too big: expected string to have <=5242880 characters")),
        (
            "runway-uri-too-long",
            vec![format!("runway://{}", "a".repeat(4992))],
            field("Too big: expected string to have <=5000 characters"),
        ),
        ("invalid-data-uri", words(&["data:image/png,abc"]), field("Invalid data URI.")),
        (
            "unsupported-asset-type",
            words(&["data:image/gif;base64,R0lGODlhAQABAAAAACw="]),
            field("Unsupported asset type. Data URIs must include the content type of the value they encode."),
        ),
        ("invalid-url", words(&["https://"]), field("Invalid URL")),
        ("not-https", words(&["http://h.com/a.png"]), field("Only HTTPS URLs are allowed.")),
        ("not-a-domain", words(&["https://11.22.33.44/foo/bar"]), field("URLs must be hosted on a domain.")),
        (
            "fetch-failed",
            vec![server.url("refuses", "/")],
            field("Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down."),
        ),
        ("http-status", url("/status/404"), field("Failed to fetch asset. Received HTTP response code \"404\".")),
        (
            "timeout",
            [url("/fault/silent"), words(&["--timeout", "300ms"])].concat(),
            field("Timeout while fetching asset."),
        ),
        (
            "generic-content-type",
            url("/fault/octet-stream"),
            field(
                "Assets must use an approved Content-Type response header. We received application/octet-stream, which is not allowed.",
            ),
        ),
        (
            "unsupported-content-type",
            url("/type/text%2Fhtml"),
            field("Unsupported Content-Type response header: \"text/html\"."),
        ),
        ("missing-content-length", url("/fault/chunked"), field("Content-Length not provided")),
        ("too-large", url("/size/16777217/image/png"), field("Asset size exceeds 16.0MB.")),
        (
            "dimensions-too-large",
            words(&["fixtures/images/9000x100.png"]),
            field("Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x100."),
        ),
        (
            "aspect-ratio-outside",
            words(&["fixtures/images/1170x2532.jpg", "--ratio", "0.5:2"]),
            field("Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2. Got 0.462."),
        ),
    ]
}

fn check(server: &Server, words: &[String]) -> Outcome {
    let program = program().args(["check", "--field", "promptImage", "--format", "reasons"]).args(server.flags());
    if words == ["@-too-long"] {
        let uri =
            format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(vec![0; 3_932_145]));
        return program.arg("-").stdin(uri).run();
    }
    program.args(words).run()
}

#[test]
fn every_reason_is_the_apis_sentence() {
    let server = Server::start();
    for (code, words, sentence) in provoked(&server) {
        let outcome = check(&server, &words).exit_code(1);
        assert_eq!(outcome.stdout, format!("{sentence}\n"), "{code}\n{outcome}");
    }
}

#[test]
fn every_reason_is_provoked() {
    let server = Server::start();
    let provoked: Vec<&str> = provoked(&server).into_iter().map(|(code, _, _)| code).collect();
    for reason in Reason::examples() {
        let code = reason.info().code;
        // Only video and audio have durations.
        assert!(provoked.contains(&code) || code == "duration-outside", "nothing provokes {code}");
    }
}

#[test]
fn lints_never_replace_a_reason() {
    let ours = ["fixtures/images/truncated.jpg", "fixtures/images/zero-size.png"];
    let outcome = program().args(["check", "-f", "json", "fixtures/images/9000x100.png"]).args(ours).run().exit_code(1);
    let document = outcome.json();
    let reason = |index: usize| document["assets"][index]["reason"].clone();
    let theirs = "Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x100.";
    assert_eq!([reason(0), reason(1), reason(2)], [theirs.into(), Value::Null, Value::Null], "{outcome}");
}

#[test]
fn values_at_the_limit_pass() {
    let passes = |asset: String| program().args(["check", "--offline", "-"]).stdin(asset).run().exit_code(0);
    passes(format!("https://h.com/{}", "a".repeat(2034)));
    passes(format!("runway://{}", "a".repeat(4991)));
    let png = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/images/photo.png")).expect("a fixture");
    // 5,242,880 characters: 22 of head, 5,242,858 of payload would leave two over, so a parameter fills the head.
    let mut bytes = png;
    bytes.resize(3_932_139, 0);
    let payload = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let uri = format!("data:image/png;a={};base64,{payload}", "b".repeat(5_242_880 - payload.len() - 25));
    assert_eq!(Asset::new(uri.as_str()).length(), 5_242_880);
    passes(uri.clone());
    program()
        .args(["check", "--offline", "-"])
        .stdin(uri.replace("a=b", "a=bb"))
        .run()
        .exit_code(1)
        .stdout_contains("<=5242880");
}
