//! One host on the line: sends requests to it within one deadline and takes the heads of the answers.

use std::time::Duration;

use hyper::body::Bytes;
use reqwest::header::{HeaderValue, RANGE, USER_AGENT};
use reqwest::{Method, Request, Url};
use tokio::time::{Instant, timeout_at};

use super::error::{TOO_LARGE, is_broken_off, trouble};
use super::pool::{Line, Lines};
use crate::fetch::local_error;
use crate::fetch::tap::{FIELDS, HEAD_LIMIT};
use crate::fetch::tracker::Progress;
use crate::observation::{FetchError, Headers, ResponseHead};
use crate::special_ip::forbidden;
use crate::text::untrusted::UntrustedText;

/// The time that one asset has, from the first question for its name to the last byte of its body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    /// When it began.
    pub(super) start: Instant,
    /// How long it lasts.
    pub(super) limit: Duration,
}

impl Deadline {
    /// Starts now.
    pub(super) fn new(limit: Duration) -> Self {
        Self { start: Instant::now(), limit }
    }

    /// Waits for something, but not longer than this.
    pub(super) async fn of<T>(self, progress: &Progress, future: impl Future<Output = T>) -> Result<T, FetchError> {
        // A limit beyond what the clock can count is no limit.
        let Some(end) = self.start.checked_add(self.limit) else { return Ok(future.await) };
        timeout_at(end, future).await.map_err(|_| match progress.shortage() {
            Some(what) => FetchError::LocalResourcesExhausted(what),
            None => FetchError::Timeout { phase: progress.phase(), timeout: self.limit },
        })
    }

    /// Waits a moment for what this machine is short of, which other assets give back, and lines that nobody uses.
    ///
    /// # Errors
    /// Where the time is up.
    pub(super) async fn await_supply(self, what: &str, progress: &Progress, lines: &Lines) -> Result<(), FetchError> {
        progress.run_short(what, SHORTAGE);
        lines.give_up_idle();
        self.of(progress, tokio::time::sleep(SHORTAGE)).await
    }
}

/// How long to wait for what this machine is short of before it is tried again.
const SHORTAGE: Duration = Duration::from_millis(50);

/// Sends requests for one asset.
#[derive(Debug)]
pub(super) struct Caller<'a> {
    pub(super) line: Line<'a>,
    pub(super) url: Url,
    pub(super) progress: Progress,
    pub(super) deadline: Deadline,
    /// The User-Agent to send in place of the API's.
    pub(super) agent: Option<HeaderValue>,
}

impl Caller<'_> {
    /// Sends a request, for these bytes of the asset if a range is given, and waits for the head of the answer.
    ///
    /// A connection that was kept from an earlier request may have been closed by the server meanwhile, which is no
    /// fault: then the request is sent once more, on a new one.
    ///
    /// # Errors
    /// Whatever keeps the head from coming.
    pub(super) async fn send(
        &mut self,
        method: Method,
        range: Option<HeaderValue>,
    ) -> Result<reqwest::Response, FetchError> {
        let (deadline, progress) = (self.deadline, self.progress.clone());
        loop {
            match deadline.of(&progress, self.try_to_send(method.clone(), range.clone())).await? {
                Err(FetchError::LocalResourcesExhausted(what)) => {
                    deadline.await_supply(&what, &progress, self.line.lines()).await?
                }
                answer => return answer,
            }
        }
    }

    async fn try_to_send(
        &mut self,
        method: Method,
        range: Option<HeaderValue>,
    ) -> Result<reqwest::Response, FetchError> {
        let answer = match self.attempt(method.clone(), range.clone()).await {
            Err(error) if self.line.is_used() && is_broken_off(&error, &self.progress) => {
                self.line.renew(self.deadline.limit)?;
                self.attempt(method, range).await
            }
            answer => answer,
        };
        let response = answer.map_err(|error| self.place(trouble(error, &self.progress)))?;
        self.line.use_it();
        self.take(response)
    }

    async fn attempt(&self, method: Method, range: Option<HeaderValue>) -> reqwest::Result<reqwest::Response> {
        let mut request = Request::new(method, self.url.clone());
        if let Some(range) = range {
            request.headers_mut().insert(RANGE, range);
        }
        if let Some(agent) = &self.agent {
            request.headers_mut().insert(USER_AGENT, agent.clone());
        }
        // A connection that was read to its end a moment ago is there to be used a moment later, as a rule.
        tokio::task::yield_now().await;
        self.line.wire().begin(request.method() == Method::HEAD);
        self.progress.begin(self.line.wire());
        self.progress.follow(self.line.client().execute(request)).await
    }

    /// Lays a host that cannot be reached to this machine where no route leads from here to any of its addresses.
    fn place(&self, trouble: FetchError) -> FetchError {
        // Without any IPv6, a system may say that it has no address to leave from.
        let doubtful = matches!(trouble, FetchError::Unreachable | FetchError::LocalResourcesExhausted(_));
        let addresses = self.line.addresses().filter(|_| doubtful);
        match addresses.and_then(local_error::out_of_reach) {
            Some(address) => FetchError::LocalNetwork(format!("no route leads from here to {address}")),
            None => trouble,
        }
    }

    /// Takes an answer whose head is in order.
    fn take(&self, response: reqwest::Response) -> Result<reqwest::Response, FetchError> {
        self.check_peer(&response)?;
        let size: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        if size > HEAD_LIMIT || response.headers().len() > FIELDS {
            return Err(FetchError::MalformedResponse(TOO_LARGE));
        }
        Ok(response)
    }

    /// Takes what the head of an answer says, and what was odd in it.
    pub(super) fn head_of(&self, response: &reqwest::Response, elapsed: Duration) -> ResponseHead {
        let fields = response.headers().iter();
        let fields = fields.map(|(name, value)| (name.as_str().to_owned(), UntrustedText::new(value.as_bytes())));
        ResponseHead {
            status: response.status().as_u16(),
            headers: Headers::new(fields.collect()),
            elapsed,
            body_snippet: None,
            total_length: None,
            anomalies: self.line.wire().oddities(),
        }
    }

    /// Waits for the next piece of a body; `None` at its end.
    ///
    /// # Errors
    /// Whatever keeps it from coming.
    pub(super) async fn next(&self, response: &mut reqwest::Response) -> Result<Option<Bytes>, FetchError> {
        let chunk = self.deadline.of(&self.progress, response.chunk()).await?;
        chunk.map_err(|error| trouble(error, &self.progress))
    }

    /// Makes sure that it was one of the vetted addresses that answered.
    fn check_peer(&self, response: &reqwest::Response) -> Result<(), FetchError> {
        let (Some(addresses), Some(peer)) = (self.line.addresses(), response.remote_addr()) else { return Ok(()) };
        if addresses.contains(&peer.ip()) {
            return Ok(());
        }
        let range = forbidden(peer.ip()).unwrap_or("not an address of the host");
        Err(FetchError::AddressBlocked { address: peer.ip(), range })
    }
}
