//! `runway-preflight.toml`: defaults of a project, and warnings that it has decided to live with. It may only tighten:
//! nothing in it makes a run see something else than the API would.

use std::fmt::Display;
use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::finding::SCHEMA;
use crate::rules::nearest;
use crate::{CodeInfo, Lint, Reason, Severity, UntrustedText};
use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Command};
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::args;
use super::args::{Expect, FormatName, JOBS, Judging, Network, Results};
use super::import::day_of;
use super::rule_sources::RulesFrom;

/// The name of the file.
pub(crate) const NAME: &str = "runway-preflight.toml";

/// What a file sets.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file, as it is shown.
    pub(crate) name: String,
    pub(crate) model: Option<Setting<String>>,
    pub(crate) endpoint: Option<Setting<String>>,
    pub(crate) jobs: Option<Setting<u16>>,
    pub(crate) format: Option<Setting<FormatName>>,
    pub(crate) ignored: Vec<Setting<Ignore>>,
}

/// A value and the line it stands on, counted from 1.
#[derive(Debug)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
}

/// A warning that is to be ignored.
#[derive(Debug)]
pub(crate) struct Ignore {
    pub(crate) code: &'static str,
    /// Why, in the words of the file: one line.
    pub(crate) reason: String,
    /// The last day on which it is ignored.
    pub(crate) until: Option<Date>,
}

impl Ignore {
    /// Says whether its last day, in UTC, is over.
    pub(crate) fn is_expired(&self) -> bool {
        self.until.is_some_and(|until| until < day_of(None))
    }
}

/// The keys of the file.
const KEYS: [&str; 5] = ["model", "endpoint", "jobs", "format", "ignore"];

/// The keys of an ignored warning.
const IGNORE_KEYS: [&str; 3] = ["code", "reason", "until"];

/// Flags that make a run see something else than the API would, or show what is secret.
const LOOSENING: [&str; 8] =
    ["allow-net", "allow-private", "cacert", "proxy", "resolve", "rules", "show-query", "timeout"];

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

impl Config {
    /// Reads the file that is named.
    ///
    /// # Errors
    /// Where it cannot be read, or says what it may not.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = UntrustedText::from(path.display().to_string().as_str()).escaped().to_string();
        let text = read(path).with_context(|| format!("the configuration {name} cannot be read"))?;
        Page { name: &name, text: text.strip_prefix('\u{feff}').unwrap_or(&text) }.read()
    }

    /// Reads the file of the working directory, or else of the nearest parent that has one; a directory with `.git` is
    /// the last that is looked at.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub(crate) fn find() -> anyhow::Result<Option<Self>> {
        let Ok(here) = env::current_dir() else { return Ok(None) };
        // Named from here, so that no report tells where this machine keeps its files.
        let mut path = PathBuf::from(NAME);
        for directory in here.ancestors() {
            if let Ok(metadata) = fs::metadata(&path) {
                if !metadata.is_file() {
                    bail!("the configuration {} is no regular file", path.display());
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
    if file.take(LARGEST + 1).read_to_end(&mut bytes)? as u64 > LARGEST {
        bail!("it is larger than {} MiB", LARGEST >> 20);
    }
    String::from_utf8(bytes).context("it is not UTF-8")
}

type Value<'a> = Spanned<DeValue<'a>>;

/// The text of a file, and what it is called.
struct Page<'a> {
    name: &'a str,
    text: &'a str,
}

impl Page<'_> {
    fn read(&self) -> anyhow::Result<Config> {
        let table = DeTable::parse(self.text).map_err(|error| {
            self.fault(&error.span().unwrap_or_default(), UntrustedText::from(error.message()).escaped())
        })?;
        let mut config = Config { name: self.name.to_owned(), ..Config::default() };
        for (key, value) in in_order(table.get_ref()) {
            match key.get_ref().as_ref() {
                "model" => config.model = Some(self.text(value, args::plain)?),
                "endpoint" => config.endpoint = Some(self.text(value, args::endpoint)?),
                "jobs" => config.jobs = Some(self.setting(value, jobs(value.get_ref()))?),
                "format" => config.format = Some(self.text(value, format)?),
                "ignore" => config.ignored = self.ignored(value)?,
                name => return Err(self.fault(&key.span(), refusal(name))),
            }
        }
        Ok(config)
    }

    /// Reads every warning that is to be ignored.
    fn ignored(&self, value: &Value<'_>) -> anyhow::Result<Vec<Setting<Ignore>>> {
        let Some(entries) = value.get_ref().as_array() else { return Err(self.fault(&value.span(), IGNORE_FORM)) };
        let mut ignored: Vec<Setting<Ignore>> = Vec::new();
        for entry in entries {
            let Some(table) = entry.get_ref().as_table() else {
                return Err(self.fault(&entry.span(), IGNORE_FORM));
            };
            let (code, entry) = self.ignore(&entry.span(), table)?;
            if let Some(before) = ignored.iter().find(|before| before.value.code == entry.value.code) {
                let message = format!("{} is ignored in line {} already", before.value.code, before.line);
                return Err(self.fault(&code, message));
            }
            ignored.push(entry);
        }
        Ok(ignored)
    }

    /// Reads one warning that is to be ignored, and tells where its code stands.
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
            let message =
                format!("{code} is ignored without a reason: add reason = \"…\", for those who come after you");
            return Err(self.fault(&span, message));
        };
        Ok((span, Setting { value: Ignore { code, reason, until }, line }))
    }

    /// Reads a value that is a text.
    fn text<T>(&self, value: &Value<'_>, read: impl Fn(&str) -> Result<T, String>) -> anyhow::Result<Setting<T>> {
        let text = value.get_ref().as_str().ok_or_else(|| "write a text in quotes".to_owned());
        self.setting(value, text.and_then(read))
    }

    /// Takes a value, or says where it stands and what would be right.
    fn setting<T>(&self, value: &Value<'_>, read: Result<T, String>) -> anyhow::Result<Setting<T>> {
        let span = value.span();
        let line = self.place(span.start).0;
        read.map(|value| Setting { value, line }).map_err(|message| self.fault(&span, message))
    }

    fn fault(&self, at: &Range<usize>, message: impl Display) -> anyhow::Error {
        let (line, column) = self.place(at.start);
        anyhow!("{}:{line}:{column}: {message}", self.name)
    }

    /// Returns the line and the column, in characters, of a byte; both count from 1.
    fn place(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

const IGNORE_FORM: &str = "write each ignored warning as { code = \"near-timeout\", reason = \"…\" } in a list; a last \
                           day may follow: until = 2027-01-31";

/// Returns keys and values as they follow each other in the file.
fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t Spanned<toml::de::DeString<'a>>, &'t Value<'a>)> {
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
    let number = number.filter(|number| JOBS.contains(number)).and_then(|number| u16::try_from(number).ok());
    number.ok_or_else(|| format!("write a number from {} to {}", JOBS.start(), JOBS.end()))
}

fn format(name: &str) -> Result<FormatName, String> {
    let names = FormatName::names();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    match FormatName::named(name) {
        Some(FormatName::Api) => Err("api is a format of the verb body alone: give --format api there".to_owned()),
        Some(format) => Ok(format),
        None => Err(match nearest(name, &known) {
            Some(near) => format!("{} is no format; did you mean {near}?", UntrustedText::from(name).escaped()),
            None => format!("{} is no format; there are {}", UntrustedText::from(name).escaped(), known.join(", ")),
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

/// Finds the code of a warning; nothing else may be ignored.
fn warning(name: &str) -> Result<&'static str, String> {
    let reasons = Reason::examples().into_iter().map(|reason| reason.info());
    let entries: Vec<CodeInfo> =
        Lint::ALL.into_iter().map(Lint::info).chain(reasons).chain(std::iter::once(SCHEMA)).collect();
    let Some(entry) = entries.iter().find(|entry| entry.code == name) else {
        let warnings = entries.iter().filter(|entry| entry.severity == Severity::Warning).map(|entry| entry.code);
        return Err(unknown_code(name, &warnings.collect::<Vec<_>>()));
    };
    let why_not = match entry.severity {
        Severity::Warning => return Ok(entry.code),
        Severity::Error => "it is an error: the API would refuse the asset all the same",
        Severity::Undecided => "it hides what the API would answer",
        Severity::Note => "it is a note, which changes no verdict",
    };
    Err(format!("{name} cannot be ignored, only warnings can: {why_not}"))
}

fn unknown_code(name: &str, known: &[&str]) -> String {
    let help = nearest(name, known).map_or_else(String::new, |near| format!("; did you mean {near}?"));
    format!("no warning has the code {}{help}", UntrustedText::from(name).escaped())
}

/// Says why a key is refused.
fn refusal(name: &str) -> String {
    let flag = name.replace('_', "-");
    if LOOSENING.contains(&flag.as_str()) {
        return format!(
            "{name} cannot be set here, because this file may make no run see something else than the API would, nor \
             show secrets; give --{flag} on the command line"
        );
    }
    let command = Results::augment_args(Network::augment_args(Expect::augment_args(Command::new(NAME))));
    let command = RulesFrom::augment_args(Judging::augment_args(command));
    if command.get_arguments().any(|argument| argument.get_long() == Some(flag.as_str())) {
        return format!("{name} cannot be set here; give --{flag} on the command line");
    }
    unknown(name, &KEYS)
}

/// Says that a key is not known, and which is.
fn unknown(name: &str, known: &[&str]) -> String {
    let shown = UntrustedText::from(name);
    match nearest(name, known) {
        Some(near) => format!("there is no key {}; did you mean {near}?", shown.escaped()),
        None => format!("there is no key {}; known are {}", shown.escaped(), known.join(", ")),
    }
}
