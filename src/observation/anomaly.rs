//! Protocol anomalies in the bytes of a response. Each HTTP library repairs, drops or rejects them in its own way.

/// An anomaly in a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProtocolAnomaly {
    /// A line of the head ends in a line feed alone, RFC 9112 section 2.2.
    BareLineFeed,
    /// A field continues on the next line, RFC 9112 section 5.2.
    ObsoleteLineFolding,
    /// There is white space between the name of a field and its colon, RFC 9112 section 5.1.
    WhitespaceBeforeColon,
    /// The server sent 100 Continue, which was not requested.
    UnexpectedContinue,
    /// The server sent more interim responses than are read.
    TooManyInterimResponses,
    /// The reason phrase has control characters.
    ControlCharInReasonPhrase,
    /// The server sent bytes on a new connection before it had received a request.
    EarlyResponse,
    /// The server sent more bytes than the head announces.
    ExcessBytes,
}

impl ProtocolAnomaly {
    /// Returns a sentence without a full stop: `a header field is folded over several lines`.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::BareLineFeed => "lines of the head end in a line feed alone",
            Self::ObsoleteLineFolding => "a header field is folded over several lines",
            Self::WhitespaceBeforeColon => "there is white space before the colon of a header field",
            Self::UnexpectedContinue => "the server sent 100 Continue, which was not requested",
            Self::TooManyInterimResponses => "the server sent more than eight interim responses",
            Self::ControlCharInReasonPhrase => "the reason phrase has control characters",
            Self::EarlyResponse => "the server responded before it had received a request",
            Self::ExcessBytes => "the server sent more bytes than the head announces",
        }
    }

    /// Returns how clients differ in handling it; `None` if they all do the same.
    ///
    /// Measured with hyper 1.12, ureq 3.5, Node 20 and curl 7.88.
    #[must_use]
    pub const fn disagreement(self) -> Option<&'static str> {
        match self {
            Self::BareLineFeed | Self::UnexpectedContinue => Some("Node's fetch rejects it, curl accepts it"),
            Self::ObsoleteLineFolding => Some("Node's fetch and curl accept it, others reject it"),
            Self::WhitespaceBeforeColon => Some("Node's fetch ignores the field, others reject the whole response"),
            Self::TooManyInterimResponses => Some("some clients give up, others read on"),
            Self::ControlCharInReasonPhrase => Some("Node's fetch accepts it, others reject it"),
            Self::EarlyResponse => Some("Node's fetch and curl take it for the response, others close the connection"),
            Self::ExcessBytes => None,
        }
    }
}
