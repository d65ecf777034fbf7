//! Traced fetches: the time of every phase, and the certificates.

use std::time::Duration;

use tokio::time::Instant;

use super::{FetchSettings, Http};
use crate::asset::AssetUrl;
use crate::fetch::ProbeOptions;
use crate::fetch::tls::certificate::{CertificateNames, display_name};
use crate::fetch::tracker::{RequestTracker, Step, Timeline};
use crate::observation::timing::{Certificate, PhaseTimings, RequestTrace, TlsSession};
use crate::observation::{BodyEnd, Observation, Phase, RequestOutcome};

impl Http {
    /// Fetches one URL and records the timings.
    pub(crate) async fn trace(&self, address: &AssetUrl, options: ProbeOptions) -> (Observation, RequestTrace) {
        self.clock.start();
        let (tracker, start) = (RequestTracker::traced(&self.clock), Instant::now());
        let observation = self.probe_once(FetchSettings::default(), tracker.clone(), address, options).await.0;
        let trace = request_trace(start, &tracker.take_timeline(), &observation);
        (observation, trace)
    }
}

/// Computes the timings from the steps and the observation.
fn request_trace(start: Instant, timeline: &Timeline, observation: &Observation) -> RequestTrace {
    let Timeline { steps, chain, version } = timeline;
    let requests: Vec<&[(Step, Instant)]> = requests(steps);
    let first = requests.first().copied().unwrap_or_default();
    let get = requests.get(1..).unwrap_or_default();
    // Of a request that was sent again, the last attempt counts; range requests after the body do not.
    let has_body = |steps: &&&[(Step, Instant)]| at(steps, Phase::Body).is_some();
    let second = get.iter().find(has_body).or(get.last()).copied().unwrap_or_default();
    RequestTrace {
        dns: started(first).map(|started| started.duration_since(start)),
        head: phase_timings(first, end_of_head(start, &observation.head), None),
        get: phase_timings(
            second,
            started(second).and_then(|started| end_of_head(started, &observation.get)),
            body(observation),
        ),
        tls: (!chain.is_empty()).then(|| TlsSession { version: *version, certificates: certificates(chain) }),
    }
}

/// Splits the steps into requests.
fn requests(steps: &[(Step, Instant)]) -> Vec<&[(Step, Instant)]> {
    steps.chunk_by(|_, (next, _)| *next != Step::Started).filter(|steps| started(steps).is_some()).collect()
}

fn started(steps: &[(Step, Instant)]) -> Option<Instant> {
    steps.first().filter(|(step, _)| *step == Step::Started).map(|(_, at)| *at)
}

fn at(steps: &[(Step, Instant)], phase: Phase) -> Option<Instant> {
    steps.iter().find(|(step, _)| *step == Step::Reached(phase)).map(|(_, at)| *at)
}

/// Returns when a response head was complete.
fn end_of_head(start: Instant, outcome: &RequestOutcome) -> Option<Instant> {
    start.checked_add(outcome.response()?.elapsed)
}

/// Returns how long the body took after its head.
fn body(observation: &Observation) -> Option<Duration> {
    let head = observation.get.response()?.elapsed;
    match observation.body.end {
        BodyEnd::NotRead => None,
        BodyEnd::Complete | BodyEnd::StoppedEarly | BodyEnd::Interrupted(_) => {
            Some(observation.body.elapsed.saturating_sub(head))
        }
    }
}

fn phase_timings(steps: &[(Step, Instant)], end: Option<Instant>, body: Option<Duration>) -> PhaseTimings {
    let (connect, handshake, open) = (at(steps, Phase::Connect), at(steps, Phase::Tls), at(steps, Phase::FirstByte));
    let between = |from: Option<Instant>, to: Option<Instant>| Some(to?.saturating_duration_since(from?));
    PhaseTimings {
        connect: between(connect, handshake),
        tls: between(handshake, open),
        first_byte: between(open.or_else(|| started(steps)), end),
        body,
    }
}

fn certificates(chain: &[Vec<u8>]) -> Vec<Certificate> {
    let read = |der: &Vec<u8>| {
        let Some(names) = CertificateNames::parse(der) else { return Certificate::default() };
        let (not_before, not_after) = names.times();
        Certificate { subject: display_name(names.subject), issuer: display_name(names.issuer), not_before, not_after }
    };
    chain.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_split_into_requests() {
        let start = Instant::now();
        let at = |step: Step, millis: u64| (step, start + Duration::from_millis(millis));
        let steps = vec![
            at(Step::Started, 5),
            at(Step::Reached(Phase::Connect), 6),
            at(Step::Reached(Phase::Tls), 16),
            at(Step::Reached(Phase::FirstByte), 36),
            at(Step::Started, 50),
            at(Step::Started, 51),
            at(Step::Reached(Phase::Body), 61),
            at(Step::Started, 70),
        ];
        let timeline = Timeline { steps, ..Timeline::default() };
        let trace = request_trace(start, &timeline, &Observation::default());
        let millis = |millis| Some(Duration::from_millis(millis));
        assert_eq!(trace.dns, millis(5));
        assert_eq!(trace.head, PhaseTimings { connect: millis(10), tls: millis(20), first_byte: None, body: None });
        assert_eq!(trace.get, PhaseTimings::default());
        assert!(trace.tls.is_none());
    }
}
