//! Reads the arguments of the command line as a stream of assets: single assets, folders, `@LIST` files, and `-`.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};

use crate::asset::table::{NO_HEADER, TableFormat, TableRows};
use crate::asset::{Target, list::List, path as local_path};
use crate::rules::wrapping_hint;
use crate::{Asset, Kind, UntrustedText};
use anyhow::{Context as _, bail};
use clap::Args;
use ignore::Walk;

use self::form::{is_file_name, is_like_url, is_list_name, is_text};
use super::args::{choice, name};
use super::{folder, terminal};

pub(crate) use self::reading::Sources;

mod form;
mod reading;

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
    Folder(Box<Walk>, UntrustedText),
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
            let count = count_assets(&file, args.input.or(format), separator(args));
            (list(Box::new(file), name, format, args)?, count)
        } else {
            plain(bytes)?
        };
        open.push_back(source);
        total = total.zip(count).map(|(total, count): (u64, u64)| total + count);
    }
    let is_single = matches!(open.make_contiguous(), [Source::Plain(_)]);
    Ok(Sources::new(open, defaults, total, is_single))
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
        return Ok((Source::Folder(Box::new(walk), UntrustedText::new(bytes)), None));
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
    let format = args.input.or(format).unwrap_or(TableFormat::Text);
    if format == TableFormat::Text {
        if args.column.is_some() {
            bail!("--column needs a list of CSV, TSV or JSON Lines: add --input csv");
        }
        return Ok(Source::List(Box::new(List::new(reader, name).separated_by(separator(args)))));
    }
    let shown = name.escaped().to_string();
    let rows = TableRows::open(reader, name, format, args.column.as_deref());
    let rows = rows.with_context(|| format!("the list {shown} cannot be used"))?;
    if args.column.is_none() && rows.header().is_some_and(is_file_name) {
        bail!("the list {shown} cannot be used: {NO_HEADER}");
    }
    Ok(Source::Table(Box::new(rows)))
}

/// Returns what ends an asset of a plain list.
const fn separator(args: &ListArgs) -> u8 {
    if args.null { b'\0' } else { b'\n' }
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

/// The largest list whose assets are counted in advance, in bytes.
const MAX_COUNTED: u64 = 16 << 20;

/// Counts the assets of a plain list, for the progress bar and to know the last one; `None` for a pipe, or a format whose
/// rows may span lines.
fn count_assets(file: &File, format: Option<TableFormat>, separator: u8) -> Option<u64> {
    let metadata = file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() <= MAX_COUNTED)?;
    if format.is_some_and(|format| format != TableFormat::Text) {
        return None;
    }
    let mut text = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
    let mut reader = file;
    reader.take(MAX_COUNTED).read_to_end(&mut text).ok()?;
    io::Seek::rewind(&mut reader).ok()?;
    let assets = List::new(text.as_slice(), UntrustedText::default()).separated_by(separator);
    assets.map(Result::ok).try_fold(0, |count, asset| asset.map(|_| count + 1))
}
