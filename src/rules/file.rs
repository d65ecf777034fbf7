//! Local files: what the API would answer for each transport.

use super::content_types::{self, Essence, any_of};
use super::format::unknown_format;
use super::lengths::{check_length, whole};
use super::limits::Metric;
use super::{CheckContext, effective_kind, evaluate, known_names};
use crate::asset::utf16_length;
use crate::data_uri::head;
use crate::finding::{Confidence, Finding, Lint, Reason, Severity, Stage, Transport, Verdict};
use crate::media::{Format, Media};
use crate::units::Bytes;

mod served_type;

/// Evaluates a local file for each transport, or only for the expected one.
///
/// Findings that apply to every transport are reported once, without a transport. If one transport is better than
/// another, the findings against the worse one become notes, so that the verdict is that of the best transport.
#[must_use]
pub fn evaluate_file(context: &CheckContext<'_>) -> (Vec<Finding>, Vec<(Transport, Verdict)>) {
    let mut common = Vec::new();
    known_names::known_names(context, &mut common);
    common.extend(evaluate(Stage::Response, context));
    common.extend(evaluate(Stage::Content, context));
    let is_readable = context.observation.unreadable.is_none();
    let only = context.expectations.transport;
    let transports = Transport::ALL.into_iter().filter(|transport| only.is_none_or(|only| only == *transport));
    let by_transport: Vec<(Transport, Vec<Finding>)> = transports
        .map(|transport| {
            (transport, if is_readable { against(&CheckContext { transport, ..*context }) } else { Vec::new() })
        })
        .collect();
    let verdict = |own: &[Finding]| Verdict::of(&common).max(Verdict::of(own));
    let verdicts: Vec<(Transport, Verdict)> =
        by_transport.iter().map(|(transport, own)| (*transport, verdict(own))).collect();
    let best = verdicts.iter().map(|(_, verdict)| *verdict).min().unwrap_or(Verdict::Undecided);
    let is_rejected_anyway = by_transport.len() > 1 && Verdict::of(&common) == Verdict::Rejected;
    let (mut findings, mut asides) = (Vec::new(), Vec::new());
    for (transport, own) in by_transport {
        let is_worse = verdict(&own) > best;
        for mut finding in own {
            finding.transport = Some(transport);
            // If every transport is rejected, our own findings about a single one are secondary.
            let is_aside = is_rejected_anyway && finding.api_reason().is_none();
            let is_softened = (is_worse || is_aside) && finding.severity < Severity::Warning;
            let finding = if is_softened { finding.with_severity(Severity::Note) } else { finding };
            if is_aside { asides.push(finding) } else { findings.push(finding) }
        }
    }
    // A server or the request schema responds before the content is checked, so findings about transports come first,
    // but after unreadable bytes, which are the cause of them.
    let (causes, content): (Vec<_>, Vec<_>) = common.into_iter().partition(is_unreadable);
    #[cfg_attr(not(feature = "fix"), expect(unused_mut, reason = "only `fix` adds its commands"))]
    let mut findings: Vec<Finding> = causes.into_iter().chain(findings).chain(content).chain(asides).collect();
    #[cfg(feature = "fix")]
    super::fix_command::add_commands(context, &mut findings);
    (findings, verdicts)
}

fn is_unreadable(finding: &Finding) -> bool {
    finding.code() == Lint::UnreadableMedia.info().code
}

/// Returns the findings against one transport.
fn against(context: &CheckContext<'_>) -> Vec<Finding> {
    let Some(size) = context.observation.size else { return Vec::new() };
    let mut findings = Vec::new();
    match context.transport {
        Transport::Url => findings.extend(served_type::served_type(context)),
        Transport::DataUri => findings.extend(data_uri(context, size)),
        Transport::Upload => findings.extend(too_small(context, size)),
    }
    findings.extend(too_large(context, size));
    findings
}

/// A data URI is a third longer than the file, and must name an accepted type.
fn data_uri(context: &CheckContext<'_>, size: u64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (name, _) = usual_type(context).unwrap_or_else(|| (String::new(), Format::Unknown));
    let encoded = encoded_length(&name, size);
    let too_long = check_length(context, Transport::DataUri, encoded);
    if let Some(mut finding) = too_long.filter(|finding| finding.api_reason().is_some()) {
        finding.detail =
            format!("{} bytes become a data URI of {}", Bytes::new(size), without_subject(&finding.detail));
        findings.push(finding);
    }
    if let Some((_, _, given)) = unsupported_type(context) {
        let finding = Finding::reason(Reason::UnsupportedAssetType, format!("a data URI would declare {given}"));
        findings.push(finding.with_optional_hint(content_types::proposal(context, context.transport)));
    }
    findings
}

/// Removes "it has ", so that the rest can end another sentence.
fn without_subject(detail: &str) -> &str {
    detail.strip_prefix("it has ").unwrap_or(detail)
}

/// Returns the length of the data URI of a file, in UTF-16 units.
#[must_use]
pub fn encoded_length(content_type: &str, size: u64) -> u64 {
    let head = utf16_length(head(content_type).as_bytes());
    size.div_ceil(3).saturating_mul(4).saturating_add(head)
}

fn too_small(context: &CheckContext<'_>, size: u64) -> Option<Finding> {
    let rows = context.rules.applicable(Metric::FileSize, context.scope());
    let min = rows.filter_map(|row| whole(row.min())).max()?;
    (size < min).then(|| {
        let detail = format!("the file has {} bytes; an upload must have at least {min}", Bytes::new(size));
        Finding::lint(Lint::UploadTooSmall, detail)
    })
}

fn too_large(context: &CheckContext<'_>, size: u64) -> Option<Finding> {
    let limit = context.file_limit(context.transport)?;
    let size = Bytes::new(size);
    (size > limit).then(|| {
        let detail = format!("the file has {size} bytes; the limit is {limit}");
        let finding = Finding::reason(Reason::TooLarge { limit, size }, detail);
        match context.transport {
            Transport::Url => finding,
            // What the storage answers to an upload that is too large is not published.
            Transport::DataUri | Transport::Upload => {
                finding.with_confidence(Confidence::Inferred).with_hint("Make the file smaller.")
            }
        }
    })
}

/// Returns the content type of the bytes if the API does not accept it, with its classification and a description.
fn unsupported_type(context: &CheckContext<'_>) -> Option<(String, Essence, String)> {
    let (name, format) = usual_type(context)?;
    let expected = context.expected_kinds();
    let essence = content_types::classify(context.rules, &name, &expected);
    let given = if format == Format::Unknown {
        format!("{name}: {}", unknown_format(&context.observation.content))
    } else {
        format!("{name} for {}", format.name())
    };
    match essence {
        Essence::Accepted(_) => None,
        Essence::OtherKind(_) => Some((name, essence, format!("{given}; expected {}", any_of(&expected)))),
        Essence::Generic | Essence::Unknown => Some((name, essence, given)),
    }
}

/// Returns the usual content type of the bytes, and their format.
fn usual_type(context: &CheckContext<'_>) -> Option<(String, Format)> {
    let format = context.observation.content.format()?;
    let kind = context.observation.content.media().and_then(Media::kind).or(format.kind()).or(effective_kind(context));
    Some((content_types::usual_type(context.rules, format, kind), format))
}
