//! Encodes workflow commands of GitHub Actions as `@actions/core` does and the runner decodes.

/// Encodes the message of a command. The runner gets the same text back.
#[must_use]
pub fn data(text: &str) -> String {
    text.chars().map(data_character).collect()
}

/// Encodes a message like [`data`], truncated so that the encoded text has at most `limit` bytes, including `…`.
#[must_use]
pub fn data_up_to(text: &str, limit: usize) -> String {
    let whole = data(text);
    if whole.len() <= limit {
        return whole;
    }
    let mut encoded = String::new();
    for character in text.chars() {
        let next = data_character(character);
        if encoded.len() + next.len() + '…'.len_utf8() > limit {
            break;
        }
        encoded.push_str(&next);
    }
    encoded + "…"
}

/// Encodes the value of a property (`file=…`). An empty value, or one that starts with `=`, cannot be encoded.
#[must_use]
pub fn property(text: &str) -> String {
    let encode = |character| match character {
        ':' => "%3A".to_owned(),
        ',' => "%2C".to_owned(),
        character => data_character(character),
    };
    text.chars().map(encode).collect()
}

fn data_character(character: char) -> String {
    match character {
        '%' => "%25".to_owned(),
        '\r' => "%0D".to_owned(),
        '\n' => "%0A".to_owned(),
        character => character.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Decodes as the runner does: one replacement after the other, the percent sign last.
    fn decode(text: &str, replacements: &[(&str, &str)]) -> String {
        replacements.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }

    const DATA: &[(&str, &str)] = &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
    const PROPERTY: &[(&str, &str)] = &[("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];

    proptest! {
        #[test]
        fn any_message_comes_back_and_stays_on_its_line(text in "(%0A|%25|%|::|##\\[|\r|\n|,|\\PC){0,40}") {
            let encoded = data(&text);
            prop_assert_eq!(decode(&encoded, DATA), text.as_str());
            prop_assert!(!encoded.contains(['\r', '\n']));
            let encoded = property(&text);
            prop_assert_eq!(decode(&encoded, PROPERTY), text.as_str());
            prop_assert!(!encoded.contains(['\r', '\n', ':', ',']));
        }

        #[test]
        fn a_truncated_message_is_a_prefix(text in "(%|\n|é|🙂|a){0,60}", limit in 3_usize..100) {
            let encoded = data_up_to(&text, limit);
            prop_assert!(encoded.len() <= limit);
            let decoded = decode(&encoded, DATA);
            prop_assert!(text.starts_with(decoded.strip_suffix('…').unwrap_or(&decoded)), "{}", decoded);
        }
    }

    #[test]
    fn known_texts() {
        assert_eq!(data("100%\r\n::error::x, y"), "100%25%0D%0A::error::x, y");
        assert_eq!(property("C:\\a,b%0A"), "C%3A\\a%2Cb%250A");
        assert_eq!(data_up_to("abcdef", 6), "abcdef");
        assert_eq!(data_up_to("abcdefg", 6), "abc…");
    }
}
