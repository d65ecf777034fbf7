//! Pictures: first bytes → format, dimensions, orientation, animation. Pixels are never decoded.
//!
//! The three formats that the API takes have readers of their own, because they must answer from a prefix and say
//! which bytes they lack; the others are only described, so that a refusal can say what the file is.

mod exif;
mod jpeg;
mod png;
mod unsupported;
mod webp;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod specimen;

use crate::media::sparse_buffer::{Flaw, ReadError, SparseBuffer};
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Reads what a picture's header states; a format that is no picture is only named.
///
/// # Errors
/// [`ReadError::Need`] where other bytes are wanted, [`ReadError::Broken`] where a JPEG, PNG or WebP file is broken.
pub(crate) fn read(window: &SparseBuffer, format: Format) -> Result<Media, ReadError> {
    match READERS.iter().find(|(known, _)| *known == format) {
        Some((_, read)) => read(window),
        None => Ok(Media::new(format)),
    }
}

/// A plain function from bytes to facts.
type Reader = fn(&SparseBuffer) -> Result<Media, ReadError>;

/// Which reader knows which format.
const READERS: &[(Format, Reader)] = &[
    (Format::Jpeg, jpeg::read),
    (Format::Png, png::read),
    (Format::Webp, webp::read),
    (Format::Gif, |window| unsupported::raster(window, Format::Gif)),
    (Format::Bmp, |window| unsupported::raster(window, Format::Bmp)),
    (Format::Tiff, |window| unsupported::raster(window, Format::Tiff)),
    (Format::Ico, |window| unsupported::raster(window, Format::Ico)),
    (Format::Avif, |window| unsupported::heif(window, Format::Avif)),
    (Format::Heic, |window| unsupported::heif(window, Format::Heic)),
];

/// Describes a picture by its stored size and its EXIF orientation, of which 5 to 8 lay it on its side.
fn picture(format: Format, stored: Dimensions, orientation: Option<u8>) -> Media {
    let displayed = if matches!(orientation, Some(5..=8)) { stored.swapped() } else { stored };
    Media { stored: Some(stored), displayed: Some(displayed), orientation, ..Media::new(format) }
}

/// Says in the format's words where the file ends too early; a wish for bytes stays one.
fn cut(halt: ReadError, what: &'static str) -> ReadError {
    match halt {
        ReadError::Need(range) => ReadError::Need(range),
        ReadError::Broken(Flaw { at, what: _ }) => ReadError::Broken(Flaw { at, what }),
    }
}
