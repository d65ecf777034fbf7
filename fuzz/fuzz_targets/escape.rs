//! Untrusted text in every output: readers get the same text back, and nothing else takes effect.
#![no_main]

use comrak::nodes::NodeValue;
use libfuzzer_sys::fuzz_target;
use runway_preflight::asset::Location;
use runway_preflight::output::escape::{github, html, json, markdown, sarif, visible, xml};
use runway_preflight::report::RequestContext;
use runway_preflight::text::secret::{redact_url, QueryRedaction};
use runway_preflight::{Asset, Finding, CheckOptions, UntrustedText, Reason, Lint, Report, Verdict};
use runway_preflight::text::shell;
use runway_preflight_fuzz::{Scripted, checked, expect_plain, in_time, written_harmlessly};

fuzz_target!(|bytes: &[u8]| in_time(bytes, || check(bytes)));

fn check(bytes: &[u8]) {
    shown(bytes);
    let text = String::from_utf8_lossy(bytes);
    json_comes_back(&text);
    github_comes_back(&text);
    markdown_comes_back(&text);
    sarif_comes_back(&text);
    stays_below(bytes);
    xml_comes_back(&text);
    html_comes_back(&text);
    shell_word(&text);
    redacted(&text);
    in_a_report(&text);
}

fn shown(bytes: &[u8]) {
    let outside = UntrustedText::new(bytes);
    let shown = outside.escaped().to_string();
    expect_plain(&shown);
    assert!(!shown.contains('\n'));
    // 128 characters, each of ten at most (`\u{10ffff}`), and the mark of a cut.
    assert!(shown.chars().count() <= 128 * 10 + 1);
    assert_eq!(visible(&shown), shown, "what is visible stays as it is");
    assert!(format!("{outside:?}").contains(&shown));
}

fn html_comes_back(text: &str) {
    let written = format!("<p title=\"{0}\">{0}</p>", html::text(text));
    let read = roxmltree::Document::parse(&written).expect("well-formed");
    assert_eq!(read.root_element().text().unwrap_or_default(), visible(text));
    assert_eq!(read.root_element().attribute("title"), Some(visible(text).as_str()));
}

fn json_comes_back(text: &str) {
    let written = json(&serde_json::to_string(text).expect("a string"));
    assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), text);
    expect_plain(&written);
    assert!(!written.contains("::") && !written.contains("##"));
}

fn github_comes_back(text: &str) {
    let undo = |text: &str, codes: &[(&str, &str)]| {
        codes.iter().fold(text.to_owned(), |text, (code, character)| text.replace(code, character))
    };
    const DATA: [(&str, &str); 3] = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
    const PROPERTY: [(&str, &str); 5] = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    let (data, property) = (github::data(text), github::property(text));
    assert_eq!(undo(&data, &DATA), text);
    assert_eq!(undo(&property, &PROPERTY), text);
    assert!(!data.contains(['\r', '\n']) && !property.contains(['\r', '\n', ':', ',']));
    let cut = github::data_up_to(text, 40);
    assert!(cut.len() <= 40);
    let cut = undo(&cut, &DATA);
    assert!(text.starts_with(cut.strip_suffix('…').unwrap_or(&cut)));
}

fn markdown_comes_back(text: &str) {
    let span = markdown::code_span(text);
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    let arena = comrak::Arena::new();
    let page = format!("| a | b |\n|---|---|\n| {span} | z |\n");
    let (mut read, mut cells) = (Vec::new(), 0);
    for node in comrak::parse_document(&arena, &page, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::Code(code) => read.push(code.literal.clone()),
            NodeValue::TableCell => cells += 1,
            NodeValue::Document | NodeValue::Table(_) | NodeValue::TableRow(_) | NodeValue::Text(_) => {}
            other => panic!("{span} has {other:?}"),
        }
    }
    assert_eq!(cells, 4, "{span}");
    let shown = visible(text).replace("\\|", "\\x5c|");
    // GitHub's parser accepts no fence beyond 80 backticks.
    let shown = if shown.contains(&"`".repeat(65)) { shown.replace('`', "\\x60") } else { shown };
    let expected = Some(shown).filter(|text| !text.is_empty());
    assert_eq!(read, expected.into_iter().collect::<Vec<_>>(), "{span}");
}

fn sarif_comes_back(text: &str) {
    let message = sarif::message(text);
    assert!(!message.contains("]("));
    let mut read = String::new();
    let mut characters = message.chars();
    while let Some(character) = characters.next() {
        if matches!(character, '{' | '}') {
            assert_eq!(characters.next(), Some(character), "a placeholder in {message}");
        }
        read.push(character);
    }
    let lines: Vec<String> = text.split('\n').map(visible).collect();
    assert_eq!(read, lines.join("\n").replace("](", "]\\x28"));
}

fn stays_below(path: &[u8]) {
    let Some(uri) = sarif::relative_path(path).map(|path| sarif::encoded_path(&path)) else { return };
    let root = url::Url::parse("https://host.invalid/root/folder/").expect("a URL");
    let url = root.join(&uri).expect("a relative reference");
    assert_eq!(url.as_str(), format!("{root}{uri}"));
}

fn xml_comes_back(text: &str) {
    let escaped = xml(text).replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let document = format!("<a b=\"{escaped}\"/>");
    let document = roxmltree::Document::parse(&document).expect("well-formed");
    assert_eq!(document.root_element().attribute("b"), Some(visible(text).as_str()));
}

/// Reads a word as a POSIX shell does.
fn shell_word(text: &str) {
    let Some(word) = shell::word(text) else { return };
    // A word without quotes has nothing that a shell interprets.
    if word == text {
        assert!(word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:=,+%@".contains(letter)), "{word}");
        return expect_plain(&word);
    }
    let (mut read, mut quote) = (String::new(), None);
    for character in word.chars() {
        match quote {
            None => match character {
                '\'' | '"' => quote = Some(character),
                other => panic!("{other} is outside of quotes: {word}"),
            },
            Some(open) if character == open => quote = None,
            Some('"') => {
                assert_eq!(character, '\'', "{word}");
                read.push(character);
            }
            Some(_) => read.push(character),
        }
    }
    assert_eq!(quote, None, "{word}");
    assert_eq!(read, text);
    expect_plain(&word);
}

/// No fragment is kept, and a token behind any URL is redacted.
fn redacted(text: &str) {
    assert!(!redact_url(text, QueryRedaction::Redact).contains('#'));
    let joint = if text.contains('?') { '&' } else { '?' };
    let signed = redact_url(&format!("{text}{joint}token={TOKEN}"), QueryRedaction::Redact);
    assert!(text.contains(TOKEN) || !signed.contains(TOKEN), "{signed}");
}

const TOKEN: &str = "hush-0123456789abcdef";

/// A report with this text wherever untrusted text can appear.
fn in_a_report(text: &str) {
    let report = checked(Scripted::default(), &Asset::new("https://cdn.example.com/a"), &CheckOptions::default());
    let sent = UntrustedText::from(text);
    let mut findings = vec![
        Finding::reason(Reason::UnsupportedContentType { sent: sent.clone() }, visible(text)).with_hint(visible(text)),
        Finding::schema(sent.clone(), visible(text)),
        Finding::lint(Lint::TypeMismatch, visible(text)),
        Finding::lint(Lint::Http2OnlyHost, visible(text)),
    ];
    findings[0].is_api_finding = true;
    let report = Report {
        asset: sent.clone(),
        location: Some(Location { file: sent.clone(), line: 3, column: 5 }),
        field: Some(sent),
        verdict: Verdict::of(&findings),
        request: Some(RequestContext { index: 0, blocked_by_schema: false }),
        findings,
        ..report
    };
    written_harmlessly(&report, text.as_bytes());
}
