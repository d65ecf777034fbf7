//! Summarizes a diagnosis: which clients are refused, and what to do about it.

use std::time::Duration;

use strum::VariantArray as _;

use super::{api_message, failed_before_request};
use crate::engine::RUNWAY_TIMEOUT;
use crate::finding::Verdict;
use crate::observation::RequestOutcome;
use crate::report::Report;
use crate::report::diagnosis::{ClientResult, UserAgent};
use crate::units::seconds;

/// Summarizes the clients' results, the API's first.
pub(super) fn summarize(report: &Report, clients: &[ClientResult], elapsed: Option<Duration>) -> String {
    let Some((api, others)) = clients.split_first() else {
        return match report.verdict {
            Verdict::Rejected => {
                format!("The URL itself is rejected, and no connection was made: {}", api_message(report))
            }
            Verdict::Accepted | Verdict::Undecided => "No connection was made.".to_owned(),
        };
    };
    if failed_before_request(api) {
        let worst = || report.findings.iter().min_by_key(|finding| finding.severity);
        let detail = report.api_finding().or_else(worst).map_or("no response came", |finding| finding.detail.as_str());
        return format!("No client can send a request: {detail}.");
    }
    let refusal = |method: &ComparedMethod| Some((*method, refusal(*method, api, others)?));
    let refusals: Vec<(ComparedMethod, Refusal)> = ComparedMethod::VARIANTS.iter().filter_map(refusal).collect();
    if !refusals.is_empty() {
        return describe(&refusals).join(" ");
    }
    describe_answers(report, api, others, elapsed)
}

/// A request method, in the order in which the API uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::VariantArray)]
#[strum(serialize_all = "UPPERCASE")]
enum ComparedMethod {
    Head,
    Get,
}

impl ComparedMethod {
    const fn outcome(self, client: &ClientResult) -> &RequestOutcome {
        match self {
            Self::Head => &client.head,
            Self::Get => &client.get,
        }
    }
}

/// Which clients besides the API are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refusal {
    /// No other.
    Alone,
    /// Every client except browsers.
    Programs,
    /// Some others.
    Some,
    /// Every client; holds the API's status.
    All(String),
}

/// Describes the refusals, once if they are the same for both methods.
fn describe(refusals: &[(ComparedMethod, Refusal)]) -> Vec<String> {
    match refusals {
        [(_, head), (_, get)] if head == get => vec![head.describe("")],
        [(ComparedMethod::Head, Refusal::All(got))] => vec![format!(
            "The server rejects HEAD from every client ({got}) but accepts GET: make HEAD return the same status and headers."
        )],
        all => all.iter().map(|(method, refusal)| refusal.describe(&format!(" on {method}"))).collect(),
    }
}

const ALLOW: &str = "allow-list clients whose User-Agent starts with RunwayML API/.";

impl Refusal {
    fn describe(&self, of: &str) -> String {
        match self {
            Self::Alone => format!("The server blocks only this User-Agent{of}: {ALLOW}"),
            Self::Programs => format!("The server accepts only browsers{of}: {ALLOW}"),
            Self::Some => format!("The server blocks some User-Agents{of}, including the API's: {ALLOW}"),
            Self::All(got) => {
                format!(
                    "No client gets a 200{of} (the API: {got}), so the User-Agent is not the cause: see the findings below."
                )
            }
        }
    }
}

/// Returns which clients are refused along with the API; `None` if the API is accepted.
fn refusal(method: ComparedMethod, api: &ClientResult, others: &[ClientResult]) -> Option<Refusal> {
    if passes(method.outcome(api)) {
        return None;
    }
    let accepted: Vec<UserAgent> =
        others.iter().filter(|one| passes(method.outcome(one))).map(|one| one.agent).collect();
    Some(match accepted.as_slice() {
        [] => Refusal::All(got(method.outcome(api))),
        all if all.len() == others.len() => Refusal::Alone,
        [UserAgent::Browser] => Refusal::Programs,
        _ => Refusal::Some,
    })
}

fn passes(outcome: &RequestOutcome) -> bool {
    outcome.response().is_some_and(|response| response.status_of_whole() == 200)
}

/// Returns the status, or that there was no response.
fn got(outcome: &RequestOutcome) -> String {
    outcome.response().map_or_else(|| "no response".to_owned(), |response| response.status_of_whole().to_string())
}

/// Describes a server that responds to the API's requests with 200.
fn describe_answers(report: &Report, api: &ClientResult, others: &[ClientResult], elapsed: Option<Duration>) -> String {
    let declared = |client: &ClientResult| {
        let value = client.get.response().or(client.head.response())?.headers.first("content-type")?;
        Some(value.escaped().to_string())
    };
    let mine = declared(api);
    if report.verdict == Verdict::Rejected {
        return match others.iter().find(|other| passes(&other.get) && declared(other) != mine) {
            Some(other) => format!(
                "The server sends {} to this User-Agent, but {2} to {1}: {ALLOW}",
                mine.unwrap_or_else(|| "no type".to_owned()),
                other.agent.name(),
                declared(other).unwrap_or_else(|| "no type".to_owned()),
            ),
            None => format!("Every client gets the same response, and the API rejects it: {}", api_message(report)),
        };
    }
    let mut summary = "The API gets its response".to_owned();
    if let Some(elapsed) = elapsed {
        let left = seconds(RUNWAY_TIMEOUT.saturating_sub(elapsed));
        summary = format!("{summary} in {} seconds, {left} before the API gives up", seconds(elapsed));
    }
    let refused = others.iter().filter(|other| !passes(&other.head) || !passes(&other.get));
    let refused: Vec<&str> = refused.map(|other| other.agent.name()).collect();
    if !refused.is_empty() {
        summary = format!("{summary}; it blocks {}, which does not affect the API", refused.join(" and "));
    }
    summary + "."
}
