//! Request bodies in JSON: one document with the requests and all their assets, or one request per line with its own.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::super::fingerprint::RunFingerprint;
use super::super::{RunInfo, escape};
use super::views::{AssetView, FindingView, LocationView, text};
use super::{begin, indented, summary_text};
use crate::finding::Finding;
use crate::report::Summary;
use crate::report::request_report::{Issue, PredictedResponse, RequestReport};

/// The document of a run over request bodies: requests are written as they are checked, their assets are kept for the
/// list after them.
#[derive(Debug, Default)]
pub(in crate::output) struct Requests {
    written: u64,
    assets: Vec<String>,
}

impl Requests {
    /// Writes one element of `requests`, opening the document before the first.
    pub(in crate::output) fn add(
        &mut self,
        writer: &mut impl Write,
        request: &RequestReport,
        run: &RunInfo,
    ) -> io::Result<()> {
        if self.written == 0 {
            begin(writer, run, "requests")?;
        } else {
            writer.write_all(b",")?;
        }
        self.written += 1;
        write!(writer, "\n    {}", indented(&RequestView::new(request))?)?;
        for report in &request.assets {
            self.assets.push(indented(&AssetView::new(report, run))?);
        }
        Ok(())
    }

    /// Closes the document with the assets and the summary.
    pub(in crate::output) fn end(
        &mut self,
        writer: &mut impl Write,
        summary: &Summary,
        run: &RunInfo,
    ) -> io::Result<()> {
        if self.written == 0 {
            begin(writer, run, "requests")?;
        }
        let close = |empty: bool| if empty { "]" } else { "\n  ]" };
        write!(writer, "{},\n  \"assets\": [", close(self.written == 0))?;
        let mut before = "";
        for asset in &self.assets {
            write!(writer, "{before}\n    {asset}")?;
            before = ",";
        }
        writeln!(writer, "{},\n  \"summary\": {}\n}}", close(self.assets.is_empty()), summary_text(summary)?)
    }
}

/// Writes one request as one line, with its assets inside.
pub(in crate::output) fn request_line(
    writer: &mut impl Write,
    request: &RequestReport,
    run: &RunInfo,
    fingerprint: Option<&RunFingerprint>,
) -> io::Result<()> {
    let view = RequestView {
        assets: Some(request.assets.iter().map(|report| AssetView::new(report, run)).collect()),
        faithful: (!run.matches_api).then_some(false),
        run: fingerprint,
        ..RequestView::new(request)
    };
    writeln!(writer, "{}", escape::json(&serde_json::to_string(&view)?))
}

/// One request.
#[derive(Serialize)]
struct RequestView<'a> {
    index: u64,
    file: Cow<'a, str>,
    line: u64,
    endpoint: Option<&'a str>,
    detected: bool,
    model: Option<Cow<'a, str>>,
    verdict: &'static str,
    issues: Vec<IssueView<'a>>,
    findings: Vec<FindingView<'a>>,
    predicted: Option<ResponseBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assets: Option<Vec<AssetView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    faithful: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a RunFingerprint>,
}

impl<'a> RequestView<'a> {
    fn new(request: &'a RequestReport) -> Self {
        let RequestReport {
            index,
            location,
            endpoint,
            is_detected,
            model,
            verdict,
            issues,
            lints,
            assets: _,
            predicted,
        } = request;
        let findings =
            lints.iter().flat_map(|report| report.findings.iter().map(|one| FindingView::of_value(report, one)));
        Self {
            index: *index,
            file: text(&location.file),
            line: location.line,
            endpoint: endpoint.as_deref(),
            detected: *is_detected,
            model: model.as_ref().map(text),
            verdict: verdict.name(),
            issues: issues.iter().map(IssueView::new).collect(),
            findings: findings.collect(),
            predicted: ResponseBody::new(predicted),
            assets: None,
            faithful: None,
            run: None,
        }
    }
}

/// One schema issue.
#[derive(Serialize)]
struct IssueView<'a> {
    code: &'a str,
    path: &'a Value,
    field: Option<Cow<'a, str>>,
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

impl<'a> IssueView<'a> {
    fn new(issue: &'a Issue) -> Self {
        let Issue { code, path, report } = issue;
        let finding = report.findings.first();
        let text_of = |get: fn(&Finding) -> &str| finding.map(get).filter(|text| !text.is_empty());
        Self {
            code,
            path,
            field: report.field.as_ref().map(text),
            message: finding.map(Finding::message),
            location: report.location.as_ref().map(LocationView::new),
            confidence: finding.map(|finding| finding.confidence.name()),
            detail: text_of(|finding| &finding.detail),
            hint: text_of(|finding| &finding.hint),
        }
    }
}

/// The predicted response.
#[derive(Serialize)]
struct ResponseBody<'a> {
    status: u16,
    body: Option<&'a Value>,
}

impl<'a> ResponseBody<'a> {
    fn new(predicted: &'a PredictedResponse) -> Option<Self> {
        match predicted {
            PredictedResponse::Accepted => Some(Self { status: 200, body: None }),
            PredictedResponse::Rejected(body) => Some(Self { status: 400, body: Some(body) }),
            PredictedResponse::Unknown => None,
        }
    }
}
