//! URLs and data URIs with something around them: quotation marks, markup, percent-encoding, a missing head.

/// Returns how to unwrap a text that contains a URL or a data URI, but is not one itself.
pub(crate) fn wrapping_hint(text: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(text.get(..START).unwrap_or(text));
    let start = start.trim_start();
    if let Some(hint) = bare_base64(text) {
        return Some(hint);
    }
    let lower = start.to_ascii_lowercase();
    let visible = lower.trim_start_matches(INVISIBLE);
    if visible.len() < lower.len() && is_uri_start(visible) {
        let first = start.chars().next().map_or(0, u32::from);
        return Some(format!("Remove the invisible character (U+{first:04X}) at the start."));
    }
    if KINDS.iter().any(|kind| lower.starts_with(kind)) && lower.contains(";base64,") {
        return Some("Write data: before it.".to_owned());
    }
    if lower.starts_with(['!', '[']) && lower.split_once("](").is_some_and(|(_, link)| is_uri_start(link)) {
        return Some("Write only the URL: remove the Markdown around it.".to_owned());
    }
    if ENCODED.iter().any(|start| lower.starts_with(start)) {
        return Some("Decode it: the URL as a whole is percent-encoded.".to_owned());
    }
    let (found, hint) = WRAPPINGS.iter().find_map(|(prefix, hint)| Some((lower.strip_prefix(prefix)?, hint)))?;
    is_uri_start(found.trim_start()).then(|| (*hint).to_owned())
}

/// How many bytes of a text are searched.
const START: usize = 256;

/// Invisible characters that are copied along with a URL.
const INVISIBLE: [char; 8] =
    ['\u{feff}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{ad}'];

const KINDS: [&str; 3] = ["image/", "video/", "audio/"];

fn is_uri_start(text: &str) -> bool {
    ["https:", "http:", "data:", "runway:"].iter().chain(&ENCODED).any(|known| text.starts_with(known))
}

/// How a URL begins that is percent-encoded as a whole, in lower case.
const ENCODED: [&str; 3] = ["https%3a", "http%3a", "data%3a"];

/// What is found before a URL, and what to do about it.
const WRAPPINGS: [(&str, &str); 11] = [
    ("b'", "Remove b'…' around it: this is Python's notation for bytes; decode them to a string first."),
    ("b\"", "Remove b\"…\" around it: this is Python's notation for bytes; decode them to a string first."),
    ("\"", "Remove the quotation marks around it."),
    ("'", "Remove the quotation marks around it."),
    ("`", "Remove the backquotes around it."),
    ("“", "Remove the quotation marks around it."),
    ("‘", "Remove the quotation marks around it."),
    ("<", "Remove the angle brackets around it."),
    ("(", "Remove the parentheses around it."),
    ("src=\"", "Write only the URL: remove src=\"…\" around it."),
    ("url(", "Write only the URL: remove url(…) around it."),
];

/// Returns what to write before bare base64 (a data URI without its head), recognized by the first bytes of an image.
fn bare_base64(text: &[u8]) -> Option<String> {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let known = [("iVBORw0KGgo", "image/png"), ("/9j/", "image/jpeg"), ("UklGR", "image/webp")];
    let (_, name) = known.into_iter().find(|(start, _)| text.starts_with(start.as_bytes()))?;
    let is_payload = text.len() > MIN_PAYLOAD && text.iter().all(is_base64);
    is_payload.then(|| format!("Write data:{name};base64, before it: this is bare base64."))
}

/// The minimum length of bare base64, in bytes: a shorter text may be a path such as `/9j/a/b`.
const MIN_PAYLOAD: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrapping_has_its_hint() {
        let case = |text: &str, expected: &str| {
            let hint = wrapping_hint(text.as_bytes()).unwrap_or_default();
            assert!(hint.contains(expected) && hint.is_empty() == expected.is_empty(), "{text}: {hint}");
        };
        case("\"https://h.com/a.png\"", "quotation marks");
        case("<https://h.com/a.png>", "angle brackets");
        case("b'data:image/png;base64,AAAA'", "Python");
        case("src=\"data:image/png;base64,AAAA\"", "src=");
        case("url(data:image/png;base64,AAAA)", "url(");
        case("https%3A%2F%2Fh.com%2Fa.png", "percent-encoded");
        case("data%3Aimage%2Fpng%3Bbase64%2CAAAA", "percent-encoded");
        case("\u{200b}https://h.com/a.png", "U+200B");
        case("\u{feff}https://h.com/a.png", "U+FEFF");
        case("![x](https://h.com/a.png)", "Markdown");
        case("image/png;base64,AAAA", "Write data:");
        case("photo.png", "");
        case("https://", "");
        case("https://h.com:99999/a.png", "");
        case("image/photo.png", "");
        case("", "");
    }

    #[test]
    fn bare_base64_is_recognized_by_its_first_bytes() {
        let hint = |text: String| wrapping_hint(text.as_bytes());
        assert!(hint(format!("iVBORw0KGgo{}", "A".repeat(80))).is_some_and(|hint| hint.contains("image/png")));
        assert!(hint(format!("/9j/{}", "A".repeat(80))).is_some_and(|hint| hint.contains("image/jpeg")));
        assert_eq!(hint("/9j/a/b".to_owned()), None);
        assert_eq!(hint(format!("/9j/{}.png", "a".repeat(80))), None);
    }
}
