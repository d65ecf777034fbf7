//! The rules of a run: those that the program carries, or those of files that stand in for them.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::request::{EMBEDDED, RequestRulesError, RequestSchemas};
use crate::rules::nearest;
use crate::{RuleSet, RulesOrigin, RunInfo, UntrustedText};
use anyhow::{Context as _, anyhow, bail};
use clap::Args;

/// Which rules hold.
#[derive(Args, Debug)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RulesFrom {
    /// Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml
    /// prints them), or request rules (JSON, as rules import writes them); may be given once for each
    #[arg(long = "rules", value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// The rules in force, and where they came from.
#[derive(Debug, Default)]
pub(crate) struct Rulebook {
    assets: Option<(RuleSet, String)>,
    requests: Option<(RequestSchemas, String)>,
}

/// Where rules came from that the program carries.
pub(crate) const EMBEDDED_ORIGIN: &str = "embedded";

/// The largest rules file that is read, in bytes; the embedded ones have 23,000 and 60,000.
const LARGEST: u64 = 32 << 20;

impl RulesFrom {
    /// Returns the files that are named.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Reads the files that are named.
    ///
    /// # Errors
    /// Where one cannot be read or used, or two stand in for the same rules.
    pub(crate) fn open(&self) -> anyhow::Result<Rulebook> {
        let mut book = Rulebook::default();
        for path in &self.paths {
            let name = path.display().to_string();
            let shown = UntrustedText::from(name.as_str()).escaped().to_string();
            let text = read(path).with_context(|| format!("--rules {shown} cannot be read"))?;
            let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
            let second = if is_json {
                let requests = RequestSchemas::read(text.trim_start_matches('\u{feff}'));
                book.requests.replace((requests.map_err(|error| bad_requests(&shown, &error))?, name)).is_some()
            } else {
                let rules = RuleSet::parse(&text)
                    .map_err(|error| anyhow!("--rules {shown}:{}:{}: {}", error.line, error.column, error.message))?;
                book.assets.replace((rules, name)).is_some()
            };
            if second {
                let what = if is_json { "request rules" } else { "asset rules" };
                bail!("--rules {shown}: there are {what} from another file already");
            }
        }
        Ok(book)
    }
}

impl Rulebook {
    /// Returns the rules on assets.
    pub(crate) fn assets(&self) -> &RuleSet {
        self.assets.as_ref().map_or_else(|| RuleSet::embedded(), |(rules, _)| rules)
    }

    /// Returns where the rules on assets came from: `embedded`, or a path.
    pub(crate) fn origin(&self) -> &str {
        self.assets.as_ref().map_or(EMBEDDED_ORIGIN, |(_, origin)| origin)
    }

    /// Returns the rules on request bodies.
    pub(crate) fn requests(&self) -> &RequestSchemas {
        self.requests.as_ref().map_or_else(|| &*EMBEDDED, |(requests, _)| requests)
    }

    /// Returns where the rules on request bodies came from: `embedded`, or a path.
    pub(crate) fn requests_origin(&self) -> &str {
        self.requests.as_ref().map_or(EMBEDDED_ORIGIN, |(_, origin)| origin)
    }

    /// Returns what is to be said of the rules on assets where a run is reported.
    pub(crate) fn run(&self) -> RunInfo {
        RunInfo {
            rules_read: self.assets().read().to_owned(),
            rules_origin: self.origin().to_owned(),
            ..RunInfo::default()
        }
    }

    /// Returns what is to be said of the rules on request bodies where a run is reported.
    pub(crate) fn request_rules(&self) -> RulesOrigin {
        let RequestSchemas { date, layers, .. } = self.requests();
        let read = layers.last().map_or(date, |layer| &layer.date).clone();
        RulesOrigin { read, origin: self.requests_origin().to_owned() }
    }

    /// Returns what has to be said of the names of a model and an endpoint, where the rules on assets do not know them.
    pub(crate) fn strangers(&self, model: Option<&str>, endpoint: Option<&str>) -> Vec<Stranger> {
        if model.is_none() && endpoint.is_none() {
            // Nothing to look up is nothing to read the rules for.
            return Vec::new();
        }
        let (rules, requests) = (self.assets(), self.requests());
        let endpoints: Vec<&str> = requests.endpoints.keys().map(String::as_str).collect();
        let models: Vec<&str> = endpoints.iter().flat_map(|name| requests.models(name)).collect();
        let model_is_strange = model.filter(|name| !rules.knows_model(name));
        let endpoint_is_strange = endpoint.filter(|name| !rules.knows_endpoint(name));
        let mut strangers = Vec::new();
        strangers.extend(model_is_strange.map(|name| self.stranger("model", name, &models, &rules.models())));
        strangers
            .extend(endpoint_is_strange.map(|name| self.stranger("endpoint", name, &endpoints, &rules.endpoints())));
        if let (Some(model), Some(endpoint), true) = (model, endpoint, strangers.is_empty()) {
            strangers.extend(self.apart(model, endpoint));
        }
        strangers
    }

    /// Says what a name is that the rules on assets do not know: one of request bodies, or a misspelt one.
    fn stranger(&self, what: &str, name: &str, in_bodies: &[&str], known: &[&str]) -> Stranger {
        let shown = UntrustedText::from(name);
        if in_bodies.contains(&name) {
            let sentence =
                format!("no rules on assets are published for the {what} {}, only general ones hold", shown.escaped());
            return Stranger { sentence, is_known: true };
        }
        let near = nearest(name, &[in_bodies, known].concat());
        let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        let read = self.assets().read();
        Stranger { sentence: format!("the rules of {read} know no {what} {}{near}", shown.escaped()), is_known: false }
    }

    /// Says where a model is known, if it is not at this endpoint.
    fn apart(&self, model: &str, endpoint: &str) -> Option<Stranger> {
        let fields = self.assets().fields().filter(|(_, row)| row.models.iter().any(|known| known == model));
        let mut homes: Vec<&str> = fields.map(|(home, _)| home).collect();
        homes.dedup();
        let is_apart = !homes.is_empty() && !homes.contains(&endpoint);
        let sentence = || format!("the rules know {model} at {}, not at {endpoint}", homes.join(" and "));
        is_apart.then(|| Stranger { sentence: sentence(), is_known: true })
    }
}

/// A name that the rules on assets do not know.
pub(crate) struct Stranger {
    /// What is to be said of it, without a full stop.
    pub(crate) sentence: String,
    /// Whether it is known elsewhere, and so not misspelt.
    pub(crate) is_known: bool,
}

fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        bail!("it is a directory");
    }
    if file.take(LARGEST + 1).read_to_string(&mut text)? as u64 > LARGEST {
        bail!("it is larger than {} MiB", LARGEST >> 20);
    }
    Ok(text)
}

/// Says what is wrong with request rules, and where.
fn bad_requests(name: &str, error: &RequestRulesError) -> anyhow::Error {
    let place = match error {
        RequestRulesError::Form(fault) => format!(":{}:{}", fault.line(), fault.column()),
        RequestRulesError::Name(_) | RequestRulesError::Pattern(_) => String::new(),
    };
    anyhow!("--rules {name}{place}: {}", UntrustedText::new(error.to_string()).escaped_up_to(512))
}
