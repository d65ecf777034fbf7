//! Counts the problems of a run by code and host.

use std::collections::BTreeMap;

use super::{has_problem, message};
use crate::finding::{Finding, FindingKind, Reason};
use crate::report::Report;

/// The problems of a run by code, each with its hosts.
#[derive(Debug, Default)]
pub(super) struct Statistics {
    problems: u64,
    codes: BTreeMap<&'static str, BTreeMap<String, u64>>,
    places: usize,
}

/// How many pairs of code and host are counted separately; the rest counts as one host.
const MAX_PLACES: usize = 1000;

/// The minimum number of problems for counts by code and host in the summary.
const MIN_PROBLEMS: u64 = 10;

/// How many hosts are listed for a code.
const HOSTS: usize = 3;

impl Statistics {
    /// Counts one report.
    pub(super) fn add(&mut self, report: &Report) {
        let Some(finding) = message::deciding(report).filter(|_| has_problem(report)) else { return };
        self.problems += 1;
        let hosts = self.codes.entry(finding.code()).or_default();
        let mut place = place(report, finding);
        if !hosts.contains_key(&place) {
            if self.places >= MAX_PLACES {
                "other hosts".clone_into(&mut place);
            } else {
                self.places += 1;
            }
        }
        *hosts.entry(place).or_default() += 1;
    }

    /// Returns a line for each code with its hosts, the most frequent first; no lines if there are few problems.
    pub(super) fn lines(&self) -> Vec<String> {
        if self.problems < MIN_PROBLEMS {
            return Vec::new();
        }
        let count = |hosts: &BTreeMap<String, u64>| hosts.values().sum::<u64>();
        let mut codes: Vec<_> = self.codes.iter().map(|(code, hosts)| (count(hosts), *code, hosts)).collect();
        codes.sort_by_key(|(count, code, _)| (std::cmp::Reverse(*count), *code));
        let digits = codes.first().map_or(1, |(count, ..)| count.to_string().len());
        let width = codes.iter().map(|(_, code, _)| code.len()).max().unwrap_or_default();
        codes
            .into_iter()
            .map(|(count, code, hosts)| format!("  {count:>digits$} {code:<width$}  {}", listed(hosts)))
            .collect()
    }
}

/// Lists the hosts of a code, the most frequent first.
fn listed(hosts: &BTreeMap<String, u64>) -> String {
    let mut hosts: Vec<(&str, u64)> = hosts.iter().map(|(host, count)| (host.as_str(), *count)).collect();
    hosts.sort_by_key(|(host, count)| (std::cmp::Reverse(*count), *host));
    let mut listed: Vec<String> = hosts.iter().take(HOSTS).map(|(host, count)| format!("{host} ×{count}")).collect();
    if let Some(more) = hosts.len().checked_sub(HOSTS).filter(|more| *more > 0) {
        listed.push(format!("{more} more"));
    }
    listed.join(" · ")
}

/// Returns the place that a problem is counted for: the host, with the status if known, else the kind of input.
fn place(report: &Report, finding: &Finding) -> String {
    let host = host(report);
    match &finding.kind {
        FindingKind::Reason(Reason::HttpStatus { status }) => format!("{host} {status}"),
        FindingKind::Reason(_) | FindingKind::Schema(_) | FindingKind::Lint { .. } => host,
    }
}

/// Names the host of an asset, else its kind.
pub(super) fn host(report: &Report) -> String {
    let shown = message::asset(report);
    let host =
        shown.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned());
    host.filter(|host| !host.is_empty()).unwrap_or_else(|| match report.transport {
        crate::report::Delivery::Body => "request body".to_owned(),
        crate::report::Delivery::File => "local files".to_owned(),
        crate::report::Delivery::Sent(transport) => transport.name().to_owned(),
    })
}
