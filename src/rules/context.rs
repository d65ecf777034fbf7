//! The input of the rules, and what is known about the purpose of the asset.

use super::applies_to::{Scope, without_indexes};
use super::limits::{FieldRow, Limit, Metric, RuleSet};
use super::{Expectations, effective_kind, lengths};
use crate::asset::{Asset, Target};
use crate::finding::{Confidence, Finding, Severity, Transport};
use crate::media::Kind;
use crate::observation::Observation;
use crate::units::Bytes;

/// Everything that a rule may read.
#[derive(Clone, Copy, Debug)]
pub struct CheckContext<'a> {
    /// The limits in force.
    pub rules: &'a RuleSet,
    /// The asset as the user named it.
    pub asset: &'a Asset,
    /// What its text was parsed as.
    pub target: &'a Target,
    /// What the asset is for.
    pub expectations: &'a Expectations,
    /// What was observed. At `Stage::Address` only `observed_at` and `base64_decoding` are read.
    pub observation: &'a Observation,
    /// How the asset is sent.
    pub transport: Transport,
    /// For a local file: the content type that web servers derive from its name, where they know the extension.
    pub guessed_type: Option<&'a str>,
}

impl<'a> CheckContext<'a> {
    /// Returns the kinds that are expected before anything is fetched; empty if any kind is possible.
    pub(super) fn expected_kinds(&self) -> Vec<Kind> {
        if let Some(kind) = self.expectations.kind.or(self.asset.kind) {
            return vec![kind];
        }
        let field = self.asset.field.as_deref().map(without_indexes);
        let scope = self.stated_scope();
        // Every asset comes through here several times: the fields of all models are not walked for nothing.
        if field.is_none() && scope.model.or(scope.endpoint).is_none() {
            return Vec::new();
        }
        let mut kinds = Vec::new();
        let rows = self.fields().filter(|row| field.is_none() || row.field == field);
        for kind in rows.flat_map(|row| row.kinds.iter().copied()) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds.sort_unstable();
        // Without a field, the kind is known only if the model or endpoint accepts a single kind of asset.
        if field.is_some() || kinds.len() == 1 { kinds } else { Vec::new() }
    }

    /// Returns the asset fields of the model and the endpoint; all fields if neither is known.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a FieldRow> {
        let scope = self.stated_scope();
        let applies = move |name: &str, models: &[String]| {
            scope.endpoint.is_none_or(|endpoint| endpoint == name)
                && scope.model.is_none_or(|model| models.is_empty() || models.iter().any(|known| known == model))
        };
        self.rules.fields().filter_map(move |(name, row)| applies(name, &row.models).then_some(row))
    }

    /// Returns the scope of the asset, for matching rows.
    pub(super) fn scope(&self) -> Scope<'a> {
        let scope = self.stated_scope();
        // To a model that the rules do not contain, the limits of another do not apply.
        let sole_model = || if self.expectations.model.is_none() { self.sole_model() } else { None };
        Scope { kind: effective_kind(self), model: scope.model.or_else(sole_model), ..scope }
    }

    /// Returns what the user says the asset is for, without names that the rules do not contain.
    pub(super) fn stated_scope(&self) -> Scope<'a> {
        Scope {
            transport: Some(self.transport),
            kind: None,
            model: self.expectations.model.as_deref().filter(|name| self.rules.knows_model(name)),
            endpoint: self.expectations.endpoint.as_deref().filter(|name| self.rules.knows_endpoint(name)),
            field: self.asset.field.as_deref(),
        }
    }

    /// Returns the file size limit of a transport; the largest of all kinds if the kind is unknown. Limits that are
    /// only inferred do not count.
    pub(super) fn file_limit(&self, transport: Transport) -> Option<Bytes> {
        let scope = Scope { transport: Some(transport), ..self.scope() };
        let is_published = |limit: &&Limit| self.rules.confidence(limit) != Confidence::Inferred;
        let rows = self.rules.applicable(Metric::FileSize, scope).filter(is_published);
        let limits = rows.filter_map(|limit| lengths::whole(limit.max()));
        let limit = if scope.kind.is_some() { limits.min() } else { limits.max() };
        limit.map(Bytes::new)
    }

    /// Gives a finding the confidence of its row: a limit that is only inferred is a warning.
    pub(super) fn with_confidence_of(&self, finding: Finding, limit: &Limit) -> Finding {
        let confidence = self.rules.confidence(limit);
        let finding = finding.with_confidence(confidence);
        if confidence == Confidence::Inferred { finding.with_severity(Severity::Warning) } else { finding }
    }

    /// Returns the model of the endpoint, where it has exactly one.
    pub(super) fn sole_model(&self) -> Option<&'a str> {
        let Scope { endpoint: Some(endpoint), .. } = self.stated_scope() else { return None };
        let mut models = self.rules.fields().filter(|(name, _)| *name == endpoint).flat_map(|(_, row)| &row.models);
        let first = models.next()?;
        models.all(|model| model == first).then_some(first)
    }
}
