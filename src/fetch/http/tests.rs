//! Observations of correct servers, and of servers with one fault each.

mod kept;
mod parts;
mod proxied;
mod secure;
mod stalls;
mod strays;
mod tapped;

use std::net::IpAddr;
use std::time::Duration;

use super::server::{Fault, Server, ServerStep, ok, send};
use super::*;
use crate::asset::{Asset, Target};
use crate::media::{ContentState, Format};
use crate::observation::{BodyEnd, BodyTransfer, ContentLength, Phase, ResponseHead};
use crate::units::Bytes;

/// A PNG of 64 by 32 pixels: the header, padded to this length.
fn png(length: usize) -> Vec<u8> {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x20\x08\x02\0\0\0\x2d\xff\xe9\xd3";
    let mut bytes = [&header[..], b"\x7f\xff\xff\xffIDAT"].concat();
    bytes.resize(length, 0);
    bytes
}

const TEN_SECONDS: Duration = Duration::from_secs(10);

fn options(depth: Depth) -> ProbeOptions {
    ProbeOptions { depth, timeout: TEN_SECONDS, size_limit: Bytes::new(1 << 20), attempt: 0 }
}

fn address(text: &str) -> AssetUrl {
    let Target::Url(address) = Target::parse(&Asset::new(text)) else { panic!("{text} is a URL") };
    address
}

/// Fetches a path of a server whose name is h.test.
async fn probe(server: &Server, path: &str, options: ProbeOptions) -> Observation {
    probe_with(&http(&[server]), server, path, options).await
}

/// Creates a client for servers that are all named h.test, each on its port, and trusts the root of the first one.
fn http(servers: &[&Server]) -> Http {
    let given = |server: &&Server| format!("h.test:{}:127.0.0.1", server.address.port()).parse().expect("an override");
    let options = NetworkOptions {
        cacert: servers.first().map(|server| server.root.clone()),
        resolve: servers.iter().map(given).collect(),
        allow_private: true,
        ..NetworkOptions::default()
    };
    Http::new(options).expect("good settings")
}

async fn probe_with(http: &Http, server: &Server, path: &str, options: ProbeOptions) -> Observation {
    let port = server.address.port();
    let address = address(&format!("https://user:secret@h.test.:{port}{path}#fragment"));
    http.probe(&address, options).await
}

/// Starts a server that answers only GET.
async fn forbids_head() -> Server {
    Server::start(Fault::Nothing, |request| {
        if request.starts_with("HEAD") {
            vec![send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")]
        } else {
            ok(request, "image/png", &png(100))
        }
    })
    .await
}

fn error_of(outcome: &RequestOutcome) -> FetchError {
    outcome.error().unwrap_or_else(|| panic!("no error: {outcome:?}")).clone()
}

#[tokio::test]
async fn a_good_response_is_fetched_completely() {
    let server = Server::start(Fault::Nothing, |request| ok(request, "image/png", &png(300_000))).await;
    let observation = probe(&server, "/a.png?q=1", options(Depth::Full)).await;
    for answer in [&observation.head, &observation.get] {
        let response = answer.response().unwrap_or_else(|| panic!("{answer:?}"));
        assert_eq!(response.status, 200);
        assert_eq!(response.length(), ContentLength::Known { bytes: 300_000, repeated: false });
        assert_eq!(response.body_snippet, None);
    }
    assert!(
        matches!(observation.body, BodyTransfer { received: 300_000, end: BodyEnd::Complete, .. }),
        "{:?}",
        observation.body
    );
    assert_eq!(
        observation.content.media().and_then(|media| media.coded_size).map(|size| size.to_string()).as_deref(),
        Some("64x32")
    );
    assert_eq!(observation.addresses, [IpAddr::from([127, 0, 0, 1])]);
    assert!(observation.observed_at.is_some());
    let log = server.log();
    let (head, get) = (&log[1], &log[2]);
    assert_eq!((log.len(), log[0].as_str()), (3, "connection"), "one connection serves both");
    assert!(head.starts_with("HEAD /a.png?q=1 HTTP/1.1\r\n"), "{head}");
    assert_eq!(get, &head.replace("HEAD", "GET"));
    let port = server.address.port();
    let mut fields: Vec<_> = head.trim_end().lines().skip(1).map(str::to_ascii_lowercase).collect();
    fields.sort();
    assert_eq!(fields, ["accept: */*", &format!("host: h.test:{port}"), "user-agent: runwayml api/1.0"]);
}

#[tokio::test]
async fn the_get_is_sent_even_if_head_is_forbidden() {
    let server = forbids_head().await;
    let observation = probe(&server, "/", options(Depth::Full)).await;
    assert_eq!(observation.head.response().map(|response| response.status), Some(403));
    assert_eq!(observation.get.response().map(|response| response.status), Some(200));
    assert_eq!(observation.content.format(), Some(Format::Png));
}

#[tokio::test]
async fn depth_head_sends_no_get() {
    let server = Server::start(Fault::Nothing, |request| ok(request, "image/png", &png(100))).await;
    let observation = probe(&server, "/", options(Depth::Head)).await;
    assert!(observation.head.response().is_some());
    assert!(matches!((observation.get, observation.body.end), (RequestOutcome::NotSent, BodyEnd::NotRead)));
    assert_eq!(server.log().len(), 2);
}

#[tokio::test]
async fn redirects_are_reported_and_not_followed() {
    let server = Server::start(Fault::Nothing, |request| {
        let body = if request.starts_with("HEAD") { "" } else { "moved" };
        let head = "HTTP/1.1 302 Found\r\nLocation: https://h.test/b\r\nContent-Length: 5\r\n\r\n";
        vec![send(format!("{head}{body}"))]
    })
    .await;
    let observation = probe(&server, "/", options(Depth::Full)).await;
    let response = observation.get.response().expect("an answer");
    assert_eq!(response.status, 302);
    assert_eq!(response.headers.first("location"), Some(&UntrustedText::from("https://h.test/b")));
    assert_eq!(response.body_snippet, Some(UntrustedText::from("moved")));
    assert!(matches!(observation.content, ContentState::NotSeen));
    assert_eq!(server.log().len(), 3);
}

#[tokio::test]
async fn a_snippet_of_error_pages_is_kept() {
    let server = Server::start(Fault::Nothing, |_| {
        vec![
            send("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"),
            ServerStep::Flood(format!("200\r\n{}\r\n", "hello ok".repeat(64)).into_bytes()),
        ]
    })
    .await;
    let observation = probe(&server, "/", options(Depth::Full)).await;
    let excerpt = observation.get.response().and_then(|response| response.body_snippet.clone()).expect("an excerpt");
    assert_eq!(excerpt.as_bytes().len(), 2048);
    assert!(matches!(observation.body.end, BodyEnd::StoppedEarly));
}

#[tokio::test]
async fn a_snippet_of_a_200_that_is_not_media_is_kept() {
    let page = format!("<!DOCTYPE html>{}", " ".repeat(5000));
    let server = Server::start(Fault::Nothing, move |request| ok(request, "image/png", page.as_bytes())).await;
    let observation = probe(&server, "/", options(Depth::Full)).await;
    assert!(
        matches!(observation.content, ContentState::Unreadable { format: Format::Html, .. }),
        "{:?}",
        observation.content
    );
    let excerpt = observation.get.response().and_then(|response| response.body_snippet.clone()).expect("an excerpt");
    assert!(excerpt.as_bytes().starts_with(b"<!DOCTYPE") && excerpt.as_bytes().len() == 2048);
    assert!(matches!(observation.body, BodyTransfer { received: 5015, end: BodyEnd::Complete, .. }));
}

/// Fetches from a server that answers HEAD correctly, and GET with these steps.
async fn get_of(steps: Vec<ServerStep>, options: ProbeOptions) -> (Observation, Server) {
    let server = Server::start(Fault::Nothing, move |request| {
        if request.starts_with("HEAD") { ok(request, "image/png", &png(1000)) } else { steps.clone() }
    })
    .await;
    let observation = probe(&server, "/", options).await;
    (observation, server)
}

const HEAD_OF_1000: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[tokio::test]
async fn interrupted_bodies_are_classified() {
    let (observation, _) =
        get_of(vec![send(HEAD_OF_1000), send(png(400)), ServerStep::Close], options(Depth::Full)).await;
    let short = FetchError::TruncatedBody { announced: 1000, received: 400 };
    assert!(matches!(&observation.body.end, BodyEnd::Interrupted(error) if *error == short), "{:?}", observation.body);
    assert_eq!(observation.content.format(), Some(Format::Png));

    let (observation, _) =
        get_of(vec![send(HEAD_OF_1000), send(png(400)), ServerStep::Reset], options(Depth::Full)).await;
    let reset = FetchError::ConnectionReset(Phase::Body);
    assert!(matches!(&observation.body.end, BodyEnd::Interrupted(error) if *error == reset), "{:?}", observation.body);

    let brief = ProbeOptions { timeout: Duration::from_millis(300), ..options(Depth::Full) };
    let (observation, _) = get_of(vec![send(HEAD_OF_1000), ServerStep::Wait(TEN_SECONDS)], brief).await;
    let late = FetchError::Timeout { phase: Phase::Body, timeout: brief.timeout };
    assert!(matches!(&observation.body.end, BodyEnd::Interrupted(error) if *error == late), "{:?}", observation.body);

    let (observation, _) =
        get_of(vec![send(CHUNKED), send("5\r\nhello\r\n"), ServerStep::Close], options(Depth::Full)).await;
    let closed = FetchError::ConnectionClosed(Phase::Body);
    assert!(matches!(&observation.body.end, BodyEnd::Interrupted(error) if *error == closed), "{:?}", observation.body);
}

#[tokio::test]
async fn only_the_media_header_of_a_body_without_a_length_is_read() {
    let (observation, _) = get_of(vec![send(CHUNKED), send("4\r\n\x7fELF\r\n0\r\n\r\n")], options(Depth::Full)).await;
    assert!(
        matches!(observation.body, BodyTransfer { received: 4, end: BodyEnd::Complete, .. }),
        "{:?}",
        observation.body
    );
    assert_eq!(observation.get.response().map(ResponseHead::length), Some(ContentLength::Missing));
    assert_eq!(observation.content.format(), Some(Format::Unknown));

    let piece = [b"10000\r\n", &png(65_536)[..], b"\r\n"].concat();
    let (observation, _) = get_of(vec![send(CHUNKED), ServerStep::Flood(piece)], options(Depth::Full)).await;
    assert!(matches!(observation.body.end, BodyEnd::StoppedEarly), "{:?}", observation.body);
    assert!(observation.body.received <= (1 << 20) + 65_536, "{}", observation.body.received);
}

#[tokio::test]
async fn with_two_framings_content_length_decides() {
    for coding in ["identity", "gzip"] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nTransfer-Encoding: {coding}\r\n\r\n");
        let (observation, _) =
            get_of(vec![send(head), send(png(1000)), ServerStep::Wait(TEN_SECONDS)], options(Depth::Full)).await;
        assert!(
            matches!(observation.body, BodyTransfer { received: 1000, end: BodyEnd::StoppedEarly, .. }),
            "{:?}",
            observation.body
        );
    }
}

#[tokio::test]
async fn a_large_body_is_not_downloaded() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", u64::MAX >> 1);
    let (observation, _) = get_of(vec![send(head), ServerStep::Flood(png(65_536))], options(Depth::Full)).await;
    assert!(matches!(observation.body.end, BodyEnd::StoppedEarly), "{:?}", observation.body);
    assert!(observation.body.received < 2 << 20, "{}", observation.body.received);
    assert_eq!(observation.content.media().map(|media| media.format), Some(Format::Png));
}

#[tokio::test]
async fn a_malformed_response_does_not_stop_the_get() {
    for (answer, expected) in [
        ("SSH-2.0-x\r\n\r\n", "it does not start like an HTTP response"),
        ("HTTP/1.1 20 OK\r\n\r\n", "its status line is malformed"),
        ("HTTP/1.1 200 OK\r\na b: c\r\n\r\n", "it has a malformed header field"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
            "its Content-Length is not a number, or has several that differ",
        ),
    ] {
        let server = Server::start(Fault::Nothing, move |_| vec![send(answer)]).await;
        let observation = probe(&server, "/", options(Depth::Full)).await;
        // A malformed length matters only where a body follows.
        if !answer.contains("Content-Length") {
            assert_eq!(error_of(&observation.head), FetchError::MalformedResponse(expected));
        }
        assert_eq!(error_of(&observation.get), FetchError::MalformedResponse(expected));
    }
}

#[tokio::test]
async fn heads_are_accepted_up_to_the_limits() {
    let fields = |count: usize, length: usize| -> String {
        let value = "v".repeat(length);
        let fields: Vec<_> = (0..count).map(|number| format!("x-{number}: {value}\r\n")).collect();
        fields.concat()
    };
    for (fields, is_accepted) in [
        (fields(250, 10), true),
        (fields(6_000, 1), true),
        (fields(7_000, 1), false),
        (fields(1, 60_000), true),
        (fields(2, 40_000), false),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{fields}\r\n");
        let server = Server::start(Fault::Nothing, move |_| vec![send(&answer)]).await;
        let observation = probe(&server, "/", options(Depth::Head)).await;
        assert_eq!(observation.head.response().is_some(), is_accepted, "{:?}", observation.head.error());
    }
}

#[tokio::test]
async fn a_closed_port_is_refused() {
    let (server, listener) = Server::silent().await;
    drop(listener);
    let observation = probe(&server, "/", options(Depth::Full)).await;
    assert_eq!(error_of(&observation.head), FetchError::ConnectionRefused);
    assert!(matches!(observation.get, RequestOutcome::NotSent));
}

#[tokio::test]
async fn private_addresses_are_reported_without_a_connection() {
    let server = Server::start(Fault::Nothing, |request| ok(request, "image/png", &png(100))).await;
    let port = server.address.port();
    let resolve = vec![format!("h.test:{port}:8.8.8.8,127.0.0.1").parse().expect("an override")];
    let http = Http::new(NetworkOptions { resolve, ..NetworkOptions::default() }).expect("good settings");
    let observation = http.probe(&address(&format!("https://h.test:{port}/")), options(Depth::Full)).await;
    let blocked = FetchError::AddressBlocked { address: IpAddr::from([127, 0, 0, 1]), range: "loopback" };
    assert_eq!(error_of(&observation.head), blocked);
    assert_eq!(observation.addresses.len(), 2);
    for url in [format!("https://127.0.0.1:{port}/"), format!("https://2130706433:{port}/")] {
        let http =
            Http::new(NetworkOptions { allow_private: true, ..NetworkOptions::default() }).expect("good settings");
        assert_eq!(error_of(&http.probe(&address(&url), options(Depth::Full)).await.head), blocked, "{url}");
    }
    assert!(server.log().is_empty(), "{:?}", server.log());
}

#[tokio::test]
async fn a_connection_closed_between_the_requests_is_not_a_fault() {
    for end in [ServerStep::Close, ServerStep::Reset] {
        let server = Server::start(Fault::Nothing, move |request| {
            if request.starts_with("HEAD") {
                [ok(request, "image/png", &png(1000)), vec![end.clone()]].concat()
            } else {
                ok(request, "image/png", &png(1000))
            }
        })
        .await;
        let observation = probe(&server, "/", options(Depth::Full)).await;
        assert_eq!(observation.get.response().map(|response| response.status), Some(200), "{:?}", observation.get);
        assert_eq!(server.log().iter().filter(|line| *line == "connection").count(), 2);
    }
}

#[tokio::test]
async fn a_request_without_a_response_is_sent_at_most_twice() {
    let server = Server::start(Fault::Nothing, |request| {
        if request.starts_with("HEAD") { ok(request, "image/png", &png(1000)) } else { vec![ServerStep::Close] }
    })
    .await;
    let observation = probe(&server, "/", options(Depth::Full)).await;
    assert_eq!(error_of(&observation.get), FetchError::ConnectionClosed(Phase::FirstByte));
    assert_eq!(server.log().iter().filter(|line| line.starts_with("GET")).count(), 2);
}

#[tokio::test]
async fn large_bodies_are_read_concurrently() {
    let server = Server::start(Fault::Nothing, |request| ok(request, "image/png", &png(1 << 20))).await;
    let probes = (0..50).map(|_| probe(&server, "/", options(Depth::Full)));
    for observation in futures_util::future::join_all(probes).await {
        assert!(
            matches!(observation.body, BodyTransfer { received: 1_048_576, end: BodyEnd::Complete, .. }),
            "{:?}",
            observation.body
        );
    }
}
