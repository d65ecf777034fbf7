//! Timings and certificates of a traced fetch.

use std::time::Duration;

use crate::text::untrusted::UntrustedText;

/// The timings of one fetch: HEAD, then GET.
#[derive(Clone, Debug, Default)]
pub struct RequestTrace {
    /// Time until the host's addresses were known; `None` if they never were.
    pub dns: Option<Duration>,
    /// The phases of the HEAD.
    pub head: PhaseTimings,
    /// The phases of the GET.
    pub get: PhaseTimings,
    /// The TLS session; `None` if no certificate was received.
    pub tls: Option<TlsSession>,
}

/// How long each phase of a request took; `None` for a phase that was not reached, or not needed on a kept connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhaseTimings {
    /// Until the TCP connection was open.
    pub connect: Option<Duration>,
    /// From then until the TLS handshake was done.
    pub tls: Option<Duration>,
    /// From then until the end of the response head.
    pub first_byte: Option<Duration>,
    /// From then until the last byte of the body that was read.
    pub body: Option<Duration>,
}

/// A TLS session.
#[derive(Clone, Debug, Default)]
pub struct TlsSession {
    /// The protocol version: `TLS 1.3`; `None` if the handshake ended before the certificate was verified.
    pub version: Option<&'static str>,
    /// The certificates in the order sent, the server's own first.
    pub certificates: Vec<Certificate>,
}

/// The names and dates of a certificate.
#[derive(Clone, Debug, Default)]
pub struct Certificate {
    /// The common name of its subject, else the organization.
    pub subject: UntrustedText,
    /// The common name of its issuer, else the organization.
    pub issuer: UntrustedText,
    /// The start of its validity, in seconds since 1970.
    pub not_before: Option<u64>,
    /// The end of its validity, in seconds since 1970.
    pub not_after: Option<u64>,
}
