//! The sequence header of MPEG-1 and MPEG-2 video (ISO/IEC 11172-2, 2.4.2.3; 13818-2, 6.2.2).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::bits::Bits;
use crate::media::{sample_aspect_ratio, timebase};
use crate::units::Dimensions;

/// The last byte of the start code of a sequence header.
pub(crate) const SEQUENCE: u8 = 0xb3;

/// The last byte of the start code of an extension.
const EXTENSION: u8 = 0xb5;

/// The facts in a sequence header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SequenceHeader {
    /// ffprobe's name: `mpeg1video` or `mpeg2video`.
    pub(crate) codec: &'static str,
    /// The size as stored.
    pub(crate) coded_size: Dimensions,
    /// The size after the pixel aspect ratio is applied.
    pub(crate) display_size: Dimensions,
    /// Frames per second.
    pub(crate) fps: Option<f64>,
}

impl SequenceHeader {
    /// Finds and reads the first sequence header in a chunk of video, with the extension that makes it MPEG-2. Also
    /// `None` if the start code after the header is missing, which distinguishes the two.
    pub(crate) fn find(video: &[u8]) -> Option<Self> {
        let (_, header) = start_codes(video).find(|(code, _)| *code == SEQUENCE)?;
        let (code, extension) = start_codes(header).next()?;
        let mut bits = Bits::new(header);
        let (width, height) = (bits.number(12)?, bits.number(12)?);
        let (shape, rate) = (bits.number(4)?, bits.number(4)?);
        let (rate, scale) = *FRAME_RATES.get(usize::try_from(rate).ok()?.checked_sub(1)?)?;
        if code != EXTENSION || extension.first()? >> 4 != 1 {
            let coded_size = Dimensions::new(width, height);
            let across = *MPEG1_SHAPES.get(usize::try_from(shape).ok()?)?;
            let fps = timebase::frame_rate(rate, scale);
            return Self::new("mpeg1video", coded_size, sample_aspect_ratio::shown(coded_size, 10_000, across), fps);
        }
        let mut bits = Bits::new(extension);
        bits.skip(15)?;
        let coded_size = Dimensions::new((bits.number(2)? << 12) | width, (bits.number(2)? << 12) | height);
        bits.skip(22)?;
        let (more, less) = (bits.number(2)?.checked_add(1)?, bits.number(5)?.checked_add(1)?);
        let fps = timebase::frame_rate(rate.checked_mul(more)?, scale.checked_mul(less)?);
        Self::new("mpeg2video", coded_size, display_size(coded_size, shape), fps)
    }

    fn new(codec: &'static str, coded_size: Dimensions, display_size: Dimensions, fps: Option<f64>) -> Option<Self> {
        coded_size.ratio().map(|_| Self { codec, coded_size, display_size, fps })
    }
}

/// Frames per second by their code, from 1.
const FRAME_RATES: [(u32, u32); 8] =
    [(24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)];

/// Height of a pixel by its width, in ten-thousandths, by the code in MPEG-1 (2.4.3.2); 0 for a forbidden code.
const MPEG1_SHAPES: [u32; 16] =
    [0, 10_000, 6735, 7031, 7615, 8055, 8437, 8935, 9157, 9815, 10_255, 10_695, 10_950, 11_575, 12_015, 0];

/// Returns the display size. MPEG-2 codes the aspect ratio of the whole picture; 1 means square pixels.
fn display_size(coded_size: Dimensions, code: u32) -> Dimensions {
    let (wide, high) = match code {
        2 => (4_u32, 3_u32),
        3 => (16, 9),
        4 => (221, 100),
        _ => return coded_size,
    };
    sample_aspect_ratio::shown(
        coded_size,
        wide.saturating_mul(coded_size.height),
        high.saturating_mul(coded_size.width),
    )
}

/// Returns the last byte of each start code, with the bytes after it.
pub(crate) fn start_codes(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    bytes.windows(4).enumerate().filter_map(|(at, code)| match code {
        [0, 0, 1, code] => Some((*code, bytes.get(at.checked_add(4)?..)?)),
        _ => None,
    })
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    /// A header with 720x576 pixels and the given byte for aspect ratio and frame rate.
    fn header(shape_and_rate: u8) -> Vec<u8> {
        let mut bytes = b"\0\0\x01\xb3\x2d\x02\x40".to_vec();
        bytes.push(shape_and_rate);
        bytes.extend(*b"\xff\xff\xe0\x18");
        bytes
    }

    fn with_extension(shape_and_rate: u8, extension: &[u8]) -> Vec<u8> {
        [&header(shape_and_rate), &b"\0\0\x01\xb5"[..], extension, &b"\0\0\x01\xb8"[..]].concat()
    }

    #[test]
    fn the_extension_makes_it_mpeg2() {
        let case = |shape_and_rate, width, fps| {
            let found = SequenceHeader::find(&with_extension(shape_and_rate, b"\x14\x8a\0\x01\0\0")).expect("a header");
            assert_eq!((found.codec, found.coded_size), ("mpeg2video", Dimensions::new(720, 576)));
            assert_eq!((found.display_size, found.fps), (Dimensions::new(width, 576), Some(fps)));
        };
        case(0x13, 720, 25.0);
        case(0x23, 768, 25.0);
        case(0x33, 1024, 25.0);
        case(0x14, 720, 30_000.0 / 1001.0);
        let wide = SequenceHeader::find(&with_extension(0x13, b"\x14\x8a\x80\x01\0\x20")).expect("a header");
        assert_eq!(wide.coded_size.width, 720 + (1 << 12), "the high bits of the width");
        assert_eq!(wide.fps, Some(50.0), "twice the coded rate");
    }

    #[test]
    fn a_header_without_the_extension_is_mpeg1() {
        let bytes = [&header(0x83)[..], b"\0\0\x01\xb8"].concat();
        let found = SequenceHeader::find(&bytes).expect("a header");
        assert_eq!((found.codec, found.fps), ("mpeg1video", Some(25.0)));
        assert_eq!(found.display_size, Dimensions::new(786, 576));
    }

    #[test]
    fn wrong_empty_and_cut_headers_are_none() {
        assert_eq!(SequenceHeader::find(b""), None);
        assert_eq!(SequenceHeader::find(&[header(0x10), b"\0\0\x01\xb8".to_vec()].concat()), None, "rate 0");
        assert_eq!(SequenceHeader::find(&[header(0x1f), b"\0\0\x01\xb8".to_vec()].concat()), None, "rate 15");
        assert_eq!(SequenceHeader::find(b"\0\0\x01\xb3\0\0\0\x13\xff\xff\xe0\x18\0\0\x01\xb8"), None, "0x0");
        let bytes = with_extension(0x13, b"\x14\x8a\0\x01\0\0");
        let whole = SequenceHeader::find(&bytes);
        for cut in 0..bytes.len() {
            let found = SequenceHeader::find(&bytes[..cut]);
            assert!(found.is_none() || found == whole, "cut at {cut}");
        }
    }
}
