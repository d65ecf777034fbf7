//! A panic while checking one asset does not affect the others.

use std::path::Path;
use std::sync::Arc;

use crate::asset::AssetUrl;
use crate::fetch::{Probe, ProbeOptions};
use crate::output::fingerprint::RunFingerprint;
use crate::output::{RunInfo, Style};
use crate::{Asset, CheckOptions, Observation, RuleSet};
use clap::Parser as _;

use super::super::{Cli, Command, report_writers};
use super::*;

/// Panics at assets named `fault`, and returns an empty observation for all others.
#[derive(Debug)]
struct PanickingProbe;

impl Probe for PanickingProbe {
    async fn url(&self, address: &AssetUrl, _: ProbeOptions) -> Arc<Observation> {
        tokio::task::yield_now().await;
        assert!(!address.url().path().contains("fault"), "a panic with a canary");
        Arc::default()
    }

    async fn file(&self, path: &Path) -> Observation {
        assert!(!path.ends_with("fault.png"), "a panic with a canary");
        Observation::default()
    }

    async fn data_uri(&self, _: &Arc<Asset>) -> Observation {
        panic!("a panic with a canary");
    }
}

/// Checks these assets with JSON output, and returns the exit and the document.
fn checked(folder: &Path, words: &[&str]) -> (Exit, serde_json::Value) {
    let path = folder.join("out.json");
    let mut line = vec!["runway-preflight", "check", "-f", "json", "-o", path.to_str().expect("UTF-8")];
    line.extend(words);
    let Ok(Cli { command: Command::Check(check) }) = Cli::try_parse_from(line) else { panic!("{words:?}") };
    let info = RunInfo { matches_api: true, ..RunInfo::default() };
    let options = CheckOptions::default();
    let engine = Engine::new(PanickingProbe, RuleSet::embedded(), options.clone());
    let defaults = Defaults { field: None, kind: None };
    let sources = sources::open(&check.assets, &check.list, defaults).expect("assets");
    let (total, is_single) = (sources.count(), sources.is_single());
    let work = AssetWork { engine, again: Vec::new(), sources: Some(sources), has_list_error: Cell::default() };
    let run = Run { args: &check.run, info, flags: Vec::new(), options, total, is_single };
    let exit = run.execute(work).expect("a run");
    (exit, serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON"))
}

#[test]
fn s15_a_panic_at_one_asset_does_not_affect_the_other_verdicts() {
    let folder = tempfile::tempdir().expect("a folder");
    let fault = folder.path().join("fault.png");
    std::fs::write(&fault, "x").expect("a file");
    let fault = fault.to_str().expect("UTF-8");
    let words = ["https://h.com/a.png", "https://h.com/fault.png", fault, "data:,", "http://h.com/b.png"];
    let (exit, document) = checked(folder.path(), &words);
    assert_eq!((exit, exit.code()), (Exit::InternalError, 5));
    let codes = |at: usize| document["assets"][at]["findings"][0]["code"].as_str().map(str::to_owned);
    for (at, word) in words.iter().enumerate() {
        let is_fault = (1..=3).contains(&at);
        assert_eq!(codes(at).as_deref() == Some("internal-error"), is_fault, "{word}");
        assert_eq!(document["assets"][at]["index"], at);
    }
    assert_eq!(document["assets"][4]["reason"], "Only HTTPS URLs are allowed.");
    assert_eq!(document["summary"]["undecided"], 3);
    assert!(!document.to_string().contains("canary"));
    // As long as nothing panics, the verdicts decide.
    assert_eq!(checked(folder.path(), &words[4..]).0, Exit::Failure);
    assert_eq!(checked(folder.path(), &["--exit-zero", fault]).0, Exit::InternalError);
}

#[test]
fn s15_a_panic_in_the_run_itself_leaves_old_results_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.json");
    std::fs::write(&path, "old").expect("a file");
    let line = ["runway-preflight", "check", "-f", "json", "-o", path.to_str().expect("UTF-8"), "a.png"];
    let Ok(Cli { command: Command::Check(check) }) = Cli::try_parse_from(line) else { panic!("{line:?}") };
    let info = RunInfo { matches_api: true, ..RunInfo::default() };
    let fingerprint = RunFingerprint::new(&info, Vec::new());
    let work = |_: &mut report_writers::ReportWriters| -> anyhow::Result<Exit> { panic!("a panic") };
    let exit = report_writers::with(&check.run.output, Style::plain(), &info, &fingerprint, work);
    assert_eq!(exit.expect("no error"), Exit::InternalError);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), "old");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
}
