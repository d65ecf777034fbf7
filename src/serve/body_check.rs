//! Checks one request body against the rules of this program.

use std::ops::ControlFlow;

use futures_util::stream;
use serde_json::Value;

use super::checker::CheckOutcome;
use crate::engine::CheckOptions;
use crate::fetch::Probe;
use crate::finding::{Severity, Verdict};
use crate::report::request_report::{PredictedResponse, RequestReport};
use crate::request::checker::{EndpointError, RequestChecker, RequestInput};
use crate::request::document::Document;
use crate::request::validate::validate;
use crate::request::{RequestSchemas, predicted};
use crate::rules::RuleSet;
use crate::text::untrusted::UntrustedText;

/// The rules and options for checking bodies. The server runs as long as the program, so the rules are `'static`.
pub(crate) struct CheckRules {
    pub(crate) assets: &'static RuleSet,
    pub(crate) requests: &'static RequestSchemas,
    pub(crate) options: CheckOptions,
    /// True if assets are not checked.
    pub(crate) schema_only: bool,
    /// Renders the body of a response.
    pub(crate) render: fn(&Value) -> String,
}

/// Checks a body.
pub(super) async fn check(rules: &CheckRules, probe: impl Probe, endpoint: &str, document: Document) -> CheckOutcome {
    if rules.schema_only {
        let issues = validate(rules.requests, endpoint, document.value());
        let issues = issues.listed();
        return if issues.is_empty() {
            CheckOutcome::Accepted
        } else {
            CheckOutcome::Rejected((rules.render)(&predicted(issues)))
        };
    }
    let input = RequestInput { file: UntrustedText::from("body"), document };
    // Each request gets a new checker and thus an empty cache: like the API, it fetches its URLs again.
    let mut checker =
        RequestChecker::new(probe, rules.assets, rules.requests, Some(endpoint.to_owned()), rules.options.clone());
    checker.shows_body = false;
    let mut outcome = None;
    let each = |report: Result<RequestReport, EndpointError>| {
        outcome = report.ok().map(|report| outcome_of(rules, &report));
        ControlFlow::Break(())
    };
    checker.run(stream::once(async { input }), std::future::pending(), each).await;
    outcome.unwrap_or_else(|| CheckOutcome::Undecided("the body could not be checked".to_owned()))
}

fn outcome_of(rules: &CheckRules, report: &RequestReport) -> CheckOutcome {
    match &report.predicted {
        PredictedResponse::Accepted => CheckOutcome::Accepted,
        PredictedResponse::Rejected(body) => CheckOutcome::Rejected((rules.render)(body)),
        PredictedResponse::Unknown => CheckOutcome::Undecided(undecided(report)),
    }
}

/// Describes which assets could not be checked, and why.
fn undecided(report: &RequestReport) -> String {
    let open = report.assets.iter().filter(|asset| asset.verdict == Verdict::Undecided);
    let reasons = open.chain(&report.lints).flat_map(|asset| {
        let field = asset.field.as_ref().map_or_else(|| "body".to_owned(), |field| field.escaped().to_string());
        let findings = asset.findings.iter().filter(|finding| finding.severity == Severity::Undecided);
        findings.map(move |finding| format!("{field}: [{}] {}", finding.code(), finding.detail))
    });
    format!("this machine cannot tell how the API would respond: {}", reasons.collect::<Vec<_>>().join("; "))
}
