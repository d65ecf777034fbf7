//! JPEG: walks the segments from SOI to the frame header, as libjpeg does.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::ops::Range;

use super::{cut, exif, picture};
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Reads a JPEG up to its first frame header, which decides; segments are skipped by their lengths.
///
/// The orientation is that of the first EXIF segment before the frame header. What follows the header is not read:
/// previews, depth maps and trailers carry frame headers of their own.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    if buffer.array(0).map_err(|error| cut(error, ENDS_EARLY))? != [0xff, SOI] {
        return Err(malformed(0, "it does not start with the JPEG marker SOI"));
    }
    let (mut has_exif, mut orientation) = (false, None);
    let mut at = 2;
    loop {
        let (marker, body) = marker(buffer, at)?;
        at = match marker {
            TEM | RST_FIRST..=RST_LAST => body,
            SOI => return Err(malformed(body, "a second JPEG starts before the frame header of the first")),
            EOI => return Err(malformed(body, "the JPEG ends before its frame header")),
            SOS => return Err(malformed(body, "the JPEG has pixels before its frame header")),
            APP1 if !has_exif => {
                let end = end(buffer, body)?;
                let content = body.saturating_add(2)..end;
                has_exif = is_exif(buffer, &content)?;
                if has_exif {
                    orientation = exif::orientation(buffer, content).map_err(|error| cut(error, ENDS_EARLY))?;
                }
                end
            }
            _ => match coding(marker) {
                Some(coding) => return frame(buffer, coding, body, orientation),
                None => end(buffer, body)?,
            },
        };
    }
}

const ENDS_EARLY: &str = "the JPEG is cut short before its frame header";

const TEM: u8 = 0x01;
const RST_FIRST: u8 = 0xd0;
const RST_LAST: u8 = 0xd7;
const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;

/// Finds the next marker and returns it with the offset after it.
///
/// Skips fill bytes and a few stray bytes: decoders accept such files, at most with a warning.
fn marker(buffer: &SparseBuffer, from: u64) -> Result<(u8, u64), ReadError> {
    let mut at = from;
    let mut after_ff = false;
    let mut stray = 0_u32;
    loop {
        let byte = buffer.u8(at).map_err(|error| cut(error, ENDS_EARLY))?;
        at = at.saturating_add(1);
        match byte {
            0xff => after_ff = true,
            marker @ 1.. if after_ff => return Ok((marker, at)),
            _ if stray == MAX_STRAY => return Err(malformed(from, "a JPEG marker is missing where one is required")),
            _ => (after_ff, stray) = (false, stray.saturating_add(1)),
        }
    }
}

/// The maximum number of stray bytes skipped between two segments.
const MAX_STRAY: u32 = 4096;

/// Returns the end of the segment whose length field is at `body`.
fn end(buffer: &SparseBuffer, body: u64) -> Result<u64, ReadError> {
    match buffer.be16(body).map_err(|error| cut(error, ENDS_EARLY))? {
        0 | 1 => Err(malformed(body, "a JPEG segment has an impossible length")),
        length => Ok(body.saturating_add(u64::from(length))),
    }
}

/// Returns whether the content of an APP1 segment is EXIF and not, for example, XMP.
fn is_exif(buffer: &SparseBuffer, content: &Range<u64>) -> Result<bool, ReadError> {
    let has_room = content.start.saturating_add(6) <= content.end;
    Ok(has_room && buffer.bytes(content.start, 6).map_err(|error| cut(error, ENDS_EARLY))?.starts_with(b"Exif\0"))
}

/// How the samples of a frame are coded.
#[derive(Clone, Copy, PartialEq)]
enum Coding {
    /// Huffman-coded DCT, sequential or progressive.
    Ordinary,
    /// The same, with eight bits per sample only.
    Baseline,
    Arithmetic,
    Lossless,
    Hierarchical,
    /// JPEG-LS, which shares the markers.
    Ls,
}

/// Returns the coding that a frame header's marker denotes; `None` for other segments.
fn coding(marker: u8) -> Option<Coding> {
    match marker {
        0xc0 => Some(Coding::Baseline),
        0xc1 | 0xc2 => Some(Coding::Ordinary),
        0xc3 | 0xcb => Some(Coding::Lossless),
        0xc9 | 0xca => Some(Coding::Arithmetic),
        // The differential frames, and DHP, which gives the size of all of them.
        0xc5..=0xc7 | 0xcd..=0xcf | 0xde => Some(Coding::Hierarchical),
        0xf7 => Some(Coding::Ls),
        _ => None,
    }
}

/// Reads the frame header whose length field is at `at`.
fn frame(buffer: &SparseBuffer, coding: Coding, at: u64, orientation: Option<u8>) -> Result<Media, ReadError> {
    let is_short = |error| cut(error, "the JPEG frame header is cut short");
    let length = buffer.be16(at).map_err(is_short)?;
    let [_, _, bits, h1, h0, w1, w0, channels] = buffer.array(at).map_err(is_short)?;
    if channels == 0 || u32::from(length) != u32::from(channels).saturating_mul(3).saturating_add(8) {
        return Err(malformed(at, "the JPEG frame header's length contradicts its number of channels"));
    }
    buffer.bytes(at, usize::from(length)).map_err(is_short)?;
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if width == 0 {
        return Err(malformed(at.saturating_add(5), "the JPEG has a width of 0"));
    }
    if height == 0 {
        // T.81 allows a DNL segment after the first scan to state it; libjpeg and the decoders built on it refuse that.
        return Err(malformed(
            at.saturating_add(3),
            "the JPEG leaves its height to a DNL segment, which decoders refuse",
        ));
    }
    if !has_bits(coding, bits) {
        return Err(malformed(
            at.saturating_add(2),
            "the JPEG has a number of bits per sample that its coding does not allow",
        ));
    }
    let encoding_note = words(coding, bits, channels);
    Ok(Media { encoding_note, ..picture(Format::Jpeg, Dimensions::new(width.into(), height.into()), orientation) })
}

/// Returns whether a coding allows that many bits per sample (T.81, table B.2; T.87, table C.1).
fn has_bits(coding: Coding, bits: u8) -> bool {
    match coding {
        Coding::Baseline => bits == 8,
        Coding::Ordinary | Coding::Arithmetic => matches!(bits, 8 | 12),
        Coding::Lossless | Coding::Hierarchical | Coding::Ls => matches!(bits, 2..=16),
    }
}

/// Returns the note on an unusual coding; of several, the one that most decoders fail on.
fn words(coding: Coding, bits: u8, channels: u8) -> Option<&'static str> {
    match coding {
        Coding::Lossless => Some("lossless"),
        Coding::Hierarchical => Some("hierarchical"),
        Coding::Ls => Some("JPEG-LS"),
        Coding::Arithmetic => Some("arithmetic-coded"),
        Coding::Baseline | Coding::Ordinary if bits == 12 => Some("12-bit"),
        Coding::Baseline | Coding::Ordinary => match channels {
            1 | 3 => None,
            4 => Some("CMYK"),
            _ => Some("multi-channel"),
        },
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]
mod tests {
    use super::*;
    use crate::media::sparse_buffer::FormatError;
    use crate::media::testing::builders::{self, Jpeg};

    fn facts(bytes: &[u8]) -> Result<Media, FormatError> {
        builders::read_image(bytes, Format::Jpeg)
    }

    fn error(bytes: &[u8]) -> FormatError {
        facts(bytes).expect_err("broken")
    }

    #[test]
    fn good_files_give_their_facts() {
        let case = |name: &str, size: (u32, u32), turn, coding| {
            let media = builders::expect_picture(name, Format::Jpeg, size, turn);
            assert_eq!((media.animated, media.encoding_note), (false, coding), "{name}");
        };
        case("photo.jpg", (640, 480), None, None);
        case("1170x2532.jpg", (1170, 2532), None, None);
        case("progressive.jpg", (64, 48), None, None);
        case("grey.jpg", (64, 48), None, None);
        case("arithmetic.jpg", (64, 48), None, Some("arithmetic-coded"));
        case("lossless.jpg", (64, 48), None, Some("lossless"));
        case("twelve-bit.jpg", (64, 48), None, Some("12-bit"));
        case("cmyk.jpg", (64, 48), None, Some("CMYK"));
        case("fill-bytes.jpg", (64, 48), None, None);
        case("icc-300k.jpg", (64, 48), None, None);
        case("trailer.jpg", (64, 48), None, None);
        case("half.jpg", (64, 48), None, None);
        case("jpeg-named.png", (64, 48), None, None);
        case("rotated-3.jpg", (64, 48), Some(3), None);
        case("rotated-5-thumbnail.jpg", (64, 48), Some(5), None);
        case("rotated-6.jpg", (64, 48), Some(6), None);
        case("rotated-8.jpg", (64, 48), Some(8), None);
    }

    #[test]
    fn broken_files_say_what_and_where() {
        let case = |name: &str, what: &str| {
            let error = error(&builders::fixture(name));
            assert!(error.what.contains(what), "{name}: {}", error.what);
        };
        case("truncated.jpg", "frame header is cut short");
        case("zero-width.jpg", "width of 0");
        case("dnl.jpg", "DNL");
        case("junk-first.jpg", "does not start with");
        case("empty.png", "cut short");
        case("photo.png", "does not start with");
    }

    #[test]
    fn m06_wrong_segments_are_refused() {
        let case = |body: &[u8], what: &str| {
            let error = error(&[b"\xff\xd8", body].concat());
            assert!(error.what.contains(what), "{body:x?}: {}", error.what);
        };
        case(b"\xff\xe0\0\x01", "impossible length");
        case(b"\xff\xd8", "second JPEG");
        case(b"\xff\xd9", "ends before");
        case(b"\xff\xda\0\x08", "pixels before");
        case(b"\xff\xc0\0\x0b\x08\0\x01\0\x01\0", "contradicts");
        case(b"\xff\xc0\0\x0b\x08\0\x01\0\x01\x02", "contradicts");
        case(b"\xff\xc0\0\x0b\x0c\0\x01\0\x01\x01abc", "bits per sample");
        case(b"\xff\xc3\0\x0b\x11\0\x01\0\x01\x01abc", "bits per sample");
        case(&[0; 5000], "JPEG marker is missing");
        case(&[0; 50], "cut short");
    }

    #[test]
    fn m07_every_frame_marker_is_named() {
        for marker in 0xc0..=0xcf_u8 {
            let bytes = [&[0xff, 0xd8, 0xff, marker][..], b"\0\x0b\x08\0\x05\0\x07\x01abc"].concat();
            let coding = match marker {
                0xc0..=0xc2 => Ok(None),
                0xc3 | 0xcb => Ok(Some("lossless")),
                0xc9 | 0xca => Ok(Some("arithmetic-coded")),
                // DHT, JPG and DAC are segments without a frame.
                0xc4 | 0xc8 | 0xcc => Err(()),
                _ => Ok(Some("hierarchical")),
            };
            assert_eq!(facts(&bytes).map(|media| media.encoding_note).map_err(|_| ()), coding, "{marker:x}");
        }
    }

    #[test]
    fn only_the_first_exif_segment_counts() {
        let picture = |segments: &[&[u8]]| {
            let segments = segments.iter().map(|content| builders::segment(APP1, content)).collect();
            facts(&Jpeg { segments, ..Jpeg::default() }.bytes()).expect("facts").orientation
        };
        let (six, eight) = (builders::exif(6, true), builders::exif(8, false));
        assert_eq!(picture(&[b"http://ns.adobe.com/xap/1.0/\0<x/>", &six, &eight]), Some(6));
        assert_eq!(picture(&[b"Exif\0\0broken", &eight]), None);
        assert_eq!(picture(&[b"Ex", b""]), None);
    }

    #[test]
    fn m06_stray_and_fill_bytes_are_skipped() {
        let bytes = builders::fixture("photo.jpg");
        for stray in [&b"\0"[..], b"\xff\xff", b"\xff\0abc", b"\xff\xd0\xff\x01", &[0x20; 4000]] {
            let bytes = [&bytes[..20], stray, &bytes[20..]].concat();
            assert_eq!(facts(&bytes), facts(&builders::fixture("photo.jpg")), "{} bytes", stray.len());
        }
    }

    #[test]
    fn m06_only_the_first_frame_header_is_read() {
        let second = Jpeg { size: (1, 1), ..Jpeg::default() }.bytes();
        let bytes = [&Jpeg::default().bytes()[..], &second].concat();
        assert_eq!(facts(&bytes).expect("facts").coded_size, Some(Dimensions::new(64, 48)));
    }

    #[test]
    fn m07_channels_are_named() {
        for (channels, coding) in [(1, None), (2, Some("multi-channel")), (3, None), (4, Some("CMYK"))] {
            let bytes = Jpeg { channels, frame: 0xc2, ..Jpeg::default() }.bytes();
            assert_eq!(facts(&bytes).expect("facts").encoding_note, coding, "{channels}");
        }
    }

    #[test]
    fn m06_a_mebibyte_of_segments_is_skipped_unread() {
        let profile = builders::segment(0xe2, &vec![0; 60_000]);
        let bytes = Jpeg { segments: vec![profile; 20], size: (65_500, 1), ..Jpeg::default() }.bytes();
        let (facts, buffered) = builders::read_counting_bytes(&bytes, Format::Jpeg);
        assert_eq!(facts.expect("facts").coded_size, Some(Dimensions::new(65_500, 1)));
        assert!(bytes.len() > 1 << 20 && buffered < 200, "{buffered} bytes");
        let (facts, buffered) = builders::read_counting_bytes(&builders::fixture("icc-300k.jpg"), Format::Jpeg);
        assert!(facts.is_ok() && buffered < 100, "{buffered} bytes");
    }
}
