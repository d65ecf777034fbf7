//! Diagnoses of scripted servers: which clients are accepted, and the summary.

use super::*;
use crate::finding::Verdict;
use crate::observation::{BodyEnd, BodyTransfer, DnsError, Headers, Phase, ResponseHead};
use crate::text::secret::QueryRedaction;
use crate::text::untrusted::UntrustedText;

/// Scripted statuses of HEAD and GET for each client; 0 means no response.
struct Script([(u16, u16); 3]);

const TYPE: &str = "image/png";

fn answer(status: u16) -> RequestOutcome {
    let elapsed = Duration::from_millis(40);
    if status == 0 {
        return RequestOutcome::Failed { error: FetchError::ConnectionReset(Phase::FirstByte), elapsed };
    }
    let fields = [("content-type", TYPE), ("content-length", "9")];
    let fields = fields.map(|(name, value)| (name.to_owned(), UntrustedText::from(value)));
    let headers = Headers::new(fields.to_vec());
    RequestOutcome::Response(ResponseHead {
        status,
        headers,
        elapsed,
        body_snippet: None,
        total_length: None,
        anomalies: Vec::new(),
    })
}

fn seen((head, get): (u16, u16)) -> Observation {
    let body = BodyTransfer { received: 9, end: BodyEnd::Complete, elapsed: Duration::from_millis(60) };
    Observation { head: answer(head), get: answer(get), body, ..Observation::default() }
}

impl Probe for Script {
    async fn url(&self, _: &AssetUrl, _: ProbeOptions) -> Arc<Observation> {
        unreachable!("a diagnosis calls `traced`")
    }

    async fn file(&self, _: &std::path::Path) -> Observation {
        unreachable!("only URLs are diagnosed")
    }

    async fn data_uri(&self, _: &Arc<Asset>) -> Observation {
        Observation::default()
    }
}

impl TracingProbe for Script {
    async fn traced(&self, _: &AssetUrl, _: ProbeOptions) -> (Observation, RequestTrace) {
        (seen(self.0[0]), RequestTrace::default())
    }

    async fn url_from(&self, agent: &'static str, _: &AssetUrl, _: ProbeOptions) -> Observation {
        seen(self.0[if agent == UserAgent::Curl.header_value() { 1 } else { 2 }])
    }
}

async fn of(url: &str, script: [(u16, u16); 3], queries: QueryRedaction) -> Diagnosis {
    let options = CheckOptions { queries, ..CheckOptions::default() };
    diagnose(
        &Script(script),
        RuleSet::embedded(),
        options,
        Asset::new(url),
        &["--resolve".to_owned(), "h:1:2".to_owned()],
        |_| {},
    )
    .await
}

#[tokio::test]
async fn the_summary_names_the_refused_clients() {
    let case = async |script, expected: &str| {
        let diagnosis = of("https://h.com/a.png", script, QueryRedaction::Redact).await;
        assert_eq!(diagnosis.clients.len(), 3, "{script:?}");
        assert!(diagnosis.summary.contains(expected), "{script:?}: {}", diagnosis.summary);
    };
    let (yes, no) = ((200, 200), (403, 403));
    case([no, yes, yes], "blocks only this User-Agent: allow-list clients whose User-Agent starts with RunwayML API/.")
        .await;
    case([(200, 403), yes, yes], "blocks only this User-Agent on GET: allow-list").await;
    case([no, no, yes], "accepts only browsers").await;
    case([no, yes, no], "blocks some User-Agents").await;
    case([no, no, no], "No client gets a 200 (the API: 403)").await;
    case([(404, 404), (403, 403), (404, 404)], "No client gets a 200 (the API: 404)").await;
    case([(0, 0), yes, yes], "blocks only this User-Agent").await;
    case([(405, 200), (405, 200), (405, 200)], "rejects HEAD from every client (405) but accepts GET").await;
    case([yes, yes, yes], "API gets its response in 0.1 seconds, 9.9 before the API gives up.").await;
    case([yes, no, no], "it blocks curl/8.5.0 and a browser (Chrome), which does not affect the API").await;
}

#[tokio::test]
async fn a_rejected_url_is_diagnosed_without_a_connection() {
    for url in ["http://h.com/a.png", "https://11.22.33.44/a.png", "https://"] {
        let diagnosis = of(url, [(200, 200); 3], QueryRedaction::Redact).await;
        assert!(diagnosis.clients.is_empty() && diagnosis.trace.is_none() && diagnosis.commands.is_empty(), "{url}");
        assert_eq!(diagnosis.report.verdict, Verdict::Rejected);
        assert!(diagnosis.summary.starts_with("The URL itself is rejected, and no connection was made: "), "{url}");
    }
}

#[test]
fn errors_before_a_request_end_the_comparison() {
    let case = |error: FetchError, expected: bool| {
        let head = RequestOutcome::Failed { error, elapsed: Duration::ZERO };
        let client = ClientResult::new(UserAgent::Runway, Observation { head, ..Observation::default() });
        assert_eq!(failed_before_request(&client), expected);
    };
    let limit = Duration::from_secs(10);
    case(FetchError::Dns(DnsError::NotFound), true);
    case(FetchError::Timeout { phase: Phase::Tls, timeout: limit }, true);
    case(FetchError::Timeout { phase: Phase::FirstByte, timeout: limit }, false);
    case(FetchError::ConnectionReset(Phase::FirstByte), false);
}

#[tokio::test]
async fn commands_are_quoted_and_contain_no_secrets() {
    let url = "https://user:canary@h.com/a'b;$(id).png?X-Amz-Signature=canary&n={1,2}#canary";
    let commands = of(url, [(200, 200); 3], QueryRedaction::Redact).await.commands;
    let [head, get] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(head.starts_with("curl --disable --globoff ") && head.contains(" --head -- 'https://h.com/"), "{head}");
    assert!(head.contains(" --resolve 'h:1:2' ") && get.contains("--output /dev/null"), "{get}");
    assert!(!commands.concat().contains("canary"), "{commands:?}");
    let shown = of("https://h.com/a?k=v'$(id)", [(200, 200); 3], QueryRedaction::Show).await.commands;
    for command in commands.iter().chain(&shown) {
        let script = format!("curl() {{ printf '%s\\n' \"$@\" | tail -n 1; }}; {command}");
        let output = std::process::Command::new("bash").args(["--norc", "-c", &script]).output().expect("bash");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.stderr.is_empty() && text.lines().count() == 1 && text.starts_with("https://h.com/a"), "{text}");
    }
}
