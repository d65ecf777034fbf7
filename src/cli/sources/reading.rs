//! Reads the opened sources one after the other, and streams their assets.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;

use futures_util::{Stream, StreamExt as _, future::Either, stream};
use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;

use super::form::is_like_url;
use super::{Defaults, Source, shown_name};
use crate::asset::path as local_path;
use crate::asset::table::RowGaps;
use crate::cli::{folder, notice};
use crate::fetch::workers::wait_for_thread;
use crate::text::secret::QueryRedaction;
use crate::units::counted;
use crate::{Asset, UntrustedText};

/// The sources of a run, opened, and read from the first to the last.
pub(crate) struct Sources {
    /// The sources that are not exhausted; the first one is being read.
    open: VecDeque<Source>,
    defaults: Defaults,
    /// How many assets were read.
    read: u64,
    /// The total number of assets, if known.
    total: Option<u64>,
    is_single: bool,
    has_noted_scheme: bool,
    /// Whether the first open source had an asset.
    has_asset: bool,
    /// The exhausted lists and folders that had none.
    empty: Vec<UntrustedText>,
    /// A folder that no other folder brings the files of.
    excluded: Option<PathBuf>,
}

/// Notes the rows of a table that have no asset, because they are not checked.
fn note_gaps(source: &Source) {
    let Source::Table(rows) = source else { return };
    let RowGaps { count, first } = rows.gaps();
    if count > 0 {
        let (rows, name) = (counted(count, "row"), rows.name().escaped());
        notice(&format!("note: the list {name} has {rows} without an asset; the first is on line {first}"));
    }
}

/// What the reading thread sends: a batch of assets, or the error that stopped it.
type Batch = Result<Vec<Asset>, ListError>;

/// A list that cannot be read to its end.
pub(crate) struct ListError {
    name: UntrustedText,
    error: io::Error,
}

impl ListError {
    /// Describes it in one line.
    pub(crate) fn describe(&self) -> String {
        format!("the list {} cannot be read: {}", self.name.escaped(), self.error)
    }
}

/// The limits of a batch: assets, and bytes of their text.
const BATCH_ASSETS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;

impl Sources {
    pub(super) fn new(open: VecDeque<Source>, defaults: Defaults, total: Option<u64>, is_single: bool) -> Self {
        let (read, has_noted_scheme, has_asset) = (0, false, false);
        Self { open, defaults, read, total, is_single, has_noted_scheme, has_asset, empty: Vec::new(), excluded: None }
    }

    /// Returns the total number of assets, if known.
    pub(crate) fn count(&self) -> Option<u64> {
        self.total
    }

    /// Returns whether the input is a single named asset.
    pub(crate) fn is_single(&self) -> bool {
        self.is_single
    }

    /// Says whether there are only assets that are named, and no list or folder.
    pub(crate) fn are_named(&self) -> bool {
        self.open.iter().all(|source| matches!(source, Source::Plain(_)))
    }

    /// Leaves out what is in a folder, where that lies in one that is read.
    #[cfg(feature = "fix")]
    pub(crate) fn exclude(&mut self, folder: &std::path::Path) {
        self.excluded = folder.canonicalize().ok();
    }

    /// Streams assets as they are read. A list that cannot be read to its end ends the stream; `failed` gets the error.
    pub(crate) fn read(mut self, failed: impl FnOnce(String)) -> impl Stream<Item = Asset> {
        if !self.are_named() {
            return Either::Left(self.read_lists(failed));
        }
        let plain = std::iter::from_fn(move || self.next()?.ok());
        // Yields regularly, so that signals are handled between assets.
        Either::Right(stream::iter(plain).then(|asset| async {
            consume_budget().await;
            asset
        }))
    }

    /// Reads the sources on a separate thread, so that a slow list does not delay assets in flight, and streams assets
    /// as they are read.
    fn read_lists(self, failed: impl FnOnce(String)) -> impl Stream<Item = Asset> {
        let (sender, receiver) = mpsc::channel::<Batch>(2);
        wait_for_thread();
        let reader = std::thread::Builder::new().name("lists".to_owned()).spawn(move || self.send(&sender));
        let state = (receiver, Vec::new().into_iter(), Some(failed), reader.err());
        stream::unfold(state, |(mut receiver, mut batch, mut failed, not_started)| async move {
            loop {
                if let Some(asset) = batch.next() {
                    return Some((asset, (receiver, batch, failed, not_started)));
                }
                match receiver.recv().await {
                    Some(Ok(assets)) => batch = assets.into_iter(),
                    Some(Err(error)) => {
                        if let Some(failed) = failed.take() {
                            failed(error.describe());
                        }
                        return None;
                    }
                    None => {
                        if let (Some(error), Some(failed)) = (&not_started, failed.take()) {
                            failed(format!("the lists cannot be read: {error}"));
                        }
                        return None;
                    }
                }
            }
        })
    }

    /// Runs on the reading thread: sends batches until the end, an error, or until the receiver is dropped.
    fn send(mut self, sender: &mpsc::Sender<Batch>) {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(read) = self.next() {
            match read {
                Ok(asset) => {
                    bytes += asset.text().len();
                    batch.push(asset);
                }
                Err(error) => {
                    let _ = sender.blocking_send(Ok(batch));
                    let _ = sender.blocking_send(Err(error));
                    return;
                }
            }
            // Waiting for more input must not delay assets that are already read.
            if batch.len() >= BATCH_ASSETS || bytes >= BATCH_BYTES || self.must_wait() {
                bytes = 0;
                if sender.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
                    return;
                }
            }
        }
        if self.read == 0 {
            notice("note: the input has no assets; nothing was checked");
        } else {
            let note = |name: &UntrustedText| notice(&format!("note: {} has no assets", shown_name(name)));
            self.empty.iter().for_each(note);
        }
        let _ = sender.blocking_send(Ok(batch));
    }

    /// Reads the next asset; `None` after the last.
    pub(crate) fn next(&mut self) -> Option<Result<Asset, ListError>> {
        loop {
            let source = self.open.front_mut()?;
            let read = match source {
                Source::Plain(_) => match self.open.pop_front() {
                    Some(Source::Plain(asset)) => return Some(Ok(self.annotate(asset))),
                    _ => None,
                },
                Source::Folder(walk, _) => folder::next_media_file(walk, self.excluded.as_deref()).map(Ok),
                Source::List(list) => {
                    list.next().map(|read| read.map_err(|error| ListError { name: list.name().clone(), error }))
                }
                Source::Table(rows) => {
                    rows.next().map(|read| read.map_err(|error| ListError { name: rows.name().clone(), error }))
                }
            };
            match read {
                Some(read) => {
                    self.has_asset = true;
                    return Some(read.map(|asset| self.annotate(asset)));
                }
                None => self.close_first(),
            }
        }
    }

    /// Closes the first source, which is exhausted.
    fn close_first(&mut self) {
        let Some(source) = self.open.pop_front() else { return };
        note_gaps(&source);
        if !std::mem::take(&mut self.has_asset) {
            self.empty.push(match source {
                Source::Plain(asset) => asset.redacted(QueryRedaction::Redact),
                Source::Folder(_, name) => name,
                Source::List(list) => list.name().clone(),
                Source::Table(rows) => rows.name().clone(),
            });
        }
    }

    /// Returns whether reading the next asset may block.
    fn must_wait(&self) -> bool {
        match self.open.front() {
            Some(Source::List(list)) => list.reader().buffer().is_empty(),
            Some(Source::Table(_)) => true,
            Some(Source::Plain(_) | Source::Folder(..)) | None => false,
        }
    }

    /// Sets an asset's defaults and index, and adds a scheme that a list omits.
    fn annotate(&mut self, asset: Asset) -> Asset {
        let mut asset = self.with_scheme(asset);
        asset.field.clone_from(&self.defaults.field);
        asset.kind = self.defaults.kind;
        asset.index = Some(self.read);
        self.read += 1;
        asset
    }

    /// Reads `cdn.example.com/a.jpg` in a list as a URL if no such file exists, and notes that once.
    fn with_scheme(&mut self, asset: Asset) -> Asset {
        let Some(location) = asset.location.clone() else { return asset };
        if !is_like_url(asset.text()) || local_path(asset.text()).is_some_and(|path| path.exists()) {
            return asset;
        }
        let mut url = b"https://".to_vec();
        url.extend_from_slice(asset.text());
        let mut url = Asset::new(url);
        if !std::mem::replace(&mut self.has_noted_scheme, true) {
            let shown = url.redacted(QueryRedaction::Redact);
            let place = format!("{}:{}", location.file.escaped(), location.line);
            notice(&format!("note: {place}: no such file; checking {} instead", shown.escaped()));
        }
        url.location = Some(location);
        url
    }
}
