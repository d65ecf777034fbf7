//! Shared by several targets: a limit on time, an engine that fetches nothing, and every output parsed by its reader.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use runway_preflight::asset::AssetUrl;
use runway_preflight::output::escape::visible;
use runway_preflight::{Asset, LiveProbe, NetworkOptions, Engine, Finding, OutputFormat, Observation, CheckOptions, Output, Report, RequestReport, RuleSet, Summary, Verdict};
use runway_preflight::fetch::{ProbeOptions, Probe};
use runway_preflight::output::{RulesOrigin, RunInfo, Style, Verbosity};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// The CPU time that a target may take for each 64 KiB of its input, or a part of them.
const TIME: Duration = Duration::from_millis(50);

/// Checks an input, and fails if that takes more than its time.
///
/// CPU time, so that other programs on the machine do not matter. The best of three runs counts, because the first one
/// also reads the rules.
pub fn in_time(input: &[u8], check: impl Fn()) {
    let limit = TIME * u32::try_from(input.len().div_ceil(64 << 10).max(1)).expect("inputs are short");
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let start = cpu_time();
        check();
        fastest = fastest.min(cpu_time().saturating_sub(start));
        if fastest <= limit {
            return;
        }
    }
    panic!("{} bytes took {fastest:?}, more than {limit:?}", input.len());
}

/// The CPU time of all threads of this process.
fn cpu_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().expect("a time since the start")
}

/// Returns the same observation for every URL, reads data URIs, and observes nothing of files: the disk is not an
/// input.
#[derive(Clone, Debug, Default)]
pub struct Scripted(pub Observation);

impl Probe for Scripted {
    async fn url(&self, _: &AssetUrl, _: ProbeOptions) -> Arc<Observation> {
        Arc::new(self.0.clone())
    }

    async fn file(&self, _: &Path) -> Observation {
        Observation::default()
    }

    async fn data_uri(&self, asset: &Arc<Asset>) -> Observation {
        // This probe connects only to fetch a URL.
        static PROBE: LazyLock<LiveProbe> =
            LazyLock::new(|| LiveProbe::new(NetworkOptions::default()).expect("the usual settings"));
        PROBE.data_uri(asset).await
    }
}

/// Checks an asset.
pub fn checked(probe: Scripted, asset: &Asset, options: &CheckOptions) -> Report {
    finished(Engine::new(probe, RuleSet::embedded(), options.clone()).check(asset.clone()))
}

/// Runs a future that needs no network.
pub fn finished<T>(future: impl Future<Output = T>) -> T {
    thread_local!(static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().expect("a runtime"));
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// Checks an asset twice: the second report has to say the same. Returns the first.
pub fn checked_twice(probe: Scripted, asset: &Asset, options: &CheckOptions) -> Report {
    let report = checked(probe.clone(), asset, options);
    let again = checked(probe, asset, options);
    assert_eq!(said(&report), said(&again), "the second report differs");
    assert_eq!(report.verdict, Verdict::of(&report.findings));
    report
}

/// What a report says, times aside.
pub fn said(report: &Report) -> Vec<(&'static str, String, String)> {
    let row = |finding: &Finding| (finding.code(), finding.message(), format!("{:?}", finding.severity));
    report.findings.iter().map(row).collect()
}

/// The formats of reports, weighted so that SARIF, which is costly, is rare.
const FORMATS: [OutputFormat; 18] = [
    OutputFormat::Text,
    OutputFormat::Text,
    OutputFormat::Concise,
    OutputFormat::Concise,
    OutputFormat::Reasons,
    OutputFormat::Json,
    OutputFormat::Json,
    OutputFormat::JsonLines,
    OutputFormat::JsonLines,
    OutputFormat::Github,
    OutputFormat::Github,
    OutputFormat::Junit,
    OutputFormat::Junit,
    OutputFormat::Markdown,
    OutputFormat::Markdown,
    OutputFormat::Html,
    OutputFormat::Html,
    OutputFormat::Sarif,
];

/// Renders a report in a format that the input chooses, and parses it as a reader would: untrusted text must only be
/// text in it. One format per input is enough, because there are thousands of inputs.
pub fn written_harmlessly(report: &Report, input: &[u8]) {
    let sum = input.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let format = FORMATS[sum % FORMATS.len()];
    let text = written(format, report);
    match format {
        OutputFormat::Github => expect_commands(&text),
        OutputFormat::Text | OutputFormat::Concise | OutputFormat::Reasons | OutputFormat::Api => expect_plain(&text),
        OutputFormat::Json | OutputFormat::JsonLines | OutputFormat::Sarif => {
            expect_plain(&text);
            let _: Value = serde_json::from_str(&text).expect("JSON");
        }
        OutputFormat::Junit => {
            expect_plain(&text);
            roxmltree::Document::parse(&text).expect("well-formed");
        }
        OutputFormat::Html => {
            expect_plain(&text);
            expect_page(&text);
        }
        OutputFormat::Markdown => {
            expect_plain(&text);
            expect_table(&text);
        }
        new => panic!("{new:?} has no reader here"),
    }
}

/// Writes a report in a format.
pub fn written(format: OutputFormat, report: &Report) -> String {
    let mut output = Output::new(Vec::new(), format, style(), false, run());
    let mut summary = Summary::default();
    summary.count(report.verdict);
    output.report(report).expect("memory takes it");
    output.finish(&summary).expect("memory takes it");
    String::from_utf8(output.into_writer()).expect("UTF-8")
}

/// Writes what was found of a request body in a format.
pub fn written_request(format: OutputFormat, request: &RequestReport) -> String {
    let mut output = Output::new(Vec::new(), format, style(), true, run());
    let mut summary = Summary { assets_in_requests: Some(request.assets.len() as u64), ..Summary::default() };
    summary.count(request.verdict);
    output.request(request).expect("memory takes it");
    output.finish(&summary).expect("memory takes it");
    String::from_utf8(output.into_writer()).expect("UTF-8")
}

fn style() -> Style {
    Style { verbosity: Verbosity::Verbose, ..Style::plain() }
}

fn run() -> RunInfo {
    let rules = RulesOrigin { read: "2026-09-23".to_owned(), origin: "embedded".to_owned() };
    RunInfo { rules, matches_api: true, ..RunInfo::default() }
}

/// Fails if a text contains commands to a terminal or a CI runner.
pub fn expect_plain(text: &str) {
    let is_obeyed = |character: &char| {
        let is_plain = *character == '\n' || (' '..='~').contains(character);
        !is_plain && visible(character.encode_utf8(&mut [0; 4])) != character.to_string()
    };
    assert_eq!(text.chars().find(is_obeyed), None, "{text}");
    assert!(!text.contains("##[") && !text.contains("##vso["), "{text}");
    // A runner's command is a word between two `::`; addresses such as `::1` stay legible.
    let is_command = |rest: &str| rest.contains("::") && rest.starts_with(|first: char| first.is_ascii_alphabetic());
    assert!(!text.lines().any(|line| line.trim_start().strip_prefix("::").is_some_and(is_command)), "{text}");
}

/// Fails if a line is neither one of our commands nor plain.
fn expect_commands(text: &str) {
    for line in text.lines() {
        // What is beyond the ten annotations of a step is a plain line of the log.
        let Some(command) = line.strip_prefix("::") else {
            expect_plain(line);
            continue;
        };
        let (info, _) = command.split_once("::").expect("a command");
        let name = info.split(' ').next().unwrap_or_default();
        assert!(["error", "warning", "notice"].contains(&name), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
}

/// Fails where a page has an element or an address that came from outside.
fn expect_page(text: &str) {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(text, options).expect("well-formed");
    let scripts = document.descendants().filter(|node| node.has_tag_name("script")).count();
    assert_eq!(scripts, 1, "{text}");
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(!["iframe", "object", "embed", "img", "base"].contains(&node.tag_name().name()), "{text}");
        for attribute in node.attributes() {
            let is_address = ["href", "src"].contains(&attribute.name());
            assert!(!attribute.name().starts_with("on"), "{text}");
            assert!(!is_address || attribute.value() == "data:," || attribute.value().starts_with("https://"), "{text}");
        }
    }
}

/// Fails if a Markdown text has more than a table of plain text and code.
fn expect_table(text: &str) {
    use comrak::nodes::NodeValue;
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    let arena = comrak::Arena::new();
    for node in comrak::parse_document(&arena, text, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::HtmlInline(html) => assert_eq!(html, "<br>"),
            NodeValue::Link(_) | NodeValue::Image(_) | NodeValue::HtmlBlock(_) => panic!("{text}"),
            NodeValue::Text(words) => assert!(!words.contains(['@', '#', '<', '`']), "{words} is outside of code"),
            _ => {}
        }
    }
}
