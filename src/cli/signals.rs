//! SIGINT, SIGTERM and SIGHUP. The first signal stops the run, and the results so far are written within a second; the
//! second ends the program immediately.

#[cfg(unix)]
use std::fs::File;
#[cfg(unix)]
use std::io::Read as _;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::watch;

use super::Exit;

/// Waits for a signal and records which one was received.
#[derive(Debug)]
pub(crate) struct Stop(watch::Receiver<Option<Exit>>);

impl Stop {
    /// Starts listening on a separate thread, because a reader that stops reading can block this one. If no thread can
    /// be started, a signal ends the program as it does by default.
    pub(crate) fn listen() -> Self {
        Self::listen_with(GRACE)
    }

    /// Like [`Stop::listen`], with this time for the end of the run.
    pub(crate) fn listen_with(grace: Duration) -> Self {
        let (first, stop) = watch::channel(None);
        let (ready, is_ready) = mpsc::channel();
        let listening = thread::Builder::new().name("signals".to_owned()).spawn(move || listen(grace, &first, &ready));
        if listening.is_ok() {
            // The channel closes if signals cannot be received.
            let _ = is_ready.recv();
        }
        Self(stop)
    }

    /// Completes when a signal is received.
    pub(crate) async fn wait(&self) {
        if self.0.clone().wait_for(Option::is_some).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Returns the exit for the signal, if one was received.
    pub(crate) fn exit(&self) -> Option<Exit> {
        *self.0.borrow()
    }
}

/// How long the run may take to end after the first signal. A reader that stops reading, or a file system that does not
/// respond, could block it forever.
const GRACE: Duration = Duration::from_millis(900);

/// Forwards the first signal, and ends the program at the second, or if the run does not end in time.
#[expect(clippy::exit, reason = "no remaining work may delay it")]
fn listen(grace: Duration, came: &watch::Sender<Option<Exit>>, ready: &mpsc::Sender<()>) {
    let Ok(runtime) = Builder::new_current_thread().enable_io().enable_time().build() else { return };
    runtime.block_on(async {
        let Ok(mut signals) = Signals::new() else { return };
        let _ = ready.send(());
        let first = signals.next().await;
        came.send_replace(Some(first));
        let exit = tokio::time::timeout(grace, signals.next()).await.unwrap_or(first);
        super::destination::remove_partial_files();
        std::process::exit(exit.code().into());
    });
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            // `nohup` ignores SIGHUP; it must stay ignored.
            hang_up: if is_ignored(SIGHUP) { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    async fn next(&mut self) -> Exit {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
            _ = hang_up => Exit::Terminated,
        }
    }
}

#[cfg(unix)]
const SIGHUP: u32 = 1;

/// An upper bound on the size of `/proc/self/status`, in bytes.
#[cfg(unix)]
const MAX_STATUS: u64 = 64 << 10;

/// Returns whether the program was started with this signal ignored; only Linux reports it.
#[cfg(unix)]
fn is_ignored(signal: u32) -> bool {
    let mut status = String::new();
    let read = File::open("/proc/self/status").map(|file| file.take(MAX_STATUS).read_to_string(&mut status));
    if read.is_err() {
        return false;
    }
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) -> Exit {
        self.0.recv().await;
        Exit::Interrupted
    }
}
