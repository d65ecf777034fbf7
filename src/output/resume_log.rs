//! Reads JSON Lines back to resume a run: which assets or requests already have their verdict, and how many bytes are
//! complete lines. Anything else in the file is refused, never skipped.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::fmt;
use std::io::{self, BufRead, Read as _};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::fingerprint::RunFingerprint;
use super::json;
use crate::asset::{Asset, Location};
use crate::finding::Verdict;
use crate::text::secret::QueryRedaction;

/// How every line begins, be it an asset's or a request's.
const BEGINNING: &[u8] = b"{\"index\":";

/// The longest line that is read, in bytes: as long as the longest request body that is taken. It is what one line may
/// take of memory.
const MAX_LINE: u64 = 64 << 20;

/// The lines of an earlier run, in order.
#[derive(Debug)]
pub struct ResumeLog<R> {
    reader: R,
    text: Vec<u8>,
    line: u64,
    end: u64,
}

/// Why a file cannot be resumed.
#[derive(Debug)]
pub enum ResumeLogError {
    /// It cannot be read.
    Unreadable(io::Error),
    /// This line, counted from 1, is none that a run over assets, or over requests, has written.
    Foreign(u64),
    /// This line is longer than any that is read.
    TooLong(u64),
}

impl fmt::Display for ResumeLogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, " cannot be read: {error}"),
            Self::Foreign(line) => write!(f, ":{line}: such a line was not written by this command"),
            Self::TooLong(line) => write!(f, ":{line}: the line is longer than {} MiB", MAX_LINE >> 20),
        }
    }
}

impl std::error::Error for ResumeLogError {}

impl<R: BufRead> ResumeLog<R> {
    /// Reads from the beginning of a file; nothing is read yet.
    pub const fn new(reader: R) -> Self {
        Self { reader, text: Vec::new(), line: 0, end: 0 }
    }

    /// Returns how many bytes the whole lines take that were read so far: what follows the last one is truncated.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Returns how many lines were read.
    pub const fn lines(&self) -> u64 {
        self.line
    }

    /// Reads the next line of a run over assets; `None` behind the last whole one.
    ///
    /// # Errors
    /// Where the line is no such line, nor the beginning of one that a crash has cut off.
    pub fn next_asset(&mut self) -> Result<Option<AssetLine>, ResumeLogError> {
        self.next()
    }

    /// Reads the next line of a run over request bodies; `None` behind the last whole one.
    ///
    /// # Errors
    /// As for [`Self::next_asset`].
    pub fn next_request(&mut self) -> Result<Option<RequestLine>, ResumeLogError> {
        self.next()
    }

    fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ResumeLogError> {
        let number = self.line.saturating_add(1);
        self.text.clear();
        let mut some = self.reader.by_ref().take(MAX_LINE);
        let read = some.read_until(b'\n', &mut self.text).map_err(ResumeLogError::Unreadable)? as u64;
        let Some(text) = self.text.strip_suffix(b"\n") else {
            let text = without_zeros(&self.text);
            return match read {
                MAX_LINE => Err(ResumeLogError::TooLong(number)),
                // Nothing but the line end may be missing.
                _ if is_truncated(text) || ours::<T>(text).is_some() => Ok(None),
                _ => Err(ResumeLogError::Foreign(number)),
            };
        };
        let row = ours(text).ok_or(ResumeLogError::Foreign(number))?;
        self.line = number;
        self.end = self.end.saturating_add(read);
        Ok(Some(row))
    }
}

/// Reads a line, if it is one of ours. What is passed over in it must be text as well: a run that went on behind a line
/// that is none would leave a file that nobody can read.
fn ours<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.as_bytes().starts_with(BEGINNING))?;
    serde_json::from_str(text).ok()
}

/// Leaves out the zeros at the end, which nobody wrote: after a loss of power a file may end in them.
fn without_zeros(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    text.get(..end).unwrap_or_default()
}

/// Says whether a text is nothing, or the beginning of a line of ours.
fn is_truncated(text: &[u8]) -> bool {
    let is_begun = || serde_json::from_slice::<IgnoredAny>(text).is_err_and(|error| error.is_eof());
    // To this parser a number that breaks off in its middle, `1.`, is no number rather than the beginning of one.
    let is_number =
        || serde_json::from_reader::<_, IgnoredAny>(text.chain(&b"0"[..])).is_err_and(|error| error.is_eof());
    BEGINNING.starts_with(text) || (text.starts_with(BEGINNING) && (is_begun() || is_number()))
}

/// A verdict, by its name.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Named {
    Accepted,
    Undecided,
    Rejected,
}

impl From<Named> for Verdict {
    fn from(name: Named) -> Self {
        match name {
            Named::Accepted => Self::Accepted,
            Named::Undecided => Self::Undecided,
            Named::Rejected => Self::Rejected,
        }
    }
}

/// The line of an asset, as far as it tells which one it is and what became of it.
#[derive(Debug, Deserialize)]
pub struct AssetLine {
    index: u64,
    asset: String,
    field: Option<String>,
    verdict: Named,
    run: Option<RunFingerprint>,
    #[serde(rename = "transport")]
    _transport: IgnoredAny,
    #[serde(rename = "findings")]
    _findings: Vec<IgnoredAny>,
}

impl AssetLine {
    /// Returns what became of the asset.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict.into()
    }

    /// Returns the fingerprint of the run, if the line has it.
    #[must_use]
    pub const fn fingerprint(&self) -> Option<&RunFingerprint> {
        self.run.as_ref()
    }

    /// Says whether the line is about this asset, as far as reports show assets: two that differ only in what is secret
    /// of them, such as the signature of a URL, or in the payload of a data URI, are the same. Where the asset stood
    /// does not count.
    #[must_use]
    pub fn is_about(&self, asset: &Asset, index: u64, queries: QueryRedaction) -> bool {
        self.index == index && json::text(&asset.redacted(queries)) == self.asset.as_str() && asset.field == self.field
    }
}

/// The line of a request body.
#[derive(Debug, Deserialize)]
pub struct RequestLine {
    index: u64,
    file: String,
    line: u64,
    endpoint: Option<String>,
    verdict: Named,
    assets: Vec<AssetLine>,
    run: Option<RunFingerprint>,
    #[serde(rename = "predicted")]
    _predicted: IgnoredAny,
}

impl RequestLine {
    /// Returns what became of the request.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict.into()
    }

    /// Returns the fingerprint of the run, if the line has it.
    #[must_use]
    pub const fn fingerprint(&self) -> Option<&RunFingerprint> {
        self.run.as_ref()
    }

    /// Returns how many assets stood in it.
    #[must_use]
    pub fn assets(&self) -> u64 {
        self.assets.len() as u64
    }

    /// Says whether the line is about the body at this place.
    #[must_use]
    pub fn is_at(&self, place: &Location, index: u64) -> bool {
        let Location { file, line, column: _ } = place;
        self.index == index && self.line == *line && json::text(file) == self.file.as_str()
    }

    /// Says whether the line is about a body for this endpoint with these assets, the first of which has this place
    /// among all. What else is in the body does not show.
    #[must_use]
    pub fn holds(&self, endpoint: Option<&str>, assets: &[Asset], first: u64, queries: QueryRedaction) -> bool {
        let are_same = |((line, asset), index): ((&AssetLine, &Asset), u64)| line.is_about(asset, index, queries);
        self.endpoint.as_deref() == endpoint
            && self.assets.len() == assets.len()
            && self.assets.iter().zip(assets).zip(first..).all(are_same)
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
