//! A server that answers with these bytes: the whole client, TLS included, on loopback.
//!
//! The input is the answer to HEAD and, behind the first empty line that `====` follows, the answer to GET. Each
//! connection is closed behind its answer.
#![no_main]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use runway_preflight::observation::{RequestOutcome, BodyEnd, ContentLength, ProtocolAnomaly};
use runway_preflight::units::Bytes;
use runway_preflight::{Asset, Observation, CheckOptions, NetworkOptions, LiveProbe, output::escape::visible};
use runway_preflight::asset::Target;
use runway_preflight::fetch::{Depth, ProbeOptions, Probe as _};
use runway_preflight_fuzz::{Scripted, checked_twice, in_time, written_harmlessly};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What the server answers next: to HEAD, to anything else.
type Answers = Rc<RefCell<[Vec<u8>; 2]>>;

struct TestServer {
    runtime: Runtime,
    local: LocalSet,
    answers: Answers,
    probe: LiveProbe,
    target: Target,
}

thread_local!(static SERVER: TestServer = TestServer::open());

fuzz_target!(|input: &[u8]| in_time(input, || SERVER.with(|server| server.try_out(input))));

const BETWEEN: &[u8] = b"\n====\n";

impl TestServer {
    fn open() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (settings, root) = settings();
        let (local, answers) = (LocalSet::new(), Answers::default());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        local.spawn_local(serve(listener, TlsAcceptor::from(Arc::new(settings)), Rc::clone(&answers)));
        let resolve = vec![format!("h.test:{port}:127.0.0.1").parse().expect("an override")];
        let reach = NetworkOptions { cacert: Some(root.into_bytes()), resolve, allow_private: true, ..NetworkOptions::default() };
        let probe = LiveProbe::new(reach).expect("a usual client");
        let target = Target::parse(&Asset::new(format!("https://h.test:{port}/a.png")));
        Self { runtime, local, answers, probe, target }
    }

    fn try_out(&self, input: &[u8]) {
        let at = input.windows(BETWEEN.len()).position(|bytes| bytes == BETWEEN);
        let (head, get) = at.map_or((input, input), |at| (&input[..at], &input[at + BETWEEN.len()..]));
        *self.answers.borrow_mut() = [head.to_vec(), get.to_vec()];
        let Target::Url(address) = &self.target else { unreachable!("it is a URL") };
        let plan = ProbeOptions {
            depth: Depth::Full,
            timeout: Duration::from_secs(3),
            size_limit: Bytes::mib(16),
            attempt: 0,
        };
        let seen = self.runtime.block_on(self.local.run_until(self.probe.url(address, plan)));
        was_fed(&seen, head, get);
        let seen = Observation::clone(&seen);
        let report = checked_twice(Scripted(seen), &Asset::new("https://h.test/a.png"), &CheckOptions::default());
        written_harmlessly(&report, input);
    }
}

/// Nothing was seen that was not sent.
fn was_fed(seen: &Observation, head: &[u8], get: &[u8]) {
    for (answer, sent) in [(&seen.head, head), (&seen.get, get)] {
        let RequestOutcome::Response(response) = answer else { continue };
        assert!((100..=999).contains(&response.status), "{}", response.status);
        let lower = sent.to_ascii_lowercase();
        for (name, value) in response.headers.iter() {
            assert!(is_within(&lower, name.as_bytes()), "{name} was not sent");
            // A fold is undone.
            let is_folded = response.anomalies.contains(&ProtocolAnomaly::ObsoleteLineFolding);
            assert!(
                is_folded || is_within(sent, value.as_bytes()),
                "{name}: {} was not sent",
                visible(&value.escaped().to_string())
            );
        }
        if let Some(excerpt) = &response.body_snippet {
            assert!(excerpt.as_bytes().len() <= 2048);
        }
    }
    assert!(seen.body.received <= get.len() as u64, "{} of {} came", seen.body.received, get.len());
    if let (BodyEnd::Complete, RequestOutcome::Response(response)) = (&seen.body.end, &seen.get)
        && let ContentLength::Known { bytes, .. } = response.length()
        && response.headers.first("transfer-encoding").is_none()
        // These have no body, whatever they announce.
        && !matches!(response.status, 101 | 204 | 304)
    {
        assert_eq!(seen.body.received, bytes);
    }
}

fn is_within(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|bytes| bytes == part)
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, answers: Answers) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, answers) = (acceptor.clone(), Rc::clone(&answers));
        tokio::task::spawn_local(async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => request.push(byte),
                    Err(_) => return,
                }
            }
            let answer = answers.borrow()[usize::from(!request.starts_with(b"HEAD"))].clone();
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        });
    }
}

/// Makes the settings of the server, and the root to trust.
fn settings() -> (ServerConfig, String) {
    let mut authority = CertificateParams::new(vec!["ca.test".to_owned()]).expect("a name");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("an issuer");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec!["h.test".to_owned()]).expect("a name");
    let leaf = leaf.signed_by(&key, &authority).expect("a certificate");
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    (builder.with_single_cert(vec![leaf.der().clone()], key).expect("a certificate"), authority.pem())
}
