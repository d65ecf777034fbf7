//! The lengths that the request schema allows, inclusive and counted in UTF-16 units.

use super::CheckContext;
use super::hints::wrapping::wrapping_hint;
use super::limits::{Limit, Metric};
use crate::asset::Target;
use crate::finding::{Finding, Lint, Reason, Transport};
use crate::units::Bytes;

/// Compares the length of the asset's text with the limits of the schema.
pub(super) fn text_length(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let transport = match context.target {
        Target::Url(_) | Target::InvalidUrl(_) => Transport::Url,
        Target::DataUri => Transport::DataUri,
        Target::Runway => Transport::Upload,
        Target::File(_) => return,
    };
    let Some(finding) = check_length(context, transport, context.asset.length()) else { return };
    let is_url = !matches!(context.target, Target::InvalidUrl(_));
    findings.push(if is_url { finding } else { finding.with_optional_hint(wrapping_hint(context.asset.text())) });
}

/// Compares a length with the limits of a transport.
pub(super) fn check_length(context: &CheckContext<'_>, transport: Transport, length: u64) -> Option<Finding> {
    let limit = longest(context, transport)?;
    let (min, max) = (whole(limit.min()).unwrap_or(0), whole(limit.max()).unwrap_or(u64::MAX));
    if length > max {
        return Some(too_long(context, transport, limit, length, max));
    }
    // An empty text is reported as an invalid URL.
    (length > 0 && length < min).then(|| {
        Finding::lint(Lint::UrlTooShort, format!("it has {length} characters; the schema requires at least {min}"))
    })
}

/// Returns the limit that allows the longest text; several limits apply if the kind is unknown.
pub(super) fn longest<'a>(context: &CheckContext<'a>, transport: Transport) -> Option<&'a Limit> {
    let scope = super::applies_to::Scope { transport: Some(transport), ..context.scope() };
    context.rules.applicable(Metric::TextLength, scope).max_by_key(|limit| limit.max())
}

fn too_long(context: &CheckContext<'_>, transport: Transport, row: &Limit, length: u64, limit: u64) -> Finding {
    let numbers = format!("it has {} characters; the limit is {}", Bytes::new(length), Bytes::new(limit));
    let reason = match transport {
        Transport::Url => Reason::UrlTooLong { limit },
        Transport::DataUri => Reason::DataUriTooLong { limit },
        Transport::Upload => Reason::RunwayUriTooLong { limit },
    };
    let confidence = context.rules.confidence(row);
    let previous = row.history.iter().find(|previous| whole(Some(previous.max())).is_some_and(|max| length <= max));
    let detail = match (transport, previous) {
        (Transport::DataUri, Some(previous)) => format!(
            "{numbers}, for the whole encoded URI (until {}, the documentation allowed {})",
            previous.until,
            Bytes::new(whole(Some(previous.max())).unwrap_or_default())
        ),
        (Transport::DataUri, None) => format!("{numbers}, for the whole encoded URI"),
        (Transport::Url | Transport::Upload, _) => numbers,
    };
    Finding::reason(reason, detail).with_confidence(confidence)
}

/// Reads a limit as a whole number.
pub(super) fn whole(limit: Option<crate::units::Thousandths>) -> Option<u64> {
    limit.map(|limit| limit.thousandths() / 1000)
}
