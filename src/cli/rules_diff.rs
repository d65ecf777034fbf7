//! `rules diff`: compares Runway's `OpenAPI` document with the request rules in force.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::output::{self, RulesDiff};
use crate::request;
use crate::units::counted;

use super::import::{day_of, note_unread, rules_of};
use super::rule_sources::RulesArgs;
use super::{Exit, notice, output_failed};

/// The flags of `rules diff`.
#[derive(Args, Debug)]
#[command(
    about = "List the differences between an OpenAPI document and the request rules in force",
    after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES
)]
pub(crate) struct RulesDiffArgs {
    /// The document, as JSON; - reads it from standard input
    #[arg(value_name = "OPENAPI.json")]
    document: PathBuf,
    /// Output format
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT", help_heading = "Output")]
    format: DiffFormat,
    #[command(flatten)]
    rules: RulesArgs,
}

/// The format of printed changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// One line per change: + only in the document, - only in the rules, ~ in both
    Text,
    /// One JSON document
    Json,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight rules diff openapi.json
  runway-preflight rules diff --rules old-rules.json new.json";

const EXAMPLES: &str = "\
Examples:
  Does the current document differ from the rules?
    runway-preflight rules diff openapi.json
  List the models that it adds
    runway-preflight rules diff -f json openapi.json | jq '.changes[] | select(.change == \"added\" and .field == null)'
  Compare two documents
    runway-preflight rules import old.json -o old-rules.json
    runway-preflight rules diff --rules old-rules.json new.json

Exit codes: 0 no differences, 1 differences found, 2 unusable document or rules file, 4 output could not be written.";

impl RulesDiffArgs {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let sources = self.rules.open()?;
        let (document, modified) = rules_of(&self.document)?;
        let changes = request::diff(sources.requests(), &document);
        let diff = RulesDiff {
            source: &document.source,
            modified: modified.map(|_| day_of(modified).to_string()),
            origin: sources.requests_origin(),
            date: sources.requests().newest(),
            changes: &changes,
        };
        let mut stdout = io::stdout().lock();
        let written = match self.format {
            DiffFormat::Text => output::rules_diff_text(&diff, &mut stdout),
            DiffFormat::Json => output::rules_diff_json(&diff, &mut stdout),
        };
        if let Err(error) = written.and_then(|()| stdout.flush()) {
            return Ok(output_failed(&error));
        }
        note_unread(&document);
        let count = match changes.len() {
            0 => "no differences".to_owned(),
            count => counted(count as u64, "difference"),
        };
        notice(&format!("note: {count} from the rules of {}", diff.date));
        Ok(if changes.is_empty() { Exit::Success } else { Exit::Failure })
    }
}
