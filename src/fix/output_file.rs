//! The result on disk: written to a draft in the same folder, and renamed to the output only when it is complete.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// The path of a result.
#[derive(Clone, Debug)]
pub(crate) struct OutputFile {
    path: PathBuf,
    force: bool,
}

/// Why a result cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// A file with this name exists.
    #[error("it already exists; use --force to overwrite it")]
    Exists,
    /// It would replace its own input.
    #[error("it is the input, which is never changed")]
    IsInput,
    /// A directory, link or device with this name exists.
    #[error("it is not a regular file, and is not replaced")]
    NotRegular,
    /// Writing failed.
    #[error("{0}")]
    Write(#[from] io::Error),
}

impl OutputFile {
    /// Checks a path before anything is computed.
    pub(crate) fn new(path: PathBuf, input: &Path, force: bool) -> Result<Self, OutputError> {
        if is_same_file(&path, input) {
            return Err(OutputError::IsInput);
        }
        match path.symlink_metadata() {
            Ok(metadata) if !metadata.is_file() => Err(OutputError::NotRegular),
            Ok(_) if !force => Err(OutputError::Exists),
            Ok(_) => Ok(Self { path, force }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self { path, force }),
            Err(error) => Err(OutputError::Write(error)),
        }
    }

    /// Returns the path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Creates an empty file in the same folder, with the same extension, that is removed when dropped.
    pub(crate) fn draft(&self) -> Result<TempPath, OutputError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut ending = OsString::new();
        if let Some(extension) = self.path.extension() {
            ending.push(".");
            ending.push(extension);
        }
        let file: NamedTempFile =
            permissive(tempfile::Builder::new().prefix(".runway-preflight-").suffix(&ending)).tempfile_in(folder)?;
        Ok(file.into_temp_path())
    }

    /// Renames a complete draft to the output. A symbolic link with that name is not followed.
    pub(crate) fn keep(&self, draft: TempPath) -> Result<(), OutputError> {
        // Windows flushes only files that were opened for writing.
        std::fs::OpenOptions::new().write(true).open(&draft)?.sync_all()?;
        let moved = if self.force { draft.persist(&self.path) } else { draft.persist_noclobber(&self.path) };
        moved.map_err(|error| {
            let taken = error.error.kind() == io::ErrorKind::AlreadyExists;
            if taken { OutputError::Exists } else { OutputError::Write(error.error) }
        })
    }
}

/// Makes the permissions of the result follow the umask, as for any new file.
#[cfg(unix)]
fn permissive<'a, 'b, 'c>(builder: &'c mut tempfile::Builder<'a, 'b>) -> &'c mut tempfile::Builder<'a, 'b> {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn permissive<'a, 'b, 'c>(builder: &'c mut tempfile::Builder<'a, 'b>) -> &'c mut tempfile::Builder<'a, 'b> {
    builder
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(output: &OutputFile, text: &str) -> Result<(), OutputError> {
        let draft = output.draft()?;
        fs::write(&draft, text)?;
        output.keep(draft)
    }

    #[test]
    fn a_result_appears_complete_and_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("in.png");
        fs::write(&input, "in").expect("written");
        let output = OutputFile::new(folder.path().join("out.png"), &input, false).expect("a free place");
        let draft = output.draft().expect("a draft");
        assert!(!output.path().exists() && draft.extension() == output.path().extension());
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
        write(&output, "result").expect("written");
        assert_eq!(fs::read_to_string(output.path()).expect("readable"), "result");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 2);
    }

    #[test]
    fn an_existing_file_is_replaced_only_with_force() {
        let folder = tempfile::tempdir().expect("a folder");
        let (input, place) = (folder.path().join("in.png"), folder.path().join("out.png"));
        fs::write(&input, "in").expect("written");
        // It appears while the result is computed.
        let output = OutputFile::new(place.clone(), &input, false).expect("a free place");
        fs::write(&place, "earlier").expect("written");
        assert!(matches!(write(&output, "later"), Err(OutputError::Exists)));
        assert!(matches!(OutputFile::new(place.clone(), &input, false), Err(OutputError::Exists)));
        assert_eq!(fs::read_to_string(&place).expect("readable"), "earlier");
        let forced = OutputFile::new(place.clone(), &input, true).expect("by force");
        write(&forced, "later").expect("written");
        assert_eq!(fs::read_to_string(&place).expect("readable"), "later");
    }

    #[test]
    fn the_input_is_never_the_output() {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("in.png");
        fs::write(&input, "in").expect("written");
        let place = folder.path().join(".").join("in.png");
        assert!(matches!(OutputFile::new(place, &input, true), Err(OutputError::IsInput)));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (input, target, link) =
            (folder.path().join("in.png"), folder.path().join("target"), folder.path().join("out.png"));
        fs::write(&input, "in").expect("written");
        fs::write(&target, "kept").expect("written");
        let output = OutputFile::new(link.clone(), &input, true).expect("a free place");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        assert!(matches!(OutputFile::new(link.clone(), &input, true), Err(OutputError::NotRegular)));
        // A link that is created later is replaced itself.
        write(&output, "result").expect("written");
        assert_eq!(fs::read_to_string(&target).expect("readable"), "kept");
        assert!(!link.is_symlink());
    }
}
