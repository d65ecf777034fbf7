//! The JSON objects, as views that borrow from the report. Every struct is fully destructured, so that a new field does
//! not compile until it is written or ignored on purpose.

use std::borrow::Cow;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::super::fingerprint::RunFingerprint;
use super::super::{RulesOrigin, RunInfo};
use super::media_view::MediaView;
use crate::asset::Location;
use crate::finding::{Finding, Transport, Verdict};
use crate::media::Kind;
use crate::observation::{
    BodyEnd, BodyTransfer, ContentLength, FetchError, Observation, Phase, RequestOutcome, ResponseHead,
};
use crate::report::{Report, Summary};
use crate::text::untrusted::UntrustedText;

/// The version of the schema. New keys do not change it.
pub(in crate::output) const SCHEMA_VERSION: u32 = 1;

/// The members at the start of every document.
#[derive(Debug, Serialize)]
pub(in crate::output) struct HeadView<'a> {
    schema_version: u32,
    tool: ToolView,
    rules: RulesView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<&'a str>,
    faithful: bool,
}

#[derive(Debug, Serialize)]
struct ToolView {
    name: &'static str,
    version: &'static str,
}

#[derive(Debug, Serialize)]
struct RulesView<'a> {
    read: &'a str,
    origin: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Box<RulesView<'a>>>,
}

impl<'a> HeadView<'a> {
    pub(in crate::output) fn new(run: &'a RunInfo) -> Self {
        let RunInfo { rules, request_rules, config, matches_api, repository: _ } = run;
        let view = |RulesOrigin { read, origin }: &'a RulesOrigin, requests| RulesView { read, origin, requests };
        let requests = request_rules.as_ref().map(|rules| Box::new(view(rules, None)));
        Self {
            schema_version: SCHEMA_VERSION,
            tool: ToolView { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            rules: view(rules, requests),
            config: config.as_deref(),
            faithful: *matches_api,
        }
    }
}

/// The counts of a run.
#[derive(Debug, Serialize)]
pub(super) struct SummaryView {
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<u64>,
    assets: u64,
    accepted: u64,
    rejected: u64,
    undecided: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_fetched: Option<u64>,
    elapsed_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    incomplete: Option<bool>,
}

impl SummaryView {
    pub(super) fn new(summary: &Summary) -> Self {
        let Summary { accepted, rejected, undecided, not_fetched, assets_in_requests, elapsed, incomplete } = *summary;
        Self {
            requests: assets_in_requests.map(|_| summary.total()),
            assets: assets_in_requests.unwrap_or(summary.total()),
            accepted,
            rejected,
            undecided,
            not_fetched: (not_fetched > 0).then_some(not_fetched),
            elapsed_ms: milliseconds(elapsed),
            incomplete: incomplete.then_some(true),
        }
    }
}

/// One asset.
#[derive(Debug, Serialize)]
pub(in crate::output) struct AssetView<'a> {
    index: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked_by_schema: Option<bool>,
    asset: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    transport: &'static str,
    verdict: &'static str,
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transports: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    faithful: Option<bool>,
    findings: Vec<FindingView<'a>>,
    observed: ObservationView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a RunFingerprint>,
}

impl<'a> AssetView<'a> {
    pub(in crate::output) fn new(report: &'a Report, run: &RunInfo) -> Self {
        let Report {
            index,
            request,
            asset,
            location,
            excerpt: _,
            field,
            kind,
            crop_to: _,
            transport,
            verdict,
            findings,
            by_transport,
            observed,
        } = report;
        let answer = report.api_finding().filter(|_| *verdict == Verdict::Rejected).and_then(Finding::api_reason);
        Self {
            index: *index,
            request_index: request.map(|request| request.index),
            blocked_by_schema: report.is_blocked_by_schema().then_some(true),
            asset: text(asset),
            location: location.as_ref().map(LocationView::new),
            field: field.as_ref().map(text),
            kind: kind.map(Kind::name),
            transport: transport.name(),
            verdict: verdict.name(),
            reason: answer.map(ToString::to_string),
            transports: verdicts(by_transport),
            faithful: (!run.matches_api).then_some(false),
            findings: findings.iter().map(FindingView::new).collect(),
            observed: ObservationView::new(observed),
            run: None,
        }
    }

    /// Adds the fingerprint of the run.
    pub(super) fn with_fingerprint(mut self, fingerprint: Option<&'a RunFingerprint>) -> Self {
        self.run = fingerprint;
        self
    }
}

/// Returns the verdict on a local file for each transport.
fn verdicts(by_transport: &[(Transport, Verdict)]) -> Option<Map<String, Value>> {
    let verdicts = by_transport.iter().map(|(transport, verdict)| (transport.name().to_owned(), verdict.name().into()));
    (!by_transport.is_empty()).then(|| verdicts.collect())
}

#[derive(Debug, Serialize)]
pub(super) struct LocationView<'a> {
    file: Cow<'a, str>,
    line: u64,
    column: u64,
}

impl<'a> LocationView<'a> {
    pub(super) fn new(location: &'a Location) -> Self {
        let Location { file, line, column } = location;
        Self { file: text(file), line: *line, column: *column }
    }
}

/// One finding; a finding about a value of a request body has its own field and location.
#[derive(Debug, Serialize)]
pub(super) struct FindingView<'a> {
    code: &'static str,
    severity: &'static str,
    stage: &'static str,
    first: bool,
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    transport: Option<&'static str>,
    reason: Option<String>,
    also_seen: Vec<String>,
    confidence: &'static str,
    title: &'static str,
    detail: &'a str,
    hint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    docs: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationView<'a>>,
}

impl<'a> FindingView<'a> {
    fn new(finding: &'a Finding) -> Self {
        let Finding { kind: _, severity, confidence, is_api_finding, transport, detail, hint } = finding;
        let info = finding.info();
        let reason = finding.api_reason();
        Self {
            code: info.code,
            severity: severity.name(),
            stage: info.stage.name(),
            first: *is_api_finding,
            transport: transport.map(Transport::name),
            reason: reason.map(ToString::to_string),
            also_seen: reason.map(crate::finding::Reason::alternate_messages).unwrap_or_default(),
            confidence: confidence.name(),
            title: info.title,
            detail,
            hint,
            docs: (!info.docs.is_empty()).then_some(info.docs),
            field: None,
            location: None,
        }
    }

    /// Creates the view of a finding about a value of a request body.
    pub(super) fn of_value(report: &'a Report, finding: &'a Finding) -> Self {
        let (field, location) = (report.field.as_ref().map(text), report.location.as_ref().map(LocationView::new));
        Self { field, location, ..Self::new(finding) }
    }
}

#[derive(Debug, Serialize)]
struct ObservationView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<ResponseView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    get: Option<ResponseView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<MediaView<'a>>,
}

impl<'a> ObservationView<'a> {
    fn new(observed: &'a Observation) -> Self {
        let Observation { addresses, head, get, body, content, size, .. } = observed;
        let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        let format = content.format().map(MediaView::of_format);
        Self {
            addresses: (!addresses.is_empty()).then_some(addresses),
            head: ResponseView::new(head, None),
            get: ResponseView::new(get, Some(body)),
            size: *size,
            media: content.media().map(MediaView::new).or(format),
        }
    }
}

/// How one request ended.
#[derive(Debug, Default, Serialize)]
pub(in crate::output) struct ResponseView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<&'static str>,
    elapsed_ms: u64,
}

impl<'a> ResponseView<'a> {
    pub(in crate::output) fn new(outcome: &'a RequestOutcome, body: Option<&'a BodyTransfer>) -> Option<Self> {
        match outcome {
            RequestOutcome::NotSent => None,
            RequestOutcome::Failed { error, elapsed } => {
                let view = Self { failed: Some(true), elapsed_ms: milliseconds(*elapsed), ..Self::default() };
                Some(view.with_error(Some(error)))
            }
            RequestOutcome::Response(response) => Some(Self::of_response(response, body)),
        }
    }

    fn of_response(response: &'a ResponseHead, body: Option<&'a BodyTransfer>) -> Self {
        let content_length = match response.length() {
            ContentLength::Known { bytes, .. } => Some(bytes),
            ContentLength::Missing | ContentLength::Invalid(_) => None,
        };
        let elapsed = body.map_or(response.elapsed, |body| body.elapsed.max(response.elapsed));
        let interrupted = body.and_then(|body| match &body.end {
            BodyEnd::Interrupted(error) => Some(error),
            BodyEnd::NotRead | BodyEnd::Complete | BodyEnd::StoppedEarly => None,
        });
        let view = Self {
            status: Some(response.status),
            content_type: response.headers.first("content-type").map(text),
            content_length,
            bytes: body.map(|body| body.received),
            elapsed_ms: milliseconds(elapsed),
            ..Self::default()
        };
        view.with_error(interrupted)
    }

    fn with_error(mut self, error: Option<&'a FetchError>) -> Self {
        self.error = error.map(FetchError::code);
        self.phase = error.and_then(FetchError::phase).map(Phase::name);
        self
    }
}

/// Returns untrusted text as a JSON string: unchanged if it is UTF-8, else with escaped bytes.
pub(in crate::output) fn text(text: &UntrustedText) -> Cow<'_, str> {
    text.as_str().map_or_else(|| text.escaped_up_to(usize::MAX).to_string().into(), Cow::Borrowed)
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
