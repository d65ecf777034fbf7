//! HEAD and GET under way together: what is seen is what would be seen in turn.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::super::server::{Oddity, Server, Step, ok, send};
use super::{forbids_head, look, plan, png};
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{BodyEnd, BodyTransfer, ContentLength, FetchError, Observation};

fn together(depth: Depth) -> ProbeOptions {
    ProbeOptions { at_once: true, ..plan(depth) }
}

/// What a verdict may depend on, times aside.
fn facts(seen: &Observation) -> String {
    let answers = [&seen.head, &seen.get].map(|answer| {
        answer.response().map_or_else(
            || format!("{:?}", answer.error()),
            |response| format!("{} {:?} {:?}", response.status, response.length(), response.total_length),
        )
    });
    format!("{answers:?} {} {:?} {:?}", seen.body.received, seen.body.end, seen.content)
}

fn count(server: &Server, start: &str) -> usize {
    server.log().iter().filter(|line| line.starts_with(start)).count()
}

#[tokio::test]
async fn two_connections_bring_what_one_would() {
    for depth in [Depth::Head, Depth::Header, Depth::Full] {
        let server = Server::start(Oddity::Nothing, |request| ok(request, "image/png", &png(200_000))).await;
        let in_turn = look(&server, "/", plan(depth)).await;
        let before = server.log().len();
        let seen = look(&server, "/", together(depth)).await;
        assert_eq!(facts(&seen), facts(&in_turn), "{depth:?}");
        let (connections, requests) = if depth == Depth::Head { (1, 1) } else { (2, 2) };
        assert_eq!(server.log().len() - before, connections + requests, "{depth:?}: {:?}", server.log());
    }
}

#[tokio::test]
async fn a_slow_head_does_not_hold_up_the_get_and_both_times_count() {
    let pause = Duration::from_millis(300);
    let server = Server::start(Oddity::Nothing, move |request| {
        let steps = ok(request, "image/png", &png(1000));
        [vec![Step::Wait(pause)], steps].concat()
    })
    .await;
    let seen = look(&server, "/", together(Depth::Full)).await;
    assert!(seen.head.response().is_some_and(|head| head.elapsed >= pause));
    assert!(seen.body.elapsed >= pause, "{:?}", seen.body);
    let brief = ProbeOptions { timeout: Duration::from_millis(550), ..together(Depth::Full) };
    let seen = look(&server, "/", brief).await;
    assert!(!matches!(seen.body.end, BodyEnd::Complete), "in turn they would take too long: {seen:?}");
}

#[tokio::test]
async fn what_takes_all_the_time_alone_is_not_asked_for_again() {
    for steps in [vec![], vec![send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")]] {
        let server = Server::start(Oddity::Nothing, move |request| {
            if request.starts_with("HEAD") {
                return ok(request, "image/png", &png(1000));
            }
            [steps.clone(), vec![Step::Wait(Duration::from_secs(60))]].concat()
        })
        .await;
        let brief = ProbeOptions { timeout: Duration::from_millis(700), ..together(Depth::Full) };
        let seen = look(&server, "/", brief).await;
        let broken = matches!(&seen.body.end, BodyEnd::Interrupted(FetchError::Timeout { .. }));
        assert!(broken || matches!(seen.get.error(), Some(FetchError::Timeout { .. })), "{seen:?}");
        assert_eq!((count(&server, "HEAD"), count(&server, "GET")), (1, 1));
    }
}

#[tokio::test]
async fn answers_that_differ_are_asked_for_in_turn() {
    let server = forbids_head().await;
    let seen = look(&server, "/", together(Depth::Full)).await;
    assert_eq!(seen.head.response().map(|response| response.status), Some(403));
    assert_eq!(seen.get.response().map(|response| response.status), Some(200));
    assert_eq!((count(&server, "HEAD"), count(&server, "GET")), (2, 2));
}

#[tokio::test]
async fn a_server_that_bears_only_one_request_at_a_time_is_asked_in_turn() {
    // It answers the second of two requests that meet with half a body.
    let answers = AtomicUsize::new(0);
    let server = Server::start(Oddity::Nothing, move |request| {
        if answers.fetch_add(1, Ordering::SeqCst) == 1 {
            return vec![send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"), Step::Reset];
        }
        ok(request, "image/png", &png(1000))
    })
    .await;
    let seen = look(&server, "/", together(Depth::Full)).await;
    assert!(matches!(seen.body, BodyTransfer { received: 1000, end: BodyEnd::Complete, .. }), "{seen:?}");
    let length = seen.head.response().map(crate::observation::ResponseHead::length);
    assert!(matches!(length, Some(ContentLength::Known { bytes: 1000, .. })));
}

#[tokio::test]
async fn after_a_head_in_vain_no_get_counts() {
    for oddity in [Oddity::Expired, Oddity::OnlyHttp2] {
        let server = Server::start(oddity, |request| ok(request, "image/png", &png(1000))).await;
        let in_turn = look(&server, "/", plan(Depth::Full)).await;
        let seen = look(&server, "/", together(Depth::Full)).await;
        assert_eq!(facts(&seen), facts(&in_turn));
    }
}
