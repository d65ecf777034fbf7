//! The judgement: what the API would answer, from what was seen. Pure: no network, no clock, no files.
//!
//! [`RULES`] is the table of every rule, in the order in which the API checks; [`judge`] runs those of one stage. The
//! published numbers stand in [`tables`], read from `rules/runway.toml`.

use crate::asset::{Asset, Target};
use crate::finding::code::{Confidence, Severity, Stage};
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
pub use crate::finding::rule_row::RuleRow;
use crate::finding::{Finding, FindingKind, Transport};
use crate::media::{Kind, Media};
use crate::observation::Observation;
use crate::text::secret::redact_text;
use crate::text::untrusted::UntrustedText;
use crate::units::{Bytes, Dimensions, RatioWindow};

mod applies_to;
mod content_types;
mod data_uri;
mod dimensions;
mod error;
mod expiry;
mod file;
mod format;
mod headers;
mod hints;
mod lengths;
pub mod limits;
mod playback;
mod response;
#[cfg(test)]
mod tests;
mod transfer;
mod url;
mod values;

pub use applies_to::nearest;
pub use error::RulesError;
pub use file::{encoded_length, evaluate_file};
pub use limits::RuleSet;

use applies_to::{Scope, stem};
use limits::{FieldRow, Limit, Metric};
use response::Heard;

/// What the user says the asset is for; whatever is `None` is worked out, or left open.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// The kind that is expected.
    pub kind: Option<Kind>,
    /// The model whose windows hold.
    pub model: Option<String>,
    /// The endpoint, as a path below `/v1/`.
    pub endpoint: Option<String>,
    /// An aspect-ratio window that stands in for those of the model.
    pub ratio: Option<RatioWindow>,
    /// For a local file: the one way of sending it that is judged.
    pub way: Option<Transport>,
    /// The shape that the picture is cut to, as width and height.
    pub cut_to: Option<Dimensions>,
    /// True where private and loopback hosts are let through.
    pub allow_private: bool,
}

/// Everything a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct CheckContext<'a> {
    /// The numbers in force.
    pub rules: &'a RuleSet,
    /// The asset as it was named.
    pub asset: &'a Asset,
    /// What its text turned out to be.
    pub target: &'a Target,
    /// What it is for.
    pub wanted: &'a Expectations,
    /// What was seen of it. At [`Stage::Address`] only `at` and `decoded` are looked at.
    pub seen: &'a Observation,
    /// How it is handed over.
    pub way: Transport,
    /// For a local file: the content type that web servers guess from its name, where they know its ending.
    pub named: Option<&'a str>,
}

/// One rule: a name, when it is asked, where it is published, and the check.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name, in kebab-case.
    pub id: &'static str,
    /// When it is asked.
    pub stage: Stage,
    /// Where it is published; `ours` where it is not.
    pub source: &'static str,
    check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
enum Check {
    /// The asset as a whole.
    Asset(fn(&CheckContext<'_>, &mut Vec<Finding>)),
    /// The answer to HEAD, then that to GET.
    Answer(fn(&CheckContext<'_>, Heard<'_>, &mut Vec<Finding>)),
}

const TROUBLESHOOTING: &str = "https://docs.dev.runwayml.com/errors/troubleshooting";
const INPUTS: &str = "https://docs.dev.runwayml.com/assets/inputs";
const OURS: &str = "ours";

/// Every rule, in the order in which the API checks.
pub const RULES: [Rule; 36] = {
    use Check::{Answer, Asset};
    use Stage::{Address, Content, Response};
    const fn rule(id: &'static str, stage: Stage, source: &'static str, check: Check) -> Rule {
        Rule { id, stage, source, check }
    }
    [
        rule("text-length", Address, INPUTS, Asset(lengths::text_length)),
        rule("data-uri", Address, TROUBLESHOOTING, Asset(data_uri::data_uri)),
        rule("url-parses", Address, TROUBLESHOOTING, Asset(url::parses)),
        rule("https", Address, TROUBLESHOOTING, Asset(url::https)),
        rule("domain", Address, TROUBLESHOOTING, Asset(url::domain)),
        rule("host-name", Address, OURS, Asset(url::host_name)),
        rule("public-name", Address, OURS, Asset(url::public_name)),
        rule("port", Address, OURS, Asset(url::port)),
        rule("credentials", Address, OURS, Asset(url::credentials)),
        rule("canonical", Address, OURS, Asset(url::canonical)),
        rule("host", Address, OURS, Asset(url::host)),
        rule("expiry", Address, OURS, Asset(expiry::expiry)),
        rule("known-names", Address, OURS, Asset(known_names)),
        rule("arrived", Response, TROUBLESHOOTING, Answer(response::arrived)),
        rule("status", Response, TROUBLESHOOTING, Answer(response::status)),
        rule("content-type", Response, TROUBLESHOOTING, Answer(headers::content_type)),
        rule("content-length", Response, TROUBLESHOOTING, Answer(headers::content_length)),
        rule("size", Response, TROUBLESHOOTING, Answer(headers::size)),
        rule("content-encoding", Response, OURS, Answer(headers::encoding)),
        rule("head-size", Response, OURS, Answer(headers::head_size)),
        rule("oddities", Response, OURS, Answer(headers::oddities)),
        rule("body", Response, TROUBLESHOOTING, Asset(transfer::body)),
        rule("time", Response, TROUBLESHOOTING, Asset(transfer::time)),
        rule("head-like-get", Response, INPUTS, Asset(transfer::head_like_get)),
        rule("asked", Response, OURS, Asset(transfer::asked)),
        rule("readable-file", Response, OURS, Asset(transfer::readable)),
        rule("dimensions", Content, TROUBLESHOOTING, Asset(dimensions::dimensions)),
        rule("aspect-ratio", Content, TROUBLESHOOTING, Asset(dimensions::aspect_ratio)),
        rule("cropping", Content, INPUTS, Asset(dimensions::cropping)),
        rule("duration", Content, INPUTS, Asset(playback::duration)),
        rule("frame-rate", Content, INPUTS, Asset(playback::frame_rate)),
        rule("size-in-pixels", Content, INPUTS, Asset(dimensions::size)),
        rule("readable-media", Content, INPUTS, Asset(format::readable)),
        rule("codec", Content, INPUTS, Asset(format::codec)),
        rule("declared-type", Content, INPUTS, Asset(format::declared_type)),
        rule("coding", Content, OURS, Asset(coding)),
    ]
};

fn coding(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    format::coding_of_image(subject, findings);
    dimensions::stated(subject, findings);
}

/// Judges one stage of one asset: every finding, in the API's order.
///
/// [`Stage::Address`] is judged before anything is fetched, for every target. The other two need what was seen; for a
/// local file [`evaluate_file`] judges them.
#[must_use]
pub fn evaluate(stage: Stage, subject: &CheckContext<'_>) -> Vec<Finding> {
    if stage == Stage::Content && !format::counts(subject) {
        return Vec::new();
    }
    let rules = || RULES.iter().filter(move |rule| rule.stage == stage);
    let answered = |heard: Heard<'_>| {
        let mut findings = Vec::new();
        for rule in rules() {
            if let Check::Answer(check) = rule.check {
                check(subject, heard, &mut findings);
            }
        }
        findings
    };
    let [head, get] = Heard::both(subject).map(answered);
    let mut findings = response::merge(head, get);
    for rule in rules() {
        if let Check::Asset(check) = rule.check {
            check(subject, &mut findings);
        }
    }
    findings
}

/// Returns the kind an asset is judged as: the wanted one, else that of the field, of the Content-Type, of the bytes.
#[must_use]
pub fn kind_of(subject: &CheckContext<'_>) -> Option<Kind> {
    let wanted = subject.wanted_kinds();
    if let [kind] = wanted.as_slice() {
        return Some(*kind);
    }
    let fits = |kind: &Kind| wanted.is_empty() || wanted.contains(kind);
    let declared = Heard::both(subject).into_iter().rev().filter_map(Heard::good).find_map(|response| {
        let essence = content_types::essence(content_types::declared(response)?);
        Kind::parse(essence.split('/').next()?)
    });
    let content = &subject.seen.content;
    let bytes = || content.media().and_then(Media::kind).or_else(|| content.format()?.kind());
    declared.filter(fits).or_else(|| bytes().filter(fits)).or_else(|| data_uri::declared_kind(subject).filter(fits))
}

/// Returns how many bytes of a body count: the size limit by URL of a kind, or the largest where the kind is open.
#[must_use]
pub fn size_limit(rules: &RuleSet, kind: Option<Kind>) -> Bytes {
    let scope = Scope { way: Some(Transport::Url), kind, ..Scope::default() };
    let limits = rules.holding(Metric::FileSize, scope).filter_map(|bound| lengths::whole(bound.most()));
    limits.max().map_or(Bytes::mib(32), Bytes::new)
}

/// Returns what a look at a URL met that may pass by itself: no answer, an answer too late, or a status from 500 on.
#[must_use]
pub fn passing(subject: &CheckContext<'_>) -> Option<String> {
    let passes = |reason: &Reason| {
        matches!(reason, Reason::FetchFailed | Reason::Timeout | Reason::HttpStatus { status: 500..=599 })
    };
    evaluate(Stage::Response, subject).into_iter().find_map(|finding| match &finding.kind {
        FindingKind::Reason(reason) if passes(reason) && finding.severity == Severity::Error => {
            Some(if finding.detail.is_empty() { reason.to_string() } else { format!("{reason} ({})", finding.detail) })
        }
        FindingKind::Reason(_) | FindingKind::Schema(_) | FindingKind::Lint { .. } => None,
    })
}

/// Returns the usual content type of what was seen; `None` where it is nothing that the API takes.
#[must_use]
pub fn accepted_type<'a>(rules: &'a RuleSet, seen: &Observation) -> Option<&'a str> {
    let format = seen.content.format()?;
    let kind = seen.content.media().and_then(Media::kind).or(format.kind());
    content_types::container(rules, format, kind)?.types.first().map(String::as_str)
}

/// Marks the finding that the API would answer first: the first error that it has a sentence for.
pub fn mark_first(findings: &mut [Finding]) {
    for finding in &mut *findings {
        finding.is_api_answer = false;
    }
    let refusing = |finding: &&mut Finding| finding.severity == Severity::Error && finding.api_reason().is_some();
    if let Some(finding) = findings.iter_mut().find(refusing) {
        finding.is_api_answer = true;
    }
}

/// The model and the endpoint should be known, and the field be one of theirs: a misspelt one would switch off the
/// bounds of its right name.
fn known_names(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let rules = subject.rules;
    if let Some(name) = subject.wanted.model.as_deref().filter(|name| !rules.knows_model(name)) {
        findings.push(unknown("model", name, &rules.models()));
    }
    if let Some(name) = subject.wanted.endpoint.as_deref().filter(|name| !rules.knows_endpoint(name)) {
        findings.push(unknown("endpoint", name, &rules.endpoints()));
    }
    let named = subject.plain_scope();
    let Some(field) = subject.asset.field.as_deref().filter(|_| named.model.or(named.endpoint).is_some()) else {
        return;
    };
    // Rows that name no model are of endpoints that have none.
    let of_model = |row: &&FieldRow| named.model.is_none() || !row.models.is_empty();
    let mut known: Vec<&str> = subject.fields().filter(of_model).filter_map(|row| row.field.as_deref()).collect();
    known.sort_unstable();
    known.dedup();
    if !known.is_empty() && !known.contains(&stem(field).as_str()) {
        let finding = unknown("field", field, &known);
        let is_near = nearest(field, &known).is_some();
        findings.push(if is_near { finding } else { finding.with_hint(format!("Known are {}.", known.join(", "))) });
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Finding {
    let shown = UntrustedText::new(redact_text(name));
    let detail = format!("there are no rules for the {what} {}", shown.escaped());
    let finding = Finding::lint(Lint::UnknownModel, detail);
    match nearest(name, known) {
        Some(near) => finding.with_hint(format!("Did you mean {near}?")),
        None => finding,
    }
}

impl<'a> CheckContext<'a> {
    /// Returns the kinds that are expected before anything is fetched; none where that is open.
    fn wanted_kinds(&self) -> Vec<Kind> {
        if let Some(kind) = self.wanted.kind.or(self.asset.kind) {
            return vec![kind];
        }
        let Some(field) = self.asset.field.as_deref().map(stem) else { return Vec::new() };
        let rows = self.fields().filter(|row| row.field.as_ref() == Some(&field));
        let mut kinds: Vec<Kind> = rows.flat_map(|row| row.kinds.iter().copied()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Returns the asset fields of the model and the endpoint; of all where neither is known.
    fn fields(&self) -> impl Iterator<Item = &'a FieldRow> {
        let scope = self.plain_scope();
        let fits = move |name: &str, models: &[String]| {
            scope.endpoint.is_none_or(|endpoint| endpoint == name)
                && scope.model.is_none_or(|model| models.is_empty() || models.iter().any(|known| known == model))
        };
        self.rules.fields().filter_map(move |(name, row)| fits(name, &row.models).then_some(row))
    }

    /// Returns what the asset is for, as the rows are matched with it.
    fn scope(&self) -> Scope<'a> {
        let scope = self.plain_scope();
        Scope { kind: kind_of(self), model: scope.model.or_else(|| self.sole_model()), ..scope }
    }

    /// Returns what the user says the asset is for; names that the rules do not know are left out.
    fn plain_scope(&self) -> Scope<'a> {
        Scope {
            way: Some(self.way),
            kind: None,
            model: self.wanted.model.as_deref().filter(|name| self.rules.knows_model(name)),
            endpoint: self.wanted.endpoint.as_deref().filter(|name| self.rules.knows_endpoint(name)),
            field: self.asset.field.as_deref(),
        }
    }

    /// Returns the largest file that passes by a way; the largest of all kinds where the kind is open. Bounds that are
    /// only inferred do not count.
    fn file_limit(&self, way: Transport) -> Option<Bytes> {
        let scope = Scope { way: Some(way), ..self.scope() };
        let sure = |bound: &&Limit| self.rules.confidence(bound) != Confidence::Inferred;
        let rows = self.rules.holding(Metric::FileSize, scope).filter(sure);
        let limits = rows.filter_map(|bound| lengths::whole(bound.most()));
        let limit = if scope.kind.is_some() { limits.min() } else { limits.max() };
        limit.map(Bytes::new)
    }

    /// Weighs a finding by its row: a bound that is only inferred warns.
    fn weighed(&self, finding: Finding, bound: &Limit) -> Finding {
        let confidence = self.rules.confidence(bound);
        let finding = finding.with_confidence(confidence);
        if confidence == Confidence::Inferred { finding.with_severity(Severity::Warning) } else { finding }
    }

    /// Returns the one model of the endpoint, where it has just one.
    fn sole_model(&self) -> Option<&'a str> {
        let Scope { endpoint: Some(endpoint), .. } = self.plain_scope() else { return None };
        let mut models = self.rules.fields().filter(|(name, _)| *name == endpoint).flat_map(|(_, row)| &row.models);
        let first = models.next()?;
        models.all(|model| model == first).then_some(first)
    }
}
