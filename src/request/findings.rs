//! What is found about the values and keys of a body, as reports with a place of their own.

use serde_json::Value;

use super::cross_field::{Conflict, Wording};
use super::document::{self, Document, Warning};
use super::issue::SchemaIssue;
use super::path::{Path, Segment};
use super::schema::Known;
use super::schemas::RequestSchemas;
use crate::asset::Location;
use crate::finding::{Finding, Lint, Severity, Verdict};
use crate::report::request_report;
use crate::report::{Delivery, Report, RequestContext};
use crate::rules::nearest;
use crate::text::untrusted::UntrustedText;

/// Where remarks on a body are written.
pub(super) struct Margin<'a> {
    pub(super) file: &'a UntrustedText,
    pub(super) document: &'a Document,
    /// The body's place among those of the run.
    pub(super) request: u64,
    pub(super) endpoint: Option<&'a str>,
}

impl Margin<'_> {
    /// Notes a refusal by the schema.
    pub(super) fn issue(&self, issue: &SchemaIssue, requests: &RequestSchemas) -> request_report::Issue {
        // What these rules do not name may be newer than they are.
        let is_unnamed = ["invalid_value", "invalid_union", "unrecognized_keys"].contains(&issue.code());
        let detail = format!("by the request rules of {}", requests.newest());
        let detail = if is_unnamed { detail } else { String::new() };
        let finding = Finding::schema(UntrustedText::from(issue.message()), detail);
        let mut finding = finding.with_confidence(issue.confidence());
        if let Some(near) = self.nearest(issue, requests) {
            finding = finding.with_hint(format!("Did you mean {near}?"));
        }
        request_report::Issue {
            code: issue.code().to_owned(),
            path: issue.path().issue_path(),
            report: self.note(issue.path(), issue.place(self.document), finding),
        }
    }

    /// Returns the published name that is nearest to one that is not: of a choice, a model, a key.
    fn nearest(&self, issue: &SchemaIssue, requests: &RequestSchemas) -> Option<String> {
        let endpoint = self.endpoint?;
        let body = self.document.value();
        let written = || {
            issue.path().segments().iter().try_fold(body, |value, segment| match segment {
                Segment::Key(key) => value.get(key),
                Segment::Index(index) => value.get(index),
            })
        };
        let strings = |member: &str| -> Vec<&str> {
            let values = issue.members().get(member).and_then(Value::as_array).map(Vec::as_slice);
            values.unwrap_or_default().iter().filter_map(Value::as_str).collect()
        };
        let near = match issue.code() {
            "invalid_value" => nearest(written()?.as_str()?, &strings("values")),
            "invalid_union" if *issue.path() == Path::root().key("model") => {
                nearest(body.get("model")?.as_str()?, &requests.models(endpoint))
            }
            "unrecognized_keys" if issue.path().segments().is_empty() => {
                let variant = requests.variant(endpoint, body)?;
                let known: Vec<&str> = variant.fields.iter().map(|field| field.name.as_str()).collect();
                nearest(strings("keys").first()?, &known)
            }
            _ => None,
        };
        near.map(str::to_owned)
    }

    /// Notes what is odd about the text.
    pub(super) fn warning(&self, warning: &Warning) -> Report {
        match warning {
            Warning::ByteOrderMark => self.note(&Path::root(), warning.place(), Finding::lint(Lint::ByteOrderMark, "")),
            Warning::DuplicateKey { path, place, before } => {
                let detail = format!("it stood before at {}:{}", before.line, before.column);
                self.note(path, *place, Finding::lint(Lint::DuplicateKey, detail))
            }
        }
    }

    /// Notes a field that does not go with others.
    pub(super) fn conflict(&self, Conflict { path, message, wording }: &Conflict) -> Report {
        let finding = Finding::lint(Lint::FieldConflict, message.as_str());
        let finding = match wording {
            Wording::Ours(severity) => finding.with_severity(*severity),
            Wording::Api(_) => finding,
        };
        self.note(path, self.document.place(path), finding)
    }

    /// Notes how little is known of the model.
    pub(super) fn partial_rules(&self, requests: &RequestSchemas) -> Option<Report> {
        let body = self.document.value();
        let model = body.get("model")?.as_str()?;
        let (severity, detail) = match requests.variant(self.endpoint?, body)?.known {
            Known::Bounds => return None,
            Known::Types => (Severity::Note, "no lengths, ranges or strictness are published"),
            Known::Name => (Severity::Warning, "named in a live answer, and in no published schema"),
        };
        let path = Path::root().key("model");
        let finding = Finding::lint(Lint::PartialRules, format!("{model}: {detail}")).with_severity(severity);
        Some(self.note(&path, self.document.place(&path), finding))
    }

    fn note(&self, path: &Path, at: document::Position, finding: Finding) -> Report {
        let field = Some(path.to_string()).filter(|field| !field.is_empty());
        let findings = vec![finding];
        Report {
            index: 0,
            request: Some(RequestContext { index: self.request, blocked_by_schema: false }),
            asset: UntrustedText::from(self.endpoint.unwrap_or("body")),
            location: Some(place(self.file, at)),
            field: field.as_deref().map(UntrustedText::from),
            kind: None,
            transport: Delivery::Body,
            verdict: Verdict::of(&findings),
            findings,
            by_transport: Vec::new(),
            observed: std::sync::Arc::default(),
        }
    }
}

/// Names a place of a file.
pub(super) fn place(file: &UntrustedText, document::Position { line, column }: document::Position) -> Location {
    Location { file: file.clone(), line: line as u64, column: column as u64 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Makes a report with these findings.
    pub(in crate::request) fn report(findings: Vec<Finding>) -> Report {
        let document = Document::read(b"{}").expect("JSON");
        let file = UntrustedText::from("body.json");
        let margin = Margin { file: &file, document: &document, request: 0, endpoint: Some("image_to_video") };
        let mut report = margin.conflict(&Conflict::ours(Path::root().key("x"), ""));
        report.verdict = Verdict::of(&findings);
        report.findings = findings;
        report
    }

    #[test]
    fn a_remark_stands_where_its_value_does() {
        let document = Document::read(b"{\n \"a\": [1,\n  2]}").expect("JSON");
        let file = UntrustedText::from("body.json");
        let margin = Margin { file: &file, document: &document, request: 7, endpoint: None };
        let path = Path::root().key("a").index(1);
        let report = margin.conflict(&Conflict::ours(path, "it clashes"));
        let place = report.location.expect("a place");
        assert_eq!((place.line, place.column), (3, 3));
        assert_eq!(report.field, Some(UntrustedText::from("a[1]")));
        assert_eq!(report.verdict, Verdict::Rejected);
        assert_eq!(report.request, Some(RequestContext { index: 7, blocked_by_schema: false }));
    }
}
