//! `check`: judges each asset, in order, and says what the API would.

use std::cell::Cell;
use std::ffi::OsString;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{
    Engine, Expectations, Ignored, LiveProbe, Options, Probe, Report, ReportHandler, RunFingerprint, RunInfo, Summary,
    Verdict,
};
use anyhow::bail;
use clap::Args;
use futures_util::StreamExt as _;

use super::args::{Expect, FormatName, Judging, Network, Results};
use super::fingerprint;
use super::fingerprint::Binding;
use super::progress::Progress;
use super::report_writers;
use super::report_writers::Outlets;
use super::resume::{self, Done, Same};
use super::rule_sources::{Rulebook, RulesFrom};
use super::settings::{ConfigFrom, Given, Settled, Values};
use super::shard::Shard;
use super::signals::Stop;
use super::sources::{self, Common, Sources};
use super::{Exit, run, unwritten};

/// Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Check {
    #[command(flatten)]
    given: Given,
    /// A URL, data URI, runway:// URI or file; @LIST names a file with one asset a line, - reads such a list from
    /// standard input
    #[arg(required = true, value_name = "ASSET")]
    assets: Vec<OsString>,
    /// Judge only this share of the assets, for one of several runs; each is in one share, which follows from its text
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    #[command(flatten)]
    expect: Expect,
    #[command(flatten)]
    rules: RulesFrom,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    results: Results,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    config: ConfigFrom,
}

const EXAMPLES: &str = "\
Examples:
  Why did the API refuse this URL?
    runway-preflight check --field promptImage https://cdn.example.com/photo.png
  Which of these files can be sent, and how?
    runway-preflight check *.jpg
  Judge a list in CI; exit code 1 where an asset would be refused
    runway-preflight check --format concise @assets.txt
  Only the API's sentences, as it would answer them
    runway-preflight check --format reasons @assets.txt
  Would this model take them?
    runway-preflight check --model gen4_turbo --field promptImage photo.jpg
  The shape that you want, whatever the models take
    runway-preflight check --kind image --ratio 0.5:2 photo.jpg
  Annotations in GitHub Actions, and files for other readers beside them
    runway-preflight check --format github --report junit=junit.xml --report sarif=assets.sarif @assets.txt
  A long list, and how to go on with it where it was stopped
    runway-preflight check --format jsonl --output results.jsonl @assets.txt
    runway-preflight check --format jsonl --output results.jsonl --resume @assets.txt
  Without network
    runway-preflight check --offline - < assets.txt

Exit codes: 0 accepted, 1 rejected, 2 bad usage, 3 undecided, 4 result not written.";

/// Writes the reports of a run until that fails.
struct Writing<'a> {
    outlets: &'a mut Outlets,
    progress: &'a Progress,
    fail_fast: bool,
    failed: Option<io::Error>,
}

impl Writing<'_> {
    /// Goes on unless that failed.
    fn after(&mut self, written: io::Result<()>) -> ControlFlow<()> {
        self.failed = written.err();
        if self.failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl ReportHandler for &mut Writing<'_> {
    fn report(&mut self, report: Report) -> ControlFlow<()> {
        let written = self.progress.around(self.outlets, |outlets| outlets.report(&report));
        self.after(written)?;
        if self.fail_fast && report.verdict == Verdict::Rejected {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn on_idle(&mut self) -> ControlFlow<()> {
        let written = self.progress.around(self.outlets, Outlets::flush);
        self.after(written)
    }
}

impl Check {
    /// Runs the verb.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        let values = Values {
            model: Some(&mut self.expect.model),
            endpoint: &mut self.expect.endpoint,
            jobs: Some(&mut self.network.jobs),
            format: Some(&mut self.results.format),
        };
        let Settled { ignored, config } = self.config.settle(&self.given, values)?;
        if self.results.writes(FormatName::Api) {
            bail!("the format api is for request bodies: runway-preflight body");
        }
        let queries = run::queries(&self.results)?;
        report_writers::distinct(&self.results)?;
        self.results.refuse_resume()?;
        let common =
            Common { field: self.expect.field.clone(), kind: self.expect.kind.map(Into::into), shard: self.shard };
        let sources = sources::open(&self.assets, common)?;
        let book = self.rules.open()?;
        self.tell(&book);
        let run = RunInfo { config, matches_api: self.network.unfaithful().is_empty(), ..book.run() };
        let options = run::options(&self.network, self.judging, self.wanted(), queries);
        let stamp = RunFingerprint::new(&run, self.binding(&ignored));
        let total = sources.count();
        let progress = Progress::new(&self.results, Arc::clone(&options.tally), total);
        let options = Options { ignored, ..options };
        let engine = Engine::new(run::senses(&self.network)?, book.assets(), options);
        report_writers::with(&self.results, &run, &stamp, |outlets| {
            let same = Same { results: &self.results, stamp: &stamp, queries };
            self.go_on((&engine, &progress), sources, &same, outlets)
        })
    }

    /// Names what decides what the run finds.
    fn binding(&self, ignored: &[Ignored]) -> Vec<String> {
        let Self { network, results, judging, rules, .. } = self;
        let mut flags = Binding { network, results, judging: *judging, rules, ignored }.flags();
        flags.extend(fingerprint::expected(&self.expect));
        flags
    }

    /// Judges what no earlier run has judged, and sums up both.
    fn go_on(
        &self,
        (engine, progress): (&Engine<'_, LiveProbe>, &Progress),
        mut sources: Sources,
        same: &Same<'_>,
        outlets: &mut Outlets,
    ) -> anyhow::Result<Exit> {
        if !self.results.resume {
            return self.judge((engine, progress), sources, &Summary::default(), outlets);
        }
        let done = match outlets.earlier() {
            Some(mut earlier) => same.pass_assets(&mut earlier, &mut sources)?,
            None => Done::default(),
        };
        if let Err(error) = outlets.go_on_at(done.end, same.stamp) {
            return Ok(unwritten(&error));
        }
        same.tell_done(&done);
        progress.without(done.summary.total());
        self.judge((engine, progress), sources, &done.summary, outlets)
    }

    /// Says what has to be known of this run before its results.
    fn tell(&self, book: &Rulebook) {
        run::say_unfaithful(&self.network);
        run::say_strangers(book, self.expect.model.as_deref(), self.expect.endpoint.as_deref());
    }

    /// Judges the assets, beside those that were judged `before`.
    fn judge<P: Probe>(
        &self,
        (engine, progress): (&Engine<'_, P>, &Progress),
        sources: Sources,
        before: &Summary,
        outlets: &mut Outlets,
    ) -> anyhow::Result<Exit> {
        let runtime = run::runtime()?;
        let stop = Stop::listen();
        let broken = Cell::new(None);
        let mut sink = Writing { outlets, progress, fail_fast: self.judging.fail_fast, failed: None };
        let assets = sources.read(|why| broken.set(Some(why)));
        let assets = assets.take(if self.judging.is_over(before) { 0 } else { usize::MAX });
        let mut summary = runtime.block_on(progress.beside(engine.run(assets, stop.wait(), &mut sink)));
        summary.add(before);
        summary.incomplete |= self.judging.is_over(before);
        progress.end();
        // A look-up of a name that does not come back must not hold up the end.
        runtime.shutdown_background();
        if let Err(error) = sink.failed.take().map_or_else(|| outlets.finish(&summary), Err) {
            return Ok(unwritten(&error));
        }
        if self.results.resume {
            resume::tell_all(&self.results, &summary);
        }
        if let Some(why) = broken.take() {
            bail!("{why}");
        }
        Ok(stop.exit().unwrap_or_else(|| self.judging.end(engine.counters(), summary.verdict())))
    }

    /// Returns what is wanted of every asset.
    fn wanted(&self) -> Expectations {
        let Expect { kind, model, endpoint, ratio, field: _, way } = &self.expect;
        Expectations {
            kind: kind.map(Into::into),
            model: model.clone(),
            endpoint: endpoint.clone(),
            ratio: *ratio,
            transport: way.map(Into::into),
            ..Expectations::default()
        }
    }
}

#[cfg(test)]
mod tests;
