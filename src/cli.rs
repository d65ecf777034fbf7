//! The verbs of the command line, and what the exit code means.

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
mod import;
mod panic;
mod progress;
mod purpose;
mod report_writers;
mod resume;
mod rule_sources;
mod rules;
mod rules_diff;
mod run;
#[cfg(feature = "serve")]
mod serve;
mod settings;
mod shard;
mod signals;
mod sources;
mod terminal;

/// Says beforehand what Runway's API would say about your assets.
#[derive(Debug, Parser)]
#[command(
    name = "runway-preflight",
    version,
    about = "Says beforehand what Runway's API would say about your images, videos and audio",
    long_about = "Says beforehand what Runway's API would say about your images, videos and audio: the reason of a \
                  400 Bad Request in the API's own words, then what was seen, why, and how to mend it.\n\n\
                  No API key is needed, and none is read.",
    after_help = EXIT_CODES,
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

/// One command for each of the main jobs.
const EXAMPLES: &str = "\
Examples:
  Why did the API refuse this URL?
    runway-preflight check --field promptImage https://cdn.example.com/photo.png
  Would it take this request?
    runway-preflight body request.json
  What does this answer mean, and may it be sent again?
    runway-preflight explain SAFETY.INPUT.TEXT
  What must a picture for gen4_turbo be?
    runway-preflight rules --model gen4_turbo --kind image
  Each verb has examples of its own
    runway-preflight check --help";

/// What the exit code means, for the help and the manual page.
const EXIT_CODES: &str = "\
Exit codes:
  0    every asset is accepted
  1    at least one asset is rejected
  2    bad usage, or a list, body, config or rules file that cannot be used
  3    none rejected, at least one undecided
  4    the result could not be written
  5    the program itself failed; what it did not fail at was judged
  130  interrupted (143: terminated), after a valid partial report
  141  the reader of the output went away";

#[derive(Debug, Subcommand)]
enum Verb {
    Check(Box<check::Check>),
    Body(Box<body::Body>),
    Diagnose(Box<diagnose::Diagnose>),
    Explain(explain::Explain),
    Encode(encode::Encode),
    Rules(Box<rules::Rules>),
    #[cfg(feature = "serve")]
    Serve(Box<serve::Serve>),
    Config(config_show::Verb),
    Completions(completions::Completions),
    Man(completions::Man),
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Every asset is accepted, or what was asked for is done.
    Accepted,
    /// At least one is rejected, or what was asked about is not known.
    Rejected,
    /// None is rejected, at least one is undecided.
    Undecided,
    /// What was to be judged cannot be read; what could be was judged.
    Unusable,
    /// The result could not be written.
    Unwritten,
    /// The program itself failed at an asset; the others were judged.
    Failed,
    /// SIGINT came.
    Interrupted,
    /// SIGTERM came.
    Terminated,
    /// The reader of the output went away.
    BrokenPipe,
}

impl Exit {
    /// Returns the exit code.
    const fn code(self) -> u8 {
        match self {
            Self::Accepted => 0,
            Self::Rejected => 1,
            Self::Undecided => 3,
            Self::Unusable => USAGE,
            Self::Unwritten => 4,
            Self::Failed => 5,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::BrokenPipe => 141,
        }
    }
}

/// The code for bad usage; clap's own.
const USAGE: u8 = 2;

/// Parses, runs, and returns the exit code.
pub fn run() -> ExitCode {
    panic::with_room(parse_and_run)
}

fn parse_and_run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if is_no_verb(&error) {
                NO_VERB.lines().for_each(say);
                return ExitCode::from(USAGE);
            }
            return ExitCode::from(told(&error));
        }
    };
    panic::tell_in_one_line();
    let exit = panic::survive(|| match cli.verb {
        Verb::Check(check) => check.run(),
        Verb::Body(body) => body.run(),
        Verb::Diagnose(diagnose) => diagnose.run(),
        Verb::Explain(explain) => explain.run(),
        Verb::Encode(encode) => encode.run(),
        Verb::Rules(rules) => rules.run(),
        #[cfg(feature = "serve")]
        Verb::Serve(serve) => serve.run(),
        Verb::Config(config) => config.run(),
        Verb::Completions(completions) => Ok(completions.run()),
        Verb::Man(man) => man.run(),
    });
    match exit.unwrap_or(Ok(Exit::Failed)) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::from(USAGE)
        }
    }
}

/// Prints what clap says, and returns its exit code: help and version must come through, what is wrong with the words
/// typed is said whether or not anybody listens.
///
/// The words are repeated as they were: where they are not fit to be repeated, without their secrets and what a
/// terminal would obey, and without colour.
fn told(error: &clap::Error) -> u8 {
    let told = error.render().to_string();
    let harmless: Vec<String> = told.lines().map(harmless).collect();
    let printed = if !error.use_stderr() || told.lines().eq(&harmless) {
        error.print()
    } else {
        writeln!(io::stderr(), "{}", harmless.join("\n"))
    };
    match printed {
        Err(broken) if !error.use_stderr() => unwritten(&broken).code(),
        Ok(()) | Err(_) => u8::try_from(error.exit_code()).unwrap_or(USAGE),
    }
}

/// Says whether the first word is no verb and not like one: an asset, whose query must not be repeated.
fn is_no_verb(error: &clap::Error) -> bool {
    let is_like_one = |word: &str| word.chars().all(|letter| letter.is_ascii_alphabetic());
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return false };
    error.kind() == ErrorKind::InvalidSubcommand && !is_like_one(word)
}

const NO_VERB: &str = "\
error: what to do comes first

  tip: to judge an asset: runway-preflight check ASSET
  tip: to judge a request body: runway-preflight body FILE

For more information, try '--help'.";

/// Says something about the run itself on standard error, if anybody listens there: one line, without secrets and
/// without anything that a terminal or a CI runner would obey, whichever names of files and hosts are in it.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", harmless(text));
}

/// Makes a text harmless, on one line.
fn harmless(text: &str) -> String {
    UntrustedText::from(redact_text(text).as_str()).escaped_up_to(usize::MAX).to_string()
}

/// Turns a failed write into the way the program ends; a reader that went away is no news.
fn unwritten(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Exit::BrokenPipe;
    }
    say(&format!("error: the result could not be written: {error}"));
    Exit::Unwritten
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
