//! Measures what needs no network: `cargo bench`. Inputs are made here or are fixtures.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use runway_preflight::asset::{AssetUrl, Target};
use runway_preflight::data_uri::DataUri;
use runway_preflight::fetch::{Probe, ProbeOptions};
use runway_preflight::observation::{BodyEnd, BodyTransfer, Headers, RequestOutcome, ResponseHead};
use runway_preflight::output::{RunInfo, Style, escape};
use runway_preflight::request::EMBEDDED;
use runway_preflight::request::validate::validate;
use runway_preflight::text::secret::{QueryRedaction, redact_url};
use runway_preflight::{
    Asset, CheckOptions, Document, Engine, LiveProbe, NetworkOptions, Observation, Output, OutputFormat, RuleSet,
    UntrustedText, Verdict,
};

const URL: &str =
    "https://cdn.example.com/images/2026/11/photo-0001.jpg?X-Amz-Expires=604800&X-Amz-Signature=0123456789abcdef";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime")
}

fn probe() -> LiveProbe {
    LiveProbe::new(NetworkOptions::default()).expect("the defaults are valid")
}

fn urls(criterion: &mut Criterion) {
    let asset = Asset::new(URL);
    criterion.bench_function("redact a URL", |bencher| {
        bencher.iter(|| redact_url(black_box(URL), QueryRedaction::Redact));
    });
    criterion.bench_function("parse a URL", |bencher| bencher.iter(|| Target::parse(black_box(&asset))));
    let runtime = runtime();
    let engine = Engine::new(probe(), RuleSet::embedded(), CheckOptions { offline: true, ..CheckOptions::default() });
    criterion.bench_function("check a URL offline", |bencher| {
        bencher.iter(|| runtime.block_on(engine.check(black_box(asset.clone()))));
    });
}

/// Returns the same observation for every asset.
struct FixedProbe(Arc<Observation>);

impl FixedProbe {
    /// A good response with a photo.
    fn photo() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/images/photo.jpg");
        let file = runtime().block_on(probe().file(&path));
        let received = file.size.expect("a fixture");
        let fields = [
            ("server", "nginx"),
            ("date", "Sat, 21 Nov 2026 12:00:00 GMT"),
            ("content-type", "image/jpeg"),
            ("content-length", &received.to_string()),
            ("last-modified", "Fri, 20 Nov 2026 12:00:00 GMT"),
            ("etag", "\"650ad1b2-186a0\""),
            ("accept-ranges", "bytes"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), UntrustedText::from(value)));
        let headers = Headers::new(fields.into());
        let elapsed = Duration::from_millis(20);
        let response = RequestOutcome::Response(ResponseHead {
            status: 200,
            headers,
            elapsed,
            body_snippet: None,
            total_length: None,
            anomalies: Vec::new(),
        });
        let body = BodyTransfer { received, end: BodyEnd::Complete, elapsed };
        Self(Arc::new(Observation { head: response.clone(), get: response, body, size: None, ..file }))
    }
}

impl Probe for FixedProbe {
    async fn url(&self, _: &AssetUrl, _: ProbeOptions) -> Arc<Observation> {
        Arc::clone(&self.0)
    }

    async fn file(&self, _: &Path) -> Observation {
        Observation::clone(&self.0)
    }

    async fn data_uri(&self, _: &Arc<Asset>) -> Observation {
        Observation::clone(&self.0)
    }
}

/// Everything but the network: the URL, both responses, the body and the media header.
fn responses(criterion: &mut Criterion) {
    let asset = Asset::new("https://cdn.example.com/images/2026/11/photo-0001.jpg");
    let runtime = runtime();
    let engine = Engine::new(FixedProbe::photo(), RuleSet::embedded(), CheckOptions::default());
    let report = runtime.block_on(engine.check(asset.clone()));
    assert_eq!(report.verdict, Verdict::Accepted, "{:?}", report.findings);
    criterion.bench_function("check a URL by its responses", |bencher| {
        bencher.iter(|| runtime.block_on(engine.check(black_box(asset.clone()))));
    });
}

fn data_uris(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("data URI");
    for bytes in [48 << 10, 3_900_000] {
        let picture = vec![7; bytes];
        let text = format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(picture));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(bytes), text.as_bytes(), |bencher, text| {
            bencher.iter(|| {
                DataUri::parse(text).expect("a head").decode(|piece| {
                    black_box(piece);
                })
            });
        });
    }
}

/// Every reader, on a fixture of each format.
fn media(criterion: &mut Criterion) {
    let (probe, runtime) = (probe(), runtime());
    let mut group = criterion.benchmark_group("media header");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for name in [
        "images/photo.jpg",
        "images/photo.png",
        "images/photo.webp",
        "images/animated.gif",
        "images/old.tiff",
        "video/h264-aac.mp4",
        "video/prores-3.mov",
        "video/fragmented.mp4",
        "video/h264-aac.mkv",
        "video/vp9-opus.webm",
        "video-other/h264.avi",
        "video-other/h264.flv",
        "video-other/h264.mpg",
        "video-other/transport.ts",
        "audio/vbr.mp3",
        "audio/opus.ogg",
        "audio/plain.flac",
        "audio/s16.wav",
        "audio/adts.aac",
    ] {
        let path = fixtures.join(name);
        assert!(runtime.block_on(probe.file(&path)).content.media().is_some(), "{name}");
        group.bench_function(name, |bencher| bencher.iter(|| runtime.block_on(probe.file(black_box(&path)))));
    }
}

fn bodies(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bodies/five-bad-fields.json");
    let text = std::fs::read(path).expect("a fixture");
    criterion.bench_function("parse a body", |bencher| bencher.iter(|| Document::read(black_box(&text))));
    let document = Document::read(&text).unwrap_or_else(|_| panic!("the fixture is a body"));
    let rules = &*EMBEDDED;
    criterion.bench_function("validate a body", |bencher| {
        bencher.iter(|| validate(rules, "image_to_video", black_box(document.value())));
    });
}

fn outputs(criterion: &mut Criterion) {
    let runtime = runtime();
    let engine = Engine::new(probe(), RuleSet::embedded(), CheckOptions { offline: true, ..CheckOptions::default() });
    let report = runtime.block_on(engine.check(Asset::new("http://127.0.0.1/a.png")));
    let mut group = criterion.benchmark_group("write a report");
    for format in [OutputFormat::Text, OutputFormat::Concise, OutputFormat::JsonLines] {
        let style = Style::plain();
        let run = RunInfo { matches_api: true, ..RunInfo::default() };
        let mut output = Output::new(std::io::sink(), format, style, false, run);
        group.bench_function(format!("{format:?}"), |bencher| bencher.iter(|| output.report(black_box(&report))));
    }
}

fn escapers(criterion: &mut Criterion) {
    let plain = "an ordinary text, with : and # but nothing to be escaped. ".repeat(1000);
    let hostile = "::error::\u{202e}##[x]\u{9b}31m<&>\"'\n".repeat(1000);
    let mut group = criterion.benchmark_group("escape");
    for (name, text) in [("plain", &plain), ("hostile", &hostile)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("json, {name}"), |bencher| bencher.iter(|| escape::json(black_box(text))));
        group.bench_function(format!("xml, {name}"), |bencher| bencher.iter(|| escape::xml(black_box(text))));
        group.bench_function(format!("visible, {name}"), |bencher| bencher.iter(|| escape::visible(black_box(text))));
        group.bench_function(format!("github, {name}"), |bencher| {
            bencher.iter(|| escape::github::data(black_box(text)));
        });
        group.bench_function(format!("markdown, {name}"), |bencher| {
            bencher.iter(|| escape::markdown::code_span(black_box(text)));
        });
        group.bench_function(format!("sarif, {name}"), |bencher| {
            bencher.iter(|| escape::sarif::message(black_box(text)));
        });
    }
}

criterion_group!(pure, urls, responses, data_uris, media, bodies, outputs, escapers);
criterion_main!(pure);
