//! From the files on the command line to a stream of request bodies: JSON, or JSON Lines of bodies.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};

use crate::{Document, LONGEST_BODY, RequestInput, UntrustedText};
use anyhow::{Context as _, bail};
use futures_util::{Stream, StreamExt as _, future, stream};

/// The bodies of files, in order.
pub(crate) struct Files<C> {
    unread: VecDeque<OsString>,
    /// What is left of the file that was read last.
    bodies: VecDeque<RequestInput>,
    broken: C,
}

impl<C: Fn(&str)> Files<C> {
    /// Names the files; nothing is read yet. One that is no JSON is passed over; `broken` learns why.
    pub(crate) fn new(files: &[OsString], broken: C) -> Self {
        Self { unread: files.iter().cloned().collect(), bodies: VecDeque::new(), broken }
    }

    /// Reads the files that are left one after the other, each when its turn comes and beside what is under way.
    pub(crate) fn read(self) -> impl Stream<Item = RequestInput> {
        let Self { unread, bodies: ahead, broken } = self;
        let read = stream::iter(unread).then(|file| tokio::task::spawn_blocking(move || bodies(&file)));
        let read = read.map(|bodies| bodies.unwrap_or_else(|error| Err(error.into())));
        let told = move |bodies: anyhow::Result<Vec<RequestInput>>| {
            future::ready(stream::iter(bodies.unwrap_or_else(|error| {
                broken(&format!("{error:#}"));
                Vec::new()
            })))
        };
        stream::iter(ahead).chain(read.then(told).flatten())
    }
}

/// Reads them at once, one body after the other.
impl<C: Fn(&str)> Iterator for Files<C> {
    type Item = RequestInput;

    fn next(&mut self) -> Option<RequestInput> {
        while self.bodies.is_empty() {
            match bodies(&self.unread.pop_front()?) {
                Ok(bodies) => self.bodies.extend(bodies),
                Err(error) => (self.broken)(&format!("{error:#}")),
            }
        }
        self.bodies.pop_front()
    }
}

/// Refuses a command line that reads standard input twice.
pub(crate) fn once_stdin(files: &[OsString]) -> anyhow::Result<()> {
    if files.iter().filter(|file| *file == "-").count() > 1 {
        bail!("standard input (-) can be read only once");
    }
    Ok(())
}

/// Reads the bodies of one file.
fn bodies(file: &OsString) -> anyhow::Result<Vec<RequestInput>> {
    let name = UntrustedText::new(file.as_encoded_bytes());
    let bytes = bytes(file).with_context(|| format!("{} cannot be read", name.escaped()))?;
    let documents = match Document::read_one_or_lines(&bytes) {
        Ok(documents) => documents,
        Err(unreadable) => bail!("{}:{unreadable}", name.escaped()),
    };
    Ok(documents.into_iter().map(|document| RequestInput { file: name.clone(), document }).collect())
}

/// Reads a file, and one byte more than the longest text that is taken, so that a longer one is known as such.
fn bytes(file: &OsString) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LONGEST_BODY).unwrap_or(u64::MAX).saturating_add(1);
    if file == "-" {
        io::stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
