//! Observations of an asset, without interpretation: `fetch` records them, `rules` evaluate them.

use std::net::IpAddr;
use std::time::Duration;

use crate::data_uri::{Base64Form, DataUriError};
use crate::media::ContentState;
pub use crate::observation::anomaly::ProtocolAnomaly;
pub use crate::observation::fetch_error::{DnsError, FetchError, Phase, TlsError};
pub use crate::observation::late_bytes::LateBytes;
use crate::text::untrusted::UntrustedText;

mod anomaly;
pub mod fetch_error;
mod late_bytes;
mod redaction;
pub mod timing;

/// Everything that was observed of one asset.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// The addresses that the host's name resolves to, in the order of the answer.
    pub addresses: Vec<IpAddr>,
    /// The outcome of the HEAD request.
    pub head: RequestOutcome,
    /// The outcome of the GET request.
    pub get: RequestOutcome,
    /// How the body of the GET ended.
    pub body: BodyTransfer,
    /// Whether bytes came after one of the responses had ended.
    pub late_bytes: LateBytes,
    /// What the bytes are.
    pub content: ContentState,
    /// Length in bytes of the file, or of the decoded value of a data URI; `None` for a URL.
    pub size: Option<u64>,
    /// Which base64 decoders accept a data URI, or what is wrong with it; `None` for other assets, and for a truncated
    /// data URI.
    pub base64_decoding: Option<Result<Base64Form, DataUriError>>,
    /// Why the file could not be read, which leaves the asset undecided.
    pub unreadable: Option<String>,
    /// When it was fetched, in seconds since 1970; certificates and signed URLs are compared with it.
    pub observed_at: Option<u64>,
}

/// The outcome of one request.
#[derive(Clone, Debug, Default)]
pub enum RequestOutcome {
    /// The request was not sent.
    #[default]
    NotSent,
    /// The request failed before a response head was received.
    Failed {
        /// Why it failed.
        error: FetchError,
        /// Time from the start of the request to the failure.
        elapsed: Duration,
    },
    /// A response head was received.
    Response(ResponseHead),
}

impl RequestOutcome {
    /// Returns the response head, if one was received.
    #[must_use]
    pub fn response(&self) -> Option<&ResponseHead> {
        match self {
            Self::Response(response) => Some(response),
            Self::NotSent | Self::Failed { .. } => None,
        }
    }

    /// Returns why the request failed, if it did.
    #[must_use]
    pub fn error(&self) -> Option<&FetchError> {
        match self {
            Self::Failed { error, .. } => Some(error),
            Self::NotSent | Self::Response(_) => None,
        }
    }
}

/// The head of a response.
#[derive(Clone, Debug)]
pub struct ResponseHead {
    /// The status code, 100 to 999.
    pub status: u16,
    /// The header fields, names in lower case, in the order sent.
    pub headers: Headers,
    /// Time from the start of the request to the end of the head.
    pub elapsed: Duration,
    /// The first bytes of a body that is not media (an error page), at most 2 KiB.
    pub body_snippet: Option<UntrustedText>,
    /// The complete length, if this is a 206 response to a Range request.
    pub total_length: Option<ContentLength>,
    /// Protocol anomalies in its bytes, each once.
    pub anomalies: Vec<ProtocolAnomaly>,
}

/// Header fields in the order sent; duplicates are kept.
///
/// Reports are held in memory, so a large head is truncated: see [`Headers::new`].
#[derive(Clone, Debug, Default)]
pub struct Headers {
    fields: Vec<(String, UntrustedText)>,
    size: usize,
}

/// The longest header value that is kept, in bytes; no value that a rule reads is longer.
const MAX_VALUE: usize = 4 << 10;

/// The number of bytes of a head after which only the fields in [`ESSENTIAL`] are kept.
const MAX_KEPT: usize = 16 << 10;

/// The fields that can decide a verdict; they are kept regardless of their position in a head.
const ESSENTIAL: [&str; 7] = [
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "location",
    "retry-after",
    "transfer-encoding",
];

impl Headers {
    /// Collects fields, whose names are in lower case. Truncates long values, and drops fields of a large head that
    /// cannot decide a verdict.
    #[must_use]
    pub fn new(fields: Vec<(String, UntrustedText)>) -> Self {
        let size = fields.iter().map(|(name, value)| name.len() + value.as_bytes().len() + 4).sum();
        let mut kept = 0_usize;
        let keep = |(name, value): (String, UntrustedText)| {
            let value = match value.as_bytes().get(..MAX_VALUE) {
                Some(start) if start.len() < value.as_bytes().len() => UntrustedText::new(start),
                Some(_) | None => value,
            };
            if kept > MAX_KEPT && !ESSENTIAL.contains(&name.as_str()) {
                return None;
            }
            kept = kept.saturating_add(name.len()).saturating_add(value.as_bytes().len());
            Some((name, value))
        };
        Self { fields: fields.into_iter().filter_map(keep).collect(), size }
    }

    /// Returns every value of a field, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a UntrustedText> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value)
    }

    /// Returns the first value of a field.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&UntrustedText> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// Returns every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &UntrustedText)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the size of the whole head as it was sent, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }
}

/// The value of the Content-Length fields of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentLength {
    /// The field is missing.
    Missing,
    /// One number, sent once or repeatedly.
    Known {
        /// The number.
        bytes: u64,
        /// True if it was sent more than once, or with leading zeros: clients disagree about that.
        repeated: bool,
    },
    /// Not a number, or several numbers that differ.
    Invalid(UntrustedText),
}

impl ResponseHead {
    /// Returns the status that a request without a range would have received.
    #[must_use]
    pub fn status_of_whole(&self) -> u16 {
        if self.total_length.is_some() { 200 } else { self.status }
    }

    /// Parses the Content-Length fields by RFC 9110 section 8.6; for a partial response, returns the complete length.
    #[must_use]
    pub fn length(&self) -> ContentLength {
        if let Some(whole) = &self.total_length {
            return whole.clone();
        }
        let mut found = ContentLength::Missing;
        for value in self.headers.all("content-length") {
            for part in value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
                found = match (number(part), found) {
                    (Some(bytes), ContentLength::Missing) => {
                        ContentLength::Known { bytes, repeated: part.len() > 1 && part.starts_with(b"0") }
                    }
                    (Some(bytes), ContentLength::Known { bytes: earlier, .. }) if bytes == earlier => {
                        ContentLength::Known { bytes, repeated: true }
                    }
                    (Some(_) | None, _) => return ContentLength::Invalid(value.clone()),
                };
            }
        }
        found
    }
}

/// Parses a number that consists of digits only.
fn number(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// How the body of the GET ended.
#[derive(Clone, Debug, Default)]
pub struct BodyTransfer {
    /// Bytes received.
    pub received: u64,
    /// Why it ended.
    pub end: BodyEnd,
    /// Time from the start of the GET to the last byte read.
    pub elapsed: Duration,
}

/// Why a body ended.
#[derive(Clone, Debug, Default)]
pub enum BodyEnd {
    /// Nothing was read.
    #[default]
    NotRead,
    /// It was complete.
    Complete,
    /// Reading stopped on purpose: enough was received.
    StoppedEarly,
    /// The connection failed.
    Interrupted(FetchError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, lengths: &[&str], total_length: Option<ContentLength>) -> ResponseHead {
        let fields = lengths.iter().map(|value| ("content-length".to_owned(), UntrustedText::from(*value))).collect();
        ResponseHead {
            status,
            headers: Headers::new(fields),
            elapsed: Duration::ZERO,
            body_snippet: None,
            total_length,
            anomalies: Vec::new(),
        }
    }

    #[test]
    fn the_essential_fields_of_a_large_head_are_kept() {
        let field = |name: &str, length: usize| (name.to_owned(), UntrustedText::new("v".repeat(length)));
        let mut fields: Vec<_> = (0..250).map(|number| field(&format!("x-{number}"), 200)).collect();
        fields.extend([field("content-type", 10), field("location", 60_000)]);
        let headers = Headers::new(fields.clone());
        let kept: usize = headers.iter().map(|(name, value)| name.len() + value.as_bytes().len()).sum();
        assert!(kept < MAX_KEPT + 3 * MAX_VALUE, "{kept}");
        assert!(headers.first("content-type").is_some() && headers.first("x-0").is_some());
        assert_eq!(headers.first("location").map(|value| value.as_bytes().len()), Some(MAX_VALUE));
        assert!(headers.size() > 110_000);
        assert_eq!(Headers::new(fields.split_off(200)).first("x-249").map(|value| value.as_bytes().len()), Some(200));
    }

    #[test]
    fn a_partial_response_reports_the_complete_length() {
        let known = |bytes| ContentLength::Known { bytes, repeated: false };
        let case = |response: ResponseHead, status, length| {
            assert_eq!((response.status_of_whole(), response.length()), (status, length));
        };
        case(response(206, &["10"], None), 206, known(10));
        case(response(206, &["10"], Some(known(99))), 200, known(99));
    }

    #[test]
    fn lengths_are_parsed_without_overflow() {
        let length = |values| response(200, values, None).length();
        let known = |bytes, repeated| ContentLength::Known { bytes, repeated };
        let cases: [(&[&str], ContentLength); 7] = [
            (&[], ContentLength::Missing),
            (&["10"], known(10, false)),
            (&["0"], known(0, false)),
            (&["18446744073709551615"], known(u64::MAX, false)),
            (&["10", "10"], known(10, true)),
            (&["10, 10"], known(10, true)),
            (&["010"], known(10, true)),
        ];
        for (values, expected) in cases {
            assert_eq!(length(values), expected, "{values:?}");
        }
        let invalid =
            [&["+10"][..], &[""], &["0x0a"], &["10 10"], &["10b"], &["-1"], &["18446744073709551616"], &["10", "11"]];
        for values in invalid {
            assert!(matches!(length(values), ContentLength::Invalid(_)), "{values:?}");
        }
    }
}
