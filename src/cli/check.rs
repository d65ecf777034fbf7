//! `check`: checks each asset, in order.

use std::cell::Cell;
use std::ffi::OsString;

use crate::engine::Counters;
use crate::fetch::Probe;
use crate::finding::Transport;
use crate::rules::Expectations;
use crate::units::AspectRatioRange;
use crate::{Asset, Engine, OutputFormat, Summary};
use anyhow::bail;
use clap::Args;
use futures_util::{StreamExt as _, stream};

use super::args::{ExpectationArgs, RunArgs, ratio, transports};
use super::resume::{PreviousRun, ResumeCheck, ResumeState};
use super::run::{ReportSink, Run, Work};
use super::settings::{ExplicitArgs, Overridable};
use super::sources::{Defaults, ListArgs, Sources};
use super::{Exit, notice, run, sources};

/// Check assets: URLs, data URIs, files, folders, or lists of them
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Check {
    #[command(flatten)]
    explicit: ExplicitArgs,
    /// URL, data URI, file, folder or @LIST (one asset per line)
    #[arg(
        long_help = "URL, data URI, runway:// URI, file or folder; @LIST names a file with one asset per line, - \
            reads such a list from standard input",
        required = true,
        value_name = "ASSET"
    )]
    assets: Vec<OsString>,
    #[command(flatten)]
    list: ListArgs,
    #[command(flatten)]
    expected: ExpectationArgs,
    /// Range of accepted aspect ratios (width / height), inclusive
    #[arg(long, value_name = "MIN:MAX", value_parser = ratio, help_heading = "Expectations", hide_short_help = true)]
    ratio: Option<AspectRatioRange>,
    /// Check local files for this transport only
    #[arg(long = "as", value_name = "TRANSPORT", value_parser = transports(), help_heading = "Expectations", hide_short_help = true)]
    transport: Option<Transport>,
    #[command(flatten)]
    run: RunArgs,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight check --field promptImage https://cdn.example.com/photo.png
  runway-preflight check --model gen4_turbo --format concise @assets.txt";

const EXAMPLES: &str = "\
Examples:
  Why did the API reject this URL?
    runway-preflight check --field promptImage https://cdn.example.com/photo.png
  Which of these files can be sent, and how?
    runway-preflight check *.jpg
  Check a list in CI; exits with 1 if an asset would be rejected
    runway-preflight check --format concise @assets.txt
  Print only the API's messages
    runway-preflight check --format reasons @assets.txt
  Would this model accept it?
    runway-preflight check --model gen4_turbo --field promptImage photo.jpg
  Accept any image between 1:2 and 2:1, regardless of the models' limits
    runway-preflight check --kind image --ratio 0.5:2 photo.jpg
  Annotate a GitHub Actions run, and write reports for other tools
    runway-preflight check --format github --report junit=junit.xml --report sarif=assets.sarif @assets.txt
  Check a long list, and resume it after an interruption
    runway-preflight check --format jsonl --output results.jsonl @assets.txt
    runway-preflight check --format jsonl --output results.jsonl --resume @assets.txt
  Check without network access
    runway-preflight check --offline - < assets.txt

Exit codes: 0 accepted, 1 rejected, 2 usage error, 3 undecided, 4 output could not be written.";

impl Check {
    /// Runs the subcommand.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        let values = Overridable {
            model: Some(&mut self.expected.model),
            endpoint: &mut self.expected.endpoint,
            jobs: Some(&mut self.run.fetch.jobs),
            format: Some(&mut self.run.output.format),
        };
        let resolved = self.run.config.resolve(&self.explicit, values)?;
        if self.run.output.writes(OutputFormat::Api) {
            bail!("the format api is for request bodies: use runway-preflight body");
        }
        let queries = run::validate(&self.run, &self.assets)?;
        let rules = self.run.rules.open()?;
        let flags = self.flags();
        rules.check_names(&mut self.expected, &resolved)?;
        let defaults = Defaults { field: self.expected.field.clone(), kind: self.expected.kind };
        let sources = sources::open(&self.assets, &self.list, defaults)?;
        run::note_deviations(&self.run.network);
        let info = run::describe(rules.info(), &self.run.network, &resolved);
        let options = run::options(&self.run, self.expectations(), queries, resolved.ignored);
        let engine = Engine::new(run::probe(&self.run.network)?, rules.assets(), options.clone());
        let total = sources.count();
        let is_single = sources.is_single();
        let work = AssetWork { engine, again: Vec::new(), sources: Some(sources), has_list_error: Cell::default() };
        Run { args: &self.run, info, flags, options, total, is_single }.execute(work)
    }

    /// Returns the flags that affect the findings and that `body` does not have.
    fn flags(&self) -> Vec<String> {
        let mut flags = self.expected.flags();
        flags.extend(self.ratio.map(|AspectRatioRange { min, max }| format!("--ratio {min}:{max}")));
        flags.extend(self.transport.map(|transport| format!("--as {}", transport.name())));
        flags
    }

    /// Returns the expectations for every asset.
    fn expectations(&self) -> Expectations {
        Expectations { ratio: self.ratio, transport: self.transport, ..self.expected.expectations() }
    }
}

/// The assets of a run.
struct AssetWork<'a, P> {
    engine: Engine<'a, P>,
    /// The assets that a retry checks again, before those that the earlier run did not have.
    again: Vec<Asset>,
    sources: Option<Sources>,
    has_list_error: Cell<bool>,
}

impl<P: Probe> Work for AssetWork<'_, P> {
    fn skip(&mut self, check: &ResumeCheck<'_>, previous: &mut PreviousRun<'_>) -> anyhow::Result<ResumeState> {
        match &mut self.sources {
            Some(sources) => check.skip_assets(previous, sources, &mut self.again),
            None => Ok(ResumeState::default()),
        }
    }

    fn counters(&self) -> &Counters {
        self.engine.counters()
    }

    async fn run(&mut self, is_over: bool, stop: impl Future<Output = ()>, sink: &mut ReportSink<'_>) -> Summary {
        let Some(sources) = self.sources.take() else { return Summary::default() };
        let again = stream::iter(std::mem::take(&mut self.again));
        let progress = sink.progress;
        let assets = again.chain(sources.read(|why| {
            self.has_list_error.set(true);
            progress.suspend(|| notice(&format!("error: {why}")));
        }));
        let assets = sink.with_backpressure(assets.take(if is_over { 0 } else { usize::MAX }));
        self.engine.run(assets, stop, &mut *sink).await
    }

    fn has_unreadable_input(&self) -> bool {
        self.has_list_error.get()
    }
}

#[cfg(test)]
mod tests;
