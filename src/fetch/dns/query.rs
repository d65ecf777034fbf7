//! The name server of this machine, asked once more where its resolver does not say why there was no answer.
//!
//! C libraries have one error for a name server that failed, refused or could not be reached, and for having no socket
//! left to ask with. The first two are faults of the domain, the others of this machine.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// What the name server says of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It has an answer, be it that there is no such name.
    Answered,
    /// It failed to find out (SERVFAIL).
    Failed,
    /// It does not answer such questions (REFUSED).
    Refused,
    /// It said something else, or nothing at all.
    Unclear,
}

/// Where the name servers are listed; a system without the file is not asked.
const PATH: &str = "/etc/resolv.conf";

/// How much of the file is read, in bytes.
const LIMIT: u64 = 64 << 10;

/// How many of the name servers are asked; C libraries take three.
const SERVERS: usize = 3;

/// How long one is waited for. It has answered a moment ago, so it is near or remembers.
const PATIENCE: Duration = Duration::from_secs(1);

/// Asks the name servers for a host's addresses of both families, one after the other until one says something. Blocks.
///
/// # Errors
/// Where none of them can be reached from here.
pub(crate) fn ask(host: &str) -> io::Result<Said> {
    let mut outcome = Ok(Said::Unclear);
    for server in servers()?.into_iter().take(SERVERS) {
        let server = SocketAddr::new(server, 53);
        outcome = ask_one(server, &question(host, A));
        if matches!(outcome, Ok(Said::Answered)) {
            outcome = ask_one(server, &question(host, AAAA));
        }
        if matches!(outcome, Ok(Said::Answered | Said::Failed | Said::Refused)) {
            break;
        }
    }
    outcome
}

/// Reads the list of name servers.
fn servers() -> io::Result<Vec<IpAddr>> {
    let mut text = Vec::new();
    match File::open(PATH).and_then(|file| file.take(LIMIT).read_to_end(&mut text)) {
        Ok(_) => Ok(list(&text)),
        Err(error) if [ErrorKind::NotFound, ErrorKind::PermissionDenied].contains(&error.kind()) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Finds every line `nameserver ADDRESS`.
fn list(text: &[u8]) -> Vec<IpAddr> {
    let address = |line: &[u8]| {
        let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
        words.next().filter(|word| *word == "nameserver")?;
        words.next()?.parse().ok()
    };
    text.split(|byte| *byte == b'\n').filter_map(address).collect()
}

fn ask_one(server: SocketAddr, question: &[u8]) -> io::Result<Said> {
    let any = match server {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.send(question)?;
    let mut reply = [0; 512];
    match socket.recv(&mut reply) {
        Ok(length) => Ok(read(reply.get(..length).unwrap_or_default())),
        Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => Ok(Said::Unclear),
        Err(error) => Err(error),
    }
}

/// Marks our question. The answer only words a failure that is certain already, so nobody gains by guessing it.
const IDENTITY: [u8; 2] = *b"rp";

/// The types of address records.
const A: u8 = 1;
const AAAA: u8 = 28;

/// Writes the question for the addresses of a host (RFC 1035 section 4.1), whose labels have 63 bytes at most.
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

/// Reads the response code, which is the lower half of the fourth byte.
fn read(reply: &[u8]) -> Said {
    match reply {
        [first, second, flags, code, ..] if [*first, *second] == IDENTITY && flags & 0x80 != 0 => match code & 0x0f {
            0 | 3 => Said::Answered,
            2 => Said::Failed,
            5 => Said::Refused,
            _ => Said::Unclear,
        },
        _ => Said::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_servers_are_found_among_other_lines() {
        let text = b"# nameserver 9.9.9.9\nsearch lan\n nameserver\t127.0.0.53 \r\nnameserver fe80::1%lo\n\xff\n\
            nameserver 2606:4700::1111\nnameserver\nnameservers 1.1.1.1";
        let found: Vec<String> = list(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["127.0.0.53", "2606:4700::1111"]);
    }

    #[test]
    fn questions_are_written_label_by_label() {
        assert_eq!(question("h.com", A), b"rp\x01\0\0\x01\0\0\0\0\0\0\x01h\x03com\0\0\x01\0\x01");
    }

    #[test]
    fn replies_are_read_at_every_length() {
        let reply = |code: u8| [b'r', b'p', 0x81, 0x80 | code, 0, 1];
        for (code, said) in [
            (0, Said::Answered),
            (3, Said::Answered),
            (2, Said::Failed),
            (5, Said::Refused),
            (1, Said::Unclear),
            (15, Said::Unclear),
        ] {
            assert_eq!(read(&reply(code)), said, "{code}");
        }
        for length in 0..4 {
            assert_eq!(reply(2).get(..length).map(read), Some(Said::Unclear), "{length}");
        }
        assert_eq!(read(b"xp\x81\x82"), Said::Unclear, "another's");
        assert_eq!(read(b"rp\x01\x02"), Said::Unclear, "a question");
    }

    #[test]
    fn a_name_server_that_is_not_there_is_trouble_of_this_machine() {
        let gone = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
        assert!(ask_one(gone, &question("h.com", A)).is_err());
    }

    #[test]
    fn a_name_server_is_heard() {
        let server = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let at = server.local_addr().expect("an address");
        let serving = std::thread::spawn(move || {
            let mut question = [0; 512];
            let (length, client) = server.recv_from(&mut question).expect("a question");
            assert!(question.get(..length).expect("what came").ends_with(b"\x01h\x03com\0\0\x1c\0\x01"));
            server.send_to(&[question[0], question[1], 0x81, 0x85], client).expect("it listens");
        });
        assert_eq!(ask_one(at, &question("h.com", AAAA)).ok(), Some(Said::Refused));
        serving.join().expect("the server is well");
    }
}
