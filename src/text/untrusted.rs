//! Text from outside: it has no raw `Display`, so that it cannot reach a terminal, a log or a report by accident.

use std::fmt::{self, Write as _};

use super::secret::ReflectedSecrets;
use unicode_general_category::{GeneralCategory, get_general_category};

/// Text from a server, a file or a user: untrusted, and perhaps not UTF-8.
///
/// Printing goes through [`UntrustedText::escaped`], which escapes and crops; `Debug` does the same.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct UntrustedText(Vec<u8>);

impl UntrustedText {
    /// Wraps bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Returns the bytes for comparing and parsing, never for printing.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the text for comparing and parsing, never for printing; `None` where it is not UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Prints at most 128 characters on one line: what a terminal could interpret or hide is escaped (see [`escape`]).
    #[must_use]
    pub fn escaped(&self) -> impl fmt::Display + '_ {
        Escaped { bytes: &self.0, limit: MAX_SHOWN }
    }

    /// Prints like [`UntrustedText::escaped`] with another limit on the characters.
    #[must_use]
    pub fn escaped_up_to(&self, limit: usize) -> impl fmt::Display + '_ {
        Escaped { bytes: &self.0, limit }
    }

    /// Redacts secrets that a server repeats; what is not UTF-8 is replaced where there are any.
    pub fn redact(&mut self, secrets: &ReflectedSecrets) {
        let text = String::from_utf8_lossy(&self.0);
        let redacted = secrets.redact(&text);
        if redacted != text {
            self.0 = redacted.into_bytes();
        }
    }
}

impl From<&str> for UntrustedText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for UntrustedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UntrustedText({})", self.escaped())
    }
}

/// How many characters of untrusted text are printed by default: about one and a half lines.
const MAX_SHOWN: usize = 128;

struct Escaped<'a> {
    bytes: &'a [u8],
    limit: usize,
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.limit;
        // The last two characters that were written as they are.
        let [mut earlier, mut before] = ['\0'; 2];
        for chunk in self.bytes.utf8_chunks() {
            for (at, character) in chunk.valid().char_indices() {
                if left == 0 {
                    return f.write_char('…');
                }
                left -= 1;
                // A second `:` or `#` in a row would begin a command in the log of a CI runner.
                let doubled = character == before && matches!(character, ':' | '#');
                let doubled = doubled && !(character == ':' && is_address(earlier, chunk.valid(), at));
                if doubled || begins_section(chunk.valid(), at) {
                    write!(f, "\\x{:02x}", u32::from(character))?;
                    [earlier, before] = ['\0'; 2];
                } else {
                    escape(character, f)?;
                    [earlier, before] = [before, character];
                }
            }
            for byte in chunk.invalid() {
                if left == 0 {
                    return f.write_char('…');
                }
                left -= 1;
                write!(f, "\\x{byte:02x}")?;
                [earlier, before] = ['\0'; 2];
            }
        }
        Ok(())
    }
}

/// Reports whether `::`, which ends at this position, belongs to an IPv6 address: `fe80::1`, `[::1]`, `::1`. Commands
/// stand at the start of a line, and their names are words with letters behind `f`, or with a hyphen.
fn is_address(before: char, text: &str, second: usize) -> bool {
    let after = text.get(second.saturating_add(1)..).unwrap_or_default();
    let is_digit = |character: char| character.is_ascii_hexdigit() || ":.".contains(character);
    let next = after.trim_start_matches(is_digit).chars().next();
    let ends = next.is_none_or(|next| !next.is_alphanumeric() && !"-_".contains(next));
    ends && (before == '[' || before.is_ascii_hexdigit() || after.starts_with(|first: char| first.is_ascii_hexdigit()))
}

/// Reports whether the colon at this position would open or close a section in the log of a GitLab runner, which
/// interprets these words anywhere in a line.
#[must_use]
pub fn begins_section(text: &str, colon: usize) -> bool {
    let at = text.get(..colon).zip(text.get(colon..));
    at.is_some_and(|(before, rest)| rest.starts_with(':') && SECTIONS.iter().any(|word| before.ends_with(word)))
}

const SECTIONS: [&str; 2] = ["section_start", "section_end"];

/// Writes one character so that it is visible and not interpreted: control characters as `\x1b`, all others that are not
/// visible on their own (see [`is_visible`]) as `\u{202e}`, the rest as it is.
///
/// # Errors
/// Only when `out` fails.
pub fn escape(character: char, out: &mut impl fmt::Write) -> fmt::Result {
    match character {
        ' '..='~' => out.write_char(character),
        '\0'..='\u{9f}' => write!(out, "\\x{:02x}", u32::from(character)),
        character if is_visible(character) => out.write_char(character),
        character => write!(out, "\\u{{{:x}}}", u32::from(character)),
    }
}

/// Reports whether a character is visible on its own, by its general category: not a control or format character, not a
/// separator other than a space, not private or unassigned, and not a combining mark, hundreds of which on one letter
/// overwrite the lines around it.
#[must_use]
pub fn is_visible(character: char) -> bool {
    use GeneralCategory as C;
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // Letters and symbols by category, but blank.
    if matches!(character, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{1d159}') {
        return false;
    }
    !matches!(
        get_general_category(character),
        C::Control
            | C::Format
            | C::Surrogate
            | C::PrivateUse
            | C::Unassigned
            | C::SpaceSeparator
            | C::LineSeparator
            | C::ParagraphSeparator
            | C::NonspacingMark
            | C::SpacingMark
            | C::EnclosingMark
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_could_interpret_is_escaped() {
        let case = |bytes: &[u8], text: &str| assert_eq!(UntrustedText::new(bytes).escaped().to_string(), text);
        case(b"image/png", "image/png");
        case(b"\x1b[2J\x07", "\\x1b[2J\\x07");
        case(b"a\r\nb\tc", "a\\x0d\\x0ab\\x09c");
        case(b"\x9b31m", "\\x9b31m");
        case("\u{9b}\u{85}\u{202e}\u{200b}".as_bytes(), "\\x9b\\x85\\u{202e}\\u{200b}");
        case("é漢🙂".as_bytes(), "é漢🙂");
        case("e\u{301}".as_bytes(), "e\\u{301}");
        case("\u{e01}\u{e31}\u{5b0}\u{64b}\u{93e}".as_bytes(), "\u{e01}\\u{e31}\\u{5b0}\\u{64b}\\u{93e}");
        case("\u{1bca0}\u{1680}\u{110bd}\u{20dd}".as_bytes(), "\\u{1bca0}\\u{1680}\\u{110bd}\\u{20dd}");
        case(b"::error::x", ":\\x3aerror:\\x3ax");
        case(b"or ::1, fd00:1::/64 and https://[::]/a", "or ::1, fd00:1::/64 and https://[::]/a");
        case(b"a ::error::x", "a :\\x3aerror:\\x3ax");
        case(b"%0A::add-mask::1", "%0A:\\x3aadd-mask::1");
        case(b"##[group] ###", "#\\x23[group] #\\x23#");
        case(b"section_start:0:a section_end:0:a section:", "section_start\\x3a0:a section_end\\x3a0:a section:");
        case(b"", "");
    }

    proptest! {
        #[test]
        fn escaped_text_is_one_harmless_line_and_escapes_to_itself(text in "(::|##|section_(start|end):|\\x1b|\\PC|[\0-\u{9f}]|[\u{300}-\u{36f}]|[\u{2000}-\u{206f}]|[\u{e0000}-\u{e007f}]){0,40}") {
            let shown = UntrustedText::from(text.as_str()).escaped_up_to(usize::MAX).to_string();
            prop_assert!(!shown.chars().any(char::is_control), "{}", shown);
            let commands = shown.match_indices("::").filter(|(at, _)| {
                let before = shown[..*at].chars().next_back().unwrap_or_default();
                !is_address(before, &shown, at + 1)
            });
            prop_assert_eq!(commands.count(), 0, "{}", shown);
            prop_assert!(!["##", "section_start:", "section_end:"].iter().any(|word| shown.contains(word)), "{}", shown);
            let again = UntrustedText::from(shown.as_str()).escaped_up_to(usize::MAX).to_string();
            prop_assert_eq!(again, shown);
        }

        #[test]
        fn any_bytes_can_be_shown(bytes in proptest::collection::vec(any::<u8>(), 0..60), limit in 0_usize..40) {
            let shown = UntrustedText::new(bytes).escaped_up_to(limit).to_string();
            // The longest escape is `\u{10ffff}`.
            prop_assert!(shown.chars().count() <= limit * 10 + 1, "{}", shown);
        }
    }

    #[test]
    fn long_text_is_truncated_with_an_ellipsis() {
        let shown = UntrustedText::new(vec![b'a'; 1000]).escaped().to_string();
        assert_eq!(shown.chars().count(), 129);
        assert!(shown.ends_with('…'));
        assert_eq!(UntrustedText::from("abcdef").escaped_up_to(3).to_string(), "abc…");
        assert_eq!(UntrustedText::new(vec![0xff; 9]).escaped_up_to(3).to_string(), "\\xff\\xff\\xff…");
        assert_eq!(UntrustedText::new(*b"a\xff\xffb").escaped_up_to(3).to_string(), "a\\xff\\xff…");
        assert_eq!(UntrustedText::new(*b"ab\xff").escaped_up_to(3).to_string(), "ab\\xff");
    }

    #[test]
    fn only_utf_8_is_returned_as_text() {
        assert_eq!(UntrustedText::from("é").as_str(), Some("é"));
        assert_eq!(UntrustedText::new(*b"a\xff").as_str(), None);
        assert_eq!(UntrustedText::new(*b"a\xff").as_bytes(), b"a\xff");
    }

    #[test]
    fn debug_escapes_too() {
        assert_eq!(format!("{:?}", UntrustedText::new(*b"\x1b]0;x")), "UntrustedText(\\x1b]0;x)");
    }
}
