//! A local stand-in for Runway's API, to test code that uses the official SDKs.
//!
//! Request bodies are checked by a [`BodyChecker`]. Tasks, uploads and all other state belong to this server, and are
//! discarded when it stops.

mod app;
mod behavior;
mod body;
mod body_check;
mod check_thread;
mod checker;
mod clock;
mod collection;
mod connection;
mod control_object;
mod handler;
mod ids;
mod journal;
mod limits;
mod local_files;
mod output;
mod rendered;
mod responses;
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
pub(crate) use self::body_check::CheckRules;
pub(crate) use self::check_thread::CheckThread;
use self::checker::BodyChecker;
use self::handler::RequestHandler;
pub(crate) use self::tasks::TaskProgress;

/// The options of the server.
#[derive(Clone, Debug)]
pub(crate) struct ServeOptions {
    /// What advances tasks.
    pub(crate) progress: TaskProgress,
    /// The maximum number of concurrent tasks per model; further tasks are throttled.
    pub(crate) concurrency: usize,
    /// The behaviors that are queued at startup and after each reset.
    pub(crate) scenario: Scenario,
}

/// A server that is bound to an address and does not serve requests yet.
pub(crate) struct MockServer {
    app: Arc<App>,
    listener: TcpListener,
}

impl MockServer {
    /// Binds an address; port 0 selects a free port. Creates the folder for uploads in the system's temporary folder;
    /// it is removed on exit.
    ///
    /// # Errors
    /// Returns an error if the address cannot be bound, or the folder cannot be created.
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

    /// Returns the bound address.
    ///
    /// # Errors
    /// Returns an error if the system does not report it.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves requests until `stop` completes.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) {
        let router = routes::router(Arc::clone(&self.app));
        connection::serve(self.listener, RequestHandler::new(Arc::clone(&self.app), router), stop).await;
        self.app.uploads.close();
    }
}
