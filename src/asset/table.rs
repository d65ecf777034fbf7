//! Assets in a column of CSV or TSV, or under a key of JSON Lines. The location of a row is the line on
//! which it begins, even if quoted cells span several lines.

use std::io::{self, BufRead, Read as _};
use std::sync::{Arc, Mutex};

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::asset::list::{UTF_16, is_utf16};
use crate::asset::{Asset, Location};
use crate::data_uri::is_data_uri;
use crate::lock::lock;
use crate::text::secret::redact_text;
use crate::text::untrusted::UntrustedText;

mod keys;
mod progress;

use keys::KeySearch;
use progress::{Bounded, RowProgress};

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum TableFormat {
    /// One asset per line.
    Text,
    /// Comma-separated values with a header.
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// One JSON value per line.
    #[strum(serialize = "jsonl")]
    JsonLines,
}

impl TableFormat {
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
    header: Option<String>,
    rows: RowReader<R>,
    gaps: RowGaps,
}

/// The rows without an asset: an empty cell, or no such key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowGaps {
    /// How many there are.
    pub count: u64,
    /// The line on which the first one begins.
    pub first: u64,
}

#[derive(Debug)]
enum RowReader<R> {
    Csv { reader: Reader<Bounded<R>>, progress: Arc<Mutex<RowProgress>>, column: usize },
    Json { reader: R, keys: KeySearch, line: u64 },
}

impl<R: BufRead> TableRows<R> {
    /// Opens a table; `column` is a header of CSV, or a key or JSON pointer of JSON Lines.
    ///
    /// # Errors
    /// If the column is missing, or there are several; the error lists the existing ones.
    pub fn open(reader: R, name: UntrustedText, format: TableFormat, column: Option<&str>) -> io::Result<Self> {
        let (header, rows) = if format == TableFormat::JsonLines {
            (None, RowReader::Json { reader, keys: KeySearch::new(column), line: 0 })
        } else {
            let progress = Arc::new(Mutex::new(RowProgress::new(MAX_ROW)));
            let delimiter = if format == TableFormat::Tsv { b'\t' } else { b',' };
            let bounded = Bounded::new(reader, delimiter, Arc::clone(&progress));
            let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bounded);
            let names = names(reader.byte_headers().map_err(io::Error::from)?)?;
            let column = find_column(&names, column)?;
            (names.into_iter().nth(column), RowReader::Csv { reader, progress, column })
        };
        Ok(Self { name, header, rows, gaps: RowGaps::default() })
    }

    /// Returns the rows so far that have no asset.
    pub const fn gaps(&self) -> RowGaps {
        self.gaps
    }

    /// Returns the name of the table.
    pub const fn name(&self) -> &UntrustedText {
        &self.name
    }

    /// Returns the header of the column, if the table has a header.
    pub fn header(&self) -> Option<&str> {
        self.header.as_deref()
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
                self.gaps.first = if self.gaps.count == 0 { line } else { self.gaps.first };
                self.gaps.count += 1;
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
            Self::Json { reader, keys, line } => loop {
                let mut text = Vec::new();
                match reader.take(MAX_ROW).read_until(b'\n', &mut text) {
                    Ok(0) => return keys.missing().map(Err),
                    Ok(read) if read as u64 == MAX_ROW => return Some(Err(invalid(TOO_LONG))),
                    Ok(_) => *line += 1,
                    Err(error) => return Some(Err(error)),
                }
                if let Some(cell) = keys.cell(&text, *line).transpose() {
                    return Some(cell.map(|cell| (cell, *line)));
                }
            },
        }
    }
}

const TOO_LONG: &str = "a row is longer than 16 MiB; a quotation mark may be missing";

/// Returns the names of the columns.
fn names(headers: &ByteRecord) -> io::Result<Vec<String>> {
    if is_utf16(headers.as_slice()) {
        return Err(invalid(UTF_16));
    }
    let name = |name: &[u8]| String::from_utf8_lossy(name).trim().trim_start_matches('\u{feff}').to_owned();
    Ok(headers.iter().map(name).collect())
}

/// Returns the index of the column with this header; without a name, that of the only column.
fn find_column(names: &[String], column: Option<&str>) -> io::Result<usize> {
    // Where the decimal sign is a comma, spreadsheets separate by semicolons.
    let is_semicolons = matches!(names, [name] if name.contains(';') && !is_asset(name));
    let is_blank = names.iter().all(String::is_empty) && names.len() <= 1;
    let has_header = !names.iter().any(|name| is_asset(name));
    let found = match column {
        // An empty table has no columns, and no rows either.
        _ if is_blank => Some(0),
        Some(column) if names.iter().filter(|name| *name == column).count() > 1 => {
            let shown = shown(std::iter::once(column));
            return Err(invalid(&format!("several columns have the name {shown}: rename those that hold no assets")));
        }
        Some(column) => names.iter().position(|name| name == column),
        None if names.len() == 1 && !is_semicolons && has_header => Some(0),
        None => None,
    };
    found.ok_or_else(|| {
        if !has_header {
            return invalid(NO_HEADER);
        }
        let help = if is_semicolons { " (the columns are separated by semicolons, not commas)" } else { "" };
        let shown = shown(names.iter().map(String::as_str));
        invalid(&format!("name the column that holds the assets: --column NAME, one of {shown}{help}"))
    })
}

/// Prints the first names of columns or keys.
fn shown<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let shown = names.take(20).map(|name| UntrustedText::new(redact_text(name)).escaped_up_to(40).to_string());
    shown.collect::<Vec<_>>().join(", ")
}

/// Reports whether a header is an asset, and no name of a column.
fn is_asset(header: &str) -> bool {
    header.contains("://") || is_data_uri(header.as_bytes())
}

/// The error message for a table without a header row.
pub(crate) const NO_HEADER: &str =
    "the first row is an asset, so the list has no header; add one, or read one asset per line with --input text";

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
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
        let text = "{\"a\": {\"b/c\": \"x\"}, \"u\": \"y\"}\n\n{\"u\": null}\n{\"u\": \"z\"}";
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
    fn a_first_row_that_is_an_asset_is_no_header() {
        let open = |text: &str, column| {
            let table = TableRows::open(text.as_bytes(), UntrustedText::from("t"), TableFormat::Csv, column);
            table.err().map(|error| error.to_string()).unwrap_or_default()
        };
        for text in
            ["https://h.com/a", "\u{feff}\"data:image/png;base64,AAAA\"\n", "https://h.com/a;b\nc", "1,ftp://h\n"]
        {
            assert_eq!([open(text, None), open(text, Some("url"))], [NO_HEADER; 2], "{text}");
        }
        assert_eq!(open("url,https://schema.org/image\na,b\n", Some("url")), "");
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
    fn a_missing_quotation_mark_is_named_by_its_line() {
        let error = |text: &str| {
            let table = TableRows::open(text.as_bytes(), UntrustedText::from("t"), TableFormat::Csv, Some("url"));
            let rows = table.and_then(Iterator::collect::<io::Result<Vec<_>>>);
            rows.err().map(|error| error.to_string()).unwrap_or_default()
        };
        let case = |text: &str, line: u64| {
            let expected = format!("the quotation mark on line {line} is not closed");
            for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
                assert_eq!(error(&text), expected, "{text}");
            }
        };
        case("id,url\n1,\"https://a\n2,http://b\n", 2);
        case("url\n\na\n\"b", 4);
        case("\"url\na\n", 1);
        case("id,url\n1,\"https://a\n2,\"http://b\"\n", 2);
        for text in
            ["url\n\"a\"\"\nb\",c\n", "url\na\"b\n5\" c\n", "\"url\"\n\"a\"", "url\n\"a\"x\n", "url,b\na,\"\n\"\n"]
        {
            assert_eq!(error(text), "", "{text}");
        }
    }

    #[test]
    fn an_unclosed_quotation_mark_is_rejected_in_constant_memory() {
        let start = "url\n\"".as_bytes();
        let reader = io::BufReader::new(start.chain(io::repeat(b'a')));
        let mut table = TableRows::open(reader, UntrustedText::from("t"), TableFormat::Csv, None).expect("a table");
        assert!(table.next().is_some_and(|row| row.is_err_and(|error| error.to_string() == TOO_LONG)));
    }
}
