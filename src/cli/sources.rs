//! Reads the arguments of the command line as a stream of assets: single assets, folders, `@LIST` files, and `-`.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use crate::asset::table::{NO_HEADER, RowGaps, TableFormat, TableRows};
use crate::asset::{Target, list::List, path as local_path};
use crate::fetch::workers::wait_for_thread;
use crate::rules::wrapping_hint;
use crate::units::counted;
use crate::{Asset, Kind, UntrustedText};
use anyhow::{Context as _, bail};
use clap::Args;
use futures_util::{Stream, StreamExt as _, future::Either, stream};
use ignore::Walk;
use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;

use self::form::{is_file_name, is_like_url, is_list_name, is_text};
use super::args::{choice, name};
use super::{folder, notice, terminal};

mod form;

/// Flags that describe the format of lists.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Lists")]
pub(crate) struct ListArgs {
    /// Format of @LIST and - [default: from the file extension, else text]
    #[arg(long, value_name = "FORMAT", value_parser = choice::<TableFormat>(), hide_short_help = true)]
    input: Option<TableFormat>,
    /// CSV header or JSON key that holds the assets
    #[arg(
        long_help = "Column of the assets: a CSV header, or a key or JSON pointer in JSON Lines",
        long, value_name = "NAME", value_parser = name
    )]
    column: Option<String>,
    /// Entries of lists are separated by NUL instead of newlines
    #[arg(short = '0', long, conflicts_with_all = ["input", "column"], hide_short_help = true)]
    null: bool,
}

/// Properties that the command line sets for every asset.
#[derive(Clone, Debug)]
pub(crate) struct Defaults {
    pub(crate) field: Option<String>,
    pub(crate) kind: Option<Kind>,
}

/// One source of assets, opened.
enum Source {
    Plain(Asset),
    Folder(Box<Walk>),
    List(Box<Lines>),
    Table(Box<AssetRows>),
}

type Lines = List<BufReader<Box<dyn Read + Send>>>;
type AssetRows = TableRows<BufReader<Box<dyn Read + Send>>>;

/// Opens every list, so that an unreadable one is reported before anything is checked.
///
/// # Errors
/// Returns an error if a list or a named file cannot be read.
pub(crate) fn open(words: &[OsString], args: &ListArgs, defaults: Defaults) -> anyhow::Result<Sources> {
    let mut open = VecDeque::with_capacity(words.len());
    let (mut stdin, mut total) = (false, Some(0));
    for word in words {
        let bytes = word.as_encoded_bytes();
        let (source, count) = if bytes == b"-" || bytes == b"@-" {
            if std::mem::replace(&mut stdin, true) {
                bail!("standard input (-) can be read only once");
            }
            terminal::prompt("Type one asset per line, then press Ctrl-D.");
            (list(Box::new(io::stdin()), UntrustedText::from("-"), None, args)?, None)
        } else if let Some(path) = bytes.strip_prefix(b"@") {
            let name = UntrustedText::new(path);
            let file = open_list(path, &name)?;
            let format = TableFormat::of_extension(&String::from_utf8_lossy(path)).filter(|_| !args.null);
            if args.input.is_none() && path.to_ascii_lowercase().ends_with(b".json") {
                bail!(
                    "the list {} is JSON: write one asset per line, as `jq -c '.[]'` does, and add --input jsonl",
                    name.escaped()
                );
            }
            let count = count_lines(&file, args.input.or(format));
            (list(Box::new(file), name, format, args)?, count)
        } else {
            plain(bytes)?
        };
        open.push_back(source);
        total = total.zip(count).map(|(total, count): (u64, u64)| total + count);
    }
    let is_single = matches!(open.make_contiguous(), [Source::Plain(_)]);
    Ok(Sources { open, defaults, read: 0, total, is_single, has_noted_scheme: false, excluded: None })
}

/// Opens an argument that is not a list: an asset, or a folder of assets. A named file must be readable.
fn plain(bytes: &[u8]) -> anyhow::Result<(Source, Option<u64>)> {
    let asset = Asset::new(bytes);
    let Target::File(path) = Target::parse(&asset) else { return Ok((Source::Plain(asset), Some(1))) };
    let shown = || shown_name(&asset.redacted(crate::text::secret::QueryRedaction::Redact));
    let metadata = match fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(_) if bytes.is_empty() => bail!("an asset argument is empty"),
        // No file has such a long name. The text is not a path, as its report explains.
        Err(_) if bytes.len() > MAX_NAME => return Ok((Source::Plain(asset), Some(1))),
        Err(_) if is_like_url(bytes) => bail!("{}: no such file; did you mean https://{}?", shown(), shown()),
        Err(error) => match wrapping_hint(bytes) {
            Some(hint) => bail!("{}: no such file. {hint}", shown()),
            None => return Err(error).with_context(|| format!("{} cannot be read", shown())),
        },
    };
    if metadata.is_dir() {
        let walk = folder::open(&path).with_context(|| format!("{} cannot be read", shown()))?;
        return Ok((Source::Folder(Box::new(walk)), None));
    }
    if !metadata.is_file() {
        bail!("{} is not a regular file", shown());
    }
    let file = File::open(&path).with_context(|| format!("{} cannot be read", shown()))?;
    if is_list_name(&path) && is_text(file) {
        bail!("{} is a text file; to check the assets it lists, pass @{}", shown(), shown());
    }
    Ok((Source::Plain(asset), Some(1)))
}

/// The longest file name, in bytes, without the path.
const MAX_NAME: usize = 255;

/// Opens a list in its format.
fn list(
    reader: Box<dyn Read + Send>,
    name: UntrustedText,
    format: Option<TableFormat>,
    args: &ListArgs,
) -> anyhow::Result<Source> {
    let reader = BufReader::with_capacity(64 << 10, reader);
    let separator = if args.null { b'\0' } else { b'\n' };
    let format = args.input.or(format).unwrap_or(TableFormat::Text);
    if format == TableFormat::Text {
        if args.column.is_some() {
            bail!("--column needs a list of CSV, TSV or JSON Lines: add --input csv");
        }
        return Ok(Source::List(Box::new(List::new(reader, name).separated_by(separator))));
    }
    let shown = name.escaped().to_string();
    let rows = TableRows::open(reader, name, format, args.column.as_deref());
    let rows = rows.with_context(|| format!("the list {shown} cannot be used"))?;
    if args.column.is_none() && rows.header().is_some_and(is_file_name) {
        bail!("the list {shown} cannot be used: {NO_HEADER}");
    }
    Ok(Source::Table(Box::new(rows)))
}

/// Returns a name for a message, in quotes where its ends could not be seen.
fn shown_name(name: &UntrustedText) -> String {
    let escaped = name.escaped().to_string();
    if escaped.is_empty() || escaped.trim() != escaped { format!("'{escaped}'") } else { escaped }
}

/// Opens the file of `@LIST`.
fn open_list(path: &[u8], name: &UntrustedText) -> anyhow::Result<File> {
    let path = local_path(path).with_context(|| format!("the list '{}' has no valid name", name.escaped()))?;
    let file = File::open(path).with_context(|| format!("the list {} cannot be opened", shown_name(name)))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("the list {} is a directory; to check the files in it, name it without @", name.escaped());
    }
    Ok(file)
}

/// The largest list whose lines are counted in advance, in bytes.
const MAX_COUNTED: u64 = 16 << 20;

/// Counts the assets of a plain list, for the progress bar; `None` for a pipe, or a format whose rows may span lines.
fn count_lines(file: &File, format: Option<TableFormat>) -> Option<u64> {
    let metadata = file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() <= MAX_COUNTED)?;
    if format.is_some_and(|format| format != TableFormat::Text) {
        return None;
    }
    let mut text = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
    let mut reader = file;
    reader.take(MAX_COUNTED).read_to_end(&mut text).ok()?;
    io::Seek::rewind(&mut reader).ok()?;
    let is_asset = |line: &&[u8]| !matches!(line.trim_ascii().first(), None | Some(b'#'));
    Some(text.split(|byte| *byte == b'\n').filter(is_asset).count() as u64)
}

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
        }
        let _ = sender.blocking_send(Ok(batch));
    }

    /// Reads the next asset; `None` after the last.
    pub(crate) fn next(&mut self) -> Option<Result<Asset, ListError>> {
        loop {
            let source = self.open.front_mut()?;
            let read = match source {
                Source::Plain(_) => match self.open.pop_front() {
                    Some(Source::Plain(asset)) => Some(Ok(asset)),
                    _ => None,
                },
                Source::Folder(walk) => folder::next_media_file(walk, self.excluded.as_deref()).map(Ok),
                Source::List(list) => {
                    list.next().map(|read| read.map_err(|error| ListError { name: list.name().clone(), error }))
                }
                Source::Table(rows) => {
                    rows.next().map(|read| read.map_err(|error| ListError { name: rows.name().clone(), error }))
                }
            };
            match read {
                Some(read) => return Some(read.map(|asset| self.annotate(asset))),
                None => self.open.pop_front().iter().for_each(note_gaps),
            }
        }
    }

    /// Returns whether reading the next asset may block.
    fn must_wait(&self) -> bool {
        match self.open.front() {
            Some(Source::List(list)) => list.reader().buffer().is_empty(),
            Some(Source::Table(_)) => true,
            Some(Source::Plain(_) | Source::Folder(_)) | None => false,
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
            let shown = url.redacted(crate::text::secret::QueryRedaction::Redact);
            let place = format!("{}:{}", location.file.escaped(), location.line);
            notice(&format!("note: {place}: no such file; checking {} instead", shown.escaped()));
        }
        url.location = Some(location);
        url
    }
}
