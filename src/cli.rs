//! The command line: its subcommands, and the exit codes.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::UntrustedText;
use crate::text::secret::redact_text;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

mod args;
mod bodies;
mod body;
mod check;
mod completions;
mod config;
mod config_show;
mod destination;
mod diagnose;
mod encode;
mod explain;
mod fingerprint;
#[cfg(feature = "fix")]
mod fix;
#[cfg(feature = "fix")]
mod fix_places;
#[cfg(feature = "fix")]
mod fix_progress;
#[cfg(feature = "fix")]
mod fix_writers;
mod folder;
#[cfg(fuzzing)]
mod fuzzing;
mod import;
mod man;
mod panic;
mod pictures;
mod pipe_queue;
mod progress;
mod report_writers;
mod resume;
mod retry;
mod rule_sources;
mod rules;
mod rules_diff;
mod run;
#[cfg(feature = "serve")]
mod serve;
mod settings;
mod signals;
mod sources;
mod terminal;
mod terminal_queue;

#[cfg(fuzzing)]
pub use fuzzing::{ConfigSummary, read_config};

/// Check images, videos and audio before you send them to Runway's API.
#[derive(Debug, Parser)]
#[command(
    name = "runway-preflight",
    version,
    about = "Check images, videos and audio before you send them to Runway's API",
    long_about = "Check images, videos and audio before you send them to Runway's API. Predicts the message of a \
                  400 Bad Request in the API's own words, and adds what the API leaves out: what was found, why it \
                  was rejected and how to fix it.\n\n\
                  No API key is needed, and none is read.",
    help_template = "{about-with-newline}\n{usage-heading} {usage}\n\n{options}\n\nCommands:\n{subcommands}{after-help}\n",
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// One example for each main task.
const EXAMPLES: &str = "\
Examples:
  Why did the API reject this URL?
    runway-preflight check --field promptImage https://cdn.example.com/photo.png
  Would it accept this request?
    runway-preflight body request.json
  What does this response mean, and may the request be retried?
    runway-preflight explain SAFETY.INPUT.TEXT
  Which limits apply to images for gen4_turbo?
    runway-preflight rules --model gen4_turbo --kind image
  More examples are in the help of each subcommand
    runway-preflight check --help";

/// The meaning of each exit code, for the help and the manual page.
const EXIT_CODES: &str = "\
Exit codes:
  0    every asset is accepted
  1    at least one asset is rejected
  2    usage error, or unusable list, body, config or rules file
  3    none rejected, at least one undecided
  4    output could not be written
  5    internal error; all other assets were checked
  130  interrupted (143: terminated), after a valid partial report
  141  output pipe closed";

#[derive(Debug, Subcommand)]
enum Command {
    Check(Box<check::Check>),
    Body(Box<body::Body>),
    Diagnose(Box<diagnose::Diagnose>),
    Explain(explain::Explain),
    Encode(encode::Encode),
    #[cfg(feature = "fix")]
    Fix(Box<fix::Fix>),
    Rules(Box<rules::Rules>),
    #[cfg(feature = "serve")]
    Serve(Box<serve::Serve>),
    Config(config_show::ConfigCommand),
    Completions(completions::Completions),
    Man(man::Man),
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Every asset is accepted, or the requested work is done.
    Success,
    /// At least one asset is rejected, or the input of `explain` is not recognized.
    Failure,
    /// None is rejected, at least one is undecided.
    Undecided,
    /// Some input is unusable; the rest was checked.
    UsageError,
    /// The result could not be written.
    OutputFailed,
    /// An internal error while checking an asset; the others were checked.
    InternalError,
    /// SIGINT was received.
    Interrupted,
    /// SIGTERM or SIGHUP was received.
    Terminated,
    /// The reader of the output closed the pipe.
    BrokenPipe,
}

impl Exit {
    /// Returns the exit code.
    const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Undecided => 3,
            Self::UsageError => USAGE,
            Self::OutputFailed => 4,
            Self::InternalError => 5,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::BrokenPipe => 141,
        }
    }
}

/// The exit code of a usage error, as in clap.
const USAGE: u8 = 2;

/// Parses, runs, and returns the exit code.
pub fn run() -> ExitCode {
    panic::run_with_stack(parse_and_run)
}

fn parse_and_run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if is_missing_subcommand(&error) {
                MISSING_SUBCOMMAND.lines().for_each(notice);
                return ExitCode::from(USAGE);
            }
            return ExitCode::from(render_error(&error));
        }
    };
    panic::install_hook();
    let exit = panic::catch(|| match cli.command {
        Command::Check(check) => check.run(),
        Command::Body(body) => body.run(),
        Command::Diagnose(diagnose) => diagnose.run(),
        Command::Explain(explain) => explain.run(),
        Command::Encode(encode) => encode.run(),
        #[cfg(feature = "fix")]
        Command::Fix(fix) => fix.run(),
        Command::Rules(rules) => rules.run(),
        #[cfg(feature = "serve")]
        Command::Serve(serve) => serve.run(),
        Command::Config(config) => config.run(),
        Command::Completions(completions) => Ok(completions.run()),
        Command::Man(man) => man.run(),
    });
    let code = match exit.unwrap_or(Ok(Exit::InternalError)) {
        Ok(exit) => exit.code(),
        Err(error) => {
            notice(&format!("error: {error:#}"));
            USAGE
        }
    };
    terminal_queue::drain();
    ExitCode::from(code)
}

/// Prints clap's message and returns its exit code. Failing to write the help or version is an error; failing to write
/// a usage error is not.
///
/// The message repeats the arguments. If they contain secrets or control characters, those are removed, and the message
/// loses its colors.
fn render_error(error: &clap::Error) -> u8 {
    let text = error.render().to_string();
    let safe: Vec<String> = text.lines().map(sanitized).collect();
    let printed = if !error.use_stderr() || text.lines().eq(&safe) {
        error.print()
    } else {
        writeln!(io::stderr(), "{}", safe.join("\n"))
    };
    match printed {
        Err(broken) if !error.use_stderr() => output_failed(&broken).code(),
        Ok(()) | Err(_) => u8::try_from(error.exit_code()).unwrap_or(USAGE),
    }
}

/// Returns whether the first word looks like an asset instead of a subcommand. Its query must not be repeated.
fn is_missing_subcommand(error: &clap::Error) -> bool {
    let is_like_one = |word: &str| word.chars().all(|letter| letter.is_ascii_alphabetic());
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return false };
    error.kind() == ErrorKind::InvalidSubcommand && !is_like_one(word)
}

const MISSING_SUBCOMMAND: &str = "\
error: missing subcommand

  tip: to check an asset: runway-preflight check ASSET
  tip: to check a request body: runway-preflight body FILE

For more information, try '--help'.";

/// Writes a message about the run itself to standard error, as one line, or wrapped on a terminal. Secrets are removed,
/// and everything that a terminal or a CI runner would interpret, such as in names of files and hosts, is escaped. Write
/// errors are ignored.
fn notice(text: &str) {
    let lines = crate::output::wrap(&sanitized(text), terminal::message_width().unwrap_or(usize::MAX));
    let _ = terminal_queue::stderr().write_all(format!("{}\n", lines.join("\n")).as_bytes());
}

/// Makes a text safe to print on one line.
fn sanitized(text: &str) -> String {
    UntrustedText::from(redact_text(text).as_str()).escaped_up_to(usize::MAX).to_string()
}

/// Converts a write error to an exit code; a closed pipe is not reported.
fn output_failed(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Exit::BrokenPipe;
    }
    notice(&format!("error: output could not be written: {error}"));
    Exit::OutputFailed
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
