//! What decides what a run finds, as flags: only a run that would find the same may go on with another's results.

use crate::{Ignored, RUNWAY_TIMEOUT, RatioWindow};
use clap::ValueEnum;

use super::args::{DepthName, Expect, Judging, Network, Results};
use super::rule_sources::RulesFrom;

/// What every verb that judges has.
pub(crate) struct Binding<'a> {
    pub(crate) network: &'a Network,
    pub(crate) results: &'a Results,
    pub(crate) judging: Judging,
    pub(crate) rules: &'a RulesFrom,
    pub(crate) ignored: &'a [Ignored],
}

impl Binding<'_> {
    /// Returns the flags that decide, as far as they are not as usual.
    pub(crate) fn flags(&self) -> Vec<String> {
        let Self { network, results, judging, rules, ignored } = self;
        let mut flags: Vec<String> = rules.paths().iter().map(|path| format!("--rules {}", path.display())).collect();
        flags.extend(network_flags(network));
        flags.extend(ignored.iter().map(|Ignored { code, why: _ }| format!("the warning {code} ignored")));
        flags.extend(results.show_query.then(|| "--show-query".to_owned()));
        flags.extend(judging.strict.then(|| "--strict".to_owned()));
        flags
    }
}

/// Returns the flags on what is expected.
pub(crate) fn expected(expect: &Expect) -> Vec<String> {
    let Expect { kind, model, endpoint, ratio, field, way } = expect;
    let ratio = ratio.map(|RatioWindow { min, max }| format!("{min}:{max}"));
    let flags = [
        ("--kind", kind.as_ref().map(name)),
        ("--model", model.clone()),
        ("--endpoint", endpoint.clone()),
        ("--ratio", ratio),
        ("--field", field.clone()),
        ("--as", way.as_ref().map(name)),
    ];
    flags.into_iter().filter_map(|(flag, value)| Some(format!("{flag} {}", value?))).collect()
}

/// What is asked at once, how often, and of whom else is the same to the assets; a proxy may hold a password.
fn network_flags(network: &Network) -> Vec<String> {
    let Network {
        depth,
        timeout,
        jobs: _,
        per_host: _,
        retries: _,
        offline,
        proxy,
        cacert,
        resolve,
        allow_private,
        allow_net,
    } = network;
    let mut flags = Vec::new();
    match depth {
        DepthName::Full => {}
        DepthName::Head | DepthName::Header => flags.push(format!("--depth {}", name(depth))),
    }
    if *timeout != RUNWAY_TIMEOUT {
        flags.push(format!("--timeout {timeout:?}"));
    }
    flags.extend(offline.then(|| "--offline".to_owned()));
    flags.extend(proxy.as_ref().map(|_| "--proxy".to_owned()));
    flags.extend(cacert.as_ref().map(|path| format!("--cacert {}", path.display())));
    flags.extend(resolve.iter().map(|known| format!("--resolve {known}")));
    flags.extend(allow_private.then(|| "--allow-private".to_owned()));
    flags.extend(allow_net.iter().map(|net| format!("--allow-net {net}")));
    flags
}

/// Returns a value as it is written on the command line.
fn name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
