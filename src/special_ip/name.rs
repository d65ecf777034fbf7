//! Host names: their syntax, and zones that are not in the public DNS.

/// Returns what a domain name is reserved for, if it is not in the public DNS: `a name of a local network`.
///
/// Case and a trailing dot do not matter.
#[must_use]
pub fn special_name(domain: &str) -> Option<&'static str> {
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
    let below = |zone: &str| domain.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let row = ZONES.iter().find(|(zone, _)| below(zone)).map(|(_, purpose)| *purpose);
    row.or_else(|| (!domain.contains('.')).then_some("a name of a local network"))
}

/// Zones that are not in the public DNS, each with what a name in it is.
const ZONES: [(&str, &str); 11] = [
    ("localhost", "a name of this machine"),
    ("localdomain", "a name of this machine"),
    ("local", "a name of a local network"),
    ("internal", "a name of a private network"),
    ("home.arpa", "a name of a home network"),
    ("onion", "a name of the Tor network"),
    ("alt", "a name of another system than DNS"),
    ("test", "reserved for tests"),
    ("invalid", "a name that never exists"),
    ("example", "reserved for documentation"),
    ("intranet", "a name of a private network"),
];

/// Returns whether a domain is a valid host name (RFC 1123 section 2.1, and underscores, which are in use).
/// URL parsers accept more than DNS and certificates do.
#[must_use]
pub fn is_host_name(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    domain.len() <= 253 && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_host_names_are_refused() {
        let label = "a".repeat(63);
        for host in ["h.com", "xn--a-ecp.com", "_dmarc.h.com", "1.h.com", &label, &[label.as_str(); 3].join(".")] {
            assert!(is_host_name(host), "{host}");
        }
        let long = [label.as_str(); 4].join(".");
        for host in
            ["", ".", "h..com", ".h.com", "h.com.", "-a.com", "a-.com", "a!b.com", &format!("{label}a.com"), &long]
        {
            assert!(!is_host_name(host), "{host}");
        }
        assert!(is_host_name(&long[..253]));
        assert!(!is_host_name(&long[..254]));
    }

    #[test]
    fn names_outside_the_public_dns_are_recognized() {
        for name in [
            "localhost",
            "localhost.",
            "LOCALHOST",
            "x.localhost",
            "p.local",
            "metadata.google.internal",
            "nas.home.arpa",
            "abc.onion",
            "h.test",
            "h.invalid",
            "h.example",
            "intranet",
            "com",
            "h.localdomain",
        ] {
            assert!(special_name(name).is_some(), "{name}");
        }
        for name in ["example.com", "notlocalhost.com", "local.example.com", "xlocal.net", "a.arpa", "h.test.de"] {
            assert_eq!(special_name(name), None, "{name}");
        }
    }
}
