//! Why the API would refuse an asset, in its own words: [`Reason`]'s `Display` is the API's exact sentence.
//!
//! The variants stand in the order in which the API checks, so the enum reads as the story of a request. Everything
//! else that is known of a reason stands in its [`CodeInfo`].

use std::fmt;
use std::time::Duration;

use crate::finding::code::{CodeInfo, Confidence, Severity, Stage};
use crate::text::untrusted::UntrustedText;
use crate::units::{Bytes, Dimensions, Ratio, RatioWindow, seconds};

/// A refusal that the API has a sentence for, with the values it compared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A URL above the schema's bound.
    UrlTooLong {
        /// The largest length that passes, in UTF-16 units.
        limit: u64,
    },
    /// A data URI above the schema's bound.
    DataUriTooLong {
        /// The largest length of the whole URI that passes, in UTF-16 units.
        limit: u64,
    },
    /// A `runway://` URI above the schema's bound.
    RunwayUriTooLong {
        /// The largest length that passes, in UTF-16 units.
        limit: u64,
    },
    /// A data URI that does not parse.
    InvalidDataUri,
    /// A data URI whose content type is missing or not accepted.
    UnsupportedAssetType,
    /// A text that does not parse as a URL.
    InvalidUrl,
    /// A URL of another scheme.
    NotHttps,
    /// A URL whose host is an IP address.
    NotADomain,
    /// No response: name, connection, TLS or protocol failed.
    FetchFailed,
    /// A status other than 200.
    HttpStatus {
        /// The status that came.
        status: u16,
    },
    /// The download did not end in time.
    Timeout,
    /// The Content-Type is `application/octet-stream`.
    GenericContentType,
    /// The Content-Type is another that is not accepted.
    UnsupportedContentType {
        /// The value as sent.
        sent: UntrustedText,
    },
    /// There is no Content-Length.
    MissingContentLength,
    /// The Content-Length is above the limit of the kind.
    TooLarge {
        /// The largest size that passes.
        limit: Bytes,
        /// The size that was announced.
        size: Bytes,
    },
    /// A side is too long.
    DimensionsTooLarge {
        /// Width and height.
        got: Dimensions,
    },
    /// The shape is outside of what the model takes.
    AspectRatioOutside {
        /// What the model takes.
        window: RatioWindow,
        /// What the asset has.
        got: Ratio,
    },
    /// The asset plays too long or too short.
    DurationOutside {
        /// The bound it breaks.
        bound: DurationBound,
    },
}

/// A bound on how long an asset plays, included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationBound {
    /// No longer than this.
    AtMost(Duration),
    /// No shorter than this.
    AtLeast(Duration),
}

/// The API's exact sentence, without the field. Text from outside is escaped and cut at 128 characters.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UrlTooLong { limit } | Self::DataUriTooLong { limit } | Self::RunwayUriTooLong { limit } => {
                write!(f, "Too big: expected string to have <={limit} characters")
            }
            Self::InvalidDataUri => f.write_str("Invalid data URI."),
            Self::UnsupportedAssetType => {
                f.write_str("Unsupported asset type. Data URIs must include the content type of the value they encode.")
            }
            Self::InvalidUrl => f.write_str("Invalid URL"),
            Self::NotHttps => f.write_str("Only HTTPS URLs are allowed."),
            Self::NotADomain => f.write_str("URLs must be hosted on a domain."),
            Self::FetchFailed => f.write_str(
                "Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down.",
            ),
            Self::HttpStatus { status } => {
                write!(f, "Failed to fetch asset. Received HTTP response code \"{status}\".")
            }
            Self::Timeout => f.write_str("Timeout while fetching asset."),
            Self::GenericContentType => f.write_str(
                "Assets must use an approved Content-Type response header. \
                 We received application/octet-stream, which is not allowed.",
            ),
            Self::UnsupportedContentType { sent } => {
                write!(f, "Unsupported Content-Type response header: \"{}\".", sent.escaped())
            }
            Self::MissingContentLength => f.write_str("Content-Length not provided"),
            Self::TooLarge { limit, size: _ } => write!(f, "Asset size exceeds {}.", limit.megabytes()),
            Self::DimensionsTooLarge { got } => {
                write!(f, "Invalid asset dimensions. Height and width must not exceed 8000px. Got {got}.")
            }
            Self::AspectRatioOutside { window, got } => write!(
                f,
                "Invalid asset aspect ratio. width / height ratio must be between {} and {}. Got {got}.",
                window.min, window.max
            ),
            Self::DurationOutside { bound: DurationBound::AtMost(limit) } => {
                write!(f, "Asset duration must be at most {} seconds", seconds(*limit))
            }
            Self::DurationOutside { bound: DurationBound::AtLeast(limit) } => {
                write!(f, "Asset duration must be at least {} seconds", seconds(*limit))
            }
        }
    }
}

impl Reason {
    /// Returns other wordings of the same refusal that were seen in live answers.
    #[must_use]
    pub fn alternate_messages(&self) -> Vec<String> {
        let Self::AspectRatioOutside { window, got } = self else { return Vec::new() };
        let (side, bound) = if got.is_below(window.min) { ("least", window.min) } else { ("most", window.max) };
        vec![format!("Invalid asset aspect ratio. width / height ratio must be at {side} {bound}. Got {got}.")]
    }

    /// Returns what is known of the reason beside its sentence.
    #[must_use]
    pub const fn info(&self) -> CodeInfo {
        let (code, stage, title, hint) = self.row();
        let schema =
            matches!(self, Self::UrlTooLong { .. } | Self::DataUriTooLong { .. } | Self::RunwayUriTooLong { .. });
        let (confidence, docs) = if matches!(self, Self::DurationOutside { .. }) {
            (Confidence::Observed, INPUTS)
        } else if schema {
            (Confidence::Documented, INPUTS)
        } else {
            (Confidence::Documented, TROUBLESHOOTING)
        };
        CodeInfo { code, stage, severity: Severity::Error, confidence, docs, title, hint }
    }

    /// Code, stage, what it means, how to mend it: the one place where reasons are told apart.
    #[expect(clippy::too_many_lines, reason = "one row a reason")]
    const fn row(&self) -> (&'static str, Stage, &'static str, &'static str) {
        use Stage::{Address, Content, Response};
        match self {
            Self::UrlTooLong { .. } => (
                "url-too-long",
                Address,
                "The URL is longer than the request schema allows.",
                "Shorten the URL, or send the asset as an upload.",
            ),
            Self::DataUriTooLong { .. } => (
                "data-uri-too-long",
                Address,
                "The data URI is longer than the request schema allows.",
                "Base64 makes a file a third longer: send a smaller file, a URL or an upload.",
            ),
            Self::RunwayUriTooLong { .. } => (
                "runway-uri-too-long",
                Address,
                "The runway:// URI is longer than the request schema allows.",
                "Send the runwayUri exactly as the uploads endpoint returned it.",
            ),
            Self::InvalidDataUri => (
                "invalid-data-uri",
                Address,
                "The data URI is malformed.",
                "Write data:CONTENT/TYPE;base64, followed by standard base64; `runway-preflight encode FILE` does.",
            ),
            Self::UnsupportedAssetType => (
                "unsupported-asset-type",
                Address,
                "The content type in the data URI is missing or not accepted.",
                "Convert the file to an accepted type and name that type in the data URI.",
            ),
            Self::InvalidUrl => (
                "invalid-url",
                Address,
                "The text cannot be parsed as a URL.",
                "Write the whole address, beginning with https:// and a domain name.",
            ),
            Self::NotHttps => (
                "not-https",
                Address,
                "The URL's scheme is not https.",
                "Serve the asset over HTTPS and write https://.",
            ),
            Self::NotADomain => (
                "not-a-domain",
                Address,
                "The URL's host is an IP address.",
                "Give the address a name (an A or AAAA record) and a certificate for it, and use that name.",
            ),
            Self::FetchFailed => (
                "fetch-failed",
                Response,
                "The request failed before a response came: name, connection, TLS or protocol.",
                "Make the URL answer from the public internet with a valid certificate.",
            ),
            Self::HttpStatus { .. } => (
                "http-status",
                Response,
                "The server answered with a status other than 200; redirects are not followed.",
                "Make HEAD and GET of this very URL answer 200.",
            ),
            Self::Timeout => (
                "timeout",
                Response,
                "The asset was not downloaded within ten seconds.",
                "Serve a smaller file, or move it to a faster host or a CDN.",
            ),
            Self::GenericContentType => (
                "generic-content-type",
                Response,
                "The Content-Type is application/octet-stream.",
                "Set the Content-Type of the stored object to the type of its bytes.",
            ),
            Self::UnsupportedContentType { .. } => (
                "unsupported-content-type",
                Response,
                "The Content-Type is not on the list of accepted types.",
                "Serve an accepted type, and name it in the Content-Type header.",
            ),
            Self::MissingContentLength => (
                "missing-content-length",
                Response,
                "The response has no Content-Length.",
                "Serve the file as it is stored, not streamed or compressed on the way, so that its length is known.",
            ),
            Self::TooLarge { .. } => (
                "too-large",
                Response,
                "The asset is larger than its kind may be, or its bytes are not as many as Content-Length says.",
                "Make the file smaller, or send it as an upload (up to 200MB).",
            ),
            Self::DimensionsTooLarge { .. } => (
                "dimensions-too-large",
                Content,
                "A side is longer than 8000 pixels.",
                "Scale the asset down until both sides are below 8000 pixels.",
            ),
            Self::AspectRatioOutside { .. } => (
                "aspect-ratio-outside",
                Content,
                "Width divided by height is outside of what the model takes.",
                "Crop or pad the asset until its ratio lies between the bounds.",
            ),
            Self::DurationOutside { .. } => (
                "duration-outside",
                Content,
                "The asset plays longer or shorter than the model takes.",
                "Cut the asset until its duration lies between the bounds.",
            ),
        }
    }

    /// Returns one of each variant, in the API's order; feeds tables and tests.
    #[must_use]
    pub fn examples() -> Vec<Self> {
        let shape = Dimensions::new(1170, 2532);
        vec![
            Self::UrlTooLong { limit: 2048 },
            Self::DataUriTooLong { limit: 5_242_880 },
            Self::RunwayUriTooLong { limit: 5000 },
            Self::InvalidDataUri,
            Self::UnsupportedAssetType,
            Self::InvalidUrl,
            Self::NotHttps,
            Self::NotADomain,
            Self::FetchFailed,
            Self::HttpStatus { status: 404 },
            Self::Timeout,
            Self::GenericContentType,
            Self::UnsupportedContentType { sent: UntrustedText::from("text/html") },
            Self::MissingContentLength,
            Self::TooLarge { limit: Bytes::mib(16), size: Bytes::mib(17) },
            Self::DimensionsTooLarge { got: Dimensions::new(9000, 100) },
            Self::AspectRatioOutside {
                window: RatioWindow {
                    min: crate::units::Thousandths::new(500),
                    max: crate::units::Thousandths::new(2000),
                },
                got: shape.ratio().unwrap_or_else(|| unreachable!("no side is zero")),
            },
            Self::DurationOutside { bound: DurationBound::AtMost(Duration::from_secs(30)) },
        ]
    }
}

const TROUBLESHOOTING: &str = "https://docs.dev.runwayml.com/errors/troubleshooting";
const INPUTS: &str = "https://docs.dev.runwayml.com/assets/inputs";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_the_apis() {
        let sentences: Vec<String> = Reason::examples().iter().map(ToString::to_string).collect();
        let expected = [
            "Too big: expected string to have <=2048 characters",
            "Too big: expected string to have <=5242880 characters",
            "Too big: expected string to have <=5000 characters",
            "Invalid data URI.",
            "Unsupported asset type. Data URIs must include the content type of the value they encode.",
            "Invalid URL",
            "Only HTTPS URLs are allowed.",
            "URLs must be hosted on a domain.",
            "Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down.",
            "Failed to fetch asset. Received HTTP response code \"404\".",
            "Timeout while fetching asset.",
            "Assets must use an approved Content-Type response header. We received application/octet-stream, which is not allowed.",
            "Unsupported Content-Type response header: \"text/html\".",
            "Content-Length not provided",
            "Asset size exceeds 16.0MB.",
            "Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x100.",
            "Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2. Got 0.462.",
            "Asset duration must be at most 30 seconds",
        ];
        assert_eq!(sentences, expected);
    }

    #[test]
    fn one_sided_wording_is_carried_beside() {
        let ratio = |width, height| Reason::AspectRatioOutside {
            window: RatioWindow::parse("0.5:2.358").expect("a window"),
            got: Dimensions::new(width, height).ratio().expect("a ratio"),
        };
        assert_eq!(
            ratio(1170, 2532).alternate_messages(),
            ["Invalid asset aspect ratio. width / height ratio must be at least 0.5. Got 0.462."]
        );
        assert_eq!(
            ratio(2500, 1000).alternate_messages(),
            ["Invalid asset aspect ratio. width / height ratio must be at most 2.358. Got 2.5."]
        );
    }

    #[test]
    fn codes_are_kebab_case_and_unlike_each_other() {
        let mut codes: Vec<&str> = Reason::examples().iter().map(|reason| reason.info().code).collect();
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 18);
    }
}
