//! PNG: IHDR, then the chunks before the pixels.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::{cut, exif, picture};
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Reads a PNG up to its first IDAT chunk; other chunks are skipped by their lengths and never inflated.
///
/// An acTL chunk of two frames or more, but no more than a PNG can count, makes it animated; an eXIf chunk turns it.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    signature(buffer)?;
    let coded_size = header(buffer)?;
    let (mut animated, mut orientation) = (false, None);
    let mut at = AFTER_HEADER;
    loop {
        let PngChunk { name, content, end } = chunk(buffer, at)?;
        match &name {
            b"IDAT" => break,
            b"IHDR" => return Err(malformed(at, "the PNG has two IHDR chunks")),
            b"IEND" => return Err(malformed(at, "the PNG ends without pixels")),
            b"acTL" => {
                let frames = buffer.be32(content).map_err(|error| cut(error, ENDS_EARLY))?;
                animated = (2..=MAX_NUMBER).contains(&frames);
            }
            b"eXIf" if orientation.is_none() => {
                let block = content..end.saturating_sub(CHECKSUM);
                orientation = exif::orientation(buffer, block).map_err(|error| cut(error, ENDS_EARLY))?;
            }
            _ => {}
        }
        at = end;
    }
    Ok(Media { animated, ..picture(Format::Png, coded_size, orientation) })
}

const ENDS_EARLY: &str = "the PNG is cut short before its pixels";

/// Bytes of a chunk's checksum.
const CHECKSUM: u64 = 4;

/// Where the chunks after IHDR begin: signature, length, name, thirteen bytes, checksum.
const AFTER_HEADER: u64 = 33;

fn signature(buffer: &SparseBuffer) -> Result<(), ReadError> {
    match buffer.array(0).map_err(|error| cut(error, "the PNG signature is cut short"))? {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'] => Ok(()),
        [0x89, b'P', b'N', b'G', ..] => {
            Err(malformed(4, "the PNG signature is damaged, as by a transfer that changes line ends"))
        }
        _ => Err(malformed(0, "it does not start with the PNG signature")),
    }
}

/// One chunk, as its header states it.
struct PngChunk {
    name: [u8; 4],
    /// Where its content starts.
    content: u64,
    /// Where the next chunk starts.
    end: u64,
}

fn chunk(buffer: &SparseBuffer, at: u64) -> Result<PngChunk, ReadError> {
    let [l3, l2, l1, l0, name @ ..] = buffer.array::<8>(at).map_err(|error| cut(error, ENDS_EARLY))?;
    let length = u32::from_be_bytes([l3, l2, l1, l0]);
    if !name.iter().all(u8::is_ascii_alphabetic) {
        return Err(malformed(at.saturating_add(4), "a PNG chunk has no valid name"));
    }
    if length > MAX_NUMBER {
        return Err(malformed(at, "a PNG chunk is longer than the format allows"));
    }
    let content = at.saturating_add(8);
    Ok(PngChunk { name, content, end: content.saturating_add(length.into()).saturating_add(CHECKSUM) })
}

/// The largest number in a PNG: lengths and sides have 31 bits.
const MAX_NUMBER: u32 = 0x7fff_ffff;

/// Reads the IHDR chunk, which must be the first, thirteen bytes long, and in agreement with its checksum.
fn header(buffer: &SparseBuffer) -> Result<Dimensions, ReadError> {
    let is_short = |error| cut(error, "the PNG header is cut short");
    let [length @ .., n0, n1, n2, n3] = buffer.array::<8>(8).map_err(is_short)?;
    match &[n0, n1, n2, n3] {
        b"IHDR" => {}
        b"CgBI" => return Err(malformed(8, "it is Apple's own PNG for iOS (CgBI), which other decoders cannot read")),
        _ => return Err(malformed(12, "the first PNG chunk is not IHDR")),
    }
    if u32::from_be_bytes(length) != 13 {
        return Err(malformed(8, "the PNG header is not 13 bytes long"));
    }
    let [w3, w2, w1, w0, h3, h2, h1, h0, depth, color, compression, filter, interlace] =
        buffer.array::<13>(16).map_err(is_short)?;
    if checksum(buffer.bytes(12, 17).map_err(is_short)?) != buffer.be32(29).map_err(is_short)? {
        return Err(malformed(29, "the PNG header does not agree with its checksum"));
    }
    let coded_size = Dimensions::new(u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    if coded_size.ratio().is_none() {
        return Err(malformed(16, "the PNG has a side of 0 pixels"));
    }
    if coded_size.longest() > MAX_NUMBER {
        return Err(malformed(16, "the PNG has a side longer than the format allows"));
    }
    let known = matches!((color, depth), (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) | (2 | 4 | 6, 8 | 16));
    if !known || compression != 0 || filter != 0 || interlace > 1 {
        return Err(malformed(24, "the PNG has a color type or a coding that does not exist"));
    }
    Ok(coded_size)
}

/// Computes a chunk's checksum: CRC-32 with the polynomial 0xEDB88320 (PNG specification, annex D).
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    let shift = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shift(crc)))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]
mod tests {
    use super::*;
    use crate::media::sparse_buffer::FormatError;
    use crate::media::testing::builders::{self, Png};

    fn facts(bytes: &[u8]) -> Result<Media, FormatError> {
        builders::read_image(bytes, Format::Png)
    }

    #[test]
    fn good_files_give_their_facts() {
        let case = |name: &str, size: (u32, u32), turn: Option<u8>, animated| {
            let media = builders::expect_picture(name, Format::Png, size, turn);
            assert_eq!((media.animated, media.encoding_note), (animated, None), "{name}");
        };
        case("photo.png", (640, 480), None, false);
        case("sixteen-bit.png", (64, 48), None, false);
        case("interlaced.png", (64, 48), None, false);
        case("8000x8000.png", (8000, 8000), None, false);
        case("8001x1.png", (8001, 1), None, false);
        case("9000x100.png", (9000, 100), None, false);
        case("rotated-6.png", (64, 48), Some(6), false);
        case("apng.png", (64, 48), None, true);
        case("png-named.jpg", (64, 48), None, false);
        case("png-and-zip.png", (64, 48), None, false);
    }

    #[test]
    fn broken_files_say_what_and_where() {
        let case = |name: &str, at: u64, what: &str| {
            let error = facts(&builders::fixture(name)).expect_err(name);
            assert!(error.at == at && error.what.contains(what), "{name}: {error:?}");
        };
        case("empty.png", 0, "signature is cut short");
        case("truncated.png", 16, "header is cut short");
        case("bad-crc.png", 29, "checksum");
        case("zero-size.png", 16, "0 pixels");
        case("cgbi.png", 8, "CgBI");
        case("jpeg-named.png", 0, "does not start with");
        case("lfs-pointer.png", 0, "does not start with");
    }

    #[test]
    fn a_transfer_in_text_mode_is_named() {
        let bytes = builders::fixture("photo.png");
        let unix = [&bytes[..4], &bytes[5..]].concat();
        let error = facts(&unix).expect_err("damaged");
        assert!(error.what.contains("line ends"), "{error:?}");
    }

    #[test]
    fn m03_headers_that_contradict_the_format_are_refused() {
        let case = |png: Png, what: &str| {
            let error = facts(&png.bytes()).expect_err(what);
            assert!(error.what.contains(what), "{error:?}");
        };
        let sized = |width, height| Png { size: Dimensions::new(width, height), ..Png::default() };
        case(sized(0, 1), "0 pixels");
        case(sized(1, 0), "0 pixels");
        case(sized(1 << 31, 1 << 31), "longer than the format allows");
        case(Png { coding: [3, 2, 0, 0, 0], ..Png::default() }, "does not exist");
        case(Png { coding: [16, 3, 0, 0, 0], ..Png::default() }, "does not exist");
        case(Png { coding: [8, 2, 1, 0, 0], ..Png::default() }, "does not exist");
        case(Png { coding: [8, 2, 0, 0, 2], ..Png::default() }, "does not exist");
        case(Png { chunks: vec![(*b"IHDR", vec![0; 13])], ..Png::default() }, "two IHDR");
        case(Png { chunks: vec![(*b"IEND", vec![])], ..Png::default() }, "without pixels");
        case(Png { chunks: vec![(*b"IEND", vec![]), (*b"IHDR", vec![])], ..Png::default() }, "without pixels");
        case(Png { chunks: vec![(*b"ID\0T", vec![])], ..Png::default() }, "no valid name");
        let largest = facts(&sized(MAX_NUMBER, MAX_NUMBER).bytes()).expect("a size that the format allows");
        assert_eq!(largest.coded_size, Some(Dimensions::new(MAX_NUMBER, MAX_NUMBER)));
    }

    #[test]
    fn m03_chunks_of_absurd_length_or_order_are_refused() {
        let case = |at: usize, change: &[u8], what: &str| {
            let mut bytes = Png { chunks: vec![(*b"tEXt", vec![0; 9])], ..Png::default() }.bytes();
            bytes[at..at + change.len()].copy_from_slice(change);
            let error = facts(&bytes).expect_err(what);
            assert!(error.what.contains(what), "{error:?}");
        };
        case(8, &[0, 0, 0, 14], "not 13 bytes");
        case(12, b"gAMA", "not IHDR");
        case(19, &[65], "checksum");
        case(33, &[0x7f, 0xff, 0xff, 0xff], "cut short before its pixels");
        case(33, &[0xff, 0xff, 0xff, 0xff], "longer than the format allows");
    }

    #[test]
    fn m05_a_single_frame_is_not_animated() {
        let most = MAX_NUMBER;
        for (frames, animated) in
            [(0, false), (1, false), (2, true), (most, true), (most + 1, false), (u32::MAX, false)]
        {
            let control = [frames.to_be_bytes(), [0; 4]].concat();
            let png = Png { chunks: vec![(*b"acTL", control)], ..Png::default() };
            assert_eq!(facts(&png.bytes()).expect("facts").animated, animated, "{frames} frames");
        }
    }

    #[test]
    fn chunks_after_the_pixels_are_ignored() {
        let mut bytes = Png::default().bytes();
        bytes.extend_from_slice(b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0");
        assert!(!facts(&bytes).expect("facts").animated);
    }

    #[test]
    fn m04_compressed_chunks_are_skipped_unread() {
        for name in [*b"iCCP", *b"zTXt", *b"iTXt"] {
            let chunks = vec![(name, vec![0; 1 << 20])];
            let (facts, buffered) =
                builders::read_counting_bytes(&Png { chunks, ..Png::default() }.bytes(), Format::Png);
            assert!(facts.is_ok() && buffered == 33 + 8 + 8, "{buffered} bytes");
        }
    }

    #[test]
    fn the_checksum_is_crc_32() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b"IEND"), 0xae42_6082);
    }
}
