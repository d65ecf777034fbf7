//! `serve`: runs a local stand-in for Runway's API, to test code that uses the official SDKs.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, ValueEnum};
use futures_util::{FutureExt as _, future};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::args::{self, NetworkArgs};
use super::rule_sources::RulesArgs;
use super::signals::Stop;
use super::{Exit, notice, output_failed, run};
use crate::output::api_response_body;
use crate::rules::Expectations;
use crate::serve::{CheckRules, CheckThread, MockServer, Scenario, ServeOptions, TaskProgress};
use crate::{CheckOptions, UntrustedText};

/// Run a local stand-in for Runway's API, to test code that uses the official SDKs
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Serve {
    /// Address to listen on; addresses other than loopback are reachable from other machines
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDR", value_parser = host)]
    host: IpAddr,
    /// Port to listen on; 0 selects a free port
    #[arg(long, default_value_t = 4010, value_name = "PORT")]
    port: u16,
    /// Prints a line of an environment file.
    #[arg(long, help = "Print the URL as RUNWAYML_BASE_URL=http://..., for an environment file")]
    print_env: bool,
    /// Stop when standard input ends: it does if the program that started the server is killed
    #[arg(long)]
    stop_on_stdin_eof: bool,
    #[command(flatten)]
    tasks: Tasks,
    /// How to check the assets in request bodies
    #[arg(long, value_enum, default_value = "fetch", value_name = "HOW", help_heading = "Checks")]
    assets: AssetChecks,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    network: NetworkArgs,
}

/// How tasks run.
#[derive(Args, Debug)]
#[command(next_help_heading = "Tasks")]
struct Tasks {
    /// Number of polls until a task reaches its final state
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = args::within(1..=1_000_000_u32))]
    polls: u32,
    /// Duration of a task by the server's clock, instead of a number of polls
    #[arg(long, value_name = "TIME", value_parser = args::timeout, conflicts_with = "polls")]
    task_time: Option<Duration>,
    /// Maximum concurrent tasks per model; further tasks are THROTTLED
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = args::within(1..=1000_u16))]
    concurrency: u16,
    /// TOML file of behaviors to queue at startup and after each reset
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
}

/// How assets are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AssetChecks {
    /// Fetch them, as the API does
    Fetch,
    /// Run only checks that need no network access
    Offline,
    /// Do not check them, only the schema of the body
    Off,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight serve --print-env > runway.env &
  runway-preflight serve --assets offline --polls 3";

const EXAMPLES: &str = "\
Examples:
  Run a test suite against it
    runway-preflight serve --print-env > runway.env & npx vitest
  Run without network access, with tasks that take three polls
    runway-preflight serve --assets offline --polls 3
  Make the next request fail, from a test
    curl -d '{\"status\": 503}' http://127.0.0.1:4010/__preflight/next
  List the control endpoints of the server
    curl http://127.0.0.1:4010/__preflight

Exit codes: 2 usage error, invalid scenario or address in use, 130 interrupted, 143 terminated.";

impl Serve {
    /// Runs the server until a signal is received.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let scenario = self.tasks.scenario.as_deref().map(read_scenario).transpose()?.unwrap_or_default();
        run::note_deviations(&self.network);
        if !self.host.is_loopback() {
            notice(&format!("warning: {} is not a loopback address: other machines can reach this server", self.host));
        }
        let checker = CheckThread::start(self.check_rules()?, run::probe(&self.network)?)?;
        let stop = Stop::listen_with(GRACE);
        let runtime = runtime()?;
        let exit = runtime.block_on(async {
            let address = SocketAddr::new(self.host, self.port);
            let options = ServeOptions { scenario, ..self.tasks.options() };
            let server = MockServer::bind(address, options, Arc::new(checker)).await;
            let server = server.with_context(|| format!("serve cannot start on {address}"))?;
            if let Err(error) = self.announce(server.address()?) {
                return Ok(output_failed(&error));
            }
            if self.stop_on_stdin_eof {
                let end = stdin_end().context("serve cannot read standard input")?;
                server.run(future::select(pin!(stop.wait()), end).map(drop)).await;
                return Ok(stop.exit().unwrap_or(Exit::Success));
            }
            server.run(stop.wait()).await;
            Ok(stop.exit().unwrap_or(Exit::Terminated))
        });
        // An output file that is being generated must not delay the exit.
        runtime.shutdown_background();
        exit
    }

    fn check_rules(&self) -> anyhow::Result<CheckRules> {
        // The server runs as long as the program, so leaking is fine.
        let rules = Box::leak(Box::new(self.rules.open()?));
        let expectations = Expectations { allow_private: self.network.allow_private, ..Expectations::default() };
        Ok(CheckRules {
            assets: rules.assets(),
            requests: rules.requests(),
            options: CheckOptions {
                expectations,
                timeout: self.network.timeout,
                offline: self.assets != AssetChecks::Fetch,
                ..CheckOptions::default()
            },
            schema_only: self.assets == AssetChecks::Off,
            render: api_response_body,
        })
    }

    /// Prints the URL of the server.
    fn announce(&self, address: SocketAddr) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        let name = if self.print_env { "RUNWAYML_BASE_URL=" } else { "" };
        writeln!(stdout, "{name}http://{address}")?;
        stdout.flush()
    }
}

/// How long the server may take to end after the first signal: on a busy disk, a gigabyte of uploads is not removed in less
/// than a second.
const GRACE: Duration = Duration::from_secs(8);

/// The most threads that handle requests: enough for thousands of requests a second, even on large machines.
const MAX_THREADS: usize = 4;

/// Starts half as many threads as there are cores: the code under test runs on the other half.
fn runtime() -> io::Result<Runtime> {
    let threads = thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, MAX_THREADS));
    let mut builder = if threads == 1 { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.worker_threads(threads).max_blocking_threads(8).enable_all().build()
}

/// Returns a future that completes when standard input ends.
fn stdin_end() -> io::Result<oneshot::Receiver<()>> {
    let (ended, end) = oneshot::channel();
    thread::Builder::new().name("stdin".to_owned()).spawn(move || {
        // An error is an end, too.
        while matches!(io::stdin().lock().read(&mut [0; 1024]), Ok(1..)) {}
        let _ = ended.send(());
    })?;
    Ok(end)
}

impl Tasks {
    fn options(&self) -> ServeOptions {
        let progress = self.task_time.map_or(TaskProgress::Polls(self.polls), TaskProgress::Time);
        ServeOptions { progress, concurrency: self.concurrency.into(), scenario: Scenario::default() }
    }
}

/// Parses an IP address; `localhost` is accepted too.
fn host(text: &str) -> Result<IpAddr, String> {
    let text = if text == "localhost" { "127.0.0.1" } else { text };
    text.parse().map_err(|_| "write an IP address, as in 127.0.0.1 or ::1".to_owned())
}

/// The largest scenario that is read, in bytes.
const MAX_SCENARIO: u64 = 8 << 20;

fn read_scenario(path: &Path) -> anyhow::Result<Scenario> {
    let name = UntrustedText::from(path.display().to_string().as_str()).escaped().to_string();
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SCENARIO + 1).read_to_string(&mut text));
    if read.with_context(|| format!("--scenario {name} cannot be read"))? as u64 > MAX_SCENARIO {
        bail!("--scenario {name} is larger than {} MiB", MAX_SCENARIO >> 20);
    }
    Scenario::parse(&text).map_err(|error| anyhow!("--scenario {name}:{error}"))
}
