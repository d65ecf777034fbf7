//! The lengths that the request schema allows. Equal passes; lengths are counted in UTF-16 units.

use super::CheckContext;
use super::data_uri::headless;
use super::limits::{Limit, Metric};
use crate::asset::Target;
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::finding::{Finding, Transport};
use crate::units::Bytes;

/// Compares the text of the asset with the schema's bounds.
pub(super) fn text_length(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let way = match subject.target {
        Target::Url(_) | Target::NoUrl(_) => Transport::Url,
        Target::DataUri => Transport::DataUri,
        Target::Runway => Transport::Upload,
        Target::File(_) => return,
    };
    let Some(finding) = judge_length(subject, way, subject.asset.length()) else { return };
    let head = if let Target::NoUrl(_) = subject.target { headless(subject) } else { None };
    findings.push(match head {
        Some(mend) => finding.with_hint(mend),
        None => finding,
    });
}

/// Compares a length with the bounds of a way to hand over.
pub(super) fn judge_length(subject: &CheckContext<'_>, way: Transport, length: u64) -> Option<Finding> {
    let bound = longest(subject, way)?;
    let (least, most) = (whole(bound.least()).unwrap_or(0), whole(bound.most()).unwrap_or(u64::MAX));
    if length > most {
        return Some(too_long(subject, way, bound, length, most));
    }
    // An empty text is no URL at all, and is said to be that.
    (length > 0 && length < least).then(|| {
        Finding::lint(Lint::UrlTooShort, format!("it has {length} characters; the schema wants {least} at least"))
    })
}

/// Returns the bound that allows most, where the kind is open.
pub(super) fn longest<'a>(subject: &CheckContext<'a>, way: Transport) -> Option<&'a Limit> {
    let scope = super::applies_to::Scope { way: Some(way), ..subject.scope() };
    subject.rules.holding(Metric::TextLength, scope).max_by_key(|bound| bound.most())
}

fn too_long(subject: &CheckContext<'_>, way: Transport, bound: &Limit, length: u64, limit: u64) -> Finding {
    let numbers = format!("it has {} characters; {} are allowed", Bytes::new(length), Bytes::new(limit));
    let reason = match way {
        Transport::Url => Reason::UrlTooLong { limit },
        Transport::DataUri => Reason::DataUriTooLong { limit },
        Transport::Upload => Reason::RunwayUriTooLong { limit },
    };
    let confidence = subject.rules.confidence(bound);
    let earlier = bound.history.iter().find(|earlier| whole(Some(earlier.most())).is_some_and(|most| length <= most));
    let detail = match (way, earlier) {
        (Transport::DataUri, Some(earlier)) => format!(
            "{numbers}, counted on the whole encoded URI (documentation until {} allowed {})",
            earlier.until,
            Bytes::new(whole(Some(earlier.most())).unwrap_or_default())
        ),
        (Transport::DataUri, None) => format!("{numbers}, counted on the whole encoded URI"),
        (Transport::Url | Transport::Upload, _) => numbers,
    };
    Finding::reason(reason, detail).with_confidence(confidence)
}

/// Reads a bound as a whole number.
pub(super) fn whole(bound: Option<crate::units::Thousandths>) -> Option<u64> {
    bound.map(|bound| bound.thousandths() / 1000)
}
