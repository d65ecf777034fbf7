//! `encode`: writes a file as a data URI, or explains why the API would reject it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read, Write};
use std::path::PathBuf;

use crate::asset::Target;
use crate::finding::Transport;
use crate::output::{RunInfo, Style};
use crate::rules::Expectations;
use crate::{
    Asset, CheckOptions, Engine, LiveProbe, NetworkOptions, Output, OutputFormat, Report, Severity, UntrustedText,
    Verdict, data_uri, rules,
};
use anyhow::{Context as _, bail};
use clap::Args;

use super::args::ExpectationArgs;
use super::rule_sources::{RuleSources, RulesArgs};
use super::settings::Resolved;
use super::{Exit, output_failed};

/// Write a file as a data URI to standard output, unless the API would reject it
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Encode {
    /// File to encode; its content type is detected from its bytes, not from its name
    #[arg(value_name = "FILE")]
    file: OsString,
    #[command(flatten)]
    expected: ExpectationArgs,
    #[command(flatten)]
    rules: RulesArgs,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight encode photo.jpg > photo.uri
  runway-preflight encode --model gen4_turbo photo.jpg > photo.uri";

const EXAMPLES: &str = "\
Examples:
  Put an image into a request body
    runway-preflight encode photo.jpg | jq -R --slurp '{promptImage: .}' > body.json
  Encode only if a model accepts the aspect ratio
    runway-preflight encode --model gen4_turbo photo.jpg > photo.uri
  Check the result
    runway-preflight encode photo.jpg | runway-preflight check -

The output does not end with a newline, except on a terminal.

Exit codes: 0 written, 1 rejected, 2 usage error or unreadable file, 4 output could not be written.";

impl Encode {
    /// Runs the subcommand.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        let sources = self.rules.open()?;
        sources.check_names(&mut self.expected, &Resolved::default())?;
        let (asset, path) = self.asset()?;
        let shown = UntrustedText::new(self.file.as_encoded_bytes());
        let report = self.check(&sources, asset)?;
        if let Some(why) = &report.observed.unreadable {
            bail!("{} cannot be encoded: {why}", shown.escaped());
        }
        if report.findings.iter().any(|finding| finding.severity < Severity::Note) {
            write_findings(&report, &sources);
        }
        if report.verdict == Verdict::Rejected {
            return Ok(Exit::Failure);
        }
        let (Some(content_type), Some(size)) =
            (rules::accepted_type(sources.assets(), &report.observed), report.observed.size)
        else {
            bail!("{} cannot be encoded: its bytes are not of a type that the API accepts", shown.escaped());
        };
        let file = File::open(&path).with_context(|| format!("{} cannot be read", shown.escaped()))?;
        match write(file, content_type, size, BufWriter::new(io::stdout().lock())) {
            Ok(()) => Ok(Exit::Success),
            Err(EncodeError::Output(error)) => Ok(output_failed(&error)),
            Err(EncodeError::Input(error)) => {
                Err(error).with_context(|| format!("{} could not be read to the end", shown.escaped()))
            }
        }
    }

    /// Returns the file as an asset, and its path.
    fn asset(&self) -> anyhow::Result<(Asset, PathBuf)> {
        let mut asset = Asset::new(self.file.as_encoded_bytes());
        let Target::File(path) = Target::parse(&asset) else {
            let shown = asset.redacted(crate::text::secret::QueryRedaction::Redact);
            bail!("{} is not a local file (write ./ before a name that contains a colon)", shown.escaped());
        };
        asset.field.clone_from(&self.expected.field);
        Ok((asset, path))
    }

    fn check(&self, sources: &RuleSources, asset: Asset) -> anyhow::Result<Report> {
        let expectations = Expectations { transport: Some(Transport::DataUri), ..self.expected.expectations() };
        let probe = LiveProbe::new(NetworkOptions::default()).context("the probe cannot be started")?;
        let engine = Engine::new(
            probe,
            sources.assets(),
            CheckOptions { expectations, offline: true, ..CheckOptions::default() },
        );
        let runtime =
            tokio::runtime::Builder::new_current_thread().build().context("the event loop cannot be started")?;
        Ok(runtime.block_on(engine.check(asset)))
    }
}

/// Writes the findings to standard error, as `check` does.
fn write_findings(report: &Report, sources: &RuleSources) {
    let info = RunInfo { matches_api: true, ..sources.info() };
    let mut output = Output::new(io::stderr().lock(), OutputFormat::Text, Style::plain(), false, info);
    // If standard error is closed, the exit code still reports the verdict.
    let _ = output.report(report);
}

/// Why a file was not written in full.
enum EncodeError {
    Input(io::Error),
    Output(io::Error),
}

/// How much of the file is held in memory, in bytes: a multiple of three, so that the encoded pieces concatenate.
const PIECE: u64 = 48 << 10;

/// Writes the data URI piece by piece.
fn write(mut file: impl Read, content_type: &str, size: u64, mut out: impl Write) -> Result<(), EncodeError> {
    out.write_all(data_uri::head(content_type).as_bytes()).map_err(EncodeError::Output)?;
    let mut left = size;
    let mut piece = Vec::new();
    while left > 0 {
        piece.clear();
        let length = file.by_ref().take(left.min(PIECE)).read_to_end(&mut piece).map_err(EncodeError::Input)? as u64;
        if length < left.min(PIECE) {
            let changed = io::Error::new(io::ErrorKind::UnexpectedEof, "the file was truncated while it was read");
            return Err(EncodeError::Input(changed));
        }
        left = left.saturating_sub(length);
        out.write_all(data_uri::encode(&piece).as_bytes()).map_err(EncodeError::Output)?;
    }
    if io::stdout().is_terminal() {
        out.write_all(b"\n").map_err(EncodeError::Output)?;
    }
    out.flush().map_err(EncodeError::Output)
}
