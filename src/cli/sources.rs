//! From the words on the command line to a stream of assets: plain ones, `@LIST` files, and `-`.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, Read};

use crate::{Asset, Kind, List, UntrustedText, local_path};
use anyhow::{Context as _, bail};
use futures_util::future::Either;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;

use super::shard::Shard;

/// What every asset of a run is given.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) field: Option<String>,
    pub(crate) kind: Option<Kind>,
    /// The share of the assets that is judged; all of them where there is none.
    pub(crate) shard: Option<Shard>,
}

/// One source of assets, opened.
enum Source {
    Plain(Asset),
    List(Box<Lines>),
}

type Lines = List<BufReader<Box<dyn Read + Send>>>;

/// Opens every list, so that one that cannot be read is known before anything is judged.
pub(crate) fn open(words: &[OsString], common: Common) -> anyhow::Result<Sources> {
    let mut sources = VecDeque::with_capacity(words.len());
    let mut stdin = false;
    for word in words {
        let bytes = word.as_encoded_bytes();
        if bytes == b"-" {
            if std::mem::replace(&mut stdin, true) {
                bail!("standard input (-) can be read only once");
            }
            sources.push_back(list(Box::new(io::stdin()), UntrustedText::from("-")));
        } else if let Some(path) = bytes.strip_prefix(b"@") {
            let name = UntrustedText::new(path);
            sources.push_back(list(Box::new(open_list(path, &name)?), name));
        } else {
            sources.push_back(Source::Plain(Asset::new(bytes)));
        }
    }
    Ok(Sources { open: sources, common, read: 0 })
}

fn list(reader: Box<dyn Read + Send>, name: UntrustedText) -> Source {
    Source::List(Box::new(List::new(BufReader::with_capacity(64 << 10, reader), name)))
}

/// Opens the file behind `@LIST`.
fn open_list(path: &[u8], name: &UntrustedText) -> anyhow::Result<File> {
    let path = local_path(path).with_context(|| format!("the list {} has no name for this system", name.escaped()))?;
    let file = File::open(path).with_context(|| format!("the list {} cannot be opened", name.escaped()))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("the list {} is a directory: name a file with one asset a line", name.escaped());
    }
    Ok(file)
}

/// The sources of a run, opened, and read from the first to the last.
pub(crate) struct Sources {
    /// Those that are not at their end, the one that is being read first.
    open: VecDeque<Source>,
    common: Common,
    /// How many assets were read, those of other shares as well.
    read: u64,
}

/// What the reading thread hands over: some assets at once, or why it stopped.
type Batch = Result<Vec<Asset>, Broken>;

/// A list that cannot be read to its end.
pub(crate) struct Broken {
    name: UntrustedText,
    error: io::Error,
}

impl Broken {
    /// Says so in one line.
    pub(crate) fn told(&self) -> String {
        format!("the list {} cannot be read: {}", self.name.escaped(), self.error)
    }
}

/// How many assets, and how many bytes of them, are handed over at once at the most.
const BATCH_ASSETS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;

impl Sources {
    /// Returns how many assets there are, where no list hides it and no share leaves some out.
    pub(crate) fn count(&self) -> Option<u64> {
        let is_plain = |source: &Source| match source {
            Source::Plain(_) => true,
            Source::List(_) => false,
        };
        let is_known = self.common.shard.is_none() && self.open.iter().all(is_plain);
        is_known.then_some(self.open.len() as u64)
    }

    /// Reads the next asset of this share; `None` after the last.
    pub(crate) fn next(&mut self) -> Option<Result<Asset, Broken>> {
        loop {
            match self.step()? {
                Ok(Some(asset)) => return Some(Ok(asset)),
                Ok(None) => {}
                Err(broken) => return Some(Err(broken)),
            }
        }
    }

    /// Hands the assets over as they come. A list that breaks off ends the stream; `broken` learns why.
    pub(crate) fn read(mut self, broken: impl FnOnce(String)) -> impl Stream<Item = Asset> {
        if self.count().is_none() {
            return Either::Left(self.read_lists(broken));
        }
        let plain = std::iter::from_fn(move || self.next()?.ok());
        // However many there are, signals have their turn between them.
        Either::Right(stream::iter(plain).then(|asset| async {
            consume_budget().await;
            asset
        }))
    }

    /// Reads the sources on a thread of their own, so that a slow list does not hold up what is under way, and hands
    /// assets over as they come.
    fn read_lists(self, broken: impl FnOnce(String)) -> impl Stream<Item = Asset> {
        let (sender, receiver) = mpsc::channel::<Batch>(2);
        let reader = std::thread::Builder::new().name("lists".to_owned()).spawn(move || self.send(&sender));
        let state = (receiver, Vec::new().into_iter(), Some(broken), reader.err());
        stream::unfold(state, |(mut receiver, mut batch, mut broken, failed)| async move {
            loop {
                if let Some(asset) = batch.next() {
                    return Some((asset, (receiver, batch, broken, failed)));
                }
                match receiver.recv().await {
                    Some(Ok(assets)) => batch = assets.into_iter(),
                    Some(Err(why)) => {
                        if let Some(broken) = broken.take() {
                            broken(why.told());
                        }
                        return None;
                    }
                    None => {
                        if let (Some(error), Some(broken)) = (&failed, broken.take()) {
                            broken(format!("the lists cannot be read: {error}"));
                        }
                        return None;
                    }
                }
            }
        })
    }

    /// Runs on the reading thread: sends batches until the end, an error, or until nobody listens.
    fn send(mut self, sender: &mpsc::Sender<Batch>) {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(read) = self.step() {
            match read {
                Ok(asset) => {
                    bytes += asset.as_ref().map_or(0, |asset| asset.text().len());
                    batch.extend(asset);
                }
                Err(broken) => {
                    let _ = sender.blocking_send(Ok(batch));
                    let _ = sender.blocking_send(Err(broken));
                    return;
                }
            }
            // What would have to be waited for must not hold back what is here.
            if batch.len() >= BATCH_ASSETS || bytes >= BATCH_BYTES || self.must_wait() {
                bytes = 0;
                if sender.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
                    return;
                }
            }
        }
        let _ = sender.blocking_send(Ok(batch));
    }

    /// Reads one asset more, and passes it over where it is in another share: `Some(Ok(None))`.
    fn step(&mut self) -> Option<Result<Option<Asset>, Broken>> {
        loop {
            let asset = match self.open.pop_front()? {
                Source::Plain(asset) => asset,
                Source::List(mut list) => match list.next() {
                    None => continue,
                    Some(Err(error)) => return Some(Err(Broken { name: list.name().clone(), error })),
                    Some(Ok(asset)) => {
                        self.open.push_front(Source::List(list));
                        asset
                    }
                },
            };
            let place = self.read;
            self.read += 1;
            return Some(Ok(dress(asset, place, &self.common)));
        }
    }

    /// Says whether the next line of a list may not be there yet.
    fn must_wait(&self) -> bool {
        match self.open.front() {
            Some(Source::List(list)) => list.reader().buffer().is_empty(),
            Some(Source::Plain(_)) | None => false,
        }
    }
}

/// Gives an asset what the command line says of all, and its place among them; nothing where it is in another share.
fn dress(mut asset: Asset, place: u64, common: &Common) -> Option<Asset> {
    if common.shard.is_some_and(|shard| !shard.has(asset.text())) {
        return None;
    }
    asset.field.clone_from(&common.field);
    asset.kind = common.kind;
    asset.index = Some(place);
    Some(asset)
}
