//! Percent-encoding.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// How often a text may have been encoded: proxies and redirects do it twice.
const MAX_DEPTH: usize = 4;

/// Decodes a text as often as it was encoded, until nothing changes; invalid UTF-8 is replaced.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_DEPTH {
        if !text.contains('%') {
            break;
        }
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            break;
        }
        text = Cow::Owned(decoded);
    }
    text
}

/// The characters that stay as they are: RFC 3986 calls them unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes all but letters, digits and `-._~`.
pub(crate) fn encode(text: impl AsRef<[u8]>) -> String {
    percent_encode(text.as_ref(), UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_is_decoded_as_often_as_it_was_encoded() {
        let case = |text: &str, decoded: &str| assert_eq!(decode(text), decoded, "{text}");
        case("a%2Fb", "a/b");
        case("a%252fb", "a/b");
        case("a%25252Fb", "a/b");
        case("100%", "100%");
        case("%zz%4", "%zz%4");
        case("%ff", "\u{fffd}");
        case("%C3%A9", "é");
    }

    #[test]
    fn what_is_encoded_is_no_path_and_no_scheme() {
        assert_eq!(encode("a b/é"), "a%20b%2F%C3%A9");
        assert_eq!(encode(b"a b\xff?#%/\\:.png"), "a%20b%FF%3F%23%25%2F%5C%3A.png");
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text in "[^%]{0,30}") {
            let once = encode(&text);
            let twice = encode(&once);
            prop_assert_eq!(decode(&once), text.as_str());
            prop_assert_eq!(decode(&twice), text);
        }
    }
}
