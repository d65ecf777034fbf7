//! What a process meets in addition to its input: signals, broken streams, limits, unusual environments, faults of its own. Each
//! test begins with the number of its case.

mod codes;
mod files;
mod limits;
mod pauses;
mod pipes;
mod signals;
mod surroundings;
mod torture;

use std::fs;
use std::path::PathBuf;

use crate::program::{Program, program};

pub(crate) const PNG: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVQI12P8v5SBgYGBiYGBgYGBAQAU2QGooxpIiAAAAABJRU5ErkJggg==";
pub(crate) const REFUSED: &str = "http://h.com/a.png";
/// A user in the URL: clients disagree, and offline nothing else is wrong.
pub(crate) const UNDECIDED: &str = "https://user@cdn.example.org/a.png";

pub(crate) const FORMATS: [&str; 9] =
    ["text", "concise", "reasons", "json", "jsonl", "github", "junit", "sarif", "markdown"];

pub(crate) fn check() -> Program {
    program().args(["check", "--offline"])
}

/// Names so many assets that are refused, one a line.
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

    /// What lies in it, by name: no unfinished file may stay.
    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.0.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }
}
