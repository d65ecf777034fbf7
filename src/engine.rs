//! The engine: assets go in, reports come out, in the order they came in. Many are looked at at once, but never more
//! than the limits allow, and only those between the first and the last one under way are held.

use std::cell::Cell;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::{Either, ready};
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use tokio::sync::Semaphore;

use crate::asset::{Asset, AssetUrl, Target};
use crate::fetch::{Depth, LiveProbe, NetworkOptions, Probe, ProbeOptions, guessed_type};
use crate::finding::code::{Severity, Stage};
use crate::finding::lint::Lint;
use crate::finding::{Finding, FindingKind, Transport, Verdict};
use crate::observation::Observation;
use crate::report::{Delivery, Report, Summary};
use crate::rules::{self, CheckContext, Expectations, RuleSet};
use crate::text::secret::QueryRedaction;
use crate::text::untrusted::UntrustedText;

mod counters;
mod host_limits;
mod ignores;
mod probe_cache;
mod retry;
mod upload;

pub use counters::Counters;
use host_limits::Hosts;
pub use ignores::Ignored;
pub(crate) use ignores::soften;
pub(crate) use probe_cache::Once;

/// What the assets are for, and what looking at them may cost.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the assets are for.
    pub wanted: Expectations,
    /// How far a URL is looked at.
    pub depth: Depth,
    /// Time for one asset's download; the API's is ten seconds.
    pub timeout: Duration,
    /// Assets looked at at once, over all hosts.
    pub jobs: usize,
    /// Assets looked at at once on one host.
    pub per_host: usize,
    /// Whether HEAD and GET may be under way together where a host has room for both: worth it where there are fewer
    /// assets than jobs, since each takes the place of two. They are judged in their order, and it changes no verdict.
    pub at_once: bool,
    /// How often a URL is looked at again where what went wrong may pass: no answer, too late, or a status from 500 on.
    pub retries: u8,
    /// True where nothing is fetched.
    pub offline: bool,
    /// True where a warning counts as an error.
    pub strict: bool,
    /// Warnings that are noted, and no more.
    pub ignored: Vec<Ignored>,
    /// Whether reports show the values of queries.
    pub queries: QueryRedaction,
    /// Where the run counts how far it has come.
    pub tally: Arc<Counters>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wanted: Expectations::default(),
            depth: Depth::Full,
            timeout: RUNWAY_TIMEOUT,
            jobs: 16,
            per_host: 4,
            at_once: false,
            retries: 0,
            offline: false,
            strict: false,
            ignored: Vec::new(),
            queries: QueryRedaction::Hidden,
            tally: Arc::default(),
        }
    }
}

/// How long the API takes at most to download an asset. Source: the troubleshooting page, "longer than ten seconds".
pub const RUNWAY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many assets may be known beyond the first whose verdict is still open: enough that one slow host does not
/// hold up the others, few enough that memory stays flat.
const LOOK_AHEAD: usize = 1024;

/// Takes the reports of a run; a closure that takes them is one.
pub trait ReportHandler {
    /// Takes one report; they come in the order of the assets.
    fn report(&mut self, report: Report) -> ControlFlow<()>;

    /// Learns that the next report has to be waited for: what was held back for company should go out now.
    fn pause(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Report) -> ControlFlow<()>> ReportHandler for F {
    fn report(&mut self, report: Report) -> ControlFlow<()> {
        self(report)
    }
}

/// Judges one asset as the API would. It cannot fail: trouble with the asset is a finding.
///
/// For many assets, make one [`Engine`]: it keeps connections, and looks at many at once.
pub async fn preflight(asset: Asset) -> Report {
    let senses = match LiveProbe::new(NetworkOptions::default()) {
        Ok(senses) => senses,
        Err(error) => unreachable!("neither roots nor a proxy were given: {error}"),
    };
    let options = Options { at_once: true, ..Options::default() };
    Engine::new(senses, RuleSet::embedded(), options).check(asset).await
}

/// An engine over a way of looking at the world.
#[derive(Debug)]
pub struct Engine<'a, P> {
    probe: P,
    rules: &'a RuleSet,
    options: Options,
    jobs: Semaphore,
    hosts: Hosts,
}

impl<'a, P: Probe> Engine<'a, P> {
    /// Puts an engine together; nothing is looked at yet.
    pub fn new(probe: P, rules: &'a RuleSet, options: Options) -> Self {
        let jobs = Semaphore::new(options.jobs.clamp(1, Semaphore::MAX_PERMITS));
        let hosts = Hosts::new(options.per_host);
        Self { probe, rules, options, jobs, hosts }
    }

    /// Returns how far the run has come.
    pub fn counters(&self) -> &Counters {
        &self.options.tally
    }

    /// Judges assets as they come and hands each report on, in order. Stops early, with what is known by then, when
    /// `stop` ends or `sink` breaks off.
    pub async fn run(
        &self,
        assets: impl Stream<Item = Asset>,
        stop: impl Future<Output = ()>,
        mut sink: impl ReportHandler,
    ) -> Summary {
        let start = Instant::now();
        let mut summary = Summary::default();
        let stopped = Cell::new(false);
        let stop = async {
            stop.await;
            stopped.set(true);
        };
        let wanted = &self.options.wanted;
        let reports = assets.enumerate().map(|(index, asset)| self.judge(index as u64, asset, wanted));
        let reports = reports.buffered(LOOK_AHEAD);
        let mut reports = std::pin::pin!(reports.take_until(stop));
        loop {
            let ready = poll_fn(|context| Poll::Ready(reports.as_mut().poll_next(context))).await;
            let report = match ready {
                Poll::Ready(report) => report,
                Poll::Pending if sink.pause().is_break() => {
                    summary.incomplete = true;
                    break;
                }
                Poll::Pending => reports.next().await,
            };
            let Some(report) = report else { break };
            summary.count(report.verdict);
            if sink.report(report).is_break() {
                summary.incomplete = true;
                break;
            }
        }
        summary.incomplete |= stopped.get();
        summary.elapsed = start.elapsed();
        summary
    }

    /// Judges one asset. It cannot fail: trouble with an asset is a finding.
    pub async fn check(&self, asset: Asset) -> Report {
        self.judge(0, asset, &self.options.wanted).await
    }

    /// Judges one asset for what is wanted of it: what needs no waiting at once, so that a long text is let go before
    /// the next is read. A fault of ours at one asset does not cost the others.
    pub(crate) fn judge(&self, index: u64, asset: Asset, wanted: &Expectations) -> impl Future<Output = Report> {
        let index = asset.index.unwrap_or(index);
        match catch_unwind(AssertUnwindSafe(|| self.begin(index, &asset, wanted))) {
            Ok(Begun::Judged(report)) => Either::Left(ready(report)),
            Ok(Begun::Url(target, seen, findings)) => Either::Right(async move {
                let judged = AssertUnwindSafe(self.ask(index, (&asset, &target, wanted), seen, findings));
                judged.catch_unwind().await.unwrap_or_else(|_| self.failed(index, &asset))
            }),
            Err(_) => Either::Left(ready(self.failed(index, &asset))),
        }
    }

    /// Judges what needs no waiting.
    fn begin(&self, index: u64, asset: &Asset, wanted: &Expectations) -> Begun {
        let target = Target::parse(asset);
        let mut seen = Observation { observed_at: now(), ..Observation::default() };
        let subject = self.subject(asset, &target, wanted, &seen, way_of(&target));
        let mut findings = match target {
            // A data URI is judged once it is decoded, a file for each way of sending it.
            Target::File(_) | Target::DataUri => Vec::new(),
            Target::Url(_) | Target::Runway | Target::NoUrl(_) => rules::evaluate(Stage::Address, &subject),
        };
        match &target {
            Target::Url(_) if self.may_dial(&findings) => return Begun::Url(target, seen, findings),
            Target::DataUri => {
                seen = Observation { observed_at: seen.observed_at, ..self.probe.data_uri(asset) };
                let subject = self.subject(asset, &target, wanted, &seen, way_of(&target));
                findings = rules::evaluate(Stage::Address, &subject);
                findings.extend(rules::evaluate(Stage::Content, &subject));
            }
            Target::File(path) => seen = Observation { observed_at: seen.observed_at, ..self.probe.file(path) },
            Target::Url(_) if self.options.offline && Verdict::of(&findings) == Verdict::Accepted => {
                findings.push(Finding::lint(Lint::NotFetched, ""));
            }
            Target::Runway => findings.extend(self.check_upload(asset, wanted, &mut seen)),
            Target::Url(_) | Target::NoUrl(_) => {}
        }
        Begun::Judged(self.conclude(index, (asset, &target, wanted), seen, findings))
    }

    /// Looks at a URL, and judges what is seen.
    async fn ask(
        &self,
        index: u64,
        (asset, target, wanted): (&Asset, &Target, &Expectations),
        seen: Observation,
        mut findings: Vec<Finding>,
    ) -> Report {
        let (seen, failed) = self.fetch(asset, target, wanted, seen).await;
        let subject = self.subject(asset, target, wanted, &seen, way_of(target));
        findings.extend(retry::retried(&failed));
        findings.extend(rules::evaluate(Stage::Response, &subject));
        findings.extend(rules::evaluate(Stage::Content, &subject));
        self.conclude(index, (asset, target, wanted), seen, findings)
    }

    fn subject<'s>(
        &'s self,
        asset: &'s Asset,
        target: &'s Target,
        wanted: &'s Expectations,
        seen: &'s Observation,
        way: Transport,
    ) -> CheckContext<'s> {
        CheckContext { rules: self.rules, asset, target, wanted, seen, way, named: None }
    }

    /// A refused address is never dialled, and neither is a port that fetch clients refuse.
    fn may_dial(&self, findings: &[Finding]) -> bool {
        let blocked = |finding: &Finding| {
            finding.severity == Severity::Error
                || matches!(finding.kind, FindingKind::Lint { lint: Lint::BlockedPort, .. })
        };
        !self.options.offline && !findings.iter().any(blocked)
    }

    /// Looks at a URL, and again while that is allowed and may help. Returns what was seen at last, and why the looks
    /// before it failed.
    async fn fetch(
        &self,
        asset: &Asset,
        target: &Target,
        wanted: &Expectations,
        seen: Observation,
    ) -> (Observation, Vec<String>) {
        let Target::Url(address) = target else { return (seen, Vec::new()) };
        let subject = self.subject(asset, target, wanted, &seen, Transport::Url);
        let plan = ProbeOptions {
            depth: self.options.depth,
            timeout: self.options.timeout,
            size_limit: rules::size_limit(self.rules, rules::kind_of(&subject)),
            attempt: 0,
            at_once: false,
        };
        let mut failed = Vec::new();
        for (attempt, pause) in (0..).zip(retry::pauses(self.options.retries)) {
            let seen = self.look(address, ProbeOptions { attempt, ..plan }).await;
            match rules::passing(&self.subject(asset, target, wanted, &seen, Transport::Url)) {
                Some(trouble) => failed.push(trouble),
                None => return (seen, failed),
            }
            tokio::time::sleep(pause).await;
        }
        (self.look(address, ProbeOptions { attempt: self.options.retries, ..plan }).await, failed)
    }

    /// Looks at a URL once its host and the run as a whole have room. The host's room is waited for first, so that a
    /// slow host cannot hold the places of the others.
    async fn look(&self, address: &AssetUrl, plan: ProbeOptions) -> Observation {
        let host = self.hosts.find(address);
        let host_place = host.room.acquire().await;
        let place = self.jobs.acquire().await;
        // Where nobody waits for the room, a second connection takes no other's place.
        let more = || Some((host.room.try_acquire().ok()?, self.jobs.try_acquire().ok()?));
        let beside = (self.options.at_once && plan.depth > Depth::Head).then(more).flatten();
        let plan = ProbeOptions { at_once: beside.is_some(), ..plan };
        // Most of those that are known wait for room: what a look takes is not set aside for them.
        let observation = Box::pin(self.probe.url(address, plan)).await;
        drop((place, host_place, beside));
        self.hosts.leave(host);
        observation
    }

    /// Puts the report together.
    fn conclude(
        &self,
        index: u64,
        (asset, target, wanted): (&Asset, &Target, &Expectations),
        observed: Observation,
        mut findings: Vec<Finding>,
    ) -> Report {
        let way = way_of(target);
        let named = if let Target::File(path) = target { guessed_type(path) } else { None };
        let subject = CheckContext { named: named.as_deref(), ..self.subject(asset, target, wanted, &observed, way) };
        let kind = rules::kind_of(&subject);
        let mut ways = Vec::new();
        let transport = match target {
            Target::File(_) => {
                (findings, ways) = rules::evaluate_file(&subject);
                Delivery::File
            }
            Target::Url(_) | Target::DataUri | Target::Runway | Target::NoUrl(_) => Delivery::Sent(way),
        };
        self.weigh(&mut findings);
        rules::mark_first(&mut findings);
        let report = Report { kind, transport, by_transport: ways, observed, ..self.report(index, asset, findings) };
        self.options.tally.count(&report);
        report
    }

    /// Reports that the program itself failed at an asset, which says nothing about the asset.
    fn failed(&self, index: u64, asset: &Asset) -> Report {
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
            field: asset.field.as_deref().map(UntrustedText::from),
            kind: None,
            transport: Delivery::Sent(Transport::Url),
            verdict: Verdict::of(&findings),
            findings,
            by_transport: Vec::new(),
            observed: Observation::default(),
        }
    }

    /// Weighs warnings as the user does.
    fn weigh(&self, findings: &mut [Finding]) {
        soften(findings, &self.options.ignored);
        if self.options.strict {
            for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Warning) {
                finding.severity = Severity::Error;
            }
        }
    }
}

/// How far an asset is judged at once.
enum Begun {
    Judged(Report),
    /// Up to its address.
    Url(Target, Observation, Vec<Finding>),
}

/// The way by which a target is handed over. A local file has none yet; it is judged for each.
const fn way_of(target: &Target) -> Transport {
    match target {
        Target::Url(_) | Target::NoUrl(_) | Target::File(_) => Transport::Url,
        Target::DataUri => Transport::DataUri,
        Target::Runway => Transport::Upload,
    }
}

/// The wall clock, in seconds since 1970; `None` where it stands before that.
fn now() -> Option<u64> {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok().map(|elapsed| elapsed.as_secs())
}
