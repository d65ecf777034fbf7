//! The bar on standard error, for work that takes longer than a second: how many assets are judged, how fast, how many
//! of them are rejected, and what was downloaded.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::Counters;
use indicatif::{DecimalBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::args::Results;
use super::report_writers::Outlets;
use super::terminal;

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the bar is drawn anew.
const TICK: Duration = Duration::from_millis(100);

/// Shows how far a run has come, where somebody looks.
pub(crate) struct Progress {
    tally: Arc<Counters>,
    /// How many assets there are, where that is known.
    total: Cell<Option<u64>>,
    start: Instant,
    drawn: Cell<Instant>,
    is_wanted: bool,
    results_go: Goes,
    bar: RefCell<Option<ProgressBar>>,
}

/// Where results go, seen from the terminal with the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goes {
    /// To the same terminal.
    Here,
    /// To another program, which may write to this terminal when it likes.
    Through,
    /// To a file.
    Elsewhere,
}

impl Progress {
    /// Starts the clock; nothing is drawn yet.
    pub(crate) fn new(results: &Results, tally: Arc<Counters>, total: Option<u64>) -> Self {
        let start = Instant::now();
        Self {
            tally,
            total: Cell::new(total),
            start,
            drawn: Cell::new(start),
            is_wanted: is_wanted(results),
            results_go: Goes::of(results),
            bar: RefCell::default(),
        }
    }

    /// Leaves out what an earlier run has done.
    pub(crate) fn without(&self, done: u64) {
        self.total.set(self.total.get().map(|total| total.saturating_sub(done)));
    }

    /// Does the work, and draws beside it. What is drawn stays until [`Self::end`].
    pub(crate) async fn beside<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        if !self.is_wanted {
            return work.await;
        }
        loop {
            match tokio::time::timeout(TICK, work.as_mut()).await {
                Ok(done) => return done,
                Err(_) => self.draw(),
            }
        }
    }

    /// Writes a result while no bar is in the way.
    pub(crate) fn around(
        &self,
        outlets: &mut Outlets,
        write: impl FnOnce(&mut Outlets) -> io::Result<()>,
    ) -> io::Result<()> {
        // The bar must not come upon half a line that waits for its other half.
        let is_watched = self.is_wanted && self.results_go != Goes::Elsewhere;
        let write = || write(outlets).and_then(|()| if is_watched { outlets.flush() } else { Ok(()) });
        let written = match self.results_go {
            Goes::Here => self.aside(write),
            Goes::Through => {
                // It comes to the terminal a moment later, if it does: the bar stays away until the next tick.
                self.end();
                write()
            }
            Goes::Elsewhere => write(),
        };
        // Work that never waits does not let `beside` draw.
        if self.is_wanted && self.drawn.get().elapsed() >= TICK {
            self.draw();
        }
        written
    }

    /// Writes something to this terminal, standard error for one, while no bar is in the way.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &*self.bar.borrow() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn draw(&self) {
        self.drawn.set(Instant::now());
        if self.start.elapsed() < PATIENCE {
            return;
        }
        let mut held = self.bar.borrow_mut();
        let bar = held.get_or_insert_with(|| bar(self.total.get()));
        bar.set_message(self.message());
        bar.set_position(self.tally.checked());
        bar.tick();
    }

    /// Says how far the run has come: as much as there is room for, what matters most first.
    fn message(&self) -> String {
        let (judged, rejected) = (self.tally.checked(), self.tally.rejected());
        let of = self.total.get().map_or_else(String::new, |total| format!("/{}", HumanCount(total)));
        let rate = judged / self.start.elapsed().as_secs().max(1);
        let parts = [
            format!("{}{of} judged", HumanCount(judged)),
            format!("{} rejected", HumanCount(rejected)),
            format!("{}/s", HumanCount(rate)),
            DecimalBytes(self.tally.bytes()).to_string(),
        ];
        fitting(&parts, usize::from(Ground.width()).saturating_sub(BESIDE))
    }
}

/// Columns that are not for the message, but for the bar.
const BESIDE: usize = "[==========] ".len();

/// Joins as many parts as fit, one at least.
fn fitting(parts: &[String], room: usize) -> String {
    let mut message = String::new();
    for part in parts {
        if !message.is_empty() && message.len() + ", ".len() + part.len() > room {
            break;
        }
        message.push_str(if message.is_empty() { "" } else { ", " });
        message.push_str(part);
    }
    message
}

impl Goes {
    fn of(results: &Results) -> Self {
        if results.output.is_some() {
            Self::Elsewhere
        } else if io::stdout().is_terminal() {
            Self::Here
        } else if fs::metadata("/dev/stdout").is_ok_and(|stdout| stdout.is_file()) {
            Self::Elsewhere
        } else {
            Self::Through
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// What is drawn where the total is known, and where not.
const BAR: &str = "[{bar:10}] {msg}";
const SPINNER: &str = "{spinner} {msg}";

fn bar(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::term_like(Box::new(Ground)));
    let template = if total.is_some() { BAR } else { SPINNER };
    // Both are well-formed, as a test says.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.progress_chars("=> ").tick_chars("|/-\\ "))
}

/// Standard error as the ground that the bar is drawn on: a little narrower than the terminal, because a `^C` at the end
/// of a full line would make the terminal begin another, and that one would be cleared instead.
#[derive(Debug)]
struct Ground;

impl TermLike for Ground {
    fn width(&self) -> u16 {
        u16::try_from(terminal::columns().saturating_sub(4)).unwrap_or(u16::MAX).max(1)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{n}A")) }
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{n}B")) }
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{n}C")) }
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.write_str(&format!("\x1b[{n}D")) }
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text).and_then(|()| self.write_str("\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        io::stderr().write_all(text.as_bytes())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Says whether anybody wants a bar: not in CI, whose logs keep every frame, and not on what cannot move its cursor.
fn is_wanted(results: &Results) -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    let is_quiet = results.quiet || results.no_progress;
    !is_quiet && !is_dumb && !is_set("CI") && io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out() {
        let parts = ["1/2 judged", "0 rejected", "1/s"].map(str::to_owned);
        for (room, expected) in [(99, "1/2 judged, 0 rejected, 1/s"), (26, "1/2 judged, 0 rejected"), (3, "1/2 judged")]
        {
            assert_eq!(fitting(&parts, room), expected, "{room}");
        }
    }

    #[test]
    fn the_templates_are_well_formed() {
        for template in [BAR, SPINNER] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
