//! What goes wrong on the way to an asset, and how far one had come.

use std::net::IpAddr;
use std::time::Duration;

use crate::observation::anomaly::ProtocolAnomaly;
use crate::text::untrusted::UntrustedText;

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
    /// Receiving the response head, of which something came.
    ResponseHeadPartial,
    /// Receiving the body.
    Body,
}

impl Phase {
    /// Returns its name in JSON: `resolve`. Where a head breaks off is `head` as well.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Handshake => "handshake",
            Self::Head | Self::ResponseHeadPartial => "head",
            Self::Body => "body",
        }
    }

    /// Returns the words for a sentence: `while waiting for the response head`.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Resolve => "while looking up the host's name",
            Self::Connect => "while opening the connection",
            Self::Handshake => "during the TLS handshake",
            Self::Head => "while waiting for the response head",
            Self::ResponseHeadPartial => "in the middle of the response head",
            Self::Body => "while receiving the body",
        }
    }
}

/// Why a request brought no response head, or a body broke off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The host's name leads nowhere.
    Dns(DnsError),
    /// The name stands for an address that Runway could not reach either; it was not dialled.
    AddressBlocked {
        /// The first such address.
        address: IpAddr,
        /// What the address is for: `loopback`, `private network`.
        range: &'static str,
    },
    /// The port is closed.
    ConnectionRefused,
    /// No route leads there.
    Unreachable,
    /// The connection was torn down.
    ConnectionReset(Phase),
    /// The connection was closed too early.
    ConnectionClosed(Phase),
    /// The time was up.
    Timeout {
        /// How far it had come.
        phase: Phase,
        /// The whole time allowed.
        timeout: Duration,
    },
    /// TLS was not agreed on.
    Tls(TlsError),
    /// The answer is not HTTP as it should be.
    MalformedResponse(&'static str),
    /// The answer is such that some clients take it and others do not; it was not read on.
    AmbiguousResponse(ProtocolAnomaly),
    /// The body is shorter than announced.
    TruncatedBody {
        /// What Content-Length said.
        announced: u64,
        /// What came.
        received: u64,
    },
    /// This machine has run short of what it gets back later: file descriptors, ports, buffers. Says nothing about the
    /// server.
    LocalResourcesExhausted(String),
    /// This machine could not do it: no network, no right to. Says nothing about the server.
    LocalNetwork(String),
    /// Anything else, as the network library put it (without the URL).
    Other(UntrustedText),
}

impl FetchError {
    /// Returns its name in JSON: `dns-not-found`. Public for ever.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Dns(trouble) => trouble.code(),
            Self::AddressBlocked { .. } => "address-blocked",
            Self::ConnectionRefused => "connection-refused",
            Self::Unreachable => "unreachable",
            Self::ConnectionReset(_) => "connection-reset",
            Self::ConnectionClosed(_) => "connection-closed",
            Self::Timeout { .. } => "timeout",
            Self::Tls(trouble) => trouble.code(),
            Self::MalformedResponse(_) => "malformed-response",
            Self::AmbiguousResponse(_) => "ambiguous-response",
            Self::TruncatedBody { .. } => "truncated-body",
            Self::LocalResourcesExhausted(_) => "local-resources-exhausted",
            Self::LocalNetwork(_) => "local-network-error",
            Self::Other(_) => "other",
        }
    }

    /// Returns how far one had come; `None` where that is not known.
    #[must_use]
    pub const fn phase(&self) -> Option<Phase> {
        match self {
            Self::Dns(_) | Self::AddressBlocked { .. } => Some(Phase::Resolve),
            Self::ConnectionRefused | Self::Unreachable => Some(Phase::Connect),
            Self::ConnectionReset(phase) | Self::ConnectionClosed(phase) | Self::Timeout { phase, .. } => Some(*phase),
            Self::Tls(_) => Some(Phase::Handshake),
            Self::MalformedResponse(_) | Self::AmbiguousResponse(_) => Some(Phase::Head),
            Self::TruncatedBody { .. } => Some(Phase::Body),
            Self::LocalResourcesExhausted(_) | Self::LocalNetwork(_) | Self::Other(_) => None,
        }
    }
}

/// Why a name leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DnsError {
    /// The name does not exist.
    NotFound,
    /// The name exists, but has no address.
    NoAddress,
    /// The name server failed to find out (SERVFAIL): the domain's own servers or its signatures are broken.
    ServerFailed,
    /// The name server refused to say (REFUSED).
    ServerRefused,
    /// The name server stayed silent.
    ServerTimeout {
        /// How long it was waited for.
        timeout: Duration,
    },
    /// The name servers did not give an answer; why is not known.
    Unknown,
    /// The name cannot be a host's name: an empty or too long label, a character that no host's name has.
    InvalidName,
}

impl DnsError {
    const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "dns-not-found",
            Self::NoAddress => "dns-no-address",
            Self::ServerFailed => "dns-server-failed",
            Self::ServerRefused => "dns-server-refused",
            Self::ServerTimeout { .. } => "dns-timeout",
            Self::Unknown => "dns-unknown",
            Self::InvalidName => "dns-invalid-name",
        }
    }
}

/// Why TLS was not agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsError {
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
        names: Vec<UntrustedText>,
    },
    /// The certificate signed itself.
    SelfSigned,
    /// The server does not send the certificates between its own and a root.
    IncompleteChain {
        /// Who issued the last certificate sent.
        issuer: UntrustedText,
    },
    /// The chain is whole but leads to a root that is not trusted.
    UntrustedRoot {
        /// Who issued the last certificate sent.
        issuer: UntrustedText,
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
    Other(UntrustedText),
}

impl TlsError {
    const fn code(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "tls-expired",
            Self::NotYetValid { .. } => "tls-not-yet-valid",
            Self::WrongName { .. } => "tls-wrong-name",
            Self::SelfSigned => "tls-self-signed",
            Self::IncompleteChain { .. } => "tls-incomplete-chain",
            Self::UntrustedRoot { .. } => "tls-untrusted-root",
            Self::WrongPurpose => "tls-wrong-purpose",
            Self::ClientCertificate => "tls-client-certificate",
            Self::OldVersion => "tls-old-version",
            Self::OnlyHttp2 => "tls-http2-only",
            Self::NotTls => "not-tls",
            Self::Alert(_) => "tls-alert",
            Self::Other(_) => "tls-other",
        }
    }
}
