//! The judgement: what the API would answer, from what was seen. Pure: no network, no clock, no files.
//!
//! [`RULES`] is the table of every rule, in the order in which the API checks; [`judge`] runs those of one stage. The
//! published numbers stand in [`tables`], read from `rules/runway.toml`.

use crate::asset::{Asset, Target};
use crate::entry::{Confidence, Severity, Stage};
use crate::media::Kind;
use crate::observation::Observation;
use crate::report::{Finding, Verdict, Way};
use crate::units::{Bytes, RatioWindow};

mod fault;
mod rows;
mod scope;
pub mod tables;
mod values;

pub use fault::RulesError;
pub use rows::Row;
pub use scope::nearest;
pub use tables::Rules;

/// What the user says the asset is for; whatever is `None` is worked out, or left open.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The kind that is expected.
    pub kind: Option<Kind>,
    /// The model whose windows hold.
    pub model: Option<String>,
    /// The endpoint, as a path below `/v1/`.
    pub endpoint: Option<String>,
    /// An aspect-ratio window that stands in for those of the model.
    pub ratio: Option<RatioWindow>,
    /// For a local file: the one way of sending it that is judged.
    pub way: Option<Way>,
    /// True where private and loopback hosts are let through.
    pub allow_private: bool,
}

/// Everything a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The numbers in force.
    pub rules: &'a Rules,
    /// The asset as it was named.
    pub asset: &'a Asset,
    /// What its text turned out to be.
    pub target: &'a Target,
    /// What it is for.
    pub wanted: &'a Wanted,
    /// What was seen of it. At [`Stage::Address`] only `at` is looked at.
    pub seen: &'a Observation,
    /// How it is handed over.
    pub way: Way,
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
    check: fn(&Subject<'_>, &mut Vec<Finding>),
}

/// Every rule, in the order in which the API checks.
pub const RULES: &[Rule] = &[];

/// Judges one stage of one asset: every finding, in the API's order.
#[must_use]
pub fn judge(stage: Stage, subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.stage == stage) {
        (rule.check)(subject, &mut findings);
    }
    findings
}

/// Returns the kind an asset is judged as: the wanted one, else that of the field, of the Content-Type, of the bytes.
#[must_use]
pub fn kind_of(subject: &Subject<'_>) -> Option<Kind> {
    subject.wanted.kind.or(subject.asset.kind)
}

/// Returns how many bytes of a body count: the size limit by URL of a kind, or the largest where the kind is open.
#[must_use]
pub fn size_limit(rules: &Rules, kind: Option<Kind>) -> Bytes {
    let _ = (rules, kind);
    Bytes::mib(32)
}

/// Judges a local file for each way to send it, or only for the wanted one.
///
/// The file is accepted when at least one way works: then what speaks against the other ways is carried as notes that
/// name their way. What speaks against every way is said once, without a way.
#[must_use]
pub fn judge_file(subject: &Subject<'_>) -> (Vec<Finding>, Vec<(Way, Verdict)>) {
    let _ = subject;
    (Vec::new(), Vec::new())
}

/// Marks the finding that the API would answer first.
pub fn mark_first(findings: &mut [Finding]) {
    let _ = (findings, Severity::Error, Confidence::Inferred);
}
