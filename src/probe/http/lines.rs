//! Lines to hosts: each serves one asset at a time over one connection, which it keeps for the next asset of its host.
//!
//! A line is an HTTP client of its own, so that no asset gets in the way of another's connection. What is costly is
//! shared: the settings of TLS, its roots and its sessions.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Proxy, Url};
use rustls::ClientConfig;
use rustls::client::Resumption;
use tower_layer::Layer;
use tower_service::Service;

use super::caller::FIELDS;
use crate::observation::{Phase, Trouble};
use crate::probe::progress::Progress;
use crate::probe::tls::Tls;
use crate::secret::Secret;

/// Every line of a run that nobody uses, the one used last at the end.
#[derive(Debug)]
pub(super) struct Lines {
    tls: Tls,
    /// The settings of TLS with the sessions to take up again, and the one port that they are for: sessions are known
    /// by the host's name alone, and another port may have another certificate.
    settings: OnceLock<(u16, ClientConfig)>,
    proxy: Option<Secret<Proxy>>,
    idle: Mutex<VecDeque<Line>>,
}

/// A line to one port of a host.
#[derive(Debug)]
pub(super) struct Line {
    host: String,
    port: u16,
    /// The addresses that may answer; `None` where a proxy answers.
    pub(super) addresses: Option<Arc<[IpAddr]>>,
    pub(super) client: Client,
    /// Whether an answer came on it: its next request may then go over a connection that was kept.
    used: bool,
}

impl Line {
    /// Notes that an answer came.
    pub(super) fn use_it(&mut self) {
        self.used = true;
    }

    /// Says whether a request may go over a connection that was kept.
    pub(super) fn is_used(&self) -> bool {
        self.used
    }
}

/// What the API calls itself.
const USER_AGENT: &str = "RunwayML API/1.0";

/// How many lines are kept that nobody uses; the oldest is given up first. Systems allow a process 1,024 open
/// connections and files, macOS 256.
const KEPT: usize = if cfg!(target_os = "macos") { 100 } else { 256 };

impl Lines {
    /// Gets ready to open lines.
    pub(super) const fn new(tls: Tls, proxy: Option<Secret<Proxy>>) -> Self {
        Self { tls, settings: OnceLock::new(), proxy, idle: Mutex::new(VecDeque::new()) }
    }

    /// Returns a line to the host of a URL, by way of these addresses: one that was kept, or a new one.
    ///
    /// # Errors
    /// Where this machine cannot make one.
    pub(super) fn take(&self, url: &Url, addresses: Option<Arc<[IpAddr]>>) -> Result<Line, Trouble> {
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |line: &Line| line.port == port && line.host == host && line.addresses == addresses;
        if let Some(line) = idle.iter().rposition(fits).and_then(|place| idle.remove(place)) {
            return Ok(line);
        }
        drop(idle);
        let client = self.client(port, addresses.clone())?;
        Ok(Line { host: host.to_owned(), port, addresses, client, used: false })
    }

    /// Returns a new line in place of one whose connection was kept for too long.
    ///
    /// # Errors
    /// Where this machine cannot make one.
    pub(super) fn renew(&self, line: &Line) -> Result<Line, Trouble> {
        let Line { host, port, addresses, .. } = line;
        let client = self.client(*port, addresses.clone())?;
        Ok(Line { host: host.clone(), port: *port, addresses: addresses.clone(), client, used: false })
    }

    /// Keeps a line for the next asset.
    pub(super) fn give_back(&self, line: Line) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = if idle.len() < KEPT { None } else { idle.pop_front() };
        idle.push_back(line);
        drop(idle);
        drop(oldest);
    }

    fn client(&self, port: u16, addresses: Option<Arc<[IpAddr]>>) -> Result<Client, Trouble> {
        let builder = Client::builder()
            .tls_backend_preconfigured(self.settings(port)?)
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .https_only(true)
            .http1_only()
            .http1_max_headers(FIELDS)
            .pool_max_idle_per_host(1)
            .dns_resolver(Arc::new(Vetted(addresses)))
            .connector_layer(Watched);
        let builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.expose().clone()),
            None => builder.no_proxy(),
        };
        builder.build().map_err(|error| Trouble::Local(error.without_url().to_string()))
    }

    /// Returns the settings of TLS for a port.
    fn settings(&self, port: u16) -> Result<ClientConfig, Trouble> {
        let (first, settings) = if let Some(settings) = self.settings.get() {
            settings
        } else {
            let settings = self.tls.settings().map_err(|error| Trouble::Local(error.to_string()))?;
            self.settings.get_or_init(|| (port, settings))
        };
        let mut settings = settings.clone();
        if port != *first {
            settings.resumption = Resumption::disabled();
        }
        Ok(settings)
    }
}

/// Hands the vetted addresses to the HTTP client, whatever it asks for; only a proxy's name is really looked up.
struct Vetted(Option<Arc<[IpAddr]>>);

impl Resolve for Vetted {
    fn resolve(&self, name: Name) -> Resolving {
        let Some(addresses) = &self.0 else {
            return Box::pin(async move {
                let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
                Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
            });
        };
        let addresses: Vec<_> = addresses.iter().map(|address| SocketAddr::new(*address, 0)).collect();
        Box::pin(std::future::ready(Ok(Box::new(addresses.into_iter()) as Addrs)))
    }
}

/// Notes when a connection is begun and when it is open.
#[derive(Clone, Copy)]
struct Watched;

impl<S> Layer<S> for Watched {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Connector(inner)
    }
}

/// The client's way to open connections, watched.
#[derive(Clone)]
struct Connector<S>(S);

impl<S, Target> Service<Target> for Connector<S>
where
    S: Service<Target>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        Progress::note(|progress| progress.reach(Phase::Connect));
        let opening = self.0.call(target);
        Box::pin(async move {
            let opened = opening.await;
            if opened.is_ok() {
                Progress::note(|progress| progress.reach(Phase::Head));
            }
            opened
        })
    }
}
