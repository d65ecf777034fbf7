//! Recognizes responses in free text: printed values, sentences, failure codes and statuses, in their order. A log that
//! contains one of them is enough.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::answers::RecognizedResponses;
use super::catalog::{FAILURES, STATUSES, StatusRow};
use super::sentence::{self, SentenceKind};
use super::{Explanation, code, literal, reading};
use crate::report::failure::is_absent;

mod answer;

/// Recognizes the responses in a text.
pub(super) fn read(text: &str) -> RecognizedResponses {
    LogReader::new(text).read(text, 0)
}

/// Reads a text in several ways. Different ways lead to the same texts, and most lines are the same in all of them, so
/// what was found is kept.
struct LogReader {
    /// How many more bytes of texts may be read in other ways.
    left: Cell<usize>,
    /// The texts that were read, by their depth.
    known: RefCell<HashMap<(usize, Box<str>), RecognizedResponses>>,
    /// The lines that were read.
    lines: RefCell<HashMap<Box<str>, RecognizedResponses>>,
}

/// How many texts may be nested, readings of the same text included: enough for a body that was escaped three times.
const MAX_DEPTH: usize = 4;

/// The longest text of which other readings are tried, in bytes: each level of nesting reads it up to six times more.
const MAX_REREAD: usize = 64 << 10;

/// How many times the length of a text its parts may be read in other ways, so that the time is linear; after that, they
/// are read as they are. A body that was escaped three times takes four. Short texts, of which real ones took up to
/// twelve, have [`MAX_REREAD`] bytes.
const MAX_READINGS: usize = 8;

impl LogReader {
    fn new(text: &str) -> Self {
        let left = (MAX_READINGS * text.len()).max(MAX_REREAD);
        Self { left: Cell::new(left), known: RefCell::default(), lines: RefCell::default() }
    }

    /// Recognizes the responses by the reading that gives the most. `depth` counts the texts around it: a log line that
    /// quotes a body that quotes a task.
    fn read(&self, text: &str, depth: usize) -> RecognizedResponses {
        if depth > MAX_DEPTH {
            return RecognizedResponses::default();
        }
        if text.len() > MAX_REREAD {
            return self.read_as_is(text, depth);
        }
        let key = (depth, Box::from(text));
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let best = match self.left.get().checked_sub(text.len()) {
            Some(left) => {
                self.left.set(left);
                self.read_best(text, depth)
            }
            None => self.read_as_is(text, depth),
        };
        self.known.borrow_mut().insert(key, best.clone());
        best
    }

    fn read_best(&self, text: &str, depth: usize) -> RecognizedResponses {
        let as_is = self.read_as_is(text, depth);
        if depth == MAX_DEPTH {
            return as_is;
        }
        // A prefix on every line splits values, so the text without it is preferred if it gives at least as much.
        let best = match reading::unprefixed(text).map(|text| self.reread(&text, depth)) {
            Some(unprefixed) if unprefixed.score() >= as_is.score() => unprefixed,
            Some(_) | None => as_is,
        };
        let is_broken = best.is_incomplete() || reading::has_broken_string(text);
        let joined = if is_broken { reading::joined(text) } else { Vec::new() };
        let readings = reading::undone(text).into_iter().chain(joined).filter(|reading| reading != text);
        readings.fold(best, |best, reading| {
            let other = self.reread(&reading, depth);
            if other.score() > best.score() { other } else { best }
        })
    }

    /// Reads another reading of a text at this depth. Those of the whole text are few, and the parts of a long one must not
    /// use up what they need.
    fn reread(&self, reading: &str, depth: usize) -> RecognizedResponses {
        if depth > 0 && reading.len() > self.left.get() {
            return RecognizedResponses::default();
        }
        self.read(reading, depth + 1)
    }

    fn read_as_is(&self, text: &str, depth: usize) -> RecognizedResponses {
        let mut answers = RecognizedResponses::default();
        let (mut gap, mut from) = (0, 0);
        while let Some(start) = text.get(from..).and_then(|rest| rest.find(['{', '('])).map(|at| from + at) {
            let (group, end) = literal::group(text, start);
            from = end.max(start + 1);
            let before = text.get(gap..start).unwrap_or_default();
            let found =
                answer::read(&group.items, group.whole, &|| status_before(before), &|text| self.read(text, depth + 1));
            if !found.is_empty() {
                self.lines(before, &mut answers);
                answers.append(found);
                gap = from;
            }
        }
        self.lines(text.get(gap..).unwrap_or_default(), &mut answers);
        answers
    }

    fn lines(&self, text: &str, answers: &mut RecognizedResponses) {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if !self.lines.borrow().contains_key(line) {
                let mut found = RecognizedResponses::default();
                self::line(line, &mut found);
                self.lines.borrow_mut().insert(Box::from(line), found);
            }
            if let Some(found) = self.lines.borrow().get(line) {
                answers.append(found.clone());
            }
        }
    }
}

fn line(line: &str, answers: &mut RecognizedResponses) {
    let mut clear = false;
    for hit in sentence::find(line) {
        clear |= !matches!(hit.kind, SentenceKind::Sentence(row) if row.weak);
        match hit.kind {
            // Any text may be too long; only that of an asset is a URL.
            SentenceKind::Reason(reason)
                if answer::is_length(&reason) && hit.field.is_some_and(|field| !answer::is_asset(field)) =>
            {
                answers.add(vec![Explanation::issue("too_big", hit.field, Some(hit.text))]);
            }
            SentenceKind::Reason(reason) => answers.add(vec![Explanation::reason(&reason, hit.field, Some(hit.text))]),
            SentenceKind::Issue(row) => answers.add(vec![Explanation::issue(&row.code, hit.field, Some(hit.text))]),
            SentenceKind::Sentence(row) if row.weak => answers.add_weak(Explanation::sentence(row, hit.text)),
            SentenceKind::Sentence(row) => answers.add(vec![Explanation::sentence(row, hit.text)]),
        }
    }
    if clear {
        return;
    }
    let failures = failures(line);
    if let (true, Some(status)) = (failures.is_empty(), status(line)) {
        answers.add_weak(Explanation::status(status, None));
    }
    for failure in failures {
        answers.add(vec![failure]);
    }
}

/// Finds the failure codes in a line: what follows `failureCode:`, else every code that is known.
fn failures(line: &str) -> Vec<Explanation> {
    if let Some(named) = named_failure(line).filter(|code| !is_cut(line, code)) {
        return vec![Explanation::failure(Some(named).filter(|code| !is_absent(code)), None)];
    }
    let tokens = line.split(|character: char| !is_code(character)).map(|token| token.trim_matches('.'));
    let known = tokens.filter(|token| {
        !is_cut(line, token)
            && token.contains('.')
            && code::is_failure(token)
            && FAILURES.iter().any(|failure| failure.matches(token))
    });
    known.map(|code| Explanation::failure(Some(code), None)).collect()
}

/// Returns what follows `failureCode` and a colon or an equals sign.
fn named_failure(line: &str) -> Option<&str> {
    let lower = line.to_ascii_lowercase();
    let after = |name: &str| lower.find(name).and_then(|at| line.get(at + name.len()..));
    let rest = ["failurecode", "failure_code", "failure code"].into_iter().find_map(after)?;
    let bare = rest.trim_start_matches(['"', '\'', '\\', ' ', '\t']);
    let code = bare.strip_prefix([':', '='])?.trim_start_matches(['"', '\'', '\\', '`', ' ', '\t']);
    let code = code.split(|character: char| !is_code(character)).next()?.trim_matches('.');
    (!code.is_empty()).then_some(code)
}

/// Returns whether a line ends in the middle of a quoted code.
fn is_cut(line: &str, code: &str) -> bool {
    let before = line.trim_end().trim_end_matches('.').strip_suffix(code);
    before.is_some_and(|before| before.ends_with(['"', '\'']))
}

fn is_code(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '.'
}

/// Finds an HTTP status in a line: three digits after a word such as `status`, or before their reason phrase.
fn status(line: &str) -> Option<u16> {
    let mut before = "";
    let mut rest = line;
    while let Some(start) = rest.find(|character: char| !is_blank(character)) {
        let word = rest.get(start..)?;
        let end = word.find(is_blank).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        let announced = |status: &u16| announces(before) || follows_phrase(*status, after);
        if let Some(status) = code::status(word.trim_end_matches('.')).filter(announced) {
            return Some(status);
        }
        (before, rest) = (word, after);
    }
    None
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || "=:,;\"'`()[]{}<>".contains(character)
}

fn announces(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.starts_with("http/") || word.ends_with("error") || ANNOUNCING.contains(&word.as_str())
}

/// Words that a status follows.
const ANNOUNCING: [&str; 7] = ["http", "status", "code", "statuscode", "status_code", "response", "httpstatus"];

fn follows_phrase(status: u16, after: &str) -> bool {
    let after = after.trim_start_matches(is_blank).as_bytes();
    let begins =
        |phrase: &str| after.get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase.as_bytes()));
    let phrases = |row: &'static StatusRow| std::iter::once(&row.phrase).chain(&row.other_phrases);
    STATUSES.iter().filter(|row| row.number == status).flat_map(phrases).any(|phrase| begins(phrase))
}

/// Returns the status that belongs to a body: on its own line, or in the head of the response before it.
fn status_before(before: &str) -> Option<u16> {
    // `503 {"error": …}`, as a shell or an SDK prints it.
    let alone = || code::status(tail(before, 256).rsplit('\n').next()?.trim());
    let line = tail(before, 256).rsplit('\n').next().and_then(status).or_else(alone);
    let head = || tail(before, 2048).lines().rev().find(|line| line.starts_with("HTTP/"));
    line.or_else(|| head().and_then(status))
}

/// Returns about the last `length` bytes of a text.
fn tail(text: &str, length: usize) -> &str {
    let start = (text.len().saturating_sub(length)..=text.len()).find(|at| text.is_char_boundary(*at));
    start.and_then(|start| text.get(start..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_follow_a_word_or_precede_a_phrase() {
        let case = |line: &str, expected: Option<u16>| assert_eq!(status(line), expected, "{line}");
        case("HTTP 429", Some(429));
        case("HTTP/1.1 503 Service Unavailable", Some(503));
        case("status: 400,", Some(400));
        case("status=404 in 12 ms", Some(404));
        case("Error code: 429 - ", Some(429));
        case("Error: 413 <html>", Some(413));
        case("\"POST /v1/image_to_video HTTP/1.1\" 429 51", Some(429));
        case("429 Too Many Requests", Some(429));
        case("InternalServerError: 503 status code (no body)", Some(503));
        case("<title>504 Gateway Time-out</title>", Some(504));
        case("api.dev.runwayml.com | 502: Bad gateway", Some(502));
        case("at client.mjs:404:32", None);
        case("took 404 ms", None);
        case("HTTP 200", None);
        case("status 4290", None);
    }

    #[test]
    fn failure_codes_are_found_in_lines() {
        let case = |line: &str, expected: &[&str]| {
            let found: Vec<String> = failures(line).iter().map(|found| found.code.escaped().to_string()).collect();
            assert_eq!(found, expected, "{line}");
        };
        case("task 1 failed: SAFETY.INPUT.IMAGE.", &["SAFETY.INPUT.IMAGE"]);
        case("failureCode: null", &["INTERNAL"]);
        case("failure_code='NEW'", &["NEW"]);
        case("\\\"failureCode\\\":\\\"ASSET.INVALID\\\"", &["ASSET.INVALID"]);
        case("the failureCode says", &[]);
        case("grpc INTERNAL error", &[]);
        case("INTERNAL.BAD_OUTPUT.CODE01 then ASSET.INVALID", &["INTERNAL.BAD_OUTPUT.CODE01", "ASSET.INVALID"]);
    }
}
