//! Assets in a column of CSV or TSV, or under a key of JSON Lines. The location of a row is the line on
//! which it begins, even if quoted cells span several lines.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::sync::{Arc, Mutex, PoisonError};

use csv::{ByteRecord, Reader, ReaderBuilder};
use serde_json::Value;

use crate::asset::list::{UTF_16, is_utf16};
use crate::asset::{Asset, Location};
use crate::text::untrusted::UntrustedText;

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// One asset per line.
    Text,
    /// Comma-separated values with a header.
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// One JSON value per line.
    JsonLines,
}

impl TableFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Text, Self::Csv, Self::Tsv, Self::JsonLines];

    /// Returns the name used in flags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::JsonLines => "jsonl",
        }
    }

    /// Returns the format that a file name's extension stands for.
    #[must_use]
    pub fn of_extension(path: &str) -> Option<Self> {
        let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// The longest row that is read, in bytes: a data URI as long as the API accepts, and some other cells.
const MAX_ROW: u64 = 16 << 20;

/// The assets of one table, in order, each with its location.
#[derive(Debug)]
pub struct TableRows<R> {
    name: UntrustedText,
    rows: RowReader<R>,
}

#[derive(Debug)]
enum RowReader<R> {
    Csv { reader: Reader<Bounded<R>>, progress: Arc<Mutex<RowProgress>>, column: usize },
    Json { reader: R, pointer: String, line: u64 },
}

impl<R: BufRead> TableRows<R> {
    /// Opens a table; `column` is a header of CSV, or a key or JSON pointer of JSON Lines.
    ///
    /// # Errors
    /// If the column is missing; the error lists the existing ones.
    pub fn open(reader: R, name: UntrustedText, format: TableFormat, column: Option<&str>) -> io::Result<Self> {
        let rows = if format == TableFormat::JsonLines {
            let Some(column) = column else { return Err(invalid("name the key that holds the assets: --column NAME")) };
            let pointer = if column.starts_with('/') { column.to_owned() } else { format!("/{}", escape_key(column)) };
            RowReader::Json { reader, pointer, line: 0 }
        } else {
            let progress = Arc::new(Mutex::new(RowProgress { left: MAX_ROW, ..RowProgress::default() }));
            let delimiter = if format == TableFormat::Tsv { b'\t' } else { b',' };
            let bounded = Bounded { reader, progress: Arc::clone(&progress) };
            let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bounded);
            let column = find_column(reader.byte_headers().map_err(io::Error::from)?, column)?;
            RowReader::Csv { reader, progress, column }
        };
        Ok(Self { name, rows })
    }

    /// Returns the name of the table.
    pub const fn name(&self) -> &UntrustedText {
        &self.name
    }
}

impl<R: BufRead> Iterator for TableRows<R> {
    type Item = io::Result<Asset>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (text, line) = match self.rows.next()? {
                Ok(row) => row,
                Err(error) => return Some(Err(error)),
            };
            let trimmed = text.trim_ascii();
            if trimmed.is_empty() {
                continue;
            }
            let mut asset = Asset::new(trimmed);
            asset.location = Some(Location { file: self.name.clone(), line, column: 1 });
            return Some(Ok(asset));
        }
    }
}

impl<R: BufRead> RowReader<R> {
    /// Reads the asset of the next row, and the line on which the row begins.
    fn next(&mut self) -> Option<io::Result<(Vec<u8>, u64)>> {
        match self {
            Self::Csv { reader, progress, column } => {
                lock(progress).left = MAX_ROW;
                let mut record = ByteRecord::new();
                match reader.read_byte_record(&mut record) {
                    Ok(false) => None,
                    Ok(true) => {
                        let line = lock(progress).first_line(&record, reader.position().byte());
                        Some(Ok((record.get(*column).unwrap_or_default().to_vec(), line)))
                    }
                    Err(error) => Some(Err(error.into())),
                }
            }
            Self::Json { reader, pointer, line } => {
                let mut text = Vec::new();
                match reader.take(MAX_ROW).read_until(b'\n', &mut text) {
                    Ok(0) => None,
                    Ok(read) if read as u64 == MAX_ROW => Some(Err(invalid(TOO_LONG))),
                    Ok(_) => {
                        *line += 1;
                        Some(json_cell(&text, pointer, *line).map(|cell| (cell, *line)))
                    }
                    Err(error) => Some(Err(error)),
                }
            }
        }
    }
}

const TOO_LONG: &str = "a row is longer than 16 MiB; a quotation mark may be missing";

/// Returns the text at a JSON pointer of one line; nothing for a blank line, or where there is no text.
fn json_cell(line: &[u8], pointer: &str, number: u64) -> io::Result<Vec<u8>> {
    if line.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    if number == 1 && is_utf16(line) {
        return Err(invalid(UTF_16));
    }
    let describe = |error: serde_json::Error| {
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default();
        invalid(&format!("line {number} is not JSON: {what} at column {}", error.column()))
    };
    let value: Value = serde_json::from_slice(line).map_err(describe)?;
    Ok(value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().as_bytes().to_vec())
}

/// Writes a key as a part of a JSON pointer.
fn escape_key(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the index of the column with this header; without a name, that of the only column.
fn find_column(headers: &ByteRecord, column: Option<&str>) -> io::Result<usize> {
    if is_utf16(headers.as_slice()) {
        return Err(invalid(UTF_16));
    }
    let names: Vec<String> = headers
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().trim_start_matches('\u{feff}').to_owned())
        .collect();
    // Where the decimal sign is a comma, spreadsheets separate by semicolons.
    let is_semicolons = matches!(names.as_slice(), [name] if name.contains(';'));
    let is_blank = names.iter().all(String::is_empty) && names.len() <= 1;
    let found = match column {
        // An empty table has no columns, and no rows either.
        _ if is_blank => Some(0),
        Some(column) => names.iter().position(|name| name == column),
        None if names.len() == 1 && !is_semicolons => Some(0),
        None => None,
    };
    found.ok_or_else(|| {
        let shown: Vec<String> = names
            .iter()
            .take(20)
            .map(|name| UntrustedText::from(name.as_str()).escaped_up_to(40).to_string())
            .collect();
        let help = if is_semicolons { " (the columns are separated by semicolons, not commas)" } else { "" };
        let shown = shown.join(", ");
        invalid(&format!("name the column that holds the assets: --column NAME, one of {shown}{help}"))
    })
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// How far a table was read. The line numbers of the csv crate are off by one after CRLF and after blank lines, because
/// it takes them before it skips the row separator.
#[derive(Debug, Default)]
struct RowProgress {
    /// How many more bytes may be read before the next row ends.
    left: u64,
    /// How many bytes were read.
    read: u64,
    /// The offsets of line feeds that were read and belong to no earlier row.
    line_feeds: VecDeque<u64>,
    /// How many line feeds belong to earlier rows.
    passed: u64,
}

impl RowProgress {
    /// Returns the line on which a row begins that ends before the byte `end`.
    #[expect(clippy::naive_bytecount, reason = "rows are short")]
    fn first_line(&mut self, row: &ByteRecord, end: u64) -> u64 {
        let mut is_ended_by_line_feed = false;
        while let Some(at) = self.line_feeds.front().copied().filter(|at| *at < end) {
            self.line_feeds.pop_front();
            self.passed += 1;
            is_ended_by_line_feed = at + 1 == end;
        }
        let inside = row.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        (self.passed + u64::from(!is_ended_by_line_feed)).saturating_sub(inside)
    }
}

fn lock(progress: &Mutex<RowProgress>) -> std::sync::MutexGuard<'_, RowProgress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reader that records line feeds, and fails in a row that is too long.
#[derive(Debug)]
struct Bounded<R> {
    reader: R,
    progress: Arc<Mutex<RowProgress>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let mut progress = lock(&self.progress);
        progress.left = progress.left.checked_sub(read as u64).ok_or_else(|| invalid(TOO_LONG))?;
        let start = progress.read;
        let bytes = buffer.get(..read).unwrap_or_default().iter();
        let line_feeds = bytes.zip(start..).filter(|(byte, _)| **byte == b'\n').map(|(_, at)| at);
        progress.line_feeds.extend(line_feeds);
        progress.read += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, format: TableFormat, column: Option<&str>) -> Vec<(String, u64)> {
        let table = TableRows::open(text.as_bytes(), UntrustedText::from("t"), format, column).expect("a table");
        table
            .map(|asset| asset.expect("a row"))
            .map(|asset| {
                let line = asset.location.as_ref().expect("a location").line;
                (String::from_utf8_lossy(asset.text()).into_owned(), line)
            })
            .collect()
    }

    #[test]
    fn rows_have_the_line_on_which_they_begin() {
        let text = "id,note,url\r\n1,\"two\nlines\",https://h.com/a\r\n\r\n2,,\n3,x,\"https://h.com/b,c\"\n4\n";
        let expected = [("https://h.com/a".to_owned(), 2), ("https://h.com/b,c".to_owned(), 6)];
        assert_eq!(rows(text, TableFormat::Csv, Some("url")), expected);
        assert_eq!(rows("\u{feff}u\thttp\na\tb\n", TableFormat::Tsv, Some("u")), [("a".to_owned(), 2)]);
        assert_eq!(rows("url\na\n", TableFormat::Csv, None), [("a".to_owned(), 2)]);
        let expected = [("a".to_owned(), 3), ("b".to_owned(), 4), ("c".to_owned(), 6), ("d".to_owned(), 8)];
        for text in ["url\n\na\nb\n\nc,\"\n\"\nd", "url\r\n\r\na\r\nb\r\n\r\nc,\"\r\n\"\r\nd"] {
            assert_eq!(rows(text, TableFormat::Csv, Some("url")), expected);
        }
    }

    #[test]
    fn keys_and_pointers_find_the_same() {
        let text = "{\"a\": {\"b/c\": \"x\"}, \"u\": \"y\"}\n\n{\"u\": 1}\n{\"u\": \"z\"}";
        assert_eq!(rows(text, TableFormat::JsonLines, Some("/a/b~1c")), [("x".to_owned(), 1)]);
        assert_eq!(rows(text, TableFormat::JsonLines, Some("u")), [("y".to_owned(), 1), ("z".to_owned(), 4)]);
    }

    #[test]
    fn the_error_for_a_missing_column_lists_the_columns() {
        let open = |column| TableRows::open("a,b\n".as_bytes(), UntrustedText::from("t"), TableFormat::Csv, column);
        for column in [None, Some("c")] {
            assert!(open(column).is_err_and(|error| error.to_string().ends_with("one of a, b")));
        }
    }

    #[test]
    fn an_empty_table_has_no_rows() {
        for text in ["", "\n\n", "\u{feff}"] {
            for column in [None, Some("url")] {
                assert_eq!(rows(text, TableFormat::Csv, column), []);
            }
        }
    }

    #[test]
    fn semicolons_and_utf_16_are_named() {
        let open = |text: &[u8]| {
            let table = TableRows::open(text, UntrustedText::from("t"), TableFormat::Csv, Some("url"));
            table.err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(open(b"name;url\na;b\n").ends_with("(the columns are separated by semicolons, not commas)"));
        assert_eq!(open(b"\xff\xfeu\0r\0l\0\n\0"), UTF_16);
    }

    #[test]
    fn an_unclosed_quotation_mark_is_rejected_in_constant_memory() {
        let start = "url\n\"".as_bytes();
        let reader = io::BufReader::new(start.chain(io::repeat(b'a')));
        let mut table = TableRows::open(reader, UntrustedText::from("t"), TableFormat::Csv, None).expect("a table");
        assert!(table.next().is_some_and(|row| row.is_err_and(|error| error.to_string() == TOO_LONG)));
    }
}
