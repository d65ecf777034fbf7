//! Failures of a proxy are not blamed on the host.

use super::super::server::{Fault, Server, ServerStep, ok, send};
use super::{Http, address, error_of, options, png};
use crate::fetch::Depth;
use crate::fetch::http::NetworkOptions;
use crate::observation::{FetchError, RequestOutcome};
use crate::text::secret::Secret;

/// Fetches a URL through a proxy at this URL, and returns the message of the `LocalNetwork` error.
async fn blame(proxy: String, cacert: Option<Vec<u8>>) -> String {
    let network = NetworkOptions { proxy: Some(Secret::new(proxy)), cacert, ..NetworkOptions::default() };
    let http = Http::new(network).expect("good settings");
    let observation = http.probe(&address("https://h.test/a.png"), options(Depth::Full)).await;
    assert!(matches!(observation.get, RequestOutcome::NotSent), "{observation:?}");
    let error = error_of(&observation.head);
    let FetchError::LocalNetwork(what) = error else { panic!("{error:?}") };
    what
}

#[tokio::test]
async fn failures_of_the_proxy_are_distinguished() {
    let refusal = |status: &str| send(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
    for (steps, expected) in [
        (vec![refusal("407 Proxy Authentication Required")], "the proxy requires authentication (407)"),
        (vec![refusal("302 Found")], "the proxy refused to connect to the host"),
        (vec![refusal("502 Bad Gateway")], "the proxy refused to connect to the host"),
        (vec![send("SSH-2.0-x\r\n\r\n")], "the proxy refused to connect to the host"),
        (vec![ServerStep::Reset], "the proxy reset the connection"),
    ] {
        let server = Server::plain(steps.clone()).await;
        assert_eq!(blame(format!("http://{}", server.address), None).await, expected, "{steps:?}");
    }
    let (server, listener) = Server::silent().await;
    drop(listener);
    assert_eq!(blame(format!("http://{}", server.address), None).await, "the proxy refused the connection");
    let unknown = "http://no-such-proxy.invalid:1".to_owned();
    assert_eq!(blame(unknown, None).await, "the host name of the proxy could not be resolved");
}

#[tokio::test]
async fn tls_failures_of_the_proxy_and_of_the_host_are_distinguished() {
    let server = Server::plain(vec![send("HTTP/1.1 400 Bad Request\r\n\r\n")]).await;
    let what = blame(format!("https://{}", server.address), None).await;
    assert_eq!(what, "the TLS handshake with the proxy failed (not-tls)");
    let server = Server::start(Fault::SelfSigned, |request| ok(request, "image/png", &png(100))).await;
    let what = blame(format!("https://{}", server.address), None).await;
    assert!(what.starts_with("the TLS handshake with the proxy failed (tls-"), "{what}");

    // The proxy opens the connection, but the host does not speak TLS.
    let steps = vec![
        send("HTTP/1.1 200 OK\r\n\r\n"),
        ServerStep::Wait(std::time::Duration::from_millis(50)),
        send("220 smtp\r\n"),
    ];
    let server = Server::plain(steps).await;
    let proxy = Some(Secret::new(format!("http://{}", server.address)));
    let http = Http::new(NetworkOptions { proxy, ..NetworkOptions::default() }).expect("good settings");
    let observation = http.probe(&address("https://h.test/a.png"), options(Depth::Full)).await;
    assert!(matches!(error_of(&observation.head), FetchError::Tls(_)), "{observation:?}");
}
