//! Runs ffmpeg without a shell or standard input, reads progress from its standard output, and kills it when the future
//! is dropped.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::process::Command;

/// Why ffmpeg did not write a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FfmpegError {
    /// There is no such program.
    #[error("ffmpeg was not found")]
    NotFound,
    /// The program could not be started, or waiting for it failed.
    #[error("ffmpeg could not be started: {0}")]
    Start(io::Error),
    /// It ended with an error.
    #[error("ffmpeg failed ({status})")]
    Failed {
        status: ExitStatus,
        /// The end of its standard error: untrusted text.
        message: String,
    },
}

/// How much of ffmpeg's messages is kept, in bytes.
const MESSAGE: usize = 4096;

/// The longest line of progress that is read, in bytes.
const LINE: u64 = 4096;

/// Runs ffmpeg to completion, and reports the duration written so far.
pub(crate) async fn run(
    program: &OsStr,
    arguments: &[OsString],
    mut progress: impl FnMut(Duration),
) -> Result<(), FfmpegError> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound { FfmpegError::NotFound } else { FfmpegError::Start(error) }
    })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let watch = async {
        if let Some(stdout) = stdout {
            read_progress(stdout, &mut progress).await;
        }
    };
    let listen = async {
        match stderr {
            Some(stderr) => tail(stderr).await,
            None => Vec::new(),
        }
    };
    let ((), message, status) = tokio::join!(watch, listen, child.wait());
    let status = status.map_err(FfmpegError::Start)?;
    if status.success() {
        return Ok(());
    }
    Err(FfmpegError::Failed { status, message: String::from_utf8_lossy(&message).trim().to_owned() })
}

/// Reads `-progress` lines (`out_time_us=1500000`) until the pipe is closed.
async fn read_progress(stdout: impl AsyncRead + Unpin, progress: &mut impl FnMut(Duration)) {
    let mut reader = BufReader::new(stdout);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader).take(LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        if let Some(micros) = text.trim().strip_prefix("out_time_us=").and_then(|value| value.parse().ok()) {
            progress(Duration::from_micros(micros));
        }
    }
}

/// Reads to the end, and keeps the last bytes.
async fn tail(mut pipe: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut piece = [0; 1024];
    while let Ok(length @ 1..) = pipe.read(&mut piece).await {
        kept.extend_from_slice(&piece[..length]);
        if kept.len() > 2 * MESSAGE {
            kept.drain(..kept.len() - MESSAGE);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn shell(script: &str) -> (Result<(), FfmpegError>, Vec<Duration>) {
        let mut seen = Vec::new();
        let arguments = ["-c".into(), script.into()];
        let result = run(OsStr::new("sh"), &arguments, |time| seen.push(time)).await;
        (result, seen)
    }

    #[tokio::test]
    async fn progress_is_read_while_it_runs() {
        let (result, seen) = shell("printf 'frame=1\\nout_time_us=1500000\\nout_time_us=N/A\\nout_time_us=2\\n'").await;
        result.expect("it succeeds");
        assert_eq!(seen, [Duration::from_millis(1500), Duration::from_micros(2)]);
    }

    #[tokio::test]
    async fn a_failure_carries_the_end_of_the_messages() {
        let (result, _) = shell("head -c 100000 /dev/zero | tr '\\0' x >&2; echo last >&2; exit 3").await;
        let Err(FfmpegError::Failed { status, message }) = result else { panic!("it fails") };
        assert_eq!(status.code(), Some(3));
        assert!(message.ends_with("xlast") && message.len() <= 2 * MESSAGE);
    }

    #[tokio::test]
    async fn a_missing_program_has_its_own_error() {
        let result = run(OsStr::new("/nonexistent/ffmpeg"), &[], |_| {}).await;
        assert!(matches!(result, Err(FfmpegError::NotFound)));
    }

    #[tokio::test]
    async fn a_dropped_run_kills_the_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let pid = folder.path().join("pid");
        let script = format!("echo $$ > '{}'; exec sleep 600", pid.display());
        let run = shell(&script);
        assert!(tokio::time::timeout(Duration::from_millis(500), run).await.is_err(), "it was still running");
        let id = std::fs::read_to_string(&pid).expect("it had started");
        let is_gone = || {
            let status = std::fs::read_to_string(format!("/proc/{}/status", id.trim())).unwrap_or_default();
            status.is_empty() || status.contains("State:\tZ")
        };
        for _ in 0..100 {
            if is_gone() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("process {id} still runs");
    }
}
