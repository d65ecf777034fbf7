//! `--resume` and `--retry-from`: what already has its verdict from an earlier run is counted and skipped, as long as it is
//! about the same assets or bodies, in the same order. A retry checks again what may pass now.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::fetch::Probe;
use crate::output::fingerprint::RunFingerprint;
use crate::output::resume_log::{ResumeLog, ResumeLogError};
use crate::output::{RunInfo, Style, Verbosity};
use crate::request::checker::EndpointError;
use crate::text::secret::QueryRedaction;
use crate::{Asset, Output, OutputFormat, RequestChecker, RequestInput, Summary, UntrustedText};
use anyhow::{anyhow, bail};

use super::args::OutputArgs;
use super::bodies::Files;
use super::sources::Sources;
use super::{notice, terminal_queue};

/// The file of an earlier run, while it is read.
pub(crate) type PreviousRun<'a> = ResumeLog<BufReader<&'a File>>;

/// The properties that two runs must have in common.
pub(crate) struct ResumeCheck<'a> {
    /// The file of the earlier run.
    pub(crate) path: &'a Path,
    pub(crate) purpose: ResumeMode,
    pub(crate) fingerprint: &'a RunFingerprint,
    pub(crate) queries: QueryRedaction,
}

/// Why an earlier run is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResumeMode {
    /// To check what it has not checked.
    Resume,
    /// To check again what may pass now.
    Retry,
}

impl ResumeMode {
    const fn flag(self) -> &'static str {
        match self {
            Self::Resume => "--resume",
            Self::Retry => "--retry-from",
        }
    }

    /// Returns what to do where the two runs do not belong together.
    const fn remedy(self) -> &'static str {
        match self {
            Self::Resume => "write to another file",
            Self::Retry => "check everything, without --retry-from",
        }
    }
}

/// The results of an earlier run.
#[derive(Default)]
pub(crate) struct ResumeState {
    pub(crate) summary: Summary,
    /// The length of the complete lines in its file, in bytes.
    pub(crate) end: u64,
    /// How many are checked again.
    pub(crate) again: usize,
}

impl ResumeCheck<'_> {
    /// Skips the assets that have a line, but for those that a retry checks again.
    ///
    /// # Errors
    /// Where a line is not about the asset at its position, and where either cannot be read. The file is left unchanged.
    pub(crate) fn skip_assets(
        &self,
        log: &mut PreviousRun<'_>,
        sources: &mut Sources,
        again: &mut Vec<Asset>,
    ) -> anyhow::Result<ResumeState> {
        let mut state = ResumeState::default();
        while let Some(line) = log.next_asset().map_err(|error| self.unusable(&error))? {
            self.compare(line.fingerprint.as_ref(), log.lines())?;
            let asset = sources.next().transpose().map_err(|error| anyhow!(error.describe()))?;
            let Some(asset) = asset else { return Err(self.has_ended(log.lines())) };
            let index = asset.index.unwrap_or_default();
            if !line.is_about(&asset, index, self.queries) {
                return Err(self.differs(log.lines(), &place_of(&asset, index)));
            }
            if self.purpose == ResumeMode::Retry && line.may_pass_now() {
                again.push(asset);
            } else {
                state.summary.count(line.verdict);
                state.summary.not_fetched += u64::from(line.is_not_fetched());
            }
        }
        state.end = log.end();
        state.again = again.len();
        Ok(state)
    }

    /// Skips the bodies that have a line, but for those that a retry checks again; one whose endpoint cannot be determined has none, and is reported again.
    ///
    /// # Errors
    /// As for [`Self::skip_assets`].
    pub(crate) fn skip_bodies<P: Probe>(
        &self,
        log: &mut PreviousRun<'_>,
        checker: &mut RequestChecker<'_, P>,
        files: &mut Files,
        again: &mut Vec<(u64, u64, RequestInput)>,
        failed: impl Fn(&str),
    ) -> anyhow::Result<ResumeState> {
        let mut state = ResumeState::default();
        let (mut skipped, mut assets, mut kept) = (0, 0, 0);
        while let Some(line) = log.next_request().map_err(|error| self.unusable(&error))? {
            self.compare(line.fingerprint.as_ref(), log.lines())?;
            let (body, outline) = loop {
                let Some(body) = files.next(&failed) else { return Err(self.has_ended(log.lines())) };
                match checker.outline(&body) {
                    Ok(outline) => break (body, outline),
                    Err(error @ EndpointError { .. }) => failed(&error.to_string()),
                }
            };
            let is_same = line.is_at(&outline.location, skipped)
                && line.holds(outline.endpoint.as_deref(), &outline.assets, assets, self.queries);
            if !is_same {
                let place = format!("{}:{}", outline.location.file.escaped(), outline.location.line);
                return Err(self.differs(log.lines(), &place));
            }
            if self.purpose == ResumeMode::Retry && line.may_pass_now() {
                again.push((skipped, assets, body));
            } else {
                kept += line.assets();
                state.summary.count(line.verdict);
            }
            skipped += 1;
            assets += line.assets();
        }
        checker.begin_at(skipped, assets);
        state.summary.assets_in_requests = Some(kept);
        state.end = log.end();
        state.again = again.len();
        Ok(state)
    }

    /// Rejects the file of a run with a different fingerprint.
    fn compare(&self, earlier: Option<&RunFingerprint>, line: u64) -> anyhow::Result<()> {
        let file = self.file();
        let Some(earlier) = earlier else {
            if line == 1 {
                notice(&format!("note: {file} does not record its flags; they must have been the same as now"));
            }
            return Ok(());
        };
        if let Some(difference) = self.fingerprint.differs_from(earlier) {
            bail!("{file} was written {difference}: use the same flags, or {}", self.purpose.remedy());
        }
        if self.fingerprint != earlier {
            let (then, now) = (earlier.version(), self.fingerprint.version());
            notice(&format!("note: {file} was written by version {}; this is {}", then.escaped(), now.escaped()));
        }
        Ok(())
    }

    fn unusable(&self, error: &ResumeLogError) -> anyhow::Error {
        anyhow!("{}: {}{error}; the file is left unchanged", self.purpose.flag(), self.file())
    }

    fn differs(&self, line: u64, place: &str) -> anyhow::Error {
        let (file, remedy) = (self.file(), self.purpose.remedy());
        anyhow!("{file}:{line}: this line is not about {place}: the input has changed since; {remedy}")
    }

    fn has_ended(&self, line: u64) -> anyhow::Error {
        anyhow!("{}:{line}: the input has fewer assets than this file has rows; {}", self.file(), self.purpose.remedy())
    }

    fn file(&self) -> String {
        UntrustedText::new(self.path.as_os_str().as_encoded_bytes()).escaped().to_string()
    }

    /// Prints how many assets are already checked.
    pub(crate) fn note(&self, state: &ResumeState) {
        let (file, done) = (self.file(), state.summary.total());
        match self.purpose {
            ResumeMode::Resume if done == 0 => {}
            ResumeMode::Resume => notice(&format!("note: resuming {file}: {done} already checked")),
            ResumeMode::Retry => notice(&format!("note: {file}: {} checked again, {done} taken over", state.again)),
        }
    }
}

/// Writes the summary of a run whose results go to a file to standard error.
pub(crate) fn note_summary(output: &OutputArgs, summary: &Summary) {
    let verbosity = if output.quiet > 0 { Verbosity::Quiet } else { Verbosity::Normal };
    let style = Style { verbosity, ..Style::plain() };
    let info = RunInfo { matches_api: true, ..RunInfo::default() };
    // If standard error is closed, the exit code still reports the verdict.
    let _ = Output::new(terminal_queue::stderr(), OutputFormat::Text, style, false, info).finish(summary);
}

/// Names an asset by its location in a list, or by its number in the run.
fn place_of(asset: &Asset, index: u64) -> String {
    match &asset.location {
        Some(location) => format!("{}:{}", location.file.escaped(), location.line),
        None => format!("asset {}", index.saturating_add(1)),
    }
}
