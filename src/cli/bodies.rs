//! From the files on the command line to a stream of request bodies: JSON, or JSON Lines of bodies.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};

use crate::fetch::workers::Workers;
use crate::request::document::MAX_LENGTH as LONGEST_BODY;
use crate::{Document, RequestInput, UntrustedText};
use anyhow::{Context as _, bail};
use futures_util::{Stream, StreamExt as _, future, stream};

/// The request bodies of files, in order.
pub(crate) struct Files {
    unread: VecDeque<OsString>,
    /// What is left of the file that was read last.
    bodies: VecDeque<RequestInput>,
}

impl Files {
    /// Names the files; nothing is read yet.
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

    /// Reads the files that are left, each when its turn comes, while others are checked, and reports each one that is
    /// not JSON.
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

/// Refuses a command line that reads standard input twice.
pub(crate) fn refuse_second_stdin(files: &[OsString]) -> anyhow::Result<()> {
    if files.iter().filter(|file| *file == "-").count() > 1 {
        bail!("standard input (-) can be read only once");
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

/// Reads a file, and one byte more than the longest text that is accepted, so that a longer one is known as such.
fn read_file(file: &OsString) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LONGEST_BODY).unwrap_or(u64::MAX).saturating_add(1);
    if file == "-" {
        io::stdin().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    // What was set aside while the file grew would be as large as the file.
    bytes.shrink_to_fit();
    Ok(bytes)
}
