//! Stray bytes on a connection are not taken for the response to another asset.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::super::server::{Fault, Server, ServerStep, ok, send};
use super::{http, options, png, probe_with};
use crate::fetch::Depth;
use crate::observation::Observation;

fn statuses(observation: &Observation) -> Vec<Option<u16>> {
    [&observation.head, &observation.get].map(|outcome| outcome.response().map(|response| response.status)).to_vec()
}

/// Fetches one asset of each folder in turn. The first folder runs these steps after the body of each response to GET;
/// the other one has no files.
async fn in_turn(stray: impl Fn() -> Vec<ServerStep> + Send + Sync + 'static) {
    let server = Server::start(Fault::Nothing, move |request| {
        if request.contains(" /one/") {
            let response = ok(request, "image/png", &png(100));
            return if request.starts_with("GET") { [response, stray()].concat() } else { response };
        }
        let body = if request.starts_with("HEAD") { "" } else { "gone" };
        let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n";
        vec![ServerStep::Wait(Duration::from_millis(10)), send(format!("{head}{body}"))]
    })
    .await;
    let http = http(&[&server]);
    for round in 0..4 {
        let good = probe_with(&http, &server, "/one/a.png", options(Depth::Full)).await;
        assert_eq!(statuses(&good), [Some(200), Some(200)], "{round}");
        let missing = probe_with(&http, &server, "/two/b.png", options(Depth::Full)).await;
        assert_eq!(statuses(&missing), [Some(404), Some(404)], "{round}: {missing:?}");
    }
    let probes = (0..16).map(|number| {
        let path = if number % 2 == 0 { "/one/a.png" } else { "/two/b.png" };
        let (http, server) = (&http, &server);
        async move { (number % 2, probe_with(http, server, path, options(Depth::Full)).await) }
    });
    for (folder, observation) in futures_util::future::join_all(probes).await {
        let status = Some(if folder == 0 { 200 } else { 404 });
        assert_eq!(statuses(&observation), [status, status], "{observation:?}");
    }
}

/// A forged response to HEAD or GET.
fn forged(method: &str) -> ServerStep {
    ok(method, "image/png", &png(100)).remove(0)
}

/// The bytes of several steps in one.
fn joined(steps: &[ServerStep]) -> ServerStep {
    let bytes = steps.iter().map(|step| if let ServerStep::Send(bytes) = step { bytes.as_slice() } else { &[] });
    ServerStep::Send(bytes.collect::<Vec<_>>().concat())
}

#[tokio::test]
async fn late_responses_are_not_used_for_another_folder() {
    for pause in [0, 1, 3, 8] {
        let wait = ServerStep::Wait(Duration::from_millis(pause));
        in_turn(move || vec![wait.clone(), forged("HEAD"), wait.clone(), forged("GET")]).await;
    }
}

#[tokio::test]
async fn other_late_bytes_are_not_used_either() {
    in_turn(|| vec![ServerStep::Wait(Duration::from_millis(2)), forged("GET")]).await;
    in_turn(|| vec![ServerStep::Wait(Duration::from_millis(2)), send("HTTP/1.1 100 Continue\r\n\r\n")]).await;
    in_turn(|| vec![ServerStep::Wait(Duration::from_millis(2)), send("\r\n")]).await;
}

#[tokio::test]
async fn an_asset_on_a_connection_with_stray_bytes_is_fetched_again() {
    // The second asset uses the kept connection of its folder, on which the server sends one response too many.
    let server = Server::start(Fault::Nothing, |request| {
        let response = ok(request, "image/png", &png(100));
        match (response.as_slice(), forged("GET")) {
            ([ServerStep::Send(body)], ServerStep::Send(stray)) if request.starts_with("GET /one/late") => {
                vec![ServerStep::Send([body.clone(), stray].concat())]
            }
            _ => response,
        }
    })
    .await;
    let http = http(&[&server]);
    probe_with(&http, &server, "/one/a.png", options(Depth::Full)).await;
    let observation = probe_with(&http, &server, "/one/late.png", options(Depth::Full)).await;
    assert_eq!(statuses(&observation), [Some(200), Some(200)]);
    assert_eq!(observation.body.received, 100);
    let count = |method: &str| server.log().iter().filter(|line| line.starts_with(method)).count();
    assert_eq!((count("connection"), count("GET")), (2, 3), "{:?}", server.log());
}

#[tokio::test]
async fn an_asset_is_fetched_again_even_if_its_connection_was_replaced_meanwhile() {
    // The response to the first HEAD of the second folder ends the connection: GET is sent on another one.
    let is_first = AtomicBool::new(true);
    let server = Server::start(Fault::Nothing, move |request| {
        if request.contains(" /one/") {
            return ok(request, "image/png", &png(100));
        }
        if request.starts_with("HEAD") && is_first.swap(false, Ordering::Relaxed) {
            return vec![joined(&[forged("HEAD"), forged("GET")])];
        }
        let body = if request.starts_with("HEAD") { "" } else { "gone" };
        vec![send(format!("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n{body}"))]
    })
    .await;
    let http = http(&[&server]);
    probe_with(&http, &server, "/one/a.png", options(Depth::Full)).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let observation = probe_with(&http, &server, "/two/b.png", options(Depth::Full)).await;
    assert_eq!(statuses(&observation), [Some(404), Some(404)], "{:?} {observation:?}", server.log());
}

#[tokio::test]
async fn late_bytes_are_told_of_the_asset_that_sent_them() {
    let server = Server::start(Fault::Nothing, |request| {
        let response = ok(request, "image/png", &png(100));
        let wait = ServerStep::Wait(Duration::from_millis(3));
        if request.starts_with("GET /one/late") { [response, vec![wait, forged("GET")]].concat() } else { response }
    })
    .await;
    let http = http(&[&server]);
    for round in 0..3 {
        let late = probe_with(&http, &server, "/one/late.png", options(Depth::Full)).await;
        let good = probe_with(&http, &server, "/two/good.png", options(Depth::Full)).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(late.late_bytes.came() && !good.late_bytes.came(), "{round}");
        assert_eq!([statuses(&late), statuses(&good)].concat(), [Some(200); 4], "{round}");
    }
}
