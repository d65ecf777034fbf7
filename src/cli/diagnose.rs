//! `diagnose`: compares one URL across clients, to find out which are refused and where the time goes.

use std::ffi::OsString;
use std::io::{self, Write as _};

use crate::asset::Target;
use crate::output::{RunInfo, Style};
use crate::report::diagnosis::{ClientResult, Diagnosis};
use crate::rules::Expectations;
use crate::text::secret::{QueryRedaction, redact_url};
use crate::{Asset, CheckOptions, Verdict, diagnose, output};
use anyhow::bail;
use clap::Args;

use super::args::{ColorChoice, ExpectationArgs, InfoFormat, NetworkArgs};
use super::rule_sources::RulesArgs;
use super::settings::{ConfigArgs, ExplicitArgs, Overridable};
use super::{Exit, output_failed, run, terminal};

/// Diagnose one URL: compare HEAD and GET across User-Agents; show addresses, certificates and timings
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Diagnose {
    #[command(flatten)]
    explicit: ExplicitArgs,
    /// The URL; requested as the API does, then as curl and a browser do
    #[arg(value_name = "URL")]
    url: OsString,
    #[command(flatten)]
    expected: ExpectationArgs,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    format: DiagnosisFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

/// What is written, and how.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
struct DiagnosisFormat {
    /// Output format
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: InfoFormat,
    /// Whether to use color
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN", hide_short_help = true)]
    color: ColorChoice,
    /// Show query values, which may be secrets; refused in CI
    #[arg(long)]
    show_query: bool,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight diagnose https://cdn.example.com/photo.png
  runway-preflight diagnose --format json https://cdn.example.com/photo.png | jq .timing";

const EXAMPLES: &str = "\
Examples:
  The API says 403, but the URL works in a browser
    runway-preflight diagnose https://cdn.example.com/photo.png
  It works here, but the API times out: where does the time go?
    runway-preflight diagnose https://slow.example.com/clip.mp4
  Print JSON for scripts
    runway-preflight diagnose --format json https://cdn.example.com/photo.png | jq .timing

A URL that the API would not request is not requested here either.

Exit codes, for the API's own requests: 0 accepted, 1 rejected, 2 usage error, 3 undecided, 4 output could not be written.";

impl Diagnose {
    /// Runs the subcommand.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        let ExpectationArgs { model, endpoint, .. } = &mut self.expected;
        let values = Overridable { model: Some(model), endpoint, jobs: None, format: None };
        let resolved = self.config.resolve(&self.explicit, values)?;
        let queries = run::query_redaction(self.format.show_query)?;
        let probe = run::probe(&self.network)?;
        run::note_deviations(&self.network);
        let rules = self.rules.open()?;
        rules.check_names(&mut self.expected, &resolved)?;
        let info = run::describe(rules.info(), &self.network, &resolved);
        let asset = self.asset()?;
        let expectations = Expectations { allow_private: self.network.allow_private, ..self.expected.expectations() };
        let (timeout, ignored) = (self.network.timeout, resolved.ignored);
        let options = CheckOptions { expectations, timeout, ignored, queries, ..CheckOptions::default() };
        let runtime = run::runtime()?;
        let flags = curl_flags(&self.network);
        let mut rows = self.rows();
        let diagnosis = diagnose::diagnose(&probe, rules.assets(), options, asset, &flags, |client| rows.add(client));
        let diagnosis = runtime.block_on(diagnosis);
        if let Some(error) = rows.failed {
            return Ok(output_failed(&error));
        }
        // A DNS query that does not return must not delay the exit.
        runtime.shutdown_background();
        if let Err(error) = self.write(&diagnosis, &info) {
            return Ok(output_failed(&error));
        }
        Ok(match diagnosis.report.verdict {
            Verdict::Accepted => Exit::Success,
            Verdict::Rejected => Exit::Failure,
            Verdict::Undecided => Exit::Undecided,
        })
    }

    /// Returns the URL as an asset.
    fn asset(&self) -> anyhow::Result<Asset> {
        let mut asset = Asset::new(self.url.as_encoded_bytes());
        asset.field.clone_from(&self.expected.field);
        match Target::parse(&asset) {
            Target::Url(_) | Target::InvalidUrl(_) => Ok(asset),
            Target::DataUri | Target::Runway | Target::File(_) => {
                let shown = asset.redacted(QueryRedaction::Redact);
                bail!("{} is not a URL; use `check` for files, data URIs and uploads", shown.escaped())
            }
        }
    }

    /// Prepares to write what each client got as soon as that is known.
    fn rows(&self) -> Rows {
        Rows { style: (self.format.format == InfoFormat::Text).then(|| self.style()), failed: None }
    }

    fn style(&self) -> Style {
        let choice = self.format.color;
        Style {
            width: terminal::width(false),
            color: terminal::color(choice, false),
            links: terminal::links(choice, false),
            is_single: true,
            ..Style::plain()
        }
    }

    fn write(&self, diagnosis: &Diagnosis, info: &RunInfo) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match self.format.format {
            InfoFormat::Text => output::diagnosis_text(diagnosis, self.style(), &mut stdout)?,
            InfoFormat::Json => output::diagnosis_json(diagnosis, info, &mut stdout)?,
        }
        stdout.flush()
    }
}

/// The rows of the clients, written until that fails.
struct Rows {
    /// How they look; `None` where they are part of a document.
    style: Option<Style>,
    failed: Option<io::Error>,
}

impl Rows {
    fn add(&mut self, client: &ClientResult) {
        if let (Some(style), None) = (self.style, &self.failed) {
            let mut stdout = io::stdout().lock();
            self.failed = output::diagnosis_row(client, style, &mut stdout).and_then(|()| stdout.flush()).err();
        }
    }
}

/// Returns the flags that curl needs to reach the same server.
fn curl_flags(network: &NetworkArgs) -> Vec<String> {
    let NetworkArgs { cacert, resolve, proxy, .. } = network;
    let cacert = cacert.iter().map(|path| ["--cacert".to_owned(), path.display().to_string()]);
    let resolve = resolve.iter().map(|one| ["--resolve".to_owned(), one.to_string()]);
    // The user has to add the redacted user name and password.
    let proxy = proxy.iter().map(|url| ["--proxy".to_owned(), redact_url(url.expose(), QueryRedaction::Redact)]);
    cacert.chain(resolve).chain(proxy).flatten().collect()
}
