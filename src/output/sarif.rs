//! SARIF 2.1.0, as code scanning takes it: one rule a reason or remark, one result a finding, at the line of the
//! list or body that holds the asset.
//!
//! A viewer counts before it shows, and GitHub keeps 5,000 results of a run: the worst are kept, and a notification
//! says how many are left out.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::escape::sarif::{message, relative_uri};
use super::message;
use super::message::{Rank, Spot};
use super::top_n::Worst;
use super::{RunInfo, Style, Verbosity, escape, is_wanted};
use crate::finding::{CodeInfo, Finding, Lint, Reason, SCHEMA, Severity, Transport};
use crate::report::{Report, Summary};
use crate::text::untrusted::UntrustedText;

/// How many results are kept. Source: GitHub's documentation of SARIF support, "25,000 results per run, only the top
/// 5,000 … will be included".
const RESULTS: usize = 5000;

/// Where the program is told of.
const HOME: &str = "https://docs.rs/runway-preflight";

/// The results of a run.
#[derive(Debug)]
pub(super) struct Results {
    rules: Vec<CodeInfo>,
    kept: Worst<Rank, Value>,
}

impl Results {
    pub(super) fn new() -> Self {
        let reasons = Reason::examples().into_iter().map(|reason| reason.info());
        let rules = [SCHEMA].into_iter().chain(reasons).chain(Lint::ALL.into_iter().map(Lint::info)).collect();
        Self { rules, kept: Worst::new(RESULTS) }
    }

    /// Takes the findings of one asset.
    pub(super) fn add(&mut self, report: &Report, style: Style) {
        if !is_wanted(report, style.detail) {
            return;
        }
        for (nth, finding) in report.findings.iter().enumerate() {
            if finding.severity < Severity::Note || style.detail > Verbosity::Quiet {
                let rules = &self.rules;
                self.kept.offer(message::rank(report, nth, finding), || result(report, finding, rules));
            }
        }
    }

    /// Writes the document, results in the order of the input.
    pub(super) fn write(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        let mut results = self.kept.take();
        results.sort_by_key(|(rank, _)| (rank.index, rank.nth));
        let results: Vec<Value> = results.into_iter().map(|(_, result)| result).collect();
        let RunInfo { rules_read, rules_origin, request_rules: _, config: _, matches_api: faithful } = run;
        let document = json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": HOME,
                    "rules": self.rules.iter().map(rule).collect::<Vec<_>>(),
                }},
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": !summary.incomplete,
                    "toolExecutionNotifications": self.notifications(summary, run),
                }],
                "results": results,
                "properties": {
                    "summary": message::count(summary),
                    "rules": {"read": rules_read, "origin": rules_origin},
                    "faithful": faithful,
                },
            }],
        });
        writeln!(writer, "{}", escape::json(&serde_json::to_string_pretty(&document)?))
    }

    /// Says of the run what no result says.
    fn notifications(&self, summary: &Summary, run: &RunInfo) -> Vec<Value> {
        let left_out = self.kept.left_out();
        let said = [
            (left_out > 0, format!("{left_out} more findings are left out, none of them worse than these.")),
            (summary.incomplete, "The run was stopped before the last asset.".to_owned()),
            (!run.matches_api, message::UNFAITHFUL.to_owned()),
        ];
        let said = said.into_iter().filter(|(is_so, _)| *is_so);
        said.map(|(_, text)| json!({"level": "note", "message": {"text": text}})).collect()
    }
}

/// Writes a reason or remark as a rule.
fn rule(entry: &CodeInfo) -> Value {
    let CodeInfo { code, stage, severity, confidence, docs, title, hint } = entry;
    let mut rule = json!({
        "id": code,
        "shortDescription": {"text": message(title)},
        "help": {"text": message(hint)},
        "defaultConfiguration": {"level": level(*severity)},
        "properties": {"tags": [stage.name(), confidence.name()]},
    });
    if let (false, Some(rule)) = (docs.is_empty(), rule.as_object_mut()) {
        rule.insert("helpUri".to_owned(), Value::from(*docs));
    }
    rule
}

/// Writes one finding as a result.
fn result(report: &Report, finding: &Finding, rules: &[CodeInfo]) -> Value {
    let code = finding.code();
    json!({
        "ruleId": code,
        "ruleIndex": rules.iter().position(|rule| rule.code == code),
        "level": level(finding.severity),
        "message": {"text": message(&message::lines(report, finding).join("\n"))},
        "locations": [location(report)],
        "partialFingerprints": {"runwayPreflight/v1": fingerprint(report, finding)},
        "properties": properties(report, finding),
    })
}

/// Writes what SARIF has no member for.
fn properties(report: &Report, finding: &Finding) -> Map<String, Value> {
    let Report {
        index,
        request,
        asset: _,
        location: _,
        field,
        kind,
        transport,
        verdict,
        findings: _,
        by_transport: _,
        observed: _,
    } = report;
    let Finding { kind: _, severity, confidence, is_api_answer: first, transport: way, detail: _, hint: _ } = finding;
    let properties = [
        ("index", Some(Value::from(*index))),
        ("asset", Some(Value::from(message::asset(report)))),
        ("verdict", Some(Value::from(verdict.name()))),
        ("severity", Some(Value::from(severity.name()))),
        ("confidence", Some(Value::from(confidence.name()))),
        ("transport", Some(Value::from(way.map_or(transport.name(), Transport::name)))),
        ("first", Some(Value::from(*first))),
        ("request", request.map(|within| Value::from(within.index))),
        ("field", field.as_ref().map(|field| Value::from(field.escaped().to_string()))),
        ("kind", kind.map(|kind| Value::from(kind.name()))),
    ];
    properties.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Writes where the asset stands. Code scanning refuses a whole document over one result without a file, so what was
/// named on the command line, or outside of the folder, stands in a file that is none.
fn location(report: &Report) -> Value {
    let spot = Spot::of(report);
    let found = spot.as_ref().and_then(|spot| Some((relative_uri(spot.file.as_bytes())?, spot.at)));
    let mut physical = Map::new();
    let uri = found.as_ref().map_or(NO_FILE, |(uri, _)| uri.as_str());
    physical.insert("artifactLocation".to_owned(), json!({"uri": uri}));
    if let Some((line, column)) = found.as_ref().and_then(|(_, at)| *at) {
        physical.insert("region".to_owned(), json!({"startLine": line, "startColumn": column}));
    }
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": message::asset(report)}],
    })
}

/// Stands for a file where there is none.
const NO_FILE: &str = "no-file";

/// Says how grave a finding is in the words of SARIF, which has none for undecided.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Undecided | Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Names a finding from one run to the next: the 64-bit FNV-1a hash of what it is about, secrets left out.
fn fingerprint(report: &Report, finding: &Finding) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let field = report.field.as_ref().map(UntrustedText::as_bytes).unwrap_or_default();
    let way = finding.transport.map_or("", Transport::name).as_bytes();
    let parts = [finding.code().as_bytes(), report.asset.as_bytes(), field, way];
    let bytes = parts.into_iter().flat_map(|part| part.iter().copied().chain([0]));
    let hash = bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}
