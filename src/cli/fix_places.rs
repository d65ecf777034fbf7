//! The files that a run of `fix` reads and writes: no file is both, and none is written twice.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::notice;
use super::sources::Sources;
use crate::asset::{Target, path as local_path};
use crate::fetch::guessed_type;
use crate::fix::{FixFormat, PathConflictError};
use crate::units::counted;
use crate::{Asset, UntrustedText};

/// Reads all inputs, before the first is fixed: only then is it known that no two of them have one result, and that none
/// is replaced.
///
/// # Errors
/// Where a list cannot be read.
pub(crate) fn read(mut sources: Sources) -> anyhow::Result<Vec<Asset>> {
    let (mut assets, mut known, mut repeated) = (Vec::new(), HashSet::new(), 0);
    while let Some(asset) = sources.next() {
        let asset = asset.map_err(|error| anyhow!("{}", error.describe()))?;
        let identity = file(&asset).and_then(|path| path.canonicalize().ok()).map(PathBuf::into_os_string);
        if known.insert(identity.map_or_else(|| asset.text().to_vec(), |path| path.as_encoded_bytes().to_vec())) {
            assets.push(asset);
        } else {
            repeated += 1;
        }
    }
    if assets.is_empty() {
        notice("note: the input has no assets; nothing was fixed");
    }
    if repeated > 0 {
        notice(&format!("note: {} named more than once; each file is fixed only once", counted(repeated, "input")));
    }
    Ok(assets)
}

/// Returns the local files among the inputs.
pub(crate) fn files(inputs: &[Asset]) -> Vec<PathBuf> {
    inputs.iter().filter_map(file).collect()
}

/// Prints what is wrong with a place: names in lists are untrusted.
pub(crate) fn describe(error: &PathConflictError) -> anyhow::Error {
    anyhow!("{}", UntrustedText::from(error.to_string().as_str()).escaped_up_to(MESSAGE))
}

/// How many characters of a message are shown.
const MESSAGE: usize = 1024;

fn file(asset: &Asset) -> Option<PathBuf> {
    match Target::parse(asset) {
        Target::File(path) => Some(path),
        Target::Url(_) | Target::DataUri | Target::Runway | Target::InvalidUrl(_) => None,
    }
}

/// Returns the files of the lists that arguments name.
pub(crate) fn lists(words: &[OsString]) -> Vec<PathBuf> {
    words.iter().filter_map(|word| local_path(word.as_encoded_bytes().strip_prefix(b"@")?)).collect()
}

/// Returns the folders that are read, as they are named.
pub(crate) fn folders(words: &[OsString]) -> Vec<PathBuf> {
    let named = words.iter().filter_map(|word| file(&Asset::new(word.as_encoded_bytes())));
    named.filter(|path| path.is_dir()).collect()
}

/// Resolves symbolic links.
pub(crate) fn resolved(folders: &[PathBuf]) -> Vec<PathBuf> {
    folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect()
}

/// Refuses a folder of results that is read: its files are not read as inputs, so nothing would be left to fix.
pub(crate) fn refuse_read_folder(results: &Path, folders: &[PathBuf]) -> anyhow::Result<()> {
    let Ok(real) = results.canonicalize() else { return Ok(()) };
    let is_inside = is_inside(&real, folders);
    if folders.iter().any(|folder| *folder == real || is_inside && folder.starts_with(&real)) {
        let shown = UntrustedText::from(results.to_string_lossy().as_ref());
        bail!("--output-dir {} is also an input folder: choose another one", shown.escaped());
    }
    Ok(())
}

/// Returns whether a folder lies in one that is read.
pub(crate) fn is_inside(folder: &Path, folders: &[PathBuf]) -> bool {
    folder.canonicalize().is_ok_and(|folder| folders.iter().any(|read| folder.starts_with(read)))
}

/// Refuses a name of the result that says another format than the result would have.
pub(crate) fn check_name(output: &Path, to: Option<FixFormat>) -> anyhow::Result<()> {
    let shown = UntrustedText::from(output.to_string_lossy().as_ref()).escaped().to_string();
    let guessed = guessed_type(output).unwrap_or_default();
    let is_media = ["image/", "video/", "audio/"].iter().any(|kind| guessed.starts_with(kind));
    match (FixFormat::of_path(output), to) {
        (Some(named), Some(to)) if named != to => {
            bail!("--output {shown} and --to {} disagree on the format", to.name())
        }
        (None, Some(to)) if is_media => bail!("--output {shown} is not the name of a {} file", to.name()),
        (None, None) if is_media && !is_kept_audio(output) => {
            bail!("--output {shown}: the name must end in .jpg, .png, .webp, .mp4, .mov, .mp3, .wav, .m4a or .flac")
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// Returns whether a name is that of a format that is written only where the audio is kept as it is.
fn is_kept_audio(output: &Path) -> bool {
    output.extension().is_some_and(|extension| ["m4a", "flac"].iter().any(|kept| extension.eq_ignore_ascii_case(kept)))
}
