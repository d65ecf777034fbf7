//! Flags that several verbs share, in the groups of the help.

use std::ffi::{OsStr, OsString};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use crate::special_ip::parse_network;
use crate::text::secret::Secret;
use crate::{
    Counters, Depth, Kind, OutputFormat, RUNWAY_TIMEOUT, RatioWindow, ResolveOverride, Summary, Transport, Verbosity,
    Verdict, local_path, parse_duration,
};
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::{Args, ValueEnum};
use ipnet::IpNet;

use super::Exit;

/// What the assets are for.
#[derive(Args, Debug)]
#[command(next_help_heading = "What is expected")]
pub(crate) struct Expect {
    /// The kind every asset must be; worked out from field, Content-Type and bytes otherwise
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Option<KindName>,
    /// The model the assets are for: its windows and bounds hold (runway-preflight rules names them all)
    #[arg(long, value_name = "NAME", value_parser = plain)]
    pub(crate) model: Option<String>,
    /// The endpoint the assets are for.
    #[arg(
        long,
        value_name = "PATH",
        value_parser = endpoint,
        help = "The endpoint the assets are for, as its path below /v1/: image_to_video"
    )]
    pub(crate) endpoint: Option<String>,
    /// The aspect ratios that pass, as MIN:MAX of width / height, ends included
    #[arg(long, value_name = "MIN:MAX", value_parser = ratio)]
    pub(crate) ratio: Option<RatioWindow>,
    /// The request field the assets are meant for; stands before each sentence, as in the API's answer
    #[arg(long, value_name = "FIELD", value_parser = plain)]
    pub(crate) field: Option<String>,
    /// For local files: judge only this way of sending them
    #[arg(long = "as", value_enum, value_name = "WAY")]
    pub(crate) way: Option<WayName>,
}

/// How many assets may be looked at at once, whoever says so.
pub(crate) const JOBS: RangeInclusive<i64> = 1..=4096;

/// How the network is used.
#[derive(Args, Debug)]
#[command(next_help_heading = "Network")]
pub(crate) struct Network {
    /// How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does
    #[arg(long, value_enum, default_value = "full", value_name = "DEPTH")]
    pub(crate) depth: DepthName,
    /// Time for each asset's download
    #[arg(long, default_value = "10s", value_name = "TIME", value_parser = timeout)]
    pub(crate) timeout: Duration,
    /// Assets looked at at once
    #[arg(short, long, default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u16).range(JOBS))]
    pub(crate) jobs: u16,
    /// Assets looked at at once on one host
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub(crate) per_host: u16,
    /// Look again, up to N times, where a host gave no answer, was too slow, or answered with a status from 500 on
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=10))]
    pub(crate) retries: u8,
    /// Judge only what needs no network
    #[arg(long)]
    pub(crate) offline: bool,
    /// Go through the proxy at URL (http:// or https://), which resolves the names itself
    #[arg(long, value_name = "URL", value_parser = secret, conflicts_with = "resolve")]
    pub(crate) proxy: Option<Secret<String>>,
    /// Trust the certificates in FILE (PEM) as well, for private test servers
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
    /// Use ADDR for HOST on PORT instead of asking for it; may be repeated
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub(crate) resolve: Vec<ResolveOverride>,
    /// Dial private and loopback addresses, and hosts that are no public names
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated
    #[arg(long, value_name = "NET", conflicts_with = "proxy", value_parser = parse_network)]
    pub(crate) allow_net: Vec<IpNet>,
}

impl Network {
    /// Names the flags that make a run see something else than the API would.
    pub(crate) fn unfaithful(&self) -> Vec<&'static str> {
        [
            (self.cacert.is_some(), "--cacert"),
            (!self.resolve.is_empty(), "--resolve"),
            (self.allow_private, "--allow-private"),
            (!self.allow_net.is_empty(), "--allow-net"),
            (self.timeout != RUNWAY_TIMEOUT, "--timeout"),
        ]
        .into_iter()
        .filter_map(|(given, flag)| given.then_some(flag))
        .collect()
    }
}

/// What is written, and how.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(next_help_heading = "Output")]
pub(crate) struct Results {
    /// The form of the results
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: FormatName,
    /// Write the results to FILE: whole or not at all, except for jsonl, which grows line by line
    #[arg(short, long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(output_file))]
    pub(crate) output: Option<PathBuf>,
    /// Go on with the jsonl FILE where an earlier run stopped, with the same assets and flags; what has a verdict there
    /// is not looked at again
    #[arg(long, conflicts_with = "report")]
    pub(crate) resume: bool,
    /// Write the results to PATH as well, whole or not at all; may be repeated
    #[arg(long, value_name = "FORMAT=PATH", value_parser = OsStringValueParser::new().try_map(|text| report_to(&text)))]
    pub(crate) report: Vec<ReportTo>,
    /// With --format reasons: every sentence, not only the first of each asset
    #[arg(long)]
    pub(crate) all: bool,
    /// Write only assets that are not accepted
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Write what was observed as well
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Whether to use colour
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    /// Show no progress on standard error; there is none in CI, with --quiet, or where no terminal is
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Show the values of URL queries, which may be secrets; refused where CI is set
    #[arg(long)]
    pub(crate) show_query: bool,
}

impl Results {
    /// Says whether a format is among those that are written.
    pub(crate) fn writes(&self, format: FormatName) -> bool {
        self.format == format || self.report.iter().any(|report| report.format == format)
    }

    /// Refuses to go on with what does not grow.
    ///
    /// # Errors
    /// Where the flag stands without the others that it needs.
    pub(crate) fn refuse_resume(&self) -> anyhow::Result<()> {
        if self.resume && (self.output.is_none() || self.format != FormatName::Jsonl) {
            anyhow::bail!("--resume goes on with a file of JSON Lines: give --format jsonl and --output FILE as well");
        }
        Ok(())
    }

    /// Says how much is written beside the main output: all of it, unless more was asked for.
    pub(crate) const fn detail_beside(&self) -> Verbosity {
        if self.verbose { Verbosity::Verbose } else { Verbosity::Normal }
    }
}

/// A result beside the main one: `junit=report.xml`.
#[derive(Clone, Debug)]
pub(crate) struct ReportTo {
    pub(crate) format: FormatName,
    pub(crate) path: PathBuf,
}

/// Reads the name of a file; `-`, which stands for standard output elsewhere, would be one of that name.
pub(crate) fn output_file(name: OsString) -> Result<PathBuf, &'static str> {
    match name.as_encoded_bytes() {
        b"" => Err("name a file"),
        b"-" => Err("leave --output out: standard output is where it goes then; ./- is a file of that name"),
        _ => Ok(name.into()),
    }
}

/// Reads `FORMAT=PATH`; the path need not be UTF-8.
fn report_to(text: &OsStr) -> Result<ReportTo, String> {
    let bytes = text.as_encoded_bytes();
    let end = bytes.iter().position(|byte| *byte == b'=').unwrap_or(bytes.len());
    let (name, path) = bytes.split_at(end);
    let path = path.strip_prefix(b"=").filter(|path| !path.is_empty());
    let path = path.ok_or("write a format and a file, as in junit=report.xml")?;
    if path == b"-" {
        return Err("a report goes to a file; --format says what is written to standard output".to_owned());
    }
    let name = std::str::from_utf8(name).unwrap_or_default();
    let format =
        FormatName::named(name).ok_or_else(|| format!("the format is one of {}", FormatName::names().join(", ")))?;
    let path = local_path(path).ok_or("the file has no name for this system")?;
    Ok(ReportTo { format, path })
}

/// What the exit code follows from.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Exit code")]
pub(crate) struct Judging {
    /// Count warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Exit with 0 instead of 1 or 3
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Stop at the first rejected asset
    #[arg(long)]
    pub(crate) fail_fast: bool,
}

impl Judging {
    /// Says whether a run was to stop where one before it has come to.
    pub(crate) const fn is_over(self, before: &Summary) -> bool {
        self.fail_fast && before.rejected > 0
    }

    /// Returns how a run ends that has come this far.
    pub(crate) fn end(self, tally: &Counters, worst: Verdict) -> Exit {
        if tally.failed() > 0 { Exit::Failed } else { self.exit(worst) }
    }

    /// Returns how a run ends whose worst verdict is this.
    pub(crate) const fn exit(self, worst: Verdict) -> Exit {
        match worst {
            _ if self.exit_zero => Exit::Accepted,
            Verdict::Accepted => Exit::Accepted,
            Verdict::Rejected => Exit::Rejected,
            Verdict::Undecided => Exit::Undecided,
        }
    }
}

/// [`Kind`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindName {
    Image,
    Video,
    Audio,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Image => Self::Image,
            KindName::Video => Self::Video,
            KindName::Audio => Self::Audio,
        }
    }
}

/// [`Transport`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum WayName {
    Url,
    DataUri,
    Upload,
}

impl From<WayName> for Transport {
    fn from(name: WayName) -> Self {
        match name {
            WayName::Url => Self::Url,
            WayName::DataUri => Self::DataUri,
            WayName::Upload => Self::Upload,
        }
    }
}

/// [`Depth`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DepthName {
    Head,
    Header,
    Full,
}

impl From<DepthName> for Depth {
    fn from(name: DepthName) -> Self {
        match name {
            DepthName::Head => Self::Head,
            DepthName::Header => Self::Header,
            DepthName::Full => Self::Full,
        }
    }
}

/// [`OutputFormat`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    Text,
    Concise,
    Reasons,
    Json,
    Jsonl,
    Github,
    Junit,
    Sarif,
    Markdown,
    /// For request bodies: the API's answer and nothing else
    Api,
}

impl FormatName {
    /// Finds a format by its name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }

    /// Returns the name of every format.
    pub(crate) fn names() -> Vec<String> {
        Self::value_variants().iter().map(|format| format.name()).collect()
    }

    /// Returns the name of the format.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl From<FormatName> for OutputFormat {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Text => Self::Text,
            FormatName::Concise => Self::Concise,
            FormatName::Reasons => Self::Reasons,
            FormatName::Json => Self::Json,
            FormatName::Jsonl => Self::JsonLines,
            FormatName::Github => Self::Github,
            FormatName::Junit => Self::Junit,
            FormatName::Sarif => Self::Sarif,
            FormatName::Markdown => Self::Markdown,
            FormatName::Api => Self::Api,
        }
    }
}

/// The form of what is no judgement of assets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SheetName {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Takes a text that may hold a password, so that no complaint repeats it.
#[expect(clippy::unnecessary_wraps, reason = "clap wants a parser that may fail")]
pub(crate) fn secret(text: &str) -> Result<Secret<String>, String> {
    Ok(Secret::new(text.to_owned()))
}

fn ratio(text: &str) -> Result<RatioWindow, String> {
    RatioWindow::parse(text)
        .ok_or_else(|| "write two numbers in order with at most three decimals, as in 0.5:2.358".to_owned())
}

pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "write a time as 10s, 1.5s, 500ms or 2m".to_owned())
}

/// Reads a name; control characters are refused before they reach a report.
pub(crate) fn plain(text: &str) -> Result<String, String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("a name is not empty and has no control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// Reads an endpoint; the address that the documentation shows, `/v1/image_to_video`, names it as well.
pub(crate) fn endpoint(text: &str) -> Result<String, String> {
    let path = text.trim_matches('/');
    plain(path.strip_prefix("v1/").unwrap_or(path))
}
