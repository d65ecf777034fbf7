//! Hosts: one name for each way in which a server misbehaves before HTTP begins.
//!
//! All are under `example.org`, which RFC 2606 reserves, so that even a faulty test reaches no real host.

use super::certificates::{Insists, Leaf};

/// How a host reacts to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// TLS with this certificate, then HTTP as the path requests.
    Serves(Leaf),
    /// TLS with a good certificate and a requirement, then HTTP as the path requests.
    Insists(Insists),
    /// TLS with a good certificate, then an answer before there is a request, then HTTP as the path requests.
    AnswersFirst,
    /// No TLS, after the `ClientHello` was read.
    AfterHello(Act),
    /// No TLS, before the client has sent anything; so the host needs a port of its own.
    AtOnce(Act),
    /// The port is closed.
    Refuses,
    /// The backlog is full: no answer to the first packet.
    Swallows,
}

/// An action instead of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Sends these bytes, then closes the connection.
    Says(&'static [u8]),
    /// Sends these bytes, then nothing more.
    Stalls(&'static [u8]),
    /// Sends two of these bytes per second, then nothing more.
    Trickles(&'static [u8]),
    /// Sends these bytes again and again.
    Floods(&'static [u8]),
    /// Resets the connection.
    Resets,
}

/// Every host: the label before `.example.org`, and its endpoint.
pub(crate) const HOSTS: &[(&str, Endpoint)] = &[
    // Nothing is wrong here.
    ("cdn", Endpoint::Serves(Leaf::Good)),
    ("other", Endpoint::Serves(Leaf::Good)),
    ("with-intermediate", Endpoint::Serves(Leaf::WithIntermediate)),
    ("with-unrelated", Endpoint::Serves(Leaf::WithUnrelated)),
    ("thousand-names", Endpoint::Serves(Leaf::ThousandNames)),
    ("tls12", Endpoint::Insists(Insists::Tls12)),
    ("tls13", Endpoint::Insists(Insists::Tls13)),
    ("answers-first", Endpoint::AnswersFirst),
    // The certificate is wrong.
    ("expired", Endpoint::Serves(Leaf::Expired)),
    ("not-yet-valid", Endpoint::Serves(Leaf::NotYetValid)),
    ("wrong-name", Endpoint::Serves(Leaf::WrongName)),
    ("hostile-names", Endpoint::Serves(Leaf::HostileNames)),
    ("beyond-constraint", Endpoint::Serves(Leaf::BeyondConstraint)),
    ("too.deep", Endpoint::Serves(Leaf::WildcardTooDeep)),
    ("common-name-only", Endpoint::Serves(Leaf::CommonNameOnly)),
    ("address-only", Endpoint::Serves(Leaf::AddressOnly)),
    ("self-signed", Endpoint::Serves(Leaf::SelfSigned)),
    ("unknown-authority", Endpoint::Serves(Leaf::UnknownAuthority)),
    ("missing-intermediate", Endpoint::Serves(Leaf::MissingIntermediate)),
    ("client-only", Endpoint::Serves(Leaf::ClientOnly)),
    ("authority-as-leaf", Endpoint::Serves(Leaf::Authority)),
    ("hostile-authority", Endpoint::Serves(Leaf::HostileAuthority)),
    // The server requires something that the API's client does not have.
    ("h2-only", Endpoint::Insists(Insists::Http2)),
    ("client-certificate-12", Endpoint::Insists(Insists::Client12)),
    ("client-certificate-13", Endpoint::Insists(Insists::Client13)),
    // The handshake goes wrong.
    ("tls11", Endpoint::AfterHello(Act::Says(TLS_11_HELLO))),
    ("ssl3", Endpoint::AfterHello(Act::Says(SSL_3_HELLO))),
    ("alert-handshake-failure", Endpoint::AfterHello(Act::Says(&alert(FATAL, 40)))),
    ("alert-protocol-version", Endpoint::AfterHello(Act::Says(&alert(FATAL, 70)))),
    ("alert-unrecognized-name", Endpoint::AfterHello(Act::Says(&alert(FATAL, 112)))),
    ("alert-flood", Endpoint::AfterHello(Act::Floods(&alert(WARNING, 90)))),
    ("close-notify-in-handshake", Endpoint::AfterHello(Act::Stalls(&alert(WARNING, 0)))),
    ("half-hello", Endpoint::AfterHello(Act::Stalls(TLS_11_HELLO.split_at(20).0))),
    ("trickles-hello", Endpoint::AfterHello(Act::Trickles(TLS_11_HELLO.split_at(5).0))),
    ("stalls", Endpoint::AfterHello(Act::Stalls(b""))),
    ("closes", Endpoint::AfterHello(Act::Says(b""))),
    ("resets", Endpoint::AfterHello(Act::Resets)),
    // Another protocol is on the port.
    ("plain-http", Endpoint::AfterHello(Act::Says(PLAIN_HTTP))),
    ("random-bytes", Endpoint::AfterHello(Act::Says(RANDOM_BYTES))),
    ("ssh", Endpoint::AtOnce(Act::Says(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"))),
    ("smtp", Endpoint::AtOnce(Act::Says(b"220 mail.example.org ESMTP\r\n"))),
    ("h2-plain", Endpoint::AtOnce(Act::Says(HTTP_2_SETTINGS))),
    // No protocol is on the port.
    ("closes-at-once", Endpoint::AtOnce(Act::Says(b""))),
    ("resets-at-once", Endpoint::AtOnce(Act::Resets)),
    ("refuses", Endpoint::Refuses),
    ("swallows", Endpoint::Swallows),
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
