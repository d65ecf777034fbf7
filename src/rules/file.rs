//! Local files: what would become of one by each way of sending it.

use super::content_types::{Essence, any_of};
use super::lengths::{judge_length, whole};
use super::limits::Metric;
use super::{CheckContext, content_types, evaluate, kind_of, known_names};
use crate::asset::utf16_length;
use crate::data_uri::head;
use crate::finding::code::{Confidence, Severity, Stage};
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::finding::{Finding, Transport, Verdict};
use crate::media::{Format, Kind, Media};
use crate::text::untrusted::UntrustedText;
use crate::units::Bytes;

/// Judges a local file for each way to send it, or only for the wanted one.
///
/// What speaks against every way is said once, without a way. Where one way is better than another, what speaks
/// against the other is carried as a note that names its way, so that the verdict is that of the best way.
#[must_use]
pub fn evaluate_file(subject: &CheckContext<'_>) -> (Vec<Finding>, Vec<(Transport, Verdict)>) {
    let mut common = Vec::new();
    known_names(subject, &mut common);
    common.extend(evaluate(Stage::Response, subject));
    common.extend(evaluate(Stage::Content, subject));
    let known = subject.seen.unreadable.is_none();
    let ways = Transport::ALL.into_iter().filter(|way| subject.wanted.way.is_none_or(|wanted| wanted == *way));
    let judged: Vec<(Transport, Vec<Finding>)> =
        ways.map(|way| (way, if known { against(&CheckContext { way, ..*subject }) } else { Vec::new() })).collect();
    let verdict = |own: &[Finding]| Verdict::of(&common).max(Verdict::of(own));
    let verdicts: Vec<(Transport, Verdict)> = judged.iter().map(|(way, own)| (*way, verdict(own))).collect();
    let best = verdicts.iter().map(|(_, verdict)| *verdict).min().unwrap_or(Verdict::Undecided);
    let is_hopeless = judged.len() > 1 && Verdict::of(&common) == Verdict::Rejected;
    let (mut findings, mut asides) = (Vec::new(), Vec::new());
    for (way, own) in judged {
        let worse = verdict(&own) > best;
        for mut finding in own {
            finding.transport = Some(way);
            // Where no way is left, what only we say of one of them is beside the point.
            let is_aside = is_hopeless && finding.api_reason().is_none();
            let weighs_less = (worse || is_aside) && finding.severity < Severity::Warning;
            let finding = if weighs_less { finding.with_severity(Severity::Note) } else { finding };
            if is_aside { asides.push(finding) } else { findings.push(finding) }
        }
    }
    // The ways are judged by what a server or the request schema would say, which comes before the content.
    findings.extend(common);
    findings.extend(asides);
    (findings, verdicts)
}

/// Returns what speaks against one way.
fn against(subject: &CheckContext<'_>) -> Vec<Finding> {
    let Some(size) = subject.seen.size else { return Vec::new() };
    let mut findings = Vec::new();
    match subject.way {
        Transport::Url => findings.extend(refused_type(subject).or_else(|| misnamed(subject))),
        Transport::DataUri => findings.extend(data_uri(subject, size)),
        Transport::Upload => findings.extend(too_small(subject, size)),
    }
    findings.extend(too_large(subject, size));
    findings
}

/// By URL, a server would name the type; one that is not accepted is refused.
fn refused_type(subject: &CheckContext<'_>) -> Option<Finding> {
    let (name, essence, given) = foreign_type(subject)?;
    let reason = match essence {
        Essence::Generic => Reason::GenericContentType,
        Essence::Accepted(_) | Essence::OtherKind(_) | Essence::Unknown => {
            Reason::UnsupportedContentType { sent: UntrustedText::new(name) }
        }
    };
    Some(proposing(subject, Finding::reason(reason, format!("a server would say {given}"))))
}

/// By URL, most servers go by the name: one that says something else than the bytes are misleads them.
fn misnamed(subject: &CheckContext<'_>) -> Option<Finding> {
    let (name, format) = usual_type(subject)?;
    let kind = |name: &str| name.split('/').next().and_then(Kind::parse);
    let misled = match subject.named {
        Some(guess) if kind(guess) == kind(&name) => return None,
        Some(guess) => format!("servers that go by the name say {}", UntrustedText::from(guess).escaped()),
        None => "servers that go by the name do not know its ending, and say application/octet-stream".to_owned(),
    };
    let finding = Finding::lint(Lint::TypeMismatch, format!("{misled}; the bytes are {}", format.name()));
    let finding = finding.with_hint(format!("Give the file the usual ending, or set its Content-Type to {name}."));
    let is_sole = subject.wanted.way == Some(Transport::Url);
    Some(if is_sole { finding } else { finding.with_severity(Severity::Note) })
}

fn proposing(subject: &CheckContext<'_>, finding: Finding) -> Finding {
    match content_types::proposal(subject, subject.way) {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    }
}

/// As a data URI, the file grows by a third and must name an accepted type.
fn data_uri(subject: &CheckContext<'_>, size: u64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (name, _) = usual_type(subject).unwrap_or_else(|| (String::new(), Format::Unknown));
    let encoded = encoded_length(&name, size);
    if let Some(mut finding) =
        judge_length(subject, Transport::DataUri, encoded).filter(|found| found.api_reason().is_some())
    {
        finding.detail = format!("{} bytes become a data URI of {}", Bytes::new(size), after_it(&finding.detail));
        findings.push(finding);
    }
    if let Some((_, _, given)) = foreign_type(subject) {
        let finding = Finding::reason(Reason::UnsupportedAssetType, format!("a data URI would say {given}"));
        findings.push(proposing(subject, finding));
    }
    findings
}

/// Cuts "it has " off, so that the rest can end another sentence.
fn after_it(detail: &str) -> &str {
    detail.strip_prefix("it has ").unwrap_or(detail)
}

/// Returns the length of the data URI of a file, in UTF-16 units.
#[must_use]
pub fn encoded_length(content_type: &str, size: u64) -> u64 {
    let head = utf16_length(head(content_type).as_bytes());
    size.div_ceil(3).saturating_mul(4).saturating_add(head)
}

fn too_small(subject: &CheckContext<'_>, size: u64) -> Option<Finding> {
    let rows = subject.rules.holding(Metric::FileSize, subject.scope());
    let least = rows.filter_map(|row| whole(row.least())).max()?;
    (size < least).then(|| {
        let detail = format!("the file has {} bytes; an upload must have {least} at least", Bytes::new(size));
        Finding::lint(Lint::UploadTooSmall, detail)
    })
}

fn too_large(subject: &CheckContext<'_>, size: u64) -> Option<Finding> {
    let limit = subject.file_limit(subject.way)?;
    let size = Bytes::new(size);
    (size > limit).then(|| {
        let detail = format!("the file has {size} bytes; {limit} are allowed");
        let finding = Finding::reason(Reason::TooLarge { limit, size }, detail);
        match subject.way {
            Transport::Url => finding,
            // What storage answers to an upload that is too large is not published.
            Transport::DataUri | Transport::Upload => {
                finding.with_confidence(Confidence::Inferred).with_hint("Make the file smaller.")
            }
        }
    })
}

/// Returns the type a file would be given where the API does not accept it, what it is for the API, and both in words.
fn foreign_type(subject: &CheckContext<'_>) -> Option<(String, Essence, String)> {
    let (name, format) = usual_type(subject)?;
    let wanted = subject.wanted_kinds();
    let essence = content_types::classify(subject.rules, &name, &wanted);
    let given = if format == Format::Unknown {
        format!("{name}, because the bytes begin like no format known here")
    } else {
        format!("{name} for {}", format.name())
    };
    match essence {
        Essence::Accepted(_) => None,
        Essence::OtherKind(_) => Some((name, essence, format!("{given}; {} is wanted", any_of(&wanted)))),
        Essence::Generic | Essence::Unknown => Some((name, essence, given)),
    }
}

fn usual_type(subject: &CheckContext<'_>) -> Option<(String, Format)> {
    let format = subject.seen.content.format()?;
    let kind = subject.seen.content.media().and_then(Media::kind).or(format.kind()).or(kind_of(subject));
    Some((content_types::usual_type(subject.rules, format, kind), format))
}
