//! `completions`: shell completions, generated from the command line and the embedded rules.

use std::io::{self, Write as _};

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command, CommandFactory as _};
use clap_complete::Shell;
use strum::VariantNames as _;

use super::{Cli, Exit, output_failed};
use crate::request::EMBEDDED;
use crate::{OutputFormat, RuleSet, explain};

/// Write shell completions to standard output
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Completions {
    /// Shell to generate completions for
    #[arg(value_enum)]
    shell: Shell,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight completions zsh > ~/.zfunc/_runway-preflight
  runway-preflight completions fish > ~/.config/fish/completions/runway-preflight.fish";

const EXAMPLES: &str = "\
Examples:
  bash (takes effect in the next session)
    runway-preflight completions bash > ~/.local/share/bash-completion/completions/runway-preflight
  zsh, if ~/.zfunc is on fpath before compinit runs
    runway-preflight completions zsh > ~/.zfunc/_runway-preflight
  fish
    runway-preflight completions fish > ~/.config/fish/completions/runway-preflight.fish

Exit codes: 0 written, 2 usage error, 4 output could not be written.";

impl Completions {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "runway-preflight", &mut script);
        let script = String::from_utf8_lossy(&script);
        write(if self.shell == Shell::Bash { fix_bash(&script) } else { script.into_owned() }.as_bytes())
    }
}

/// Unifies names in the bash script: `clap_complete` 4.6 encodes the hyphen of a program's name in two ways, and then
/// completes nothing after a subcommand.
fn fix_bash(script: &str) -> String {
    script.replace("runway__subcmd__preflight", "runway__preflight")
}

/// Returns the command line with the known models, endpoints, fields and codes as possible values.
fn command() -> Command {
    let rules = RuleSet::embedded();
    let endpoints: Vec<&str> = EMBEDDED.endpoints.keys().map(String::as_str).collect();
    let mut models: Vec<&str> = endpoints.iter().flat_map(|name| EMBEDDED.models(name)).chain(rules.models()).collect();
    let mut fields: Vec<&str> = rules.fields().filter_map(|(_, row)| row.field.as_deref()).collect();
    for names in [&mut models, &mut fields] {
        names.sort_unstable();
        names.dedup();
    }
    let codes: Vec<String> = explain::known().iter().map(|found| found.code.escaped().to_string()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let reports: Vec<String> = OutputFormat::VARIANTS.iter().map(|name| format!("{name}=")).collect();
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    let known = [
        ("model", &models),
        ("endpoint", &endpoints),
        ("field", &fields),
        ("what", &codes),
        ("retryable", &codes),
        ("report", &reports),
    ];
    let mut command = known.iter().fold(Cli::command(), |command, (id, values)| complete(command, id, values));
    command.build();
    command
}

/// Gives an argument its known values, in every subcommand that has it.
fn complete(command: Command, id: &str, values: &[&str]) -> Command {
    let has = command.get_arguments().any(|arg| arg.get_id() == id);
    let command = command.mut_subcommands(|subcommand| complete(subcommand, id, values));
    if !has {
        return command;
    }
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    command.mut_arg(id, |arg: Arg| arg.value_parser(PossibleValuesParser::new(values)).hide_possible_values(true))
}

/// Writes bytes to standard output.
pub(super) fn write(bytes: &[u8]) -> Exit {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Success,
        Err(error) => output_failed(&error),
    }
}
