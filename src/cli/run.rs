//! What verbs that judge have in common: from flags to the senses, the options and the style of a run.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::{Expectations, LiveProbe, NetworkOptions, NetworkOptionsError, Options, QueryRedaction, Style, Verbosity};
use anyhow::{Context as _, bail};
use tokio::runtime::Runtime;

use super::args::{Judging, Network, Results};
use super::rule_sources::Rulebook;
use super::{say, terminal};

/// Opens the senses that the flags describe.
///
/// # Errors
/// Where the certificates cannot be read or used.
pub(crate) fn senses(network: &Network) -> anyhow::Result<LiveProbe> {
    let cacert = network.cacert.as_deref().map(roots).transpose()?;
    let Network { resolve, allow_private, allow_net, proxy, .. } = network;
    let schemes = ["http://", "https://"];
    if proxy.as_ref().is_some_and(|proxy| !schemes.iter().any(|scheme| proxy.expose().starts_with(scheme))) {
        bail!("--proxy: write a URL that begins with http:// or https://");
    }
    let resolve = resolve.clone();
    let allow_net = allow_net.clone();
    let reach = NetworkOptions { cacert, resolve, allow_private: *allow_private, allow_net, proxy: proxy.clone() };
    LiveProbe::new(reach).map_err(|error| {
        let flag = match error {
            NetworkOptionsError::Cacert(_) => "--cacert",
            NetworkOptionsError::Proxy => "--proxy",
        };
        anyhow::Error::new(error).context(format!("{flag} cannot be used"))
    })
}

/// Makes what waits for the network, on this thread alone.
///
/// # Errors
/// Where this machine does not let it wait.
pub(crate) fn runtime() -> anyhow::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().event_interval(ROUND).build();
    runtime.context("this machine does not let the program wait for the network")
}

/// How many tasks have their turn before the looks go on. As a rule, that is everything there is to do for all the
/// connections: one that was read to its end must be given back before its host is asked the next time, else another
/// is opened.
const ROUND: u32 = 1024;

/// The largest file of roots that is read, in bytes; a system's whole store has a quarter of a million.
const LARGEST: u64 = 16 << 20;

/// Reads a file of roots.
fn roots(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = path.display();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    if read.with_context(|| format!("--cacert {name} cannot be read"))? as u64 > LARGEST {
        bail!("--cacert {name} is larger than {} MiB", LARGEST >> 20);
    }
    Ok(bytes)
}

/// Says on standard error what keeps a run from seeing what the API would.
pub(crate) fn say_unfaithful(network: &Network) {
    let unfaithful = network.unfaithful();
    if !unfaithful.is_empty() {
        say(&format!("note: with {} this run does not show what the API would see", unfaithful.join(", ")));
    }
    if network.proxy.is_some() {
        say("note: the proxy resolves the names, so it is up to the proxy that no private address is dialled");
    }
}

/// Says on standard error that the rules on assets do not know a model or an endpoint, or not together.
pub(crate) fn say_strangers(book: &Rulebook, model: Option<&str>, endpoint: Option<&str>) {
    for stranger in book.strangers(model, endpoint) {
        say(&format!("note: {}", stranger.sentence));
    }
}

/// Returns what looking at assets may cost, and what is wanted of them.
pub(crate) fn options(network: &Network, judging: Judging, wanted: Expectations, queries: QueryRedaction) -> Options {
    Options {
        wanted: Expectations { allow_private: network.allow_private, ..wanted },
        depth: network.depth.into(),
        timeout: network.timeout,
        jobs: network.jobs.into(),
        per_host: network.per_host.into(),
        retries: network.retries,
        offline: network.offline,
        strict: judging.strict,
        queries,
        ..Options::default()
    }
}

/// Says whether the values of queries are shown.
///
/// # Errors
/// Where they would come into the log of a CI runner.
pub(crate) fn queries(results: &Results) -> anyhow::Result<QueryRedaction> {
    shown_queries(results.show_query)
}

/// Says whether the values of queries are shown, if that was asked for.
///
/// # Errors
/// Where they would come into the log of a CI runner.
pub(crate) fn shown_queries(show_query: bool) -> anyhow::Result<QueryRedaction> {
    if !show_query {
        return Ok(QueryRedaction::Redact);
    }
    if std::env::var_os("CI").is_some_and(|value| !value.is_empty()) {
        bail!("--show-query is refused where CI is set: the log would hold the secrets of signed URLs");
    }
    Ok(QueryRedaction::Show)
}

/// Returns how results look.
pub(crate) fn style(results: &Results) -> Style {
    let to_file = results.output.is_some();
    let detail = match (results.quiet, results.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, true) => Verbosity::Verbose,
        (false, false) => Verbosity::Normal,
    };
    Style {
        width: terminal::width(to_file),
        colour: terminal::colour(results.color, to_file),
        links: terminal::links(results.color, to_file),
        detail,
    }
}
