//! `man`: the manual page of the program, or of one subcommand.

use anyhow::bail;
use clap::{Args, Command, CommandFactory as _};
use clap_mangen::roff::{Roff, roman};

use super::completions::write;
use super::{Cli, Exit};
use crate::RuleSet;

/// Write a manual page to standard output
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Man {
    /// The subcommand to describe, such as check or config show [default: the program]
    #[arg(value_name = "COMMAND")]
    subcommand: Vec<String>,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight man > ~/.local/share/man/man1/runway-preflight.1
  runway-preflight man check | man -l -";

const EXAMPLES: &str = "\
Examples:
  Install the pages for this user
    runway-preflight man > ~/.local/share/man/man1/runway-preflight.1
    runway-preflight man check > ~/.local/share/man/man1/runway-preflight-check.1
  Read a page
    runway-preflight man check | man -l -

Exit codes: 0 written, 2 usage error, 4 output could not be written.";

impl Man {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let mut command = Cli::command();
        command.build();
        let mut described = &command;
        // Pages refer to each other by names such as config-show.
        for name in self.subcommand.iter().flat_map(|word| word.split('-')) {
            let Some(subcommand) = described.get_subcommands().find(|known| known.get_name() == name) else {
                let names: Vec<&str> = described.get_subcommands().map(Command::get_name).collect();
                bail!("unknown subcommand {}; known: {}", name.escape_debug(), names.join(", "));
            };
            described = subcommand;
        }
        Ok(write(page(described)?.as_bytes()))
    }
}

/// Renders the page of a command.
fn page(command: &Command) -> anyhow::Result<String> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).replace(' ', "-");
    let man = clap_mangen::Man::new(command.clone().after_help("").after_long_help(""))
        .title(name.to_uppercase())
        .date(RuleSet::embedded().read())
        .manual("runway-preflight manual");
    let mut roff = Vec::new();
    man.render_title(&mut roff)?;
    man.render_name_section(&mut roff)?;
    man.render_synopsis_section(&mut roff)?;
    man.render_description_section(&mut roff)?;
    man.render_options_section(&mut roff)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut roff)?;
    }
    // Readers copy names of flags and models from the page, so hyphenation is off.
    let mut page = String::from_utf8_lossy(&roff).replacen(".SH NAME", ".nh\n.SH NAME", 1);
    // mandoc warns about empty line breaks before a paragraph.
    page = page.replace(".br\n\n.br\n", ".sp\n").replace("\n\n", "\n");
    let after = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let (examples, exit) =
        after.split_once("Exit codes").map_or((after.as_str(), ""), |(before, after)| (before, after));
    if !exit.is_empty() {
        page.push_str(&verbatim("EXIT STATUS", exit.trim_start_matches([':', ',', ' ', '\n'])));
    }
    page.push_str(ENVIRONMENT);
    let examples = examples.trim_start_matches("Examples:").trim_matches('\n');
    if !examples.is_empty() {
        page.push_str(&verbatim("EXAMPLES", examples));
    }
    Ok(page.lines().map(filled).collect())
}

/// Breaks a long line between words, as mandoc asks for; a request stays whole.
fn filled(line: &str) -> String {
    let mut lines = line.trim_end().to_owned();
    let mut width = 0;
    if !line.starts_with(['.', ' ']) {
        lines = lines.split(' ').fold(String::new(), |lines, word| {
            // A line that begins with a dot or a quote would be a request.
            let fits = width + word.len() < MAX_WIDTH || word.starts_with(['.', '\'']);
            let gap = if lines.is_empty() {
                ""
            } else if fits {
                " "
            } else {
                "\n"
            };
            width = if fits { width + word.len() + 1 } else { word.len() };
            lines + gap + word
        });
    }
    lines + "\n"
}

/// The longest line of a page, in bytes.
const MAX_WIDTH: usize = 78;

/// Renders a section without filling, so that its commands can be copied.
fn verbatim(title: &str, text: &str) -> String {
    let mut roff = Roff::new();
    roff.control("SH", [title]).control("nf", []);
    for line in text.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff.to_roff()
}

/// The sections that clap does not generate.
const ENVIRONMENT: &str = "\
.SH ENVIRONMENT
.TP
NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM
Control color if \\-\\-color is auto.
.TP
CI
If set, \\-\\-show\\-query is refused and no progress bar is shown.
.TP
GITHUB_ACTIONS, GITHUB_STEP_SUMMARY
On GitHub Actions, annotations follow the text on standard output, and \\-\\-format github also appends a Markdown summary.
.TP
GITHUB_WORKSPACE
If the working directory is in it, paths in reports are relative to it.
.TP
FORCE_HYPERLINK
Turn hyperlinks in terminal output on (1) or off (0).
.PP
Proxy variables, netrc files and RUNWAYML_API_SECRET are never read.
.SH FILES
.TP
runway\\-preflight.toml
Project defaults, in the working directory or one of its parents. To print them, run runway\\-preflight config show.
";
