//! HEAD and GET under way together, each on a connection of its own: one round trip less, and the same observation.
//!
//! What is seen counts only where it is what asking one after the other would have shown: two answers that agree, whole,
//! within the time that both would have taken in turn. Anything else is asked for again in the API's order.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::time::Instant;

use super::exchange::Caller;
use super::{Http, download, head, would_recur};
use crate::fetch::tracker::Progress;
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{BodyEnd, BodyTransfer, FetchError, Observation, Phase, RequestOutcome, ResponseHead};

impl Http {
    /// Sends HEAD and GET at once, where the plan has room for it, and returns the answer to the HEAD; `None` where they
    /// are to be sent one after the other, for which the caller is ready then.
    pub(super) async fn at_once(
        &self,
        caller: &mut Caller<'_>,
        plan: ProbeOptions,
        seen: &mut Observation,
    ) -> Option<RequestOutcome> {
        if !plan.at_once || plan.depth == Depth::Head {
            return None;
        }
        let line = self.lines.another(&caller.line, caller.deadline.limit).ok()?;
        let (url, agent) = (caller.url.clone(), caller.agent.clone());
        let mut beside = Caller { line, url, progress: Progress::default(), deadline: caller.deadline, agent };
        let (start, mut early) = (Instant::now(), Observation::default());
        let answer = both(caller, &mut beside, plan, &mut early).await;
        match &answer {
            RequestOutcome::Failed { error: trouble, .. } if would_recur(trouble) && !is_torn(trouble) => {
                return Some(answer);
            }
            // What took all the time alone would not have ended in what is left after a HEAD.
            RequestOutcome::Response(_) if is_timed_out(&early) => {
                (seen.get, seen.body, seen.content) = (early.get, early.body, early.content);
                return Some(answer);
            }
            RequestOutcome::Response(response) if agree(response, &early) => {
                let waited = beside.progress.opened().map_or(Duration::ZERO, |opened| opened.duration_since(start));
                let early = since_open(early, waited);
                if in_turn(response, &early) <= plan.timeout {
                    (seen.get, seen.body, seen.content) = (early.get, early.body, early.content);
                    beside.line.give_back();
                    return Some(answer);
                }
            }
            RequestOutcome::NotSent | RequestOutcome::Failed { .. } | RequestOutcome::Response(_) => {}
        }
        drop(beside);
        // What was asked for in vain takes no time from what is asked for now.
        caller.line.renew(caller.deadline.limit).ok()?;
        let waited = start.duration_since(caller.deadline.start);
        caller.deadline.start = Instant::now().checked_sub(waited)?;
        None
    }
}

/// Sends both and waits for both, but for no GET that a HEAD in vain would not be followed by.
async fn both(
    caller: &mut Caller<'_>,
    beside: &mut Caller<'_>,
    plan: ProbeOptions,
    early: &mut Observation,
) -> RequestOutcome {
    match select(pin!(head(caller)), pin!(download::download(beside, plan, early))).await {
        Either::Left((answer, get)) => {
            if answer.response().is_some() {
                get.await;
            }
            answer
        }
        Either::Right(((), head)) => head.await,
    }
}

/// Says whether it may have come of there being two connections.
fn is_torn(trouble: &FetchError) -> bool {
    matches!(
        trouble,
        FetchError::ConnectionReset(_) | FetchError::ConnectionClosed(_) | FetchError::LocalResourcesExhausted(_)
    )
}

/// Says whether the time was up before the GET was through, though the server served both at once: one that serves one
/// connection after the other may have let it wait for the HEAD's to end.
fn is_timed_out(early: &Observation) -> bool {
    let broken = match &early.body.end {
        BodyEnd::Interrupted(trouble) => Some(trouble),
        BodyEnd::NotRead | BodyEnd::Complete | BodyEnd::StoppedEarly => None,
    };
    matches!(
        early.get.error().or(broken),
        Some(FetchError::Timeout { phase: Phase::Head | Phase::ResponseHeadPartial | Phase::Body, .. })
    )
}

/// Says whether both answers are there, whole and alike, so that their order told nothing.
fn agree(head: &ResponseHead, early: &Observation) -> bool {
    let whole = match early.body.end {
        BodyEnd::Complete | BodyEnd::StoppedEarly => true,
        BodyEnd::NotRead | BodyEnd::Interrupted(_) => false,
    };
    let is_alike =
        |get: &ResponseHead| get.status_of_whole() == head.status_of_whole() && get.length() == head.length();
    whole && early.get.response().is_some_and(is_alike)
}

/// Takes the time away that the GET waited for a connection: in its turn it would have used that of the HEAD.
fn since_open(early: Observation, waited: Duration) -> Observation {
    let get = match early.get {
        RequestOutcome::Response(get) => {
            RequestOutcome::Response(ResponseHead { elapsed: get.elapsed.saturating_sub(waited), ..get })
        }
        get @ (RequestOutcome::NotSent | RequestOutcome::Failed { .. }) => get,
    };
    let body = BodyTransfer { elapsed: early.body.elapsed.saturating_sub(waited), ..early.body };
    Observation { get, body, ..early }
}

/// Returns how long both would have taken one after the other.
fn in_turn(head: &ResponseHead, early: &Observation) -> Duration {
    head.elapsed.saturating_add(early.body.elapsed)
}
