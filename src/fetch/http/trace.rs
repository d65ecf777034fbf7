//! Looks that are compared or traced: as another client, and with the time of every phase.

use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::time::Instant;

use super::Http;
use crate::asset::AssetUrl;
use crate::fetch::ProbeOptions;
use crate::fetch::tls::certificate::{Names, words};
use crate::fetch::tracker::{Marks, Progress, Step};
use crate::observation::timing::{Certificate, PhaseTimings, RequestTrace, TlsSession};
use crate::observation::{BodyEnd, Observation, Phase, RequestOutcome};

impl Http {
    /// Looks at one URL as a client that sends another User-Agent.
    pub(crate) async fn look_from(&self, agent: &'static str, address: &AssetUrl, plan: ProbeOptions) -> Observation {
        self.look_as(Some(HeaderValue::from_static(agent)), Progress::default(), address, plan).await
    }

    /// Looks at one URL, and says how it went on the way.
    pub(crate) async fn trace(&self, address: &AssetUrl, plan: ProbeOptions) -> (Observation, RequestTrace) {
        let (progress, start) = (Progress::traced(), Instant::now());
        let seen = self.look_as(None, progress.clone(), address, plan).await;
        let trace = read(start, &progress.marks(), &seen);
        (seen, trace)
    }
}

/// Reads the marks in the light of what was seen.
fn read(start: Instant, marks: &Marks, seen: &Observation) -> RequestTrace {
    let Marks { steps, chain, version } = marks;
    let requests: Vec<&[(Step, Instant)]> = requests(steps);
    let first = requests.first().copied().unwrap_or_default();
    let get = requests.get(1..).unwrap_or_default();
    // A request that was sent again is told by its last attempt, and ranges after the body are not looked at.
    let has_body = |steps: &&&[(Step, Instant)]| at(steps, Phase::Body).is_some();
    let second = get.iter().find(has_body).or(get.last()).copied().unwrap_or_default();
    RequestTrace {
        lookup: begun(first).map(|begun| begun.duration_since(start)),
        head: laps(first, arrival(start, &seen.head), None),
        get: laps(second, begun(second).and_then(|begun| arrival(begun, &seen.get)), body(seen)),
        tls: (!chain.is_empty()).then(|| TlsSession { version: *version, certificates: certificates(chain) }),
    }
}

/// Parts the steps at the beginnings of requests.
fn requests(steps: &[(Step, Instant)]) -> Vec<&[(Step, Instant)]> {
    steps.chunk_by(|_, (next, _)| *next != Step::Begun).filter(|steps| begun(steps).is_some()).collect()
}

fn begun(steps: &[(Step, Instant)]) -> Option<Instant> {
    steps.first().filter(|(step, _)| *step == Step::Begun).map(|(_, at)| *at)
}

fn at(steps: &[(Step, Instant)], phase: Phase) -> Option<Instant> {
    steps.iter().find(|(step, _)| *step == Step::Reached(phase)).map(|(_, at)| *at)
}

/// Returns when the head of an answer was there.
fn arrival(start: Instant, answer: &RequestOutcome) -> Option<Instant> {
    start.checked_add(answer.response()?.elapsed)
}

/// Returns how long the body took after its head.
fn body(seen: &Observation) -> Option<Duration> {
    let head = seen.get.response()?.elapsed;
    match seen.body.end {
        BodyEnd::NotRead => None,
        BodyEnd::Complete | BodyEnd::StoppedEarly | BodyEnd::Interrupted(_) => {
            Some(seen.body.elapsed.saturating_sub(head))
        }
    }
}

fn laps(steps: &[(Step, Instant)], arrival: Option<Instant>, body: Option<Duration>) -> PhaseTimings {
    let (connect, handshake, open) = (at(steps, Phase::Connect), at(steps, Phase::Handshake), at(steps, Phase::Head));
    let between = |from: Option<Instant>, to: Option<Instant>| Some(to?.saturating_duration_since(from?));
    PhaseTimings {
        connect: between(connect, handshake),
        handshake: between(handshake, open),
        answer: between(open.or_else(|| begun(steps)), arrival),
        body,
    }
}

fn certificates(chain: &[Vec<u8>]) -> Vec<Certificate> {
    let read = |der: &Vec<u8>| {
        let Some(names) = Names::read(der) else { return Certificate::default() };
        let (not_before, not_after) = names.times();
        Certificate { subject: words(names.subject), issuer: words(names.issuer), not_before, not_after }
    };
    chain.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_parted_at_requests() {
        let start = Instant::now();
        let mark = |step: Step, millis: u64| (step, start + Duration::from_millis(millis));
        let steps = vec![
            mark(Step::Begun, 5),
            mark(Step::Reached(Phase::Connect), 6),
            mark(Step::Reached(Phase::Handshake), 16),
            mark(Step::Reached(Phase::Head), 36),
            mark(Step::Begun, 50),
            mark(Step::Begun, 51),
            mark(Step::Reached(Phase::Body), 61),
            mark(Step::Begun, 70),
        ];
        let marks = Marks { steps, ..Marks::default() };
        let trace = read(start, &marks, &Observation::default());
        let millis = |millis| Some(Duration::from_millis(millis));
        assert_eq!(trace.lookup, millis(5));
        assert_eq!(trace.head, PhaseTimings { connect: millis(10), handshake: millis(20), answer: None, body: None });
        assert_eq!(trace.get, PhaseTimings::default());
        assert!(trace.tls.is_none());
    }
}
