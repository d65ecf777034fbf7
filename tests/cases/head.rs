//! The head of a response: its first line, its fields, its type and its length.

use super::table::{
    ACCEPTED, FETCH_FAILED, GENERIC_TYPE, NO_LENGTH, Row, TIMEOUT, TOO_LARGE, UNDECIDED, detail, online, row,
};
use crate::program::program;
use crate::server::{Server, small};

/// Faults of the test server by name, each with the expected result.
fn faults() -> Vec<Row> {
    let unsupported = "Unsupported Content-Type response header: \"\".";
    let rows = [
        ("H02", "location-with-200", ACCEPTED, ""),
        ("H03", "status-000", FETCH_FAILED, "fetch-failed"),
        ("H03", "status-099", FETCH_FAILED, "fetch-failed"),
        ("H03", "status-1000", FETCH_FAILED, "fetch-failed"),
        ("H03", "status-negative", FETCH_FAILED, "fetch-failed"),
        ("H03", "status-hundred-digits", FETCH_FAILED, "fetch-failed"),
        ("H03", "status-in-words", FETCH_FAILED, "fetch-failed"),
        ("H04", "101", "Failed to fetch asset. Received HTTP response code \"101\".", "http-status"),
        ("H05", "103-first", ACCEPTED, ""),
        ("H05", "103-five-times", ACCEPTED, ""),
        ("H05", "100-first", UNDECIDED, "ambiguous-response"),
        ("H06", "102-eight-times", ACCEPTED, ""),
        ("H06", "102-thirty-times", UNDECIDED, "ambiguous-response"),
        ("H06", "1xx-flood", UNDECIDED, "ambiguous-response"),
        ("H07", "no-phrase", ACCEPTED, ""),
        ("H07", "http-1.0", ACCEPTED, ""),
        ("H07", "blank-lines-first", ACCEPTED, ""),
        ("H07", "escape-in-good-phrase", UNDECIDED, "ambiguous-response"),
        ("H08", "http-0.9", FETCH_FAILED, "fetch-failed"),
        ("H08", "zeros", FETCH_FAILED, "fetch-failed"),
        ("H08", "garbage", FETCH_FAILED, "fetch-failed"),
        ("H08", "icy", FETCH_FAILED, "fetch-failed"),
        ("H08", "http-2-line", FETCH_FAILED, "fetch-failed"),
        ("H08", "http-1.2", FETCH_FAILED, "fetch-failed"),
        ("H09", "missing-type", unsupported, "missing-content-type"),
        ("H09", "empty-type", unsupported, "missing-content-type"),
        ("H10", "octet-stream", GENERIC_TYPE, "generic-content-type"),
        ("H13", "two-types", UNDECIDED, "multiple-content-types"),
        ("H13", "two-types-good-last", UNDECIDED, "multiple-content-types"),
        ("H13", "same-type-twice", UNDECIDED, "multiple-content-types"),
        ("H15", "missing-length", NO_LENGTH, "missing-content-length"),
        ("H15", "chunked", NO_LENGTH, "missing-content-length"),
        ("H15", "chunked-with-trailer", NO_LENGTH, "missing-content-length"),
        ("H17", "length-2-63-less-1", TOO_LARGE, "too-large fetch-failed"),
        ("H17", "length-2-64-less-1", TOO_LARGE, "too-large fetch-failed head-get-differ"),
        ("H18", "length-duplicate", UNDECIDED, "ambiguous-framing"),
        ("H18", "length-listed", UNDECIDED, "ambiguous-framing"),
        ("H19", "length-differs", FETCH_FAILED, "fetch-failed"),
        ("H20", "chunked-and-length", UNDECIDED, "ambiguous-framing"),
        ("H20", "length-and-identity", UNDECIDED, "ambiguous-framing"),
        ("H20", "length-and-gzip", UNDECIDED, "ambiguous-framing"),
        ("H21", "fields-101", ACCEPTED, ""),
        ("H21", "fields-900", ACCEPTED, ""),
        ("H21", "fields-3000", ACCEPTED, "large-response-header"),
        ("H21", "fields-10000", FETCH_FAILED, "fetch-failed"),
        ("H21", "field-20-kib", ACCEPTED, "large-response-header"),
        ("H21", "field-64-kib", FETCH_FAILED, "fetch-failed"),
        ("H21", "field-1-mib", FETCH_FAILED, "fetch-failed"),
        ("H22", "head-flood", FETCH_FAILED, "fetch-failed"),
        ("H22", "endless-line", FETCH_FAILED, "fetch-failed"),
        ("H23", "nul-in-field", FETCH_FAILED, "fetch-failed"),
        ("H23", "bare-cr-in-field", FETCH_FAILED, "fetch-failed"),
        ("H23", "escape-in-field", FETCH_FAILED, "fetch-failed"),
        ("H23", "delete-in-field", FETCH_FAILED, "fetch-failed"),
        ("H24", "high-bytes-in-field", ACCEPTED, ""),
        ("H25", "folded-field", UNDECIDED, "ambiguous-response"),
        ("H25", "space-before-colon", UNDECIDED, "ambiguous-response"),
        ("H25", "no-colon", FETCH_FAILED, "fetch-failed"),
        ("H25", "empty-field-name", FETCH_FAILED, "fetch-failed"),
        ("H25", "line-feeds-only", UNDECIDED, "ambiguous-response"),
        ("H26", "cookies", ACCEPTED, ""),
        ("H27", "gzip", UNDECIDED, "content-encoded unreadable-media"),
        ("H27", "gzip-broken", ACCEPTED, "content-encoded"),
        ("H27", "unknown-coding", ACCEPTED, "unknown-content-encoding"),
        ("H30", "unasked-206", "Failed to fetch asset. Received HTTP response code \"206\".", "http-status"),
        ("H31", "two-answers", ACCEPTED, "excess-body-bytes"),
    ];
    rows.map(|(case, fault, expected, codes)| row(case, format!("/fault/{fault}"), expected, codes)).to_vec()
}

/// Statuses; all but 200 are rejected.
fn statuses() -> Vec<Row> {
    let plain = [
        "201", "202", "203", "204", "205", "206", "304", "400", "401", "403", "404", "410", "416", "429", "500", "503",
        "600", "999",
    ];
    let moved = ["301", "302", "303", "307", "308"];
    let of = |status: &str, path: String| {
        row("H01", path, format!("Failed to fetch asset. Received HTTP response code \"{status}\"."), "http-status")
    };
    let moved = moved.map(|status| of(status, format!("/redirect/{status}/image/640x480.png")));
    plain.into_iter().map(|status| of(status, format!("/status/{status}"))).chain(moved).collect()
}

/// Values of `Content-Type`, percent-encoded.
fn types() -> Vec<Row> {
    let fine = [
        ("H12", "IMAGE%2FPNG%3B%20charset%3Dutf-8", "content-type-parameters"),
        ("H12", "image%2Fpng%3B%20a%3D%22b%09c%22", "content-type-parameters"),
        ("H12", "image%2Fpng%3B", "content-type-parameters"),
        ("H14", "image%2Fjpg", "type-mismatch"),
    ];
    let generic = ["Application%2FOCTET-stream", "application%2Foctet-stream%3B%20a%3Db"];
    let refused = [
        ("H11", "text%2Fhtml", "text/html"),
        ("H11", "image%2Fsvg%2Bxml", "image/svg+xml"),
        ("H11", "image%2Fpng%2C%20image%2Fjpeg", "image/png, image/jpeg"),
        ("H11", "garbage", "garbage"),
        ("H24", "%9B2J", "\\x9b2J"),
        ("H24", "%A0x", "\\xa0x"),
        ("H24", "x%E2%80%AEy", "x\\u{202e}y"),
        ("H24", "x%FFy", "x\\xffy"),
    ];
    let fine = fine.map(|(case, value, codes)| row(case, format!("/type/{value}"), ACCEPTED, codes));
    let generic = generic.map(|value| row("H10", format!("/type/{value}"), GENERIC_TYPE, "generic-content-type"));
    let refused = refused.map(|(case, value, shown)| {
        let sentence = format!("Unsupported Content-Type response header: \"{shown}\".");
        row(case, format!("/type/{value}"), sentence, "unsupported-content-type")
    });
    [fine.to_vec(), generic.to_vec(), refused.to_vec()].concat()
}

/// Values of `Content-Length`, percent-encoded.
fn lengths() -> Vec<Row> {
    let broken = ["-1", "%2B10", "", "0x0a", "10%2010", "18446744073709551616", "10a"];
    let of = |value| row("H16", format!("/length/{value}"), FETCH_FAILED, "fetch-failed");
    [broken.map(of).to_vec(), vec![row("H18", format!("/length/0{}", small().len()), UNDECIDED, "ambiguous-framing")]]
        .concat()
}

/// `HEAD` and `GET` are answered differently.
fn methods() -> Vec<Row> {
    let code = |number: &str| format!("Failed to fetch asset. Received HTTP response code \"{number}\".");
    vec![
        row("H28", "/fault/head-403", code("403"), "http-status head-get-differ"),
        row("H28", "/fault/head-404", code("404"), "http-status head-get-differ"),
        row("H28", "/fault/head-405", code("405"), "http-status head-get-differ"),
        row("H28", "/fault/head-501", code("501"), "http-status head-get-differ"),
        row("H28", "/fault/get-404", code("404"), "http-status head-get-differ"),
        row("H28", "/fault/head-rst", FETCH_FAILED, "fetch-failed head-get-differ"),
        row("H28", "/fault/head-with-body", ACCEPTED, "excess-body-bytes"),
        row("H28", "/fault/head-without-length", NO_LENGTH, "missing-content-length head-get-differ"),
        row("H28", "/fault/head-other-length", ACCEPTED, "head-get-differ"),
        row(
            "H28",
            "/fault/head-other-type",
            "Unsupported Content-Type response header: \"text/html\".",
            "unsupported-content-type head-get-differ",
        ),
        row("H28", "/fault/get-octet-stream", GENERIC_TYPE, "generic-content-type head-get-differ"),
        row("H28", "/fault/close-in-body", FETCH_FAILED, "fetch-failed"),
    ]
}

#[test]
fn every_head_gets_the_result_of_its_row() {
    let rows = [faults(), statuses(), types(), lengths(), methods()].concat();
    let reports = online(&rows, &[]);
    for (row, report) in rows.iter().zip(&reports) {
        if row.asset().starts_with(b"/redirect/") {
            assert!(detail(report, "http-status").contains("does not follow"), "{report:#}");
        }
        let told = |fault: &str, code: &str, words: &str| {
            let of = row.asset().strip_prefix(b"/fault/") == Some(fault.as_bytes());
            assert!(!of || detail(report, code).contains(words), "{report:#}");
        };
        told(
            "100-first",
            "ambiguous-response",
            "HEAD and GET returned what HTTP clients disagree about: the server sent 100 Continue",
        );
        told("102-thirty-times", "ambiguous-response", "the server sent more than eight interim responses");
        told("folded-field", "ambiguous-response", "a header field is folded over several lines (");
        told("space-before-colon", "ambiguous-response", "there is white space before the colon of a header field (");
        told("line-feeds-only", "ambiguous-response", "lines of the head end in a line feed alone (");
        told("two-answers", "excess-body-bytes", "returned more bytes than its headers announce");
        told("length-2-64-less-1", "fetch-failed", "a Content-Length that is too large");
    }
}

#[test]
fn h30_what_depends_on_a_range_decides_nothing() {
    let faults = ["range-ignored", "range-400", "range-403", "range-206-alone", "range-206-of-unknown"];
    let rows = faults.map(|fault| row("H30", format!("/fault/{fault}"), ACCEPTED, ""));
    for depth in ["header", "full"] {
        online(&rows, &["--depth", depth]);
    }
}

#[test]
fn h22_h28_endless_heads_time_out() {
    let rows = [
        row("H22", "/fault/trickle-head", TIMEOUT, "timeout"),
        row("H22", "/fault/hang-in-head", TIMEOUT, "timeout"),
        row("H28", "/fault/head-hangs", TIMEOUT, "timeout"),
        row("H28", "/fault/get-hangs", TIMEOUT, "timeout head-get-differ"),
    ];
    online(&rows, &["--timeout", "2s"]);
}

/// H01, H02: redirects are not followed. H04, H26, H29, H30: the request bytes do not depend on earlier responses.
#[test]
fn h01_h02_h04_h26_h29_h30_requests_do_not_depend_on_responses() {
    let server = Server::start();
    let paths =
        ["/redirect/301/image/9x9.png", "/fault/location-with-200", "/fault/101", "/fault/cookies", "/fault/good"];
    let urls: Vec<String> = paths.iter().map(|path| server.url("cdn", path)).collect();
    program().args(["check", "-j", "1", "-"]).args(server.flags()).stdin(urls.join("\n")).run().exit_code(1);
    let requests = server.requests();
    let asked: Vec<(&str, &str)> =
        requests.iter().map(|request| (request.method.as_str(), request.path.as_str())).collect();
    let wanted: Vec<(&str, &str)> = paths.iter().flat_map(|path| [("HEAD", *path), ("GET", *path)]).collect();
    assert_eq!(asked, wanted);
    let names = |request: &crate::server::Request| {
        request.headers.iter().map(|(name, value)| format!("{}: {value}", name.to_lowercase())).collect::<Vec<_>>()
    };
    let host = format!("host: cdn.example.org:{}", server.port("cdn"));
    for request in &requests {
        let mut sent = names(request);
        sent.sort();
        assert_eq!(sent, ["accept: */*", &host, "user-agent: RunwayML API/1.0"], "{}", request.path);
        assert_eq!(request.version, "HTTP/1.1");
    }
}
