//! How far a table was read: the lines of its rows, their length, and whether a quotation mark is open.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use csv::ByteRecord;

use super::{TOO_LONG, invalid};

use crate::lock::lock;

/// How far a table was read. The line numbers of the csv crate are off by one after CRLF and after blank lines, because
/// it takes them before it skips the row separator.
#[derive(Debug, Default)]
pub(super) struct RowProgress {
    /// How many more bytes may be read before the next row ends.
    pub(super) left: u64,
    /// How many bytes were read.
    read: u64,
    /// The offsets of line feeds that were read and belong to no earlier row.
    line_feeds: VecDeque<u64>,
    /// How many line feeds belong to earlier rows.
    passed: u64,
}

impl RowProgress {
    /// Starts with a row of this many bytes at most.
    pub(super) fn new(left: u64) -> Self {
        Self { left, ..Self::default() }
    }

    /// Returns the line on which a row begins that ends before the byte `end`.
    #[expect(clippy::naive_bytecount, reason = "rows are short")]
    pub(super) fn first_line(&mut self, row: &ByteRecord, end: u64) -> u64 {
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

/// A reader that records line feeds, and fails in a row that is too long or that a missing quotation mark ends.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    reader: R,
    progress: Arc<Mutex<RowProgress>>,
    quotes: QuoteScanner,
}

impl<R> Bounded<R> {
    pub(super) fn new(reader: R, delimiter: u8, progress: Arc<Mutex<RowProgress>>) -> Self {
        let quotes = QuoteScanner { delimiter, cell: Cell::Start, line: 1, opened: 0 };
        Self { reader, progress, quotes }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let mut progress = lock(&self.progress);
        progress.left = progress.left.checked_sub(read as u64).ok_or_else(|| invalid(TOO_LONG))?;
        let start = progress.read;
        let bytes = buffer.get(..read).unwrap_or_default();
        for (byte, at) in bytes.iter().zip(start..) {
            if *byte == b'\n' {
                progress.line_feeds.push_back(at);
            }
            // A byte order mark is no part of the first cell.
            if at > 2 || *byte != [0xef, 0xbb, 0xbf][usize::try_from(at).unwrap_or_default()] {
                self.quotes.scan(*byte)?;
            }
        }
        progress.read += read as u64;
        if read == 0 && !buffer.is_empty() {
            self.quotes.end()?;
        }
        Ok(read)
    }
}

/// Finds a quotation mark that is not closed, as RFC 4180 reads a table: the parser would take the rows behind it for
/// its cell.
#[derive(Debug)]
struct QuoteScanner {
    delimiter: u8,
    cell: Cell,
    /// The current line.
    line: u64,
    /// The line on which the last quotation mark opened a cell.
    opened: u64,
}

/// Where a cell was read to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Start,
    Bare,
    Quoted,
    /// After a quotation mark that closes the cell, or is doubled.
    Closed,
}

impl QuoteScanner {
    fn scan(&mut self, byte: u8) -> io::Result<()> {
        let ends = byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        self.cell = match self.cell {
            Cell::Start if byte == b'"' => {
                self.opened = self.line;
                Cell::Quoted
            }
            Cell::Quoted if byte == b'"' => Cell::Closed,
            Cell::Closed if byte == b'"' => Cell::Quoted,
            Cell::Quoted => Cell::Quoted,
            // The quotation mark is not that of this cell, but of one that begins on a later line.
            Cell::Closed if !ends && self.line > self.opened => return Err(self.unclosed()),
            Cell::Start | Cell::Bare | Cell::Closed if ends => Cell::Start,
            Cell::Start | Cell::Bare | Cell::Closed => Cell::Bare,
        };
        self.line += u64::from(byte == b'\n');
        Ok(())
    }

    fn end(&self) -> io::Result<()> {
        if self.cell == Cell::Quoted { Err(self.unclosed()) } else { Ok(()) }
    }

    fn unclosed(&self) -> io::Error {
        invalid(&format!("the quotation mark on line {} is not closed", self.opened))
    }
}
