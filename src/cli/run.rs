//! The flow shared by `check` and `body`: converts flags to options, opens the outputs, resumes an earlier run, runs
//! the engine with a progress bar, and determines the exit code.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, IsTerminal as _, Read as _, Seek as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::{Counters, Ignored, ReportHandler};
use crate::fetch::NetworkOptionsError;
use crate::output::fingerprint::RunFingerprint;
use crate::output::resume_log::ResumeLog;
use crate::output::{Repository, RunInfo, Style, Verbosity};
use crate::rules::Expectations;
use crate::text::secret::QueryRedaction;
use crate::{CheckOptions, LiveProbe, NetworkOptions, Report, RequestReport, Summary, Verdict};
use anyhow::{Context as _, bail};
use futures_util::{Stream, StreamExt as _};
use tokio::runtime::Runtime;

use super::args::{NetworkArgs, OutputArgs, RunArgs};
use super::progress::Progress;
use super::report_writers::{self, ReportWriters};
use super::resume::{PreviousRun, ResumeCheck, ResumeMode, ResumeState};
use super::retry::PreviousRows;
use super::settings::Resolved;
use super::signals::Stop;
use super::{Exit, fingerprint, notice, output_failed, resume, retry, terminal, terminal_queue};

/// A run over assets or request bodies: its flags, and the options derived from them.
pub(crate) struct Run<'a> {
    pub(crate) args: &'a RunArgs,
    pub(crate) info: RunInfo,
    /// The flags that affect the findings, in addition to those in `args`.
    pub(crate) flags: Vec<String>,
    pub(crate) options: CheckOptions,
    /// The number of assets, if known.
    pub(crate) total: Option<u64>,
    /// Whether a single asset or body was named, which is then shown even if it is accepted.
    pub(crate) is_single: bool,
}

/// The part of a run that differs between assets and request bodies.
pub(crate) trait Work {
    /// Skips the assets or bodies that an earlier run has checked.
    ///
    /// # Errors
    /// Returns an error if the file of that run is about other assets.
    fn skip(&mut self, check: &ResumeCheck<'_>, previous: &mut PreviousRun<'_>) -> anyhow::Result<ResumeState>;

    /// Returns the counters of the engine.
    fn counters(&self) -> &Counters;

    /// Checks the remaining input, or nothing if the run is already over.
    async fn run(&mut self, is_over: bool, stop: impl Future<Output = ()>, sink: &mut ReportSink<'_>) -> Summary;

    /// Returns whether a part of the input could not be read, which standard error says.
    fn has_unreadable_input(&self) -> bool;
}

/// Writes the reports of a run until that fails.
pub(crate) struct ReportSink<'a> {
    writers: &'a mut ReportWriters,
    pub(crate) progress: &'a Progress,
    fail_fast: bool,
    /// How many results are left, if known.
    left: Option<u64>,
    failed: Option<io::Error>,
}

impl ReportSink<'_> {
    /// Writes one request, then runs `then` while the bar is hidden.
    pub(crate) fn request(&mut self, request: &RequestReport, then: impl FnOnce()) -> ControlFlow<()> {
        self.write(|writers| writers.request(request))?;
        self.progress.suspend(then);
        self.after(request.verdict)
    }

    /// Holds new work back while a reader of the results pauses; what is in flight goes on.
    pub(crate) fn with_backpressure<T, S: Stream<Item = T>>(&mut self, work: S) -> impl Stream<Item = T> + use<T, S> {
        let rooms = self.writers.rooms();
        work.then(move |item| {
            let rooms = rooms.clone();
            async move {
                for room in rooms {
                    room.wait().await;
                }
                item
            }
        })
    }

    fn write(&mut self, write: impl FnOnce(&mut ReportWriters) -> io::Result<()>) -> ControlFlow<()> {
        self.failed = self.progress.with_bar_hidden(self.writers, write).err();
        if self.failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn after(&mut self, verdict: Verdict) -> ControlFlow<()> {
        self.left = self.left.and_then(|left| left.checked_sub(1));
        // Behind the last result nothing is left out.
        if self.fail_fast && verdict == Verdict::Rejected && self.left != Some(0) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl ReportHandler for &mut ReportSink<'_> {
    fn report(&mut self, report: Report) -> ControlFlow<()> {
        self.write(|writers| writers.report(&report))?;
        self.after(report.verdict)
    }

    fn on_idle(&mut self) -> ControlFlow<()> {
        self.write(ReportWriters::flush)
    }
}

impl Run<'_> {
    /// Opens the outputs, does the work, and commits the outputs.
    ///
    /// # Errors
    /// Returns an error if a list or the file to resume cannot be used.
    pub(crate) fn execute(self, mut work: impl Work) -> anyhow::Result<Exit> {
        let Self { args, info, mut flags, options, total, is_single } = self;
        terminal_queue::start();
        flags.extend(fingerprint::flags(args, &options.ignored));
        let fingerprint = RunFingerprint::new(&info, flags);
        let progress = Progress::new(&args.output, Arc::clone(&options.tally), total, args.network.timeout);
        let style = Style { is_single: is_single && args.output.quiet == 0, ..style(&args.output) };
        let check = |purpose, path| ResumeCheck { path, purpose, fingerprint: &fingerprint, queries: options.queries };
        let mut before = ResumeState::default();
        // Nothing is changed where the file is about something else.
        let mut earlier_rows = None;
        if let Some(path) = &args.output.retry_from {
            let (check, file) = (check(ResumeMode::Retry, path), retry::open(path, &args.output)?);
            before = work.skip(&check, &mut ResumeLog::new(BufReader::new(&file)))?;
            (&file).rewind().with_context(|| format!("--retry-from {} cannot be read again", path.display()))?;
            earlier_rows = Some(PreviousRows::new(file, before.summary.assets_in_requests.is_some()));
            note_resumed(args, &check, &before, &progress);
        }
        report_writers::with(&args.output, style, &info, &fingerprint, |writers| {
            if let (true, Some(path)) = (args.output.resume, &args.output.output) {
                let check = check(ResumeMode::Resume, path);
                if let Some(mut previous) = writers.earlier() {
                    before = work.skip(&check, &mut previous)?;
                }
                if let Err(error) = writers.resume_at(before.end, &fingerprint) {
                    return Ok(output_failed(&error));
                }
                note_resumed(args, &check, &before, &progress);
            }
            if let Some(rows) = earlier_rows {
                writers.carry_over(rows);
            }
            finish(args, &mut work, &before.summary, writers, &progress)
        })
    }
}

/// Tells how much is done already.
fn note_resumed(args: &RunArgs, check: &ResumeCheck<'_>, before: &ResumeState, progress: &Progress) {
    if args.output.quiet == 0 {
        check.note(before);
    }
    progress.without(before.summary.total());
}

/// Checks the remaining input, and summarizes it together with the earlier run.
fn finish(
    args: &RunArgs,
    work: &mut impl Work,
    before: &Summary,
    writers: &mut ReportWriters,
    progress: &Progress,
) -> anyhow::Result<Exit> {
    let runtime = runtime()?;
    let stop = Stop::listen();
    let is_over = args.exit.fail_fast && args.output.resume && before.rejected > 0;
    let mut sink =
        ReportSink { writers, progress, fail_fast: args.exit.fail_fast, left: progress.total(), failed: None };
    let mut summary = runtime.block_on(progress.drive(work.run(is_over, stop.wait(), &mut sink)));
    summary.add(before);
    summary.incomplete |= is_over;
    progress.end();
    // A DNS query or a read that does not return must not delay the exit.
    runtime.shutdown_background();
    let failed = sink.failed.take();
    let exit = args.exit.exit(work.counters(), summary.verdict());
    // Unreadable input overrides the verdict, but not a more severe failure.
    let is_verdict = matches!(exit, Exit::Success | Exit::Failure | Exit::Undecided);
    let exit = if is_verdict && work.has_unreadable_input() { Exit::UsageError } else { exit };
    let is_interrupted = summary.incomplete;
    summary.incomplete |= work.has_unreadable_input();
    // If nothing could be checked, standard error says so, and no results are written.
    if summary.total() == 0 && failed.is_none() && exit != Exit::Success {
        writers.discard();
        return Ok(exit);
    }
    let finished = writers.finish(&summary, is_interrupted);
    if let Some(error) = failed.or(finished.err()) {
        return Ok(output_failed(&error));
    }
    // The lines of a resumed run cover only part of it, so it always gets a summary; other runs that write to a file
    // get one if standard error is a terminal.
    if args.output.resume
        || args.output.retry_from.is_some()
        || (args.output.output.is_some() && io::stderr().is_terminal())
    {
        resume::note_summary(&args.output, &summary);
    }
    Ok(stop.exit().unwrap_or(exit))
}

/// Returns the engine's options that follow from the flags.
pub(crate) fn options(
    args: &RunArgs,
    expected: Expectations,
    queries: QueryRedaction,
    ignored: Vec<Ignored>,
) -> CheckOptions {
    let RunArgs { fetch, network, exit, .. } = args;
    CheckOptions {
        expectations: Expectations { allow_private: network.allow_private, ..expected },
        depth: fetch.depth,
        timeout: network.timeout,
        jobs: fetch.jobs.into(),
        per_host: fetch.per_host.into(),
        retries: fetch.retries,
        offline: fetch.offline,
        strict: exit.strict,
        queries,
        ignored,
        ..CheckOptions::default()
    }
}

/// Rejects conflicting output flags, and outputs that are inputs; returns whether query values are shown.
///
/// # Errors
/// Returns an error if flags conflict.
pub(crate) fn validate(args: &RunArgs, words: &[OsString]) -> anyhow::Result<QueryRedaction> {
    let RunArgs { output, network, rules, config, .. } = args;
    let files = rules.paths.iter().chain(&network.cacert).chain(&config.config);
    report_writers::refuse_shared_files(output, words, &files.collect::<Vec<_>>())?;
    output.check_resume()?;
    query_redaction(output.show_query)
}

/// Returns whether query values are shown.
///
/// # Errors
/// Returns an error in CI, whose log would contain the secrets.
pub(crate) fn query_redaction(show_query: bool) -> anyhow::Result<QueryRedaction> {
    if !show_query {
        return Ok(QueryRedaction::Redact);
    }
    if terminal::is_ci() {
        bail!("--show-query is refused where CI is set: the log would contain the secrets of signed URLs");
    }
    Ok(QueryRedaction::Show)
}

/// Adds the flags, the configuration and the repository to the description of a run.
pub(crate) fn describe(info: RunInfo, network: &NetworkArgs, resolved: &Resolved) -> RunInfo {
    let matches_api = network.deviating_flags().is_empty();
    RunInfo { config: resolved.config.clone(), matches_api, repository: repository(), ..info }
}

/// Finds the repository that the working directory is in: that of GitHub Actions, or the nearest folder with `.git`, else
/// the working directory itself.
fn repository() -> Option<Repository> {
    let current = std::env::current_dir().ok()?;
    let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from).filter(|root| current.starts_with(root));
    let checkout = || current.ancestors().find(|path| path.join(".git").exists()).map(Path::to_owned);
    let root = workspace.or_else(checkout).unwrap_or_else(|| current.clone());
    Some(Repository { root, current })
}

/// Creates the probe for these flags.
///
/// # Errors
/// Returns an error if the proxy or the certificates cannot be used.
pub(crate) fn probe(network: &NetworkArgs) -> anyhow::Result<LiveProbe> {
    let cacert = network.cacert.as_deref().map(roots).transpose()?;
    let NetworkArgs { resolve, allow_private, allow_net, proxy, .. } = network;
    let schemes = ["http://", "https://"];
    if proxy.as_ref().is_some_and(|proxy| !schemes.iter().any(|scheme| proxy.expose().starts_with(scheme))) {
        bail!("--proxy: write a URL that begins with http:// or https://");
    }
    let (resolve, allow_net) = (resolve.clone(), allow_net.clone());
    let options = NetworkOptions { cacert, resolve, allow_private: *allow_private, allow_net, proxy: proxy.clone() };
    LiveProbe::new(options).map_err(|error| {
        let flag = match error {
            NetworkOptionsError::Cacert(_) => "--cacert",
            NetworkOptionsError::Proxy => "--proxy",
        };
        anyhow::Error::new(error).context(format!("{flag} cannot be used"))
    })
}

/// Creates the runtime of the engine on this thread; the network has a thread of its own.
///
/// # Errors
/// Returns an error if the system lacks the resources.
pub(crate) fn runtime() -> anyhow::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().build();
    runtime.context("the runtime cannot be created on this machine")
}

/// The size limit of a file of root certificates, in bytes; a system's complete store has about 250,000.
const MAX_ROOTS: u64 = 16 << 20;

/// Reads a file of root certificates.
fn roots(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = path.display();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_ROOTS + 1).read_to_end(&mut bytes));
    if read.with_context(|| format!("--cacert {name} cannot be read"))? as u64 > MAX_ROOTS {
        bail!("--cacert {name} is larger than {} MiB", MAX_ROOTS >> 20);
    }
    Ok(bytes)
}

/// Notes on standard error which flags may make the results differ from the API's.
pub(crate) fn note_deviations(network: &NetworkArgs) {
    let flags = network.deviating_flags();
    if !flags.is_empty() {
        notice(&format!("note: results may differ from the API's because of {}", flags.join(", ")));
    }
    if network.proxy.is_some() {
        notice("note: the proxy resolves host names, so it must refuse private addresses itself");
    }
}

/// Returns the style of standard output, or of the file of `--output`.
fn style(output: &OutputArgs) -> Style {
    let to_file = output.output.is_some();
    Style {
        width: terminal::width(to_file),
        color: terminal::color(output.color, to_file),
        links: terminal::links(output.color, to_file),
        // A file that was asked for is not left empty.
        verbosity: if to_file && output.quiet > 1 { Verbosity::Quiet } else { output.verbosity() },
        is_single: false,
        is_supplement: false,
        only: output.only.clone().into_iter().collect(),
    }
}
