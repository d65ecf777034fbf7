//! The sentence that sums a diagnosis up: who is refused, and what follows from that.

use std::time::Duration;

use super::{is_in_vain, sentence};
use crate::engine::RUNWAY_TIMEOUT;
use crate::finding::Verdict;
use crate::observation::RequestOutcome;
use crate::report::Report;
use crate::report::diagnosis::{ClientResult, UserAgent};
use crate::units::seconds;

/// Sums up what the clients got, the API first.
pub(super) fn sum_up(report: &Report, clients: &[ClientResult], spent: Option<Duration>) -> String {
    let Some((api, others)) = clients.split_first() else {
        return match report.verdict {
            Verdict::Rejected => {
                format!("The address itself is refused, and nothing was dialled: {}", sentence(report))
            }
            Verdict::Accepted | Verdict::Undecided => "Nothing was dialled.".to_owned(),
        };
    };
    if is_in_vain(api) {
        let worst = || report.findings.iter().min_by_key(|finding| finding.severity);
        let detail = report.api_answer().or_else(worst).map_or("no answer came", |finding| finding.detail.as_str());
        return format!("No client gets as far as a request: {detail}.");
    }
    let methods = [Method::Head, Method::Get].into_iter();
    let refusals: Vec<(Method, Refusal)> =
        methods.filter_map(|method| Some((method, refusal(method, api, others)?))).collect();
    if !refusals.is_empty() {
        return told(&refusals).join(" ");
    }
    answered(report, api, others, spent)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Head,
    Get,
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Self::Head => "HEAD",
            Self::Get => "GET",
        }
    }

    const fn of(self, client: &ClientResult) -> &RequestOutcome {
        match self {
            Self::Head => &client.head,
            Self::Get => &client.get,
        }
    }
}

/// Who is refused beside the API.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refusal {
    /// Nobody.
    Alone,
    /// Every client that is no browser.
    Programs,
    /// Some others.
    Some,
    /// Everybody, with what the API got.
    Everybody(String),
}

/// Puts what the API is refused into sentences; what is the same of both methods is said once.
fn told(refusals: &[(Method, Refusal)]) -> Vec<String> {
    match refusals {
        [(_, head), (_, get)] if head == get => vec![head.told("")],
        [(Method::Head, Refusal::Everybody(got))] => vec![format!(
            "The server refuses HEAD to every client ({got}) and answers GET: make it answer HEAD as it answers GET."
        )],
        all => all.iter().map(|(method, refusal)| refusal.told(&format!(" on {}", method.name()))).collect(),
    }
}

const ALLOW: &str = "allow-list clients whose User-Agent starts with RunwayML API/.";

impl Refusal {
    fn told(&self, of: &str) -> String {
        match self {
            Self::Alone => format!("The server refuses this User-Agent alone{of}: {ALLOW}"),
            Self::Programs => format!("The server lets in browsers only{of}, and no programs: {ALLOW}"),
            Self::Some => format!("The server refuses some User-Agents{of}, the API's among them: {ALLOW}"),
            Self::Everybody(got) => {
                format!(
                    "Every client is refused{of} ({got}), so it is not about the User-Agent: mend what is said below."
                )
            }
        }
    }
}

/// Says who else is refused with the API; none where the API is let in.
fn refusal(method: Method, api: &ClientResult, others: &[ClientResult]) -> Option<Refusal> {
    if passes(method.of(api)) {
        return None;
    }
    let let_in: Vec<UserAgent> = others.iter().filter(|one| passes(method.of(one))).map(|one| one.agent).collect();
    Some(match let_in.as_slice() {
        [] => Refusal::Everybody(got(method.of(api))),
        all if all.len() == others.len() => Refusal::Alone,
        [UserAgent::Browser] => Refusal::Programs,
        _ => Refusal::Some,
    })
}

fn passes(answer: &RequestOutcome) -> bool {
    answer.response().is_some_and(|response| response.status_of_whole() == 200)
}

/// Says in two words what came.
fn got(answer: &RequestOutcome) -> String {
    answer.response().map_or_else(|| "no answer".to_owned(), |response| response.status_of_whole().to_string())
}

/// Sums up where the API's requests are answered with 200.
fn answered(report: &Report, api: &ClientResult, others: &[ClientResult], spent: Option<Duration>) -> String {
    let declared = |client: &ClientResult| {
        let value = client.get.response().or(client.head.response())?.headers.first("content-type")?;
        Some(value.escaped().to_string())
    };
    let mine = declared(api);
    if report.verdict == Verdict::Rejected {
        return match others.iter().find(|other| passes(&other.get) && declared(other) != mine) {
            Some(other) => format!(
                "The server answers this User-Agent with {}, and {} with {}: {ALLOW}",
                mine.unwrap_or_else(|| "no type".to_owned()),
                other.agent.name(),
                declared(other).unwrap_or_else(|| "no type".to_owned()),
            ),
            None => format!("Every client gets the same, and the API refuses it: {}", sentence(report)),
        };
    }
    let mut told = "The server answers the API".to_owned();
    if let Some(spent) = spent {
        let left = seconds(RUNWAY_TIMEOUT.saturating_sub(spent));
        told = format!("{told} in {} seconds, {left} before the API gives up", seconds(spent));
    }
    let refused = others.iter().filter(|other| !passes(&other.head) || !passes(&other.get));
    let refused: Vec<&str> = refused.map(|other| other.agent.name()).collect();
    if !refused.is_empty() {
        told = format!("{told}; it refuses {}, which does not matter to the API", refused.join(" and "));
    }
    told + "."
}
