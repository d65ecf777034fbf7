//! What is odd in the bytes of a response. HTTP libraries repair it, drop it or refuse it without a word, and not all alike.

/// An oddity of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProtocolAnomaly {
    /// A line of the head ends in a line feed alone, RFC 9112 section 2.2.
    BareLineFeed,
    /// A field goes on in the next line, RFC 9112 section 5.2.
    FoldedField,
    /// White space stands between the name of a field and its colon, RFC 9112 section 5.1.
    SpaceBeforeColon,
    /// 100 Continue came, which nobody had asked for.
    UnaskedContinue,
    /// More interim responses came than are read.
    ManyInterims,
    /// The phrase behind the status has control characters.
    ControlInPhrase,
    /// More bytes came than the head announces.
    Surplus,
}

impl ProtocolAnomaly {
    /// Returns it as a sentence without its full stop: `a header field is folded over several lines`.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::BareLineFeed => "lines of the head end in a line feed alone",
            Self::FoldedField => "a header field is folded over several lines",
            Self::SpaceBeforeColon => "white space stands before the colon of a header field",
            Self::UnaskedContinue => "100 Continue came, which was not asked for",
            Self::ManyInterims => "more than eight interim responses came",
            Self::ControlInPhrase => "control characters stand behind the status",
            Self::Surplus => "more bytes came than the head announces",
        }
    }

    /// Returns who disagrees about it; `None` where all clients do the same.
    ///
    /// Measured with hyper 1.12, ureq 3.5, Node 20 and curl 7.88.
    #[must_use]
    pub const fn split(self) -> Option<&'static str> {
        match self {
            Self::BareLineFeed | Self::UnaskedContinue => Some("Node's fetch refuses that, curl takes it"),
            Self::FoldedField => Some("Node's fetch and curl take that, others refuse it"),
            Self::SpaceBeforeColon => Some("Node's fetch then ignores the field, others refuse the whole answer"),
            Self::ManyInterims => Some("some clients give up there, others read on"),
            Self::ControlInPhrase => Some("Node's fetch takes that, others refuse it"),
            Self::Surplus => None,
        }
    }
}
