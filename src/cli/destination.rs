//! Where results go: standard output, a file that is replaced whole, one that grows line by line, or the summary of
//! a step on GitHub Actions.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, LineWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An open destination.
#[derive(Debug)]
pub(crate) enum Destination {
    /// Standard output.
    Stdout(BufWriter<io::StdoutLock<'static>>),
    /// A file that takes the place of `path` once it is whole; until then the old one stays.
    Replaced { temporary: BufWriter<File>, from: PathBuf, path: PathBuf },
    /// A file that grows by whole lines, or a device or pipe, which cannot be replaced.
    Growing(LineWriter<File>),
    /// A file that others write to as well, and that takes the whole text at the end or nothing.
    Appended { text: Vec<u8>, path: PathBuf },
}

impl Destination {
    /// Takes standard output; more than one destination may do so, each writing in its turn.
    pub(crate) fn stdout() -> Self {
        Self::Stdout(BufWriter::new(io::stdout().lock()))
    }

    /// Opens a file that grows, for this run alone; what is in it stays until [`Self::go_on_at`].
    ///
    /// # Errors
    /// Where the file cannot be made, or another run writes to it.
    pub(crate) fn growing(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_file() {
            refuse_read_only(&metadata)?;
            lock(&file)?;
        }
        Ok(Self::Growing(LineWriter::with_capacity(LINE, file)))
    }

    /// Opens a file that grows, for this run alone, to be read by [`Self::earlier`] as well.
    ///
    /// # Errors
    /// Where the file cannot be made or read, or another run writes to it.
    pub(crate) fn resumed(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "only a regular file can be gone on with"));
        }
        refuse_read_only(&metadata)?;
        lock(&file)?;
        Ok(Self::Growing(LineWriter::with_capacity(LINE, file)))
    }

    /// Reads what an earlier run has left; nothing where this is no file that grows.
    pub(crate) fn earlier(&self) -> Option<BufReader<&File>> {
        match self {
            Self::Growing(writer) => Some(BufReader::with_capacity(LINE, writer.get_ref())),
            Self::Stdout(_) | Self::Replaced { .. } | Self::Appended { .. } => None,
        }
    }

    /// Cuts a file that grows off behind so many bytes, and goes on there; a device or pipe has no such place.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn go_on_at(&mut self, end: u64) -> io::Result<()> {
        match self {
            Self::Growing(writer) if writer.get_ref().metadata()?.is_file() => {
                let mut file = writer.get_ref();
                file.set_len(end)?;
                file.seek(SeekFrom::Start(end)).map(drop)
            }
            Self::Growing(_) | Self::Stdout(_) | Self::Replaced { .. } | Self::Appended { .. } => Ok(()),
        }
    }

    /// Prepares a file that replaces another, or opens what is no regular file as it is.
    ///
    /// # Errors
    /// Where the file cannot be made.
    pub(crate) fn replaced(path: &Path) -> io::Result<Self> {
        let mut path = path.to_owned();
        if let Ok(old) = fs::metadata(&path) {
            if !old.is_file() && !old.is_dir() {
                return Ok(Self::Growing(LineWriter::new(OpenOptions::new().write(true).open(path)?)));
            }
            refuse_read_only(&old)?;
            // What a link names is replaced, not the link.
            path = fs::canonicalize(path)?;
        }
        let from = beside(&path)?;
        let file = OpenOptions::new().write(true).create_new(true).open(&from)?;
        Ok(Self::Replaced { temporary: BufWriter::new(file), from, path })
    }

    /// Collects a text that is appended to a file.
    pub(crate) const fn appended(path: PathBuf) -> Self {
        Self::Appended { text: Vec::new(), path }
    }

    /// Puts what was written in its place.
    ///
    /// # Errors
    /// When the disk refuses; an old file stays then.
    pub(crate) fn commit(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut writer) => writer.flush(),
            Self::Growing(mut writer) => writer.flush(),
            Self::Appended { text, path } => append(&text, &path),
            Self::Replaced { mut temporary, from, path } => {
                let moved = temporary
                    .flush()
                    .and_then(|()| temporary.get_ref().sync_all())
                    .and_then(|()| fs::rename(&from, &path));
                if moved.is_err() {
                    let _ = fs::remove_file(&from);
                }
                moved
            }
        }
    }

    /// Leaves an old file as it was.
    pub(crate) fn abandon(self) {
        if let Self::Replaced { from, .. } = self {
            let _ = fs::remove_file(from);
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::Replaced { temporary, .. } => temporary.write(bytes),
            Self::Growing(writer) => writer.write(bytes),
            Self::Appended { text, .. } => text.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::Replaced { temporary, .. } => temporary.flush(),
            Self::Growing(writer) => writer.flush(),
            Self::Appended { .. } => Ok(()),
        }
    }
}

/// Room for a line, in bytes, so that most are written in one go.
const LINE: usize = 64 << 10;

/// Refuses a file that its owner has protected, even where the system would let this user write to it.
fn refuse_read_only(file: &Metadata) -> io::Result<()> {
    if file.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    Ok(())
}

/// Keeps other runs from the file until this one ends, however it ends.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let why = "another run writes to it; wait for its end, or name another file";
            Err(io::Error::new(io::ErrorKind::ResourceBusy, why))
        }
        // Some network file systems have no locks: there nobody is kept away.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A name for the unfinished file, in the folder of the finished one so that a rename is enough.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it is no file name"))?;
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    let mut unfinished = std::ffi::OsString::from(".");
    unfinished.push(name);
    unfinished.push(format!(".{}.part", std::process::id()));
    Ok(path.with_file_name(unfinished))
}

/// Appends in one go, where the whole fits: of a larger file GitHub shows nothing at all.
fn append(text: &[u8], path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let room = SUMMARY.saturating_sub(file.metadata()?.len());
    if u64::try_from(text.len()).is_ok_and(|length| length > room) {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it has no room left"));
    }
    file.write_all(text)
}

/// The largest summary of a step, in bytes. Source: GitHub's documentation of job summaries, "1MiB".
const SUMMARY: u64 = 1 << 20;
