//! `--resume`: what has its verdict from an earlier run is counted and passed over, as long as it is about the same
//! assets or bodies, in the same order.

use std::fs::File;
use std::io::{self, BufReader};

use crate::{
    Asset, EndpointError, Output, OutputFormat, Probe, QueryRedaction, RequestChecker, RequestInput, ResumeLog,
    ResumeLogError, RunFingerprint, RunInfo, Style, Summary, UntrustedText, Verbosity,
};
use anyhow::{anyhow, bail};

use super::args::Results;
use super::say;
use super::sources::Sources;

/// A file of results as its reader sees it.
pub(crate) type Earlier<'a> = ResumeLog<BufReader<&'a File>>;

/// What the two runs must have in common.
pub(crate) struct Same<'a> {
    pub(crate) results: &'a Results,
    pub(crate) stamp: &'a RunFingerprint,
    pub(crate) queries: QueryRedaction,
}

/// What an earlier run has found.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) summary: Summary,
    /// How far its file is whole, in bytes.
    pub(crate) end: u64,
}

impl Same<'_> {
    /// Passes over the assets that have a line.
    ///
    /// # Errors
    /// Where a line is not about the asset in its place, and where either cannot be read. The file stays as it is.
    pub(crate) fn pass_assets(&self, journal: &mut Earlier<'_>, sources: &mut Sources) -> anyhow::Result<Done> {
        let mut done = Done::default();
        while let Some(line) = journal.next_asset().map_err(|unfit| self.unfit(&unfit))? {
            self.compare(line.stamp(), journal.lines())?;
            let asset = sources.next().transpose().map_err(|broken| anyhow!(broken.told()))?;
            let Some(asset) = asset else { return Err(self.has_ended(journal.lines())) };
            let index = asset.index.unwrap_or_default();
            if !line.is_about(&asset, index, self.queries) {
                return Err(self.differs(journal.lines(), &place_of(&asset, index)));
            }
            done.summary.count(line.verdict());
        }
        done.end = journal.end();
        Ok(done)
    }

    /// Passes over the bodies that have a line; one whose endpoint is not to be told has none, and is told to `unplaced`
    /// again.
    ///
    /// # Errors
    /// As for [`Self::pass_assets`].
    pub(crate) fn pass_bodies<P: Probe>(
        &self,
        journal: &mut Earlier<'_>,
        engine: &mut RequestChecker<'_, P>,
        mut bodies: impl Iterator<Item = RequestInput>,
        unplaced: impl Fn(&EndpointError),
    ) -> anyhow::Result<Done> {
        let mut done = Done::default();
        let (mut passed, mut assets) = (0, 0);
        while let Some(line) = journal.next_request().map_err(|unfit| self.unfit(&unfit))? {
            self.compare(line.stamp(), journal.lines())?;
            let outline = loop {
                let Some(body) = bodies.next() else { return Err(self.has_ended(journal.lines())) };
                match engine.outline(&body) {
                    Ok(outline) => break outline,
                    Err(why) => unplaced(&why),
                }
            };
            let is_same = line.is_at(&outline.place, passed)
                && line.holds(outline.endpoint.as_deref(), &outline.assets, assets, self.queries);
            if !is_same {
                let place = format!("{}:{}", outline.place.file.escaped(), outline.place.line);
                return Err(self.differs(journal.lines(), &place));
            }
            passed += 1;
            assets += line.assets();
            done.summary.count(line.verdict());
        }
        engine.begin_at(passed, assets);
        done.summary.assets_in_requests = Some(assets);
        done.end = journal.end();
        Ok(done)
    }

    /// Refuses a file that was begun with what finds something else.
    fn compare(&self, earlier: Option<&RunFingerprint>, line: u64) -> anyhow::Result<()> {
        let file = self.file();
        let Some(earlier) = earlier else {
            if line == 1 {
                say(&format!("note: {file} does not say with which flags it was begun; they must have been these"));
            }
            return Ok(());
        };
        if let Some(how) = self.stamp.differs_from(earlier) {
            bail!("{file} was begun {how}: go on with the same, or begin another file");
        }
        if self.stamp != earlier {
            let (then, now) = (earlier.version(), self.stamp.version());
            say(&format!("note: {file} was begun by version {}, and this is {}", then.escaped(), now.escaped()));
        }
        Ok(())
    }

    fn unfit(&self, unfit: &ResumeLogError) -> anyhow::Error {
        anyhow!("--resume: {}{unfit}; the file stays as it is", self.file())
    }

    fn differs(&self, line: u64, place: &str) -> anyhow::Error {
        let file = self.file();
        anyhow!("{file}:{line}: this line is not about {place}: what is judged has changed since; begin another file")
    }

    fn has_ended(&self, line: u64) -> anyhow::Error {
        anyhow!("{}:{line}: nothing is left to be judged that this line is about: begin another file", self.file())
    }

    fn file(&self) -> String {
        let path = self.results.output.as_deref().unwrap_or_else(|| "".as_ref());
        UntrustedText::new(path.as_os_str().as_encoded_bytes()).escaped().to_string()
    }

    /// Says how much is done already.
    pub(crate) fn tell_done(&self, done: &Done) {
        let judged = done.summary.total();
        if judged > 0 && !self.results.quiet {
            say(&format!("note: {} has {judged} verdicts; the run goes on behind them", self.file()));
        }
    }
}

/// Sums up both runs, because the lines of this one alone tell only half.
pub(crate) fn tell_all(results: &Results, summary: &Summary) {
    let detail = if results.quiet { Verbosity::Quiet } else { Verbosity::Normal };
    let style = Style { width: None, colour: false, links: false, detail };
    let run = RunInfo {
        rules_read: String::new(),
        rules_origin: String::new(),
        request_rules: None,
        config: None,
        matches_api: true,
    };
    // If anybody listens there.
    let _ = Output::new(io::stderr(), OutputFormat::Text, style, false, run).finish(summary);
}

/// Names an asset by its place in a list, or by its number among all.
fn place_of(asset: &Asset, index: u64) -> String {
    match &asset.location {
        Some(place) => format!("{}:{}", place.file.escaped(), place.line),
        None => format!("asset {}", index.saturating_add(1)),
    }
}
