//! Who has the last word on a value: the command line, then the configuration file, then the program.

use std::path::PathBuf;

use crate::{Ignored, UntrustedText};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::args::FormatName;
use super::config::{Config, Setting};
use super::say;

/// Which configuration file holds.
#[derive(Args, Debug)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigFrom {
    /// Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory
    #[arg(long, value_name = "PATH", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long)]
    no_config: bool,
}

impl ConfigFrom {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// Where it cannot be read, or says what it may not.
    pub(crate) fn open(&self) -> anyhow::Result<Option<Config>> {
        match &self.config {
            _ if self.no_config => Ok(None),
            Some(path) => Config::read(path).map(Some),
            None => Config::find(),
        }
    }

    /// Fills in what the command line leaves open.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub(crate) fn settle(&self, given: &Given, values: Values<'_>) -> anyhow::Result<Settled> {
        let Some(config) = self.open()? else { return Ok(Settled::default()) };
        let Values { model, endpoint, jobs, format } = values;
        if let (Some(model), Some(setting)) = (model, config.model) {
            given.unless("model", || *model = Some(setting.value));
        }
        if let Some(setting) = config.endpoint {
            given.unless("endpoint", || *endpoint = Some(setting.value));
        }
        if let (Some(jobs), Some(setting)) = (jobs, config.jobs) {
            given.unless("jobs", || *jobs = setting.value);
        }
        if let (Some(format), Some(setting)) = (format, config.format) {
            given.unless("format", || *format = setting.value);
        }
        let (expired, ignored): (Vec<_>, Vec<_>) =
            config.ignored.into_iter().partition(|setting| setting.value.is_expired());
        for Setting { value, line } in expired {
            let until = value.until.map(|until| until.to_string()).unwrap_or_default();
            say(&format!("note: {}:{line}: {} counts again: it was ignored until {until}", config.name, value.code));
        }
        let ignored = ignored.into_iter().map(|Setting { value, line }| Ignored {
            code: value.code,
            why: format!("{}:{line}: {}", config.name, UntrustedText::from(value.reason.as_str()).escaped_up_to(512)),
        });
        let ignored = ignored.collect();
        Ok(Settled { ignored, config: Some(config.name) })
    }
}

/// What a file may set; `None` where the verb has no such flag.
pub(crate) struct Values<'a> {
    pub(crate) model: Option<&'a mut Option<String>>,
    pub(crate) endpoint: &'a mut Option<String>,
    pub(crate) jobs: Option<&'a mut u16>,
    pub(crate) format: Option<&'a mut FormatName>,
}

/// What holds beside the values.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// The warnings that are ignored.
    pub(crate) ignored: Vec<Ignored>,
    /// The file, as it is shown; `None` where there is none.
    pub(crate) config: Option<String>,
}

/// The flags that stand on the command line. It must come before them in a struct of flags, because each takes its
/// own away.
#[derive(Debug)]
pub(crate) struct Given(Vec<String>);

impl Given {
    /// Says whether a flag stands on the command line.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|given| given == flag)
    }

    fn unless(&self, flag: &str, fill: impl FnOnce()) {
        if !self.has(flag) {
            fill();
        }
    }
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let typed = |id: &&clap::Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
        Ok(Self(matches.ids().filter(typed).map(ToString::to_string).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// It has no flags of its own.
impl Args for Given {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}
