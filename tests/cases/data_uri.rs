//! Data URIs, checked without network.

use std::fs::File;
use std::io::Write as _;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::table::{ACCEPTED, INVALID_DATA_URI, REJECTED, Row, UNDECIDED, UNSUPPORTED_TYPE, detail, offline, row};

/// A picture of 2x2 pixels.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVQI12P8v5SBgYGBiYGBgYGBAQAU2QGooxpIiAAAAABJRU5ErkJggg==";

const TOO_LONG: &str = "Too big: expected string to have <=5242880 characters";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/images/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

/// Returns a PNG as a data URI of exactly this length: zeros after the picture, a parameter for the remainder.
fn of_length(characters: usize) -> String {
    let (start, end) = ("data:image/png;a=", ";base64,");
    let mut bytes = fixture("photo.png");
    bytes.resize((characters - start.len() - end.len() - 1) / 4 * 3 - 2, 0);
    let payload = STANDARD.encode(&bytes);
    let filler = "b".repeat(characters - start.len() - end.len() - payload.len());
    format!("{start}{filler}{end}{payload}")
}

/// Heads, between `data:` and the comma, and URIs without one.
fn heads() -> Vec<Row> {
    let unsupported = [";", "image;", "image/;", "/png;", "image/png/x;", "//image/png;"];
    let typeless = unsupported
        .map(|head| row("D02", format!("data:{head}base64,{PNG}"), UNSUPPORTED_TYPE, "unsupported-asset-type"));
    let html = STANDARD.encode("<!doctype html><p>x</p>");
    let mut rows = vec![
        row("D01", "data:", INVALID_DATA_URI, "url-too-short invalid-data-uri"),
        row("D01", "data:image/png", INVALID_DATA_URI, "invalid-data-uri"),
        row("D01", "data:image/png;base64", INVALID_DATA_URI, "invalid-data-uri"),
        row(
            "D03",
            format!("data:text/html;base64,{html}"),
            UNSUPPORTED_TYPE,
            "unsupported-asset-type unreadable-media",
        ),
        row("D03", "data:image/svg+xml;base64,PHN2Zy8+", UNSUPPORTED_TYPE, "unsupported-asset-type unreadable-media"),
        row("D03", format!("data:application/octet-stream;base64,{PNG}"), UNSUPPORTED_TYPE, "unsupported-asset-type"),
        // Without ;base64 at its end the head is refused, whatever the type.
        row("D03", "data:text/html,<p>", INVALID_DATA_URI, "invalid-data-uri"),
        row("D03", "data:image/svg+xml;utf8,<svg/>", INVALID_DATA_URI, "invalid-data-uri"),
        row("D07", format!("data:image/png;base64;charset=x,{PNG}"), INVALID_DATA_URI, "invalid-data-uri"),
        row("D07", format!("data:image/png;x=\"a,b\";base64,{PNG}"), INVALID_DATA_URI, "invalid-data-uri"),
        row("D08", "data:image/png,%89PNG%0D%0A%1A%0A", INVALID_DATA_URI, "invalid-data-uri"),
        row("D13", format!("data:im\0age/png;base64,{PNG}"), INVALID_DATA_URI, "invalid-data-uri"),
        row("D13", format!("data:im\u{1b}[2Jage/png;base64,{PNG}"), INVALID_DATA_URI, "invalid-data-uri"),
    ];
    rows.extend(typeless);
    rows
}

/// Payloads, after the comma.
fn payloads() -> Vec<Row> {
    let of = |case, payload: &str, expected: &str, codes| {
        row(case, format!("data:image/png;base64,{payload}"), expected, codes)
    };
    vec![
        of("D04", &format!("{PNG}="), INVALID_DATA_URI, "invalid-data-uri"),
        of("D04", "iVBO=Rw0", INVALID_DATA_URI, "invalid-data-uri"),
        of("D04", "iVBO-_w0", UNDECIDED, "non-canonical-data-uri"),
        of("D04", "iVBO!", INVALID_DATA_URI, "invalid-data-uri"),
        of("D04", "a", INVALID_DATA_URI, "invalid-data-uri"),
        of("D04", "%", INVALID_DATA_URI, "invalid-data-uri"),
        of("D04", "ｉＶＢＯ", INVALID_DATA_URI, "invalid-data-uri"),
        of("D05", PNG.trim_end_matches('='), ACCEPTED, "non-canonical-data-uri"),
        of("D05", &PNG.replacen('R', " R", 1), ACCEPTED, "non-canonical-data-uri"),
        of("D05", &PNG.replace('=', "%3D"), ACCEPTED, "non-canonical-data-uri"),
        row("D05", format!("data:image/png;BASE64,{PNG}"), ACCEPTED, "non-canonical-data-uri"),
        row("D05", format!("data:image/png; base64,{PNG}"), ACCEPTED, "non-canonical-data-uri"),
        row("D05", format!("data:image/png;base64 ,{PNG}"), ACCEPTED, "non-canonical-data-uri"),
        row("D05", format!("DATA:image/png;base64,{PNG}"), ACCEPTED, "non-canonical-data-uri"),
        of("D06", "iVBO#Rw0KGgo=", REJECTED, "non-canonical-data-uri unreadable-media"),
        of("D09", "", REJECTED, "unreadable-media"),
        of("D10", &"A".repeat(5_242_880 * 4 / 3), TOO_LONG, "data-uri-too-long unreadable-media"),
        row("D10", of_length(5_000_001), ACCEPTED, "content-type-parameters"),
        row("D10", of_length(5_242_879), ACCEPTED, "content-type-parameters"),
        row("D10", of_length(5_242_880), ACCEPTED, "content-type-parameters"),
        row("D10", of_length(5_242_881), TOO_LONG, "data-uri-too-long content-type-parameters"),
        of("D11", &STANDARD.encode(fixture("grey.jpg")), ACCEPTED, "type-mismatch"),
        of("D11", &STANDARD.encode(fixture("page.html")), REJECTED, "unreadable-media"),
        // What takes a video has no use for a picture, and what takes a picture none for that type.
        row("D11", format!("data:video/mp4;base64,{PNG}"), REJECTED, "unreadable-media type-mismatch"),
        // A ZIP archive after the end of the picture is ignored.
        of("D11", &STANDARD.encode(fixture("png-and-zip.png")), ACCEPTED, ""),
    ]
}

#[test]
fn every_data_uri_is_checked_as_its_row_says() {
    let arguments = [
        row("D05", format!(" data:image/png;base64,{PNG}"), ACCEPTED, "non-canonical-data-uri"),
        row(
            "D05",
            format!("data:image/png;base64,{}", PNG.replacen('R', "\nR", 1)),
            ACCEPTED,
            "non-canonical-data-uri",
        ),
    ];
    offline(&arguments, &[]);
    let rows = [heads(), payloads()].concat();
    let reports = offline(&rows, &[]);
    for (row, report) in rows.iter().zip(&reports) {
        let shown = report["asset"].as_str().expect("text");
        assert!(shown.len() < 120 && !shown.contains("iVBO"), "a payload is shown: {shown}");
        if report["reason"] == TOO_LONG {
            let (length, words) = (row.asset().len(), detail(report, "data-uri-too-long").replace(',', ""));
            assert!(words.contains(&length.to_string()) && words.contains("5242880"), "{words}");
        }
    }
}

#[test]
fn d12_a_list_entry_of_a_hundred_mebibytes_is_rejected_by_its_length() {
    let mut list = tempfile::NamedTempFile::new().expect("a file");
    write!(list, "data:image/png;base64,").expect("room");
    File::options().write(true).open(list.path()).and_then(|file| file.set_len(100 << 20)).expect("a sparse file");
    // The limit is on address space, most of which the program and its threads reserve.
    let script = "ulimit -v 300000; exec \"$0\" check --offline --format reasons \"@$1\"";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_runway-preflight")])
        .arg(list.path())
        .output()
        .expect("bash");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{TOO_LONG}\n"), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
}
