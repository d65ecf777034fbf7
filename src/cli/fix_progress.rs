//! The progress of ffmpeg on standard error. One line is enough, because one ffmpeg runs at a time.

use std::cell::Cell;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use super::progress::{DELAY, can_be_drawn};

/// Shows how much of a clip is written, where the work takes longer than [`DELAY`].
pub(crate) struct FixProgress {
    is_enabled: bool,
    start: Instant,
    is_shown: Cell<bool>,
}

impl FixProgress {
    /// Starts the clock; nothing is drawn yet.
    pub(crate) fn new() -> Self {
        Self { is_enabled: can_be_drawn(), start: Instant::now(), is_shown: Cell::new(false) }
    }

    /// Draws the line.
    pub(crate) fn show(&self, written: Duration, whole: Option<Duration>) {
        if !self.is_enabled || self.start.elapsed() < DELAY {
            return;
        }
        let done = match whole.filter(|whole| !whole.is_zero()) {
            Some(whole) => format!("{:3.0} %", (written.as_secs_f64() / whole.as_secs_f64() * 100.0).min(100.0)),
            None => format!("{} s", written.as_secs()),
        };
        self.is_shown.set(true);
        // Progress is not worth an error.
        let _ = write!(io::stderr(), "\rffmpeg: {done} written");
    }

    /// Removes the line, if there is one.
    pub(crate) fn clear(&self) {
        if self.is_shown.replace(false) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
