//! Fixes one video or audio file.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use tempfile::TempPath;

use super::bounds::{clip_facts, clip_kind, clip_limits};
use super::ffmpeg::{ClipPlan, ClipRequest, CommandUse, FfmpegError, arguments, for_old_version, is_playable, run};
use super::fixer::{FixJob, Fixer, keep_checked};
use super::output_file::OutputFile;
use super::step::{FixFailure, FixSuccess};
use crate::fetch::DownloadingProbe;
use crate::finding::Verdict;
use crate::media::Codec;
use crate::report::Report;
use crate::report::fix_report::{FixAction, FixGeometry, FixOutcome};
use crate::text::shell::word;

impl<P: DownloadingProbe> Fixer<'_, P> {
    /// Plans the changes, runs ffmpeg, checks the draft and keeps it. If streams were copied and the result is not accepted,
    /// it is made again without copies.
    pub(super) async fn fix_clip(
        &self,
        job: &FixJob<'_>,
        progress: impl Fn(Duration, Option<Duration>),
    ) -> Result<FixSuccess, FixFailure> {
        let mut request = self.clip_request(job)?;
        let plan = ClipPlan::new(&request).map_err(FixFailure::cannot_fix)?;
        request.copies = false;
        let encoded = ClipPlan::new(&request).ok().filter(|_| plan.copies());
        let output = self.output(job, plan.format.id())?;
        // The result of a command that is printed is not checked.
        let certain = encoded.as_ref().filter(|_| plan.is_tentative(&request)).unwrap_or(&plan);
        let how = if self.options.force { CommandUse::PrintForced } else { CommandUse::Print };
        let command = shell_command(&self.options.ffmpeg, &arguments(certain, job.path, output.path(), how));
        if self.options.dry_run {
            return Ok(FixSuccess {
                geometry: shape(certain),
                ..self.planned(&output, certain.actions.clone(), command)
            });
        }
        let _turn = self.ffmpeg.acquire().await.map_err(FixFailure::cannot_fix)?;
        let copied = self.run_ffmpeg(job, &plan, &output, &progress).await;
        let made = match (copied, encoded) {
            (Err(DraftError::Ffmpeg(FfmpegError::Failed { .. })), Some(encoded)) if plan.is_tentative(&request) => {
                self.run_ffmpeg(job, &encoded, &output, &progress).await
            }
            (Ok(draft), Some(encoded)) if !is_usable(&draft.after, &plan, &request) => {
                drop(draft);
                self.run_ffmpeg(job, &encoded, &output, &progress).await
            }
            (copied, _) => copied,
        };
        let CheckedDraft { draft, after, actions, geometry } = made.map_err(|error| error.failure(command))?;
        Ok(FixSuccess { geometry, ..keep_checked(draft, after, &output, actions)? })
    }

    /// Makes and checks a draft.
    async fn run_ffmpeg(
        &self,
        job: &FixJob<'_>,
        plan: &ClipPlan,
        output: &OutputFile,
        progress: impl Fn(Duration, Option<Duration>),
    ) -> Result<CheckedDraft, DraftError> {
        let draft = output.draft().map_err(|error| DraftError::FixFailure(error.into()))?;
        let arguments = arguments(plan, job.path, Path::new(&draft), CommandUse::Run);
        let run = |arguments| run(&self.options.ffmpeg, arguments, |written| progress(written, plan.plays));
        let mut ran = run(&arguments).await;
        if let Err(FfmpegError::Failed { message, .. }) = &ran
            && let Some(arguments) = for_old_version(&arguments, message)
        {
            ran = run(&arguments).await;
        }
        ran.map_err(DraftError::Ffmpeg)?;
        let after = self.check_draft(&draft, output).await.map_err(DraftError::FixFailure)?;
        Ok(CheckedDraft { draft, after, actions: plan.actions.clone(), geometry: shape(plan) })
    }

    fn clip_request(&self, job: &FixJob<'_>) -> Result<ClipRequest, FixFailure> {
        let kind = clip_kind(job.kind).ok_or_else(|| FixFailure::cannot_fix("it is not a video or audio file"))?;
        Ok(ClipRequest {
            facts: clip_facts(job.media, job.bytes),
            limits: clip_limits(&job.accepted, kind),
            kind,
            reshape: self.options.reshape,
            to: self.options.format().and_then(super::options::FixFormat::as_clip),
            trim: self.options.trim,
            copies: true,
        })
    }
}

/// A draft that ffmpeg wrote, and what `check` reports of it.
struct CheckedDraft {
    draft: TempPath,
    after: Report,
    actions: Vec<FixAction>,
    geometry: Option<FixGeometry>,
}

/// Why there is no draft.
enum DraftError {
    Ffmpeg(FfmpegError),
    FixFailure(FixFailure),
}

impl DraftError {
    fn failure(self, command: Option<String>) -> FixFailure {
        match self {
            Self::Ffmpeg(error) => failure(&error, command),
            Self::FixFailure(failure) => failure,
        }
    }
}

/// Returns whether a copy is accepted, and players support its audio, which rules for videos say nothing about. MP4 calls
/// layers 2 and 3 of MPEG audio the same, so that `mp3` tells nothing of a track that was unknown.
fn is_usable(after: &Report, plan: &ClipPlan, request: &ClipRequest) -> bool {
    let media = after.observed.content.media();
    let is_playable = |codec: &Codec| match codec {
        Codec::Known("mp3") if request.facts.are_tracks_unknown => false,
        Codec::Known(name) => is_playable(plan.format, name),
        Codec::Other(_) => false,
    };
    let is_video = media.is_some_and(|media| media.video.is_some());
    let audio = media.and_then(|media| media.audio.as_ref()).filter(|_| is_video);
    after.verdict != Verdict::Rejected && audio.is_none_or(is_playable)
}

fn shape(plan: &ClipPlan) -> Option<FixGeometry> {
    plan.geometry.map(|geometry| geometry.shown_change())
}

fn failure(error: &FfmpegError, command: Option<String>) -> FixFailure {
    match error {
        FfmpegError::NotFound => {
            let message = "ffmpeg was not found: install it, set --ffmpeg, or run the command elsewhere";
            FixFailure::new(FixOutcome::NeedsProgram, message).with_command(command)
        }
        FfmpegError::Start(_) => FixFailure::new(FixOutcome::NeedsProgram, error).with_command(command),
        FfmpegError::Failed { message, .. } => {
            let message = if message.is_empty() { error.to_string() } else { format!("{error}: {message}") };
            let is_full = message.contains("No space left on device");
            let outcome = if is_full { FixOutcome::NotWritten } else { FixOutcome::Refused };
            FixFailure::new(outcome, message).with_command(command)
        }
    }
}

/// Formats a command for a shell; `None` if a word cannot be quoted.
fn shell_command(program: &OsString, arguments: &[OsString]) -> Option<String> {
    let words = std::iter::once(program).chain(arguments).map(|argument| word(argument.to_str()?));
    words.collect::<Option<Vec<_>>>().map(|words| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command_are_quoted_if_necessary() {
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let command = shell_command(&"ffmpeg".into(), &words(&["-i", "file:a b'c.mkv", "-vf", "fps=30,setsar=1"]));
        assert_eq!(command.as_deref(), Some(r#"ffmpeg -i 'file:a b'"'"'c.mkv' -vf fps=30,setsar=1"#));
        assert_eq!(shell_command(&"ffmpeg".into(), &words(&["file:a\nb"])), None);
    }
}
