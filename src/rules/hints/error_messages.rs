//! The messages of fetch errors: what happened, and what to do about it.

use jiff::Timestamp;

use crate::observation::{DnsError, FetchError, Phase, ProtocolAnomaly, TlsError};
use crate::text::untrusted::UntrustedText;
use crate::units::{Bytes, seconds};

/// What happened, as the end of `HEAD got no response: …`, and what to do about it.
pub(in crate::rules) struct ErrorMessage {
    pub(in crate::rules) detail: String,
    pub(in crate::rules) hint: String,
}

impl ErrorMessage {
    fn new(detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { detail: detail.into(), hint: hint.into() }
    }

    /// Returns the message of a fetch error.
    #[expect(clippy::too_many_lines, reason = "a table: one row for each variant")]
    pub(in crate::rules) fn of(error: &FetchError) -> Self {
        match error {
            FetchError::Dns(error) => Self::of_dns(error),
            FetchError::Tls(error) => Self::of_tls(error),
            FetchError::AddressBlocked { address, range } => Self::new(
                format!("the host resolves to {address} ({range}), which is not reachable from the public internet"),
                "Publish the asset on a host with a public address, or send it as an upload.",
            ),
            FetchError::ConnectionRefused => Self::new(
                "connection refused: nothing listens on that port, or a firewall rejects it",
                "Start the server, open the port to the internet, or correct the port in the URL.",
            ),
            FetchError::Unreachable => {
                Self::new("no route to host", "Check the DNS record of the host, and that the server is online.")
            }
            FetchError::ConnectionReset(phase) => Self::new(
                format!("the connection was reset {}", phase.describe()),
                "Check the server for a firewall, a connection limit or a crash.",
            ),
            FetchError::ConnectionClosed(phase) => {
                Self::new(format!("the server closed the connection {}", phase.describe()), closed(*phase))
            }
            FetchError::Timeout { phase, timeout: limit } => {
                Self::new(format!("timed out after {} s {}", seconds(*limit), phase.describe()), timed_out(*phase))
            }
            FetchError::MalformedResponse(what) => Self::new(
                format!("the response is not valid HTTP: {what}"),
                "Check the server and any proxy in front of it with `curl -v`.",
            ),
            FetchError::AmbiguousResponse(anomaly) => {
                Self::new(disputed([*anomaly]), "Make the server's response conform to RFC 9112; `curl -v` shows it.")
            }
            FetchError::TruncatedBody { announced, received } => Self::new(
                format!("received {} of {} announced bytes", Bytes::new(*received), Bytes::new(*announced)),
                "Set Content-Length to the exact size of the file, and make the server send all of it.",
            ),
            FetchError::LocalResourcesExhausted(what) => Self::new(
                format!(
                    "resources exhausted on this machine: {}",
                    UntrustedText::from(what.as_str()).escaped_up_to(200)
                ),
                "Raise the limit (`ulimit -n` for open files), or check fewer assets concurrently with --jobs.",
            ),
            FetchError::LocalNetwork(what) => Self::new(
                format!(
                    "the request failed on this machine: {}",
                    UntrustedText::from(what.as_str()).escaped_up_to(200)
                ),
                "Check this machine's network and limits, then run again.",
            ),
            FetchError::Other(what) => Self::new(
                what.escaped_up_to(200).to_string(),
                "Run `curl -I -A 'RunwayML API/1.0'` with the URL for more details.",
            ),
        }
    }

    fn of_dns(error: &DnsError) -> Self {
        match error {
            DnsError::NotFound => {
                Self::new("DNS: no such host", "Correct the host name, or add an A or AAAA record for it.")
            }
            DnsError::NoAddress => Self::new("DNS: the host has no address", "Add an A or AAAA record for the host."),
            DnsError::ServerFailed => Self::new(
                "DNS: the name server failed (SERVFAIL)",
                "Check the name servers of the domain and its DNSSEC signatures.",
            ),
            DnsError::ServerRefused => Self::new(
                "DNS: the name server refused the query (REFUSED)",
                "Check the name servers of the domain; run again if those of this machine are at fault.",
            ),
            DnsError::ServerTimeout { timeout: limit } => Self::new(
                format!("DNS: no response from the name servers within {} s", seconds(*limit)),
                "Check the name servers of the domain; run again if those of this machine are at fault.",
            ),
            DnsError::MalformedReply => Self::new(
                "DNS: the reply of the name server is malformed",
                "Fix the name server of the domain, or use another one.",
            ),
            DnsError::Unknown => Self::new(
                "DNS: no usable response from the name servers",
                "Check the name servers of the domain; run again if those of this machine are at fault.",
            ),
            DnsError::InvalidName => Self::new(
                "the host is not a valid DNS name: a label is empty, longer than 63 characters or has a hyphen at an end, or the name is longer than 253",
                "Correct the host in the URL.",
            ),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table: one row for each variant")]
    fn of_tls(error: &TlsError) -> Self {
        match error {
            TlsError::Expired { intermediate: None, not_after, now } => Self::new(
                format!("the certificate expired {}; now it is {}", format_utc(*not_after), format_utc(*now)),
                "Renew the certificate; check this machine's clock if the date looks right.",
            ),
            TlsError::Expired { intermediate: Some(name), not_after, now } => Self::new(
                format!(
                    "the intermediate certificate {} expired {}; now it is {}",
                    name.escaped_up_to(64),
                    format_utc(*not_after),
                    format_utc(*now)
                ),
                "Send the current intermediate certificate of the issuer; that of the host itself is valid.",
            ),
            TlsError::NotYetValid { not_before, now } => Self::new(
                format!("the certificate is valid from {}; now it is {}", format_utc(*not_before), format_utc(*now)),
                "Install a certificate that is valid now; check this machine's clock if the date looks right.",
            ),
            TlsError::WrongName { names } => Self::new(
                wrong_name(names),
                "Use a host that the certificate covers, or get a certificate for this host.",
            ),
            TlsError::SelfSigned => Self::new(
                "the certificate is self-signed",
                "Get a certificate from a public certificate authority such as Let's Encrypt.",
            ),
            TlsError::IncompleteChain { issuer } => Self::new(
                format!(
                    "the server does not send the intermediate certificate of {0}, or {0} is not a public certificate authority",
                    issuer.escaped()
                ),
                "Configure the full chain (fullchain.pem) of a public certificate authority; unlike browsers, programs do not fetch missing certificates.",
            ),
            TlsError::UntrustedRoot { issuer } => Self::new(
                format!("the certificate chain ends at a root that is not publicly trusted: {}", issuer.escaped()),
                "Get a certificate from a public certificate authority such as Let's Encrypt.",
            ),
            TlsError::WrongPurpose => Self::new(
                "the certificate is not valid for server authentication",
                "Get a certificate for server authentication.",
            ),
            TlsError::ClientCertificateRequired => Self::new(
                "the server requires a client certificate, which Runway does not have",
                "Serve the asset from a host that requires no client certificate, or send it as an upload.",
            ),
            TlsError::UnsupportedVersion => {
                Self::new("the server supports only TLS 1.1 or older", "Enable TLS 1.2 or 1.3 on the server.")
            }
            TlsError::Http2Only => Self::new("the server supports only HTTP/2", "Enable HTTP/1.1 on the server."),
            TlsError::NotTls => {
                Self::new("the server does not speak TLS", "Set up HTTPS on that port, or correct the port in the URL.")
            }
            TlsError::Alert(alert) => Self::new(
                format!("the server aborted the TLS handshake: {}", UntrustedText::from(alert.as_str()).escaped()),
                "Check that the server has a certificate for this host name (SNI), and its TLS settings.",
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
        return "the certificate contains no host name".to_owned();
    }
    let names = names.iter().map(|name| name.escaped_up_to(64).to_string()).collect::<Vec<_>>().join(", ");
    format!("the certificate is for other names: {names}")
}

const fn closed(phase: Phase) -> &'static str {
    match phase {
        Phase::Dns | Phase::Connect | Phase::Tls => {
            "Check that HTTPS is set up on that port, and that no firewall cuts it off."
        }
        Phase::FirstByte | Phase::ResponseHead | Phase::Body => {
            "Check the server log: it closed the connection during the response."
        }
    }
}

const fn timed_out(phase: Phase) -> &'static str {
    match phase {
        Phase::Dns => "Check the name servers of the domain.",
        Phase::Connect => "Open the port in the firewall, which drops packets to it.",
        Phase::Tls | Phase::FirstByte | Phase::ResponseHead => "Find out why the server responds slowly, or use a CDN.",
        Phase::Body => "Serve a smaller file, or use a faster host or a CDN.",
    }
}

/// Formats seconds since 1970 as `2026-11-21 20:33 UTC`.
pub(in crate::rules) fn format_utc(seconds: u64) -> String {
    let timestamp = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    timestamp.map_or_else(|| "a date out of range".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// Describes what HTTP clients disagree about, and how.
pub(in crate::rules) fn disputed(anomalies: impl IntoIterator<Item = ProtocolAnomaly>) -> String {
    let describe = |anomaly: ProtocolAnomaly| Some(format!("{} ({})", anomaly.describe(), anomaly.disagreement()?));
    anomalies.into_iter().filter_map(describe).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_formatted() {
        assert_eq!(format_utc(1_795_293_180), "2026-11-21 20:33 UTC");
        assert_eq!(format_utc(0), "1970-01-01 00:00 UTC");
        assert_eq!(format_utc(u64::MAX), "a date out of range");
    }

    #[test]
    fn the_hint_depends_on_the_phase() {
        let limit = std::time::Duration::from_secs(10);
        let hint = |error: FetchError| ErrorMessage::of(&error).hint;
        for (phase, closed, late) in [
            (Phase::Dns, "Check that HTTPS is set up", "Check the name servers"),
            (Phase::Connect, "Check that HTTPS is set up", "Open the port in the firewall"),
            (Phase::Tls, "Check that HTTPS is set up", "Find out why the server responds slowly"),
            (Phase::FirstByte, "Check the server log", "Find out why the server responds slowly"),
            (Phase::ResponseHead, "Check the server log", "Find out why the server responds slowly"),
            (Phase::Body, "Check the server log", "Serve a smaller file"),
        ] {
            assert!(hint(FetchError::ConnectionClosed(phase)).starts_with(closed), "{phase:?}");
            assert!(hint(FetchError::Timeout { phase, timeout: limit }).starts_with(late), "{phase:?}");
        }
    }

    #[test]
    fn messages_contain_what_was_received_escaped() {
        let case = |error: FetchError, part: &str| {
            let message = ErrorMessage::of(&error);
            assert!(message.detail.contains(part), "{}", message.detail);
            assert!(!message.detail.contains('\u{1b}') && !message.hint.is_empty());
        };
        let evil = UntrustedText::from("\u{1b}[2J");
        case(FetchError::Dns(DnsError::NotFound), "no such host");
        case(FetchError::ConnectionClosed(Phase::Tls), "during the TLS handshake");
        case(FetchError::TruncatedBody { announced: 1000, received: 10 }, "received 10 of 1,000 announced bytes");
        case(
            FetchError::Tls(TlsError::Expired { intermediate: None, not_after: 0, now: 1_795_293_180 }),
            "expired 1970-01-01 00:00 UTC",
        );
        case(
            FetchError::Tls(TlsError::WrongName { names: vec![evil.clone(), UntrustedText::from("h.com")] }),
            "\\x1b[2J, h.com",
        );
        case(FetchError::Tls(TlsError::WrongName { names: Vec::new() }), "contains no host name");
        case(FetchError::Tls(TlsError::IncompleteChain { issuer: evil.clone() }), "\\x1b[2J");
        case(FetchError::Tls(TlsError::Alert("\u{1b}".to_owned())), "\\x1b");
        case(FetchError::Other(evil), "\\x1b[2J");
    }
}
