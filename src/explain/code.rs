//! Explains a code: one of a reason or lint, zod's, a task failure code, or an HTTP status.

use super::sentence::QUOTES;
use super::{Explanation, catalog};
use crate::finding::{Lint, Reason, SCHEMA};
use crate::report::failure::is_absent;
use crate::rules::nearest;

/// Explains a text that is only a code, in upper or lower case, perhaps in quotes.
pub(super) fn explain(text: &str) -> Option<Explanation> {
    let code = bare_word(text);
    if code.is_empty() || code.len() > MAX_LENGTH || code.contains(char::is_whitespace) {
        return None;
    }
    reason(code)
        .or_else(|| lint(code))
        .or_else(|| code.eq_ignore_ascii_case(SCHEMA.code).then(Explanation::schema))
        .or_else(|| catalog::issue(code).map(|row| Explanation::issue(&row.code, None, None)))
        .or_else(|| failure(code))
        .or_else(|| status(code).map(|status| Explanation::status(status, None)))
}

/// Removes quotes and a full stop around a word.
fn bare_word(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || "\"'`.,".contains(character) || QUOTES.contains(&character)
    })
}

/// The longest code in bytes.
const MAX_LENGTH: usize = 256;

/// Explains every known code, those of assets first.
pub(super) fn known() -> Vec<Explanation> {
    let reasons = Reason::examples();
    let reasons = reasons.iter().map(bare);
    let lints = Lint::ALL.iter().map(|lint| Explanation::lint(*lint)).chain([Explanation::schema()]);
    let issues = catalog::ISSUES.iter().map(|row| Explanation::issue(&row.code, None, None));
    let failures = catalog::FAILURES.iter().map(|row| Explanation::failure(Some(&row.prefix), None));
    let statuses = catalog::STATUSES.iter().map(|row| Explanation::status(row.number, None));
    reasons.chain(lints).chain(issues).chain(failures).chain(statuses).collect()
}

/// How many codes are suggested.
const MAX_SUGGESTIONS: usize = 3;

/// Returns the known codes that an unknown one may mean.
pub(super) fn suggestions(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().map(bare_word).collect();
    let code = words.join("-");
    let is_claimed = |found: &Explanation| found.meaning != catalog::UNKNOWN.meaning;
    let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || !(3..=MAX_LENGTH).contains(&code.len()) || explain(&code).as_ref().is_some_and(is_claimed) {
        return Vec::new();
    }
    let known: Vec<String> = known().iter().map(|found| found.code.escaped().to_string()).collect();
    // Letters of either case are as near.
    let lower: Vec<String> = known.iter().map(|known| known.to_ascii_lowercase()).collect();
    let wanted = code.to_ascii_lowercase();
    let near = nearest(&wanted, &lower.iter().map(String::as_str).collect::<Vec<_>>());
    let is_meant = |lower: &String| near == Some(lower.as_str()) || near.is_none() && lower.contains(&wanted);
    let meant = known.iter().zip(&lower).filter(|(_, lower)| is_meant(lower)).map(|(known, _)| known.clone());
    meant.take(MAX_SUGGESTIONS).collect()
}

fn reason(code: &str) -> Option<Explanation> {
    let reason = Reason::examples().into_iter().find(|reason| reason.info().code.eq_ignore_ascii_case(code))?;
    Some(bare(&reason))
}

/// Explains a reason of which nothing but the code is known.
fn bare(reason: &Reason) -> Explanation {
    let is_status = matches!(reason, Reason::HttpStatus { .. });
    Explanation::reason(if is_status { &Reason::HttpStatus { status: 0 } } else { reason }, None, None)
}

fn lint(code: &str) -> Option<Explanation> {
    let lint = Lint::ALL.iter().copied().find(|lint| lint.info().code.eq_ignore_ascii_case(code))?;
    Some(Explanation::lint(lint))
}

fn failure(code: &str) -> Option<Explanation> {
    if is_absent(code) {
        return Some(Explanation::failure(None, None));
    }
    // `internal.example.com` is a host, so a code in lower case must be a published one.
    let published = || catalog::failure(code).is_some_and(|failure| failure.is_listed(code));
    let looks = is_failure(code) && (code.contains('.') || catalog::failure(code).is_some());
    (looks || published()).then(|| Explanation::failure(Some(code), None))
}

/// Returns whether a text has the form of a task failure code: `SAFETY.INPUT.TEXT`.
pub(super) fn is_failure(text: &str) -> bool {
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.split('.').all(|segment| !segment.is_empty() && segment.bytes().all(capital))
}

/// Reads an HTTP status from 400 to 599.
pub(super) fn status(text: &str) -> Option<u16> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|status| digits && (400..600).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinguished() {
        let case = |text: &str, expected: Option<&str>| {
            let found = explain(text).map(|found| format!("{} {}", found.kind.name(), found.code.escaped()));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        case("too-large", Some("reason too-large"));
        case(" `Too-Large` ", Some("reason too-large"));
        case("«too-large»", Some("reason too-large"));
        case("schema", Some("reason schema"));
        case("private-address", Some("reason private-address"));
        case("too_big", Some("schema too_big"));
        case("SAFETY.INPUT.TEXT", Some("failure SAFETY.INPUT.TEXT"));
        case("safety.input.text\n", Some("failure safety.input.text"));
        case("internal", Some("failure internal"));
        case("NEW.KIND", Some("failure NEW.KIND"));
        case("null", Some("failure INTERNAL"));
        case("undefined", Some("failure INTERNAL"));
        case("429", Some("http 429"));
        case("599", Some("http 599"));
        for text in
            ["", " ", "200", "0404", "999", "hello", "HELLO", "internal.example.com", "1.2.3", "SAFETYNET", "A..B"]
        {
            case(text, None);
        }
        case(&"A.".repeat(200), None);
    }

    #[test]
    fn misspelled_codes_and_words_of_codes_are_suggested() {
        let case = |text: &str, expected: &[&str]| assert_eq!(suggestions(text), expected, "{text}");
        case("nothttps", &["not-https"]);
        case("SAFTEY.INPUT", &["SAFETY.INPUT"]);
        case("saftey.input", &["SAFETY.INPUT"]);
        case("aspect ratio", &["aspect-ratio-outside", "aspect-ratio-some-models"]);
        case("too-big", &["too_big"]);
        case("not-https", &[]);
        case("SAFETY.INPUT.TEXT", &[]);
        case("FOO.BAR", &[]);
        case("hello world", &[]);
        case("a", &[]);
        case("200", &[]);
    }

    #[test]
    fn every_code_of_ours_is_known() {
        let codes = Reason::examples().iter().map(|reason| reason.info().code).collect::<Vec<_>>();
        for code in codes.into_iter().chain(Lint::ALL.iter().map(|lint| lint.info().code)) {
            assert_eq!(explain(code).map(|found| found.code.escaped().to_string()).as_deref(), Some(code));
        }
    }
}
