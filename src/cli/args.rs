//! Flags that several subcommands share, in the groups of the help.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::asset::path as local_path;
use crate::engine::{Counters, RUNWAY_TIMEOUT};
use crate::fetch::{Depth, ResolveOverride};
use crate::finding::Transport;
use crate::output::{Only, Verbosity};
use crate::rules::Expectations;
use crate::special_ip::parse_network;
use crate::text::secret::Secret;
use crate::units::{AspectRatioRange, parse_duration};
use crate::{Kind, OutputFormat, Verdict};
use clap::builder::{OsStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum};

use ipnet::IpNet;
use strum::VariantNames;

use super::Exit;
use super::rule_sources::RulesArgs;
use super::settings::ConfigArgs;

/// Flags that describe what an asset is for.
#[derive(Args, Debug)]
#[command(next_help_heading = "Expectations")]
pub(crate) struct ExpectationArgs {
    /// Expected kind of asset
    #[arg(
        long_help = "Expected kind of asset [default: inferred from field, model, Content-Type and bytes]",
        long, value_name = "KIND", value_parser = kinds()
    )]
    pub(crate) kind: Option<Kind>,
    /// Apply this model's limits
    #[arg(
        long_help = "Apply this model's limits (`runway-preflight rules` lists the models)",
        long, value_name = "NAME", value_parser = name
    )]
    pub(crate) model: Option<String>,
    /// Apply this endpoint's limits, such as `image_to_video`
    #[arg(
        long_help = "Apply this endpoint's limits; a path below /v1/, such as `image_to_video`",
        long, value_name = "PATH", value_parser = endpoint
    )]
    pub(crate) endpoint: Option<String>,
    /// Request field, such as promptImage
    #[arg(
        long_help = "Request field that the asset is for; printed before each message, as in the API's response",
        long, value_name = "FIELD", value_parser = name
    )]
    pub(crate) field: Option<String>,
}

impl ExpectationArgs {
    /// Returns the expectations, without the field, which is a property of the asset itself.
    pub(crate) fn expectations(&self) -> Expectations {
        let Self { kind, model, endpoint, field: _ } = self;
        Expectations { kind: *kind, model: model.clone(), endpoint: endpoint.clone(), ..Expectations::default() }
    }

    /// Returns the flags that were given, as `--flag value`.
    pub(crate) fn flags(&self) -> Vec<String> {
        let Self { kind, model, endpoint, field } = self;
        let flags = [
            ("--kind", kind.map(|kind| kind.name().to_owned())),
            ("--model", model.clone()),
            ("--endpoint", endpoint.clone()),
            ("--field", field.clone()),
        ];
        flags.into_iter().filter_map(|(flag, value)| Some(format!("{flag} {}", value?))).collect()
    }
}

/// Flags for connecting to hosts.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// Time limit for downloading each asset
    #[arg(long, default_value = "10s", value_name = "TIME", value_parser = timeout, hide_short_help = true)]
    pub(crate) timeout: Duration,
    /// Use this proxy (http:// or https://); it resolves the host names
    #[arg(long, value_name = "URL", value_parser = secret, conflicts_with = "resolve", hide_short_help = true)]
    pub(crate) proxy: Option<Secret<String>>,
    /// Also trust the certificates in FILE (PEM), for private test servers
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) cacert: Option<PathBuf>,
    /// Connect to ADDR for HOST and PORT instead of resolving the name; repeatable
    #[arg(long, value_name = "HOST:PORT:ADDR", hide_short_help = true)]
    pub(crate) resolve: Vec<ResolveOverride>,
    /// Allow private and loopback addresses and non-public host names
    #[arg(long, hide_short_help = true)]
    pub(crate) allow_private: bool,
    /// Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable
    #[arg(long, value_name = "NET", conflicts_with = "proxy", hide_short_help = true, value_parser = parse_network)]
    pub(crate) allow_net: Vec<IpNet>,
}

impl NetworkArgs {
    /// Returns the flags that differ from their defaults, with values. A proxy's is omitted: it may hold a password.
    pub(crate) fn flags(&self) -> Vec<(&'static str, String)> {
        let Self { timeout, proxy, cacert, resolve, allow_private, allow_net } = self;
        let mut flags = Vec::new();
        if *timeout != RUNWAY_TIMEOUT {
            flags.push(("--timeout", format!("{timeout:?}")));
        }
        flags.extend(proxy.as_ref().map(|_| ("--proxy", String::new())));
        flags.extend(cacert.as_ref().map(|path| ("--cacert", path.display().to_string())));
        flags.extend(resolve.iter().map(|one| ("--resolve", one.to_string())));
        flags.extend(allow_private.then(|| ("--allow-private", String::new())));
        flags.extend(allow_net.iter().map(|net| ("--allow-net", net.to_string())));
        flags
    }

    /// Returns the flags that make a run's observations differ from the API's.
    pub(crate) fn deviating_flags(&self) -> Vec<&'static str> {
        let mut names: Vec<_> =
            self.flags().into_iter().map(|(name, _)| name).filter(|name| *name != "--proxy").collect();
        names.dedup();
        names
    }
}

/// The range of `--jobs` and `--per-host`.
pub(crate) const JOBS: RangeInclusive<u16> = 1..=4096;

/// Flags for what to fetch, and how many assets concurrently.
#[derive(Args, Debug)]
#[command(next_help_heading = "Network")]
pub(crate) struct FetchArgs {
    /// How much of each URL to fetch: HEAD only, enough bytes for the media header, or the full body as the API does
    #[arg(long, default_value = "full", value_name = "DEPTH", value_parser = choice::<Depth>(), hide_short_help = true)]
    pub(crate) depth: Depth,
    /// Run only checks that need no network access
    #[arg(long)]
    pub(crate) offline: bool,
    /// Maximum assets checked concurrently
    #[arg(short, long, default_value_t = 16, value_name = "N", value_parser = within(JOBS))]
    pub(crate) jobs: u16,
    /// Maximum assets checked concurrently per host
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = within(JOBS), hide_short_help = true)]
    pub(crate) per_host: u16,
    /// Retry up to N times on connection failure, timeout or a 5xx status
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = within(0..=10_u8), hide_short_help = true)]
    pub(crate) retries: u8,
}

/// Flags for the output: format, destination and verbosity.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Output format
    #[arg(short, long, default_value = "text", value_name = "FORMAT", value_parser = formats())]
    pub(crate) format: OutputFormat,
    /// Write results to FILE
    #[arg(
        long_help = "Write results to FILE, atomically; JSON Lines are appended as they arrive",
        short, long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(output_file)
    )]
    pub(crate) output: Option<PathBuf>,
    /// Also write results to PATH, atomically; repeatable
    #[arg(long, value_name = "FORMAT=PATH", value_parser = OsStringValueParser::new().try_map(|text| ReportTo::<OutputFormat>::parse(&text)))]
    pub(crate) report: Vec<ReportTo<OutputFormat>>,
    /// Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped
    #[arg(long, conflicts_with_all = ["report", "only"], hide_short_help = true)]
    pub(crate) resume: bool,
    /// Copy the rows of an earlier run's JSON Lines for the same assets, and check again what was undecided, timed out, or
    /// failed with a connection error or a 5xx status
    #[arg(long, value_name = "FILE", conflicts_with_all = ["resume", "report", "only"], hide_short_help = true)]
    pub(crate) retry_from: Option<PathBuf>,
    /// Write only these results; the summary and the exit code count everything
    #[arg(long, value_name = "WHICH", value_delimiter = ',', value_parser = choice::<Only>(), hide_short_help = true)]
    pub(crate) only: Vec<Only>,
    /// With --format reasons: print every message, not only the first for each asset
    #[arg(long, hide_short_help = true)]
    pub(crate) all: bool,
    /// Omit the summary; -qq prints nothing
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "verbose")]
    pub(crate) quiet: u8,
    /// Also show accepted assets and all observations
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Whether to use color
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN", hide_short_help = true)]
    pub(crate) color: ColorChoice,
    /// Hide the progress bar (always hidden in CI, with --quiet, or without a terminal)
    #[arg(long, hide_short_help = true)]
    pub(crate) no_progress: bool,
    /// Show query values, which may be secrets; refused in CI
    #[arg(long, hide_short_help = true)]
    pub(crate) show_query: bool,
}

impl OutputArgs {
    /// Returns whether a format is written by --format or --report.
    pub(crate) fn writes(&self, format: OutputFormat) -> bool {
        self.format == format || self.report.iter().any(|report| report.format == format)
    }

    /// Refuses to resume a file that is not appended to, and to take over rows in another format.
    pub(crate) fn check_resume(&self) -> anyhow::Result<()> {
        if self.resume && (self.output.is_none() || self.format != OutputFormat::JsonLines) {
            anyhow::bail!("--resume continues a JSON Lines file: add --format jsonl and --output FILE");
        }
        if self.retry_from.is_some() && self.format != OutputFormat::JsonLines {
            anyhow::bail!("--retry-from writes every row, as JSON Lines: add --format jsonl");
        }
        Ok(())
    }

    /// Returns the verbosity of standard output.
    pub(crate) const fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (0, false) => Verbosity::Normal,
            (0, true) => Verbosity::Verbose,
            (1, _) => Verbosity::Quiet,
            _ => Verbosity::Silent,
        }
    }
}

/// An additional report: `junit=report.xml`.
#[derive(Clone, Debug)]
pub(crate) struct ReportTo<F> {
    pub(crate) format: F,
    pub(crate) path: PathBuf,
}

impl<F: FromStr + VariantNames> ReportTo<F> {
    /// Reads the value of the flag.
    pub(crate) fn parse(text: &OsStr) -> Result<Self, String> {
        let bytes = text.as_encoded_bytes();
        let end = bytes.iter().position(|byte| *byte == b'=').unwrap_or(bytes.len());
        let (stated, path) = bytes.split_at(end);
        let path = path.strip_prefix(b"=").filter(|path| !path.is_empty());
        let path = path.ok_or("write a format and a file, such as html=report.html")?;
        if path == b"-" {
            return Err("a report goes to a file; --format selects what is written to standard output".to_owned());
        }
        let stated = std::str::from_utf8(stated).unwrap_or_default();
        let format = stated.parse().map_err(|_| format!("the format is one of {}", F::VARIANTS.join(", ")))?;
        let path = local_path(path).ok_or("the file name is not valid on this system")?;
        Ok(Self { format, path })
    }
}

/// Parses the name of an output file.
pub(crate) fn output_file(text: OsString) -> Result<PathBuf, &'static str> {
    match text.as_encoded_bytes() {
        b"" => Err("the file name is empty"),
        b"-" => Err("results go to standard output without --output"),
        _ => Ok(text.into()),
    }
}

/// Flags that affect the exit code.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Exit code")]
pub(crate) struct ExitArgs {
    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Exit with 0 instead of 1 or 3
    #[arg(long, hide_short_help = true)]
    pub(crate) exit_zero: bool,
    /// Stop at the first rejected asset
    #[arg(long, hide_short_help = true)]
    pub(crate) fail_fast: bool,
}

impl ExitArgs {
    /// Returns the exit code of a finished run; an internal error at one asset outranks its verdicts.
    pub(crate) fn exit(self, counters: &Counters, worst: Verdict) -> Exit {
        match worst {
            _ if counters.failed() > 0 => Exit::InternalError,
            _ if self.exit_zero => Exit::Success,
            Verdict::Accepted => Exit::Success,
            Verdict::Rejected => Exit::Failure,
            Verdict::Undecided => Exit::Undecided,
        }
    }
}

/// The flags that `check` and `body` share.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) exit: ExitArgs,
    #[command(flatten)]
    pub(crate) fetch: FetchArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) rules: RulesArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// The output format of `diagnose` and `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InfoFormat {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
}

/// When color is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Parses one of the library's values by its name, and lists the names in the help and in completions.
pub(crate) fn choice<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = strum::ParseError> + VariantNames + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::VARIANTS).try_map(|text| text.parse())
}

/// Parses a kind of asset.
pub(crate) fn kinds() -> impl TypedValueParser<Value = Kind> {
    choice()
}

/// Parses a transport.
pub(crate) fn transports() -> impl TypedValueParser<Value = Transport> {
    choice()
}

/// Parses an output format.
pub(crate) fn formats() -> impl TypedValueParser<Value = OutputFormat> {
    choice()
}

/// Returns a parser of whole numbers in a range.
pub(crate) fn within<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + fmt::Display + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("write a number from {} to {}", range.start(), range.end()))
    }
}

/// Wraps a value that may hold a password, so that no error message repeats it.
#[expect(clippy::unnecessary_wraps, reason = "clap requires a fallible parser")]
fn secret(text: &str) -> Result<Secret<String>, String> {
    Ok(Secret::new(text.to_owned()))
}

/// Reads a range of aspect ratios.
pub(crate) fn ratio(text: &str) -> Result<AspectRatioRange, String> {
    AspectRatioRange::parse(text)
        .ok_or_else(|| "write two numbers in order with at most three decimals, such as 0.5:2.358".to_owned())
}

pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "write a time such as 10s, 1.5s, 500ms or 2m".to_owned())
}

/// Parses a name; rejects control characters, so that none reach a report.
pub(crate) fn name(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("a name must not be empty or contain control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// Parses an endpoint; also accepts the path as documented, `/v1/image_to_video`.
pub(crate) fn endpoint(text: &str) -> Result<String, String> {
    let path = text.trim_matches('/');
    name(path.strip_prefix("v1/").unwrap_or(path))
}
