//! Checks whether an image has its end marker, as the bytes are read and without decoding anything.
//!
//! Decoders differ on a truncated image: browsers show the upper part, Pillow refuses it.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use memchr::memchr;

use super::{exif, turn};
use crate::media::Media;
use crate::media::sparse_buffer::SparseBuffer;
use crate::media::stream_cursor::TO_THE_END;
use crate::media::stream_scan::StreamScan;

/// How many bytes at the end of a local file are searched before all of it is read: the end marker and some padding.
const TAIL: u64 = 1024;

/// Looks for the EOI marker of a JPEG after its first scan.
#[derive(Debug, Default)]
pub(crate) struct JpegEndScan {
    has_pixels: bool,
    has_end: bool,
    /// Whether the last examined byte of the entropy-coded data was 0xFF.
    after_ff: bool,
}

impl StreamScan for JpegEndScan {
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        if self.has_end {
            return Some(TO_THE_END);
        }
        if self.has_pixels {
            return Some(self.search(rest));
        }
        // Segments are skipped by their lengths: a preview in one of them has markers of its own.
        match rest {
            [0xff, 0xda, ..] => {
                self.has_pixels = true;
                Some(2)
            }
            [0xff, 0x01 | 0xd0..=0xd9, ..] => Some(2),
            [0xff, 0x00 | 0xff, ..] => Some(1),
            [0xff, _, high, low, ..] => Some(u64::from(u16::from_be_bytes([*high, *low])).saturating_add(2)),
            [0xff, ..] => None,
            _ => Some(1),
        }
    }

    fn is_needed(&self, _: &Media) -> bool {
        !self.has_end
    }

    fn tail_length(&self) -> u64 {
        TAIL
    }

    /// A marker in the last bytes is that of the image itself or of a preview in a trailer, which follows the image.
    fn is_settled_by(&self, tail: &[u8]) -> bool {
        tail.windows(2).any(|pair| pair == [0xff, 0xd9])
    }

    fn complete(&self, media: &mut Media, _: &[u8]) {
        if self.has_pixels && !self.has_end {
            media.truncated = Some("the JPEG has no end marker (EOI)");
        }
    }
}

impl JpegEndScan {
    fn search(&mut self, rest: &[u8]) -> u64 {
        let mut at = 0_usize;
        while let Some(bytes) = rest.get(at..).filter(|bytes| !bytes.is_empty()) {
            if self.after_ff && bytes.first() == Some(&0xd9) {
                self.has_end = true;
                break;
            }
            let next = memchr(0xff, bytes);
            self.after_ff = next.is_some();
            at = at.saturating_add(next.map_or(bytes.len(), |next| next.saturating_add(1)));
        }
        rest.len() as u64
    }
}

/// Looks for the IEND chunk of a PNG, and for an orientation after its pixels.
#[derive(Debug, Default)]
pub(crate) struct PngEndScan {
    has_started: bool,
    /// True once the chunks that follow are invalid.
    is_unusable: bool,
    has_end: bool,
    orientation: Option<u8>,
}

impl StreamScan for PngEndScan {
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        let [l3, l2, l1, l0, name @ ..] = rest.first_chunk::<8>()?;
        if !self.has_started {
            self.has_started = true;
            return Some(8);
        }
        if name == b"IEND" {
            self.has_end = true;
            return Some(TO_THE_END);
        }
        let length = u32::from_be_bytes([*l3, *l2, *l1, *l0]);
        if name == EXIF && self.orientation.is_none() && length <= MAX_EXIF {
            let content = rest.get(8..)?.get(..usize::try_from(length).ok()?)?;
            let buffer = SparseBuffer::new(content.to_vec(), Some(length.into()));
            self.orientation = exif::orientation(&buffer, 0..length.into()).ok().flatten();
        }
        if !name.iter().all(u8::is_ascii_alphabetic) {
            self.is_unusable = true;
            return Some(TO_THE_END);
        }
        Some(u64::from(length).saturating_add(12))
    }

    fn is_needed(&self, _: &Media) -> bool {
        !self.has_end
    }

    fn tail_length(&self) -> u64 {
        TAIL
    }

    fn is_settled_by(&self, tail: &[u8]) -> bool {
        tail.windows(8).any(|bytes| bytes == b"\0\0\0\0IEND") && !tail.windows(4).any(|bytes| bytes == EXIF)
    }

    fn complete(&self, media: &mut Media, _: &[u8]) {
        if !self.has_end && !self.is_unusable {
            media.truncated = Some("the PNG has no IEND chunk");
        }
        if let (None, Some(orientation), Some(size)) = (media.orientation, self.orientation, media.coded_size) {
            turn(media, size, orientation);
        }
    }
}

const EXIF: &[u8; 4] = b"eXIf";

/// The longest block with an orientation, in bytes; those in JPEG files are shorter, too.
const MAX_EXIF: u32 = 64 << 10;
