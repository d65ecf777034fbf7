//! The terminal that a run writes to, as a queue: one that was stopped with Ctrl-S stops new work and nothing else.
//!
//! Standard output and standard error share the queue if they are the same terminal, so that results, the progress bar
//! and notices stay in order.

use std::io::{self, IsTerminal as _, Write};
use std::sync::OnceLock;

use super::pipe_queue::PipeQueue;

/// The queues of this process, once a run has started.
static QUEUES: OnceLock<TerminalQueues> = OnceLock::new();

struct TerminalQueues {
    stdout: Option<PipeQueue>,
    /// `None` as well if it is the terminal of standard output.
    stderr: Option<PipeQueue>,
    is_shared: bool,
}

/// How many bytes may wait before the progress bar is no longer redrawn.
const MAX_BACKLOG: usize = 16 << 10;

/// Writes to terminals through queues from now on.
pub(crate) fn start() {
    QUEUES.get_or_init(|| {
        let (is_stdout, is_stderr) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let is_shared = is_stdout && is_stderr && is_same_terminal();
        TerminalQueues {
            stdout: is_stdout.then(|| PipeQueue::new(io::stdout())),
            stderr: (is_stderr && !is_shared).then(|| PipeQueue::new(io::stderr())),
            is_shared,
        }
    });
}

/// Returns the queue of standard output if it is a terminal.
pub(crate) fn stdout() -> Option<&'static PipeQueue> {
    QUEUES.get()?.stdout.as_ref()
}

fn stderr_queue() -> Option<&'static PipeQueue> {
    let queues = QUEUES.get()?;
    if queues.is_shared { queues.stdout.as_ref() } else { queues.stderr.as_ref() }
}

/// Returns standard error, or its queue.
pub(crate) fn stderr() -> Box<dyn Write> {
    match stderr_queue() {
        Some(queue) => Box::new(queue),
        None => Box::new(io::stderr()),
    }
}

/// Returns whether the terminal on standard error takes less than is written.
pub(crate) fn is_backlogged() -> bool {
    stderr_queue().is_some_and(|queue| queue.waiting() > MAX_BACKLOG)
}

/// Waits until the terminals have taken everything.
pub(crate) fn drain() {
    let Some(TerminalQueues { stdout, stderr, .. }) = QUEUES.get() else { return };
    for queue in [stdout, stderr].into_iter().flatten() {
        // Callers that need the error have already called `drain` themselves.
        let _ = queue.drain();
    }
}

#[cfg(unix)]
fn is_same_terminal() -> bool {
    use std::fs::File;
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::fs::MetadataExt as _;
    let device = |output: BorrowedFd<'_>| {
        let metadata = output.try_clone_to_owned().and_then(|output| File::from(output).metadata());
        metadata.map(|metadata| metadata.rdev()).ok()
    };
    device(io::stdout().as_fd()) == device(io::stderr().as_fd())
}

#[cfg(not(unix))]
const fn is_same_terminal() -> bool {
    true
}
