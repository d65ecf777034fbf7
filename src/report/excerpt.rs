//! A line of a request body around one value, without secrets: what a text report underlines.

use crate::text::secret::redact_text;
use crate::text::untrusted::UntrustedText;

/// A piece of a source line and the span of a value in it. Control characters are escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text of the piece.
    pub text: String,
    /// The first byte of the value in `text`.
    pub start: usize,
    /// The end of the value in `text`.
    pub end: usize,
}

/// How many characters are shown before and after the value.
const CONTEXT: usize = 40;

/// The longest string that is shown, in characters: names of models, ratios and choices are shorter, secrets are not.
const SHORT: usize = 16;

/// How many characters of another value are shown.
const MAX_VALUE: usize = 80;

/// The maximum number of bytes of a string that are scanned.
const MAX_SCAN: usize = 4096;

impl Excerpt {
    /// Cuts the excerpt of the value that begins at byte `at` of a JSON text. Strings are shown where they are
    /// short words without secrets.
    #[must_use]
    pub fn of(text: &str, at: usize) -> Option<Self> {
        let before = text.get(..at)?;
        let rest = text.get(at..)?;
        let length = token_length(rest);
        let value = shown_token(rest.get(..length)?, MAX_VALUE);
        let mut piece = before_value(before);
        let start = piece.len();
        piece.push_str(&value);
        let end = piece.len();
        piece.push_str(&after_value(rest.get(length..)?));
        Some(Self { text: piece, start, end })
    }

    /// Replaces the value by a text that is safe to show: an asset without its secrets.
    #[must_use]
    pub fn with_value(self, value: &str) -> Self {
        let Self { text, start, end } = self;
        let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let end = before.len() + value.len();
        Self { text: format!("{before}{value}{after}"), start, end }
    }
}

/// Returns the length of the token at the beginning of a text: a string with its quotes, a bracket, or a word.
fn token_length(text: &str) -> usize {
    if text.starts_with('"') {
        return string_length(text).unwrap_or_else(|| text.len().min(MAX_SCAN));
    }
    if text.starts_with(['{', '[']) {
        return 1;
    }
    let ends = |letter: char| letter.is_whitespace() || ",:]}".contains(letter);
    text.find(ends).unwrap_or(text.len())
}

/// Returns the length of the string literal at the beginning of a text, its quotes included.
fn string_length(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return Some(at + 1),
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

/// Returns what precedes the value on its line, read backwards token by token.
fn before_value(text: &str) -> String {
    let mut tokens: Vec<String> = Vec::new();
    let mut room = CONTEXT;
    let mut rest = text;
    let mut is_key = true;
    while let Some(last) = rest.chars().next_back().filter(|last| *last != '\n') {
        let start = if last == '"' { opening_quote(rest) } else { Some(rest.len() - last.len_utf8()) };
        let Some(token) = start.and_then(|start| rest.get(start..)) else {
            tokens.push("…".to_owned());
            break;
        };
        let shown = if last != '"' || (is_key && token.len() <= CONTEXT) {
            between(token)
        } else {
            shown_token(token, MAX_VALUE)
        };
        if !last.is_whitespace() {
            is_key = last == ':';
        }
        let Some(left) = room.checked_sub(shown.chars().count()) else {
            tokens.push("…".to_owned());
            break;
        };
        room = left;
        tokens.push(shown);
        rest = rest.get(..rest.len() - token.len()).unwrap_or_default();
    }
    tokens.reverse();
    tokens.concat().trim_start().to_owned()
}

/// Finds the quote that opens the string at the end of a text.
fn opening_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = bytes.len().checked_sub(1)?;
    let first = at.saturating_sub(MAX_SCAN);
    while at > first {
        at -= 1;
        if bytes.get(at) == Some(&b'"') {
            let escapes = bytes.get(..at)?.iter().rev().take_while(|byte| **byte == b'\\').count();
            if escapes.is_multiple_of(2) {
                return Some(at);
            }
        }
    }
    None
}

/// Returns what follows the value on its line.
fn after_value(text: &str) -> String {
    let line = text.split('\n').next().unwrap_or_default().trim_end();
    let mut shown = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let length =
            if rest.starts_with('"') { token_length(rest) } else { rest.chars().next().map_or(0, char::len_utf8) };
        let Some((token, after)) = rest.split_at_checked(length) else { break };
        let is_key = after.trim_start().starts_with(':');
        let token = if token.starts_with('"') && !(is_key && token.len() <= CONTEXT) {
            shown_token(token, MAX_VALUE)
        } else {
            between(token)
        };
        if shown.chars().count() + token.chars().count() > CONTEXT {
            shown.push('…');
            break;
        }
        shown.push_str(&token);
        rest = after;
    }
    shown.trim_end().to_owned()
}

/// Shows what is between values: a tab, which would move the underline, as a space.
fn between(token: &str) -> String {
    if token == "\t" { " ".to_owned() } else { UntrustedText::from(token).escaped().to_string() }
}

/// Shows a token: a string only where it is a short word without a secret.
fn shown_token(token: &str, limit: usize) -> String {
    let safe = redact_text(token);
    if let Some(inner) = token.strip_prefix('"').map(|rest| rest.strip_suffix('"').unwrap_or(rest)) {
        let is_plain = inner.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.:".contains(letter));
        if !is_plain || inner.len() > SHORT || safe != token {
            return "\"…\"".to_owned();
        }
    }
    UntrustedText::from(safe.as_str()).escaped_up_to(limit).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, value: &str) -> (String, String) {
        let Excerpt { text, start, end } = Excerpt::of(text, text.find(value).expect("the value")).expect("an excerpt");
        (text.clone(), text[start..end].to_owned())
    }

    #[test]
    fn the_source_line_is_shown_with_its_value() {
        let text = "{\n  \"model\": \"gen4\",\n  \"seed\": -1, \"x\": [1]\n}";
        assert_eq!(excerpt(text, "-1"), ("\"seed\": -1, \"x\": [1]".to_owned(), "-1".to_owned()));
        assert_eq!(excerpt(text, "\"gen4\""), ("\"model\": \"gen4\",".to_owned(), "\"gen4\"".to_owned()));
        assert_eq!(excerpt(text, "["), ("\"seed\": -1, \"x\": [1]".to_owned(), "[".to_owned()));
    }

    #[test]
    fn strings_around_it_are_hidden_where_they_are_long_or_secret() {
        let secret = "key_0123456789012345678901234567890123456789";
        let text =
            format!("{{\"a\": \"{secret}\", \"b\": \"\\\"{secret}\", \"n\": 1, \"c\": \"https://h.com/?t=canary\"}}");
        let (shown, value) = excerpt(&text, "1,");
        assert_eq!(value, "1");
        assert!(!shown.contains("0123456789") && !shown.contains("canary"), "{shown}");
        let at = text.find("\"\\\"").expect("a string");
        assert!(!Excerpt::of(&text, at).expect("an excerpt").text.contains("0123"));
    }

    #[test]
    fn tabs_and_line_ends_are_not_shown_as_escapes() {
        let text = "{\r\n\t\"a\":\t1,\t\"b\": 2\r\n}";
        let shown = Excerpt::of(text, text.find('1').expect("a value")).expect("an excerpt");
        assert_eq!(shown.text, "\"a\": 1, \"b\": 2");
    }

    #[test]
    fn any_byte_of_any_text_is_harmless() {
        let text = "{\"é\u{1b}[2J\": \"a\\\\\", \"🙂\": [\"::error::\", null]}\n\"";
        for at in 0..=text.len() + 1 {
            if let Some(Excerpt { text, start, end }) = Excerpt::of(text, at) {
                assert!(text.get(start..end).is_some() && !text.contains(['\u{1b}', '\n']), "{at}: {text}");
            }
        }
    }
}
