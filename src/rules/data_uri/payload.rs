//! What is wrong with the payload of a data URI, derived from its characters.

use crate::data_uri::{Base64Form, DataUriError, forgiving};
use crate::units::counted;

/// The most likely cause for a payload that is not plain base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PayloadProblem {
    /// The payload begins with another `data:…;base64,`.
    HeadTwice,
    /// The payload begins with what a program prints in place of base64.
    Printed(&'static str),
    /// `+` was turned into spaces.
    PlusLost { spaces: usize },
    /// `-` and `_` take the place of `+` and `/`.
    UrlSafe,
    /// A `#` ends the payload early.
    Fragment,
    /// Line breaks or regular spaces fold it.
    Folded { breaks: usize, spaces: usize },
    /// A few spaces.
    Spaces { spaces: usize, at: usize },
    /// Percent-encoding.
    Escapes { escapes: usize },
    /// The padding is missing.
    Padding,
}

/// What programs print in place of base64, and how to name it.
const PRINTED: [(&[u8], &str); 8] = [
    (b"b'", "Python's b'…'"),
    (b"b\"", "Python's b\"…\""),
    (b"\"", "a quotation mark"),
    (b"'", "a quotation mark"),
    (b"[object ", "JavaScript's [object Object]"),
    (b"undefined", "JavaScript's undefined"),
    (b"null", "null"),
    (b"None", "Python's None"),
];

/// The length from which a payload without any `+` is unlikely: on average, one base64 character in 64 is a `+`.
const LONG_ENOUGH: usize = 300;

impl PayloadProblem {
    /// Finds the cause for a payload that a strict decoder does not accept.
    pub(super) fn find(payload: &[u8], decoding: Result<Base64Form, DataUriError>) -> Option<Self> {
        if decoding == Ok(Base64Form::Strict) {
            return None;
        }
        let start = payload.get(..64).unwrap_or(payload);
        if start.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"data:")) {
            return Some(Self::HeadTwice);
        }
        let printed = PRINTED.iter().find(|(text, _)| start.starts_with(text));
        // `null` and the like may begin base64; a quotation mark or a bracket cannot.
        let printed = printed.filter(|(text, _)| decoding.is_err() || !text.iter().all(u8::is_ascii_alphabetic));
        if let Some((_, name)) = printed {
            return Some(Self::Printed(name));
        }
        let counts = Counts::of(payload);
        if counts.fragment {
            return Some(Self::Fragment);
        }
        if counts.breaks > 0 || counts.spaces > 0 && is_folded(payload) {
            return decoding.is_ok().then_some(Self::Folded { breaks: counts.breaks, spaces: counts.spaces });
        }
        if counts.have_lost_pluses(payload.len()) {
            return Some(Self::PlusLost { spaces: counts.spaces });
        }
        if decoding.is_err() && counts.hyphens > 0 {
            return decodes_after_translation(payload).then_some(Self::UrlSafe);
        }
        if decoding.is_err() {
            return None;
        }
        match counts {
            Counts { spaces: spaces @ 1.., first_space, .. } => Some(Self::Spaces { spaces, at: first_space }),
            Counts { escapes: escapes @ 1.., .. } => Some(Self::Escapes { escapes }),
            Counts { .. } => (!payload.len().is_multiple_of(4)).then_some(Self::Padding),
        }
    }

    /// Reports whether every decoder rejects it or returns other bytes than were encoded.
    pub(super) const fn is_fatal(self) -> bool {
        match self {
            Self::HeadTwice | Self::Printed(_) | Self::PlusLost { .. } => true,
            Self::UrlSafe
            | Self::Fragment
            | Self::Folded { .. }
            | Self::Spaces { .. }
            | Self::Escapes { .. }
            | Self::Padding => false,
        }
    }

    /// Describes the cause.
    pub(super) fn detail(self) -> String {
        match self {
            Self::HeadTwice => "the head data:…;base64, occurs twice".to_owned(),
            Self::Printed(name) => format!("the payload begins with {name}, not with base64"),
            Self::PlusLost { spaces } => {
                format!("{} where base64 has +: form decoding turned + into spaces", counted(spaces as u64, "space"))
            }
            Self::UrlSafe => {
                "the payload uses the URL-safe alphabet (- and _); decoders differ in accepting it".to_owned()
            }
            Self::Fragment => "a # in the payload ends it early".to_owned(),
            Self::Folded { breaks: 0, spaces } => format!("{spaces} spaces fold the payload into lines"),
            Self::Folded { breaks, .. } => format!("{} in the payload", counted(breaks as u64, "line break")),
            Self::Spaces { spaces, at } => {
                let [spaces, at] =
                    [(spaces, "space"), (at, "character")].map(|(count, noun)| counted(count as u64, noun));
                format!("{spaces} in the payload, the first after {at}")
            }
            Self::Escapes { escapes } => {
                format!("{} in the payload", counted(escapes as u64, "percent-encoded character"))
            }
            Self::Padding => "the padding (=) at the end is missing".to_owned(),
        }
    }

    /// Returns what to do about it; `None` where the general hint is as good.
    pub(super) const fn hint(self) -> Option<&'static str> {
        match self {
            Self::HeadTwice => Some("Write data:CONTENT/TYPE;base64, once."),
            Self::Printed(_) => Some("Insert the base64 text itself, decoded to a string, without quotation marks."),
            Self::PlusLost { .. } => Some("Send the data URI as JSON, or write + as %2B in form data."),
            Self::UrlSafe => Some("Encode with the standard alphabet: write + in place of -, and / in place of _."),
            Self::Folded { .. } => Some("Encode without line breaks, as `base64 -w0` does."),
            Self::Fragment | Self::Spaces { .. } | Self::Escapes { .. } | Self::Padding => None,
        }
    }
}

/// Counts of the characters that are not plain base64.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    pluses: usize,
    slashes: usize,
    hyphens: usize,
    spaces: usize,
    first_space: usize,
    breaks: usize,
    escapes: usize,
    fragment: bool,
}

impl Counts {
    fn of(payload: &[u8]) -> Self {
        let mut counts = Self::default();
        for (at, byte) in payload.iter().enumerate() {
            match byte {
                b'+' => counts.pluses += 1,
                b'/' => counts.slashes += 1,
                b'-' | b'_' => counts.hyphens += 1,
                b' ' => {
                    if counts.spaces == 0 {
                        counts.first_space = at;
                    }
                    counts.spaces += 1;
                }
                b'\n' => counts.breaks += 1,
                b'%' => counts.escapes += 1,
                b'#' => counts.fragment = true,
                _ => {}
            }
        }
        counts
    }

    /// Reports whether the spaces take the place of `+`. Flat content such as silence has no `+`: without the spaces the
    /// length must be wrong, or characters be missing that content with a `/` has.
    const fn have_lost_pluses(&self, length: usize) -> bool {
        let is_whole = length.saturating_sub(self.spaces).is_multiple_of(4);
        let is_likely = self.pluses == 0 && self.spaces > 1 && length >= LONG_ENOUGH;
        is_likely && (!is_whole || self.slashes > 0 && length.is_multiple_of(4))
    }
}

/// Reports whether spaces occur at regular intervals, as when YAML folds lines.
fn is_folded(payload: &[u8]) -> bool {
    let mut lines = payload.split(|byte| *byte == b' ').filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return false };
    let mut rest = lines.peekable();
    let mut count = 0;
    while let Some(line) = rest.next() {
        count += 1;
        let is_last = rest.peek().is_none();
        if line.len() != first.len() && !(is_last && line.len() < first.len()) {
            return false;
        }
    }
    count > 0 && first.len() >= 32
}

/// The largest payload that is translated to try the URL-safe alphabet, in bytes: the API's longest data URI.
const MAX_TRANSLATED: usize = 8 << 20;

fn decodes_after_translation(payload: &[u8]) -> bool {
    if payload.len() > MAX_TRANSLATED {
        return false;
    }
    let standard = |byte: &u8| match byte {
        b'-' => '+',
        b'_' => '/',
        byte => char::from(*byte),
    };
    forgiving(&payload.iter().map(standard).collect::<String>()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_uri::DataUri;

    fn case(payload: &str, expected: Option<PayloadProblem>) {
        let text = format!("data:image/png;base64,{payload}");
        let uri = DataUri::parse(text.as_bytes()).expect("a head");
        let found = PayloadProblem::find(uri.payload(), uri.decode(|_| {}));
        assert_eq!(found, expected, "{}", payload.get(..60).unwrap_or(payload));
    }

    #[test]
    fn each_cause_is_recognized_by_its_characters() {
        case("aGkA", None);
        case("data:image/png;base64,aGkA", Some(PayloadProblem::HeadTwice));
        case("b'aGkA'", Some(PayloadProblem::Printed("Python's b'…'")));
        case("\"aGkA\"", Some(PayloadProblem::Printed("a quotation mark")));
        case("[object Object]", Some(PayloadProblem::Printed("JavaScript's [object Object]")));
        case("undefined", Some(PayloadProblem::Printed("JavaScript's undefined")));
        case("null", None);
        case("aG_-", Some(PayloadProblem::UrlSafe));
        case("aG_+", Some(PayloadProblem::UrlSafe));
        case("aGkA#x", Some(PayloadProblem::Fragment));
        case("aGkA\naGkA", Some(PayloadProblem::Folded { breaks: 1, spaces: 0 }));
        case("aG kA", Some(PayloadProblem::Spaces { spaces: 1, at: 2 }));
        case("aGk%3D", Some(PayloadProblem::Escapes { escapes: 1 }));
        case("aGk", Some(PayloadProblem::Padding));
        case("aG!A", None);
    }

    #[test]
    fn irregular_spaces_without_a_plus_are_lost_pluses() {
        let line = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
        let folded = [line; 8].join(" ");
        case(&folded, Some(PayloadProblem::Folded { breaks: 0, spaces: 7 }));
        let lost = format!("{} {}A {}A", line.repeat(3), line.repeat(2), line.repeat(3));
        case(&lost, Some(PayloadProblem::PlusLost { spaces: 2 }));
        // Silence has no plus; without the spaces it is whole.
        let silence = "gICA".repeat(100);
        for (spaced, spaces, at) in [(format!("  {silence}"), 2, 0), (format!("    {silence}"), 4, 0)] {
            case(&spaced, Some(PayloadProblem::Spaces { spaces, at }));
        }
        // As many as make up a whole length: content with a `/` has a plus as well.
        let four = format!("{} {}/ {}A A {}AAAAA", line.repeat(3), line.repeat(2), line.repeat(3), line);
        assert!(four.len().is_multiple_of(4), "{}", four.len());
        case(&four, Some(PayloadProblem::PlusLost { spaces: 4 }));
        // A plus elsewhere, or a short payload, proves nothing.
        let kept = format!("{} {}+ {}A", line.repeat(3), line.repeat(2), line.repeat(3));
        assert!(!matches!(
            PayloadProblem::find(kept.as_bytes(), Ok(Base64Form::Forgiving)),
            Some(PayloadProblem::PlusLost { .. })
        ));
        assert!(!matches!(
            PayloadProblem::find(b"aG kA aG kAA", Ok(Base64Form::Forgiving)),
            Some(PayloadProblem::PlusLost { .. })
        ));
    }
}
