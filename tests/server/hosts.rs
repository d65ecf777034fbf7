//! Hosts: one name for each way in which a server misbehaves before HTTP begins.
//!
//! All are under `example.org`, which RFC 2606 reserves, so that even a faulty test reaches no real host.

use super::certificates::{LeafCert, TlsRequirement};

/// How a host reacts to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostBehavior {
    /// TLS with this certificate, then HTTP as the path requests.
    Tls(LeafCert),
    /// TLS with a good certificate and a requirement, then HTTP as the path requests.
    TlsRequiring(TlsRequirement),
    /// TLS with a good certificate, then an answer before there is a request, then HTTP as the path requests.
    RespondsEarly,
    /// No TLS, after the `ClientHello` was read.
    AfterHello(RawBehavior),
    /// No TLS, before the client has sent anything; so the host needs a port of its own.
    OnAccept(RawBehavior),
    /// The port is closed.
    ClosedPort,
    /// The backlog is full: no answer to the first packet.
    BlackHole,
}

/// An action instead of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawBehavior {
    /// Sends these bytes, then closes the connection.
    SendThenClose(&'static [u8]),
    /// Sends these bytes, then nothing more.
    SendThenStall(&'static [u8]),
    /// Sends two of these bytes per second, then nothing more.
    Trickle(&'static [u8]),
    /// Sends these bytes again and again.
    Flood(&'static [u8]),
    /// Resets the connection.
    Reset,
}

/// Every host: the label before `.example.org`, and its endpoint.
pub(crate) const HOSTS: &[(&str, HostBehavior)] = &[
    // Nothing is wrong here.
    ("cdn", HostBehavior::Tls(LeafCert::Good)),
    ("other", HostBehavior::Tls(LeafCert::Good)),
    ("with-intermediate", HostBehavior::Tls(LeafCert::WithIntermediate)),
    ("with-unrelated", HostBehavior::Tls(LeafCert::WithUnrelated)),
    ("thousand-names", HostBehavior::Tls(LeafCert::ThousandNames)),
    ("tls12", HostBehavior::TlsRequiring(TlsRequirement::Tls12)),
    ("tls13", HostBehavior::TlsRequiring(TlsRequirement::Tls13)),
    ("answers-first", HostBehavior::RespondsEarly),
    // The certificate is wrong.
    ("expired", HostBehavior::Tls(LeafCert::Expired)),
    ("not-yet-valid", HostBehavior::Tls(LeafCert::NotYetValid)),
    ("wrong-name", HostBehavior::Tls(LeafCert::WrongName)),
    ("hostile-names", HostBehavior::Tls(LeafCert::HostileNames)),
    ("beyond-constraint", HostBehavior::Tls(LeafCert::BeyondConstraint)),
    ("too.deep", HostBehavior::Tls(LeafCert::WildcardTooDeep)),
    ("common-name-only", HostBehavior::Tls(LeafCert::CommonNameOnly)),
    ("address-only", HostBehavior::Tls(LeafCert::AddressOnly)),
    ("self-signed", HostBehavior::Tls(LeafCert::SelfSigned)),
    ("unknown-authority", HostBehavior::Tls(LeafCert::UnknownAuthority)),
    ("missing-intermediate", HostBehavior::Tls(LeafCert::MissingIntermediate)),
    ("client-only", HostBehavior::Tls(LeafCert::ClientOnly)),
    ("authority-as-leaf", HostBehavior::Tls(LeafCert::Authority)),
    ("hostile-authority", HostBehavior::Tls(LeafCert::HostileAuthority)),
    // The server requires something that the API's client does not have.
    ("h2-only", HostBehavior::TlsRequiring(TlsRequirement::Http2)),
    ("client-certificate-12", HostBehavior::TlsRequiring(TlsRequirement::Client12)),
    ("client-certificate-13", HostBehavior::TlsRequiring(TlsRequirement::Client13)),
    // The handshake goes wrong.
    ("tls11", HostBehavior::AfterHello(RawBehavior::SendThenClose(TLS_11_HELLO))),
    ("ssl3", HostBehavior::AfterHello(RawBehavior::SendThenClose(SSL_3_HELLO))),
    ("alert-handshake-failure", HostBehavior::AfterHello(RawBehavior::SendThenClose(&alert(FATAL, 40)))),
    ("alert-protocol-version", HostBehavior::AfterHello(RawBehavior::SendThenClose(&alert(FATAL, 70)))),
    ("alert-unrecognized-name", HostBehavior::AfterHello(RawBehavior::SendThenClose(&alert(FATAL, 112)))),
    ("alert-flood", HostBehavior::AfterHello(RawBehavior::Flood(&alert(WARNING, 90)))),
    ("close-notify-in-handshake", HostBehavior::AfterHello(RawBehavior::SendThenStall(&alert(WARNING, 0)))),
    ("half-hello", HostBehavior::AfterHello(RawBehavior::SendThenStall(TLS_11_HELLO.split_at(20).0))),
    ("trickles-hello", HostBehavior::AfterHello(RawBehavior::Trickle(TLS_11_HELLO.split_at(5).0))),
    ("stalls", HostBehavior::AfterHello(RawBehavior::SendThenStall(b""))),
    ("closes", HostBehavior::AfterHello(RawBehavior::SendThenClose(b""))),
    ("resets", HostBehavior::AfterHello(RawBehavior::Reset)),
    // Another protocol is on the port.
    ("plain-http", HostBehavior::AfterHello(RawBehavior::SendThenClose(PLAIN_HTTP))),
    ("random-bytes", HostBehavior::AfterHello(RawBehavior::SendThenClose(RANDOM_BYTES))),
    ("ssh", HostBehavior::OnAccept(RawBehavior::SendThenClose(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"))),
    ("smtp", HostBehavior::OnAccept(RawBehavior::SendThenClose(b"220 mail.example.org ESMTP\r\n"))),
    ("h2-plain", HostBehavior::OnAccept(RawBehavior::SendThenClose(HTTP_2_SETTINGS))),
    // No protocol is on the port.
    ("closes-at-once", HostBehavior::OnAccept(RawBehavior::SendThenClose(b""))),
    ("resets-at-once", HostBehavior::OnAccept(RawBehavior::Reset)),
    ("refuses", HostBehavior::ClosedPort),
    ("swallows", HostBehavior::BlackHole),
];

/// The head of the response of nginx to a client that speaks TLS on a plain HTTP port.
const PLAIN_HTTP: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n";

/// Twenty bytes from `/dev/urandom`, the same each time.
const RANDOM_BYTES: &[u8] = b"\x8d\x02\xf9\x1a\x77\xc4\x00\xe3\x5b\x90\x21\xae\x16\x4c\xd8\x3f\x62\xbb\x07\xe9";

/// An HTTP/2 SETTINGS frame with two settings, RFC 9113 section 6.5.
const HTTP_2_SETTINGS: &[u8] = b"\x00\x00\x0c\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\x00\x04\x00\x01\x00\x00";

const WARNING: u8 = 1;
const FATAL: u8 = 2;

/// Returns an alert record, RFC 8446 section 6.
const fn alert(level: u8, description: u8) -> [u8; 7] {
    [21, 3, 3, 0, 2, level, description]
}

/// A `ServerHello` that chooses TLS 1.1: record, handshake header, version, random, no session, RSA with AES-128, no compression.
const TLS_11_HELLO: &[u8] =
    b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02the random of thirty-two bytes .\x00\x00\x2f\x00";

/// The same for SSL 3.0.
const SSL_3_HELLO: &[u8] =
    b"\x16\x03\x00\x00\x2a\x02\x00\x00\x26\x03\x00the random of thirty-two bytes .\x00\x00\x2f\x00";
