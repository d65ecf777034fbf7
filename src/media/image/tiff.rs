//! The first directory of a TIFF or BigTIFF file: how large the picture is, and whether a decoder should see the file.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::exif::ByteOrder;
use crate::units::Dimensions;

/// An entry of a directory. The value is a number, or where several are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TiffEntry {
    tag: u16,
    kind: u16,
    count: u64,
    value: u64,
}

/// TIFF 6.0, section 8: the tags of width and height.
const WIDTH: u16 = 0x0100;
const HEIGHT: u16 = 0x0101;

/// The type of texts.
#[cfg(feature = "fix")]
const ASCII: u16 = 2;

/// How many entries are read; a page of a scanner has some thirty.
const MAX_ENTRIES: u64 = 4096;

/// The longest text that a file may have, in bytes. Of a much longer one, the decoder writes a note of its own to standard
/// error.
#[cfg(feature = "fix")]
const MAX_TEXT: u64 = 1 << 20;

/// Returns the entries of the first directory; `read` returns so many bytes at an offset, if there are that many.
///
/// `None` where there is no such directory, or one with absurdly many entries.
pub(crate) fn first_directory(mut read: impl FnMut(u64, usize) -> Option<Vec<u8>>) -> Option<Vec<TiffEntry>> {
    let header = read(0, 8)?;
    let (order, version) = match *header.first_chunk()? {
        [b'I', b'I', v0, v1] => (ByteOrder::Little, ByteOrder::Little.u16_of([v0, v1])),
        [b'M', b'M', v0, v1] => (ByteOrder::Big, ByteOrder::Big.u16_of([v0, v1])),
        _ => return None,
    };
    let (start, count, size) = match version {
        42 => {
            let start = u64::from(order.u32_of(*header.last_chunk()?));
            let count = u64::from(order.u16_of(*read(start, 2)?.first_chunk()?));
            (start.checked_add(2)?, count, 12)
        }
        43 => {
            let start = order.u64_of(*read(8, 8)?.first_chunk()?);
            let count = order.u64_of(*read(start, 8)?.first_chunk()?);
            (start.checked_add(8)?, count, 20)
        }
        _ => return None,
    };
    if count > MAX_ENTRIES {
        return None;
    }
    let entries = read(start, usize::try_from(count).ok()?.checked_mul(size)?)?;
    entries.chunks_exact(size).map(|entry| TiffEntry::parse(order, entry)).collect()
}

/// Returns the size of a picture by its first directory.
pub(crate) fn size(entries: &[TiffEntry]) -> Option<Dimensions> {
    let number = |tag: u16| {
        let entry = entries.iter().find(|entry| entry.tag == tag)?;
        u32::try_from(entry.value).ok().filter(|_| entry.count == 1 && matches!(entry.kind, 1 | 3 | 4 | 16))
    };
    Some(Dimensions::new(number(WIDTH)?, number(HEIGHT)?))
}

/// Returns whether a text is longer than any that a picture has.
#[cfg(feature = "fix")]
pub(crate) fn has_absurd_text(entries: &[TiffEntry]) -> bool {
    entries.iter().any(|entry| entry.kind == ASCII && entry.count > MAX_TEXT)
}

impl TiffEntry {
    fn parse(order: ByteOrder, entry: &[u8]) -> Option<Self> {
        let (tag, rest) = entry.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk()?;
        let (count, value) = match rest.split_first_chunk::<8>() {
            Some((count, value)) if value.len() == 8 => (order.u64_of(*count), value),
            Some(_) | None => {
                let (count, value) = rest.split_first_chunk()?;
                (u64::from(order.u32_of(*count)), value)
            }
        };
        let kind = order.u16_of(*kind);
        // A number shorter than its field comes first in it.
        let value = match kind {
            1 => u64::from(*value.first()?),
            3 => u64::from(order.u16_of(*value.first_chunk()?)),
            _ => match value.first_chunk().filter(|_| kind == 16) {
                Some(value) => order.u64_of(*value),
                None => u64::from(order.u32_of(*value.first_chunk()?)),
            },
        };
        Some(Self { tag: order.u16_of(*tag), kind, count, value })
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]
mod tests {
    use super::*;

    fn directory(file: &[u8]) -> Option<Vec<TiffEntry>> {
        first_directory(|at, length| {
            let at = usize::try_from(at).ok()?;
            Some(file.get(at..at.checked_add(length)?)?.to_vec())
        })
    }

    fn measured(file: &[u8]) -> Option<(u32, u32)> {
        size(&directory(file)?).map(|size| (size.width, size.height))
    }

    const LITTLE: &[u8] = b"II*\0\x08\0\0\0\x02\0\0\x01\x03\0\x01\0\0\0\x40\0\0\0\x01\x01\x04\0\x01\0\0\0\x30\0\0\0";
    const BIG: &[u8] = b"MM\0*\0\0\0\x08\0\x02\x01\x00\0\x03\0\0\0\x01\0\x40\xff\xff\x01\x01\0\x04\0\0\0\x01\0\0\0\x30";

    /// A BigTIFF file whose width and height are 64-bit numbers.
    fn big_tiff(width: u64) -> Vec<u8> {
        let entry = |tag: u16, value: u64| {
            [&tag.to_le_bytes()[..], &16_u16.to_le_bytes(), &1_u64.to_le_bytes(), &value.to_le_bytes()].concat()
        };
        let head = [&b"II+\0\x08\0\0\0"[..], &16_u64.to_le_bytes(), &2_u64.to_le_bytes()].concat();
        [head, entry(WIDTH, width), entry(HEIGHT, 48)].concat()
    }

    #[test]
    fn the_size_is_read_in_both_orders_and_both_versions() {
        assert_eq!(measured(LITTLE), Some((64, 48)));
        assert_eq!(measured(BIG), Some((64, 48)));
        assert_eq!(measured(&big_tiff(64)), Some((64, 48)));
        assert_eq!(measured(include_bytes!("../../../fixtures/images/old.tiff")), Some((64, 48)));
    }

    #[test]
    fn what_states_no_size_has_none() {
        let with = |at: usize, byte: u8| {
            let mut bytes = LITTLE.to_vec();
            bytes[at] = byte;
            measured(&bytes)
        };
        assert_eq!(with(0, b'X'), None, "no byte order");
        assert_eq!(with(2, 41), None, "no version");
        assert_eq!(with(7, 0xff), None, "a directory far outside");
        assert_eq!(with(9, 0xff), None, "65,282 entries");
        assert_eq!(with(12, 2), None, "a width that is a text");
        assert_eq!(with(14, 2), None, "two widths");
        assert_eq!(with(10, 2), None, "another tag");
        assert_eq!(measured(&big_tiff(1 << 32)), None, "a width of 33 bits");
        for file in [LITTLE, BIG, &big_tiff(64)] {
            for length in 0..file.len() {
                assert_eq!(measured(&file[..length]), None, "{length}");
            }
        }
    }

    #[test]
    fn absurd_texts_are_seen() {
        let texts = |file: &[u8]| has_absurd_text(&directory(file).expect("a directory"));
        assert!(texts(b"II*\0\x08\0\0\0\x01\0\0\x01\x02\0\xff\xff\xff\xff\x37\x09\0\0"));
        assert!(!texts(LITTLE) && !texts(include_bytes!("../../../fixtures/images/old.tiff")));
    }
}
