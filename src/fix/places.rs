//! Which files the results of a run may replace: never an input or a report.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::options::{FixDestination, FixFormat, FixOptions};
use crate::asset::real_path;
use crate::fetch::guessed_type;
use crate::media::usual_extension;

/// What a run must not write to, or not twice.
#[derive(Debug, thiserror::Error)]
pub enum PathConflictError {
    /// A result may replace an input.
    #[error("the result of {} may be {}, which is an input and is never changed", .input.display(), .result.display())]
    ReplacesInput {
        /// The input.
        input: PathBuf,
        /// Its result.
        result: PathBuf,
    },
    /// A report would replace an input.
    #[error("the report {} is an input, which is never changed", .0.display())]
    ReportIsInput(PathBuf),
    /// Two inputs may have one result.
    #[error(
        "{one} and {other} may both become {}: name the folder that holds both, so that the folders in it are kept, or \
         use one --output-dir for each", .result.display()
    )]
    OneResult {
        /// An input.
        one: String,
        /// Another one.
        other: String,
        /// The result of both.
        result: PathBuf,
    },
    /// A report has the name of another one, or of a result.
    #[error("two results cannot be written to the same file: {}", .0.display())]
    WrittenTwice(PathBuf),
}

/// Checks the places of all results and reports of a run, before anything is written.
///
/// # Errors
/// Returns the first file that would be written twice, or written although it is read.
pub fn check_places(
    options: &FixOptions,
    inputs: &[PathBuf],
    others: &[PathBuf],
    reports: &[&Path],
) -> Result<(), PathConflictError> {
    let read: HashSet<PathBuf> = inputs.iter().chain(others).map(|path| real_path(path)).collect();
    let written: Vec<PathBuf> = reports.iter().map(|path| real_path(path)).collect();
    for (report, path) in reports.iter().zip(&written) {
        if read.contains(path) {
            return Err(PathConflictError::ReportIsInput((*report).to_owned()));
        }
        if written.iter().filter(|other| *other == path).count() > 1 {
            return Err(PathConflictError::WrittenTwice((*report).to_owned()));
        }
    }
    for input in inputs {
        let own = real_path(input);
        for result in results(options, input) {
            let path = real_path(&result);
            if written.contains(&path) {
                return Err(PathConflictError::WrittenTwice(result));
            }
            // Without --force, a file that exists is never replaced; its own input is refused with its result.
            if options.force && path != own && read.contains(&path) {
                return Err(PathConflictError::ReplacesInput { input: input.clone(), result });
            }
        }
    }
    Ok(())
}

/// Returns the possible results of an input.
fn results(options: &FixOptions, input: &Path) -> Vec<PathBuf> {
    if matches!(options.place, FixDestination::File(_)) {
        return vec![options.place.path(input, "")];
    }
    endings(options.to, input).into_iter().map(|ending| options.place.path(input, ending)).collect()
}

/// Returns the possible extensions of a result: that of the input says which formats it may become.
pub(super) fn endings(to: Option<FixFormat>, input: &Path) -> Vec<&'static str> {
    let image = &["jpg", "png"][..];
    let clip = &["mp4", "mov", "mp3", "wav", "m4a", "flac"][..];
    let guessed = guessed_type(input).unwrap_or_default();
    let (is_image, is_clip) =
        (guessed.starts_with("image/"), ["video/", "audio/"].iter().any(|kind| guessed.starts_with(kind)));
    match to {
        Some(to) => vec![usual_extension(to.name())],
        None if is_image => image.to_vec(),
        None if is_clip => clip.to_vec(),
        None => [image, clip].concat(),
    }
}
