//! Sends the requests of one asset over one connection within one deadline, and checks the response heads.

use std::time::Duration;

use hyper::body::Bytes;
use reqwest::header::{HeaderValue, RANGE, USER_AGENT};
use reqwest::{Method, Request, Url};
use tokio::time::timeout;

use super::error::{TOO_LARGE, classify, is_connect_timeout, is_connection_lost, proxy_error, proxy_timeout};
use super::pool::{ConnectionPool, PooledConnection};
use crate::fetch::local_error;
use crate::fetch::tap::MAX_HEAD;
use crate::fetch::tracker::{RequestTracker, Stopwatch};
use crate::fetch::workers::Workers;
use crate::observation::{FetchError, Headers, LateBytes, Phase, ResponseHead};
use crate::special_ip::special_use;
use crate::text::untrusted::UntrustedText;

/// The deadline of one asset, from the DNS query to the last byte of the body.
#[derive(Clone, Debug)]
pub(super) struct Deadline {
    /// Started with the asset; excludes the time that this machine loses.
    pub(super) watch: Stopwatch,
    pub(super) limit: Duration,
    tracker: RequestTracker,
}

impl Deadline {
    /// Starts now.
    pub(super) fn new(tracker: &RequestTracker, limit: Duration) -> Self {
        Self { watch: tracker.stopwatch(), limit, tracker: tracker.clone() }
    }

    /// Waits for a future until the deadline.
    ///
    /// # Errors
    /// If the deadline passes first.
    pub(super) async fn within<T>(&self, future: impl Future<Output = T>) -> Result<T, FetchError> {
        let mut future = std::pin::pin!(future);
        loop {
            let left = self.limit.saturating_sub(self.elapsed());
            if let Ok(output) = timeout(left, &mut future).await {
                return Ok(output);
            }
            // The timer counts the time that the event loop was stalled, the stopwatch does not.
            self.check()?;
        }
    }

    /// Checks that the deadline has not passed.
    ///
    /// # Errors
    /// If it has passed.
    pub(super) fn check(&self) -> Result<(), FetchError> {
        if self.elapsed() < self.limit {
            return Ok(());
        }
        Err(match self.tracker.exhausted_resource() {
            Some(what) => FetchError::LocalResourcesExhausted(what),
            None => FetchError::Timeout { phase: self.tracker.phase(), timeout: self.limit },
        })
    }

    /// Waits briefly for a resource of this machine that other assets and idle connections release.
    ///
    /// # Errors
    /// If the deadline passes first: the machine lacked the resource for too long.
    pub(super) async fn wait_for_resources(&self, what: &str, pool: &ConnectionPool) -> Result<(), FetchError> {
        let wait = self.tracker.resource_wait().clamp(MIN_RESOURCE_WAIT, MAX_RESOURCE_WAIT);
        self.tracker.record_exhaustion(what, wait);
        pool.evict_idle();
        self.within(tokio::time::sleep(wait)).await
    }

    /// Returns the time that counts toward the deadline, including the wait for resources of this machine.
    fn elapsed(&self) -> Duration {
        self.watch.elapsed().saturating_add(self.tracker.resource_wait())
    }
}

/// How long to wait for a resource of this machine before the next attempt: at first, and at most. Each wait is as long
/// as all before it.
const MIN_RESOURCE_WAIT: Duration = Duration::from_millis(50);
const MAX_RESOURCE_WAIT: Duration = Duration::from_millis(800);

/// How long a new connection waits for its first response before the host's idle connections are closed for it.
const MAX_PATIENCE: Duration = Duration::from_secs(3);

/// Sends the requests of one asset.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    pub(super) connection: PooledConnection<'a>,
    pub(super) url: Url,
    pub(super) tracker: RequestTracker,
    pub(super) deadline: Deadline,
    /// The User-Agent to send instead of the API's.
    pub(super) agent: Option<HeaderValue>,
    /// The body of the GET as it comes, where it is kept.
    pub(super) body: Option<Vec<u8>>,
    /// The threads that parse media headers.
    pub(super) parsers: &'a Workers,
    /// The record of bytes that come after a response has ended.
    pub(super) late_bytes: LateBytes,
}

impl Exchange<'_> {
    /// Sends a request, for a range of bytes if one is given, and waits for the response head.
    ///
    /// # Errors
    /// If no acceptable response head is received.
    pub(super) async fn send(
        &mut self,
        method: Method,
        range: Option<HeaderValue>,
    ) -> Result<reqwest::Response, FetchError> {
        let deadline = self.deadline.clone();
        loop {
            let sent = deadline.within(self.send_and_reconnect(method.clone(), range.clone())).await;
            match sent.map_err(|error| self.blame_proxy(error))? {
                Err(FetchError::LocalResourcesExhausted(what)) => {
                    deadline.wait_for_resources(&what, self.connection.pool()).await?;
                }
                response => return response,
            }
        }
    }

    /// Sends a request and, if the server had closed the kept connection meanwhile, sends it again on a new one.
    async fn send_and_reconnect(
        &mut self,
        method: Method,
        range: Option<HeaderValue>,
    ) -> Result<reqwest::Response, FetchError> {
        let sent = loop {
            match self.send_once(method.clone(), range.clone()).await {
                // 1. A server may close a kept connection at any time, which is not a fault.
                Err(error) if self.connection.is_reused() && is_connection_lost(&error, &self.tracker) => {
                    self.reconnect()?;
                }
                // 2. The timer of the HTTP client counts the time that the event loop was stalled. The deadline does not,
                //    and ends this loop.
                Err(error) if is_connect_timeout(&error) => {}
                sent => break sent,
            }
        };
        // 3. Attribute an error to the server, the proxy or this machine.
        let response = sent.map_err(|error| {
            let is_proxy = self.is_connecting_to_proxy();
            if is_proxy { proxy_error(error, &self.tracker) } else { self.blame_route(classify(error, &self.tracker)) }
        })?;
        self.connection.mark_reused();
        // 4. Accept only heads of checked addresses and of a reasonable size.
        self.check_peer(&response)?;
        check_head(&response)?;
        Ok(response)
    }

    async fn send_once(&mut self, method: Method, range: Option<HeaderValue>) -> reqwest::Result<reqwest::Response> {
        let mut request = Request::new(method, self.url.clone());
        if let Some(range) = range {
            request.headers_mut().insert(RANGE, range);
        }
        if let Some(agent) = &self.agent {
            request.headers_mut().insert(USER_AGENT, agent.clone());
        }
        // Let the HTTP client run, so that it takes back a connection whose response was just read to the end, and
        // closes one that has received bytes since.
        tokio::task::yield_now().await;
        self.connection.tap().begin(request.method() == Method::HEAD);
        self.connection.tap().record_for(&self.late_bytes);
        self.tracker.start(self.connection.tap());
        let client = self.connection.client().clone();
        let mut response = std::pin::pin!(self.tracker.scope(client.execute(request)));
        if !self.connection.is_reused() {
            // Our other connections may be what the server is busy with.
            let patience = (self.deadline.limit / 3).min(MAX_PATIENCE);
            if let Ok(response) = timeout(patience, &mut response).await {
                return response;
            }
            let is_open = !matches!(self.tracker.phase(), Phase::Connect | Phase::Tls);
            self.connection.make_room(is_open);
        }
        response.await
    }

    /// Replaces the connection with a new one.
    ///
    /// # Errors
    /// If this machine cannot create a client.
    pub(super) fn reconnect(&mut self) -> Result<(), FetchError> {
        self.connection.reconnect(self.deadline.limit)
    }

    fn is_connecting_to_proxy(&self) -> bool {
        let pool = self.connection.pool();
        pool.is_proxied() && self.tracker.is_connecting(pool.proxy_handshakes())
    }

    /// Blames a timeout on the proxy if it had not opened the connection to the host.
    fn blame_proxy(&self, error: FetchError) -> FetchError {
        let is_timeout = matches!(error, FetchError::Timeout { .. });
        if is_timeout && self.is_connecting_to_proxy() { proxy_timeout() } else { error }
    }

    /// Blames an unreachable host on this machine if it has no route to any address of the host.
    fn blame_route(&self, error: FetchError) -> FetchError {
        // Without IPv6, a system may also say that it has no local address.
        let is_doubtful = matches!(error, FetchError::Unreachable | FetchError::LocalResourcesExhausted(_));
        let addresses = self.connection.addresses().filter(|_| is_doubtful);
        match addresses.and_then(local_error::no_route_to_any) {
            Some(address) => FetchError::LocalNetwork(format!("this machine has no route to {address}")),
            None => error,
        }
    }

    /// Returns the facts of a response head, with the anomalies in its bytes.
    pub(super) fn response_head(&self, response: &reqwest::Response, elapsed: Duration) -> ResponseHead {
        let fields = response.headers().iter();
        let fields = fields.map(|(name, value)| (name.as_str().to_owned(), UntrustedText::new(value.as_bytes())));
        ResponseHead {
            status: response.status().as_u16(),
            headers: Headers::new(fields.collect()),
            elapsed,
            body_snippet: None,
            total_length: None,
            anomalies: self.connection.tap().anomalies(),
        }
    }

    /// Runs work that may take long on a thread that does not drive the network, and excludes its time.
    pub(super) async fn parse<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let watch = self.tracker.stopwatch();
        let done = self.parsers.run(work).await;
        self.tracker.exclude(watch.elapsed());
        done
    }

    /// Waits for the next chunk of a body; `None` at its end.
    ///
    /// # Errors
    /// If it cannot be received before the deadline.
    pub(super) async fn next_chunk(&self, response: &mut reqwest::Response) -> Result<Option<Bytes>, FetchError> {
        let chunk = self.deadline.within(response.chunk()).await?;
        chunk.map_err(|error| classify(error, &self.tracker))
    }

    /// Checks that the response came from one of the checked addresses.
    fn check_peer(&self, response: &reqwest::Response) -> Result<(), FetchError> {
        let (Some(addresses), Some(peer)) = (self.connection.addresses(), response.remote_addr()) else {
            return Ok(());
        };
        if addresses.contains(&peer.ip()) {
            return Ok(());
        }
        let range = special_use(peer.ip()).unwrap_or("not an address of the host");
        Err(FetchError::AddressBlocked { address: peer.ip(), range })
    }
}

/// Checks the size of a response head.
fn check_head(response: &reqwest::Response) -> Result<(), FetchError> {
    let size: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size > MAX_HEAD {
        return Err(FetchError::MalformedResponse(TOO_LARGE));
    }
    Ok(())
}
