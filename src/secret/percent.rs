//! Percent-encoding of text, undone as often as it was done, and done again.

use std::fmt::Write as _;

/// How often a text may have been encoded: proxies and redirects do it twice.
const DEPTH: usize = 4;

/// Undoes percent-encoding until nothing changes; what comes out as no UTF-8 stays encoded.
pub(super) fn decode(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..DEPTH {
        if !text.contains('%') {
            break;
        }
        match once(&text) {
            Some(decoded) if decoded != text => text = decoded,
            Some(_) | None => break,
        }
    }
    text
}

fn once(text: &str) -> Option<String> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = match (first, digit(after.first()), digit(after.get(1))) {
            (b'%', Some(high), Some(low)) => (high << 4 | low, after.get(2..).unwrap_or_default()),
            _ => (*first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// Encodes all but letters, digits and `-._~`.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_is_undone_as_often_as_it_was_done() {
        let case = |text: &str, decoded: &str| assert_eq!(decode(text), decoded, "{text}");
        case("a%2Fb", "a/b");
        case("a%252fb", "a/b");
        case("a%25252Fb", "a/b");
        case("100%", "100%");
        case("%zz%4", "%zz%4");
        case("%ff", "%ff");
        case("%C3%A9", "é");
        assert_eq!(encode("a b/é"), "a%20b%2F%C3%A9");
    }

    proptest! {
        #[test]
        fn what_is_encoded_comes_back(text in "[^%]{0,30}") {
            prop_assert_eq!(decode(&encode(&text)), text.as_str());
            prop_assert_eq!(decode(&encode(&encode(&text))), text);
        }
    }
}
