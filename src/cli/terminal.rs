//! What kind of reader standard output has: decided once, here, for colour, links and width.

use std::env;
use std::io::{self, IsTerminal as _};

use super::args::ColorChoice;

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
    Some(columns().clamp(40, 200))
}

/// Returns the columns of the terminal that the program runs on.
pub(crate) fn columns() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
}

/// Decides on links that a terminal can open (OSC 8): only where standard output is one that is known to take them,
/// because others may print them as they are. `FORCE_HYPERLINK` has the last word on what is known.
pub(crate) fn links(choice: ColorChoice, to_file: bool) -> bool {
    if to_file || choice == ColorChoice::Never || !io::stdout().is_terminal() {
        return false;
    }
    takes_links(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

/// Terminals that take links: as they name their kind, and as they name themselves.
const TERMS: [&str; 5] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"];
const PROGRAMS: [&str; 6] = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"];

/// Says whether the terminal that an environment describes is known to take links.
fn takes_links(get: impl Fn(&str) -> Option<String>) -> bool {
    if let Some(force) = get("FORCE_HYPERLINK") {
        return force != "0";
    }
    let term = get("TERM").unwrap_or_default();
    // A multiplexer stands between; what it does with links depends on its version and settings.
    let is_between = get("TMUX").is_some() || term.starts_with("screen") || term.starts_with("tmux");
    if get("CI").is_some() || is_between || term == "dumb" {
        return false;
    }
    let vte = get("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    TERMS.contains(&term.as_str())
        || get("TERM_PROGRAM").is_some_and(|program| PROGRAMS.contains(&program.as_str()))
        // Since 0.50; 0.50.0 itself crashed on them.
        || vte.is_some_and(|version| version > 5000)
        || ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].iter().any(|name| get(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_for_terminals_that_are_known_to_take_them() {
        let case = |environment: &[(&str, &str)], expected: bool| {
            let get =
                |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(takes_links(get), expected, "{environment:?}");
        };
        case(&[], false);
        case(&[("TERM", "xterm-256color")], false);
        case(&[("TERM", "xterm-kitty")], true);
        case(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7006")], true);
        case(&[("TERM", "xterm-256color"), ("VTE_VERSION", "4999")], false);
        case(&[("TERM", "xterm-256color"), ("WT_SESSION", "x")], true);
        case(&[("TERM_PROGRAM", "iTerm.app")], true);
        case(&[("TERM_PROGRAM", "Apple_Terminal")], false);
        case(&[("TERM_PROGRAM", "vscode"), ("CI", "true")], false);
        case(&[("TERM", "tmux-256color"), ("VTE_VERSION", "7006")], false);
        case(&[("TERM", "dumb"), ("FORCE_HYPERLINK", "1")], true);
        case(&[("TERM", "xterm-kitty"), ("FORCE_HYPERLINK", "0")], false);
    }
}
