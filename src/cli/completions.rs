//! `completions` and `man`: what the command line knows of itself, for shells and for `man`.

use std::io::{self, Write as _};

use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Exit, unwritten};

/// Write completions for a shell to standard output
#[derive(Args, Debug)]
#[command(after_long_help = COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

const COMPLETIONS: &str = "\
Examples:
  For bash, from the next session on
    runway-preflight completions bash > ~/.local/share/bash-completion/completions/runway-preflight
  For zsh, where ~/.zfunc is on fpath before compinit runs
    runway-preflight completions zsh > ~/.zfunc/_runway-preflight
  For fish
    runway-preflight completions fish > ~/.config/fish/completions/runway-preflight.fish

Exit codes: 0 written, 2 bad usage, 4 not written.";

impl Completions {
    /// Runs the verb.
    pub(crate) fn run(self) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "runway-preflight", &mut script);
        let script = String::from_utf8_lossy(&script);
        write(if self.shell == Shell::Bash { of_bash(&script) } else { script.into_owned() }.as_bytes())
    }
}

/// Gives the parts of the script for bash one name each: `clap_complete` 4.6 spells the hyphen in the name of a program
/// in two ways, and then finds nothing to complete behind any verb.
fn of_bash(script: &str) -> String {
    script.replace("runway__subcmd__preflight", "runway__preflight")
}

/// Write the manual page to standard output
#[derive(Args, Debug)]
#[command(after_long_help = MAN)]
pub(crate) struct Man {}

const MAN: &str = "\
Examples:
  Install it for the user
    runway-preflight man > ~/.local/share/man/man1/runway-preflight.1
  Read it at once
    runway-preflight man | man -l -

Exit codes: 0 written, 4 not written.";

impl Man {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let Self {} = self;
        let mut front = Vec::new();
        clap_mangen::Man::new(command()).render(&mut front)?;
        // No hyphens that are not there: names of flags and models are copied from the page.
        let mut page = laid_out(&front, "EXAMPLES").replacen(".SH NAME", ".nh\n.SH NAME", 1);
        for verb in command().get_subcommands() {
            // All verbs stand on this page: there are no others to refer to.
            let name = verb.get_name();
            page = page.replace(&format!("runway\\-preflight\\-{name}(1)"), &format!("runway\\-preflight {name}"));
            section(verb, "", &mut page)?;
        }
        page.push_str(CLOSING);
        Ok(write(page.as_bytes()))
    }
}

fn command() -> Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Returns what was written of the page with a title of its own over the examples, which stay line by line as they are:
/// a command that is filled or hyphenated cannot be pasted.
fn laid_out(part: &[u8], title: &str) -> String {
    let part = String::from_utf8_lossy(part);
    let Some((before, examples)) = part.split_once(".SH EXTRA\n") else { return part.into_owned() };
    let (examples, after) = examples
        .split_once(".SH ")
        .map_or((examples, String::new()), |(examples, after)| (examples, format!(".SH {after}")));
    format!("{before}.SH \"{title}\"\n.nf\n{}\n.fi\n{after}", examples.trim_end())
}

/// Writes the options and the examples of one verb as sections of the page, and those of the verbs below it.
fn section(verb: &Command, above: &str, page: &mut String) -> io::Result<()> {
    if verb.get_name() == "help" {
        return Ok(());
    }
    let name = format!("{above}{}", verb.get_name());
    let mut part = Vec::new();
    clap_mangen::Man::new(verb.clone()).render_options_section(&mut part)?;
    let title = format!(".SH \"OPTIONS OF {}\"", name.to_uppercase());
    page.push_str(&String::from_utf8_lossy(&part).replacen(".SH OPTIONS", &title, 1));
    let mut examples = Vec::new();
    clap_mangen::Man::new(verb.clone()).render_extra_section(&mut examples)?;
    page.push_str(&laid_out(&examples, &format!("EXAMPLES OF {}", name.to_uppercase())));
    verb.get_subcommands().try_for_each(|below| section(below, &format!("{name} "), page))
}

/// What clap does not know.
const CLOSING: &str = "\
.SH ENVIRONMENT
.TP
NO_COLOR, CLICOLOR_FORCE, TERM
Decide on colour where \\-\\-color does not.
.TP
CI
Where it is set, \\-\\-show\\-query is refused, and no progress is shown.
.TP
FORCE_HYPERLINK
Whether codes in the text on a terminal are links: 1 or 0.
.PP
Proxy variables, netrc files and RUNWAYML_API_SECRET are never read.
.SH FILES
.TP
runway\\-preflight.toml
Defaults of a project, in the working directory or a parent of it; runway\\-preflight config show prints what holds.
";

fn write(bytes: &[u8]) -> Exit {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Accepted,
        Err(error) => unwritten(&error),
    }
}
