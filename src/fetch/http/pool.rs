//! Lines to hosts: each serves one asset at a time over one connection, which it keeps for the next asset of its host.
//!
//! A line is an HTTP client of its own, so that no asset gets in the way of another's connection. What is costly is
//! shared: the settings of TLS, its roots and its sessions.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Proxy, Url};
use rustls::ClientConfig;
use rustls::client::Resumption;
use tokio::sync::Notify;
use tokio::time::timeout_at;
use tower_layer::Layer;
use tower_service::Service;

use crate::fetch::tap::{FIELDS, Wire};
use crate::fetch::tls::Tls;
use crate::fetch::tracker::Progress;
use crate::observation::{FetchError, Phase};
use crate::text::secret::Secret;

/// The lines of a run.
#[derive(Debug)]
pub(super) struct Lines {
    tls: Tls,
    /// The settings of TLS with the sessions to take up again, and the one port that they are for: sessions are known
    /// by the host's name alone, and another port may have another certificate.
    settings: OnceLock<(u16, ClientConfig)>,
    proxy: Option<Secret<Proxy>>,
    /// Whether that is spoken to over TLS.
    is_proxy_tls: bool,
    hosts: Mutex<Hosts>,
}

/// One port of a host.
type Port = (String, u16);

/// The lines by the port they lead to, and how many of them nobody uses.
#[derive(Debug, Default)]
struct Hosts {
    ports: HashMap<Port, Host>,
    idle: usize,
}

/// The lines to one port.
#[derive(Debug, Default)]
struct Host {
    /// Those that nobody uses, each with the time since when.
    idle: Vec<(Instant, Trunk)>,
    /// How many are in use.
    busy: usize,
    /// Told when one comes back.
    back: Arc<Notify>,
}

/// What is kept of a line that nobody uses.
#[derive(Debug)]
struct Trunk {
    addresses: Option<Arc<[IpAddr]>>,
    client: Client,
    /// Hears what comes over its connection.
    wire: Wire,
}

/// A line to one port of a host, in use.
#[derive(Debug)]
pub(super) struct Line<'a> {
    lines: &'a Lines,
    port: Port,
    trunk: Trunk,
    /// Whether an answer came on it: its next request may then go over a connection that was kept.
    used: bool,
    /// Whether it is kept once nobody uses it any more: not where its asset was left in the middle.
    kept: bool,
}

impl Hosts {
    /// Gives up the line that has been unused for the longest time.
    fn give_up(&mut self) -> Option<Trunk> {
        let since = |host: &Host| host.idle.first().map(|(since, _)| *since);
        let idle = self.ports.iter().filter_map(|(port, host)| Some((since(host)?, port)));
        let port = idle.min().map(|(_, port)| port.clone())?;
        let host = self.ports.get_mut(&port)?;
        let (_, trunk) = host.idle.remove(0);
        self.idle = self.idle.saturating_sub(1);
        if host.busy == 0 && host.idle.is_empty() {
            self.ports.remove(&port);
        }
        Some(trunk)
    }
}

impl<'a> Line<'a> {
    /// Returns the client to send requests with.
    pub(super) fn client(&self) -> &Client {
        &self.trunk.client
    }

    /// Returns what hears the bytes that come over it.
    pub(super) fn wire(&self) -> &Wire {
        &self.trunk.wire
    }

    /// Returns the lines that it is one of.
    pub(super) fn lines(&self) -> &'a Lines {
        self.lines
    }

    /// Returns the addresses that may answer; `None` where a proxy answers.
    pub(super) fn addresses(&self) -> Option<&[IpAddr]> {
        self.trunk.addresses.as_deref()
    }

    /// Notes that an answer came.
    pub(super) fn use_it(&mut self) {
        self.used = true;
    }

    /// Says whether a request may go over a connection that was kept.
    pub(super) fn is_used(&self) -> bool {
        self.used
    }

    /// Starts anew, without any connection, for a look of this length.
    ///
    /// # Errors
    /// Where this machine cannot make a client.
    pub(super) fn renew(&mut self, limit: Duration) -> Result<(), FetchError> {
        self.trunk.client = self.lines.client(self.port.1, self.trunk.addresses.clone(), limit)?;
        self.trunk.wire = self.lines.wire();
        self.used = false;
        Ok(())
    }

    /// Lets the next asset of the host have it.
    pub(super) fn give_back(mut self) {
        self.kept = true;
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let Trunk { addresses, client, wire } = &self.trunk;
        let kept = || Trunk { addresses: addresses.clone(), client: client.clone(), wire: wire.clone() };
        let trunk = self.kept.then(kept);
        self.lines.put(&self.port, trunk);
    }
}

/// What the API calls itself.
const USER_AGENT: &str = "RunwayML API/1.0";

/// How many lines are kept that nobody uses; the oldest is given up first. Systems allow a process 1,024 open
/// connections and files, macOS 256.
const KEPT: usize = if cfg!(target_os = "macos") { 100 } else { 256 };

/// How long to wait for a line in use before another one is opened: on a near host a HEAD takes less than a handshake,
/// for a far one this is little.
const PATIENCE: Duration = Duration::from_millis(5);

impl Lines {
    /// Gets ready to open lines.
    pub(super) fn new(tls: Tls, proxy: Option<Secret<Proxy>>, is_proxy_tls: bool) -> Self {
        Self { tls, settings: OnceLock::new(), proxy, is_proxy_tls, hosts: Mutex::default() }
    }

    /// Returns a line to the host of a URL, by way of these addresses, for a look of this length: one that was kept, or a
    /// new one.
    ///
    /// # Errors
    /// Where this machine cannot make one.
    pub(super) async fn take(
        &self,
        url: &Url,
        addresses: Option<Arc<[IpAddr]>>,
        limit: Duration,
    ) -> Result<Line<'_>, FetchError> {
        let port = url.port_or_known_default().unwrap_or_default();
        let port = (url.host_str().unwrap_or_default().to_owned(), port);
        let patience = tokio::time::Instant::now() + PATIENCE;
        loop {
            let back = match self.idle(&port, addresses.as_ref()) {
                Ok(trunk) => return Ok(self.line(port, trunk, true)),
                Err(back) => back,
            };
            let Some(back) = back else { break };
            if timeout_at(patience, back.notified()).await.is_err() {
                break;
            }
        }
        let client = self.client(port.1, addresses.clone(), limit)?;
        Ok(self.line(port, Trunk { addresses, client, wire: self.wire() }, false))
    }

    /// Returns a second line to where one leads already, for a look of this length, without waiting for any.
    ///
    /// # Errors
    /// Where this machine cannot make one.
    pub(super) fn another(&self, line: &Line<'_>, limit: Duration) -> Result<Line<'_>, FetchError> {
        let (port, addresses) = (line.port.clone(), line.trunk.addresses.clone());
        if let Ok(trunk) = self.idle(&port, addresses.as_ref()) {
            return Ok(self.line(port, trunk, true));
        }
        let client = self.client(port.1, addresses.clone(), limit)?;
        Ok(self.line(port, Trunk { addresses, client, wire: self.wire() }, false))
    }

    /// Takes a line that nobody uses, else says whom to wait for, if lines are in use.
    fn idle(&self, port: &Port, addresses: Option<&Arc<[IpAddr]>>) -> Result<Trunk, Option<Arc<Notify>>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(host) = hosts.ports.get_mut(port) else { return Err(None) };
        let before = host.idle.len();
        // A line that leads where the host no longer is, is given up.
        host.idle.retain(|(_, trunk)| trunk.addresses.as_ref() == addresses);
        let found = host.idle.pop().map(|(_, trunk)| trunk);
        let found = found.ok_or_else(|| (host.busy > 0).then(|| Arc::clone(&host.back)));
        let taken = before.saturating_sub(host.idle.len());
        hosts.idle = hosts.idle.saturating_sub(taken);
        found
    }

    fn line(&self, port: Port, trunk: Trunk, used: bool) -> Line<'_> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.ports.get_mut(&port) {
            host.busy += 1;
        } else {
            hosts.ports.insert(port.clone(), Host { busy: 1, ..Host::default() });
        }
        Line { lines: self, port, trunk, used, kept: false }
    }

    /// Takes a line back, to be kept if it is not spent.
    fn put(&self, port: &Port, trunk: Option<Trunk>) {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(host) = hosts.ports.get_mut(port) else { return };
        host.busy = host.busy.saturating_sub(1);
        host.back.notify_one();
        if let Some(trunk) = trunk {
            host.idle.push((Instant::now(), trunk));
            hosts.idle += 1;
        } else if host.busy == 0 && host.idle.is_empty() {
            hosts.ports.remove(port);
        }
        let given_up = if hosts.idle > KEPT { hosts.give_up() } else { None };
        drop(hosts);
        drop(given_up);
    }

    /// Closes every connection that nobody uses.
    pub(super) fn give_up_idle(&self) {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut given_up = Vec::new();
        while let Some(trunk) = hosts.give_up() {
            given_up.push(trunk);
        }
        drop(hosts);
        drop(given_up);
    }

    fn client(&self, port: u16, addresses: Option<Arc<[IpAddr]>>, limit: Duration) -> Result<Client, FetchError> {
        let builder = Client::builder()
            .tls_backend_preconfigured(self.settings(port)?)
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .https_only(true)
            .http1_only()
            .http1_max_headers(FIELDS)
            // What clients disagree about is heard on the wire, and said.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .pool_max_idle_per_host(1)
            // Shared out over the addresses, so that one that drops packets leaves time for the next. All together may
            // take a little longer than the look: it is for the look's own deadline to end it.
            .connect_timeout(limit.saturating_add(Duration::from_secs(1)))
            .dns_resolver(Arc::new(Vetted(addresses)))
            .connector_layer(Watched);
        let builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.expose().clone()),
            None => builder.no_proxy(),
        };
        builder.build().map_err(|error| FetchError::LocalNetwork(error.without_url().to_string()))
    }

    /// Returns an ear for a connection; a deaf one where a proxy speaks TLS as well, whose bytes would come between.
    fn wire(&self) -> Wire {
        if self.is_proxy_tls { Wire::default() } else { Wire::listening() }
    }

    /// Returns the settings of TLS for a port.
    fn settings(&self, port: u16) -> Result<ClientConfig, FetchError> {
        let (first, settings) = if let Some(settings) = self.settings.get() {
            settings
        } else {
            let settings = self.tls.settings().map_err(|error| FetchError::LocalNetwork(error.to_string()))?;
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
        let of_family = |v4: bool| addresses.iter().filter(move |address| address.is_ipv4() == v4).take(TRIED);
        let first_v4 = addresses.first().is_some_and(IpAddr::is_ipv4);
        let tried = of_family(first_v4).chain(of_family(!first_v4));
        let tried: Vec<_> = tried.map(|address| SocketAddr::new(*address, 0)).collect();
        Box::pin(std::future::ready(Ok(Box::new(tried.into_iter()) as Addrs)))
    }
}

/// How many addresses of each family are tried: each needs its share of the ten seconds.
const TRIED: usize = 4;

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
                Progress::note(Progress::open);
            }
            opened
        })
    }
}
