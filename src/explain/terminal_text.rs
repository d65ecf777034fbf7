//! A text as a terminal shows it: without colors and cursor movements (ECMA-48, section 5), and without what was
//! overwritten.

use std::borrow::Cow;

/// How programs and logs write the two characters that introduce a control sequence.
const WRITTEN: [&str; 8] = ["\\u001b[", "\\u001B[", "\\x1b[", "\\x1B[", "\\033[", "\\e[", "^[[", "#033["];

/// Removes control sequences and control characters; a carriage return becomes a line break.
pub(super) fn without_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) && !WRITTEN.iter().any(|written| text.contains(written)) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        if let Some(after) = after_sequence(rest) {
            rest = after;
            continue;
        }
        let mut characters = rest.chars();
        let Some(first) = characters.next() else { break };
        rest = characters.as_str();
        match first {
            '\r' if rest.starts_with('\n') => {}
            '\r' => plain.push('\n'),
            '\u{8}' => drop(plain.pop()),
            first if is_control(first) => {}
            first => plain.push(first),
        }
    }
    Cow::Owned(plain)
}

fn is_control(character: char) -> bool {
    character == '\r' || character.is_control() && !character.is_whitespace()
}

/// Returns what follows a control sequence at the beginning of a text.
fn after_sequence(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('\u{9b}') {
        return Some(after_parameters(rest));
    }
    let Some(rest) = text.strip_prefix('\u{1b}') else {
        let rest = WRITTEN.iter().find_map(|written| text.strip_prefix(written))?;
        // Anything but a color may be text.
        let after = rest.trim_start_matches(|next: char| next.is_ascii_digit() || next == ';');
        return after.strip_prefix(['m', 'K']);
    };
    let mut characters = rest.chars();
    match characters.next() {
        Some('[') => Some(after_parameters(characters.as_str())),
        Some(']' | 'P' | 'X' | '^' | '_') => Some(after_string(characters.as_str())),
        Some(' '..='~') => Some(after_final(rest)),
        Some(_) | None => Some(rest),
    }
}

/// Skips the parameters of a control sequence, and what ends it.
fn after_parameters(text: &str) -> &str {
    after_final(text.trim_start_matches(|next| matches!(next, '0'..='?')))
}

/// Skips the intermediate characters of a sequence, and the character that ends it.
fn after_final(text: &str) -> &str {
    let rest = text.trim_start_matches(|next| matches!(next, ' '..='/'));
    rest.strip_prefix(|next| matches!(next, '0'..='~')).unwrap_or(rest)
}

/// Skips a string such as the address of a link or the title of the window, which does not go beyond its line.
fn after_string(text: &str) -> &str {
    let end = text.find(['\u{7}', '\u{1b}', '\u{9c}', '\n']).unwrap_or(text.len());
    let rest = text.get(end..).unwrap_or_default();
    ["\u{7}", "\u{1b}\\", "\u{9c}"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_interprets_is_removed() {
        let case = |text: &str, plain: &str| assert_eq!(without_controls(text), plain, "{text:?}");
        case("\u{1b}[2K\u{1b}[1;36mOnly\u{1b}[0m HTTPS\u{1b}[m", "Only HTTPS");
        case("\u{1b}]8;;https://h.com\u{1b}\\link\u{1b}]8;;\u{7}.", "link.");
        case("\u{1b}(B\u{1b}=a\u{9b}31mb\u{1b}", "ab");
        case("a\r\nb\rc\r", "a\nb\nc\n");
        case("4\u{8}\u{8}\u{8}404\0", "404");
        case("\u{1b}]0;title\nb", "\nb");
        case("\\u001b[32m\"404\"\\x1b[0m ^[[1mB^[[K #033[4mC", "\"404\" B C");
        for text in ["", "a\tb\nc", "\\u001b[", "^[[a-z]", "#033[;", "[0m"] {
            assert!(matches!(without_controls(text), Cow::Borrowed(_)) || without_controls(text) == text, "{text:?}");
        }
    }
}
