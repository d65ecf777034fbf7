//! FLAC: the stream information block at the start of every file (RFC 9639, 8.2).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::id3;
use crate::media::bits::Bits;
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Codec, Format, Measured, Media, timebase};

/// Returns whether the first bytes of a file, after any ID3 tags, are FLAC.
pub(crate) fn matches(head: &[u8]) -> bool {
    id3::end_within(head).is_some_and(|rest| rest.starts_with(b"fLaC"))
}

/// Reads the duration; a stream that was written to a pipe does not state it.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let start = id3::end(buffer)?;
    let head = buffer.array::<8>(start)?;
    // The marker, then the header of a block: type 0 and the fixed length of 34 bytes; the top bit: last block.
    let [b'f', b'L', b'a', b'C', kind, 0, 0, 34] = head else {
        return Err(malformed(start, "the FLAC stream information is missing"));
    };
    if kind & 0x7f != 0 {
        return Err(malformed(start, "the FLAC stream information is missing"));
    }
    let info = StreamInfo::parse(&buffer.array(start.saturating_add(8))?);
    let mut media = Media::new(Format::Flac);
    media.audio = Some(Codec::Known("flac"));
    media.duration = info.and_then(StreamInfo::duration).map(Measured::exact);
    let rest = buffer.total().map(|total| total.saturating_sub(start));
    let is_cut = info.zip(rest).is_some_and(|(info, rest)| info.min_bytes() > rest);
    media.truncated = is_cut.then_some("the file has fewer bytes than its frames need");
    Ok(media)
}

/// The part of the stream information that determines the duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StreamInfo {
    /// The maximum number of samples per channel in one block.
    pub(crate) block: u32,
    /// The size of the smallest frame in bytes; zero if unknown.
    pub(crate) smallest: u32,
    /// Samples per second; zero in damaged files.
    pub(crate) rate: u32,
    /// Samples per channel in the whole stream; zero if unknown.
    pub(crate) samples: u64,
}

impl StreamInfo {
    /// Reads the first 18 bytes of the block's body.
    pub(crate) fn parse(body: &[u8; 18]) -> Option<Self> {
        let mut bits = Bits::new(body);
        bits.skip(16)?;
        let block = bits.number(16)?;
        let smallest = bits.number(24)?;
        bits.skip(24)?;
        let rate = bits.number(20)?;
        bits.skip(8)?;
        let high = u64::from(bits.number(4)?);
        Some(Self { block, smallest, rate, samples: (high << 32) | u64::from(bits.number(32)?) })
    }

    /// Returns the minimum number of bytes that the samples need.
    fn min_bytes(self) -> u64 {
        self.samples.checked_div(self.block.into()).unwrap_or(0).saturating_mul(self.smallest.into())
    }

    fn duration(self) -> Option<Duration> {
        timebase::ticks_to_duration(self.samples, self.rate.into(), 1).filter(|_| self.samples > 0)
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
