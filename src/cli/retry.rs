//! `--retry-from`: the rows of an earlier run that are taken over.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use crate::output::resume_log::{ResumeLog, ResumeLogError};
use anyhow::{Context as _, bail};

use super::args::OutputArgs;

/// The rows of an earlier run, read once more while those that may pass now are checked again.
pub(crate) struct PreviousRows {
    log: ResumeLog<BufReader<File>>,
    are_requests: bool,
}

/// Opens the file of `--retry-from`, which is read twice.
///
/// # Errors
/// Where it cannot be read, or the results would replace it.
pub(crate) fn open(path: &Path, output: &OutputArgs) -> anyhow::Result<File> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("--retry-from {name} cannot be read"))?;
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        bail!("--retry-from {name} is not a regular file");
    }
    let is_same =
        |other: &Path| other.canonicalize().is_ok_and(|other| path.canonicalize().is_ok_and(|it| it == other));
    if output.output.as_deref().is_some_and(is_same) {
        bail!("--retry-from and --output name one file: write the new results to another one");
    }
    Ok(file)
}

impl PreviousRows {
    /// Reads the rows once more, those of request bodies or of assets.
    pub(crate) fn new(file: File, are_requests: bool) -> Self {
        Self { log: ResumeLog::new(BufReader::new(file)), are_requests }
    }

    /// Passes on the rows before this one that are taken over, and skips the one that it replaces.
    ///
    /// # Errors
    /// Where the file cannot be read any more, and those of `write`.
    pub(crate) fn before(&mut self, index: u64, mut write: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        while let Some((number, is_replaced)) = self.next().map_err(|error| changed(&error))? {
            if number >= index {
                break;
            }
            if !is_replaced {
                write(self.log.text())?;
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<(u64, bool)>, ResumeLogError> {
        Ok(if self.are_requests {
            self.log.next_request()?.map(|line| (line.index, line.may_pass_now()))
        } else {
            self.log.next_asset()?.map(|line| (line.index, line.may_pass_now()))
        })
    }
}

/// Describes a file that was different when it was read first.
fn changed(error: &ResumeLogError) -> io::Error {
    io::Error::other(format!("the file of --retry-from has changed{error}"))
}
