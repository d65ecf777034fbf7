//! Quoting for a shell: text from outside in a command that the user pastes.
//!
//! Between single quotes a POSIX shell interprets nothing: no `$`, no backquote, no `!`. Only the quote itself ends them; it
//! is written between double quotes, because some output formats change backslashes.

use crate::text::untrusted::{UntrustedText, escape};

/// Quotes a text as one word of a shell with exactly this value; `None` where it cannot be printed as it is: empty, longer
/// than [`MAX_WORD`], or with characters that some output format escapes, such as backslashes and invisible characters.
#[must_use]
pub fn quote(text: &str) -> Option<String> {
    is_plain(text).then(|| format!("'{}'", text.replace('\'', r#"'"'"'"#)))
}

/// Writes a text as one word of a shell, between quotes only where it needs them; `None` as for [`quote`].
#[must_use]
pub fn word(text: &str) -> Option<String> {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,+%@".contains(letter);
    if !text.is_empty() && text.chars().all(is_bare) && !text.contains("::") {
        Some(text.to_owned())
    } else {
        quote(text)
    }
}

/// The longest text that is quoted, in bytes: the API's longest URL, escaped.
pub const MAX_WORD: usize = 8192;

/// Reports whether every output format prints a text as it is.
fn is_plain(text: &str) -> bool {
    let is_unescaped = |letter: char| {
        if letter == '\\' {
            return false;
        }
        let mut escaped = String::new();
        escape(letter, &mut escaped).is_ok() && escaped.chars().eq([letter])
    };
    let fits = !text.is_empty() && text.len() <= MAX_WORD && text.chars().all(is_unescaped);
    fits && UntrustedText::from(text).escaped_up_to(MAX_WORD).to_string() == text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_is_quoted_as_a_whole_or_not_at_all() {
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
        case(&"a".repeat(MAX_WORD), Some(&format!("'{}'", "a".repeat(MAX_WORD))));
        case(&"a".repeat(MAX_WORD + 1), None);
    }

    #[test]
    fn plain_words_need_no_quotes() {
        let case = |text: &str, expected: Option<&str>| assert_eq!(word(text).as_deref(), expected, "{text}");
        case("images/a-1_b.png", Some("images/a-1_b.png"));
        case("-vf", Some("-vf"));
        case("a b", Some("'a b'"));
        case("~", Some("'~'"));
        case("", None);
        case("a\nb", None);
        case("::error::", None);
    }

    /// Pastes a command into a shell, and returns what it prints.
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
        fn what_is_quoted_is_on_one_line(text in any::<String>()) {
            if let Some(word) = quote(&text) {
                prop_assert!(!word.chars().any(char::is_control));
            }
        }
    }
}
