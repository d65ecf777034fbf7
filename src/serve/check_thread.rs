//! Checks request bodies: immediately if nothing has to be awaited, otherwise on a separate thread that may block.

mod local_probe;
mod parsed_size;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::{future, io, thread};

use axum::body::Bytes;
use futures_util::FutureExt as _;
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};

use self::local_probe::LocalProbe;
use self::parsed_size::parsed_size;
use super::body_check::{CheckRules, check};
use super::checker::{BodyChecker, CheckFuture, CheckOutcome};
use super::limits::{MAX_PARSED, MAX_SMALL_PARSED};
use super::local_files::LocalFiles;
use crate::fetch::LiveProbe;
use crate::request::document::Document;

/// Sends bodies to the thread and receives their outcomes.
pub(crate) struct CheckThread {
    rules: Arc<CheckRules>,
    jobs: mpsc::UnboundedSender<CheckJob>,
}

/// A body to check.
struct CheckJob {
    endpoint: String,
    body: Bytes,
    files: LocalFiles,
    outcome: oneshot::Sender<CheckOutcome>,
}

impl CheckThread {
    /// Starts the thread; it ends when this value is dropped.
    ///
    /// # Errors
    /// Returns an error if the thread cannot be started.
    pub(crate) fn start(rules: CheckRules, probe: LiveProbe) -> io::Result<Self> {
        let rules = Arc::new(rules);
        let (jobs, queue) = mpsc::unbounded_channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let shared = Arc::clone(&rules);
        thread::Builder::new().name("checks".to_owned()).spawn(move || {
            runtime.block_on(LocalSet::new().run_until(work(shared, Arc::new(probe), queue)));
            // A pending DNS query must not delay the exit.
            runtime.shutdown_background();
        })?;
        Ok(Self { rules, jobs })
    }
}

/// The longest body that is checked without the thread, in bytes. A longer one would delay the other clients.
const MAX_IMMEDIATE: usize = 16 << 10;

impl CheckThread {
    /// Checks a short body whose assets need neither network nor disk; most bodies are of this kind with
    /// `--assets offline`, and handing them to the thread would take as long as the check itself.
    fn check_now(&self, endpoint: &str, body: &[u8], files: &LocalFiles) -> Option<CheckOutcome> {
        if body.len() > MAX_IMMEDIATE {
            return None;
        }
        let checked = AssertUnwindSafe(|| read_and_check(&self.rules, None, files, endpoint, body).now_or_never());
        catch_unwind(checked).unwrap_or_else(|_| Some(failed()))
    }
}

/// Checks a body; `live` is `None` if the check must not wait.
async fn read_and_check(
    rules: &CheckRules,
    live: Option<Arc<LiveProbe>>,
    files: &LocalFiles,
    endpoint: &str,
    body: &[u8],
) -> CheckOutcome {
    let mut document = match Document::read(body) {
        Ok(document) => document,
        Err(error) => return CheckOutcome::Unreadable(error.to_string()),
    };
    let outputs = files.name_outputs(body, &mut document);
    check(rules, LocalProbe { live, files: files.clone(), outputs }, endpoint, document).await
}

fn failed() -> CheckOutcome {
    CheckOutcome::Undecided("the check itself failed".to_owned())
}

impl BodyChecker for CheckThread {
    fn knows(&self, endpoint: &str) -> bool {
        self.rules.requests.endpoints.contains_key(endpoint)
    }

    fn models(&self) -> Vec<String> {
        let requests = &self.rules.requests;
        let models = requests.endpoints.keys().flat_map(|endpoint| requests.models(endpoint));
        models.map(str::to_owned).collect()
    }

    fn check(&self, endpoint: &str, body: Bytes, files: LocalFiles) -> CheckFuture {
        if let Some(outcome) = self.check_now(endpoint, &body, &files) {
            return Box::pin(future::ready(outcome));
        }
        let (outcome, answer) = oneshot::channel();
        let sent = self.jobs.send(CheckJob { endpoint: endpoint.to_owned(), body, files, outcome });
        Box::pin(async move { if sent.is_err() { failed() } else { answer.await.unwrap_or_else(|_| failed()) } })
    }
}

async fn work(rules: Arc<CheckRules>, probe: Arc<LiveProbe>, mut queue: mpsc::UnboundedReceiver<CheckJob>) {
    let memory = Arc::new(Semaphore::new(MAX_PARSED));
    while let Some(CheckJob { endpoint, body, files, mut outcome }) = queue.recv().await {
        let (rules, memory) = (Arc::clone(&rules), Arc::clone(&memory));
        let live = Some(Arc::clone(&probe));
        spawn_local(async move {
            let checked = async {
                let size = parsed_size(&body).min(MAX_PARSED);
                let share = if size > MAX_SMALL_PARSED { u32::try_from(size).unwrap_or(u32::MAX) } else { 0 };
                // The semaphore is never closed.
                let _share = memory.acquire_many(share).await;
                read_and_check(&rules, live, &files, &endpoint, &body).await
            };
            tokio::select! {
                biased;
                // The client has disconnected, so nobody waits for the check, and its memory is needed.
                () = outcome.closed() => {}
                checked = checked => {
                    let _ = outcome.send(checked);
                }
            }
        });
    }
}
