//! Finds the size nearest to a wanted one that meets every limit.

use super::SizeLimits;
use crate::units::Dimensions;

/// How many widths are tried in each direction from the ideal one: enough for a window one thousandth wide.
const TRIED: u32 = 2048;

/// Returns the wanted size if it meets the limits, else the nearest size with its ratio: smaller if it is too large,
/// larger if it is too small. `None` if no size meets all limits.
pub(super) fn nearest(wanted: Dimensions, limits: &SizeLimits) -> Option<Dimensions> {
    if limits.allow(wanted) {
        return Some(wanted);
    }
    let ideal = ideal_width(wanted, limits);
    let start = (ideal / limits.multiple).max(1);
    (0..TRIED).flat_map(|step| [start.checked_sub(step), start.checked_add(step)]).flatten().find_map(|width| {
        let width = width.checked_mul(limits.multiple)?;
        heights(wanted, width, limits).find(|size| limits.allow(*size))
    })
}

/// Returns the width to start with: the wanted one, scaled into the limits.
fn ideal_width(wanted: Dimensions, limits: &SizeLimits) -> u32 {
    let (width, height) = (f64::from(wanted.width), f64::from(wanted.height));
    let shortest = f64::from(wanted.width.min(wanted.height));
    let down = (f64::from(limits.max_side) / f64::from(wanted.longest()))
        .min(area_factor(limits.max_pixels, wanted.area()))
        .min(1.0);
    let up = f64::from(limits.min_side) / shortest;
    let factor = if shortest * down < f64::from(limits.min_side) { up } else { down };
    // The longer side is exact: rounding the shorter one first would move it by several pixels.
    if width >= height {
        super::scaled_side(wanted.width, factor)
    } else {
        let tall = f64::from(super::scaled_side(wanted.height, factor));
        super::scaled_side(wanted.width, tall / height)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of pixels stays below 2^53 in every accepted picture")]
fn area_factor(allowed: u64, present: u64) -> f64 {
    (allowed as f64 / present as f64).sqrt()
}

/// Returns the heights that fit a width: the one that keeps the ratio, as far as the window allows, and its neighbors.
fn heights(wanted: Dimensions, width: u32, limits: &SizeLimits) -> impl Iterator<Item = Dimensions> {
    let multiple = u64::from(limits.multiple);
    let half = u64::from(wanted.width) / 2;
    let exact = (u64::from(width) * u64::from(wanted.height) + half) / u64::from(wanted.width).max(1) / multiple;
    let inside = limits.window.map_or(exact, |window| {
        let thousandfold = u64::from(width) * 1000;
        let lowest = thousandfold.div_ceil(window.max.thousandths().max(1)).div_ceil(multiple);
        let highest = thousandfold.checked_div(window.min.thousandths()).map_or(u64::MAX, |height| height / multiple);
        exact.min(highest).max(lowest)
    });
    let tried = [Some(inside), inside.checked_sub(1), inside.checked_add(1)];
    tried.into_iter().flatten().filter_map(move |height| {
        let height = u32::try_from(height.checked_mul(multiple)?).ok()?;
        Some(Dimensions::new(width, height))
    })
}
