//! Percent-encoding of text, undone as often as it was done, and done again.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// How often a text may have been encoded: proxies and redirects do it twice.
const DEPTH: usize = 4;

/// Undoes percent-encoding until nothing changes; what comes out as no UTF-8 stays encoded.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..DEPTH {
        if !text.contains('%') {
            break;
        }
        match once(&text) {
            Some(decoded) if decoded != text => text = Cow::Owned(decoded),
            Some(_) | None => break,
        }
    }
    text
}

fn once(text: &str) -> Option<String> {
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

/// What is written as it is, beside letters and digits: RFC 3986 calls it unreserved.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes all but letters, digits and `-._~`.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
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
            let once = encode(&text);
            let twice = encode(&once);
            prop_assert_eq!(decode(&once), text.as_str());
            prop_assert_eq!(decode(&twice), text);
        }
    }
}
