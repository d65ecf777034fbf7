//! Reads the files on the command line as a stream of request bodies: one JSON body, or JSON Lines with one per line.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};

use crate::fetch::workers::Workers;
use crate::request::document::MAX_LENGTH as LONGEST_BODY;
use crate::{Document, RequestInput, UntrustedText};
use anyhow::{Context as _, bail};
use futures_util::{Stream, StreamExt as _, future, stream};

use super::terminal;

/// The request bodies of files, in order.
pub(crate) struct Files {
    unread: VecDeque<OsString>,
    /// The remaining bodies of the last file that was read.
    bodies: VecDeque<RequestInput>,
}

impl Files {
    /// Creates a reader of these files; nothing is read yet.
    pub(crate) fn new(files: &[OsString]) -> Self {
        Self { unread: files.iter().cloned().collect(), bodies: VecDeque::new() }
    }

    /// Reads the next body, and reports each file that is not JSON.
    pub(crate) fn next(&mut self, failed: impl Fn(&str)) -> Option<RequestInput> {
        while self.bodies.is_empty() {
            match read_bodies(&self.unread.pop_front()?) {
                Ok(bodies) => self.bodies.extend(bodies),
                Err(error) => failed(&format!("{error:#}")),
            }
        }
        self.bodies.pop_front()
    }

    /// Reads the remaining files one after the other, while bodies are being checked, and reports each file that is not
    /// JSON.
    pub(crate) fn read(self, failed: impl Fn(&str)) -> impl Stream<Item = RequestInput> {
        let Self { unread, bodies: ahead } = self;
        let reader = Workers::new(1);
        let read = stream::iter(unread).then(move |file| {
            let reader = reader.clone();
            async move { reader.run(move || read_bodies(&file)).await }
        });
        let bodies = move |bodies: anyhow::Result<Vec<RequestInput>>| {
            future::ready(stream::iter(bodies.unwrap_or_else(|error| {
                failed(&format!("{error:#}"));
                Vec::new()
            })))
        };
        stream::iter(ahead).chain(read.then(bodies).flatten())
    }
}

/// Refuses a command line that reads standard input twice, or names a file that cannot be opened, before anything is
/// checked.
pub(crate) fn refuse_unreadable(files: &[OsString]) -> anyhow::Result<()> {
    if files.iter().filter(|file| *file == "-").count() > 1 {
        bail!("standard input (-) can be read only once");
    }
    if files.iter().any(|file| file == "-") {
        terminal::prompt("Paste the request body, then press Ctrl-D.");
    }
    for file in files.iter().filter(|file| *file != "-") {
        let name = UntrustedText::new(file.as_encoded_bytes());
        let name = name.escaped();
        let metadata = fs::metadata(file).with_context(|| format!("{name} cannot be read"))?;
        // A folder has other JSON than bodies, and passing over it would pass over a body with a mistake as well.
        if metadata.is_dir() {
            bail!("{name} is a directory; name the files: runway-preflight body {name}/*.json");
        }
        // A pipe can be opened only once.
        if metadata.is_file() {
            File::open(file).with_context(|| format!("{name} cannot be read"))?;
        }
    }
    Ok(())
}

/// Reads the bodies of one file.
fn read_bodies(file: &OsString) -> anyhow::Result<Vec<RequestInput>> {
    let name = UntrustedText::new(file.as_encoded_bytes());
    let bytes = read_file(file).with_context(|| format!("{} cannot be read", name.escaped()))?;
    let documents = match Document::read_one_or_lines(bytes) {
        Ok(documents) => documents,
        Err(error) => bail!("{}:{error}", name.escaped()),
    };
    Ok(documents.into_iter().map(|document| RequestInput { file: name.clone(), document }).collect())
}

/// Reads a file up to one byte beyond the longest accepted body, so that a longer one is recognized.
fn read_file(file: &OsString) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LONGEST_BODY).unwrap_or(u64::MAX).saturating_add(1);
    if file == "-" {
        io::stdin().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    // The spare capacity of the growing buffer can be as large as the file.
    bytes.shrink_to_fit();
    Ok(bytes)
}
