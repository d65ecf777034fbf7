//! Decodes images within limits. The dimensions are checked before pixels are decoded; only the first frame is decoded.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::error::ImageFixError;
use super::icon;
use super::jpeg_scan::is_progressive;
use crate::media::image::tiff;
use crate::units::Dimensions;

/// The most pixels that are decoded: the largest phone sensors have 200 million.
pub(super) const MAX_PIXELS: u64 = 210_000_000;

/// The same for progressive JPEG, whose decoder keeps every coefficient in memory.
const MAX_PROGRESSIVE_PIXELS: u64 = MAX_PIXELS / 2;

/// The largest file that is read.
pub(super) const MAX_FILE: u64 = 1 << 30;

/// How much memory a decoder may use.
const MAX_MEMORY: u64 = 1 << 30;

/// A decoded picture: pixels as stored, with eight bits per channel.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) pixels: DynamicImage,
    /// The orientation to apply for display.
    pub(super) orientation: Orientation,
    /// The color profile.
    pub(super) icc: Option<Vec<u8>>,
}

impl Decoded {
    /// Decodes the first frame of a file; its display size must be `shown`. The decoder does not know an orientation that
    /// PNG states after the pixels, so that the one of the header counts.
    pub(super) fn read(path: &Path, shown: Dimensions, stated: Option<u8>) -> Result<Self, ImageFixError> {
        let mut decoder = open(path)?;
        let orientation = match stated.and_then(Orientation::from_exif) {
            Some(orientation) => orientation,
            None => decoder.orientation().unwrap_or(Orientation::NoTransforms),
        };
        let found = shown_size(&decoder, orientation);
        if found != shown {
            return Err(ImageFixError::Disagreement { stated: shown, decoded: found });
        }
        let icc = decoder.icc_profile().ok().flatten();
        let pixels = DynamicImage::from_decoder(decoder).map_err(ImageFixError::Decode)?;
        Ok(Self { pixels: to_eight_bits(pixels), orientation, icc })
    }
}

/// What the decoder says of a picture before its pixels are decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeasuredImage {
    /// The size as shown.
    pub(crate) shown: Dimensions,
    /// EXIF orientation, 1 to 8.
    pub(crate) orientation: Option<u8>,
}

/// Measures a picture with the decoder. One `is_upright` if its pixels are as shown, whatever its EXIF data says.
pub(crate) fn measure(path: &Path, is_upright: bool) -> Result<MeasuredImage, ImageFixError> {
    let mut decoder = open(path)?;
    let stated = if is_upright { None } else { decoder.orientation().ok() };
    let orientation = stated.unwrap_or(Orientation::NoTransforms);
    Ok(MeasuredImage { shown: shown_size(&decoder, orientation), orientation: Some(orientation.to_exif()) })
}

/// Opens a decoder within the limits. No pixel is decoded yet.
fn open(path: &Path) -> Result<Box<dyn ImageDecoder>, ImageFixError> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > MAX_FILE {
        return Err(ImageFixError::FileTooLarge(length));
    }
    let mut reader = BufReader::new(file);
    let progressive = is_progressive(&mut reader)?;
    reader.rewind()?;
    let mut reader = ImageReader::new(reader).with_guessed_format()?;
    if reader.format() == Some(ImageFormat::Tiff) {
        let mut file = reader.into_inner();
        refuse_absurd_tiff(&mut file)?;
        file.rewind()?;
        reader = ImageReader::with_format(file, ImageFormat::Tiff);
    }
    let mut decoder: Box<dyn ImageDecoder> = if reader.format() == Some(ImageFormat::Ico) {
        icon::decoder(reader.into_inner())?
    } else {
        Box::new(reader.into_decoder().map_err(ImageFixError::Decode)?)
    };
    let (width, height) = decoder.dimensions();
    let most = if progressive { MAX_PROGRESSIVE_PIXELS } else { MAX_PIXELS };
    if u64::from(width) * u64::from(height) > most {
        return Err(ImageFixError::TooManyPixels(Dimensions::new(width, height)));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    decoder.set_limits(limits).map_err(ImageFixError::Decode)?;
    Ok(decoder)
}

/// Rejects a TIFF file with an implausible directory: the decoder would allocate what it claims.
fn refuse_absurd_tiff(file: &mut (impl Read + Seek)) -> Result<(), ImageFixError> {
    let entries = tiff::first_directory(|at, length| {
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes)).ok().map(|()| bytes)
    });
    if entries.is_some_and(|entries| !tiff::has_absurd_text(&entries)) { Ok(()) } else { Err(ImageFixError::Directory) }
}

fn shown_size(decoder: &impl ImageDecoder, orientation: Orientation) -> Dimensions {
    let (width, height) = decoder.dimensions();
    let stored = Dimensions::new(width, height);
    if swaps_sides(orientation) { stored.swapped() } else { stored }
}

/// Returns whether an orientation swaps width and height.
pub(super) const fn swaps_sides(orientation: Orientation) -> bool {
    match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            true
        }
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => false,
    }
}

fn to_eight_bits(pixels: DynamicImage) -> DynamicImage {
    let color = pixels.color();
    if color.bytes_per_pixel() == color.channel_count() {
        return pixels;
    }
    match (color.has_color(), color.has_alpha()) {
        (false, false) => DynamicImage::ImageLuma8(pixels.into_luma8()),
        (false, true) => DynamicImage::ImageLumaA8(pixels.into_luma_alpha8()),
        (true, false) => DynamicImage::ImageRgb8(pixels.into_rgb8()),
        (true, true) => DynamicImage::ImageRgba8(pixels.into_rgba8()),
    }
}
