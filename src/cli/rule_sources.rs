//! The rules of a run: the embedded ones, or those of files that replace them.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::output::{RulesOrigin, RunInfo};
use crate::request::{EMBEDDED, RequestRulesError, RequestSchemas};
use crate::rules::limits::FieldRow;
use crate::rules::nearest;
use crate::{Kind, RuleSet, UntrustedText};
use anyhow::{Context as _, anyhow, bail};
use clap::Args;

use super::args::ExpectationArgs;
use super::notice;
use super::settings::Resolved;

/// Flags that select the rules.
#[derive(Args, Debug)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RulesArgs {
    /// Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or
    /// request rules (JSON, as written by `rules import`); repeatable, once for each
    #[arg(long = "rules", value_name = "PATH", hide_short_help = true)]
    pub(crate) paths: Vec<PathBuf>,
}

/// The rules in force and their origins.
#[derive(Debug, Default)]
pub(crate) struct RuleSources {
    assets: Option<(RuleSet, String)>,
    requests: Option<(RequestSchemas, String)>,
}

/// The origin of the embedded rules.
pub(crate) const EMBEDDED_ORIGIN: &str = "embedded";

/// The largest rules file that is read, in bytes; the embedded ones have 23,000 and 60,000.
const MAX_RULES_FILE: u64 = 32 << 20;

impl RulesArgs {
    /// Returns the paths of the rules files.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Reads the rules files.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read or used, or if two files replace the same rules.
    pub(crate) fn open(&self) -> anyhow::Result<RuleSources> {
        let mut sources = RuleSources::default();
        for path in &self.paths {
            let name = path.display().to_string();
            let shown = UntrustedText::from(name.as_str()).escaped().to_string();
            let text = read(path).with_context(|| format!("--rules {shown} cannot be read"))?;
            let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
            let second = if is_json {
                let requests = RequestSchemas::read(text.trim_start_matches('\u{feff}'));
                sources.requests.replace((requests.map_err(|error| bad_requests(&shown, &error))?, name)).is_some()
            } else {
                #[cfg_attr(
                    not(feature = "fix"),
                    expect(unused_mut, reason = "only the commands of `fix` name the file")
                )]
                let mut rules = RuleSet::parse(&text)
                    .map_err(|error| anyhow!("--rules {shown}:{}:{}: {}", error.line, error.column, error.message))?;
                #[cfg(feature = "fix")]
                {
                    rules.file = Some(name.clone());
                }
                sources.assets.replace((rules, name)).is_some()
            };
            if second {
                let what = if is_json { "request rules" } else { "asset rules" };
                bail!("--rules {shown}: {what} were already read from another file");
            }
        }
        Ok(sources)
    }
}

impl RuleSources {
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

    /// Describes the asset rules for a report.
    pub(crate) fn info(&self) -> RunInfo {
        let rules = RulesOrigin { read: self.assets().read().to_owned(), origin: self.origin().to_owned() };
        RunInfo { rules, ..RunInfo::default() }
    }

    /// Describes the request rules for a report.
    pub(crate) fn request_rules(&self) -> RulesOrigin {
        let RequestSchemas { date, layers, .. } = self.requests();
        let read = layers.last().map_or(date, |layer| &layer.date).clone();
        RulesOrigin { read, origin: self.requests_origin().to_owned() }
    }

    /// Checks the names of model, endpoint and field on the command line. An unknown name that is close to a known one
    /// is an error with a suggestion; any other unknown name is only noted. The field is rewritten as in the API's
    /// messages. If the names allow only one kind of asset, that kind is expected.
    ///
    /// # Errors
    /// Returns an error if a name looks misspelled.
    pub(crate) fn check_names(&self, expected: &mut ExpectationArgs, resolved: &Resolved) -> anyhow::Result<()> {
        if let Some(field) = &mut expected.field {
            *field = self.canonical_field(field)?;
        }
        for unknown in self.unknown_names(expected.model.as_deref(), expected.endpoint.as_deref()) {
            if unknown.is_misspelled {
                bail!("{}{}", resolved.place_of(unknown.what), unknown.message);
            }
            notice(&format!("note: {}{}", resolved.place_of(unknown.what), unknown.message));
        }
        if expected.kind.is_none() {
            expected.kind = self.only_kind(expected);
        }
        Ok(())
    }

    /// Returns the kind of asset that model, endpoint and field accept, if there is only one.
    fn only_kind(&self, expected: &ExpectationArgs) -> Option<Kind> {
        let ExpectationArgs { model, endpoint, field, kind: _ } = expected;
        if model.is_none() && endpoint.is_none() && field.is_none() {
            return None;
        }
        let base = field.as_deref().map(base_name);
        let rows = self.assets().fields().filter(|(home, row)| {
            let FieldRow { field: name, models, .. } = row;
            endpoint.as_deref().is_none_or(|endpoint| endpoint == *home)
                && base.is_none_or(|base| name.as_deref().is_some_and(|name| base_name(name) == base))
                && model.as_ref().is_none_or(|model| models.contains(model))
        });
        let mut kinds: Vec<Kind> = rows.flat_map(|(_, row)| row.kinds.iter().copied()).collect();
        kinds.dedup();
        if let [kind] = kinds.as_slice() { Some(*kind) } else { None }
    }

    /// Returns a field as written in the API's messages; also accepts `prompt_image` and `promptImage.0.uri`.
    fn canonical_field(&self, typed: &str) -> anyhow::Result<String> {
        let mut known: Vec<&str> = self.assets().fields().filter_map(|(_, row)| row.field.as_deref()).collect();
        known.sort_unstable();
        known.dedup();
        let field = with_brackets(typed);
        let base = base_name(&field);
        let camel = camel_case(base);
        if let Some(name) = known.iter().find(|name| base_name(name) == base || base_name(name) == camel) {
            let rest = field.get(base.len()..).unwrap_or_default();
            return Ok(format!("{}{rest}", base_name(name)));
        }
        let names: Vec<&str> = known.iter().map(|name| base_name(name)).collect();
        if let Some(near) = nearest(&camel, &names) {
            bail!("--field {}: unknown field; did you mean {near}?", UntrustedText::from(typed).escaped());
        }
        notice(&format!("note: unknown field {}; no rules apply to it", UntrustedText::from(typed).escaped()));
        Ok(typed.to_owned())
    }

    /// Returns those of the two names that the asset rules do not know.
    pub(crate) fn unknown_names(&self, model: Option<&str>, endpoint: Option<&str>) -> Vec<UnknownName> {
        if model.is_none() && endpoint.is_none() {
            // Avoids parsing the rules.
            return Vec::new();
        }
        let (rules, requests) = (self.assets(), self.requests());
        let endpoints: Vec<&str> = requests.endpoints.keys().map(String::as_str).collect();
        let models: Vec<&str> = endpoints.iter().flat_map(|name| requests.models(name)).collect();
        let unknown_model = model.filter(|name| !rules.knows_model(name));
        let unknown_endpoint = endpoint.filter(|name| !rules.knows_endpoint(name));
        let mut unknown = Vec::new();
        unknown.extend(unknown_model.map(|name| self.unknown("model", name, &models, &rules.models())));
        unknown.extend(unknown_endpoint.map(|name| self.unknown("endpoint", name, &endpoints, &rules.endpoints())));
        if let (Some(model), Some(endpoint), true) = (model, endpoint, unknown.is_empty()) {
            unknown.extend(self.not_at(model, endpoint));
        }
        unknown
    }

    /// Describes a name unknown to the asset rules: known from request bodies, misspelled, or newer than the rules.
    fn unknown(&self, what: &'static str, name: &str, in_bodies: &[&str], known: &[&str]) -> UnknownName {
        let shown = UntrustedText::from(name);
        if in_bodies.contains(&name) {
            let message =
                format!("no asset rules are published for the {what} {}; only general ones apply", shown.escaped());
            return UnknownName { what, message, is_known: true, is_misspelled: false };
        }
        let near = nearest(name, &[in_bodies, known].concat());
        let help = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        let read = self.assets().read();
        let message = format!("unknown {what} {} (rules of {read}){help}", shown.escaped());
        UnknownName { what, message, is_known: false, is_misspelled: near.is_some() }
    }

    /// Returns the endpoints of a known model, if this endpoint is not among them.
    fn not_at(&self, model: &str, endpoint: &str) -> Option<UnknownName> {
        let fields = self.assets().fields().filter(|(_, row)| row.models.iter().any(|known| known == model));
        let mut homes: Vec<&str> = fields.map(|(home, _)| home).collect();
        homes.dedup();
        let is_elsewhere = !homes.is_empty() && !homes.contains(&endpoint);
        let message = || format!("the rules list {model} at {}, not at {endpoint}", homes.join(" and "));
        is_elsewhere.then(|| UnknownName { what: "model", message: message(), is_known: true, is_misspelled: false })
    }
}

/// A name that the asset rules do not know.
pub(crate) struct UnknownName {
    /// `model` or `endpoint`.
    pub(crate) what: &'static str,
    /// A clause without a full stop.
    pub(crate) message: String,
    /// Whether it is known elsewhere.
    pub(crate) is_known: bool,
    /// Whether it is close to a known name.
    pub(crate) is_misspelled: bool,
}

/// Strips a field's path from its first index or dot on: `references[0].uri` → `references`.
fn base_name(field: &str) -> &str {
    field.split(['[', '.']).next().unwrap_or(field)
}

/// Writes dotted indexes in brackets: `promptImage.0.uri` → `promptImage[0].uri`.
fn with_brackets(field: &str) -> String {
    let mut parts = field.split('.');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let piece = if is_index { format!("[{part}]") } else { format!(".{part}") };
        written.push_str(&piece);
    }
    written
}

/// Writes a snake-case name in camel case: `prompt_image` → `promptImage`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        camel.push_str(&first.to_uppercase());
        camel.push_str(rest);
    }
    camel
}

fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        bail!("it is a directory");
    }
    if file.take(MAX_RULES_FILE + 1).read_to_string(&mut text)? as u64 > MAX_RULES_FILE {
        bail!("it is larger than {} MiB", MAX_RULES_FILE >> 20);
    }
    Ok(text)
}

/// Describes an error in request rules.
fn bad_requests(name: &str, error: &RequestRulesError) -> anyhow::Error {
    let place = match error {
        RequestRulesError::Form(fault) => format!(":{}:{}", fault.line(), fault.column()),
        RequestRulesError::Name(_) | RequestRulesError::Pattern(_) | RequestRulesError::TooLarge => String::new(),
    };
    anyhow!("--rules {name}{place}: {}", UntrustedText::new(error.to_string()).escaped_up_to(512))
}
