//! The capabilities of the terminal on standard output: color, links and width.

use std::env;
use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::ColorChoice;
use super::notice;

/// Decides on color: the flag, then `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, `TERM=dumb`, then whether
/// standard output is a terminal.
pub(crate) fn color(choice: ColorChoice, to_file: bool) -> bool {
    let get = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => forced_color(get).unwrap_or_else(|| !to_file && io::stdout().is_terminal()),
    }
}

/// Returns the environment's setting for color, if any.
fn forced_color(get: impl Fn(&str) -> Option<String>) -> Option<bool> {
    if get("NO_COLOR").is_some() {
        return Some(false);
    }
    let is_on = |value: &String| value != "0" && value != "false";
    if let Some(force) = get("FORCE_COLOR") {
        // As Node does.
        return Some(is_on(&force));
    }
    if let Some(force) = get("CLICOLOR_FORCE") {
        return is_on(&force).then_some(true);
    }
    let is_off = get("CLICOLOR").is_some_and(|value| value == "0") || get("TERM").is_some_and(|term| term == "dumb");
    is_off.then_some(false)
}

/// Says on standard error what to type, where standard input is a terminal.
pub(crate) fn prompt(text: &str) {
    if io::stdin().is_terminal() {
        notice(text);
        IS_TYPED.store(true, Ordering::Relaxed);
    }
}

/// Returns whether the input is typed at the terminal, which a progress bar would overwrite.
pub(crate) fn is_typed() -> bool {
    IS_TYPED.load(Ordering::Relaxed)
}

static IS_TYPED: AtomicBool = AtomicBool::new(false);

/// Returns whether the program runs in CI: `CI` is set to anything but `false` or `0`.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// Returns the columns to wrap at: those of the terminal, clamped to 40 to 200; `None` for a pipe or a file, whose
/// lines are not wrapped.
pub(crate) fn width(to_file: bool) -> Option<usize> {
    if to_file || !io::stdout().is_terminal() {
        return None;
    }
    Some(columns().clamp(40, 200))
}

/// Returns the columns to wrap messages on standard error at, as [`width`] does.
pub(crate) fn message_width() -> Option<usize> {
    io::stderr().is_terminal().then(|| columns().clamp(40, 200))
}

/// Returns the columns of the terminal that the program runs on.
pub(crate) fn columns() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
}

/// Decides on hyperlinks (OSC 8): only on terminals that are known to support them, because others may print the escape
/// sequence. `FORCE_HYPERLINK` overrides what is known.
pub(crate) fn links(choice: ColorChoice, to_file: bool) -> bool {
    if to_file || choice == ColorChoice::Never || !io::stdout().is_terminal() {
        return false;
    }
    supports_links(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

/// Terminals that support links, by `TERM` and by `TERM_PROGRAM`.
const TERMS: [&str; 5] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"];
const PROGRAMS: [&str; 6] = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"];

/// Returns whether the terminal that an environment describes is known to support links.
fn supports_links(get: impl Fn(&str) -> Option<String>) -> bool {
    if let Some(force) = get("FORCE_HYPERLINK") {
        return force != "0";
    }
    let term = get("TERM").unwrap_or_default();
    // Multiplexers support links only in some versions and settings.
    let is_multiplexed = get("TMUX").is_some() || term.starts_with("screen") || term.starts_with("tmux");
    if get("CI").is_some() || is_multiplexed || term == "dumb" {
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
    fn the_environment_decides_on_color() {
        let case = |environment: &[(&str, &str)], expected: Option<bool>| {
            let get =
                |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(forced_color(get), expected, "{environment:?}");
        };
        case(&[], None);
        case(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], Some(false));
        case(&[("FORCE_COLOR", "1"), ("TERM", "dumb")], Some(true));
        case(&[("CLICOLOR_FORCE", "1")], Some(true));
        case(&[("CLICOLOR_FORCE", "0")], None);
        case(&[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "1")], Some(false));
        case(&[("CLICOLOR", "0")], Some(false));
        case(&[("CLICOLOR", "1")], None);
        case(&[("TERM", "dumb")], Some(false));
    }

    #[test]
    fn links_are_for_terminals_that_are_known_to_support_them() {
        let case = |environment: &[(&str, &str)], expected: bool| {
            let get =
                |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(supports_links(get), expected, "{environment:?}");
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
