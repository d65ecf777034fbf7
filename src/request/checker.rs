//! Checks request bodies and passes their reports on in the same order. The assets of all bodies share one engine and
//! its limits, and a URL that is used several times is fetched once.

use std::cell::Cell;
use std::fmt;
use std::ops::ControlFlow;
use std::time::Instant;

use futures_util::{Stream, StreamExt as _, stream};
use serde_json::Value;

use super::assets::{AssetField, AssetFields, assets};
use super::cross_field::{self, Conflict, media};
use super::document::Document;
use super::endpoint::endpoints_matching;
use super::findings::{FindingBuilder, NotListed, location};
use super::issues::SchemaIssues;
use super::path::{Path, Segment};
use super::schemas::RequestSchemas;
use super::validate::validate;
use super::{MAX_LISTED, prediction};
use crate::asset::list::MAX_LINE;
use crate::asset::{Asset, Location, utf16_length};
use crate::engine::{CachedProbe, CheckOptions, Counters, Engine, apply_ignores};
use crate::fetch::Probe;
use crate::finding::{Severity, Verdict};
use crate::report::request_report::RequestReport;
use crate::report::{Report, RequestContext, Summary, request_report};
use crate::rules::{Expectations, RuleSet};
use crate::text::secret::redact_text;
use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

/// A body and its file.
#[derive(Debug)]
pub struct RequestInput {
    /// The file as the user names it; `-` is standard input.
    pub file: UntrustedText,
    /// Its parsed text.
    pub document: Document,
}

/// A body whose endpoint cannot be detected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    /// Where it begins.
    pub location: Location,
    /// The endpoints that match equally well, in alphabetical order; empty where none does.
    pub candidates: Vec<String>,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { file, line, column } = &self.location;
        write!(f, "{}:{line}:{column}: ", file.escaped())?;
        if self.candidates.is_empty() {
            return f.write_str("no known endpoint accepts such a body; name it with --endpoint");
        }
        write!(f, "the body matches several endpoints: {}; name one with --endpoint", self.candidates.join(", "))
    }
}

impl std::error::Error for EndpointError {}

/// The contents of a body, before it is checked.
#[derive(Debug)]
pub struct RequestOutline {
    /// Where it begins.
    pub location: Location,
    /// Its endpoint; `None` where every endpoint rejects it with the same issue.
    pub endpoint: Option<String>,
    /// Its assets, in order.
    pub assets: Vec<Asset>,
}

/// How many bodies are checked concurrently.
const MAX_REQUESTS_IN_FLIGHT: usize = 64;

/// Checks request bodies.
#[derive(Debug)]
pub struct RequestChecker<'a, P> {
    engine: Engine<'a, CachedProbe<P>>,
    rules: &'a RuleSet,
    requests: &'a RequestSchemas,
    endpoint: Option<String>,
    options: CheckOptions,
    numbers: RequestNumbers,
    /// Whether reports show the body: source lines and the model. The prediction does not need them.
    pub(crate) shows_body: bool,
}

impl<'a, P: Probe> RequestChecker<'a, P> {
    /// Makes a checker. Without an `endpoint`, it is detected from each body; bodies for an endpoint that `requests` does
    /// not have are undecided unless their assets are rejected.
    pub fn new(
        probe: P,
        rules: &'a RuleSet,
        requests: &'a RequestSchemas,
        endpoint: Option<String>,
        options: CheckOptions,
    ) -> Self {
        // The prediction does not depend on `strict`, which is therefore applied here, at the end.
        let engine = Engine::new(CachedProbe::new(probe), rules, CheckOptions { strict: false, ..options.clone() });
        Self { engine, rules, requests, endpoint, options, numbers: RequestNumbers::default(), shows_body: true }
    }

    /// Returns the progress of the run.
    pub fn counters(&self) -> &Counters {
        self.engine.counters()
    }

    /// Gives the next body this number, and its first asset that one.
    pub fn begin_at(&self, body: u64, asset: u64) {
        self.numbers.bodies.set(body);
        self.numbers.assets.set(asset);
    }

    /// Returns the numbers of the next body and of its first asset.
    pub fn numbers(&self) -> (u64, u64) {
        (self.numbers.bodies.get(), self.numbers.assets.get())
    }

    /// Returns the outline of a body, without checking it.
    ///
    /// # Errors
    /// Where its endpoint cannot be detected.
    pub fn outline(&self, body: &RequestInput) -> Result<RequestOutline, EndpointError> {
        let (endpoint, _) = self.endpoint_of(body)?;
        let found = assets(self.requests, endpoint.as_deref().unwrap_or(ANY_ENDPOINT), &body.document);
        let assets = found.listed.iter().map(|found| asset(&body.file, found)).collect();
        Ok(RequestOutline { location: location(&body.file, body.document.position(&Path::root())), endpoint, assets })
    }

    /// Checks bodies as they arrive and passes each report on, in order, or the error if the endpoint cannot be
    /// detected. Stops early when `stop` completes or `each` breaks, and returns the summary up to then.
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
        let reports = bodies.map(|body| self.check(body)).buffered(MAX_REQUESTS_IN_FLIGHT);
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

    /// Checks one body: its schema immediately, its assets as their responses arrive.
    fn check(&self, body: RequestInput) -> impl Future<Output = Result<RequestReport, EndpointError>> {
        let endpoint = self.endpoint_of(&body);
        let pending = endpoint.map(|(endpoint, is_detected)| self.start(body, endpoint, is_detected));
        async move {
            let pending = pending?;
            let assets = stream::iter(pending.assets.iter().zip(pending.first_asset..));
            let reports = assets.map(|((found, expectations), index)| {
                self.engine.check_for(index, asset(&pending.file, found), expectations)
            });
            let reports: Vec<Report> = reports.buffered(MAX_LISTED).collect().await;
            Ok(pending.finish(self, reports))
        }
    }

    /// Returns the endpoint of a body, and whether it was detected.
    fn endpoint_of(&self, body: &RequestInput) -> Result<(Option<String>, bool), EndpointError> {
        if let Some(endpoint) = &self.endpoint {
            return Ok((Some(endpoint.clone()), false));
        }
        // Every endpoint rejects other values with the same issue.
        if !body.document.value().is_object() {
            return Ok((None, false));
        }
        match endpoints_matching(self.requests, body.document.value()).as_slice() {
            [endpoint] => Ok((Some((*endpoint).to_owned()), true)),
            candidates => Err(EndpointError {
                location: location(&body.file, body.document.position(&Path::root())),
                candidates: candidates.iter().map(|endpoint| (*endpoint).to_owned()).collect(),
            }),
        }
    }

    /// Validates a body and finds its assets, with what is expected of them.
    fn start(&self, body: RequestInput, endpoint: Option<String>, is_detected: bool) -> PendingRequest {
        let RequestInput { file, document } = body;
        let is_object = document.value().is_object();
        let schema_of = endpoint.as_deref().filter(|_| is_object).unwrap_or(ANY_ENDPOINT);
        let mut issues = validate(self.requests, schema_of, document.value());
        let conflicts = endpoint.as_deref().map(|endpoint| cross_field::conflicts(endpoint, document.value()));
        // zod checks rules between fields after each field is valid by itself.
        let is_reached = !issues.are_fatal();
        let (predicted, conflicts): (Vec<_>, Vec<_>) =
            conflicts.unwrap_or_default().into_iter().partition(|conflict| is_reached && conflict.is_api_message());
        for conflict in predicted {
            issues.push(conflict.into_issue());
        }
        let AssetFields { listed, not_listed } = assets(self.requests, schema_of, &document);
        let (index, first_asset) = self.numbers.next(listed.len());
        let assets = listed.into_iter().map(|found| {
            let expectations = self.expectations_for(&found, schema_of, document.value());
            (found, expectations)
        });
        PendingRequest {
            index,
            first_asset,
            assets: assets.collect(),
            assets_not_listed: not_listed,
            file,
            document,
            endpoint,
            is_detected,
            issues,
            conflicts,
        }
    }

    /// Returns what is expected of an asset. Names that the rules of assets do not know are left out, because the schema
    /// has validated them.
    fn expectations_for(&self, found: &AssetField, endpoint: &str, body: &Value) -> Expectations {
        let AssetField { path, kinds, .. } = found;
        let kind = if let [kind] = kinds.as_slice() { Some(*kind) } else { None };
        let model = body.get("model").and_then(Value::as_str).filter(|model| self.rules.knows_model(model));
        Expectations {
            kind,
            model: model.map(str::to_owned),
            endpoint: Some(endpoint).filter(|endpoint| self.rules.knows_endpoint(endpoint)).map(str::to_owned),
            crop_to: crop_to(path, body),
            ..self.options.expectations.clone()
        }
    }
}

/// How many characters of an asset are shown in its source line.
const SHOWN: usize = 120;

/// The endpoint whose schema rejects a body that is not an object; all give the same issue.
const ANY_ENDPOINT: &str = "image_to_video";

/// The numbers of the next body and asset.
#[derive(Debug, Default)]
struct RequestNumbers {
    bodies: Cell<u64>,
    assets: Cell<u64>,
}

impl RequestNumbers {
    /// Returns the numbers of the next body and of its first asset, and advances both.
    fn next(&self, assets: usize) -> (u64, u64) {
        let body = self.bodies.replace(self.bodies.get().saturating_add(1));
        let asset = self.assets.replace(self.assets.get().saturating_add(assets as u64));
        (body, asset)
    }
}

/// A body whose assets are being checked.
struct PendingRequest {
    index: u64,
    first_asset: u64,
    file: UntrustedText,
    document: Document,
    endpoint: Option<String>,
    is_detected: bool,
    issues: SchemaIssues,
    /// The conflicts that are not among the issues.
    conflicts: Vec<Conflict>,
    assets: Vec<(AssetField, Expectations)>,
    assets_not_listed: usize,
}

impl PendingRequest {
    /// Builds the report after all assets are checked.
    fn finish<P>(self, checker: &RequestChecker<'_, P>, mut assets: Vec<Report>) -> RequestReport {
        for ((field, _), report) in self.assets.iter().zip(&mut assets).filter(|_| checker.shows_body) {
            let shown = format!("\"{}\"", report.asset.escaped_up_to(SHOWN));
            report.excerpt = self.document.excerpt(field.position).map(|excerpt| excerpt.with_value(&shown));
        }
        for report in &mut assets {
            report.request = Some(RequestContext {
                index: self.index,
                blocked_by_schema: self.issues.are_fatal() && !prediction::is_rejected_by_schema(report),
            });
        }
        let paths = self.assets.iter().map(|(found, _)| &found.path);
        let seen: Vec<media::CheckedAsset<'_>> = paths.zip(&assets).collect();
        let conflicts = self.all_conflicts(checker, &seen);
        let (issues, mut lints) = self.findings(checker, &conflicts);
        let verdict = |assets: &[Report], lints: &[Report]| {
            let worst = assets.iter().chain(lints).map(|report| report.verdict).max();
            if issues.is_empty() { worst.unwrap_or(Verdict::Accepted) } else { Verdict::Rejected }
        };
        let predicted = prediction::predict(verdict(&assets, &lints), self.issues.listed(), &seen, &conflicts);
        for report in &mut lints {
            apply_ignores(&mut report.findings, &checker.options.ignored);
        }
        if checker.options.strict {
            assets.iter_mut().chain(&mut lints).for_each(apply_strict);
        }
        let model = self.document.value().get("model").and_then(Value::as_str).filter(|_| checker.shows_body);
        RequestReport {
            index: self.index,
            location: location(&self.file, self.document.position(&Path::root())),
            model: model.map(|model| UntrustedText::new(redact_text(model))),
            verdict: verdict(&assets, &lints),
            endpoint: self.endpoint,
            is_detected: self.is_detected,
            issues,
            lints,
            assets,
            predicted,
        }
    }

    /// Reports the issues of the schema, and the findings of this program about the body.
    fn findings<P>(
        &self,
        checker: &RequestChecker<'_, P>,
        conflicts: &[Conflict],
    ) -> (Vec<request_report::Issue>, Vec<Report>) {
        let (file, document, endpoint) = (&self.file, &self.document, self.endpoint.as_deref());
        let builder = FindingBuilder { file, document, request: self.index, endpoint, shows_body: checker.shows_body };
        let issues = self.issues.listed().iter().map(|issue| builder.issue(issue, checker.requests));
        let mut lints: Vec<Report> = document.warnings().iter().map(|warning| builder.warning(warning)).collect();
        lints.extend(builder.unknown_endpoint(checker.requests));
        lints.extend(builder.partial_rules(checker.requests));
        lints.extend(conflicts.iter().take(MAX_LISTED).map(|conflict| builder.conflict(conflict)));
        lints.extend(builder.not_listed(&NotListed {
            issues: self.issues.not_listed(),
            duplicate_keys: document.more_duplicates(),
            conflicts: conflicts.len().saturating_sub(MAX_LISTED),
            assets: self.assets_not_listed,
        }));
        (issues.collect(), lints)
    }

    /// Returns all broken rules between fields, including those that depend on the assets.
    fn all_conflicts<P>(&self, checker: &RequestChecker<'_, P>, seen: &[media::CheckedAsset<'_>]) -> Vec<Conflict> {
        let Some(endpoint) = self.endpoint.as_deref() else { return Vec::new() };
        let of_media = media::conflicts(checker.rules, endpoint, self.document.value(), seen);
        self.conflicts.iter().cloned().chain(of_media).collect()
    }
}

/// Returns an asset of a body as the engine checks it.
fn asset(file: &UntrustedText, found: &AssetField) -> Asset {
    // If a text exceeds every limit, only its beginning and its length matter, as in a list.
    let mut asset = match found.text.as_bytes().get(..MAX_LINE) {
        Some(start) if found.text.len() > MAX_LINE => {
            Asset::truncated(start.into(), utf16_length(found.text.as_bytes()))
        }
        Some(_) | None => Asset::new(found.text.as_bytes()),
    };
    asset.field = Some(found.field());
    asset.location = Some(location(file, found.position));
    asset.allow_local_paths = false;
    asset
}

/// Turns warnings into errors.
fn apply_strict(report: &mut Report) {
    for finding in report.findings.iter_mut().filter(|finding| finding.severity == Severity::Warning) {
        finding.severity = Severity::Error;
    }
    report.verdict = Verdict::of(&report.findings);
}

/// Returns the aspect ratio to which the API crops the asset at `path`: that of `ratio` for frames and videos.
/// References are not cropped.
fn crop_to(path: &Path, body: &Value) -> Option<Dimensions> {
    const FRAMES: [&str; 5] = ["promptImage", "promptVideo", "videoUri", "character", "firstFrame"];
    let (width, height) = body.get("ratio")?.as_str()?.split_once(':')?;
    let ratio = Dimensions::new(width.parse().ok()?, height.parse().ok()?);
    let is_frame = match path.segments() {
        [Segment::Key(field)] | [Segment::Key(field), Segment::Key(_)] => FRAMES.contains(&field.as_str()),
        [Segment::Key(field), Segment::Index(index), ..] => {
            FRAMES.contains(&field.as_str()) && body.get(field)?.get(index)?.get("position").is_some()
        }
        [] | [Segment::Index(_), ..] | [Segment::Key(_), Segment::Key(_), ..] => false,
    };
    is_frame.then_some(ratio)
}
