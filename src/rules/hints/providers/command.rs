//! Commands, configurations and links of recipes, with their placeholders filled in.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::pattern::PlaceholderValues;
use crate::text::shell;

/// The values for placeholders.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placeholders<'a> {
    /// The values from the URL, percent-encoded.
    pub(super) values: &'a PlaceholderValues,
    /// The content type to set.
    pub(super) content_type: Option<&'a str>,
}

impl Placeholders<'_> {
    /// Returns the value of a placeholder, as it is in the URL.
    fn encoded(&self, name: &str) -> Option<&str> {
        if name == "type" { self.content_type } else { self.values.get(name).map(String::as_str) }
    }

    /// Returns the value of a placeholder, decoded for a program.
    fn decoded(&self, name: &str) -> Option<String> {
        if name == "type" { self.content_type.map(str::to_owned) } else { decode(self.values.get(name)?) }
    }
}

/// Puts the content type into a sentence.
pub(super) fn plain(text: &str, content_type: Option<&str>) -> String {
    text.replace("{type}", content_type.unwrap_or("TYPE"))
}

/// Fills in a command: each text between single quotes becomes one shell word with exactly that value. A value that is
/// unknown, or that cannot be pasted, is written as its name in capitals.
pub(super) fn paste(command: &str, placeholders: Placeholders<'_>) -> String {
    let mut pasted = String::new();
    for (index, text) in command.split('\'').enumerate() {
        if index % 2 == 0 {
            pasted.push_str(text);
        } else {
            let known = fill(text, |name| placeholders.decoded(name).filter(|value| shell::quote(value).is_some()));
            let word = shell::quote(&known).or_else(|| shell::quote(&fill(text, |_| None)));
            pasted.push_str(&word.unwrap_or_default());
        }
    }
    pasted
}

/// Fills in lines of a configuration. A value that may be syntax for some server is written as its name in capitals: only
/// letters, digits and the characters of content types are safe.
pub(super) fn config(lines: &str, placeholders: Placeholders<'_>) -> String {
    let is_plain = |value: &String| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    fill(lines, |name| placeholders.encoded(name).map(str::to_owned).filter(is_plain))
}

/// Fills in a URL; `None` where a value is unknown.
pub(super) fn link(template: &str, placeholders: Placeholders<'_>) -> Option<String> {
    let mut is_known = true;
    let filled = fill(template, |name| {
        let value = placeholders.encoded(name).map(shell_safe);
        is_known &= value.is_some();
        value
    });
    is_known.then_some(filled)
}

/// Replaces each `{name}` by its value, or by the name in capitals. Other braces stay.
fn fill(template: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| is_name(name));
        rest = if let Some((name, after)) = name {
            filled.push_str(&value(name).unwrap_or_else(|| name.to_uppercase()));
            after
        } else {
            filled.push('{');
            after
        };
    }
    filled + rest
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Decodes percent-encoding; `None` where the result is not UTF-8.
fn decode(text: &str) -> Option<String> {
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

/// The characters to percent-encode: all that a shell may interpret, in case the URL is pasted without quotes.
const SHELL_SAFE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'%')
    .remove(b'@')
    .remove(b'+')
    .remove(b',')
    .remove(b':');

fn shell_safe(text: &str) -> String {
    utf8_percent_encode(text, SHELL_SAFE).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> PlaceholderValues {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn words_are_decoded_and_quoted() {
        let case = |key: &str, expected: &str| {
            let values = values(&[("key", key)]);
            let placeholders = Placeholders { values: &values, content_type: Some("image/png") };
            assert_eq!(paste("put --type='{type}' -- 's3://{bucket}/{key}'", placeholders), expected);
        };
        case("a/b.png", "put --type='image/png' -- 's3://BUCKET/a/b.png'");
        case("my%20photo.png", "put --type='image/png' -- 's3://BUCKET/my photo.png'");
        case("it's", r#"put --type='image/png' -- 's3://BUCKET/it'"'"'s'"#);
        case("%27;id;%27", r#"put --type='image/png' -- 's3://BUCKET/'"'"';id;'"'"''"#);
        case("100%", "put --type='image/png' -- 's3://BUCKET/100%'");
        for hidden in ["%0aid", "%ff", "%1b[2J", "%E2%80%AE", "%00", "a%5Cb"] {
            case(hidden, "put --type='image/png' -- 's3://BUCKET/KEY'");
        }
    }

    #[test]
    fn configurations_keep_their_braces_and_take_no_syntax() {
        let case = |extension: &str, expected: &str| {
            let values = values(&[("extension", extension)]);
            let placeholders = Placeholders { values: &values, content_type: Some("image/png") };
            assert_eq!(config("types { {type} {extension}; } {{x} }", placeholders), expected, "{extension}");
        };
        case("png", "types { image/png png; } {X }");
        for hostile in ["p;g", "p{g", "p}g", "p g", "p\"g", "p%20g", "p$g", "p\ng", "p'g", "é"] {
            case(hostile, "types { image/png EXTENSION; } {X }");
        }
    }

    #[test]
    fn links_are_safe_to_paste_without_quotes() {
        let case = |path: &str, expected: Option<&str>| {
            let values = values(&[("path", path)]);
            assert_eq!(
                link("https://h.com/{path}", Placeholders { values: &values, content_type: None }).as_deref(),
                expected
            );
        };
        case("main/a%20b.png", Some("https://h.com/main/a%20b.png"));
        case("$(id);'`&|!", Some("https://h.com/%24%28id%29%3B%27%60%26%7C%21"));
        let empty = PlaceholderValues::new();
        assert_eq!(link("https://h.com/{path}", Placeholders { values: &empty, content_type: None }), None);
    }
}
