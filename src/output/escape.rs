//! Text for a channel: what came from outside must arrive as the same text, and do nothing else.

use std::fmt::Write as _;

use crate::text::untrusted::{UntrustedText, begins_section, escape};

pub mod github;
pub mod html;
pub mod markdown;
pub mod sarif;

/// Makes text safe to stand on one line of any log: whatever a terminal or a CI runner could obey is shown as text,
/// as `UntrustedText::escaped` does, without a bound. Text that was made visible before stays as it is.
#[must_use]
pub fn visible(text: &str) -> String {
    UntrustedText::from(text).escaped_up_to(usize::MAX).to_string()
}

/// Makes visible text safe to stand before a colon of ours, with which one at its own end would begin a command of a
/// workflow.
pub(super) fn before_colon(visible: String) -> String {
    match visible.strip_suffix(':') {
        Some(before) => format!("{before}\\x3a"),
        None => visible,
    }
}

/// Makes text safe for XML 1.0, whose documents may not hold most controls, not even as references. Markup is for
/// the writer of the document to escape.
#[must_use]
pub fn xml(text: &str) -> String {
    visible(text)
}

/// Makes a serialised JSON document safe to print: characters that steer or hide text become `\u` escapes, and so
/// does one character of `::`, `##` and `section_start:`, which would begin a command in the log of a CI runner. A
/// parser reads the same values as before, because outside of strings JSON has none of these.
#[must_use]
pub fn json(document: &str) -> String {
    if is_plain(document) {
        return document.to_owned();
    }
    let mut safe = String::with_capacity(document.len());
    let (mut copied, mut before) = (0, '\0');
    for (at, character) in document.char_indices() {
        // Nearly every character of a report is none of these.
        let doubled =
            character == before && matches!(character, ':' | '#') || character == ':' && begins_section(document, at);
        if !doubled && (matches!(character, '\0'..='~') || !steers(character)) {
            before = character;
            continue;
        }
        safe.push_str(document.get(copied..at).unwrap_or_default());
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(safe, "\\u{unit:04x}");
        }
        copied = at + character.len_utf8();
        before = '\0';
    }
    safe.push_str(document.get(copied..).unwrap_or_default());
    safe
}

/// Says at a glance that nothing in a document needs an escape; that is so of most.
fn is_plain(document: &str) -> bool {
    let marks = ["\x7f", "::", "##", "section_"];
    document.is_ascii() && !marks.iter().any(|mark| document.contains(mark))
}

/// Says whether a character would be escaped on a terminal. Line ends and tabs of a pretty document stay.
fn steers(character: char) -> bool {
    if character.is_ascii() {
        return character == '\x7f';
    }
    let mut shown = String::new();
    let _ = escape(character, &mut shown);
    shown.starts_with('\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_value_comes_back_from_a_parser(text in "(::|##|section_start:|\\\\|\"|[\0-\u{9f}]|[\u{2000}-\u{206f}]|[\u{e0000}-\u{e007f}]|\\PC){0,40}") {
            let value = serde_json::json!({ text.as_str(): [text.as_str(), 1], "b": null });
            for document in [value.to_string(), format!("{value:#}")] {
                let written = json(&document);
                prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&written).expect("JSON"), &value);
                prop_assert!(!["::", "##", "section_start:"].iter().any(|word| written.contains(word)), "{}", written);
                prop_assert!(!written.chars().any(|letter| letter != '\n' && (letter.is_control() || steers(letter))));
                prop_assert_eq!(written.lines().count(), document.lines().count());
            }
        }
    }

    #[test]
    fn json_values_survive_and_steer_nothing() {
        let values = [
            "::error::x",
            "##[group]",
            "####",
            "a\u{202e}b\u{9b}\u{85}",
            "é🙂\u{e0041}",
            "\x1b[2J\r\n\t\x7f",
            "a:b # c",
        ];
        for value in values {
            let written = json(&serde_json::to_string(value).expect("a string"));
            assert_eq!(serde_json::from_str::<String>(&written).expect("still JSON"), value);
            assert!(!written.contains("::") && !written.contains("##"), "{written}");
            assert!(!written.chars().any(|character| character.is_control() || steers(character)), "{written}");
        }
    }

    #[test]
    fn the_frame_of_a_document_stays() {
        let document = "{\n  \"a é漢🙂\": [1, {\"b\": null}]\n}";
        assert_eq!(json(document), document);
    }

    #[test]
    fn xml_has_no_character_that_its_documents_may_not_hold() {
        assert_eq!(xml("a\x1b[2J\r\n\u{fffe}\u{1}é <&>"), "a\\x1b[2J\\x0d\\x0a\\u{fffe}\\x01é <&>");
    }
}
