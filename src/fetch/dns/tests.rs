//! Tests of look-ups that need no name server.

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
