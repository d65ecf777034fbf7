//! The duration of a FLAC file that does not state it, from its frame numbers as the file is read (RFC 9639, section
//! 9.1).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::stream_scan::StreamScan;
use crate::media::timebase::ticks_to_duration;
use crate::media::{Measured, Media};

/// Finds the last frame.
#[derive(Debug, Default)]
pub(crate) struct FlacFrameScan {
    /// Samples per second and the block size, from the stream information.
    stream: Option<(u32, u32)>,
    /// Samples per channel up to the end of the last frame.
    end: u64,
    /// Frames found so far; the number of the next one must continue theirs.
    frames: u64,
}

/// The longest frame header, in bytes.
const HEADER: usize = 16;

/// The bytes from the marker to the end of what is needed of the stream information.
const STREAM_INFO: usize = 26;

impl StreamScan for FlacFrameScan {
    /// Returns the distance to the next byte that may start a frame; `None` if more bytes are needed.
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        if self.stream.is_none() {
            return self.start(rest);
        }
        if rest.len() < HEADER {
            return None;
        }
        if let Some((number, samples)) = self.frame(rest) {
            let end = number.saturating_add(samples);
            // A false header would need a valid checksum and a number that continues the frames before it.
            if number == self.end || self.frames == 0 {
                (self.end, self.frames) = (end, self.frames.saturating_add(1));
            }
        }
        let next = rest.iter().skip(1).position(|byte| *byte == 0xff);
        Some(next.map_or(rest.len(), |next| next.saturating_add(1)) as u64)
    }

    fn complete(&self, media: &mut Media, rest: &[u8]) {
        let Some((rate, _)) = self.stream else { return };
        // The last frame may be shorter than the longest header.
        let last = (0..rest.len()).filter_map(|at| self.frame(rest.get(at..)?)).find(|(first, _)| *first == self.end);
        let end = last.map_or(self.end, |(first, samples)| first.saturating_add(samples));
        if let Some(duration) = ticks_to_duration(end, rate.into(), 1).filter(|duration| !duration.is_zero()) {
            media.duration = Some(Measured::estimated(duration));
        }
    }
}

impl FlacFrameScan {
    /// Finds the marker, which an ID3 tag may precede, and reads the stream information.
    fn start(&mut self, rest: &[u8]) -> Option<u64> {
        if let Some(length) = super::id3::length(rest.get(..super::id3::HEADER)?) {
            return Some(length);
        }
        let head = rest.get(..STREAM_INFO)?;
        let info = head.get(8..)?.first_chunk().and_then(super::flac::StreamInfo::parse);
        self.stream = Some(info.map_or((0, 0), |info| (info.rate, info.block)));
        Some(STREAM_INFO as u64)
    }

    /// Reads the header of a frame: the first sample and how many there are; `None` if no frame starts here.
    fn frame(&self, bytes: &[u8]) -> Option<(u64, u64)> {
        let (_, block) = self.stream?;
        let [0xff, second @ (0xf8 | 0xf9), third, fourth, coded @ ..] = bytes else { return None };
        if third & 0x0f == 0x0f || fourth & 1 == 1 {
            return None;
        }
        let (number, after) = coded_number(coded)?;
        let extra = |length: usize| {
            after.get(..length)?.iter().try_fold(0_u32, |sum, byte| Some(sum << 8_u32 | u32::from(*byte)))
        };
        let (samples, used) = match third >> 4_u32 {
            1 => (192, 0),
            code @ 2..=5 => (576_u32 << u32::from(code.saturating_sub(2)), 0),
            6 => (extra(1)?.saturating_add(1), 1),
            7 => (extra(2)?.saturating_add(1), 2),
            code @ 8.. => (256_u32 << u32::from(code.saturating_sub(8)), 0),
            0 => return None,
        };
        let rate = match third & 0x0f {
            12 => 1,
            13 | 14 => 2,
            _ => 0,
        };
        let length = bytes.len().checked_sub(after.len())?.checked_add(used)?.checked_add(rate)?;
        if crc8(bytes.get(..length)?) != *bytes.get(length)? {
            return None;
        }
        // With a fixed block size, the number counts blocks, otherwise samples.
        let first = if *second == 0xf8 { number.checked_mul(block.into())? } else { number };
        Some((first, samples.into()))
    }
}

/// Reads a number in the variable-length coding of UTF-8, extended to 36 bits.
fn coded_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let more = match first.leading_ones() {
        0 => return Some((u64::from(*first), rest)),
        ones @ 2..=7 => usize::try_from(ones).ok()?.checked_sub(1)?,
        _ => return None,
    };
    let (tail, rest) = rest.split_at_checked(more)?;
    let head = u64::from(*first) & (0x7f_u64 >> more.checked_add(1)?);
    let number = tail
        .iter()
        .try_fold(head, |number, byte| (byte & 0xc0 == 0x80).then(|| number << 6_u32 | u64::from(byte & 0x3f)))?;
    Some((number, rest))
}

/// Computes the checksum of a frame header: CRC-8 with the polynomial x^8 + x^2 + x + 1 (RFC 9639, section 9.1.8).
fn crc8(bytes: &[u8]) -> u8 {
    bytes
        .iter()
        .fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { crc << 1 ^ 0x07 }))
}
