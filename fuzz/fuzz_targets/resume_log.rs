//! JSON Lines of an earlier run, read to resume it: complete, truncated by a crash, or from another program.
#![no_main]

use std::io::{BufRead, BufReader};

use libfuzzer_sys::fuzz_target;
use runway_preflight::Asset;
use runway_preflight::output::resume_log::{AssetLine, ResumeLog, RequestLine, ResumeLogError};
use runway_preflight::text::secret::QueryRedaction;
use runway_preflight_fuzz::{expect_plain, in_time};
use serde::de::IgnoredAny;

fuzz_target!(|text: &[u8]| in_time(text, || check(text)));

fn check(text: &[u8]) {
    tried(text, assets);
    tried(text, requests);
}

/// What was read: the whole lines, the bytes they take, and why it went no further, if it did not.
type Read = (u64, u64, Option<String>);

fn tried(text: &[u8], read: fn(&mut dyn BufRead) -> Read) {
    let (lines, end, unfit) = read(&mut &*text);
    for piece in [1, 7] {
        let pieces = read(&mut BufReader::with_capacity(piece, text));
        assert_eq!(pieces, (lines, end, unfit.clone()), "in pieces of {piece}");
    }
    let whole = usize::try_from(end).ok().and_then(|end| text.get(..end)).expect("no more than there is");
    assert!(whole.is_empty() || whole.ends_with(b"\n"));
    assert_eq!(whole.iter().filter(|byte| **byte == b'\n').count() as u64, lines);
    for line in whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line = std::str::from_utf8(line).expect("UTF-8");
        let _: IgnoredAny = serde_json::from_str(line).expect("JSON");
    }
    assert_eq!(read(&mut &*whole), (lines, end, None), "what is whole can be gone on with");
    if let Some(unfit) = unfit {
        expect_plain(&unfit);
        assert!(unfit.contains(&format!(":{}:", lines + 1)), "{unfit}, behind {lines} lines");
    }
    // A crash may leave any beginning of it.
    let sum = whole.iter().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let truncated = &whole[..sum.checked_rem(whole.len()).unwrap_or(0)];
    let left = truncated.iter().filter(|byte| **byte == b'\n').count() as u64;
    let (lines, _, unfit) = read(&mut &*truncated);
    assert_eq!((lines, unfit), (left, None), "truncated after {} bytes", truncated.len());
}

fn assets(text: &mut dyn BufRead) -> Read {
    let asset = Asset::new("https://h.com/a.png?sig=a");
    all(text, ResumeLog::next_asset, |line: &AssetLine| {
        let _ = (line.verdict, &line.fingerprint, line.is_about(&asset, 0, QueryRedaction::Redact));
    })
}

fn requests(text: &mut dyn BufRead) -> Read {
    all(text, ResumeLog::next_request, |line: &RequestLine| {
        let _ = (line.verdict, &line.fingerprint, line.assets(), line.holds(None, &[], 0, QueryRedaction::Redact));
    })
}

fn all<'a, T>(
    text: &'a mut dyn BufRead,
    next: impl Fn(&mut ResumeLog<&'a mut dyn BufRead>) -> Result<Option<T>, ResumeLogError>,
    each: impl Fn(&T),
) -> Read {
    let mut journal = ResumeLog::new(text);
    let unfit = loop {
        match next(&mut journal) {
            Ok(Some(line)) => each(&line),
            Ok(None) => break None,
            Err(unfit) => break Some(unfit.to_string()),
        }
    };
    (journal.lines(), journal.end(), unfit)
}
