//! HEIC and AVIF: another program converts them to PNG, which is then fixed like any other image.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use tempfile::TempPath;

use super::ffmpeg::{FfmpegError, run};
use super::step::FixFailure;
use crate::media::Format;
use crate::report::fix_report::FixOutcome;

/// Converts a file to PNG with the first program that is installed and succeeds. `None` if none is installed, or none is
/// needed.
pub(super) async fn to_png(format: Format, ffmpeg: &OsString, input: &Path) -> Result<Option<TempPath>, FixFailure> {
    if !matches!(format, Format::Heic | Format::Avif) {
        return Ok(None);
    }
    let unwritten =
        |error| FixFailure::new(FixOutcome::NotWritten, format!("a temporary file cannot be written: {error}"));
    let draft = tempfile::Builder::new().prefix("runway-preflight-").suffix(".png").tempfile();
    let draft = draft.map_err(unwritten)?.into_temp_path();
    // An absolute path cannot be mistaken for an option.
    let input = std::path::absolute(input).map_err(FixFailure::cannot_fix)?;
    let mut failed = None;
    for (program, arguments) in candidates(format, ffmpeg, &input, &draft) {
        match run(&program, &arguments, |_| {}).await {
            Ok(()) => return Ok(Some(draft)),
            Err(FfmpegError::NotFound) => {}
            // Another program may have the codec that this one lacks.
            Err(error) => failed = failed.or_else(|| Some(described(format, &program, &error))),
        }
    }
    failed.map_or(Ok(None), |message| Err(FixFailure::cannot_fix(message)))
}

fn described(format: Format, program: &OsString, error: &FfmpegError) -> String {
    let why = match error {
        FfmpegError::NotFound => "it was not found".to_owned(),
        FfmpegError::Start(error) => format!("it could not be started: {error}"),
        FfmpegError::Failed { status, message } => format!("{status}: {message}"),
    };
    format!("{} cannot be converted by {}: {why}", format.name(), program.display())
}

/// Returns the programs that convert a format, with their arguments, in the order in which they are tried. ffmpeg is
/// not used for HEIC, because it decodes only one tile, and for AVIF only where it sees the whole picture.
fn candidates(format: Format, ffmpeg: &OsString, input: &Path, output: &Path) -> Vec<(OsString, Vec<OsString>)> {
    let files = || vec![input.into(), output.into()];
    let mut candidates: Vec<_> = ["heif-dec", "heif-convert"].map(|program| (program.into(), files())).into();
    if format == Format::Avif && !has_ignored_boxes(input) {
        let before = "-hide_banner -loglevel error -nostdin -y -protocol_whitelist file -format_whitelist mov -i";
        let after = "-frames:v 1 -f image2 -c:v png -update 1";
        let words = |words: &str| words.split(' ').map(OsString::from).collect::<Vec<_>>();
        let named = |path: &Path| [OsString::from("file:"), path.into()].into_iter().collect::<OsString>();
        let arguments = [words(before), vec![named(input)], words(after), vec![named(output)]].concat();
        candidates.push((ffmpeg.clone(), arguments));
    }
    candidates
}

/// Returns whether the start of a file has one of the [`IGNORED`] boxes, or cannot be read.
fn has_ignored_boxes(input: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(input).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_err() || IGNORED.iter().any(|name| head.windows(4).any(|bytes| bytes == *name))
}

/// What ffmpeg ignores in AVIF: a rotation, a mirroring, and a reference to the picture with the transparency.
const IGNORED: [&[u8]; 3] = [b"irot", b"imir", b"auxl"];

/// How many bytes are searched. The properties of pictures come first.
const HEAD: u64 = 64 << 10;
