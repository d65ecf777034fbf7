//! Where the results go: standard output, a file that is replaced whole, or one that grows line by line.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::flags::{FormatName, Results};

/// An open destination.
#[derive(Debug)]
pub(crate) enum Destination {
    /// Standard output.
    Stdout(BufWriter<io::StdoutLock<'static>>),
    /// A file that takes the place of `path` once it is whole; until then the old one stays.
    Replaced { temporary: BufWriter<File>, from: PathBuf, path: PathBuf },
    /// A file that grows.
    Growing(BufWriter<File>),
}

impl Destination {
    /// Opens what the flags name.
    ///
    /// # Errors
    /// Where the file cannot be made.
    pub(crate) fn open(results: &Results) -> anyhow::Result<Self> {
        let Some(path) = &results.output else {
            return Ok(Self::Stdout(BufWriter::new(io::stdout().lock())));
        };
        let cannot = || format!("--output {} cannot be written", path.display());
        if results.format == FormatName::Jsonl {
            let file = OpenOptions::new().write(true).create(true).truncate(true).open(path).with_context(cannot)?;
            return Ok(Self::Growing(BufWriter::new(file)));
        }
        let from = beside(path).with_context(cannot)?;
        let file = OpenOptions::new().write(true).create_new(true).open(&from).with_context(cannot)?;
        Ok(Self::Replaced { temporary: BufWriter::new(file), from, path: path.clone() })
    }

    /// Returns the writer.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Stdout(writer) => writer,
            Self::Replaced { temporary, .. } => temporary,
            Self::Growing(writer) => writer,
        }
    }

    /// Puts a replaced file in its place.
    ///
    /// # Errors
    /// When the disk refuses; the old file stays then.
    pub(crate) fn commit(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut writer) => writer.flush(),
            Self::Growing(mut writer) => writer.flush(),
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

    /// Leaves the old file as it was.
    pub(crate) fn abandon(self) {
        if let Self::Replaced { from, .. } = self {
            let _ = fs::remove_file(from);
        }
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
