//! Resolves host names to addresses and checks that a connection to them is allowed.

use std::collections::HashSet;
use std::fmt;
use std::io;
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
const MAX_LOOKUPS: usize = 96;

/// The maximum number of look-up threads, including those whose look-up has timed out.
const MAX_THREADS: usize = 1024;

/// The timeout of a look-up, within that of the asset.
const TIMEOUT: Duration = Duration::from_secs(5);

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
        Err(DnsError::NotFound) => Ok(Err(match query::ask(host) {
            Ok(DnsStatus::Malformed) => DnsError::MalformedReply,
            Err(error) if matches!(local_error::classify(&error), Some(FetchError::LocalResourcesExhausted(_))) => {
                return Err(error);
            }
            Ok(_) | Err(_) => DnsError::NotFound,
        })),
        Err(DnsError::Unknown) => explain_failure(query::ask(host)?, || get_addresses(host)),
        found => Ok(found),
    }
}

/// Returns why the resolver had no answer, from the name server's status; if that has one, calls the resolver again.
fn explain_failure(status: DnsStatus, again: impl FnOnce() -> SystemResult) -> SystemResult {
    match status {
        // The earlier failure was this machine's.
        DnsStatus::Answered => match again()? {
            Err(DnsError::Unknown) => Err(io::Error::new(io::ErrorKind::AddrNotAvailable, UNASKED)),
            found => Ok(found),
        },
        DnsStatus::Failed => Ok(Err(DnsError::ServerFailed)),
        DnsStatus::Refused => Ok(Err(DnsError::ServerRefused)),
        DnsStatus::Malformed => Ok(Err(DnsError::MalformedReply)),
        DnsStatus::Unknown => Ok(Err(DnsError::Unknown)),
    }
}

/// The error if the resolver fails although the name server answers; usually no local port is left.
const UNASKED: &str = "the name server answers, but the resolver of this machine could not query it";

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

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    fn resolver(overrides: &[&str], allow_private: bool) -> Resolver {
        let overrides = overrides.iter().map(|text| text.parse().expect(text)).collect();
        Resolver::new(overrides, allow_private, Vec::new(), &LoopClock::default())
    }

    /// Answers after a while.
    fn slowly(milliseconds: u64) -> impl FnOnce() -> SystemResult {
        move || {
            std::thread::sleep(Duration::from_millis(milliseconds));
            Ok(Ok(vec![ip("8.8.8.8")]))
        }
    }

    #[tokio::test]
    async fn the_wait_for_a_thread_is_not_the_name_servers() {
        let resolver = Resolver { workers: Workers::new(1), ..resolver(&[], false) };
        let limit = Duration::from_millis(400);
        let other = resolver.query(slowly(600), Duration::from_secs(10));
        let (other, (answer, elapsed)) = tokio::join!(other, resolver.query(slowly(0), limit));
        assert!(other.1 >= limit, "the thread was busy for {:?}", other.1);
        assert!(matches!(answer, Ok(Ok(_))) && elapsed < limit, "{answer:?} after {elapsed:?}");
    }

    #[tokio::test]
    async fn a_stall_of_the_event_loop_is_not_the_name_servers() {
        let resolver = resolver(&[], false);
        resolver.clock.start();
        let limit = Duration::from_millis(800);
        let stall = async {
            tokio::time::sleep(Duration::from_millis(150)).await;
            std::thread::sleep(Duration::from_millis(900));
        };
        let ((answer, elapsed), ()) = tokio::join!(resolver.query(slowly(1250), limit), stall);
        assert!(matches!(answer, Ok(Ok(_))) && elapsed < limit, "{answer:?} after {elapsed:?}");
        let (answer, _) = resolver.query(slowly(300), Duration::from_millis(100)).await;
        assert!(matches!(answer, Ok(Err(DnsError::ServerTimeout { .. }))), "{answer:?}");
    }

    #[tokio::test]
    async fn overrides_apply_to_their_port_only() {
        let resolver = resolver(&["H.com:8443:8.8.8.8,[2606:4700::1]"], false);
        let found = resolver.addresses("h.com", 8443, false).await;
        assert_eq!(found.0, Ok(vec![ip("8.8.8.8"), ip("2606:4700::1")]));
        assert_eq!(resolver.addresses("h..com", 443, false).await.0, Err(FetchError::Dns(DnsError::InvalidName)));
        let [given] = resolver.overrides.as_slice() else { panic!("one was given") };
        assert!(given.is_for("H.com", 8443) && !given.is_for("h.com", 443) && !given.is_for("g.com", 8443));
    }

    #[test]
    fn malformed_overrides_are_refused() {
        for text in ["", "h.com", "h.com:443", "h.com:443:", "h.com:x:1.1.1.1", "h.com:443:h.org", "*:443:1.1.1.1"] {
            assert!(text.parse::<ResolveOverride>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_bad_address_blocks_the_host() {
        let blocked = |range| Err(FetchError::AddressBlocked { address: ip("127.0.0.1"), range });
        let strict = resolver(&[], false);
        assert_eq!(strict.check_allowed(&[ip("8.8.8.8"), ip("127.0.0.1")]), blocked("loopback"));
        assert_eq!(strict.check_allowed(&[ip("127.0.0.1"), ip("10.0.0.1")]), blocked("loopback"));
        assert_eq!(strict.check_allowed(&[ip("8.8.8.8"), ip("1.1.1.1")]), Ok(()));
        assert_eq!(resolver(&[], true).check_allowed(&[ip("127.0.0.1")]), Ok(()));
    }

    #[tokio::test]
    async fn a_name_in_the_hosts_file_is_found() {
        let found = resolver(&[], false).addresses("localhost", 443, false).await.0.expect("every machine has it");
        assert!(!found.is_empty() && found.iter().all(IpAddr::is_loopback), "{found:?}");
    }

    #[tokio::test]
    async fn a_reserved_name_is_not_found() {
        // RFC 2606 reserves the domain. If no name server can be reached, the error is this machine's.
        let found = resolver(&[], false).addresses("no-such-host.invalid", 443, false).await.0;
        assert!(matches!(found, Err(FetchError::Dns(DnsError::NotFound) | FetchError::LocalNetwork(_))), "{found:?}");
    }

    #[test]
    fn the_name_server_explains_a_failure() {
        let never = || -> SystemResult { panic!("the resolver is not called again") };
        let failure = |status| explain_failure(status, never).expect("the server's answer").expect_err("no addresses");
        assert_eq!(failure(DnsStatus::Failed), DnsError::ServerFailed);
        assert_eq!(failure(DnsStatus::Refused), DnsError::ServerRefused);
        assert_eq!(failure(DnsStatus::Malformed), DnsError::MalformedReply);
        assert_eq!(failure(DnsStatus::Unknown), DnsError::Unknown);
        let again = |found: Result<Vec<IpAddr>, DnsError>| explain_failure(DnsStatus::Answered, || Ok(found));
        assert_eq!(again(Ok(vec![ip("8.8.8.8")])).ok(), Some(Ok(vec![ip("8.8.8.8")])));
        assert_eq!(again(Err(DnsError::NotFound)).ok(), Some(Err(DnsError::NotFound)));
        let shortage = again(Err(DnsError::Unknown)).expect_err("this machine failed twice");
        assert!(matches!(lookup_error(&shortage), FetchError::LocalResourcesExhausted(_)), "{shortage}");
        let other = lookup_error(&io::Error::other("no resolver"));
        assert!(matches!(&other, FetchError::LocalNetwork(what) if what.ends_with("no resolver")), "{other:?}");
    }

    #[test]
    fn overrides_round_trip_through_their_text() {
        let text = "h.com:443:8.8.8.8,2606:4700::1";
        assert_eq!(text.parse::<ResolveOverride>().expect("an override").to_string(), text);
    }

    #[test]
    fn duplicate_addresses_are_removed() {
        let [one, two] = [ip("8.8.8.8"), ip("2606:4700::1")];
        assert_eq!(distinct([one, two, one, two].into_iter()), Ok(vec![one, two]));
        assert_eq!(distinct(std::iter::empty()), Err(DnsError::NoAddress));
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_looked_up_again() {
        let elapsed = Duration::from_secs(5);
        let lookup = |result| Lookup { result, elapsed, finished: Instant::now() };
        let failure = |error| lookup(Err(FetchError::Dns(error)));
        let stale = |lookup: &Lookup| (lookup.is_stale(false), lookup.is_stale(true));
        assert_eq!(stale(&lookup(Ok(vec![ip("8.8.8.8")]))), (false, false));
        assert_eq!(stale(&failure(DnsError::NotFound)), (true, true));
        assert_eq!(stale(&failure(DnsError::ServerFailed)), (true, true));
        assert_eq!(stale(&lookup(Err(FetchError::LocalNetwork("down".to_owned())))), (true, true));
        let silent = failure(DnsError::ServerTimeout { timeout: elapsed });
        assert_eq!(stale(&silent), (false, true));
        tokio::time::advance(elapsed).await;
        assert_eq!(stale(&silent), (true, true));
    }

    #[test]
    fn errors_of_the_c_library_are_distinguished() {
        let case = |text: &str, error| assert_eq!(classify(io::Error::other(text)).ok(), Some(error), "{text}");
        let lookup = "failed to lookup address information";
        case(&format!("{lookup}: Name or service not known"), DnsError::NotFound);
        case(&format!("{lookup}: No address associated with hostname"), DnsError::NoAddress);
        case(&format!("{lookup}: nodename nor servname provided, or not known"), DnsError::NotFound);
        case(&format!("{lookup}: Temporary failure in name resolution"), DnsError::Unknown);
        case(&format!("{lookup}: Non-recoverable failure in name resolution"), DnsError::Unknown);
        case(&format!("{lookup}: Try again"), DnsError::Unknown);
        assert!(classify(io::Error::from_raw_os_error(24)).is_err());
        let numbered = |code: i32| classify(io::Error::from_raw_os_error(code)).ok();
        assert_eq!(numbered(11_001), Some(DnsError::NotFound));
        assert_eq!(numbered(11_004), Some(DnsError::NoAddress));
        for code in [11_002, 11_003] {
            assert_eq!(numbered(code), Some(DnsError::Unknown), "{code}");
        }
    }
}
