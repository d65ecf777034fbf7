//! Other readings of a pasted text: unescaped, unquoted, or with the line breaks of a terminal removed.
//!
//! A text that was copied from a log may be escaped once or more, quoted by a CSV or HTML writer, or wrapped at the width
//! of a terminal. Each reading undoes one of these; the one that gives the most is used.

use std::borrow::Cow;

/// Returns the readings that undo escapes and quotes, each only where the text shows a sign of it.
pub(super) fn undone(text: &str) -> Vec<String> {
    [unescaped(text), csv_unquoted(text), html_unescaped(text)].into_iter().flatten().collect()
}

/// Returns the readings of a text of several lines as one line.
pub(super) fn joined(text: &str) -> Vec<String> {
    [LineJoin::LostBlank, LineJoin::Column, LineJoin::Blank]
        .into_iter()
        .filter_map(|join| unwrapped(text, join))
        .collect()
}

/// Returns whether a quoted string is broken over lines, which neither JSON nor the printers of any language do.
pub(super) fn has_broken_string(text: &str) -> bool {
    let mut lines = text.lines();
    lines.next_back();
    lines.any(|line| line.matches('"').count() % 2 == 1)
}

/// Undoes one level of backslash escapes outside of any quotes: `\"` becomes `"`, `\n` a line break.
fn unescaped(text: &str) -> Option<String> {
    if !text.contains("\\\"") && !text.contains("\\'") && !text.contains("\\u0022") {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let (character, length) = match after.as_bytes() {
            [b'n', ..] => ('\n', 1),
            [b'r', ..] => ('\r', 1),
            [b't', ..] => ('\t', 1),
            [b'u', b'0', b'0', b'2', b'2', ..] => ('"', 5),
            [b'u', b'0', b'0', b'2', b'7', ..] => ('\'', 5),
            [other @ (b'"' | b'\'' | b'\\' | b'/'), ..] => (char::from(*other), 1),
            _ => ('\\', 0),
        };
        plain.push(character);
        rest = after.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    Some(plain)
}

/// Undoes the doubled quotes of a CSV cell.
fn csv_unquoted(text: &str) -> Option<String> {
    (text.contains("{\"\"") || text.contains("\"\":")).then(|| text.replace("\"\"", "\""))
}

/// Undoes the character references that HTML writers use for quotes, brackets and the ampersand.
fn html_unescaped(text: &str) -> Option<String> {
    const REFERENCES: [(&str, &str); 9] = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x22;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    if !REFERENCES.iter().any(|(reference, _)| text.contains(reference)) {
        return None;
    }
    let undo = |text: String, (reference, plain): (&str, &str)| text.replace(reference, plain);
    Some(REFERENCES.into_iter().fold(text.to_owned(), undo))
}

/// Where the lines of a wrapped text were broken.
#[derive(Clone, Copy, PartialEq)]
enum LineJoin {
    /// At a column: nothing was lost.
    Column,
    /// At blanks, each of which was lost.
    Blank,
    /// At a column, but a blank at the end of a line was lost: lines that are not full lost one.
    LostBlank,
}

/// Removes line breaks, and the prefix of all lines: that of a log, or `> ` of an email.
fn unwrapped(text: &str, join: LineJoin) -> Option<String> {
    let lines: Vec<&str> =
        text.lines().map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty()).collect();
    if lines.len() < 2 {
        return None;
    }
    let lines = without_prefix(&lines);
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let mut whole = String::with_capacity(text.len());
    for line in &lines {
        whole.push_str(line);
        let lost_blank = match join {
            LineJoin::Column => false,
            LineJoin::Blank => true,
            LineJoin::LostBlank => line.chars().count() < width,
        };
        whole.push_str(if lost_blank && !line.ends_with(' ') { " " } else { "" });
    }
    Some(whole)
}

/// Removes the prefix of all lines: that of a log, or `> ` of an email.
pub(super) fn unprefixed(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let cut = without_prefix(&lines);
    let is_prefix = |(line, rest): (&&str, &Cow<'_, str>)| {
        line.strip_suffix(rest.as_ref()).is_some_and(|prefix| !prefix.trim().is_empty())
    };
    (lines.len() > 1 && lines.iter().zip(&cut).all(is_prefix)).then(|| cut.join("\n"))
}

/// Removes the common prefix of all lines, or everything before ` | ` if every line contains it.
fn without_prefix<'a>(lines: &[&'a str]) -> Vec<Cow<'a, str>> {
    if let Some(cut) = lines.iter().map(|line| line.split_once(" | ").map(|(_, rest)| Cow::from(rest))).collect() {
        return cut;
    }
    let first = lines.first().copied().unwrap_or_default();
    let common = lines.iter().fold(first.len(), |common, line| {
        common.min(first.bytes().zip(line.bytes()).take_while(|(one, other)| one == other).count())
    });
    let common = (0..=common).rev().find(|at| first.is_char_boundary(*at)).unwrap_or_default();
    lines.iter().map(|line| Cow::from(line.get(common..).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reading_undoes_one_thing() {
        let case = |text: &str, expected: &str| {
            let found = [undone(text), joined(text), unprefixed(text).into_iter().collect()].concat();
            assert!(found.iter().any(|reading| reading == expected), "{text:?}: {found:?}");
        };
        case(r#"{\"a\":\"b\\n\"}"#, r#"{"a":"b\n"}"#);
        case(r"{\u0022a\u0022:1} \' ", r#"{"a":1} ' "#);
        case("\"{\"\"a\"\":\"\"b\"\"}\"", "\"{\"a\":\"b\"}\"");
        case("{&quot;a&quot;: &#39;b&amp;c&#39;}", "{\"a\": 'b&c'}");
        case("{\"mess\nage\":1}", "{\"message\":1}");
        case("12:00 web | ab\n12:01 web | cd", "abcd");
        case("> ab c\n> def\n", "ab cdef");
        case("ab\ncde\nf", "ab cdef ");
        case("Failed to\nfetch asset", "Failed to fetch asset ");
    }

    #[test]
    fn a_plain_text_has_no_other_reading() {
        for text in ["", "\n", "SAFETY.INPUT.TEXT", r#"{"a":"b"}"#, "C:\\path", "a & b"] {
            assert_eq!([undone(text), joined(text)].concat(), Vec::<String>::new(), "{text:?}");
        }
    }
}
