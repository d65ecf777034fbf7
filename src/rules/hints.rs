//! Why a request failed, in words: for each trouble what happened, and how to mend it.

use jiff::Timestamp;

use crate::observation::{DnsError, FetchError, Phase, ProtocolAnomaly, TlsError};
use crate::text::untrusted::UntrustedText;
use crate::units::{Bytes, seconds};

pub(crate) mod providers;
pub(crate) mod server_message;

/// What happened, as the end of `HEAD got no response: …`, and what to do.
pub(super) struct Cause {
    pub(super) what: String,
    pub(super) mend: String,
}

impl Cause {
    fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what: what.into(), mend: mend.into() }
    }

    /// Puts a trouble into words.
    pub(super) fn of(trouble: &FetchError) -> Self {
        match trouble {
            FetchError::Dns(trouble) => Self::of_name(trouble),
            FetchError::Tls(trouble) => Self::of_tls(trouble),
            FetchError::AddressBlocked { address, range } => Self::new(
                format!("the name stands for {address} ({range}), which cannot be reached from the public internet"),
                "Publish the asset on a host with a public address, or send it as an upload.",
            ),
            FetchError::ConnectionRefused => Self::new(
                "the connection was refused: nothing listens on that port, or a firewall rejects it",
                "Start the server, open the port to the internet, or correct the port in the URL.",
            ),
            FetchError::Unreachable => Self::new(
                "no route leads to the host",
                "Check that the name's address is the server's, and that the server is connected.",
            ),
            FetchError::ConnectionReset(phase) => Self::new(
                format!("the connection was reset {}", phase.describe()),
                "Look for a firewall, a connection limit or a crash on the server.",
            ),
            FetchError::ConnectionClosed(phase) => {
                Self::new(format!("the server closed the connection {}", phase.describe()), closed(*phase))
            }
            FetchError::Timeout { phase, timeout: limit } => {
                Self::new(format!("{} seconds were over {}", seconds(*limit), phase.describe()), timed_out(*phase))
            }
            FetchError::MalformedResponse(what) => Self::new(
                format!("the answer is not proper HTTP: {what}"),
                "Check the program behind the URL, and any proxy before it, with `curl -v`.",
            ),
            FetchError::AmbiguousResponse(oddity) => Self::new(
                disputed([*oddity]),
                "Let the server write its answer as RFC 9112 has it; look at it with `curl -v`.",
            ),
            FetchError::TruncatedBody { announced, received } => Self::new(
                format!("{} bytes came of the {} announced", Bytes::new(*received), Bytes::new(*announced)),
                "Make Content-Length the exact size of the file, and let the server send it whole.",
            ),
            FetchError::LocalResourcesExhausted(what) => Self::new(
                format!("this machine ran short: {}", UntrustedText::from(what.as_str()).escaped_up_to(200)),
                "Raise the limit (`ulimit -n` for open files), or look at fewer assets at once with --jobs.",
            ),
            FetchError::LocalNetwork(what) => Self::new(
                format!(
                    "this machine could not make the request: {}",
                    UntrustedText::from(what.as_str()).escaped_up_to(200)
                ),
                "Check this machine's network and limits, then run again.",
            ),
            FetchError::Other(what) => Self::new(
                what.escaped_up_to(200).to_string(),
                "Try `curl -I -A 'RunwayML API/1.0'` with the URL to see more.",
            ),
        }
    }

    fn of_name(trouble: &DnsError) -> Self {
        match trouble {
            DnsError::NotFound => Self::new(
                "the host's name does not exist",
                "Correct the spelling, or add an A or AAAA record for the name.",
            ),
            DnsError::NoAddress => Self::new("the host's name has no address", "Add an A or AAAA record for the name."),
            DnsError::ServerFailed => Self::new(
                "the name server failed to look up the host's name (SERVFAIL)",
                "Check the name servers of the domain, and its DNSSEC signatures.",
            ),
            DnsError::ServerRefused => Self::new(
                "the name server refused to look up the host's name (REFUSED)",
                "Check the name servers of the domain; run again if this machine's own are at fault.",
            ),
            DnsError::ServerTimeout { timeout: limit } => Self::new(
                format!("the name servers gave no answer for the host's name within {} seconds", seconds(*limit)),
                "Check the name servers of the domain; run again if this machine's own are at fault.",
            ),
            DnsError::Unknown => Self::new(
                "the name servers gave no answer for the host's name",
                "Check the name servers of the domain; run again if this machine's own are at fault.",
            ),
            DnsError::InvalidName => Self::new(
                "the host cannot be a name: a part between dots is empty, longer than 63 letters or has a hyphen at an end, or all has more than 253",
                "Correct the host in the URL.",
            ),
        }
    }

    fn of_tls(trouble: &TlsError) -> Self {
        match trouble {
            TlsError::Expired { not_after, now } => Self::new(
                format!("the certificate was valid until {}; now it is {}", moment(*not_after), moment(*now)),
                "Renew the certificate; check this machine's clock if the date looks right.",
            ),
            TlsError::NotYetValid { not_before, now } => Self::new(
                format!("the certificate is valid from {}; now it is {}", moment(*not_before), moment(*now)),
                "Install a certificate that is valid now; check this machine's clock if the date looks right.",
            ),
            TlsError::WrongName { names } => {
                Self::new(wrong_name(names), "Use a host that the certificate names, or get one for this host.")
            }
            TlsError::SelfSigned => Self::new(
                "the certificate is signed by itself",
                "Get a certificate from a public authority such as Let's Encrypt.",
            ),
            TlsError::IncompleteChain { issuer } => Self::new(
                format!(
                    "the server leaves out the intermediate certificate of {0}, or {0} is no public authority",
                    issuer.escaped()
                ),
                "Configure the full chain (fullchain.pem), which browsers fetch and programs do not, of a public authority.",
            ),
            TlsError::UntrustedRoot { issuer } => Self::new(
                format!("the certificate leads to a root that is not publicly trusted, by {}", issuer.escaped()),
                "Get a certificate from a public authority such as Let's Encrypt.",
            ),
            TlsError::WrongPurpose => {
                Self::new("the certificate is not meant for servers", "Get a certificate for server authentication.")
            }
            TlsError::ClientCertificate => Self::new(
                "the server wants a certificate of the client, which Runway has not",
                "Serve the asset from a host without client certificates, or send it as an upload.",
            ),
            TlsError::OldVersion => {
                Self::new("the server offers only TLS 1.1 or older", "Enable TLS 1.2 or 1.3 on the server.")
            }
            TlsError::OnlyHttp2 => Self::new("the server speaks only HTTP/2", "Let the server speak HTTP/1.1 as well."),
            TlsError::NotTls => Self::new(
                "what answered does not speak TLS",
                "Set up HTTPS on that port, or correct the port in the URL.",
            ),
            TlsError::Alert(alert) => Self::new(
                format!("the server ended the TLS handshake: {}", UntrustedText::from(alert.as_str()).escaped()),
                "Check that the server has a certificate for this host's name (SNI), and its TLS settings.",
            ),
            TlsError::Other(what) => Self::new(
                format!("TLS failed: {}", what.escaped_up_to(200)),
                "Check the server's certificate and TLS settings.",
            ),
        }
    }
}

fn wrong_name(names: &[UntrustedText]) -> String {
    if names.is_empty() {
        return "the certificate names no host".to_owned();
    }
    let names = names.iter().map(|name| name.escaped_up_to(64).to_string()).collect::<Vec<_>>().join(", ");
    format!("the certificate is for other names: {names}")
}

const fn closed(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolve | Phase::Connect | Phase::Handshake => {
            "Check that HTTPS is set up on that port, and that no firewall cuts it off."
        }
        Phase::Head | Phase::ResponseHeadPartial | Phase::Body => {
            "Look into the server's log: it gave up while answering."
        }
    }
}

const fn timed_out(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolve => "Check the name servers of the domain.",
        Phase::Connect => "Open the port in the firewall: packets to it are dropped.",
        Phase::Handshake | Phase::Head | Phase::ResponseHeadPartial => {
            "Find out why the server takes so long to answer, or use a CDN."
        }
        Phase::Body => "Serve a smaller file, or move it to a faster host or a CDN.",
    }
}

/// Prints seconds since 1970 as `2026-11-21 20:33 UTC`.
pub(super) fn moment(seconds: u64) -> String {
    let timestamp = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    timestamp
        .map_or_else(|| "a date beyond the calendar".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// Says what clients disagree about, and how.
pub(super) fn disputed(oddities: impl IntoIterator<Item = ProtocolAnomaly>) -> String {
    let said = |oddity: ProtocolAnomaly| Some(format!("{} ({})", oddity.describe(), oddity.split()?));
    oddities.into_iter().filter_map(said).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_plain() {
        assert_eq!(moment(1_795_293_180), "2026-11-21 20:33 UTC");
        assert_eq!(moment(0), "1970-01-01 00:00 UTC");
        assert_eq!(moment(u64::MAX), "a date beyond the calendar");
    }

    #[test]
    fn how_far_it_came_decides_on_the_mend() {
        let limit = std::time::Duration::from_secs(10);
        let mend = |trouble: FetchError| Cause::of(&trouble).mend;
        for (phase, closed, late) in [
            (Phase::Resolve, "Check that HTTPS is set up", "Check the name servers"),
            (Phase::Connect, "Check that HTTPS is set up", "Open the port in the firewall"),
            (Phase::Handshake, "Check that HTTPS is set up", "Find out why the server takes so long"),
            (Phase::Head, "Look into the server's log", "Find out why the server takes so long"),
            (Phase::ResponseHeadPartial, "Look into the server's log", "Find out why the server takes so long"),
            (Phase::Body, "Look into the server's log", "Serve a smaller file"),
        ] {
            assert!(mend(FetchError::ConnectionClosed(phase)).starts_with(closed), "{phase:?}");
            assert!(mend(FetchError::Timeout { phase, timeout: limit }).starts_with(late), "{phase:?}");
        }
    }

    #[test]
    fn causes_name_what_was_seen_and_escape_it() {
        let case = |trouble: FetchError, part: &str| {
            let cause = Cause::of(&trouble);
            assert!(cause.what.contains(part), "{}", cause.what);
            assert!(!cause.what.contains('\u{1b}') && !cause.mend.is_empty());
        };
        let evil = UntrustedText::from("\u{1b}[2J");
        case(FetchError::Dns(DnsError::NotFound), "does not exist");
        case(FetchError::ConnectionClosed(Phase::Handshake), "during the TLS handshake");
        case(FetchError::TruncatedBody { announced: 1000, received: 10 }, "10 bytes came of the 1,000 announced");
        case(FetchError::Tls(TlsError::Expired { not_after: 0, now: 1_795_293_180 }), "until 1970-01-01 00:00 UTC");
        case(
            FetchError::Tls(TlsError::WrongName { names: vec![evil.clone(), UntrustedText::from("h.com")] }),
            "\\x1b[2J, h.com",
        );
        case(FetchError::Tls(TlsError::WrongName { names: Vec::new() }), "names no host");
        case(FetchError::Tls(TlsError::IncompleteChain { issuer: evil.clone() }), "\\x1b[2J");
        case(FetchError::Tls(TlsError::Alert("\u{1b}".to_owned())), "\\x1b");
        case(FetchError::Other(evil), "\\x1b[2J");
    }
}
