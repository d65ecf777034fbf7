//! The redaction of a text that contains URLs, data URIs or API keys: an error, a log, a response.

use super::{QueryRedaction, path, payload, redact_path, redact_url};

/// Redacts a text that contains URLs, data URIs or API keys.
#[must_use]
pub fn redact_text(text: &str) -> String {
    let text = unescaped(text);
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let at = rest.find(|letter: char| !letter.is_whitespace()).unwrap_or(rest.len());
        let (blank, after) = rest.split_at(at);
        redacted.push_str(blank);
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let (word, after) = after.split_at(end);
        rest = after;
        if is_prose(word) {
            redacted.push_str(word);
        } else if let Some((head, is_base64)) = data_uri_head(word) {
            redacted.push_str(head);
            redacted.push('…');
            let quote = word.get(..word.len().min(head.len())).and_then(opening_quote);
            let (closing, after) = after_payload(word.get(head.len()..).unwrap_or_default(), rest, is_base64, quote);
            redacted.push_str(closing);
            rest = after;
        } else {
            redacted.push_str(&redact_word(word));
        }
    }
    redacted
}

/// Reports whether a word is part of a sentence: it is short and has only letters and punctuation.
fn is_prose(word: &str) -> bool {
    word.len() < MIN_SECRET_WORD && word.bytes().all(|byte| byte.is_ascii_alphabetic() || b",.;!'\"()".contains(&byte))
}

/// A word of this length may be a secret without digits and symbols, in bytes.
const MIN_SECRET_WORD: usize = 17;

/// Undoes what JSON does to the characters of URLs: `\/` and `\u0026`. Quotes and backslashes stay escaped.
pub(super) fn unescaped(text: &str) -> String {
    let mut pieces = text.split('\\');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece
            .strip_prefix('u')
            .and_then(|rest| Some((u8::from_str_radix(rest.get(..4)?, 16).ok()?, rest.get(4..)?)));
        match code {
            Some((code, rest)) if code.is_ascii_graphic() && !b"\"\\".contains(&code) => {
                plain.push(char::from(code));
                plain.push_str(rest);
            }
            Some(_) | None => {
                if !piece.starts_with('/') {
                    plain.push('\\');
                }
                plain.push_str(piece);
            }
        }
    }
    plain
}

/// Returns a word up to the comma of a data URI in it, and whether its payload is base64.
fn data_uri_head(word: &str) -> Option<(&str, bool)> {
    let lower = word.to_ascii_lowercase();
    let start = lower.find("data:")?;
    let comma = start + lower.get(start..)?.find(',')?;
    let head = word.get(..=comma)?;
    Some((head, lower.get(start..comma)?.trim_end().ends_with("base64")))
}

/// Returns the last quotation mark before a data URI.
fn opening_quote(head: &str) -> Option<char> {
    let start = head.to_ascii_lowercase().find("data:")?;
    head.get(..start)?.chars().next_back().filter(|letter| "\"'`".contains(*letter))
}

/// Skips a payload: returns its closing quotation mark, if any, and what is after it. Base64 may be broken by blanks; other
/// payloads end with their quotation mark or the line.
fn after_payload<'a>(word: &'a str, rest: &'a str, is_base64: bool, quote: Option<char>) -> (&'a str, &'a str) {
    if let Some(at) = quote.and_then(|quote| word.find(quote)) {
        return (word.get(at..).unwrap_or_default(), rest);
    }
    if !is_base64 {
        return ("", rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default());
    }
    let mut rest = rest;
    loop {
        let next = rest.trim_start();
        let end = next.find(char::is_whitespace).unwrap_or(next.len());
        let word = next.get(..end).unwrap_or_default();
        let is_payload = word.len() >= MIN_WORD
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_%,.\"')".contains(&byte))
            && word.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        if !is_payload {
            return ("", rest);
        }
        rest = next.get(end..).unwrap_or_default();
    }
}

/// The shortest word that continues a payload, in bytes.
const MIN_WORD: usize = 8;

/// Redacts one word: what is before a URL stays, the URL ends with the bracket or quotation mark that it began with, else
/// with the word.
fn redact_word(word: &str) -> String {
    if let Some(head) = payload::payload_head(word.as_bytes()) {
        return format!("{head}…");
    }
    if let Some((before, uri)) = split_before_url(word) {
        let closing = before.chars().next_back().and_then(closing);
        let end = closing.and_then(|closing| uri.rfind(closing)).unwrap_or(uri.len());
        let (uri, after) = uri.split_at(end);
        return format!("{}{}{}", keys(before), redact_url(uri, QueryRedaction::Redact), keys(after));
    }
    keys(&redact_path(word))
}

/// Splits a word before the scheme of a URL in it.
fn split_before_url(word: &str) -> Option<(&str, &str)> {
    let at = word.find("://")?;
    let before = word.get(..at)?;
    let letters = before.bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
    word.split_at_checked(at - letters)
}

const fn closing(opening: char) -> Option<char> {
    match opening {
        '(' => Some(')'),
        '[' => Some(']'),
        '{' => Some('}'),
        '<' => Some('>'),
        '"' | '\'' | '`' | '|' => Some(opening),
        _ => None,
    }
}

/// Redacts API keys, by their prefix, after any separator.
fn keys(text: &str) -> String {
    path::redact_keys(text, false).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_the_secrets_of_the_urls_in_them() {
        let case = |text: &str, expected: &str| assert_eq!(redact_text(text), expected, "{text}");
        case(
            "see <https://h.com/a?b=c> or (https://u:p@h.com)",
            "see <https://h.com/a?b=[redacted]> or (https://h.com)",
        );
        case("\"https:\\/\\/h.com\\/a?b=c\\u0026sig=d\"", "\"https://h.com/a?b=[redacted]&sig=[redacted]\"");
        case("data:image/png;base64,AAAA x", "data:image/png;base64,… x");
        case("key_0123456789abcdef0", "key_[redacted]");
        case("key_0123456789abcdef", "key_0123456789abcdef");
        case("KEY_0123456789abcdef0", "KEY_[redacted]");
        case("next=https%3A%2F%2Fh.com%2Fa%3Fb%3Dc.", "next=https%3A%2F%2Fh.com%2Fa%3Fb%3D[redacted]");
        case("plain: words, and no more.", "plain: words, and no more.");
    }

    #[test]
    fn a_value_is_redacted_as_a_whole() {
        let case = |text: &str| {
            let redacted = redact_text(text);
            assert!(!redacted.contains("canary"), "{text}: {redacted}");
        };
        for text in [
            "Failed https://h/x?s=ab(canary",
            "Failed https://h/x?s=ab'canary",
            "https://h/x?s=ab|canary",
            "https://h/x?s=ab\\canary",
            "https://h/x?s=ab<canary>",
            "(https://h/x?s=a)canary)",
            "\\u0068ttps:\\/\\/h.com?b\\u003Dcanary\\u0022\\n",
            "apiKey=key_canary0123456789012345678901234567890123456789",
            "Authorization:Bearer,key_canary0123456789012345678901234567890123456789",
            "[key_canary0123456789012345678901234567890123456789]",
            "x:ghp_canaryabcdefghijklmnopqrstuvwxyz0123456789",
            "Bad data:image/svg+xml,<svg>canary</svg>",
            "Bad data:image/svg+xml,<svg> canary </svg>",
            "data:image/png;base64,AAAA canary0123456789canary",
            "GET /b/a.png?X-Amz-Signature=canary HTTP/1.1",
            "my_user:canary@h.com/a.png",
            "src=\"data:image/png;base64,canary\"",
        ] {
            case(text);
        }
        assert_eq!(redact_text("\"data:image/png;base64,AAAA\" is bad"), "\"data:image/png;base64,…\" is bad");
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(redact_text(&format!("-{}", "a://".repeat(20_000))).len() < 100);
        assert!(redact_text(&"data:,".repeat(20_000)).len() < 200);
    }
}
