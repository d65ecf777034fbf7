//! Any input is read as lines of ours, as a truncated line, or refused, and never causes a panic.

use super::*;
use crate::finding::Transport;
use crate::output::{Output, OutputFormat, RulesOrigin, RunInfo, Style};
use crate::report::{Delivery, Report};

fn run() -> RunInfo {
    let rules = RulesOrigin { read: "2026-09-23".to_owned(), ..RulesOrigin::default() };
    RunInfo { rules, matches_api: true, ..RunInfo::default() }
}

/// Writes assets as a run does.
fn written(assets: &[&str], flags: &[&str]) -> Vec<u8> {
    let style = Style::plain();
    let mut output = Output::new(Vec::new(), OutputFormat::JsonLines, style, false, run());
    output.set_fingerprint(RunFingerprint::new(&run(), flags.iter().map(ToString::to_string).collect()));
    for (asset, index) in assets.iter().zip(0..) {
        let report = Report {
            index,
            request: None,
            asset: Asset::new(*asset).redacted(QueryRedaction::Redact),
            excerpt: None,
            location: None,
            field: None,
            kind: None,
            crop_to: None,
            transport: Delivery::Sent(Transport::Url),
            verdict: if index == 1 { Verdict::Rejected } else { Verdict::Accepted },
            findings: Vec::new(),
            by_transport: Vec::new(),
            observed: std::sync::Arc::default(),
        };
        output.report(&report).expect("memory takes it");
    }
    output.into_writer()
}

/// Reads to the end, and returns the number of complete lines and their length in bytes.
fn read(text: &[u8]) -> Result<(u64, u64), ResumeLogError> {
    let mut log = ResumeLog::new(text);
    while log.next_asset()?.is_some() {}
    Ok((log.lines(), log.end()))
}

const ASSETS: [&str; 3] = ["https://h.com/é?sig=a", "data:image/png;base64,AAAA", "a\u{7f}##[b].png"];

#[test]
fn a_file_truncated_anywhere_keeps_its_complete_lines() {
    let text = written(&ASSETS, &["--depth head"]);
    for cut in 0..=text.len() {
        let whole: Vec<&[u8]> =
            text[..cut].split_inclusive(|byte| *byte == b'\n').filter(|l| l.ends_with(b"\n")).collect();
        let expected = (whole.len() as u64, whole.concat().len() as u64);
        let got = read(&text[..cut]).unwrap_or_else(|unfit| panic!("cut at {cut}{unfit}"));
        assert_eq!(got, expected, "cut at {cut}");
        let zeros = [&text[..cut], &[0; 64]].concat();
        assert_eq!(read(&zeros).ok(), Some(expected), "zeros after {cut}");
    }
}

#[test]
fn a_line_truncated_inside_a_number_is_truncated() {
    let good = String::from_utf8(written(&ASSETS[1..2], &[])).expect("UTF-8");
    let case = |number: &str, is_truncated: bool| {
        let text = format!("{good}{}", good.replace("\"index\":0", &format!("\"index\":1,\"ratio\":{number}")));
        let at = good.len() + "{\"index\":1,\"ratio\":".len() + number.len();
        let text = text.get(..at).expect("ASCII").as_bytes();
        assert_eq!(read(text).is_ok_and(|(lines, _)| lines == 1), is_truncated, "{number}");
    };
    for number in ["", "-", "1", "-1", "1.", "1.7", "-1.", "1e", "1E", "1e+", "1.7e-"] {
        case(number, true);
    }
    for number in [".", "+", "1..", "01", "1e.", "x", "-x"] {
        case(number, false);
    }
}

#[test]
fn a_written_line_is_read_back() {
    let text = written(&ASSETS, &["--strict", "--depth head", "--strict"]);
    let mut log = ResumeLog::new(&text[..]);
    for (asset, index) in ASSETS.iter().zip(0..) {
        let line = log.next_asset().expect("fit").expect("a line");
        let is_about = |text: &str, index| line.is_about(&Asset::new(text), index, QueryRedaction::Redact);
        assert!(is_about(asset, index) && !is_about(asset, index + 1) && !is_about("https://h.com/b", index));
        assert_eq!(line.verdict == Verdict::Rejected, index == 1);
        assert_eq!(line.fingerprint.is_some(), index == 0, "only the first line has a fingerprint");
        let mut other = Asset::new(*asset);
        other.field = Some("promptImage".to_owned());
        assert!(!line.is_about(&other, index, QueryRedaction::Redact), "another field");
    }
    assert!(log.next_asset().expect("fit").is_none());
    let line = ResumeLog::new(&text[..]).next_asset().expect("fit").expect("a line");
    let is_about = |text: &str, queries| line.is_about(&Asset::new(text), 0, queries);
    assert!(is_about("https://h.com/é?sig=other", QueryRedaction::Redact), "secrets are not compared");
    assert!(
        !is_about("https://h.com/é?sig=a", QueryRedaction::Show)
            && !is_about("https://h.com/é?b=a", QueryRedaction::Redact)
    );
}

#[test]
fn foreign_lines_are_refused_with_their_number() {
    let good = String::from_utf8(written(&ASSETS[..1], &[])).expect("UTF-8");
    let case = |tail: &str, line: u64| match read(format!("{good}{tail}").as_bytes()) {
        Err(ResumeLogError::Foreign(number)) => assert_eq!(number, line, "{tail}"),
        other => panic!("{tail}: {other:?}"),
    };
    case("done", 2);
    case("done\n", 2);
    case("\n", 2);
    case("{}\n", 2);
    case("{\"asset\":1}", 2);
    case("{\"index\":1,\"mine\":true}", 2);
    case("{\"index\":1,\"mine\":true}\n", 2);
    case(&format!("{good}{{\"index\":2,]"), 3);
    case(&good.replace("\"accepted\"", "\"perhaps\""), 2);
    case(&good.replace("\"index\":0", "\"index\":-1"), 2);
    case(&good.replace("\"index\":0", "\"index\":99999999999999999999"), 2);
    case(&good.replace("\"verdict\"", "\"verdict\":\"accepted\",\"verdict\""), 2);
    case(&good.replace("{\"index\"", " {\"index\""), 2);
    case("\u{0}x\u{0}", 2);
    let deep = format!("\"findings\":[],\"more\":{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = good.replace("\"findings\":[]", &deep);
    assert!(read(deep.as_bytes()).is_ok_and(|(lines, _)| lines == 1), "ignored values may be deeply nested");
    // A request is not an asset.
    case("{\"index\":1,\"file\":\"a\",\"line\":1,\"verdict\":\"accepted\",\"assets\":[],\"predicted\":null}\n", 2);
    assert!(matches!(ResumeLog::new(good.as_bytes()).next_request(), Err(ResumeLogError::Foreign(1))));
}

#[test]
fn invalid_utf8_is_refused_even_in_ignored_values() {
    let good = String::from_utf8(written(&ASSETS[1..2], &[])).expect("UTF-8");
    let (before, after) = good.split_once("\"transport\":\"").expect("its transport");
    for bytes in [&b"\xff"[..], b"\xed\xa0\x80", b"\xc3"] {
        let text = [before.as_bytes(), b"\"transport\":\"", bytes, after.as_bytes()].concat();
        assert!(matches!(read(&text), Err(ResumeLogError::Foreign(1))), "{bytes:?}");
    }
    assert!(read(good.as_bytes()).is_ok_and(|(lines, _)| lines == 1));
}

#[test]
fn an_endless_line_is_bounded() {
    let endless = io::BufReader::new(BEGINNING.chain(io::repeat(b'1')));
    let mut log = ResumeLog::new(endless);
    assert!(matches!(log.next_asset(), Err(ResumeLogError::TooLong(1))));
    assert!(log.text.len() as u64 <= MAX_LINE);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..256)) {
        let _ = read(&bytes);
        let lines = [BEGINNING, &bytes].concat();
        let _ = read(&lines);
        let _ = ResumeLog::new(&lines[..]).next_request();
    }

    #[test]
    fn a_changed_byte_is_refused_or_read(at in 0_usize..900, byte in proptest::prelude::any::<u8>()) {
        let mut text = written(&ASSETS, &[]);
        let at = at.min(text.len() - 1);
        text[at] = byte;
        if let Ok((lines, end)) = read(&text) {
            proptest::prop_assert!(lines <= 4 && end <= text.len() as u64);
        }
    }
}
