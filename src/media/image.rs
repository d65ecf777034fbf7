//! Images: dimensions, orientation, animation. Pixels are never decoded.
//!
//! The three formats that the API accepts have readers of their own, because these must work on a prefix and say which
//! bytes they need; the others are only described, so that a rejection can say what the file is.

pub(crate) mod end_scan;
mod exif;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod tiff;
pub(crate) mod unsupported;
pub(crate) mod webp;

#[cfg(test)]
mod tests;

use crate::media::sparse_buffer::{FormatError, ReadError};
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Describes a picture by its stored size and its EXIF orientation, of which 5 to 8 swap width and height.
fn picture(format: Format, coded_size: Dimensions, orientation: Option<u8>) -> Media {
    let mut media = Media { coded_size: Some(coded_size), display_size: Some(coded_size), ..Media::new(format) };
    if let Some(orientation) = orientation {
        turn(&mut media, coded_size, orientation);
    }
    media
}

/// Sets the EXIF orientation, and the size that it leads to.
fn turn(media: &mut Media, coded_size: Dimensions, orientation: u8) {
    media.display_size = Some(if matches!(orientation, 5..=8) { coded_size.swapped() } else { coded_size });
    media.orientation = Some(orientation);
}

/// Replaces the message for a truncated file with one that is specific to the format.
fn cut(error: ReadError, what: &'static str) -> ReadError {
    match error {
        ReadError::Malformed(FormatError { at, what: _ }) => ReadError::Malformed(FormatError { at, what }),
        ReadError::NeedMore(_) | ReadError::TooComplex => error,
    }
}
