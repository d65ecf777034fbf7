//! What the text of an asset refers to: the only parser of that text.

#[cfg(any(feature = "cli", feature = "fix"))]
use std::path::Path;
use std::path::PathBuf;

use url::Url;

use super::asset_url::AssetUrl;
use super::{Asset, MAX_PARSED};
use crate::data_uri::is_data_uri;

/// What the text of an asset was parsed as.
#[derive(Clone, Debug)]
pub enum Target {
    /// A URL that parses, of any scheme; the rules decide which schemes pass.
    Url(AssetUrl),
    /// A data URI; [`crate::data_uri::DataUri`] parses its parts.
    DataUri,
    /// A reference to an upload, `runway://…`; never fetched.
    Runway,
    /// A local file.
    File(PathBuf),
    /// A text that does not parse, and why.
    InvalidUrl(&'static str),
}

impl Target {
    /// Parses a text: with a scheme of two letters or more it is a URI, anything else is a local path.
    #[must_use]
    pub fn parse(asset: &Asset) -> Self {
        let bytes = asset.text();
        if is_data_uri(bytes) {
            return Self::DataUri;
        }
        if has_scheme(bytes, b"runway://") {
            return Self::Runway;
        }
        if asset.allow_local_paths && !is_uri(bytes) {
            return path(bytes).map_or(Self::InvalidUrl("the path is not UTF-8"), Self::File);
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return Self::InvalidUrl("it is not UTF-8") };
        if bytes.len() > MAX_PARSED {
            return Self::InvalidUrl("it is too long to be parsed");
        }
        match Url::parse(text) {
            Ok(url) => Self::Url(AssetUrl::new(url, text)),
            Err(error) => Self::InvalidUrl(why(error)),
        }
    }
}

/// Reports whether a text begins with a scheme, after white space, in any case.
fn has_scheme(text: &[u8], scheme: &[u8]) -> bool {
    text.trim_ascii_start().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Reports whether a text has a scheme of two letters or more, unlike `C:\photo.jpg`. Tabs and line breaks are skipped,
/// as URL parsers do.
pub(super) fn is_uri(text: &[u8]) -> bool {
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

/// Converts bytes to a path of this system; `None` where that is impossible.
#[cfg(unix)]
#[must_use]
pub fn path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(std::ffi::OsStr::from_bytes(bytes).into())
}

/// Converts bytes to a path of this system; `None` where that is impossible.
#[cfg(not(unix))]
#[must_use]
pub fn path(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Returns the path that identifies a file, whether it exists or not.
#[cfg(any(feature = "cli", feature = "fix"))]
pub(crate) fn real_path(path: &Path) -> PathBuf {
    let real = path.ancestors().find_map(|existing| {
        let folder = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
        let rest = path.strip_prefix(existing).ok()?;
        let real = folder.canonicalize().ok()?;
        Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
    });
    real.unwrap_or_else(|| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

/// Describes why a text is not a URL, in the terms of the URL standard.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's errors may grow")]
fn why(error: url::ParseError) -> &'static str {
    use url::ParseError as E;
    match error {
        E::EmptyHost => "it has no host",
        E::IdnaError => "its host is not a valid domain name",
        E::InvalidPort => "its port is not a number from 0 to 65535",
        E::InvalidIpv4Address => "its host ends with a number but is not an IPv4 address",
        E::InvalidIpv6Address => "its host is not a valid IPv6 address",
        E::InvalidDomainCharacter => "its host contains a character that is not allowed in domains",
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
            assert!(matches!(target(text), Target::InvalidUrl(_)), "{text}");
        }
        assert!(matches!(target("data:,"), Target::DataUri));
        assert!(matches!(target(" DATA:image/png"), Target::DataUri));
        assert!(matches!(target("runway://abc"), Target::Runway));
    }

    #[test]
    fn in_a_body_a_path_is_an_invalid_url() {
        let mut asset = Asset::new("/a.jpg");
        asset.allow_local_paths = false;
        assert!(matches!(Target::parse(&asset), Target::InvalidUrl("it has no scheme")));
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
        case("https://h.com/a?x=a\\b", false);
        case(" https://h.com/a", true);
        case("https:////h.com", true);
        case("http:h.com", false);
    }
}
