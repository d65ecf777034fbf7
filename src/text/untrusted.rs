//! Text that came from outside: it has no raw `Display`, so it cannot reach a terminal, a log or a report by accident.

use std::fmt::{self, Write as _};

/// Text from a server, a file or a user: untrusted, and perhaps not UTF-8.
///
/// Printing goes through [`UntrustedText::shown`], which escapes and shortens; `Debug` does the same.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct UntrustedText(Vec<u8>);

impl UntrustedText {
    /// Takes bytes as they came.
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

    /// Prints on one line, at most 128 characters: whatever a terminal could obey or hide is escaped (see [`escape`]).
    #[must_use]
    pub fn escaped(&self) -> impl fmt::Display + '_ {
        Shown { bytes: &self.0, limit: SHOWN_CHARACTERS }
    }

    /// Prints like [`UntrustedText::shown`] with another bound on the characters.
    #[must_use]
    pub fn escaped_up_to(&self, limit: usize) -> impl fmt::Display + '_ {
        Shown { bytes: &self.0, limit }
    }
}

impl From<&str> for UntrustedText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for UntrustedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outside({})", self.escaped())
    }
}

/// How many characters of a text from outside are echoed: a header field of a line and a half.
const SHOWN_CHARACTERS: usize = 128;

struct Shown<'a> {
    bytes: &'a [u8],
    limit: usize,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.limit;
        let mut before = '\0';
        for chunk in self.bytes.utf8_chunks() {
            for (at, character) in chunk.valid().char_indices() {
                if left == 0 {
                    return f.write_char('…');
                }
                left -= 1;
                // A second `:` or `#` in a row would begin a command in the log of a CI runner.
                let doubled = character == before && matches!(character, ':' | '#');
                if doubled || begins_section(chunk.valid(), at) {
                    write!(f, "\\x{:02x}", u32::from(character))?;
                    before = '\0';
                } else {
                    escape(character, f)?;
                    before = character;
                }
            }
            for byte in chunk.invalid() {
                if left == 0 {
                    return f.write_char('…');
                }
                left -= 1;
                write!(f, "\\x{byte:02x}")?;
                before = '\0';
            }
        }
        Ok(())
    }
}

/// Says whether the colon at this place would open or close a section in the log of a GitLab runner, which takes these
/// words for a command anywhere in a line.
#[must_use]
pub fn begins_section(text: &str, colon: usize) -> bool {
    let at = text.get(..colon).zip(text.get(colon..));
    at.is_some_and(|(before, rest)| rest.starts_with(':') && SECTIONS.iter().any(|word| before.ends_with(word)))
}

const SECTIONS: [&str; 2] = ["section_start", "section_end"];

/// Writes one character so that it can be seen and not obeyed: C0 and C1 controls as `\x1b`, characters that steer
/// or hide text (direction marks, zero width, line and paragraph separators, tags, private and unassigned-looking
/// ranges used for smuggling) as `\u{202e}`; the rest as it is.
///
/// # Errors
/// Only when `out` refuses.
pub fn escape(character: char, out: &mut impl fmt::Write) -> fmt::Result {
    match character {
        '\0'..='\x1f' | '\x7f'..='\u{9f}' => write!(out, "\\x{:02x}", u32::from(character)),
        '\u{a0}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{2000}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3000}'
        | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{ffff}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}'
        // Combining marks are escaped as well: five hundred of them on one letter overwrite the lines around it.
        | '\u{300}'..='\u{34e}'
        | '\u{350}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' => write!(out, "\\u{{{:x}}}", u32::from(character)),
        character => out.write_char(character),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_could_obey_is_shown_as_text() {
        let case = |bytes: &[u8], text: &str| assert_eq!(UntrustedText::new(bytes).escaped().to_string(), text);
        case(b"image/png", "image/png");
        case(b"\x1b[2J\x07", "\\x1b[2J\\x07");
        case(b"a\r\nb\tc", "a\\x0d\\x0ab\\x09c");
        case(b"\x9b31m", "\\x9b31m");
        case("\u{9b}\u{85}\u{202e}\u{200b}".as_bytes(), "\\x9b\\x85\\u{202e}\\u{200b}");
        case("é漢🙂".as_bytes(), "é漢🙂");
        case("e\u{301}".as_bytes(), "e\\u{301}");
        case(b"::error::x", ":\\x3aerror:\\x3ax");
        case(b"##[group] ###", "#\\x23[group] #\\x23#");
        case(b"section_start:0:a section_end:0:a section:", "section_start\\x3a0:a section_end\\x3a0:a section:");
        case(b"", "");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_one_harmless_line_and_stays_as_it_is(text in "(::|##|section_(start|end):|\\x1b|\\PC|[\0-\u{9f}]|[\u{300}-\u{36f}]|[\u{2000}-\u{206f}]|[\u{e0000}-\u{e007f}]){0,40}") {
            let shown = UntrustedText::from(text.as_str()).escaped_up_to(usize::MAX).to_string();
            prop_assert!(!shown.chars().any(char::is_control), "{}", shown);
            prop_assert!(!["::", "##", "section_start:", "section_end:"].iter().any(|word| shown.contains(word)), "{}", shown);
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
    fn long_text_is_cut_and_says_so() {
        let shown = UntrustedText::new(vec![b'a'; 1000]).escaped().to_string();
        assert_eq!(shown.chars().count(), 129);
        assert!(shown.ends_with('…'));
        assert_eq!(UntrustedText::from("abcdef").escaped_up_to(3).to_string(), "abc…");
        assert_eq!(UntrustedText::new(vec![0xff; 9]).escaped_up_to(3).to_string(), "\\xff\\xff\\xff…");
        assert_eq!(UntrustedText::new(*b"a\xff\xffb").escaped_up_to(3).to_string(), "a\\xff\\xff…");
        assert_eq!(UntrustedText::new(*b"ab\xff").escaped_up_to(3).to_string(), "ab\\xff");
    }

    #[test]
    fn only_utf_8_is_given_out_as_text() {
        assert_eq!(UntrustedText::from("é").as_str(), Some("é"));
        assert_eq!(UntrustedText::new(*b"a\xff").as_str(), None);
        assert_eq!(UntrustedText::new(*b"a\xff").as_bytes(), b"a\xff");
    }

    #[test]
    fn debug_escapes_too() {
        assert_eq!(format!("{:?}", UntrustedText::new(*b"\x1b]0;x")), "Outside(\\x1b]0;x)");
    }
}
