//! Words for a shell: text from outside in a command that somebody pastes.
//!
//! Between single quotes a POSIX shell obeys nothing: no `$`, no backquote, no `!`. Only the quote itself ends them; it is
//! written between double quotes, because backslashes do not reach every reader of a report as they are.

use crate::text::untrusted::{UntrustedText, escape};

/// Writes a text as one word of a shell that stands for exactly this text, or none where it cannot be shown as it is:
/// empty, longer than [`LONGEST`], or with characters that some output escapes: backslashes, and what steers or hides
/// text, which a terminal might obey when pasting.
#[must_use]
pub fn quote(text: &str) -> Option<String> {
    is_plain(text).then(|| format!("'{}'", text.replace('\'', r#"'"'"'"#)))
}

/// The longest text that becomes a word, in bytes: the API's longest URL, escaped.
pub const LONGEST: usize = 8192;

/// Says whether a text is shown everywhere as it is: every output escapes what this refuses.
fn is_plain(text: &str) -> bool {
    let as_it_is = |letter: char| {
        if letter == '\\' {
            return false;
        }
        let mut shown = String::new();
        escape(letter, &mut shown).is_ok() && shown.chars().eq([letter])
    };
    let fits = !text.is_empty() && text.len() <= LONGEST && text.chars().all(as_it_is);
    fits && UntrustedText::from(text).escaped_up_to(LONGEST).to_string() == text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_is_quoted_whole_or_refused() {
        let case = |text: &str, expected: Option<&str>| assert_eq!(quote(text).as_deref(), expected, "{text}");
        case("a b", Some("'a b'"));
        case("it's", Some(r#"'it'"'"'s'"#));
        case("$(id) `id` $HOME !! \"", Some("'$(id) `id` $HOME !! \"'"));
        case("-rf", Some("'-rf'"));
        case("é漢", Some("'é漢'"));
        for text in ["", "a\nb", "a\rb", "\u{1b}[201~", "a\u{202e}b", "\0", "\u{9b}", "::error::", "a\u{200b}", "a\\b"]
        {
            case(text, None);
        }
        case(&"a".repeat(LONGEST), Some(&format!("'{}'", "a".repeat(LONGEST))));
        case(&"a".repeat(LONGEST + 1), None);
    }

    /// Pastes a command into a shell: what it prints is the words that the command was given.
    fn pasted(command: &str) -> String {
        let output = Command::new("bash").args(["--norc", "-c", command]).output().expect("bash");
        assert!(output.status.success() && output.stderr.is_empty(), "{command}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn pasting_runs_nothing_else(text in r#"([ -~]|[$`'"\\;&|<>(){}*?!#~-]|[é漢🙂]|\PC){1,40}"#) {
            if let Some(word) = quote(&text) {
                prop_assert_eq!(pasted(&format!("printf %s -- {word} {word}")), format!("--{text}{text}"));
                prop_assert_eq!(pasted(&format!("printf %s --name={word}")), format!("--name={text}"));
            }
        }

        #[test]
        fn what_is_written_stands_on_one_line(text in any::<String>()) {
            if let Some(word) = quote(&text) {
                prop_assert!(!word.chars().any(char::is_control));
            }
        }
    }
}
