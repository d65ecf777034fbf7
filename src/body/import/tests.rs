//! What is read from an `OpenAPI` document, and what is left.

use super::*;

/// Where the `OpenAPI` document of 2026-08-08 lies; it is not kept in this repository.
const DOCUMENT: &str = "RUNWAY_PREFLIGHT_OPENAPI";

#[test]
#[allow(clippy::print_stderr, reason = "a test that did not run says so")]
fn the_base_rules_are_what_import_makes_of_the_document() {
    let Some(path) = std::env::var_os(DOCUMENT) else {
        eprintln!("skipped: {DOCUMENT} does not name the OpenAPI document of 2026-08-08");
        return;
    };
    let document = std::fs::read(path).expect("the document can be read");
    let document = serde_json::from_slice(&document).expect("the document is JSON");
    let mut made = import(&document).expect("the document is OpenAPI");
    made.date = "2026-08-08".to_owned();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules/requests.json");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, made.write()).expect("the rules can be written");
    }
    let kept = std::fs::read_to_string(file).expect("the rules can be read");
    assert!(made.write() == kept, "src/rules/requests.json is not what the document gives; BLESS=1 rewrites it");
    assert_eq!(Requests::read(&kept).expect("the rules are sound"), made);
    // The only constraint of the document that is not judged: `format: uri` of three fields of live sessions.
    let unread =
        ["integration.signedUrl", "integration.url", "livekit.url"].map(|at| format!("realtime_sessions.{at}: format"));
    assert_eq!(made.unread, unread);
}
