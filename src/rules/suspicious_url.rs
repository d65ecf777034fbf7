//! URLs that parse but are probably wrong: leftovers of copying from HTML, chats and documents.

use super::{CheckContext, MethodOutcome};
use crate::asset::{AssetUrl, Target};
use crate::finding::{Finding, Lint, Severity};
use crate::text::untrusted::is_visible;

/// Why a URL is probably wrong.
#[derive(Clone, Debug)]
pub(super) struct Suspicion {
    /// What is suspicious, as a sentence without its full stop.
    pub(super) detail: String,
    /// What to write instead.
    pub(super) hint: String,
}

impl Suspicion {
    fn new(detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { detail: detail.into(), hint: hint.into() }
    }
}

/// Returns the first reason to doubt the URL of an asset.
pub(super) fn suspicion(context: &CheckContext<'_>) -> Option<Suspicion> {
    let Target::Url(url) = context.target else { return None };
    let text = std::str::from_utf8(context.asset.text()).ok()?;
    html_entity(text)
        .or_else(|| fragment(url, |_| true))
        .or_else(|| invisible(text))
        .or_else(|| combining(text))
        .or_else(|| ending(text))
}

/// A URL that works may still be wrong: the part after `#` is not sent.
pub(super) fn suspicious_url(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(url) = context.target else { return };
    if MethodOutcome::get(context).ok_response().or(MethodOutcome::head(context).ok_response()).is_none() {
        return;
    }
    if let Some(suspicion) = fragment(url, |fragment| fragment.contains(['.', '/', '?'])) {
        let finding = Finding::lint(Lint::SuspiciousUrl, suspicion.detail).with_severity(Severity::Note);
        findings.push(finding.with_hint(suspicion.hint));
    }
}

fn html_entity(text: &str) -> Option<Suspicion> {
    let (_, query) = text.split_once('?')?;
    let entity = ["&amp;", "&#38;", "&#x26;"].into_iter().find(|entity| query.to_ascii_lowercase().contains(entity))?;
    Some(Suspicion::new(
        format!("the query contains {entity}, as copied from HTML"),
        format!("Write & in place of {entity} in the query."),
    ))
}

fn fragment(url: &AssetUrl, is_part: impl Fn(&str) -> bool) -> Option<Suspicion> {
    let fragment = url.url().fragment().filter(|fragment| !fragment.is_empty() && is_part(fragment))?;
    Some(Suspicion::new(
        format!("the {} characters after # are not sent to the server", fragment.chars().count()),
        "Write # as %23 if it is part of the name.",
    ))
}

/// An invisible character, such as a zero-width space.
fn invisible(text: &str) -> Option<Suspicion> {
    let is_hidden = |letter: &char| !letter.is_ascii() && !is_visible(*letter) && !is_combining(*letter);
    let (index, letter) = text.chars().enumerate().find(|(_, letter)| is_hidden(letter))?;
    Some(Suspicion::new(
        format!("character {} is invisible (U+{:04X})", index + 1, u32::from(letter)),
        "Remove the invisible character, or type the URL by hand.",
    ))
}

/// A letter and its accent as two characters: the stored name may have one.
fn combining(text: &str) -> Option<Suspicion> {
    let mark = text.chars().find(|letter| is_combining(*letter))?;
    Some(Suspicion::new(
        format!("a letter and its accent are two characters (U+{:04X} is the accent)", u32::from(mark)),
        "Write the letter as one character (Unicode NFC) if the stored name has it so.",
    ))
}

/// The combining marks that Latin, Greek and Cyrillic letters are composed with.
const fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Characters that were copied along at the end of a URL.
fn ending(text: &str) -> Option<Suspicion> {
    let lower = text.to_ascii_lowercase();
    if let Some(escape) = ["%0a", "%0d", "%20", "%09"].into_iter().find(|escape| lower.ends_with(escape)) {
        let name = if escape == "%20" { "a space" } else { "a line break or tab" };
        let escape = escape.to_ascii_uppercase();
        return Some(Suspicion::new(
            format!("it ends with {escape}, {name}"),
            format!("Remove {escape} from the end."),
        ));
    }
    let last = text.chars().last().filter(|last| ")],.;'\"".contains(*last))?;
    Some(Suspicion::new(
        format!("it ends with {last}"),
        format!("Remove {last} from the end if it is not part of the URL."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Asset;
    use crate::finding::Transport;
    use crate::observation::Observation;
    use crate::rules::{Expectations, RuleSet};

    fn found(text: &str) -> String {
        let asset = Asset::new(text);
        let context = CheckContext {
            rules: RuleSet::embedded(),
            asset: &asset,
            target: &Target::parse(&asset),
            expectations: &Expectations::default(),
            observation: &Observation::default(),
            transport: Transport::Url,
            guessed_type: None,
        };
        suspicion(&context).map_or_else(String::new, |suspicion| format!("{} | {}", suspicion.detail, suspicion.hint))
    }

    #[test]
    fn leftovers_of_copying_are_reported() {
        let case = |text: &str, expected: &str| {
            let found = found(text);
            assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{text:?}: {found}");
        };
        case("https://h.com/a.png", "");
        case("https://h.com/a.png?x=1&y=2", "");
        case("https://h.com/a.png?x=1&amp;y=2", "contains &amp;");
        case("https://h.com/a.png?x=1&#38;y=2", "contains &#38;");
        case("https://h.com/clip%20#1.mp4", "5 characters after #");
        case("https://h.com/a\u{200b}.png", "character 16 is invisible (U+200B)");
        case("https://h.com/a\u{a0}b.png", "U+00A0");
        case("https://h.com/cafe\u{301}.png", "U+0301 is the accent");
        case("https://h.com/caf\u{e9}.png", "");
        case("https://h.com/a.png%0A", "ends with %0A");
        case("https://h.com/a.png%20", "ends with %20, a space");
        case("https://h.com/a.png)", "ends with )");
        case("https://h.com/a.png,", "ends with ,");
    }
}
