//! Precedence: the command line, then the configuration file, then the default.

use std::path::PathBuf;

use crate::engine::Ignored;
use crate::{OutputFormat, UntrustedText};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::config::{Config, Setting};
use super::notice;

/// Flags that select the configuration file.
#[derive(Args, Debug)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigArgs {
    /// Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory
    #[arg(long, value_name = "PATH", conflicts_with = "no_config", hide_short_help = true)]
    pub(crate) config: Option<PathBuf>,
    /// Ignore configuration files
    #[arg(long, hide_short_help = true)]
    no_config: bool,
}

impl ConfigArgs {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or sets a key that is not allowed.
    pub(crate) fn open(&self) -> anyhow::Result<Option<Config>> {
        match &self.config {
            _ if self.no_config => Ok(None),
            Some(path) => Config::read(path).map(Some),
            None => Config::find(),
        }
    }

    /// Applies the file's values to flags that the command line does not set.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub(crate) fn resolve(&self, explicit: &ExplicitArgs, values: Overridable<'_>) -> anyhow::Result<Resolved> {
        let Some(config) = self.open()? else { return Ok(Resolved::default()) };
        let Overridable { model, endpoint, jobs, format } = values;
        let mut resolved = Resolved { config: Some(config.name.clone()), ..Resolved::default() };
        if let (Some(model), Some(setting)) = (model, config.model) {
            explicit.unless("model", || {
                *model = Some(setting.value);
                resolved.model_line = Some(setting.line);
            });
        }
        if let Some(setting) = config.endpoint {
            explicit.unless("endpoint", || {
                *endpoint = Some(setting.value);
                resolved.endpoint_line = Some(setting.line);
            });
        }
        if let (Some(jobs), Some(setting)) = (jobs, config.jobs) {
            explicit.unless("jobs", || *jobs = setting.value);
        }
        if let (Some(format), Some(setting)) = (format, config.format) {
            explicit.unless("format", || *format = setting.value);
        }
        let (expired, ignored): (Vec<_>, Vec<_>) =
            config.ignored.into_iter().partition(|setting| setting.value.is_expired());
        for Setting { value, line } in expired {
            let until = value.until.map(|until| until.to_string()).unwrap_or_default();
            notice(&format!("note: {}:{line}: the ignore entry for {} expired on {until}", config.name, value.code));
        }
        let ignored = ignored.into_iter().map(|Setting { value, line }| Ignored {
            code: value.code,
            why: format!("{}:{line}: {}", config.name, UntrustedText::from(value.reason.as_str()).escaped_up_to(512)),
        });
        Ok(Resolved { ignored: ignored.collect(), ..resolved })
    }
}

/// The values that a file may set; `None` if the subcommand has no such flag.
pub(crate) struct Overridable<'a> {
    pub(crate) model: Option<&'a mut Option<String>>,
    pub(crate) endpoint: &'a mut Option<String>,
    pub(crate) jobs: Option<&'a mut u16>,
    pub(crate) format: Option<&'a mut OutputFormat>,
}

/// The parts of the configuration that are not flag values.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// The warnings that are ignored.
    pub(crate) ignored: Vec<Ignored>,
    /// The file's name, escaped for display; `None` without a file.
    pub(crate) config: Option<String>,
    /// The line of the model, if it is the file's.
    model_line: Option<usize>,
    /// The line of the endpoint, if it is the file's.
    endpoint_line: Option<usize>,
}

impl Resolved {
    /// Returns the place of the model or the endpoint in the file, before a message: `runway-preflight.toml:1: `.
    pub(crate) fn place_of(&self, what: &str) -> String {
        let line = if what == "model" { self.model_line } else { self.endpoint_line };
        let place = self.config.as_ref().zip(line).map(|(name, line)| format!("{name}:{line}: "));
        place.unwrap_or_default()
    }
}

/// The flags that were given on the command line. It must be the first field of an `Args` struct, because clap removes
/// the arguments of each field as it parses them.
#[derive(Debug)]
pub(crate) struct ExplicitArgs(Vec<String>);

impl ExplicitArgs {
    /// Returns whether a flag was given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|given| given == flag)
    }

    fn unless(&self, flag: &str, fill: impl FnOnce()) {
        if !self.has(flag) {
            fill();
        }
    }
}

impl FromArgMatches for ExplicitArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let typed = |id: &&clap::Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
        Ok(Self(matches.ids().filter(typed).map(ToString::to_string).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Adds no arguments of its own.
impl Args for ExplicitArgs {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}
