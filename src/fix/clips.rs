//! Fixes one video or audio file.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::bounds::{clip_facts, clip_kind, clip_limits};
use super::ffmpeg::{ClipPlan, ClipRequest, CommandUse, FfmpegError, arguments, run};
use super::fixer::{FixJob, Fixer, planned};
use super::step::{Done, Stopped};
use crate::fetch::DownloadingProbe;
use crate::report::fix_report::FixOutcome;
use crate::text::shell::word;

impl<P: DownloadingProbe> Fixer<'_, P> {
    /// Plans the changes, runs ffmpeg, checks the draft and keeps it.
    pub(super) async fn fix_clip(
        &self,
        job: &FixJob<'_>,
        progress: impl Fn(Duration, Option<Duration>),
    ) -> Result<Done, Stopped> {
        let plan = self.plan_clip(job)?;
        let geometry = plan.geometry.map(|geometry| geometry.shown_change());
        let output = self.output(job, plan.format.extension())?;
        let how = if self.options.force { CommandUse::PrintForced } else { CommandUse::Print };
        let command = shell_command(&self.options.ffmpeg, &arguments(&plan, job.path, output.path(), how));
        if self.options.dry_run {
            return Ok(Done { geometry, ..planned(&output, plan.actions, command) });
        }
        let draft = output.draft()?;
        let _turn = self.ffmpeg.acquire().await.map_err(Stopped::refused)?;
        let arguments = arguments(&plan, job.path, Path::new(&draft), CommandUse::Run);
        let ran = run(&self.options.ffmpeg, &arguments, |written| progress(written, plan.plays)).await;
        ran.map_err(|error| stopped(&error, command))?;
        Ok(Done { geometry, ..self.keep(draft, &output, plan.actions).await? })
    }

    fn plan_clip(&self, job: &FixJob<'_>) -> Result<ClipPlan, Stopped> {
        let kind = clip_kind(job.kind).ok_or_else(|| Stopped::refused("it is not a video or audio file"))?;
        let request = ClipRequest {
            facts: clip_facts(job.media, job.bytes),
            limits: clip_limits(&job.accepted, kind),
            kind,
            reshape: self.options.reshape,
            to: self.options.format().and_then(super::options::FixFormat::as_clip),
            trim: self.options.trim,
        };
        ClipPlan::new(&request).map_err(Stopped::refused)
    }
}

fn stopped(error: &FfmpegError, command: Option<String>) -> Stopped {
    match error {
        FfmpegError::NotFound => {
            let message = "ffmpeg was not found: install it, set --ffmpeg, or run the command elsewhere";
            Stopped::new(FixOutcome::NeedsProgram, message).with_command(command)
        }
        FfmpegError::Start(_) => Stopped::new(FixOutcome::NeedsProgram, error).with_command(command),
        FfmpegError::Failed { message, .. } => Stopped::refused(format!("{error}: {message}")).with_command(command),
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
