//! One URL from every side: the API's requests with their times, judged as `check` does, and what other clients get.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::asset::{Asset, AssetUrl, Target};
use crate::engine::{Engine, Options, RUNWAY_TIMEOUT};
use crate::fetch::{Probe, ProbeOptions, TracingProbe};
use crate::observation::timing::RequestTrace;
use crate::observation::{FetchError, Observation, Phase, RequestOutcome};
use crate::report::Report;
use crate::report::diagnosis::{ClientResult, Diagnosis, UserAgent};
use crate::rules::RuleSet;
use crate::text::secret::redact_url;
use crate::text::shell;

mod summary;

/// Looks at one URL: as the API first, then, where requests arrive at all, as curl and as a browser.
///
/// `flags` go into the commands as they are, each as one word: what it takes for curl to reach the same server.
pub async fn diagnose(
    probe: &impl TracingProbe,
    rules: &RuleSet,
    options: Options,
    asset: Asset,
    flags: &[String],
) -> Diagnosis {
    let commands = commands(&asset, &options, flags);
    let target = Target::parse(&asset);
    let traced = Traced { probe, way: Mutex::default() };
    let report = Engine::new(&traced, rules, Options { retries: 0, at_once: false, ..options }).check(asset).await;
    let way = traced.way.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut clients = Vec::new();
    let trace = way.map(|(plan, trace)| {
        clients.push((plan, ClientResult::new(UserAgent::Runway, report.observed.clone())));
        trace
    });
    if let (Some((plan, first)), Target::Url(address)) = (clients.first(), &target) {
        let (plan, arrives) = (*plan, !is_in_vain(first));
        for agent in UserAgent::ALL.into_iter().filter(|agent| arrives && *agent != UserAgent::Runway) {
            let seen = probe.url_from(agent.header_value(), address, plan).await;
            clients.push((plan, ClientResult::new(agent, seen)));
        }
    }
    let clients: Vec<ClientResult> = clients.into_iter().map(|(_, client)| client).collect();
    let spent = clients.first().and_then(spent);
    let summary = summary::sum_up(&report, &clients, spent);
    let commands = if trace.is_some() { commands } else { Vec::new() };
    Diagnosis { report, clients, trace, elapsed: spent, limit: RUNWAY_TIMEOUT, summary, commands }
}

/// Traces the one look that the engine asks for.
struct Traced<'a, P> {
    probe: &'a P,
    way: Mutex<Option<(ProbeOptions, RequestTrace)>>,
}

impl<P: TracingProbe> Probe for &Traced<'_, P> {
    async fn url(&self, address: &AssetUrl, plan: ProbeOptions) -> Observation {
        let (seen, trace) = self.probe.traced(address, plan).await;
        *self.way.lock().unwrap_or_else(PoisonError::into_inner) = Some((plan, trace));
        seen
    }

    fn file(&self, path: &std::path::Path) -> Observation {
        self.probe.file(path)
    }

    fn data_uri(&self, asset: &Asset) -> Observation {
        self.probe.data_uri(asset)
    }
}

/// Says whether no client could get further: it ended before a request was sent.
fn is_in_vain(client: &ClientResult) -> bool {
    let early = |phase: &Phase| match phase {
        Phase::Resolve | Phase::Connect | Phase::Handshake => true,
        Phase::Head | Phase::ResponseHeadPartial | Phase::Body => false,
    };
    match client.head.error() {
        None => false,
        Some(trouble) => match trouble {
            FetchError::Dns(_)
            | FetchError::AddressBlocked { .. }
            | FetchError::ConnectionRefused
            | FetchError::Unreachable
            | FetchError::Tls(_)
            | FetchError::LocalResourcesExhausted(_)
            | FetchError::LocalNetwork(_) => true,
            FetchError::ConnectionReset(phase)
            | FetchError::ConnectionClosed(phase)
            | FetchError::Timeout { phase, .. } => early(phase),
            FetchError::MalformedResponse(_)
            | FetchError::AmbiguousResponse(_)
            | FetchError::TruncatedBody { .. }
            | FetchError::Other(_) => false,
        },
    }
}

/// Returns how long HEAD and GET took together.
fn spent(client: &ClientResult) -> Option<Duration> {
    let elapsed = |answer: &RequestOutcome| match answer {
        RequestOutcome::NotSent => None,
        RequestOutcome::Failed { elapsed, .. } => Some(*elapsed),
        RequestOutcome::Response(response) => Some(response.elapsed),
    };
    let get = elapsed(&client.get).unwrap_or_default().max(client.body.elapsed);
    elapsed(&client.head).map(|head| head.saturating_add(get))
}

/// Writes the API's requests for curl: HEAD, then GET.
fn commands(asset: &Asset, options: &Options, flags: &[String]) -> Vec<String> {
    let Target::Url(address) = Target::parse(asset) else { return Vec::new() };
    // The parsed URL is ASCII without white space; brackets and braces mean nothing to curl with --globoff.
    let url = redact_url(address.url().as_str(), options.queries);
    // A flag is plain, and reads better so.
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

/// Returns the sentence of the finding that the API would answer first.
fn sentence(report: &Report) -> String {
    report.api_answer().map_or_else(String::new, |finding| report.prefixed(&finding.message()))
}

#[cfg(test)]
mod tests;
