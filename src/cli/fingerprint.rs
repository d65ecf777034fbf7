//! The flags that affect the findings of a run: a run may resume another only if they are the same.

use super::args::RunArgs;
use crate::engine::Ignored;
use crate::fetch::Depth;

/// Returns the flags of `check` and `body` that differ from their defaults. Concurrency and retries do not affect the
/// findings and are left out.
pub(crate) fn flags(args: &RunArgs, ignored: &[Ignored]) -> Vec<String> {
    let RunArgs { output, exit, fetch, network, rules, config: _ } = args;
    let mut flags: Vec<String> = rules.paths().iter().map(|path| format!("--rules {}", path.display())).collect();
    flags.extend((fetch.depth != Depth::Full).then(|| format!("--depth {}", fetch.depth.name())));
    flags.extend(fetch.offline.then(|| "--offline".to_owned()));
    let network = network.flags();
    flags.extend(network.into_iter().map(|(name, value)| format!("{name} {value}").trim_end().to_owned()));
    flags.extend(ignored.iter().map(|Ignored { code, why: _ }| format!("the warning {code} ignored")));
    flags.extend(output.show_query.then(|| "--show-query".to_owned()));
    flags.extend(exit.strict.then(|| "--strict".to_owned()));
    flags
}
