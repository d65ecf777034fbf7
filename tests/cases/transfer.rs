//! The body of a response: its length, its end, and what it is.

use std::time::Duration;

use super::table::{
    ACCEPTED, FETCH_FAILED, NO_LENGTH, REJECTED, Row, TIMEOUT, TOO_LARGE, UNDECIDED, detail, online, row,
};
use crate::program::program;
use crate::server::Server;

fn rows() -> Vec<Row> {
    vec![
        row("B01", "/fault/length-over", FETCH_FAILED, "fetch-failed"),
        row("B01", "/fault/close-in-body", FETCH_FAILED, "fetch-failed"),
        row("B01", "/fault/cut-in-body", FETCH_FAILED, "fetch-failed"),
        row("B01", "/fault/rst-in-body", FETCH_FAILED, "fetch-failed"),
        row("B02", "/size/16777216/image/png", ACCEPTED, ""),
        row("B02", "/size/16777217/image/png", TOO_LARGE, "too-large"),
        row("B02", "/fault/length-at-limit-sends-more", ACCEPTED, "excess-body-bytes"),
        row("B03", "/fault/length-at-limit-sends-more", ACCEPTED, "excess-body-bytes"),
        row("B03", "/fault/length-short", REJECTED, "excess-body-bytes unreadable-media"),
        row("B04", "/fault/length-zero", REJECTED, "unreadable-media"),
        row("B05", "/fault/endless-body", NO_LENGTH, "missing-content-length unreadable-media"),
        row("B05", "/fault/endless-body-with-length", REJECTED, "excess-body-bytes unreadable-media"),
        row("B07", "/fault/chunked-in-bytes-for-ever", NO_LENGTH, "missing-content-length unreadable-media"),
        row("B07", "/fault/chunked-picture-in-bytes-for-ever", NO_LENGTH, "missing-content-length"),
        row("B08", "/fault/chunked-size-overflows", NO_LENGTH, "missing-content-length fetch-failed"),
        row("B08", "/fault/chunk-size-garbled", NO_LENGTH, "missing-content-length fetch-failed"),
        row("B08", "/fault/chunk-extension-for-ever", NO_LENGTH, "missing-content-length fetch-failed"),
        row("B08", "/fault/trailers-for-ever", NO_LENGTH, "missing-content-length fetch-failed"),
        row("B09", "/fault/html-as-png", REJECTED, "unreadable-media"),
        row("B09", "/fault/xml-as-png", REJECTED, "unreadable-media"),
        row("B11", "/fault/gzip-bomb", UNDECIDED, "content-encoded unreadable-media"),
    ]
}

#[test]
fn every_response_body_gets_the_result_of_its_row() {
    let rows = rows();
    let reports = online(&rows, &[]);
    let of = |asset: &str| {
        let at = rows.iter().position(|row| row.asset() == asset.as_bytes()).unwrap_or_else(|| panic!("no {asset}"));
        &reports[at]
    };
    let told = |asset: &str, code: &str, words: &str| {
        assert!(detail(of(asset), code).contains(words), "{asset}: {}", detail(of(asset), code));
    };
    // The documentation says that a size error is possible as well if the lengths differ.
    told("/fault/length-over", "fetch-failed", "the API may also answer \"Asset size exceeds 16.0MB.\"");
    told("/fault/length-zero", "unreadable-media", "the file is empty");
    told("/fault/html-as-png", "unreadable-media", "HTML");
    told("/fault/xml-as-png", "unreadable-media", "AccessDenied");
    let bytes = |asset: &str| of(asset)["observed"]["get"]["bytes"].as_u64().expect("bytes");
    assert_eq!(bytes("/size/16777216/image/png"), 16 << 20);
    assert!(bytes("/fault/endless-body") <= (16 << 20) + (1 << 20), "{}", bytes("/fault/endless-body"));
    // A missing length decides the verdict, so the slow chunks are not read to the end.
    let crumbs = bytes("/fault/chunked-picture-in-bytes-for-ever");
    assert!(crumbs < 64 << 10, "{crumbs}");
    assert!(bytes("/fault/gzip-bomb") < 2 << 20, "compressed bytes are counted, not decompressed ones");
}

/// Uses a time limit of two seconds instead of ten.
#[test]
fn b06_slow_bodies_time_out_and_not_earlier() {
    let rows = [
        row("B06", "/fault/trickle-body", TIMEOUT, "timeout"),
        row("B06", "/fault/hang-in-body", TIMEOUT, "timeout"),
        row("B06", "/wait/3000/image/640x480.png", TIMEOUT, "timeout"),
    ];
    online(&rows, &["--timeout", "2s"]);
    online(&[row("B06", "/wait/3000/image/640x480.png", ACCEPTED, "near-timeout")], &[]);
}

#[test]
fn b10_an_asset_is_downloaded_once() {
    let server = Server::start();
    let url = server.url("cdn", "/image/640x480.png");
    program().args(["check", &url]).args(server.flags()).run().exit_code(0).within(Duration::from_secs(30));
    // They go together, so that either may be there first.
    let mut methods: Vec<String> = server.requests().into_iter().map(|request| request.method).collect();
    methods.sort();
    assert_eq!(methods, ["GET", "HEAD"]);
}
