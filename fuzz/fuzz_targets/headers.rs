//! The heads of two answers, HEAD's and GET's, evaluated and written: Content-Type, Content-Length and all the others.
//!
//! The input is text: a status and the fields of the one, an empty line, a status and the fields of the other.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use runway_preflight::data_uri::essence;
use runway_preflight::observation::{RequestOutcome, BodyTransfer, BodyEnd, Headers, ContentLength, ResponseHead};
use runway_preflight::{Asset, Kind, Observation, CheckOptions, UntrustedText};
use runway_preflight::rules::Expectations;
use runway_preflight_fuzz::{Scripted, checked_twice, in_time, written_harmlessly};

fuzz_target!(|input: &[u8]| in_time(input, || check(input)));

fn check(input: &[u8]) {
    let end = input.windows(2).position(|two| two == b"\n\n").unwrap_or(input.len());
    let (head, get) = input.split_at(end);
    let (head, get) = (answer(head), answer(get.trim_ascii_start()));
    for response in [&head, &get] {
        content_type(response);
        content_length(response);
    }
    let kind = Kind::ALL.get(input.len() % 4).copied();
    let received = match get.length() {
        ContentLength::Known { bytes, .. } => bytes,
        ContentLength::Missing | ContentLength::Invalid(_) => input.len() as u64,
    };
    let seen = Observation {
        head: RequestOutcome::Response(head),
        get: RequestOutcome::Response(get),
        body: BodyTransfer { received, end: BodyEnd::Complete, elapsed: Duration::ZERO },
        ..Observation::default()
    };
    let options = CheckOptions { expectations: Expectations { kind, ..Expectations::default() }, ..CheckOptions::default() };
    let report = checked_twice(Scripted(seen), &Asset::new("https://cdn.example.com/a"), &options);
    written_harmlessly(&report, input);
}

fn answer(text: &[u8]) -> ResponseHead {
    let mut lines = text.split(|byte| *byte == b'\n');
    let status = lines.next().and_then(|line| std::str::from_utf8(line).ok()?.trim().parse().ok());
    let fields = lines.map(|line| {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        // A client lets no other bytes into a value.
        let value =
            value.get(1..).unwrap_or_default().trim_ascii().iter().filter(|byte| **byte >= 0x20 && **byte != 0x7f);
        (name, UntrustedText::new(value.copied().collect::<Vec<_>>()))
    });
    let headers = Headers::new(fields.take(100).collect());
    let status = Some(status.unwrap_or(200)).filter(|status| (100..=999).contains(status)).unwrap_or(200);
    ResponseHead { status, headers, elapsed: Duration::ZERO, body_snippet: None, total_length: None, anomalies: Vec::new() }
}

/// The essence of a content type is a content type, and its own essence.
fn content_type(response: &ResponseHead) {
    for value in response.headers.all("content-type").filter_map(UntrustedText::as_str) {
        if let Some(found) = essence(value) {
            assert_eq!(essence(&found).as_deref(), Some(found.as_str()), "{value}");
            assert_eq!(found, found.to_ascii_lowercase(), "{value}");
            assert_eq!(essence(&format!("{found};charset=utf-8")).as_ref(), Some(&found), "{value}");
        }
    }
}

/// A length that is known is the one number that stands in every field.
fn content_length(response: &ResponseHead) {
    let values: Vec<&UntrustedText> = response.headers.all("content-length").collect();
    let text = values.iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect::<Vec<_>>().join(",");
    let numbers: Vec<Option<u64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match response.length() {
        ContentLength::Missing => assert!(values.is_empty()),
        ContentLength::Known { bytes, .. } => assert!(numbers.iter().all(|number| *number == Some(bytes)), "{text}"),
        ContentLength::Invalid(_) => {
            let same = numbers.windows(2).all(|two| two[0] == two[1]);
            assert!(!same || numbers[0].is_none() || text.contains('+') || !text.is_ascii(), "{text}");
        }
    }
}
