//! One page of an Ogg file (RFC 3533, 6).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::super::sparse_buffer::{ReadError, SparseBuffer, malformed};

/// The length of a page's header before its table of segments, in bytes.
const HEADER: u64 = 27;

/// A page's header.
#[derive(Clone, Copy, Debug)]
pub(super) struct OggPage {
    /// Whether a stream begins here.
    pub(super) begins: bool,
    /// Whether a stream ends here.
    pub(super) ends: bool,
    /// The position of the stream after this page, in the stream's unit; `None` if no packet ends here.
    pub(super) granule: Option<u64>,
    /// The stream.
    pub(super) serial: u32,
    /// How many packets end here.
    pub(super) packets: u64,
    /// Where the first packet starts.
    pub(super) body: u64,
    /// Bytes of all packets.
    pub(super) size: u64,
}

impl OggPage {
    /// Reads a page's header.
    pub(super) fn read(buffer: &SparseBuffer, at: u64) -> Result<Self, ReadError> {
        let [b'O', b'g', b'g', b'S', 0, flags] = buffer.array(at)? else {
            return Err(malformed(at, "an Ogg page is missing"));
        };
        let place = |offset: u64| at.saturating_add(offset);
        let segments = buffer.u8(place(26))?;
        let table = buffer.bytes(place(HEADER), segments.into())?;
        let granule = buffer.le64(place(6))?;
        Ok(Self {
            begins: flags & 2 != 0,
            ends: flags & 4 != 0,
            granule: (granule != u64::MAX).then_some(granule),
            serial: buffer.le32(place(14))?,
            packets: table.iter().filter(|size| **size < 255).count() as u64,
            body: place(HEADER).saturating_add(segments.into()),
            size: table.iter().map(|size| u64::from(*size)).sum(),
        })
    }

    /// Returns where the page ends.
    pub(super) fn end(&self) -> u64 {
        self.body.saturating_add(self.size)
    }
}
