//! The flags that affect the findings of a run: a run may resume another only if they are the same.

use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _};
use std::path::Path;

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
    let files = rules.paths().iter().chain(&network.cacert);
    let network = network.flags();
    flags.extend(network.into_iter().map(|(name, value)| format!("{name} {value}").trim_end().to_owned()));
    flags.extend(ignored.iter().map(|Ignored { code, why: _ }| format!("the warning {code} ignored")));
    flags.extend(output.show_query.then(|| "--show-query".to_owned()));
    flags.extend(exit.strict.then(|| "--strict".to_owned()));
    flags.extend(output.only.iter().map(|only| format!("--only {}", <&str>::from(only))));
    flags.extend(files.filter_map(|path| content(path).ok()));
    flags
}

/// Describes the content of a file, which may be edited between two runs. What cannot be read is reported elsewhere.
fn content(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_CONTENT).read_to_end(&mut bytes)?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    Ok(format!("the content {:016x} of {}", hasher.finish(), path.display()))
}

/// How much of a file is compared, in bytes: more than a file of rules or certificates may have.
const MAX_CONTENT: u64 = 64 << 20;
