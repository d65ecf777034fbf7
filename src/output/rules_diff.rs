//! Writes the differences between a document and the rules in force, as text and JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::escape;
use crate::report::rule_change::RuleChange;

/// A comparison of a document with the rules on request bodies.
#[derive(Debug)]
pub struct RulesDiff<'a> {
    /// A description of the document.
    pub source: &'a str,
    /// The modification date of its file; `None` without a file.
    pub modified: Option<String>,
    /// The origin of the rules: `embedded`, or a file.
    pub origin: &'a str,
    /// The day of the newest of them.
    pub date: &'a str,
    /// The differences.
    pub changes: &'a [RuleChange],
}

/// Writes one line per change, as in a diff: `+` is only in the document, `-` only in the rules, `~` in both.
///
/// # Errors
/// Only when `out` fails.
pub fn text(diff: &RulesDiff<'_>, out: &mut dyn Write) -> io::Result<()> {
    diff.changes.iter().try_for_each(|change| writeln!(out, "{}", escape::visible(&change.to_string())))
}

/// Writes one JSON document.
///
/// # Errors
/// Only when `out` fails.
pub fn json(diff: &RulesDiff<'_>, out: &mut dyn Write) -> io::Result<()> {
    let RulesDiff { source, modified, origin, date, changes } = diff;
    let document = json!({
        "schema_version": super::json::SCHEMA_VERSION,
        "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
        "rules": {"read": date, "origin": origin},
        "document": {"source": source, "date": modified},
        "changes": changes.iter().map(change).collect::<Vec<_>>(),
    });
    writeln!(out, "{}", escape::json(&format!("{document:#}")))
}

fn change(change: &RuleChange) -> Value {
    let RuleChange { kind, endpoint, model, field, before, after } = change;
    json!({
        "change": kind.name(),
        "endpoint": endpoint,
        "model": model,
        "field": field,
        "before": before,
        "after": after,
    })
}
