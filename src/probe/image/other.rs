//! Pictures that the API does not take: described as far as that is cheap, and never refused for being broken.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::Cursor;
use std::ops::Range;

use image::{ImageFormat, ImageReader, Limits};

use crate::media::{Format, Media};
use crate::probe::window::{Halt, Window};
use crate::units::Dimensions;

/// Describes a GIF (by its logical screen), BMP, TIFF or ICO file.
pub(super) fn raster(window: &Window, format: Format) -> Result<Media, Halt> {
    let head = window.up_to(0, HEAD)?;
    let read_as = match format.id() {
        "gif" => ImageFormat::Gif,
        "bmp" => ImageFormat::Bmp,
        "tiff" => ImageFormat::Tiff,
        _ => ImageFormat::Ico,
    };
    let mut reader = ImageReader::with_format(Cursor::new(head), read_as);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(HEAD as u64);
    reader.limits(limits);
    let size = reader.into_dimensions().ok().map(|(width, height)| Dimensions::new(width, height));
    Ok(described(format, size))
}

/// Bytes that are looked at: a directory further behind is not worth a request.
const HEAD: usize = 64 << 10;

/// Describes an AVIF or HEIC file by the largest of its `ispe` boxes: tiles and thumbnails have smaller ones.
pub(super) fn heif(window: &Window, format: Format) -> Result<Media, Halt> {
    match property_size(window) {
        Ok(size) => Ok(described(format, size)),
        Err(Halt::Broken(_)) => Ok(Media::new(format)),
        Err(Halt::Need(range)) => Err(Halt::Need(range)),
    }
}

fn described(format: Format, size: Option<Dimensions>) -> Media {
    let stored = size.filter(|size| size.ratio().is_some());
    Media { stored, ..Media::new(format) }
}

/// Walks down to `meta`, `iprp`, `ipco` and over the properties there.
fn property_size(window: &Window) -> Result<Option<Dimensions>, Halt> {
    let mut inside = 0..HEAD as u64;
    for (name, skipped) in [(b"meta", 4), (b"iprp", 0), (b"ipco", 0)] {
        let Some(found) = child(window, &inside, name)? else { return Ok(None) };
        inside = found.start.saturating_add(skipped)..found.end.min(inside.end);
    }
    let mut largest: Option<Dimensions> = None;
    while let Some(property) = child(window, &inside, b"ispe")? {
        let place = property.start.saturating_add(4);
        let size = Dimensions::new(window.be32(place)?, window.be32(place.saturating_add(4))?);
        let area = |size: Dimensions| u64::from(size.width).saturating_mul(size.height.into());
        largest = largest.filter(|known| area(*known) >= area(size)).or(Some(size));
        inside.start = property.end;
    }
    Ok(largest)
}

/// Finds the first box of a name and returns where its content lies; boxes of odd sizes end the search.
fn child(window: &Window, inside: &Range<u64>, wanted: &[u8; 4]) -> Result<Option<Range<u64>>, Halt> {
    let mut at = inside.start;
    while at.saturating_add(8) <= inside.end && window.total().is_none_or(|total| at.saturating_add(8) <= total) {
        window.step(at)?;
        let [s3, s2, s1, s0, name @ ..] = window.array::<8>(at)?;
        let size = u64::from(u32::from_be_bytes([s3, s2, s1, s0]));
        if size < 8 {
            return Ok(None);
        }
        let end = at.saturating_add(size);
        if name == *wanted {
            return Ok(Some(at.saturating_add(8)..end));
        }
        at = end;
    }
    Ok(None)
}
