//! Connections that are kept from asset to asset, and those that are not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::super::server::{Oddity, Server, Step, ok, send};
use super::{HEAD_OF_1000, PATIENCE, http, look_with, plan, png, trouble_of};
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{BodyEnd, BodyTransfer, FetchError, Phase, RequestOutcome};

fn connections(server: &Server) -> usize {
    logged(server, "connection")
}

fn logged(server: &Server, word: &str) -> usize {
    server.log().iter().filter(|line| *line == word).count()
}

/// How often each connection is used before the server ends it without a word.
fn forgetful(every: usize, end: Step) -> impl Fn(&str) -> Vec<Step> {
    let count = AtomicUsize::new(0);
    move |request| {
        let steps = ok(request, "image/png", &png(1000));
        if count.fetch_add(1, Ordering::Relaxed) % every == every - 1 {
            return [steps, vec![end.clone()]].concat();
        }
        steps
    }
}

#[tokio::test]
async fn a_run_uses_one_connection_after_another_asset() {
    let server = Server::start(Oddity::Nothing, |request| ok(request, "image/png", &png(100_000))).await;
    let http = http(&[&server]);
    for _ in 0..20 {
        let seen = look_with(&http, &server, "/", plan(Depth::Full)).await;
        assert!(matches!(seen.body, BodyTransfer { received: 100_000, end: BodyEnd::Complete, .. }), "{seen:?}");
    }
    assert_eq!(connections(&server), 1);
    let at_once = (0..8).map(|_| look_with(&http, &server, "/", plan(Depth::Full)));
    futures_util::future::join_all(at_once).await;
    assert!((2..=8).contains(&connections(&server)), "{}", connections(&server));
}

#[tokio::test]
async fn a_server_may_end_connections_whenever_it_likes() {
    for (oddity, every, end) in [
        (Oddity::Nothing, 1, Step::Close),
        (Oddity::Nothing, 3, Step::Close),
        (Oddity::Nothing, 3, Step::Reset),
        (Oddity::OnlyTls12, 3, Step::Close),
        (Oddity::Nothing, 7, Step::Reset),
    ] {
        let server = Server::start(oddity, forgetful(every, end.clone())).await;
        let http = http(&[&server]);
        for round in 0..10 {
            let looks = (0..4).map(|_| look_with(&http, &server, "/", plan(Depth::Full)));
            for seen in futures_util::future::join_all(looks).await {
                for answer in [&seen.head, &seen.get] {
                    let status = answer.response().map(|response| response.status);
                    assert_eq!(status, Some(200), "{oddity:?} {every} {end:?} {round} {seen:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn kept_connections_that_end_unasked_are_replaced_at_once() {
    // The server answers on no connection twice, and says so only when it is asked again.
    let server = Server::start(Oddity::Nothing, {
        let asked = AtomicUsize::new(0);
        move |request| match asked.fetch_add(1, Ordering::Relaxed) % 2 {
            1 => vec![Step::Close],
            _ => ok(request, "image/png", &png(1000)),
        }
    })
    .await;
    let http = http(&[&server]);
    for _ in 0..5 {
        let seen = look_with(&http, &server, "/", plan(Depth::Head)).await;
        assert!(seen.head.response().is_some(), "{:?}", seen.head);
    }
}

#[tokio::test]
async fn what_ended_badly_is_not_used_again() {
    let server = Server::start(Oddity::Nothing, |request| match request {
        request if request.starts_with("HEAD") => ok(request, "image/png", &png(1000)),
        request if request.contains("/short") => vec![send(HEAD_OF_1000), send(png(400)), Step::Close],
        request if request.contains("/late") => vec![send(HEAD_OF_1000), Step::Wait(PATIENCE)],
        request if request.contains("/flood") => vec![send(HEAD_OF_1000), Step::Flood(png(1000))],
        request => ok(request, "image/png", &png(1000)),
    })
    .await;
    let http = http(&[&server]);
    let brief = ProbeOptions { timeout: Duration::from_millis(300), ..plan(Depth::Full) };
    for path in ["/short", "/late", "/flood", "/short"] {
        look_with(&http, &server, path, brief).await;
        let seen = look_with(&http, &server, "/good", plan(Depth::Full)).await;
        assert!(matches!(seen.body, BodyTransfer { received: 1000, end: BodyEnd::Complete, .. }), "{path} {seen:?}");
    }
}

#[tokio::test]
async fn a_host_has_connections_for_each_port() {
    let first = Server::start(Oddity::Nothing, |request| ok(request, "image/png", &png(111))).await;
    let second = Server::start(Oddity::Nothing, |request| ok(request, "image/png", &png(222))).await;
    let http = http(&[&first, &second]);
    for _ in 0..2 {
        let seen = look_with(&http, &first, "/", plan(Depth::Full)).await;
        assert_eq!(seen.body.received, 111);
    }
    assert_eq!(connections(&first), 1);
    // Another certificate, which the first one's root does not vouch for.
    let seen = look_with(&http, &second, "/", plan(Depth::Full)).await;
    assert!(matches!(trouble_of(&seen.head), FetchError::Tls(_)), "{:?}", seen.head);
    assert!(matches!(seen.get, RequestOutcome::NotSent));
}

#[tokio::test]
async fn silence_is_timed_out_in_its_phase_on_every_kind_of_connection() {
    for oddity in [Oddity::Nothing, Oddity::OnlyTls12] {
        let server = Server::start(oddity, |request| match request {
            request if request.contains("/silent") => vec![Step::Wait(PATIENCE)],
            request => ok(request, "image/png", &png(1000)),
        })
        .await;
        let http = http(&[&server]);
        let brief = ProbeOptions { timeout: Duration::from_millis(300), ..plan(Depth::Head) };
        // A new connection, one that was kept, one that takes up a session.
        for path in ["/silent", "/", "/silent", "/silent"] {
            let seen = look_with(&http, &server, path, brief).await;
            if path == "/silent" {
                let late = FetchError::Timeout { phase: Phase::Head, timeout: brief.timeout };
                assert_eq!(trouble_of(&seen.head), late, "{oddity:?}");
            }
        }
        assert_eq!((connections(&server), logged(&server, "resumed")), (3, 2), "{oddity:?}");
    }
}

#[tokio::test]
async fn many_connections_are_opened_and_closed() {
    let server =
        Server::start(Oddity::Nothing, |request| [ok(request, "image/png", &png(10)), vec![Step::Close]].concat())
            .await;
    let http = http(&[&server]);
    for _ in 0..300 {
        let seen = look_with(&http, &server, "/", plan(Depth::Head)).await;
        assert!(seen.head.response().is_some(), "{:?}", seen.head);
    }
    assert!(connections(&server) >= 300);
}
