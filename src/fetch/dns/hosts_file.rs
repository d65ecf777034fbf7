//! The hosts file of this machine, which its resolver asks before the name servers.

use std::io::{self, ErrorKind, Read as _};
use std::net::IpAddr;

/// Where the file is.
#[cfg(not(windows))]
const PATH: &str = "/etc/hosts";
#[cfg(windows)]
const PATH: &str = r"C:\Windows\System32\drivers\etc\hosts";

/// How much of the file is read, in bytes; the largest lists of blocked advertisers have five million.
const LIMIT: u64 = 16 << 20;

/// How long the file is on most machines, in bytes, and more.
const USUAL: usize = 4 << 10;

/// Returns the addresses that the hosts file gives a name; empty where it has none, and where there is no such file for
/// us. Blocks.
///
/// # Errors
/// Where the file could not be read at this moment, so that it is not known what it says.
pub(crate) fn addresses(name: &str) -> io::Result<Vec<IpAddr>> {
    let mut text = Vec::with_capacity(USUAL);
    match std::fs::File::open(PATH).and_then(|file| file.take(LIMIT).read_to_end(&mut text)) {
        Ok(_) => Ok(find(&text, name)),
        Err(error) if [ErrorKind::NotFound, ErrorKind::PermissionDenied].contains(&error.kind()) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Finds every line that has the name, in any case; a line is an address and its names, `#` begins a comment.
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
