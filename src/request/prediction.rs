//! Predicts the API's response to a body: status 400 with the issues in the order and with the members seen live.

use std::time::Duration;

use serde_json::{Map, Number, Value, json};

use super::cross_field::{Conflict, Wording};
use super::issue::SchemaIssue;
use super::path::Path;
use super::predicted;
use crate::finding::{DurationBound, Finding, Lint, Reason, Severity, Verdict};
use crate::report::Report;
use crate::report::request_report::PredictedResponse;
use crate::units::seconds;

/// Predicts the response to a body with these issues, whose assets were checked and whose fields are in conflict.
pub(super) fn predict(
    verdict: Verdict,
    issues: &[SchemaIssue],
    assets: &[(&Path, &Report)],
    conflicts: &[Conflict],
) -> PredictedResponse {
    match verdict {
        Verdict::Accepted => PredictedResponse::Accepted,
        Verdict::Undecided => PredictedResponse::Unknown,
        Verdict::Rejected => {
            let of_schema = issues.iter().filter_map(|issue| serde_json::to_value(issue).ok());
            let of_lengths = assets.iter().filter_map(|(path, report)| too_long(path, report));
            let of_assets = assets.iter().filter_map(|(path, report)| rejected(path, report));
            let all: Vec<Value> = of_schema.chain(of_lengths).chain(of_assets).collect();
            // If the API's sentence is published for none of them, our codes take its place.
            let all = if all.is_empty() { in_our_codes(assets, conflicts) } else { all };
            PredictedResponse::Rejected(predicted(&all))
        }
    }
}

/// Returns whether the schema itself rejects an asset, because its text is longer than the field accepts.
pub(super) fn is_rejected_by_schema(report: &Report) -> bool {
    first_reason(report).is_some_and(|reason| length_limit(reason).is_some())
}

/// Returns the reason that the API gives for an asset: the first one.
fn first_reason(report: &Report) -> Option<&Reason> {
    report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .find_map(|finding| finding.api_reason())
}

/// Returns the maximum length of a text, where that is the reason.
const fn length_limit(reason: &Reason) -> Option<u64> {
    if let Reason::UrlTooLong { limit } | Reason::DataUriTooLong { limit } | Reason::RunwayUriTooLong { limit } = reason
    {
        Some(*limit)
    } else {
        None
    }
}

/// Writes the schema's issue about an asset that is too long. The API's form was never seen: it could be one of three
/// alternatives of a union. The message is the documented one.
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

/// Writes the issue about an asset that was fetched and rejected. After a fatal issue of the schema, the API does not
/// fetch assets.
fn rejected(path: &Path, report: &Report) -> Option<Value> {
    let reason =
        first_reason(report).filter(|reason| !report.is_blocked_by_schema() && length_limit(reason).is_none())?;
    let mut issue =
        if let Reason::DurationOutside { bound } = reason { duration_issue(*bound) } else { json!({"code": "custom"}) };
    if let Some(issue) = issue.as_object_mut() {
        issue.extend(Map::from_iter([
            ("message".to_owned(), Value::from(reason.to_string())),
            ("path".to_owned(), Value::from(path.asset_path())),
        ]));
    }
    Some(issue)
}

/// Writes the issues that the API has no published sentence for, with our codes in brackets instead.
fn in_our_codes(assets: &[(&Path, &Report)], conflicts: &[Conflict]) -> Vec<Value> {
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let of_assets = assets.iter().filter_map(|(path, report)| {
        let finding = report.findings.iter().find(is_error)?;
        Some(in_brackets(finding.code(), path.asset_path()))
    });
    let errors = conflicts.iter().filter(|conflict| conflict.wording == Wording::Ours(Severity::Error));
    let of_conflicts = errors.map(|conflict| in_brackets(Lint::FieldConflict.info().code, conflict.path.issue_path()));
    of_assets.chain(of_conflicts).collect()
}

fn in_brackets(code: &str, path: impl Into<Value>) -> Value {
    json!({"code": "custom", "message": format!("[{code}]"), "path": path.into()})
}

/// Writes the members of an exceeded bound on the duration, as seen live.
fn duration_issue(bound: DurationBound) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Finding;
    use crate::report::RequestContext;
    use crate::request::findings::tests::report;
    use crate::text::untrusted::UntrustedText;
    use crate::units::{AspectRatioRange, Bytes, Dimensions, Thousandths};

    #[test]
    fn only_the_first_reason_of_an_asset_is_predicted_in_the_form_seen_live() {
        let case = |path: Path, reasons: Vec<Reason>, expected: &str| {
            let report = report(reasons.into_iter().map(|reason| Finding::reason(reason, "")).collect());
            let written = rejected(&path, &report).map(|issue| issue.to_string());
            assert_eq!(written.as_deref(), Some(expected));
        };
        let video = || Path::root().key("videoUri");
        let longest =
            |seconds| Reason::DurationOutside { bound: DurationBound::AtMost(Duration::from_millis(seconds)) };
        case(
            video(),
            vec![longest(30_000)],
            r#"{"code":"too_big","maximum":30,"type":"number","inclusive":true,"origin":"number","message":"Asset duration must be at most 30 seconds","path":["videoUri"]}"#,
        );
        case(
            Path::root().key("audioUri"),
            vec![Reason::DurationOutside { bound: DurationBound::AtLeast(Duration::from_millis(4600)) }, longest(1)],
            r#"{"code":"too_small","minimum":4.6,"type":"number","inclusive":true,"origin":"number","message":"Asset duration must be at least 4.6 seconds","path":["audioUri"]}"#,
        );
        case(
            video(),
            vec![
                Reason::HttpStatus { status: 404 },
                Reason::UnsupportedContentType { sent: UntrustedText::from("text/html") },
            ],
            r#"{"code":"custom","message":"Failed to fetch asset. Received HTTP response code \"404\".","path":["videoUri"]}"#,
        );
        case(
            Path::root().key("references").index(0).key("uri"),
            vec![Reason::TooLarge { limit: Bytes::mib(16), size: Bytes::mib(17) }],
            r#"{"code":"custom","message":"Asset size exceeds 16.0MB.","path":["references","[0]",".uri"]}"#,
        );
        let window = AspectRatioRange { min: Thousandths::new(500), max: Thousandths::new(2000) };
        let got = Dimensions::new(1170, 2532).ratio().expect("a ratio");
        case(
            Path::root().key("promptImage"),
            vec![Reason::AspectRatioOutside { window, got }],
            r#"{"code":"custom","message":"Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2. Got 0.462.","path":["promptImage"]}"#,
        );
    }

    #[test]
    fn a_rejection_without_a_published_sentence_has_our_code() {
        let path = Path::root().key("promptImage");
        let mut later = report(vec![Finding::reason(Reason::InvalidUrl, "")]);
        later.request = Some(RequestContext { index: 0, blocked_by_schema: true });
        assert_eq!(rejected(&path, &later), None);
        let wordless = report(vec![Finding::lint(Lint::UnreadableMedia, "")]);
        let conflict = Conflict {
            path: Path::root().key("references").index(1),
            message: String::new(),
            wording: Wording::Ours(Severity::Error),
        };
        let PredictedResponse::Rejected(body) = predict(Verdict::Rejected, &[], &[(&path, &wordless)], &[conflict])
        else {
            panic!("it is rejected");
        };
        let expected = r#"[{"code":"custom","message":"[unreadable-media]","path":["promptImage"]},{"code":"custom","message":"[field-conflict]","path":["references",1]}]"#;
        assert_eq!(body["issues"].to_string(), expected);
        assert_eq!(predict(Verdict::Undecided, &[], &[], &[]), PredictedResponse::Unknown);
        assert_eq!(predict(Verdict::Accepted, &[], &[], &[]), PredictedResponse::Accepted);
        let long = report(vec![Finding::reason(Reason::UrlTooLong { limit: 2048 }, "")]);
        assert_eq!(rejected(&path, &long), None);
        assert!(is_rejected_by_schema(&long) && too_long(&path, &long).is_some());
    }
}
