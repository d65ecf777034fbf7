//! Special-use addresses and names: those outside the public internet, which Runway cannot reach.
//!
//! The tables are data, most specific row first. They combine IANA's special-purpose registries with the metadata
//! addresses of cloud providers. `IpAddr::is_global` is unstable and misses several rows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

mod name;

pub use name::{is_host_name, special_name};

/// Returns what an address is reserved for, if it is not on the public internet: `loopback`, `private network`.
///
/// IPv6 addresses with an embedded IPv4 address are special whatever that address is.
#[must_use]
pub fn special_use(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => V4.iter().find(|(network, _)| network.contains(&address)).map(|(_, name)| *name),
        IpAddr::V6(address) => V6
            .iter()
            .find(|(network, _)| network.contains(&address))
            .map(|(_, name)| *name)
            .or_else(|| (!PUBLIC_V6.contains(&address)).then_some("outside the public range")),
    }
}

/// One name for all rows, so that a report uses one term.
const METADATA: &str = "cloud metadata service";

/// IPv4 networks outside the public internet.
const V4: [(Ipv4Net, &str); 18] = [
    (v4([169, 254, 169, 254], 32), METADATA),
    (v4([168, 63, 129, 16], 32), METADATA),
    (v4([100, 100, 100, 200], 32), METADATA),
    (v4([0, 0, 0, 0], 8), "this machine"),
    (v4([10, 0, 0, 0], 8), "private network"),
    (v4([100, 64, 0, 0], 10), "carrier-grade NAT"),
    (v4([127, 0, 0, 0], 8), "loopback"),
    (v4([169, 254, 0, 0], 16), "link-local"),
    (v4([172, 16, 0, 0], 12), "private network"),
    (v4([192, 0, 0, 0], 24), "protocol assignments"),
    (v4([192, 0, 2, 0], 24), "documentation"),
    (v4([192, 88, 99, 0], 24), "6to4 relay"),
    (v4([192, 168, 0, 0], 16), "private network"),
    (v4([198, 18, 0, 0], 15), "benchmarking"),
    (v4([198, 51, 100, 0], 24), "documentation"),
    (v4([203, 0, 113, 0], 24), "documentation"),
    (v4([224, 0, 0, 0], 4), "multicast"),
    (v4([240, 0, 0, 0], 4), "reserved"),
];

/// The only part of IPv6 that is allocated for the public internet.
const PUBLIC_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

const IPV4_COMPATIBLE: Ipv6Net = v6([0, 0, 0, 0, 0, 0, 0, 0], 96);
const IPV4_MAPPED: Ipv6Net = v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96);
const IPV4_TRANSLATED: Ipv6Net = v6([0, 0, 0, 0, 0xffff, 0, 0, 0], 96);
/// RFC 6052.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);
/// RFC 8215.
const LOCAL_NAT64: Ipv6Net = v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48);
/// RFC 4380.
const TEREDO: Ipv6Net = v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32);
/// RFC 3056.
const SIX_TO_FOUR: Ipv6Net = v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16);

/// IPv6 networks with a name of their own; an address outside of them must be in [`PUBLIC_V6`].
const V6: [(Ipv6Net, &str); 18] = [
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), "this machine"),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), "loopback"),
    (v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128), METADATA),
    (IPV4_COMPATIBLE, "IPv4-compatible address"),
    (IPV4_MAPPED, "IPv4-mapped address"),
    (IPV4_TRANSLATED, "IPv4-translated address"),
    (NAT64, "NAT64"),
    (LOCAL_NAT64, "NAT64"),
    (v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64), "discard-only"),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), "protocol assignments"),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), "documentation"),
    (SIX_TO_FOUR, "6to4"),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), "documentation"),
    (v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16), "segment routing"),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "private network"),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), "link-local"),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), "site-local"),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), "multicast"),
];

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

#[expect(clippy::many_single_char_names, reason = "the eight groups of an address have no other names")]
const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

/// Parses a network, `10.1.2.0/24`, or one address.
///
/// # Errors
/// A message that shows the expected form.
pub fn parse_network(text: &str) -> Result<IpNet, &'static str> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.into());
    }
    let is_address = |(address, _): &(&str, &str)| address.parse::<IpAddr>().is_ok();
    let error = match text.split_once('/').filter(is_address) {
        Some(_) => "the prefix length must be a number from 0 to 32, or to 128 for IPv6",
        None => "write a network as 10.1.2.0/24 or fd00:1::/64",
    };
    text.parse().map_err(|_| error)
}

/// Returns what an address is reserved for, if it is neither public nor in one of the allowed networks.
///
/// An IPv4 address embedded in an IPv6 address must be public or allowed as well.
#[must_use]
pub fn blocked_range(allowed: &[IpNet], address: IpAddr) -> Option<&'static str> {
    let range = special_use(address)?;
    if !allowed.iter().any(|network| network.contains(&address)) {
        return Some(range);
    }
    embedded_ipv4(address).into_iter().flatten().find_map(|inner| blocked_range(allowed, inner.into()))
}

/// Returns the IPv4 addresses embedded in an IPv6 address; Teredo has two, those of the server and of the client.
fn embedded_ipv4(address: IpAddr) -> [Option<Ipv4Addr>; 2] {
    const SUFFIX: [Ipv6Net; 5] = [IPV4_COMPATIBLE, IPV4_MAPPED, IPV4_TRANSLATED, NAT64, LOCAL_NAT64];
    let IpAddr::V6(address) = address else { return [None, None] };
    let low = |bits: u128| u32::try_from(bits & u128::from(u32::MAX)).ok().map(Ipv4Addr::from_bits);
    let bits = address.to_bits();
    if address.is_loopback() || address.is_unspecified() {
        [None, None]
    } else if SIX_TO_FOUR.contains(&address) {
        [low(bits >> 80), None]
    } else if TEREDO.contains(&address) {
        [low(bits >> 64), low(!bits)]
    } else {
        [SUFFIX.iter().any(|network| network.contains(&address)).then(|| low(bits)).flatten(), None]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(address: &str, words: Option<&str>) {
        assert_eq!(special_use(address.parse().expect(address)), words, "{address}");
    }

    /// Checks the first and last address of a network, and the neighbors on both sides.
    #[track_caller]
    fn edges(words: &str, [before, first, last, after]: [(&str, Option<&str>); 4]) {
        assert_eq!((first.1, last.1), (None, None), "the middle two have no name of their own");
        case(before.0, before.1);
        case(first.0, Some(words));
        case(last.0, Some(words));
        case(after.0, after.1);
    }

    const fn at(address: &str) -> (&str, Option<&'static str>) {
        (address, None)
    }

    const fn is(address: &'static str, words: &'static str) -> (&'static str, Option<&'static str>) {
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
            [at("223.255.255.255"), at("224.0.0.0"), at("239.255.255.255"), is("240.0.0.0", "reserved")],
        );
        case("0.0.0.0", Some("this machine"));
        case("0.255.255.255", Some("this machine"));
        case("1.0.0.0", None);
        case("255.255.255.255", Some("reserved"));
    }

    #[test]
    fn metadata_services_have_their_own_name() {
        for (before, address, after) in [
            (is("169.254.169.253", "link-local"), "169.254.169.254", is("169.254.169.255", "link-local")),
            (at("168.63.129.15"), "168.63.129.16", at("168.63.129.17")),
            (is("100.100.100.199", "carrier-grade NAT"), "100.100.100.200", is("100.100.100.201", "carrier-grade NAT")),
            (is("fd00:ec2::253", "private network"), "fd00:ec2::254", is("fd00:ec2::255", "private network")),
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
            [is("::1", "loopback"), at("::2"), at("::255.255.255.255"), is("::1:0:0", out)],
        );
        edges(
            "IPv4-mapped address",
            [is("::fffe:ffff:ffff", out), at("::ffff:0.0.0.0"), at("::ffff:255.255.255.255"), is("::1:0:0:0", out)],
        );
        edges(
            "IPv4-translated address",
            [is("::fffe:ffff:ffff:ffff", out), at("::ffff:0:0:0"), at("::ffff:0:ffff:ffff"), is("::ffff:1:0:0", out)],
        );
        edges(
            "NAT64",
            [is("64:ff9a:ffff::", out), at("64:ff9b::"), at("64:ff9b::ffff:ffff"), is("64:ff9b::1:0:0", out)],
        );
        edges(
            "NAT64",
            [
                is("64:ff9b:0:ffff::", out),
                at("64:ff9b:1::"),
                at("64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
                is("64:ff9b:2::", out),
            ],
        );
        edges(
            "discard-only",
            [is("ff:ffff::", out), at("100::"), at("100::ffff:ffff:ffff:ffff"), is("100:0:0:1::", out)],
        );
        edges("protocol assignments", [at("2000:ffff::"), at("2001::"), at("2001:1ff:ffff::"), at("2001:200::")]);
        edges("documentation", [at("2001:db7:ffff::"), at("2001:db8::"), at("2001:db8:ffff::"), at("2001:db9::")]);
        edges("6to4", [at("2001:ffff::"), at("2002::"), at("2002:ffff::"), at("2003::")]);
        edges("documentation", [at("3ffe:ffff::"), at("3fff::"), at("3fff:fff::"), at("3fff:1000::")]);
        edges("segment routing", [is("5eff::", out), at("5f00::"), at("5f00:ffff::"), is("5f01::", out)]);
        edges("private network", [is("fbff::", out), at("fc00::"), at("fdff::"), is("fe00::", out)]);
        edges("link-local", [is("fe7f::", out), at("fe80::"), at("febf::"), is("fec0::", "site-local")]);
        edges("site-local", [is("febf::", "link-local"), at("fec0::"), at("feff::"), is("ff00::", "multicast")]);
        case(&format!("ffff:ffff:{max}"), Some("multicast"));
        edges(out, [at("3fff:1000::"), at("4000::"), at("5eff::"), is("5f00::", "segment routing")]);
        case(&format!("1fff:ffff:{max}"), Some(out));
        case("2000::", None);
        case(&format!("3fff:ffff:{max}"), None);
        case("2606:4700::1111", None);
    }

    #[test]
    fn addresses_with_embedded_ipv4_are_special() {
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
            assert!(special_use(address.parse().expect(address)).is_some(), "{address}");
        }
    }

    #[test]
    fn allowed_networks_pass_and_embedded_addresses_are_checked() {
        let case = |allowed: &[&str], address: &str, words: Option<&str>| {
            let allowed: Vec<IpNet> = allowed.iter().map(|net| parse_network(net).expect(net)).collect();
            assert_eq!(blocked_range(&allowed, address.parse().expect(address)), words, "{allowed:?} {address}");
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
        case(&["64:ff9b:1::/48"], "64:ff9b:1::a9fe:a9fe", Some("cloud metadata service"));
        case(&["64:ff9b:1::/48"], "64:ff9b:1::808:808", None);
        case(&["2001::/32"], "2001:0:4136:e378:8000:63bf:5601:5601", Some("cloud metadata service"));
        case(&["2001::/32"], "2001:0:a9fe:a9fe:8000:63bf:f7f7:f7f7", Some("cloud metadata service"));
        case(&["2001::/32"], "2001:0:808:808:8000:63bf:f7f7:f7f7", None);
        case(&["::/0"], "2001:0:808:808:8000:63bf:80ff:fffe", Some("loopback"));
    }

    #[test]
    fn malformed_networks_are_refused() {
        for text in ["", "10.1.2", "10.1.2.0/33", "10.1.2.0/-1", "10.1.2.0/x", "10.1.2.0/", "::/129", "h.com/24"] {
            assert!(parse_network(text).is_err(), "{text}");
        }
    }
}
