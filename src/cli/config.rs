//! `runway-preflight.toml`: a project's defaults and ignored warnings. It may only tighten a run: no key makes the
//! observations differ from the API's.

use std::fmt::Display;
use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::finding::{CodeInfo, SCHEMA};
use crate::rules::nearest;
use crate::text::line_and_column;
use crate::{Lint, OutputFormat, Reason, Severity, UntrustedText};
use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Command};
use jiff::civil::Date;
use strum::VariantNames as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::args;
use super::args::{JOBS, NetworkArgs};
use super::check::Check;
use super::import::day_of;

/// The name of the file.
pub(crate) const NAME: &str = "runway-preflight.toml";

/// The settings of a configuration file.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file's name, escaped for display.
    pub(crate) name: String,
    pub(crate) model: Option<Setting<String>>,
    pub(crate) endpoint: Option<Setting<String>>,
    pub(crate) jobs: Option<Setting<u16>>,
    pub(crate) format: Option<Setting<OutputFormat>>,
    pub(crate) ignored: Vec<Setting<Ignore>>,
}

/// A value and its line, counted from 1.
#[derive(Debug)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
}

/// A warning that is ignored.
#[derive(Debug)]
pub(crate) struct Ignore {
    pub(crate) code: &'static str,
    /// The reason given in the file: one line.
    pub(crate) reason: String,
    /// The last day on which it is ignored.
    pub(crate) until: Option<Date>,
}

impl Ignore {
    /// Returns whether its last day, in UTC, has passed.
    pub(crate) fn is_expired(&self) -> bool {
        self.until.is_some_and(|until| until < day_of(None))
    }
}

/// The keys of the file.
const KEYS: [&str; 5] = ["model", "endpoint", "jobs", "format", "ignore"];

/// The keys of an ignored warning.
const IGNORE_KEYS: [&str; 3] = ["code", "reason", "until"];

/// The largest file that is read, in bytes.
const MAX_CONFIG: u64 = 1 << 20;

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or sets a key that is not allowed.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = UntrustedText::from(path.display().to_string().as_str()).escaped().to_string();
        let text = read(path).with_context(|| format!("the configuration {name} cannot be read"))?;
        ConfigText { name: &name, text: text.strip_prefix('\u{feff}').unwrap_or(&text) }.read()
    }

    /// Reads the file in the working directory, or else in the nearest parent that has one. The search ends at a
    /// directory with `.git`.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub(crate) fn find() -> anyhow::Result<Option<Self>> {
        let Ok(here) = env::current_dir() else { return Ok(None) };
        // The path is relative, so that no report reveals the folders of this machine.
        let mut path = PathBuf::from(NAME);
        for directory in here.ancestors() {
            if let Ok(metadata) = fs::metadata(&path) {
                if !metadata.is_file() {
                    bail!("the configuration {} is not a regular file", path.display());
                }
                return Self::read(&path).map(Some);
            }
            path = Path::new("..").join(path);
            if directory.join(".git").exists() {
                break;
            }
        }
        Ok(None)
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        bail!("it is a directory");
    }
    let mut bytes = Vec::new();
    if file.take(MAX_CONFIG + 1).read_to_end(&mut bytes)? as u64 > MAX_CONFIG {
        bail!("it is larger than {} MiB", MAX_CONFIG >> 20);
    }
    String::from_utf8(bytes).context("it is not UTF-8")
}

type TomlValue<'a> = Spanned<DeValue<'a>>;

/// The text of a file, and its name.
struct ConfigText<'a> {
    name: &'a str,
    text: &'a str,
}

impl ConfigText<'_> {
    fn read(&self) -> anyhow::Result<Config> {
        let table = DeTable::parse(self.text).map_err(|error| {
            self.fault(&error.span().unwrap_or_default(), UntrustedText::from(error.message()).escaped())
        })?;
        let mut config = Config { name: self.name.to_owned(), ..Config::default() };
        for (key, value) in in_order(table.get_ref()) {
            match key.get_ref().as_ref() {
                "model" => config.model = Some(self.text(value, args::name)?),
                "endpoint" => config.endpoint = Some(self.text(value, args::endpoint)?),
                "jobs" => config.jobs = Some(self.setting(value, jobs(value.get_ref()))?),
                "format" => config.format = Some(self.text(value, format)?),
                "ignore" => config.ignored = self.ignored(value)?,
                name => return Err(self.fault(&key.span(), refusal(name))),
            }
        }
        Ok(config)
    }

    /// Reads the warnings to ignore.
    fn ignored(&self, value: &TomlValue<'_>) -> anyhow::Result<Vec<Setting<Ignore>>> {
        let Some(entries) = value.get_ref().as_array() else { return Err(self.fault(&value.span(), IGNORE_FORM)) };
        let mut ignored: Vec<Setting<Ignore>> = Vec::new();
        for entry in entries {
            let Some(table) = entry.get_ref().as_table() else {
                return Err(self.fault(&entry.span(), IGNORE_FORM));
            };
            let (code, entry) = self.ignore(&entry.span(), table)?;
            if let Some(before) = ignored.iter().find(|before| before.value.code == entry.value.code) {
                let message = format!("{} is already ignored on line {}", before.value.code, before.line);
                return Err(self.fault(&code, message));
            }
            ignored.push(entry);
        }
        Ok(ignored)
    }

    /// Reads one warning to ignore, and the location of its code.
    fn ignore(&self, at: &Range<usize>, table: &DeTable<'_>) -> anyhow::Result<(Range<usize>, Setting<Ignore>)> {
        let (mut code, mut reason, mut until) = (None, None, None);
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "code" => code = Some((value.span(), self.text(value, warning)?)),
                "reason" => reason = Some(self.text(value, one_line)?.value),
                "until" => until = Some(self.setting(value, day(value.get_ref()))?.value),
                name => return Err(self.fault(&key.span(), unknown(name, &IGNORE_KEYS))),
            }
        }
        let Some((span, Setting { value: code, line })) = code else {
            return Err(self.fault(at, "the code of the warning is missing: code = \"near-timeout\""));
        };
        let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) else {
            let message = format!("{code} is ignored without a reason: add reason = \"…\"");
            return Err(self.fault(&span, message));
        };
        Ok((span, Setting { value: Ignore { code, reason, until }, line }))
    }

    /// Reads a string.
    fn text<T>(&self, value: &TomlValue<'_>, read: impl Fn(&str) -> Result<T, String>) -> anyhow::Result<Setting<T>> {
        let text = value.get_ref().as_str().ok_or_else(|| "write a string in quotes".to_owned());
        self.setting(value, text.and_then(read))
    }

    /// Wraps a parsed value with its line, or reports an error at its location.
    fn setting<T>(&self, value: &TomlValue<'_>, read: Result<T, String>) -> anyhow::Result<Setting<T>> {
        let span = value.span();
        let line = line_and_column(self.text, span.start).0;
        read.map(|value| Setting { value, line }).map_err(|message| self.fault(&span, message))
    }

    fn fault(&self, at: &Range<usize>, message: impl Display) -> anyhow::Error {
        let (line, column) = line_and_column(self.text, at.start);
        anyhow!("{}:{line}:{column}: {message}", self.name)
    }
}

const IGNORE_FORM: &str = "write a list of { code = \"near-timeout\", reason = \"…\" }; a last day is optional: \
                           until = 2027-01-31";

/// Returns keys and values in file order.
fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t Spanned<toml::de::DeString<'a>>, &'t TomlValue<'a>)> {
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_key(|(key, _)| key.span().start);
    rows
}

fn one_line(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("write the reason on one line, without control characters".to_owned());
    }
    Ok(text.to_owned())
}

fn jobs(value: &DeValue<'_>) -> Result<u16, String> {
    let number = value.as_integer().and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
    let number = number.and_then(|number| u16::try_from(number).ok()).filter(|number| JOBS.contains(number));
    number.ok_or_else(|| format!("write a number from {} to {}", JOBS.start(), JOBS.end()))
}

fn format(name: &str) -> Result<OutputFormat, String> {
    let known = OutputFormat::VARIANTS;
    match name.parse() {
        Ok(OutputFormat::Api) => Err("api is a format of body only: use --format api there".to_owned()),
        Ok(format) => Ok(format),
        Err(_) => Err(match nearest(name, known) {
            Some(near) => format!("unknown format {}; did you mean {near}?", UntrustedText::from(name).escaped()),
            None => format!("unknown format {}; known: {}", UntrustedText::from(name).escaped(), known.join(", ")),
        }),
    }
}

fn day(value: &DeValue<'_>) -> Result<Date, String> {
    let day = value.as_datetime().filter(|datetime| datetime.time.is_none() && datetime.offset.is_none());
    let parts = day.and_then(|day| day.date).map(|date| (date.year, date.month, date.day));
    let day = parts.and_then(|(year, month, day)| {
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    });
    day.ok_or_else(|| "write the last day without quotes, as in until = 2027-01-31".to_owned())
}

/// Finds the code of a warning; only warnings can be ignored.
fn warning(name: &str) -> Result<&'static str, String> {
    let reasons = Reason::examples().into_iter().map(|reason| reason.info());
    let entries: Vec<CodeInfo> =
        Lint::ALL.iter().map(Lint::info).chain(reasons).chain(std::iter::once(SCHEMA)).collect();
    let Some(entry) = entries.iter().find(|entry| entry.code == name) else {
        let warnings = entries.iter().filter(|entry| entry.severity == Severity::Warning).map(|entry| entry.code);
        return Err(unknown_code(name, &warnings.collect::<Vec<_>>()));
    };
    let why_not = match entry.severity {
        Severity::Warning => return Ok(entry.code),
        Severity::Error => "it is an error: the API would still reject the asset",
        Severity::Undecided => "it hides how the API would respond",
        Severity::Note => "it is a note, which changes no verdict",
    };
    Err(format!("{name} cannot be ignored, only warnings can: {why_not}"))
}

fn unknown_code(name: &str, known: &[&str]) -> String {
    let help = nearest(name, known).map_or_else(String::new, |near| format!("; did you mean {near}?"));
    format!("unknown warning {}{help}", UntrustedText::from(name).escaped())
}

/// Explains why a key is not allowed.
fn refusal(name: &str) -> String {
    let flag = name.replace('_', "-");
    if loosens(&flag) {
        return format!(
            "{name} cannot be set here: a configuration file must not change what a run sees, or show secrets; use \
             --{flag} on the command line"
        );
    }
    let command = Check::augment_args(Command::new(NAME));
    if command.get_arguments().any(|argument| argument.get_long() == Some(flag.as_str())) {
        return format!("{name} cannot be set here; use --{flag} on the command line");
    }
    unknown(name, &KEYS)
}

/// Returns whether a flag makes the observations of a run differ from the API's, or shows secrets.
fn loosens(flag: &str) -> bool {
    let network = NetworkArgs::augment_args(Command::new(NAME));
    let mut network = network.get_arguments().filter_map(clap::Arg::get_long);
    flag == "rules" || flag == "show-query" || network.any(|known| known == flag)
}

/// Describes an unknown key.
fn unknown(name: &str, known: &[&str]) -> String {
    let shown = UntrustedText::from(name);
    match nearest(name, known) {
        Some(near) => format!("unknown key {}; did you mean {near}?", shown.escaped()),
        None => format!("unknown key {}; known: {}", shown.escaped(), known.join(", ")),
    }
}
