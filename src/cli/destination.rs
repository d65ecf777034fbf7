//! Output destinations: standard output, a file that is replaced atomically, a file that is appended to line by line,
//! or the job summary on GitHub Actions.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, LineWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::NamedTempFile;

use super::pipe_queue::PipeQueue;
use super::terminal_queue;

/// An open destination.
pub(crate) enum Destination {
    /// Standard output.
    Stdout(BufWriter<io::StdoutLock<'static>>),
    /// The terminal on standard output, which may be stopped.
    Terminal(BufWriter<&'static PipeQueue>),
    /// A pipe, whose reader may pause.
    Pipe(BufWriter<PipeQueue>),
    /// A temporary file that replaces `path` once it is complete; until then the old file is unchanged.
    Atomic { temporary: BufWriter<NamedTempFile>, path: PathBuf },
    /// A file that grows by whole lines, or a device, which cannot be replaced.
    Append(LineWriter<File>),
    /// A text that is appended to a shared file at the end.
    Shared { text: Vec<u8>, path: PathBuf },
    /// A text that another destination takes.
    Held(Vec<u8>),
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Privacy {
    /// Everybody, as far as the umask allows.
    Usual,
    /// Only its owner, because it holds secrets.
    Private,
}

impl Privacy {
    /// Returns the bits of a mode that a file may keep.
    #[cfg(unix)]
    const fn mask(self) -> u32 {
        match self {
            Self::Usual => 0o7777,
            Self::Private => 0o7700,
        }
    }
}

impl Destination {
    /// Takes standard output.
    pub(crate) fn stdout() -> Self {
        if let Some(queue) = terminal_queue::stdout() {
            Self::Terminal(BufWriter::new(queue))
        } else if is_pipe(&io::stdout()) {
            Self::pipe(io::stdout())
        } else {
            Self::Stdout(BufWriter::new(io::stdout().lock()))
        }
    }

    /// Returns what was written to a text that is held.
    pub(crate) fn take_held(&mut self) -> Vec<u8> {
        if let Self::Held(text) = self { std::mem::take(text) } else { Vec::new() }
    }

    fn pipe(pipe: impl Write + Send + 'static) -> Self {
        Self::Pipe(BufWriter::new(PipeQueue::new(pipe)))
    }

    /// Opens what is neither a file nor a folder.
    fn device(file: File) -> Self {
        if is_pipe(&file) { Self::pipe(file) } else { Self::Append(LineWriter::with_capacity(LINE, file)) }
    }

    /// Returns the queue of a pipe or terminal.
    pub(crate) fn queue(&self) -> Option<&PipeQueue> {
        match self {
            Self::Pipe(writer) => Some(writer.get_ref()),
            Self::Terminal(writer) => Some(writer.get_ref()),
            Self::Stdout(_) | Self::Atomic { .. } | Self::Append(_) | Self::Shared { .. } | Self::Held(_) => None,
        }
    }

    /// Opens a file to append to and locks it; its content stays until [`Self::resume_at`].
    ///
    /// # Errors
    /// Returns an error if the file cannot be created, or another run is writing to it.
    pub(crate) fn append(path: &Path, privacy: Privacy) -> io::Result<Self> {
        let file = created(path, privacy, OpenOptions::new().write(true))?;
        if file.metadata()?.is_file() { Self::locked(file) } else { Ok(Self::device(file)) }
    }

    /// Opens a file to append to and to read by [`Self::earlier`], and locks it.
    ///
    /// # Errors
    /// Returns an error if the file cannot be created or read, or another run is writing to it.
    pub(crate) fn resumed(path: &Path, privacy: Privacy) -> io::Result<Self> {
        let file = created(path, privacy, OpenOptions::new().read(true).write(true))?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "only a regular file can be resumed"));
        }
        Self::locked(file)
    }

    fn locked(file: File) -> io::Result<Self> {
        refuse_read_only(&file.metadata()?)?;
        lock(&file)?;
        Ok(Self::Append(LineWriter::with_capacity(LINE, file)))
    }

    /// Returns a reader of the earlier content of a file that is appended to.
    pub(crate) fn earlier(&self) -> Option<BufReader<&File>> {
        match self {
            Self::Append(writer) => Some(BufReader::with_capacity(LINE, writer.get_ref())),
            Self::Stdout(_)
            | Self::Terminal(_)
            | Self::Pipe(_)
            | Self::Atomic { .. }
            | Self::Shared { .. }
            | Self::Held(_) => None,
        }
    }

    /// Truncates a file that is appended to, and continues there; a device or pipe has no such position.
    ///
    /// # Errors
    /// Returns an error if truncating or seeking fails.
    pub(crate) fn resume_at(&mut self, end: u64) -> io::Result<()> {
        match self {
            Self::Append(writer) if writer.get_ref().metadata()?.is_file() => {
                let mut file = writer.get_ref();
                file.set_len(end)?;
                file.seek(SeekFrom::Start(end)).map(drop)
            }
            Self::Append(_)
            | Self::Stdout(_)
            | Self::Terminal(_)
            | Self::Pipe(_)
            | Self::Atomic { .. }
            | Self::Shared { .. }
            | Self::Held(_) => Ok(()),
        }
    }

    /// Prepares a file that replaces another and keeps its mode and owner. A device or pipe is opened for writing
    /// instead.
    ///
    /// # Errors
    /// Returns an error if the file cannot be created.
    pub(crate) fn atomic(path: &Path, privacy: Privacy) -> io::Result<Self> {
        let mut path = path.to_owned();
        let mut old = None;
        if let Ok(metadata) = fs::metadata(&path) {
            if metadata.is_dir() {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
            }
            if !metadata.is_file() {
                return Ok(Self::device(OpenOptions::new().write(true).open(path)?));
            }
            if is_stream(&path) {
                let why = "it is a file here, which other output goes to as well; name the file, or use a pipe";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
            }
            refuse_read_only(&metadata)?;
            // The target of a link is replaced, not the link.
            path = fs::canonicalize(path)?;
            old = Some(metadata);
        }
        let name =
            path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it has no file name"))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".part");
        let temporary = match (old, privacy) {
            (Some(old), _) => {
                let temporary = builder.tempfile_in(folder)?;
                take_mode(temporary.as_file(), &old, privacy)?;
                temporary
            }
            (None, Privacy::Private) => builder.tempfile_in(folder)?,
            (None, Privacy::Usual) => {
                // The mode follows the umask, as that of any new file. Without this, only the owner can read the file.
                #[cfg(unix)]
                builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
                builder.tempfile_in(folder)?
            }
        };
        remember(temporary.path());
        Ok(Self::Atomic { temporary: BufWriter::new(temporary), path })
    }

    /// Collects text that is appended to a file on commit.
    pub(crate) const fn shared(path: PathBuf) -> Self {
        Self::Shared { text: Vec::new(), path }
    }

    /// Completes the output: flushes it, renames the temporary file, or appends the collected text.
    ///
    /// # Errors
    /// Returns an error if that fails; an old file is unchanged then.
    pub(crate) fn commit(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut writer) => writer.flush(),
            Self::Terminal(mut writer) => writer.flush().and_then(|()| writer.get_ref().drain()),
            Self::Pipe(mut writer) => writer.flush().and_then(|()| writer.get_ref().drain()),
            Self::Append(mut writer) => writer.flush(),
            Self::Shared { text, path } => append(&text, &path),
            Self::Held(_) => Ok(()),
            Self::Atomic { temporary, path } => {
                let temporary = temporary.into_inner().map_err(io::IntoInnerError::into_error)?;
                temporary.as_file().sync_all()?;
                temporary.persist(path).map(drop).map_err(|error| error.error)
            }
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::Terminal(writer) => writer.write(bytes),
            Self::Pipe(writer) => writer.write(bytes),
            Self::Atomic { temporary, .. } => temporary.write(bytes),
            Self::Append(writer) => writer.write(bytes),
            Self::Shared { text, .. } | Self::Held(text) => text.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::Terminal(writer) => writer.flush(),
            Self::Pipe(writer) => writer.flush(),
            Self::Atomic { temporary, .. } => temporary.flush(),
            Self::Append(writer) => writer.flush(),
            Self::Shared { .. } | Self::Held(_) => Ok(()),
        }
    }
}

/// Says whether an output is a pipe or a socket. A terminal is neither: it has a queue that the progress bar shares.
#[cfg(unix)]
fn is_pipe(output: &impl std::os::fd::AsFd) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    let file = output.as_fd().try_clone_to_owned().map(File::from);
    let kind = file.and_then(|file| file.metadata()).map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

#[cfg(not(unix))]
fn is_pipe(output: &impl io::IsTerminal) -> bool {
    !output.is_terminal()
}

/// The temporary files of this run, which a second signal removes.
static PARTIAL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn remember(path: &Path) {
    if let Ok(mut paths) = PARTIAL.lock() {
        paths.push(path.to_owned());
    }
}

/// Removes the temporary files of this run before it ends without a commit.
pub(crate) fn remove_partial_files() {
    if let Ok(mut paths) = PARTIAL.lock() {
        for path in paths.drain(..) {
            // Files that were committed or dropped no longer exist.
            let _ = fs::remove_file(path);
        }
    }
}

/// Returns whether a path is another name of standard output, standard error or another open file.
fn is_stream(path: &Path) -> bool {
    ["/dev/stdout", "/dev/stderr"].iter().any(|name| path == Path::new(name))
        || ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.starts_with(folder))
}

/// Gives a file the mode and the owner of the file that it replaces.
#[cfg(unix)]
fn take_mode(file: &File, old: &Metadata, privacy: Privacy) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    // Only root may change a file's owner; for other users it is already the same.
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    file.set_permissions(fs::Permissions::from_mode(old.mode() & privacy.mask()))
}

#[cfg(not(unix))]
fn take_mode(_: &File, _: &Metadata, _: Privacy) -> io::Result<()> {
    Ok(())
}

/// Opens a file, and creates it if it does not exist.
fn created(path: &Path, privacy: Privacy, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    if privacy == Privacy::Private {
        std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    }
    let file = options.create(true).truncate(false).open(path)?;
    // One that exists may be readable by others.
    #[cfg(unix)]
    if privacy == Privacy::Private && file.metadata()?.is_file() {
        take_mode(&file, &file.metadata()?, privacy)?;
    }
    let _ = privacy;
    Ok(file)
}

/// The buffer size for a line, in bytes; most lines fit and are written in one call.
const LINE: usize = 64 << 10;

/// Rejects a read-only file, even if the system would let this user write to it, as it does for root.
fn refuse_read_only(file: &Metadata) -> io::Result<()> {
    if file.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    Ok(())
}

/// Locks the file for the lifetime of the process.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let why = "another run is writing to it; wait for it to finish, or use another file";
            Err(io::Error::new(io::ErrorKind::ResourceBusy, why))
        }
        // Some network file systems do not support locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Appends the text in one write if it fits; GitHub shows nothing of a summary that is too large.
fn append(text: &[u8], path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let room = MAX_SUMMARY.saturating_sub(file.metadata()?.len());
    if u64::try_from(text.len()).is_ok_and(|length| length > room) {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the summary would be larger than 1 MiB"));
    }
    file.write_all(text)
}

/// The largest summary of a step, in bytes. Source: GitHub's documentation of job summaries, "1MiB".
const MAX_SUMMARY: u64 = 1 << 20;
