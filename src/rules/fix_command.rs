//! The `fix` commands in the hints of findings about local files.

use super::CheckContext;
use super::content_types::container;
use crate::finding::DurationBound;
use crate::finding::{Finding, FindingKind, Lint, Reason, Severity, Transport};
use crate::media::{Format, Kind, Media};
use crate::text::secret::QueryRedaction;
use crate::text::shell;
use crate::units::seconds;

/// Replaces the hint of each error that `fix` can do something about, and names the file in the commands of others.
pub(super) fn add_commands(context: &CheckContext<'_>, findings: &mut [Finding]) {
    let Some(name) = file_name(context) else { return };
    for finding in findings {
        finding.hint = match flags(context, finding).filter(|_| finding.severity == Severity::Error) {
            Some(flags) => {
                let purpose = purpose(context, finding.transport);
                format!("Run `runway-preflight fix{purpose}{flags} {name}`.")
            }
            // The commands of other programs name the file as well.
            None => finding.hint.replace(" IN ", &format!(" {name} ")),
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
        ("--model", scope.model.and_then(shell::word)),
        ("--endpoint", scope.endpoint.and_then(shell::word)),
        ("--field", scope.field.and_then(shell::word)),
        ("--ratio", ratio),
        ("--as", transport.map(|transport| transport.name().to_owned())),
    ];
    flags.into_iter().filter_map(|(flag, value)| Some(format!(" {flag} {}", value?))).collect()
}

/// Returns the flags that a finding needs; `None` where `fix` cannot help.
fn flags(context: &CheckContext<'_>, finding: &Finding) -> Option<String> {
    let media = context.observation.content.media()?;
    if !is_fixable(media) {
        return None;
    }
    let helps = match &finding.kind {
        FindingKind::Reason(Reason::AspectRatioOutside { .. }) => return Some(" --crop".to_owned()),
        FindingKind::Reason(Reason::DurationOutside { bound: DurationBound::AtMost(most) }) => {
            return Some(format!(" --trim 0:{}", seconds(*most)));
        }
        FindingKind::Reason(reason) => {
            let by_type = matches!(
                reason,
                Reason::GenericContentType | Reason::UnsupportedContentType { .. } | Reason::UnsupportedAssetType
            );
            let by_size = matches!(
                reason,
                Reason::DimensionsTooLarge { .. } | Reason::TooLarge { .. } | Reason::DataUriTooLong { .. }
            );
            by_size || by_type && is_of_refused_format(context, media)
        }
        FindingKind::Lint { lint: Lint::UnreadableMedia, .. } => is_of_refused_format(context, media),
        FindingKind::Lint { lint, .. } => {
            matches!(lint, Lint::SizeOutside | Lint::UnsupportedCodec | Lint::FpsOutside)
        }
        FindingKind::Schema(_) => false,
    };
    helps.then(String::new)
}

/// Reports whether the kind is right and only the format is not accepted.
fn is_of_refused_format(context: &CheckContext<'_>, media: &Media) -> bool {
    let wanted = context.expected_kinds();
    let fits = |kind| wanted.is_empty() || wanted.contains(&kind);
    media.kind().is_some_and(fits) && container(context.rules, media.format, media.kind()).is_none()
}

/// Reports whether `fix` can read these bytes.
fn is_fixable(media: &Media) -> bool {
    match media.kind() {
        Some(Kind::Image) => matches!(
            media.format,
            Format::Jpeg | Format::Png | Format::Webp | Format::Gif | Format::Bmp | Format::Tiff | Format::Ico
        ),
        Some(Kind::Video | Kind::Audio) => true,
        None => false,
    }
}
