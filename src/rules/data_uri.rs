//! The rules on data URIs: their head, their payload and their content type.

use super::CheckContext;
use super::content_types::{self, Essence};
use crate::asset::Target;
use crate::data_uri::{DataUri, DataUriError};
use crate::finding::{Finding, Lint, Reason, Severity, Transport};
use crate::media::Kind;
use crate::text::untrusted::UntrustedText;

mod payload;

use payload::PayloadProblem;

/// Evaluates a data URI: whether it parses, then whether its content type is accepted.
pub(super) fn data_uri(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Target::DataUri = context.target else { return };
    let text = context.asset.text();
    let uri = match DataUri::parse(text) {
        Ok(uri) => uri,
        Err(fault) => return findings.push(unparsed(text, fault)),
    };
    // A URI over the limit is rejected for its length: it may be truncated here, and is not worth decoding.
    if !findings.iter().any(|finding| matches!(finding.api_reason(), Some(Reason::DataUriTooLong { .. }))) {
        findings.extend(payload(context, &uri));
    }
    findings.extend(schema_pattern(text));
    content_type(context, &uri, findings);
}

/// A data URI without a comma or `;base64`.
fn unparsed(text: &[u8], fault: DataUriError) -> Finding {
    let second = base64_mark(text);
    if let (DataUriError::NotBase64, Some(end)) = (fault, second) {
        let head = String::from_utf8_lossy(text.get(..end).unwrap_or(text));
        if let Some((name, _)) = head.split_once(',').and_then(|(before, _)| before.rsplit(';').next()?.split_once('='))
        {
            let name = UntrustedText::from(name);
            let detail = format!("the comma in the parameter {} ends the head", name.escaped_up_to(32));
            let hint = format!("Remove the parameter ;{}=… from the data URI.", name.escaped_up_to(32));
            return Finding::reason(Reason::InvalidDataUri, detail).with_hint(hint);
        }
    }
    Finding::reason(Reason::InvalidDataUri, fault.detail())
}

/// Finds `;base64,` in the first bytes of a text; heads are short.
fn base64_mark(text: &[u8]) -> Option<usize> {
    let start = text.get(..HEAD).unwrap_or(text);
    start.windows(MARK.len()).position(|window| window.eq_ignore_ascii_case(MARK))
}

const MARK: &[u8] = b";base64,";

/// The longest head that is searched, in bytes.
const HEAD: usize = 256;

/// Evaluates how the payload was decoded; a payload that was not decoded yet is decoded here.
fn payload(context: &CheckContext<'_>, uri: &DataUri<'_>) -> Option<Finding> {
    let decoding = context.observation.base64_decoding.unwrap_or_else(|| uri.decode(|_| {}));
    let payload = uri.payload();
    let problem = PayloadProblem::find(payload, decoding);
    match (problem, decoding) {
        (Some(PayloadProblem::UrlSafe), _) => {
            let finding = Finding::lint(Lint::NonCanonicalDataUri, PayloadProblem::UrlSafe.detail());
            Some(finding.with_severity(Severity::Undecided).with_optional_hint(PayloadProblem::UrlSafe.hint()))
        }
        (Some(problem), _) if problem.is_fatal() => {
            Some(Finding::reason(Reason::InvalidDataUri, problem.detail()).with_optional_hint(problem.hint()))
        }
        (Some(problem), Ok(_)) => {
            Some(Finding::lint(Lint::NonCanonicalDataUri, problem.detail()).with_optional_hint(problem.hint()))
        }
        (Some(_) | None, Err(fault)) => Some(Finding::reason(Reason::InvalidDataUri, fault.detail())),
        (None, Ok(crate::data_uri::Base64Form::Forgiving)) => {
            let detail = "its head is not written as data:…;base64, in lower case, or it is surrounded by white space";
            Some(Finding::lint(Lint::NonCanonicalDataUri, detail))
        }
        (None, Ok(crate::data_uri::Base64Form::Strict)) => None,
    }
}

/// The request schema requires `data:image/`, `data:video/` or `data:audio/` exactly.
fn schema_pattern(text: &[u8]) -> Option<Finding> {
    let rest = text.strip_prefix(b"data:")?;
    let is_kind = |start: &[u8]| Kind::ALL.iter().any(|kind| start.starts_with(format!("{}/", kind.name()).as_bytes()));
    let plain = rest.get(..rest.len().min(16)).unwrap_or(rest).to_ascii_lowercase();
    let plain = plain.trim_ascii_start();
    (is_kind(plain) && !is_kind(rest)).then(|| {
        let detail =
            "the request schema requires data:image/, data:video/ or data:audio/ in lower case, without a space";
        Finding::lint(Lint::NonCanonicalDataUri, detail)
    })
}

fn content_type(context: &CheckContext<'_>, uri: &DataUri<'_>, findings: &mut Vec<Finding>) {
    let written = UntrustedText::from(uri.content_type());
    let shown = written.escaped();
    let expected = context.expected_kinds();
    let problem = match uri.essence() {
        None => format!("the data URI has no content type: it begins with data:{shown};base64,"),
        Some(essence) => match content_types::classify(context.rules, &essence, &expected) {
            Essence::Accepted(_) => {
                if uri.content_type().contains(';') {
                    let detail = format!("the data URI declares {shown}");
                    findings.push(Finding::lint(Lint::ContentTypeParameters, detail));
                }
                return;
            }
            Essence::OtherKind(other) => {
                let (other, expected) = (content_types::with_article(other), content_types::any_of(&expected));
                format!("the data URI declares {shown}: expected {expected}, got {other}")
            }
            Essence::Generic | Essence::Unknown => format!("the data URI declares {shown}, which is not accepted"),
        },
    };
    let hint = content_types::proposal(context, Transport::DataUri);
    findings.push(Finding::reason(Reason::UnsupportedAssetType, problem).with_optional_hint(hint));
}

/// Returns the kind that a data URI declares.
pub(super) fn declared_kind(context: &CheckContext<'_>) -> Option<Kind> {
    let Target::DataUri = context.target else { return None };
    let essence = DataUri::parse(context.asset.text()).ok()?.essence()?;
    Kind::parse(essence.split('/').next()?)
}
