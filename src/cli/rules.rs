//! `rules`: prints the rules in force, and makes request rules of Runway's `OpenAPI` document.

use std::io::{self, Write as _};

use crate::Kind;
use crate::finding::RuleRow;
use crate::output::{self, Bodies, Listing, Stated};
use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::args::{KindName, endpoint, plain};
use super::import::{Import, day_of};
use super::rule_sources::{EMBEDDED_ORIGIN, Rulebook, RulesFrom, Stranger};
use super::rules_diff::Diff;
use super::{Exit, say, terminal, unwritten};

/// Print the rules in force, each with its bound, unit, source and date
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, after_long_help = EXAMPLES)]
pub(crate) struct Rules {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    sheet: Sheet,
}

#[derive(Debug, Subcommand)]
enum Part {
    Import(Import),
    Diff(Diff),
}

/// What is printed.
#[derive(Args, Debug)]
struct Sheet {
    /// Only rules that hold for this model
    #[arg(long, value_name = "NAME", value_parser = plain, help_heading = "What is printed")]
    model: Option<String>,
    /// Only rules that hold at this endpoint, named by its path below /v1/
    #[arg(long, value_name = "PATH", value_parser = endpoint, help_heading = "What is printed")]
    endpoint: Option<String>,
    /// Only rules that hold for this kind of asset
    #[arg(long, value_enum, value_name = "KIND", help_heading = "What is printed")]
    kind: Option<KindName>,
    /// The form of the rules
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT", help_heading = "Output")]
    format: ListName,
    #[command(flatten)]
    rules: RulesFrom,
}

/// The form in which rules are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListName {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
    /// The rules file of the program itself, to be changed and given back with --rules
    Toml,
}

const EXAMPLES: &str = "\
Examples:
  Every rule, with where it is published and when that was read
    runway-preflight rules
  What must a picture for gen4_turbo be?
    runway-preflight rules --model gen4_turbo --kind image
  Every aspect-ratio window, for a program
    runway-preflight rules --format json | jq '.rows[] | select(.what == \"aspect-ratio\")'
  Try rules of your own
    runway-preflight rules --format toml > my.toml
    runway-preflight check --rules my.toml photo.jpg

Exit codes: 0 printed, 2 bad usage or a rules file that cannot be used, 4 not written.";

impl Rules {
    /// Runs the verb.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.part {
            Some(Part::Import(import)) => import.run(),
            Some(Part::Diff(diff)) => diff.run(),
            None => self.sheet.run(),
        }
    }
}

impl Sheet {
    fn run(&self) -> anyhow::Result<Exit> {
        let book = self.rules.open()?;
        let is_part = self.model.is_some() || self.endpoint.is_some() || self.kind.is_some();
        if self.format == ListName::Toml && (is_part || book.origin() != EMBEDDED_ORIGIN) {
            bail!("--format toml prints the rules of the program as they are, and takes no other flag");
        }
        for Stranger { sentence, is_known } in book.strangers(self.model.as_deref(), self.endpoint.as_deref()) {
            if !is_known {
                bail!("{sentence}");
            }
            say(&format!("note: {sentence}"));
        }
        let rows = self.rows(&book);
        let bodies = self.bodies(&book);
        let listing = Listing {
            read: book.assets().read(),
            age: age(book.assets().read()),
            origin: book.origin(),
            rows: &rows,
            bodies: &bodies,
        };
        let mut stdout = io::stdout().lock();
        let written = match self.format {
            ListName::Text => output::rules_text(&listing, terminal::width(false), &mut stdout),
            ListName::Json => output::rules_json(&listing, &mut stdout),
            ListName::Toml => stdout.write_all(crate::RuleSet::TEXT.as_bytes()),
        };
        Ok(written.and_then(|()| stdout.flush()).map_or_else(|error| unwritten(&error), |()| Exit::Accepted))
    }

    /// Returns the rules on assets that hold for what is asked about.
    fn rows<'a>(&self, book: &'a Rulebook) -> Vec<RuleRow<'a>> {
        let rules = book.assets();
        let model = self.model.as_deref();
        let homes: Vec<&str> = rules.rows().filter(|row| row.model == model).filter_map(|row| row.endpoint).collect();
        let kind = self.kind.map(|kind| Kind::from(kind).name());
        let holds = |row: &RuleRow<'_>| {
            let for_model = match (model, row.model, row.endpoint) {
                (None, _, _) | (Some(_), None, None) => true,
                (Some(model), Some(known), _) => model == known,
                // What holds for all models of an endpoint holds for this one only if it is known there.
                (Some(_), None, Some(endpoint)) => homes.contains(&endpoint),
            };
            let at = self.endpoint.as_deref().is_none_or(|name| row.endpoint.is_none_or(|known| known == name));
            let of = kind.is_none_or(|kind| row.kind.is_empty() || row.kind.split(" or ").any(|known| known == kind));
            for_model && at && of
        };
        rules.rows().filter(holds).collect()
    }

    /// Returns the request bodies that hold for what is asked about.
    fn bodies<'a>(&self, book: &'a Rulebook) -> Bodies<'a> {
        let requests = book.requests();
        let wanted_model = |model: &&str| self.model.as_deref().is_none_or(|wanted| wanted == *model);
        let models = |name: &'a str| requests.models(name).into_iter().filter(wanted_model).collect::<Vec<_>>();
        let is_wanted = |name: &&str| self.endpoint.as_deref().is_none_or(|wanted| wanted == *name);
        let endpoints = requests.endpoints.keys().map(String::as_str).filter(is_wanted);
        let endpoints = endpoints.map(|name| (name, models(name)));
        let later = requests.layers.iter().map(|layer| Stated { source: &layer.source, date: &layer.date });
        Bodies {
            origin: book.requests_origin(),
            stated: std::iter::once(Stated { source: &requests.source, date: &requests.date }).chain(later).collect(),
            endpoints: endpoints.filter(|(_, models)| self.model.is_none() || !models.is_empty()).collect(),
        }
    }
}

/// Returns how many days ago a day was; `None` for one that is to come, or that is given less exactly.
fn age(read: &str) -> Option<i32> {
    let days = day_of(None).since(read.parse::<Date>().ok()?).ok()?.get_days();
    (days >= 0).then_some(days)
}
