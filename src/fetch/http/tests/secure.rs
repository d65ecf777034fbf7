//! Handshakes that fail, and silence.

use std::time::Duration;

use super::super::server::{Oddity, Server, Step, ok, send};
use super::{PATIENCE, look, plan, png, trouble_of};
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{FetchError, Phase, RequestOutcome, TlsError};
use crate::text::untrusted::UntrustedText;

#[tokio::test]
async fn certificates_that_are_not_good_are_told_apart() {
    let issuer = |name: &str| UntrustedText::from(name);
    for (oddity, expected) in [
        (Oddity::SelfSigned, TlsError::SelfSigned),
        (Oddity::UntrustedRoot, TlsError::UntrustedRoot { issuer: issuer("Other Root") }),
        (Oddity::IncompleteChain, TlsError::IncompleteChain { issuer: issuer("Test Intermediate") }),
        (Oddity::WrongName, TlsError::WrongName { names: vec![issuer("other.test")] }),
        (Oddity::OnlyHttp2, TlsError::OnlyHttp2),
        (Oddity::WantsClientCertificate, TlsError::ClientCertificate),
    ] {
        let server = Server::start(oddity, |request| ok(request, "image/png", &png(100))).await;
        let seen = look(&server, "/", plan(Depth::Full)).await;
        assert_eq!(trouble_of(&seen.head), FetchError::Tls(expected), "{oddity:?}");
        assert!(matches!(seen.get, RequestOutcome::NotSent), "{oddity:?}");
    }
}

#[tokio::test]
async fn certificates_out_of_their_time_come_with_dates() {
    let case = async |oddity| {
        let server = Server::start(oddity, |request| ok(request, "image/png", &png(100))).await;
        trouble_of(&look(&server, "/", plan(Depth::Full)).await.head)
    };
    let expired = case(Oddity::Expired).await;
    assert!(
        matches!(expired, FetchError::Tls(TlsError::Expired { not_after: 1_580_515_200, now }) if now > 1_700_000_000),
        "{expired:?}"
    );
    let early = case(Oddity::NotYetValid).await;
    assert!(
        matches!(early, FetchError::Tls(TlsError::NotYetValid { not_before, now }) if not_before > now),
        "{early:?}"
    );
}

#[tokio::test]
async fn tls_1_2_is_good_enough() {
    let server = Server::start(Oddity::OnlyTls12, |request| ok(request, "image/png", &png(100))).await;
    assert!(look(&server, "/", plan(Depth::Head)).await.head.response().is_some());
}

#[tokio::test]
async fn what_does_not_speak_tls_is_told_apart() {
    for (steps, expected) in [
        (vec![send("HTTP/1.1 400 Bad Request\r\n\r\n")], FetchError::Tls(TlsError::NotTls)),
        (vec![Step::Close], FetchError::ConnectionClosed(Phase::Handshake)),
        (vec![Step::Reset], FetchError::ConnectionReset(Phase::Handshake)),
        (
            vec![send(b"\x15\x03\x03\0\x02\x02\x28")],
            FetchError::Tls(TlsError::Alert("it finds no settings in common (handshake_failure)".to_owned())),
        ),
        (vec![send(b"\x15\x03\x03\0\x02\x02\x46")], FetchError::Tls(TlsError::OldVersion)),
    ] {
        let server = Server::plain(steps.clone()).await;
        let seen = look(&server, "/", plan(Depth::Full)).await;
        assert_eq!(trouble_of(&seen.head), expected, "{steps:?}");
        assert!(matches!(seen.get, RequestOutcome::NotSent));
    }
}

#[tokio::test]
async fn silence_is_timed_out_in_its_phase() {
    let brief = ProbeOptions { timeout: Duration::from_millis(300), ..plan(Depth::Full) };
    let late = |phase| FetchError::Timeout { phase, timeout: brief.timeout };
    let (server, _listener) = Server::silent().await;
    let seen = look(&server, "/", brief).await;
    assert_eq!(trouble_of(&seen.head), late(Phase::Handshake));
    for oddity in [Oddity::Nothing, Oddity::OnlyTls12] {
        let server = Server::start(oddity, |_| vec![Step::Wait(PATIENCE)]).await;
        let seen = look(&server, "/", brief).await;
        assert_eq!(trouble_of(&seen.head), late(Phase::Head));
        assert!(matches!(seen.get, RequestOutcome::NotSent));
    }
    let server = Server::start(Oddity::Nothing, |request| {
        if request.starts_with("HEAD") {
            [vec![Step::Wait(Duration::from_millis(200))], ok(request, "image/png", b"")].concat()
        } else {
            vec![Step::Wait(PATIENCE)]
        }
    })
    .await;
    let start = std::time::Instant::now();
    let seen = look(&server, "/", brief).await;
    assert_eq!(trouble_of(&seen.get), late(Phase::Head));
    assert!(start.elapsed() < Duration::from_millis(450), "HEAD and GET share the time: {:?}", start.elapsed());
}
