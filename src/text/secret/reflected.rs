//! Secrets of a URL that its host repeats, in whichever form: an error page that quotes the request, a redirect that
//! carries it on.

use std::fmt::Write as _;

use super::{REDACTED, percent};
use crate::data_uri::encode as base64;

/// The secrets of one URL, to be taken out of what its host says.
pub struct Echo(Vec<String>);

impl Echo {
    /// Takes values as they stand in a URL, percent-encoded. Those shorter than six bytes are no secrets but words such
    /// as `png`, and would be found everywhere.
    #[must_use]
    pub fn of<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms: Vec<String> = values.into_iter().flat_map(forms).filter(|form| form.len() >= LEAST).collect();
        // The longest first, so that no form leaves the rest of another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self(forms)
    }

    /// Hides the secrets in a text.
    #[must_use]
    pub fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, form| {
            if text.contains(form.as_str()) { text.replace(form.as_str(), REDACTED) } else { text }
        })
    }
}

/// The fewest bytes that are a secret.
const LEAST: usize = 6;

/// Writes a value in every form that servers repeat it in.
fn forms(value: &str) -> Vec<String> {
    let plain = percent::decode(value);
    if plain.len() < LEAST {
        return Vec::new();
    }
    let once = percent::encode(&plain);
    let twice = percent::encode(&once);
    let hex = plain.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let spaced = plain.replace(' ', "+");
    let mut forms = vec![
        value.to_owned(),
        lower_escapes(&once),
        lower_escapes(&twice),
        once,
        twice,
        hex.to_ascii_uppercase(),
        hex,
        json(&plain),
        json(&plain).replace('/', "\\/"),
        spaced,
    ];
    for shift in 0..3 {
        let core = base64_core(plain.as_bytes(), shift);
        forms.extend([core.replace('+', "-").replace('/', "_"), core]);
    }
    forms.push(plain.into_owned());
    forms
}

/// Writes the digits of escapes in lower case: `%2f`.
fn lower_escapes(encoded: &str) -> String {
    let mut lower = String::with_capacity(encoded.len());
    for (at, part) in encoded.split('%').enumerate() {
        let digits = part.len().min(if at == 0 { 0 } else { 2 });
        let (digits, rest) = part.split_at_checked(digits).unwrap_or(("", part));
        let _ = write!(lower, "{}{}{rest}", if at == 0 { "" } else { "%" }, digits.to_ascii_lowercase());
    }
    lower
}

/// Writes a value as it stands inside of a JSON string.
fn json(plain: &str) -> String {
    let mut written = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            '&' | '<' | '>' | '=' | '+' | '\'' | '\0'..='\x1f' => {
                let _ = write!(written, "\\u{:04x}", u32::from(character));
            }
            character => written.push(character),
        }
    }
    written
}

/// Writes the part of a base64 text that is the same whatever stands around the value, `shift` bytes into a group.
fn base64_core(plain: &[u8], shift: usize) -> String {
    let whole = base64(&[&[0].repeat(shift), plain].concat());
    let skipped = [0, 2, 3].get(shift).copied().unwrap_or_default();
    let whole = whole.trim_end_matches('=');
    // The last character holds bits of what follows, unless a group ends there.
    let end = whole.len().saturating_sub(usize::from(!plain.len().saturating_add(shift).is_multiple_of(3)));
    whole.get(skipped..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_is_hidden() {
        let echo = Echo::of(["wJalr%2FbPx%2BRf%3D", "short"]);
        for said in [
            "wJalr%2FbPx%2BRf%3D",
            "wJalr%2fbPx%2bRf%3d",
            "wJalr%252FbPx%252BRf%253D",
            "wJalr/bPx+Rf=",
            "wJalr\\/bPx\\u002bRf\\u003d",
            "774a616c722f6250782b52663d",
            "774A616C722F6250782B52663D",
        ] {
            assert_eq!(echo.hide(&format!("<{said}>")), "<[redacted]>", "{said}");
        }
        assert_eq!(echo.hide("a short word"), "a short word");
        assert_eq!(Echo::of(["a%20secret"]).hide("a+secret, a secret"), "[redacted], [redacted]");
    }

    #[test]
    fn the_longer_form_is_hidden_first() {
        assert_eq!(Echo::of(["abcdef", "abcdefgh"]).hide("abcdefgh abcdef"), "[redacted] [redacted]");
    }

    proptest! {
        #[test]
        fn base64_is_found_wherever_it_begins(
            secret in "[a-zA-Z0-9/+=]{12,40}",
            before in proptest::collection::vec(any::<u8>(), 0..9),
            after in proptest::collection::vec(any::<u8>(), 0..9),
        ) {
            let echo = Echo::of([secret.as_str()]);
            let said = [before.as_slice(), secret.as_bytes(), after.as_slice()].concat();
            let standard = base64(&said);
            let url_safe = standard.replace('+', "-").replace('/', "_");
            for text in [standard, url_safe] {
                prop_assert!(echo.hide(&text).contains(REDACTED), "{} in {}", secret, text);
            }
        }
    }
}
