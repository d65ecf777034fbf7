//! `diagnose`: one URL from every side, to find out who is refused, where the time goes, and what is shown.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use crate::special_ip::parse_network;
use crate::text::secret::{Secret, redact_url};
use crate::{
    Asset, Diagnosis, Expectations, Options, QueryRedaction, ResolveOverride, RunInfo, Style, Target, Verbosity,
    Verdict, diagnose, output,
};
use anyhow::bail;
use clap::Args;
use ipnet::IpNet;

use super::args::{ColorChoice, DepthName, Network, SheetName, secret, timeout};
use super::purpose::Purpose;
use super::rule_sources::RulesFrom;
use super::settings::{ConfigFrom, Given, Settled, Values};
use super::{Exit, run, terminal, unwritten};

/// Look at one URL from every side: HEAD and GET for several User-Agents, addresses, certificates, times
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Diagnose {
    #[command(flatten)]
    given: Given,
    /// The URL; it is asked as the API would, then as curl and as a browser
    #[arg(value_name = "URL")]
    url: OsString,
    #[command(flatten)]
    purpose: Purpose,
    #[command(flatten)]
    rules: RulesFrom,
    #[command(flatten)]
    reach: ReachFlags,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    config: ConfigFrom,
}

/// How the host is reached.
#[derive(Args, Debug)]
#[command(next_help_heading = "Network")]
struct ReachFlags {
    /// Time for each client's download
    #[arg(long, default_value = "10s", value_name = "TIME", value_parser = timeout)]
    timeout: Duration,
    /// Go through the proxy at URL (http:// or https://), which resolves the names itself
    #[arg(long, value_name = "URL", value_parser = secret, conflicts_with = "resolve")]
    proxy: Option<Secret<String>>,
    /// Trust the certificates in FILE (PEM) as well, for private test servers
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Use ADDR for HOST on PORT instead of asking for it; may be repeated
    #[arg(long, value_name = "HOST:PORT:ADDR", value_parser = resolve)]
    resolve: Vec<(String, ResolveOverride)>,
    /// Dial private and loopback addresses, and hosts that are no public names
    #[arg(long)]
    allow_private: bool,
    /// Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated
    #[arg(long, value_name = "NET", conflicts_with = "proxy", value_parser = parse_network)]
    allow_net: Vec<IpNet>,
}

/// What is written, and how.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
struct Form {
    /// The form of the diagnosis
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: SheetName,
    /// Whether to use colour
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: ColorChoice,
    /// Show the values of the URL's query, which may be secrets; refused where CI is set
    #[arg(long)]
    show_query: bool,
}

const EXAMPLES: &str = "\
Examples:
  The API says 403, but the URL works in a browser
    runway-preflight diagnose https://cdn.example.com/photo.png
  It works here, but the API times out: where does the time go?
    runway-preflight diagnose https://slow.example.com/clip.mp4
  For a program
    runway-preflight diagnose --format json https://cdn.example.com/photo.png | jq .timing

A refused address is judged and not dialled.

Exit codes: those of check for the API's own requests: 0 accepted, 1 rejected, 2 bad usage, 3 undecided, 4 not written.";

impl Diagnose {
    /// Runs the verb.
    pub(crate) fn run(mut self) -> anyhow::Result<Exit> {
        let Purpose { model, endpoint, .. } = &mut self.purpose;
        let values = Values { model: Some(model), endpoint, jobs: None, format: None };
        let Settled { ignored, config } = self.config.settle(&self.given, values)?;
        let asset = self.asset()?;
        let queries = run::shown_queries(self.form.show_query)?;
        let network = self.reach.network();
        let senses = run::senses(&network)?;
        run::say_unfaithful(&network);
        let book = self.rules.open()?;
        run::say_strangers(&book, self.purpose.model.as_deref(), self.purpose.endpoint.as_deref());
        let run = RunInfo { config, matches_api: network.unfaithful().is_empty(), ..book.run() };
        let wanted = Expectations { allow_private: self.reach.allow_private, ..self.purpose.wanted() };
        let options = Options { wanted, timeout: network.timeout, queries, ignored, ..Options::default() };
        let runtime = run::runtime()?;
        let flags = self.reach.flags();
        let diagnosis = runtime.block_on(diagnose::diagnose(&senses, book.assets(), options, asset, &flags));
        // A look-up of a name that does not come back must not hold up the end.
        runtime.shutdown_background();
        if let Err(error) = self.write(&diagnosis, &run) {
            return Ok(unwritten(&error));
        }
        Ok(match diagnosis.report.verdict {
            Verdict::Accepted => Exit::Accepted,
            Verdict::Rejected => Exit::Rejected,
            Verdict::Undecided => Exit::Undecided,
        })
    }

    /// Returns the URL as an asset.
    fn asset(&self) -> anyhow::Result<Asset> {
        let mut asset = Asset::new(self.url.as_encoded_bytes());
        asset.field.clone_from(&self.purpose.field);
        match Target::parse(&asset) {
            Target::Url(_) | Target::InvalidUrl(_) => Ok(asset),
            Target::DataUri | Target::Runway | Target::File(_) => {
                let shown = asset.redacted(QueryRedaction::Redact);
                bail!("{} is no URL to be dialled; `check` judges files, data URIs and uploads", shown.escaped())
            }
        }
    }

    fn write(&self, diagnosis: &Diagnosis, run: &RunInfo) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match self.form.format {
            SheetName::Text => {
                let choice = self.form.color;
                let style = Style {
                    width: terminal::width(false),
                    colour: terminal::colour(choice, false),
                    links: terminal::links(choice, false),
                    detail: Verbosity::Normal,
                };
                output::diagnosis_text(diagnosis, style, &mut stdout)?;
            }
            SheetName::Json => output::diagnosis_json(diagnosis, run, &mut stdout)?,
        }
        stdout.flush()
    }
}

impl ReachFlags {
    /// Returns the network as `check` would use it for one asset.
    fn network(&self) -> Network {
        let Self { timeout, proxy, cacert, resolve, allow_private, allow_net } = self;
        Network {
            depth: DepthName::Full,
            timeout: *timeout,
            jobs: 1,
            per_host: 1,
            retries: 0,
            offline: false,
            proxy: proxy.clone(),
            cacert: cacert.clone(),
            resolve: resolve.iter().map(|(_, given)| given.clone()).collect(),
            allow_private: *allow_private,
            allow_net: allow_net.clone(),
        }
    }

    /// Returns the flags that curl needs to reach the same server.
    fn flags(&self) -> Vec<String> {
        let cacert = self.cacert.iter().map(|path| ["--cacert".to_owned(), path.display().to_string()]);
        let resolve = self.resolve.iter().map(|(text, _)| ["--resolve".to_owned(), text.clone()]);
        // Whoever gives a user and a password writes them in again.
        let proxy =
            self.proxy.iter().map(|url| ["--proxy".to_owned(), redact_url(url.expose(), QueryRedaction::Redact)]);
        cacert.chain(resolve).chain(proxy).flatten().collect()
    }
}

/// Reads an override and keeps its text, which curl takes as well.
fn resolve(text: &str) -> Result<(String, ResolveOverride), &'static str> {
    text.parse().map(|given| (text.to_owned(), given))
}
