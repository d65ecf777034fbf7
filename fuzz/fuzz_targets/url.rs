//! A text as an asset: how it is parsed and printed, and what the rules find in its address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::{Asset, CheckOptions};
use runway_preflight::asset::Target;
use runway_preflight::text::secret::QueryRedaction;
use runway_preflight_fuzz::{Scripted, checked_twice, expect_plain, in_time, said, written_harmlessly};

fuzz_target!(|text: &[u8]| in_time(text, || check(text)));

fn check(text: &[u8]) {
    let local = Asset::new(text);
    // No output begins a line with an asset's text, which may be that of a command.
    expect_plain(&format!("asset: {}", local.redacted(QueryRedaction::Redact).escaped()));
    let _ = Target::parse(&local);

    let asset = refused(text);
    let offline = CheckOptions { offline: true, ..CheckOptions::default() };
    let report = checked_twice(Scripted::default(), &asset, &offline);
    written_harmlessly(&report, text);
    if let Target::Url(address) = Target::parse(&asset) {
        stands_for_itself(address.url().as_str(), &offline, &said(&report));
        keeps_secrets(text, &offline);
    }
}

/// Takes a text as a request body has it, where a path is no asset.
fn refused(text: &[u8]) -> Asset {
    let mut asset = Asset::new(text);
    asset.allow_local_paths = false;
    asset
}

/// The text of a URL that was parsed is a URL, the same one, and has the same findings but for its spelling.
fn stands_for_itself(canonical: &str, offline: &CheckOptions, before: &[(&'static str, String, String)]) {
    let asset = refused(canonical.as_bytes());
    let again = match Target::parse(&asset) {
        Target::Url(again) => again,
        // A line end in the middle of the scheme, which a URL parser takes away, hid what these are.
        Target::DataUri | Target::Runway => return,
        Target::File(_) | Target::InvalidUrl(_) => panic!("{canonical} must be a URL"),
    };
    assert_eq!(again.url().as_str(), canonical);
    assert!(!again.controls, "{canonical:?}");
    let report = checked_twice(Scripted::default(), &asset, offline);
    // The spelling alone decides these.
    const SPELLING: [&str; 5] =
        ["url-too-long", "url-too-short", "non-canonical-url", "invalid-url", "international-host"];
    let codes = |rows: &[(&'static str, String, String)]| {
        let codes = rows.iter().map(|row| row.0).filter(|code| !SPELLING.contains(code) && *code != "not-fetched");
        codes.collect::<Vec<_>>()
    };
    assert_eq!(codes(&said(&report)), codes(before), "{canonical}");
}

/// What is behind the question mark of a URL is said nowhere.
fn keeps_secrets(text: &[u8], offline: &CheckOptions) {
    const CANARY: &str = "canary7391";
    let question: &[u8] = if text.contains(&b'?') { b"&token=" } else { b"?token=" };
    // Letters outside ASCII disappear from the words of a host that is written in ASCII.
    let ascii: Vec<u8> = text.iter().copied().filter(u8::is_ascii).collect();
    if ascii.windows(CANARY.len()).any(|bytes| bytes.eq_ignore_ascii_case(CANARY.as_bytes())) {
        return;
    }
    let text = [text.trim_ascii_end(), question, CANARY.as_bytes()].concat();
    let asset = refused(&text);
    let report = checked_twice(Scripted::default(), &asset, offline);
    for format in [runway_preflight::OutputFormat::Text, runway_preflight::OutputFormat::JsonLines] {
        let written = runway_preflight_fuzz::written(format, &report);
        assert!(!written.contains(CANARY), "{written}");
    }
}
