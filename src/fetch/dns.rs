//! Resolves host names to addresses and checks that a connection to them is allowed.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::net::{IpAddr, ToSocketAddrs as _};
use std::pin::pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, timeout};

use crate::fetch::dns::query::DnsStatus;
use crate::fetch::local_error;
use crate::fetch::loop_clock::LoopClock;
use crate::fetch::once_map::OnceMap;
use crate::fetch::tracker::RequestTracker;
use crate::fetch::workers::Workers;
use crate::observation::{DnsError, FetchError};
use crate::special_ip::{blocked_range, is_host_name};

mod hosts_file;
mod query;
#[cfg(test)]
mod tests;

/// Resolves host names. Addresses are cached for the run; failures are shared only by concurrent look-ups.
#[derive(Debug)]
pub(crate) struct Resolver {
    overrides: Vec<ResolveOverride>,
    allow_private: bool,
    allow_net: Vec<IpNet>,
    cache: OnceMap<Arc<str>, Lookup>,
    /// Limits the look-ups in flight, without those that have timed out.
    permits: Semaphore,
    workers: Workers,
    clock: LoopClock,
}

/// Addresses given on the command line for one host and port, as curl's `--resolve HOST:PORT:ADDR[,ADDR]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveOverride {
    host: String,
    port: u16,
    addresses: Vec<IpAddr>,
}

/// A finished look-up.
#[derive(Clone, Debug)]
struct Lookup {
    result: Result<Vec<IpAddr>, FetchError>,
    /// How long it took, without the wait for a thread and without stalls of the event loop.
    elapsed: Duration,
    finished: Instant,
}

/// The maximum number of hosts in the cache.
const MAX_HOSTS: usize = 4096;

/// The maximum number of look-ups in flight: more would overload a small name server. Each blocks a thread, for up to
/// half a minute if the name servers do not answer.
const MAX_LOOKUPS: usize = 128;

/// The maximum number of look-up threads, including those whose look-up has timed out.
const MAX_THREADS: usize = 1024;

/// The timeout of a look-up, within that of the asset. C libraries ask again after five seconds, so that one lost packet
/// is not the end of an asset.
const TIMEOUT: Duration = Duration::from_secs(7);

impl Lookup {
    /// Returns whether the name must be looked up again, as after every failure. A name server that did not answer is
    /// not queried again until as much time has passed as the look-up took, unless this is a retry.
    fn is_stale(&self, is_retry: bool) -> bool {
        let silent = matches!(self.result, Err(FetchError::Dns(DnsError::ServerTimeout { .. } | DnsError::Unknown)));
        self.result.is_err() && (is_retry || !silent || self.finished.elapsed() >= self.elapsed)
    }
}

impl Resolver {
    /// Creates a resolver with an empty cache, on the clock of the event loop.
    pub(crate) fn new(
        overrides: Vec<ResolveOverride>,
        allow_private: bool,
        allow_net: Vec<IpNet>,
        clock: &LoopClock,
    ) -> Self {
        let (cache, permits) = (OnceMap::new(MAX_HOSTS), Semaphore::new(MAX_LOOKUPS));
        let (workers, clock) = (Workers::new(MAX_THREADS), clock.clone());
        Self { overrides, allow_private, allow_net, cache, permits, workers, clock }
    }

    /// Returns the addresses of a host, which are not checked yet, and how long the look-up took. The wait for a thread
    /// does not count.
    ///
    /// # Errors
    /// If the name is invalid or cannot be resolved, or this machine could not send the query.
    pub(crate) async fn addresses(
        &self,
        host: &str,
        port: u16,
        is_retry: bool,
    ) -> (Result<Vec<IpAddr>, FetchError>, Duration) {
        if let Some(given) = self.overrides.iter().find(|given| given.is_for(host, port)) {
            return (Ok(given.addresses.clone()), Duration::ZERO);
        }
        if !is_host_name(host) {
            return (Err(FetchError::Dns(DnsError::InvalidName)), Duration::ZERO);
        }
        let (start, host) = (Instant::now(), Arc::from(host));
        let mut cell = self.cache.entry(&host);
        if cell.get().is_some_and(|lookup| lookup.is_stale(is_retry)) {
            cell = self.cache.renew(&host, &cell);
        }
        let lookup = cell.get_or_init(|| self.look_up(&host)).await;
        (lookup.result.clone(), lookup.elapsed.min(start.elapsed()))
    }

    async fn look_up(&self, host: &str) -> Lookup {
        let _permit = self.permits.acquire().await;
        let host = host.to_owned();
        let (answer, elapsed) = self.query(move || query_blocking(&host), TIMEOUT).await;
        let result = match answer {
            Ok(found) => found.map_err(FetchError::Dns),
            Err(error) => Err(lookup_error(&error)),
        };
        Lookup { result, elapsed, finished: Instant::now() }
    }

    /// Queries the resolver of this machine, which may block its thread beyond the limit. Returns how long that took.
    async fn query(
        &self,
        query: impl FnOnce() -> SystemResult + Send + 'static,
        limit: Duration,
    ) -> (SystemResult, Duration) {
        let (started, has_started) = oneshot::channel();
        let mut answer = pin!(self.workers.try_run(move || {
            let _ = started.send(());
            query()
        }));
        // 1. Wait for a thread: a shortage of threads or processor time is not the name server's.
        let early = tokio::select! {
            biased;
            _ = has_started => None,
            answer = &mut answer => Some(answer),
        };
        // 2. Wait for the answer.
        let watch = RequestTracker::new(&self.clock).stopwatch();
        let answer = match early {
            Some(answer) => answer,
            None => loop {
                if let Ok(answer) = timeout(limit.saturating_sub(watch.elapsed()), &mut answer).await {
                    break answer;
                }
                // The timer counts the time that the event loop was stalled, the stopwatch does not.
                if watch.elapsed() >= limit {
                    break Ok(Ok(Err(DnsError::ServerTimeout { timeout: limit })));
                }
            },
        };
        (answer.flatten(), watch.elapsed())
    }

    /// Checks that all addresses of a host may be connected to.
    ///
    /// # Errors
    /// The first blocked address, even if others are allowed.
    pub(crate) fn check_allowed(&self, addresses: &[IpAddr]) -> Result<(), FetchError> {
        let blocked = |address: &IpAddr| {
            blocked_range(&self.allow_net, *address)
                .map(|range| FetchError::AddressBlocked { address: *address, range })
        };
        match addresses.iter().find_map(blocked) {
            Some(error) if !self.allow_private => Err(error),
            Some(_) | None => Ok(()),
        }
    }
}

/// Returns the error if this machine could not look up a name.
fn lookup_error(error: &io::Error) -> FetchError {
    // C libraries leave no code if, for example, they may not open another file.
    let reason = match error.raw_os_error() {
        Some(0) => "the resolver of this machine failed without a reason".to_owned(),
        _ => error.to_string(),
    };
    let other = || FetchError::LocalNetwork(format!("the host name could not be looked up: {reason}"));
    local_error::classify(error).unwrap_or_else(other)
}

/// The result of the system's resolver. The outer error is a failure of this machine.
type SystemResult = io::Result<Result<Vec<IpAddr>, DnsError>>;

/// Reads the hosts file, then resolves the name with a trailing dot, so that no search list applies and no query for
/// `h.com.corp.lan` is sent. (C libraries do not find names with that dot in the hosts file.)
fn query_blocking(host: &str) -> SystemResult {
    let known = hosts_file::addresses(host)?;
    if !known.is_empty() {
        return Ok(Ok(known));
    }
    match get_addresses(host)? {
        // C libraries return the same error for a malformed reply, and if no file descriptor is left for the query.
        Err(DnsError::NotFound) => Ok(Err(match query::query_servers(host) {
            Ok(DnsStatus::Malformed) => DnsError::MalformedReply,
            Err(error) if matches!(local_error::classify(&error), Some(FetchError::LocalResourcesExhausted(_))) => {
                return Err(error);
            }
            Ok(_) | Err(_) => DnsError::NotFound,
        })),
        Err(DnsError::Unknown) => explain_failure(query::query_servers(host)?, || get_addresses(host)),
        found => Ok(found),
    }
}

/// Returns why the resolver had no answer, from the name server's status; if that has one, calls the resolver again.
fn explain_failure(status: DnsStatus, again: impl FnOnce() -> SystemResult) -> SystemResult {
    match status {
        // The earlier failure was this machine's.
        DnsStatus::Answered => match again()? {
            Err(DnsError::Unknown) => Err(io::Error::new(io::ErrorKind::AddrNotAvailable, RESOLVER_UNAVAILABLE)),
            found => Ok(found),
        },
        DnsStatus::Failed => Ok(Err(DnsError::ServerFailed)),
        DnsStatus::Refused => Ok(Err(DnsError::ServerRefused)),
        DnsStatus::Malformed => Ok(Err(DnsError::MalformedReply)),
        DnsStatus::Unknown => Ok(Err(DnsError::Unknown)),
    }
}

/// The error if the resolver fails although the name server answers; usually no local port is left.
const RESOLVER_UNAVAILABLE: &str = "the name server answers, but the resolver of this machine could not query it";

fn get_addresses(host: &str) -> SystemResult {
    match (format!("{host}."), 0).to_socket_addrs() {
        Ok(found) => Ok(distinct(found.map(|address| address.ip()))),
        Err(error) => classify(error).map(Err),
    }
}

/// Removes duplicate addresses: C libraries return each address once per socket type.
fn distinct(found: impl Iterator<Item = IpAddr>) -> Result<Vec<IpAddr>, DnsError> {
    let mut seen = HashSet::new();
    let addresses: Vec<IpAddr> = found.filter(|address| seen.insert(*address)).collect();
    if addresses.is_empty() { Err(DnsError::NoAddress) } else { Ok(addresses) }
}

/// Distinguishes "no such name" from "no answer". The outer error is a failure of this machine.
///
/// The standard library keeps only the text of the C library's error; on Windows it keeps the code.
fn classify(error: io::Error) -> io::Result<DnsError> {
    const WINDOWS_NOT_FOUND: i32 = 11_001;
    const WINDOWS_NO_ADDRESS: i32 = 11_004;
    const WINDOWS_NO_ANSWER: [i32; 2] = [11_002, 11_003];
    const NO_ADDRESS: [&str; 2] = ["No address associated", "no usable address"];
    const NO_ANSWER: [&str; 3] = ["Temporary failure", "Try again", "on-recoverable"];
    match error.raw_os_error() {
        Some(WINDOWS_NOT_FOUND) => Ok(DnsError::NotFound),
        Some(WINDOWS_NO_ADDRESS) => Ok(DnsError::NoAddress),
        Some(code) if WINDOWS_NO_ANSWER.contains(&code) => Ok(DnsError::Unknown),
        Some(_) => Err(error),
        None => {
            let text = error.to_string();
            Ok(match &text {
                text if NO_ANSWER.iter().any(|words| text.contains(words)) => DnsError::Unknown,
                text if NO_ADDRESS.iter().any(|words| text.contains(words)) => DnsError::NoAddress,
                _ => DnsError::NotFound,
            })
        }
    }
}

/// Reads the beginning of a file of the system; empty if the file is missing or not readable. Blocks.
fn read_if_readable(path: &str, limit: u64) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match File::open(path).and_then(|file| file.take(limit).read_to_end(&mut text)) {
        Ok(_) => Ok(text),
        Err(error) if [ErrorKind::NotFound, ErrorKind::PermissionDenied].contains(&error.kind()) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

impl ResolveOverride {
    fn is_for(&self, host: &str, port: u16) -> bool {
        self.port == port && self.host.eq_ignore_ascii_case(host)
    }
}

impl fmt::Display for ResolveOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses: Vec<String> = self.addresses.iter().map(ToString::to_string).collect();
        write!(f, "{}:{}:{}", self.host, self.port, addresses.join(","))
    }
}

impl FromStr for ResolveOverride {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "write HOST:PORT:ADDR[,ADDR]";
        let (host, rest) = text.split_once(':').ok_or(FORM)?;
        let (port, addresses) = rest.split_once(':').ok_or(FORM)?;
        let host = host.strip_suffix('.').unwrap_or(host);
        if !is_host_name(host) {
            return Err("the host is not a domain name");
        }
        let port = port.parse().map_err(|_| "the port is not a number from 0 to 65535")?;
        let address = |text: &str| text.trim_start_matches('[').trim_end_matches(']').parse();
        let addresses: Result<_, _> = addresses.split(',').map(address).collect();
        Ok(Self { host: host.to_owned(), port, addresses: addresses.map_err(|_| "ADDR is not an IP address")? })
    }
}
