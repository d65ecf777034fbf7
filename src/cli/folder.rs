//! The media files of a folder that is named as an asset, with those of its subfolders.

use std::ffi::OsStr;
use std::path::Path;
use std::{fs, io};

use ignore::{Walk, WalkBuilder};

use crate::Asset;
use crate::fetch::guessed_type;

/// Opens a folder; its files come in the order of their names. Files that Git ignores are left out inside of a
/// repository, and those of `.ignore` everywhere, as ripgrep does.
///
/// # Errors
/// Returns an error if the folder cannot be read.
pub(super) fn open(path: &Path) -> io::Result<Walk> {
    fs::read_dir(path)?;
    Ok(WalkBuilder::new(path).sort_by_file_name(OsStr::cmp).build())
}

/// Returns the next image, video or audio file of a folder, by extension.
pub(super) fn next_media_file(walk: &mut Walk, excluded: Option<&Path>) -> Option<Asset> {
    loop {
        let entry = match walk.next()? {
            Ok(entry) => entry,
            // A folder that cannot be read is one asset that cannot be read.
            Err(error) => match path_of(&error) {
                Some(path) => return Some(Asset::new(path.as_os_str().as_encoded_bytes())),
                None => continue,
            },
        };
        let is_excluded = |folder: &Path| entry.path().canonicalize().is_ok_and(|path| path.starts_with(folder));
        if is_media(entry.path())
            && !excluded.is_some_and(is_excluded)
            && entry.file_type().is_some_and(|kind| kind.is_file())
        {
            return Some(Asset::new(entry.path().as_os_str().as_encoded_bytes()));
        }
    }
}

/// Returns whether a file is an image, video or audio file, by its extension.
pub(super) fn is_media(path: &Path) -> bool {
    guessed_type(path).is_some_and(|kind| ["image/", "video/", "audio/"].iter().any(|prefix| kind.starts_with(prefix)))
}

/// Returns the path that an error is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    if let ignore::Error::WithDepth { err, .. } = error {
        return path_of(err);
    }
    if let ignore::Error::WithPath { path, .. } = error { Some(path) } else { None }
}
