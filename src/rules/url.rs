//! The rules on the text of a URL, which need no network.

use super::CheckContext;
use super::hints::error_messages::ErrorMessage;
use super::hints::wrapping::wrapping_hint;
use crate::asset::{AssetUrl, Target};
use crate::finding::{Confidence, Finding, Lint, Reason, Severity};
use crate::observation::{DnsError, FetchError};
use crate::special_ip::{is_host_name, special_name};
use crate::text::secret::{QueryRedaction, redact_url};
use crate::text::untrusted::UntrustedText;

/// The text must parse as a URL.
pub(super) fn parses(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::InvalidUrl(why) = context.target else { return };
    // A text that is too long to be parsed is rejected for its length.
    if context.asset.text().len() > MAX_PARSED {
        return;
    }
    findings.push(if context.asset.is_url_for_some() {
        let detail = "a label of the host has the form xn--…- without encoded characters: Node accepts it, others do not";
        Finding::lint(Lint::InternationalHost, detail).with_severity(Severity::Undecided)
    } else {
        let finding = Finding::reason(Reason::InvalidUrl, *why);
        let is_body = !context.asset.allow_local_paths;
        // In a request body, a path is the likely mistake.
        let path_hint = is_body.then(|| {
            "Write a URL that begins with https://, or send the file itself: `runway-preflight encode FILE` prints its data URI."
                .to_owned()
        });
        finding.with_optional_hint(wrapping_hint(context.asset.text()).or(path_hint))
    });
}

/// The longest text that [`Target::parse`] parses, in bytes.
const MAX_PARSED: usize = 64 << 10;

/// The scheme must be https.
pub(super) fn https(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = context.target else { return };
    let scheme = address.url().scheme();
    if scheme != "https" {
        let shown = UntrustedText::from(scheme);
        let finding = Finding::reason(Reason::NotHttps, format!("the scheme is {}", shown.escaped_up_to(32)));
        findings.push(finding.with_optional_hint(match scheme {
            "file" => Some("Check the file by its path, and send it as an upload, a data URI or a URL."),
            "s3" | "gs" => Some("Write the https:// URL of the object, signed if the object is not public."),
            _ => None,
        }));
    }
}

/// The host must be a domain.
pub(super) fn domain(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = context.target else { return };
    let Some(literal) = address.literal() else { return };
    findings.push(Finding::reason(Reason::NotADomain, format!("the host is the IP address {literal}")));
}

/// The request schema requires the text to begin with `https://` or `runway://` exactly.
pub(super) fn canonical(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    match context.target {
        Target::Url(address) => findings.extend(canonical_url(context, address)),
        Target::Runway => {
            let text = context.asset.text();
            let controls = text.iter().any(u8::is_ascii_control);
            if !text.starts_with(b"runway://") || controls {
                let detail = "it does not begin with runway:// in lower case, or contains control characters";
                let hint = "Send the runwayUri exactly as the uploads endpoint returned it.";
                findings.push(Finding::lint(Lint::NonCanonicalUrl, detail).with_hint(hint));
            }
        }
        Target::DataUri | Target::File(_) | Target::InvalidUrl(_) => {}
    }
}

fn canonical_url(context: &CheckContext<'_>, address: &AssetUrl) -> Option<Finding> {
    let what = match (address.repaired, address.controls) {
        (false, false) => return None,
        (true, false) => "parsers repair its scheme or its slashes",
        (false, true) => "parsers remove the control characters in it",
        (true, true) => "parsers repair its scheme or its slashes, and remove the control characters in it",
    };
    // Only an https URL can be sent; for others the scheme is the problem.
    (address.url().scheme() == "https").then(|| {
        let plain = UntrustedText::new(redact_url(address.url().as_str(), QueryRedaction::Redact));
        let some = if context.asset.text().starts_with(b"https:////") { "; not every parser does" } else { "" };
        let detail = format!("{what}{some}: it is parsed as {}", plain.escaped_up_to(256));
        Finding::lint(Lint::NonCanonicalUrl, detail)
    })
}

/// Host names that pass, but may be mistakes.
pub(super) fn host(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = context.target else { return };
    let Some(domain) = address.domain() else { return };
    let shown = UntrustedText::from(domain);
    if address.url().domain().is_some_and(|whole| whole.ends_with('.')) {
        let detail = format!("the host that is looked up is {}", shown.escaped());
        findings.push(Finding::lint(Lint::TrailingDotHost, detail));
    }
    // A host that was typed in its ASCII form says what it is.
    let typed = authority(context.asset.text()).to_ascii_lowercase();
    let foreign = domain.contains("xn--") && memchr::memmem::find(&typed, b"xn--").is_none();
    if foreign || !typed.is_ascii() {
        let detail = format!("the host in ASCII is {}", shown.escaped());
        findings.push(Finding::lint(Lint::InternationalHost, detail));
    }
}

/// Returns the authority of the text as it was typed.
fn authority(text: &[u8]) -> &[u8] {
    let after = text.iter().position(|byte| *byte == b':').and_then(|colon| text.get(colon + 1..)).unwrap_or_default();
    let start = after.iter().position(|byte| !b"/\\".contains(byte)).unwrap_or(after.len());
    let rest = after.get(start..).unwrap_or_default();
    rest.split(|byte| b"/\\?#".contains(byte)).next().unwrap_or_default()
}

/// The host must be a valid DNS name, whatever URL parsers accept.
pub(super) fn host_name(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = context.target else { return };
    if address.url().scheme() == "https" && address.domain().is_some_and(|domain| !is_host_name(domain)) {
        let message = ErrorMessage::of(&FetchError::Dns(DnsError::InvalidName));
        let finding = Finding::reason(Reason::FetchFailed, message.detail).with_confidence(Confidence::Inferred);
        findings.push(finding.with_hint(message.hint));
    }
}

/// The host name must exist on the public internet.
pub(super) fn public_name(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = context.target else { return };
    // In an s3:// URL, the host is the name of a bucket.
    if context.expectations.allow_private || !address.url().is_special() {
        return;
    }
    let Some((domain, words)) = address.domain().and_then(|domain| Some((domain, special_name(domain)?))) else {
        return;
    };
    let detail = format!("{} is {words}; Runway cannot resolve it", UntrustedText::from(domain).escaped());
    let finding = Finding::lint(Lint::SpecialName, detail).with_reason(Reason::FetchFailed);
    findings.push(finding.with_optional_hint(not_a_host(domain)));
}

/// Returns what to do about a text that is no name at all, but what was left of a mistake.
fn not_a_host(domain: &str) -> Option<&'static str> {
    match domain {
        "http" | "https" => Some("Remove the second scheme: the URL begins with two."),
        "undefined" | "null" | "none" | "nan" => Some("Set the variable that the URL was made from: it has no value."),
        _ if domain.contains(['{', '}', '$']) => Some("Fill in the placeholder: the URL is still a template."),
        _ => None,
    }
}

/// The port must be one that can be connected to.
pub(super) fn port(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = context.target else { return };
    let Some(port) = address.url().port().filter(|_| address.url().scheme() == "https") else { return };
    if port == 0 {
        let finding = Finding::reason(Reason::FetchFailed, "no server can be reached on port 0");
        findings.push(finding.with_confidence(Confidence::Inferred).with_hint("Serve on port 443."));
    } else if BAD_PORTS.contains(&port) {
        findings.push(Finding::lint(Lint::BlockedPort, format!("the port is {port}")));
    } else {
        findings.push(Finding::lint(Lint::UnusualPort, format!("the port is {port}")));
    }
}

/// The ports that the fetch standard blocks, <https://fetch.spec.whatwg.org/#port-blocking>; port 0 is an error.
const BAD_PORTS: [u16; 82] = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
    111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
    540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
    6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// A user name or password in the URL is never sent.
pub(super) fn credentials(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = context.target else { return };
    if address.has_credentials() {
        let host = UntrustedText::from(address.url().host_str().unwrap_or_default());
        let detail = format!("a user name or password is before the host, which is {}", host.escaped());
        findings.push(Finding::lint(Lint::CredentialsInUrl, detail));
    }
}
