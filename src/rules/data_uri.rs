//! The rules on data URIs: their head, their payload and their content type.

use super::CheckContext;
use super::content_types::{self, Essence};
use crate::asset::Target;
use crate::data_uri::{DataUri, Reading};
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::finding::{Finding, Transport};
use crate::media::Kind;
use crate::text::untrusted::UntrustedText;

/// Judges a data URI: whether it parses, then whether its content type is accepted.
pub(super) fn data_uri(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::DataUri = subject.target else { return };
    let text = subject.asset.text();
    let uri = match DataUri::parse(text) {
        Ok(uri) => uri,
        Err(fault) => return findings.push(Finding::reason(Reason::InvalidDataUri, fault.detail())),
    };
    // A URI over the limit is refused by its length: it may be cut short here, and is not worth decoding.
    if !findings.iter().any(|finding| matches!(finding.api_reason(), Some(Reason::DataUriTooLong { .. }))) {
        payload(subject, &uri, findings);
    }
    content_type(subject, &uri, findings);
}

/// Judges the payload by what its decoding showed; one that nobody decoded yet is decoded here.
fn payload(subject: &CheckContext<'_>, uri: &DataUri<'_>, findings: &mut Vec<Finding>) {
    match subject.seen.base64_decoding.unwrap_or_else(|| uri.decode(|_| {})) {
        Err(fault) => findings.push(Finding::reason(Reason::InvalidDataUri, fault.detail())),
        Ok(Reading::Strict) => {}
        Ok(Reading::Forgiving) => {
            let detail = if uri.has_fragment() {
                "a # in the payload cuts it short"
            } else {
                "its head is not written as data:…;base64, or its payload has white space, escapes or no padding"
            };
            findings.push(Finding::lint(Lint::NonCanonicalDataUri, detail));
        }
    }
}

fn content_type(subject: &CheckContext<'_>, uri: &DataUri<'_>, findings: &mut Vec<Finding>) {
    let written = UntrustedText::from(uri.content_type());
    let shown = written.escaped();
    let wanted = subject.wanted_kinds();
    let problem = match uri.essence() {
        None => format!("the data URI names no content type: it begins with data:{shown};base64,"),
        Some(essence) => match content_types::classify(subject.rules, &essence, &wanted) {
            Essence::Accepted(_) => {
                if uri.content_type().contains(';') {
                    let detail = format!("the data URI says {shown}");
                    findings.push(Finding::lint(Lint::ContentTypeParameters, detail));
                }
                return;
            }
            Essence::OtherKind(other) => {
                let (other, wanted) = (content_types::with_article(other), content_types::any_of(&wanted));
                format!("the data URI says {shown}, which is {other}; {wanted} is wanted")
            }
            Essence::Generic | Essence::Unknown => format!("the data URI says {shown}, which is not accepted"),
        },
    };
    let finding = Finding::reason(Reason::UnsupportedAssetType, problem);
    findings.push(match content_types::proposal(subject, Transport::DataUri) {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    });
}

/// Says what to write before bare base64, a data URI that lacks its head; told by the first bytes of the pictures.
pub(super) fn headless(subject: &CheckContext<'_>) -> Option<String> {
    let text = subject.asset.text();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let known = [("iVBORw0KGgo", "image/png"), ("/9j/", "image/jpeg"), ("UklGR", "image/webp")];
    let (_, name) = known.into_iter().find(|(start, _)| text.starts_with(start.as_bytes()))?;
    let is_payload = text.len() > SHORTEST_PAYLOAD && text.iter().all(is_base64);
    is_payload.then(|| format!("Write data:{name};base64, before it: this is bare base64."))
}

/// A text of at most so many bytes may be a path, `/9j/a/b`: no picture is as small.
const SHORTEST_PAYLOAD: usize = 64;

/// Returns the kind that a data URI names.
pub(super) fn declared_kind(subject: &CheckContext<'_>) -> Option<Kind> {
    let Target::DataUri = subject.target else { return None };
    let essence = DataUri::parse(subject.asset.text()).ok()?.essence()?;
    Kind::parse(essence.split('/').next()?)
}
