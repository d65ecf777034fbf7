//! Pictures: first bytes → format, dimensions, orientation, animation. Pixels are never decoded.
//!
//! The three formats that the API takes have readers of their own, because they must answer from a prefix and say
//! which bytes they lack; the others are only described, so that a refusal can say what the file is.

mod exif;
mod jpeg;
mod other;
mod png;
mod webp;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod specimen;

use crate::media::{Format, Media};
use crate::probe::window::{Flaw, Halt, Window};
use crate::units::Dimensions;

/// Reads what a picture's header states; a format that is no picture is only named.
///
/// # Errors
/// [`Halt::Need`] where other bytes are wanted, [`Halt::Broken`] where a JPEG, PNG or WebP file is broken.
pub(crate) fn read(window: &Window, format: Format) -> Result<Media, Halt> {
    use Format as F;
    match format {
        F::Jpeg => jpeg::read(window),
        F::Png => png::read(window),
        F::Webp => webp::read(window),
        F::Gif | F::Bmp | F::Tiff | F::Ico => other::raster(window, format),
        F::Avif | F::Heic => other::heif(window, format),
        F::Svg | F::Jxl | F::Jp2 | F::Psd => Ok(Media::new(format)),
        F::Mp4 | F::Mov | F::ThreeGp | F::Mkv | F::Webm | F::Avi | F::Flv | F::Mpeg | F::MpegTs | F::Asf => {
            Ok(Media::new(format))
        }
        F::Ogg | F::Mp3 | F::Wav | F::Flac | F::M4a | F::Aac | F::Aiff => Ok(Media::new(format)),
        F::Pdf | F::Html | F::Xml | F::Json | F::Text | F::LfsPointer | F::Zip | F::Gzip | F::Unknown => {
            Ok(Media::new(format))
        }
    }
}

/// Describes a picture by its stored size and its EXIF orientation, of which 5 to 8 lay it on its side.
fn picture(format: Format, stored: Dimensions, orientation: Option<u8>) -> Media {
    let displayed = if matches!(orientation, Some(5..=8)) { stored.turned() } else { stored };
    Media { stored: Some(stored), displayed: Some(displayed), orientation, ..Media::new(format) }
}

/// Says in the format's words where the file ends too early; a wish for bytes stays one.
fn cut(halt: Halt, what: &'static str) -> Halt {
    match halt {
        Halt::Need(range) => Halt::Need(range),
        Halt::Broken(Flaw { at, what: _ }) => Halt::Broken(Flaw { at, what }),
    }
}
