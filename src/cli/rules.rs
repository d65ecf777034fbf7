//! `rules`: prints the rules in force, and imports or compares Runway's `OpenAPI` document.

use std::io::{self, Write as _};

use crate::Kind;
use crate::finding::RuleRow;
use crate::output::{self, RequestRulesListing, RulesListing, SourceCitation};
use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::args::{endpoint, kinds, name};
use super::import::{Import, day_of};
use super::rule_sources::{EMBEDDED_ORIGIN, RuleSources, RulesArgs, UnknownName};
use super::rules_diff::RulesDiffArgs;
use super::{Exit, notice, output_failed, terminal};

/// Print the rules in force, each with its bound, unit, source and date
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Rules {
    #[command(subcommand)]
    action: Option<RulesAction>,
    #[command(flatten)]
    print: PrintRules,
}

#[derive(Debug, Subcommand)]
enum RulesAction {
    Import(Import),
    Diff(RulesDiffArgs),
}

/// Flags for printing rules.
#[derive(Args, Debug)]
struct PrintRules {
    /// Only rules for this model
    #[arg(long, value_name = "NAME", value_parser = name, help_heading = "Filters")]
    model: Option<String>,
    /// Only rules for this endpoint; a path below /v1/
    #[arg(long, value_name = "PATH", value_parser = endpoint, help_heading = "Filters")]
    endpoint: Option<String>,
    /// Only rules for this kind of asset
    #[arg(long, value_name = "KIND", value_parser = kinds(), help_heading = "Filters")]
    kind: Option<Kind>,
    /// Output format
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT", help_heading = "Output")]
    format: RulesFormat,
    #[command(flatten)]
    rules: RulesArgs,
}

/// The format of printed rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RulesFormat {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
    /// The embedded rules file, to edit and pass to --rules
    Toml,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight rules --model gen4_turbo --kind image
  runway-preflight rules --format json | jq '.rows[] | select(.metric == \"aspect-ratio\")'";

const EXAMPLES: &str = "\
Examples:
  Print every rule with its source and date
    runway-preflight rules
  Which limits apply to images for gen4_turbo?
    runway-preflight rules --model gen4_turbo --kind image
  Extract every aspect-ratio window in a script
    runway-preflight rules --format json | jq '.rows[] | select(.metric == \"aspect-ratio\")'
  Check with your own rules
    runway-preflight rules --format toml > my.toml
    runway-preflight check --rules my.toml photo.jpg

Exit codes: 0 printed, 2 usage error or unusable rules file, 4 output could not be written.";

impl Rules {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.action {
            Some(RulesAction::Import(import)) => import.run(),
            Some(RulesAction::Diff(diff)) => diff.run(),
            None => self.print.run(),
        }
    }
}

impl PrintRules {
    fn run(&self) -> anyhow::Result<Exit> {
        let sources = self.rules.open()?;
        let is_part = self.model.is_some() || self.endpoint.is_some() || self.kind.is_some();
        if self.format == RulesFormat::Toml && (is_part || sources.origin() != EMBEDDED_ORIGIN) {
            bail!("--format toml prints the embedded rules unchanged and cannot be combined with other flags");
        }
        for UnknownName { message, is_known, .. } in
            sources.unknown_names(self.model.as_deref(), self.endpoint.as_deref())
        {
            if !is_known {
                bail!("{message}");
            }
            notice(&format!("note: {message}"));
        }
        let rows = self.rows(&sources);
        let bodies = self.bodies(&sources);
        let listing = RulesListing {
            read: sources.assets().read(),
            age: age(sources.assets().read()),
            origin: sources.origin(),
            rows: &rows,
            bodies: &bodies,
        };
        let mut stdout = io::stdout().lock();
        let written = match self.format {
            RulesFormat::Text => output::rules_text(&listing, terminal::width(false), &mut stdout),
            RulesFormat::Json => output::rules_json(&listing, &mut stdout),
            RulesFormat::Toml => stdout.write_all(crate::RuleSet::TEXT.as_bytes()),
        };
        Ok(written.and_then(|()| stdout.flush()).map_or_else(|error| output_failed(&error), |()| Exit::Success))
    }

    /// Returns the asset rules that match the filters.
    fn rows<'a>(&self, sources: &'a RuleSources) -> Vec<RuleRow<'a>> {
        let rules = sources.assets();
        let model = self.model.as_deref();
        let homes: Vec<&str> = rules.rows().filter(|row| row.model == model).filter_map(|row| row.endpoint).collect();
        let kind = self.kind.map(Kind::name);
        let matches = |row: &RuleRow<'_>| {
            let for_model = match (model, row.model, row.endpoint) {
                (None, _, _) | (Some(_), None, None) => true,
                (Some(model), Some(known), _) => model == known,
                // A rule for all models of an endpoint applies only if this model is known at the endpoint.
                (Some(_), None, Some(endpoint)) => homes.contains(&endpoint),
            };
            let at = self.endpoint.as_deref().is_none_or(|name| row.endpoint.is_none_or(|known| known == name));
            let of = kind.is_none_or(|kind| row.kind.is_empty() || row.kind.split(" or ").any(|known| known == kind));
            for_model && at && of
        };
        rules.rows().filter(matches).collect()
    }

    /// Returns the request rules that match the filters.
    fn bodies<'a>(&self, sources: &'a RuleSources) -> RequestRulesListing<'a> {
        let requests = sources.requests();
        let wanted_model = |model: &&str| self.model.as_deref().is_none_or(|wanted| wanted == *model);
        let models = |name: &'a str| requests.models(name).into_iter().filter(wanted_model).collect::<Vec<_>>();
        let is_wanted = |name: &&str| self.endpoint.as_deref().is_none_or(|wanted| wanted == *name);
        let endpoints = requests.endpoints.keys().map(String::as_str).filter(is_wanted);
        let endpoints = endpoints.map(|name| (name, models(name)));
        let later = requests.layers.iter().map(|layer| SourceCitation { source: &layer.source, date: &layer.date });
        RequestRulesListing {
            origin: sources.requests_origin(),
            stated: std::iter::once(SourceCitation { source: &requests.source, date: &requests.date })
                .chain(later)
                .collect(),
            endpoints: endpoints.filter(|(_, models)| self.model.is_none() || !models.is_empty()).collect(),
        }
    }
}

/// Returns the age of a date in days; `None` for a future date, or for a month without a day.
fn age(read: &str) -> Option<i32> {
    let days = day_of(None).since(read.parse::<Date>().ok()?).ok()?.get_days();
    (days >= 0).then_some(days)
}
