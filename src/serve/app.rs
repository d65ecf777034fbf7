//! The state shared by all requests.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Semaphore;

use super::ServeOptions;
use super::behavior::BehaviorQueue;
use super::checker::BodyChecker;
use super::clock::{MovableClock, UnixMillis};
use super::collection::Collection;
use super::handler::CONTROL;
use super::ids::IdSource;
use super::journal::Journal;
use super::limits::MAX_BODIES;
use super::output::GeneratedOutput;
use super::rendered::RenderCache;
use super::tasks::TaskStore;
use super::uploads::Uploads;
use super::usage::Usage;

use crate::lock::lock;

/// The shared state of the server.
pub(super) struct App {
    pub(super) checker: Arc<dyn BodyChecker>,
    pub(super) options: ServeOptions,
    pub(super) clock: Arc<MovableClock>,
    pub(super) uploads: Arc<Uploads>,
    /// The host and port of this server, for requests without a `Host` header.
    pub(super) authority: String,
    /// The remaining memory for request bodies, in bytes.
    pub(super) body_bytes: Arc<Semaphore>,
    /// The permit for reading a long body for the journal.
    pub(super) long_bodies: Arc<Semaphore>,
    /// The output files that are being downloaded.
    pub(super) rendered: Arc<RenderCache>,
    state: Mutex<AppState>,
    /// How often the state was reset.
    resets: AtomicU64,
}

/// The state that a reset discards.
#[derive(Debug)]
pub(super) struct AppState {
    pub(super) ids: IdSource,
    pub(super) tasks: TaskStore,
    pub(super) behaviors: BehaviorQueue,
    pub(super) journal: Journal,
    pub(super) usage: Usage,
    pub(super) avatars: Collection,
    pub(super) documents: Collection,
    pub(super) voices: Collection,
    pub(super) routers: Collection,
    pub(super) sessions: Collection,
}

impl App {
    /// Creates a server without tasks; uploads are stored below `folder`.
    pub(super) fn new(
        options: ServeOptions,
        checker: Arc<dyn BodyChecker>,
        authority: String,
        folder: &Path,
    ) -> io::Result<Self> {
        let clock = Arc::new(MovableClock::new());
        Ok(Self {
            checker,
            uploads: Arc::new(Uploads::new(folder, Arc::clone(&clock))?),
            clock,
            authority,
            body_bytes: Arc::new(Semaphore::new(MAX_BODIES)),
            long_bodies: Arc::new(Semaphore::new(1)),
            rendered: Arc::new(RenderCache::new()),
            state: Mutex::new(AppState::new(&options, IdSource::default())),
            options,
            resets: AtomicU64::new(0),
        })
    }

    /// Locks the state that a reset discards. The guard must not be held across an await.
    pub(super) fn state(&self) -> MutexGuard<'_, AppState> {
        lock(&self.state)
    }

    /// Returns the output file with this URL, if a task of this server has it. `origin` is this server as the client sees it.
    pub(super) fn output(&self, url: &str, origin: &str) -> Option<GeneratedOutput> {
        let file = |origin: &str| url.strip_prefix(origin)?.strip_prefix(CONTROL)?.strip_prefix("/outputs/");
        let port = self.authority.rsplit(':').next().unwrap_or_default();
        let origins = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("http://{host}:{port}"));
        let (task, file) = file(origin).or_else(|| origins.iter().find_map(|origin| file(origin)))?.split_once('/')?;
        self.state().tasks.get(task)?.output(file).cloned()
    }

    /// Returns the current time of the server's clock.
    pub(super) fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// Returns the number of resets. A request that began before the last one must change nothing.
    pub(super) fn resets(&self) -> u64 {
        self.resets.load(Ordering::Relaxed)
    }

    /// Discards tasks, uploads, journal and behaviors, resets the clock, and queues the scenario again.
    pub(super) fn reset(&self) {
        let mut state = self.state();
        // Earlier identifiers are not reused.
        let ids = std::mem::take(&mut state.ids);
        *state = AppState::new(&self.options, ids);
        self.resets.fetch_add(1, Ordering::Relaxed);
        drop(state);
        self.uploads.reset();
        self.clock.reset();
    }
}

impl AppState {
    fn new(options: &ServeOptions, ids: IdSource) -> Self {
        Self {
            ids,
            tasks: TaskStore::new(options.progress, options.concurrency),
            behaviors: options.scenario.queue(),
            journal: Journal::default(),
            usage: Usage::default(),
            avatars: Collection::default(),
            documents: Collection::default(),
            voices: Collection::default(),
            routers: Collection::default(),
            sessions: Collection::default(),
        }
    }
}
