//! The temporary folder of a server: removed on exit, or by the next server if this one was killed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A folder used only by this server; a locked file in it shows that the server is running.
#[derive(Debug)]
pub(super) struct UploadFolder {
    path: PathBuf,
    _lock: File,
}

const PREFIX: &str = "runway-preflight-serve-";
const LOCK: &str = "lock";

impl UploadFolder {
    /// Removes the folders of servers that were killed, and creates one.
    pub(super) fn create(parent: &Path) -> io::Result<Self> {
        remove_abandoned(parent);
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let path = builder.tempdir_in(parent)?.keep();
        Ok(Self { _lock: lock(&path)?, path })
    }

    /// Returns the path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the folder; files cannot be created in it anymore.
    pub(super) fn remove(&self) {
        // A file that is created during the removal makes it fail. The next server removes what is left.
        for _ in 0..MAX_REMOVALS {
            match fs::remove_dir_all(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {}
                Ok(()) | Err(_) => break,
            }
        }
    }
}

/// How often the removal of the folder is tried.
const MAX_REMOVALS: usize = 10;

impl Drop for UploadFolder {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Locks the file before it gets its name: another start never sees it unlocked.
fn lock(folder: &Path) -> io::Result<File> {
    let (new, name) = (folder.join("lock.new"), folder.join(LOCK));
    let file = File::create_new(&new)?;
    file.try_lock()?;
    fs::rename(new, name)?;
    Ok(file)
}

/// Removes the folders whose lock is free. Unreadable folders belong to other users.
fn remove_abandoned(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_ours && is_folder && is_abandoned(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_abandoned(folder: &Path) -> bool {
    File::open(folder.join(LOCK)).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_removed_with_its_server_or_by_the_next() -> io::Result<()> {
        let parent = tempfile::tempdir()?;
        let alive = UploadFolder::create(parent.path())?;
        let killed = parent.path().join(format!("{PREFIX}0-0"));
        fs::create_dir_all(killed.join("below"))?;
        fs::write(killed.join(LOCK), "")?;
        let foreign = parent.path().join("runway-preflight-other");
        fs::create_dir(&foreign)?;
        let second = UploadFolder::create(parent.path())?;
        assert!(!killed.exists() && foreign.exists() && alive.path().exists());
        assert_ne!(alive.path(), second.path());
        fs::write(second.path().join("upload"), "x")?;
        let path = second.path().to_owned();
        drop(second);
        assert!(!path.exists());
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_with_such_a_name_is_left_alone() -> io::Result<()> {
        let (parent, elsewhere) = (tempfile::tempdir()?, tempfile::tempdir()?);
        fs::write(elsewhere.path().join(LOCK), "")?;
        std::os::unix::fs::symlink(elsewhere.path(), parent.path().join(format!("{PREFIX}1-1")))?;
        let _folder = UploadFolder::create(parent.path())?;
        assert!(elsewhere.path().join(LOCK).exists());
        Ok(())
    }
}
