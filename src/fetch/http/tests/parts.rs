//! Range requests, and partial responses that were not requested.

use super::super::server::{Fault, Server, ServerStep, ok, send};
use super::{get_of, options, png, probe};
use crate::fetch::{Depth, ProbeOptions};
use crate::media::{ContentState, Format};
use crate::observation::{BodyEnd, BodyTransfer, ContentLength, Observation, ResponseHead};
use crate::units::Bytes;

/// Serves a file with or without ranges.
fn file(request: &str, body: &[u8], ranges: bool) -> Vec<ServerStep> {
    let range =
        request.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
    let Some((first, last)) = range.as_ref().filter(|_| ranges).and_then(|range| range.split_once('-')) else {
        return ok(request, "image/png", body);
    };
    let (first, last): (usize, usize) = (first.parse().expect("a number"), last.parse().expect("a number"));
    let last = last.min(body.len() - 1);
    let part = &body[first..=last];
    let head = format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\nContent-Range: bytes {first}-{last}/{}\r\n\r\n",
        part.len(),
        body.len()
    );
    vec![ServerStep::Send([head.as_bytes(), part].concat())]
}

#[tokio::test]
async fn ranges_are_used_if_the_server_supports_them() {
    for (ranges, status, max) in [(true, 206, 16_384), (false, 200, 1 << 20)] {
        let server = Server::start(Fault::Nothing, move |request| file(request, &png(3 << 20), ranges)).await;
        let observation = probe(&server, "/", options(Depth::Header)).await;
        let response = observation.get.response().expect("an answer");
        assert_eq!((response.status, response.status_of_whole()), (status, 200));
        assert_eq!(response.length(), ContentLength::Known { bytes: 3 << 20, repeated: false });
        assert!(matches!(observation.body.end, BodyEnd::StoppedEarly), "{:?}", observation.body);
        assert!(observation.body.received <= max, "{}", observation.body.received);
        assert_eq!(
            observation.content.media().map(|media| media.format),
            Some(Format::Png),
            "{:?}",
            observation.content
        );
    }
}

#[tokio::test]
async fn an_unrequested_206_is_reported_as_206() {
    let part = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/5\r\nContent-Length: 5\r\n\r\nhello";
    let (observation, _) = get_of(vec![send(part)], options(Depth::Full)).await;
    assert_eq!(observation.get.response().map(ResponseHead::status_of_whole), Some(206));
    assert!(matches!(observation.content, ContentState::NotSeen));
}

#[tokio::test]
async fn a_range_is_read_no_further_than_requested() {
    let head =
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-65535/9999999\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = [&b"4000\r\n"[..], &png(0x4000), b"\r\n"].concat();
    let (observation, _) = get_of(vec![send(head), ServerStep::Flood(chunk)], options(Depth::Header)).await;
    assert!(matches!(observation.body.end, BodyEnd::StoppedEarly), "{:?}", observation.body);
    assert!(observation.body.received < 200_000, "{:?}", observation.body);
}

#[tokio::test]
async fn an_empty_file_is_requested_without_a_range() {
    let server = Server::start(Fault::Nothing, |request| {
        if request.to_ascii_lowercase().contains("range:") {
            vec![send("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */0\r\nContent-Length: 0\r\n\r\n")]
        } else {
            ok(request, "image/png", b"")
        }
    })
    .await;
    let observation = probe(&server, "/", options(Depth::Header)).await;
    assert_eq!(observation.get.response().map(|response| response.status), Some(200));
    assert!(matches!(observation.body, BodyTransfer { received: 0, end: BodyEnd::Complete, .. }));
    assert!(
        matches!(observation.content, ContentState::Unreadable { format: Format::Unknown, .. }),
        "{:?}",
        observation.content
    );
}

/// A video whose index follows five megabytes of padding.
fn video() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/video/h264-aac.mp4");
    let video = std::fs::read(path).expect("a fixture");
    let start = usize::try_from(u32::from_be_bytes(*video.first_chunk().expect("a box"))).expect("small");
    let padding = [&(5_u32 << 20).to_be_bytes()[..], b"free"].concat();
    [&video[..start], &padding, &vec![0; (5 << 20) - 8], &video[start..]].concat()
}

#[tokio::test]
async fn an_index_at_the_end_is_requested_or_reached_by_reading() {
    let requests = |server: &Server| server.log().iter().filter(|line| line.starts_with("GET")).count();
    let large = ProbeOptions { size_limit: Bytes::new(16 << 20), ..options(Depth::Header) };
    let small = ProbeOptions { size_limit: Bytes::new(1 << 20), ..options(Depth::Full) };
    let found = |observation: &Observation| observation.content.media().is_some_and(|media| media.video.is_some());

    let server = Server::start(Fault::Nothing, |request| file(request, &video(), true)).await;
    let observation = probe(&server, "/", large).await;
    assert!(found(&observation), "{:?}", observation.content);
    // The server says that it is an image.
    assert!(
        observation.body.received == 16_384 && requests(&server) <= 4,
        "{:?} {}",
        observation.body,
        requests(&server)
    );

    let server = Server::start(Fault::Nothing, |request| file(request, &video(), false)).await;
    let observation = probe(&server, "/", large).await;
    assert!(found(&observation), "{:?}", observation.content);
    assert!(
        observation.body.received > 5 << 20 && requests(&server) == 1,
        "{:?} {}",
        observation.body,
        requests(&server)
    );

    let server = Server::start(Fault::Nothing, |request| file(request, &video(), false)).await;
    let observation = probe(&server, "/", small).await;
    assert!(
        matches!(observation.content, ContentState::Incomplete { format: Format::Mp4 }),
        "{:?}",
        observation.content
    );
    assert!(observation.body.received < 2 << 20, "{:?}", observation.body);
}
