//! The check of request bodies by the rules of this program, on a thread of its own: what it waits for stays there.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{io, thread};

use axum::body::Bytes;
use futures_util::stream;
use serde_json::Value;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};

use super::checker::{BodyChecker, CheckFuture, CheckOutcome};
use super::uploads::{UploadedFile, Uploads};
use crate::asset::{Asset, AssetUrl};
use crate::engine::Options;
use crate::fetch::{LiveProbe, Probe, ProbeOptions};
use crate::finding::{Severity, Verdict};
use crate::observation::Observation;
use crate::report::request_report::{PredictedResponse, RequestReport};
use crate::request::checker::{EndpointError, RequestChecker, RequestInput};
use crate::request::document::Document;
use crate::request::validate::validate;
use crate::request::{RequestSchemas, predicted};
use crate::rules::RuleSet;
use crate::text::untrusted::UntrustedText;

/// What bodies are checked by. A server lasts as long as the program, and so do its rules.
pub(crate) struct CheckRules {
    pub(crate) assets: &'static RuleSet,
    pub(crate) requests: &'static RequestSchemas,
    pub(crate) options: Options,
    /// True where assets are not checked at all.
    pub(crate) schema_only: bool,
    /// Writes the body of an answer.
    pub(crate) render: fn(&Value) -> String,
}

/// Hands bodies to the thread and takes their outcomes.
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
    /// Starts the thread; it ends with this value.
    ///
    /// # Errors
    /// Where the system has no thread left.
    pub(crate) fn start(rules: CheckRules, probe: LiveProbe) -> io::Result<Self> {
        let rules = Arc::new(rules);
        let (jobs, queue) = mpsc::unbounded_channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let shared = Arc::clone(&rules);
        thread::Builder::new().name("checks".to_owned()).spawn(move || {
            runtime.block_on(LocalSet::new().run_until(work(shared, Arc::new(probe), queue)));
            // A name that is still looked up must not hold up the end.
            runtime.shutdown_background();
        })?;
        Ok(Self { rules, jobs })
    }
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
        let (outcome, answer) = oneshot::channel();
        let sent = self.jobs.send(CheckJob { endpoint: endpoint.to_owned(), body, uploads, outcome });
        Box::pin(async move {
            let failed = || CheckOutcome::Undecided("the check itself failed".to_owned());
            if sent.is_err() { failed() } else { answer.await.unwrap_or_else(|_| failed()) }
        })
    }
}

async fn work(rules: Arc<CheckRules>, probe: Arc<LiveProbe>, mut queue: mpsc::UnboundedReceiver<CheckJob>) {
    while let Some(CheckJob { endpoint, body, uploads, outcome }) = queue.recv().await {
        let rules = Arc::clone(&rules);
        let probe = UploadProbe { live: Arc::clone(&probe), uploads };
        spawn_local(async move {
            // The client may have gone away meanwhile.
            let _ = outcome.send(check(&rules, probe, endpoint, &body).await);
        });
    }
}

async fn check(rules: &CheckRules, probe: UploadProbe, endpoint: String, body: &[u8]) -> CheckOutcome {
    let document = match Document::read(body) {
        Ok(document) => document,
        Err(error) => return CheckOutcome::Unreadable(error.to_string()),
    };
    if rules.schema_only {
        let issues = validate(rules.requests, &endpoint, document.value());
        let issues = issues.listed();
        return if issues.is_empty() {
            CheckOutcome::Accepted
        } else {
            CheckOutcome::Rejected((rules.render)(&predicted(issues)))
        };
    }
    let input = RequestInput { file: UntrustedText::from("body"), document };
    // URLs are fetched again for each request, as the API does: what one checker has seen goes with it.
    let checker = RequestChecker::new(probe, rules.assets, rules.requests, Some(endpoint), rules.options.clone());
    let mut outcome = None;
    let each = |report: Result<RequestReport, EndpointError>| {
        outcome = report.ok().map(|report| outcome_of(rules, &report));
        ControlFlow::Break(())
    };
    checker.run(stream::once(async { input }), std::future::pending(), each).await;
    outcome.unwrap_or_else(|| CheckOutcome::Undecided("the body could not be checked".to_owned()))
}

fn outcome_of(rules: &CheckRules, report: &RequestReport) -> CheckOutcome {
    match &report.predicted {
        PredictedResponse::Accepted => CheckOutcome::Accepted,
        PredictedResponse::Rejected(body) => CheckOutcome::Rejected((rules.render)(body)),
        PredictedResponse::Unknown => CheckOutcome::Undecided(undecided(report)),
    }
}

/// Says which assets could not be checked, and why.
fn undecided(report: &RequestReport) -> String {
    let open = report.assets.iter().filter(|asset| asset.verdict == Verdict::Undecided);
    let reasons = open.flat_map(|asset| {
        let field = asset.field.as_ref().map(|field| field.escaped().to_string()).unwrap_or_default();
        let findings = asset.findings.iter().filter(|finding| finding.severity == Severity::Undecided);
        findings.map(move |finding| format!("{field}: [{}] {}", finding.code(), finding.detail))
    });
    format!("this machine cannot tell what the API would answer: {}", reasons.collect::<Vec<_>>().join("; "))
}

/// Reaches the network as `check` does, and the uploads of this server.
struct UploadProbe {
    live: Arc<LiveProbe>,
    uploads: Arc<Uploads>,
}

impl Probe for UploadProbe {
    async fn url(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        self.live.url(address, options).await
    }

    async fn file(&self, path: &Path) -> Observation {
        self.live.file(path).await
    }

    async fn data_uri(&self, asset: &Arc<Asset>) -> Observation {
        self.live.data_uri(asset).await
    }

    fn upload(&self, uri: &Asset) -> Option<Result<PathBuf, String>> {
        let uri = std::str::from_utf8(uri.text()).unwrap_or_default();
        let missing = |why: &str| Err(why.to_owned());
        Some(match self.uploads.find(uri) {
            UploadedFile::Stored(path) => Ok(path),
            UploadedFile::Empty => missing("no bytes were sent for this upload"),
            UploadedFile::Expired => missing("the upload is older than 24 hours"),
            UploadedFile::Unknown => missing("this server did not give out the URI, or has forgotten the upload"),
        })
    }
}
