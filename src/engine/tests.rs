//! What the engine waits for.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;

use super::*;
use crate::asset::AssetUrl;
use crate::fetch::ProbeOptions;
use crate::finding::{FindingKind, Lint};
use crate::observation::{Headers, Observation, RequestOutcome, ResponseHead};

/// Answers soon, and sends more a moment later where the path says so.
#[derive(Debug)]
struct LateProbe;

impl Probe for LateProbe {
    async fn url(&self, address: &AssetUrl, _: ProbeOptions) -> Arc<Observation> {
        let head = ResponseHead {
            status: 200,
            headers: Headers::default(),
            elapsed: Duration::ZERO,
            body_snippet: None,
            total_length: None,
            anomalies: Vec::new(),
        };
        let observation = Observation { head: RequestOutcome::Response(head), ..Observation::default() };
        tokio::time::sleep(Duration::from_millis(5)).await;
        if address.url().path() == "/late.png" {
            let late = observation.late_bytes.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(3)).await;
                late.record();
            });
        } else {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Arc::new(observation)
    }

    async fn file(&self, _: &Path) -> Observation {
        Observation::default()
    }

    async fn data_uri(&self, _: &Arc<Asset>) -> Observation {
        Observation::default()
    }
}

/// Returns for each asset whether it sent too many bytes, and how long the run took.
async fn excess(urls: &[&str], (jobs, per_host): (usize, usize)) -> (Vec<bool>, Duration) {
    let start = tokio::time::Instant::now();
    let engine =
        Engine::new(LateProbe, RuleSet::embedded(), CheckOptions { jobs, per_host, ..CheckOptions::default() });
    let assets = stream::iter(urls.iter().map(|url| Asset::new(*url)));
    let mut found = Vec::new();
    let is_excess = |kind: &FindingKind| matches!(kind, FindingKind::Lint { lint: Lint::ExcessBodyBytes, .. });
    let handler = |report: Report| {
        found.push(report.findings.iter().any(|finding| is_excess(&finding.kind)));
        ControlFlow::Continue(())
    };
    engine.run(assets, std::future::pending(), handler).await;
    (found, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn late_bytes_are_waited_for_while_others_are_fetched() {
    let (late, good) = ("https://h.com/late.png", "https://h.com/good.png");
    for limits in [(1, 4), (4, 1), (4, 4)] {
        let (found, elapsed) = excess(&[late, good], limits).await;
        assert_eq!(found, [true, false], "{limits:?}");
        assert!(elapsed <= Duration::from_millis(1015), "{elapsed:?} with {limits:?}");
    }
    let (found, elapsed) = excess(&[late], (4, 4)).await;
    assert_eq!((found, elapsed), (vec![false], Duration::from_millis(5)), "nothing else is left to wait for");
}
