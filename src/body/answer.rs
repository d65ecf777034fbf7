//! What the API would answer to a body: status 400 with its issues, in the order and with the members seen live.

use std::time::Duration;

use serde_json::{Map, Number, Value, json};

use super::issue::Issue;
use super::path::Path;
use super::predicted;
use crate::entry::Severity;
use crate::reason::{DurationBound, Reason};
use crate::report::{Report, Verdict};
use crate::request::Answer;
use crate::units::seconds;

/// Returns the answer to a body whose schema gives `issues` and whose assets were judged.
pub(super) fn of(verdict: Verdict, issues: &[Issue], assets: &[(&Path, &Report)]) -> Answer {
    match verdict {
        Verdict::Accepted => Answer::Taken,
        Verdict::Undecided => Answer::Open,
        Verdict::Rejected => {
            let of_schema = issues.iter().filter_map(|issue| serde_json::to_value(issue).ok());
            let of_lengths = assets.iter().filter_map(|(path, report)| too_long(path, report));
            let of_assets = assets.iter().filter_map(|(path, report)| refused(path, report));
            let all: Vec<Value> = of_schema.chain(of_lengths).chain(of_assets).collect();
            if all.is_empty() { Answer::Unworded } else { Answer::Refused(predicted(&all)) }
        }
    }
}

/// Says whether the schema itself refuses an asset: its text is longer than the field takes.
pub(super) fn is_of_schema(report: &Report) -> bool {
    first_reason(report).is_some_and(|reason| length_limit(reason).is_some())
}

/// Returns the one reason that the API answers for an asset: the first.
fn first_reason(report: &Report) -> Option<&Reason> {
    report.findings.iter().filter(|finding| finding.severity == Severity::Error).find_map(|finding| finding.refusal())
}

/// Returns how long a text may be, where that is why it is refused.
const fn length_limit(reason: &Reason) -> Option<u64> {
    if let Reason::UrlTooLong { limit } | Reason::DataUriTooLong { limit } | Reason::RunwayUriTooLong { limit } = reason
    {
        Some(*limit)
    } else {
        None
    }
}

/// Writes the schema's issue about an over-long asset. In full it would be one of three alternatives in a union; which
/// form the API gives was never seen, and the sentence is the documented one.
fn too_long(path: &Path, report: &Report) -> Option<Value> {
    let reason = first_reason(report)?;
    let limit = length_limit(reason)?;
    Some(json!({
        "origin": "string",
        "code": "too_big",
        "maximum": limit,
        "inclusive": true,
        "path": path.issue_path(),
        "message": reason.to_string(),
    }))
}

/// Writes the issue about an asset that was looked at and refused. After a failure of the schema that is more than a
/// broken bound, the API does not come as far.
fn refused(path: &Path, report: &Report) -> Option<Value> {
    let reason = first_reason(report).filter(|reason| !report.is_later() && length_limit(reason).is_none())?;
    let mut issue =
        if let Reason::DurationOutside { bound } = reason { out_of_time(*bound) } else { json!({"code": "custom"}) };
    if let Some(issue) = issue.as_object_mut() {
        issue.extend(Map::from_iter([
            ("message".to_owned(), Value::from(reason.to_string())),
            ("path".to_owned(), Value::from(path.asset_path())),
        ]));
    }
    Some(issue)
}

/// Writes the members of a broken bound on the duration, as seen live.
fn out_of_time(bound: DurationBound) -> Value {
    let (code, name, bound) = match bound {
        DurationBound::AtMost(bound) => ("too_big", "maximum", bound),
        DurationBound::AtLeast(bound) => ("too_small", "minimum", bound),
    };
    let members = [
        ("code", Value::from(code)),
        (name, number(bound)),
        ("type", Value::from("number")),
        ("inclusive", Value::from(true)),
        ("origin", Value::from("number")),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

/// Writes seconds as JavaScript does: `30`, `4.6`.
fn number(bound: Duration) -> Value {
    seconds(bound).to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}
