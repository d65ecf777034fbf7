//! Kinds of network: which addresses and names lie outside the public internet, where Runway cannot reach them.
//!
//! The tables are data, most special row first. They join IANA's special-purpose registries with the addresses that
//! clouds answer on from the inside. `IpAddr::is_global` is unstable and misses several rows.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

mod name;

pub use name::{is_host_name, special_name};

/// Returns what an address is for, where it is not on the public internet: `loopback`, `private network`.
///
/// IPv6 forms that carry an IPv4 address are refused whatever they carry.
#[must_use]
pub fn forbidden(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            V4.iter().find(|(network, length, _)| in_v4(address, *network, *length)).map(|(_, _, words)| *words)
        }
        IpAddr::V6(address) => V6
            .iter()
            .find(|(network, length, _)| in_v6(address, *network, *length))
            .map(|(_, _, words)| *words)
            .or_else(|| (!in_v6(address, PUBLIC_V6.0, PUBLIC_V6.1)).then_some("outside the public range")),
    }
}

type V4Row = (Ipv4Addr, u32, &'static str);
type V6Row = (Ipv6Addr, u32, &'static str);

/// Shared so that a reader of the report meets one word for it.
const METADATA: &str = "cloud metadata service";

/// IPv4 networks outside the public internet: network, prefix length, words.
const V4: [V4Row; 18] = [
    (Ipv4Addr::new(169, 254, 169, 254), 32, METADATA),
    (Ipv4Addr::new(168, 63, 129, 16), 32, METADATA),
    (Ipv4Addr::new(100, 100, 100, 200), 32, METADATA),
    (Ipv4Addr::UNSPECIFIED, 8, "this machine"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private network"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "carrier-grade NAT"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private network"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private network"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// The only part of IPv6 that is handed out for the public internet.
const PUBLIC_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// IPv6 networks with a name of their own; what is in none of them must be in [`PUBLIC_V6`].
const V6: [V6Row; 18] = [
    (Ipv6Addr::UNSPECIFIED, 128, "this machine"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), 128, METADATA),
    (Ipv6Addr::UNSPECIFIED, 96, "IPv4-compatible address"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "IPv4-mapped address"),
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, "IPv4-translated address"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "NAT64"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "NAT64"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "discard-only"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignments"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, "segment routing"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private network"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "site-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

fn in_v4(address: Ipv4Addr, network: Ipv4Addr, length: u32) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= length
}

fn in_v6(address: Ipv6Addr, network: Ipv6Addr, length: u32) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= length
}

/// A network that may be dialled though it is not public, written `10.1.2.0/24` or as one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    address: IpAddr,
    /// How many bits at the beginning are alike.
    length: u32,
}

impl Net {
    /// Says whether an address lies in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match (address, self.address) {
            (IpAddr::V4(address), IpAddr::V4(network)) => in_v4(address, network, self.length),
            (IpAddr::V6(address), IpAddr::V6(network)) => in_v6(address, network, self.length),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, length } = self;
        write!(f, "{address}/{length}")
    }
}

impl FromStr for Net {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let address: IpAddr = address.parse().map_err(|_| "write a network as 10.1.2.0/24 or fd00:1::/64")?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(most), str::parse).ok().filter(|length| *length <= most);
        let length =
            length.ok_or("the number behind the slash is the bits of the network: 0 to 32, or 128 for IPv6")?;
        Ok(Self { address, length })
    }
}

/// Returns what an address is for, where it is neither public nor in one of the networks that may be dialled.
///
/// Of an IPv6 address that carries an IPv4 address, the one inside must be public or allowed as well.
#[must_use]
pub fn forbidden_unless(allowed: &[Net], address: IpAddr) -> Option<&'static str> {
    let words = forbidden(address)?;
    if !allowed.iter().any(|net| net.contains(address)) {
        return Some(words);
    }
    carried(address).and_then(|inside| forbidden_unless(allowed, inside.into()))
}

/// Returns the IPv4 address that an IPv6 address carries, if it is of a form that does.
fn carried(address: IpAddr) -> Option<Ipv4Addr> {
    const SIX_TO_FOUR: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16);
    const AT_THE_END: [(Ipv6Addr, u32); 4] = [
        (Ipv6Addr::UNSPECIFIED, 96),
        (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96),
        (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96),
        (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
    ];
    let IpAddr::V6(address) = address else { return None };
    let low = |bits: u128| u32::try_from(bits & u128::from(u32::MAX)).ok().map(Ipv4Addr::from_bits);
    if address.is_loopback() || address.is_unspecified() {
        None
    } else if in_v6(address, SIX_TO_FOUR.0, SIX_TO_FOUR.1) {
        low(address.to_bits() >> 80)
    } else {
        let at_the_end = AT_THE_END.iter().any(|(network, length)| in_v6(address, *network, *length));
        at_the_end.then(|| low(address.to_bits())).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(address: &str, words: Option<&str>) {
        assert_eq!(forbidden(address.parse().expect(address)), words, "{address}");
    }

    /// First and last address of a network, and the neighbours on both sides with what they are.
    #[track_caller]
    fn edges(words: &str, [before, first, last, after]: [(&str, Option<&str>); 4]) {
        assert_eq!((first.1, last.1), (None, None), "the middle two carry no words of their own");
        case(before.0, before.1);
        case(first.0, Some(words));
        case(last.0, Some(words));
        case(after.0, after.1);
    }

    const fn at(address: &str) -> (&str, Option<&'static str>) {
        (address, None)
    }

    const fn beside(address: &'static str, words: &'static str) -> (&'static str, Option<&'static str>) {
        (address, Some(words))
    }

    #[test]
    fn both_sides_of_every_ipv4_edge() {
        let net = "private network";
        edges(net, [at("9.255.255.255"), at("10.0.0.0"), at("10.255.255.255"), at("11.0.0.0")]);
        edges(net, [at("172.15.255.255"), at("172.16.0.0"), at("172.31.255.255"), at("172.32.0.0")]);
        edges(net, [at("192.167.255.255"), at("192.168.0.0"), at("192.168.255.255"), at("192.169.0.0")]);
        edges("carrier-grade NAT", [at("100.63.255.255"), at("100.64.0.0"), at("100.127.255.255"), at("100.128.0.0")]);
        edges("loopback", [at("126.255.255.255"), at("127.0.0.0"), at("127.255.255.255"), at("128.0.0.0")]);
        edges("link-local", [at("169.253.255.255"), at("169.254.0.0"), at("169.254.255.255"), at("169.255.0.0")]);
        edges("protocol assignments", [at("191.255.255.255"), at("192.0.0.0"), at("192.0.0.255"), at("192.0.1.0")]);
        edges("documentation", [at("192.0.1.255"), at("192.0.2.0"), at("192.0.2.255"), at("192.0.3.0")]);
        edges("documentation", [at("198.51.99.255"), at("198.51.100.0"), at("198.51.100.255"), at("198.51.101.0")]);
        edges("documentation", [at("203.0.112.255"), at("203.0.113.0"), at("203.0.113.255"), at("203.0.114.0")]);
        edges("6to4 relay", [at("192.88.98.255"), at("192.88.99.0"), at("192.88.99.255"), at("192.88.100.0")]);
        edges("benchmarking", [at("198.17.255.255"), at("198.18.0.0"), at("198.19.255.255"), at("198.20.0.0")]);
        edges(
            "multicast",
            [at("223.255.255.255"), at("224.0.0.0"), at("239.255.255.255"), beside("240.0.0.0", "reserved")],
        );
        case("0.0.0.0", Some("this machine"));
        case("0.255.255.255", Some("this machine"));
        case("1.0.0.0", None);
        case("255.255.255.255", Some("reserved"));
    }

    #[test]
    fn metadata_services_have_their_own_word() {
        for (before, address, after) in [
            (beside("169.254.169.253", "link-local"), "169.254.169.254", beside("169.254.169.255", "link-local")),
            (at("168.63.129.15"), "168.63.129.16", at("168.63.129.17")),
            (
                beside("100.100.100.199", "carrier-grade NAT"),
                "100.100.100.200",
                beside("100.100.100.201", "carrier-grade NAT"),
            ),
            (beside("fd00:ec2::253", "private network"), "fd00:ec2::254", beside("fd00:ec2::255", "private network")),
        ] {
            edges(METADATA, [before, at(address), at(address), after]);
        }
    }

    #[test]
    fn both_sides_of_every_ipv6_edge() {
        let out = "outside the public range";
        let max = "ffff:ffff:ffff:ffff:ffff:ffff";
        case("::", Some("this machine"));
        case("::1", Some("loopback"));
        edges(
            "IPv4-compatible address",
            [beside("::1", "loopback"), at("::2"), at("::255.255.255.255"), beside("::1:0:0", out)],
        );
        edges(
            "IPv4-mapped address",
            [
                beside("::fffe:ffff:ffff", out),
                at("::ffff:0.0.0.0"),
                at("::ffff:255.255.255.255"),
                beside("::1:0:0:0", out),
            ],
        );
        edges(
            "IPv4-translated address",
            [
                beside("::fffe:ffff:ffff:ffff", out),
                at("::ffff:0:0:0"),
                at("::ffff:0:ffff:ffff"),
                beside("::ffff:1:0:0", out),
            ],
        );
        edges(
            "NAT64",
            [beside("64:ff9a:ffff::", out), at("64:ff9b::"), at("64:ff9b::ffff:ffff"), beside("64:ff9b::1:0:0", out)],
        );
        edges(
            "NAT64",
            [
                beside("64:ff9b:0:ffff::", out),
                at("64:ff9b:1::"),
                at("64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
                beside("64:ff9b:2::", out),
            ],
        );
        edges(
            "discard-only",
            [beside("ff:ffff::", out), at("100::"), at("100::ffff:ffff:ffff:ffff"), beside("100:0:0:1::", out)],
        );
        edges("protocol assignments", [at("2000:ffff::"), at("2001::"), at("2001:1ff:ffff::"), at("2001:200::")]);
        edges("documentation", [at("2001:db7:ffff::"), at("2001:db8::"), at("2001:db8:ffff::"), at("2001:db9::")]);
        edges("6to4", [at("2001:ffff::"), at("2002::"), at("2002:ffff::"), at("2003::")]);
        edges("documentation", [at("3ffe:ffff::"), at("3fff::"), at("3fff:fff::"), at("3fff:1000::")]);
        edges("segment routing", [beside("5eff::", out), at("5f00::"), at("5f00:ffff::"), beside("5f01::", out)]);
        edges("private network", [beside("fbff::", out), at("fc00::"), at("fdff::"), beside("fe00::", out)]);
        edges("link-local", [beside("fe7f::", out), at("fe80::"), at("febf::"), beside("fec0::", "site-local")]);
        edges(
            "site-local",
            [beside("febf::", "link-local"), at("fec0::"), at("feff::"), beside("ff00::", "multicast")],
        );
        case(&format!("ffff:ffff:{max}"), Some("multicast"));
        edges(out, [at("3fff:1000::"), at("4000::"), at("5eff::"), beside("5f00::", "segment routing")]);
        case(&format!("1fff:ffff:{max}"), Some(out));
        case("2000::", None);
        case(&format!("3fff:ffff:{max}"), None);
        case("2606:4700::1111", None);
    }

    #[test]
    fn embedded_ipv4_is_refused_whatever_it_is() {
        for address in [
            "64:ff9b::7f00:1",
            "64:ff9b::8.8.8.8",
            "2002:7f00:1::",
            "2002:808:808::",
            "2001:0:53aa::",
            "::ffff:8.8.8.8",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "::8.8.8.8",
        ] {
            assert!(forbidden(address.parse().expect(address)).is_some(), "{address}");
        }
    }

    #[test]
    fn allowed_networks_are_let_through_and_what_they_carry_is_judged() {
        let case = |allowed: &[&str], address: &str, words: Option<&str>| {
            let allowed: Vec<Net> = allowed.iter().map(|net| net.parse().expect(net)).collect();
            assert_eq!(forbidden_unless(&allowed, address.parse().expect(address)), words, "{allowed:?} {address}");
        };
        case(&[], "10.1.2.3", Some("private network"));
        case(&[], "8.8.8.8", None);
        case(&["10.1.2.0/24"], "10.1.2.0", None);
        case(&["10.1.2.0/24"], "10.1.2.255", None);
        case(&["10.1.2.0/24"], "10.1.3.0", Some("private network"));
        case(&["10.1.2.0/24"], "127.0.0.1", Some("loopback"));
        case(&["10.1.2.3"], "10.1.2.3", None);
        case(&["10.1.2.3"], "10.1.2.4", Some("private network"));
        case(&["0.0.0.0/0"], "127.0.0.1", None);
        case(&["0.0.0.0/0"], "::1", Some("loopback"));
        case(&["::1"], "::1", None);
        case(&["fd00:1::/32"], "fd00:1::5", None);
        case(&["64:ff9b::/96"], "64:ff9b::8.8.8.8", None);
        case(&["64:ff9b::/96"], "64:ff9b::10.1.2.3", Some("private network"));
        case(&["64:ff9b::/96", "10.0.0.0/8"], "64:ff9b::10.1.2.3", None);
        case(&["::/0"], "::ffff:127.0.0.1", Some("loopback"));
        case(&["::/0"], "2002:7f00:1::", Some("loopback"));
        case(&["::/0"], "2002:808:808::", None);
    }

    #[test]
    fn networks_that_cannot_be_read() {
        for text in ["", "10.1.2", "10.1.2.0/33", "10.1.2.0/-1", "10.1.2.0/x", "10.1.2.0/", "::/129", "h.com/24"] {
            assert!(text.parse::<Net>().is_err(), "{text}");
        }
    }
}
