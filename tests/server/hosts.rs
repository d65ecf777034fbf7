//! The hosts: one name for each way in which a server goes wrong before HTTP begins.
//!
//! All are under `example.org`, which RFC 2606 keeps free, so that a test can disturb nobody even if it is wrong itself.

use super::certificates::{Insists, Leaf};

/// What somebody meets who dials a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// TLS with this certificate, then HTTP as the path says.
    Serves(Leaf),
    /// TLS with a good certificate, and a demand; then HTTP as the path says.
    Insists(Insists),
    /// No TLS, although the client's hello was heard.
    AfterHello(Act),
    /// No TLS, and the client has said nothing yet; so the host needs a port of its own.
    AtOnce(Act),
    /// Nobody: the port is closed.
    Refuses,
    /// A queue that is full: no answer to the first packet.
    Swallows,
}

/// What is done in place of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Sends these bytes, then ends the connection.
    Says(&'static [u8]),
    /// Sends these bytes, then nothing for ever.
    Stalls(&'static [u8]),
    /// Sends two of these bytes each second, then nothing for ever.
    Trickles(&'static [u8]),
    /// Sends these bytes again and again.
    Floods(&'static [u8]),
    /// Resets the connection.
    Resets,
}

/// Every host: what stands before `.example.org`, and its door.
pub(crate) const HOSTS: &[(&str, Door)] = &[
    // Nothing is wrong here.
    ("cdn", Door::Serves(Leaf::Good)),
    ("other", Door::Serves(Leaf::Good)),
    ("with-intermediate", Door::Serves(Leaf::WithIntermediate)),
    ("with-unrelated", Door::Serves(Leaf::WithUnrelated)),
    ("thousand-names", Door::Serves(Leaf::ThousandNames)),
    ("tls12", Door::Insists(Insists::Tls12)),
    ("tls13", Door::Insists(Insists::Tls13)),
    // The certificate is.
    ("expired", Door::Serves(Leaf::Expired)),
    ("not-yet-valid", Door::Serves(Leaf::NotYetValid)),
    ("wrong-name", Door::Serves(Leaf::WrongName)),
    ("hostile-names", Door::Serves(Leaf::HostileNames)),
    ("beyond-constraint", Door::Serves(Leaf::BeyondConstraint)),
    ("too.deep", Door::Serves(Leaf::WildcardTooDeep)),
    ("common-name-only", Door::Serves(Leaf::CommonNameOnly)),
    ("address-only", Door::Serves(Leaf::AddressOnly)),
    ("self-signed", Door::Serves(Leaf::SelfSigned)),
    ("unknown-authority", Door::Serves(Leaf::UnknownAuthority)),
    ("missing-intermediate", Door::Serves(Leaf::MissingIntermediate)),
    ("client-only", Door::Serves(Leaf::ClientOnly)),
    ("authority-as-leaf", Door::Serves(Leaf::Authority)),
    ("hostile-authority", Door::Serves(Leaf::HostileAuthority)),
    // The server wants what the API's client does not have.
    ("h2-only", Door::Insists(Insists::Http2)),
    ("client-certificate-12", Door::Insists(Insists::Client12)),
    ("client-certificate-13", Door::Insists(Insists::Client13)),
    // The handshake goes wrong.
    ("tls11", Door::AfterHello(Act::Says(TLS_11_HELLO))),
    ("ssl3", Door::AfterHello(Act::Says(SSL_3_HELLO))),
    ("alert-handshake-failure", Door::AfterHello(Act::Says(&alert(FATAL, 40)))),
    ("alert-protocol-version", Door::AfterHello(Act::Says(&alert(FATAL, 70)))),
    ("alert-unrecognized-name", Door::AfterHello(Act::Says(&alert(FATAL, 112)))),
    ("alert-flood", Door::AfterHello(Act::Floods(&alert(WARNING, 90)))),
    ("close-notify-in-handshake", Door::AfterHello(Act::Stalls(&alert(WARNING, 0)))),
    ("half-hello", Door::AfterHello(Act::Stalls(TLS_11_HELLO.split_at(20).0))),
    ("trickles-hello", Door::AfterHello(Act::Trickles(TLS_11_HELLO.split_at(5).0))),
    ("stalls", Door::AfterHello(Act::Stalls(b""))),
    ("closes", Door::AfterHello(Act::Says(b""))),
    ("resets", Door::AfterHello(Act::Resets)),
    // Something else lives on the port.
    ("plain-http", Door::AfterHello(Act::Says(PLAIN_HTTP))),
    ("random-bytes", Door::AfterHello(Act::Says(RANDOM_BYTES))),
    ("ssh", Door::AtOnce(Act::Says(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"))),
    ("smtp", Door::AtOnce(Act::Says(b"220 mail.example.org ESMTP\r\n"))),
    ("h2-plain", Door::AtOnce(Act::Says(HTTP_2_SETTINGS))),
    // Nobody does.
    ("closes-at-once", Door::AtOnce(Act::Says(b""))),
    ("resets-at-once", Door::AtOnce(Act::Resets)),
    ("refuses", Door::Refuses),
    ("swallows", Door::Swallows),
];

/// What nginx answers a client that speaks TLS to a plain port, cut to its head.
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
