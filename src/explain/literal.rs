#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
//! How programs print values: JSON, Python's `repr`, Node's `util.inspect`, a call with named arguments. One lenient
//! reader handles all of them, because they differ in quotes and words, but not in brackets.
//!
//! A truncated value keeps what was read. Every byte is read once, and brackets nest at most 64 deep,
//! so time and memory are linear in the length of the text.

use super::terminal_text::without_controls;

/// A printed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// A quoted text, without its escapes.
    Text(String),
    /// Anything else that is not bracketed: `null`, `None`, `400`, `undefined`.
    Word(String),
    /// The entries in brackets of any kind.
    Group(Vec<LiteralField>),
}

/// One entry of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LiteralField {
    /// The name before `:` or `=`.
    pub(super) key: Option<String>,
    /// The value.
    pub(super) value: Literal,
}

impl Literal {
    /// Returns a text or a word.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Word(text) => Some(text),
            Self::Group(_) => None,
        }
    }

    /// Returns a quoted text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Word(_) | Self::Group(_) => None,
        }
    }

    /// Returns the entries of a group.
    pub(super) fn items(&self) -> Option<&[LiteralField]> {
        match self {
            Self::Group(items) => Some(items),
            Self::Text(_) | Self::Word(_) => None,
        }
    }
}

/// Reads the group that begins at a byte offset with `{`, `(` or `[`; returns it and the offset after what was read.
pub(super) fn group(text: &str, start: usize) -> (PartialGroup, usize) {
    let rest = text.get(start..).unwrap_or_default();
    let mut reader = LiteralReader { rest, budget: MAX_ITEMS };
    let group = reader.group(0);
    (group, text.len().saturating_sub(reader.rest.len()))
}

/// How deep brackets may nest; deeper ones end the value.
const MAX_DEPTH: usize = 64;

/// How many entries one value may have in all; more end it.
const MAX_ITEMS: usize = 1 << 16;

/// How many characters of a word are kept.
const MAX_WORD: usize = 256;

/// The names of texts of which the beginning is kept where the rest is cut off.
const SENTENCES: [&str; 3] = ["error", "message", "failure"];

struct LiteralReader<'a> {
    rest: &'a str,
    budget: usize,
}

/// The entries that were read, and whether the closing bracket was reached.
pub(super) struct PartialGroup {
    pub(super) items: Vec<LiteralField>,
    pub(super) whole: bool,
}

/// The position of a word: a name ends at its colon, a value may contain colons (`2026-09-23T10:00:00Z`).
#[derive(Clone, Copy, PartialEq)]
enum LiteralPosition {
    Name,
    Value,
}

impl LiteralReader<'_> {
    fn group(&mut self, depth: usize) -> PartialGroup {
        let closer = match self.next() {
            Some('{') => '}',
            Some('[') => ']',
            _ => ')',
        };
        let mut items = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(character) if character == closer => {
                    self.next();
                    return PartialGroup { items, whole: true };
                }
                Some(',') => {
                    self.next();
                }
                Some(_) if self.budget > 0 => {
                    self.budget = self.budget.saturating_sub(1);
                    let (item, whole) = self.item(depth);
                    items.extend(item);
                    self.skip_blanks();
                    if !whole || !self.peek().is_some_and(|character| character == ',' || character == closer) {
                        return PartialGroup { items, whole: false };
                    }
                }
                Some(_) | None => return PartialGroup { items, whole: false },
            }
        }
    }

    /// Reads a value, or a name and its value; the flag tells whether it is complete.
    fn item(&mut self, depth: usize) -> (Option<LiteralField>, bool) {
        let (first, whole) = self.value(depth, LiteralPosition::Name);
        let Some(first) = first.filter(|first| whole || first.text().is_none()) else { return (None, false) };
        self.skip_blanks();
        let named = whole && matches!(self.peek(), Some(':' | '='));
        match first {
            Literal::Text(key) | Literal::Word(key) if named => {
                self.next();
                self.skip_blanks();
                let (value, whole) = self.value(depth, LiteralPosition::Value);
                // Of the texts that are cut off, only a sentence says enough.
                let value = value.filter(|value| whole || value.text().is_none() || SENTENCES.contains(&key.as_str()));
                (value.map(|value| LiteralField { key: Some(key), value }), whole)
            }
            value @ (Literal::Text(_) | Literal::Word(_) | Literal::Group(_)) => {
                (Some(LiteralField { key: None, value }), whole)
            }
        }
    }

    fn value(&mut self, depth: usize, position: LiteralPosition) -> (Option<Literal>, bool) {
        match self.peek() {
            Some(quote @ ('"' | '\'' | '`')) => self.texts(quote),
            Some('{' | '[' | '(') => self.bracketed(depth),
            Some(_) => self.word(depth, position),
            None => (None, false),
        }
    }

    fn bracketed(&mut self, depth: usize) -> (Option<Literal>, bool) {
        if depth >= MAX_DEPTH {
            return (None, false);
        }
        let PartialGroup { items, whole } = self.group(depth.saturating_add(1));
        let named = whole && self.rest.trim_start_matches(' ').starts_with('{');
        if named {
            // `[Object: null prototype] {…}`: the first bracket only names the second.
            self.skip_blanks();
            return self.bracketed(depth.saturating_add(1));
        }
        (Some(Literal::Group(items)), whole)
    }

    /// Reads a word; where a bracket follows it, it is the name of a class and the bracket is the value.
    fn word(&mut self, depth: usize, position: LiteralPosition) -> (Option<Literal>, bool) {
        let ends = |character: char| match character {
            ',' | '{' | '}' | '[' | ']' | '(' | ')' | '"' | '\'' | '`' | '\n' => true,
            ':' | '=' => position == LiteralPosition::Name,
            _ => false,
        };
        let length = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        match self.peek() {
            Some('{' | '[' | '(') => self.bracketed(depth),
            Some(quote @ ('"' | '\'')) if ["b", "u", "r"].contains(&word) => self.texts(quote),
            Some(_) | None if length == 0 => (None, false),
            Some(_) | None => (Some(Literal::Word(word.trim().chars().take(MAX_WORD).collect())), true),
        }
    }

    /// Reads a quoted text and those joined to it with `+`.
    fn texts(&mut self, quote: char) -> (Option<Literal>, bool) {
        let mut whole = String::new();
        let mut quote = quote;
        loop {
            self.next();
            if !self.text(quote, &mut whole) {
                return (self.rest.is_empty().then_some(Literal::Text(whole)), false);
            }
            let joined = self.rest.trim_start().strip_prefix('+').map(str::trim_start);
            match joined.and_then(|rest| rest.chars().next().map(|next| (rest, next))) {
                Some((rest, next @ ('"' | '\'' | '`'))) => (self.rest, quote) = (rest, next),
                Some(_) | None => return (Some(Literal::Text(without_controls(&whole).into_owned())), true),
            }
        }
    }

    /// Reads up to the closing quote; `false` where the line or the text ends first.
    fn text(&mut self, quote: char, into: &mut String) -> bool {
        while let Some(character) = self.next() {
            match character {
                '\\' => self.escape(into),
                '\n' if quote != '`' => return false,
                character if character == quote => return true,
                character => into.push(character),
            }
        }
        false
    }

    fn escape(&mut self, into: &mut String) {
        let character = match self.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('x') => self.hexadecimal(2),
            Some('U') => self.hexadecimal(8),
            Some('u') => self.unit(),
            Some(other) => other,
            None => return,
        };
        into.push(character);
    }

    /// Reads `XXXX`, a pair of surrogates, or `{X…}` after `\u`.
    fn unit(&mut self) -> char {
        if self.rest.starts_with('{') {
            self.next();
            let digits = self.rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let character = self.hexadecimal(digits);
            self.rest = self.rest.strip_prefix('}').unwrap_or(self.rest);
            return character;
        }
        let Some(high) = self.digits(4) else { return char::REPLACEMENT_CHARACTER };
        let high_half = high.checked_sub(0xd800).filter(|half| *half < 0x400);
        let (Some(high_half), Some(rest)) = (high_half, self.rest.strip_prefix("\\u")) else {
            return char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER);
        };
        self.rest = rest;
        let low_half = self.digits(4).and_then(|low| low.checked_sub(0xdc00)).filter(|half| *half < 0x400);
        let joined = low_half.map(|low_half| 0x1_0000_u32.saturating_add(high_half << 10).saturating_add(low_half));
        joined.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self, count: usize) -> char {
        self.digits(count).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.rest.get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.rest = self.rest.get(count..).unwrap_or_default();
        u32::from_str_radix(digits, 16).ok()
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next();
        self.rest = characters.as_str();
        character
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prints a group in one plain form, so that notations can be compared.
    fn plain(items: &[LiteralField]) -> String {
        let value = |node: &Literal| match node {
            Literal::Text(text) => format!("{text:?}"),
            Literal::Word(word) => word.clone(),
            Literal::Group(items) => plain(items),
        };
        let item = |item: &LiteralField| match &item.key {
            Some(key) => format!("{key}={}", value(&item.value)),
            None => value(&item.value),
        };
        format!("({})", items.iter().map(item).collect::<Vec<_>>().join(" "))
    }

    fn read(text: &str) -> String {
        plain(&group(text, 0).0.items)
    }

    #[test]
    fn all_notations_give_the_same_value() {
        let case = |text: &str, expected: &str| assert_eq!(read(text), expected, "{text}");
        case(r#"{"a":[1,null,{"b":"c"}],"d":true}"#, r#"(a=(1 null (b="c")) d=true)"#);
        case("{'a': [1, None, {'b': 'c'}], 'd': True}", r#"(a=(1 None (b="c")) d=True)"#);
        case("{\n  a: [ 1, null, { b: 'c' } ],\n  'd-e': true\n}", r#"(a=(1 null (b="c")) d-e=true)"#);
        case("(a=A(1, x=TzInfo(0)), b='c')", r#"(a=(1 x=(0)) b="c")"#);
        case("{ h: Headers { a: 'b' }, o: [Object: null prototype] { c: [Array] } }", r#"(h=(a="b") o=(c=(Array)))"#);
        case("{ at: 2026-09-23T10:00:00.000Z, m: 'a\\n' +\n 'b' }", r#"(at=2026-09-23T10:00:00.000Z m="a\nb")"#);
        case("{b'x': u'y'}", r#"(x="y")"#);
        case("{}", "()");
    }

    #[test]
    fn escapes_are_decoded() {
        let case = |text: &str, expected: &str| {
            assert_eq!(
                group(text, 0).0.items.first().map(|item| item.value.clone()),
                Some(Literal::Text(expected.to_owned()))
            );
        };
        case(r#"["\"\\\/\n\t\u00e9\ud83d\ude42"]"#, "\"\\/\n\té🙂");
        case(r"['\x1b\u{1f642}\U0001f642\'']", "🙂🙂'");
        case(r#"["\ud83d \ude42 \uZZ"]"#, "\u{fffd} \u{fffd} \u{fffd}ZZ");
    }

    #[test]
    fn a_truncated_value_keeps_what_was_read() {
        let whole = r#"{"error":"x","issues":[{"code":"custom","path":["a"]}]}"#;
        for length in 1..whole.len() {
            let (PartialGroup { items, .. }, end) = group(&whole[..length], 0);
            assert!(end <= length);
            let first = items.first().map(|item| &item.value);
            assert!(length < 12 || first == Some(&Literal::Text("x".to_owned())), "{length}");
        }
        assert_eq!(read(r#"{"a":"b","c":["d","e"#), r#"(a="b" c=("d"))"#);
        assert_eq!(read("{a: 'b'\n'c'"), r#"(a="b")"#);
        assert_eq!(read(r#"{"code":"custom","message":"Failed to f"#), r#"(code="custom" message="Failed to f")"#);
        assert_eq!(read(r#"[{"failureCode":"SAFETY.IN"#), "(())");
    }

    #[test]
    fn hostile_brackets_end_early_and_always_make_progress() {
        for text in ["{{{{", "{\"", "{:", "{=}", "{,,,}", "[}", "(", "{a:", "{'\\", "{\"\\u", "{\"\\ud83d\\u"] {
            let (_, end) = group(text, 0);
            assert!(end >= 1 && end <= text.len(), "{text}");
        }
        let deep = "[".repeat(1 << 20);
        assert!(group(&deep, 0).1 <= MAX_DEPTH + 1);
        let names = "[a] ".repeat(1 << 16).replace("] ", "] {");
        assert!(group(&names, 0).1 <= names.len());
    }
}
