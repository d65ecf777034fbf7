//! The duration of MPEG audio and ADTS AAC, counted frame by frame as the file is read.
//!
//! For a file of variable bit rate without a Xing header, only this count is exact; ffprobe estimates.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::id3;
use super::mpeg_audio::{Frame, FrameRun, HEADER};
use crate::media::stream_cursor::TO_THE_END;
use crate::media::stream_scan::StreamScan;
use crate::media::{Measured, Media, timebase};

/// Counts the frames of a file, and parses only their headers.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrameCount {
    /// The frame counted last.
    last: Option<Frame>,
    /// Whether the next byte should start a frame.
    in_step: bool,
    /// Time counted, in [`TICKS`].
    ticks: u64,
    /// Bytes that belong to no frame and no tag.
    junk: u64,
}

/// Ticks per second: the least common multiple of all sampling rates, so that the sum is exact even if they change.
const TICKS: u64 = 28_224_000;

/// How many bytes are needed to examine an offset: enough for a Xing or an APE header.
const EXAMINED: usize = 64;

/// The maximum number of bytes outside frames and tags. A file with more is not an audio stream, and slow to search.
const MAX_JUNK: u64 = 8 << 20;

impl StreamScan for FrameCount {
    /// Returns how many bytes to skip; `None` if more bytes are needed to decide.
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        if self.junk > MAX_JUNK {
            return Some(TO_THE_END);
        }
        if rest.len() < EXAMINED {
            return None;
        }
        if let Some(length) = tag(rest) {
            return Some(length);
        }
        let Some(frame) = Frame::parse(rest) else {
            self.in_step = false;
            return Some(self.skip_junk(rest));
        };
        self.in_step &= self.last.is_some_and(|last| last.agrees(&frame));
        if !self.in_step {
            let next = rest.get(frame.length..).filter(|next| next.len() >= HEADER)?;
            let tagged = tag(next).is_some();
            if !tagged && !Frame::parse(next).is_some_and(|next| next.agrees(&frame)) {
                return Some(self.skip_junk(rest));
            }
            self.in_step = true;
        }
        if self.last.is_some() || !counts_frames(rest, &frame) {
            self.ticks = self.ticks.saturating_add(ticks(u64::from(frame.samples), frame.rate));
        }
        self.last = Some(frame);
        Some(frame.length as u64)
    }

    fn complete(&self, media: &mut Media, rest: &[u8]) {
        if let Some(duration) = self.duration(rest) {
            media.duration = Some(Measured::exact(duration));
        }
    }
}

impl FrameCount {
    /// Returns the duration of all frames so far, with those in the last bytes; `None` if there were none.
    fn duration(&self, rest: &[u8]) -> Option<Duration> {
        let ticks = self.ticks.checked_add(self.left(rest)).filter(|_| self.junk <= MAX_JUNK)?;
        timebase::ticks_to_duration(ticks, TICKS, 1).filter(|_| ticks > 0)
    }

    /// Returns the distance to the next byte that may start a frame or a tag.
    fn skip_junk(&mut self, rest: &[u8]) -> u64 {
        let next = rest.iter().skip(1).position(|byte| matches!(byte, 0xff | b'I' | b'A' | b'T'));
        let length = next.map_or(rest.len(), |next| next.saturating_add(1)) as u64;
        self.junk = self.junk.saturating_add(length);
        length
    }

    /// Returns the time of the frames in the last bytes, which were too few to examine.
    fn left(&self, rest: &[u8]) -> u64 {
        let Some(frame) = Frame::parse(rest) else { return 0 };
        let run = FrameRun::along(rest);
        let follows = self.in_step && self.last.is_some_and(|last| last.agrees(&frame));
        let behind = (rest.len() as u64).saturating_sub(run.bytes);
        let alone = self.last.is_none() && (rest.len() < EXAMINED || behind < HEADER as u64);
        if follows || alone { ticks(run.samples, frame.rate) } else { 0 }
    }
}

fn ticks(samples: u64, rate: u32) -> u64 {
    TICKS.checked_div(u64::from(rate)).unwrap_or(0).saturating_mul(samples)
}

/// Returns whether the first frame holds a Xing, Info or VBRI header instead of audio.
fn counts_frames(bytes: &[u8], frame: &Frame) -> bool {
    let named =
        |at: usize, names: &[&[u8]]| bytes.get(at..).is_some_and(|at| names.iter().any(|name| at.starts_with(name)));
    named(frame.xing, &[b"Xing", b"Info"]) || (frame.codec == "mp3" && named(36, &[b"VBRI"]))
}

/// Returns the length of the `ID3v2`, `ID3v1` or APE tag that starts these bytes.
fn tag(bytes: &[u8]) -> Option<u64> {
    if bytes.starts_with(b"TAG") {
        return Some(id3::V1);
    }
    if bytes.starts_with(b"APETAGEX") {
        // The size excludes the header, which is optional; a footer without a header is skipped by itself.
        let size = u32::from_le_bytes(*bytes.get(12..)?.first_chunk()?);
        let is_header = bytes.get(23)? & 0x20 != 0;
        return Some(if is_header { u64::from(size).saturating_add(32) } else { 32 });
    }
    id3::length(bytes)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
