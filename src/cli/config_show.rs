//! `config show`: every value that a configuration file may set, as it is in force, and where it comes from.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use crate::UntrustedText;
use clap::{Args, Subcommand};

use super::args;
use super::args::{FormatName, JOBS};
use super::config::{Config, Ignore, Setting};
use super::settings::{ConfigFrom, Given};
use super::{Exit, unwritten};

/// Show what runway-preflight.toml sets, for check, body and diagnose
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Verb {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, Subcommand)]
enum Part {
    Show(Show),
}

impl Verb {
    /// Runs the verb.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.part {
            Part::Show(show) => show.run(),
        }
    }
}

/// Print every value in force as TOML, with where it comes from: command line, file or default
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
struct Show {
    #[command(flatten)]
    given: Given,
    /// As for check and diagnose
    #[arg(long, value_name = "NAME", value_parser = args::plain, help_heading = "On the command line")]
    model: Option<String>,
    /// As for check, body and diagnose
    #[arg(long, value_name = "PATH", value_parser = args::endpoint, help_heading = "On the command line")]
    endpoint: Option<String>,
    /// As for check and body
    #[arg(
        short,
        long,
        default_value_t = 16,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(JOBS),
        help_heading = "On the command line"
    )]
    jobs: u16,
    /// As for check and body
    #[arg(
        short,
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "On the command line"
    )]
    format: FormatName,
    #[command(flatten)]
    config: ConfigFrom,
}

const EXAMPLES: &str = "\
Examples:
  What holds here, and who says so?
    runway-preflight config show
  What would hold with these flags?
    runway-preflight config show --jobs 4 --model gen4_turbo
  Begin a file with what holds now
    runway-preflight config show > runway-preflight.toml

Exit codes: 0 printed, 2 bad usage or a file that cannot be used, 4 not written.";

impl Show {
    fn run(self) -> anyhow::Result<Exit> {
        let config = self.config.open()?;
        let text = self.sheet(config);
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
        Ok(written.map_or_else(|error| unwritten(&error), |()| Exit::Accepted))
    }

    fn sheet(self, config: Option<Config>) -> String {
        let Config { name, model, endpoint, jobs, format, ignored } = config.unwrap_or_default();
        let Self {
            given, model: typed_model, endpoint: typed_endpoint, jobs: typed_jobs, format: typed_format, ..
        } = self;
        let mut sheet = Sheet { name, given, rows: Vec::new() };
        sheet.row(
            "model",
            typed_model.as_deref().map(quoted),
            model.map(|setting| setting.map(|model| quoted(&model))),
        );
        sheet.row(
            "endpoint",
            typed_endpoint.as_deref().map(quoted),
            endpoint.map(|setting| setting.map(|endpoint| quoted(&endpoint))),
        );
        sheet.row("jobs", Some(typed_jobs.to_string()), jobs.map(|setting| setting.map(|jobs| jobs.to_string())));
        let format = format.map(|setting| setting.map(|format| quoted(&format.name())));
        sheet.row("format", Some(quoted(&typed_format.name())), format);
        sheet.text(&ignored)
    }
}

/// The sheet as it is being written.
struct Sheet {
    /// The configuration file, as it is shown.
    name: String,
    given: Given,
    /// What is set, and where it comes from.
    rows: Vec<(String, String)>,
}

impl Sheet {
    /// Adds the value of a key: that of the command line, else of the file, else the default.
    fn row(&mut self, key: &str, typed: Option<String>, set: Option<Setting<String>>) {
        let (value, origin) = match set {
            _ if self.given.has(key) => (typed, "command line".to_owned()),
            Some(Setting { value, line }) => (Some(value), format!("{}:{line}", self.name)),
            None => (typed, "default".to_owned()),
        };
        let value = value.map_or_else(|| format!("# {key} is not set"), |value| format!("{key} = {value}"));
        self.rows.push((value, origin));
    }

    fn text(&self, ignored: &[Setting<Ignore>]) -> String {
        let mut text = String::new();
        let width = self.rows.iter().map(|(value, _)| value.chars().count()).max().unwrap_or_default();
        for (value, origin) in &self.rows {
            // A String takes whatever is written.
            let _ = writeln!(text, "{value:width$}  # {origin}");
        }
        for Setting { value, line } in ignored {
            let expired = if value.is_expired() { ", expired" } else { "" };
            let Ignore { code, reason, until } = value;
            let reason = quoted(reason);
            let _ =
                writeln!(text, "\n[[ignore]]  # {}:{line}{expired}\ncode = \"{code}\"\nreason = {reason}", self.name);
            if let Some(until) = until {
                let _ = writeln!(text, "until = {until}");
            }
        }
        text
    }
}

impl<T> Setting<T> {
    fn map<U>(self, with: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: with(self.value), line: self.line }
    }
}

/// Writes a text as TOML does; what could steer a terminal is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        let mut bytes = [0; 4];
        let plain: &str = character.encode_utf8(&mut bytes);
        if matches!(character, '"' | '\\') {
            quoted.extend(['\\', character]);
        } else if UntrustedText::from(plain).escaped().to_string() == plain {
            quoted.push(character);
        } else {
            // A String takes whatever is written.
            let _ = write!(quoted, "\\U{:08X}", u32::from(character));
        }
    }
    quoted + "\""
}
