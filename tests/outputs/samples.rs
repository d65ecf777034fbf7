//! The reports that the golden files show: one of each kind.

use std::sync::Arc;
use std::time::Duration;

use runway_preflight::asset::Location;
use runway_preflight::finding::Transport;
use runway_preflight::media::{ContentState, Format, Media};
use runway_preflight::observation::{Headers, Observation, RequestOutcome, ResponseHead};
use runway_preflight::report::Delivery;
use runway_preflight::report::excerpt::Excerpt;
use runway_preflight::units::Dimensions;
use runway_preflight::{Finding, Kind, Lint, Reason, Report, Severity, UntrustedText, Verdict};

/// Starts a report without findings.
pub(crate) fn report(index: u64, asset: &str) -> Report {
    Report {
        index,
        request: None,
        asset: UntrustedText::from(asset),
        location: None,
        excerpt: None,
        field: None,
        kind: Some(Kind::Image),
        crop_to: None,
        transport: Delivery::Sent(Transport::Url),
        verdict: Verdict::Accepted,
        findings: Vec::new(),
        by_transport: Vec::new(),
        observed: Arc::default(),
    }
}

/// Makes a location.
pub(crate) fn place(file: &str, line: u64, column: u64) -> Location {
    Location { file: UntrustedText::from(file), line, column }
}

/// Puts findings into a report, the first marked as the API's first answer.
pub(crate) fn found(mut report: Report, mut findings: Vec<Finding>) -> Report {
    if let Some(finding) = findings.iter_mut().find(|finding| finding.severity == Severity::Error) {
        finding.is_api_finding = finding.api_reason().is_some();
    }
    report.verdict = Verdict::of(&findings);
    report.findings = findings;
    report
}

/// The reports.
pub(crate) fn reports() -> Vec<Report> {
    vec![accepted(), rejected(), two_ways(), in_a_body(), undecided(), warned(), from_standard_input(), hostile()]
}

fn accepted() -> Report {
    let mut media = Media::new(Format::Png);
    media.coded_size = Dimensions::new(1920, 1080).into();
    let head = ResponseHead {
        status: 200,
        headers: Headers::new(vec![
            ("content-type".to_owned(), UntrustedText::from("image/png")),
            ("content-length".to_owned(), UntrustedText::from("812034")),
        ]),
        elapsed: Duration::from_millis(143),
        body_snippet: None,
        total_length: None,
        anomalies: Vec::new(),
    };
    let observed = Observation {
        head: RequestOutcome::Response(head),
        content: ContentState::Media(Box::new(media)),
        ..Observation::default()
    };
    Report {
        location: Some(place("lists/assets.txt", 1, 1)),
        observed: Arc::new(observed),
        ..report(0, "https://cdn.example.com/good.png")
    }
}

fn rejected() -> Report {
    let asset = "https://cdn.example.com/a.png?X-Amz-Signature=[redacted]";
    let sent = UntrustedText::from("text/html; charset=utf-8");
    let report = Report {
        location: Some(place("lists/assets.txt", 3, 1)),
        field: Some(UntrustedText::from("promptImage")),
        ..report(1, asset)
    };
    let findings = vec![
        Finding::reason(Reason::HttpStatus { status: 403 }, "HEAD and GET returned 403"),
        Finding::reason(Reason::UnsupportedContentType { sent }, "HEAD returned Content-Type text/html"),
        Finding::lint(Lint::ContentTypeParameters, "charset=utf-8"),
    ];
    found(report, findings)
}

fn two_ways() -> Report {
    let report = Report {
        transport: Delivery::File,
        by_transport: vec![
            (Transport::Url, Verdict::Rejected),
            (Transport::DataUri, Verdict::Rejected),
            (Transport::Upload, Verdict::Rejected),
        ],
        ..report(2, "images/still life.gif")
    };
    let as_url = Finding {
        transport: Some(Transport::Url),
        ..Finding::reason(
            Reason::UnsupportedContentType { sent: UntrustedText::from("image/gif") },
            "a server would send Content-Type image/gif",
        )
    };
    let as_data = Finding { transport: Some(Transport::DataUri), ..Finding::reason(Reason::UnsupportedAssetType, "") };
    found(report, vec![as_url, as_data, Finding::lint(Lint::UnreadableMedia, "the bytes are a GIF image")])
}

fn in_a_body() -> Report {
    let source = "{\n  \"references\": [\n    {\n      \"uri\": \"x\", \"tag\": \"a\"}]}";
    let excerpt = Excerpt::of(source, source.find("\"x\"").expect("the value"));
    let report = Report {
        location: Some(place("requests/body.json", 4, 14)),
        excerpt: excerpt.map(|excerpt| excerpt.with_value("\"https://intranet.example.com/b.jpg\"")),
        field: Some(UntrustedText::from("references[0].uri")),
        ..report(3, "https://intranet.example.com/b.jpg")
    };
    let finding = Finding::lint(Lint::PrivateAddress, "10.0.0.7 is a private network").with_reason(Reason::FetchFailed);
    found(report, vec![finding])
}

fn undecided() -> Report {
    let report =
        Report { location: Some(place("lists/assets.txt", 12, 1)), ..report(4, "https://h2.example.com/c.webp") };
    found(report, vec![Finding::lint(Lint::Http2OnlyHost, "the server offers h2 alone")])
}

fn warned() -> Report {
    let report =
        Report { location: Some(place("./lists/more.txt", 1, 1)), ..report(5, "https://cdn.example.com:8443/d.png") };
    let findings = vec![
        Finding::lint(Lint::UnusualPort, "port 8443"),
        Finding::lint(Lint::NearTimeout, "the download took 6.1 s"),
    ];
    found(report, findings)
}

fn from_standard_input() -> Report {
    let report = Report { location: Some(place("-", 2, 1)), ..report(6, "http://cdn.example.com/e.png") };
    found(report, vec![Finding::reason(Reason::NotHttps, "the scheme is http")])
}

/// Text that would break each format in its own way.
fn hostile() -> Report {
    let asset = "https://h.example/::error::x/##[add-mask]y/%0A/`|`/<img src=x>/@team/]]>/\u{202e}\x1b[2J";
    let report = Report {
        location: Some(place("../lists/a,b:c\n=%.txt", 7, 1)),
        field: Some(UntrustedText::from("::set-output name=a::b")),
        ..report(7, asset)
    };
    let sent = UntrustedText::new(*b"\x9b31m::warning::z\r\n##vso[x] {0} [a](https://evil.example)");
    let finding = Finding::reason(Reason::UnsupportedContentType { sent }, "::debug::seen\n##[group]")
        .with_hint("curl -I -- 'https://h.example/' | grep -i '^content-type' # `id` ![](https://evil.example/x.png)");
    found(report, vec![finding])
}
