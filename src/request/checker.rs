//! The engine over request bodies: bodies go in, reports come out, in the order they came in. The assets of all bodies
//! share one engine and its limits, and a URL that stands in many places is fetched once.

use std::cell::Cell;
use std::fmt;
use std::ops::ControlFlow;
use std::time::Instant;

use futures_util::{Stream, StreamExt as _, stream};
use serde_json::Value;

use super::assets::{AssetRef, assets};
use super::cross_field::{self, Conflict, media};
use super::document::Document;
use super::endpoint::endpoints_matching;
use super::findings::{Margin, place};
use super::issue::SchemaIssue;
use super::path::{Path, Segment};
use super::prediction;
use super::schemas::RequestSchemas;
use super::validate::validate;
use crate::asset::{Asset, Location};
use crate::engine::{CachedProbe, Counters, Engine, Options, apply_ignores};
use crate::fetch::Probe;
use crate::finding::{Severity, Verdict};
use crate::report::request_report;
use crate::report::request_report::RequestReport;
use crate::report::{Report, RequestContext, Summary};
use crate::rules::{Expectations, RuleSet};
use crate::text::secret::redact_text;
use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

/// A body and where it was read.
#[derive(Debug)]
pub struct RequestInput {
    /// The file as it was named; `-` is standard input.
    pub file: UntrustedText,
    /// Its text.
    pub document: Document,
}

/// A body whose endpoint is not to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    /// Where it begins.
    pub place: Location,
    /// The endpoints that it could be for, in alphabetical order; none where it is like no body that is known.
    pub fitting: Vec<String>,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { file, line, column } = &self.place;
        write!(f, "{}:{line}:{column}: ", file.escaped())?;
        if self.fitting.is_empty() {
            return f.write_str("no endpoint is known that takes such a body; name it with --endpoint");
        }
        write!(f, "the body fits several endpoints, {}; name one with --endpoint", self.fitting.join(", "))
    }
}

impl std::error::Error for EndpointError {}

/// What a body is, before it is judged.
#[derive(Debug)]
pub struct RequestOutline {
    /// Where it begins.
    pub place: Location,
    /// Its endpoint; `None` where it is refused alike everywhere.
    pub endpoint: Option<String>,
    /// Its assets, in order.
    pub assets: Vec<Asset>,
}

/// How many bodies are under way at once.
const UNDER_WAY: usize = 64;

/// How many assets of one body are under way at once, beyond the first whose verdict is still open.
const LOOK_AHEAD: usize = 1024;

/// An engine over request bodies.
#[derive(Debug)]
pub struct RequestChecker<'a, P> {
    engine: Engine<'a, CachedProbe<P>>,
    rules: &'a RuleSet,
    requests: &'a RequestSchemas,
    endpoint: Option<String>,
    options: Options,
    count: Count,
}

impl<'a, P: Probe> RequestChecker<'a, P> {
    /// Puts an engine together; nothing is looked at yet. Without an `endpoint`, each body tells its own.
    pub fn new(
        probe: P,
        rules: &'a RuleSet,
        requests: &'a RequestSchemas,
        endpoint: Option<String>,
        options: Options,
    ) -> Self {
        // What the API would answer does not depend on how strict the user is: that is weighed here, at the end.
        let engine = Engine::new(CachedProbe::new(probe), rules, Options { strict: false, ..options.clone() });
        Self { engine, rules, requests, endpoint, options, count: Count::default() }
    }

    /// Returns how far the run has come.
    pub fn tally(&self) -> &Counters {
        self.engine.counters()
    }

    /// Numbers the bodies to come, and their assets, from these numbers on: those before them were judged elsewhere.
    pub fn begin_at(&mut self, body: u64, asset: u64) {
        self.count = Count { bodies: Cell::new(body), assets: Cell::new(asset) };
    }

    /// Says what a body is; nothing is looked at.
    ///
    /// # Errors
    /// Where its endpoint is not to be told.
    pub fn outline(&self, body: &RequestInput) -> Result<RequestOutline, EndpointError> {
        let (endpoint, _) = self.endpoint_of(body)?;
        let found = assets(self.requests, endpoint.as_deref().unwrap_or(ANY_ENDPOINT), &body.document);
        let assets = found.iter().map(|found| asset(&body.file, found)).collect();
        Ok(RequestOutline { place: place(&body.file, body.document.place(&Path::root())), endpoint, assets })
    }

    /// Judges bodies as they come and hands each report on, in order; a body whose endpoint is not to be told gets
    /// none. Stops early, with what is known by then, when `stop` ends or `each` breaks off.
    pub async fn run(
        &self,
        bodies: impl Stream<Item = RequestInput>,
        stop: impl Future<Output = ()>,
        mut each: impl FnMut(Result<RequestReport, EndpointError>) -> ControlFlow<()>,
    ) -> Summary {
        let start = Instant::now();
        let mut summary = Summary { assets_in_requests: Some(0), ..Summary::default() };
        let stopped = Cell::new(false);
        let stop = async {
            stop.await;
            stopped.set(true);
        };
        let reports = bodies.map(|body| self.judge(body)).buffered(UNDER_WAY);
        let mut reports = std::pin::pin!(reports.take_until(stop));
        while let Some(report) = reports.next().await {
            if let Ok(report) = &report {
                summary.count(report.verdict);
                summary.assets_in_requests =
                    summary.assets_in_requests.map(|within| within + report.assets.len() as u64);
            }
            if each(report).is_break() {
                summary.incomplete = true;
                break;
            }
        }
        summary.incomplete |= stopped.get();
        summary.elapsed = start.elapsed();
        summary
    }

    /// Judges one body: its schema at once, its assets as they come in.
    fn judge(&self, body: RequestInput) -> impl Future<Output = Result<RequestReport, EndpointError>> {
        let placed = self.endpoint_of(&body);
        let case = placed.map(|(endpoint, is_recognised)| self.open(body, endpoint, is_recognised));
        async move {
            let case = case?;
            let judged = stream::iter(case.assets.iter().zip(case.first_asset..));
            let judged =
                judged.map(|((found, wanted), index)| self.engine.check_for(index, asset(&case.file, found), wanted));
            let reports: Vec<Report> = judged.buffered(LOOK_AHEAD).collect().await;
            Ok(case.close(self, reports))
        }
    }

    /// Returns the endpoint of a body, and whether the body itself told it.
    fn endpoint_of(&self, body: &RequestInput) -> Result<(Option<String>, bool), EndpointError> {
        if let Some(endpoint) = &self.endpoint {
            return Ok((Some(endpoint.clone()), false));
        }
        // What is no object is refused alike everywhere.
        if !body.document.value().is_object() {
            return Ok((None, false));
        }
        match endpoints_matching(self.requests, body.document.value()).as_slice() {
            [endpoint] => Ok((Some((*endpoint).to_owned()), true)),
            fitting => Err(EndpointError {
                place: place(&body.file, body.document.place(&Path::root())),
                fitting: fitting.iter().map(|endpoint| (*endpoint).to_owned()).collect(),
            }),
        }
    }

    /// Takes a body in: its issues, its assets and what is wanted of them.
    fn open(&self, body: RequestInput, endpoint: Option<String>, is_recognised: bool) -> Case {
        let RequestInput { file, document } = body;
        let judged_for = endpoint.as_deref().unwrap_or(ANY_ENDPOINT);
        let mut issues = validate(self.requests, judged_for, document.value());
        let conflicts = endpoint.as_deref().map(|endpoint| cross_field::conflicts(endpoint, document.value()));
        // zod checks what is between fields once each of them has the right shape.
        let is_reached = issues.iter().all(SchemaIssue::is_soft);
        let (answered, conflicts): (Vec<_>, Vec<_>) =
            conflicts.unwrap_or_default().into_iter().partition(|conflict| is_reached && conflict.is_answered());
        issues.extend(answered.into_iter().map(Conflict::into_issue));
        let found = assets(self.requests, judged_for, &document);
        let (index, first_asset) = self.count.next(found.len());
        let assets = found.into_iter().map(|found| {
            let wanted = self.wanted(&found, document.value());
            (found, wanted)
        });
        Case {
            index,
            first_asset,
            assets: assets.collect(),
            file,
            document,
            endpoint,
            is_recognised,
            issues,
            conflicts,
        }
    }

    /// Returns what is wanted of an asset: names that the rules of assets do not know are left out, because the schema
    /// has judged them.
    fn wanted(&self, found: &AssetRef, body: &Value) -> Expectations {
        let AssetRef { path, kinds, endpoint, model, .. } = found;
        let kind = if let [kind] = kinds.as_slice() { Some(*kind) } else { None };
        Expectations {
            kind,
            model: model.clone().filter(|model| self.rules.knows_model(model)),
            endpoint: Some(endpoint.clone()).filter(|endpoint| self.rules.knows_endpoint(endpoint)),
            crop_to: cut_to(path, body),
            ..self.options.wanted.clone()
        }
    }
}

/// The endpoint by whose rules a body that is no object is refused; all refuse it in the same words.
const ANY_ENDPOINT: &str = "image_to_video";

/// Numbers bodies and their assets.
#[derive(Debug, Default)]
struct Count {
    bodies: Cell<u64>,
    assets: Cell<u64>,
}

impl Count {
    /// Returns the numbers of the next body and of its first asset.
    fn next(&self, assets: usize) -> (u64, u64) {
        let body = self.bodies.replace(self.bodies.get().saturating_add(1));
        let asset = self.assets.replace(self.assets.get().saturating_add(assets as u64));
        (body, asset)
    }
}

/// A body under way.
struct Case {
    index: u64,
    first_asset: u64,
    file: UntrustedText,
    document: Document,
    endpoint: Option<String>,
    is_recognised: bool,
    issues: Vec<SchemaIssue>,
    /// What is between fields, and not among the issues.
    conflicts: Vec<Conflict>,
    assets: Vec<(AssetRef, Expectations)>,
}

impl Case {
    /// Puts the report together once all assets are judged.
    fn close<P>(self, bodies: &RequestChecker<'_, P>, mut assets: Vec<Report>) -> RequestReport {
        let is_hard = self.issues.iter().any(|issue| !issue.is_soft());
        for report in &mut assets {
            report.request = Some(RequestContext {
                index: self.index,
                blocked_by_schema: is_hard && !prediction::is_of_schema(report),
            });
        }
        let seen: Vec<media::Seen<'_>> = self.assets.iter().map(|(found, _)| &found.path).zip(&assets).collect();
        let conflicts = self.conflicts(bodies, &seen);
        let (issues, mut remarks) = self.remarks(bodies, &conflicts);
        let verdict = |assets: &[Report], remarks: &[Report]| {
            let worst = assets.iter().chain(remarks).map(|report| report.verdict).max();
            if issues.is_empty() { worst.unwrap_or(Verdict::Accepted) } else { Verdict::Rejected }
        };
        let answer = prediction::of(verdict(&assets, &remarks), &self.issues, &seen, &conflicts);
        for remark in &mut remarks {
            apply_ignores(&mut remark.findings, &bodies.options.ignored);
        }
        if bodies.options.strict {
            assets.iter_mut().chain(&mut remarks).for_each(harden);
        }
        RequestReport {
            index: self.index,
            location: place(&self.file, self.document.place(&Path::root())),
            model: self
                .document
                .value()
                .get("model")
                .and_then(Value::as_str)
                .map(|model| UntrustedText::new(redact_text(model))),
            verdict: verdict(&assets, &remarks),
            endpoint: self.endpoint,
            is_detected: self.is_recognised,
            issues,
            lints: remarks,
            assets,
            predicted: answer,
        }
    }

    /// Notes what the schema refuses, and what is ours to say of the body.
    fn remarks<P>(
        &self,
        bodies: &RequestChecker<'_, P>,
        conflicts: &[Conflict],
    ) -> (Vec<request_report::Issue>, Vec<Report>) {
        let (file, document, endpoint) = (&self.file, &self.document, self.endpoint.as_deref());
        let margin = Margin { file, document, request: self.index, endpoint };
        let issues = self.issues.iter().map(|issue| margin.issue(issue, bodies.requests));
        let mut remarks: Vec<Report> = document.warnings().iter().map(|warning| margin.warning(warning)).collect();
        if endpoint.is_some() {
            remarks.extend(margin.partial_rules(bodies.requests));
        }
        remarks.extend(conflicts.iter().map(|conflict| margin.conflict(conflict)));
        (issues.collect(), remarks)
    }

    /// Returns the rules between fields that the body breaks, those that need its assets included.
    fn conflicts<P>(&self, bodies: &RequestChecker<'_, P>, seen: &[media::Seen<'_>]) -> Vec<Conflict> {
        let Some(endpoint) = self.endpoint.as_deref() else { return Vec::new() };
        let of_media = media::conflicts(bodies.rules, endpoint, self.document.value(), seen);
        self.conflicts.iter().cloned().chain(of_media).collect()
    }
}

/// Makes an asset of what a body in this file names.
fn asset(file: &UntrustedText, found: &AssetRef) -> Asset {
    let mut asset = Asset::new(found.text.as_bytes());
    asset.field = Some(found.field());
    asset.location = Some(place(file, found.place));
    asset.allow_local_paths = false;
    asset
}

/// Makes warnings errors.
fn harden(report: &mut Report) {
    for finding in report.findings.iter_mut().filter(|finding| finding.severity == Severity::Warning) {
        finding.severity = Severity::Error;
    }
    report.verdict = Verdict::of(&report.findings);
}

/// Returns the shape that the asset at `path` is cut to: that of `ratio`, for what the output begins with. References
/// are taken as they are.
fn cut_to(path: &Path, body: &Value) -> Option<Dimensions> {
    const FRAMES: [&str; 5] = ["promptImage", "promptVideo", "videoUri", "character", "firstFrame"];
    let (width, height) = body.get("ratio")?.as_str()?.split_once(':')?;
    let wanted = Dimensions::new(width.parse().ok()?, height.parse().ok()?);
    let is_frame = match path.segments() {
        [Segment::Key(field)] | [Segment::Key(field), Segment::Key(_)] => FRAMES.contains(&field.as_str()),
        [Segment::Key(field), Segment::Index(index), ..] => {
            FRAMES.contains(&field.as_str()) && body.get(field)?.get(index)?.get("position").is_some()
        }
        [] | [Segment::Index(_), ..] | [Segment::Key(_), Segment::Key(_), ..] => false,
    };
    is_frame.then_some(wanted)
}
