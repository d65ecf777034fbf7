//! WebP: a RIFF file with one lossy, lossless or extended image.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::{cut, exif, picture};
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Reads a WebP file: thirty bytes of a simple one; the chunk headers of an extended one up to the frame, and up to the
/// EXIF chunk if the flags announce one.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let end = riff(buffer)?;
    let first = chunk(buffer, FIRST_CHUNK, end)?
        .ok_or_else(|| malformed(FIRST_CHUNK, "the WebP file has no room for a picture"))?;
    match &first.name {
        b"VP8 " | b"VP8L" => Ok(picture(Format::Webp, frame(buffer, &first)?, None)),
        b"VP8X" => extended(buffer, &first, end),
        _ => Err(malformed(FIRST_CHUNK, "the first WebP chunk is none of VP8, VP8L and VP8X")),
    }
}

const ENDS_EARLY: &str = "the WebP file is cut short before its picture";

/// Bytes of `RIFF`, the length and `WEBP`.
const FIRST_CHUNK: u64 = 12;

/// Reads the RIFF header and returns the end of the file that it states; bytes after that do not belong to the file.
fn riff(buffer: &SparseBuffer) -> Result<u64, ReadError> {
    let [magic @ .., s0, s1, s2, s3, f0, f1, f2, f3] =
        buffer.array::<12>(0).map_err(|error| cut(error, "the WebP header is cut short"))?;
    if magic != *b"RIFF" || [f0, f1, f2, f3] != *b"WEBP" {
        return Err(malformed(0, "it does not start with a WebP header"));
    }
    let end = u64::from(u32::from_le_bytes([s0, s1, s2, s3])).saturating_add(8);
    if buffer.total().is_some_and(|total| total < end) {
        return Err(malformed(4, "the WebP file is shorter than its header says"));
    }
    Ok(end)
}

/// One chunk, as its header states it.
struct WebpChunk {
    name: [u8; 4],
    /// Where it starts.
    at: u64,
    /// Where its content starts.
    content: u64,
    /// Where its content ends.
    end: u64,
}

impl WebpChunk {
    /// Returns where the next chunk starts: at an even offset.
    fn next(&self) -> u64 {
        self.end.saturating_add(self.end & 1)
    }

    /// Returns the first bytes of the content.
    fn start<const N: usize>(&self, buffer: &SparseBuffer) -> Result<[u8; N], ReadError> {
        if self.end.saturating_sub(self.content) < N as u64 {
            return Err(malformed(self.at, "a WebP chunk is too short for what it must hold"));
        }
        buffer.array(self.content).map_err(|error| cut(error, ENDS_EARLY))
    }
}

/// Reads the header of a chunk; `None` if the file, which ends at `end`, has no more of them.
fn chunk(buffer: &SparseBuffer, at: u64, end: u64) -> Result<Option<WebpChunk>, ReadError> {
    let content = at.saturating_add(8);
    if content > end {
        return Ok(None);
    }
    let [n0, n1, n2, n3, size @ ..] = buffer.array::<8>(at).map_err(|error| cut(error, ENDS_EARLY))?;
    let chunk_end = content.saturating_add(u32::from_le_bytes(size).into());
    if chunk_end > end {
        return Err(malformed(at, "a WebP chunk is longer than the file"));
    }
    Ok(Some(WebpChunk { name: [n0, n1, n2, n3], at, content, end: chunk_end }))
}

/// Reads the size of a frame from its own header.
fn frame(buffer: &SparseBuffer, chunk: &WebpChunk) -> Result<Dimensions, ReadError> {
    let size = if chunk.name == *b"VP8L" { lossless(chunk.start(buffer)?) } else { lossy(chunk.start(buffer)?) };
    size.filter(|size| size.ratio().is_some())
        .ok_or_else(|| malformed(chunk.content, "the WebP frame has a broken header"))
}

/// Reads the header of a VP8 key frame (RFC 6386, section 9.1): tag, start code, 14 bits per side below two of scale.
fn lossy([tag, _, _, s0, s1, s2, w0, w1, h0, h1]: [u8; 10]) -> Option<Dimensions> {
    let (is_key, profile, is_shown) = (tag & 1 == 0, tag >> 1 & 7, tag & 0x10 != 0);
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    let is_valid = is_key && is_shown && profile <= 3 && [s0, s1, s2] == [0x9d, 0x01, 0x2a];
    is_valid.then(|| Dimensions::new(side(w0, w1), side(h0, h1)))
}

/// Reads the header of a lossless frame: signature, 14 bits per side minus one, an alpha bit, three version bits.
fn lossless([signature, b0, b1, b2, b3]: [u8; 5]) -> Option<Dimensions> {
    let bits = u32::from_le_bytes([b0, b1, b2, b3]);
    let side = |bits: u32| (bits & 0x3fff).saturating_add(1);
    (signature == 0x2f && bits >> 29 == 0).then(|| Dimensions::new(side(bits), side(bits >> 14)))
}

/// Reads an extended file. Its size is that of the canvas, which the frame of a still image must match.
fn extended(buffer: &SparseBuffer, first: &WebpChunk, end: u64) -> Result<Media, ReadError> {
    let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = first.start(buffer)?;
    let side = |low, mid, high| u32::from_le_bytes([low, mid, high, 0]).saturating_add(1);
    let canvas = Dimensions::new(side(w0, w1, w2), side(h0, h1, h2));
    if canvas.width.checked_mul(canvas.height).is_none() {
        return Err(malformed(first.content, "the WebP canvas has more pixels than the format allows"));
    }
    let (animated, mut wants_exif) = (flags & 0x02 != 0, flags & 0x08 != 0);
    let mut has_frame = false;
    let mut orientation = None;
    let mut at = first.next();
    while !has_frame || wants_exif {
        let Some(chunk) = chunk(buffer, at, end)? else { break };
        match &chunk.name {
            b"VP8 " | b"VP8L" if !animated && !has_frame => {
                if frame(buffer, &chunk)? != canvas {
                    return Err(malformed(chunk.content, "the WebP frame and its canvas differ in size"));
                }
                has_frame = true;
            }
            b"ANMF" if animated => has_frame = true,
            b"EXIF" if wants_exif => {
                let content = chunk.content..chunk.end;
                orientation = exif::orientation(buffer, content).map_err(|error| cut(error, ENDS_EARLY))?;
                wants_exif = false;
            }
            _ => {}
        }
        at = chunk.next();
    }
    if !has_frame {
        return Err(malformed(at, "the WebP file ends without a picture"));
    }
    Ok(Media { animated, ..picture(Format::Webp, canvas, orientation) })
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]
mod tests {
    use super::*;
    use crate::media::sparse_buffer::FormatError;
    use crate::media::testing::builders::{self, Webp};

    fn facts(bytes: &[u8]) -> Result<Media, FormatError> {
        builders::read_image(bytes, Format::Webp)
    }

    #[test]
    fn good_files_give_their_facts() {
        let case = |name: &str, size: (u32, u32), turn: Option<u8>, animated| {
            let media = builders::expect_picture(name, Format::Webp, size, turn);
            assert_eq!((media.animated, media.encoding_note), (animated, None), "{name}");
        };
        case("photo.webp", (640, 480), None, false);
        case("lossy.webp", (64, 48), None, false);
        case("lossless.webp", (64, 48), None, false);
        case("alpha.webp", (64, 48), None, false);
        case("alpha-lossless.webp", (64, 48), None, false);
        case("exif.webp", (64, 48), Some(6), false);
        case("animated.webp", (64, 48), None, true);
    }

    #[test]
    fn m09_broken_files_say_what() {
        let case = |bytes: &[u8], what: &str| {
            let error = facts(bytes).expect_err(what);
            assert!(error.what.contains(what), "{error:?}");
        };
        let changed = |name: &str, at: usize, bytes: &[u8]| {
            let mut file = builders::fixture(name);
            file[at..at + bytes.len()].copy_from_slice(bytes);
            file
        };
        case(b"", "header is cut short");
        case(&builders::fixture("photo.jpg"), "does not start with");
        case(&builders::fixture("truncated.webp"), "shorter than its header says");
        case(&builders::fixture("canvas-mismatch.webp"), "differ in size");
        let (whole, length) = (builders::fixture("lossy.webp"), builders::fixture("lossy.webp").len());
        case(&whole[..length - 1], "shorter than its header says");
        // One byte more in the only chunk than the file has.
        case(&changed("lossy.webp", 16, &[whole[16] + 1]), "longer than the file");
        case(&changed("lossy.webp", 4, &[11, 0, 0, 0]), "no room");
        case(&changed("lossy.webp", 12, b"ABCD"), "none of VP8");
        case(&changed("lossy.webp", 16, &[0xff; 4]), "longer than the file");
        case(&changed("lossy.webp", 16, &[9, 0, 0, 0]), "too short");
        case(&changed("lossy.webp", 20, &[0x31]), "broken header");
        case(&changed("lossy.webp", 20, &[whole[20] & 0xf1 | 4 << 1]), "broken header");
        case(&changed("lossy.webp", 23, b"\0"), "broken header");
        case(&changed("lossy.webp", 26, b"\0\0"), "broken header");
        case(&changed("lossless.webp", 20, b"\0"), "broken header");
        case(&changed("lossless.webp", 24, &[0xff]), "broken header");
        case(&changed("exif.webp", 24, &[0xff; 6]), "more pixels");
        case(&changed("animated.webp", 20, b"\0"), "without a picture");
    }

    #[test]
    fn m09_the_widest_canvas_is_accepted() {
        let mut file = builders::fixture("animated.webp");
        file[24..30].copy_from_slice(&[0xff, 0xff, 0xff, 0xfe, 0, 0]);
        assert_eq!(facts(&file).expect("facts").coded_size, Some(Dimensions::new(1 << 24, 255)));
    }

    #[test]
    fn m09_a_frame_is_found_after_other_chunks() {
        for profile in [0, 1, 2, 301, 1 << 17] {
            let webp = Webp { profile: Some(vec![7; profile]), orientation: Some(8), ..Webp::default() };
            let (facts, buffered) = builders::read_counting_bytes(&webp.bytes(), Format::Webp);
            let media = facts.expect("facts");
            assert_eq!((media.coded_size, media.orientation), (Some(webp.size), Some(8)), "{profile} bytes");
            assert!(buffered < 120, "{buffered} bytes");
        }
    }

    #[test]
    fn announced_exif_may_be_missing() {
        let mut file = builders::fixture("alpha.webp");
        file[20] |= 0x08;
        assert_eq!(facts(&file).expect("facts").orientation, None);
    }

    #[test]
    fn bytes_after_the_riff_file_are_ignored() {
        let file = [&builders::fixture("exif.webp")[..], b"EXIF\x04\0\0\0junk"].concat();
        assert_eq!(facts(&file).expect("facts").orientation, Some(6));
    }
}
