//! The engine: assets go in, reports come out, in the order of the assets.
//!
//! Many assets are checked concurrently, within the limits, and only those between the first and the last one in flight are
//! held in memory.

use std::cell::Cell;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use futures_util::{Stream, StreamExt as _};
use tokio::sync::Semaphore;

use crate::asset::Asset;
use crate::fetch::{LiveProbe, NetworkOptions, Probe};
use crate::report::{Report, Summary};
use crate::rules::{Expectations, RuleSet};

mod check;
mod counters;
mod host_limits;
mod ignores;
mod options;
mod probe_cache;
mod retry;
mod upload;

#[cfg(test)]
mod tests;

pub use counters::Counters;
use host_limits::HostLimits;
pub use ignores::Ignored;
pub(crate) use ignores::apply_ignores;
pub use options::{CheckOptions, RUNWAY_TIMEOUT};
pub(crate) use probe_cache::CachedProbe;

/// How many assets may be in flight, counted from the first one without a verdict: enough that one slow host does not
/// delay the others, few enough that memory stays flat.
const MAX_IN_FLIGHT: usize = 1024;

/// Receives the reports of a run. Closures implement it.
pub trait ReportHandler {
    /// Receives one report; reports arrive in the order of the assets.
    fn report(&mut self, report: Report) -> ControlFlow<()>;

    /// Called when the next report is not ready, so that buffered output can be flushed.
    fn on_idle(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Report) -> ControlFlow<()>> ReportHandler for F {
    fn report(&mut self, report: Report) -> ControlFlow<()> {
        self(report)
    }
}

/// Checks one asset as the API would. It cannot fail: a problem with the asset is a finding.
///
/// For many assets, create one [`Engine`]: it keeps connections and checks assets concurrently.
pub async fn preflight(asset: Asset) -> Report {
    let probe = match LiveProbe::new(NetworkOptions::default()) {
        Ok(probe) => probe,
        Err(error) => unreachable!("neither roots nor a proxy were given: {error}"),
    };
    Engine::new(probe, RuleSet::embedded(), CheckOptions::default()).check(asset).await
}

/// Checks assets with a probe, rules and options.
#[derive(Debug)]
pub struct Engine<'a, P> {
    probe: P,
    rules: &'a RuleSet,
    options: CheckOptions,
    jobs: Semaphore,
    /// Cloned by each fetch from its wait for a permit to its end.
    fetching: Arc<()>,
    hosts: HostLimits,
}

impl<'a, P: Probe> Engine<'a, P> {
    /// Creates an engine; nothing is fetched yet.
    pub fn new(probe: P, rules: &'a RuleSet, options: CheckOptions) -> Self {
        let jobs = Semaphore::new(options.jobs.clamp(1, Semaphore::MAX_PERMITS));
        let hosts = HostLimits::new(options.per_host);
        Self { probe, rules, options, jobs, hosts, fetching: Arc::default() }
    }

    /// Returns the counters of the run.
    pub fn counters(&self) -> &Counters {
        &self.options.tally
    }

    /// Checks assets as they come and passes each report on, in order. Stops early, with the reports so far, when `stop`
    /// ends or `handler` breaks.
    pub async fn run(
        &self,
        assets: impl Stream<Item = Asset>,
        stop: impl Future<Output = ()>,
        mut handler: impl ReportHandler,
    ) -> Summary {
        let start = Instant::now();
        let mut summary = Summary::default();
        let stopped = Cell::new(false);
        let stop = async {
            stop.await;
            stopped.set(true);
        };
        // 1. Check what needs no waiting as the assets come, one after the other: a long data URI is dropped before the
        //    next one is read.
        let wanted = &self.options.expectations;
        let started = assets.enumerate().then(|(index, asset)| self.start(index as u64, asset, wanted));
        // 2. Fetch URLs and read files concurrently, and put the reports in order.
        let reports = started.map(|started| self.finish(started)).buffered(MAX_IN_FLIGHT);
        let mut reports = std::pin::pin!(reports.take_until(stop));
        loop {
            // 3. Tell the handler when it has to wait.
            let ready = poll_fn(|context| Poll::Ready(reports.as_mut().poll_next(context))).await;
            let report = match ready {
                Poll::Ready(report) => report,
                Poll::Pending if handler.on_idle().is_break() => {
                    summary.incomplete = true;
                    break;
                }
                Poll::Pending => reports.next().await,
            };
            // 4. Pass the report on.
            let Some(report) = report else { break };
            summary.count(report.verdict);
            summary.not_fetched += u64::from(report.is_not_fetched());
            if handler.report(report).is_break() {
                summary.incomplete = true;
                break;
            }
        }
        summary.incomplete |= stopped.get();
        summary.elapsed = start.elapsed();
        summary
    }

    /// Checks one asset. It cannot fail: a problem with the asset is a finding.
    pub async fn check(&self, asset: Asset) -> Report {
        self.check_for(0, asset, &self.options.expectations).await
    }

    /// Checks one asset against its own expectations.
    pub(crate) async fn check_for(&self, index: u64, asset: Asset, expectations: &Expectations) -> Report {
        self.finish(self.start(index, asset, expectations).await).await
    }
}
