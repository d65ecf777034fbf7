//! URLs: HEAD, then GET, as the API sends them (reqwest's only room).
//!
//! HTTP/1.1, one User-Agent, no redirects, no cookies, no credentials, nothing unpacked, no environment read.

use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderValue;
use reqwest::{Method, Proxy, Url};

use self::exchange::{Caller, Deadline};
use self::pool::Lines;
use crate::asset::AssetUrl;
use crate::fetch::dns::{ResolveOverride, Resolver};
use crate::fetch::tls::Tls;
use crate::fetch::tracker::Progress;
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{DnsError, FetchError, Observation, Phase, RequestOutcome};
use crate::special_ip::{Net, forbidden};
use crate::text::secret::Secret;
use crate::text::untrusted::UntrustedText;

mod download;
mod error;
mod exchange;
mod parallel_head_get;
mod pool;
mod range;
mod trace;

#[cfg(test)]
mod server;
#[cfg(test)]
mod tests;

/// Where URLs may lead. The default is what the API could reach.
#[derive(Clone, Debug, Default)]
pub struct NetworkOptions {
    /// The text of a PEM file whose certificates are trusted as roots beside Mozilla's.
    pub cacert: Option<Vec<u8>>,
    /// Addresses for hosts, instead of asking for them.
    pub resolve: Vec<ResolveOverride>,
    /// Whether private and loopback addresses are dialled.
    pub allow_private: bool,
    /// Networks that are dialled though they are not public.
    pub allow_net: Vec<Net>,
    /// The URL of a proxy that everything goes through. It resolves the names itself, so the guard over addresses is
    /// its own.
    pub proxy: Option<Secret<String>>,
}

/// Why URLs cannot be looked at in the way that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkOptionsError {
    /// The file of roots is of no use.
    Cacert(&'static str),
    /// The proxy's URL is none.
    Proxy,
}

impl std::fmt::Display for NetworkOptionsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cacert(why) => f.write_str(why),
            Self::Proxy => f.write_str("the proxy is no http:// or https:// URL"),
        }
    }
}

impl std::error::Error for NetworkOptionsError {}

/// Looks at URLs.
#[derive(Debug)]
pub(crate) struct Http {
    lines: Lines,
    resolver: Resolver,
    proxied: bool,
}

impl Http {
    /// Gets ready; nothing is sent yet.
    pub(crate) fn new(reach: NetworkOptions) -> Result<Self, NetworkOptionsError> {
        let is_proxy_tls =
            reach.proxy.as_ref().is_some_and(|url| Url::parse(url.expose()).is_ok_and(|url| url.scheme() == "https"));
        let proxy =
            reach.proxy.map(|url| Proxy::all(url.expose()).map(Secret::new).map_err(|_| NetworkOptionsError::Proxy));
        let proxy = proxy.transpose()?;
        let tls = Tls::new(reach.cacert.as_deref()).map_err(NetworkOptionsError::Cacert)?;
        let resolver = Resolver::new(reach.resolve, reach.allow_private, reach.allow_net);
        Ok(Self { resolver, proxied: proxy.is_some(), lines: Lines::new(tls, proxy, is_proxy_tls) })
    }

    /// Looks at one URL within the plan's time.
    pub(crate) async fn look(&self, address: &AssetUrl, plan: ProbeOptions) -> Observation {
        self.look_as(None, Progress::default(), address, plan).await
    }

    /// Looks at one URL as another client would, and notes how far it comes.
    async fn look_as(
        &self,
        agent: Option<HeaderValue>,
        progress: Progress,
        address: &AssetUrl,
        plan: ProbeOptions,
    ) -> Observation {
        let mut seen = Observation { observed_at: now(), ..Observation::default() };
        let (deadline, watch) = (Deadline::new(plan.timeout), progress.stopwatch());
        let head = match self.approach(address, deadline, progress, &mut seen).await {
            Ok(caller) => {
                let mut caller = Caller { agent, ..caller };
                let head = match self.at_once(&mut caller, plan, &mut seen).await {
                    Some(head) => head,
                    None => ask(&mut caller, plan, &mut seen).await,
                };
                caller.line.give_back();
                head
            }
            Err(trouble) => RequestOutcome::Failed { error: trouble, elapsed: watch.elapsed() },
        };
        Observation { head, ..seen }
    }

    /// Finds out where the URL leads, and makes sure that one may go there.
    async fn approach(
        &self,
        address: &AssetUrl,
        deadline: Deadline,
        progress: Progress,
        seen: &mut Observation,
    ) -> Result<Caller<'_>, FetchError> {
        let url = bare(address)?;
        let (Some(host), Some(port)) = (url.domain(), url.port_or_known_default()) else {
            return Err(FetchError::Dns(DnsError::InvalidName));
        };
        let addresses = if self.proxied {
            None
        } else {
            let found = loop {
                match deadline.of(&progress, self.resolver.addresses(host, port)).await? {
                    Err(FetchError::LocalResourcesExhausted(what)) => {
                        deadline.await_supply(&what, &progress, &self.lines).await?
                    }
                    found => break found?,
                }
            };
            seen.addresses.clone_from(&found);
            self.resolver.vet(&found)?;
            Some(found.into())
        };
        let line = deadline.of(&progress, self.lines.take(&url, addresses, deadline.limit)).await??;
        Ok(Caller { line, url, progress, deadline, agent: None })
    }
}

/// Sends the HEAD and, where that still can tell something, the GET. Returns the answer to the HEAD.
async fn ask(caller: &mut Caller<'_>, plan: ProbeOptions, seen: &mut Observation) -> RequestOutcome {
    let answer = head(caller).await;
    let in_vain = answer.error().is_some_and(would_recur);
    if plan.depth != Depth::Head && !in_vain {
        download::download(caller, plan, seen).await;
    }
    answer
}

/// Sends the HEAD. Its time counts from the first question for the name.
async fn head(caller: &mut Caller<'_>) -> RequestOutcome {
    let watch = caller.progress.since(caller.deadline.start);
    match caller.send(Method::HEAD, None).await {
        Ok(response) => RequestOutcome::Response(caller.head_of(&response, watch.elapsed())),
        Err(trouble) => RequestOutcome::Failed { error: trouble, elapsed: watch.elapsed() },
    }
}

/// Says whether a GET would only meet the same trouble again as the HEAD: whatever comes before a request is read.
fn would_recur(trouble: &FetchError) -> bool {
    match trouble {
        FetchError::Dns(_)
        | FetchError::AddressBlocked { .. }
        | FetchError::ConnectionRefused
        | FetchError::Unreachable
        | FetchError::Timeout { .. }
        | FetchError::Tls(_)
        | FetchError::LocalResourcesExhausted(_)
        | FetchError::LocalNetwork(_) => true,
        FetchError::ConnectionReset(phase) | FetchError::ConnectionClosed(phase) => match phase {
            Phase::Resolve | Phase::Connect | Phase::Handshake => true,
            Phase::Head | Phase::ResponseHeadPartial | Phase::Body => false,
        },
        FetchError::MalformedResponse(_)
        | FetchError::AmbiguousResponse(_)
        | FetchError::TruncatedBody { .. }
        | FetchError::Other(_) => false,
    }
}

/// Returns the URL as it is sent: without credentials, without a fragment, without the dot that may end the host.
/// What the judgement of addresses refuses is refused here again, so that no mistake there can dial it.
fn bare(address: &AssetUrl) -> Result<Url, FetchError> {
    let mut url = address.url().clone();
    if url.scheme() != "https" {
        return Err(FetchError::Other(UntrustedText::from("only https is dialled")));
    }
    let Some(domain) = address.domain() else {
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let ip = host.parse().map_err(|_| FetchError::Dns(DnsError::InvalidName))?;
        let range = forbidden(ip).unwrap_or("an address instead of a domain");
        return Err(FetchError::AddressBlocked { address: ip, range });
    };
    // Most have nothing that is to be taken away.
    let named = url.domain() == Some(domain) || url.set_host(Some(domain)).is_ok();
    let stripped = !address.has_credentials() || url.set_username("").is_ok() && url.set_password(None).is_ok();
    url.set_fragment(None);
    if named && stripped { Ok(url) } else { Err(FetchError::Dns(DnsError::InvalidName)) }
}

/// Returns the wall clock in seconds since 1970.
fn now() -> Option<u64> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|time| time.as_secs())
}
