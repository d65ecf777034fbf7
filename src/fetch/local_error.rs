//! Trouble of this machine itself, told from trouble of a server: what is short here, and what leads nowhere from here.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::observation::FetchError;

/// Says what an error of the system means if it tells of this machine alone; `None` where it may be the server's fault.
#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's kinds grow")]
pub(crate) fn trouble(error: &io::Error) -> Option<FetchError> {
    match error.kind() {
        // Every port that connections may leave from is taken.
        ErrorKind::AddrNotAvailable | ErrorKind::AddrInUse | ErrorKind::OutOfMemory => {
            Some(FetchError::LocalResourcesExhausted(error.to_string()))
        }
        ErrorKind::NetworkDown | ErrorKind::PermissionDenied => Some(FetchError::LocalNetwork(error.to_string())),
        _ if error.raw_os_error().is_some_and(|code| EXHAUSTED.contains(&code)) => {
            Some(FetchError::LocalResourcesExhausted(error.to_string()))
        }
        _ => None,
    }
}

/// Error numbers for "no more file descriptors" and "no more buffers", which have no kind of their own.
#[cfg(not(windows))]
const EXHAUSTED: [i32; 4] = [23, 24, 55, 105];
#[cfg(windows)]
const EXHAUSTED: [i32; 2] = [10_024, 10_055];

/// Returns the first of these addresses if no route of this machine leads to any of them: without IPv6, hosts that have
/// nothing else cannot be judged from here. Nothing is sent.
pub(crate) fn out_of_reach(addresses: &[IpAddr]) -> Option<IpAddr> {
    let first = addresses.first().copied();
    first.filter(|_| !addresses.iter().any(|address| leads_to(*address)))
}

/// Says whether a route leads to an address, or that cannot be told: to become the peer of a UDP socket, it needs one.
fn leads_to(address: IpAddr) -> bool {
    let any = match address {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    UdpSocket::bind(SocketAddr::new(any, 0))
        .map_or(true, |socket| socket.connect(SocketAddr::new(address, PORT)).is_ok())
}

/// A UDP socket has to name a port, though nothing is sent to it: "discard".
const PORT: u16 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_here_is_no_fault_of_a_server() {
        for code in EXHAUSTED {
            let error = io::Error::from_raw_os_error(code);
            assert!(matches!(trouble(&error), Some(FetchError::LocalResourcesExhausted(_))), "{code}");
        }
        assert!(matches!(trouble(&ErrorKind::AddrNotAvailable.into()), Some(FetchError::LocalResourcesExhausted(_))));
        assert!(matches!(trouble(&ErrorKind::PermissionDenied.into()), Some(FetchError::LocalNetwork(_))));
        for kind in [ErrorKind::ConnectionRefused, ErrorKind::ConnectionReset, ErrorKind::HostUnreachable] {
            assert_eq!(trouble(&kind.into()), None, "{kind:?}");
        }
    }

    #[test]
    fn every_machine_reaches_itself() {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert_eq!(out_of_reach(&[here]), None);
        assert_eq!(out_of_reach(&[]), None);
    }
}
