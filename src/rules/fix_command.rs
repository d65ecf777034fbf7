//! The `fix` commands in the hints of findings about local files.

use super::CheckContext;
use super::content_types::container;
use crate::finding::{DurationBound, Finding, FindingKind, Lint, Reason, Severity, Transport};
use crate::media::{Format, Kind, Media};
use crate::text::secret::QueryRedaction;
use crate::text::shell;
use crate::units::seconds;

/// Replaces the hint of each error that `fix` can do something about, and names the file in the commands of others. Each
/// command has what all errors need together.
pub(super) fn add_commands(context: &CheckContext<'_>, findings: &mut [Finding]) {
    let Some(name) = file_name(context) else { return };
    let is_fixable = context
        .observation
        .content
        .media()
        .is_some_and(|media| is_fixable(context, media) && !findings.iter().any(is_beyond_fix));
    let flags: String = if is_fixable { flags(context, findings).collect() } else { String::new() };
    for finding in findings {
        finding.hint = if is_fixable && finding.severity == Severity::Error && is_fixed(context, finding) {
            format!("Run `runway-preflight fix{}{flags} {name}`.", purpose(context, finding.transport))
        } else {
            // The commands of other programs name the file as well.
            finding.hint.replace(" IN ", &format!(" {name} ")).replace(" IN`", &format!(" {name}`"))
        };
    }
}

/// Returns the file name as a shell word; `None` if it cannot be pasted, or if a part of it is redacted.
fn file_name(context: &CheckContext<'_>) -> Option<String> {
    let text = std::str::from_utf8(context.asset.text()).ok()?;
    let is_whole = context.asset.redacted(QueryRedaction::Redact).as_str() == Some(text);
    if text.starts_with('-') || !is_whole {
        return None;
    }
    shell::word(text)
}

/// Returns what the file is for, as flags.
fn purpose(context: &CheckContext<'_>, transport: Option<Transport>) -> String {
    let scope = context.stated_scope();
    let ratio = context.expectations.ratio.map(|ratio| format!("{}:{}", ratio.min, ratio.max));
    // Only a data URI has limits that the other transports do not have.
    let transport = context.expectations.transport.or(transport.filter(|transport| *transport == Transport::DataUri));
    let flags = [
        ("--rules", context.rules.file.as_deref().and_then(shell::word)),
        ("--model", scope.model.and_then(shell::word)),
        ("--endpoint", scope.endpoint.and_then(shell::word)),
        ("--field", scope.field.and_then(shell::word)),
        ("--ratio", ratio),
        ("--as", transport.map(|transport| transport.name().to_owned())),
    ];
    flags.into_iter().filter_map(|(flag, value)| Some(format!(" {flag} {}", value?))).collect()
}

/// Returns the flags that the errors of a file need.
fn flags(context: &CheckContext<'_>, findings: &[Finding]) -> impl Iterator<Item = String> {
    let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
    let crops = errors().any(|finding| matches!(finding.api_reason(), Some(Reason::AspectRatioOutside { .. })));
    let most = errors().find_map(|finding| {
        let Some(Reason::DurationOutside { bound: DurationBound::AtMost(most) }) = finding.api_reason() else {
            return None;
        };
        Some(*most)
    });
    let trim = most.map(|most| format!(" --trim 0:{}", seconds(super::playback::longest_passing(context, most))));
    crops.then(|| " --crop".to_owned()).into_iter().chain(trim)
}

/// Reports whether `fix` can do something about a finding.
fn is_fixed(context: &CheckContext<'_>, finding: &Finding) -> bool {
    let Some(media) = context.observation.content.media() else { return false };
    match &finding.kind {
        FindingKind::Reason(reason) => {
            let by_type = matches!(
                reason,
                Reason::GenericContentType | Reason::UnsupportedContentType { .. } | Reason::UnsupportedAssetType
            );
            let by_measure = matches!(
                reason,
                Reason::AspectRatioOutside { .. }
                    | Reason::DurationOutside { bound: DurationBound::AtMost(_) }
                    | Reason::DimensionsTooLarge { .. }
                    | Reason::TooLarge { .. }
                    | Reason::DataUriTooLong { .. }
            );
            by_measure || by_type && is_of_refused_format(context, media)
        }
        FindingKind::Lint { lint: Lint::UnreadableMedia, .. } => is_of_refused_format(context, media),
        FindingKind::Lint { lint, .. } => {
            matches!(lint, Lint::SizeOutside | Lint::UnsupportedCodec | Lint::FpsOutside)
        }
        FindingKind::Schema(_) => false,
    }
}

/// Reports whether a finding makes `fix` refuse the file: nothing makes a clip longer.
fn is_beyond_fix(finding: &Finding) -> bool {
    finding.severity == Severity::Error
        && matches!(finding.api_reason(), Some(Reason::DurationOutside { bound: DurationBound::AtLeast(_) }))
}

/// Reports whether the format of a file of the right kind is not accepted.
fn is_of_refused_format(context: &CheckContext<'_>, media: &Media) -> bool {
    container(context.rules, media.format, media.kind()).is_none()
}

/// Reports whether `fix` can read these bytes, and write the kind that is expected.
fn is_fixable(context: &CheckContext<'_>, media: &Media) -> bool {
    let Some(kind) = media.kind() else { return false };
    let wanted = context.expected_kinds();
    let is_read = match kind {
        Kind::Image => matches!(
            media.format,
            Format::Jpeg
                | Format::Png
                | Format::Webp
                | Format::Gif
                | Format::Bmp
                | Format::Tiff
                | Format::Ico
                | Format::Avif
                | Format::Heic
        ),
        Kind::Video | Kind::Audio => true,
    };
    is_read && (wanted.is_empty() || wanted.contains(&kind))
}
