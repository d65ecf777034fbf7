//! The rules on the headers of a response with status 200: its type, its length, and what HTTP clients disagree about.
//!
//! As in [`super::response`], details are predicates without a subject.

use super::content_types::{self, Essence};
use super::hints::error_messages::disputed;
use super::hints::providers::{self, Problem};
use super::{CheckContext, MethodOutcome};
use crate::finding::{Confidence, Finding, Lint, Reason, Severity, Transport};
use crate::observation::{ContentLength, ProtocolAnomaly, ResponseHead};
use crate::text::untrusted::UntrustedText;
use crate::units::Bytes;

/// The Content-Type must be on the list of the kind.
pub(super) fn content_type(context: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = outcome.ok_response() else { return };
    let count = response.headers.all("content-type").count();
    if count > 1 {
        let all: Vec<String> = response.headers.all("content-type").map(|value| value.escaped().to_string()).collect();
        let detail = format!("returned {count} Content-Type headers: {}", all.join(" and "));
        return findings.push(Finding::lint(Lint::MultipleContentTypes, detail));
    }
    let Some(sent) = content_types::declared(response) else {
        let detail = if count == 0 { "returned no Content-Type" } else { "returned an empty Content-Type" };
        let reason = Reason::UnsupportedContentType { sent: UntrustedText::default() };
        let finding = Finding::lint(Lint::MissingContentType, detail).with_reason(reason);
        return findings.push(with_proposal(context, finding));
    };
    let essence = content_types::essence(sent);
    let expected = context.expected_kinds();
    let detail = || format!("returned Content-Type {}", sent.escaped());
    let unsupported = || Reason::UnsupportedContentType { sent: sent.clone() };
    match content_types::classify(context.rules, &essence, &expected) {
        Essence::Accepted(_) => {
            if sent.as_bytes().contains(&b';') {
                findings.push(Finding::lint(Lint::ContentTypeParameters, detail()));
            }
        }
        Essence::Generic => {
            findings.push(with_proposal(context, Finding::reason(Reason::GenericContentType, detail())));
        }
        Essence::Unknown => findings.push(with_proposal(context, Finding::reason(unsupported(), detail()))),
        Essence::OtherKind(kind) => {
            let (expected, kind) = (content_types::any_of(&expected), content_types::with_article(kind));
            let detail = format!("{}: expected {expected}, got {kind}", detail());
            findings.push(with_proposal(context, Finding::reason(unsupported(), detail)));
        }
    }
}

fn with_proposal(context: &CheckContext<'_>, finding: Finding) -> Finding {
    let is_unknown = context.observation.content.format().is_none();
    let by_provider = || is_unknown.then(|| providers::recipe_for(context, &[Problem::Type], None)).flatten();
    let proposal = providers::error_page_recipe(context).or_else(|| content_types::proposal(context, Transport::Url));
    finding.with_optional_hint(proposal.or_else(by_provider))
}

/// The Content-Length must exist, and mean the same to every HTTP client.
pub(super) fn content_length(context: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = outcome.ok_response() else { return };
    let coding = response.headers.first("transfer-encoding");
    let missing = |detail: String| {
        let hint = providers::recipe_for(context, &[Problem::Length], None);
        Finding::reason(Reason::MissingContentLength, detail).with_optional_hint(hint)
    };
    match (response.length(), coding) {
        (ContentLength::Missing, Some(coding)) => {
            findings.push(missing(format!("returned Transfer-Encoding {} and no Content-Length", coding.escaped())));
        }
        (ContentLength::Missing, None) => findings.push(missing("returned no Content-Length".to_owned())),
        (ContentLength::Invalid(value), _) => {
            let several = response.headers.all("content-length").count() > 1;
            let what = if several { "different Content-Length headers" } else { "an invalid Content-Length" };
            let value = if value.as_bytes().is_empty() { "(empty)".to_owned() } else { value.escaped().to_string() };
            let detail = format!("returned {what}: {value}");
            let finding = Finding::reason(Reason::FetchFailed, detail).with_confidence(Confidence::Inferred);
            findings.push(finding.with_hint("Send exactly one Content-Length, the size of the file in plain digits."));
        }
        (ContentLength::Known { .. }, Some(coding)) => {
            let detail = format!("returned both a Content-Length and Transfer-Encoding {}", coding.escaped());
            findings.push(Finding::lint(Lint::AmbiguousFraming, detail));
        }
        (ContentLength::Known { bytes, repeated: true }, None) => {
            let detail = format!("returned Content-Length {bytes} more than once, or with leading zeros");
            findings.push(Finding::lint(Lint::AmbiguousFraming, detail));
        }
        (ContentLength::Known { repeated: false, .. }, None) => {}
    }
}

/// The Content-Length must not exceed the limit of the kind.
pub(super) fn size(context: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let Some(ContentLength::Known { bytes, .. }) = outcome.ok_response().map(ResponseHead::length) else { return };
    let (limit, size) = (context.file_limit(Transport::Url), Bytes::new(bytes));
    let Some(limit) = limit.filter(|limit| size > *limit) else { return };
    let kind = super::effective_kind(context).map_or("any asset", content_types::with_article);
    let detail = format!("returned Content-Length {size}; the limit for {kind} is {limit} bytes");
    findings.push(Finding::reason(Reason::TooLarge { limit, size }, detail));
}

/// An empty file, or a HEAD response without the length of the file.
pub(super) fn zero_length(context: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let zero = |outcome: MethodOutcome<'_>| {
        matches!(outcome.ok_response().map(ResponseHead::length), Some(ContentLength::Known { bytes: 0, .. }))
    };
    // After a complete GET, the bytes themselves are checked.
    let is_open = MethodOutcome::get(context).outcome.response().is_none();
    if zero(outcome) && outcome.is_head && is_open {
        findings.push(Finding::lint(Lint::ZeroContentLength, "returned Content-Length 0"));
    }
}

/// A content coding changes what Content-Length counts.
pub(super) fn encoding(context: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let Some(value) = outcome.ok_response().and_then(|response| response.headers.first("content-encoding")) else {
        return;
    };
    let detail = format!("returned Content-Encoding {}", value.escaped());
    let hint = providers::recipe_for(context, &[Problem::Encoded], None);
    let finding = match ContentCoding::of(value) {
        ContentCoding::Identity => return,
        ContentCoding::Compressed => Finding::lint(Lint::ContentEncoded, detail),
        ContentCoding::Unknown { is_plain: true } => {
            Finding::lint(Lint::UnknownContentEncoding, detail).with_severity(Severity::Note)
        }
        ContentCoding::Unknown { is_plain: false } => Finding::lint(Lint::UnknownContentEncoding, detail),
    };
    findings.push(finding.with_optional_hint(hint));
}

/// The meaning of a `Content-Encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ContentCoding {
    /// The bytes are as stored.
    Identity,
    /// The bytes are compressed.
    Compressed,
    /// It is not a coding that HTTP clients know; `is_plain` where its name says that the bytes are as stored.
    Unknown { is_plain: bool },
}

impl ContentCoding {
    fn of(value: &UntrustedText) -> Self {
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        let mut codings = text.split(',').map(str::trim).filter(|coding| !coding.is_empty() && *coding != "identity");
        let Some(first) = codings.next() else { return Self::Identity };
        if std::iter::once(first).chain(codings).any(|coding| CODINGS.contains(&coding)) {
            return Self::Compressed;
        }
        Self::Unknown { is_plain: matches!(first, "none" | "binary" | "8bit" | "utf-8" | "utf8") }
    }
}

/// The codings that HTTP clients know, <https://www.iana.org/assignments/http-parameters>.
const CODINGS: [&str; 7] = ["gzip", "x-gzip", "br", "deflate", "zstd", "compress", "x-compress"];

/// Returns the content coding of a response, if it has one that changes the bytes.
pub(super) fn compression(response: &ResponseHead) -> Option<&UntrustedText> {
    let value = response.headers.first("content-encoding")?;
    (ContentCoding::of(value) == ContentCoding::Compressed).then_some(value)
}

/// Anomalies that HTTP clients disagree about leave the verdict open; surplus bytes, which all of them drop, are a warning.
pub(super) fn anomalies(_: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let Some(ResponseHead { anomalies, .. }) = outcome.ok_response() else { return };
    let disputed = disputed(anomalies.iter().copied());
    if !disputed.is_empty() {
        let detail = format!("returned what HTTP clients disagree about: {disputed}");
        findings.push(Finding::lint(Lint::AmbiguousResponse, detail));
    }
    if anomalies.contains(&ProtocolAnomaly::ExcessBytes) {
        findings.push(Finding::lint(Lint::ExcessBodyBytes, "returned more bytes than its headers announce"));
    }
}

/// Node's fetch rejects response headers above 16 KiB.
pub(super) fn head_size(_: &CheckContext<'_>, outcome: MethodOutcome<'_>, findings: &mut Vec<Finding>) {
    let Some(response) = outcome.outcome.response() else { return };
    let size = response.headers.size();
    if size > MAX_HEADERS {
        let detail = format!("returned {} bytes of headers", Bytes::new(size as u64));
        findings.push(Finding::lint(Lint::LargeResponseHeader, detail));
    }
}

/// The largest size of the headers that every client accepts, in bytes: Node's limit is 16 KiB.
const MAX_HEADERS: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codings_that_clients_know_compress() {
        let case = |value: &str, expected: ContentCoding| {
            assert_eq!(ContentCoding::of(&UntrustedText::from(value)), expected, "{value}");
        };
        for value in ["gzip", "GZIP", "x-gzip", "br", "deflate", "zstd", "compress", "aws-chunked,gzip", "identity, br"]
        {
            case(value, ContentCoding::Compressed);
        }
        for value in ["", " ", "identity", "Identity", "identity,"] {
            case(value, ContentCoding::Identity);
        }
        for value in ["none", "utf-8", "UTF-8", "binary", "8bit"] {
            case(value, ContentCoding::Unknown { is_plain: true });
        }
        for value in ["aws-chunked", "base64", "image/png", "aws-chunked,identity"] {
            case(value, ContentCoding::Unknown { is_plain: false });
        }
    }
}
