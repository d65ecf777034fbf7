//! `--resume`: what already has its verdict from an earlier run is counted and skipped, as long as it is about the same
//! assets or bodies, in the same order.

use std::fs::File;
use std::io::{self, BufReader};

use crate::fetch::Probe;
use crate::output::fingerprint::RunFingerprint;
use crate::output::resume_log::{ResumeLog, ResumeLogError};
use crate::output::{RunInfo, Style, Verbosity};
use crate::request::checker::EndpointError;
use crate::text::secret::QueryRedaction;
use crate::{Asset, Output, OutputFormat, RequestChecker, Summary, UntrustedText};
use anyhow::{anyhow, bail};

use super::args::OutputArgs;
use super::bodies::Files;
use super::notice;
use super::sources::Sources;

/// The file of an earlier run, while it is read.
pub(crate) type PreviousRun<'a> = ResumeLog<BufReader<&'a File>>;

/// What two runs must have in common.
pub(crate) struct ResumeCheck<'a> {
    pub(crate) output: &'a OutputArgs,
    pub(crate) fingerprint: &'a RunFingerprint,
    pub(crate) queries: QueryRedaction,
}

/// What an earlier run has found.
#[derive(Default)]
pub(crate) struct ResumeState {
    pub(crate) summary: Summary,
    /// How many bytes of its file are complete lines.
    pub(crate) end: u64,
}

impl ResumeCheck<'_> {
    /// Skips the assets that have a line.
    ///
    /// # Errors
    /// Where a line is not about the asset at its position, and where either cannot be read. The file is left unchanged.
    pub(crate) fn skip_assets(&self, log: &mut PreviousRun<'_>, sources: &mut Sources) -> anyhow::Result<ResumeState> {
        let mut state = ResumeState::default();
        while let Some(line) = log.next_asset().map_err(|error| self.unusable(&error))? {
            self.compare(line.fingerprint(), log.lines())?;
            let asset = sources.next().transpose().map_err(|error| anyhow!(error.describe()))?;
            let Some(asset) = asset else { return Err(self.has_ended(log.lines())) };
            let index = asset.index.unwrap_or_default();
            if !line.is_about(&asset, index, self.queries) {
                return Err(self.differs(log.lines(), &place_of(&asset, index)));
            }
            state.summary.count(line.verdict());
        }
        state.end = log.end();
        Ok(state)
    }

    /// Skips the bodies that have a line; one whose endpoint cannot be determined has none, and is reported again.
    ///
    /// # Errors
    /// As for [`Self::skip_assets`].
    pub(crate) fn skip_bodies<P: Probe>(
        &self,
        log: &mut PreviousRun<'_>,
        checker: &mut RequestChecker<'_, P>,
        files: &mut Files,
        failed: impl Fn(&str),
    ) -> anyhow::Result<ResumeState> {
        let mut state = ResumeState::default();
        let (mut skipped, mut assets) = (0, 0);
        while let Some(line) = log.next_request().map_err(|error| self.unusable(&error))? {
            self.compare(line.fingerprint(), log.lines())?;
            let outline = loop {
                let Some(body) = files.next(&failed) else { return Err(self.has_ended(log.lines())) };
                match checker.outline(&body) {
                    Ok(outline) => break outline,
                    Err(error @ EndpointError { .. }) => failed(&error.to_string()),
                }
            };
            let is_same = line.is_at(&outline.location, skipped)
                && line.holds(outline.endpoint.as_deref(), &outline.assets, assets, self.queries);
            if !is_same {
                let place = format!("{}:{}", outline.location.file.escaped(), outline.location.line);
                return Err(self.differs(log.lines(), &place));
            }
            skipped += 1;
            assets += line.assets();
            state.summary.count(line.verdict());
        }
        checker.begin_at(skipped, assets);
        state.summary.assets_in_requests = Some(assets);
        state.end = log.end();
        Ok(state)
    }

    /// Refuses a file of a run that would find something else.
    fn compare(&self, earlier: Option<&RunFingerprint>, line: u64) -> anyhow::Result<()> {
        let file = self.file();
        let Some(earlier) = earlier else {
            if line == 1 {
                notice(&format!("note: {file} does not record its flags; they must have been the same as now"));
            }
            return Ok(());
        };
        if let Some(difference) = self.fingerprint.differs_from(earlier) {
            bail!("{file} was written {difference}: resume with the same flags, or write to another file");
        }
        if self.fingerprint != earlier {
            let (then, now) = (earlier.version(), self.fingerprint.version());
            notice(&format!("note: {file} was written by version {}; this is {}", then.escaped(), now.escaped()));
        }
        Ok(())
    }

    fn unusable(&self, error: &ResumeLogError) -> anyhow::Error {
        anyhow!("--resume: {}{error}; the file is left unchanged", self.file())
    }

    fn differs(&self, line: u64, place: &str) -> anyhow::Error {
        let file = self.file();
        anyhow!("{file}:{line}: this line is not about {place}: the input has changed since; write to another file")
    }

    fn has_ended(&self, line: u64) -> anyhow::Error {
        anyhow!("{}:{line}: the input has no asset left for this line; write to another file", self.file())
    }

    fn file(&self) -> String {
        let path = self.output.output.as_deref().unwrap_or_else(|| "".as_ref());
        UntrustedText::new(path.as_os_str().as_encoded_bytes()).escaped().to_string()
    }

    /// Notes how much is done already.
    pub(crate) fn note_resumed(&self, state: &ResumeState) {
        let checked = state.summary.total();
        if checked > 0 && self.output.quiet == 0 {
            notice(&format!("note: resuming {}: {checked} already checked", self.file()));
        }
    }
}

/// Writes the summary of a run whose results go to a file to standard error.
pub(crate) fn note_summary(output: &OutputArgs, summary: &Summary) {
    let verbosity = if output.quiet > 0 { Verbosity::Quiet } else { Verbosity::Normal };
    let style = Style { verbosity, ..Style::plain() };
    let info = RunInfo { matches_api: true, ..RunInfo::default() };
    // The exit code still tells where nobody reads standard error.
    let _ = Output::new(io::stderr(), OutputFormat::Text, style, false, info).finish(summary);
}

/// Names an asset by its place in a list, or by its number among all.
fn place_of(asset: &Asset, index: u64) -> String {
    match &asset.location {
        Some(location) => format!("{}:{}", location.file.escaped(), location.line),
        None => format!("asset {}", index.saturating_add(1)),
    }
}
