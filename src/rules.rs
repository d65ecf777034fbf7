//! The rules: how the API would respond, derived from what was observed. Pure: no network, no clock, no files.
//!
//! [`RULES`] is the list of all rules in the order in which the API checks; [`evaluate`] runs those of one stage. The
//! published numbers are in [`limits`], read from `rules/runway.toml`.

use crate::finding::{Finding, FindingKind, Reason, Severity, Stage, Transport};
use crate::media::{Kind, Media};
use crate::observation::Observation;
use crate::units::{AspectRatioRange, Bytes, Dimensions};

#[cfg(feature = "fix")]
mod accepted;
mod applies_to;
mod content_types;
mod context;
mod data_uri;
mod dimensions;
mod error;
mod expiry;
mod file;
#[cfg(feature = "fix")]
mod fix_command;
mod format;
mod headers;
mod hints;
mod integrity;
mod known_names;
mod lengths;
pub mod limits;
mod method_outcome;
mod playback;
mod response;
mod suspicious_url;
#[cfg(test)]
mod tests;
mod transfer;
mod url;
mod values;

#[cfg(feature = "fix")]
pub use accepted::AcceptedMedia;
pub use applies_to::nearest;
pub use context::CheckContext;
pub use error::RulesError;
pub use file::{encoded_length, evaluate_file};
#[cfg(feature = "cli")]
pub(crate) use hints::wrapping::wrapping_hint;
pub use limits::RuleSet;

use applies_to::Scope;
use limits::Metric;
use method_outcome::MethodOutcome;

/// What the asset is for, as the user states it. A field that is `None` is inferred where possible.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// The expected kind.
    pub kind: Option<Kind>,
    /// The model whose limits apply.
    pub model: Option<String>,
    /// The endpoint, as a path below `/v1/`.
    pub endpoint: Option<String>,
    /// An aspect-ratio window that replaces those of the model.
    pub ratio: Option<AspectRatioRange>,
    /// For a local file: the only transport that is checked.
    pub transport: Option<Transport>,
    /// The size that the request asks for: an image of another aspect ratio is cropped to it.
    pub crop_to: Option<Dimensions>,
    /// Whether private and loopback hosts are allowed.
    pub allow_private: bool,
}

/// One rule: its name, its stage, where it is published, and the check.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name, in kebab-case.
    pub id: &'static str,
    /// The stage that runs it.
    pub stage: Stage,
    /// Where it is published; `ours` where it is not.
    pub source: &'static str,
    check: CheckFn,
}

/// The check of a rule.
#[derive(Clone, Copy, Debug)]
enum CheckFn {
    /// Runs once per asset.
    PerAsset(fn(&CheckContext<'_>, &mut Vec<Finding>)),
    /// Runs for HEAD, then for GET.
    PerResponse(fn(&CheckContext<'_>, MethodOutcome<'_>, &mut Vec<Finding>)),
}

const TROUBLESHOOTING: &str = "https://docs.dev.runwayml.com/errors/troubleshooting";
const INPUTS: &str = "https://docs.dev.runwayml.com/assets/inputs";
const OURS: &str = "ours";

/// Every rule, in the order in which the API checks.
pub const RULES: &[Rule] = {
    use CheckFn::{PerAsset, PerResponse};
    use Stage::{Address, Content, Response};
    const fn rule(id: &'static str, stage: Stage, source: &'static str, check: CheckFn) -> Rule {
        Rule { id, stage, source, check }
    }
    &[
        rule("text-length", Address, INPUTS, PerAsset(lengths::text_length)),
        rule("data-uri", Address, TROUBLESHOOTING, PerAsset(data_uri::data_uri)),
        rule("url-parses", Address, TROUBLESHOOTING, PerAsset(url::parses)),
        rule("https", Address, TROUBLESHOOTING, PerAsset(url::https)),
        rule("domain", Address, TROUBLESHOOTING, PerAsset(url::domain)),
        rule("host-name", Address, OURS, PerAsset(url::host_name)),
        rule("public-name", Address, OURS, PerAsset(url::public_name)),
        rule("port", Address, OURS, PerAsset(url::port)),
        rule("credentials", Address, OURS, PerAsset(url::credentials)),
        rule("canonical", Address, OURS, PerAsset(url::canonical)),
        rule("host", Address, OURS, PerAsset(url::host)),
        rule("expiry", Address, OURS, PerAsset(expiry::expiry)),
        rule("known-names", Address, OURS, PerAsset(known_names::known_names)),
        rule("response-received", Response, TROUBLESHOOTING, PerResponse(response::received)),
        rule("status", Response, TROUBLESHOOTING, PerResponse(response::status)),
        rule("content-type", Response, TROUBLESHOOTING, PerResponse(headers::content_type)),
        rule("content-length", Response, TROUBLESHOOTING, PerResponse(headers::content_length)),
        rule("size", Response, TROUBLESHOOTING, PerResponse(headers::size)),
        rule("zero-length", Response, OURS, PerResponse(headers::zero_length)),
        rule("content-encoding", Response, OURS, PerResponse(headers::encoding)),
        rule("head-size", Response, OURS, PerResponse(headers::head_size)),
        rule("protocol-anomalies", Response, OURS, PerResponse(headers::anomalies)),
        rule("late-bytes", Response, OURS, PerAsset(transfer::late_bytes)),
        rule("body", Response, TROUBLESHOOTING, PerAsset(transfer::body)),
        rule("time", Response, TROUBLESHOOTING, PerAsset(transfer::time)),
        rule("head-like-get", Response, INPUTS, PerAsset(transfer::head_like_get)),
        rule("suspicious-url", Response, OURS, PerAsset(suspicious_url::suspicious_url)),
        rule("get-not-sent", Response, OURS, PerAsset(transfer::not_sent)),
        rule("readable-file", Response, OURS, PerAsset(transfer::file_readable)),
        rule("dimensions", Content, TROUBLESHOOTING, PerAsset(dimensions::dimensions)),
        rule("aspect-ratio", Content, TROUBLESHOOTING, PerAsset(dimensions::aspect_ratio)),
        rule("cropping", Content, INPUTS, PerAsset(dimensions::cropping)),
        rule("duration", Content, INPUTS, PerAsset(playback::duration)),
        rule("frame-rate", Content, INPUTS, PerAsset(playback::frame_rate)),
        rule("size-in-pixels", Content, INPUTS, PerAsset(dimensions::size)),
        rule("readable-media", Content, INPUTS, PerAsset(format::media_readable)),
        rule("whole-media", Content, OURS, PerAsset(integrity::whole)),
        rule("codec", Content, INPUTS, PerAsset(format::codec)),
        rule("declared-type", Content, INPUTS, PerAsset(format::declared_type)),
        rule("coding", Content, OURS, PerAsset(coding)),
    ]
};

fn coding(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    format::image_encoding(context, findings);
    dimensions::stated(context, findings);
}

/// Evaluates one stage of one asset: every finding, in the API's order.
///
/// [`Stage::Address`] is evaluated before anything is fetched, for every target. The other two need the observation;
/// for a local file [`evaluate_file`] runs them.
#[must_use]
pub fn evaluate(stage: Stage, context: &CheckContext<'_>) -> Vec<Finding> {
    if stage == Stage::Content && !format::is_asset_body(context) {
        return Vec::new();
    }
    let rules = || RULES.iter().filter(move |rule| rule.stage == stage);
    let per_response = |outcome: MethodOutcome<'_>| {
        let mut findings = Vec::new();
        for rule in rules() {
            if let CheckFn::PerResponse(check) = rule.check {
                check(context, outcome, &mut findings);
            }
        }
        findings
    };
    let [head, get] = MethodOutcome::both(context).map(per_response);
    let mut findings = response::merge(head, get);
    for rule in rules() {
        if let CheckFn::PerAsset(check) = rule.check {
            check(context, &mut findings);
        }
    }
    findings
}

/// Returns the kind that an asset is checked as: the expected one, else that of the Content-Type, else of the bytes.
#[must_use]
pub fn effective_kind(context: &CheckContext<'_>) -> Option<Kind> {
    let expected = context.expected_kinds();
    if let [kind] = expected.as_slice() {
        return Some(*kind);
    }
    let fits = |kind: &Kind| expected.is_empty() || expected.contains(kind);
    let responses = MethodOutcome::both(context).into_iter().rev().filter_map(MethodOutcome::ok_response);
    let declared = responses.filter_map(content_types::declared).find_map(|value| {
        let essence = content_types::essence(value);
        Kind::parse(essence.split('/').next()?)
    });
    let state = &context.observation.content;
    let bytes = || state.media().and_then(Media::kind).or_else(|| state.format()?.kind());
    declared.filter(fits).or_else(|| bytes().filter(fits)).or_else(|| data_uri::declared_kind(context).filter(fits))
}

/// Returns how many bytes of a body to read: the URL size limit of the kind, or the largest if the kind is unknown.
#[must_use]
pub fn size_limit(rules: &RuleSet, kind: Option<Kind>) -> Bytes {
    let scope = Scope { transport: Some(Transport::Url), kind, ..Scope::default() };
    let limits = rules.applicable(Metric::FileSize, scope).filter_map(|limit| lengths::whole(limit.max()));
    limits.max().map_or(Bytes::mib(32), Bytes::new)
}

/// Returns a fetch failure that a retry may fix, as a sentence: no response, a timeout or a 5xx status.
#[must_use]
pub fn transient_failure(context: &CheckContext<'_>) -> Option<String> {
    let is_transient = |reason: &Reason| {
        matches!(reason, Reason::FetchFailed | Reason::Timeout | Reason::HttpStatus { status: 500..=599 })
    };
    evaluate(Stage::Response, context).into_iter().find_map(|finding| match &finding.kind {
        FindingKind::Reason(reason) if is_transient(reason) && finding.severity == Severity::Error => {
            Some(if finding.detail.is_empty() { reason.to_string() } else { format!("{reason} ({})", finding.detail) })
        }
        FindingKind::Reason(_) | FindingKind::Schema(_) | FindingKind::Lint { .. } => None,
    })
}

/// Returns the usual content type of the observed bytes; `None` where the API does not accept their format.
#[must_use]
pub fn accepted_type<'a>(rules: &'a RuleSet, observation: &Observation) -> Option<&'a str> {
    let format = observation.content.format()?;
    let kind = observation.content.media().and_then(Media::kind).or(format.kind());
    content_types::container(rules, format, kind)?.types.first().map(String::as_str)
}

/// Marks the finding that the API would report: the first error that it has a sentence for.
pub fn mark_api_answer(findings: &mut [Finding]) {
    for finding in &mut *findings {
        finding.is_api_finding = false;
    }
    let rejecting = |finding: &&mut Finding| finding.severity == Severity::Error && finding.api_reason().is_some();
    if let Some(finding) = findings.iter_mut().find(rejecting) {
        finding.is_api_finding = true;
    }
}
