//! `body`: judges whole request bodies, their schema and every asset in them, and says what the API would answer.

use std::cell::Cell;
use std::ffi::OsString;
use std::ops::ControlFlow;

use anyhow::{Context as _, bail};
use clap::Args;
use runway_preflight::{
    Answer, Bodies, EMBEDDED_REQUESTS, RequestReport, Requests, Rules, Run, Senses, Unplaced, Verdict, Wanted, nearest,
};

use super::flags::{FormatName, Judging, Network, Results};
use super::outlets::{self, Outlets};
use super::signals::Stop;
use super::{Exit, bodies, say, setup, unwritten};

/// Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Body {
    /// A file with one request body, or with one a line; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,
    /// The endpoint of the bodies, as its path below /v1/; recognised from each body otherwise
    #[arg(long, value_name = "ENDPOINT", help_heading = "What is expected")]
    endpoint: Option<String>,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    results: Results,
    #[command(flatten)]
    judging: Judging,
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
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let queries = setup::queries(&self.results)?;
        outlets::distinct(&self.results)?;
        bodies::once_stdin(&self.files)?;
        let requests: &Requests = &EMBEDDED_REQUESTS;
        self.refuse_endpoint(requests)?;
        let unfaithful = self.network.unfaithful();
        if !unfaithful.is_empty() {
            say(&format!("note: with {} this run does not show what the API would see", unfaithful.join(", ")));
        }
        let rules = Rules::embedded();
        let run = Run {
            rules_read: rules.read().to_owned(),
            rules_origin: "embedded".to_owned(),
            faithful: unfaithful.is_empty(),
        };
        let options = setup::options(&self.network, self.judging, Wanted::default(), queries);
        let engine = Bodies::new(setup::senses(&self.network)?, rules, requests, self.endpoint.clone(), options);
        let mut outlets = match Outlets::open(&self.results, setup::style(&self.results), &run) {
            Ok(outlets) => outlets,
            Err(error) => {
                say(&format!("error: {error:#}"));
                return Ok(Exit::Unwritten);
            }
        };
        match self.judge(&engine, &mut outlets) {
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

    /// Judges all files. One that cannot be read, or whose endpoint is not to be told, does not stop the others, but
    /// decides how the run ends.
    fn judge(&self, engine: &Bodies<'_, Senses>, outlets: &mut Outlets) -> anyhow::Result<Exit> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("this machine does not let the program wait for the network")?;
        let stop = Stop::default();
        let is_broken = Cell::new(false);
        let complain = |why: &str| {
            is_broken.set(true);
            say(&format!("error: {why}"));
        };
        let mut failed = None;
        let each = |request: Result<RequestReport, Unplaced>| match request {
            Err(unplaced) => {
                complain(&unplaced.to_string());
                ControlFlow::Continue(())
            }
            Ok(request) => match outlets.request(&request) {
                Ok(()) => self.after(&request),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            },
        };
        let bodies = bodies::read(self.files.clone(), complain);
        let summary = runtime.block_on(engine.run(bodies, stop.wait(), each));
        // A look-up of a name, or a file, that does not come back must not hold up the end.
        runtime.shutdown_background();
        let written = match failed {
            Some(error) => Err(error),
            None => outlets.finish(&summary),
        };
        if let Err(error) = written {
            return Ok(unwritten(&error));
        }
        let usual = if is_broken.get() { Exit::Unusable } else { self.judging.exit(summary.verdict()) };
        Ok(stop.exit().unwrap_or(usual))
    }

    /// Says what the format has no words for, and whether to go on.
    fn after(&self, request: &RequestReport) -> ControlFlow<()> {
        if self.results.format == FormatName::Api {
            let place = format!("{}:{}", request.place.file.shown(), request.place.line);
            match request.answer {
                Answer::Unworded => say(&format!("note: {place}: refused, in words of the API that are not published")),
                Answer::Open => say(&format!("note: {place}: undecided")),
                Answer::Taken | Answer::Refused(_) => {}
            }
        }
        if self.judging.fail_fast && request.verdict == Verdict::Rejected {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Refuses an endpoint that the rules do not know.
    fn refuse_endpoint(&self, requests: &Requests) -> anyhow::Result<()> {
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
