//! Why a request failed, and in which phase.

use std::net::IpAddr;
use std::time::Duration;

use crate::observation::anomaly::ProtocolAnomaly;
use crate::text::untrusted::UntrustedText;

/// The phase of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Resolving the host name.
    Dns,
    /// Opening the connection.
    Connect,
    /// Performing the TLS handshake.
    Tls,
    /// Waiting for the response head.
    FirstByte,
    /// Receiving the rest of a response head.
    ResponseHead,
    /// Receiving the body.
    Body,
}

impl Phase {
    /// Returns its name in JSON, as in curl's `--write-out`: `dns`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::FirstByte | Self::ResponseHead => "first_byte",
            Self::Body => "body",
        }
    }

    /// Returns a phrase for a sentence: `while waiting for response headers`.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Dns => "while resolving the host name",
            Self::Connect => "while opening the connection",
            Self::Tls => "during the TLS handshake",
            Self::FirstByte => "while waiting for response headers",
            Self::ResponseHead => "while receiving response headers",
            Self::Body => "while receiving the body",
        }
    }
}

/// Why a request got no response head, or a body was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The host name could not be resolved.
    Dns(DnsError),
    /// The name resolves to an address that Runway could not reach either; no connection was made.
    AddressBlocked {
        /// The first such address.
        address: IpAddr,
        /// What the address is reserved for: `loopback`, `private network`.
        range: &'static str,
    },
    /// The port is closed.
    ConnectionRefused,
    /// There is no route to the host.
    Unreachable,
    /// The connection was reset.
    ConnectionReset(Phase),
    /// The connection was closed early.
    ConnectionClosed(Phase),
    /// The timeout passed.
    Timeout {
        /// The phase it was in.
        phase: Phase,
        /// The time allowed for the asset.
        timeout: Duration,
    },
    /// The TLS handshake failed.
    Tls(TlsError),
    /// The response is not well-formed HTTP.
    MalformedResponse(&'static str),
    /// Some clients accept the response and others do not; the rest was not read.
    AmbiguousResponse(ProtocolAnomaly),
    /// The body is shorter than announced.
    TruncatedBody {
        /// The value of Content-Length.
        announced: u64,
        /// The bytes received.
        received: u64,
    },
    /// This machine temporarily ran out of file descriptors, ports or CPU time. The server was not tested.
    LocalResourcesExhausted(String),
    /// This machine or its proxy could not make the request: no network, no permission. The server was not tested.
    LocalNetwork(String),
    /// Any other error, in the words of the network library (without the URL).
    Other(UntrustedText),
}

impl FetchError {
    /// Returns its name in JSON: `dns-not-found`. Public, so it never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Dns(error) => error.code(),
            Self::AddressBlocked { .. } => "address-blocked",
            Self::ConnectionRefused => "connection-refused",
            Self::Unreachable => "unreachable",
            Self::ConnectionReset(_) => "connection-reset",
            Self::ConnectionClosed(_) => "connection-closed",
            Self::Timeout { .. } => "timeout",
            Self::Tls(error) => error.code(),
            Self::MalformedResponse(_) => "malformed-response",
            Self::AmbiguousResponse(_) => "ambiguous-response",
            Self::TruncatedBody { .. } => "truncated-body",
            Self::LocalResourcesExhausted(_) => "local-resources-exhausted",
            Self::LocalNetwork(_) => "local-network-error",
            Self::Other(_) => "other",
        }
    }

    /// Returns the phase it happened in; `None` where that is not known.
    #[must_use]
    pub const fn phase(&self) -> Option<Phase> {
        match self {
            Self::Dns(_) | Self::AddressBlocked { .. } => Some(Phase::Dns),
            Self::ConnectionRefused | Self::Unreachable => Some(Phase::Connect),
            Self::ConnectionReset(phase) | Self::ConnectionClosed(phase) | Self::Timeout { phase, .. } => Some(*phase),
            Self::Tls(_) => Some(Phase::Tls),
            Self::MalformedResponse(_) | Self::AmbiguousResponse(_) => Some(Phase::FirstByte),
            Self::TruncatedBody { .. } => Some(Phase::Body),
            Self::LocalResourcesExhausted(_) | Self::LocalNetwork(_) | Self::Other(_) => None,
        }
    }

    /// Returns whether it happened before a request was sent, so that another request to the host would fail too.
    #[must_use]
    pub const fn is_before_request(&self) -> bool {
        match self {
            Self::Dns(_)
            | Self::AddressBlocked { .. }
            | Self::ConnectionRefused
            | Self::Unreachable
            | Self::Tls(_)
            | Self::LocalResourcesExhausted(_)
            | Self::LocalNetwork(_) => true,
            Self::ConnectionReset(phase) | Self::ConnectionClosed(phase) | Self::Timeout { phase, .. } => match phase {
                Phase::Dns | Phase::Connect | Phase::Tls => true,
                Phase::FirstByte | Phase::ResponseHead | Phase::Body => false,
            },
            Self::MalformedResponse(_) | Self::AmbiguousResponse(_) | Self::TruncatedBody { .. } | Self::Other(_) => {
                false
            }
        }
    }
}

/// Why a host name could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DnsError {
    /// The name does not exist.
    NotFound,
    /// The name exists, but has no address.
    NoAddress,
    /// The name server failed (SERVFAIL): the domain's own servers or its DNSSEC signatures are broken.
    ServerFailed,
    /// The name server refused the query (REFUSED).
    ServerRefused,
    /// The name server did not answer.
    ServerTimeout {
        /// How long the resolver waited.
        timeout: Duration,
    },
    /// The name server answers, but its reply is malformed.
    MalformedReply,
    /// The name servers gave no answer, for an unknown reason.
    Unknown,
    /// The name is not a valid host name: an empty or too long label, or a forbidden character.
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
            Self::MalformedReply => "dns-malformed-reply",
            Self::Unknown => "dns-unknown",
            Self::InvalidName => "dns-invalid-name",
        }
    }
}

/// Why a TLS handshake failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsError {
    /// The certificate has expired. Seconds since 1970.
    Expired {
        /// The intermediate certificate that has expired; `None` for that of the host.
        intermediate: Option<UntrustedText>,
        /// The end of its validity.
        not_after: u64,
        /// The time it was compared with.
        now: u64,
    },
    /// The certificate is not valid yet. Seconds since 1970.
    NotYetValid {
        /// The start of its validity.
        not_before: u64,
        /// The time it was compared with.
        now: u64,
    },
    /// The certificate is for other names.
    WrongName {
        /// The names it has, at most eight.
        names: Vec<UntrustedText>,
    },
    /// The certificate is self-signed.
    SelfSigned,
    /// The server does not send the intermediate certificates.
    IncompleteChain {
        /// Who issued the last certificate sent.
        issuer: UntrustedText,
    },
    /// The chain is complete but its root is not trusted.
    UntrustedRoot {
        /// Who issued the last certificate sent.
        issuer: UntrustedText,
    },
    /// The certificate is not for servers.
    WrongPurpose,
    /// The server requires a client certificate.
    ClientCertificateRequired,
    /// The server offers only TLS 1.1 or older.
    UnsupportedVersion,
    /// The server only supports HTTP/2.
    Http2Only,
    /// The port does not speak TLS.
    NotTls,
    /// The server ended the handshake with this alert.
    Alert(String),
    /// Any other error, in the words of the TLS library.
    Other(UntrustedText),
}

impl TlsError {
    /// Returns its name in JSON: `tls-expired`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "tls-expired",
            Self::NotYetValid { .. } => "tls-not-yet-valid",
            Self::WrongName { .. } => "tls-wrong-name",
            Self::SelfSigned => "tls-self-signed",
            Self::IncompleteChain { .. } => "tls-incomplete-chain",
            Self::UntrustedRoot { .. } => "tls-untrusted-root",
            Self::WrongPurpose => "tls-wrong-purpose",
            Self::ClientCertificateRequired => "tls-client-certificate",
            Self::UnsupportedVersion => "tls-old-version",
            Self::Http2Only => "tls-http2-only",
            Self::NotTls => "not-tls",
            Self::Alert(_) => "tls-alert",
            Self::Other(_) => "tls-other",
        }
    }
}
