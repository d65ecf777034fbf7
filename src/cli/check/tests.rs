//! A fault of the program at one asset does not cost the others.

use std::path::Path;

use crate::asset::AssetUrl;
use crate::{Asset, Observation, ProbeOptions, RuleSet};
use clap::Parser as _;

use super::super::{Cli, Verb};
use super::*;

/// Fails at what it is told to, and sees nothing anywhere else.
#[derive(Debug)]
struct Clumsy;

impl Probe for Clumsy {
    async fn url(&self, address: &AssetUrl, _: ProbeOptions) -> Arc<Observation> {
        tokio::task::yield_now().await;
        assert!(!address.url().path().contains("fault"), "a fault that knows canary");
        Arc::default()
    }

    async fn file(&self, path: &Path) -> Observation {
        assert!(!path.ends_with("fault.png"), "a fault that knows canary");
        Observation::default()
    }

    async fn data_uri(&self, _: &Arc<Asset>) -> Observation {
        panic!("a fault that knows canary");
    }
}

/// Judges these assets into JSON, and returns how that ends and what is written.
fn judged(words: &[&str]) -> (Exit, serde_json::Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.json");
    let mut line = vec!["runway-preflight", "check", "-f", "json", "-o", path.to_str().expect("UTF-8")];
    line.extend(words);
    let Ok(Cli { verb: Verb::Check(check) }) = Cli::try_parse_from(line) else { panic!("{words:?}") };
    let run = RunInfo { matches_api: true, ..RunInfo::default() };
    let stamp = RunFingerprint::new(&run, Vec::new());
    let options = Options::default();
    let progress = Progress::new(&check.results, Arc::clone(&options.tally), None);
    let engine = Engine::new(Clumsy, RuleSet::embedded(), options);
    let sources = sources::open(&check.assets, Common { field: None, kind: None, shard: None }).expect("assets");
    let exit = report_writers::with(&check.results, &run, &stamp, |outlets| {
        check.judge((&engine, &progress), sources, &Summary::default(), outlets)
    });
    let document = std::fs::read(path).expect("a file");
    (exit.expect("no trouble"), serde_json::from_slice(&document).expect("JSON"))
}

#[test]
fn s15_a_fault_at_one_asset_leaves_the_others_their_verdicts() {
    let words = ["https://h.com/a.png", "https://h.com/fault.png", "fault.png", "data:,", "http://h.com/b.png"];
    let (exit, document) = judged(&words);
    assert_eq!((exit, exit.code()), (Exit::Failed, 5));
    let codes = |at: usize| document["assets"][at]["findings"][0]["code"].as_str().map(str::to_owned);
    for (at, word) in words.iter().enumerate() {
        let is_fault = (1..=3).contains(&at);
        assert_eq!(codes(at).as_deref() == Some("internal-error"), is_fault, "{word}");
        assert_eq!(document["assets"][at]["index"], at);
    }
    assert_eq!(document["assets"][4]["reason"], "Only HTTPS URLs are allowed.");
    assert_eq!(document["summary"]["undecided"], 3);
    assert!(!document.to_string().contains("canary"));
    // As long as nothing fails, the verdicts decide.
    assert_eq!(judged(&words[4..]).0, Exit::Rejected);
    assert_eq!(judged(&["--exit-zero", "fault.png"]).0, Exit::Failed);
}

#[test]
fn s15_a_fault_in_the_run_itself_leaves_old_results_as_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.json");
    std::fs::write(&path, "old").expect("a file");
    let line = ["runway-preflight", "check", "-f", "json", "-o", path.to_str().expect("UTF-8"), "a.png"];
    let Ok(Cli { verb: Verb::Check(check) }) = Cli::try_parse_from(line) else { panic!("{line:?}") };
    let run = RunInfo { matches_api: true, ..RunInfo::default() };
    let exit =
        report_writers::with(&check.results, &run, &RunFingerprint::new(&run, Vec::new()), |_| panic!("a fault"));
    assert_eq!(exit.expect("no trouble"), Exit::Failed);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), "old");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
}
