//! Checks request bodies: immediately if nothing has to be awaited, otherwise on a separate thread that may block.

mod upload_probe;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::{future, io, thread};

use axum::body::Bytes;
use futures_util::FutureExt as _;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};

use self::upload_probe::UploadProbe;
use super::body_check::{CheckRules, check};
use super::checker::{BodyChecker, CheckFuture, CheckOutcome};
use super::uploads::Uploads;
use crate::fetch::LiveProbe;

/// Sends bodies to the thread and receives their outcomes.
pub(crate) struct CheckThread {
    rules: Arc<CheckRules>,
    jobs: mpsc::UnboundedSender<CheckJob>,
}

/// A body to check.
struct CheckJob {
    endpoint: String,
    body: Bytes,
    uploads: Arc<Uploads>,
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
    fn check_now(&self, endpoint: &str, body: &[u8], uploads: &Arc<Uploads>) -> Option<CheckOutcome> {
        if body.len() > MAX_IMMEDIATE {
            return None;
        }
        let probe = UploadProbe { live: None, uploads: Arc::clone(uploads) };
        let checked = AssertUnwindSafe(|| check(&self.rules, probe, endpoint, body).now_or_never());
        catch_unwind(checked).unwrap_or_else(|_| Some(failed()))
    }
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

    fn check(&self, endpoint: &str, body: Bytes, uploads: Arc<Uploads>) -> CheckFuture {
        if let Some(outcome) = self.check_now(endpoint, &body, &uploads) {
            return Box::pin(future::ready(outcome));
        }
        let (outcome, answer) = oneshot::channel();
        let sent = self.jobs.send(CheckJob { endpoint: endpoint.to_owned(), body, uploads, outcome });
        Box::pin(async move { if sent.is_err() { failed() } else { answer.await.unwrap_or_else(|_| failed()) } })
    }
}

async fn work(rules: Arc<CheckRules>, probe: Arc<LiveProbe>, mut queue: mpsc::UnboundedReceiver<CheckJob>) {
    while let Some(CheckJob { endpoint, body, uploads, outcome }) = queue.recv().await {
        let rules = Arc::clone(&rules);
        let probe = UploadProbe { live: Some(Arc::clone(&probe)), uploads };
        spawn_local(async move {
            // The client may have disconnected.
            let _ = outcome.send(check(&rules, probe, &endpoint, &body).await);
        });
    }
}
