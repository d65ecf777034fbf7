//! Assets as they were named, and the one parser of what a user typed: [`Target::parse`].

use std::borrow::Cow;
use std::net::IpAddr;
use std::path::PathBuf;

use url::{Host, Url};

use crate::data_uri::is_data_uri;
use crate::media::Kind;
use crate::text::secret::{QueryRedaction, Secret, redact_path, redact_url};
use crate::text::untrusted::UntrustedText;

pub mod list;

/// One asset to judge: its text and where that stood.
#[derive(Clone, Debug)]
pub struct Asset {
    text: Secret<Vec<u8>>,
    length: u64,
    is_cut: bool,
    /// The request field it is meant for: `promptImage`, `references[0].uri`.
    pub field: Option<String>,
    /// The kind that the field wants, where known.
    pub kind: Option<Kind>,
    /// Where it stood in a list or a body.
    pub location: Option<Location>,
    /// Its place among all the assets, counted from 0, where some of them are judged elsewhere; `None` where its place
    /// in the run tells.
    pub index: Option<u64>,
    /// Whether a text without a scheme names a local file.
    pub paths: Paths,
}

/// Whether a text without a scheme names a local file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paths {
    /// It does: on a command line or in a list.
    Local,
    /// It is a malformed URL: in a request body.
    Refused,
}

/// A place in a file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file as it was named; `-` is standard input.
    pub file: UntrustedText,
    /// The line, counted from 1.
    pub line: u64,
    /// The column in characters, counted from 1: that of the opening quote in a body, 1 in a list.
    pub column: u64,
}

impl Asset {
    /// Takes an asset as it was typed.
    #[must_use]
    pub fn new(text: impl Into<Vec<u8>>) -> Self {
        let text = text.into();
        let length = utf16_length(&text);
        Self::sized(text, length, false)
    }

    /// Takes the beginning of a text that was too long to keep, and the length of the whole in UTF-16 units.
    #[must_use]
    pub fn truncated(text: Vec<u8>, length: u64) -> Self {
        let is_cut = length > utf16_length(&text);
        Self::sized(text, length, is_cut)
    }

    fn sized(text: Vec<u8>, length: u64, is_cut: bool) -> Self {
        Self {
            text: Secret::new(text),
            length,
            is_cut,
            field: None,
            kind: None,
            location: None,
            index: None,
            paths: Paths::Local,
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

    /// Says whether a text that does not parse is a URL for some: all that is wrong with it is that a part of its host
    /// is marked as encoded but encodes nothing, `xn--example-`, which Node takes and Rust's `url` does not.
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
        plain != host && Url::parse(&format!("https://{plain}{port}{path}")).is_ok()
    }

    /// Says whether only the beginning of the text was kept.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.is_cut
    }

    /// Returns the text as reports show it: without secrets, and a data URI without its payload.
    #[must_use]
    pub fn redacted(&self, queries: QueryRedaction) -> UntrustedText {
        let text = self.text();
        if is_data_uri(text) {
            return UntrustedText::new(format!("{}… ({} characters)", data_uri_head(text), self.length));
        }
        if self.paths == Paths::Local && !is_uri(text) {
            return std::str::from_utf8(text)
                .map_or_else(|_| UntrustedText::new(text), |text| UntrustedText::new(redact_path(text)));
        }
        let start = text.get(..TEXT_SHOWN).unwrap_or(text);
        // What is UTF-8 is seen to be that at a glance.
        let start_text = std::str::from_utf8(start).map_or_else(|_| String::from_utf8_lossy(start), Cow::Borrowed);
        let mut shown = redact_url(&start_text, queries);
        if start.len() < text.len() {
            shown.push('…');
        }
        UntrustedText::new(shown)
    }
}

/// Returns what stands before the payload of a data URI. Where no comma tells, what is left may be payload: only what
/// can be no base64, a content type with its slash and what a semicolon ends, is shown.
fn data_uri_head(text: &[u8]) -> String {
    let start = text.get(..HEAD_SHOWN).unwrap_or(text);
    let start = String::from_utf8_lossy(start);
    if text.iter().take(HEAD_SHOWN.saturating_add(1)).any(|byte| *byte == b',') {
        return format!("{},", start.split(',').next().unwrap_or_default());
    }
    let known = start.rfind(';').filter(|at| start.get(..*at).is_some_and(|head| head.contains('/')));
    let end = known.or_else(|| start.find(':')).map_or(0, |at| at.saturating_add(1));
    start.get(..end).unwrap_or_default().to_owned()
}

/// How many bytes of a data URI's head are shown; `data:image/png;base64` has 21.
const HEAD_SHOWN: usize = 64;

/// How many bytes of a URL are shown: twice what the API takes.
const TEXT_SHOWN: usize = 4096;

/// Counts UTF-16 units of a piece of UTF-8, so that the pieces of a text add up.
#[must_use]
pub fn utf16_length(text: &[u8]) -> u64 {
    // Every character has one lead byte, and those of four bytes take two units. Few bytes at a time, so that the
    // count of each fits a byte: machines add many of those at once.
    const FEW: usize = 64;
    if text.is_ascii() {
        return text.len() as u64;
    }
    let units = |byte: &u8| u8::from(byte & 0xc0 != 0x80).wrapping_add(u8::from(matches!(byte, 0xf0..=0xf4)));
    let few = |bytes: &[u8]| u64::from(bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(units(byte))));
    text.chunks(FEW).map(few).sum()
}

/// What the text of an asset turned out to be.
#[derive(Clone, Debug)]
pub enum Target {
    /// A URL that parses, of any scheme; which schemes pass is judged elsewhere.
    Url(AssetUrl),
    /// A data URI; its parts are [`crate::data_uri::DataUri`]'s.
    DataUri,
    /// A reference to an upload, `runway://…`; never dialled.
    Runway,
    /// A local file.
    File(PathBuf),
    /// Text with a scheme that does not parse, and why.
    NoUrl(&'static str),
}

impl Target {
    /// Decides what a text is: a scheme of two letters or more makes it a URI, anything else is a local path.
    #[must_use]
    pub fn parse(asset: &Asset) -> Self {
        let bytes = asset.text();
        if is_data_uri(bytes) {
            return Self::DataUri;
        }
        if has_scheme(bytes, b"runway://") {
            return Self::Runway;
        }
        if asset.paths == Paths::Local && !is_uri(bytes) {
            return path(bytes).map_or(Self::NoUrl("the path is not UTF-8"), Self::File);
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return Self::NoUrl("it is not UTF-8") };
        if bytes.len() > LONGEST_PARSED {
            return Self::NoUrl("it is too long to be read");
        }
        match Url::parse(text) {
            Ok(url) => Self::Url(AssetUrl::new(url, text)),
            Err(error) => Self::NoUrl(why(error)),
        }
    }
}

/// The longest text that is parsed as a URL, in bytes: thirty times what the API takes.
const LONGEST_PARSED: usize = 64 << 10;

/// A URL that parses, with what its text says beside it.
#[derive(Clone, Debug)]
pub struct AssetUrl {
    url: Secret<Url>,
    /// True where the text is not of the form `https://…` that the schema's pattern wants, but parsers repair it.
    pub repaired: bool,
    /// True where the text holds tabs, line ends or other controls that parsers remove.
    pub controls: bool,
}

impl AssetUrl {
    /// Takes a parsed URL and the text it came from.
    fn new(url: Url, text: &str) -> Self {
        let plain = text.starts_with("https://") && !text.starts_with("https:///") && !text.contains('\\');
        let repaired = url.scheme() == "https" && !plain;
        Self { url: Secret::new(url), repaired, controls: text.chars().any(char::is_control) }
    }

    /// Returns the URL; never to be printed.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.url.expose()
    }

    /// Returns the IP address that stands in the place of a domain.
    #[must_use]
    pub fn literal(&self) -> Option<IpAddr> {
        match self.url().host()? {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        }
    }

    /// Returns the decoded value of a query parameter, whatever the case of its name; never to be printed.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.url().query_pairs();
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    }

    /// Returns the domain without the dot that may end it; `None` for an IP address or no host.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.url().domain().map(|domain| domain.strip_suffix('.').unwrap_or(domain))
    }

    /// Says whether a user or password stands in the URL.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        !self.url().username().is_empty() || self.url().password().is_some()
    }
}

/// Says whether a text begins with a scheme, after white space, in any case.
fn has_scheme(text: &[u8], scheme: &[u8]) -> bool {
    text.trim_ascii_start().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Says whether a text has a scheme of two letters or more; `C:\photo.jpg` has not. Tabs and line ends are skipped,
/// as URL parsers do.
fn is_uri(text: &[u8]) -> bool {
    let mut letters = 0;
    for byte in text.trim_ascii_start() {
        match byte {
            b':' => return letters >= 2,
            b'\t' | b'\r' | b'\n' => {}
            byte if byte.is_ascii_alphabetic() => letters += 1,
            byte if letters > 0 && (byte.is_ascii_digit() || b"+-.".contains(byte)) => letters += 1,
            _ => return false,
        }
    }
    false
}

/// Reads bytes as a path of this system; `None` where they are none.
#[cfg(unix)]
#[must_use]
pub fn path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(std::ffi::OsStr::from_bytes(bytes).into())
}

/// Reads bytes as a path of this system; `None` where they are none.
#[cfg(not(unix))]
#[must_use]
pub fn path(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Says why a text is no URL, in words of the URL standard.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's errors may grow")]
fn why(error: url::ParseError) -> &'static str {
    use url::ParseError as E;
    match error {
        E::EmptyHost => "it has no host",
        E::IdnaError => "its host is not a valid domain name",
        E::InvalidPort => "its port is not a number from 0 to 65535",
        E::InvalidIpv4Address => "its host ends in a number but is no IPv4 address",
        E::InvalidIpv6Address => "its host is no valid IPv6 address",
        E::InvalidDomainCharacter => "its host holds a character that no domain has",
        E::RelativeUrlWithoutBase => "it has no scheme",
        _ => "it cannot be parsed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        Target::parse(&Asset::new(text))
    }

    #[test]
    fn a_scheme_of_two_letters_makes_a_uri() {
        for text in
            ["https://h.com/a", "http://h", "ftp://h/a", "file:///etc/passwd", "blob:https://h/x", "ht\ntps://h.com/a"]
        {
            assert!(matches!(target(text), Target::Url(_)), "{text}: {:?}", target(text));
        }
        for text in ["a.png", "/a.png", "C:\\a.png", "./https:/a", "", "h/a.jpg", "//h/a"] {
            assert!(matches!(target(text), Target::File(_)), "{text}");
        }
        for text in
            ["https:", "https://", "https://?", "https://#", "https://256.1.1.1/", "https://h:99999/", "https://h h/"]
        {
            assert!(matches!(target(text), Target::NoUrl(_)), "{text}");
        }
        assert!(matches!(target("data:,"), Target::DataUri));
        assert!(matches!(target(" DATA:image/png"), Target::DataUri));
        assert!(matches!(target("runway://abc"), Target::Runway));
    }

    #[test]
    fn in_a_body_a_path_is_no_url() {
        let mut asset = Asset::new("/a.jpg");
        asset.paths = Paths::Refused;
        assert!(matches!(Target::parse(&asset), Target::NoUrl("it has no scheme")));
    }

    #[test]
    fn repaired_urls_are_marked() {
        let case = |text: &str, repaired: bool| {
            let Target::Url(address) = target(text) else { panic!("{text} does not parse") };
            assert_eq!(address.repaired, repaired, "{text}");
        };
        case("https://h.com/a", false);
        case("HTTPS://h.com/a", true);
        case("https:h.com/a", true);
        case("https:/h.com/a", true);
        case("https:\\\\h.com\\a", true);
        case(" https://h.com/a", true);
        case("https:////h.com", true);
        case("http:h.com", false);
    }

    #[test]
    fn lengths_are_utf16_units() {
        assert_eq!(Asset::new("abc").length(), 3);
        assert_eq!(Asset::new("é🙂").length(), 3);
        assert_eq!(Asset::new(b"\xff\xfe".to_vec()).length(), 2);
    }

    #[test]
    fn nothing_secret_is_shown() {
        let case = |text: &str, shown: &str| {
            assert_eq!(Asset::new(text).redacted(QueryRedaction::Hidden).escaped().to_string(), shown)
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
        assert!(!format!("{:?}", Asset::new("https://h.com/?canary=1")).contains("canary"));
    }
}
