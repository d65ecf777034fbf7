//! What kind of reader standard output has: decided once, here, for colour and width.

use std::env;
use std::io::{self, IsTerminal as _};

use super::flags::ColorChoice;

/// Decides on colour: the flag, then `NO_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb`, then whether it is a terminal.
pub(crate) fn colour(choice: ColorChoice, to_file: bool) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto if set("CLICOLOR_FORCE") => env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
        ColorChoice::Auto if env::var_os("TERM").is_some_and(|term| term == "dumb") => false,
        ColorChoice::Auto => !to_file && io::stdout().is_terminal(),
    }
}

/// Returns the columns to wrap at: those of the terminal, between 40 and 200; `None` for a pipe or a file, whose
/// lines are left whole.
pub(crate) fn width(to_file: bool) -> Option<usize> {
    if to_file || !io::stdout().is_terminal() {
        return None;
    }
    let columns = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    Some(columns.clamp(40, 200))
}
