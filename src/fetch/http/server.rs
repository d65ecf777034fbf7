//! A small server for tests that runs a script for each request and can have deliberate faults.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{HandshakeKind, ServerConfig};
use tokio_rustls::server::TlsStream;

/// A step of the server.
#[derive(Clone, Debug)]
pub(super) enum ServerStep {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Does nothing for a while.
    Wait(Duration),
    /// Updates the keys of TLS 1.3; everything after it is sent with the new ones.
    UpdateKeys,
    /// Closes the connection cleanly.
    Close,
    /// Resets the connection.
    Reset,
    /// Sends these bytes repeatedly until the client closes the connection.
    Flood(Vec<u8>),
}

/// Sends text.
pub(super) fn send(text: impl AsRef<[u8]>) -> ServerStep {
    ServerStep::Send(text.as_ref().to_vec())
}

/// A complete 200 response, without its body for a HEAD.
pub(super) fn ok(request: &str, content_type: &str, body: &[u8]) -> Vec<ServerStep> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n");
    let body = if request.starts_with("HEAD") { &[] } else { body };
    vec![ServerStep::Send([head.as_bytes(), body].concat())]
}

/// What is wrong with the certificate or the TLS settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Nothing,
    Expired,
    ExpiredIntermediate,
    NotYetValid,
    WrongName,
    SelfSigned,
    /// Self-signed and marked as a CA, as openssl makes it; the root to trust is the certificate itself.
    OwnRoot,
    UntrustedRoot,
    IncompleteChain,
    Http2Only,
    RequiresClientCertificate,
    OnlyTls12,
}

/// A running server; it ends with the runtime of the test.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    /// The root to trust, as PEM.
    pub(super) root: Vec<u8>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a TLS server.
    pub(super) async fn start(fault: Fault, script: impl Fn(&str) -> Vec<ServerStep> + Send + Sync + 'static) -> Self {
        Self::serve_up_to(usize::MAX >> 4, fault, script).await
    }

    /// Starts a TLS server that serves this many connections at a time.
    pub(super) async fn serve_up_to(
        connections: usize,
        fault: Fault,
        script: impl Fn(&str) -> Vec<ServerStep> + Send + Sync + 'static,
    ) -> Self {
        let free = Arc::new(Semaphore::new(connections));
        let (config, root) = config(fault);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let log = Arc::new(Mutex::new(Vec::new()));
        let (listener, address) = listen().await;
        let (script, heads) = (Arc::new(script), Arc::clone(&log));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                heads.lock().expect("no panic").push("connection".to_owned());
                let turn = Arc::clone(&free).acquire_owned().await;
                let (acceptor, script, heads) = (acceptor.clone(), Arc::clone(&script), Arc::clone(&heads));
                tokio::spawn(async move {
                    let _turn = turn;
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    if stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed) {
                        heads.lock().expect("no panic").push("resumed".to_owned());
                    }
                    if serve(&mut stream, &*script, &heads).await {
                        stream.get_ref().0.set_zero_linger().expect("a socket");
                    }
                });
            }
        });
        Self { address, root, log }
    }

    /// Starts a server without TLS that runs these steps on each connection.
    pub(super) async fn plain(steps: Vec<ServerStep>) -> Self {
        let (listener, address) = listen().await;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let steps = steps.clone();
                tokio::spawn(async move {
                    if follow(&mut stream, steps).await == Some(true) {
                        stream.set_zero_linger().expect("a socket");
                    }
                });
            }
        });
        Self { address, root: config(Fault::Nothing).1, log: Arc::default() }
    }

    /// Opens a port that never answers; it is closed when the listener is dropped.
    pub(super) async fn silent() -> (Self, TcpListener) {
        let (listener, address) = listen().await;
        (Self { address, root: config(Fault::Nothing).1, log: Arc::default() }, listener)
    }

    /// Returns the events so far: `connection`, `resumed` if it resumes a session, and the heads of requests.
    pub(super) fn log(&self) -> Vec<String> {
        self.log.lock().expect("no panic").clone()
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// A connection that can update its keys.
trait UpdateKeys {
    fn update_keys(&mut self) {}
}

impl UpdateKeys for TcpStream {}

impl UpdateKeys for TlsStream<TcpStream> {
    fn update_keys(&mut self) {
        self.get_mut().1.refresh_traffic_keys().expect("a connection with TLS 1.3");
    }
}

/// Answers requests until the connection ends; returns whether to reset it.
async fn serve<S: AsyncRead + AsyncWrite + UpdateKeys + Unpin>(
    stream: &mut S,
    script: &(impl Fn(&str) -> Vec<ServerStep> + Send + Sync),
    log: &Mutex<Vec<String>>,
) -> bool {
    let mut head = Vec::new();
    loop {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return false,
        }
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8(std::mem::take(&mut head)).expect("requests are ASCII");
        let steps = script(&text);
        log.lock().expect("no panic").push(text);
        if let Some(reset) = follow(stream, steps).await {
            return reset;
        }
    }
}

/// Runs the steps. Returns `Some` if they end the connection: whether to reset it.
async fn follow<S: AsyncRead + AsyncWrite + UpdateKeys + Unpin>(
    stream: &mut S,
    steps: Vec<ServerStep>,
) -> Option<bool> {
    for step in steps {
        let sent = match step {
            ServerStep::Send(bytes) => stream.write_all(&bytes).await,
            ServerStep::Wait(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            ServerStep::UpdateKeys => {
                stream.update_keys();
                Ok(())
            }
            ServerStep::Close => {
                stream.shutdown().await.ok();
                return Some(false);
            }
            ServerStep::Reset => {
                stream.flush().await.ok();
                tokio::time::sleep(Duration::from_millis(50)).await;
                return Some(true);
            }
            ServerStep::Flood(bytes) => {
                // In large blocks, so that the client on the same thread gets to run.
                let block = bytes.repeat((4096 / bytes.len().max(1)).max(1));
                while stream.write_all(&block).await.is_ok() {}
                return Some(false);
            }
        };
        sent.and(stream.flush().await).err().map_or(Some(()), |_| None)?;
    }
    None
}

/// Creates the configuration of a server and the root that a client must trust.
fn config(fault: Fault) -> (ServerConfig, Vec<u8>) {
    let root = issuer("Test Root", None, false);
    let other = issuer("Other Root", None, false);
    let intermediate = issuer("Test Intermediate", Some(&root), fault == Fault::ExpiredIntermediate);
    let key = KeyPair::generate().expect("a key");
    let mut leaf = params(if fault == Fault::WrongName { "other.test" } else { "h.test" });
    if fault == Fault::Expired {
        leaf.not_before = date_time_ymd(2020, 1, 1);
        leaf.not_after = date_time_ymd(2020, 2, 1);
    }
    if fault == Fault::NotYetValid {
        leaf.not_before = date_time_ymd(2999, 1, 1);
        leaf.not_after = date_time_ymd(2999, 2, 1);
    }
    let (leaf, rest): (_, Vec<CertificateDer<'static>>) = match fault {
        Fault::SelfSigned => (leaf.self_signed(&key), vec![]),
        Fault::OwnRoot => {
            leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            (leaf.self_signed(&key), vec![])
        }
        Fault::UntrustedRoot => (leaf.signed_by(&key, &other), vec![other.der().clone()]),
        Fault::IncompleteChain => (leaf.signed_by(&key, &intermediate), vec![]),
        Fault::Nothing
        | Fault::Expired
        | Fault::ExpiredIntermediate
        | Fault::NotYetValid
        | Fault::WrongName
        | Fault::Http2Only
        | Fault::RequiresClientCertificate
        | Fault::OnlyTls12 => (leaf.signed_by(&key, &intermediate), vec![intermediate.der().clone()]),
    };
    let leaf = leaf.expect("a leaf");
    let trusted = if fault == Fault::OwnRoot { leaf.pem() } else { root.pem() };
    let chain = [vec![leaf.der().clone()], rest].concat();
    (settings(fault, chain, &key, &root), trusted.into_bytes())
}

fn settings(
    fault: Fault,
    chain: Vec<CertificateDer<'static>>,
    key: &KeyPair,
    root: &CertifiedIssuer<'static, KeyPair>,
) -> ServerConfig {
    use tokio_rustls::rustls::server::WebPkiClientVerifier;
    use tokio_rustls::rustls::version::{TLS12, TLS13};
    use tokio_rustls::rustls::{ALL_VERSIONS, RootCertStore};

    let provider = Arc::new(default_provider());
    let versions = match fault {
        Fault::OnlyTls12 => &[&TLS12][..],
        Fault::RequiresClientCertificate => &[&TLS13][..],
        Fault::Nothing
        | Fault::Expired
        | Fault::ExpiredIntermediate
        | Fault::NotYetValid
        | Fault::WrongName
        | Fault::SelfSigned
        | Fault::OwnRoot
        | Fault::UntrustedRoot
        | Fault::IncompleteChain
        | Fault::Http2Only => ALL_VERSIONS,
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_protocol_versions(versions).expect("versions");
    let builder = if fault == Fault::RequiresClientCertificate {
        let mut roots = RootCertStore::empty();
        roots.add(root.der().clone()).expect("a root");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
        builder.with_client_cert_verifier(verifier.expect("a verifier"))
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let mut config = builder.with_single_cert(chain, key).expect("a certificate");
    if fault == Fault::Http2Only {
        config.alpn_protocols = vec![b"h2".to_vec()];
    }
    config
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn issuer(
    name: &str,
    parent: Option<&CertifiedIssuer<'static, KeyPair>>,
    is_expired: bool,
) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = params("ca.test");
    if is_expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 1);
    }
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    match parent {
        Some(parent) => CertifiedIssuer::signed_by(params, key, parent),
        None => CertifiedIssuer::self_signed(params, key),
    }
    .expect("an issuer")
}
