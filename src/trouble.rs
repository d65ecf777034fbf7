//! What goes wrong on the way to an asset, and how far one had come.

use std::net::IpAddr;
use std::time::Duration;

use crate::outside::Outside;

/// How far a request had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Asking for the host's addresses.
    Resolve,
    /// Opening the connection.
    Connect,
    /// Agreeing on TLS.
    Handshake,
    /// Waiting for the response head.
    Head,
    /// Receiving the body.
    Body,
}

impl Phase {
    /// Returns the words for a sentence: `while waiting for the response head`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Resolve => "while looking up the host's name",
            Self::Connect => "while opening the connection",
            Self::Handshake => "during the TLS handshake",
            Self::Head => "while waiting for the response head",
            Self::Body => "while receiving the body",
        }
    }
}

/// Why a request brought no response head, or a body broke off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The host's name leads nowhere.
    Name(NameTrouble),
    /// The name stands for an address that Runway could not reach either; it was not dialled.
    Blocked {
        /// The first such address.
        address: IpAddr,
        /// What the address is for: `loopback`, `private network`.
        range: &'static str,
    },
    /// The port is closed.
    Refused,
    /// No route leads there.
    Unreachable,
    /// The connection was torn down.
    Reset(Phase),
    /// The connection was closed too early.
    Closed(Phase),
    /// The time was up.
    TimedOut {
        /// How far it had come.
        phase: Phase,
        /// The whole time allowed.
        limit: Duration,
    },
    /// TLS was not agreed on.
    Tls(TlsTrouble),
    /// The answer is not HTTP as it should be.
    Malformed(&'static str),
    /// The body is shorter than announced.
    Short {
        /// What Content-Length said.
        announced: u64,
        /// What came.
        received: u64,
    },
    /// This machine could not do it: no file descriptors, no network. Says nothing about the server.
    Local(String),
    /// Anything else, as the network library put it (without the URL).
    Other(Outside),
}

/// Why a name leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameTrouble {
    /// The name does not exist, or has no address.
    NotFound,
    /// The name servers did not give an answer.
    NoAnswer,
    /// The name cannot be a host's name: an empty or too long label, a character that no host's name has.
    Malformed,
}

/// Why TLS was not agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsTrouble {
    /// The certificate's time is over. Seconds since 1970.
    Expired {
        /// The end of its time.
        not_after: u64,
        /// The time it was compared with.
        now: u64,
    },
    /// The certificate's time has not come. Seconds since 1970.
    NotYetValid {
        /// The start of its time.
        not_before: u64,
        /// The time it was compared with.
        now: u64,
    },
    /// The certificate is for other names.
    WrongName {
        /// The names it has, at most eight.
        names: Vec<Outside>,
    },
    /// The certificate signed itself.
    SelfSigned,
    /// The server does not send the certificates between its own and a root.
    IncompleteChain {
        /// Who issued the last certificate sent.
        issuer: Outside,
    },
    /// The chain is whole but leads to a root that is not trusted.
    UntrustedRoot {
        /// Who issued the last certificate sent.
        issuer: Outside,
    },
    /// The certificate is not for servers.
    WrongPurpose,
    /// The server wants a certificate of the client.
    ClientCertificate,
    /// The server offers only TLS 1.1 or older.
    OldVersion,
    /// The server speaks only HTTP/2.
    OnlyHttp2,
    /// What answered does not speak TLS.
    NotTls,
    /// The server ended the handshake with this alert.
    Alert(String),
    /// Any other fault, as the TLS library put it.
    Other(Outside),
}
