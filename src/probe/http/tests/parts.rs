//! Ranges, asked for and not.

use super::super::server::{Oddity, Server, Step, ok, send};
use super::{get_of, look, plan, png};
use crate::media::Format;
use crate::observation::{Body, BodyEnd, Content, Length, Response};
use crate::probe::Depth;

/// Serves a file with or without ranges.
fn file(request: &str, body: &[u8], ranges: bool) -> Vec<Step> {
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
    vec![Step::Send([head.as_bytes(), part].concat())]
}

#[tokio::test]
async fn ranges_are_used_where_they_are_served() {
    for (ranges, status, most) in [(true, 206, 65_536), (false, 200, 1 << 20)] {
        let server = Server::start(Oddity::Nothing, move |request| file(request, &png(3 << 20), ranges)).await;
        let seen = look(&server, "/", plan(Depth::Header)).await;
        let response = seen.get.response().expect("an answer");
        assert_eq!((response.status, response.status_of_whole()), (status, 200));
        assert_eq!(response.length(), Length::Known { bytes: 3 << 20, repeated: false });
        assert!(matches!(seen.body.end, BodyEnd::Enough), "{:?}", seen.body);
        assert!(seen.body.received <= most, "{}", seen.body.received);
        assert_eq!(seen.content.media().map(|media| media.format), Some(Format::Png), "{:?}", seen.content);
    }
}

#[tokio::test]
async fn a_206_that_nobody_asked_for_stays_one() {
    let part = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/5\r\nContent-Length: 5\r\n\r\nhello";
    let (seen, _) = get_of(vec![send(part)], plan(Depth::Full)).await;
    assert_eq!(seen.get.response().map(Response::status_of_whole), Some(206));
    assert!(matches!(seen.content, Content::NotSeen));
}

#[tokio::test]
async fn an_empty_file_has_no_first_bytes() {
    let server = Server::start(Oddity::Nothing, |request| {
        if request.to_ascii_lowercase().contains("range:") {
            vec![send("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */0\r\nContent-Length: 0\r\n\r\n")]
        } else {
            ok(request, "image/png", b"")
        }
    })
    .await;
    let seen = look(&server, "/", plan(Depth::Header)).await;
    assert_eq!(seen.get.response().map(|response| response.status), Some(200));
    assert!(matches!(seen.body, Body { received: 0, end: BodyEnd::Complete, .. }));
    assert!(matches!(seen.content, Content::Unreadable { format: Format::Unknown, .. }), "{:?}", seen.content);
}
