//! EXIF: the orientation, and nothing else.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::ops::Range;

use crate::media::sparse_buffer::{ReadError, SparseBuffer};

/// Reads tag 0x0112 of the first directory in a block of EXIF data, with or without the `Exif` identifier before it.
///
/// `None` if the block has no such tag, or one that is not a number from 1 to 8; invalid EXIF does not make an image
/// malformed.
///
/// # Errors
/// As [`SparseBuffer::bytes`], for bytes inside the block only.
pub(super) fn orientation(buffer: &SparseBuffer, block: Range<u64>) -> Result<Option<u8>, ReadError> {
    let Some(mark) = inside(buffer, &block, 0, 6)? else { return Ok(None) };
    let start = if mark.starts_with(b"Exif\0") { block.start.saturating_add(6) } else { block.start };
    let tiff = start..block.end;
    let Some(header) = inside(buffer, &tiff, 0, 8)? else { return Ok(None) };
    let order = match header {
        [b'I', b'I', 42, 0, ..] => ByteOrder::Little,
        [b'M', b'M', 0, 42, ..] => ByteOrder::Big,
        _ => return Ok(None),
    };
    let directory = header.last_chunk().map_or(0, |bytes| u64::from(order.u32_of(*bytes)));
    let Some(count) = inside(buffer, &tiff, directory, 2)?.and_then(|bytes| bytes.first_chunk()) else {
        return Ok(None);
    };
    let first = directory.saturating_add(2);
    let room = tiff.end.saturating_sub(tiff.start.saturating_add(first)) / ENTRY;
    let count = u64::from(order.u16_of(*count)).min(room).min(MAX_ENTRIES);
    let Some(entries) = inside(buffer, &tiff, first, count.saturating_mul(ENTRY))? else { return Ok(None) };
    Ok(entries.as_chunks().0.iter().find_map(|entry| order.tagged(*entry)))
}

/// Bytes of one directory entry: tag, type, count, value.
const ENTRY: u64 = 12;

/// The maximum number of entries that are searched; cameras write about twenty.
const MAX_ENTRIES: u64 = 512;

/// Returns `len` bytes at an offset into a block; `None` if the block ends before they do.
fn inside<'a>(
    buffer: &'a SparseBuffer,
    block: &Range<u64>,
    offset: u64,
    len: u64,
) -> Result<Option<&'a [u8]>, ReadError> {
    let at = block.start.saturating_add(offset);
    match usize::try_from(len) {
        Ok(length) if at.saturating_add(len) <= block.end => buffer.bytes(at, length).map(Some),
        Ok(_) | Err(_) => Ok(None),
    }
}

/// The byte order of numbers.
#[derive(Clone, Copy)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    pub(super) fn u16_of(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    pub(super) fn u32_of(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    pub(super) fn u64_of(self, bytes: [u8; 8]) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(bytes),
            Self::Big => u64::from_be_bytes(bytes),
        }
    }

    /// Returns the orientation, if this is its entry: one number from 1 to 8. It must have 16 bits (type 3), but cameras
    /// also write other whole numbers, and decoders take them.
    fn tagged(self, [t0, t1, k0, k1, c0, c1, c2, c3, value @ ..]: [u8; 12]) -> Option<u8> {
        let is_it = self.u16_of([t0, t1]) == 0x0112 && self.u32_of([c0, c1, c2, c3]) == 1;
        let [v0, v1, ..] = value;
        let value = match self.u16_of([k0, k1]) {
            1 | 6 => v0.into(),
            3 | 8 => self.u16_of([v0, v1]).into(),
            4 | 9 => self.u32_of(value),
            _ => return None,
        };
        u8::try_from(value).ok().filter(|value| is_it && (1..=8).contains(value))
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]
mod tests {
    use super::*;

    const LITTLE: &[u8] =
        b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x04\0\0\0abc\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    const BIG: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";

    fn read(bytes: &[u8]) -> Result<Option<u8>, ReadError> {
        let length = bytes.len() as u64;
        orientation(&SparseBuffer::new(bytes.to_vec(), Some(length)), 0..length)
    }

    #[test]
    fn both_byte_orders_and_the_mark_are_read() {
        assert_eq!(read(LITTLE), Ok(Some(6)));
        assert_eq!(read(BIG), Ok(Some(8)));
        assert_eq!(read(&[b"Exif\0\0", BIG].concat()), Ok(Some(8)));
        assert_eq!(read(&[b"Exif\0\xff", LITTLE].concat()), Ok(Some(6)));
    }

    #[test]
    fn whole_numbers_of_every_type_are_read() {
        for (kind, big) in
            [(1, [8, 0, 0, 0]), (6, [8, 0, 0, 0]), (8, [0, 8, 0, 0]), (4, [0, 0, 0, 8]), (9, [0, 0, 0, 8])]
        {
            let mut bytes = BIG.to_vec();
            bytes[13] = kind;
            bytes[18..22].copy_from_slice(&big);
            assert_eq!(read(&bytes), Ok(Some(8)), "type {kind}");
        }
        let mut bytes = LITTLE.to_vec();
        bytes[24] = 9;
        assert_eq!(read(&bytes), Ok(Some(6)), "as some Panasonic cameras write it");
    }

    #[test]
    fn invalid_orientations_are_none() {
        let with = |at: usize, byte: u8| {
            let mut bytes = BIG.to_vec();
            bytes[at] = byte;
            read(&bytes)
        };
        assert_eq!(with(19, 0), Ok(None), "value 0");
        assert_eq!(with(19, 9), Ok(None), "value 9");
        assert_eq!(with(18, 1), Ok(None), "value 264");
        assert_eq!(with(13, 4), Ok(None), "0x80000 as a 32-bit number");
        assert_eq!(with(13, 5), Ok(None), "a fraction");
        assert_eq!(with(17, 2), Ok(None), "two numbers");
        assert_eq!(with(3, 43), Ok(None), "BigTIFF");
        assert_eq!(with(0, b'X'), Ok(None), "no byte order");
        assert_eq!(with(4, 0xff), Ok(None), "a directory far outside");
        assert_eq!(with(8, 0xff), Ok(Some(8)), "65,281 entries, of which the block has room for one");
        assert_eq!(read(b""), Ok(None));
    }

    #[test]
    fn a_block_cut_at_any_length_has_none() {
        for length in 0..BIG.len() {
            assert!(matches!(read(&BIG[..length]), Ok(None | Some(8))), "{length}");
            let short = orientation(&SparseBuffer::new(BIG[..length].to_vec(), None), 0..BIG.len() as u64);
            assert!(matches!(short, Err(ReadError::NeedMore(range)) if range.end <= BIG.len() as u64), "{length}");
        }
    }

    #[test]
    fn nothing_outside_the_block_is_read() {
        let bytes = [BIG, LITTLE].concat();
        let buffer = SparseBuffer::new(bytes.clone(), Some(bytes.len() as u64));
        assert_eq!(orientation(&buffer, 0..16), Ok(None));
        assert_eq!(orientation(&buffer, BIG.len() as u64..bytes.len() as u64), Ok(Some(6)));
    }
}
