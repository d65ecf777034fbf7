//! Faults before HTTP begins: connections and TLS.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::table::{ACCEPTED, FETCH_FAILED, Row, TIMEOUT, UNDECIDED, detail, online, row, server};
use crate::program::program;
use crate::server::Server;

/// Rows that fail without a timeout.
fn rows() -> Vec<Row> {
    let refused = [
        ("C01", "refuses/"),
        ("C03", "closes-at-once/"),
        ("C03", "resets-at-once/"),
        ("C03", "/fault/close-after-request"),
        ("C03", "/fault/rst-after-request"),
        ("C03", "/fault/rst-in-head"),
        ("C03", "/fault/rst-in-body"),
        ("C05", "ssh/"),
        ("C05", "smtp/"),
        ("C05", "h2-plain/"),
        ("C05", "/fault/ssh-banner"),
        ("T01", "unknown-authority/"),
        ("T01", "self-signed/"),
        ("T01", "missing-intermediate/"),
        ("T02", "expired/"),
        ("T02", "not-yet-valid/"),
        ("T03", "wrong-name/"),
        ("T03", "common-name-only/"),
        ("T03", "too.deep/"),
        ("T03", "address-only/"),
        ("T03", "hostile-names/"),
        ("T04", "client-only/"),
        ("T04", "authority-as-leaf/"),
        ("T04", "beyond-constraint/"),
        ("T10", "ssl3/"),
        ("T10", "tls11/"),
        ("T12", "client-certificate-13/fault/good"),
        ("T13", "client-certificate-12/fault/good"),
        ("T14", "/fault/cut-in-body"),
        ("T15", "plain-http/"),
        ("T15", "random-bytes/"),
        ("T15", "closes/"),
        ("T16", "alert-handshake-failure/"),
        ("T16", "alert-protocol-version/"),
        ("T16", "alert-unrecognized-name/"),
        ("T17", "alert-flood/"),
    ];
    let fine = [
        ("T05", "with-unrelated/fault/good"),
        ("T05", "with-intermediate/fault/good"),
        ("T06", "thousand-names/fault/good"),
        ("T09", "tls12/fault/good"),
        ("T09", "tls13/fault/good"),
        ("T14", "/fault/no-close-notify"),
        ("T23", "other/fault/good"),
    ];
    let refused = refused.map(|(case, asset)| row(case, asset, FETCH_FAILED, "fetch-failed"));
    let fine = fine.map(|(case, asset)| row(case, asset, ACCEPTED, ""));
    let mut rows = [refused.to_vec(), fine.to_vec()].concat();
    rows.push(row("T11", "h2-only/fault/good", UNDECIDED, "http2-only-host"));
    rows
}

/// Rows that end by a timeout.
fn waiting() -> Vec<Row> {
    let rows = [
        ("C02", "swallows/"),
        ("C04", "/fault/silent"),
        ("T18", "close-notify-in-handshake/"),
        ("T19", "stalls/"),
        ("T19", "half-hello/"),
        ("T19", "trickles-hello/"),
    ];
    rows.map(|(case, asset)| row(case, asset, TIMEOUT, "timeout")).to_vec()
}

#[test]
fn every_connection_ends_as_its_row_says() {
    let rows = rows();
    let reports = online(&rows, &[]);
    let of = |asset: &str| {
        let at = rows.iter().position(|row| row.asset() == asset.as_bytes()).unwrap_or_else(|| panic!("no {asset}"));
        detail(&reports[at], "fetch-failed").to_owned()
    };
    let apart = |assets: &[&str]| {
        let told: BTreeSet<String> = assets.iter().map(|asset| of(asset)).collect();
        assert_eq!(told.len(), assets.len(), "some details are equal: {told:#?}");
    };
    // C03: five ways to break off; T01: three untrusted certificates; T04 and T16: each has a detail of its own.
    apart(&[
        "closes-at-once/",
        "resets-at-once/",
        "/fault/rst-after-request",
        "/fault/rst-in-head",
        "/fault/rst-in-body",
    ]);
    apart(&["unknown-authority/", "self-signed/", "missing-intermediate/"]);
    apart(&["client-only/", "authority-as-leaf/", "beyond-constraint/"]);
    apart(&["alert-handshake-failure/", "alert-protocol-version/", "alert-unrecognized-name/"]);
    let told = |asset: &str, words: &str| assert!(of(asset).contains(words), "{asset}: {}", of(asset));
    told("missing-intermediate/", "does not send the intermediate certificate of Preflight test intermediate");
    told("expired/", "expired 2021-03-04");
    told("not-yet-valid/", "from 3000-01-02");
    told("wrong-name/", "somebody-else.example.org");
    told("hostile-names/", "\\x1b[2J");
    told("client-certificate-13/fault/good", "requires a client certificate");
    told("client-certificate-12/fault/good", "requires a client certificate");
    told("tls11/", "only TLS 1.1 or older");
    told("plain-http/", "does not speak TLS");
    told("random-bytes/", "does not speak TLS");
    told("ssh/", "does not speak TLS");
    told("/fault/cut-in-body", "announced");
    assert!(hint(&reports[rows.iter().position(|row| row.asset() == b"expired/").expect("a row")]).contains("clock"));
}

fn hint(report: &Value) -> &str {
    let mut findings = report["findings"].as_array().expect("findings").iter();
    let found = findings.find(|finding| finding["first"] == true).expect("a refusal");
    found["hint"].as_str().expect("a hint")
}

#[test]
fn c02_c04_t18_t19_waiting_connections_time_out() {
    online(&waiting(), &["--timeout", "2s"]);
}

/// Waiting must not spin: two seconds of silence and of single bytes cost next to no processor time.
#[test]
fn c06_waiting_uses_no_processor_time() {
    let urls: Vec<String> = ["/fault/silent", "/fault/trickle-head", "/fault/trickle-body", "/fault/byte-by-byte"]
        .iter()
        .map(|path| server().url("cdn", path))
        .collect();
    let script = "TIMEFORMAT='%U %S'; time \"$0\" check -f jsonl --timeout 3s \"$@\"";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_runway-preflight")])
        .args(&urls)
        .args(server().flags())
        .output()
        .expect("bash");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let times = stderr.lines().last().expect("times").split(' ').map(|time| time.parse::<f64>().expect("seconds"));
    let seconds: f64 = times.sum();
    assert!(seconds < 0.6, "{seconds} s of processor time in 3 s of waiting\n{stderr}");
    let verdicts: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let verdicts: Vec<&Value> = verdicts.iter().map(|report: &Value| &report["verdict"]).collect();
    assert_eq!(verdicts, ["rejected", "rejected", "rejected", "accepted"]);
}

#[test]
fn t22_a_certificate_without_the_dot_serves_the_host_with_it() {
    let server = Server::start();
    let url = server.url("cdn", "/image/640x480.png").replacen("example.org", "example.org.", 1);
    let outcome = program().args(["check", &url]).args(server.flags()).run().exit_code(0);
    outcome.stdout_contains("trailing-dot-host").within(Duration::from_secs(30));
    assert!(server.requests().iter().all(|request| request.server_name.as_deref() == Some("cdn.example.org")));
}
