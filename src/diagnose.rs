//! Diagnoses one URL: traces the API's requests, checks them as `check` does, and compares them with other clients'.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::asset::{Asset, AssetUrl, Target};
use crate::engine::{CheckOptions, Engine, RUNWAY_TIMEOUT};
use crate::fetch::{Probe, ProbeOptions, TracingProbe};
use crate::lock::lock;
use crate::observation::timing::RequestTrace;
use crate::observation::{FetchError, Observation, RequestOutcome};
use crate::report::Report;
use crate::report::diagnosis::{ClientResult, Diagnosis, UserAgent};
use crate::rules::RuleSet;
use crate::text::secret::{ReflectedSecrets, redact_url};
use crate::text::shell;

mod summary;

/// Fetches one URL with the API's User-Agent and then, if requests reach the server, with curl's and a browser's.
///
/// `flags` are added to the curl commands, each as one word: the flags that curl needs to reach the same server. `on_client`
/// learns what each client got as soon as that is known.
pub async fn diagnose(
    probe: &impl TracingProbe,
    rules: &RuleSet,
    options: CheckOptions,
    asset: Asset,
    flags: &[String],
    mut on_client: impl FnMut(&ClientResult),
) -> Diagnosis {
    let commands = commands(&asset, &options, flags);
    let target = Target::parse(&asset);
    let traced = TracedProbe { probe, trace: Mutex::default() };
    let report = Engine::new(&traced, rules, CheckOptions { retries: 0, ..options }).check(asset).await;
    let trace = traced.trace.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut clients = Vec::new();
    let secrets = match &target {
        Target::Url(url) => ReflectedSecrets::of_url(url.url()),
        Target::DataUri | Target::Runway | Target::File(_) | Target::InvalidUrl(_) => ReflectedSecrets::default(),
    };
    let trace = trace.map(|(options, mut trace)| {
        trace.redact(&secrets);
        let client = ClientResult::new(UserAgent::Runway, Observation::clone(&report.observed));
        on_client(&client);
        clients.push((options, client));
        trace
    });
    if let (Some((options, first)), Target::Url(address)) = (clients.first(), &target) {
        let (options, reaches) = (*options, !failed_before_request(first));
        for agent in UserAgent::ALL.into_iter().filter(|agent| reaches && *agent != UserAgent::Runway) {
            let mut seen = probe.url_from(agent.header_value(), address, options).await;
            seen.redact(&secrets);
            let client = ClientResult::new(agent, seen);
            on_client(&client);
            clients.push((options, client));
        }
    }
    let clients: Vec<ClientResult> = clients.into_iter().map(|(_, client)| client).collect();
    let elapsed = clients.first().and_then(elapsed);
    let summary = summary::summarize(&report, &clients, elapsed);
    let commands = if trace.is_some() { commands } else { Vec::new() };
    Diagnosis { report, clients, trace, elapsed, limit: RUNWAY_TIMEOUT, summary, commands }
}

/// Traces the one fetch of the engine.
struct TracedProbe<'a, P> {
    probe: &'a P,
    trace: Mutex<Option<(ProbeOptions, RequestTrace)>>,
}

impl<P: TracingProbe> Probe for &TracedProbe<'_, P> {
    async fn url(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        let (seen, trace) = self.probe.traced(address, options).await;
        *lock(&self.trace) = Some((options, trace));
        Arc::new(seen)
    }

    async fn file(&self, path: &std::path::Path) -> Observation {
        self.probe.file(path).await
    }

    async fn data_uri(&self, asset: &Arc<Asset>) -> Observation {
        self.probe.data_uri(asset).await
    }
}

/// Returns whether every client would fail alike: the HEAD request failed before it was sent.
fn failed_before_request(client: &ClientResult) -> bool {
    client.head.error().is_some_and(FetchError::is_before_request)
}

/// Returns how long HEAD and GET took together.
fn elapsed(client: &ClientResult) -> Option<Duration> {
    let elapsed = |outcome: &RequestOutcome| match outcome {
        RequestOutcome::NotSent => None,
        RequestOutcome::Failed { elapsed, .. } => Some(*elapsed),
        RequestOutcome::Response(response) => Some(response.elapsed),
    };
    let get = elapsed(&client.get).unwrap_or_default().max(client.body.elapsed);
    elapsed(&client.head).map(|head| head.saturating_add(get))
}

/// Returns the API's requests as curl commands: HEAD, then GET.
fn commands(asset: &Asset, options: &CheckOptions, flags: &[String]) -> Vec<String> {
    let Target::Url(address) = Target::parse(asset) else { return Vec::new() };
    // The parsed URL is ASCII without white space; curl takes brackets and braces literally with --globoff.
    let url = redact_url(address.url().as_str(), options.queries);
    // A plain flag needs no quotes.
    let is_flag =
        |word: &str| word.starts_with("--") && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let word = |word: &String| if is_flag(word) { Some(word.clone()) } else { shell::quote(word) };
    let words = flags.iter().map(|flag| Some(format!(" {}", word(flag)?))).collect::<Option<Vec<_>>>();
    let (Some(url), Some(words), Some(agent)) =
        (shell::quote(&url), words, shell::quote(UserAgent::Runway.header_value()))
    else {
        return Vec::new();
    };
    let time = options.timeout.as_secs_f64();
    let common = format!("--disable --globoff --silent --show-error --http1.1 --max-time {time} --user-agent {agent}");
    let command = |what: &str| format!("curl {common}{} {what} -- {url}", words.concat());
    vec![command("--head"), command("--dump-header - --output /dev/null")]
}

/// Returns the message of the finding that the API would report first.
fn api_message(report: &Report) -> String {
    report.api_finding().map_or_else(String::new, |finding| report.prefixed(&finding.message()))
}

#[cfg(test)]
mod tests;
