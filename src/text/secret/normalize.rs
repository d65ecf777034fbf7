//! The normalized form in which texts are compared with secrets: every encoding is decoded, and the characters that
//! encodings change are left out.
//!
//! Percent-encoding, HTML entities and backslash escapes are decoded in any mix, as often as they were encoded. Letters lose
//! their case; `+ - _ / =`, white space and what is not ASCII are dropped, because encoders add, replace or drop them.

use std::ops::Range;

/// One byte of the normalized form, and its position in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) byte: u8,
    start: usize,
    end: usize,
}

impl Unit {
    /// Returns its position in the text.
    pub(super) const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Reports whether the normalized form leaves it out.
    pub(super) fn is_dropped(self) -> bool {
        matches!(self.byte, b'+' | b'-' | b'_' | b'/' | b'=')
            || self.byte.is_ascii_whitespace()
            || !self.byte.is_ascii()
    }
}

/// How often a text may have been encoded.
const MAX_DEPTH: usize = 4;

/// Decodes a text in lower case, without leaving anything out.
pub(super) fn decode(text: &str) -> Vec<Unit> {
    let bytes = text.bytes().enumerate();
    let mut units: Vec<Unit> = bytes.map(|(at, byte)| Unit { byte, start: at, end: at + 1 }).collect();
    for _ in 0..MAX_DEPTH {
        if !units.iter().any(|unit| matches!(unit.byte, b'%' | b'&' | b'\\')) {
            break;
        }
        let decoded = decode_once(&units);
        if decoded.len() == units.len() {
            break;
        }
        units = decoded;
    }
    for unit in &mut units {
        unit.byte = unit.byte.to_ascii_lowercase();
    }
    units
}

/// Returns the normalized form of a text.
pub(super) fn normalize(text: &str) -> Vec<u8> {
    decode(text).into_iter().filter(|unit| !unit.is_dropped()).map(|unit| unit.byte).collect()
}

fn decode_once(units: &[Unit]) -> Vec<Unit> {
    let mut decoded = Vec::with_capacity(units.len());
    let mut rest = units;
    while let Some(first) = rest.first() {
        let (code, length) = escape(rest).unwrap_or((u32::from(first.byte), 1));
        let end = rest.get(length - 1).map_or(first.end, |last| last.end);
        // Beyond ASCII, one byte represents the character: it is dropped in the end.
        let byte = u8::try_from(code).unwrap_or(0xff);
        decoded.push(Unit { byte, start: first.start, end });
        rest = rest.get(length..).unwrap_or_default();
    }
    decoded
}

/// Reads an escape at the start: the character it encodes, and how many units it has.
fn escape(units: &[Unit]) -> Option<(u32, usize)> {
    let byte = |at: usize| units.get(at).map(|unit| unit.byte);
    let hex = |from: usize, count: usize| {
        (from..from + count).try_fold(0, |code, at| Some(code * 16 + char::from(byte(at)?).to_digit(16)?))
    };
    match (byte(0)?, byte(1)?) {
        (b'%', _) => Some((hex(1, 2)?, 3)),
        (b'\\', b'x') => Some((hex(2, 2)?, 4)),
        (b'\\', b'u') => Some((hex(2, 4)?, 6)),
        (b'\\', next) => Some((u32::from(next), 2)),
        (b'&', _) => entity(units),
        _ => None,
    }
}

/// Reads an HTML entity: `&amp;`, `&#43;`, `&#x2B;`.
fn entity(units: &[Unit]) -> Option<(u32, usize)> {
    let name: Vec<u8> =
        units.iter().skip(1).map(|unit| unit.byte).take(MAX_ENTITY).take_while(|byte| *byte != b';').collect();
    if name.len() == MAX_ENTITY {
        return None;
    }
    let name = std::str::from_utf8(&name).ok()?;
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(number) => u32::from_str_radix(number, 16).ok()?,
            None => number.parse().ok()?,
        },
        None => u32::from(ENTITIES.iter().find(|(known, _)| *known == name)?.1),
    };
    Some((code, name.len() + 2))
}

/// One more than the longest entity that is decoded, in bytes.
const MAX_ENTITY: usize = 10;

/// The named entities of characters that secrets contain.
const ENTITIES: [(&str, u8); 10] = [
    ("amp", b'&'),
    ("quot", b'"'),
    ("apos", b'\''),
    ("lt", b'<'),
    ("gt", b'>'),
    ("plus", b'+'),
    ("sol", b'/'),
    ("equals", b'='),
    ("lowbar", b'_'),
    ("percnt", b'%'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_has_the_same_normalized_form() {
        for text in [
            "wJalr/bPx+Rf=",
            "wJalr%2FbPx%2BRf%3D",
            "wJalr%2fbPx%2BRf=",
            "wJalr%252FbPx%252BRf%253D",
            "wJalr%25252FbPx",
            "wJalr&#x2F;bPx&#43;Rf&equals;",
            "wJalr\\/bPx\\u002bRf\\x3d",
            "wJalr\\\\u002fbPx",
            "wJalr_bPx-Rf",
            "wJa lr\nbPx",
            "wJalr\u{200b}bPx",
            "wjalrbpx",
        ] {
            let normalized = normalize(text);
            assert!(normalized.starts_with(b"wjalrbpx"), "{text}: {}", String::from_utf8_lossy(&normalized));
        }
        assert_eq!(normalize("100% & more; \\"), b"100%&more;\\");
        assert_eq!(normalize("&amp;&unknown;&#xzz;"), b"&&unknown;&#xzz;");
    }

    #[test]
    fn units_know_where_they_are() {
        let units = decode("a%2Fb");
        let ranges: Vec<Range<usize>> = units.iter().map(|unit| unit.range()).collect();
        assert_eq!(ranges, [0..1, 1..4, 4..5]);
    }
}
