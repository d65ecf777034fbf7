//! Quoting for a shell: text from outside in a command that the user pastes.
//!
//! Between single quotes a POSIX shell interprets nothing: no `$`, no backquote, no `!`. Only the quote itself ends them; it
//! is written between double quotes, because some output formats change backslashes.
//!
//! On Windows a command may be pasted into PowerShell or cmd.exe. Both take a word between double quotes, and what either
//! of them interprets there is never printed.

use crate::text::untrusted::{UntrustedText, escape};

/// The shells that a printed command may be pasted into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ShellFamily {
    Posix,
    /// PowerShell and cmd.exe.
    Windows,
}

impl ShellFamily {
    /// Those of the system that the program runs on.
    const HERE: Self = if cfg!(windows) { Self::Windows } else { Self::Posix };

    fn quote(self, text: &str) -> Option<String> {
        match self {
            Self::Posix => is_plain(text).then(|| format!("'{}'", text.replace('\'', r#"'"'"'"#))),
            // PowerShell takes typographic quotes for straight ones; cmd.exe replaces %NAME% and, if told to, !NAME!.
            Self::Windows => {
                let is_active = |letter: char| "\"$`%!\u{201c}\u{201d}\u{201e}".contains(letter);
                (is_plain(text) && !text.contains(is_active)).then(|| format!("\"{text}\""))
            }
        }
    }

    fn word(self, text: &str) -> Option<String> {
        let marks = match self {
            Self::Posix => "-_./:=,+%@",
            Self::Windows => "-_./:=+",
        };
        let is_bare = |letter: char| letter.is_ascii_alphanumeric() || marks.contains(letter);
        if !text.is_empty() && text.chars().all(is_bare) && !text.contains("::") {
            Some(text.to_owned())
        } else {
            self.quote(text)
        }
    }
}

/// Quotes a text as one shell word with exactly this value; `None` where it cannot be printed as it is: empty, longer
/// than [`MAX_WORD`], or with characters that some output format escapes, such as backslashes and invisible characters.
#[must_use]
pub fn quote(text: &str) -> Option<String> {
    ShellFamily::HERE.quote(text)
}

/// Writes a text as one shell word, with quotes only where it needs them; `None` as for [`quote`].
#[must_use]
pub fn word(text: &str) -> Option<String> {
    ShellFamily::HERE.word(text)
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

    #[test]
    fn no_word_ends_its_quotes_in_a_shell_of_windows() {
        let windows = ShellFamily::Windows;
        let case = |text: &str, quoted: Option<&str>, word: Option<&str>| {
            assert_eq!(windows.quote(text).as_deref(), quoted, "{text}");
            assert_eq!(windows.word(text).as_deref(), word, "{text}");
        };
        case("a.png", Some("\"a.png\""), Some("a.png"));
        case("a & calc.png", Some("\"a & calc.png\""), Some("\"a & calc.png\""));
        case("it's", Some("\"it's\""), Some("\"it's\""));
        case("\u{2018}; calc; \u{2019}", Some("\"\u{2018}; calc; \u{2019}\""), Some("\"\u{2018}; calc; \u{2019}\""));
        case("@a,b", Some("\"@a,b\""), Some("\"@a,b\""));
        case("a|b>c<d^e(f){g}", Some("\"a|b>c<d^e(f){g}\""), Some("\"a|b>c<d^e(f){g}\""));
        for text in ["\"", "$(calc)", "`n", "%PATH%", "!x!", "\u{201c}", "\u{201d}", "\u{201e}", "a\\b", "a\nb", ""] {
            case(text, None, None);
        }
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
