//! Finds the API's sentences, with their values, in any text.
//!
//! The templates are made from the sentences themselves ([`Reason`]'s `Display` and the `says` of the tables): a number
//! or a quoted text matches any other. When a sentence changes, only its row changes, not this module.

use std::ops::Range;
use std::sync::LazyLock;
use std::time::Duration;

use aho_corasick::{AhoCorasick, Match};

use super::catalog::{ISSUES, IssueRow, SENTENCES, SentenceRow};
use super::template::{TemplatePiece, pieces};
use crate::finding::{DurationBound, Reason};
use crate::units::{AspectRatioRange, Dimensions};

/// A sentence that was found.
#[derive(Clone, Debug)]
pub(super) struct SentenceMatch<'a> {
    /// Which sentence it is.
    pub(super) kind: SentenceKind,
    /// The field before it: `promptImage: …`.
    pub(super) field: Option<&'a str>,
    /// The sentence as it occurs in the text.
    pub(super) text: &'a str,
    at: Range<usize>,
}

/// Where a sentence is known from.
#[derive(Clone, Debug)]
pub(super) enum SentenceKind {
    /// It is a reason, with the values that matter for the advice.
    Reason(Reason),
    /// It is the message of an issue of the body schema.
    Issue(&'static IssueRow),
    /// It names no field.
    Sentence(&'static SentenceRow),
}

/// Finds the sentences in one line or one message, in order.
pub(super) fn find(text: &str) -> Vec<SentenceMatch<'_>> {
    let lower = text.to_ascii_lowercase();
    let starts = CATALOG.stems.find_overlapping_iter(&lower);
    let hit = |stem: Match| CATALOG.templates.get(stem.pattern().as_usize())?.read(text, &lower, stem.start());
    let mut hits: Vec<SentenceMatch<'_>> = starts.filter_map(hit).collect();
    // If two begin at the same place, a reason wins, then the longer one, then the first template.
    hits.sort_by_key(|hit| (hit.at.start, !matches!(hit.kind, SentenceKind::Reason(_)), std::cmp::Reverse(hit.at.end)));
    let mut end = 0;
    hits.retain(|hit| {
        let apart = hit.at.start >= end;
        if apart {
            end = hit.at.end;
        }
        apart
    });
    hits
}

/// Returns the sentence of a reason with `…` in the place of its values.
pub(super) fn with_placeholders(reason: &Reason) -> String {
    let says = reason.to_string();
    let stop = if says.ends_with('.') { "." } else { "" };
    pieces(&says).iter().map(TemplatePiece::with_placeholders).collect::<String>() + stop
}

/// One sentence with placeholders.
struct SentenceTemplate {
    kind: SentenceKind,
    pieces: Vec<TemplatePiece>,
    /// True where it counts only alone or after a field: other programs print `Invalid URL` as well.
    alone: bool,
}

/// Typographic quotation marks.
pub(super) const QUOTES: [char; 10] = ['„', '“', '”', '‚', '‘', '’', '«', '»', '‹', '›'];

/// Sentences shorter than this count only alone or after a field.
const SHORT: usize = 24;

/// Every sentence, and a search for the beginnings of all of them.
struct SentenceCatalog {
    templates: Vec<SentenceTemplate>,
    /// The stem of each template, in their order.
    stems: AhoCorasick,
}

static CATALOG: LazyLock<SentenceCatalog> = LazyLock::new(|| {
    let mut templates = templates();
    // What begins with a value can begin anywhere.
    templates.retain(|template| template.stem().is_some());
    let stems = AhoCorasick::new(templates.iter().filter_map(SentenceTemplate::stem));
    SentenceCatalog { stems: stems.expect("a few hundred short words are within the limits"), templates }
});

fn templates() -> Vec<SentenceTemplate> {
    let mut templates: Vec<SentenceTemplate> = Vec::new();
    for reason in Reason::examples().into_iter().chain(more_examples()) {
        let wordings = std::iter::once(reason.to_string()).chain(reason.alternate_messages());
        // People quote the second sentence alone: `Received HTTP response code 403`.
        let wordings = wordings.flat_map(with_later_sentences);
        templates.extend(wordings.map(|says| SentenceTemplate::new(SentenceKind::Reason(reason.clone()), &says)));
    }
    keep_apart(&mut templates);
    let sentences = SENTENCES.iter().map(|row| SentenceTemplate::new(SentenceKind::Sentence(row), &row.says));
    templates.extend(sentences);
    let issues = ISSUES.iter().flat_map(|row| row.says.iter().map(move |says| (row, says)));
    templates.extend(issues.map(|(row, says)| SentenceTemplate::new(SentenceKind::Issue(row), says)));
    templates
}

/// Returns a message, and the part after each full stop within it if that is long enough to be recognized.
fn with_later_sentences(says: String) -> Vec<String> {
    let starts = says.match_indices(". ").map(|(at, stop)| at + stop.len());
    let later = starts.filter_map(|at| says.get(at..)).filter(|rest| rest.len() >= SHORT);
    let later: Vec<String> = later.map(str::to_owned).collect();
    std::iter::once(says).chain(later).collect()
}

/// Returns examples of the reasons that have several sentences.
fn more_examples() -> Vec<Reason> {
    let wide = Dimensions::new(2500, 1000).ratio().zip(AspectRatioRange::parse("0.5:2"));
    let wide = wide.map(|(got, window)| Reason::AspectRatioOutside { window, got });
    let rest = [
        Reason::DurationOutside { bound: DurationBound::AtLeast(Duration::from_secs(2)) },
        // The bound of video and audio until 2026-08.
        Reason::DataUriTooLong { limit: 16_777_216 },
    ];
    wide.into_iter().chain(rest).collect()
}

/// Makes the values part of the words where reasons of different codes differ only in their values.
fn keep_apart(templates: &mut [SentenceTemplate]) {
    let shape = |template: &SentenceTemplate| match &template.kind {
        SentenceKind::Reason(reason) => Some((reason.info().code, with_placeholders(reason))),
        SentenceKind::Issue(_) | SentenceKind::Sentence(_) => None,
    };
    let shapes: Vec<_> = templates.iter().filter_map(shape).collect();
    for template in templates {
        let SentenceKind::Reason(reason) = &template.kind else { continue };
        let (code, with_placeholders) = (reason.info().code, with_placeholders(reason));
        if shapes.iter().any(|(other, shared)| *other != code && *shared == with_placeholders) {
            template.pieces = vec![TemplatePiece::words(&reason.to_string())];
        }
    }
}

impl SentenceTemplate {
    fn new(what: SentenceKind, says: &str) -> Self {
        let pieces = pieces(says);
        let alone = says.len() < SHORT && !says.ends_with('…') && !matches!(what, SentenceKind::Sentence(_));
        Self { kind: what, pieces, alone }
    }

    /// Returns its first words, in lower case: enough to find the sentence even if its end was cut off.
    fn stem(&self) -> Option<&str> {
        let Some(TemplatePiece::Words(first, _)) = self.pieces.first() else { return None };
        Some(first.get(..SHORT).unwrap_or(first))
    }

    /// Reads the sentence at `start`, where its stem was found.
    fn read<'a>(&self, text: &'a str, lower: &str, start: usize) -> Option<SentenceMatch<'a>> {
        let (end, values) = self.end(text, lower, start)?;
        self.hit(text, start..end, &values)
    }

    /// Returns where the sentence that begins at `start` ends, and its values. A sentence may end early where the text
    /// does, or where it was shortened with `...` or `…`, once enough of it was read.
    fn end<'a>(&self, text: &'a str, lower: &str, start: usize) -> Option<(usize, Vec<&'a str>)> {
        let (mut at, mut values) = (start, Vec::new());
        for (index, piece) in self.pieces.iter().enumerate() {
            let next = self.pieces.get(index + 1);
            let (rest, lower_rest) = (text.get(at..)?, lower.get(at..)?);
            let Some((length, value)) = piece.read(rest, lower_rest, next) else {
                let cut = at + piece.cut_short(lower_rest)?;
                return (cut - start >= SHORT).then_some((cut, values));
            };
            values.extend(value);
            at += length;
        }
        if text.get(at..)?.starts_with('.') {
            at += 1;
        }
        Some((at, values))
    }

    fn hit<'a>(&self, text: &'a str, at: Range<usize>, values: &[&str]) -> Option<SentenceMatch<'a>> {
        let (before, after) = (text.get(..at.start)?, text.get(at.end..)?);
        if before.ends_with(char::is_alphanumeric) {
            return None;
        }
        let field = field_before(before);
        // From the sentence outwards, so that every blank is read once.
        let blank =
            |character: char| character.is_whitespace() || "\"'`.,;".contains(character) || QUOTES.contains(&character);
        if self.alone && !(after.chars().all(blank) && (field.is_some() || before.chars().rev().all(blank))) {
            return None;
        }
        let what = match &self.kind {
            SentenceKind::Reason(reason) => SentenceKind::Reason(filled(reason, values)),
            SentenceKind::Issue(_) | SentenceKind::Sentence(_) => self.kind.clone(),
        };
        Some(SentenceMatch { kind: what, field, text: text.get(at.clone())?, at })
    }
}

/// Puts the value that the advice depends on into the example.
fn filled(reason: &Reason, values: &[&str]) -> Reason {
    match (reason, values) {
        // Without a value, or with a placeholder, it is no particular status.
        (Reason::HttpStatus { .. }, values) => {
            Reason::HttpStatus { status: values.first().and_then(|status| status.parse().ok()).unwrap_or_default() }
        }
        (reason, _) => reason.clone(),
    }
}

/// Returns the field that ends a text with a colon: `… promptImage: `.
fn field_before(before: &str) -> Option<&str> {
    let before = before.trim_end().strip_suffix(':')?;
    let start = before
        .rfind(|character: char| !is_field(character))
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let field = before.get(start..)?;
    // A hyphen belongs to the UUID of a workflow's node, `nodeOutputs.6f1c2d3e-….uri`; elsewhere it ends a word.
    let field = if field.contains('.') { field } else { field.rsplit('-').next()? };
    let looks = field.len() <= 128 && field.starts_with(|first: char| first.is_ascii_lowercase());
    (looks && !LABELS.contains(&field)).then_some(field)
}

fn is_field(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.[]-".contains(character)
}

/// Words before a colon in logs that are not fields.
const LABELS: [&str; 9] = ["error", "message", "msg", "reason", "warning", "warn", "info", "failure", "detail"];

#[cfg(test)]
mod tests {
    use super::*;

    fn code(what: &SentenceKind) -> &str {
        match what {
            SentenceKind::Reason(reason) => reason.info().code,
            SentenceKind::Issue(row) => &row.code,
            SentenceKind::Sentence(row) => &row.code,
        }
    }

    #[track_caller]
    fn case(text: &str, expected: &[&str]) {
        let hits = find(text);
        let shown: Vec<String> = hits
            .iter()
            .map(|hit| format!("{}|{}|{}", code(&hit.kind), hit.field.unwrap_or_default(), hit.text))
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn every_example_is_found_in_either_wording() {
        for reason in Reason::examples().into_iter().chain(more_examples()) {
            for sentence in std::iter::once(reason.to_string()).chain(reason.alternate_messages()) {
                let code = reason.info().code;
                case(&sentence, &[&format!("{code}||{sentence}")]);
                let bare = sentence.trim_end_matches('.');
                case(&format!("references[0].uri: {bare}"), &[&format!("{code}|references[0].uri|{bare}")]);
                case(&sentence.to_uppercase(), &[&format!("{code}||{}", sentence.to_uppercase())]);
            }
        }
    }

    #[test]
    fn short_sentences_may_be_quoted() {
        for text in ["„Invalid data URI.“", "‘Invalid data URI.’", "« Invalid data URI. »", "\"Invalid data URI.\""]
        {
            case(text, &["invalid-data-uri||Invalid data URI."]);
        }
    }

    #[test]
    fn values_may_be_any_and_quotes_may_be_missing() {
        case(
            "Unsupported Content-Type response header: video/mp4",
            &["unsupported-content-type||Unsupported Content-Type response header: video/mp4"],
        );
        case(
            "2026-09-23 ERROR promptImage: Unsupported Content-Type response header: \\\"text/html\\\". (x)",
            &["unsupported-content-type|promptImage|Unsupported Content-Type response header: \\\"text/html\\\"."],
        );
        case(
            "Failed to fetch asset. Received HTTP response code “503”",
            &["http-status||Failed to fetch asset. Received HTTP response code “503”"],
        );
        case("Asset size exceeds 32.0MB.", &["too-large||Asset size exceeds 32.0MB."]);
        case(
            "Asset duration must be at least 1 seconds",
            &["duration-outside||Asset duration must be at least 1 seconds"],
        );
        let ratio = "Invalid asset aspect ratio. width / height ratio must be at most 2.286. Got 2.5";
        case(ratio, &[&format!("aspect-ratio-outside||{ratio}")]);
        let long = "Too big: expected string to have <=1000 characters";
        case(long, &[&format!("too_big||{long}")]);
    }

    #[test]
    fn several_in_one_line_are_found_in_order() {
        case(
            "a: Only HTTPS URLs are allowed. b: Timeout while fetching asset.",
            &["not-https|a|Only HTTPS URLs are allowed.", "timeout|b|Timeout while fetching asset."],
        );
    }

    #[test]
    fn short_sentences_of_other_programs_are_left_alone() {
        case("TypeError: Invalid URL", &[]);
        case("Invalid URL given to the loader", &[]);
        case("error: Invalid URL", &[]);
        case("promptImage: Invalid URL", &["invalid-url|promptImage|Invalid URL"]);
        case("ERROR promptImage: Invalid URL", &["invalid-url|promptImage|Invalid URL"]);
        case("'Invalid URL'", &["invalid-url||Invalid URL"]);
        case("web-promptImage: Invalid URL", &["invalid-url|promptImage|Invalid URL"]);
        case(
            "nodeOutputs.6f1c2d3e-1234-4abc-9def-0123456789ab.image.uri: Invalid URL",
            &["invalid-url|nodeOutputs.6f1c2d3e-1234-4abc-9def-0123456789ab.image.uri|Invalid URL"],
        );
        case("nothing of the kind", &[]);
        case("", &[]);
    }

    #[test]
    fn sentences_with_gaps_are_found() {
        case("Model variant gen4_x is not available", &["403||Model variant gen4_x is not available"]);
        case("x \"Invalid parameter 'promptText'\"", &["400||Invalid parameter 'promptText'"]);
        let union = "Invalid input: expected string, received undefined";
        case(union, &[&format!("invalid_type||{union}")]);
        case("Invalid input", &["invalid_union||Invalid input"]);
        case("Invalid input: expected \"a\"", &["invalid_value||Invalid input: expected \"a\""]);
    }

    #[test]
    fn an_outline_has_no_values() {
        let outlines: Vec<String> = Reason::examples().iter().map(with_placeholders).collect();
        assert!(outlines.contains(&"Failed to fetch asset. Received HTTP response code \"…\".".to_owned()));
        assert!(outlines.contains(&"Asset size exceeds …MB.".to_owned()));
    }
}
