//! Assets as the user named them, and the only parser of their text: [`Target::parse`].

use crate::data_uri::is_data_uri;
use crate::media::Kind;
use crate::text::secret::{QueryRedaction, REDACTED, Secret, payload_head, redact_path, redact_url};
use crate::text::untrusted::UntrustedText;

mod asset_url;
pub mod list;
pub mod table;
mod target;

pub use asset_url::AssetUrl;
#[cfg(any(feature = "cli", feature = "fix"))]
pub(crate) use target::real_path;
pub use target::{Target, path};

use target::is_uri;

/// One asset to check: its text, and where that is.
#[derive(Clone, Debug)]
pub struct Asset {
    text: Secret<Vec<u8>>,
    length: u64,
    is_truncated: bool,
    /// The request field it is meant for: `promptImage`, `references[0].uri`.
    pub field: Option<String>,
    /// The kind that the field accepts, where known.
    pub kind: Option<Kind>,
    /// Where it is in a list or a body.
    pub location: Option<Location>,
    /// Its index among all assets, counted from 0, if some of them are checked in another run; `None` if it equals the
    /// index in this run.
    pub index: Option<u64>,
    /// Whether a text without a scheme is a local path: true on a command line or in a list, false in a request body,
    /// where it is a malformed URL.
    pub allow_local_paths: bool,
}

/// A position in an input file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file as the user named it; `-` is standard input.
    pub file: UntrustedText,
    /// The line, counted from 1.
    pub line: u64,
    /// The column in characters, counted from 1: that of the opening quote in a body, 1 in a list.
    pub column: u64,
}

impl Asset {
    /// Makes an asset from the text that the user typed.
    #[must_use]
    pub fn new(text: impl Into<Vec<u8>>) -> Self {
        let text = text.into();
        let length = utf16_length(&text);
        Self::sized(text, length, false)
    }

    /// Makes an asset from the beginning of a text that was too long to keep, and the whole length in UTF-16 units.
    #[must_use]
    pub fn truncated(text: Vec<u8>, length: u64) -> Self {
        let is_truncated = length > utf16_length(&text);
        Self::sized(text, length, is_truncated)
    }

    fn sized(text: Vec<u8>, length: u64, is_truncated: bool) -> Self {
        Self {
            text: Secret::new(text),
            length,
            is_truncated,
            field: None,
            kind: None,
            location: None,
            index: None,
            allow_local_paths: true,
        }
    }

    /// Returns the text, or as much of it as was kept; never to be printed.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.text.expose()
    }

    /// Returns the length in UTF-16 units, which is what the API's schema counts.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reports whether a text that does not parse is a URL for some clients: a label of its host has the form
    /// `xn--example-`, without encoded characters, which Node accepts and the `url` crate does not.
    #[must_use]
    pub fn is_url_for_some(&self) -> bool {
        let Ok(text) = std::str::from_utf8(self.text()) else { return false };
        let Some(rest) = text.strip_prefix("https://") else { return false };
        let (authority, path) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
        let plain = |label: &'_ str| match label.strip_prefix("xn--").and_then(|label| label.strip_suffix('-')) {
            Some(inner) if !inner.is_empty() && inner.is_ascii() => inner.to_owned(),
            Some(_) | None => label.to_owned(),
        };
        let plain = host.split('.').map(plain).collect::<Vec<_>>().join(".");
        plain != host && url::Url::parse(&format!("https://{plain}{port}{path}")).is_ok()
    }

    /// Reports whether only the beginning of the text was kept.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// Returns the text as reports print it: without secrets, and a data URI without its payload.
    #[must_use]
    pub fn redacted(&self, queries: QueryRedaction) -> UntrustedText {
        let text = self.text();
        if is_data_uri(text) {
            return UntrustedText::new(format!("{}… ({} characters)", data_uri_head(text), self.length));
        }
        if let Some(head) = payload_head(text) {
            return UntrustedText::new(format!("{head}… ({} characters)", self.length));
        }
        if text.len() > MAX_PARSED || text.contains(&0) {
            return UntrustedText::new(format!("{REDACTED}… ({} characters)", self.length));
        }
        let text = String::from_utf8_lossy(text);
        let is_path = self.allow_local_paths && !is_uri(self.text());
        let mut redacted = if is_path { redact_path(&text) } else { redact_url(&text, queries) };
        if is_path && redacted == text {
            // A path that is not UTF-8 is printed byte for byte.
            return UntrustedText::new(self.text());
        }
        if let Some((at, _)) = redacted.char_indices().nth(MAX_SHOWN) {
            redacted.truncate(at);
            redacted.push('…');
        }
        UntrustedText::new(redacted)
    }
}

/// Returns what is before the payload of a data URI. Without a comma, the rest may be payload: only what cannot be base64 is
/// printed, a content type with its slash and a semicolon after it.
fn data_uri_head(text: &[u8]) -> String {
    let start = text.get(..MAX_HEAD).unwrap_or(text);
    let start = String::from_utf8_lossy(start);
    if text.iter().take(MAX_HEAD.saturating_add(1)).any(|byte| *byte == b',') {
        return format!("{},", start.split(',').next().unwrap_or_default());
    }
    let known = start.rfind(';').filter(|at| start.get(..*at).is_some_and(|head| head.contains('/')));
    let end = known.or_else(|| start.find(':')).map_or(0, |at| at.saturating_add(1));
    start.get(..end).unwrap_or_default().to_owned()
}

/// How many bytes of a data URI's head are printed; `data:image/png;base64` has 21.
const MAX_HEAD: usize = 64;

/// How many characters of a URL are printed: twice what the API accepts.
const MAX_SHOWN: usize = 4096;

/// Counts UTF-16 units of a piece of UTF-8, so that the pieces of a text add up.
#[must_use]
pub fn utf16_length(text: &[u8]) -> u64 {
    // Every character has one lead byte, and those of four bytes take two units. The pieces are so short that the count
    // of each fits a byte, because processors add many bytes in parallel.
    const FEW: usize = 64;
    if text.is_ascii() {
        return text.len() as u64;
    }
    let units = |byte: &u8| u8::from(byte & 0xc0 != 0x80).wrapping_add(u8::from(matches!(byte, 0xf0..=0xf4)));
    let few = |bytes: &[u8]| u64::from(bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(units(byte))));
    text.chunks(FEW).map(few).sum()
}

/// The longest text that is parsed as a URL, in bytes: thirty times what the API accepts.
const MAX_PARSED: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_utf16_units() {
        assert_eq!(Asset::new("abc").length(), 3);
        assert_eq!(Asset::new("é🙂").length(), 3);
        assert_eq!(Asset::new(b"\xff\xfe".to_vec()).length(), 2);
    }

    #[test]
    fn secrets_are_redacted() {
        let case = |text: &str, shown: &str| {
            assert_eq!(Asset::new(text).redacted(QueryRedaction::Redact).escaped().to_string(), shown);
        };
        case("data:image/png;base64,AAAA", "data:image/png;base64,… (26 characters)");
        case("data:image/png;base64iVBORw0KGgo", "data:image/png;… (32 characters)");
        case("data:iVBORw0KGgo", "data:… (16 characters)");
        case("data:iVBO/Rw0KGgo", "data:… (17 characters)");
        case("data:iVBORw0KGgo;x", "data:… (18 characters)");
        case("h.com/a?token=x", "h.com/a?token=[redacted]");
        case("https://u:p@h.com/a?k=v#f", "https://h.com/a?k=[redacted]");
        case("https://h h/?k=v", "https://h h/?k=[redacted]");
        case("runway://abc?x=y", "runway://abc?x=[redacted]");
        case("a#b?c.png", "a#b?c.png");
        let line = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
        case(line, "… (60 characters)");
        case(&format!("\"data:image/png;base64,{line}\""), "\"data:image/png;base64,… (84 characters)");
        case("image/png;base64,AAAA", "image/png;base64,… (21 characters)");
        case("A=canary\0B=canary", "[redacted]… (17 characters)");
        let long = "canary".repeat(1000);
        case(&format!("https://{long}@h.com/a.png"), "https://h.com/a.png");
        case(&format!("https://h.com/{}", "a".repeat(70_000)), "[redacted]… (70014 characters)");
        let bytes = Asset::new(b"h.com/a.png?token=canary\xff".to_vec()).redacted(QueryRedaction::Redact);
        assert_eq!(bytes.escaped().to_string(), "h.com/a.png?token=[redacted]");
        let path = Asset::new(b"photo\xff.png".to_vec()).redacted(QueryRedaction::Redact);
        assert_eq!(path.escaped().to_string(), "photo\\xff.png");
        assert!(!format!("{:?}", Asset::new("https://h.com/?canary=1")).contains("canary"));
    }
}
