//! A deliberately misbehaving TLS server: one host for each fault before HTTP, one path for each fault in HTTP.
//!
//! ```text
//! let server = Server::start();
//! program().arg("check").args(server.flags()).arg(server.url("expired", "/image/640x480.png")).run().exit_code(1);
//! assert!(server.requests().is_empty());
//! ```
//!
//! It writes raw bytes, because a proper HTTP library refuses to misbehave. Hosts are rows of [`hosts`], paths rows of
//! [`scripts`] and [`faults`]. Each test can have its own server, which starts in a few milliseconds.

pub(crate) mod certificates;
mod client;
pub(crate) mod echo;
mod expected;
mod faults;
mod hosts;
mod scripts;

use std::collections::HashMap;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use rustls::server::{Acceptor, ServerConfig, ServerConnection};
use tempfile::NamedTempFile;
use tokio::io::{self, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use certificates::{Authority, LeafCert, TlsRequirement};
use hosts::{HOSTS, HostBehavior, RawBehavior};
pub(crate) use scripts::{Request, small};
use scripts::{Script, Step};

/// A running server; it stops when this is dropped.
pub(crate) struct Server {
    authority: NamedTempFile,
    shared: Arc<Shared>,
    /// The port of each host.
    ports: HashMap<&'static str, u16>,
    listening: Vec<JoinHandle<()>>,
    /// Sockets that are kept open, so that nothing else uses their ports.
    _idle: Vec<UnusedSocket>,
}

/// The state that all connections share.
struct Shared {
    authority: Authority,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
}

/// A socket that accepts no connections.
enum UnusedSocket {
    /// Bound, not listening: connections are refused.
    Refuses { _socket: TcpSocket },
    /// Listening with a backlog of one, which our own connection fills.
    Swallows { _listener: TcpListener, _filler: std::net::TcpStream },
}

impl UnusedSocket {
    fn refuses(socket: TcpSocket) -> Self {
        Self::Refuses { _socket: socket }
    }

    fn swallows(socket: TcpSocket) -> io::Result<Self> {
        let listener = socket.listen(0)?;
        let filler = std::net::TcpStream::connect(listener.local_addr()?)?;
        Ok(Self::Swallows { _listener: listener, _filler: filler })
    }
}

/// Loopback, on a port that the system picks.
const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl Server {
    /// Makes an authority, opens the ports and serves until dropped.
    pub(crate) fn start() -> Self {
        // All servers share one runtime, so that a test that blocks its thread does not block a server.
        static RUNTIME: OnceLock<Runtime> = OnceLock::new();
        let runtime = RUNTIME.get_or_init(|| Runtime::new().expect("a runtime"));
        let authority = Authority::new();
        let mut pem = NamedTempFile::new().expect("a file for the authority");
        pem.write_all(authority.pem().as_bytes()).expect("room for it");
        let shared = Shared { authority, requests: Mutex::default(), connections: AtomicUsize::new(0) };
        let shared = Arc::new(shared);
        runtime.block_on(Self::open(pem, shared)).expect("ports on loopback")
    }

    async fn open(authority: NamedTempFile, shared: Arc<Shared>) -> io::Result<Self> {
        let common = TcpListener::bind(ANY).await?;
        let common_port = common.local_addr()?.port();
        let mut listening = vec![tokio::spawn(listen(common, None, Arc::clone(&shared)))];
        let (mut ports, mut idle) = (HashMap::new(), Vec::new());
        for (host, endpoint) in HOSTS {
            let port = match endpoint {
                HostBehavior::Tls(_)
                | HostBehavior::TlsRequiring(_)
                | HostBehavior::RespondsEarly
                | HostBehavior::AfterHello(_) => common_port,
                HostBehavior::OnAccept(act) => {
                    let listener = TcpListener::bind(ANY).await?;
                    let port = listener.local_addr()?.port();
                    listening.push(tokio::spawn(listen(listener, Some(*act), Arc::clone(&shared))));
                    port
                }
                HostBehavior::ClosedPort | HostBehavior::BlackHole => {
                    let socket = TcpSocket::new_v4()?;
                    socket.bind(ANY)?;
                    let port = socket.local_addr()?.port();
                    idle.push(if *endpoint == HostBehavior::ClosedPort {
                        UnusedSocket::refuses(socket)
                    } else {
                        UnusedSocket::swallows(socket)?
                    });
                    port
                }
            };
            ports.insert(*host, port);
        }
        Ok(Self { authority, shared, ports, listening, _idle: idle })
    }

    /// Returns the URL of a path on a host of [`HOSTS`].
    #[track_caller]
    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!("https://{}:{}{path}", name(host), self.port(host))
    }

    /// Returns the flags that send a run here: the authority, the address of every host, and `--allow-private`.
    pub(crate) fn flags(&self) -> Vec<String> {
        let mut flags = vec!["--allow-private".to_owned(), "--cacert".to_owned()];
        flags.push(self.authority.path().display().to_string());
        for (host, _) in HOSTS {
            flags.extend(["--resolve".to_owned(), format!("{}:{}:127.0.0.1", name(host), self.port(host))]);
        }
        flags
    }

    /// Returns the requests so far, in the order in which their heads were complete.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("no connection panicked").clone()
    }

    /// Returns the number of connections, with or without a request.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Returns the port on which a host is served.
    #[track_caller]
    pub(crate) fn port(&self, host: &str) -> u16 {
        *self.ports.get(host).unwrap_or_else(|| panic!("no host is called `{host}`"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listening.iter().for_each(JoinHandle::abort);
    }
}

/// Returns the full name of a host.
fn name(host: &str) -> String {
    format!("{host}.example.org")
}

/// Accepts connections forever; they end with it. On a port of its own, every connection gets the same act.
async fn listen(listener: TcpListener, act: Option<RawBehavior>, shared: Arc<Shared>) {
    let mut served = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = Arc::clone(&shared);
        // The client may close at any time.
        served.spawn(async move {
            match act {
                Some(act) => perform(stream, act).await.ok(),
                None => serve(stream, number, &shared).await.ok(),
            }
        });
        while served.try_join_next().is_some() {}
    }
}

/// Performs an act instead of a handshake.
async fn perform(mut stream: TcpStream, act: RawBehavior) -> io::Result<()> {
    match act {
        RawBehavior::SendThenClose(bytes) => {
            stream.write_all(bytes).await?;
            stream.shutdown().await?;
            // Until the client has closed: closing with unread bytes would send a reset instead of a FIN.
            drain(&mut stream).await
        }
        RawBehavior::SendThenStall(bytes) => {
            stream.write_all(bytes).await?;
            drain(&mut stream).await
        }
        RawBehavior::Trickle(bytes) => {
            for byte in bytes {
                stream.write_all(&[*byte]).await?;
                sleep(Duration::from_millis(500)).await;
            }
            drain(&mut stream).await
        }
        RawBehavior::Flood(bytes) => loop {
            stream.write_all(bytes).await?;
        },
        RawBehavior::Reset => stream.set_zero_linger(),
    }
}

/// Reads until the client closes.
async fn drain(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    io::copy(stream, &mut io::sink()).await.map(drop)
}

/// Reads the `ClientHello`, finds its host, and behaves as the row of that host says.
async fn serve(stream: TcpStream, number: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let meant = start.client_hello().server_name().map(str::to_owned);
    let row = HOSTS.iter().find(|(host, _)| meant.as_deref() == Some(&name(host)));
    // Without SNI or with an unknown name, the server sends the certificate of another host.
    let endpoint = row.map_or(HostBehavior::Tls(LeafCert::WrongName), |(_, endpoint)| *endpoint);
    let (leaf, insists) = match endpoint {
        HostBehavior::Tls(leaf) => (leaf, TlsRequirement::Nothing),
        HostBehavior::RespondsEarly => (LeafCert::Good, TlsRequirement::Nothing),
        HostBehavior::TlsRequiring(insists) => (LeafCert::Good, insists),
        HostBehavior::AfterHello(act) => return perform(start.io, act).await,
        HostBehavior::OnAccept(_) | HostBehavior::ClosedPort | HostBehavior::BlackHole => return Ok(()),
    };
    let config = shared.authority.config(meant.as_deref().unwrap_or("nobody.example.org"), leaf, insists);
    let mut stream = if endpoint == HostBehavior::RespondsEarly {
        // The answer comes with the last message of the handshake, so before any request.
        let mut config = ServerConfig::clone(&config);
        config.send_half_rtt_data = true;
        let answer = |connection: &mut ServerConnection| connection.writer().write_all(&scripts::good().head());
        let mut answered = Ok(());
        let stream = start.into_stream_with(Arc::new(config), |connection| answered = answer(connection)).await?;
        answered.map(|()| stream)?
    } else {
        start.into_stream(config).await?
    };
    while let Some(head) = read_head(&mut stream).await? {
        let mut request = Request::read(&head, number, meant.as_deref());
        {
            let mut requests = shared.requests.lock().expect("no connection panicked");
            request.before = requests.len();
            requests.push(request.clone());
        }
        let mut script = scripts::script(&request);
        if request.header("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            script.push(Step::Close);
        }
        if !play(&mut stream, script).await? {
            return Ok(());
        }
    }
    stream.shutdown().await
}

/// Reads up to the empty line; `None` if the client has closed instead.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(String::from_utf8_lossy(&head).trim_end().to_owned()))
}

/// Performs the steps in order; returns whether the connection can be used for another request.
async fn play(stream: &mut TlsStream<TcpStream>, script: Script) -> io::Result<bool> {
    for step in script {
        match step {
            Step::Send(bytes) => send(stream, &bytes).await?,
            Step::Zeros(count) => {
                let sent = io::copy(&mut io::repeat(0).take(count), stream).await?;
                debug_assert_eq!(sent, count);
                stream.flush().await?;
            }
            Step::Drip(bytes, pause) => {
                for byte in bytes {
                    sleep(pause).await;
                    send(stream, &[byte]).await?;
                }
            }
            Step::Forever(bytes) => {
                let block = bytes.repeat((16_384 / bytes.len()).max(1));
                loop {
                    send(stream, &block).await?;
                }
            }
            Step::Wait(pause) => sleep(pause).await,
            Step::Hang => return drain(stream).await.map(|()| false),
            Step::Close => {
                stream.shutdown().await?;
                return depart(stream).await.map(|()| false);
            }
            Step::Cut => {
                stream.get_mut().0.shutdown().await?;
                return depart(stream).await.map(|()| false);
            }
            Step::Reset => {
                stream.get_ref().0.set_zero_linger()?;
                return Ok(false);
            }
        }
    }
    Ok(true)
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

/// Waits a little for the client to close too, because its late bytes would otherwise be answered with a reset.
async fn depart(stream: &mut TlsStream<TcpStream>) -> io::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(1);
    tokio::time::timeout(PATIENCE, drain(&mut stream.get_mut().0)).await.unwrap_or(Ok(()))
}
