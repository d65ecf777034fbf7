//! Data URIs: read and decoded by hand here, and by two other readers for comparison.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use runway_preflight::data_uri::{self, Base64Form, DataUri};
use runway_preflight::rules::encoded_length;
use runway_preflight::{Asset, CheckOptions};
use runway_preflight::text::secret::QueryRedaction;
use runway_preflight_fuzz::{Scripted, checked_twice, expect_plain, in_time};

fuzz_target!(|text: &[u8]| in_time(text, || check(text)));

fn check(text: &[u8]) {
    let text = stretched([b"data:", text].concat());
    let asset = Asset::new(text.clone());
    expect_plain(&asset.redacted(QueryRedaction::Redact).escaped().to_string());
    checked_twice(Scripted::default(), &asset, &CheckOptions::default());

    let Ok(uri) = DataUri::parse(&text) else { return };
    let mut decoded = Vec::new();
    let reading = uri.decode(|piece| decoded.extend_from_slice(piece));
    let payload = text.splitn(2, |byte| *byte == b',').nth(1).unwrap_or_default();
    let strict = STANDARD.decode(payload);
    match reading {
        Ok(Base64Form::Strict) => {
            assert_eq!(strict.as_ref(), Ok(&decoded));
            round_trip(&uri, &text, &decoded);
        }
        Ok(Base64Form::Forgiving) => {
            if let Some(expected) = as_the_standard_has_it(&text) {
                assert!(decoded == expected, "{} bytes, not {}", decoded.len(), expected.len());
            }
        }
        Err(_) => {
            assert!(strict.is_err());
            assert_eq!(as_the_standard_has_it(&text), None);
        }
    }
}

/// A payload beyond what is decoded in one piece: `~` stands for 16 KiB of zeros.
fn stretched(text: Vec<u8>) -> Vec<u8> {
    let many = text.iter().filter(|byte| **byte == b'~').count();
    if !(1..=6).contains(&many) {
        return text;
    }
    text.split(|byte| *byte == b'~').collect::<Vec<_>>().join(&[b'A'; 16 << 10][..])
}

/// What is decoded can be encoded again, to the same text and the same length.
fn round_trip(uri: &DataUri<'_>, text: &[u8], decoded: &[u8]) {
    let again = [data_uri::head(uri.content_type()), data_uri::encode(decoded)].concat();
    assert!(again.as_bytes() == text, "{again}");
    assert_eq!(encoded_length(uri.content_type(), decoded.len() as u64), Asset::new(text).length());
}

/// Decodes as the WHATWG has it; `None` where it does not take the text, or reads it as something else.
fn as_the_standard_has_it(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let (bytes, _) = data_url::DataUrl::process(text).ok()?.decode_to_vec().ok()?;
    Some(bytes)
}
