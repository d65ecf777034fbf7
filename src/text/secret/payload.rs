//! Payloads of data URIs, and of what is almost a data URI: quoted, percent-encoded, without its head, broken over lines.

/// Returns the part before the payload of a text that is, or was meant as, a data URI; `None` for any other text. Bare
/// base64 has an empty head.
#[must_use]
pub fn payload_head(text: &[u8]) -> Option<String> {
    let start = text.get(..MAX_HEAD).unwrap_or(text);
    let lower = start.to_ascii_lowercase();
    let find = |mark: &[u8]| lower.windows(mark.len()).position(|window| window == mark).map(|at| at + mark.len());
    if let Some(end) = MARKS.iter().filter_map(|mark| find(mark)).min() {
        return Some(String::from_utf8_lossy(start.get(..end).unwrap_or_default()).into_owned());
    }
    let bare = text.strip_prefix(b"b'").unwrap_or(text);
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`' | b',');
    let from = bare.iter().position(|byte| !is_quote(byte)).unwrap_or(bare.len());
    let to = bare.iter().rposition(|byte| !is_quote(byte)).map_or(from, |last| last + 1);
    let bare = bare.get(from..to).unwrap_or_default();
    if is_base64(bare) {
        return Some(String::new());
    }
    // `base64,…`, as it is left of a data URI that was split at its semicolon.
    let label = bare.iter().take(MAX_LABEL).position(|byte| b",:;=".contains(byte))? + 1;
    let (label, rest) = bare.split_at_checked(label)?;
    is_base64(rest).then(|| String::from_utf8_lossy(label).into_owned())
}

/// The longest label before a payload, in bytes.
const MAX_LABEL: usize = 16;

/// The longest head, in bytes.
const MAX_HEAD: usize = 128;

/// What ends the head of a data URI, in lower case; percent-encoded as well, once or twice.
const MARKS: [&[u8]; 4] = [b";base64,", b"%3bbase64%2c", b";base64%2c", b"%253bbase64%252c"];

/// Reports whether a text is base64 rather than a name: it is long and has only characters of the alphabet; a shorter
/// one must also mix cases and digits, which paths do not.
#[expect(clippy::naive_bytecount, reason = "names are short")]
fn is_base64(text: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    if text.len() < MIN_PAYLOAD || !text.iter().all(is_letter) {
        return false;
    }
    let has = |test: fn(&u8) -> bool| text.iter().any(test);
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    text.len() > LONG_PAYLOAD || is_mixed && text.iter().filter(|byte| **byte == b'/').count() * 16 <= text.len()
}

/// The shortest text that may be a payload, in bytes: a line of base64 has 64 or 76.
const MIN_PAYLOAD: usize = 40;

/// A longer text of nothing but base64 letters is never a name, in bytes.
const LONG_PAYLOAD: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_recognized_in_every_wrapping() {
        let case = |text: &str, expected: Option<&str>| {
            assert_eq!(payload_head(text.as_bytes()).as_deref(), expected, "{text}");
        };
        case("data:image/png;base64,AAAA", Some("data:image/png;base64,"));
        case("\"data:image/png;base64,AAAA\"", Some("\"data:image/png;base64,"));
        case("b'data:image/png;base64,AAAA'", Some("b'data:image/png;base64,"));
        case("data%3Aimage%2Fpng%3Bbase64%2CAAAA", Some("data%3Aimage%2Fpng%3Bbase64%2C"));
        case("image/png;base64,AAAA", Some("image/png;base64,"));
        let line = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
        case(line, Some(""));
        case(&format!("b'{line}'"), Some(""));
        case(&format!("\"{line}\""), Some(""));
        case(&format!("base64,{line}"), Some("base64,"));
        case(&format!("'b64:{line}'"), Some("b64:"));
        case("C:/Users/someone/Pictures/Holiday2024/Scan", None);
        case(&"a".repeat(300), Some(""));
        case("photo.png", None);
        case("/home/user/Pictures/2024/Summer-Holiday/IMG", None);
        case(&format!("/srv/{}.png", "Aa1".repeat(30)), None);
        case("", None);
    }
}
