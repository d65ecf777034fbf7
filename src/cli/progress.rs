//! The progress bar on standard error, for runs longer than a second: how many assets are checked and rejected, the
//! bytes downloaded, and the time left.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::engine::Counters;
use indicatif::{DecimalBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::args::OutputArgs;
use super::report_writers::ReportWriters;
use super::{terminal, terminal_queue};

/// Work shorter than this shows no bar.
pub(super) const DELAY: Duration = Duration::from_secs(1);

/// How often the bar is redrawn.
const TICK: Duration = Duration::from_millis(100);

/// Shows the progress of a run on a terminal.
pub(crate) struct Progress {
    counters: Arc<Counters>,
    /// The number of assets, if known.
    total: Cell<Option<u64>>,
    start: Instant,
    drawn: Cell<Instant>,
    timeout: Duration,
    is_enabled: bool,
    target: OutputTarget,
    bar: RefCell<Option<ProgressBar>>,
}

/// Where results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutputTarget {
    /// To the terminal with the bar.
    Terminal,
    /// To another program, which may write to this terminal at any time.
    Pipe,
    /// To a file.
    File,
}

impl Progress {
    /// Starts the clock; nothing is drawn yet.
    pub(crate) fn new(output: &OutputArgs, counters: Arc<Counters>, total: Option<u64>, timeout: Duration) -> Self {
        let start = Instant::now();
        Self {
            counters,
            total: Cell::new(total),
            start,
            drawn: Cell::new(start),
            timeout,
            is_enabled: is_enabled(output),
            target: OutputTarget::of(output),
            bar: RefCell::default(),
        }
    }

    /// Subtracts the assets that an earlier run has checked.
    pub(crate) fn without(&self, done: u64) {
        self.total.set(self.total.get().map(|total| total.saturating_sub(done)));
    }

    /// Returns how many assets are checked by this run, if known.
    pub(crate) fn total(&self) -> Option<u64> {
        self.total.get()
    }

    /// Awaits the work while redrawing the bar. The bar stays until [`Self::end`].
    pub(crate) async fn drive<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        if !self.is_enabled {
            return work.await;
        }
        loop {
            match tokio::time::timeout(TICK, work.as_mut()).await {
                Ok(done) => return done,
                Err(_) => self.draw(),
            }
        }
    }

    /// Writes a result while the bar is hidden.
    pub(crate) fn with_bar_hidden(
        &self,
        writers: &mut ReportWriters,
        write: impl FnOnce(&mut ReportWriters) -> io::Result<()>,
    ) -> io::Result<()> {
        // The bar must not be drawn after an incomplete line.
        let is_visible = self.is_enabled && self.target != OutputTarget::File;
        let write = || write(writers).and_then(|()| if is_visible { writers.flush() } else { Ok(()) });
        let written = match self.target {
            OutputTarget::Terminal => self.suspend(write),
            OutputTarget::Pipe => {
                // The other program may print it a moment later, so the bar stays hidden until the next tick.
                self.end();
                write()
            }
            OutputTarget::File => write(),
        };
        // Work that never yields does not let `drive` draw.
        if self.is_enabled && self.drawn.get().elapsed() >= TICK {
            self.draw();
        }
        written
    }

    /// Writes something to the terminal, such as standard error, while the bar is hidden.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        match &*self.bar.borrow() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Removes the bar.
    pub(crate) fn end(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn draw(&self) {
        self.drawn.set(Instant::now());
        if self.start.elapsed() < DELAY || terminal_queue::is_backlogged() {
            return;
        }
        let mut held = self.bar.borrow_mut();
        let bar = held.get_or_insert_with(|| bar(self.total.get()));
        bar.set_message(self.message());
        bar.set_position(self.counters.checked());
        bar.tick();
    }

    /// Formats the progress, the most important part first, omitting parts that do not fit.
    fn message(&self) -> String {
        let elapsed = self.start.elapsed();
        let bytes = DecimalBytes(self.counters.bytes()).to_string();
        let (checked, rejected) = (self.counters.checked(), self.counters.rejected());
        let total = self.total.get();
        let mut parts = Vec::new();
        if total == Some(1) {
            let seconds = |time: Duration| format!("{:.1}", time.as_secs_f64());
            parts.push(format!("{} of {} s", seconds(elapsed), seconds(self.timeout)));
            parts.push(bytes);
        } else {
            let of = total.map_or_else(String::new, |total| format!("/{}", HumanCount(total)));
            parts.push(format!("{}{of} checked", HumanCount(checked)));
            parts.push(format!("{} rejected", HumanCount(rejected)));
            parts.extend(total.and_then(|total| time_left(checked, total, elapsed)));
            parts.push(format!("{}/s", HumanCount(checked / elapsed.as_secs().max(1))));
            parts.push(bytes);
        }
        join_to_width(&parts, usize::from(StderrTerm.width()).saturating_sub(BAR_WIDTH))
    }
}

/// Estimates the time left from the average pace so far.
fn time_left(checked: u64, total: u64, elapsed: Duration) -> Option<String> {
    let left = total.checked_sub(checked).filter(|left| *left > 0)?;
    let pace = elapsed.as_secs_f64() / f64::from(u32::try_from(checked).ok().filter(|checked| *checked > 0)?);
    let seconds = pace * f64::from(u32::try_from(left).ok()?);
    let seconds = Duration::try_from_secs_f64(seconds).ok()?.as_secs().max(1);
    Some(if seconds < 60 { format!("{seconds} s left") } else { format!("{}:{:02} left", seconds / 60, seconds % 60) })
}

/// The columns of the bar itself.
const BAR_WIDTH: usize = "[==========] ".len();

/// Joins as many parts as fit, at least one.
fn join_to_width(parts: &[String], room: usize) -> String {
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

impl OutputTarget {
    fn of(output: &OutputArgs) -> Self {
        if output.output.is_some() {
            Self::File
        } else if io::stdout().is_terminal() {
            Self::Terminal
        } else if fs::metadata("/dev/stdout").is_ok_and(|stdout| stdout.is_file()) {
            Self::File
        } else {
            Self::Pipe
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// The templates with and without a known total.
const BAR: &str = "[{bar:10}] {msg}";
const SPINNER: &str = "{spinner} {msg}";

fn bar(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::term_like(Box::new(StderrTerm)));
    let template = if total.is_some() { BAR } else { SPINNER };
    // A test checks that both templates are well-formed.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.progress_chars("=> ").tick_chars("|/-\\ "))
}

/// Standard error, a little narrower than the terminal: a `^C` echoed at the end of a full line would wrap, and the
/// next line would be cleared instead of the bar.
#[derive(Debug)]
struct StderrTerm;

impl TermLike for StderrTerm {
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
        terminal_queue::stderr().write_all(text.as_bytes())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        terminal_queue::stderr().flush()
    }
}

/// Returns whether a bar is shown: not in CI, whose logs keep every frame, nor on a terminal without cursor movement.
fn is_enabled(output: &OutputArgs) -> bool {
    output.quiet == 0 && !output.no_progress && can_be_drawn()
}

/// Returns whether standard error shows progress: a capable terminal, neither that of CI nor one that is typed at.
pub(super) fn can_be_drawn() -> bool {
    let is_dumb = env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    !is_dumb && !terminal::is_ci() && !terminal::is_typed() && io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_do_not_fit_are_omitted() {
        let parts = ["1/2 checked", "0 rejected", "1/s"].map(str::to_owned);
        for (room, expected) in
            [(99, "1/2 checked, 0 rejected, 1/s"), (27, "1/2 checked, 0 rejected"), (3, "1/2 checked")]
        {
            assert_eq!(join_to_width(&parts, room), expected, "{room}");
        }
    }

    #[test]
    fn the_templates_are_well_formed() {
        for template in [BAR, SPINNER] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
