//! What was seen of an asset, with no opinion: the senses write it, the judgement reads it.

use std::net::IpAddr;
use std::time::Duration;

use crate::data_uri::{DataUriFault, Reading};
use crate::media::ContentState;
pub use crate::observation::anomaly::ProtocolAnomaly;
pub use crate::observation::fetch_error::{DnsError, FetchError, Phase, TlsError};
use crate::text::untrusted::UntrustedText;

mod anomaly;
pub mod fetch_error;
pub mod timing;

/// Everything that was seen of one asset.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// The addresses that the host's name stands for, in the order of the answer.
    pub addresses: Vec<IpAddr>,
    /// What came back for the HEAD request.
    pub head: RequestOutcome,
    /// What came back for the GET request.
    pub get: RequestOutcome,
    /// How the body of the GET ended.
    pub body: BodyTransfer,
    /// What the bytes are.
    pub content: ContentState,
    /// Length in bytes of the file, or of the value a data URI encodes; `None` for a URL.
    pub size: Option<u64>,
    /// Which reading of base64 took a data URI, or what is wrong with it; `None` for anything else, and for a data URI
    /// of which only the beginning was kept.
    pub base64_decoding: Option<Result<Reading, DataUriFault>>,
    /// Trouble of this machine that hid what would have decided: a file that cannot be read.
    pub unreadable: Option<String>,
    /// Seconds since 1970 on the wall clock when it was looked at; certificates and signed URLs are compared with it.
    pub observed_at: Option<u64>,
}

/// What one request brought.
#[derive(Clone, Debug, Default)]
pub enum RequestOutcome {
    /// It was not sent.
    #[default]
    NotSent,
    /// It ended without a response head.
    Failed {
        /// What went wrong.
        error: FetchError,
        /// Time from its start to the failure.
        elapsed: Duration,
    },
    /// A response head came.
    Response(ResponseHead),
}

impl RequestOutcome {
    /// Returns the response head, if one came.
    #[must_use]
    pub fn response(&self) -> Option<&ResponseHead> {
        match self {
            Self::Response(response) => Some(response),
            Self::NotSent | Self::Failed { .. } => None,
        }
    }

    /// Returns what went wrong, if no response head came.
    #[must_use]
    pub fn error(&self) -> Option<&FetchError> {
        match self {
            Self::Failed { error: trouble, .. } => Some(trouble),
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
    /// The first bytes of a body that is no media (an error page), at most 2 KiB.
    pub body_snippet: Option<UntrustedText>,
    /// Where this is a 206 to a Range request of our own: the length of the whole.
    pub total_length: Option<ContentLength>,
    /// What is odd in its bytes, each once.
    pub anomalies: Vec<ProtocolAnomaly>,
}

/// Header fields in the order sent; duplicates are kept.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, UntrustedText)>);

impl Headers {
    /// Collects fields whose names are in lower case already.
    #[must_use]
    pub fn new(fields: Vec<(String, UntrustedText)>) -> Self {
        Self(fields)
    }

    /// Returns every value of a field, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a UntrustedText> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value)
    }

    /// Returns the first value of a field.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&UntrustedText> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// Returns every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &UntrustedText)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the bytes of all names and values together.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.as_bytes().len() + 4).sum()
    }
}

/// What the Content-Length fields of a response say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentLength {
    /// There is none.
    Missing,
    /// One number, or the same number again.
    Known {
        /// The number.
        bytes: u64,
        /// True where it was sent more than once, or with leading zeros: clients disagree about that.
        repeated: bool,
    },
    /// Not a number of bytes, or several that differ.
    Invalid(UntrustedText),
}

impl ResponseHead {
    /// Returns the status as it would be had the whole been asked for.
    #[must_use]
    pub fn status_of_whole(&self) -> u16 {
        if self.total_length.is_some() { 200 } else { self.status }
    }

    /// Reads the Content-Length fields as RFC 9110 section 8.6 has them; of a part of the whole, what it says of the
    /// whole.
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

/// Reads digits and nothing else.
fn number(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// How the body of the GET ended.
#[derive(Clone, Debug, Default)]
pub struct BodyTransfer {
    /// Bytes that came.
    pub received: u64,
    /// Why no more came.
    pub end: BodyEnd,
    /// Time from the start of the GET to the last byte read.
    pub elapsed: Duration,
}

/// Why no more of a body was read.
#[derive(Clone, Debug, Default)]
pub enum BodyEnd {
    /// Nothing was read.
    #[default]
    NotRead,
    /// The server ended it where it had said.
    Complete,
    /// Reading was stopped on purpose: enough was seen.
    StoppedEarly,
    /// It broke off.
    Interrupted(FetchError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, lengths: &[&str], part_of: Option<ContentLength>) -> ResponseHead {
        let fields = lengths.iter().map(|value| ("content-length".to_owned(), UntrustedText::from(*value))).collect();
        ResponseHead {
            status,
            headers: Headers::new(fields),
            elapsed: Duration::ZERO,
            body_snippet: None,
            total_length: part_of,
            anomalies: Vec::new(),
        }
    }

    #[test]
    fn a_part_speaks_for_the_whole() {
        let known = |bytes| ContentLength::Known { bytes, repeated: false };
        let case = |response: ResponseHead, status, length| {
            assert_eq!((response.status_of_whole(), response.length()), (status, length));
        };
        case(response(206, &["10"], None), 206, known(10));
        case(response(206, &["10"], Some(known(99))), 200, known(99));
    }

    #[test]
    fn lengths_are_read_without_wrapping() {
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
