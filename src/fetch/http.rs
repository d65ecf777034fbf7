//! Fetches URLs as the API does: HEAD, then GET. The only module that uses reqwest.
//!
//! HTTP/1.1, one User-Agent, no redirects, no cookies, no credentials, no decompression, no environment variables.

use std::time::{SystemTime, UNIX_EPOCH};

use ipnet::IpNet;
use reqwest::header::HeaderValue;
use reqwest::{Method, Proxy, Url};

use self::exchange::{Deadline, Exchange};
use self::pool::ConnectionPool;
use crate::asset::AssetUrl;
use crate::fetch::dns::{ResolveOverride, Resolver};
use crate::fetch::loop_clock::LoopClock;
use crate::fetch::tls::Tls;
use crate::fetch::tracker::RequestTracker;
use crate::fetch::workers::Workers;
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{BodyEnd, DnsError, FetchError, Observation, RequestOutcome};
use crate::special_ip::special_use;
use crate::text::secret::Secret;
use crate::text::untrusted::UntrustedText;

mod connector;
mod download;
mod error;
mod exchange;
mod pool;
mod range;
mod trace;

#[cfg(test)]
mod server;
#[cfg(test)]
mod tests;

/// Settings for network access. With the defaults, the same hosts are reachable as from the API.
#[derive(Clone, Debug, Default)]
pub struct NetworkOptions {
    /// The text of a PEM file whose certificates are trusted as roots in addition to Mozilla's.
    pub cacert: Option<Vec<u8>>,
    /// Addresses for hosts that are then not looked up.
    pub resolve: Vec<ResolveOverride>,
    /// Whether connections to private and loopback addresses are allowed.
    pub allow_private: bool,
    /// Networks to which connections are allowed although they are not public.
    pub allow_net: Vec<IpNet>,
    /// The URL of a proxy for all requests. It resolves the names, so it also decides which addresses are allowed.
    pub proxy: Option<Secret<String>>,
}

/// Why network options cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkOptionsError {
    /// The file of roots is invalid.
    #[error("{0}")]
    Cacert(&'static str),
    /// The URL of the proxy is invalid.
    #[error("the proxy is not an http:// or https:// URL")]
    Proxy,
}

/// Fetches URLs.
#[derive(Debug)]
pub(crate) struct Http {
    pool: ConnectionPool,
    resolver: Resolver,
    clock: LoopClock,
    /// Media headers that may take long to parse are parsed on threads that do not drive the network.
    parsers: Workers,
}

/// The maximum number of media headers parsed concurrently: each takes a core.
const MAX_PARSERS: usize = 16;

/// How many times a URL is fetched again after a suspension of this process.
const MAX_REFETCHES: u8 = 2;

impl Http {
    /// Creates a client without opening a connection.
    pub(crate) fn new(options: NetworkOptions) -> Result<Self, NetworkOptionsError> {
        let is_proxy_tls =
            options.proxy.as_ref().is_some_and(|url| Url::parse(url.expose()).is_ok_and(|url| url.scheme() == "https"));
        let proxy =
            options.proxy.map(|url| Proxy::all(url.expose()).map(Secret::new).map_err(|_| NetworkOptionsError::Proxy));
        let tls = Tls::new(options.cacert.as_deref()).map_err(NetworkOptionsError::Cacert)?;
        let clock = LoopClock::default();
        let resolver = Resolver::new(options.resolve, options.allow_private, options.allow_net, &clock);
        let pool = ConnectionPool::new(tls, proxy.transpose()?, is_proxy_tls);
        Ok(Self { resolver, pool, clock, parsers: Workers::new(MAX_PARSERS) })
    }

    /// Fetches one URL.
    pub(crate) async fn probe(&self, address: &AssetUrl, options: ProbeOptions) -> Observation {
        self.fetch(FetchSettings::default(), address, options).await.0
    }

    /// Fetches one URL, and returns its body if it arrived complete.
    pub(crate) async fn download(&self, address: &AssetUrl, options: ProbeOptions) -> (Observation, Option<Vec<u8>>) {
        let settings = FetchSettings { keeps_body: true, ..FetchSettings::default() };
        let (observation, body) = self.fetch(settings, address, options).await;
        let is_found = observation.get.response().is_some_and(|head| head.status == 200);
        let is_whole = is_found && matches!(observation.body.end, BodyEnd::Complete);
        let body =
            body.filter(|body| is_whole && u64::try_from(body.len()).is_ok_and(|len| len == observation.body.received));
        (observation, body)
    }

    /// Fetches one URL, and again where this process was suspended meanwhile.
    async fn fetch(
        &self,
        settings: FetchSettings,
        address: &AssetUrl,
        options: ProbeOptions,
    ) -> (Observation, Option<Vec<u8>>) {
        let tracker = || RequestTracker::new(&self.clock);
        self.clock.start();
        let mut suspensions = self.clock.stalls().suspensions;
        let (mut observation, mut body, is_crowded_out) =
            self.probe_once(settings.clone(), tracker(), address, options).await;
        // The host served other assets of this run meanwhile: the outcome says nothing about this one alone.
        if is_crowded_out {
            (observation, body, _) = self.probe_once(settings.clone(), tracker(), address, options).await;
        }
        // During a suspension, connections are closed and responses lost: the outcome says nothing about the server.
        for _ in 0..MAX_REFETCHES {
            let now = self.clock.stalls().suspensions;
            if now == suspensions || !may_be_caused_by_suspension(&observation) {
                return (observation, body);
            }
            suspensions = now;
            (observation, body, _) = self.probe_once(settings.clone(), tracker(), address, options).await;
        }
        if self.clock.stalls().suspensions != suspensions && may_be_caused_by_suspension(&observation) {
            let error = FetchError::LocalResourcesExhausted(SUSPENDED.to_owned());
            observation.get = RequestOutcome::NotSent;
            observation.head = RequestOutcome::Failed { error, elapsed: options.timeout };
        }
        (observation, body)
    }

    /// Fetches one URL with another User-Agent.
    pub(crate) async fn probe_as(&self, agent: &'static str, address: &AssetUrl, options: ProbeOptions) -> Observation {
        self.clock.start();
        let tracker = RequestTracker::new(&self.clock);
        let settings = FetchSettings { agent: Some(HeaderValue::from_static(agent)), ..FetchSettings::default() };
        self.probe_once(settings, tracker, address, options).await.0
    }

    /// Fetches one URL once; also returns whether it timed out because the host served other assets.
    async fn probe_once(
        &self,
        settings: FetchSettings,
        tracker: RequestTracker,
        address: &AssetUrl,
        options: ProbeOptions,
    ) -> (Observation, Option<Vec<u8>>, bool) {
        let mut observation = Observation { observed_at: now(), ..Observation::default() };
        let deadline = Deadline::new(&tracker, options.timeout);
        // 1. Resolve the host, check its addresses, and take a connection to it.
        let connected = self.connect(address, &deadline, tracker, options.attempt > 0, &mut observation).await;
        let mut exchange = match connected {
            Ok(exchange) => Exchange { agent: settings.agent, body: settings.keeps_body.then(Vec::new), ..exchange },
            Err(error) => {
                observation.head = RequestOutcome::Failed { error, elapsed: deadline.watch.elapsed() };
                return (observation, None, false);
            }
        };
        let (is_reused, watch) = (exchange.connection.is_reused(), exchange.tracker.stopwatch());
        // 2. Send the HEAD and, unless it would fail for the same reason, the GET.
        observation.head = send_both(&mut exchange, options, &mut observation).await;
        // 3. If stray bytes arrived on a connection that served another asset before, the responses may not be those to
        //    our requests: repeat them on a new connection.
        if is_reused && exchange.connection.had_strays() && exchange.reconnect().is_ok() {
            exchange.tracker.exclude(watch.elapsed());
            let addresses = std::mem::take(&mut observation.addresses);
            observation = Observation { addresses, observed_at: observation.observed_at, ..Observation::default() };
            exchange.body = exchange.body.map(|_| Vec::new());
            exchange.late_bytes = observation.late_bytes.clone();
            observation.head = send_both(&mut exchange, options, &mut observation).await;
        }
        // 4. Return the connection to the pool.
        let is_crowded_out = exchange.connection.was_crowded_out() && is_timeout(&observation);
        let body = exchange.body.take();
        exchange.connection.release();
        (observation, body, is_crowded_out)
    }

    /// Resolves the host of a URL, checks its addresses and takes a connection.
    async fn connect(
        &self,
        address: &AssetUrl,
        deadline: &Deadline,
        tracker: RequestTracker,
        is_retry: bool,
        observation: &mut Observation,
    ) -> Result<Exchange<'_>, FetchError> {
        let url = request_url(address)?;
        let (Some(host), Some(port)) = (url.domain(), url.port_or_known_default()) else {
            return Err(FetchError::Dns(DnsError::InvalidName));
        };
        let addresses = if self.pool.is_proxied() {
            None
        } else {
            let found = loop {
                match self.look_up((host, port), deadline, &tracker, is_retry).await {
                    Err(FetchError::LocalResourcesExhausted(what)) => {
                        deadline.wait_for_resources(&what, &self.pool).await?;
                    }
                    found => break found?,
                }
            };
            observation.addresses.clone_from(&found);
            self.resolver.check_allowed(&found)?;
            Some(found.into())
        };
        let connection = deadline.within(self.pool.acquire(&url, addresses, deadline.limit)).await??;
        let parsers = &self.parsers;
        let (deadline, late_bytes) = (deadline.clone(), observation.late_bytes.clone());
        Ok(Exchange { connection, url, tracker, deadline, agent: None, body: None, parsers, late_bytes })
    }

    /// Looks a name up. The wait for a thread does not count against the asset.
    async fn look_up(
        &self,
        (host, port): (&str, u16),
        deadline: &Deadline,
        tracker: &RequestTracker,
        is_retry: bool,
    ) -> Result<Vec<std::net::IpAddr>, FetchError> {
        let watch = tracker.stopwatch();
        let (found, elapsed) = self.resolver.addresses(host, port, is_retry).await;
        tracker.exclude(watch.elapsed().saturating_sub(elapsed));
        deadline.check()?;
        found
    }
}

/// How a fetch differs from that of a check.
#[derive(Clone, Debug, Default)]
struct FetchSettings {
    /// The User-Agent to send instead of the API's.
    agent: Option<HeaderValue>,
    /// Whether the body is kept.
    keeps_body: bool,
}

/// Why a URL is undecided after a suspension.
const SUSPENDED: &str = "this process was suspended, or had no processor time, during every attempt";

/// Returns the errors of an observation.
fn errors(observation: &Observation) -> impl Iterator<Item = &FetchError> {
    let body = match &observation.body.end {
        BodyEnd::Interrupted(error) => Some(error),
        BodyEnd::NotRead | BodyEnd::Complete | BodyEnd::StoppedEarly => None,
    };
    [observation.head.error(), observation.get.error(), body].into_iter().flatten()
}

fn is_timeout(observation: &Observation) -> bool {
    errors(observation).any(|error| matches!(error, FetchError::Timeout { .. }))
}

/// Returns whether an outcome may be due to a suspension of this process.
fn may_be_caused_by_suspension(observation: &Observation) -> bool {
    errors(observation).any(|error| match error {
        FetchError::Timeout { .. }
        | FetchError::ConnectionReset(_)
        | FetchError::ConnectionClosed(_)
        | FetchError::TruncatedBody { .. }
        | FetchError::Unreachable
        | FetchError::Dns(DnsError::ServerTimeout { .. } | DnsError::Unknown)
        | FetchError::LocalNetwork(_)
        | FetchError::LocalResourcesExhausted(_)
        | FetchError::Other(_) => true,
        FetchError::Dns(_)
        | FetchError::AddressBlocked { .. }
        | FetchError::ConnectionRefused
        | FetchError::Tls(_)
        | FetchError::MalformedResponse(_)
        | FetchError::AmbiguousResponse(_) => false,
    })
}

/// Sends the HEAD and, unless it would fail for the same reason, the GET. Returns the outcome of the HEAD.
async fn send_both(
    exchange: &mut Exchange<'_>,
    options: ProbeOptions,
    observation: &mut Observation,
) -> RequestOutcome {
    let outcome = send_head(exchange).await;
    let is_pointless =
        outcome.error().is_some_and(|error| error.is_before_request() || matches!(error, FetchError::Timeout { .. }));
    if options.depth != Depth::Head && !is_pointless {
        download::download(exchange, options, &outcome, observation).await;
    }
    outcome
}

/// Sends the HEAD. Its time counts from the DNS query.
async fn send_head(exchange: &mut Exchange<'_>) -> RequestOutcome {
    let watch = exchange.deadline.watch.clone();
    match exchange.send(Method::HEAD, None).await {
        Ok(response) => {
            exchange.connection.tap().end();
            RequestOutcome::Response(exchange.response_head(&response, watch.elapsed()))
        }
        Err(error) => RequestOutcome::Failed { error, elapsed: watch.elapsed() },
    }
}

/// Returns the URL to request: without credentials, fragment or the trailing dot of the host. Rejects again what the
/// address rules reject, so that a bug there cannot lead to a connection.
fn request_url(address: &AssetUrl) -> Result<Url, FetchError> {
    let mut url = address.url().clone();
    if url.scheme() != "https" {
        return Err(FetchError::Other(UntrustedText::from("only https URLs are fetched")));
    }
    let Some(domain) = address.domain() else {
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let ip = host.parse().map_err(|_| FetchError::Dns(DnsError::InvalidName))?;
        let range = special_use(ip).unwrap_or("an address instead of a domain");
        return Err(FetchError::AddressBlocked { address: ip, range });
    };
    // Most URLs need no change.
    let is_host_set = url.domain() == Some(domain) || url.set_host(Some(domain)).is_ok();
    let is_stripped = !address.has_credentials() || url.set_username("").is_ok() && url.set_password(None).is_ok();
    url.set_fragment(None);
    if is_host_set && is_stripped { Ok(url) } else { Err(FetchError::Dns(DnsError::InvalidName)) }
}

/// Returns the wall clock in seconds since 1970.
fn now() -> Option<u64> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|time| time.as_secs())
}
