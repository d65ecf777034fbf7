//! Why a picture cannot be fixed.

use image::ImageError;
use image::error::UnsupportedErrorKind;

use crate::fix::geometry::GeometryError;
use crate::units::{Bytes, Dimensions};

/// Why a picture cannot be fixed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ImageFixError {
    /// No geometry meets the limits.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Decoding it would take too much memory.
    #[error("{0} pixels are too many to decode: at most {max} million", max = super::decode::MAX_PIXELS / 1_000_000)]
    TooManyPixels(Dimensions),
    /// The file itself is too large to be read.
    #[error(
        "the file has {size} bytes; at most {limit} can be decoded",
        size = Bytes::new(*.0),
        limit = Bytes::new(super::decode::MAX_FILE)
    )]
    FileTooLarge(u64),
    /// The file is corrupt, or its encoding is not supported.
    #[error("the image cannot be decoded: {}", described(.0))]
    Decode(ImageError),
    /// The directory of a TIFF file is broken.
    #[error("the image cannot be decoded: its directory is broken")]
    Directory,
    /// The header and the pixels disagree.
    #[error("the header states {stated} pixels, but {decoded} were decoded")]
    Disagreement { stated: Dimensions, decoded: Dimensions },
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// Scaling failed.
    #[error("the image cannot be scaled: {0}")]
    Scale(String),
    /// Encoding failed.
    #[error("the image cannot be encoded: {0}")]
    Encode(String),
    /// No accepted quality and size meets the size limit.
    #[error("no accepted quality and size fits into {limit} bytes", limit = Bytes::new(*.0))]
    TooManyBytes(u64),
}

impl ImageFixError {
    /// An error of the library that scales.
    pub(super) fn scale(error: impl std::error::Error) -> Self {
        Self::Scale(error.to_string())
    }
}

/// Describes an error of the decoder. What it does not support, it names in its own types.
fn described(error: &ImageError) -> String {
    let ImageError::Unsupported(unsupported) = error else { return error.to_string() };
    let what = match unsupported.kind() {
        UnsupportedErrorKind::Color(_) | UnsupportedErrorKind::ColorLayout(_) => "the type of its pixels",
        UnsupportedErrorKind::ColorspaceCicp(_) => "its color space",
        UnsupportedErrorKind::Format(_) => "its format",
        UnsupportedErrorKind::GenericFeature(_) | _ => "its encoding",
    };
    format!("{what} is not supported")
}
