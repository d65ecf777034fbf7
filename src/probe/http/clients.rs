//! The HTTP client of a run: its connections are kept from asset to asset, and lead to vetted addresses only.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Proxy};
use tower_layer::Layer;
use tower_service::Service;

use super::caller::FIELDS;
use crate::observation::{Phase, Trouble};
use crate::probe::progress::Progress;
use crate::probe::tls::Tls;
use crate::secret::Secret;

/// Hands out the client, which is built when the first asset needs it.
#[derive(Debug)]
pub(super) struct Clients {
    tls: Tls,
    proxy: Option<Secret<Proxy>>,
    current: Mutex<Option<Keeping>>,
}

/// A client that keeps its connections, and how many it has opened.
#[derive(Debug)]
struct Keeping {
    client: Client,
    opened: Arc<AtomicUsize>,
}

/// What the API calls itself.
const USER_AGENT: &str = "RunwayML API/1.0";

/// How many connections a client opens before another takes its place; those that it kept are closed then, so that a
/// list of many hosts does not use up the file descriptors. Systems allow a process 1,024 of them, macOS 256.
const CONNECTIONS: usize = if cfg!(target_os = "macos") { 64 } else { 256 };

impl Clients {
    /// Gets ready to build clients.
    pub(super) const fn new(tls: Tls, proxy: Option<Secret<Proxy>>) -> Self {
        Self { tls, proxy, current: Mutex::new(None) }
    }

    /// Returns the client whose connections are kept.
    ///
    /// # Errors
    /// Where this machine cannot build one.
    pub(super) fn keeping(&self) -> Result<Client, Trouble> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let worn = |keeping: &Keeping| keeping.opened.load(Ordering::Relaxed) >= CONNECTIONS;
        if let Some(keeping) = current.as_ref().filter(|keeping| !worn(keeping)) {
            return Ok(keeping.client.clone());
        }
        let opened = Arc::default();
        let client = self.build(Arc::clone(&opened), CONNECTIONS)?;
        *current = Some(Keeping { client: client.clone(), opened });
        Ok(client)
    }

    /// Returns a client that has no connection yet and keeps none.
    ///
    /// # Errors
    /// Where this machine cannot build one.
    pub(super) fn fresh(&self) -> Result<Client, Trouble> {
        self.build(Arc::default(), 0)
    }

    fn build(&self, opened: Arc<AtomicUsize>, kept: usize) -> Result<Client, Trouble> {
        let settings = self.tls.settings().map_err(|error| Trouble::Local(error.to_string()))?;
        let builder = Client::builder()
            .tls_backend_preconfigured(settings)
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .https_only(true)
            .http1_only()
            .http1_max_headers(FIELDS)
            .pool_max_idle_per_host(kept)
            .dns_resolver(Arc::new(Vetted { proxied: self.proxy.is_some() }))
            .connector_layer(Watched(opened));
        let builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.expose().clone()),
            None => builder.no_proxy(),
        };
        builder.build().map_err(|error| Trouble::Local(error.without_url().to_string()))
    }
}

tokio::task_local! {
    /// The addresses that the request being sent may go to; `None` where a proxy sends it on.
    static ADDRESSES: Option<Arc<[IpAddr]>>;
}

/// Sends a request that may open connections to these addresses only, and notes its progress.
pub(super) async fn send_to(
    addresses: Option<Arc<[IpAddr]>>,
    progress: &Progress,
    sending: impl Future<Output = reqwest::Result<reqwest::Response>>,
) -> reqwest::Result<reqwest::Response> {
    ADDRESSES.scope(addresses, progress.follow(sending)).await
}

/// Hands the vetted addresses of a request to the HTTP client, whatever it asks for; only a proxy's name is really
/// looked up. Without a request nothing is resolved.
struct Vetted {
    proxied: bool,
}

impl Resolve for Vetted {
    fn resolve(&self, name: Name) -> Resolving {
        if self.proxied {
            return Box::pin(async move {
                let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
                Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
            });
        }
        let addresses = ADDRESSES.try_with(Clone::clone).ok().flatten().unwrap_or_default();
        let addresses: Vec<_> = addresses.iter().map(|address| SocketAddr::new(*address, 0)).collect();
        Box::pin(std::future::ready(Ok(Box::new(addresses.into_iter()) as Addrs)))
    }
}

/// Notes when a connection is begun and when it is open, and counts it.
#[derive(Clone)]
struct Watched(Arc<AtomicUsize>);

impl<S> Layer<S> for Watched {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Connector { inner, opened: Arc::clone(&self.0) }
    }
}

/// The client's way to open connections, watched.
#[derive(Clone)]
struct Connector<S> {
    inner: S,
    opened: Arc<AtomicUsize>,
}

impl<S, Target> Service<Target> for Connector<S>
where
    S: Service<Target>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        self.opened.fetch_add(1, Ordering::Relaxed);
        Progress::note(|progress| progress.reach(Phase::Connect));
        let opening = self.inner.call(target);
        Box::pin(async move {
            let opened = opening.await;
            if opened.is_ok() {
                Progress::note(Progress::open);
            }
            opened
        })
    }
}
