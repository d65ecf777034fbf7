//! What is found about the values and keys of a body, as reports with a place of their own.

use super::across::Conflict;
use super::document::{self, Document, Warning};
use super::engine::place;
use super::issue::Issue;
use super::path::Path;
use super::requests::Requests;
use crate::observation::Observation;
use crate::outside::Outside;
use crate::remark::Remark;
use crate::report::{Finding, Report, Transport, Verdict, Within};
use crate::request;

/// Where remarks on a body are written.
pub(super) struct Margin<'a> {
    pub(super) file: &'a Outside,
    pub(super) document: &'a Document,
    /// The body's place among those of the run.
    pub(super) request: u64,
    pub(super) endpoint: Option<&'a str>,
}

impl Margin<'_> {
    /// Notes a refusal by the schema.
    pub(super) fn issue(&self, issue: &Issue, requests: &Requests) -> request::Issue {
        let detail = format!("judged by the request rules of {}", requests.newest());
        let finding = Finding::schema(Outside::from(issue.message()), detail);
        request::Issue {
            code: issue.code().to_owned(),
            path: issue.path().issue_path(),
            report: self.note(issue.path(), issue.place(self.document), finding),
        }
    }

    /// Notes what is odd about the text.
    pub(super) fn warning(&self, warning: &Warning) -> Report {
        match warning {
            Warning::ByteOrderMark => {
                self.note(&Path::root(), warning.place(), Finding::remark(Remark::ByteOrderMark, ""))
            }
            Warning::DuplicateKey { path, place, before } => {
                let detail = format!("it stood before at {}:{}", before.line, before.column);
                self.note(path, *place, Finding::remark(Remark::DuplicateKey, detail))
            }
        }
    }

    /// Notes a field that does not go with others.
    pub(super) fn conflict(&self, Conflict { path, message }: &Conflict) -> Report {
        self.note(path, self.document.place(path), Finding::remark(Remark::FieldConflict, message.as_str()))
    }

    fn note(&self, path: &Path, at: document::Place, finding: Finding) -> Report {
        let field = Some(path.to_string()).filter(|field| !field.is_empty());
        let findings = vec![finding];
        Report {
            index: 0,
            request: Some(Within { index: self.request, later: false }),
            asset: Outside::from(self.endpoint.unwrap_or("body")),
            place: Some(place(self.file, at)),
            field: field.as_deref().map(Outside::from),
            kind: None,
            transport: Transport::Body,
            verdict: Verdict::of(&findings),
            findings,
            ways: Vec::new(),
            observed: Observation::default(),
        }
    }
}
