//! Checks request bodies against the rules of this program, on a separate thread that may block.

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

/// The rules and options for checking bodies. The server runs as long as the program, so the rules are `'static`.
pub(crate) struct CheckRules {
    pub(crate) assets: &'static RuleSet,
    pub(crate) requests: &'static RequestSchemas,
    pub(crate) options: Options,
    /// True if assets are not checked.
    pub(crate) schema_only: bool,
    /// Renders the body of a response.
    pub(crate) render: fn(&Value) -> String,
}

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
            // The client may have disconnected.
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
    // Each request gets a new checker and thus an empty cache: like the API, it fetches its URLs again.
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

/// Describes which assets could not be checked, and why.
fn undecided(report: &RequestReport) -> String {
    let open = report.assets.iter().filter(|asset| asset.verdict == Verdict::Undecided);
    let reasons = open.flat_map(|asset| {
        let field = asset.field.as_ref().map(|field| field.escaped().to_string()).unwrap_or_default();
        let findings = asset.findings.iter().filter(|finding| finding.severity == Severity::Undecided);
        findings.map(move |finding| format!("{field}: [{}] {}", finding.code(), finding.detail))
    });
    format!("this machine cannot tell what the API would answer: {}", reasons.collect::<Vec<_>>().join("; "))
}

/// Probes the network as `check` does, and resolves the uploads of this server.
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
            UploadedFile::Unknown => missing("this server did not issue the URI, or has discarded the upload"),
        })
    }
}
