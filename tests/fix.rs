//! `fix` writes a copy that `check` accepts, or says why it cannot.

mod clip_matrix;
mod clips;
mod disk;
mod downloads;
mod hints;
mod images;
mod lists;
mod matrix;
mod orientations;
mod pillow;
mod preview;
mod urls;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::program::{Outcome, program};

/// A folder for inputs and results, in which the program runs.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Copies a fixture into it.
    fn with(self, fixture: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let name = from.file_name().expect("a name");
        std::fs::copy(&from, self.0.path().join(name)).expect("a fixture");
        self
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        program().current_dir(self.0.path()).args(arguments).run()
    }

    fn fix(&self, arguments: &[&str]) -> Outcome {
        self.run(&[&["fix"], arguments].concat())
    }

    /// Expects `check` to accept a file.
    #[track_caller]
    fn accepts(&self, arguments: &[&str]) {
        self.run(&[&["check", "-q"], arguments].concat()).exit_code(0);
    }

    /// Returns the names of its entries, sorted.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}
