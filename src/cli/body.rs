//! `body`: judges whole request bodies, their schema and every asset in them, and says what the API would answer.

use std::cell::Cell;
use std::ffi::OsString;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::request::RequestSchemas;
use crate::rules::nearest;
use crate::{
    EndpointError, Expectations, Ignored, LiveProbe, Options, PredictedResponse, RequestChecker, RequestReport,
    RunFingerprint, RunInfo, Summary, Verdict,
};
use anyhow::bail;
use clap::Args;
use futures_util::StreamExt as _;

use super::args;
use super::args::{FormatName, Judging, Network, Results};
use super::bodies::Files;
use super::fingerprint::Binding;
use super::progress::Progress;
use super::report_writers;
use super::report_writers::Outlets;
use super::resume::{self, Done, Same};
use super::rule_sources::RulesFrom;
use super::settings::{ConfigFrom, Given, Settled, Values};
use super::signals::Stop;
use super::{Exit, bodies, run, say, unwritten};

/// Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Body {
    #[command(flatten)]
    given: Given,
    /// A file with one request body, or with one a line; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,
    /// The endpoint of the bodies, as its path below /v1/; recognised from each body otherwise
    #[arg(long, value_name = "PATH", value_parser = args::endpoint, help_heading = "What is expected")]
    endpoint: Option<String>,
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
  Would the API take this request?
    runway-preflight body request.json
  The body of its 400, as it would be sent; nothing where it would be taken
    runway-preflight body --format api request.json
  Every recorded request of a project, without network
    runway-preflight body --offline --format concise fixtures/*.json
  From a pipe, for an endpoint that the body does not tell
    jq .body log.json | runway-preflight body --endpoint text_to_speech -

Exit codes: 0 accepted, 1 rejected, 2 bad usage or a body that cannot be read, 3 undecided, 4 result not written.";

impl Body {
    /// Runs the verb.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        let values = Values {
            model: None,
            endpoint: &mut self.endpoint,
            jobs: Some(&mut self.network.jobs),
            format: Some(&mut self.results.format),
        };
        let Settled { ignored, config } = self.config.settle(&self.given, values)?;
        let queries = run::queries(&self.results)?;
        report_writers::distinct(&self.results)?;
        self.results.refuse_resume()?;
        bodies::once_stdin(&self.files)?;
        let book = self.rules.open()?;
        self.refuse_endpoint(book.requests())?;
        run::say_unfaithful(&self.network);
        let faithful = self.network.unfaithful().is_empty();
        let run = RunInfo { config, matches_api: faithful, request_rules: Some(book.request_rules()), ..book.run() };
        let options = run::options(&self.network, self.judging, Expectations::default(), queries);
        let options = Options { ignored, ..options };
        let progress = Progress::new(&self.results, Arc::clone(&options.tally), None);
        let senses = run::senses(&self.network)?;
        let stamp = RunFingerprint::new(&run, self.binding(&options.ignored));
        let engine = RequestChecker::new(senses, book.assets(), book.requests(), self.endpoint.clone(), options);
        report_writers::with(&self.results, &run, &stamp, |outlets| {
            let same = Same { results: &self.results, stamp: &stamp, queries };
            self.go_on(engine, &progress, &same, outlets)
        })
    }

    /// Names what decides what the run finds.
    fn binding(&self, ignored: &[Ignored]) -> Vec<String> {
        let Self { network, results, judging, rules, .. } = self;
        let mut flags = Binding { network, results, judging: *judging, rules, ignored }.flags();
        flags.extend(self.endpoint.as_ref().map(|endpoint| format!("--endpoint {endpoint}")));
        flags
    }

    /// Judges what no earlier run has judged, and sums up both.
    fn go_on(
        &self,
        mut engine: RequestChecker<'_, LiveProbe>,
        progress: &Progress,
        same: &Same<'_>,
        outlets: &mut Outlets,
    ) -> anyhow::Result<Exit> {
        let complaints = Complaints { progress, have_come: Cell::new(false) };
        let mut files = Files::new(&self.files, |why| complaints.add(why));
        let mut done = Done::default();
        if self.results.resume {
            if let Some(mut earlier) = outlets.earlier() {
                let unplaced = |why: &EndpointError| complaints.add(&why.to_string());
                done = same.pass_bodies(&mut earlier, &mut engine, &mut files, unplaced)?;
            }
            if let Err(error) = outlets.go_on_at(done.end, same.stamp) {
                return Ok(unwritten(&error));
            }
            same.tell_done(&done);
        }
        let exit = self.judge((&engine, &complaints), files, &done.summary, outlets)?;
        // A file that cannot be read decides, unless something graver did.
        let is_usual = matches!(exit, Exit::Accepted | Exit::Rejected | Exit::Undecided);
        Ok(if complaints.have_come.get() && is_usual { Exit::Unusable } else { exit })
    }

    /// Judges the bodies, beside those that were judged `before`. A file that cannot be read, or a body whose endpoint
    /// is not to be told, does not stop the others.
    fn judge(
        &self,
        (engine, complaints): (&RequestChecker<'_, LiveProbe>, &Complaints<'_>),
        files: Files<impl Fn(&str)>,
        before: &Summary,
        outlets: &mut Outlets,
    ) -> anyhow::Result<Exit> {
        let runtime = run::runtime()?;
        let stop = Stop::listen();
        let progress = complaints.progress;
        let mut failed = None;
        let each = |request: Result<RequestReport, EndpointError>| match request {
            Err(unplaced) => {
                complaints.add(&unplaced.to_string());
                ControlFlow::Continue(())
            }
            Ok(request) => match progress.around(outlets, |outlets| outlets.request(&request)) {
                Ok(()) => progress.aside(|| self.after(&request)),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            },
        };
        let is_over = self.judging.is_over(before);
        let bodies = files.read().take(if is_over { 0 } else { usize::MAX });
        let mut summary = runtime.block_on(progress.beside(engine.run(bodies, stop.wait(), each)));
        summary.add(before);
        summary.incomplete |= is_over;
        progress.end();
        // A look-up of a name, or a file, that does not come back must not hold up the end.
        runtime.shutdown_background();
        if let Err(error) = failed.map_or_else(|| outlets.finish(&summary), Err) {
            return Ok(unwritten(&error));
        }
        if self.results.resume {
            resume::tell_all(&self.results, &summary);
        }
        Ok(stop.exit().unwrap_or_else(|| self.judging.end(engine.tally(), summary.verdict())))
    }

    /// Says what the format has no words for, and whether to go on.
    fn after(&self, request: &RequestReport) -> ControlFlow<()> {
        if self.results.format == FormatName::Api {
            let place = format!("{}:{}", request.location.file.escaped(), request.location.line);
            match request.predicted {
                PredictedResponse::Open => say(&format!("note: {place}: undecided")),
                PredictedResponse::Taken | PredictedResponse::Refused(_) => {}
            }
        }
        if self.judging.fail_fast && request.verdict == Verdict::Rejected {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Refuses an endpoint that the rules do not know.
    fn refuse_endpoint(&self, requests: &RequestSchemas) -> anyhow::Result<()> {
        let Some(name) = self.endpoint.as_deref().filter(|name| !requests.endpoints.contains_key(*name)) else {
            return Ok(());
        };
        let known: Vec<&str> = requests.endpoints.keys().map(String::as_str).collect();
        let help = match nearest(name, &known) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known are {}", known.join(", ")),
        };
        bail!("--endpoint {}: {help}", name.escape_debug())
    }
}

/// What could not be judged at all.
struct Complaints<'a> {
    progress: &'a Progress,
    have_come: Cell<bool>,
}

impl Complaints<'_> {
    /// Says what, and keeps that there was something.
    fn add(&self, why: &str) {
        self.have_come.set(true);
        self.progress.aside(|| say(&format!("error: {why}")));
    }
}
