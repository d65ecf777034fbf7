//! Connections that are reused for the next asset, and those that are not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::super::server::{Fault, Server, ServerStep, ok, send};
use super::{HEAD_OF_1000, TEN_SECONDS, error_of, http, options, png, probe_with};
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{BodyEnd, BodyTransfer, FetchError, Phase, RequestOutcome};

fn connections(server: &Server) -> usize {
    logged(server, "connection")
}

fn logged(server: &Server, word: &str) -> usize {
    server.log().iter().filter(|line| *line == word).count()
}

/// Answers requests, and ends the connection after this many of them.
fn closing(every: usize, end: ServerStep) -> impl Fn(&str) -> Vec<ServerStep> {
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
async fn sequential_assets_share_one_connection() {
    let server = Server::start(Fault::Nothing, |request| ok(request, "image/png", &png(100_000))).await;
    let http = http(&[&server]);
    for _ in 0..20 {
        let observation = probe_with(&http, &server, "/", options(Depth::Full)).await;
        assert!(
            matches!(observation.body, BodyTransfer { received: 100_000, end: BodyEnd::Complete, .. }),
            "{observation:?}"
        );
    }
    assert_eq!(connections(&server), 1);
    let probes = (0..8).map(|_| probe_with(&http, &server, "/", options(Depth::Full)));
    futures_util::future::join_all(probes).await;
    assert!((2..=8).contains(&connections(&server)), "{}", connections(&server));
}

#[tokio::test]
async fn an_idle_connection_does_not_keep_a_server_with_one_thread_from_the_others() {
    let brief = ProbeOptions { timeout: Duration::from_millis(1500), ..options(Depth::Full) };
    for wait in [Duration::from_millis(20), Duration::from_millis(210)] {
        let server = Server::serve_up_to(1, Fault::Nothing, move |request| {
            [vec![ServerStep::Wait(wait)], ok(request, "image/png", &png(1000))].concat()
        })
        .await;
        let http = http(&[&server]);
        let probes = (0..4).map(|_| probe_with(&http, &server, "/", brief));
        for observation in futures_util::future::join_all(probes).await {
            assert!(matches!(observation.body.end, BodyEnd::Complete), "{wait:?}: {observation:?}");
        }
    }
}

#[tokio::test]
async fn a_server_may_close_connections_at_any_time() {
    for (fault, every, end) in [
        (Fault::Nothing, 1, ServerStep::Close),
        (Fault::Nothing, 3, ServerStep::Close),
        (Fault::Nothing, 3, ServerStep::Reset),
        (Fault::OnlyTls12, 3, ServerStep::Close),
        (Fault::Nothing, 7, ServerStep::Reset),
    ] {
        let server = Server::start(fault, closing(every, end.clone())).await;
        let http = http(&[&server]);
        for round in 0..10 {
            let probes = (0..4).map(|_| probe_with(&http, &server, "/", options(Depth::Full)));
            for observation in futures_util::future::join_all(probes).await {
                for answer in [&observation.head, &observation.get] {
                    let status = answer.response().map(|response| response.status);
                    assert_eq!(status, Some(200), "{fault:?} {every} {end:?} {round} {observation:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn closed_connections_are_replaced() {
    // The server answers once on each connection, and closes it at the next request.
    let server = Server::start(Fault::Nothing, {
        let asked = AtomicUsize::new(0);
        move |request| match asked.fetch_add(1, Ordering::Relaxed) % 2 {
            1 => vec![ServerStep::Close],
            _ => ok(request, "image/png", &png(1000)),
        }
    })
    .await;
    let http = http(&[&server]);
    for _ in 0..5 {
        let observation = probe_with(&http, &server, "/", options(Depth::Head)).await;
        assert!(observation.head.response().is_some(), "{:?}", observation.head);
    }
}

#[tokio::test]
async fn an_interrupted_connection_is_not_used_again() {
    let server = Server::start(Fault::Nothing, |request| match request {
        request if request.starts_with("HEAD") => ok(request, "image/png", &png(1000)),
        request if request.contains("/short") => vec![send(HEAD_OF_1000), send(png(400)), ServerStep::Close],
        request if request.contains("/late") => vec![send(HEAD_OF_1000), ServerStep::Wait(TEN_SECONDS)],
        request if request.contains("/flood") => vec![send(HEAD_OF_1000), ServerStep::Flood(png(1000))],
        request => ok(request, "image/png", &png(1000)),
    })
    .await;
    let http = http(&[&server]);
    let brief = ProbeOptions { timeout: Duration::from_millis(300), ..options(Depth::Full) };
    for path in ["/short", "/late", "/flood", "/short"] {
        probe_with(&http, &server, path, brief).await;
        let observation = probe_with(&http, &server, "/good", options(Depth::Full)).await;
        assert!(
            matches!(observation.body, BodyTransfer { received: 1000, end: BodyEnd::Complete, .. }),
            "{path} {observation:?}"
        );
    }
}

#[tokio::test]
async fn a_host_has_connections_for_each_port() {
    let first = Server::start(Fault::Nothing, |request| ok(request, "image/png", &png(111))).await;
    let second = Server::start(Fault::Nothing, |request| ok(request, "image/png", &png(222))).await;
    let http = http(&[&first, &second]);
    for _ in 0..2 {
        let observation = probe_with(&http, &first, "/", options(Depth::Full)).await;
        assert_eq!(observation.body.received, 111);
    }
    assert_eq!(connections(&first), 1);
    // Another certificate, which the root of the first server did not sign.
    let observation = probe_with(&http, &second, "/", options(Depth::Full)).await;
    assert!(matches!(error_of(&observation.head), FetchError::Tls(_)), "{:?}", observation.head);
    assert!(matches!(observation.get, RequestOutcome::NotSent));
}

#[tokio::test]
async fn a_timeout_names_its_phase_on_every_kind_of_connection() {
    for fault in [Fault::Nothing, Fault::OnlyTls12] {
        let server = Server::start(fault, |request| match request {
            request if request.contains("/silent") => vec![ServerStep::Wait(TEN_SECONDS)],
            request => ok(request, "image/png", &png(1000)),
        })
        .await;
        let http = http(&[&server]);
        let brief = ProbeOptions { timeout: Duration::from_millis(300), ..options(Depth::Head) };
        // A new connection, a reused one, one that resumes a session.
        for path in ["/silent", "/", "/silent", "/silent"] {
            let observation = probe_with(&http, &server, path, brief).await;
            if path == "/silent" {
                let late = FetchError::Timeout { phase: Phase::FirstByte, timeout: brief.timeout };
                assert_eq!(error_of(&observation.head), late, "{fault:?}");
            }
        }
        assert_eq!((connections(&server), logged(&server, "resumed")), (3, 2), "{fault:?}");
    }
}

#[tokio::test]
async fn many_connections_are_opened_and_closed() {
    let server =
        Server::start(Fault::Nothing, |request| [ok(request, "image/png", &png(10)), vec![ServerStep::Close]].concat())
            .await;
    let http = http(&[&server]);
    for _ in 0..300 {
        let observation = probe_with(&http, &server, "/", options(Depth::Head)).await;
        assert!(observation.head.response().is_some(), "{:?}", observation.head);
    }
    assert!(connections(&server) >= 300);
}
