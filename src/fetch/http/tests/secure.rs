//! TLS handshakes that fail, and timeouts.

use std::time::Duration;

use super::super::server::{Fault, Server, ServerStep, ok, send};
use super::{Http, NetworkOptions, TEN_SECONDS, address, error_of, options, png, probe};
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{FetchError, Phase, RequestOutcome, TlsError};
use crate::text::untrusted::UntrustedText;

#[tokio::test]
async fn bad_certificates_are_distinguished() {
    let issuer = |name: &str| UntrustedText::from(name);
    for (fault, expected) in [
        (Fault::SelfSigned, TlsError::SelfSigned),
        (Fault::UntrustedRoot, TlsError::UntrustedRoot { issuer: issuer("Other Root") }),
        (Fault::IncompleteChain, TlsError::IncompleteChain { issuer: issuer("Test Intermediate") }),
        (Fault::WrongName, TlsError::WrongName { names: vec![issuer("other.test")] }),
        (Fault::Http2Only, TlsError::Http2Only),
        (Fault::RequiresClientCertificate, TlsError::ClientCertificateRequired),
    ] {
        let server = Server::start(fault, |request| ok(request, "image/png", &png(100))).await;
        let observation = probe(&server, "/", options(Depth::Full)).await;
        assert_eq!(error_of(&observation.head), FetchError::Tls(expected), "{fault:?}");
        assert!(matches!(observation.get, RequestOutcome::NotSent), "{fault:?}");
    }
}

#[tokio::test]
async fn expired_certificates_are_reported_with_dates() {
    let case = async |fault| {
        let server = Server::start(fault, |request| ok(request, "image/png", &png(100))).await;
        error_of(&probe(&server, "/", options(Depth::Full)).await.head)
    };
    let expired = case(Fault::Expired).await;
    assert!(
        matches!(expired, FetchError::Tls(TlsError::Expired { intermediate: None, not_after: 1_580_515_200, now }) if now > 1_700_000_000),
        "{expired:?}"
    );
    let expired = case(Fault::ExpiredIntermediate).await;
    assert!(
        matches!(&expired, FetchError::Tls(TlsError::Expired { intermediate: Some(name), not_after: 1_580_515_200, .. })
            if name.as_str() == Some("Test Intermediate")),
        "{expired:?}"
    );
    let early = case(Fault::NotYetValid).await;
    assert!(
        matches!(early, FetchError::Tls(TlsError::NotYetValid { not_before, now }) if not_before > now),
        "{early:?}"
    );
}

#[tokio::test]
async fn a_self_signed_authority_is_trusted_for_its_names_if_it_was_given() {
    let server = Server::start(Fault::OwnRoot, |request| ok(request, "image/png", &png(100))).await;
    let head = probe(&server, "/", options(Depth::Full)).await.head;
    assert_eq!(head.response().map(|response| response.status), Some(200), "{head:?}");
    let port = server.address.port();
    let resolve = ["h.test", "other.test"].map(|name| format!("{name}:{port}:127.0.0.1").parse().expect("an override"));
    let ask = |cacert: Option<Vec<u8>>, name: &'static str| {
        let options =
            NetworkOptions { cacert, resolve: resolve.to_vec(), allow_private: true, ..NetworkOptions::default() };
        let http = Http::new(options).expect("good settings");
        let address = address(&format!("https://{name}:{port}/"));
        async move { error_of(&http.probe(&address, super::options(Depth::Full)).await.head) }
    };
    let wrong = ask(Some(server.root.clone()), "other.test").await;
    assert!(matches!(wrong, FetchError::Tls(TlsError::WrongName { .. })), "{wrong:?}");
    let unknown = ask(None, "h.test").await;
    assert!(matches!(unknown, FetchError::Tls(TlsError::SelfSigned)), "{unknown:?}");
}

#[tokio::test]
async fn tls_1_2_is_accepted() {
    let server = Server::start(Fault::OnlyTls12, |request| ok(request, "image/png", &png(100))).await;
    assert!(probe(&server, "/", options(Depth::Head)).await.head.response().is_some());
}

#[tokio::test]
async fn servers_without_tls_are_distinguished() {
    for (steps, expected) in [
        (vec![send("HTTP/1.1 400 Bad Request\r\n\r\n")], FetchError::Tls(TlsError::NotTls)),
        (vec![ServerStep::Close], FetchError::ConnectionClosed(Phase::Tls)),
        (vec![ServerStep::Reset], FetchError::ConnectionReset(Phase::Tls)),
        (
            vec![send(b"\x15\x03\x03\0\x02\x02\x28")],
            FetchError::Tls(TlsError::Alert("no settings in common (handshake_failure)".to_owned())),
        ),
        (vec![send(b"\x15\x03\x03\0\x02\x02\x46")], FetchError::Tls(TlsError::UnsupportedVersion)),
    ] {
        let server = Server::plain(steps.clone()).await;
        let observation = probe(&server, "/", options(Depth::Full)).await;
        assert_eq!(error_of(&observation.head), expected, "{steps:?}");
        assert!(matches!(observation.get, RequestOutcome::NotSent));
    }
}

#[tokio::test]
async fn a_timeout_names_its_phase() {
    let brief = ProbeOptions { timeout: Duration::from_millis(300), ..options(Depth::Full) };
    let late = |phase| FetchError::Timeout { phase, timeout: brief.timeout };
    let (server, _listener) = Server::silent().await;
    let observation = probe(&server, "/", brief).await;
    assert_eq!(error_of(&observation.head), late(Phase::Tls));
    for fault in [Fault::Nothing, Fault::OnlyTls12] {
        let server = Server::start(fault, |_| vec![ServerStep::Wait(TEN_SECONDS)]).await;
        let observation = probe(&server, "/", brief).await;
        assert_eq!(error_of(&observation.head), late(Phase::FirstByte));
        assert!(matches!(observation.get, RequestOutcome::NotSent));
    }
    let server = Server::start(Fault::Nothing, |request| {
        if request.starts_with("HEAD") {
            [vec![ServerStep::Wait(Duration::from_millis(200))], ok(request, "image/png", b"")].concat()
        } else {
            vec![ServerStep::Wait(TEN_SECONDS)]
        }
    })
    .await;
    let start = std::time::Instant::now();
    let observation = probe(&server, "/", brief).await;
    assert_eq!(error_of(&observation.get), late(Phase::FirstByte));
    assert!(start.elapsed() < Duration::from_millis(450), "HEAD and GET share the time: {:?}", start.elapsed());
}
