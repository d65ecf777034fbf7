//! The hosts file of this machine, which takes precedence over the name servers.

use std::io;
use std::net::IpAddr;

use super::read_if_readable;

/// The path of the file.
#[cfg(not(windows))]
const PATH: &str = "/etc/hosts";
#[cfg(windows)]
const PATH: &str = r"C:\Windows\System32\drivers\etc\hosts";

/// The maximum number of bytes read; the largest ad-blocking lists have five million.
const LIMIT: u64 = 16 << 20;

/// Returns the addresses of a name in the hosts file; empty if it has none, or if the file is missing or not readable. Blocks.
///
/// # Errors
/// If reading the file fails for any other reason.
pub(crate) fn addresses(name: &str) -> io::Result<Vec<IpAddr>> {
    Ok(find(&read_if_readable(PATH, LIMIT)?, name))
}

/// Finds every line that has the name, in any case. A line is an address and its names; `#` begins a comment.
fn find(text: &[u8], name: &str) -> Vec<IpAddr> {
    let line = |line: &[u8]| {
        let line = std::str::from_utf8(line.split(|byte| *byte == b'#').next()?).ok()?;
        let mut words = line.split_ascii_whitespace();
        let address = words.next()?.parse().ok()?;
        words.any(|word| word.eq_ignore_ascii_case(name)).then_some(address)
    };
    text.split(|byte| *byte == b'\n').filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_on_every_line_that_has_them() {
        let text = b"127.0.0.1 localhost\r\n# 9.9.9.9 h.com\n8.8.8.8\th.com  www.h.com # h.org\n\
            ::1%lo h.com\n2606:4700::1 H.COM\n\xff h.com\nh.com\n\n1.2.3.4";
        let case = |name: &str, addresses: &[&str]| {
            let addresses: Vec<IpAddr> = addresses.iter().map(|address| address.parse().expect(address)).collect();
            assert_eq!(find(text, name), addresses, "{name}");
        };
        case("h.com", &["8.8.8.8", "2606:4700::1"]);
        case("WWW.h.com", &["8.8.8.8"]);
        case("h.org", &[]);
        case("com", &[]);
        case("", &[]);
    }
}
