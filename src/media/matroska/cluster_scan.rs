//! The duration of a live recording, from its clusters as the file is read (RFC 9559, section 5.1.3).
//!
//! Browsers (`MediaRecorder`) and encoders that write to a pipe cannot go back to state a duration; it follows from the
//! time of the last block.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use super::ebml::{Element, Header, number};
use super::track::TrackEntry;
use super::{CLUSTER, EBML, INFO, SEGMENT, TRACKS};
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::stream_cursor::TO_THE_END;
use crate::media::stream_scan::StreamScan;
use crate::media::timebase::ticks_to_duration;
use crate::media::{Measured, Media};

const TIMESTAMP: u32 = 0xe7;
const SIMPLE_BLOCK: u32 = 0xa3;
const BLOCK_GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const BLOCK_DURATION: u32 = 0x9b;

/// Finds the first and the last time in a file.
#[derive(Debug)]
pub(crate) struct ClusterScan {
    /// Nanoseconds in one tick of the segment.
    scale: u64,
    /// By track number, how many nanoseconds a frame lasts; only video and audio tracks.
    frames: BTreeMap<u64, u64>,
    /// Ticks at the start of the current cluster.
    cluster: u64,
    /// Ticks of the current block, if it belongs to such a track.
    block: Option<u64>,
    /// Nanoseconds of the first block.
    start: Option<u64>,
    /// Nanoseconds at the end of the last frame.
    end: u64,
    /// How many elements have passed.
    elements: u32,
}

impl Default for ClusterScan {
    fn default() -> Self {
        Self { scale: 1_000_000, frames: BTreeMap::new(), cluster: 0, block: None, start: None, end: 0, elements: 0 }
    }
}

/// The largest `Info` and `Tracks` elements that are buffered.
const MAX_ELEMENT: u64 = 1 << 20;

/// How many elements are examined. No film has as many blocks, and a file that does is made to keep a reader busy.
const MAX_ELEMENTS: u32 = 8_000_000;

/// How many tracks are followed.
const MAX_TRACKS: usize = 64;

impl StreamScan for ClusterScan {
    /// Returns how many bytes to skip from the start of an element; `None` if more bytes are needed.
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        if self.elements > MAX_ELEMENTS {
            return Some(TO_THE_END);
        }
        self.elements = self.elements.saturating_add(1);
        let header = match Header::parse(rest) {
            Ok(header) => header,
            // The longest header has twelve bytes: if that many are buffered, more would not help.
            Err(_) if rest.len() < 12 => return None,
            Err(_) => return Some(TO_THE_END),
        };
        let length = header.length as u64;
        match (header.id, header.size) {
            (SEGMENT | CLUSTER | BLOCK_GROUP, _) => Some(length),
            (_, None) if header.id != EBML => Some(TO_THE_END),
            (_, None) => Some(length),
            (INFO | TRACKS, Some(size)) if size <= MAX_ELEMENT => {
                let whole = length.saturating_add(size);
                let bytes = rest.get(..usize::try_from(whole).ok()?)?;
                self.take(header.id, bytes).ok();
                Some(whole)
            }
            (TIMESTAMP | BLOCK_DURATION, Some(size @ ..=8)) => {
                let end = header.length.saturating_add(usize::try_from(size).ok()?);
                let value = number(rest.get(header.length..end)?);
                if header.id == TIMESTAMP {
                    self.cluster = value;
                } else {
                    self.end_block(value);
                }
                Some(end as u64)
            }
            (SIMPLE_BLOCK | BLOCK, Some(size)) => {
                // The number of the track takes up to eight bytes; time, flags and lacing four.
                let max = usize::try_from(size).unwrap_or(usize::MAX).min(12);
                let block = rest.get(header.length..header.length.saturating_add(max))?;
                self.start_block(block);
                Some(length.saturating_add(size))
            }
            (_, Some(size)) => Some(length.saturating_add(size)),
        }
    }

    fn complete(&self, media: &mut Media, _: &[u8]) {
        let is_whole = self.elements <= MAX_ELEMENTS;
        let length = self.start.and_then(|start| self.end.checked_sub(start)).filter(|length| is_whole && *length > 0);
        if let Some(duration) = length.and_then(|length| ticks_to_duration(length, 1_000_000_000, 1)) {
            media.duration = Some(Measured::estimated(duration));
        }
    }
}

impl ClusterScan {
    /// Reads the scale from `Info`, or the tracks from `Tracks`.
    fn take(&mut self, id: u32, bytes: &[u8]) -> Result<(), ReadError> {
        let end = bytes.len() as u64;
        let buffer = SparseBuffer::new(bytes.to_vec(), Some(end));
        for element in Element::read(&buffer, 0, end)?.children()? {
            let element = element?;
            match (id, element.id) {
                (INFO, 0x002a_d7b1) => self.scale = element.uint()?,
                (TRACKS, 0xae) if self.frames.len() < MAX_TRACKS => {
                    if let Some((number, frame)) = TrackEntry::frame_duration(element)? {
                        self.frames.entry(number).or_insert(frame);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Records the time of a block, which counts from the start of its cluster (RFC 9559, section 10.1).
    fn start_block(&mut self, block: &[u8]) {
        self.block = None;
        let Some((track, [high, low, flags, more @ ..])) = split_number(block) else { return };
        let Some(frame) = self.frames.get(&track) else { return };
        let Some(ticks) = self.cluster.checked_add_signed(i16::from_be_bytes([*high, *low]).into()) else { return };
        self.block = Some(ticks);
        // Lacing puts several frames into one block; their number minus one follows the flags.
        let frames =
            if flags & 0x06 == 0 { 1 } else { more.first().map_or(1, |count| u64::from(*count).saturating_add(1)) };
        let start = ticks.saturating_mul(self.scale);
        self.start = Some(self.start.map_or(start, |first| first.min(start)));
        self.end = self.end.max(start.saturating_add(frame.saturating_mul(frames)));
    }

    /// Records the duration that a block group states for its block.
    fn end_block(&mut self, duration: u64) {
        if let Some(ticks) = self.block {
            self.end = self.end.max(ticks.saturating_add(duration).saturating_mul(self.scale));
        }
    }
}

/// Splits a number of variable length (RFC 8794, section 4) from the bytes that follow it.
fn split_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = usize::try_from(bytes.first()?.leading_zeros()).ok()?.saturating_add(1);
    let (coded, rest) = bytes.split_at_checked(length)?;
    let mask = u64::MAX >> 64_usize.checked_sub(length.checked_mul(7)?)?;
    Some((number(coded) & mask, rest))
}
