//! The rule on the names of the model, the endpoint and the field.

use super::applies_to::{nearest, without_indexes};
use super::limits::FieldRow;
use super::{CheckContext, RuleSet};
use crate::finding::{Finding, Lint, Severity};
use crate::text::secret::redact_text;
use crate::text::untrusted::UntrustedText;

/// The model and the endpoint should be known, and the field should be one of theirs: a misspelled name disables the
/// limits of the correct one.
pub(super) fn known_names(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let rules = context.rules;
    if let Some(name) = context.expectations.model.as_deref().filter(|name| !rules.knows_model(name)) {
        findings.push(unknown(rules, "model", name, &rules.models()));
    }
    if let Some(name) = context.expectations.endpoint.as_deref().filter(|name| !rules.knows_endpoint(name)) {
        findings.push(unknown(rules, "endpoint", name, &rules.endpoints()));
    }
    let stated = context.stated_scope();
    let Some(field) = context.asset.field.as_deref().filter(|_| stated.model.or(stated.endpoint).is_some()) else {
        return;
    };
    // Rows that name no model belong to endpoints that have none.
    let of_model = |row: &&FieldRow| stated.model.is_none() || !row.models.is_empty();
    let mut known: Vec<&str> = context.fields().filter(of_model).filter_map(|row| row.field.as_deref()).collect();
    known.sort_unstable();
    known.dedup();
    if !known.is_empty() && !known.contains(&without_indexes(field).as_str()) {
        let finding = unknown(rules, "field", field, &known);
        let is_near = nearest(field, &known).is_some();
        let list = || format!("Known fields: {}.", known.join(", "));
        findings.push(if is_near { finding } else { finding.with_hint(list()) });
    }
}

fn unknown(rules: &RuleSet, what: &str, name: &str, known: &[&str]) -> Finding {
    let name = redact_text(name);
    let shown = UntrustedText::from(name.as_str());
    let detail = format!("unknown {what} {} (rules of {})", shown.escaped(), rules.read());
    let finding = Finding::lint(Lint::UnknownModel, detail);
    match nearest(&name, known) {
        Some(near) => finding.with_hint(format!("Did you mean {near}?")),
        // A model or an endpoint that is like no other is rather newer than the rules than misspelled.
        None if what != "field" => finding.with_severity(Severity::Note),
        None => finding,
    }
}
