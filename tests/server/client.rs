//! A low-level client that tests the server itself: each row behaves as its name says.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::expected::{CONNECTIONS, GET, HEAD};
use super::faults::FAULTS;
use super::hosts::HOSTS;
use super::scripts::small;
use super::{Server, name};

/// How long the client waits for more bytes before it gives up; a busy machine is slow to send them.
const PATIENCE: Duration = Duration::from_secs(4);

/// How many bytes of an endless response the client reads.
const ENOUGH: usize = 2 << 20;

/// How long the client reads from a peer that never stops sending.
const LONG: Duration = Duration::from_secs(4);

/// How an exchange ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionEnd {
    /// With `close_notify`.
    Closed,
    /// Without it.
    Cut,
    Reset,
    /// Nothing more came.
    Idle,
    /// More came than the client would read.
    TooMuch,
    /// It came too slowly.
    TooSlow,
    Refused,
    /// The handshake failed, with the error of rustls, which begins with its variant.
    Tls(String),
}

/// The bytes that the client received, and how the exchange ended.
#[derive(Debug)]
struct ReceivedResponse {
    bytes: Vec<u8>,
    end: ConnectionEnd,
}

/// One connection to a host.
struct Client {
    stream: StreamOwned<ClientConnection, TcpStream>,
}

impl Client {
    fn connect(server: &Server, host: &str) -> Result<Self, ConnectionEnd> {
        let mut roots = RootCertStore::empty();
        roots.add(server.shared.authority.root().clone()).expect("the root is a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().expect("versions").with_root_certificates(roots);
        let mut config = config.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port(host)));
        let mut tcp = TcpStream::connect_timeout(&address, PATIENCE).map_err(|error| ending(&error))?;
        tcp.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
        let name = ServerName::try_from(name(host)).expect("a name");
        let mut tls = ClientConnection::new(Arc::new(config), name).expect("a connection");
        while tls.is_handshaking() {
            tls.complete_io(&mut tcp).map_err(|error| ending(&error))?;
        }
        Ok(Self { stream: StreamOwned::new(tls, tcp) })
    }

    /// Sends a request, and reads until the connection ends or is idle.
    fn ask(&mut self, method: &str, path: &str, fields: &str) -> ReceivedResponse {
        let request = format!("{method} {path} HTTP/1.1\r\nUser-Agent: RunwayML API/1.0\r\n{fields}\r\n");
        if let Err(error) = self.stream.write_all(request.as_bytes()) {
            return ReceivedResponse { bytes: Vec::new(), end: ending(&error) };
        }
        let (mut bytes, mut buffer, begun) = (Vec::new(), [0; 16_384], Instant::now());
        let end = loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => break ConnectionEnd::Closed,
                Ok(_) if bytes.len() > ENOUGH => break ConnectionEnd::TooMuch,
                Ok(_) if begun.elapsed() > LONG && bytes.len() < 10_000 => break ConnectionEnd::TooSlow,
                Ok(count) => bytes.extend(&buffer[..count]),
                Err(error) => break ending(&error),
            }
        };
        ReceivedResponse { bytes, end }
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "any other kind is a surprise and fails the test")]
fn ending(error: &io::Error) -> ConnectionEnd {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return ConnectionEnd::Tls(format!("{error:?}"));
    }
    match error.kind() {
        ErrorKind::UnexpectedEof => ConnectionEnd::Cut,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => ConnectionEnd::Reset,
        ErrorKind::WouldBlock | ErrorKind::TimedOut => ConnectionEnd::Idle,
        ErrorKind::ConnectionRefused => ConnectionEnd::Refused,
        kind => panic!("{kind:?}: {error}"),
    }
}

/// Sends one request on a new connection.
fn ask(server: &Server, host: &str, method: &str, path: &str, fields: &str) -> ReceivedResponse {
    match Client::connect(server, host) {
        Ok(mut client) => client.ask(method, path, fields),
        Err(end) => ReceivedResponse { bytes: Vec::new(), end },
    }
}

impl ReceivedResponse {
    /// Returns the received bytes as text, with U+FFFD for invalid UTF-8.
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Returns the bytes after the head.
    fn body(&self) -> &[u8] {
        let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        &self.bytes[end + 4..]
    }
}

/// Runs many rows concurrently, because most of them only wait; not all, because some send as fast as they can.
fn each<Row: Sync>(rows: &[Row], check: impl Fn(&Row) + Sync) {
    for rows in rows.chunks(32) {
        std::thread::scope(|scope| rows.iter().for_each(|row| drop(scope.spawn(|| check(row)))));
    }
}

#[test]
fn connecting_to_every_host_ends_as_its_name_says() {
    let server = Server::start();
    assert_eq!(
        HOSTS.iter().map(|(host, _)| host).collect::<Vec<_>>(),
        CONNECTIONS.iter().map(|(host, _)| host).collect::<Vec<_>>()
    );
    each(CONNECTIONS, |(host, expected)| {
        let end =
            Client::connect(&server, host).map(drop).map_or_else(|end| format!("{end:?}"), |()| "well".to_owned());
        assert!(end.trim_start_matches("Tls(\"").starts_with(expected), "{host}: {end}");
    });
    assert_eq!(server.requests(), [], "no request was made");
    // The server cannot see connections that are refused or whose packets are dropped.
    assert_eq!(server.connections(), HOSTS.len() - 2);
}

#[test]
fn a_missing_client_certificate_is_reported_after_the_handshake_in_tls_1_3() {
    let heard = ask(&Server::start(), "client-certificate-13", "GET", "/fault/good", "");
    assert_eq!(heard.end, ConnectionEnd::Tls("AlertReceived(CertificateRequired)".to_owned()));
}

#[test]
fn every_fault_is_what_its_name_says() {
    let server = Server::start();
    for (name, _) in FAULTS.iter().copied().flatten() {
        assert!(GET.iter().chain(HEAD).any(|(known, ..)| known == name), "`{name}` has no expectation");
    }
    each(GET, |(name, fragment, end)| {
        let heard = ask(&server, "cdn", "GET", &format!("/fault/{name}"), "Connection: close\r\n");
        assert!(heard.text().contains(fragment), "GET {name} without `{}`: {heard:?}", fragment.escape_debug());
        assert_eq!(heard.end, *end, "GET {name}");
    });
    each(HEAD, |(name, fragment, end)| {
        let heard = ask(&server, "cdn", "HEAD", &format!("/fault/{name}"), "");
        assert!(heard.text().contains(fragment), "HEAD {name} without `{}`: {heard:?}", fragment.escape_debug());
        assert_eq!(heard.end, *end, "HEAD {name}");
        let body = !matches!(*name, "head-with-body" | "head-hangs" | "head-rst");
        assert!(!body || heard.body().is_empty(), "HEAD {name}: {heard:?}");
    });
    assert_eq!(server.requests().len(), GET.len() + HEAD.len());
}

#[test]
fn a_fault_of_one_method_leaves_the_other_alone() {
    let server = Server::start();
    each(HEAD, |(name, ..)| {
        if !GET.iter().any(|(known, ..)| known == name) {
            let heard = ask(&server, "cdn", "GET", &format!("/fault/{name}"), "Connection: close\r\n");
            assert!(
                heard.text().starts_with("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"),
                "GET {name}: {heard:?}"
            );
            assert_eq!(heard.body(), small(), "GET {name}");
        }
    });
}

#[test]
fn every_path_answers_as_it_says() {
    let server = Server::start();
    let rows = [
        ("/image/40x30.png", "Content-Type: image/png\r\n"),
        ("/image/40x30.jpg", "Content-Type: image/jpeg\r\n"),
        ("/image/40x30.webp", "Content-Type: image/webp\r\n"),
        ("/image/40x30.exe", "HTTP/1.1 404 Not Found\r\n"),
        ("/file/no-such-file.png", "HTTP/1.1 404 Not Found\r\n"),
        ("/file/../Cargo.toml", "HTTP/1.1 404 Not Found\r\n"),
        ("/type/image/x-png", "Content-Type: image/x-png\r\n"),
        ("/type/a%2Fb%3B%20c=%9b", "Content-Type: a/b; c=\u{fffd}\r\n"),
        ("/length/%2B10", "Content-Length: +10\r\n"),
        ("/status/404", "HTTP/1.1 404 Not Found\r\n"),
        ("/status/999", "HTTP/1.1 999 As You Say\r\n"),
        ("/redirect/302/image/9x9.png", "Location: /image/9x9.png\r\n"),
        ("/redirect/301//other.example.org/a", "Location: //other.example.org/a\r\n"),
        ("/methods/403/200", "HTTP/1.1 200 OK\r\n"),
        ("/methods/200/403", "HTTP/1.1 403 Forbidden\r\n"),
        ("/wait/50/status/503?x=1", "HTTP/1.1 503 Service Unavailable\r\n"),
        ("/later/1000/fault/good", "HTTP/1.1 503 Service Unavailable\r\n"),
        ("/later/0/fault/good", "HTTP/1.1 200 OK\r\n"),
        ("/fault/good?X-Amz-Signature=canary", "HTTP/1.1 200 OK\r\n"),
        ("/nowhere", "HTTP/1.1 404 Not Found\r\n"),
    ];
    each(&rows, |(path, fragment)| {
        let heard = ask(&server, "cdn", "GET", path, "Connection: close\r\n");
        assert!(heard.text().contains(fragment) && heard.end == ConnectionEnd::Closed, "{path}: {heard:?}");
        let heard = ask(&server, "cdn", "HEAD", path, "Connection: close\r\n");
        assert_eq!(heard.body(), b"", "{path}");
    });
}

#[test]
fn a_large_body_has_the_announced_size() {
    let server = Server::start();
    for size in [10, 20_000, 900_000] {
        let heard = ask(&server, "cdn", "GET", &format!("/size/{size}/video/mp4"), "Connection: close\r\n");
        assert!(heard.text().contains(&format!("Content-Type: video/mp4\r\nContent-Length: {size}\r\n")));
        assert_eq!((heard.body().len(), &heard.body()[1..4]), (size, b"PNG".as_slice()));
    }
    assert_eq!(ask(&server, "cdn", "GET", "/size/17000000/video/mp4", "").end, ConnectionEnd::TooMuch);
}

#[test]
fn range_requests_get_their_range() {
    let server = Server::start();
    let all = small();
    for (range, status, from, to) in
        [("0-9", 206, 0, 10), ("5-", 206, 5, all.len()), ("3-99999999", 206, 3, all.len()), ("junk", 200, 0, all.len())]
    {
        let fields = format!("Connection: close\r\nRange: bytes={range}\r\n");
        let heard = ask(&server, "cdn", "GET", "/image/640x480.png", &fields);
        assert!(heard.text().starts_with(&format!("HTTP/1.1 {status} ")), "{range}: {heard:?}");
        assert_eq!(heard.body(), &all[from..to], "{range}");
    }
    let heard = ask(&server, "cdn", "GET", "/image/640x480.png", "Connection: close\r\nRange: bytes=99999999-\r\n");
    assert!(heard.text().starts_with("HTTP/1.1 416 "));
    let heard = ask(&server, "cdn", "GET", "/fault/range-ignored", "Connection: close\r\nRange: bytes=0-9\r\n");
    assert_eq!(heard.body(), all);
}

#[test]
fn requests_are_kept_as_they_came() {
    let server = Server::start();
    let mut client = Client::connect(&server, "other").expect("a connection");
    client.ask("HEAD", "/fault/good?a=b", "Cookie:  c \r\n");
    client.ask("GET", "/fault/good", "");
    ask(&server, "cdn", "GET", "/status/404", "");
    let requests = server.requests();
    let told = requests.iter().map(|request| (request.connection, request.method.as_str(), request.path.as_str()));
    let expected = [(0, "HEAD", "/fault/good?a=b"), (0, "GET", "/fault/good"), (1, "GET", "/status/404")];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert_eq!(requests[0].server_name.as_deref(), Some("other.example.org"));
    assert_eq!(requests[0].version, "HTTP/1.1");
    assert_eq!((requests[0].header("cookie"), requests[1].header("cookie")), (Some("c"), None));
    assert_eq!(requests[0].headers[0], ("User-Agent".to_owned(), "RunwayML API/1.0".to_owned()));
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_url_and_its_flags_belong_together() {
    let server = Server::start();
    let port = server.port("expired");
    assert_eq!(server.url("expired", "/a?b"), format!("https://expired.example.org:{port}/a?b"));
    let flags = server.flags();
    assert!(flags.contains(&format!("expired.example.org:{port}:127.0.0.1")));
    let authority = flags.iter().skip_while(|flag| *flag != "--cacert").nth(1).expect("an authority");
    assert!(std::fs::read_to_string(authority).expect("a file").starts_with("-----BEGIN CERTIFICATE-----"));
    drop(server);
    assert!(!std::path::Path::new(authority).exists(), "nothing is left behind");
}

#[test]
fn a_server_starts_quickly_and_stops_with_its_test() {
    let started = Instant::now();
    let server = Server::start();
    assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
    let port = server.port("cdn");
    let mut hanging = Client::connect(&server, "cdn").expect("a connection");
    assert_eq!(hanging.ask("GET", "/fault/silent", "").end, ConnectionEnd::Idle);
    drop(server);
    let gone = |_| {
        std::thread::sleep(Duration::from_millis(10));
        TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).is_err()
    };
    assert!((0..100).any(gone), "a port is still open");
    assert_eq!(hanging.ask("GET", "/", "").end, ConnectionEnd::Cut);
}
