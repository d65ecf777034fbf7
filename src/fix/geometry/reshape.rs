//! Computes crops and pads, and describes how much they keep, remove or add.

use std::fmt;

use super::Gravity;
use crate::units::{AspectRatioRange, Dimensions, PixelRect};

/// The largest part of a picture with a ratio inside a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CropPlan {
    shown: Dimensions,
    /// The size of the part that is kept.
    pub(crate) kept: Dimensions,
}

impl CropPlan {
    /// Cuts the longer side as far as the window requires.
    pub(crate) fn to(window: AspectRatioRange, shown: Dimensions) -> Self {
        Self { shown, kept: window.crop(shown) }
    }

    /// Positions the kept part.
    pub(crate) fn at(self, gravity: Gravity) -> PixelRect {
        let (across, down) = (self.shown.width - self.kept.width, self.shown.height - self.kept.height);
        let (left, top) = match gravity {
            Gravity::Center => (across / 2, down / 2),
            Gravity::Top => (across / 2, 0),
            Gravity::Bottom => (across / 2, down),
            Gravity::Left => (0, down / 2),
            Gravity::Right => (across, down / 2),
        };
        PixelRect { left, top, size: self.kept }
    }

    /// Returns how much of the area is kept, in percent.
    pub(crate) fn percent(self) -> u64 {
        (self.kept.area() * 100 + self.shown.area() / 2) / self.shown.area().max(1)
    }
}

/// Prints `crop: keeps 83 %, removes 204 px from each side`.
impl fmt::Display for CropPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (across, down) = (self.shown.width - self.kept.width, self.shown.height - self.kept.height);
        let percent = self.percent();
        if across > 0 {
            write!(f, "crop: keeps {percent} %, removes {} px from each side", across.div_ceil(2))
        } else {
            write!(f, "crop: keeps {percent} %, removes {} px from top and bottom", down.div_ceil(2))
        }
    }
}

/// The smallest canvas around a picture with a ratio inside a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Padding {
    shown: Dimensions,
    /// The size with the added area.
    pub(crate) padded: Dimensions,
}

impl Padding {
    /// Extends the shorter side as far as the window requires.
    pub(crate) fn to(window: AspectRatioRange, shown: Dimensions) -> Self {
        let (width, height) = (u64::from(shown.width), u64::from(shown.height));
        let padded = if is_too_wide(window, shown) {
            Dimensions::new(shown.width, whole((width * 1000).div_ceil(window.max.thousandths().max(1))))
        } else {
            Dimensions::new(whole((height * window.min.thousandths()).div_ceil(1000)), shown.height)
        };
        Self { shown, padded }
    }
}

/// Prints `pad: adds 120 px to top and bottom`.
impl fmt::Display for Padding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let across = self.padded.width.saturating_sub(self.shown.width);
        let down = self.padded.height.saturating_sub(self.shown.height);
        if across > 0 {
            write!(f, "pad: adds {} px to each side", across.div_ceil(2))
        } else {
            write!(f, "pad: adds {} px to top and bottom", down.div_ceil(2))
        }
    }
}

fn is_too_wide(window: AspectRatioRange, shown: Dimensions) -> bool {
    u64::from(shown.width) * 1000 > window.max.thousandths() * u64::from(shown.height)
}

/// Converts a side to `u32`, at least one pixel.
fn whole(side: u64) -> u32 {
    u32::try_from(side).unwrap_or(u32::MAX).max(1)
}
