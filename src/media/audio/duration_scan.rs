//! The duration of MPEG audio and ADTS AAC, counted frame by frame while the file goes by.
//!
//! This is the only right answer for a file of varying bit rate without a Xing header; ffprobe guesses there.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::id3;
use super::mpeg_audio::{Frame, HEADER, Run};
use crate::media::timebase;

/// Counts frames of a file that is fed to it in order, in pieces of any size. Needs at most some 24 KiB of memory and
/// looks at headers only.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrameCount {
    /// Bytes not judged yet.
    held: Vec<u8>,
    /// Bytes still to be passed over unseen.
    skip: u64,
    /// The frame counted last.
    last: Option<Frame>,
    /// Whether the next byte should start a frame.
    in_step: bool,
    /// Time counted, in [`TICKS`].
    ticks: u64,
}

/// Ticks a second: the least common multiple of all sampling rates, so that the sum is exact even where they change.
const TICKS: u64 = 28_224_000;

/// How many bytes must be at hand to judge a place: a Xing header ends before, an APE header too.
const JUDGED: usize = 64;

/// How many bytes are taken at once.
const PIECE: usize = 16 * 1024;

impl FrameCount {
    /// Takes the next bytes of the file.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let passed = usize::try_from(self.skip).unwrap_or(usize::MAX).min(rest.len());
            self.skip = self.skip.saturating_sub(passed as u64);
            let (piece, behind) = rest.split_at(passed).1.split_at((rest.len().saturating_sub(passed)).min(PIECE));
            rest = behind;
            self.held.extend_from_slice(piece);
            self.digest();
        }
    }

    /// Returns the time of all frames seen; `None` where there were none.
    pub(crate) fn duration(&self) -> Option<Duration> {
        let left = self.left();
        let ticks = self.ticks.checked_add(left)?;
        timebase::lasting(ticks, TICKS, 1).filter(|_| ticks > 0)
    }

    /// Judges what is held, as far as that can be done.
    fn digest(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        let mut at = 0_usize;
        while let Some(length) = self.judge(held.get(at..).unwrap_or_default()) {
            let there = usize::try_from(length).unwrap_or(usize::MAX).min(held.len().saturating_sub(at));
            at = at.saturating_add(there);
            self.skip = length.saturating_sub(there as u64);
        }
        held.drain(..at);
        self.held = held;
    }

    /// Says how far to go from here; `None` where more bytes are needed for that.
    fn judge(&mut self, rest: &[u8]) -> Option<u64> {
        if rest.len() < JUDGED {
            return None;
        }
        if let Some(length) = tag(rest) {
            return Some(length);
        }
        let Some(frame) = Frame::parse(rest) else {
            self.in_step = false;
            return Some(1);
        };
        self.in_step &= self.last.is_some_and(|last| last.agrees(&frame));
        if !self.in_step {
            let next = rest.get(frame.length..).filter(|next| next.len() >= HEADER)?;
            let tagged = tag(next).is_some();
            if !tagged && !Frame::parse(next).is_some_and(|next| next.agrees(&frame)) {
                return Some(1);
            }
            self.in_step = true;
        }
        if self.last.is_some() || !counts_frames(rest, &frame) {
            self.ticks = self.ticks.saturating_add(ticks(u64::from(frame.samples), frame.rate));
        }
        self.last = Some(frame);
        Some(frame.length as u64)
    }

    /// Returns the time of the frames in the bytes not judged yet, which are too few for that.
    fn left(&self) -> u64 {
        let Some(frame) = Frame::parse(&self.held) else { return 0 };
        let run = Run::along(&self.held);
        let follows = self.in_step && self.last.is_some_and(|last| last.agrees(&frame));
        let behind = (self.held.len() as u64).saturating_sub(run.bytes);
        let alone = self.last.is_none() && (self.held.len() < JUDGED || behind < HEADER as u64);
        if follows || alone { ticks(run.samples, frame.rate) } else { 0 }
    }
}

fn ticks(samples: u64, rate: u32) -> u64 {
    TICKS.checked_div(u64::from(rate)).unwrap_or(0).saturating_mul(samples)
}

/// Says whether the first frame holds no sound but a Xing, Info or VBRI header.
fn counts_frames(bytes: &[u8], frame: &Frame) -> bool {
    let named =
        |at: usize, names: &[&[u8]]| bytes.get(at..).is_some_and(|at| names.iter().any(|name| at.starts_with(name)));
    named(frame.xing, &[b"Xing", b"Info"]) || (frame.codec == "mp3" && named(36, &[b"VBRI"]))
}

/// Returns the length of the `ID3v2`, `ID3v1` or APE tag that stands here.
fn tag(bytes: &[u8]) -> Option<u64> {
    if bytes.starts_with(b"TAG") {
        return Some(id3::V1);
    }
    if bytes.starts_with(b"APETAGEX") {
        // The size leaves out the header, which stands here only where there is one; a footer alone is passed as such.
        let size = u32::from_le_bytes(*bytes.get(12..)?.first_chunk()?);
        let is_header = bytes.get(23)? & 0x20 != 0;
        return Some(if is_header { u64::from(size).saturating_add(32) } else { 32 });
    }
    id3::length(bytes)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
