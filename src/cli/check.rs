//! `check`: judges each asset, in order, and says what the API would.

use std::cell::Cell;
use std::ffi::OsString;
use std::io;
use std::ops::ControlFlow;

use anyhow::{Context as _, bail};
use clap::Args;
use runway_preflight::{
    Detail, Engine, Options, Queries, Reach, ReachError, Report, Run, Senses, Sink, Style, Summary, Verdict, Wanted,
};

use super::flags::{Expect, Judging, Network, Results};
use super::outlets::{self, Outlets};
use super::rulebook::RulesFrom;
use super::signals::Stop;
use super::sources::{self, Common};
use super::{Exit, say, terminal, unwritten};

/// Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Check {
    /// A URL, data URI, runway:// URI or file; @LIST names a file with one asset a line, - reads such a list from
    /// standard input
    #[arg(required = true, value_name = "ASSET")]
    assets: Vec<OsString>,
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
  Without network
    runway-preflight check --offline - < assets.txt

Exit codes: 0 accepted, 1 rejected, 2 bad usage, 3 undecided, 4 result not written.";

/// Writes the reports of a run until that fails.
struct Writing<'a> {
    outlets: &'a mut Outlets,
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

impl Sink for &mut Writing<'_> {
    fn report(&mut self, report: Report) -> ControlFlow<()> {
        let written = self.outlets.report(&report);
        self.after(written)?;
        if self.fail_fast && report.verdict == Verdict::Rejected {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn pause(&mut self) -> ControlFlow<()> {
        let written = self.outlets.flush();
        self.after(written)
    }
}

impl Check {
    /// Runs the verb.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let queries = self.queries()?;
        outlets::distinct(&self.results)?;
        let sources = sources::open(&self.assets)?;
        let unfaithful = self.network.unfaithful();
        if !unfaithful.is_empty() {
            say(&format!("note: with {} this run does not show what the API would see", unfaithful.join(", ")));
        }
        if self.network.proxy.is_some() {
            say("note: the proxy resolves the names, so it is up to the proxy that no private address is dialled");
        }
        let book = self.rules.open()?;
        for stranger in book.strangers(self.expect.model.as_deref(), self.expect.endpoint.as_deref()) {
            say(&format!("note: {}", stranger.sentence));
        }
        let run = Run {
            rules_read: book.assets().read().to_owned(),
            rules_origin: book.origin().to_owned(),
            faithful: unfaithful.is_empty(),
        };
        let engine = Engine::new(self.senses()?, book.assets(), self.options(queries));
        let common = Common { field: self.expect.field.clone(), kind: self.expect.kind.map(Into::into) };
        let mut outlets = match Outlets::open(&self.results, self.style(), &run) {
            Ok(outlets) => outlets,
            Err(error) => {
                say(&format!("error: {error:#}"));
                return Ok(Exit::Unwritten);
            }
        };
        match self.judge(&engine, sources, common, &mut outlets) {
            Ok(exit @ (Exit::Unwritten | Exit::BrokenPipe)) => {
                outlets.abandon();
                Ok(exit)
            }
            Ok(exit) => Ok(outlets.commit(exit)),
            Err(error) => {
                outlets.abandon();
                Err(error)
            }
        }
    }

    fn judge(
        &self,
        engine: &Engine<'_, Senses>,
        sources: sources::Sources,
        common: Common,
        outlets: &mut Outlets,
    ) -> anyhow::Result<Exit> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("this machine does not let the program wait for the network")?;
        let stop = Stop::default();
        let broken = Cell::new(None);
        let mut sink = Writing { outlets, fail_fast: self.judging.fail_fast, failed: None };
        let assets = sources.read(common, |why| broken.set(Some(why)));
        let summary = runtime.block_on(engine.run(assets, stop.wait(), &mut sink));
        // A look-up of a name that does not come back must not hold up the end.
        runtime.shutdown_background();
        let written = match sink.failed {
            Some(error) => Err(error),
            None => outlets.finish(&summary),
        };
        if let Err(error) = written {
            return Ok(unwritten(&error));
        }
        if let Some(why) = broken.take() {
            bail!("{why}");
        }
        Ok(stop.exit().unwrap_or_else(|| self.exit(&summary)))
    }

    fn exit(&self, summary: &Summary) -> Exit {
        match summary.verdict() {
            _ if self.judging.exit_zero => Exit::Accepted,
            Verdict::Accepted => Exit::Accepted,
            Verdict::Rejected => Exit::Rejected,
            Verdict::Undecided => Exit::Undecided,
        }
    }

    fn senses(&self) -> anyhow::Result<Senses> {
        let cacert = match &self.network.cacert {
            Some(path) => {
                Some(std::fs::read(path).with_context(|| format!("--cacert {} cannot be read", path.display()))?)
            }
            None => None,
        };
        let Network { resolve, allow_private, proxy, .. } = &self.network;
        let schemes = ["http://", "https://"];
        if proxy.as_ref().is_some_and(|proxy| !schemes.iter().any(|scheme| proxy.expose().starts_with(scheme))) {
            bail!("--proxy: write a URL that begins with http:// or https://");
        }
        let resolve = resolve.clone();
        let reach = Reach { cacert, resolve, allow_private: *allow_private, proxy: proxy.clone() };
        Senses::new(reach).map_err(|error| {
            let flag = match error {
                ReachError::Cacert(_) => "--cacert",
                ReachError::Proxy => "--proxy",
            };
            anyhow::Error::new(error).context(format!("{flag} cannot be used"))
        })
    }

    fn options(&self, queries: Queries) -> Options {
        let Expect { kind, model, endpoint, ratio, field: _, way } = &self.expect;
        Options {
            wanted: Wanted {
                kind: kind.map(Into::into),
                model: model.clone(),
                endpoint: endpoint.clone(),
                ratio: *ratio,
                way: way.map(Into::into),
                allow_private: self.network.allow_private,
            },
            depth: self.network.depth.into(),
            timeout: self.network.timeout,
            jobs: self.network.jobs.into(),
            per_host: self.network.per_host.into(),
            retries: self.network.retries,
            offline: self.network.offline,
            strict: self.judging.strict,
            queries,
        }
    }

    fn queries(&self) -> anyhow::Result<Queries> {
        if !self.results.show_query {
            return Ok(Queries::Hidden);
        }
        if std::env::var_os("CI").is_some_and(|value| !value.is_empty()) {
            bail!("--show-query is refused where CI is set: the log would hold the secrets of signed URLs");
        }
        Ok(Queries::Shown)
    }

    fn style(&self) -> Style {
        let to_file = self.results.output.is_some();
        let detail = match (self.results.quiet, self.results.verbose) {
            (true, _) => Detail::Quiet,
            (false, true) => Detail::Verbose,
            (false, false) => Detail::Normal,
        };
        Style { width: terminal::width(to_file), colour: terminal::colour(self.results.color, to_file), detail }
    }
}
