//! HEIC and AVIF: another program converts them to PNG, which is then fixed like any other image.

use std::ffi::OsString;
use std::path::Path;

use tempfile::TempPath;

use super::ffmpeg::{FfmpegError, run};
use super::step::Stopped;
use crate::media::Format;

/// Converts a file to PNG with the first program that is installed. `None` if none is installed, or none is needed.
pub(super) async fn to_png(format: Format, ffmpeg: &OsString, input: &Path) -> Result<Option<TempPath>, Stopped> {
    if !matches!(format, Format::Heic | Format::Avif) {
        return Ok(None);
    }
    let draft = tempfile::Builder::new().prefix("runway-preflight-").suffix(".png").tempfile();
    let draft = draft.map_err(Stopped::refused)?.into_temp_path();
    // An absolute path cannot be mistaken for an option.
    let input = std::path::absolute(input).map_err(Stopped::refused)?;
    for (program, arguments) in candidates(format, ffmpeg, &input, &draft) {
        match run(&program, &arguments, |_| {}).await {
            Ok(()) => return Ok(Some(draft)),
            Err(FfmpegError::NotFound) => {}
            Err(error) => return Err(Stopped::refused(format!("{} cannot be converted: {error}", format.name()))),
        }
    }
    Ok(None)
}

/// Returns the programs that convert a format, with their arguments, in the order in which they are tried. ffmpeg is
/// not used for HEIC, because it decodes only one tile.
fn candidates(format: Format, ffmpeg: &OsString, input: &Path, output: &Path) -> Vec<(OsString, Vec<OsString>)> {
    let files = || vec![input.into(), output.into()];
    let mut candidates = Vec::new();
    if format == Format::Avif {
        let before = "-hide_banner -loglevel error -nostdin -y -protocol_whitelist file -format_whitelist mov -i";
        let after = "-frames:v 1 -f image2 -c:v png -update 1";
        let words = |words: &str| words.split(' ').map(OsString::from).collect::<Vec<_>>();
        let named = |path: &Path| [OsString::from("file:"), path.into()].into_iter().collect::<OsString>();
        let arguments = [words(before), vec![named(input)], words(after), vec![named(output)]].concat();
        candidates.push((ffmpeg.clone(), arguments));
    }
    candidates.extend(["heif-dec", "heif-convert"].map(|program| (program.into(), files())));
    candidates
}
