//! Halves of surrogate pairs in `\u` escapes: a text that was cut between the UTF-16 units of a character ends with one.
//! JSON allows them (RFC 8259, section 8.2) and JavaScript reads them, but UTF-8 has no such characters.

/// The halves of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LoneHalves {
    /// The byte at which the first string with one begins.
    pub(crate) first: usize,
    /// How many there are.
    pub(crate) count: usize,
}

/// Replaces each half by U+FFFD: that is one UTF-16 unit too, and its escape has the same length, so that every position
/// stays. `None` where there is none.
pub(crate) fn replace(text: &str) -> Option<(String, LoneHalves)> {
    let mut bytes = text.as_bytes().to_vec();
    let (mut opening, mut first, mut count) = (None, None, 0);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let length = match (byte, unit(&bytes, at)) {
            (b'"', _) => {
                opening = if opening.is_some() { None } else { Some(at) };
                1
            }
            (b'\\', None) => 2,
            (b'\\', Some(0xd800..0xdc00)) if matches!(unit(&bytes, at + 6), Some(0xdc00..0xe000)) => 12,
            (b'\\', Some(0xd800..0xe000)) => {
                bytes.get_mut(at + 2..at + 6)?.copy_from_slice(b"fffd");
                first = first.or(opening);
                count += 1;
                6
            }
            (b'\\', Some(_)) => 6,
            _ => 1,
        };
        at += length;
    }
    Some((String::from_utf8(bytes).ok()?, LoneHalves { first: first?, count }))
}

/// Reads the UTF-16 unit of the `\u` escape at a byte.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at.checked_add(6)?)?.strip_prefix(b"\\u")?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_replaced() {
        let case = |text: &str, replaced: &str, first: usize, count: usize| {
            assert_eq!(replace(text), Some((replaced.to_owned(), LoneHalves { first, count })), "{text}");
        };
        case(r#"["é","a\ud83d"]"#, r#"["é","a\ufffd"]"#, 6, 1);
        case(r#"["\ud83d\ude42\uDE42\uD83Dx"]"#, r#"["\ud83d\ude42\ufffd\ufffdx"]"#, 1, 2);
        case(r#"{"\ud83d\ud83d\ude42":1}"#, r#"{"\ufffd\ud83d\ude42":1}"#, 1, 1);
        for text in ["", r#"["\\ud83d"]"#, r#"["\ud83d\ude42"]"#, r#"["\ud8"#, r#"["\"#, "[\"\\é\"]"] {
            assert_eq!(replace(text), None, "{text}");
        }
    }
}
