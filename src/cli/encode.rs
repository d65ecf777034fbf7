//! `encode`: writes the data URI of a file, or says why the API would refuse it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read, Write};
use std::path::PathBuf;

use crate::{
    Asset, Engine, Expectations, LiveProbe, NetworkOptions, Options, Output, OutputFormat, Report, RunInfo, Severity,
    Style, Target, Transport, UntrustedText, Verbosity, Verdict, data_uri, rules,
};
use anyhow::{Context as _, bail};
use clap::Args;

use super::purpose::Purpose;
use super::rule_sources::{Rulebook, RulesFrom};
use super::{Exit, run, unwritten};

/// Write the data URI of a file to standard output, or refuse where the API would
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Encode {
    /// The file; its bytes decide on the content type, whatever its name says
    #[arg(value_name = "FILE")]
    file: OsString,
    #[command(flatten)]
    purpose: Purpose,
    #[command(flatten)]
    rules: RulesFrom,
}

const EXAMPLES: &str = "\
Examples:
  Put a picture into a request body
    runway-preflight encode photo.jpg | jq -R --slurp '{promptImage: .}' > body.json
  Only where a model takes its shape
    runway-preflight encode --model gen4_turbo photo.jpg > photo.uri
  See what the API would say about the result
    runway-preflight encode photo.jpg | runway-preflight check -

The URI ends without a line end, except on a terminal.

Exit codes: 0 written, 1 refused as the API would, 2 bad usage or a file that cannot be read, 4 not written.";

impl Encode {
    /// Runs the verb.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let book = self.rules.open()?;
        run::say_strangers(&book, self.purpose.model.as_deref(), self.purpose.endpoint.as_deref());
        let (asset, path) = self.asset()?;
        let shown = UntrustedText::new(self.file.as_encoded_bytes());
        let report = self.judge(&book, asset)?;
        if let Some(why) = &report.observed.unreadable {
            bail!("{} cannot be encoded: {why}", shown.escaped());
        }
        if report.findings.iter().any(|finding| finding.severity < Severity::Note) {
            complain(&report, &book);
        }
        if report.verdict == Verdict::Rejected {
            return Ok(Exit::Rejected);
        }
        let (Some(content_type), Some(size)) =
            (rules::accepted_type(book.assets(), &report.observed), report.observed.size)
        else {
            bail!("{} cannot be encoded: its bytes are of no type that the API takes", shown.escaped());
        };
        let file = File::open(&path).with_context(|| format!("{} cannot be read", shown.escaped()))?;
        match write(file, content_type, size, BufWriter::new(io::stdout().lock())) {
            Ok(()) => Ok(Exit::Accepted),
            Err(Trouble::Output(error)) => Ok(unwritten(&error)),
            Err(Trouble::Input(error)) => {
                Err(error).with_context(|| format!("{} could not be read to its end", shown.escaped()))
            }
        }
    }

    /// Returns the file as an asset, and where it is.
    fn asset(&self) -> anyhow::Result<(Asset, PathBuf)> {
        let mut asset = Asset::new(self.file.as_encoded_bytes());
        let Target::File(path) = Target::parse(&asset) else {
            let shown = asset.redacted(crate::QueryRedaction::Redact);
            bail!("{} is no local file (write ./ before a name with a colon in it)", shown.escaped());
        };
        asset.field.clone_from(&self.purpose.field);
        Ok((asset, path))
    }

    fn judge(&self, book: &Rulebook, asset: Asset) -> anyhow::Result<Report> {
        let wanted = Expectations { transport: Some(Transport::DataUri), ..self.purpose.wanted() };
        let senses = LiveProbe::new(NetworkOptions::default()).context("this machine cannot be looked at")?;
        let engine = Engine::new(senses, book.assets(), Options { wanted, offline: true, ..Options::default() });
        let runtime = tokio::runtime::Builder::new_current_thread().build().context("the file cannot be waited for")?;
        Ok(runtime.block_on(engine.check(asset)))
    }
}

/// Says on standard error what the API would say, as `check` does.
fn complain(report: &Report, book: &Rulebook) {
    let style = Style { width: None, colour: false, links: false, detail: Verbosity::Normal };
    let run = RunInfo { matches_api: true, ..book.run() };
    let mut output = Output::new(io::stderr().lock(), OutputFormat::Text, style, false, run);
    // Where nobody listens on standard error, the exit code still tells.
    let _ = output.report(report);
}

/// Why a file was not written in full.
enum Trouble {
    Input(io::Error),
    Output(io::Error),
}

/// How much of the file is held at once, in bytes: a multiple of three, so that the encoded pieces join.
const PIECE: u64 = 48 << 10;

/// Writes the data URI piece by piece.
fn write(mut file: impl Read, content_type: &str, size: u64, mut out: impl Write) -> Result<(), Trouble> {
    out.write_all(data_uri::head(content_type).as_bytes()).map_err(Trouble::Output)?;
    let mut left = size;
    let mut piece = Vec::new();
    while left > 0 {
        piece.clear();
        let length = file.by_ref().take(left.min(PIECE)).read_to_end(&mut piece).map_err(Trouble::Input)? as u64;
        if length < left.min(PIECE) {
            let changed = io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter meanwhile");
            return Err(Trouble::Input(changed));
        }
        left = left.saturating_sub(length);
        out.write_all(data_uri::encode(&piece).as_bytes()).map_err(Trouble::Output)?;
    }
    if io::stdout().is_terminal() {
        out.write_all(b"\n").map_err(Trouble::Output)?;
    }
    out.flush().map_err(Trouble::Output)
}
