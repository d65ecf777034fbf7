//! Network faults: each fault of `server` with the verdict and the finding that it must give.

use std::collections::HashMap;

use serde_json::Value;

use crate::program::program;
use crate::server::Server;

/// Host, path, verdict, and a code that must be among the findings (`-`: no error is allowed).
const FAULTS: &[(&str, &str, &str, &str)] = &[
    // Nothing is wrong.
    ("cdn", "/fault/good", "accepted", "-"),
    ("cdn", "/fault/user-agent-403", "accepted", "-"),
    ("other", "/fault/good", "accepted", "-"),
    ("with-intermediate", "/fault/good", "accepted", "-"),
    ("with-unrelated", "/fault/good", "accepted", "-"),
    ("thousand-names", "/fault/good", "accepted", "-"),
    ("tls12", "/fault/good", "accepted", "-"),
    ("tls13", "/fault/good", "accepted", "-"),
    ("cdn", "/fault/no-close-notify", "accepted", "-"),
    ("cdn", "/fault/103-first", "accepted", "-"),
    ("cdn", "/fault/103-five-times", "accepted", "-"),
    ("cdn", "/fault/no-phrase", "accepted", "-"),
    ("cdn", "/fault/http-1.0", "accepted", "-"),
    ("cdn", "/fault/blank-lines-first", "accepted", "-"),
    ("cdn", "/fault/high-bytes-in-field", "accepted", "-"),
    ("cdn", "/fault/fields-101", "accepted", "-"),
    ("cdn", "/fault/location-with-200", "accepted", "-"),
    ("cdn", "/fault/cookies", "accepted", "-"),
    ("cdn", "/fault/connection-close", "accepted", "-"),
    ("cdn", "/fault/head-then-closes-idle", "accepted", "-"),
    ("cdn", "/fault/head-then-closes", "accepted", "-"),
    ("cdn", "/fault/head-then-rst", "accepted", "-"),
    // The certificate, or the handshake.
    ("expired", "/", "rejected", "fetch-failed"),
    ("not-yet-valid", "/", "rejected", "fetch-failed"),
    ("wrong-name", "/", "rejected", "fetch-failed"),
    ("too.deep", "/", "rejected", "fetch-failed"),
    ("common-name-only", "/", "rejected", "fetch-failed"),
    ("address-only", "/", "rejected", "fetch-failed"),
    ("self-signed", "/", "rejected", "fetch-failed"),
    ("unknown-authority", "/", "rejected", "fetch-failed"),
    ("missing-intermediate", "/", "rejected", "fetch-failed"),
    ("client-only", "/", "rejected", "fetch-failed"),
    ("authority-as-leaf", "/", "rejected", "fetch-failed"),
    ("h2-only", "/fault/good", "undecided", "http2-only-host"),
    ("client-certificate-12", "/fault/good", "rejected", "fetch-failed"),
    ("client-certificate-13", "/fault/good", "rejected", "fetch-failed"),
    ("tls11", "/", "rejected", "fetch-failed"),
    ("ssl3", "/", "rejected", "fetch-failed"),
    ("alert-handshake-failure", "/", "rejected", "fetch-failed"),
    ("alert-protocol-version", "/", "rejected", "fetch-failed"),
    ("alert-unrecognized-name", "/", "rejected", "fetch-failed"),
    ("alert-flood", "/", "rejected", "fetch-failed"),
    ("stalls", "/", "rejected", "timeout"),
    ("half-hello", "/", "rejected", "timeout"),
    ("closes", "/", "rejected", "fetch-failed"),
    ("resets", "/", "rejected", "fetch-failed"),
    ("plain-http", "/", "rejected", "fetch-failed"),
    ("random-bytes", "/", "rejected", "fetch-failed"),
    ("ssh", "/", "rejected", "fetch-failed"),
    ("smtp", "/", "rejected", "fetch-failed"),
    ("h2-plain", "/", "rejected", "fetch-failed"),
    ("closes-at-once", "/", "rejected", "fetch-failed"),
    ("resets-at-once", "/", "rejected", "fetch-failed"),
    ("refuses", "/", "rejected", "fetch-failed"),
    ("swallows", "/", "rejected", "timeout"),
    // The connection.
    ("cdn", "/fault/silent", "rejected", "timeout"),
    ("cdn", "/fault/close-after-request", "rejected", "fetch-failed"),
    ("cdn", "/fault/cut-after-request", "rejected", "fetch-failed"),
    ("cdn", "/fault/rst-after-request", "rejected", "fetch-failed"),
    ("cdn", "/fault/close-in-head", "rejected", "fetch-failed"),
    ("cdn", "/fault/rst-in-head", "rejected", "fetch-failed"),
    ("cdn", "/fault/hang-in-head", "rejected", "timeout"),
    ("cdn", "/fault/trickle-head", "rejected", "timeout"),
    ("cdn", "/fault/close-in-body", "rejected", "fetch-failed"),
    ("cdn", "/fault/cut-in-body", "rejected", "fetch-failed"),
    ("cdn", "/fault/rst-in-body", "rejected", "fetch-failed"),
    ("cdn", "/fault/hang-in-body", "rejected", "timeout"),
    ("cdn", "/fault/trickle-body", "rejected", "timeout"),
    // Not HTTP.
    ("cdn", "/fault/garbage", "rejected", "fetch-failed"),
    ("cdn", "/fault/zeros", "rejected", "fetch-failed"),
    ("cdn", "/fault/ssh-banner", "rejected", "fetch-failed"),
    ("cdn", "/fault/http-0.9", "rejected", "fetch-failed"),
    ("cdn", "/fault/icy", "rejected", "fetch-failed"),
    ("cdn", "/fault/http-2-line", "rejected", "fetch-failed"),
    ("cdn", "/fault/http-1.2", "rejected", "fetch-failed"),
    // The head.
    ("cdn", "/fault/102-eight-times", "accepted", "-"),
    ("cdn", "/fault/1xx-flood", "undecided", "ambiguous-response"),
    ("cdn", "/fault/100-first", "undecided", "ambiguous-response"),
    ("answers-first", "/fault/good", "undecided", "ambiguous-response"),
    ("cdn", "/fault/101", "rejected", "http-status"),
    ("cdn", "/fault/status-000", "rejected", "fetch-failed"),
    ("cdn", "/fault/status-099", "rejected", "fetch-failed"),
    ("cdn", "/fault/status-1000", "rejected", "fetch-failed"),
    ("cdn", "/fault/status-negative", "rejected", "fetch-failed"),
    ("cdn", "/fault/status-hundred-digits", "rejected", "fetch-failed"),
    ("cdn", "/fault/status-in-words", "rejected", "fetch-failed"),
    ("cdn", "/fault/escape-in-good-phrase", "undecided", "ambiguous-response"),
    ("cdn", "/fault/escape-in-phrase", "rejected", "fetch-failed"),
    ("cdn", "/fault/head-flood", "rejected", "fetch-failed"),
    ("cdn", "/fault/endless-line", "rejected", "fetch-failed"),
    ("cdn", "/fault/fields-900", "accepted", "-"),
    ("cdn", "/fault/fields-3000", "accepted", "large-response-header"),
    ("cdn", "/fault/fields-10000", "rejected", "fetch-failed"),
    ("cdn", "/fault/field-20-kib", "accepted", "large-response-header"),
    ("cdn", "/fault/field-64-kib", "rejected", "fetch-failed"),
    ("cdn", "/fault/field-1-mib", "rejected", "fetch-failed"),
    ("cdn", "/fault/nul-in-field", "rejected", "fetch-failed"),
    ("cdn", "/fault/escape-in-field", "rejected", "fetch-failed"),
    ("cdn", "/fault/bare-cr-in-field", "rejected", "fetch-failed"),
    ("cdn", "/fault/line-feeds-only", "undecided", "ambiguous-response"),
    ("cdn", "/fault/folded-field", "undecided", "ambiguous-response"),
    ("cdn", "/fault/space-before-colon", "undecided", "ambiguous-response"),
    ("cdn", "/fault/two-answers", "accepted", "excess-body-bytes"),
    ("cdn", "/fault/head-with-body", "accepted", "excess-body-bytes"),
    // The type.
    ("cdn", "/fault/missing-type", "rejected", "missing-content-type"),
    ("cdn", "/fault/octet-stream", "rejected", "generic-content-type"),
    ("cdn", "/fault/binary-octet-stream", "rejected", "unsupported-content-type"),
    ("cdn", "/fault/two-types", "undecided", "multiple-content-types"),
    ("cdn", "/fault/two-types-good-last", "undecided", "multiple-content-types"),
    ("cdn", "/fault/jpeg-named-png", "accepted", "type-mismatch"),
    ("cdn", "/fault/hostile-type", "rejected", "unsupported-content-type"),
    ("cdn", "/fault/html-with-200", "rejected", "unsupported-content-type"),
    ("cdn", "/type/IMAGE%2FPNG", "accepted", "-"),
    ("cdn", "/type/image%2Fjpg", "accepted", "type-mismatch"),
    ("cdn", "/type/image%2Fpng%3B%20charset%3Dutf-8", "accepted", "content-type-parameters"),
    ("cdn", "/type/image%2Fgif", "rejected", "unsupported-content-type"),
    ("cdn", "/type/video%2Fmp4%2C%20image%2Fpng", "rejected", "unsupported-content-type"),
    // The length.
    ("cdn", "/fault/missing-length", "rejected", "missing-content-length"),
    ("cdn", "/fault/chunked", "rejected", "missing-content-length"),
    ("cdn", "/fault/chunked-in-bytes-for-ever", "rejected", "missing-content-length"),
    ("cdn", "/fault/chunked-and-length", "undecided", "ambiguous-framing"),
    ("cdn", "/fault/length-and-identity", "undecided", "ambiguous-framing"),
    ("cdn", "/fault/length-duplicate", "undecided", "ambiguous-framing"),
    ("cdn", "/fault/length-listed", "undecided", "ambiguous-framing"),
    ("cdn", "/fault/length-over", "rejected", "fetch-failed"),
    ("cdn", "/fault/length-garbage", "rejected", "fetch-failed"),
    ("cdn", "/fault/length-negative", "rejected", "fetch-failed"),
    ("cdn", "/fault/length-empty", "rejected", "fetch-failed"),
    ("cdn", "/fault/length-differs", "rejected", "fetch-failed"),
    ("cdn", "/fault/length-2-64", "rejected", "fetch-failed"),
    ("cdn", "/fault/length-2-63-less-1", "rejected", "too-large"),
    ("cdn", "/fault/length-zero", "rejected", "unreadable-media"),
    ("cdn", "/size/16777217/image/png", "rejected", "too-large"),
    // The body.
    ("cdn", "/fault/endless-body", "rejected", "missing-content-length"),
    ("cdn", "/fault/gzip", "undecided", "content-encoded"),
    ("cdn", "/fault/html-as-png", "rejected", "unreadable-media"),
    ("cdn", "/fault/xml-as-png", "rejected", "unreadable-media"),
    ("cdn", "/image/9000x100.png", "rejected", "dimensions-too-large"),
    ("cdn", "/image/100x900.jpg", "rejected", "aspect-ratio-outside"),
    // The status.
    ("cdn", "/status/404", "rejected", "http-status"),
    ("cdn", "/status/500", "rejected", "http-status"),
    ("cdn", "/status/999", "rejected", "http-status"),
    ("cdn", "/redirect/301/image/640x480.png", "rejected", "http-status"),
    ("cdn", "/fault/login-redirect", "rejected", "http-status"),
    ("cdn", "/fault/unasked-206", "rejected", "http-status"),
    ("cdn", "/fault/s3-access-denied", "rejected", "http-status"),
    ("cdn", "/fault/runway-403", "rejected", "http-status"),
    ("cdn", "/fault/browsers-only", "rejected", "http-status"),
    ("cdn", "/fault/other-page-for-runway", "rejected", "unsupported-content-type"),
    // HEAD and GET differ.
    ("cdn", "/fault/head-403", "rejected", "head-get-differ"),
    ("cdn", "/fault/head-404", "rejected", "head-get-differ"),
    ("cdn", "/fault/head-405", "rejected", "head-get-differ"),
    ("cdn", "/fault/head-501", "rejected", "head-get-differ"),
    ("cdn", "/fault/head-hangs", "rejected", "timeout"),
    ("cdn", "/fault/head-rst", "rejected", "fetch-failed"),
    ("cdn", "/fault/head-without-length", "rejected", "missing-content-length"),
    ("cdn", "/fault/head-other-type", "rejected", "head-get-differ"),
    ("cdn", "/fault/head-other-length", "accepted", "head-get-differ"),
    ("cdn", "/fault/get-404", "rejected", "head-get-differ"),
    ("cdn", "/fault/get-hangs", "rejected", "timeout"),
    ("cdn", "/fault/get-octet-stream", "rejected", "generic-content-type"),
];

/// Checks every row in one run. Hanging rows time out after six seconds, which a busy machine needs for the others.
fn reports(server: &Server) -> HashMap<u64, Value> {
    let urls: Vec<String> = FAULTS.iter().map(|(host, path, _, _)| server.url(host, path)).collect();
    let run = program().args(["check", "--format", "jsonl", "-j", "400", "--per-host", "400", "--timeout", "6s"]);
    let run = run.args(server.flags());
    let outcome = run.arg("-").stdin(urls.join("\n")).run().exit_code(1);
    outcome.json_lines().into_iter().map(|report| (report["index"].as_u64().expect("an index"), report)).collect()
}

#[test]
fn every_fault_gets_its_verdict() {
    let server = Server::start();
    let reports = reports(&server);
    let mut wrong = Vec::new();
    for (index, (host, path, verdict, code)) in (0..).zip(FAULTS) {
        let report = &reports[&index];
        let findings = report["findings"].as_array().expect("findings");
        let codes: Vec<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
        let found = match *code {
            "-" => findings.iter().all(|finding| finding["severity"] != "error"),
            code => codes.contains(&code),
        };
        // A name such as `CaUsedAsEndEntity` comes from a library and must not reach the user.
        let is_dressed = |finding: &Value| {
            let detail = finding["detail"].as_str().expect("a detail").as_bytes();
            detail.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
        };
        let in_ours = *host == "cdn" || !findings.iter().any(is_dressed);
        if report["verdict"] != *verdict || !found || !in_ours {
            wrong.push(format!(
                "{host}{path}: wanted {verdict} {code}, got {} {codes:?}\n{report:#}",
                report["verdict"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), FAULTS.len(), wrong.join("\n"));
}
