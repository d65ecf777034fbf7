//! Distinguishes errors of this machine from those of a server: exhausted resources and missing routes.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::observation::FetchError;

/// Classifies a system error that concerns only this machine; `None` if the server may be at fault.
#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's kinds grow")]
pub(crate) fn classify(error: &io::Error) -> Option<FetchError> {
    match error.kind() {
        // Every local port is in use.
        ErrorKind::AddrNotAvailable | ErrorKind::AddrInUse | ErrorKind::OutOfMemory => {
            Some(FetchError::LocalResourcesExhausted(error.to_string()))
        }
        ErrorKind::NetworkDown | ErrorKind::PermissionDenied => Some(FetchError::LocalNetwork(error.to_string())),
        _ if error.raw_os_error().is_some_and(|code| EXHAUSTED.contains(&code)) => {
            Some(FetchError::LocalResourcesExhausted(error.to_string()))
        }
        // A link-local address needs a network interface.
        ErrorKind::InvalidInput if error.raw_os_error().is_some() => Some(FetchError::LocalNetwork(error.to_string())),
        _ => None,
    }
}

/// Error numbers for too many open files and for no buffer space, which have no `ErrorKind`.
#[cfg(not(windows))]
const EXHAUSTED: [i32; 4] = [23, 24, 55, 105];
#[cfg(windows)]
const EXHAUSTED: [i32; 2] = [10_024, 10_055];

/// Returns the first of these addresses if this machine has no route to any of them: without IPv6, it cannot check
/// hosts that have only IPv6 addresses. Sends nothing.
pub(crate) fn no_route_to_any(addresses: &[IpAddr]) -> Option<IpAddr> {
    let first = addresses.first().copied();
    first.filter(|_| !addresses.iter().any(|address| has_route(*address)))
}

/// Returns whether there is a route to an address, which connecting a UDP socket requires. True if that is unknown.
fn has_route(address: IpAddr) -> bool {
    let any = match address {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    UdpSocket::bind(SocketAddr::new(any, 0))
        .map_or(true, |socket| socket.connect(SocketAddr::new(address, PORT)).is_ok())
}

/// The port `discard`, to which nothing is sent.
const PORT: u16 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exhausted_resources_are_errors_of_this_machine() {
        for code in EXHAUSTED {
            let error = io::Error::from_raw_os_error(code);
            assert!(matches!(classify(&error), Some(FetchError::LocalResourcesExhausted(_))), "{code}");
        }
        assert!(matches!(classify(&ErrorKind::AddrNotAvailable.into()), Some(FetchError::LocalResourcesExhausted(_))));
        assert!(matches!(classify(&ErrorKind::PermissionDenied.into()), Some(FetchError::LocalNetwork(_))));
        for kind in [ErrorKind::ConnectionRefused, ErrorKind::ConnectionReset, ErrorKind::HostUnreachable] {
            assert_eq!(classify(&kind.into()), None, "{kind:?}");
        }
    }

    #[test]
    fn every_machine_has_a_route_to_itself() {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert_eq!(no_route_to_any(&[here]), None);
        assert_eq!(no_route_to_any(&[]), None);
    }
}
