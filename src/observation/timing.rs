//! How a look at a URL went on its way: how long each phase took, and the certificates that were shown.

use std::time::Duration;

use crate::text::untrusted::UntrustedText;

/// The way of one look: HEAD, then GET.
#[derive(Clone, Debug, Default)]
pub struct RequestTrace {
    /// Time until the host's addresses were known; `None` where they never were.
    pub lookup: Option<Duration>,
    /// The phases of the HEAD.
    pub head: PhaseTimings,
    /// The phases of the GET.
    pub get: PhaseTimings,
    /// What the handshake showed; `None` where it did not come so far.
    pub tls: Option<TlsSession>,
}

/// How long the phases of a request took; `None` for what was not reached, or not needed on a connection that was open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhaseTimings {
    /// Until the connection was open.
    pub connect: Option<Duration>,
    /// From then until the TLS handshake was done.
    pub handshake: Option<Duration>,
    /// From then until the head of the answer was there.
    pub answer: Option<Duration>,
    /// From then until the last byte of the body that was read.
    pub body: Option<Duration>,
}

/// What a TLS handshake showed.
#[derive(Clone, Debug, Default)]
pub struct TlsSession {
    /// The version of the protocol: `TLS 1.3`; `None` where the handshake ended before its certificate was proven.
    pub version: Option<&'static str>,
    /// The certificates in the order sent, the server's own first.
    pub certificates: Vec<Certificate>,
}

/// What a certificate says of itself.
#[derive(Clone, Debug, Default)]
pub struct Certificate {
    /// Whom it is for: the common name, else the organization.
    pub subject: UntrustedText,
    /// Who issued it.
    pub issuer: UntrustedText,
    /// From when it is valid, in seconds since 1970.
    pub not_before: Option<u64>,
    /// Until when it is valid, in seconds since 1970.
    pub not_after: Option<u64>,
}
