//! The pieces of a sentence: fixed words, and placeholders for values.

/// A part of a sentence.
pub(super) enum TemplatePiece {
    /// These words: in lower case, and as they are written.
    Words(String, String),
    /// A decimal number, or what stands for one in the documentation: `XX.X`.
    Number,
    /// A text, in quotes or up to the next blank.
    Quoted,
    /// Any words up to the next piece, or to the end of the line.
    Any,
}

/// The longest value in bytes.
const MAX_VALUE_LENGTH: usize = 512;

impl TemplatePiece {
    /// Makes a piece of fixed words.
    pub(super) fn words(text: &str) -> Self {
        Self::Words(text.to_ascii_lowercase(), text.to_owned())
    }

    /// Prints the piece with `…` in the place of a value.
    pub(super) fn with_placeholders(&self) -> String {
        match self {
            Self::Words(_, words) => words.clone(),
            Self::Number | Self::Any => "…".to_owned(),
            Self::Quoted => "\"…\"".to_owned(),
        }
    }

    /// Returns how many bytes of the piece begin a text that was cut off within it: the text ends within the words, or
    /// `...` or `…` replaces the rest.
    pub(super) fn cut_short(&self, lower: &str) -> Option<usize> {
        let mark = ["...", "…"].into_iter().filter_map(|mark| lower.find(mark)).min();
        let left = lower.get(..mark.unwrap_or(lower.len()))?.trim_end();
        match self {
            Self::Words(words, _) => words.starts_with(left).then_some(left.len()),
            Self::Quoted if mark.is_none() && is_opened(left) => Some(left.len()),
            Self::Number | Self::Quoted | Self::Any => left.is_empty().then_some(0),
        }
    }

    /// Reads this piece at the beginning of `text`: how many bytes it takes, and its value.
    pub(super) fn read<'a>(&self, text: &'a str, lower: &str, next: Option<&Self>) -> Option<(usize, Option<&'a str>)> {
        match self {
            Self::Words(words, _) => lower.starts_with(words.as_str()).then_some((words.len(), None)),
            Self::Number => {
                let length = number(text).or_else(|| placeholder(text))?;
                Some((length, text.get(..length)))
            }
            Self::Quoted => quoted(text).map(|(length, value)| (length, Some(value))),
            Self::Any => {
                let reach = text.bytes().take(MAX_VALUE_LENGTH).take_while(|byte| *byte != b'\n').count();
                let Some(Self::Words(words, _)) = next else {
                    let rest = text.lines().next().unwrap_or_default();
                    return Some((rest.trim_end_matches(['"', '\'', '`', ' ', '\r', '}']).len(), None));
                };
                let found =
                    lower.as_bytes().get(..reach)?.windows(words.len()).position(|part| part == words.as_bytes());
                found.map(|length| (length, text.get(..length)))
            }
        }
    }
}

/// Splits a sentence into words and placeholders. Its final full stop is left out, because quotations often omit it.
pub(super) fn pieces(says: &str) -> Vec<TemplatePiece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = says.trim_end_matches('.');
    while let Some(character) = rest.chars().next() {
        let (length, piece) = match character {
            '0'..='9' => (number(rest).unwrap_or(1), Some(TemplatePiece::Number)),
            '"' | '\'' => quoted(rest).map_or((1, None), |(length, _)| (length, Some(TemplatePiece::Quoted))),
            '…' => (character.len_utf8(), Some(TemplatePiece::Any)),
            other => (other.len_utf8(), None),
        };
        let (taken, after) = rest.split_at(length);
        match piece {
            Some(piece) => {
                pieces.extend((!words.is_empty()).then(|| TemplatePiece::words(&std::mem::take(&mut words))));
                pieces.push(piece);
            }
            None => words.push_str(taken),
        }
        rest = after;
    }
    pieces.extend((!words.is_empty()).then(|| TemplatePiece::words(&words)));
    pieces
}

/// Measures a decimal number at the beginning of a text, in bytes; a full stop that ends a sentence is not part of it.
fn number(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let part = text.get(whole..)?.strip_prefix('.').map_or(0, digits);
    (whole > 0).then_some(if part > 0 { whole + 1 + part } else { whole })
}

/// Measures what the troubleshooting page writes in the place of a number, in bytes: `XX`, `YY`, `ZZ` or `XX.X`.
fn placeholder(text: &str) -> Option<usize> {
    let letter = text.bytes().next().filter(|first| matches!(first, b'X' | b'Y' | b'Z'))?;
    let letters = |text: &str| text.bytes().take_while(|byte| *byte == letter).count();
    let whole = letters(text);
    let part = text.get(whole..)?.strip_prefix('.').map_or(0, letters);
    (whole > 1).then_some(if part > 0 { whole + 1 + part } else { whole })
}

/// Reports whether a text is the beginning of one word in quotes.
fn is_opened(text: &str) -> bool {
    let inner = text.trim_start_matches('\\').strip_prefix(['"', '\'', '`', '“', '‘']);
    inner.is_some_and(|inner| inner.len() <= MAX_VALUE_LENGTH && !inner.contains(char::is_whitespace))
}

/// Reads a text in quotes of any kind, perhaps escaped; without quotes, up to the next blank.
fn quoted(text: &str) -> Option<(usize, &str)> {
    let opened = text.trim_start_matches('\\');
    let escapes = text.len() - opened.len();
    let closers: &[char] = match opened.chars().next()? {
        '"' => &['"'],
        '\'' => &['\''],
        '`' => &['`'],
        '“' | '”' => &['”', '“'],
        '‘' | '’' => &['’', '‘'],
        _ => {
            let value = text.split([' ', '\t', '\n', '"', '\'', '`']).next()?.trim_end_matches(['.', ',', ';', ')']);
            return (!value.is_empty() && value.len() <= MAX_VALUE_LENGTH).then_some((value.len(), value));
        }
    };
    let quote = opened.chars().next()?.len_utf8();
    let inner = opened.get(quote..)?;
    let end = inner.char_indices().take(MAX_VALUE_LENGTH).find(|(_, character)| closers.contains(character))?;
    let value = inner.get(..end.0)?;
    Some((escapes + quote + end.0 + end.1.len_utf8(), value.trim_end_matches('\\')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_cut_at_their_values() {
        let case = |says: &str, with_placeholders: &str| {
            assert_eq!(
                pieces(says).iter().map(TemplatePiece::with_placeholders).collect::<Vec<_>>().join("|"),
                with_placeholders,
                "{says}"
            );
        };
        case("Invalid URL", "Invalid URL");
        case("Asset size exceeds 16.0MB.", "Asset size exceeds |…|MB");
        case("between 0.5 and 2. Got 0.462.", "between |…| and |…|. Got |…");
        case("Got 9000x100.", "Got |…|x|…");
        case("code \"404\".", "code |\"…\"");
        case("Model variant … is", "Model variant |…| is");
        case("an \"open quote", "an \"open quote");
        case("", "");
    }

    #[test]
    fn placeholders_are_of_one_letter() {
        let case = |text: &str, expected: Option<usize>| assert_eq!(placeholder(text), expected, "{text}");
        case("XX.XMB.", Some(4));
        case("XXxYY.", Some(2));
        case("ZZ.", Some(2));
        case("X", None);
        case("16", None);
        case("", None);
    }

    #[test]
    fn quotes_may_be_of_any_kind_or_missing() {
        let case = |text: &str, expected: Option<(usize, &str)>| assert_eq!(quoted(text), expected, "{text}");
        case("\"a b\".", Some((5, "a b")));
        case("'a' b", Some((3, "a")));
        case("\\\"a\\\" b", Some((5, "a")));
        case("“a” b", Some((7, "a")));
        case("video/mp4. Next", Some((9, "video/mp4")));
        case("\"\"", Some((2, "")));
        case("\"never closed", None);
        case(" a", None);
        case("", None);
    }
}
