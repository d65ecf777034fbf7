//! The check of one asset: its address, then what was fetched or read, then the report.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;

use super::{Engine, apply_ignores, retry};
use crate::asset::{Asset, AssetUrl, Target};
use crate::fetch::{Probe, ProbeOptions, guessed_type};
use crate::finding::{Finding, FindingKind, Lint, Severity, Stage, Transport, Verdict};
use crate::observation::Observation;
use crate::report::{Delivery, Report};
use crate::rules::{self, CheckContext, Expectations};
use crate::text::secret::ReflectedSecrets;
use crate::text::untrusted::UntrustedText;

/// An asset to check.
pub(super) struct Job<'e> {
    index: u64,
    pub(super) asset: Arc<Asset>,
    target: Target,
    pub(super) expectations: &'e Expectations,
}

/// How far an asset was checked without waiting.
pub(super) enum Started<'e> {
    /// Completely.
    Done(Box<Report>),
    /// Up to its address.
    NeedsFetch(Job<'e>, Vec<Finding>),
}

impl<P: Probe> Engine<'_, P> {
    /// Runs the checks that need no waiting, and checks data URIs, which are long. A panic on one asset does not affect
    /// the others.
    pub(super) async fn start<'e>(&self, index: u64, asset: Asset, expectations: &'e Expectations) -> Started<'e> {
        let index = asset.index.unwrap_or(index);
        let target = Target::parse(&asset);
        let asset = Arc::new(asset);
        let job = Job { index, asset: Arc::clone(&asset), target, expectations };
        let started = AssertUnwindSafe(self.check_offline(job)).catch_unwind().await;
        started.unwrap_or_else(|_| Started::Done(Box::new(self.internal_error_report(index, &asset))))
    }

    /// Fetches or reads the asset, unless its check is done.
    pub(super) async fn finish(&self, started: Started<'_>) -> Report {
        let (job, findings) = match started {
            Started::Done(report) => return *report,
            Started::NeedsFetch(job, findings) => (job, findings),
        };
        let checked = match &job.target {
            // Most of those in flight wait for a permit: their fetches take no memory yet.
            Target::Url(address) => AssertUnwindSafe(self.check_url(&job, address, findings)).catch_unwind().await,
            Target::File(path) => {
                let read = AssertUnwindSafe(async {
                    let seen = Observation { observed_at: now(), ..self.probe.file(path).await };
                    self.build_report(&job, Arc::new(seen), findings)
                });
                read.catch_unwind().await
            }
            Target::DataUri | Target::Runway | Target::InvalidUrl(_) => {
                return self.build_report(&job, Arc::default(), findings);
            }
        };
        checked.unwrap_or_else(|_| self.internal_error_report(job.index, &job.asset))
    }

    /// Checks everything about an asset that needs no network and no disk.
    async fn check_offline<'e>(&self, job: Job<'e>) -> Started<'e> {
        let mut seen = Observation { observed_at: now(), ..Observation::default() };
        let address = |seen: &Observation| rules::evaluate(Stage::Address, &self.context(&job, seen));
        let findings = match &job.target {
            Target::File(_) => return Started::NeedsFetch(job, Vec::new()),
            Target::Url(_) => {
                let mut findings = address(&seen);
                if self.may_connect(&findings) {
                    return Started::NeedsFetch(job, findings);
                }
                if self.options.offline && Verdict::of(&findings) == Verdict::Accepted {
                    findings.push(Finding::lint(Lint::NotFetched, ""));
                }
                findings
            }
            Target::DataUri => {
                seen = Observation { observed_at: seen.observed_at, ..self.probe.data_uri(&job.asset).await };
                let mut findings = address(&seen);
                findings.extend(rules::evaluate(Stage::Content, &self.context(&job, &seen)));
                findings
            }
            Target::Runway => {
                let mut findings = address(&seen);
                findings.extend(self.check_upload(&job, &mut seen).await);
                findings
            }
            Target::InvalidUrl(_) => address(&seen),
        };
        Started::Done(Box::new(self.build_report(&job, Arc::new(seen), findings)))
    }

    /// Fetches a URL and evaluates the rules on the response.
    async fn check_url(&self, job: &Job<'_>, address: &AssetUrl, mut findings: Vec<Finding>) -> Report {
        let (seen, failed) = self.fetch(job, address).await;
        let context = self.context(job, &seen);
        findings.extend(retry::retry_lint(&failed));
        findings.extend(rules::evaluate(Stage::Response, &context));
        findings.extend(rules::evaluate(Stage::Content, &context));
        self.build_report(job, seen, findings)
    }

    pub(super) fn context<'s>(&'s self, job: &'s Job<'_>, seen: &'s Observation) -> CheckContext<'s> {
        CheckContext {
            rules: self.rules,
            asset: &job.asset,
            target: &job.target,
            expectations: job.expectations,
            observation: seen,
            transport: transport_of(&job.target),
            guessed_type: None,
        }
    }

    /// Returns whether a connection may be opened: not to a rejected address, nor to a port that fetch clients block.
    fn may_connect(&self, findings: &[Finding]) -> bool {
        let blocks = |finding: &Finding| {
            finding.severity == Severity::Error
                || matches!(finding.kind, FindingKind::Lint { lint: Lint::BlockedPort, .. })
        };
        !self.options.offline && !findings.iter().any(blocks)
    }

    /// Fetches a URL, and retries transient failures while retries are left. Returns the last observation, and why the
    /// attempts before it failed.
    async fn fetch(&self, job: &Job<'_>, address: &AssetUrl) -> (Arc<Observation>, Vec<String>) {
        let unseen = Observation::default();
        let options = ProbeOptions {
            depth: self.options.depth,
            timeout: self.options.timeout,
            size_limit: rules::size_limit(self.rules, rules::effective_kind(&self.context(job, &unseen))),
            attempt: 0,
        };
        let mut failed = Vec::new();
        for (attempt, pause) in (0..).zip(retry::backoff(self.options.retries)) {
            let seen = self.probe_with_permits(address, ProbeOptions { attempt, ..options }).await;
            match rules::transient_failure(&self.context(job, &seen)) {
                Some(error) => failed.push(error),
                None => return (seen, failed),
            }
            tokio::time::sleep(pause).await;
        }
        let options = ProbeOptions { attempt: self.options.retries, ..options };
        (self.probe_with_permits(address, options).await, failed)
    }

    /// Fetches a URL after acquiring a permit of its host and one of the run. The host's permit comes first, so that a
    /// slow host does not hold permits that other hosts could use.
    async fn probe_with_permits(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        let seen = {
            let _fetching = Arc::clone(&self.fetching);
            let _host = self.hosts.acquire(address).await;
            let _job = self.jobs.acquire().await;
            Box::pin(self.probe.url(address, options)).await
        };
        // Bytes may follow the response. While other assets are fetched, waiting for them takes no time of the run.
        if seen.head.response().is_some() && self.is_fetching() {
            tokio::time::sleep(LATE_BYTES_WAIT).await;
        }
        seen
    }

    /// Returns whether an asset is fetched or waits for a permit.
    fn is_fetching(&self) -> bool {
        Arc::strong_count(&self.fetching) > 1
    }

    /// Builds the report of an asset.
    fn build_report(&self, job: &Job<'_>, mut observed: Arc<Observation>, mut findings: Vec<Finding>) -> Report {
        let named = if let Target::File(path) = &job.target { guessed_type(path) } else { None };
        let context = CheckContext { guessed_type: named.as_deref(), ..self.context(job, &observed) };
        let kind = rules::effective_kind(&context);
        let mut by_transport = Vec::new();
        let transport = match job.target {
            Target::File(_) => {
                (findings, by_transport) = rules::evaluate_file(&context);
                Delivery::File
            }
            Target::Url(_) | Target::DataUri | Target::Runway | Target::InvalidUrl(_) => {
                Delivery::Sent(transport_of(&job.target))
            }
        };
        if let Target::Url(url) = &job.target {
            let secrets = ReflectedSecrets::of_url(url.url());
            for finding in &mut findings {
                finding.redact(&secrets);
            }
            // Assets with the same URL share an observation, unless it has to be changed.
            if observed.reflects(&secrets) {
                Arc::make_mut(&mut observed).redact(&secrets);
            }
        }
        self.apply_severity_policy(&mut findings);
        rules::mark_api_answer(&mut findings);
        let report = self.report(job.index, &job.asset, findings);
        let crop_to = job.expectations.crop_to;
        let report = Report { kind, crop_to, transport, by_transport, observed, ..report };
        self.options.tally.count(&report);
        report
    }

    /// Builds the report of an asset on which this program failed; it says nothing about the asset.
    fn internal_error_report(&self, index: u64, asset: &Asset) -> Report {
        let report = self.report(index, asset, vec![Finding::lint(Lint::InternalError, "")]);
        self.options.tally.count(&report);
        self.options.tally.fail();
        report
    }

    fn report(&self, index: u64, asset: &Asset, findings: Vec<Finding>) -> Report {
        Report {
            index,
            request: None,
            asset: asset.redacted(self.options.queries),
            location: asset.location.clone(),
            excerpt: None,
            field: asset.field.as_deref().map(UntrustedText::from),
            kind: None,
            crop_to: None,
            transport: Delivery::Sent(Transport::Url),
            verdict: Verdict::of(&findings),
            findings,
            by_transport: Vec::new(),
            observed: Arc::default(),
        }
    }

    /// Applies `ignored` and `strict` to the severities of warnings.
    fn apply_severity_policy(&self, findings: &mut [Finding]) {
        apply_ignores(findings, &self.options.ignored);
        if self.options.strict {
            for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Warning) {
                finding.severity = Severity::Error;
            }
        }
    }
}

/// How long after a response excess bytes are still attributed to its asset.
const LATE_BYTES_WAIT: Duration = Duration::from_millis(10);

/// Returns how a target is sent. A local file is checked for each transport.
const fn transport_of(target: &Target) -> Transport {
    match target {
        Target::Url(_) | Target::InvalidUrl(_) | Target::File(_) => Transport::Url,
        Target::DataUri => Transport::DataUri,
        Target::Runway => Transport::Upload,
    }
}

/// Returns the wall clock in seconds since 1970; `None` if it is set to an earlier time.
fn now() -> Option<u64> {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok().map(|elapsed| elapsed.as_secs())
}
