//! What the engine passes to the outputs about one request body: its issues, its assets, and what the API would answer.

use std::borrow::Cow;

use serde_json::Value;

use crate::asset::Location;
use crate::finding::Verdict;
use crate::report::{Delivery, Report, RequestContext};
use crate::text::untrusted::UntrustedText;

/// Everything about one request body.
#[derive(Clone, Debug)]
pub struct RequestReport {
    /// Its index among the bodies of the run, counted from 0.
    pub index: u64,
    /// Where it begins.
    pub location: Location,
    /// The endpoint it was checked for, as a path below `/v1/`; `None` if the body is not an object.
    pub endpoint: Option<String>,
    /// True if the endpoint was detected from the body, false if it was given.
    pub is_detected: bool,
    /// The model that it names.
    pub model: Option<UntrustedText>,
    /// What the API would do with it.
    pub verdict: Verdict,
    /// What the schema rejects, in the API's order.
    pub issues: Vec<Issue>,
    /// Our own findings about its values and keys, one per report.
    pub lints: Vec<Report>,
    /// Its assets, in the order of the schema.
    pub assets: Vec<Report>,
    /// What the API would answer.
    pub predicted: PredictedResponse,
}

/// One rejection by the schema.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The code of the API's validator, `invalid_type`.
    pub code: String,
    /// The path as the API writes it: keys as strings, indexes as numbers.
    pub path: Value,
    /// Its field, location and finding.
    pub report: Report,
}

/// The response that the API is expected to give to a body.
#[derive(Clone, Debug, PartialEq)]
pub enum PredictedResponse {
    /// It accepts the body.
    Accepted,
    /// Status 400 with this JSON, with our codes in brackets where the API's sentence is not published.
    Rejected(Value),
    /// Evidence that the verdict needs is missing.
    Unknown,
}

impl RequestReport {
    /// Returns the reports on all findings and on every asset, in the API's order; without any of these, one report on
    /// the whole body. Never empty.
    #[must_use]
    pub fn reports(&self) -> Vec<Cow<'_, Report>> {
        let issues = self.issues.iter().map(|issue| &issue.report);
        let rows: Vec<_> = issues.chain(&self.lints).chain(&self.assets).map(Cow::Borrowed).collect();
        if rows.is_empty() { vec![Cow::Owned(self.whole())] } else { rows }
    }

    /// Makes a report on a body without findings and assets.
    fn whole(&self) -> Report {
        Report {
            index: 0,
            request: Some(RequestContext { index: self.index, blocked_by_schema: false }),
            asset: UntrustedText::from(self.endpoint.as_deref().unwrap_or_default()),
            location: Some(self.location.clone()),
            excerpt: None,
            field: None,
            kind: None,
            crop_to: None,
            transport: Delivery::Body,
            verdict: self.verdict,
            findings: Vec::new(),
            by_transport: Vec::new(),
            observed: std::sync::Arc::default(),
        }
    }
}
