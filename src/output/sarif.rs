//! SARIF 2.1.0, as code scanning accepts it: one rule per reason or lint, one result per finding, at the line of the list
//! or body that holds the asset.
//!
//! GitHub shows 5,000 results of a run: only the worst are kept, and a notification counts the others.

use std::io::{self, Write};
use std::path::{Component, PathBuf};

use serde_json::{Map, Value, json};

use super::causes::CauseGroup;
use super::escape::sarif::{encoded_path, message, relative_path};
use super::message::{Rank, SourceLocation};
use super::top_n::TopN;
use super::{Repository, RunInfo, escape, message};
use crate::finding::{CodeInfo, Finding, Lint, Reason, SCHEMA, Severity, Transport};
use crate::report::{Report, Summary};
use crate::text::untrusted::UntrustedText;
use crate::units::Grouped;

/// How many results are kept. Source: GitHub's documentation of SARIF support, "25,000 results per run, only the top
/// 5,000 … will be included".
const RESULTS: usize = 5000;

/// The page of the program.
const HOME: &str = "https://docs.rs/runway-preflight";

/// The results of a run.
#[derive(Debug)]
pub(super) struct SarifResults {
    rules: Vec<CodeInfo>,
    kept: TopN<Rank, Value>,
}

impl SarifResults {
    pub(super) fn new() -> Self {
        let reasons = Reason::examples().into_iter().map(|reason| reason.info());
        let rules = [SCHEMA].into_iter().chain(reasons).chain(Lint::ALL.iter().map(Lint::info)).collect();
        Self { rules, kept: TopN::new(RESULTS) }
    }

    /// Adds the findings of one asset.
    pub(super) fn add(&mut self, report: &Report, run: &RunInfo) {
        for (nth, finding) in report.findings.iter().enumerate() {
            let _ = self.kept.push(message::rank(report, nth, finding), result(report, finding, &self.rules, run));
        }
    }

    /// Writes the document, results in the order of the input.
    pub(super) fn write(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        let mut results = self.kept.take();
        results.sort_by_key(|(rank, _)| (rank.index, rank.nth));
        let results: Vec<Value> = results.into_iter().map(|(_, result)| result).collect();
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
                    "rules": {"read": run.rules.read, "origin": run.rules.origin},
                    "faithful": run.matches_api,
                },
            }],
        });
        writeln!(writer, "{}", escape::json(&serde_json::to_string_pretty(&document)?))
    }

    /// Returns the notifications about the run.
    fn notifications(&self, summary: &Summary, run: &RunInfo) -> Vec<Value> {
        let omitted = self.kept.omitted();
        let notes = [
            (omitted > 0, format!("{} more findings are omitted, all equal or less severe.", Grouped(omitted))),
            (summary.incomplete, "The run was stopped before the last asset.".to_owned()),
            (!run.matches_api, message::DEVIATES.to_owned()),
        ];
        let notes = notes.into_iter().filter(|(applies, _)| *applies);
        notes.map(|(_, text)| json!({"level": "note", "message": {"text": text}})).collect()
    }
}

/// Converts a reason or lint to a rule.
fn rule(info: &CodeInfo) -> Value {
    let CodeInfo { code, stage, severity, confidence, docs, title, hint } = info;
    let mut rule = json!({
        "id": code,
        "shortDescription": {"text": message(title)},
        "help": {"text": message(if hint.is_empty() { title } else { hint })},
        "defaultConfiguration": {"level": level(*severity)},
        "properties": {"tags": [stage.name(), confidence.name()]},
    });
    if let (false, Some(rule)) = (docs.is_empty(), rule.as_object_mut()) {
        rule.insert("helpUri".to_owned(), Value::from(*docs));
    }
    rule
}

/// Writes one finding as a result.
fn result(report: &Report, finding: &Finding, rules: &[CodeInfo], run: &RunInfo) -> Value {
    let code = finding.code();
    let group = CauseGroup { main: finding, consequences: Vec::new(), explanation: None };
    json!({
        "ruleId": code,
        "ruleIndex": rules.iter().position(|rule| rule.code == code),
        "level": level(finding.severity),
        "message": {"text": message(&message::lines(report, &group).join("\n"))},
        "locations": [location(report, run)],
        "partialFingerprints": {"runwayPreflight/v1": fingerprint(report, finding)},
        "properties": properties(report, finding),
    })
}

/// Returns the properties that SARIF has no member for.
fn properties(report: &Report, finding: &Finding) -> Map<String, Value> {
    let transport = finding.transport.map_or(report.transport.name(), Transport::name);
    let properties = [
        ("index", Some(Value::from(report.index))),
        ("asset", Some(Value::from(message::asset(report)))),
        ("verdict", Some(Value::from(report.verdict.name()))),
        ("severity", Some(Value::from(finding.severity.name()))),
        ("confidence", Some(Value::from(finding.confidence.name()))),
        ("transport", Some(Value::from(transport))),
        ("first", Some(Value::from(finding.is_api_finding))),
        ("request", report.request.map(|within| Value::from(within.index))),
        ("field", report.field.as_ref().map(|field| Value::from(field.escaped().to_string()))),
        ("kind", report.kind.map(|kind| Value::from(kind.name()))),
    ];
    properties.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Returns the location. Code scanning rejects a whole document because of one result without a file, so assets that
/// were named on the command line, or are outside of the repository, get the name of a file that does not exist.
fn location(report: &Report, run: &RunInfo) -> Value {
    let place = SourceLocation::of(report);
    let path = |place: &SourceLocation<'_>| Some((encoded_path(&repository_path(place.file, run)?), place.at));
    let found = place.as_ref().and_then(path);
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

/// The file name of results without a file.
const NO_FILE: &str = "no-file";

/// Returns the path of a file relative to the root of the repository; without a repository, to the working directory.
/// `None` for a file outside of it.
pub(super) fn repository_path(file: &UntrustedText, run: &RunInfo) -> Option<String> {
    let bytes = file.as_bytes();
    let Some(Repository { root, current }) = &run.repository else { return relative_path(bytes) };
    let mut full = PathBuf::new();
    for part in current.join(crate::asset::path(bytes)?).components() {
        match part {
            Component::ParentDir => drop(full.pop()),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => full.push(part),
        }
    }
    relative_path(full.strip_prefix(root).ok()?.as_os_str().as_encoded_bytes())
}

/// Returns SARIF's level of a severity; it has none for undecided.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Undecided | Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Identifies a finding across runs: the 64-bit FNV-1a hash of its code, asset, field and transport. Secrets and the
/// location are left out, so that a list may be reordered.
pub(super) fn fingerprint(report: &Report, finding: &Finding) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let field = report.field.as_ref().map(UntrustedText::as_bytes).unwrap_or_default();
    let way = finding.transport.map_or("", Transport::name).as_bytes();
    let parts = [finding.code().as_bytes(), report.asset.as_bytes(), field, way];
    let bytes = parts.into_iter().flat_map(|part| part.iter().copied().chain([0]));
    let hash = bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}
