//! Pixels that are not square, and the display size that results from them.

use crate::units::Dimensions;

/// Returns the display size for pixels with the aspect ratio `across / down`: the width is scaled and rounded, the
/// height is kept. If the ratio is not stated (a zero) or absurd, returns the coded size.
pub(crate) fn shown(coded_size: Dimensions, across: u32, down: u32) -> Dimensions {
    let scaled = u64::from(coded_size.width)
        .checked_mul(u64::from(across))
        .and_then(|width| width.checked_add(u64::from(down) / 2))
        .and_then(|width| width.checked_div(u64::from(down)))
        .and_then(|width| u32::try_from(width).ok());
    let is_plausible = across > 0 && across / 16 <= down && down / 16 <= across;
    Dimensions { width: scaled.filter(|width| is_plausible && *width > 0).unwrap_or(coded_size.width), ..coded_size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_width_is_scaled() {
        let case = |across, down, width| {
            let shown = shown(Dimensions::new(720, 576), across, down);
            assert_eq!(shown, Dimensions::new(width, 576), "{across}:{down}");
        };
        case(1, 1, 720);
        case(16, 15, 768);
        case(8, 9, 640);
        case(0, 1, 720);
        case(1, 0, 720);
        case(0, 0, 720);
        case(u32::MAX, 1, 720);
        case(1, u32::MAX, 720);
    }
}
