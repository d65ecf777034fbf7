//! `fix`: writes copies of files so that the API accepts them.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use anyhow::{Context as _, bail};
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use futures_util::{Stream, StreamExt as _, stream};
use strum::VariantNames as _;

use super::args::{ExpectationArgs, NetworkArgs, ReportTo, choice, output_file, ratio, transports};
use super::destination::Privacy;
use super::fix_progress::FixProgress;
use super::fix_writers::FixWriters;
use super::rule_sources::RulesArgs;
use super::settings::Resolved;
use super::signals::Stop;
use super::sources::{Defaults, ListArgs, Sources};
use super::{Exit, fix_places, notice, output_failed, run, sources};
use crate::fetch::DownloadingProbe;
use crate::finding::Transport;
use crate::fix::{
    Fill, FixDestination, FixFormat, FixOptions, Fixer, Gravity, OutputFolder, Reshape, Trim, check_places,
};
use crate::output::RunInfo;
use crate::output::fix::FixReportFormat;
use crate::report::fix_report::{FixOutcome, FixReport};
use crate::rules::Expectations;
use crate::text::secret::QueryRedaction;
use crate::units::AspectRatioRange;
use crate::{Asset, UntrustedText};

/// Write fixed copies of files that the API would reject, with as few changes as possible
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag")]
pub(crate) struct Fix {
    /// Local files; folders and lists (@LIST, -) with --output-dir; URLs
    #[arg(
        long_help = "Local files; folders and lists (@LIST, -) with --output-dir; addresses of image services (imgix, \
            Cloudinary, Shopify, Wix, Supabase, Contentful, Cloudflare Images, Vercel), which are rewritten; \
            other URLs, which are downloaded",
        required = true,
        value_name = "FILE"
    )]
    files: Vec<OsString>,
    /// Write the result to FILE [default: photo.fixed.png for photo.png]
    #[arg(
        long_help = "Write the result to FILE [default: next to the input, such as photo.fixed.png for photo.png]",
        short, long, value_name = "FILE", conflicts_with = "output_dir",
        value_parser = OsStringValueParser::new().try_map(output_file)
    )]
    output: Option<PathBuf>,
    /// Write results to DIR, under their input names
    #[arg(
        long_help = "Write results to DIR, under the names of the input files. Files of a folder keep their path \
            below it. Other files with the same name are refused before anything is written",
        long,
        value_name = "DIR"
    )]
    output_dir: Option<PathBuf>,
    /// If the aspect ratio is not accepted, crop and keep the center, top, bottom, left or right
    #[arg(long, value_name = "GRAVITY", num_args = 0..=1, require_equals = true, default_missing_value = "center", value_parser = gravity, conflicts_with = "pad")]
    crop: Option<Gravity>,
    /// If the aspect ratio is not accepted, pad with black, white, a color such as ff8800, or blur
    #[arg(long, value_name = "COLOR", num_args = 0..=1, require_equals = true, default_missing_value = "black", value_parser = fill)]
    pad: Option<Fill>,
    /// Result format: jpeg, png, webp, mp4, mov, mp3 or wav
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    to: Option<FixFormat>,
    /// Maximum JPEG quality; lowered if the result would be too large
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100), hide_short_help = true)]
    quality: Option<u8>,
    /// Keep only this part, in seconds
    #[arg(
        long_help = "Keep only this part of a video or audio file, in seconds",
        long, value_name = "START:END", value_parser = trim
    )]
    trim: Option<Trim>,
    /// The ffmpeg program, for video and audio
    #[arg(long, value_name = "PROGRAM", default_value = "ffmpeg", hide_short_help = true)]
    ffmpeg: OsString,
    /// Write nothing; print what would be done
    #[arg(long_help = "Write nothing; print what would be done, for video and audio with the ffmpeg command", long)]
    dry_run: bool,
    /// Overwrite existing results
    #[arg(long)]
    force: bool,
    /// Output format
    #[arg(
        long_help = "Output format: lines, one JSON object per file, or an HTML page",
        short, long, default_value = "text", value_name = "FORMAT", value_parser = choice::<FixReportFormat>()
    )]
    format: FixReportFormat,
    /// Also write the results to PATH, atomically; html=PATH shows each picture before and after; repeatable
    #[arg(long, value_name = "FORMAT=PATH", hide_short_help = true, value_parser = OsStringValueParser::new().try_map(|text| ReportTo::<FixReportFormat>::parse(&text)))]
    report: Vec<ReportTo<FixReportFormat>>,
    /// Show query values, which may be secrets; refused in CI
    #[arg(
        long_help = "Show query values, which may be secrets, so that a rewritten address can be pasted; refused in \
            CI",
        long,
        hide_short_help = true
    )]
    show_query: bool,
    /// Do not fetch URLs
    #[arg(long, hide_short_help = true)]
    offline: bool,
    /// Maximum files fixed concurrently [default: one per core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64), hide_short_help = true)]
    jobs: Option<u16>,
    /// Range of accepted aspect ratios (width / height), inclusive
    #[arg(long, value_name = "MIN:MAX", value_parser = ratio, help_heading = "Expectations", hide_short_help = true)]
    ratio: Option<AspectRatioRange>,
    /// How the file is sent
    #[arg(
        long_help = "How the file is sent [default: the transport with the largest size limit]",
        long = "as", value_name = "TRANSPORT", value_parser = transports(), help_heading = "Expectations"
    )]
    transport: Option<Transport>,
    #[command(flatten)]
    expected: ExpectationArgs,
    #[command(flatten)]
    list: ListArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    network: NetworkArgs,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight fix --model gen4_turbo --crop panorama.png -o panorama.jpg
  runway-preflight fix --as data-uri --output-dir fixed/ *.jpg";

const EXAMPLES: &str = "\
Examples:
  Crop an image to an aspect ratio that a model accepts
    runway-preflight fix --model gen4_turbo --crop panorama.png -o panorama.jpg
  Add blurred bars instead
    runway-preflight fix --model gen4_turbo --pad=blur portrait.jpg
  Make a file small enough for a data URI
    runway-preflight fix --as data-uri photo.jpg
  Convert a Matroska file and keep its first 30 seconds (needs ffmpeg)
    runway-preflight fix --model aleph2 --trim 0:30 clip.mkv -o clip.mp4
  Many pictures, and a page that shows them before and after
    runway-preflight fix --output-dir fixed/ --report html=fixed/report.html photos/
  A download; the address is not changed
    runway-preflight fix https://cdn.example.com/photo.bmp -o photo.jpg
  Rewrite a URL of an image service
    runway-preflight fix --model gen4_turbo --crop 'https://acme.imgix.net/photo.jpg'

The input is never changed. Each result is checked against the same rules before it is moved into place.

Exit codes: 0 accepted or fixed, 1 cannot be fixed as requested or still rejected, 2 usage error, unreadable file or \
missing ffmpeg, 3 written but undecided, 4 output could not be written.";

impl Fix {
    /// Runs the subcommand.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        if self.output.is_some() && self.files.len() > 1 {
            bail!("--output names one file: use --output-dir for several");
        }
        if let Some(output) = &self.output {
            fix_places::check_name(output, self.to)?;
        }
        let queries = run::query_redaction(self.show_query)?;
        let inputs = sources::open(&self.files, &self.list, Defaults { field: None, kind: None })?;
        self.check_place(&inputs)?;
        let sources = self.rules.open()?;
        sources.check_names(&mut self.expected, &Resolved::default())?;
        let inputs = self.read(inputs)?;
        let options = self.options(queries, self.place(&inputs)?);
        self.check_files(&inputs, &options)?;
        run::note_deviations(&self.network);
        let info = RunInfo { matches_api: self.network.deviating_flags().is_empty(), ..sources.info() };
        let fixer = Fixer::new(run::probe(&self.network)?, sources.assets(), options);
        let reports = self.report.iter().map(|report| report.path.as_path());
        fixer.reserve(fix_places::files(&inputs).iter().map(PathBuf::as_path).chain(reports));
        let privacy = if self.show_query { Privacy::Private } else { Privacy::Usual };
        let writers = match FixWriters::open(self.format, &self.report, &info, privacy) {
            Ok(writers) => writers,
            Err(error) => {
                notice(&format!("error: {error:#}"));
                return Ok(Exit::OutputFailed);
            }
        };
        self.execute(inputs, &fixer, writers)
    }

    /// Reads all inputs, except earlier results.
    fn read(&self, mut inputs: Sources) -> anyhow::Result<Vec<Asset>> {
        if let Some(results) = &self.output_dir {
            let folders = fix_places::resolved(&fix_places::folders(&self.files));
            fix_places::refuse_read_folder(results, &folders)?;
            if fix_places::is_inside(results, &folders) {
                inputs.exclude(results);
            }
        }
        fix_places::read(inputs)
    }

    /// Returns where the results go.
    fn place(&self, inputs: &[Asset]) -> anyhow::Result<FixDestination> {
        Ok(match (&self.output, &self.output_dir) {
            (Some(file), _) => FixDestination::File(file.clone()),
            (None, Some(path)) => {
                let folder = OutputFolder::new(path.clone(), &fix_places::folders(&self.files), inputs, self.to);
                FixDestination::Folder(folder.map_err(|error| fix_places::describe(&error))?)
            }
            (None, None) => FixDestination::NextToInput,
        })
    }

    /// Checks that nothing is written to what is read, and creates the folder of the results.
    fn check_files(&self, inputs: &[Asset], options: &FixOptions) -> anyhow::Result<()> {
        let reports: Vec<&Path> = self.report.iter().map(|report| report.path.as_path()).collect();
        let others = [&fix_places::lists(&self.files)[..], &self.rules.paths, self.network.cacert.as_slice()].concat();
        let checked = check_places(options, &fix_places::files(inputs), &others, &reports);
        checked.map_err(|error| fix_places::describe(&error))?;
        if let Some(results) = self.output_dir.as_ref().filter(|_| !self.dry_run) {
            let shown = UntrustedText::from(results.to_string_lossy().as_ref());
            std::fs::create_dir_all(results).with_context(|| format!("{} cannot be created", shown.escaped()))?;
        }
        Ok(())
    }

    /// Fixes every input and writes what became of it.
    fn execute<P: DownloadingProbe>(
        &self,
        inputs: Vec<Asset>,
        fixer: &Fixer<'_, P>,
        mut writers: FixWriters,
    ) -> anyhow::Result<Exit> {
        // ffmpeg and its pipes need the I/O driver.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("the runtime cannot be created on this machine")?;
        let stop = Stop::listen();
        let progress = FixProgress::new();
        let exit = runtime.block_on(async {
            let show = |written, whole| progress.show(written, whole);
            let reports = stream::iter(inputs).map(|asset| fixer.fix(asset, show)).buffered(self.parallel());
            write(&mut writers, reports.take_until(stop.wait()), &progress).await
        });
        // A decoder that is still running must not delay the exit.
        runtime.shutdown_background();
        match writers.commit() {
            Ok(()) => Ok(stop.exit().unwrap_or(exit)),
            Err(error) => Ok(output_failed(&error)),
        }
    }

    /// Refuses places that are too few for the inputs.
    fn check_place(&self, inputs: &Sources) -> anyhow::Result<()> {
        if self.output.is_some() && !inputs.is_single() {
            bail!("--output names one file: use --output-dir for several");
        }
        if self.output_dir.is_none() && !inputs.are_named() {
            bail!("folders and lists need --output-dir");
        }
        Ok(())
    }

    /// Returns how many files are fixed in parallel: by default one per core, because decoding keeps a core busy.
    fn parallel(&self) -> usize {
        let cores = available_parallelism().map_or(1, NonZero::get);
        self.jobs.map_or(cores, usize::from)
    }

    fn options(&self, queries: QueryRedaction, place: FixDestination) -> FixOptions {
        let expectations = Expectations {
            ratio: self.ratio,
            transport: self.transport,
            allow_private: self.network.allow_private,
            ..self.expected.expectations()
        };
        FixOptions {
            expectations,
            field: self.expected.field.clone(),
            reshape: self.crop.map(Reshape::Crop).or(self.pad.map(Reshape::Pad)),
            to: self.to,
            quality: self.quality,
            trim: self.trim,
            ffmpeg: self.ffmpeg.clone(),
            place,
            dry_run: self.dry_run,
            force: self.force,
            offline: self.offline,
            queries,
            timeout: self.network.timeout,
        }
    }
}

/// Writes each report as soon as it is known, and returns the worst end.
async fn write(writers: &mut FixWriters, reports: impl Stream<Item = FixReport>, progress: &FixProgress) -> Exit {
    let mut reports = std::pin::pin!(reports);
    let mut worst = Exit::Success;
    while let Some(report) = reports.next().await {
        progress.clear();
        let goes_on = writers.report(&report);
        let exit = exit_of(report.outcome);
        if rank(exit) > rank(worst) {
            worst = exit;
        }
        if !goes_on {
            break;
        }
    }
    worst
}

/// Ranks the exits of several files by severity: rejected outranks undecided.
const fn rank(exit: Exit) -> u8 {
    // The codes are in order of severity, except 3 (undecided), which ranks below 1 (rejected).
    if matches!(exit, Exit::Undecided) { 1 } else { exit.code() * 2 }
}

const fn exit_of(outcome: FixOutcome) -> Exit {
    match outcome {
        FixOutcome::AlreadyAccepted | FixOutcome::Fixed | FixOutcome::Planned => Exit::Success,
        FixOutcome::Undecided => Exit::Undecided,
        FixOutcome::Refused | FixOutcome::StillRejected => Exit::Failure,
        FixOutcome::NeedsProgram | FixOutcome::Unreadable => Exit::UsageError,
        FixOutcome::NotWritten => Exit::OutputFailed,
    }
}

fn gravity(text: &str) -> Result<Gravity, &'static str> {
    text.parse().map_err(|_| "write center, top, bottom, left or right")
}

fn fill(text: &str) -> Result<Fill, &'static str> {
    Fill::parse(text).ok_or("write six hexadecimal digits, black, white or blur")
}

fn format(text: &str) -> Result<FixFormat, String> {
    text.parse().map_err(|_| format!("write one of {}", FixFormat::VARIANTS.join(", ")))
}

fn trim(text: &str) -> Result<Trim, &'static str> {
    Trim::parse(text).ok_or("write two times in seconds, the second after the first, as in 0:30 or 1.5:12.25")
}
