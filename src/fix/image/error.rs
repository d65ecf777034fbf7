//! Why a picture cannot be fixed.

use crate::fix::geometry::GeometryError;
use crate::units::{Bytes, Dimensions};

/// Why a picture cannot be fixed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ImageFixError {
    /// No geometry meets the bounds.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Decoding it would take too much memory.
    #[error("{0} pixels are more than are decoded here: at most {max} million", max = super::decode::MAX_PIXELS / 1_000_000)]
    TooManyPixels(Dimensions),
    /// The file itself is too large to be read.
    #[error("the file has {size} bytes; pictures of up to {limit} are decoded", size = Bytes::new(*.0), limit = Bytes::new(super::decode::MAX_FILE))]
    FileTooLarge(u64),
    /// The bytes are broken or of a kind that is not decoded.
    #[error("the picture cannot be decoded: {0}")]
    Decode(image::ImageError),
    /// The directory of a TIFF file is broken.
    #[error("the picture cannot be decoded: its directory is broken")]
    Directory,
    /// The header and the pixels disagree.
    #[error("the header states {stated} pixels, but {decoded} were decoded")]
    Disagreement { stated: Dimensions, decoded: Dimensions },
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// Scaling failed.
    #[error("the picture cannot be scaled: {0}")]
    Scale(#[from] fast_image_resize::ResizeError),
    /// Encoding failed.
    #[error("the picture cannot be encoded: {0}")]
    Encode(String),
    /// No quality and no size fits into the bytes that are allowed.
    #[error("no quality and no accepted size fits into {limit} bytes", limit = Bytes::new(*.0))]
    TooManyBytes(u64),
}
