//! Rows: a case, an asset, and the expected result. All rows of a table are checked in one run of the real binary.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::OnceLock;

use serde_json::Value;

use crate::program::{Outcome, program};
use crate::server::Server;

/// The expected verdict of an asset that gets no sentence of the API.
pub(crate) const ACCEPTED: &str = "accepted";
pub(crate) const UNDECIDED: &str = "undecided";
pub(crate) const REJECTED: &str = "rejected";

/// The sentences of the API, from its page on troubleshooting.
pub(crate) const INVALID_DATA_URI: &str = "Invalid data URI.";
pub(crate) const UNSUPPORTED_TYPE: &str =
    "Unsupported asset type. Data URIs must include the content type of the value they encode.";
pub(crate) const INVALID_URL: &str = "Invalid URL";
pub(crate) const NOT_HTTPS: &str = "Only HTTPS URLs are allowed.";
pub(crate) const NOT_A_DOMAIN: &str = "URLs must be hosted on a domain.";
pub(crate) const FETCH_FAILED: &str =
    "Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down.";
pub(crate) const TIMEOUT: &str = "Timeout while fetching asset.";
pub(crate) const GENERIC_TYPE: &str = "Assets must use an approved Content-Type response header. We received application/octet-stream, which is not allowed.";
pub(crate) const NO_LENGTH: &str = "Content-Length not provided";
pub(crate) const TOO_LARGE: &str = "Asset size exceeds 16.0MB.";

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    case: &'static str,
    /// The text of an asset; online, `/PATH` on the host `cdn` of the test server, or `HOST/PATH` on another of its
    /// hosts.
    asset: Vec<u8>,
    /// A verdict, or the sentence of the API for the rejection.
    expected: String,
    /// The codes of the findings, in order, without notes.
    codes: &'static str,
}

impl Row {
    /// Returns the text of the asset.
    pub(crate) fn asset(&self) -> &[u8] {
        &self.asset
    }
}

/// Makes a row.
pub(crate) fn row(
    case: &'static str,
    asset: impl Into<Vec<u8>>,
    expected: impl Into<String>,
    codes: &'static str,
) -> Row {
    Row { case, asset: asset.into(), expected: expected.into(), codes }
}

/// Returns the server that all tables share.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

/// Checks rows without network: as a list, or as arguments where a row contains a line break.
pub(crate) fn offline(rows: &[Row], flags: &[&str]) -> Vec<Value> {
    let program = program().args(["check", "--offline", "-f", "jsonl"]).args(flags);
    let assets: Vec<&[u8]> = rows.iter().map(|row| row.asset.as_slice()).collect();
    let outcome = if assets.iter().any(|asset| asset.contains(&b'\n')) {
        program.args(assets.into_iter().map(OsStr::from_bytes)).run()
    } else {
        program.arg("-").stdin(assets.join(&b'\n')).run()
    };
    compare(rows, &outcome)
}

/// Checks rows against the server.
pub(crate) fn online(rows: &[Row], flags: &[&str]) -> Vec<Value> {
    let urls: Vec<String> = rows.iter().map(|row| url(&row.asset)).collect();
    let program = program().args(["check", "-f", "jsonl", "-j", "32", "--per-host", "32"]).args(flags);
    let outcome = program.args(server().flags()).arg("-").stdin(urls.join("\n")).run();
    compare(rows, &outcome)
}

/// Reads `host/path`; without a host it is `cdn`.
fn url(asset: &[u8]) -> String {
    let text = std::str::from_utf8(asset).expect("UTF-8");
    let (host, path) = text.split_once('/').expect("a path");
    server().url(if host.is_empty() { "cdn" } else { host }, &format!("/{path}"))
}

/// Fails with every row that got another result; returns the reports, in the order of the rows.
#[track_caller]
fn compare(rows: &[Row], outcome: &Outcome) -> Vec<Value> {
    let reports = outcome.json_lines();
    assert_eq!(reports.len(), rows.len(), "{outcome}");
    let wrong: Vec<String> = rows.iter().zip(&reports).filter_map(|(row, report)| complaint(row, report)).collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    reports
}

fn complaint(row: &Row, report: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("findings").iter();
    let first = findings.clone().find(|finding| finding["first"] == true);
    let came = text(first.map_or(&report["verdict"], |finding| &finding["reason"]));
    assert!(first.is_none() || report["reason"] == came && report["verdict"] == REJECTED, "{report:#}");
    // The duration of a download depends on the machine, so `near-timeout` counts only in rows about it.
    let counts = |code: &String| code != "near-timeout" || row.codes.contains("near-timeout");
    let findings = findings.filter(|finding| finding["severity"] != "note");
    let codes: Vec<String> = findings.map(|finding| text(&finding["code"])).filter(counts).collect();
    let codes = codes.join(" ");
    (came != row.expected || codes != row.codes).then(|| {
        let Row { case, asset, expected, codes: wanted } = row;
        let asset = String::from_utf8_lossy(asset.get(..200).unwrap_or(asset)).into_owned();
        let findings = report["findings"].as_array().expect("findings").iter();
        let details: Vec<String> =
            findings.map(|finding| format!("    {}: {}", text(&finding["code"]), text(&finding["detail"]))).collect();
        format!("{case} {asset:?}\n  wanted {expected} [{wanted}]\n  got    {came} [{codes}]\n{}\n", details.join("\n"))
    })
}

/// Returns the details of one finding of a report.
#[track_caller]
pub(crate) fn detail<'a>(report: &'a Value, code: &str) -> &'a str {
    let mut findings = report["findings"].as_array().expect("findings").iter();
    let found = findings.find(|finding| finding["code"] == code);
    found.and_then(|finding| finding["detail"].as_str()).unwrap_or_else(|| panic!("no {code} in {report:#}"))
}
