//! The connections of a run: each serves one asset at a time and is kept for the next asset of its host.
//!
//! Each has an HTTP client of its own, so that no asset uses the connection of another. The costly parts are shared: the
//! TLS configuration, its roots and its sessions.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use reqwest::{Client, Proxy, Url};
use rustls::ClientConfig;
use rustls::client::Resumption;
use tokio::sync::Notify;
use tokio::time::timeout_at;

use super::connector::{ConnectTimingLayer, PinnedResolver};
use crate::fetch::tap::{MAX_FIELDS, ResponseTap};
use crate::fetch::tls::Tls;
use crate::lock::lock;
use crate::observation::FetchError;
use crate::text::secret::Secret;

/// The connections of a run.
#[derive(Debug)]
pub(super) struct ConnectionPool {
    tls: Tls,
    /// The TLS configuration with the sessions to resume, and the one port that these belong to: sessions are keyed by
    /// the host name alone, and another port may have another certificate.
    config: OnceLock<(u16, ClientConfig)>,
    proxy: Option<Secret<Proxy>>,
    /// Whether the connection to the proxy uses TLS.
    is_proxy_tls: bool,
    hosts: Mutex<PooledHosts>,
}

/// The host and the port of an origin.
type HostPort = (String, u16);

/// The connections by host, and how many of them are idle.
#[derive(Debug, Default)]
struct PooledHosts {
    hosts: HashMap<HostPort, HostConnections>,
    idle: usize,
}

/// The connections to one host.
#[derive(Debug, Default)]
struct HostConnections {
    /// The idle connections, each with the time at which it became idle.
    idle: Vec<(Instant, IdleConnection)>,
    /// How many are in use.
    busy: usize,
    /// Notified when one is released.
    released: Arc<Notify>,
    /// How many were released after a response.
    served: u64,
    /// Whether connections wait for a server that may serve one at a time: none is kept then, until all are released.
    is_crowded: bool,
}

/// An idle connection.
#[derive(Clone, Debug)]
struct IdleConnection {
    addresses: Option<Arc<[IpAddr]>>,
    client: Client,
    tap: ResponseTap,
    /// The folder of the asset that it served last.
    folder: String,
}

/// A connection to a host, in use.
#[derive(Debug)]
pub(super) struct PooledConnection<'a> {
    pool: &'a ConnectionPool,
    host: HostPort,
    connection: IdleConnection,
    /// Whether a response was received on it. The server may have closed it since.
    is_reused: bool,
    /// What returns to the pool: nothing if its asset was abandoned in the middle of a response.
    kept: Option<IdleConnection>,
    /// Whether stray bytes arrived on a connection that it replaced.
    had_strays: bool,
    /// How many connections to the host had been released after a response when this one was lent.
    served_before: u64,
    /// Whether others were closed because it took long to open.
    has_waited: bool,
}

/// The User-Agent of the API.
const USER_AGENT: &str = "RunwayML API/1.0";

/// The maximum number of idle connections; the one idle longest is evicted first. Most systems limit a process to 1,024
/// open files, macOS to 256.
const MAX_IDLE: usize = if cfg!(target_os = "macos") { 100 } else { 256 };

/// How long to wait for a busy connection before another one is opened: to a nearby host, a HEAD takes less time than a
/// handshake; to a distant one, this wait is short compared with a handshake.
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(5);

/// How long a connection must have been idle before it serves another folder of its host.
///
/// HTTP/1.1 responses have no IDs: bytes that a server sends late after one response look like the next one. Folders
/// often belong to different owners (buckets, users of a shared host), and a response of one must not be taken for that
/// of another. A connection that receives bytes while it is idle is closed.
const QUIET_TIME: Duration = Duration::from_millis(10);

impl PooledHosts {
    /// Removes the connection that has been idle for the longest time.
    fn evict(&mut self) -> Option<IdleConnection> {
        let since = |host: &HostConnections| host.idle.first().map(|(since, _)| *since);
        let idle = self.hosts.iter().filter_map(|(host, connections)| Some((since(connections)?, host)));
        let host = idle.min().map(|(_, host)| host.clone())?;
        let connections = self.hosts.get_mut(&host)?;
        let (_, connection) = connections.idle.remove(0);
        self.idle = self.idle.saturating_sub(1);
        if connections.busy == 0 && connections.idle.is_empty() {
            self.hosts.remove(&host);
        }
        Some(connection)
    }
}

impl HostConnections {
    /// Removes an idle connection that may serve this folder: the one that served it most recently, otherwise the
    /// one that has been idle longest.
    fn take(&mut self, folder: &str) -> Option<IdleConnection> {
        let own = self.idle.iter().rposition(|(_, connection)| connection.folder == folder);
        let quiet = || self.idle.iter().position(|(since, _)| since.elapsed() >= QUIET_TIME);
        own.or_else(quiet).map(|index| self.idle.remove(index).1)
    }
}

impl<'a> PooledConnection<'a> {
    /// Returns the client to send requests with.
    pub(super) fn client(&self) -> &Client {
        &self.connection.client
    }

    /// Returns the tap of the connection.
    pub(super) fn tap(&self) -> &ResponseTap {
        &self.connection.tap
    }

    /// Returns the pool.
    pub(super) fn pool(&self) -> &'a ConnectionPool {
        self.pool
    }

    /// Returns the addresses that may respond; `None` if requests go through a proxy.
    pub(super) fn addresses(&self) -> Option<&[IpAddr]> {
        self.connection.addresses.as_deref()
    }

    /// Records that a response was received.
    pub(super) fn mark_reused(&mut self) {
        self.is_reused = true;
    }

    /// Returns whether a response was received on it before, so that the server may have closed it.
    pub(super) fn is_reused(&self) -> bool {
        self.is_reused
    }

    /// Returns whether every byte so far belongs to the response to a request.
    fn is_clean(&self) -> bool {
        self.connection.tap.is_clean()
    }

    /// Returns whether stray bytes arrived for the current asset, on this connection or one that it replaced.
    pub(super) fn had_strays(&self) -> bool {
        self.had_strays || !self.is_clean()
    }

    /// Replaces it with one that is not open yet.
    ///
    /// # Errors
    /// Where this machine cannot create a client.
    pub(super) fn reconnect(&mut self, timeout: Duration) -> Result<(), FetchError> {
        self.had_strays = self.had_strays();
        self.connection.client = self.pool.client(self.host.1, self.connection.addresses.clone(), timeout)?;
        self.connection.tap = self.pool.tap();
        self.is_reused = false;
        Ok(())
    }

    /// Closes the idle connections to the host, and keeps none as long as any is in use: a server with a single thread
    /// serves an idle connection, and lets the others wait.
    pub(super) fn make_room(&mut self, is_open: bool) {
        self.has_waited |= !is_open;
        let mut hosts = lock(&self.pool.hosts);
        let Some(connections) = hosts.hosts.get_mut(&self.host) else { return };
        connections.is_crowded = true;
        let idle = std::mem::take(&mut connections.idle);
        hosts.idle = hosts.idle.saturating_sub(idle.len());
        drop(hosts);
        drop(idle);
    }

    /// Returns whether it waited to be opened while the host responded to other assets.
    pub(super) fn was_crowded_out(&self) -> bool {
        let hosts = lock(&self.pool.hosts);
        self.has_waited
            && hosts.hosts.get(&self.host).is_some_and(|connections| connections.served > self.served_before)
    }

    /// Returns it to the pool, unless it received stray bytes.
    pub(super) fn release(mut self) {
        self.kept = self.is_clean().then(|| self.connection.clone());
    }
}

impl Drop for PooledConnection<'_> {
    fn drop(&mut self) {
        self.pool.put_back(&self.host, self.kept.take(), self.is_reused);
    }
}

impl ConnectionPool {
    /// Creates an empty pool.
    pub(super) fn new(tls: Tls, proxy: Option<Secret<Proxy>>, is_proxy_tls: bool) -> Self {
        Self { tls, config: OnceLock::new(), proxy, is_proxy_tls, hosts: Mutex::default() }
    }

    /// Returns whether all requests go through a proxy.
    pub(super) fn is_proxied(&self) -> bool {
        self.proxy.is_some()
    }

    /// Returns how many TLS handshakes a connection needs before it reaches the host.
    pub(super) fn proxy_handshakes(&self) -> u8 {
        u8::from(self.is_proxy_tls)
    }

    /// Returns a connection to the host of a URL: an idle one, or a new one that is not open yet.
    ///
    /// # Errors
    /// Where this machine cannot create a client.
    pub(super) async fn acquire(
        &self,
        url: &Url,
        addresses: Option<Arc<[IpAddr]>>,
        timeout: Duration,
    ) -> Result<PooledConnection<'_>, FetchError> {
        let port = url.port_or_known_default().unwrap_or_default();
        let host = (url.host_str().unwrap_or_default().to_owned(), port);
        let folder = folder(url);
        let deadline = tokio::time::Instant::now() + ACQUIRE_TIMEOUT;
        loop {
            let released = match self.take_idle(&host, addresses.as_ref(), folder) {
                Ok(connection) => {
                    let connection = IdleConnection { folder: folder.to_owned(), ..connection };
                    return Ok(self.lend(host, connection, true));
                }
                Err(released) => released,
            };
            let Some(released) = released else { break };
            if timeout_at(deadline, released.notified()).await.is_err() {
                break;
            }
        }
        let client = self.client(port, addresses.clone(), timeout)?;
        let connection = IdleConnection { addresses, client, tap: self.tap(), folder: folder.to_owned() };
        Ok(self.lend(host, connection, false))
    }

    /// Takes an idle connection. If there is none but one is in use, returns what is notified when that is released.
    fn take_idle(
        &self,
        host: &HostPort,
        addresses: Option<&Arc<[IpAddr]>>,
        folder: &str,
    ) -> Result<IdleConnection, Option<Arc<Notify>>> {
        let mut hosts = lock(&self.hosts);
        let Some(connections) = hosts.hosts.get_mut(host) else { return Err(None) };
        let before = connections.idle.len();
        // Connections to outdated addresses, and those that received stray bytes, are closed.
        let is_usable =
            |connection: &IdleConnection| connection.addresses.as_ref() == addresses && connection.tap.is_clean();
        connections.idle.retain(|(_, connection)| is_usable(connection));
        let found = connections.take(folder);
        let found = found.ok_or_else(|| (connections.busy > 0).then(|| Arc::clone(&connections.released)));
        let taken = before.saturating_sub(connections.idle.len());
        hosts.idle = hosts.idle.saturating_sub(taken);
        found
    }

    fn lend(&self, host: HostPort, connection: IdleConnection, is_reused: bool) -> PooledConnection<'_> {
        let served_before = {
            let mut hosts = lock(&self.hosts);
            let connections = hosts.hosts.entry(host.clone()).or_default();
            connections.busy += 1;
            connections.served
        };
        PooledConnection {
            pool: self,
            host,
            connection,
            is_reused,
            kept: None,
            had_strays: false,
            served_before,
            has_waited: false,
        }
    }

    fn put_back(&self, host: &HostPort, connection: Option<IdleConnection>, has_served: bool) {
        let mut hosts = lock(&self.hosts);
        let Some(connections) = hosts.hosts.get_mut(host) else { return };
        connections.busy = connections.busy.saturating_sub(1);
        connections.served += u64::from(has_served);
        connections.released.notify_one();
        let (kept, closed) = if connections.is_crowded { (None, connection) } else { (connection, None) };
        if let Some(connection) = kept {
            connections.idle.push((Instant::now(), connection));
            hosts.idle += 1;
        } else if connections.busy == 0 && connections.idle.is_empty() {
            hosts.hosts.remove(host);
        }
        let evicted = if hosts.idle > MAX_IDLE { hosts.evict() } else { None };
        // Closing a connection takes time, so the lock is released first.
        drop(hosts);
        drop((evicted, closed));
    }

    /// Closes every idle connection.
    pub(super) fn evict_idle(&self) {
        let mut hosts = lock(&self.hosts);
        let mut evicted = Vec::new();
        while let Some(connection) = hosts.evict() {
            evicted.push(connection);
        }
        drop(hosts);
        drop(evicted);
    }

    fn client(&self, port: u16, addresses: Option<Arc<[IpAddr]>>, timeout: Duration) -> Result<Client, FetchError> {
        let builder = Client::builder()
            .tls_backend_preconfigured(self.client_config(port)?)
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .https_only(true)
            .http1_only()
            .http1_max_headers(MAX_FIELDS)
            // Accepts what clients disagree about, since the tap reports it.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .pool_max_idle_per_host(1)
            // The addresses share this timeout, so that one that drops packets leaves time for the next. It is a little
            // longer than the deadline of the asset, so that the deadline expires first.
            .connect_timeout(timeout.saturating_add(Duration::from_secs(1)))
            .dns_resolver(Arc::new(PinnedResolver(addresses)))
            .connector_layer(ConnectTimingLayer);
        let builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.expose().clone()),
            None => builder.no_proxy(),
        };
        builder.build().map_err(|error| FetchError::LocalNetwork(error.without_url().to_string()))
    }

    /// Returns a tap for a connection. It observes nothing if the connection to a proxy uses TLS as well, since the
    /// bytes of both layers would be mixed.
    fn tap(&self) -> ResponseTap {
        if self.is_proxy_tls { ResponseTap::default() } else { ResponseTap::observing() }
    }

    /// Returns the TLS configuration for a port.
    fn client_config(&self, port: u16) -> Result<ClientConfig, FetchError> {
        let (first, config) = if let Some(config) = self.config.get() {
            config
        } else {
            let config = self.tls.client_config().map_err(|error| FetchError::LocalNetwork(error.to_string()))?;
            self.config.get_or_init(|| (port, config))
        };
        let mut config = config.clone();
        if port != *first {
            config.resumption = Resumption::disabled();
        }
        Ok(config)
    }
}

/// Returns the first segment of a path with several segments, otherwise an empty string.
fn folder(url: &Url) -> &str {
    url.path().trim_start_matches('/').split_once('/').map_or("", |(folder, _)| folder)
}
