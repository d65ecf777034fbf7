//! Anomalies are observed even after TLS key updates.

use super::super::server::{Fault, Server, ServerStep, ok, send};
use super::{options, png, probe};
use crate::fetch::Depth;
use crate::observation::{FetchError, Observation, ProtocolAnomaly, ResponseHead};

/// Fetches from a server that updates its keys this many times before each response.
async fn after_updates(updates: usize, get: &'static [u8]) -> Observation {
    let server = Server::start(Fault::Nothing, move |request| {
        let response = if request.starts_with("HEAD") { ok(request, "image/png", &png(2)) } else { vec![send(get)] };
        [vec![ServerStep::UpdateKeys; updates], response].concat()
    })
    .await;
    probe(&server, "/", options(Depth::Full)).await
}

fn anomalies(observation: &Observation) -> Vec<ProtocolAnomaly> {
    observation.get.response().map_or_else(Vec::new, |response: &ResponseHead| response.anomalies.clone())
}

#[tokio::test]
async fn key_updates_do_not_hide_anomalies() {
    use ProtocolAnomaly::{BareLineFeed, ExcessBytes, ObsoleteLineFolding, UnexpectedContinue, WhitespaceBeforeColon};
    for updates in [0, 1, 3] {
        for (response, anomaly) in [
            (&b"HTTP/1.1 200 OK\nContent-Length: 2\n\nab"[..], BareLineFeed),
            (b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nab", ObsoleteLineFolding),
            (b"HTTP/1.1 200 OK\r\nX : a\r\nContent-Length: 2\r\n\r\nab", WhitespaceBeforeColon),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", UnexpectedContinue),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", ExcessBytes),
        ] {
            assert_eq!(anomalies(&after_updates(updates, response).await), [anomaly], "after {updates} key updates");
        }
    }
}

#[tokio::test]
async fn key_updates_do_not_lift_limits() {
    const INTERIM: &str = "HTTP/1.1 103 Early Hints\r\n\r\n";
    let many: &'static [u8] = INTERIM.repeat(20).leak().as_bytes();
    let observation = after_updates(1, many).await;
    let error = observation.get.error();
    let expected = FetchError::AmbiguousResponse(ProtocolAnomaly::TooManyInterimResponses);
    assert_eq!(error, Some(&expected));
}
