//! Image builders, so that each test states only what differs from the default.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]

use super::feeder::{self, Feeder, Outcome};
use crate::media::image::png::checksum;
use crate::media::registry::FORMATS;
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Returns the bytes of a file in fixtures/images.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/images/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect(name)
}

/// Reads a fixture, and expects this coded size, this orientation, and the display size that results from both.
#[track_caller]
pub(crate) fn expect_picture(name: &str, format: Format, size: (u32, u32), orientation: Option<u8>) -> Media {
    let media = read_image(&fixture(name), format).expect(name);
    let coded_size = Dimensions::new(size.0, size.1);
    let display_size = if matches!(orientation, Some(5..=8)) { coded_size.swapped() } else { coded_size };
    assert_eq!((media.coded_size, media.display_size), (Some(coded_size), Some(display_size)), "{name}");
    assert_eq!(media.orientation, orientation, "{name}");
    media
}

/// Reads an image as a whole.
pub(crate) fn read_image(bytes: &[u8], format: Format) -> Outcome {
    (FORMATS.reader)(format).map_or_else(|| Ok(Media::new(format)), |read| feeder::read_whole(read, bytes))
}

/// Reads an image with exactly the bytes that are requested, and returns how many there were.
pub(crate) fn read_counting_bytes(bytes: &[u8], format: Format) -> (Outcome, usize) {
    let exact = Feeder { head: 0, min_read: 0, is_length_known: true };
    let (outcome, requests) = exact.feed_recorded((FORMATS.reader)(format).expect("a reader"), bytes);
    let count: u64 = requests.iter().map(|range| range.end - range.start).sum();
    (outcome, usize::try_from(count).expect("a small file"))
}

/// Builds a block of EXIF data with its identifier: a directory of two entries, the second the orientation.
pub(crate) fn exif(orientation: u8, low_first: bool) -> Vec<u8> {
    let two = |number: u16| if low_first { number.to_le_bytes() } else { number.to_be_bytes() };
    let four = |number: u32| if low_first { number.to_le_bytes() } else { number.to_be_bytes() };
    let mut bytes = b"Exif\0\0".to_vec();
    bytes.extend_from_slice(if low_first { b"II" } else { b"MM" });
    bytes.extend([two(42).to_vec(), four(8).to_vec(), two(2).to_vec()].concat());
    bytes.extend([two(0x0110).to_vec(), two(2).to_vec(), four(2).to_vec(), b"a\0\0\0".to_vec()].concat());
    bytes.extend([two(0x0112), two(3)].concat());
    bytes.extend([four(1).to_vec(), two(orientation.into()).to_vec(), vec![0; 2], vec![0; 4]].concat());
    bytes
}

/// Builds a JPEG segment.
pub(crate) fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a segment");
    [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
}

/// A JPEG builder: the header is valid, the pixels are missing.
pub(crate) struct Jpeg {
    pub(crate) size: (u16, u16),
    /// The segments before the frame header.
    pub(crate) segments: Vec<Vec<u8>>,
    pub(crate) fill: usize,
    pub(crate) frame: u8,
    pub(crate) channels: u8,
}

impl Default for Jpeg {
    fn default() -> Self {
        Self { size: (64, 48), segments: Vec::new(), fill: 0, frame: 0xc0, channels: 3 }
    }
}

impl Jpeg {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let (width, height) = (self.size.0.to_be_bytes(), self.size.1.to_be_bytes());
        let channels = vec![0x11; usize::from(self.channels) * 3];
        let frame = [&[8][..], &height, &width, &[self.channels], &channels].concat();
        let parts = [b"\xff\xd8".to_vec(), self.segments.concat(), vec![0xff; self.fill], segment(self.frame, &frame)];
        [parts.concat(), segment(0xda, &[1, 1, 0, 0, 63, 0]), b"pixels\xff\xd9".to_vec()].concat()
    }
}

/// A PNG builder: header and chunks are valid, the pixels are empty.
pub(crate) struct Png {
    pub(crate) size: Dimensions,
    /// Depth, color type, compression, filter, interlace.
    pub(crate) coding: [u8; 5],
    /// The chunks between the header and the pixels.
    pub(crate) chunks: Vec<([u8; 4], Vec<u8>)>,
}

impl Default for Png {
    fn default() -> Self {
        Self { size: Dimensions::new(64, 48), coding: [8, 2, 0, 0, 0], chunks: Vec::new() }
    }
}

impl Png {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let chunk = |name: &[u8; 4], content: &[u8]| {
            let length = u32::try_from(content.len()).expect("a chunk");
            let named = [name, content].concat();
            [&length.to_be_bytes()[..], &named, &checksum(&named).to_be_bytes()].concat()
        };
        let sides = [self.size.width.to_be_bytes(), self.size.height.to_be_bytes()].concat();
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.extend(chunk(b"IHDR", &[&sides[..], &self.coding].concat()));
        bytes.extend(self.chunks.iter().flat_map(|(name, content)| chunk(name, content)));
        bytes.extend([chunk(b"IDAT", &[]), chunk(b"IEND", &[])].concat());
        bytes
    }
}

/// A WebP builder; a profile or an orientation makes it an extended file.
pub(crate) struct Webp {
    pub(crate) size: Dimensions,
    pub(crate) lossless: bool,
    pub(crate) profile: Option<Vec<u8>>,
    pub(crate) orientation: Option<u8>,
}

impl Default for Webp {
    fn default() -> Self {
        Self { size: Dimensions::new(64, 48), lossless: false, profile: None, orientation: None }
    }
}

impl Webp {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let chunk = |name: &[u8; 4], content: &[u8]| {
            let length = u32::try_from(content.len()).expect("a chunk");
            [&name[..], &length.to_le_bytes(), content, &vec![0; content.len() % 2]].concat()
        };
        let (width, height) = (self.size.width, self.size.height);
        let frame = if self.lossless {
            let bits = (width - 1) | (height - 1) << 14;
            chunk(b"VP8L", &[&[0x2f][..], &bits.to_le_bytes(), b"pixels"].concat())
        } else {
            let side = |side: u32| u16::try_from(side).expect("14 bits").to_le_bytes();
            chunk(b"VP8 ", &[&b"\x30\x01\0\x9d\x01\x2a"[..], &side(width), &side(height), b"pixels"].concat())
        };
        let flags = u8::from(self.profile.is_some()) << 5 | u8::from(self.orientation.is_some()) << 3;
        let mut chunks = Vec::new();
        if flags != 0 {
            let (width, height) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
            chunks.extend(chunk(b"VP8X", &[&[flags, 0, 0, 0][..], &width[..3], &height[..3]].concat()));
        }
        chunks.extend(self.profile.iter().flat_map(|profile| chunk(b"ICCP", profile)));
        chunks.extend(frame);
        chunks.extend(self.orientation.iter().flat_map(|turn| chunk(b"EXIF", &exif(*turn, true))));
        let length = u32::try_from(chunks.len() + 4).expect("a file");
        [&b"RIFF"[..], &length.to_le_bytes(), b"WEBP", &chunks].concat()
    }
}
