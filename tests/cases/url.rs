//! The text of a URL, checked without network.

use serde_json::{Value, json};

use super::table::{
    ACCEPTED, FETCH_FAILED, INVALID_URL, NOT_A_DOMAIN, NOT_HTTPS, Row, UNDECIDED, detail, offline, row,
};
use crate::program::program;
use crate::server::Server;

/// Returns a URL of this many characters, filled up by its path.
fn long(length: usize) -> String {
    let start = "https://cdn.example.org/";
    format!("{start}{}", "a".repeat(length - start.len()))
}

/// Returns a host of this many bytes, in labels of 48 letters.
fn wide_host(length: usize) -> String {
    let mut host = format!("{}.", "a".repeat(48)).repeat(length / 49 + 1);
    host.truncate(length - 4);
    format!("{host}.org")
}

fn rows() -> Vec<Row> {
    let too_long = "Too big: expected string to have <=2048 characters";
    [schemes(), hosts(), unusual()]
        .concat()
        .into_iter()
        .chain([
            row("U21", "https://h.c/", ACCEPTED, "url-too-short"),
            row("U21", "https://h.co/", ACCEPTED, ""),
            row("U21", long(2048), ACCEPTED, ""),
            row("U21", long(2049), too_long, "url-too-long"),
            row("U21", long(8 << 10), too_long, "url-too-long"),
            row("U21", long(64 << 10), too_long, "url-too-long"),
            row("U21", long(1 << 20), too_long, "url-too-long"),
            row("U21", long(100 << 20), too_long, "url-too-long"),
        ])
        .collect()
}

fn schemes() -> Vec<Row> {
    vec![
        row("U01", "https:", INVALID_URL, "url-too-short invalid-url"),
        row("U01", "https://", INVALID_URL, "url-too-short invalid-url"),
        row("U01", "https://?", INVALID_URL, "url-too-short invalid-url"),
        row("U01", "https://#", INVALID_URL, "url-too-short invalid-url"),
        row("U02", "http://h.example.org/", NOT_HTTPS, "not-https"),
        row("U02", "ftp://h.example.org/", NOT_HTTPS, "not-https"),
        row("U02", "file:///etc/passwd", NOT_HTTPS, "not-https"),
        row("U02", "javascript:alert(1)", NOT_HTTPS, "not-https"),
        row("U02", "blob:https://h.example.org/x", NOT_HTTPS, "not-https"),
        row("U02", "HTTP://H.EXAMPLE.ORG", NOT_HTTPS, "not-https"),
        row("U03", "http://11.22.33.44/", NOT_HTTPS, "not-https not-a-domain"),
        row("U16", "https:cdn.example.org/a", ACCEPTED, "non-canonical-url"),
        row("U16", "https:/cdn.example.org", ACCEPTED, "non-canonical-url"),
        row("U16", "https:\\\\cdn.example.org\\a", ACCEPTED, "non-canonical-url"),
        row("U16", "https:////cdn.example.org", ACCEPTED, "non-canonical-url"),
        row("U16", "HTTPS://cdn.example.org", ACCEPTED, "non-canonical-url"),
        row("U23", "runway://abcd", ACCEPTED, ""),
        row("U23", format!("runway://{}", "a".repeat(4991)), ACCEPTED, ""),
        row("U23", "runway://abc", ACCEPTED, "url-too-short"),
        row(
            "U23",
            format!("runway://{}", "a".repeat(4992)),
            "Too big: expected string to have <=5000 characters",
            "runway-uri-too-long",
        ),
        row("U23", "RUNWAY://abcdefg", ACCEPTED, "non-canonical-url"),
        row("U23", "runway://user:pw@abcdefg", ACCEPTED, ""),
        row("U23", "runway://abc\u{1b}defg", ACCEPTED, "non-canonical-url"),
    ]
}

/// Hosts, each between `https://` and a path.
fn hosts() -> Vec<Row> {
    let rows = [
        ("U04", "11.22.33.44", NOT_A_DOMAIN, "not-a-domain"),
        ("U04", "0.0.0.0", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "0x7f.1", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "2130706433", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "017700000001", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "127.1", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "127.0.0.1.", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "0", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "\u{ff11}\u{ff12}\u{ff17}.0.0.1", NOT_A_DOMAIN, "not-a-domain"),
        ("U05", "①.②.③.④", NOT_A_DOMAIN, "not-a-domain"),
        ("U06", "256.1.1.1", INVALID_URL, "invalid-url"),
        ("U06", "1.2.3.4.5", INVALID_URL, "invalid-url"),
        ("U06", "0x100000000", INVALID_URL, "invalid-url"),
        ("U06", "a.1", INVALID_URL, "invalid-url"),
        ("U06", "a.0x1", INVALID_URL, "invalid-url"),
        ("U07", "[::1]", NOT_A_DOMAIN, "not-a-domain"),
        ("U07", "[::ffff:127.0.0.1]", NOT_A_DOMAIN, "not-a-domain"),
        ("U07", "[::127.0.0.1]", NOT_A_DOMAIN, "not-a-domain"),
        ("U07", "[::]:443", NOT_A_DOMAIN, "not-a-domain"),
        ("U08", "[fe80::1%eth0]", INVALID_URL, "invalid-url"),
        ("U08", "[::1%25eth0]", INVALID_URL, "invalid-url"),
        ("U08", "[::1", INVALID_URL, "invalid-url"),
        ("U08", "[v1.x]", INVALID_URL, "invalid-url"),
        ("U09", "localhost", FETCH_FAILED, "special-name"),
        ("U09", "localhost.", FETCH_FAILED, "special-name trailing-dot-host"),
        ("U09", "x.localhost", FETCH_FAILED, "special-name"),
        ("U09", "p.local", FETCH_FAILED, "special-name"),
        ("U09", "metadata.google.internal", FETCH_FAILED, "special-name"),
        ("U09", "intranet", FETCH_FAILED, "special-name"),
        ("U09", "com", FETCH_FAILED, "special-name"),
        ("U10", "cdn.example.org.", ACCEPTED, "trailing-dot-host"),
        ("U11", "cdn.example.org..", FETCH_FAILED, "fetch-failed trailing-dot-host"),
        ("U11", ".cdn.example.org", FETCH_FAILED, "fetch-failed"),
        ("U11", "a..b.org", FETCH_FAILED, "fetch-failed"),
        ("U11", "-a.example.org", FETCH_FAILED, "fetch-failed"),
        ("U12", "user:pw@cdn.example.org", UNDECIDED, "credentials-in-url"),
        ("U12", "user@cdn.example.org", UNDECIDED, "credentials-in-url"),
        ("U12", ":@cdn.example.org", ACCEPTED, ""),
        ("U13", "good.example.org@evil.example.org", UNDECIDED, "credentials-in-url"),
        ("U13", "good.example.org\\@evil.example.org", ACCEPTED, "non-canonical-url"),
        ("U13", "good.example.org#@evil.example.org", ACCEPTED, ""),
        ("U13", "good.example.org?@evil.example.org", ACCEPTED, ""),
        ("U14", "h%40e.example.org", INVALID_URL, "invalid-url"),
        ("U14", "h%00.example.org", INVALID_URL, "invalid-url"),
        ("U14", "h h.example.org", INVALID_URL, "invalid-url"),
        ("U14", "h<.example.org", INVALID_URL, "invalid-url"),
        ("U14", "h\0.example.org", INVALID_URL, "invalid-url"),
        ("U14", "h\u{202e}.example.org", INVALID_URL, "invalid-url"),
        ("U18", "аррӏе.com", ACCEPTED, "international-host"),
        ("U18", "ex\u{ad}ample.org", ACCEPTED, "international-host"),
        ("U18", "ex\u{200b}ample.org", ACCEPTED, "international-host"),
        ("U18", "cdn。example。org", ACCEPTED, "international-host"),
        ("U19", "xn--", INVALID_URL, "invalid-url"),
        ("U19", "xn--a", INVALID_URL, "invalid-url"),
        // Rust's parser rejects it, Node's accepts it.
        ("U19", "xn--example-.org", UNDECIDED, "international-host"),
        ("U19", "xn--example-.org:65536", INVALID_URL, "invalid-url"),
        ("U19", "xn--example-.xn--a.org", INVALID_URL, "invalid-url"),
        ("U20", "cdn.example.org:65536", INVALID_URL, "invalid-url"),
        ("U20", "cdn.example.org:-1", INVALID_URL, "invalid-url"),
        ("U20", "cdn.example.org:0", FETCH_FAILED, "fetch-failed"),
        ("U20", "cdn.example.org:22", UNDECIDED, "blocked-port"),
        ("U20", "cdn.example.org:25", UNDECIDED, "blocked-port"),
        ("U20", "cdn.example.org:6667", UNDECIDED, "blocked-port"),
        ("U20", "cdn.example.org:8443", ACCEPTED, ""),
    ];
    let rows = rows.map(|(case, host, expected, codes)| row(case, format!("https://{host}/abcd"), expected, codes));
    let label = format!("https://{}.example.org/", "a".repeat(63));
    let rows = rows.into_iter().chain([
        row("U11", label.replacen('a', "aa", 1), FETCH_FAILED, "fetch-failed"),
        row("U11", label, ACCEPTED, ""),
        row("U11", format!("https://{}/", wide_host(254)), FETCH_FAILED, "fetch-failed"),
        row("U11", format!("https://{}/", wide_host(253)), ACCEPTED, ""),
    ]);
    rows.collect()
}

/// Paths and queries.
fn unusual() -> Vec<Row> {
    let of = |case, path: &str, codes| row(case, format!("https://cdn.example.org/{path}"), ACCEPTED, codes);
    vec![
        of("U22", "%00", ""),
        of("U22", "%zz", ""),
        of("U22", "\u{1b}a", "non-canonical-url"),
        of("U22", "?a=\u{7}", "non-canonical-url"),
        of("U22", "../../x", ""),
        of("U24", "::error::x", ""),
        of("U24", "##[error]x", ""),
    ]
}

/// Assets that a list cannot contain, or would change.
fn arguments() -> Vec<Row> {
    vec![
        row("U15", "ht\ntps://cdn\t.example.org/a", ACCEPTED, "non-canonical-url"),
        row("U15", "https://cdn.example.org/a.jpg\r\nHost: evil", ACCEPTED, "non-canonical-url"),
        row("U16", " https://cdn.example.org", ACCEPTED, "non-canonical-url"),
    ]
}

#[test]
fn every_url_gets_the_result_of_its_row() {
    let reports = [offline(&rows(), &[]), offline(&arguments(), &[])].concat();
    let told = |asset: &str, code: &str, words: &str| {
        let report = reports.iter().find(|report| report["asset"] == asset).unwrap_or_else(|| panic!("no {asset}"));
        assert!(detail(report, code).contains(words), "{asset}: {}", detail(report, code));
    };
    // U13: the host that counts; U16: the plain form; U18: the form in ASCII; U22: controls are percent-encoded.
    told("https://evil.example.org/abcd", "credentials-in-url", "evil.example.org");
    told("https://good.example.org\\@evil.example.org/abcd", "non-canonical-url", "https://good.example.org/@evil.");
    told("https:\\\\cdn.example.org\\a", "non-canonical-url", "https://cdn.example.org/a");
    told("https:////cdn.example.org", "non-canonical-url", "not every parser does");
    told("https://аррӏе.com/abcd", "international-host", "xn--80ak6aa92e.com");
    told("https://ex\u{ad}ample.org/abcd", "international-host", "example.org");
    told("https://cdn.example.org/\u{1b}a", "non-canonical-url", "/%1Ba");
    told("https://cdn.example.org/a.jpg\r\nHost: evil", "non-canonical-url", "/a.jpgHost:%20evil");
}

#[test]
fn u01_u17_a_text_without_a_scheme_is_not_a_url_in_a_body() {
    let texts = ["", "   ", "/a.jpg", "//h/a", "h/a.jpg", "\u{feff}https://h.example.org/", "https：//h.example.org/"];
    let texts = texts.into_iter().chain(["https\u{3002}//h.example.org/", "https:", "https://?"]);
    let body = |text: &str| json!({"model": "gen4_turbo", "promptImage": text, "ratio": "1280:720"}).to_string();
    let bodies: Vec<String> = texts.map(body).collect();
    let outcome = program().args(["body", "--offline", "-f", "jsonl", "-"]).stdin(bodies.join("\n")).run().exit_code(1);
    for (answer, body) in outcome.json_lines().iter().zip(&bodies) {
        let messages: Vec<&Value> = answer["predicted"]["body"]["issues"]
            .as_array()
            .expect("issues")
            .iter()
            .map(|issue| &issue["message"])
            .collect();
        assert_eq!(messages, [INVALID_URL], "{body}");
    }
}

#[test]
fn u10_u12_u15_t22_t23_the_wire_has_one_plain_host_and_no_credentials() {
    let server = Server::start();
    let plain = server.url("cdn", "/image/640x480.png");
    let dotted = plain.replacen("example.org", "example.org.", 1);
    let secret = plain.replacen("https://", "https://user:canary@", 1);
    let split = plain.replacen("/image/", "/\r\nHost: evil\r\nimage/", 1);
    let expected = [("cdn.example.org", "trailing-dot-host"), ("", "credentials-in-url"), ("", "non-canonical-url")];
    let outcome = program().args(["check", "-f", "jsonl"]).args(server.flags()).args([dotted, secret, split]).run();
    let outcome = outcome.exit_code(1).output_lacks("canary");
    for (report, (words, code)) in outcome.json_lines().iter().zip(expected) {
        assert!(detail(report, code).contains(words), "{report:#}");
    }
    let requests = server.requests();
    let host = plain.strip_prefix("https://").and_then(|rest| rest.split('/').next());
    for request in &requests {
        let hosts: Vec<&str> = request
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("Host"))
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!((hosts.as_slice(), request.server_name.as_deref()), (host.as_slice(), Some("cdn.example.org")));
        assert_eq!(request.header("Authorization"), None);
    }
    assert!(requests.iter().any(|request| request.path == "/Host:%20evilimage/640x480.png"), "{requests:?}");
    assert_eq!(requests.len(), 6);
}

#[test]
fn u18_u22_controls_and_non_ascii_letters_are_escaped_for_a_terminal() {
    let list: Vec<String> = rows()
        .iter()
        .filter(|row| row.asset().len() < 4096)
        .map(|row| String::from_utf8_lossy(row.asset()).into_owned())
        .collect();
    for format in ["text", "concise", "github", "markdown"] {
        let outcome =
            program().args(["check", "--offline", "-f", format, "-"]).stdin(list.join("\n")).run().exit_code(1);
        let bad =
            |character: &char| character.is_control() && *character != '\n' || "\u{202e}\u{200b}".contains(*character);
        assert_eq!(outcome.stdout.chars().find(bad), None, "{outcome}");
    }
}
