//! The result on disk: written to a draft in the same folder, and renamed to the output only when it is complete.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use tempfile::{NamedTempFile, TempPath};

/// The path of a result.
#[derive(Clone, Debug)]
pub(crate) struct OutputFile {
    path: PathBuf,
    /// The folder that it does not leave, if there is one.
    root: Option<PathBuf>,
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
    /// A file, link or device is where a folder of it would be.
    #[error("{} is not a folder, and nothing is written there", .0.display())]
    NotFolder(PathBuf),
    /// A directory, link or device with this name exists.
    #[error("it is not a regular file, and is not replaced")]
    NotRegular,
    /// Writing failed.
    #[error("{0}")]
    Write(#[from] io::Error),
}

impl OutputFile {
    /// Checks a path before anything is computed. No folder between `root` and it may be a link.
    pub(crate) fn new(path: PathBuf, input: &Path, root: Option<&Path>, force: bool) -> Result<Self, OutputError> {
        let output = Self { path, root: root.map(Path::to_owned), force };
        if is_same_file(&output.path, input) {
            return Err(OutputError::IsInput);
        }
        for folder in output.folders() {
            match folder.symlink_metadata() {
                Ok(metadata) if !metadata.is_dir() => return Err(OutputError::NotFolder(folder.to_owned())),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(output),
                Err(error) => return Err(OutputError::Write(error)),
            }
        }
        match output.path.symlink_metadata() {
            Ok(metadata) if !metadata.is_file() => Err(OutputError::NotRegular),
            Ok(_) if !force => Err(OutputError::Exists),
            Ok(_) => Ok(output),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(output),
            Err(error) => Err(OutputError::Write(error)),
        }
    }

    /// Returns the folders between the root and the file, from the outermost to the innermost.
    fn folders(&self) -> Vec<&Path> {
        let Some(root) = &self.root else { return Vec::new() };
        let inner = self.path.ancestors().skip(1).take_while(|folder| *folder != root);
        inner.collect::<Vec<_>>().into_iter().rev().collect()
    }

    /// Creates the folders that are missing; a link that appeared since is not followed.
    fn create_folders(&self) -> Result<(), OutputError> {
        self.folders().into_iter().try_for_each(|folder| match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let is_folder = folder.symlink_metadata()?.is_dir();
                if is_folder { Ok(()) } else { Err(OutputError::NotFolder(folder.to_owned())) }
            }
            created => Ok(created?),
        })
    }

    /// Returns the path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Creates an empty file with the same extension that is removed when dropped: in the root, so that no folder is left
    /// without a result, else in the same folder.
    pub(crate) fn draft(&self) -> Result<TempPath, OutputError> {
        let folder = self.root.as_deref().or_else(|| self.path.parent());
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
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
        fs::OpenOptions::new().write(true).open(&draft)?.sync_all()?;
        self.create_folders()?;
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
    builder.permissions(fs::Permissions::from_mode(0o666))
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
        let output = OutputFile::new(folder.path().join("out.png"), &input, None, false).expect("a free place");
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
        let output = OutputFile::new(place.clone(), &input, None, false).expect("a free place");
        fs::write(&place, "earlier").expect("written");
        assert!(matches!(write(&output, "later"), Err(OutputError::Exists)));
        assert!(matches!(OutputFile::new(place.clone(), &input, None, false), Err(OutputError::Exists)));
        assert_eq!(fs::read_to_string(&place).expect("readable"), "earlier");
        let forced = OutputFile::new(place.clone(), &input, None, true).expect("by force");
        write(&forced, "later").expect("written");
        assert_eq!(fs::read_to_string(&place).expect("readable"), "later");
    }

    #[test]
    fn the_input_is_never_the_output() {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("in.png");
        fs::write(&input, "in").expect("written");
        let place = folder.path().join(".").join("in.png");
        assert!(matches!(OutputFile::new(place, &input, None, true), Err(OutputError::IsInput)));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (input, target, link) =
            (folder.path().join("in.png"), folder.path().join("target"), folder.path().join("out.png"));
        fs::write(&input, "in").expect("written");
        fs::write(&target, "kept").expect("written");
        let output = OutputFile::new(link.clone(), &input, None, true).expect("a free place");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        assert!(matches!(OutputFile::new(link.clone(), &input, None, true), Err(OutputError::NotRegular)));
        // A link that is created later is replaced itself.
        write(&output, "result").expect("written");
        assert_eq!(fs::read_to_string(&target).expect("readable"), "kept");
        assert!(!link.is_symlink());
    }
}
