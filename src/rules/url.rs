//! The rules on the text of a URL, which need no network.

use super::CheckContext;
use super::data_uri::headless;
use super::hints::Cause;
use crate::asset::{AssetUrl, Paths, Target};
use crate::finding::Finding;
use crate::finding::code::{Confidence, Severity};
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::observation::{DnsError, FetchError};
use crate::special_ip::{is_host_name, special_name};
use crate::text::secret::{QueryRedaction, redact_url};
use crate::text::untrusted::UntrustedText;

/// The text must parse as a URL.
pub(super) fn parses(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::NoUrl(why) = subject.target else { return };
    // A text that is too long to be parsed is refused for its length.
    if subject.asset.text().len() > LONGEST_PARSED {
        return;
    }
    findings.push(if subject.asset.is_url_for_some() {
        let detail =
            "a part of the host is marked as encoded but encodes nothing, xn--…-: Node takes it, others do not";
        Finding::lint(Lint::InternationalHost, detail).with_severity(Severity::Undecided)
    } else {
        let finding = Finding::reason(Reason::InvalidUrl, *why);
        match (headless(subject), subject.asset.paths) {
            (Some(mend), _) => finding.with_hint(mend),
            // Where nothing can be read from a disk, a path is what people write.
            (None, Paths::Refused) => finding.with_hint(
                "Write an address that begins with https://, or send the file itself: `runway-preflight encode FILE` makes a data URI of it.",
            ),
            (None, Paths::Local) => finding,
        }
    });
}

/// The longest text that [`Target::parse`] looks at, in bytes.
const LONGEST_PARSED: usize = 64 << 10;

/// The scheme must be https.
pub(super) fn https(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = subject.target else { return };
    let scheme = address.url().scheme();
    if scheme != "https" {
        let shown = UntrustedText::from(scheme);
        let finding = Finding::reason(Reason::NotHttps, format!("the scheme is {}", shown.escaped_up_to(32)));
        findings.push(match scheme {
            "file" => finding.with_hint("Judge the file by its path, and send it as an upload, a data URI or a URL."),
            "s3" | "gs" => {
                finding.with_hint("Write the https:// address of the object, signed where the object is not public.")
            }
            _ => finding,
        });
    }
}

/// The host must be a domain.
pub(super) fn domain(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = subject.target else { return };
    let Some(literal) = address.literal() else { return };
    findings.push(Finding::reason(Reason::NotADomain, format!("the host is the IP address {literal}")));
}

/// The schema wants the text to begin with `https://` or `runway://` as it stands.
pub(super) fn canonical(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    match subject.target {
        Target::Url(address) => findings.extend(canonical_url(subject, address)),
        Target::Runway => {
            let text = subject.asset.text();
            let controls = text.iter().any(u8::is_ascii_control);
            if !text.starts_with(b"runway://") || controls {
                let detail = "it does not begin with runway:// in lower case, or holds control characters";
                let hint = "Send the runwayUri exactly as the uploads endpoint returned it.";
                findings.push(Finding::lint(Lint::NonCanonicalUrl, detail).with_hint(hint));
            }
        }
        Target::DataUri | Target::File(_) | Target::NoUrl(_) => {}
    }
}

fn canonical_url(subject: &CheckContext<'_>, address: &AssetUrl) -> Option<Finding> {
    let what = match (address.repaired, address.controls) {
        (false, false) => return None,
        (true, false) => "parsers repair its beginning or its slashes",
        (false, true) => "parsers remove the control characters in it",
        (true, true) => "parsers repair its beginning and remove the control characters in it",
    };
    // Only an https URL can be sent; for others the scheme is what matters.
    (address.url().scheme() == "https").then(|| {
        let plain = UntrustedText::new(redact_url(address.url().as_str(), QueryRedaction::Hidden));
        let stands = if subject.asset.text().starts_with(b"https:////") { "; not every parser does" } else { "" };
        let detail = format!("{what}{stands}: it is read as {}", plain.escaped_up_to(256));
        Finding::lint(Lint::NonCanonicalUrl, detail)
    })
}

/// What is odd about the host's name, though it passes.
pub(super) fn host(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = subject.target else { return };
    let Some(domain) = address.domain() else { return };
    let shown = UntrustedText::from(domain);
    if address.url().domain().is_some_and(|whole| whole.ends_with('.')) {
        let detail = format!("the host is asked for as {}", shown.escaped());
        findings.push(Finding::lint(Lint::TrailingDotHost, detail));
    }
    let foreign = domain.split('.').any(|label| label.starts_with("xn--"));
    if foreign || !authority(subject.asset.text()).is_ascii() {
        let detail = format!("the host in ASCII is {}", shown.escaped());
        findings.push(Finding::lint(Lint::InternationalHost, detail));
    }
}

/// Cuts the authority out of the text as it was typed.
fn authority(text: &[u8]) -> &[u8] {
    let after = text.iter().position(|byte| *byte == b':').and_then(|colon| text.get(colon + 1..)).unwrap_or_default();
    let start = after.iter().position(|byte| !b"/\\".contains(byte)).unwrap_or(after.len());
    let rest = after.get(start..).unwrap_or_default();
    rest.split(|byte| b"/\\?#".contains(byte)).next().unwrap_or_default()
}

/// The host must be what can be asked for, whatever URL parsers take.
pub(super) fn host_name(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = subject.target else { return };
    if address.url().scheme() == "https" && address.domain().is_some_and(|domain| !is_host_name(domain)) {
        let cause = Cause::of(&FetchError::Dns(DnsError::InvalidName));
        let finding = Finding::reason(Reason::FetchFailed, cause.what).with_confidence(Confidence::Inferred);
        findings.push(finding.with_hint(cause.mend));
    }
}

/// The host's name must mean something on the public internet.
pub(super) fn public_name(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = subject.target else { return };
    // What stands behind s3:// is no host, but the name of a bucket.
    if subject.wanted.allow_private || !address.url().is_special() {
        return;
    }
    let Some(words) = address.domain().and_then(special_name) else { return };
    let shown = UntrustedText::from(address.domain().unwrap_or_default());
    let detail = format!("{} is a name of {words}; Runway cannot find it", shown.escaped());
    findings.push(Finding::lint(Lint::SpecialName, detail).with_reason(Reason::FetchFailed));
}

/// The port must be one that can be connected to.
pub(super) fn port(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = subject.target else { return };
    let Some(port) = address.url().port().filter(|_| address.url().scheme() == "https") else { return };
    if port == 0 {
        let finding = Finding::reason(Reason::FetchFailed, "nothing can be reached on port 0");
        findings.push(finding.with_confidence(Confidence::Inferred).with_hint("Serve on port 443."));
    } else if BAD_PORTS.contains(&port) {
        findings.push(Finding::lint(Lint::BlockedPort, format!("the port is {port}")));
    } else {
        findings.push(Finding::lint(Lint::UnusualPort, format!("the port is {port}")));
    }
}

/// The ports that the fetch standard refuses, <https://fetch.spec.whatwg.org/#port-blocking>; port 0 is judged apart.
const BAD_PORTS: [u16; 82] = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
    111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
    540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
    6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// A user or password in the URL is never sent.
pub(super) fn credentials(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::Url(address) = subject.target else { return };
    if address.has_credentials() {
        let host = UntrustedText::from(address.url().host_str().unwrap_or_default());
        let detail = format!("a user or password stands before the host, which is {}", host.escaped());
        findings.push(Finding::lint(Lint::CredentialsInUrl, detail));
    }
}
