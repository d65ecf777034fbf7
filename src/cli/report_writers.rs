//! The outputs of a run: the main one, and additional reports, each with a destination of its own.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, io};

use crate::asset::{path as local_path, real_path};
use crate::output::fingerprint::RunFingerprint;
use crate::output::resume_log::ResumeLog;
use crate::output::{RunInfo, Style};
use crate::{Output, OutputFormat, Report, RequestReport, Summary};
use anyhow::{Context as _, bail};

use super::args::{OutputArgs, ReportTo};
use super::destination::{Destination, Privacy};
use super::pictures::PreviewLoader;
use super::pipe_queue::{Backpressure, PipeQueue};
use super::resume::PreviousRun;
use super::retry::PreviousRows;
use super::{Exit, folder, notice, output_failed, panic};

/// Every output of a run.
pub(crate) struct ReportWriters {
    main: Output<Destination>,
    /// The pictures of the main output.
    pictures: PreviewLoader,
    extra: Vec<ExtraReport>,
    /// The rows of an earlier run that are written as well.
    earlier_rows: Option<PreviousRows>,
    /// The fingerprint for the first row of a file that is not resumed; until that row the file is left as it is.
    new_start: Option<RunFingerprint>,
    /// Whether the main output failed.
    has_failed: bool,
    /// Whether nothing is put in its place, because nothing was checked.
    is_void: bool,
}

/// An additional report. Its failure does not stop the others.
struct ExtraReport {
    name: String,
    output: Output<Destination>,
    pictures: PreviewLoader,
    failed: Option<io::Error>,
    /// False for a report that no flag requested.
    is_required: bool,
    is_pipe: bool,
}

/// Rejects flags that would write two outputs to one file, or one over an input: an asset, also of a folder that is
/// named, a list, a request body, or another file that is read.
pub(crate) fn refuse_shared_files(args: &OutputArgs, words: &[OsString], files: &[&PathBuf]) -> anyhow::Result<()> {
    let paths: Vec<&PathBuf> = args.report.iter().map(|report| &report.path).chain(&args.output).collect();
    let mut written = HashSet::new();
    if let Some(path) = paths.iter().find(|path| !written.insert(real_path(path))) {
        bail!("two results cannot be written to the same file: {}", path.display());
    }
    let regular = |path: &Path| path.canonicalize().ok().filter(|path| path.is_file());
    let named: Vec<PathBuf> = words.iter().filter_map(|word| input_path(word)?.canonicalize().ok()).collect();
    let files: Vec<PathBuf> = files.iter().filter_map(|path| regular(path)).collect();
    let is_input = |path: &Path| {
        let is_in_folder = || folder::is_media(path) && named.iter().any(|folder| path.starts_with(folder));
        named.iter().chain(&files).any(|input| input == path) || is_in_folder()
    };
    match paths.iter().find(|path| regular(path).is_some_and(|path| is_input(&path))) {
        Some(path) => bail!("{} is an input, which is never changed: name another file for the result", path.display()),
        None => Ok(()),
    }
}

/// Returns the path of an argument, which may be a list: `@LIST`.
fn input_path(word: &OsStr) -> Option<PathBuf> {
    let bytes = word.as_encoded_bytes();
    local_path(bytes.strip_prefix(b"@").unwrap_or(bytes))
}

/// Opens every output, lets `work` write to them, and commits them if it succeeds.
///
/// # Errors
/// Returns the error of `work`.
pub(crate) fn with(
    args: &OutputArgs,
    style: Style,
    info: &RunInfo,
    fingerprint: &RunFingerprint,
    work: impl FnOnce(&mut ReportWriters) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let mut writers = match ReportWriters::open(args, style, info) {
        Ok(writers) => writers,
        Err(error) => {
            notice(&format!("error: {error:#}"));
            return Ok(Exit::OutputFailed);
        }
    };
    // A resumed run determines its own position.
    writers.new_start = (is_appended(args) && !args.resume).then(|| fingerprint.clone());
    match panic::catch(|| work(&mut writers)) {
        None => Ok(Exit::InternalError),
        Some(Ok(exit)) => Ok(writers.commit(exit)),
        Some(Err(error)) => Err(error),
    }
}

impl ReportWriters {
    /// Opens the outputs that the flags name, and those that CI expects in addition.
    ///
    /// # Errors
    /// Returns an error if a file cannot be created; no existing file has been changed then.
    pub(crate) fn open(args: &OutputArgs, style: Style, info: &RunInfo) -> anyhow::Result<Self> {
        let privacy = if args.show_query { Privacy::Private } else { Privacy::Usual };
        let destination = match &args.output {
            None => Ok(Destination::stdout()),
            Some(path) if args.resume => Destination::resumed(path, privacy),
            Some(path) if is_appended(args) => Destination::append(path, privacy),
            Some(path) => Destination::atomic(path, privacy),
        };
        let name = args.output.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let destination = destination.with_context(|| format!("--output {name} cannot be written"))?;
        let whole = Style { only: style.only, verbosity: style.verbosity.of_report(), ..Style::plain() };
        let main = Output::new(destination, args.format, style, args.all, info.clone());
        let pictures = PreviewLoader::new(args.output.as_deref());
        let mut writers = Self {
            main,
            pictures,
            extra: Vec::new(),
            earlier_rows: None,
            new_start: None,
            has_failed: false,
            is_void: false,
        };
        for ReportTo { format, path } in &args.report {
            let destination = Destination::atomic(path, privacy)
                .with_context(|| format!("--report {} cannot be written", path.display()))?;
            let output = Output::new(destination, *format, whole, args.all, info.clone());
            writers.add(path.display().to_string(), output, PreviewLoader::new(Some(path)), true);
        }
        if is_annotated(args) {
            let style = Style { is_supplement: true, ..whole };
            let held = Destination::Held(Vec::new());
            let output = Output::new(held, OutputFormat::Github, style, false, info.clone());
            writers.add("standard output".to_owned(), output, PreviewLoader::new(None), true);
        }
        if let Some(path) = step_summary(args) {
            let output = Output::new(Destination::shared(path), OutputFormat::Markdown, whole, false, info.clone());
            writers.add("GITHUB_STEP_SUMMARY".to_owned(), output, PreviewLoader::new(None), false);
        }
        Ok(writers)
    }

    /// Returns a reader of the lines that an earlier run has written to the main output.
    pub(crate) fn earlier(&mut self) -> Option<PreviousRun<'_>> {
        self.main.writer().earlier().map(ResumeLog::new)
    }

    /// Continues the main output after `end` bytes; an empty file starts with the fingerprint.
    ///
    /// # Errors
    /// Returns an error if the file cannot be truncated.
    pub(crate) fn resume_at(&mut self, end: u64, fingerprint: &RunFingerprint) -> io::Result<()> {
        if end == 0 {
            self.main.set_fingerprint(fingerprint.clone());
        }
        self.main.writer().resume_at(end)
    }

    /// Writes the rows of an earlier run between those of this one.
    pub(crate) fn carry_over(&mut self, rows: PreviousRows) {
        self.earlier_rows = Some(rows);
    }

    /// Leaves every file as it is.
    pub(crate) fn discard(&mut self) {
        self.is_void = true;
    }

    /// Writes the rows of an earlier run that come before this one.
    fn earlier_rows_before(&mut self, index: u64) -> io::Result<()> {
        match &mut self.earlier_rows {
            Some(rows) => rows.before(index, |line| self.main.earlier_line(line)),
            None => Ok(()),
        }
    }

    /// Returns the room in the queues of pipes, whose readers decide how fast new work is begun.
    pub(crate) fn rooms(&mut self) -> Vec<Backpressure> {
        let outputs = std::iter::once(&mut self.main).chain(self.extra.iter_mut().map(|extra| &mut extra.output));
        outputs.filter_map(|output| output.writer().queue().map(PipeQueue::room)).collect()
    }

    fn add(&mut self, name: String, mut output: Output<Destination>, pictures: PreviewLoader, is_required: bool) {
        let is_pipe = output.writer().queue().is_some();
        self.extra.push(ExtraReport { name, output, pictures, failed: None, is_required, is_pipe });
    }

    /// Writes a report to every output.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn report(&mut self, report: &Report) -> io::Result<()> {
        self.begin()?;
        self.earlier_rows_before(report.index)?;
        for ExtraReport { output, pictures, .. } in &mut self.extra {
            give_picture(output, pictures, report);
        }
        give_picture(&mut self.main, &mut self.pictures, report);
        self.each(|output| output.report(report))
    }

    /// Writes the report of a request to every output.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn request(&mut self, request: &RequestReport) -> io::Result<()> {
        self.begin()?;
        self.earlier_rows_before(request.index)?;
        self.each(|output| output.request(request))
    }

    /// Flushes every output.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.each(Output::flush)
    }

    fn each(&mut self, mut write: impl FnMut(&mut Output<Destination>) -> io::Result<()>) -> io::Result<()> {
        for ExtraReport { output, failed, .. } in &mut self.extra {
            if failed.is_none() {
                *failed = write(output).err();
            }
        }
        let written = write(&mut self.main);
        self.has_failed |= written.is_err();
        written
    }

    /// Empties a file that is not resumed, now that there is something to write.
    fn begin(&mut self) -> io::Result<()> {
        let Some(fingerprint) = self.new_start.take() else { return Ok(()) };
        let begun = self.resume_at(0, &fingerprint);
        self.has_failed |= begun.is_err();
        begun
    }

    /// Finishes every output, the main one first: where that has failed, the others hold what was written until then. An
    /// interrupted run ends with the last row whose turn has come. Annotations follow the text.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn finish(&mut self, summary: &Summary, is_interrupted: bool) -> io::Result<()> {
        let mut finished = if self.has_failed { Ok(()) } else { self.finish_main(summary, is_interrupted) };
        self.has_failed |= finished.is_err();
        for ExtraReport { output, failed, .. } in &mut self.extra {
            if failed.is_none() {
                *failed = output.finish(summary).err();
            }
            let held = output.writer().take_held();
            if !self.has_failed && !held.is_empty() {
                finished = self.main.writer().write_all(&held);
                self.has_failed = finished.is_err();
            }
        }
        finished
    }

    fn finish_main(&mut self, summary: &Summary, is_interrupted: bool) -> io::Result<()> {
        self.begin()?;
        if !is_interrupted {
            self.earlier_rows_before(u64::MAX)?;
        }
        self.main.finish(summary)
    }

    /// Commits all outputs and returns the exit: `exit`, unless a requested output could not be written.
    fn commit(mut self, mut exit: Exit) -> Exit {
        if self.is_void {
            return exit;
        }
        // Files first: the reader of a pipe may not come back before a signal ends the program.
        let is_main_pipe = self.main.writer().queue().is_some();
        let (pipes, files): (Vec<_>, Vec<_>) = self.extra.into_iter().partition(|extra| extra.is_pipe);
        let commit = |ExtraReport { name, output, failed, is_required, .. }| {
            let written = failed.map_or_else(|| output.into_writer().commit(), Err);
            (name, written, is_required)
        };
        let mut extra: Vec<_> = files.into_iter().map(commit).collect();
        // The exit of a run whose main output failed says so already.
        let commit_main = || if self.has_failed { Ok(()) } else { self.main.into_writer().commit() };
        let main = if is_main_pipe {
            extra.extend(pipes.into_iter().map(commit));
            commit_main()
        } else {
            let main = commit_main();
            extra.extend(pipes.into_iter().map(commit));
            main
        };
        if let Err(error) = main {
            exit = output_failed(&error);
        }
        for (name, written, is_required) in extra {
            match written {
                Ok(()) => {}
                Err(error) if is_required => {
                    exit = output_failed(&io::Error::new(error.kind(), format!("{name}: {error}")));
                }
                Err(error) => notice(&format!("note: {name} could not be written: {error}")),
            }
        }
        exit
    }
}

/// Hands the picture of an asset to an output that shows it.
fn give_picture(output: &mut Output<Destination>, pictures: &mut PreviewLoader, report: &Report) {
    if output.shows_picture(report) {
        output.set_picture(pictures.of(report));
    }
}

/// Returns whether the main output is appended to a file.
fn is_appended(args: &OutputArgs) -> bool {
    args.format == OutputFormat::JsonLines && args.output.is_some()
}

/// Returns whether annotations follow the text on standard output, as they do on GitHub Actions.
fn is_annotated(args: &OutputArgs) -> bool {
    let in_actions = env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    in_actions && args.format == OutputFormat::Text && args.output.is_none() && args.quiet < 2
}

/// Returns the file of the job summary, which is written along with `--format github`.
fn step_summary(args: &OutputArgs) -> Option<PathBuf> {
    let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())?;
    (args.format == OutputFormat::Github).then(|| path.into())
}
