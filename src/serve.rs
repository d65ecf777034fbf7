//! A stand-in for Runway's API on loopback, for tests of code that uses the official SDKs.
//!
//! Request bodies are checked by a [`BodyChecker`]; tasks, uploads and everything else are this server's own, and end
//! with it.

mod answer;
mod app;
mod behavior;
mod body;
mod check_thread;
mod checker;
mod clock;
mod collection;
mod connection;
mod ids;
mod journal;
mod limits;
mod observe;
mod output;
mod routes;
mod tasks;
mod uploads;
mod usage;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use self::app::App;
pub(crate) use self::behavior::Scenario;
pub(crate) use self::check_thread::{CheckRules, CheckThread};
use self::checker::BodyChecker;
pub(crate) use self::tasks::TaskProgress;

/// How the server plays the API.
#[derive(Clone, Debug)]
pub(crate) struct ServeOptions {
    /// What moves tasks on.
    pub(crate) progress: TaskProgress,
    /// Tasks of one model that run at the same time; more are throttled.
    pub(crate) concurrency: usize,
    /// Behaviors that are queued at the start and after each reset.
    pub(crate) scenario: Scenario,
}

/// A server that has its address and does not answer yet.
pub(crate) struct StandIn {
    app: Arc<App>,
    listener: TcpListener,
}

impl StandIn {
    /// Binds an address; port 0 takes a free one. The folder for uploads is made below the system's folder for temporary
    /// files, and removed at the end.
    ///
    /// # Errors
    /// Where the address cannot be bound, or the folder cannot be made.
    pub(crate) async fn bind(
        address: SocketAddr,
        options: ServeOptions,
        checker: Arc<dyn BodyChecker>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let authority = listener.local_addr()?.to_string();
        let app = App::new(options, checker, authority, &std::env::temp_dir())?;
        Ok(Self { app: Arc::new(app), listener })
    }

    /// Returns the address that was bound.
    ///
    /// # Errors
    /// Where the system does not tell.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until `stop` ends.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) {
        connection::serve(self.listener, routes::router(self.app), stop).await;
    }
}
