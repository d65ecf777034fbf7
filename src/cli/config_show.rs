//! `config show`: the effective value of every configurable setting, and its origin.

use std::fmt::Write as _;

use crate::text::secret::redact_text;
use crate::{OutputFormat, UntrustedText};
use clap::{Args, Subcommand};

use super::args::{JOBS, formats};
use super::completions::write;
use super::config::{Config, Ignore, Setting};
use super::settings::{ConfigArgs, ExplicitArgs};
use super::{Exit, args};

/// Show the settings of check, body and diagnose, including those of runway-preflight.toml
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct ConfigCommand {
    #[command(subcommand)]
    action: ConfigAction,
}

#[derive(Debug, Subcommand)]
enum ConfigAction {
    Show(Show),
}

impl ConfigCommand {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.action {
            ConfigAction::Show(show) => show.run(),
        }
    }
}

/// Print every value as TOML, with its origin: command line, file or default
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
struct Show {
    #[command(flatten)]
    explicit: ExplicitArgs,
    /// Same as in check and diagnose
    #[arg(long, value_name = "NAME", value_parser = args::name, help_heading = "Command line")]
    model: Option<String>,
    /// Same as in check, body and diagnose
    #[arg(long, value_name = "PATH", value_parser = args::endpoint, help_heading = "Command line")]
    endpoint: Option<String>,
    /// Same as in check and body
    #[arg(
        short,
        long,
        default_value_t = 16,
        value_name = "N",
        value_parser = args::within(JOBS),
        help_heading = "Command line"
    )]
    jobs: u16,
    /// Same as in check and body
    #[arg(
        short,
        long,
        default_value = "text",
        value_name = "FORMAT",
        value_parser = formats(),
        help_heading = "Command line"
    )]
    format: OutputFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight config show
  runway-preflight config show --jobs 4 --model gen4_turbo";

const EXAMPLES: &str = "\
Examples:
  Which values apply here, and where do they come from?
    runway-preflight config show
  Which values would apply with these flags?
    runway-preflight config show --jobs 4 --model gen4_turbo
  Start a file with the current values
    runway-preflight config show > new.toml && mv new.toml runway-preflight.toml

Exit codes: 0 printed, 2 usage error or unusable file, 4 output could not be written.";

impl Show {
    fn run(self) -> anyhow::Result<Exit> {
        let config = self.config.open()?;
        Ok(write(self.text(config).as_bytes()))
    }

    fn text(self, config: Option<Config>) -> String {
        let Config { name, model, endpoint, jobs, format, ignored } = config.unwrap_or_default();
        let Self {
            explicit, model: typed_model, endpoint: typed_endpoint, jobs: typed_jobs, format: typed_format, ..
        } = self;
        let mut page = ConfigPage { name, explicit, rows: Vec::new() };
        page.row("model", typed_model.as_deref().map(quoted), model.map(|setting| setting.map(|model| quoted(&model))));
        page.row(
            "endpoint",
            typed_endpoint.as_deref().map(quoted),
            endpoint.map(|setting| setting.map(|endpoint| quoted(&endpoint))),
        );
        page.row("jobs", Some(typed_jobs.to_string()), jobs.map(|setting| setting.map(|jobs| jobs.to_string())));
        let format = format.map(|setting| setting.map(|format| quoted(format.name())));
        page.row("format", Some(quoted(typed_format.name())), format);
        page.text(&ignored)
    }
}

/// The values while they are collected.
struct ConfigPage {
    /// The name of the configuration file.
    name: String,
    explicit: ExplicitArgs,
    /// Each value and its origin.
    rows: Vec<(String, String)>,
}

impl ConfigPage {
    /// Adds the value of a key: from the command line, else from the file, else the default.
    fn row(&mut self, key: &str, typed: Option<String>, set: Option<Setting<String>>) {
        let (value, origin) = match set {
            _ if self.explicit.has(key) => (typed, "command line".to_owned()),
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
            // Writing to a String cannot fail.
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

/// Writes a TOML string, without secrets and with control characters escaped.
fn quoted(text: &str) -> String {
    let text = redact_text(text);
    let mut quoted = String::from('"');
    for character in text.chars() {
        let mut bytes = [0; 4];
        let plain: &str = character.encode_utf8(&mut bytes);
        if matches!(character, '"' | '\\') {
            quoted.extend(['\\', character]);
        } else if UntrustedText::from(plain).escaped().to_string() == plain {
            quoted.push(character);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(quoted, "\\U{:08X}", u32::from(character));
        }
    }
    quoted + "\""
}
