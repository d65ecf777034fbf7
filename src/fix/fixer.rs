//! Fixes one file and reports the result: checks it, plans the changes, applies them, checks the draft, keeps it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempPath;
use tokio::sync::Semaphore;

use super::downloads::BodyCachingProbe;
use super::image_service::max_side;
use super::options::FixOptions;
use super::output_file::{OutputError, OutputFile};
use super::step::{FixFailure, FixSuccess};
use crate::asset::{Asset, Target, real_path};
use crate::engine::{CheckOptions, Engine};
use crate::fetch::DownloadingProbe;
use crate::fetch::workers::Workers;
use crate::finding::{Lint, Stage, Verdict};
use crate::lock::lock;
use crate::media::{Kind, Media};
use crate::report::Report;
use crate::report::fix_report::{FixAction, FixOutcome, FixReport};
use crate::rules::{AcceptedMedia, RuleSet};
use crate::text::secret::QueryRedaction;
use crate::text::untrusted::UntrustedText;

/// Fixes files, several in parallel within a memory budget.
#[derive(Debug)]
pub struct Fixer<'a, P> {
    pub(super) engine: Engine<'a, Arc<BodyCachingProbe<P>>>,
    pub(super) downloads: Arc<BodyCachingProbe<P>>,
    pub(super) rules: &'a RuleSet,
    pub(super) options: FixOptions,
    /// Memory for decoded pictures, in mebibytes.
    pub(super) memory: Semaphore,
    pub(super) decoders: Workers,
    /// ffmpeg uses every core by itself.
    pub(super) ffmpeg: Semaphore,
    /// The files that this run reads or writes, each with the input that may write it.
    results: Mutex<HashMap<PathBuf, PathBuf>>,
}

/// The memory limit for all decoded pictures together, in mebibytes.
pub(super) const MEMORY: u32 = 1024;

/// The maximum number of pictures decoded concurrently, if memory allows.
const MAX_DECODERS: usize = 64;

/// A file that is being fixed.
#[derive(Debug)]
pub(super) struct FixJob<'j> {
    pub(super) path: &'j Path,
    pub(super) media: &'j Media,
    pub(super) bytes: u64,
    /// The kind to write.
    pub(super) kind: Kind,
    pub(super) accepted: AcceptedMedia,
}

impl<'a, P: DownloadingProbe> Fixer<'a, P> {
    /// Creates a fixer.
    pub fn new(probe: P, rules: &'a RuleSet, options: FixOptions) -> Self {
        let engine_options = CheckOptions {
            expectations: options.expectations.clone(),
            offline: options.offline,
            ..CheckOptions::default()
        };
        let engine_options = CheckOptions { timeout: options.timeout, queries: options.queries, ..engine_options };
        let downloads = Arc::new(BodyCachingProbe::new(probe));
        let engine = Engine::new(Arc::clone(&downloads), rules, engine_options);
        let memory = Semaphore::new(usize::try_from(MEMORY).unwrap_or(Semaphore::MAX_PERMITS));
        let (decoders, ffmpeg) = (Workers::new(MAX_DECODERS), Semaphore::new(1));
        Self { engine, downloads, rules, options, memory, decoders, ffmpeg, results: Mutex::default() }
    }

    /// Fixes one file, rewrites the address of an image service, or fixes the copy of another address. `progress` learns
    /// how much of a clip is written, of how much.
    pub async fn fix(&self, mut asset: Asset, progress: impl Fn(Duration, Option<Duration>)) -> FixReport {
        asset.field.clone_from(&self.options.field);
        let input = asset.redacted(self.options.queries);
        let target = Target::parse(&asset);
        let before = self.engine.check(asset).await;
        let step = match &target {
            Target::File(path) => self.fix_file(path, &before, progress).await,
            Target::Url(address) if max_side(address.url()).is_some() => self.fix_url(address.url(), &before).await,
            Target::Url(address) => self.fix_download(address.url(), &before, progress).await,
            Target::DataUri | Target::Runway | Target::InvalidUrl(_) => {
                Err(FixFailure::cannot_fix("only local files and https addresses can be fixed"))
            }
        };
        report(input, before, step)
    }

    pub(super) fn asset(&self, text: &[u8]) -> Asset {
        let mut asset = Asset::new(text);
        asset.field.clone_from(&self.options.field);
        asset
    }

    pub(super) async fn fix_file(
        &self,
        path: &Path,
        before: &Report,
        progress: impl Fn(Duration, Option<Duration>),
    ) -> Result<Option<FixSuccess>, FixFailure> {
        if let Some(why) = &before.observed.unreadable {
            return Err(FixFailure::new(FixOutcome::Unreadable, why));
        }
        let media = before.observed.content.media();
        let requests_more_than_rules = media.is_some_and(|media| self.options.requests_more_than_rules(media));
        if before.verdict == Verdict::Accepted && !requests_more_than_rules {
            return Ok(None);
        }
        let media = media.ok_or_else(|| FixFailure::cannot_fix(unusable(before)))?;
        let have = media.kind().ok_or_else(|| FixFailure::cannot_fix(unusable(before)))?;
        let asked = self.options.format().map(super::options::FixFormat::kind);
        let kind = asked.or(before.kind).unwrap_or(have);
        let bytes = before.observed.size.unwrap_or_default();
        let job = FixJob { path, media, bytes, kind, accepted: self.accepted(kind) };
        let done = match (have, kind) {
            (Kind::Image, Kind::Image) => with_truncation(self.fix_image(&job).await?, before),
            (Kind::Video, Kind::Video | Kind::Audio) | (Kind::Audio, Kind::Audio) => {
                self.fix_clip(&job, progress).await?
            }
            (Kind::Image, Kind::Video | Kind::Audio) | (Kind::Video, Kind::Image) | (Kind::Audio, _) => {
                let message = format!(
                    "the bytes are {}, which cannot be converted to {}",
                    media.format.name(),
                    with_article(kind)
                );
                return Err(FixFailure::cannot_fix(message));
            }
        };
        Ok(Some(done))
    }

    /// Returns what the rules accept of a kind.
    pub(super) fn accepted(&self, kind: Kind) -> AcceptedMedia {
        AcceptedMedia::new(self.rules, kind, &self.options.expectations, self.options.field.as_deref())
    }

    /// Reserves the inputs and reports of a run: no result replaces one of them.
    pub fn reserve<'p>(&self, files: impl IntoIterator<Item = &'p Path>) {
        let mut results = lock(&self.results);
        results.extend(files.into_iter().map(|file| (real_path(file), real_path(file))));
    }

    /// Checks the output path for a format, before anything is computed. No two inputs of a run share one.
    pub(super) fn output(&self, job: &FixJob<'_>, extension: &str) -> Result<OutputFile, FixFailure> {
        let path = self.options.place.path(job.path, extension);
        if let Some(why) = self.options.place.extension_mismatch(extension) {
            return Err(FixFailure::cannot_fix(why));
        }
        let (place, input) = (real_path(&path), real_path(job.path));
        let mut results = lock(&self.results);
        let owner = results.entry(place.clone()).or_insert_with(|| input.clone());
        if *owner != input {
            let what = if *owner == place { "an input or a report" } else { "the result of another input" };
            let message = format!("{} is {what} of this run", path.display());
            return Err(FixFailure::new(FixOutcome::NotWritten, message));
        }
        Ok(OutputFile::new(path, job.path, self.options.place.root(), self.options.force || self.options.dry_run)?)
    }

    /// Describes what would be done, and that it would not be where the output exists.
    pub(super) fn planned(&self, output: &OutputFile, actions: Vec<FixAction>, command: Option<String>) -> FixSuccess {
        let is_taken = !self.options.force && output.path().symlink_metadata().is_ok();
        let message = is_taken.then(|| OutputError::Exists.to_string());
        let output = shown(output.path());
        FixSuccess { outcome: FixOutcome::Planned, output, actions, geometry: None, message, command, after: None }
    }

    /// Checks a draft, and renames it to the output unless it is rejected.
    pub(super) async fn keep(
        &self,
        draft: TempPath,
        output: &OutputFile,
        actions: Vec<FixAction>,
    ) -> Result<FixSuccess, FixFailure> {
        let after = self.check_draft(&draft, output).await?;
        keep_checked(draft, after, output, actions)
    }

    /// Checks a draft, and reports it under the name of the output.
    pub(super) async fn check_draft(&self, draft: &Path, output: &OutputFile) -> Result<Report, FixFailure> {
        let unnamed = |error: std::io::Error| FixFailure::new(FixOutcome::NotWritten, error);
        let place = std::path::absolute(draft).map_err(unnamed)?;
        let mut after = self.engine.check(self.asset(place.as_os_str().as_encoded_bytes())).await;
        after.asset = shown(output.path());
        let name = draft.file_name().unwrap_or_default().to_string_lossy();
        for finding in after.findings.iter_mut().filter(|finding| finding.hint.contains(&*name)) {
            // A command for the draft, which is gone when it is read.
            finding.info().hint.clone_into(&mut finding.hint);
        }
        Ok(after)
    }
}

/// Renames a draft that was checked to the output, unless it is rejected.
pub(super) fn keep_checked(
    draft: TempPath,
    after: Report,
    output: &OutputFile,
    actions: Vec<FixAction>,
) -> Result<FixSuccess, FixFailure> {
    let outcome = outcome_of(after.verdict);
    if outcome != FixOutcome::StillRejected {
        output.keep(draft)?;
    }
    let output = shown(output.path());
    Ok(FixSuccess { outcome, output, actions, geometry: None, message: None, command: None, after: Some(after) })
}

/// Returns the outcome for the verdict on a result.
pub(super) const fn outcome_of(verdict: Verdict) -> FixOutcome {
    match verdict {
        Verdict::Accepted => FixOutcome::Fixed,
        Verdict::Undecided => FixOutcome::Undecided,
        Verdict::Rejected => FixOutcome::StillRejected,
    }
}

/// Returns a path as reports show it.
pub(super) fn shown(path: &Path) -> UntrustedText {
    let path: PathBuf = path.to_owned();
    Asset::new(path.as_os_str().as_encoded_bytes()).redacted(QueryRedaction::Redact)
}

/// Notes that the decoder made up the end of an image that was cut off.
fn with_truncation(done: FixSuccess, before: &Report) -> FixSuccess {
    let is_truncated = before.findings.iter().any(|finding| finding.code() == Lint::TruncatedMedia.info().code);
    if !is_truncated {
        return done;
    }
    let message = "the file ends before its image does: what is missing may be gray in the result".to_owned();
    let outcome = if done.outcome == FixOutcome::Fixed { FixOutcome::Undecided } else { done.outcome };
    FixSuccess { outcome, message: Some(message), ..done }
}

const fn with_article(kind: Kind) -> &'static str {
    match kind {
        Kind::Image => "an image",
        Kind::Video => "a video",
        Kind::Audio => "audio",
    }
}

/// Returns why the file cannot be used, as found by `check`.
fn unusable(before: &Report) -> String {
    let about_content = before.findings.iter().find(|finding| finding.info().stage == Stage::Content);
    let detail = about_content.map(|finding| finding.detail.clone()).filter(|detail| !detail.is_empty());
    detail.unwrap_or_else(|| "its format is not supported".to_owned())
}

fn report(input: UntrustedText, before: Report, step: Result<Option<FixSuccess>, FixFailure>) -> FixReport {
    let nothing = FixReport {
        input,
        output: None,
        outcome: FixOutcome::AlreadyAccepted,
        actions: Vec::new(),
        geometry: None,
        message: None,
        command: None,
        before,
        after: None,
    };
    match step {
        Ok(None) => nothing,
        Ok(Some(FixSuccess { outcome, output, actions, geometry, message, command, after })) => {
            FixReport { outcome, output: Some(output), actions, geometry, message, command, after, ..nothing }
        }
        Err(FixFailure { outcome, message, command }) => {
            FixReport { outcome, message: Some(message), command, ..nothing }
        }
    }
}
