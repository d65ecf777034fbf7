//! A pasted response of any form: its matches, and their output.
#![no_main]

use std::io::{self, Write};

use libfuzzer_sys::fuzz_target;
use runway_preflight::explain::{explain, retryable, non_failed_status};
use runway_preflight::output::{Style, explain_json, explain_text};
use runway_preflight_fuzz::{expect_plain, in_time};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    in_time(bytes, || drop(explain(&String::from_utf8_lossy(bytes))));
    check(bytes);
});

fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let matches = explain(&text);
    assert_eq!(explain(&text), matches, "the second run differs");
    assert!(matches.len() <= text.len() + 1, "{} matches", matches.len());
    let _ = (retryable(&text), non_failed_status(&text));

    for found in &matches {
        assert!(!found.meaning.is_empty() && !found.next.is_empty(), "{found:?}");
        // Every code that it names can be explained.
        if let Some(code) = found.code.as_str().filter(|code| retryable(code).is_some()) {
            assert!(!explain(code).is_empty(), "{code} is retryable, but not explained");
        }
    }
    let json: Value = serde_json::from_str(&write(|out| explain_json(&matches, out))).expect("JSON");
    assert_eq!(json["matches"].as_array().map(Vec::len), Some(matches.len()));
    expect_plain(&write(|out| explain_text(&matches, Style { width: Some(80), ..Style::plain() }, out)));
}

fn write(writer: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut text = Vec::new();
    writer(&mut text).expect("memory takes it");
    String::from_utf8(text).expect("UTF-8")
}
