//! Local files: regular files only, read in small pieces (`mime_guess`'s only room).

use std::fs::{File, FileType, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use crate::media::ContentState;
use crate::media::header_reader::HeaderReader;
use crate::observation::Observation;

/// Looks at a file.
pub(super) fn look(path: &Path) -> Observation {
    match open(path).and_then(|(file, size)| Ok((read(file, size)?, size))) {
        Ok((content, size)) => Observation { content, size: Some(size), ..Observation::default() },
        Err(trouble) => Observation { unreadable: Some(trouble.words()), ..Observation::default() },
    }
}

/// Returns the content type that a web server would guess from a file's extension; `None` where it has none that is
/// known.
#[must_use]
pub fn guessed_type(path: &Path) -> Option<String> {
    mime_guess::from_path(path).first_raw().map(str::to_owned)
}

/// Why a file cannot be looked at.
enum FileTrouble {
    NotRegular(&'static str),
    Io(io::Error),
}

impl FileTrouble {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's kinds grow")]
    fn words(&self) -> String {
        match self {
            Self::NotRegular(what) => format!("it is {what}, not a file"),
            Self::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "there is no such file".to_owned(),
                io::ErrorKind::PermissionDenied => "it may not be read by this user".to_owned(),
                _ => format!("it cannot be read: {error}"),
            },
        }
    }
}

impl From<io::Error> for FileTrouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens a regular file. What it is is asked before, because opening a pipe waits for its writer, and after, because
/// it may have been exchanged meanwhile.
fn open(path: &Path) -> Result<(File, u64), FileTrouble> {
    regular(&std::fs::metadata(path)?)?;
    let mut file = File::open(path)?;
    let size = regular(&file.metadata()?)?;
    // Files that the kernel makes up, below /proc, look regular and say that they are empty, whatever can be read.
    if size == 0 && file.read(&mut [0])? > 0 {
        return Err(FileTrouble::NotRegular("made up while it is read"));
    }
    Ok((file, size))
}

/// Returns the size of a regular file.
fn regular(metadata: &Metadata) -> Result<u64, FileTrouble> {
    let kind = metadata.file_type();
    if kind.is_file() { Ok(metadata.len()) } else { Err(FileTrouble::NotRegular(what(kind))) }
}

#[cfg(unix)]
fn what(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    match kind {
        kind if kind.is_dir() => "a directory",
        kind if kind.is_fifo() => "a pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn what(kind: FileType) -> &'static str {
    if kind.is_dir() { "a directory" } else { "a device" }
}

/// How much is read at once, in bytes, at most.
const PIECE: usize = 64 << 10;

/// Reads what the header reader wants, and the rest as well where every byte counts.
fn read(file: File, size: u64) -> io::Result<ContentState> {
    let mut reader = HeaderReader::near(size);
    let mut reading = Reading { file, at: 0 };
    while let Some(wanted) = reader.wants() {
        if !reading.feed(&mut reader, wanted)? {
            return Ok(reader.finish(None));
        }
    }
    if reader.is_scanning() {
        let passed = reader.passed();
        reading.feed(&mut reader, passed..size)?;
    }
    let passed = reader.passed();
    Ok(reader.finish(Some(size).filter(|size| passed == *size || *size == 0)))
}

/// An open file, and the place in it from which the next bytes would come.
struct Reading {
    file: File,
    at: u64,
}

impl Reading {
    /// Feeds a range of the file to the reader; false where the file ends before it, because it shrank.
    fn feed(&mut self, reader: &mut HeaderReader, range: Range<u64>) -> io::Result<bool> {
        if self.at != range.start {
            self.at = self.file.seek(SeekFrom::Start(range.start))?;
        }
        let room = |left: u64| usize::try_from(left).unwrap_or(usize::MAX).min(PIECE);
        let mut buffer = vec![0; room(range.end.saturating_sub(range.start))];
        while self.at < range.end {
            let length = self.file.read(buffer.get_mut(..room(range.end - self.at)).unwrap_or_default())?;
            if length == 0 {
                return Ok(false);
            }
            reader.feed(self.at, buffer.get(..length).unwrap_or_default());
            self.at = self.at.saturating_add(length as u64);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Format;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_kernel_makes_up_is_no_file() {
        assert!(unreadable(Path::new("/proc/self/status")).contains("made up"));
        assert!(unreadable(Path::new("/proc/self/mem")).contains("cannot be read"));
    }

    fn unreadable(path: &Path) -> String {
        look(path).unreadable.expect("it cannot be read")
    }

    #[test]
    fn files_are_measured_and_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.html");
        std::fs::write(&path, b"<!DOCTYPE html><html></html>").expect("a file");
        let seen = look(&path);
        assert_eq!((seen.size, seen.unreadable.is_none()), (Some(28), true));
        assert_eq!(seen.content.format(), Some(Format::Html));
        std::fs::write(&path, b"").expect("a file");
        let empty = look(&path);
        assert_eq!((empty.size, empty.content.format()), (Some(0), Some(Format::Unknown)));
    }

    #[test]
    fn what_is_no_regular_file_is_refused_without_waiting() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(unreadable(folder.path()), "it is a directory, not a file");
        assert_eq!(unreadable(&folder.path().join("none")), "there is no such file");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_sockets_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("s");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        assert_eq!(unreadable(&socket), "it is a socket, not a file");
        assert_eq!(unreadable(Path::new("/dev/zero")), "it is a device, not a file");
        let pipe = folder.path().join("p");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo is part of POSIX");
        assert_eq!(unreadable(&pipe), "it is a pipe, not a file");
    }

    #[test]
    fn extensions_are_guessed_as_servers_do() {
        let case = |path: &str, guess: Option<&str>| assert_eq!(guessed_type(Path::new(path)).as_deref(), guess);
        case("a.jpg", Some("image/jpeg"));
        case("A.PNG", Some("image/png"));
        case("a.mp4", Some("video/mp4"));
        case("a", None);
        case("a.unheard-of", None);
    }
}
