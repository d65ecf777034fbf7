//! Queries this machine's name servers directly if its resolver does not say why it has no answer.
//!
//! C libraries return the same error if a name server failed, refused or was unreachable, and if no socket was left for
//! the query. The first two are faults of the domain, the others of this machine.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use super::read_if_readable;

/// The answer of a name server about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DnsStatus {
    /// It has an answer, or knows that there is no such name.
    Answered,
    /// It failed (SERVFAIL).
    Failed,
    /// It refused the query (REFUSED).
    Refused,
    /// Its answer is malformed.
    Malformed,
    /// It sent another response code, or did not answer.
    Unknown,
}

/// Where the name servers are listed.
const PATH: &str = "/etc/resolv.conf";

/// How much of the file is read, in bytes.
const LIMIT: u64 = 64 << 10;

/// The maximum number of name servers that are queried, as in C libraries.
const MAX_SERVERS: usize = 3;

/// The timeout for each name server. It answered a moment ago, so it is near or has the answer cached.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Queries the name servers for a host's A and AAAA records, one after the other until one answers. Blocks.
///
/// # Errors
/// If none of them can be reached, or none is configured.
pub(crate) fn query_servers(host: &str) -> io::Result<DnsStatus> {
    let servers = servers()?;
    if servers.is_empty() && cfg!(unix) {
        // C libraries then query a name server on this machine.
        let local = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), PORT);
        return query_both(local, host).map_err(|_| io::Error::other(NOT_CONFIGURED));
    }
    let mut outcome = Ok(DnsStatus::Unknown);
    for server in servers.into_iter().take(MAX_SERVERS) {
        outcome = query_both(SocketAddr::new(server, PORT), host);
        if !matches!(outcome, Ok(DnsStatus::Unknown) | Err(_)) {
            break;
        }
    }
    outcome
}

const PORT: u16 = 53;

const NOT_CONFIGURED: &str = "no name server is configured in /etc/resolv.conf, and none runs on this machine";

/// Queries one name server for the A and AAAA records.
fn query_both(server: SocketAddr, host: &str) -> io::Result<DnsStatus> {
    match query_one(server, &question(host, A))? {
        DnsStatus::Answered => query_one(server, &question(host, AAAA)),
        status @ (DnsStatus::Failed | DnsStatus::Refused | DnsStatus::Malformed | DnsStatus::Unknown) => Ok(status),
    }
}

/// Reads the list of name servers; empty if the file is missing or not readable.
fn servers() -> io::Result<Vec<IpAddr>> {
    Ok(parse_servers(&read_if_readable(PATH, LIMIT)?))
}

/// Finds every line `nameserver ADDRESS`.
fn parse_servers(text: &[u8]) -> Vec<IpAddr> {
    let address = |line: &[u8]| {
        let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
        words.next().filter(|word| *word == "nameserver")?;
        words.next()?.parse().ok()
    };
    text.split(|byte| *byte == b'\n').filter_map(address).collect()
}

fn query_one(server: SocketAddr, question: &[u8]) -> io::Result<DnsStatus> {
    let any = match server {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    socket.send(question)?;
    let mut reply = [0; 4096];
    match socket.recv(&mut reply) {
        Ok(length) => Ok(status(reply.get(..length).unwrap_or_default())),
        Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => Ok(DnsStatus::Unknown),
        Err(error) => Err(error),
    }
}

/// The message ID. The answer only explains a failure that is already certain, so forging it gains nothing.
const IDENTITY: [u8; 2] = *b"rp";

/// The types of address records.
const A: u8 = 1;
const AAAA: u8 = 28;

/// Encodes the query for the addresses of a host (RFC 1035 section 4.1), whose labels have at most 63 bytes.
fn question(host: &str, kind: u8) -> Vec<u8> {
    let mut message = IDENTITY.to_vec();
    // A standard query, recursion desired; one question and no records.
    message.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in host.split('.') {
        message.push(u8::try_from(label.len()).unwrap_or_default());
        message.extend(label.as_bytes());
    }
    // The root, the type, class IN.
    message.extend([0, 0, kind, 0, 1]);
    message
}

/// Reads the response code, the lower half of the fourth byte, and checks the records.
fn status(reply: &[u8]) -> DnsStatus {
    let [first, second, flags, code, ..] = reply else { return DnsStatus::Unknown };
    if [*first, *second] != IDENTITY || flags & 0x80 == 0 {
        return DnsStatus::Unknown;
    }
    let is_truncated = flags & 0x02 != 0;
    match code & 0x0f {
        // The rest comes over TCP, which the resolver has asked for in vain.
        0 if is_truncated => DnsStatus::Unknown,
        0 if check_records(reply).is_none() => DnsStatus::Malformed,
        0 | 3 => DnsStatus::Answered,
        2 => DnsStatus::Failed,
        5 => DnsStatus::Refused,
        _ => DnsStatus::Unknown,
    }
}

/// Walks the questions and answers of a reply; `None` where a name or a record is malformed.
fn check_records(reply: &[u8]) -> Option<()> {
    let header = reply.first_chunk::<12>()?;
    let [_, _, _, _, q1, q2, a1, a2, ..] = *header;
    let mut at = 12;
    for _ in 0..u16::from_be_bytes([q1, q2]) {
        // The name, type and class.
        at = skip_name(reply, at)?.checked_add(4)?;
    }
    for _ in 0..u16::from_be_bytes([a1, a2]) {
        at = skip_name(reply, at)?;
        // Type, class, time to live and the length of the data.
        let fields = reply.get(at..)?.first_chunk::<10>()?;
        let (kind, length) = (u16::from_be_bytes([fields[0], fields[1]]), u16::from_be_bytes([fields[8], fields[9]]));
        at = at.checked_add(10)?;
        let data = reply.get(at..at.checked_add(length.into())?)?;
        let is_well_formed = match kind {
            1 => data.len() == 4,
            28 => data.len() == 16,
            // An alias.
            5 => skip_name(reply, at)? == at.checked_add(data.len())?,
            _ => true,
        };
        at = at.checked_add(data.len()).filter(|_| is_well_formed)?;
    }
    Some(())
}

/// Returns the end of a name, whose labels may continue at an earlier offset (RFC 1035 section 4.1.4).
fn skip_name(reply: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut end) = (start, None);
    // Pointers may only point backward, so that a name cannot contain a loop; it has at most 255 bytes.
    let mut earliest = start;
    let mut length = 0_usize;
    loop {
        let first = usize::from(*reply.get(at)?);
        match first {
            0 => return end.or_else(|| at.checked_add(1)),
            1..=63 => {
                at = at.checked_add(first)?.checked_add(1)?;
                length = length.checked_add(first)?.checked_add(1).filter(|length| *length <= 255)?;
            }
            0xc0.. => {
                let second = usize::from(*reply.get(at.checked_add(1)?)?);
                end = end.or_else(|| at.checked_add(2));
                at = (first & 0x3f).checked_mul(256)?.checked_add(second).filter(|target| *target < earliest)?;
                earliest = at;
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_servers_are_found_among_other_lines() {
        let text = b"# nameserver 9.9.9.9\nsearch lan\n nameserver\t127.0.0.53 \r\nnameserver fe80::1%lo\n\xff\n\
            nameserver 2606:4700::1111\nnameserver\nnameservers 1.1.1.1";
        let found: Vec<String> = parse_servers(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["127.0.0.53", "2606:4700::1111"]);
    }

    #[test]
    fn questions_are_written_label_by_label() {
        assert_eq!(question("h.com", A), b"rp\x01\0\0\x01\0\0\0\0\0\0\x01h\x03com\0\0\x01\0\x01");
    }

    #[test]
    fn response_codes_are_parsed_at_every_length() {
        let reply = |code: u8| [b'r', b'p', 0x81, 0x80 | code, 0, 0, 0, 0, 0, 0, 0, 0];
        for (code, expected) in [
            (0, DnsStatus::Answered),
            (3, DnsStatus::Answered),
            (2, DnsStatus::Failed),
            (5, DnsStatus::Refused),
            (1, DnsStatus::Unknown),
            (15, DnsStatus::Unknown),
        ] {
            assert_eq!(status(&reply(code)), expected, "{code}");
        }
        for length in 0..4 {
            assert_eq!(reply(2).get(..length).map(status), Some(DnsStatus::Unknown), "{length}");
        }
        assert_eq!(status(b"xp\x81\x82"), DnsStatus::Unknown, "another question");
        assert_eq!(status(b"rp\x01\x02"), DnsStatus::Unknown, "a question");
    }

    /// A reply to the question for `h.com` with these records.
    fn reply(records: &[&[u8]]) -> Vec<u8> {
        let count = u8::try_from(records.len()).expect("few records");
        let header = [b'r', b'p', 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0];
        let question = b"\x01h\x03com\0\0\x01\0\x01";
        [&header[..], question, &records.concat()].concat()
    }

    #[test]
    fn malformed_replies_are_recognized() {
        let good = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x08\x08\x08\x08";
        let alias = b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01g\xc0\x0e";
        let other = b"\0\0\x2e\0\x01\0\0\0\x3c\0\x02ab";
        assert_eq!(status(&reply(&[])), DnsStatus::Answered);
        assert_eq!(status(&reply(&[alias, other, good, good])), DnsStatus::Answered);
        let bad: [&[u8]; 6] = [
            b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x03\x08\x08\x08",
            b"\xc0\x0c\0\x1c\0\x01\0\0\0\x3c\0\x04\x08\x08\x08\x08",
            b"\xc0\x17\0\x01\0\x01\0\0\0\x3c\0\x04\x08\x08\x08\x08",
            b"\xc0\xff\0\x01\0\x01\0\0\0\x3c\0\x04\x08\x08\x08\x08",
            b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x05\x01g\xc0\x0e!",
            b"\x80\0\x01\0\x01\0\0\0\x3c\0\0",
        ];
        for record in bad {
            assert_eq!(status(&reply(&[record])), DnsStatus::Malformed, "{record:?}");
        }
        let whole = reply(&[good]);
        for length in 12..whole.len() {
            assert_eq!(whole.get(..length).map(status), Some(DnsStatus::Malformed), "{length}");
        }
        let mut truncated = whole.get(..40).unwrap_or(&whole).to_vec();
        truncated.truncate(30);
        *truncated.get_mut(2).expect("a header") |= 0x02;
        assert_eq!(status(&truncated), DnsStatus::Unknown, "the server says that records are missing");
    }

    #[test]
    fn a_name_server_that_cannot_be_reached_is_an_error_of_this_machine() {
        let gone = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
        assert!(query_one(gone, &question("h.com", A)).is_err());
    }

    #[test]
    fn a_name_server_is_queried() {
        let server = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let at = server.local_addr().expect("an address");
        let serving = std::thread::spawn(move || {
            let mut question = [0; 512];
            let (length, client) = server.recv_from(&mut question).expect("a question");
            assert!(question.get(..length).expect("the bytes received").ends_with(b"\x01h\x03com\0\0\x1c\0\x01"));
            server.send_to(&[question[0], question[1], 0x81, 0x85], client).expect("it listens");
        });
        assert_eq!(query_one(at, &question("h.com", AAAA)).ok(), Some(DnsStatus::Refused));
        serving.join().expect("the server does not panic");
    }
}
