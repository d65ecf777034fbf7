//! `body`: checks request bodies, both their schema and every asset in them, and predicts the API's response.

use std::cell::Cell;
use std::ffi::OsString;
use std::ops::ControlFlow;

use crate::engine::Counters;
use crate::output::RunInfo;
use crate::request::RequestSchemas;
use crate::request::checker::EndpointError;
use crate::rules::{Expectations, nearest};
use crate::{LiveProbe, OutputFormat, PredictedResponse, RequestChecker, RequestInput, RequestReport, Summary};
use anyhow::bail;
use clap::Args;
use futures_util::{StreamExt as _, stream};

use super::args::RunArgs;
use super::bodies::Files;
use super::resume::{PreviousRun, ResumeCheck, ResumeState};
use super::run::{ReportSink, Run, Work};
use super::settings::{ExplicitArgs, Overridable, Resolved};
use super::{Exit, args, bodies, notice, run};

/// Check request bodies: JSON files, or - for standard input
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Body {
    #[command(flatten)]
    explicit: ExplicitArgs,
    /// File with one request body, or with one per line (JSON Lines); - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,
    /// Endpoint path below /v1/ [default: detected from each body]
    #[arg(long, value_name = "PATH", value_parser = args::endpoint, help_heading = "Expectations")]
    endpoint: Option<String>,
    #[command(flatten)]
    run: RunArgs,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight body request.json
  runway-preflight body --format api request.json";

const EXAMPLES: &str = "\
Examples:
  Would the API accept this request?
    runway-preflight body request.json
  Print the API's 400 response body, or nothing if the request would be accepted
    runway-preflight body --format api request.json
  Check every recorded request of a project, without network access
    runway-preflight body --offline --format concise fixtures/*.json
  Read from a pipe, for an endpoint that cannot be detected from the body
    jq .body log.json | runway-preflight body --endpoint text_to_speech -

Exit codes: 0 accepted, 1 rejected, 2 usage error or unreadable body, 3 undecided, 4 output could not be written.";

impl Body {
    /// Runs the subcommand.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        let values = Overridable {
            model: None,
            endpoint: &mut self.endpoint,
            jobs: Some(&mut self.run.fetch.jobs),
            format: Some(&mut self.run.output.format),
        };
        let resolved = self.run.config.resolve(&self.explicit, values)?;
        let queries = run::validate(&self.run, &self.files)?;
        bodies::refuse_unreadable(&self.files)?;
        let rules = self.run.rules.open()?;
        self.check_endpoint(rules.requests(), &resolved)?;
        run::note_deviations(&self.run.network);
        let info = RunInfo { request_rules: Some(rules.request_rules()), ..rules.info() };
        let info = run::describe(info, &self.run.network, &resolved);
        let options = run::options(&self.run, Expectations::default(), queries, resolved.ignored);
        let (endpoint, probe) = (self.endpoint.clone(), run::probe(&self.run.network)?);
        let checker = RequestChecker::new(probe, rules.assets(), rules.requests(), endpoint, options.clone());
        let flags = self.endpoint.iter().map(|endpoint| format!("--endpoint {endpoint}")).collect();
        let is_single = matches!(self.files.as_slice(), [file] if !is_json_lines(file));
        let is_api = self.run.output.format == OutputFormat::Api;
        let files = Some(Files::new(&self.files));
        let work = RequestWork { checker, again: Vec::new(), files, is_api, has_errors: Cell::new(false) };
        Run { args: &self.run, info, flags, options, total: None, is_single }.execute(work)
    }

    /// Rejects a misspelled endpoint, and notes one that the rules do not know.
    fn check_endpoint(&self, requests: &RequestSchemas, resolved: &Resolved) -> anyhow::Result<()> {
        let Some(name) = self.endpoint.as_deref().filter(|name| !requests.endpoints.contains_key(*name)) else {
            return Ok(());
        };
        let place = resolved.place_of("endpoint");
        let place = if place.is_empty() { "--endpoint " } else { &place };
        let known: Vec<&str> = requests.endpoints.keys().map(String::as_str).collect();
        if let Some(near) = nearest(name, &known) {
            bail!("{place}{}: did you mean {near}?", name.escape_debug());
        }
        let newest = requests.newest();
        notice(&format!(
            "note: {place}{}: not among the endpoints of {newest}; only assets are checked",
            name.escape_debug()
        ));
        Ok(())
    }
}

/// Returns whether a file has an extension of JSON Lines, which may hold several bodies.
fn is_json_lines(file: &OsString) -> bool {
    [&b".jsonl"[..], b".ndjson"].iter().any(|end| file.as_encoded_bytes().ends_with(end))
}

/// The request bodies of a run. A file that cannot be read, or a body whose endpoint cannot be determined, does not stop
/// the others.
struct RequestWork<'a> {
    checker: RequestChecker<'a, LiveProbe>,
    /// The bodies that a retry checks again, each with its number and that of its first asset.
    again: Vec<(u64, u64, RequestInput)>,
    files: Option<Files>,
    is_api: bool,
    has_errors: Cell<bool>,
}

impl RequestWork<'_> {
    /// Reports input that cannot be checked.
    fn input_error(&self, why: &str) {
        self.has_errors.set(true);
        notice(&format!("error: {why}"));
    }
}

impl Work for RequestWork<'_> {
    fn skip(&mut self, check: &ResumeCheck<'_>, previous: &mut PreviousRun<'_>) -> anyhow::Result<ResumeState> {
        let Self { checker, again, files, has_errors, .. } = self;
        let report = |why: &str| {
            has_errors.set(true);
            notice(&format!("error: {why}"));
        };
        match files {
            Some(files) => check.skip_bodies(previous, checker, files, again, report),
            None => Ok(ResumeState::default()),
        }
    }

    fn counters(&self) -> &Counters {
        self.checker.counters()
    }

    async fn run(&mut self, is_over: bool, stop: impl Future<Output = ()>, sink: &mut ReportSink<'_>) -> Summary {
        let Some(files) = self.files.take() else { return Summary::default() };
        let progress = sink.progress;
        let (checker, rest) = (&self.checker, self.checker.numbers());
        let again = stream::iter(std::mem::take(&mut self.again)).map(|(index, first_asset, body)| {
            checker.begin_at(index, first_asset);
            body
        });
        let files = files.read(|why| progress.suspend(|| self.input_error(why))).enumerate().map(|(nth, body)| {
            if nth == 0 {
                checker.begin_at(rest.0, rest.1);
            }
            body
        });
        let bodies = again.chain(files);
        let bodies = sink.with_backpressure(bodies.take(if is_over { 0 } else { usize::MAX }));
        let each = |request: Result<RequestReport, EndpointError>| match request {
            Err(error) => {
                progress.suspend(|| self.input_error(&error.to_string()));
                ControlFlow::Continue(())
            }
            Ok(request) => sink.request(&request, || {
                if self.is_api {
                    note_unprintable(&request);
                }
            }),
        };
        self.checker.run(bodies, stop, each).await
    }

    fn has_unreadable_input(&self) -> bool {
        self.has_errors.get()
    }
}

/// Notes on standard error what the format `api` cannot express.
fn note_unprintable(request: &RequestReport) {
    let place = format!("{}:{}", request.location.file.escaped(), request.location.line);
    match request.predicted {
        PredictedResponse::Unknown => notice(&format!("note: {place}: undecided")),
        PredictedResponse::Accepted | PredictedResponse::Rejected(_) => {}
    }
}
