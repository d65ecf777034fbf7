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

use std::path::Path;

use crate::folder::Folder;
use crate::program::{Outcome, program};

impl Folder {
    /// Copies a fixture into it.
    fn with(self, fixture: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let name = from.file_name().expect("a name");
        std::fs::copy(&from, self.root().join(name)).expect("a fixture");
        self
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        program().current_dir(self.root()).args(arguments).run()
    }

    fn fix(&self, arguments: &[&str]) -> Outcome {
        self.run(&[&["fix"], arguments].concat())
    }

    /// Expects `check` to accept a file.
    #[track_caller]
    fn accepts(&self, arguments: &[&str]) {
        self.run(&[&["check", "-q"], arguments].concat()).exit_code(0);
    }
}
