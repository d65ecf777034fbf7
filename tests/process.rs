//! The environment of a process: signals, broken streams, limits, unusual systems, internal errors. Test names begin
//! with their case in `cases/list.tsv`.

mod codes;
mod environment;
mod files;
mod limits;
mod pauses;
mod pipes;
mod signals;
mod torture;

use std::fs;
use std::path::PathBuf;

use crate::program::{Program, program};

pub(crate) const PNG: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVQI12P8v5SBgYGBiYGBgYGBAQAU2QGooxpIiAAAAABJRU5ErkJggg==";
pub(crate) const REFUSED: &str = "http://h.com/a.png";
/// A URL with a user, about which clients disagree; offline, nothing else is wrong with it.
pub(crate) const UNDECIDED: &str = "https://user@cdn.example.org/a.png";

pub(crate) const FORMATS: [&str; 11] =
    ["text", "concise", "reasons", "json", "jsonl", "github", "gitlab", "junit", "sarif", "markdown", "html"];

pub(crate) fn check() -> Program {
    program().args(["check", "--offline"])
}

/// Returns a list of this many rejected assets, one per line.
pub(crate) fn many(assets: usize) -> String {
    (0..assets)
        .flat_map(|number| ["http://h".to_owned(), number.to_string(), ".example.com/a.png\n".to_owned()])
        .collect()
}

/// A folder for files of a test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).expect("a file");
        self.path(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Returns the names of its entries, to check that no unfinished file remains.
    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.0.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }
}
