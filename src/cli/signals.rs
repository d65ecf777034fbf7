//! SIGINT and SIGTERM: the run stops, and what is known is still written.

use std::cell::Cell;

use super::Exit;

/// Waits for a signal and keeps which one came.
#[derive(Debug, Default)]
pub(crate) struct Stop(Cell<Option<Exit>>);

impl Stop {
    /// Ends when a signal comes.
    pub(crate) async fn wait(&self) {
        self.0.set(Some(signal().await));
    }

    /// Returns how the program must end, if a signal came.
    pub(crate) fn exit(&self) -> Option<Exit> {
        self.0.get()
    }
}

#[cfg(unix)]
async fn signal() -> Exit {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => Exit::Interrupted,
        _ = terminate.recv() => Exit::Terminated,
    }
}

#[cfg(not(unix))]
async fn signal() -> Exit {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Exit::Interrupted,
        Err(_) => std::future::pending().await,
    }
}
