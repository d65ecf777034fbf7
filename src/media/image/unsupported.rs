//! Images that the API does not accept: described as far as that is cheap, and never reported as malformed.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::Cursor;
use std::ops::Range;

use image::{ImageFormat, ImageReader, Limits};

use super::tiff;
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Describes a GIF (by its logical screen), BMP or ICO file.
pub(crate) fn raster(buffer: &SparseBuffer, format: Format) -> Result<Media, ReadError> {
    // The identifiers of these formats are the extensions by which `image` knows them.
    let Some(read_as) = ImageFormat::from_extension(format.id()) else { return Ok(Media::new(format)) };
    let head = buffer.up_to(0, HEAD)?;
    let mut reader = ImageReader::with_format(Cursor::new(head), read_as);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(HEAD as u64);
    reader.limits(limits);
    let size = reader.into_dimensions().ok().map(|(width, height)| Dimensions::new(width, height));
    Ok(described(format, size))
}

/// Describes a TIFF file by its first directory.
pub(crate) fn tiff(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let head = buffer.up_to(0, HEAD)?;
    let entries = tiff::first_directory(|at, length| {
        let at = usize::try_from(at).ok()?;
        head.get(at..at.checked_add(length)?).map(<[u8]>::to_vec)
    });
    Ok(described(Format::Tiff, entries.and_then(|entries| tiff::size(&entries))))
}

/// How many bytes are read: a directory after them is not worth a request.
const HEAD: usize = 64 << 10;

/// Describes an AVIF or HEIC file by the largest of its `ispe` boxes: tiles and thumbnails have smaller ones.
pub(crate) fn heif(buffer: &SparseBuffer, format: Format) -> Result<Media, ReadError> {
    match property_size(buffer) {
        Ok(size) => Ok(described(format, size)),
        Err(ReadError::Malformed(_)) => Ok(Media::new(format)),
        Err(error @ (ReadError::NeedMore(_) | ReadError::TooComplex)) => Err(error),
    }
}

fn described(format: Format, size: Option<Dimensions>) -> Media {
    let coded_size = size.filter(|size| size.ratio().is_some());
    Media { coded_size, ..Media::new(format) }
}

/// Descends through `meta`, `iprp` and `ipco`, and returns the largest size among the properties there.
fn property_size(buffer: &SparseBuffer) -> Result<Option<Dimensions>, ReadError> {
    let mut inside = 0..HEAD as u64;
    for (name, skipped) in [(*b"meta", 4), (*b"iprp", 0), (*b"ipco", 0)] {
        let Some(found) = child(buffer, &inside, name)? else { return Ok(None) };
        inside = found.start.saturating_add(skipped)..found.end.min(inside.end);
    }
    let mut largest: Option<Dimensions> = None;
    while let Some(property) = child(buffer, &inside, *b"ispe")? {
        let at = property.start.saturating_add(4);
        let size = Dimensions::new(buffer.be32(at)?, buffer.be32(at.saturating_add(4))?);
        largest = largest.filter(|known| known.area() >= size.area()).or(Some(size));
        inside.start = property.end;
    }
    Ok(largest)
}

/// Finds the first box with a name and returns the range of its content; a box with an invalid size ends the search.
fn child(buffer: &SparseBuffer, inside: &Range<u64>, wanted: [u8; 4]) -> Result<Option<Range<u64>>, ReadError> {
    let mut at = inside.start;
    while at.saturating_add(8) <= inside.end && buffer.total().is_none_or(|total| at.saturating_add(8) <= total) {
        let [s3, s2, s1, s0, name @ ..] = buffer.array::<8>(at)?;
        let size = u64::from(u32::from_be_bytes([s3, s2, s1, s0]));
        if size < 8 {
            return Ok(None);
        }
        let end = at.saturating_add(size);
        if name == wanted {
            return Ok(Some(at.saturating_add(8)..end));
        }
        at = end;
    }
    Ok(None)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]
mod tests {
    use super::*;
    use crate::media::testing::builders;

    fn coded_size(bytes: &[u8], format: Format) -> Option<Dimensions> {
        builders::read_image(bytes, format).expect("a description never fails").coded_size
    }

    #[test]
    fn m08_m11_unsupported_images_are_described() {
        let case = |name: &str, format, size: Option<(u32, u32)>| {
            let expected = size.map(|(width, height)| Dimensions::new(width, height));
            assert_eq!(coded_size(&builders::fixture(name), format), expected, "{name}");
        };
        case("still.gif", Format::Gif, Some((64, 48)));
        case("animated.gif", Format::Gif, Some((64, 48)));
        case("polyglot.gif", Format::Gif, Some((64, 48)));
        case("old.tiff", Format::Tiff, Some((64, 48)));
        case("old.bmp", Format::Bmp, Some((64, 48)));
        case("old.ico", Format::Ico, Some((32, 32)));
        case("photo.avif", Format::Avif, Some((64, 48)));
        // HEVC stores whole blocks; a clean aperture box cuts them to 64x48.
        case("photo.heic", Format::Heic, Some((64, 64)));
        case("drawing.svg", Format::Svg, None);
        case("old.psd", Format::Psd, None);
        case("old.jp2", Format::Jp2, None);
        case("page.html", Format::Html, None);
        case("empty.png", Format::Gif, None);
        case("empty.png", Format::Avif, None);
        case("photo.jpg", Format::Tiff, None);
        case("photo.jpg", Format::Heic, None);
    }

    #[test]
    fn m08_a_gif_is_as_large_as_its_logical_screen() {
        let mut bytes = builders::fixture("still.gif");
        bytes[6..10].copy_from_slice(&[0xe8, 3, 0xf4, 1]);
        assert_eq!(coded_size(&bytes, Format::Gif), Some(Dimensions::new(1000, 500)));
        bytes[6..10].fill(0);
        assert_eq!(coded_size(&bytes, Format::Gif), None);
    }

    fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).expect("a box");
        [&size.to_be_bytes(), name, content].concat()
    }

    fn avif(properties: &[u8]) -> Vec<u8> {
        let meta = boxed(b"meta", &[&[0; 4][..], &boxed(b"iprp", &boxed(b"ipco", properties))].concat());
        [boxed(b"ftyp", b"avif\0\0\0\0"), meta].concat()
    }

    fn ispe(width: u32, height: u32) -> Vec<u8> {
        boxed(b"ispe", &[[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat())
    }

    #[test]
    fn m10_the_largest_size_wins_and_nothing_is_trusted() {
        let case = |properties: &[u8], size: Option<(u32, u32)>| {
            let expected = size.map(|(width, height)| Dimensions::new(width, height));
            assert_eq!(coded_size(&avif(properties), Format::Avif), expected);
        };
        case(b"", None);
        case(&ispe(64, 48), Some((64, 48)));
        case(&[ispe(512, 512), ispe(1321, 743), ispe(160, 90)].concat(), Some((1321, 743)));
        case(&ispe(u32::MAX, u32::MAX), Some((u32::MAX, u32::MAX)));
        case(&ispe(0, 48), None);
        case(&[boxed(b"irot", &[1]), ispe(64, 48)].concat(), Some((64, 48)));
        case(&[boxed(b"free", b""), b"\0\0\0\x07odd ".to_vec(), ispe(64, 48)].concat(), None);
        case(&[boxed(b"free", b"").repeat(1_000_000), ispe(64, 48)].concat(), None);
        case(b"\0\0\0\x08ispe", None);
        case(b"\xff\xff\xff\xffispe", None);
    }
}
