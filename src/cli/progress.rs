//! The bar on standard error, for work that takes longer than a second: how many assets are judged, how fast, how many
//! of them are rejected, and what was downloaded.

use std::cell::{Cell, OnceCell};
use std::env;
use std::io::{self, IsTerminal as _};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use runway_preflight::Tally;

use super::flags::Results;

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the bar is drawn anew.
const TICK: Duration = Duration::from_millis(100);

/// Shows how far a run has come, where somebody looks.
pub(crate) struct Progress {
    tally: Arc<Tally>,
    /// How many assets there are, where that is known.
    total: Option<u64>,
    start: Instant,
    drawn: Cell<Instant>,
    is_wanted: bool,
    /// Whether results come to the terminal that the bar is on, by way of another program.
    is_piped: bool,
    bar: OnceCell<ProgressBar>,
}

impl Progress {
    /// Starts the clock; nothing is drawn yet.
    pub(crate) fn new(results: &Results, tally: Arc<Tally>, total: Option<u64>) -> Self {
        let start = Instant::now();
        let is_piped = results.output.is_none() && !io::stdout().is_terminal();
        let bar = OnceCell::new();
        Self { tally, total, start, drawn: Cell::new(start), is_wanted: is_wanted(results), is_piped, bar }
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

    /// Writes something while no bar is in the way.
    pub(crate) fn around<T>(&self, write: impl FnOnce() -> T) -> T {
        let Some(bar) = self.bar.get() else {
            let written = write();
            self.tick();
            return written;
        };
        if self.is_piped {
            // What is written comes to the terminal a moment later, if it does: the bar is away until the next tick.
            bar.set_draw_target(ProgressDrawTarget::hidden());
            let written = write();
            bar.set_draw_target(ProgressDrawTarget::stderr());
            return written;
        }
        bar.set_message(self.message());
        bar.suspend(write)
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    /// Draws if it is time; for work that does not wait and so never lets [`Self::beside`] draw.
    fn tick(&self) {
        if self.is_wanted && self.drawn.get().elapsed() >= TICK {
            self.draw();
        }
    }

    fn draw(&self) {
        self.drawn.set(Instant::now());
        if self.start.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| bar(self.total));
        bar.set_message(self.message());
        bar.set_position(self.tally.judged());
        bar.tick();
    }

    /// Says how far the run has come; what matters least comes last, because it is cut off on a narrow terminal.
    fn message(&self) -> String {
        let (judged, rejected, bytes) = (self.tally.judged(), self.tally.rejected(), self.tally.bytes());
        let of = self.total.map_or_else(String::new, |total| format!("/{}", HumanCount(total)));
        let seconds = self.start.elapsed().as_secs().max(1);
        let rate = HumanCount(judged / seconds);
        format!(
            "{}{of} judged, {} rejected, {rate}/s, {}",
            HumanCount(judged),
            HumanCount(rejected),
            DecimalBytes(bytes)
        )
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = if total.is_some() { "[{bar:10}] {wide_msg}" } else { "{spinner} {wide_msg}" };
    // Both templates are well-formed, as a test says.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.progress_chars("=> ").tick_chars("|/-\\ "))
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
    fn the_templates_are_well_formed() {
        for template in ["[{bar:10}] {wide_msg}", "{spinner} {wide_msg}"] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
