//! Plans the changes to a picture from its media header and the limits of the rules. Does no I/O.

use image::DynamicImage;

use super::encode::ImageOutputFormat;
use crate::fix::geometry::{Fill, Geometry, GeometryError, Reshape, SizeLimits};
use crate::report::fix_report::FixAction;
use crate::units::Dimensions;

/// The default JPEG quality: differences to the original are invisible.
const QUALITY: u8 = 92;

/// The facts about a picture, the limits of the rules, and the user's options.
#[derive(Clone, Debug)]
pub(crate) struct ImageRequest {
    /// The format by its name in JSON: `gif`.
    pub(crate) format: &'static str,
    /// The size as shown.
    pub(crate) shown: Dimensions,
    /// EXIF orientation, 1 to 8.
    pub(crate) orientation: Option<u8>,
    /// True if there are several frames.
    pub(crate) animated: bool,
    /// The limits on sides, pixels and ratio.
    pub(crate) size: SizeLimits,
    /// The maximum size in bytes.
    pub(crate) max_bytes: u64,
    /// How an aspect ratio outside the window is changed.
    pub(crate) reshape: Option<Reshape>,
    /// The requested format.
    pub(crate) to: Option<ImageOutputFormat>,
    /// The maximum JPEG quality.
    pub(crate) quality: Option<u8>,
}

/// The planned changes to a picture.
#[derive(Clone, Debug)]
pub(crate) struct ImagePlan {
    pub(crate) request: ImageRequest,
    pub(crate) geometry: Geometry,
}

impl ImagePlan {
    /// Plans the fewest changes that meet the limits.
    pub(crate) fn new(request: ImageRequest) -> Result<Self, GeometryError> {
        let geometry = Geometry::plan(request.shown, &request.size, request.reshape)?;
        Ok(Self { request, geometry })
    }

    /// Returns the format of the result, if known before decoding.
    pub(crate) fn known_format(&self) -> Option<ImageOutputFormat> {
        self.request.to.or(match self.request.format {
            "jpeg" => Some(ImageOutputFormat::Jpeg),
            "png" => Some(ImageOutputFormat::Png),
            _ => None,
        })
    }

    /// Returns the format of the result: PNG if there is transparency, else JPEG, unless the input's format is kept.
    pub(super) fn format_for(&self, pixels: &DynamicImage) -> ImageOutputFormat {
        let by_pixels = || if is_transparent(pixels) { ImageOutputFormat::Png } else { ImageOutputFormat::Jpeg };
        self.known_format().unwrap_or_else(by_pixels)
    }

    /// Returns whether a lossless result that is too large may be encoded as JPEG.
    pub(super) fn may_become_jpeg(&self, pixels: &DynamicImage) -> bool {
        self.request.to.is_none() && !is_transparent(pixels)
    }

    /// Returns the maximum JPEG quality.
    pub(crate) fn quality(&self) -> u8 {
        self.request.quality.unwrap_or(QUALITY).clamp(1, 100)
    }

    /// Returns the color behind transparent pixels if the result has no transparency: that of the padding, else white.
    pub(super) fn background(&self) -> [u8; 3] {
        match self.request.reshape {
            Some(Reshape::Pad(Fill::Color(color))) => color,
            Some(Reshape::Pad(Fill::Blur) | Reshape::Crop(_)) | None => [255; 3],
        }
    }

    /// Lists the actions for a result in a format.
    pub(crate) fn actions(&self, format: ImageOutputFormat) -> Vec<FixAction> {
        let ImageRequest { shown, .. } = self.request;
        let mut actions = Vec::new();
        if self.request.format != format.id() {
            actions.push(FixAction::new("convert", self.request.format, format.id()));
        }
        if self.request.animated {
            actions.push(FixAction::new("still", "animation", "first frame"));
        }
        if let Some(orientation) = self.request.orientation.filter(|orientation| *orientation > 1) {
            actions.push(FixAction::new("rotate", format!("EXIF orientation {orientation}"), "pixels as shown"));
        }
        if let Some(crop) = self.geometry.crop {
            let place = format!("{}+{}+{}", crop.size, crop.left, crop.top);
            actions.push(FixAction::new("crop", shown, place));
        }
        if self.geometry.content != self.geometry.kept() {
            actions.push(FixAction::new("scale", self.geometry.kept(), self.geometry.content));
        }
        if let Some(canvas) = self.geometry.canvas {
            actions.push(FixAction::new("pad", self.geometry.content, canvas.size));
        }
        actions
    }
}

/// Returns whether any pixel is not fully opaque.
pub(super) fn is_transparent(pixels: &DynamicImage) -> bool {
    // Decoding leaves no other layouts with transparency than these two.
    let in_color = pixels.as_rgba8().is_some_and(|rgba| rgba.pixels().any(|pixel| pixel.0[3] != u8::MAX));
    in_color || pixels.as_luma_alpha8().is_some_and(|gray| gray.pixels().any(|pixel| pixel.0[1] != u8::MAX))
}
