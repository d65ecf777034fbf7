//! Reads the JSON Lines of an earlier run to resume it: which assets or requests already have a verdict, and how many
//! bytes are complete lines. Anything else in the file is an error, and never skipped.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::{self, BufRead, Read as _};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::fingerprint::RunFingerprint;
use super::json;
use crate::Lint;
use crate::asset::{Asset, Location};
use crate::finding::{Reason, Severity, Verdict};
use crate::text::secret::QueryRedaction;

/// The start of every line, of an asset or a request.
const BEGINNING: &[u8] = b"{\"index\":";

/// The longest line, in bytes: as long as the longest accepted request body. It bounds the memory for one line.
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
#[derive(Debug, thiserror::Error)]
pub enum ResumeLogError {
    /// It cannot be read.
    #[error(" cannot be read: {0}")]
    Unreadable(io::Error),
    /// This line, counted from 1, was not written by a run over assets, or over requests.
    #[error(":{0}: this line was not written by this command")]
    Foreign(u64),
    /// This line exceeds the length limit.
    #[error(":{0}: the line is longer than {max} MiB", max = MAX_LINE >> 20)]
    TooLong(u64),
}

impl<R: BufRead> ResumeLog<R> {
    /// Creates a log from a reader at the start of a file; nothing is read yet.
    pub const fn new(reader: R) -> Self {
        Self { reader, text: Vec::new(), line: 0, end: 0 }
    }

    /// Returns the length of the complete lines read so far, in bytes; a truncated line may follow.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Returns the line that was read last, without its end.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.text).map_or("", |text| text.trim_end_matches('\n'))
    }

    /// Returns how many lines were read.
    pub const fn lines(&self) -> u64 {
        self.line
    }

    /// Reads the next line of a run over assets; `None` after the last complete one.
    ///
    /// # Errors
    /// Returns an error if the line was not written by such a run, and is not a line truncated by a crash.
    pub fn next_asset(&mut self) -> Result<Option<AssetLine>, ResumeLogError> {
        self.next()
    }

    /// Reads the next line of a run over request bodies; `None` after the last complete one.
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
                // A complete object may lack only its newline.
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

/// Parses a line of ours. Ignored values must be UTF-8, too: resuming after a line with invalid UTF-8 would leave an
/// unreadable file.
fn ours<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.as_bytes().starts_with(BEGINNING))?;
    serde_json::from_str(text).ok()
}

/// Strips trailing zero bytes, with which a file may end after a power failure.
fn without_zeros(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    text.get(..end).unwrap_or_default()
}

/// Returns whether a text is empty, or the start of a line of ours.
fn is_truncated(text: &[u8]) -> bool {
    let is_begun = || serde_json::from_slice::<IgnoredAny>(text).is_err_and(|error| error.is_eof());
    // The parser reports a truncated number such as `1.` as invalid, not as an unexpected end.
    let is_number =
        || serde_json::from_reader::<_, IgnoredAny>(text.chain(&b"0"[..])).is_err_and(|error| error.is_eof());
    BEGINNING.starts_with(text) || (text.starts_with(BEGINNING) && (is_begun() || is_number()))
}

/// The line of an asset: the members that identify it, and its verdict.
#[derive(Debug, Deserialize)]
pub struct AssetLine {
    /// The number of the asset.
    pub index: u64,
    asset: String,
    field: Option<String>,
    /// The verdict on the asset.
    pub verdict: Verdict,
    /// The fingerprint of the run, if the line has it.
    #[serde(rename = "run")]
    pub fingerprint: Option<RunFingerprint>,
    #[serde(rename = "transport")]
    _transport: IgnoredAny,
    findings: Vec<FindingLine>,
    #[serde(default)]
    observed: ObservedLine,
}

/// A finding, as far as it tells whether the asset may pass now.
#[derive(Debug, Deserialize)]
struct FindingLine {
    code: String,
    severity: String,
}

/// What was observed, as far as it tells the same.
#[derive(Debug, Default, Deserialize)]
struct ObservedLine {
    head: Option<ResponseLine>,
    get: Option<ResponseLine>,
}

#[derive(Debug, Deserialize)]
struct ResponseLine {
    status: Option<u16>,
}

impl AssetLine {
    /// Returns whether the asset was accepted without a request.
    #[must_use]
    pub fn is_not_fetched(&self) -> bool {
        let code = Lint::NotFetched.info().code;
        self.verdict == Verdict::Accepted && self.findings.iter().any(|finding| finding.code == code)
    }

    /// Says whether the asset may be accepted now, unchanged: it was undecided, or its host failed to answer.
    #[must_use]
    pub fn may_pass_now(&self) -> bool {
        let errors = || self.findings.iter().filter(|finding| finding.severity == Severity::Error.name());
        let has = |reason: &Reason| errors().any(|finding| finding.code == reason.info().code);
        let status = |response: &Option<ResponseLine>| response.as_ref().and_then(|response| response.status);
        let may_change = |status: Option<u16>| matches!(status, Some(500..=599));
        self.verdict == Verdict::Undecided
            || has(&Reason::FetchFailed)
            || has(&Reason::Timeout)
            || has(&Reason::HttpStatus { status: 0 })
                && (may_change(status(&self.observed.head)) || may_change(status(&self.observed.get)))
    }

    /// Returns whether the line is about this asset as shown in reports: assets that differ only in secrets, such as
    /// the signature of a URL, or in the payload of a data URI, are equal. The location of the asset is ignored.
    #[must_use]
    pub fn is_about(&self, asset: &Asset, index: u64, queries: QueryRedaction) -> bool {
        self.index == index && json::text(&asset.redacted(queries)) == self.asset.as_str() && asset.field == self.field
    }
}

/// The line of a request body.
#[derive(Debug, Deserialize)]
pub struct RequestLine {
    /// The number of the request.
    pub index: u64,
    file: String,
    line: u64,
    endpoint: Option<String>,
    /// The verdict on the request.
    pub verdict: Verdict,
    assets: Vec<AssetLine>,
    /// The fingerprint of the run, if the line has it.
    #[serde(rename = "run")]
    pub fingerprint: Option<RunFingerprint>,
    #[serde(rename = "predicted")]
    _predicted: IgnoredAny,
}

impl RequestLine {
    /// Returns the number of its assets.
    #[must_use]
    pub fn assets(&self) -> u64 {
        self.assets.len() as u64
    }

    /// Says whether the request may be accepted now, unchanged, because one of its assets may.
    #[must_use]
    pub fn may_pass_now(&self) -> bool {
        self.verdict == Verdict::Undecided || self.assets.iter().any(AssetLine::may_pass_now)
    }

    /// Returns whether the line is about the body at this location.
    #[must_use]
    pub fn is_at(&self, place: &Location, index: u64) -> bool {
        let Location { file, line, column: _ } = place;
        self.index == index && self.line == *line && json::text(file) == self.file.as_str()
    }

    /// Returns whether the line is about a body for this endpoint with these assets, numbered from `first`. The rest of
    /// the body is not compared.
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
