//! Builds the reports about values and keys of a body, each with its position.

use serde_json::Value;

use super::cross_field::{Conflict, Wording};
use super::document::{Document, Position, Warning};
use super::issue::SchemaIssue;
use super::path::{Path, Segment};
use super::schema::Coverage;
use super::schemas::RequestSchemas;
use crate::asset::Location;
use crate::finding::{Finding, Lint, Severity, Verdict};
use crate::report::{Delivery, Report, RequestContext, request_report};
use crate::rules::nearest;
use crate::text::untrusted::UntrustedText;
use crate::units::Grouped;

/// Builds the reports about one body.
pub(super) struct FindingBuilder<'a> {
    pub(super) file: &'a UntrustedText,
    pub(super) document: &'a Document,
    /// The body's index in the run.
    pub(super) request: u64,
    pub(super) endpoint: Option<&'a str>,
    /// Whether reports contain their source lines.
    pub(super) shows_body: bool,
}

impl FindingBuilder<'_> {
    /// Reports an issue of the schema.
    pub(super) fn issue(&self, issue: &SchemaIssue, requests: &RequestSchemas) -> request_report::Issue {
        // Names that these rules do not know may be newer than the rules.
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
            report: self.report(issue.path(), issue.position(self.document), finding),
        }
    }

    /// Returns the published value, model or key that is most similar to an unknown one.
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

    /// Reports a defect of the text.
    pub(super) fn warning(&self, warning: &Warning) -> Report {
        match warning {
            Warning::ByteOrderMark { .. } => {
                self.report(&Path::root(), warning.position(), Finding::lint(Lint::ByteOrderMark, ""))
            }
            Warning::DuplicateKey { path, position, before } => {
                let detail = format!("the earlier one is at {}:{}", before.line, before.column);
                self.report(path, *position, Finding::lint(Lint::DuplicateKey, detail))
            }
            Warning::LoneSurrogate { position, count } => {
                let detail =
                    if *count > 1 { format!("the first of {}", Grouped(*count as u64)) } else { String::new() };
                self.report(&Path::root(), *position, Finding::lint(Lint::LoneSurrogate, detail))
            }
        }
    }

    /// Reports the numbers of items that are not listed.
    pub(super) fn not_listed(&self, counts: &NotListed) -> Option<Report> {
        let NotListed { issues, duplicate_keys, conflicts, assets } = *counts;
        if [issues, duplicate_keys, conflicts, assets] == [0; 4] {
            return None;
        }
        let counts =
            [(issues, "issues"), (duplicate_keys, "duplicate keys"), (conflicts, "conflicts"), (assets, "assets")];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{} more {what}", Grouped(count as u64)))
            .collect();
        let unchecked = if assets > 0 { ", which were not checked" } else { "" };
        let detail = format!("and {}{unchecked}", counts.join(", "));
        let severity = if assets > 0 { Severity::Undecided } else { Severity::Note };
        let finding = Finding::lint(Lint::NotListed, detail).with_severity(severity);
        let root = Path::root();
        Some(self.report(&root, self.document.position(&root), finding))
    }

    /// Reports a conflict between fields.
    pub(super) fn conflict(&self, Conflict { path, message, wording }: &Conflict) -> Report {
        let finding = Finding::lint(Lint::FieldConflict, message.as_str());
        let finding = match wording {
            Wording::Ours(severity) => finding.with_severity(*severity),
            Wording::Api(_) => finding,
        };
        self.report(path, self.document.position(path), finding)
    }

    /// Reports that nothing is known about the endpoint.
    pub(super) fn unknown_endpoint(&self, requests: &RequestSchemas) -> Option<Report> {
        let is_unknown = |endpoint: &&str| !requests.endpoints.contains_key(*endpoint);
        // Every endpoint rejects other values.
        let endpoint = self.endpoint.filter(is_unknown).filter(|_| self.document.value().is_object())?;
        let detail =
            format!("{endpoint} is not among the endpoints of {}; only assets were checked", requests.newest());
        let finding = Finding::lint(Lint::PartialRules, detail).with_severity(Severity::Undecided);
        let root = Path::root();
        Some(self.report(&root, self.document.position(&root), finding))
    }

    /// Reports that little is published about the model.
    pub(super) fn partial_rules(&self, requests: &RequestSchemas) -> Option<Report> {
        let body = self.document.value();
        let model = body.get("model")?.as_str()?;
        let (severity, detail) = match requests.variant(self.endpoint?, body)?.known {
            Coverage::Bounds => return None,
            Coverage::Types => (Severity::Note, "no lengths, ranges or strictness are published"),
            Coverage::Name => (Severity::Warning, "named in a live response, but in no published schema"),
        };
        let path = Path::root().key("model");
        let finding = Finding::lint(Lint::PartialRules, format!("{model}: {detail}")).with_severity(severity);
        Some(self.report(&path, self.document.position(&path), finding))
    }

    fn report(&self, path: &Path, position: Position, finding: Finding) -> Report {
        let field = Some(path.to_string()).filter(|field| !field.is_empty());
        let findings = vec![finding];
        Report {
            index: 0,
            request: Some(RequestContext { index: self.request, blocked_by_schema: false }),
            asset: UntrustedText::from(self.endpoint.unwrap_or("body")),
            location: Some(location(self.file, position)),
            excerpt: if self.shows_body { self.document.excerpt(position) } else { None },
            field: field.as_deref().map(UntrustedText::from),
            kind: None,
            crop_to: None,
            transport: Delivery::Body,
            verdict: Verdict::of(&findings),
            findings,
            by_transport: Vec::new(),
            observed: std::sync::Arc::default(),
        }
    }
}

/// The numbers of items that a report on a body does not list.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NotListed {
    pub(super) issues: usize,
    pub(super) duplicate_keys: usize,
    pub(super) conflicts: usize,
    pub(super) assets: usize,
}

/// Returns the location of a position in a file.
pub(super) fn location(file: &UntrustedText, Position { line, column }: Position) -> Location {
    Location { file: file.clone(), line: line as u64, column: column as u64 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Makes a report with these findings.
    pub(in crate::request) fn report(findings: Vec<Finding>) -> Report {
        let document = Document::read(b"{}").expect("JSON");
        let file = UntrustedText::from("body.json");
        let builder = FindingBuilder {
            file: &file,
            document: &document,
            request: 0,
            endpoint: Some("image_to_video"),
            shows_body: true,
        };
        let mut report = builder.conflict(&Conflict::ours(Path::root().key("x"), ""));
        report.verdict = Verdict::of(&findings);
        report.findings = findings;
        report
    }

    #[test]
    fn a_conflict_has_the_position_of_its_value() {
        let document = Document::read(b"{\n \"a\": [1,\n  2]}").expect("JSON");
        let file = UntrustedText::from("body.json");
        let builder = FindingBuilder { file: &file, document: &document, request: 7, endpoint: None, shows_body: true };
        let path = Path::root().key("a").index(1);
        let report = builder.conflict(&Conflict::ours(path, "it clashes"));
        let location = report.location.expect("a location");
        assert_eq!((location.line, location.column), (3, 3));
        assert_eq!(report.field, Some(UntrustedText::from("a[1]")));
        assert_eq!(report.verdict, Verdict::Rejected);
        assert_eq!(report.request, Some(RequestContext { index: 7, blocked_by_schema: false }));
    }
}
