//! Computes the geometry of the result: what is cropped or padded, and the size it is scaled to, in whole pixels.

use crate::report::fix_report::FixGeometry;
use crate::units::{AspectRatioRange, Dimensions, PixelRect};

mod nearest;
mod parse;
mod reshape;

use nearest::nearest;
pub(crate) use reshape::{CropPlan, Padding};

/// The limits that a picture or a frame must meet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizeLimits {
    /// The shortest side that is accepted.
    pub(crate) min_side: u32,
    /// The longest side that is accepted.
    pub(crate) max_side: u32,
    /// The largest width times height.
    pub(crate) max_pixels: u64,
    /// The aspect ratios that are accepted; `None`: all.
    pub(crate) window: Option<AspectRatioRange>,
    /// What both sides must be a multiple of: 2 for video in 4:2:0, else 1.
    pub(crate) multiple: u32,
}

impl SizeLimits {
    /// Returns whether a size meets every limit.
    pub(crate) fn allow(&self, size: Dimensions) -> bool {
        self.allow_sides(size) && self.allow_ratio(size)
    }

    fn allow_sides(&self, size: Dimensions) -> bool {
        size.width.min(size.height) >= self.min_side.max(1)
            && size.longest() <= self.max_side
            && size.area() <= self.max_pixels
            && size.width.is_multiple_of(self.multiple)
            && size.height.is_multiple_of(self.multiple)
    }

    pub(crate) fn allow_ratio(&self, size: Dimensions) -> bool {
        self.window.is_none_or(|window| size.ratio().is_some_and(|ratio| window.contains(ratio)))
    }
}

/// The position of the part that a crop keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Gravity {
    /// In the middle.
    #[default]
    Center,
    /// At the top edge.
    Top,
    /// At the bottom edge.
    Bottom,
    /// At the left edge.
    Left,
    /// At the right edge.
    Right,
}

/// What fills the area that padding adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// One color: red, green, blue.
    Color([u8; 3]),
    /// The picture itself, enlarged and blurred.
    Blur,
}

/// How an aspect ratio outside the window is brought into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reshape {
    /// A part is cut off.
    Crop(Gravity),
    /// An area is added.
    Pad(Fill),
}

/// The padded result: its size, and the position of the picture in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Canvas {
    pub(crate) size: Dimensions,
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) fill: Fill,
    /// The size of the canvas before scaling.
    pub(crate) unscaled: Dimensions,
}

/// The steps applied to the pixels, in this order: crop, scale, pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// The display size of the input.
    pub(crate) shown: Dimensions,
    /// The part that is kept; `None`: all of it.
    pub(crate) crop: Option<PixelRect>,
    /// The size of the picture after scaling.
    pub(crate) content: Dimensions,
    /// What it is padded to.
    pub(crate) canvas: Option<Canvas>,
}

/// Why no geometry meets the limits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GeometryError {
    /// The aspect ratio is outside the window, and neither crop nor pad was requested.
    #[error("the aspect ratio must change; choose --crop or --pad. {crop}; {pad}")]
    NeedsReshape { crop: CropPlan, pad: Padding },
    /// No size in whole pixels meets all limits.
    #[error("no size near {0} meets the limits on sides, pixels and ratio together")]
    NoSize(Dimensions),
}

impl Geometry {
    /// Returns the geometry with the fewest changes that meets the limits.
    pub(crate) fn plan(
        shown: Dimensions,
        limits: &SizeLimits,
        reshape: Option<Reshape>,
    ) -> Result<Self, GeometryError> {
        let Some(window) = limits.window.filter(|_| !limits.allow_ratio(shown)) else {
            let content = nearest(shown, limits).ok_or(GeometryError::NoSize(shown))?;
            return Ok(Self { shown, crop: None, content, canvas: None });
        };
        let (crop, pad) = (CropPlan::to(window, shown), Padding::to(window, shown));
        match reshape {
            None => Err(GeometryError::NeedsReshape { crop, pad }),
            Some(Reshape::Crop(gravity)) => {
                let content = nearest(crop.kept, limits).ok_or(GeometryError::NoSize(crop.kept))?;
                Ok(Self { shown, crop: Some(crop.at(gravity)), content, canvas: None })
            }
            Some(Reshape::Pad(fill)) => {
                let size = nearest(pad.padded, limits).ok_or(GeometryError::NoSize(pad.padded))?;
                Ok(Self::padded(shown, pad.padded, size, fill, limits.multiple))
            }
        }
    }

    /// Centers the whole picture on a canvas, scaled by the same factor.
    fn padded(shown: Dimensions, unscaled: Dimensions, size: Dimensions, fill: Fill, multiple: u32) -> Self {
        let scaled = |side: u32, from: u32, to: u32| {
            let exact = (u64::from(side) * u64::from(to) + u64::from(from) / 2) / u64::from(from).max(1);
            let whole = u32::try_from(exact).unwrap_or(to) / multiple * multiple;
            whole.clamp(multiple.min(to), to)
        };
        let content = Dimensions::new(
            scaled(shown.width, unscaled.width, size.width),
            scaled(shown.height, unscaled.height, size.height),
        );
        let middle = |outer: u32, inner: u32| (outer - inner) / 2 / multiple * multiple;
        let (left, top) = (middle(size.width, content.width), middle(size.height, content.height));
        Self { shown, crop: None, content, canvas: Some(Canvas { size, left, top, fill, unscaled }) }
    }

    /// Returns the size of the result.
    pub(crate) fn output(&self) -> Dimensions {
        self.canvas.map_or(self.content, |canvas| canvas.size)
    }

    /// Returns the size before scaling.
    pub(crate) fn kept(&self) -> Dimensions {
        self.crop.map_or(self.shown, |crop| crop.size)
    }

    /// Returns what a report shows of it.
    pub(crate) fn shown_change(&self) -> FixGeometry {
        let whole = |size| PixelRect { left: 0, top: 0, size };
        let content = match self.canvas {
            Some(Canvas { left, top, .. }) => PixelRect { left, top, size: self.content },
            None => whole(self.content),
        };
        let kept = self.crop.unwrap_or_else(|| whole(self.shown));
        FixGeometry { whole: self.shown, kept, output: self.output(), content }
    }

    /// Returns whether the pixels are unchanged.
    pub(crate) fn is_identity(&self) -> bool {
        self.crop.is_none() && self.canvas.is_none() && self.content == self.shown
    }

    /// Scales the result down by a factor, as far as the limits allow.
    pub(crate) fn shrunk(&self, factor: f64, limits: &SizeLimits) -> Option<Self> {
        let output = self.output();
        let longest = scaled_side(output.longest(), factor).min(output.longest().saturating_sub(limits.multiple));
        let tighter = SizeLimits { max_side: longest, ..*limits };
        let size = nearest(output, &tighter)?;
        Some(match self.canvas {
            Some(canvas) => Self::padded(self.shown, canvas.unscaled, size, canvas.fill, limits.multiple),
            None => Self { content: size, ..*self },
        })
    }
}

/// Scales one side and rounds to whole pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float as cast saturates at the bounds")]
pub(crate) fn scaled_side(side: u32, factor: f64) -> u32 {
    (f64::from(side) * factor).round() as u32
}

#[cfg(test)]
mod tests;
