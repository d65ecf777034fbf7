//! The outputs of a run: the main one, and those beside it, each with a destination of its own.

use std::env;
use std::io;
use std::path::PathBuf;

use crate::{Output, OutputFormat, Report, RequestReport, ResumeLog, RunFingerprint, RunInfo, Style, Summary};
use anyhow::{Context as _, bail};

use super::args::{FormatName, ReportTo, Results};
use super::destination::Destination;
use super::resume::Earlier;
use super::{Exit, panic, run, say, unwritten};

/// Every output of a run.
pub(crate) struct Outlets {
    main: Output<Destination>,
    beside: Vec<Beside>,
}

/// An output beside the main one. Its trouble does not stop the others.
struct Beside {
    name: String,
    output: Output<Destination>,
    failed: Option<io::Error>,
    /// False for what nobody asked for by a flag.
    is_needed: bool,
}

/// Refuses flags that would write two results to one file.
pub(crate) fn distinct(results: &Results) -> anyhow::Result<()> {
    let mut paths: Vec<&PathBuf> = results.report.iter().map(|report| &report.path).chain(&results.output).collect();
    paths.sort_unstable();
    match paths.windows(2).find_map(|pair| (pair.first() == pair.last()).then(|| pair.first())?) {
        Some(path) => bail!("two results cannot be written to one file: {}", path.display()),
        None => Ok(()),
    }
}

/// Opens every output, lets `judge` write to them, and puts them in their places if all went well.
///
/// # Errors
/// Those of `judge`.
pub(crate) fn with(
    results: &Results,
    run: &RunInfo,
    stamp: &RunFingerprint,
    judge: impl FnOnce(&mut Outlets) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let mut outlets = match Outlets::open(results, run::style(results), run) {
        Ok(outlets) => outlets,
        Err(error) => {
            say(&format!("error: {error:#}"));
            return Ok(Exit::Unwritten);
        }
    };
    // A run that goes on finds out by itself where.
    if grows(results)
        && !results.resume
        && let Err(error) = outlets.go_on_at(0, stamp)
    {
        outlets.abandon();
        return Ok(unwritten(&error));
    }
    let Some(judged) = panic::survive(|| judge(&mut outlets)) else {
        outlets.abandon();
        return Ok(Exit::Failed);
    };
    match judged {
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

impl Outlets {
    /// Opens what the flags name, and what CI wants beside it.
    ///
    /// # Errors
    /// Where a file cannot be made; nothing was changed then.
    pub(crate) fn open(results: &Results, style: Style, run: &RunInfo) -> anyhow::Result<Self> {
        let to_main = match &results.output {
            None => Ok(Destination::stdout()),
            Some(path) if results.resume => Destination::resumed(path),
            Some(path) if grows(results) => Destination::growing(path),
            Some(path) => Destination::replaced(path),
        };
        let name = |path: Option<&PathBuf>| path.map(|path| path.display().to_string()).unwrap_or_default();
        let to_main =
            to_main.with_context(|| format!("--output {} cannot be written", name(results.output.as_ref())))?;
        let main = Output::new(to_main, results.format.into(), style, results.all, run.clone());
        let mut outlets = Self { main, beside: Vec::new() };
        let quiet = Style { width: None, colour: false, links: false, ..style };
        let whole = Style { detail: results.detail_beside(), ..quiet };
        for ReportTo { format, path } in &results.report {
            let destination = match Destination::replaced(path) {
                Ok(destination) => destination,
                Err(error) => {
                    outlets.abandon();
                    return Err(error).with_context(|| format!("--report {} cannot be written", path.display()));
                }
            };
            let output = Output::new(destination, (*format).into(), whole, results.all, run.clone());
            outlets.add(path.display().to_string(), output, true);
        }
        if annotates(results) {
            let output = Output::new(Destination::stdout(), OutputFormat::Github, quiet, false, run.clone());
            outlets.add("standard output".to_owned(), output, true);
        }
        if let Some(path) = step_summary(results) {
            let output = Output::new(Destination::appended(path), OutputFormat::Markdown, whole, false, run.clone());
            outlets.add("GITHUB_STEP_SUMMARY".to_owned(), output, false);
        }
        Ok(outlets)
    }

    /// Reads what an earlier run has left in the main output.
    pub(crate) fn earlier(&mut self) -> Option<Earlier<'_>> {
        self.main.writer().earlier().map(ResumeLog::new)
    }

    /// Goes on with the main output behind this many bytes; with the stamp, if they are none.
    ///
    /// # Errors
    /// When it cannot be cut off there.
    pub(crate) fn go_on_at(&mut self, end: u64, stamp: &RunFingerprint) -> io::Result<()> {
        if end == 0 {
            self.main.set_fingerprint(stamp.clone());
        }
        self.main.writer().go_on_at(end)
    }

    fn add(&mut self, name: String, output: Output<Destination>, is_needed: bool) {
        self.beside.push(Beside { name, output, failed: None, is_needed });
    }

    /// Hands a report to every output.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn report(&mut self, report: &Report) -> io::Result<()> {
        self.each(|output| output.report(report))
    }

    /// Hands the report of a request to every output.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn request(&mut self, request: &RequestReport) -> io::Result<()> {
        self.each(|output| output.request(request))
    }

    fn each(&mut self, mut write: impl FnMut(&mut Output<Destination>) -> io::Result<()>) -> io::Result<()> {
        for Beside { output, failed, .. } in &mut self.beside {
            if failed.is_none() {
                *failed = write(output).err();
            }
        }
        write(&mut self.main)
    }

    /// Lets the readers have what was written so far.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        for Beside { output, failed, .. } in &mut self.beside {
            if failed.is_none() {
                *failed = output.flush().err();
            }
        }
        self.main.flush()
    }

    /// Ends every output, the main one first.
    ///
    /// # Errors
    /// When the main one cannot be written.
    pub(crate) fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.main.finish(summary)?;
        for Beside { output, failed, .. } in &mut self.beside {
            if failed.is_none() {
                *failed = output.finish(summary).err();
            }
        }
        Ok(())
    }

    /// Puts all files in their places and returns how the program must end: as it would, unless something that was
    /// asked for could not be written.
    pub(crate) fn commit(self, mut exit: Exit) -> Exit {
        if let Err(error) = self.main.into_writer().commit() {
            exit = unwritten(&error);
        }
        for Beside { name, output, failed, is_needed } in self.beside {
            let destination = output.into_writer();
            let written = match failed {
                Some(error) => {
                    destination.abandon();
                    Err(error)
                }
                None => destination.commit(),
            };
            match written {
                Ok(()) => {}
                Err(error) if is_needed => {
                    exit = unwritten(&io::Error::new(error.kind(), format!("{name}: {error}")));
                }
                Err(error) => say(&format!("note: {name} could not be written: {error}")),
            }
        }
        exit
    }

    /// Leaves all old files as they were.
    pub(crate) fn abandon(self) {
        self.main.into_writer().abandon();
        for Beside { output, .. } in self.beside {
            output.into_writer().abandon();
        }
    }
}

/// Says whether the main output is a file that grows line by line.
fn grows(results: &Results) -> bool {
    results.format == FormatName::Jsonl && results.output.is_some()
}

/// Says whether the text on standard output is followed by annotations: in a step of GitHub Actions.
fn annotates(results: &Results) -> bool {
    let in_actions = env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    in_actions && results.format == FormatName::Text && results.output.is_none()
}

/// Returns the file that becomes the summary of the step, which goes with the annotations that were asked for.
fn step_summary(results: &Results) -> Option<PathBuf> {
    let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())?;
    (results.format == FormatName::Github).then(|| path.into())
}
