//! The connections of a run: each serves one asset at a time and is kept for the next asset of its host.
//!
//! Each has an HTTP client of its own, so that no asset uses the connection of another. The costly parts are shared: the
//! TLS configuration, its roots and its sessions.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Client, Proxy, Url};
use rustls::ClientConfig;
use rustls::client::Resumption;
use tokio::sync::Notify;
use tokio::time::timeout_at;

use super::connector::{ConnectTimingLayer, PinnedResolver};
use crate::fetch::tap::{MAX_FIELDS, ResponseTap};
use crate::fetch::tls::Tls;
use crate::observation::FetchError;
use crate::text::secret::Secret;

/// The connections of a run.
#[derive(Debug)]
pub(super) struct ConnectionPool {
    tls: Tls,
    /// The TLS configuration with the sessions to resume, and the one port that these belong to: sessions are found by the
    /// host name alone, and another port may have another certificate.
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
    /// The idle ones, each with the time since when.
    idle: Vec<(Instant, IdleConnection)>,
    /// How many are in use.
    busy: usize,
    /// Notified when one is released.
    released: Arc<Notify>,
}

/// An idle connection.
#[derive(Debug)]
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
    /// Whether a response came on it, so that its next request may use a connection that the server has closed.
    is_reused: bool,
    /// Whether it is kept: not if its asset was abandoned in the middle of a response.
    is_kept: bool,
}

/// The User-Agent of the API.
const USER_AGENT: &str = "RunwayML API/1.0";

/// How many idle connections are kept; the oldest is evicted first. Systems allow a process 1,024 open files, macOS 256.
const MAX_IDLE: usize = if cfg!(target_os = "macos") { 100 } else { 256 };

/// How long to wait for a connection in use before another one is opened: on a near host a HEAD takes less time than a
/// handshake, and compared with one to a far host this is short.
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(5);

/// How long a connection must have been silent before it serves another folder of its host.
///
/// HTTP/1.1 numbers no responses: bytes that a server sends late behind one response look like the next one. Folders often
/// belong to different owners (buckets of a store, users of a host), who must not answer for each other. A connection on
/// which bytes come while it is idle is closed.
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
    /// Removes an idle connection that may serve this folder: the one of the folder that was used last, else the one that
    /// has been silent for the longest time.
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

    /// Returns the addresses that may respond; `None` where a proxy does.
    pub(super) fn addresses(&self) -> Option<&[IpAddr]> {
        self.connection.addresses.as_deref()
    }

    /// Records that a response came.
    pub(super) fn mark_reused(&mut self) {
        self.is_reused = true;
    }

    /// Returns whether a request may use a connection that was kept.
    pub(super) fn is_reused(&self) -> bool {
        self.is_reused
    }

    /// Returns whether every byte so far belonged to the response of a request.
    pub(super) fn is_clean(&self) -> bool {
        self.connection.tap.is_clean()
    }

    /// Replaces it by one that is not open yet.
    ///
    /// # Errors
    /// Where this machine cannot create a client.
    pub(super) fn reconnect(&mut self, timeout: Duration) -> Result<(), FetchError> {
        self.connection.client = self.pool.client(self.host.1, self.connection.addresses.clone(), timeout)?;
        self.connection.tap = self.pool.tap();
        self.is_reused = false;
        Ok(())
    }

    /// Lets the next asset of the host use it.
    pub(super) fn release(mut self) {
        self.is_kept = self.is_clean();
    }
}

impl Drop for PooledConnection<'_> {
    fn drop(&mut self) {
        let IdleConnection { addresses, client, tap, folder } = &self.connection;
        let kept = || IdleConnection {
            addresses: addresses.clone(),
            client: client.clone(),
            tap: tap.clone(),
            folder: folder.clone(),
        };
        let connection = self.is_kept.then(kept);
        self.pool.put_back(&self.host, connection);
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

    /// Returns a connection to the host of a URL: a kept one, or a new one that is not open yet.
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

    /// Takes an idle connection. If there is none, returns what is notified when one comes back, if one is in use.
    fn take_idle(
        &self,
        host: &HostPort,
        addresses: Option<&Arc<[IpAddr]>>,
        folder: &str,
    ) -> Result<IdleConnection, Option<Arc<Notify>>> {
        let mut hosts = self.lock();
        let Some(connections) = hosts.hosts.get_mut(host) else { return Err(None) };
        let before = connections.idle.len();
        // Where the addresses of the host have changed, or bytes came that no request asked for, it is closed.
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
        let mut hosts = self.lock();
        if let Some(connections) = hosts.hosts.get_mut(&host) {
            connections.busy += 1;
        } else {
            hosts.hosts.insert(host.clone(), HostConnections { busy: 1, ..HostConnections::default() });
        }
        PooledConnection { pool: self, host, connection, is_reused, is_kept: false }
    }

    fn put_back(&self, host: &HostPort, connection: Option<IdleConnection>) {
        let mut hosts = self.lock();
        let Some(connections) = hosts.hosts.get_mut(host) else { return };
        connections.busy = connections.busy.saturating_sub(1);
        connections.released.notify_one();
        if let Some(connection) = connection {
            connections.idle.push((Instant::now(), connection));
            hosts.idle += 1;
        } else if connections.busy == 0 && connections.idle.is_empty() {
            hosts.hosts.remove(host);
        }
        let evicted = if hosts.idle > MAX_IDLE { hosts.evict() } else { None };
        // Closing a connection takes time.
        drop(hosts);
        drop(evicted);
    }

    /// Closes every idle connection.
    pub(super) fn evict_idle(&self) {
        let mut hosts = self.lock();
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
            // The tap reports what clients disagree about.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .pool_max_idle_per_host(1)
            // Shared by the addresses, so that one that drops packets leaves time for the next. Together they may take a
            // little longer than the deadline of the asset, which ends them.
            .connect_timeout(timeout.saturating_add(Duration::from_secs(1)))
            .dns_resolver(Arc::new(PinnedResolver(addresses)))
            .connector_layer(ConnectTimingLayer);
        let builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.expose().clone()),
            None => builder.no_proxy(),
        };
        builder.build().map_err(|error| FetchError::LocalNetwork(error.without_url().to_string()))
    }

    /// Returns a tap for a connection. Where the connection to a proxy uses TLS as well, its bytes would come between
    /// those of the host, and nothing is observed.
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

    fn lock(&self) -> MutexGuard<'_, PooledHosts> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the first segment of a path that has several, else nothing.
fn folder(url: &Url) -> &str {
    url.path().trim_start_matches('/').split_once('/').map_or("", |(folder, _)| folder)
}
