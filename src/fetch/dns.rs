//! A host's name becomes the addresses that may be dialled: asked once a run, vetted each time.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::fetch::dns::query::Said;
use crate::fetch::local_error;
use crate::observation::{DnsError, FetchError};
use crate::special_ip::{Net, forbidden_unless, is_host_name};

mod hosts_file;
mod query;

/// Asks for the addresses of hosts, each host once.
#[derive(Debug)]
pub(crate) struct Resolver {
    overrides: Vec<ResolveOverride>,
    allow_private: bool,
    allow_net: Vec<Net>,
    known: Mutex<Known>,
}

/// Addresses given on the command line for one host and port, as curl's `--resolve HOST:PORT:ADDR[,ADDR]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveOverride {
    host: String,
    port: u16,
    addresses: Vec<IpAddr>,
}

/// The answers so far, the oldest first.
#[derive(Debug, Default)]
struct Known {
    answers: HashMap<Arc<str>, Answer>,
    order: VecDeque<Arc<str>>,
}

/// One answer; whoever comes second waits for the first.
type Answer = Arc<OnceCell<Result<Vec<IpAddr>, DnsError>>>;

/// How many hosts are remembered; the oldest is forgotten first.
const HOSTS: usize = 4096;

/// How long the name servers may take, within the time of the asset.
const PATIENCE: Duration = Duration::from_secs(5);

impl Resolver {
    /// Starts with nothing known.
    pub(crate) fn new(overrides: Vec<ResolveOverride>, allow_private: bool, allow_net: Vec<Net>) -> Self {
        Self { overrides, allow_private, allow_net, known: Mutex::default() }
    }

    /// Returns the addresses of a host, not vetted yet.
    ///
    /// # Errors
    /// Where the name cannot be one, leads nowhere, or this machine could not ask.
    pub(crate) async fn addresses(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, FetchError> {
        if let Some(given) = self.overrides.iter().find(|given| given.is_for(host, port)) {
            return Ok(given.addresses.clone());
        }
        if !is_host_name(host) {
            return Err(FetchError::Dns(DnsError::InvalidName));
        }
        let answer = self.known.lock().unwrap_or_else(PoisonError::into_inner).answer(host);
        let answer = answer.get_or_try_init(|| ask(host)).await.map_err(|error| unasked(&error))?;
        answer.clone().map_err(FetchError::Dns)
    }

    /// Says which of a host's addresses keeps it from being dialled: one bad address among good ones is enough.
    ///
    /// # Errors
    /// The first such address.
    pub(crate) fn vet(&self, addresses: &[IpAddr]) -> Result<(), FetchError> {
        let blocked = |address: &IpAddr| {
            forbidden_unless(&self.allow_net, *address)
                .map(|range| FetchError::AddressBlocked { address: *address, range })
        };
        match addresses.iter().find_map(blocked) {
            Some(trouble) if !self.allow_private => Err(trouble),
            Some(_) | None => Ok(()),
        }
    }
}

impl Known {
    fn answer(&mut self, host: &str) -> Answer {
        if let Some(answer) = self.answers.get(host) {
            return Arc::clone(answer);
        }
        if self.order.len() >= HOSTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
        let host: Arc<str> = host.into();
        self.order.push_back(Arc::clone(&host));
        Arc::clone(self.answers.entry(host).or_default())
    }
}

/// Says what kept this machine from asking.
fn unasked(error: &io::Error) -> FetchError {
    let other = || FetchError::LocalNetwork(format!("the host's name could not be looked up: {error}"));
    local_error::trouble(error).unwrap_or_else(other)
}

/// What a resolver answers. The outer error is trouble of this machine.
type Found = io::Result<Result<Vec<IpAddr>, DnsError>>;

/// Asks this machine's resolver. The outer error is trouble of this machine and is not remembered.
async fn ask(host: &str) -> Found {
    let host = host.to_owned();
    let asking = tokio::task::spawn_blocking(move || ask_blocking(&host));
    match timeout(PATIENCE, asking).await {
        Ok(answer) => answer.map_err(io::Error::other)?,
        Err(_) => Ok(Err(DnsError::ServerTimeout { timeout: PATIENCE })),
    }
}

/// Reads the hosts file, then asks for the name with a dot at its end, so that no search list is applied to it and no
/// `h.com.corp.lan` leaves this machine. (C libraries do not find names with that dot in the hosts file.)
fn ask_blocking(host: &str) -> Found {
    let known = hosts_file::addresses(host)?;
    if !known.is_empty() {
        return Ok(Ok(known));
    }
    let found = look_up(host)?;
    if found != Err(DnsError::Unknown) {
        return Ok(found);
    }
    without_answer(query::ask(host)?, || look_up(host))
}

/// Says why the resolver had no answer, in the light of what the name server says; where that has one, asks again.
fn without_answer(said: Said, again: impl FnOnce() -> Found) -> Found {
    match said {
        // It was this machine that could not ask a moment ago.
        Said::Answered => match again()? {
            Err(DnsError::Unknown) => Err(io::Error::new(io::ErrorKind::AddrNotAvailable, UNASKED)),
            found => Ok(found),
        },
        Said::Failed => Ok(Err(DnsError::ServerFailed)),
        Said::Refused => Ok(Err(DnsError::ServerRefused)),
        Said::Unclear => Ok(Err(DnsError::Unknown)),
    }
}

/// Why there was no answer though the name server gives one; having no port to ask from is the usual reason.
const UNASKED: &str = "the name server answers, but this machine's resolver could not ask it";

fn look_up(host: &str) -> Found {
    match (format!("{host}."), 0).to_socket_addrs() {
        Ok(found) => Ok(distinct(found.map(|address| address.ip()))),
        Err(error) => name_trouble(error).map(Err),
    }
}

/// Collects addresses, each once: C libraries name one for each kind of socket.
fn distinct(found: impl Iterator<Item = IpAddr>) -> Result<Vec<IpAddr>, DnsError> {
    let mut seen = HashSet::new();
    let addresses: Vec<IpAddr> = found.filter(|address| seen.insert(*address)).collect();
    if addresses.is_empty() { Err(DnsError::NoAddress) } else { Ok(addresses) }
}

/// Tells "no such name" from "no answer"; an error of the system itself is trouble of this machine.
///
/// The standard library keeps only the text of the C library's answer; Windows has numbers.
fn name_trouble(error: io::Error) -> io::Result<DnsError> {
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
        const FORM: &str = "the form is HOST:PORT:ADDR[,ADDR]";
        let (host, rest) = text.split_once(':').ok_or(FORM)?;
        let (port, addresses) = rest.split_once(':').ok_or(FORM)?;
        let host = host.strip_suffix('.').unwrap_or(host);
        if !is_host_name(host) {
            return Err("the host is no domain name");
        }
        let port = port.parse().map_err(|_| "the port is not a number from 0 to 65535")?;
        let address = |text: &str| text.trim_start_matches('[').trim_end_matches(']').parse();
        let addresses: Result<_, _> = addresses.split(',').map(address).collect();
        Ok(Self { host: host.to_owned(), port, addresses: addresses.map_err(|_| "that is no IP address")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    fn resolver(overrides: &[&str], allow_private: bool) -> Resolver {
        Resolver::new(overrides.iter().map(|text| text.parse().expect(text)).collect(), allow_private, Vec::new())
    }

    #[tokio::test]
    async fn overrides_hold_for_their_port_only() {
        let resolver = resolver(&["H.com:8443:8.8.8.8,[2606:4700::1]"], false);
        let found = resolver.addresses("h.com", 8443).await;
        assert_eq!(found, Ok(vec![ip("8.8.8.8"), ip("2606:4700::1")]));
        assert_eq!(resolver.addresses("h..com", 443).await, Err(FetchError::Dns(DnsError::InvalidName)));
        let [given] = resolver.overrides.as_slice() else { panic!("one was given") };
        assert!(given.is_for("H.com", 8443) && !given.is_for("h.com", 443) && !given.is_for("g.com", 8443));
    }

    #[test]
    fn overrides_that_cannot_be_read() {
        for text in ["", "h.com", "h.com:443", "h.com:443:", "h.com:x:1.1.1.1", "h.com:443:h.org", "*:443:1.1.1.1"] {
            assert!(text.parse::<ResolveOverride>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_bad_address_blocks_the_host() {
        let blocked = |range| Err(FetchError::AddressBlocked { address: ip("127.0.0.1"), range });
        let strict = resolver(&[], false);
        assert_eq!(strict.vet(&[ip("8.8.8.8"), ip("127.0.0.1")]), blocked("loopback"));
        assert_eq!(strict.vet(&[ip("127.0.0.1"), ip("10.0.0.1")]), blocked("loopback"));
        assert_eq!(strict.vet(&[ip("8.8.8.8"), ip("1.1.1.1")]), Ok(()));
        assert_eq!(resolver(&[], true).vet(&[ip("127.0.0.1")]), Ok(()));
    }

    #[tokio::test]
    async fn a_name_of_the_hosts_file_is_found() {
        let found = resolver(&[], false).addresses("localhost", 443).await.expect("every machine has it");
        assert!(!found.is_empty() && found.iter().all(IpAddr::is_loopback), "{found:?}");
    }

    #[tokio::test]
    async fn a_name_that_nobody_can_have_is_not_found() {
        // RFC 2606 keeps the domain free. A machine without name servers gets no answer about it either.
        let found = resolver(&[], false).addresses("no-such-host.invalid", 443).await;
        assert!(matches!(found, Err(FetchError::Dns(DnsError::NotFound | DnsError::Unknown))), "{found:?}");
    }

    #[test]
    fn the_name_server_says_why_there_was_no_answer() {
        let never = || -> Found { panic!("there is nothing to be asked again") };
        let silent = |said| without_answer(said, never).expect("the server's answer").expect_err("no addresses");
        assert_eq!(silent(Said::Failed), DnsError::ServerFailed);
        assert_eq!(silent(Said::Refused), DnsError::ServerRefused);
        assert_eq!(silent(Said::Unclear), DnsError::Unknown);
        let again = |found: Result<Vec<IpAddr>, DnsError>| without_answer(Said::Answered, || Ok(found));
        assert_eq!(again(Ok(vec![ip("8.8.8.8")])).ok(), Some(Ok(vec![ip("8.8.8.8")])));
        assert_eq!(again(Err(DnsError::NotFound)).ok(), Some(Err(DnsError::NotFound)));
        let shortage = again(Err(DnsError::Unknown)).expect_err("this machine could not ask, twice");
        assert!(matches!(unasked(&shortage), FetchError::LocalResourcesExhausted(_)), "{shortage}");
        let other = unasked(&io::Error::other("no resolver"));
        assert!(matches!(&other, FetchError::LocalNetwork(what) if what.ends_with("no resolver")), "{other:?}");
    }

    #[test]
    fn overrides_are_written_as_they_are_read() {
        let text = "h.com:443:8.8.8.8,2606:4700::1";
        assert_eq!(text.parse::<ResolveOverride>().expect("an override").to_string(), text);
    }

    #[test]
    fn each_address_counts_once() {
        let [one, two] = [ip("8.8.8.8"), ip("2606:4700::1")];
        assert_eq!(distinct([one, two, one, two].into_iter()), Ok(vec![one, two]));
        assert_eq!(distinct(std::iter::empty()), Err(DnsError::NoAddress));
    }

    #[test]
    fn hosts_are_asked_once_and_the_oldest_is_forgotten() {
        let mut known = Known::default();
        let first = known.answer("0.h.com");
        assert!(Arc::ptr_eq(&first, &known.answer("0.h.com")));
        for number in 1..=HOSTS {
            known.answer(&format!("{number}.h.com"));
        }
        assert_eq!(known.answers.len(), HOSTS);
        assert!(!Arc::ptr_eq(&first, &known.answer("0.h.com")));
    }

    #[test]
    fn answers_of_the_c_library_are_told_apart() {
        let case = |text: &str, trouble| assert_eq!(name_trouble(io::Error::other(text)).ok(), Some(trouble), "{text}");
        let lookup = "failed to lookup address information";
        case(&format!("{lookup}: Name or service not known"), DnsError::NotFound);
        case(&format!("{lookup}: No address associated with hostname"), DnsError::NoAddress);
        case(&format!("{lookup}: nodename nor servname provided, or not known"), DnsError::NotFound);
        case(&format!("{lookup}: Temporary failure in name resolution"), DnsError::Unknown);
        case(&format!("{lookup}: Non-recoverable failure in name resolution"), DnsError::Unknown);
        case(&format!("{lookup}: Try again"), DnsError::Unknown);
        assert!(name_trouble(io::Error::from_raw_os_error(24)).is_err());
        let numbered = |code: i32| name_trouble(io::Error::from_raw_os_error(code)).ok();
        assert_eq!(numbered(11_001), Some(DnsError::NotFound));
        assert_eq!(numbered(11_004), Some(DnsError::NoAddress));
        for code in [11_002, 11_003] {
            assert_eq!(numbered(code), Some(DnsError::Unknown), "{code}");
        }
    }
}
