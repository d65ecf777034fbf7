//! A host's name becomes the addresses that may be dialled: asked once a run, vetted each time.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::network::forbidden;
use crate::observation::{NameTrouble, Trouble};
use crate::probe::hosts;

/// Asks for the addresses of hosts, each host once.
#[derive(Debug)]
pub(crate) struct Resolver {
    overrides: Vec<Override>,
    allow_private: bool,
    known: Mutex<Known>,
}

/// Addresses given on the command line for one host and port, as curl's `--resolve HOST:PORT:ADDR[,ADDR]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
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
type Answer = Arc<OnceCell<Result<Vec<IpAddr>, NameTrouble>>>;

/// How many hosts are remembered; the oldest is forgotten first.
const HOSTS: usize = 4096;

/// How long the name servers may take, within the time of the asset.
const PATIENCE: Duration = Duration::from_secs(5);

impl Resolver {
    /// Starts with nothing known.
    pub(crate) fn new(overrides: Vec<Override>, allow_private: bool) -> Self {
        Self { overrides, allow_private, known: Mutex::default() }
    }

    /// Returns the addresses of a host, not vetted yet.
    ///
    /// # Errors
    /// Where the name cannot be one, leads nowhere, or this machine could not ask.
    pub(crate) async fn addresses(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, Trouble> {
        if let Some(given) = self.overrides.iter().find(|given| given.is_for(host, port)) {
            return Ok(given.addresses.clone());
        }
        if !is_well_formed(host) {
            return Err(Trouble::Name(NameTrouble::Malformed));
        }
        let answer = self.known.lock().unwrap_or_else(PoisonError::into_inner).answer(host);
        let answer = answer.get_or_try_init(|| ask(host)).await.map_err(|error| Trouble::Local(error.to_string()))?;
        answer.clone().map_err(Trouble::Name)
    }

    /// Says which of a host's addresses keeps it from being dialled: one bad address among good ones is enough.
    ///
    /// # Errors
    /// The first such address.
    pub(crate) fn vet(&self, addresses: &[IpAddr]) -> Result<(), Trouble> {
        let blocked = |address: &IpAddr| forbidden(*address).map(|range| Trouble::Blocked { address: *address, range });
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

/// Asks this machine's resolver. The outer error is trouble of this machine and is not remembered.
async fn ask(host: &str) -> io::Result<Result<Vec<IpAddr>, NameTrouble>> {
    let host = host.to_owned();
    let asking = tokio::task::spawn_blocking(move || ask_blocking(&host));
    match timeout(PATIENCE, asking).await {
        Ok(answer) => answer.map_err(io::Error::other)?,
        Err(_) => Ok(Err(NameTrouble::NoAnswer)),
    }
}

/// Reads the hosts file, then asks for the name with a dot at its end, so that no search list is applied to it and no
/// `h.com.corp.lan` leaves this machine. (C libraries do not find names with that dot in the hosts file.)
fn ask_blocking(host: &str) -> io::Result<Result<Vec<IpAddr>, NameTrouble>> {
    let known = hosts::addresses(host);
    if !known.is_empty() {
        return Ok(Ok(known));
    }
    match (format!("{host}."), 0).to_socket_addrs() {
        Ok(found) => Ok(distinct(found.map(|address| address.ip()))),
        Err(error) => name_trouble(error).map(Err),
    }
}

/// Collects addresses, each once: C libraries name one for each kind of socket.
fn distinct(found: impl Iterator<Item = IpAddr>) -> Result<Vec<IpAddr>, NameTrouble> {
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() { Err(NameTrouble::NotFound) } else { Ok(addresses) }
}

/// Tells "no such name" from "no answer"; an error of the system itself is trouble of this machine.
///
/// The standard library keeps only the text of the C library's answer; Windows has numbers.
fn name_trouble(error: io::Error) -> io::Result<NameTrouble> {
    const WINDOWS_NOT_FOUND: [i32; 2] = [11_001, 11_004];
    const WINDOWS_NO_ANSWER: [i32; 2] = [11_002, 11_003];
    const NO_ANSWER: [&str; 3] = ["Temporary failure", "Try again", "on-recoverable"];
    match error.raw_os_error() {
        Some(code) if WINDOWS_NOT_FOUND.contains(&code) => Ok(NameTrouble::NotFound),
        Some(code) if WINDOWS_NO_ANSWER.contains(&code) => Ok(NameTrouble::NoAnswer),
        Some(_) => Err(error),
        None => {
            let text = error.to_string();
            let no_answer = NO_ANSWER.iter().any(|words| text.contains(words));
            Ok(if no_answer { NameTrouble::NoAnswer } else { NameTrouble::NotFound })
        }
    }
}

/// Says whether a domain can be a host's name (RFC 1123 section 2.1, and the underscore that is seen in the wild).
/// URL parsers accept more than name servers and certificates do.
fn is_well_formed(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.len() <= 253 && host.split('.').all(label)
}

impl Override {
    fn is_for(&self, host: &str, port: u16) -> bool {
        self.port == port && self.host.eq_ignore_ascii_case(host)
    }
}

impl FromStr for Override {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "the form is HOST:PORT:ADDR[,ADDR]";
        let (host, rest) = text.split_once(':').ok_or(FORM)?;
        let (port, addresses) = rest.split_once(':').ok_or(FORM)?;
        let host = host.strip_suffix('.').unwrap_or(host);
        if !is_well_formed(host) {
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
        Resolver::new(overrides.iter().map(|text| text.parse().expect(text)).collect(), allow_private)
    }

    #[test]
    fn hosts_that_no_name_server_could_know() {
        let label = "a".repeat(63);
        for host in ["h.com", "xn--a-ecp.com", "_dmarc.h.com", "1.h.com", &label, &[label.as_str(); 3].join(".")] {
            assert!(is_well_formed(host), "{host}");
        }
        let long = [label.as_str(); 4].join(".");
        for host in
            ["", ".", "h..com", ".h.com", "h.com.", "-a.com", "a-.com", "a!b.com", &format!("{label}a.com"), &long]
        {
            assert!(!is_well_formed(host), "{host}");
        }
        assert!(is_well_formed(&long[..253]));
        assert!(!is_well_formed(&long[..254]));
    }

    #[tokio::test]
    async fn overrides_hold_for_their_port_only() {
        let resolver = resolver(&["H.com:8443:8.8.8.8,[2606:4700::1]"], false);
        let found = resolver.addresses("h.com", 8443).await;
        assert_eq!(found, Ok(vec![ip("8.8.8.8"), ip("2606:4700::1")]));
        assert_eq!(resolver.addresses("h..com", 443).await, Err(Trouble::Name(NameTrouble::Malformed)));
        let [given] = resolver.overrides.as_slice() else { panic!("one was given") };
        assert!(given.is_for("H.com", 8443) && !given.is_for("h.com", 443) && !given.is_for("g.com", 8443));
    }

    #[test]
    fn overrides_that_cannot_be_read() {
        for text in ["", "h.com", "h.com:443", "h.com:443:", "h.com:x:1.1.1.1", "h.com:443:h.org", "*:443:1.1.1.1"] {
            assert!(text.parse::<Override>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_bad_address_blocks_the_host() {
        let blocked = |range| Err(Trouble::Blocked { address: ip("127.0.0.1"), range });
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
        assert!(matches!(found, Err(Trouble::Name(NameTrouble::NotFound | NameTrouble::NoAnswer))), "{found:?}");
    }

    #[test]
    fn each_address_counts_once() {
        let [one, two] = [ip("8.8.8.8"), ip("2606:4700::1")];
        assert_eq!(distinct([one, two, one, two].into_iter()), Ok(vec![one, two]));
        assert_eq!(distinct(std::iter::empty()), Err(NameTrouble::NotFound));
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
        case(&format!("{lookup}: Name or service not known"), NameTrouble::NotFound);
        case(&format!("{lookup}: No address associated with hostname"), NameTrouble::NotFound);
        case(&format!("{lookup}: nodename nor servname provided, or not known"), NameTrouble::NotFound);
        case(&format!("{lookup}: Temporary failure in name resolution"), NameTrouble::NoAnswer);
        case(&format!("{lookup}: Non-recoverable failure in name resolution"), NameTrouble::NoAnswer);
        case(&format!("{lookup}: Try again"), NameTrouble::NoAnswer);
        assert!(name_trouble(io::Error::from_raw_os_error(24)).is_err());
        let numbered = |code: i32| name_trouble(io::Error::from_raw_os_error(code)).ok();
        for code in [11_001, 11_004] {
            assert_eq!(numbered(code), Some(NameTrouble::NotFound), "{code}");
        }
        for code in [11_002, 11_003] {
            assert_eq!(numbered(code), Some(NameTrouble::NoAnswer), "{code}");
        }
    }
}
