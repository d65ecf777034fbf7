//! `fix`: writes copies that the API accepts.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::num::NonZero;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use futures_util::{StreamExt as _, stream};

use super::args::{ExpectationArgs, NetworkArgs, choice, output_file, ratio, transports};
use super::rule_sources::RulesArgs;
use super::signals::Stop;
use super::{Exit, output_failed, run};
use crate::asset::Target;
use crate::finding::Transport;
use crate::fix::{Fill, FixFormat, FixOptions, Fixer, Gravity, OutputPlace, Reshape, Trim};
use crate::output::fix::{FixFormatOut, json, text};
use crate::output::{RunInfo, Style};
use crate::report::fix_report::{FixOutcome, FixReport};
use crate::rules::Expectations;
use crate::units::RatioWindow;
use crate::{Asset, UntrustedText};

/// Write copies of files that the API accepts, with the least changes that its rules require
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Fix {
    /// Local files, or addresses of image services (imgix, Cloudinary, Shopify, Wix, Supabase, Contentful, Cloudflare
    /// Images, Vercel), which are rewritten
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,
    /// Write the result to FILE; otherwise photo.png becomes photo.fixed.png next to it
    #[arg(short, long, value_name = "FILE", conflicts_with = "output_dir", value_parser = OsStringValueParser::new().try_map(output_file))]
    output: Option<PathBuf>,
    /// Write the results into DIR, under the names of the files
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// Where the shape is outside the window, cut it: keep the center, top, bottom, left or right
    #[arg(long, value_name = "GRAVITY", num_args = 0..=1, require_equals = true, default_missing_value = "center", value_parser = gravity, conflicts_with = "pad")]
    crop: Option<Gravity>,
    /// Where the shape is outside the window, add an area: a color such as ffffff, black, white, or blur
    #[arg(long, value_name = "COLOR", num_args = 0..=1, require_equals = true, default_missing_value = "black", value_parser = fill)]
    pad: Option<Fill>,
    /// The format of the results: jpeg, png, webp, mp4, mov, mp3 or wav
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    to: Option<FixFormat>,
    /// The best quality of JPEG; it is lowered where the result has too many bytes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: Option<u8>,
    /// Keep only this part of a video or audio file, in seconds
    #[arg(long, value_name = "START:END", value_parser = trim)]
    trim: Option<Trim>,
    /// The ffmpeg program, for video and audio
    #[arg(long, value_name = "PROGRAM", default_value = "ffmpeg")]
    ffmpeg: OsString,
    /// Write nothing; say what would be done, for video and audio as a command
    #[arg(long)]
    dry_run: bool,
    /// Replace results that exist
    #[arg(long)]
    force: bool,
    /// The form of what is said: lines, or one JSON object a file
    #[arg(short, long, default_value = "text", value_name = "FORMAT", value_parser = choice(&FixFormatOut::ALL, FixFormatOut::name))]
    format: FixFormatOut,
    /// Fetch no address
    #[arg(long)]
    offline: bool,
    /// Maximum files fixed concurrently [default: one per core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,
    /// Accepted aspect ratios (width / height), both ends included
    #[arg(long, value_name = "MIN:MAX", value_parser = ratio, help_heading = "Expectations")]
    ratio: Option<RatioWindow>,
    /// How the file is sent; otherwise it has to fit the transport that takes most bytes
    #[arg(long = "as", value_name = "TRANSPORT", value_parser = transports(), help_heading = "Expectations")]
    transport: Option<Transport>,
    #[command(flatten)]
    expected: ExpectationArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    network: NetworkArgs,
}

const EXAMPLES: &str = "\
Examples:
  Make a picture fit a model, and cut what is too wide
    runway-preflight fix --model gen4_turbo --crop panorama.png -o panorama.jpg
  Add blurred bars instead
    runway-preflight fix --model gen4_turbo --pad=blur portrait.jpg
  Small enough for a data URI
    runway-preflight fix --as data-uri photo.jpg
  A Matroska file, cut to its first thirty seconds; ffmpeg must be installed
    runway-preflight fix --model aleph2 --trim 0:30 clip.mkv -o clip.mp4
  Many pictures
    runway-preflight fix --output-dir fixed/ *.gif *.bmp
  The address of an image service
    runway-preflight fix --model gen4_turbo --crop 'https://acme.imgix.net/photo.jpg'

The input is never changed. The result is checked by the same rules before it gets its name.

Exit codes: 0 accepted or fixed, 1 it cannot be fixed as asked or is still rejected, 2 bad usage, an unreadable file or
no ffmpeg, 4 not written.";

impl Fix {
    /// Runs the subcommand.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        if self.output.is_some() && self.files.len() > 1 {
            bail!("--output names one file: give --output-dir for several");
        }
        self.inputs_exist()?;
        if let Some(folder) = self.output_dir.as_ref().filter(|_| !self.dry_run) {
            let shown = UntrustedText::from(folder.to_string_lossy().as_ref());
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", shown.escaped()))?;
        }
        let sources = self.rules.open()?;
        sources.check_names(&mut self.expected)?;
        run::note_deviations(&self.network);
        let info = RunInfo { matches_api: self.network.deviating_flags().is_empty(), ..sources.info() };
        let fixer = Fixer::new(run::probe(&self.network)?, sources.assets(), self.options());
        // ffmpeg and its pipes need the I/O driver.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("the runtime cannot be created on this machine")?;
        let stop = Stop::listen();
        let written = runtime.block_on(async {
            let reports = stream::iter(&self.files).map(|file| fixer.fix(file.as_encoded_bytes(), show_progress));
            let reports = reports.buffered(self.parallel());
            self.write(reports.take_until(stop.wait()), &info).await
        });
        // A decoder that is still at work must not hold up the end.
        runtime.shutdown_background();
        match written {
            Ok(exit) => Ok(stop.exit().unwrap_or(exit)),
            Err(error) => Ok(output_failed(&error)),
        }
    }

    /// Writes each report as soon as it is known, and returns the worst end.
    async fn write(&self, reports: impl stream::Stream<Item = FixReport>, info: &RunInfo) -> io::Result<Exit> {
        let style = Style { is_single: true, ..Style::plain() };
        let mut out = BufWriter::new(io::stdout().lock());
        let mut reports = std::pin::pin!(reports);
        let mut worst = Exit::Accepted;
        while let Some(report) = reports.next().await {
            clear_progress();
            match self.format {
                FixFormatOut::Text => text(&mut out, &report, style)?,
                FixFormatOut::Json => json(&mut out, &report, info)?,
            }
            out.flush()?;
            let exit = exit_of(report.outcome);
            if rank(exit) > rank(worst) {
                worst = exit;
            }
        }
        Ok(worst)
    }

    /// Refuses local files that cannot be opened, before any is fixed.
    fn inputs_exist(&self) -> anyhow::Result<()> {
        for file in &self.files {
            let asset = Asset::new(file.as_encoded_bytes());
            if let Target::File(path) = Target::parse(&asset) {
                let shown = UntrustedText::new(file.as_encoded_bytes());
                let metadata = path.metadata().with_context(|| format!("{} cannot be read", shown.escaped()))?;
                if !metadata.is_file() {
                    bail!("{} is not a file", shown.escaped());
                }
            }
        }
        Ok(())
    }

    /// Returns how many files are fixed in parallel: one a core, because decoding keeps a core busy.
    fn parallel(&self) -> usize {
        let cores = available_parallelism().map_or(1, NonZero::get);
        self.jobs.map_or(cores, usize::from)
    }

    fn options(&self) -> FixOptions {
        let expectations = Expectations {
            ratio: self.ratio,
            transport: self.transport,
            allow_private: self.network.allow_private,
            ..self.expected.expectations()
        };
        let place = match (&self.output, &self.output_dir) {
            (Some(file), _) => OutputPlace::File(file.clone()),
            (None, Some(folder)) => OutputPlace::Folder(folder.clone()),
            (None, None) => OutputPlace::NextToInput,
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
        }
    }
}

/// Shows how much of a clip is written, where somebody watches. One ffmpeg runs at a time, so that one line is enough.
fn show_progress(written: Duration, whole: Option<Duration>) {
    if !io::stderr().is_terminal() {
        return;
    }
    let done = match whole.filter(|whole| !whole.is_zero()) {
        Some(whole) => format!("{:3.0} %", (written.as_secs_f64() / whole.as_secs_f64() * 100.0).min(100.0)),
        None => format!("{} s", written.as_secs()),
    };
    // Where nobody listens, nothing is lost.
    let _ = write!(io::stderr(), "\rffmpeg: {done} written");
}

/// Removes the line of [`show_progress`].
fn clear_progress() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// Orders the ends of several files: what was rejected comes before what is undecided.
const fn rank(exit: Exit) -> u8 {
    // The codes are in order but for 3, which stands for undecided.
    if matches!(exit, Exit::Undecided) { 1 } else { exit.code() * 2 }
}

const fn exit_of(outcome: FixOutcome) -> Exit {
    match outcome {
        FixOutcome::AlreadyAccepted | FixOutcome::Fixed | FixOutcome::Planned => Exit::Accepted,
        FixOutcome::Undecided => Exit::Undecided,
        FixOutcome::Refused | FixOutcome::StillRejected => Exit::Rejected,
        FixOutcome::NeedsProgram | FixOutcome::Unreadable => Exit::Usage,
        FixOutcome::NotWritten => Exit::OutputFailed,
    }
}

fn gravity(text: &str) -> Result<Gravity, &'static str> {
    Gravity::parse(text).ok_or("write center, top, bottom, left or right")
}

fn fill(text: &str) -> Result<Fill, &'static str> {
    Fill::parse(text).ok_or("write six hexadecimal digits, black, white or blur")
}

fn format(text: &str) -> Result<FixFormat, String> {
    let names = FixFormat::ALL.map(FixFormat::name);
    let found = FixFormat::ALL.into_iter().find(|format| format.name() == text);
    found.ok_or_else(|| format!("write one of {}", names.join(", ")))
}

fn trim(text: &str) -> Result<Trim, &'static str> {
    Trim::parse(text).ok_or("write two times in seconds, the second after the first, as in 0:30 or 1.5:12.25")
}
