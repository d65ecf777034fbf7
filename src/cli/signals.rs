//! SIGINT and SIGTERM. The first stops the run, and the results so far are written within a second; the second ends the
//! program immediately.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::watch;

use super::Exit;

/// Waits for a signal and keeps which one came.
#[derive(Debug)]
pub(crate) struct Stop(watch::Receiver<Option<Exit>>);

impl Stop {
    /// Listens from now on, on a thread of its own: a reader that takes no more results can hold up this one. Where there
    /// is no such thread, a signal ends the program as it usually does.
    pub(crate) fn listen() -> Self {
        let (came, stop) = watch::channel(None);
        let (ready, is_ready) = mpsc::channel();
        let listening = thread::Builder::new().name("signals".to_owned()).spawn(move || listen(&came, &ready));
        if listening.is_ok() {
            // It hangs up where it cannot listen.
            let _ = is_ready.recv();
        }
        Self(stop)
    }

    /// Ends when a signal comes.
    pub(crate) async fn wait(&self) {
        if self.0.clone().wait_for(Option::is_some).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Returns how the program must end, if a signal came.
    pub(crate) fn exit(&self) -> Option<Exit> {
        *self.0.borrow()
    }
}

/// How long the run has to end after the first signal. A reader that takes no more results, or a file system that does not
/// answer, could hold it up for ever.
const GRACE: Duration = Duration::from_millis(900);

/// Passes the first signal on, and ends the program at the second or when the run has not ended in time.
#[expect(clippy::exit, reason = "nothing that is left to do may hold it up")]
fn listen(came: &watch::Sender<Option<Exit>>, ready: &mpsc::Sender<()>) {
    let Ok(runtime) = Builder::new_current_thread().enable_io().enable_time().build() else { return };
    runtime.block_on(async {
        let Ok(mut signals) = Signals::new() else { return };
        let _ = ready.send(());
        let first = signals.next().await;
        came.send_replace(Some(first));
        let exit = tokio::time::timeout(GRACE, signals.next()).await.unwrap_or(first);
        std::process::exit(exit.code().into());
    });
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }
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
