//! Why the API would reject an asset, in its own words: [`Reason`]'s `Display` is the API's exact sentence.
//!
//! The variants are in the order in which the API checks.

use std::fmt;
use std::time::Duration;

use super::code_info::catalog;
use super::{CodeInfo, Confidence, Severity, Stage};
use crate::text::untrusted::UntrustedText;
use crate::units::{AspectRatioRange, Bytes, Dimensions, Ratio, Thousandths, seconds};
use Confidence::{Documented, Observed};
use Stage::{Address, Content, Response};

catalog! {
    /// A reason that the API has a sentence for, with the values that it compared.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Reason by reason {
        UrlTooLong {
            /// The longest URL that passes, in UTF-16 units.
            limit: u64,
        }("url-too-long", Address, Documented, INPUTS)
            "The URL is longer than the request schema allows."
            => "Shorten the URL, or send the asset as an upload.",
        DataUriTooLong {
            /// The longest data URI that passes, in UTF-16 units.
            limit: u64,
        }("data-uri-too-long", Address, Documented, INPUTS)
            "The data URI is longer than the request schema allows."
            => "Send a smaller file, a URL or an upload: base64 makes a file a third longer.",
        RunwayUriTooLong {
            /// The longest `runway://` URI that passes, in UTF-16 units.
            limit: u64,
        }("runway-uri-too-long", Address, Documented, INPUTS)
            "The runway:// URI is longer than the request schema allows."
            => "Send the runwayUri exactly as the uploads endpoint returned it.",
        InvalidDataUri("invalid-data-uri", Address, Documented, TROUBLESHOOTING)
            "The data URI is malformed."
            => "Write data:CONTENT/TYPE;base64, followed by standard base64, as `runway-preflight encode FILE` does.",
        UnsupportedAssetType("unsupported-asset-type", Address, Documented, TROUBLESHOOTING)
            "The content type in the data URI is missing or not accepted."
            => "Convert the file to an accepted type and name that type in the data URI.",
        InvalidUrl("invalid-url", Address, Documented, TROUBLESHOOTING)
            "The text cannot be parsed as a URL."
            => "Write the full URL, beginning with https:// and a domain name.",
        NotHttps("not-https", Address, Documented, TROUBLESHOOTING)
            "The URL's scheme is not https."
            => "Serve the asset over HTTPS and write https://.",
        NotADomain("not-a-domain", Address, Documented, TROUBLESHOOTING)
            "The URL's host is an IP address."
            => "Use a domain name: add an A or AAAA record and a TLS certificate for it.",
        FetchFailed("fetch-failed", Response, Documented, TROUBLESHOOTING)
            "No response was received: DNS, TCP, TLS or HTTP failure."
            => "Make the URL reachable from the public internet, with a valid certificate.",
        HttpStatus {
            /// The status code of the response.
            status: u16,
        }("http-status", Response, Documented, TROUBLESHOOTING)
            "The server returned a status other than 200; redirects are not followed."
            => "Make this exact URL return 200 for both HEAD and GET.",
        Timeout("timeout", Response, Documented, TROUBLESHOOTING)
            "The asset was not downloaded within ten seconds."
            => "Serve a smaller file, or use a faster host or a CDN.",
        GenericContentType("generic-content-type", Response, Documented, TROUBLESHOOTING)
            "The Content-Type is application/octet-stream."
            => "Set the Content-Type of the stored object to the type of its bytes.",
        UnsupportedContentType {
            /// The value as sent.
            sent: UntrustedText,
        }("unsupported-content-type", Response, Documented, TROUBLESHOOTING)
            "The Content-Type is not on the list of accepted types."
            => "Serve an accepted type, and name it in the Content-Type header.",
        MissingContentLength("missing-content-length", Response, Documented, TROUBLESHOOTING)
            "The response has no Content-Length."
            => "Serve the file as it is stored, not streamed or compressed on the fly, so that its length is known.",
        TooLarge {
            /// The largest size that passes.
            limit: Bytes,
            /// The announced size.
            size: Bytes,
        }("too-large", Response, Documented, TROUBLESHOOTING)
            "The asset is larger than the limit of its kind, or its size differs from its Content-Length."
            => "Make the file smaller, or send it as an upload (up to 200MB).",
        DimensionsTooLarge {
            /// The longest side that passes, in pixels.
            limit: u64,
            /// Width and height.
            got: Dimensions,
        }("dimensions-too-large", Content, Documented, TROUBLESHOOTING)
            "A side is longer than 8000 pixels."
            => "Scale the asset down until no side exceeds 8000 pixels.",
        AspectRatioOutside {
            /// The window of the model.
            window: AspectRatioRange,
            /// The ratio of the asset.
            got: Ratio,
        }("aspect-ratio-outside", Content, Documented, TROUBLESHOOTING)
            "Width divided by height is outside the range that the model accepts."
            => "Crop or pad the asset to a ratio within the bounds.",
        DurationOutside {
            /// The bound it violates.
            bound: DurationBound,
        }("duration-outside", Content, Observed, INPUTS)
            "The asset is longer or shorter than the model accepts."
            => "Cut an asset that is too long; lengthen one that is too short (loop it, slow it down or send a longer cut).",
    }
}

const TROUBLESHOOTING: &str = "https://docs.dev.runwayml.com/errors/troubleshooting";
const INPUTS: &str = "https://docs.dev.runwayml.com/assets/inputs";

const fn reason(
    code: &'static str,
    stage: Stage,
    confidence: Confidence,
    docs: &'static str,
    title: &'static str,
    hint: &'static str,
) -> CodeInfo {
    CodeInfo { code, stage, severity: Severity::Error, confidence, docs, title, hint }
}

/// A bound on the duration of an asset. The API's sentence does not say whether it is inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationBound {
    /// At most this long.
    AtMost(Duration),
    /// At least this long.
    AtLeast(Duration),
}

/// The API's exact sentence, without the field. Text from outside is escaped and cropped to 128 characters.
impl fmt::Display for Reason {
    #[expect(clippy::too_many_lines, reason = "a table: one row for each variant")]
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
            Self::DimensionsTooLarge { limit, got } => {
                write!(f, "Invalid asset dimensions. Height and width must not exceed {limit}px. Got {got}.")
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
    /// Returns other sentences for the same reason that live responses had.
    #[must_use]
    pub fn alternate_messages(&self) -> Vec<String> {
        let Self::AspectRatioOutside { window, got } = self else { return Vec::new() };
        let (side, bound) = if got.is_below(window.min) { ("least", window.min) } else { ("most", window.max) };
        vec![format!("Invalid asset aspect ratio. width / height ratio must be at {side} {bound}. Got {got}.")]
    }

    /// Returns one example of each variant, in the API's order.
    #[must_use]
    pub fn examples() -> Vec<Self> {
        let size = Dimensions::new(1170, 2532);
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
            Self::DimensionsTooLarge { limit: 8000, got: Dimensions::new(9000, 100) },
            Self::AspectRatioOutside {
                window: AspectRatioRange { min: Thousandths::new(500), max: Thousandths::new(2000) },
                got: size.ratio().unwrap_or_else(|| unreachable!("no side is zero")),
            },
            Self::DurationOutside { bound: DurationBound::AtMost(Duration::from_secs(30)) },
        ]
    }
}

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
    fn the_wording_with_one_bound_is_an_alternate_message() {
        let ratio = |width, height| Reason::AspectRatioOutside {
            window: AspectRatioRange::parse("0.5:2.358").expect("a window"),
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
}
