//! From the words on the command line to a stream of assets: plain ones, `@LIST` files, and `-`.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, Read};

use anyhow::{Context as _, bail};
use futures_util::future::Either;
use futures_util::{Stream, StreamExt as _, stream};
use runway_preflight::{Asset, Kind, List, Outside, local_path};
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
    List(Box<List<BufReader<Box<dyn Read + Send>>>>),
}

/// Opens every list, so that one that cannot be read is known before anything is judged.
pub(crate) fn open(words: &[OsString]) -> anyhow::Result<Sources> {
    let mut sources = Vec::with_capacity(words.len());
    let mut stdin = false;
    for word in words {
        let bytes = word.as_encoded_bytes();
        if bytes == b"-" {
            if std::mem::replace(&mut stdin, true) {
                bail!("standard input (-) can be read only once");
            }
            sources.push(list(Box::new(io::stdin()), Outside::from("-")));
        } else if let Some(path) = bytes.strip_prefix(b"@") {
            let name = Outside::new(path);
            sources.push(list(Box::new(open_list(path, &name)?), name));
        } else {
            sources.push(Source::Plain(Asset::new(bytes)));
        }
    }
    Ok(Sources(sources))
}

fn list(reader: Box<dyn Read + Send>, name: Outside) -> Source {
    Source::List(Box::new(List::new(BufReader::with_capacity(64 << 10, reader), name)))
}

/// Opens the file behind `@LIST`.
fn open_list(path: &[u8], name: &Outside) -> anyhow::Result<File> {
    let path = local_path(path).with_context(|| format!("the list {} has no name for this system", name.shown()))?;
    let file = File::open(path).with_context(|| format!("the list {} cannot be opened", name.shown()))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("the list {} is a directory: name a file with one asset a line", name.shown());
    }
    Ok(file)
}

/// The sources of a run, opened but not yet read.
pub(crate) struct Sources(Vec<Source>);

/// What the reading thread hands over: some assets at once, or why it stopped.
type Batch = Result<Vec<Asset>, (Outside, io::Error)>;

/// How many assets, and how many bytes of them, are handed over at once at the most.
const BATCH_ASSETS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;

impl Sources {
    /// Returns how many assets there are, where no list hides it.
    pub(crate) fn count(&self) -> Option<u64> {
        let is_plain = |source: &Source| match source {
            Source::Plain(_) => true,
            Source::List(_) => false,
        };
        self.0.iter().all(is_plain).then_some(self.0.len() as u64)
    }

    /// Hands the assets over as they come. A list that breaks off ends the stream; `broken` learns why.
    pub(crate) fn read(self, common: Common, broken: impl FnOnce(String)) -> impl Stream<Item = Asset> {
        if self.count().is_none() {
            return Either::Left(self.read_lists(common, broken));
        }
        let plain = |(source, place)| match source {
            Source::Plain(asset) => dress(asset, Some(place), &common),
            Source::List(_) => None,
        };
        let assets: Vec<Asset> = self.0.into_iter().zip(0..).filter_map(plain).collect();
        // However many there are, signals have their turn between them.
        Either::Right(stream::iter(assets).then(|asset| async {
            consume_budget().await;
            asset
        }))
    }

    /// Reads the sources on a thread of their own, so that a slow list does not hold up what is under way, and hands
    /// assets over as they come.
    fn read_lists(self, common: Common, broken: impl FnOnce(String)) -> impl Stream<Item = Asset> {
        let (sender, receiver) = mpsc::channel::<Batch>(2);
        let reader = std::thread::Builder::new().name("lists".to_owned()).spawn(move || self.send(&common, &sender));
        let state = (receiver, Vec::new().into_iter(), Some(broken), reader.err());
        stream::unfold(state, |(mut receiver, mut batch, mut broken, failed)| async move {
            loop {
                if let Some(asset) = batch.next() {
                    return Some((asset, (receiver, batch, broken, failed)));
                }
                match receiver.recv().await {
                    Some(Ok(assets)) => batch = assets.into_iter(),
                    Some(Err((name, error))) => {
                        if let Some(broken) = broken.take() {
                            broken(format!("the list {} cannot be read: {error}", name.shown()));
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
    fn send(self, common: &Common, sender: &mpsc::Sender<Batch>) {
        let mut batch = Vec::new();
        let mut bytes = 0;
        let mut places = 0..;
        let mut add = |batch: &mut Vec<Asset>, asset| batch.extend(dress(asset, places.next(), common));
        for source in self.0 {
            let mut list = match source {
                Source::Plain(asset) => {
                    add(&mut batch, asset);
                    continue;
                }
                Source::List(list) => list,
            };
            while let Some(line) = list.next() {
                match line {
                    Ok(asset) => {
                        bytes += asset.text().len();
                        add(&mut batch, asset);
                    }
                    Err(error) => {
                        let _ = sender.blocking_send(Ok(std::mem::take(&mut batch)));
                        let _ = sender.blocking_send(Err((list.name().clone(), error)));
                        return;
                    }
                }
                // What would have to be waited for must not hold back what is here.
                let full = batch.len() >= BATCH_ASSETS || bytes >= BATCH_BYTES;
                if full || list.reader().buffer().is_empty() {
                    bytes = 0;
                    if sender.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
                        return;
                    }
                }
            }
        }
        let _ = sender.blocking_send(Ok(batch));
    }
}

/// Gives an asset what the command line says of all, and its place among them; nothing where it is in another share.
fn dress(mut asset: Asset, place: Option<u64>, common: &Common) -> Option<Asset> {
    if common.shard.is_some_and(|shard| !shard.has(asset.text())) {
        return None;
    }
    asset.field.clone_from(&common.field);
    asset.kind = common.kind;
    asset.index = place;
    Some(asset)
}
