//! Escapes text for output channels: untrusted text must be shown as text, and must not be interpreted.

use std::fmt::Write as _;

use crate::text::untrusted::{UntrustedText, begins_section, escape};

pub mod github;
pub mod html;
pub mod markdown;
pub mod sarif;

/// Makes text safe to print on one line of any log. Everything that a terminal or a CI runner could interpret is
/// escaped, as by `UntrustedText::escaped`, but without a length limit. Text that is already escaped is unchanged.
#[must_use]
pub fn visible(text: &str) -> String {
    UntrustedText::from(text).escaped_up_to(usize::MAX).to_string()
}

/// Makes escaped text safe to print before a colon: together with a colon at the end of the text, it would start a
/// workflow command.
pub(super) fn before_colon(visible: String) -> String {
    match visible.strip_suffix(':') {
        Some(before) => format!("{before}\\x3a"),
        None => visible,
    }
}

/// Makes text safe for XML 1.0, which does not allow most control characters, not even as references. Markup must be
/// escaped by the caller.
#[must_use]
pub fn xml(text: &str) -> String {
    visible(text)
}

/// Makes a serialized JSON document safe to print: characters that control or hide text become `\u` escapes, and so
/// does one character of `::`, `##` and `section_start:`, which would start a command in the log of a CI runner. A
/// parser reads the same values as before, because these sequences occur only inside JSON strings.
#[must_use]
pub fn json(document: &str) -> String {
    if is_plain(document) {
        return document.to_owned();
    }
    let mut safe = String::with_capacity(document.len());
    let (mut copied, mut before) = (0, '\0');
    for (at, character) in document.char_indices() {
        // Nearly every character of a report needs no escape.
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

/// Returns true if nothing in a document needs an escape. This fast check covers most documents.
fn is_plain(document: &str) -> bool {
    let marks = ["\x7f", "::", "##", "section_"];
    document.is_ascii() && !marks.iter().any(|mark| document.contains(mark))
}

/// Returns whether a character would be escaped on a terminal. Newlines and tabs of an indented document are kept.
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
    fn json_values_are_preserved_and_harmless() {
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
    fn the_layout_of_a_document_is_unchanged() {
        let document = "{\n  \"a é漢🙂\": [1, {\"b\": null}]\n}";
        assert_eq!(json(document), document);
    }

    #[test]
    fn xml_has_no_disallowed_characters() {
        assert_eq!(xml("a\x1b[2J\r\n\u{fffe}\u{1}é <&>"), "a\\x1b[2J\\x0d\\x0a\\u{fffe}\\x01é <&>");
    }
}
