//! What all requests share.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::ServeOptions;
use super::behavior::BehaviorQueue;
use super::checker::BodyChecker;
use super::clock::{MovableClock, UnixMillis};
use super::collection::Collection;
use super::ids::IdSource;
use super::journal::Journal;
use super::limits::{MAX_BODIES, MAX_RENDERS};
use super::tasks::TaskStore;
use super::uploads::Uploads;
use super::usage::Usage;

/// The server behind its routes.
pub(super) struct App {
    pub(super) checker: Arc<dyn BodyChecker>,
    pub(super) options: ServeOptions,
    pub(super) clock: Arc<MovableClock>,
    pub(super) uploads: Arc<Uploads>,
    /// Where clients find this server, unless their requests say otherwise.
    pub(super) authority: String,
    /// Bytes of request bodies that may still come into memory.
    pub(super) body_bytes: Arc<Semaphore>,
    /// Output files that may still be made at the same time.
    pub(super) renders: Semaphore,
    state: Mutex<AppState>,
}

/// What a reset forgets.
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
    /// Makes a server without tasks; its uploads go below `folder`.
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
            renders: Semaphore::new(MAX_RENDERS),
            state: Mutex::new(AppState::new(&options, IdSource::default())),
            options,
        })
    }

    /// Returns what a reset forgets, for a moment without waiting.
    pub(super) fn state(&self) -> MutexGuard<'_, AppState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the present moment of the server's clock.
    pub(super) fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// Forgets tasks, uploads, journal, behaviors, and what the clock was moved by; queues the scenario again.
    pub(super) fn reset(&self) {
        let mut state = self.state();
        // Identifiers from before stay unknown.
        let ids = std::mem::take(&mut state.ids);
        *state = AppState::new(&self.options, ids);
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
