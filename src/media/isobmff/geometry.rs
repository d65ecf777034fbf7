//! Geometry: from the coded size to the display size.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::atom::Atom;
use crate::media::sparse_buffer::ReadError;
use crate::units::Dimensions;

/// The linear part of a transformation matrix (ISO/IEC 14496-12, section 6.2.2), as fractions of 65,536: a point moves
/// to `x·a + y·c`, `x·b + y·d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Matrix {
    a: i64,
    b: i64,
    c: i64,
    d: i64,
}

impl Matrix {
    /// The matrix that changes nothing.
    pub(super) const IDENTITY: Self = Self { a: 1 << 16, b: 0, c: 0, d: 1 << 16 };

    /// Reads the nine numbers at an offset in a box.
    pub(super) fn read(atom: Atom, offset: u64) -> Result<Self, ReadError> {
        let number = |index: u64| -> Result<i64, ReadError> {
            let bytes = atom.array(offset.saturating_add(index.saturating_mul(4)))?;
            Ok(i64::from(i32::from_be_bytes(bytes)))
        };
        Ok(Self { a: number(0)?, b: number(1)?, c: number(3)?, d: number(4)? })
    }

    /// Applies this matrix and then another.
    pub(super) fn then(self, next: Self) -> Self {
        let sum = |x: i64, by_x: i64, y: i64, by_y: i64| {
            x.saturating_mul(by_x).saturating_add(y.saturating_mul(by_y)) >> 16_u32
        };
        Self {
            a: sum(self.a, next.a, self.b, next.c),
            b: sum(self.a, next.b, self.b, next.d),
            c: sum(self.c, next.a, self.d, next.c),
            d: sum(self.c, next.b, self.d, next.d),
        }
    }

    /// Returns the clockwise rotation in whole degrees, 0 to 359.
    pub(super) fn rotation(self) -> u16 {
        #[allow(clippy::cast_precision_loss, reason = "48 significant bits at most, and the result is rounded")]
        let degrees = (self.b as f64).atan2(self.a as f64).to_degrees().round().rem_euclid(360.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 360")]
        let degrees = degrees as u16;
        if degrees < 360 { degrees } else { 0 }
    }
}

/// The boxes that determine the display size; `None` if the box is missing or invalid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DisplayShape {
    /// Clean aperture: the part of the picture that is shown.
    pub(super) aperture: Option<Dimensions>,
    /// Pixel aspect ratio: width to height.
    pub(super) pixel: Option<(u32, u32)>,
    /// The pixel aspect ratio in the video stream; it has the lowest priority.
    pub(super) coded_pixel: Option<(u32, u32)>,
    /// The display size that the track header states, in 1/65,536 pixel; used if the sample entry states none.
    pub(super) track: Option<(u32, u32)>,
}

impl DisplayShape {
    /// Returns the display size before rotation. As in most players, the height is kept and the width is scaled.
    pub(super) fn apply(self, coded_size: Dimensions) -> Dimensions {
        let fits = |part: &Dimensions| part.width <= coded_size.width && part.height <= coded_size.height;
        let seen = self.aperture.filter(fits).unwrap_or(coded_size);
        let track = self.track.filter(|(width, height)| !stated_sideways(seen, *width, *height));
        let by_pixel = |(width, height)| scaled(seen.width, width, height);
        let by_track = |(width, height)| scaled(seen.height, width, height).filter(|width| *width != seen.width);
        let stretched = match (self.pixel, self.aperture) {
            (Some(pixel), _) => by_pixel(pixel),
            (None, None) => track.and_then(by_track).or_else(|| self.coded_pixel.and_then(by_pixel)),
            (None, Some(_)) => self.coded_pixel.and_then(by_pixel),
        };
        stretched.map_or(seen, |width| Dimensions::new(width, seen.height))
    }
}

/// Some phones write the size after rotation instead of the size before it, which then says nothing about pixels.
fn stated_sideways(seen: Dimensions, width: u32, height: u32) -> bool {
    (width >> 16_u32, height >> 16_u32) == (seen.height, seen.width)
}

/// Returns `length × by ÷ over`, rounded; `None` if that is zero or overflows.
pub(super) fn scaled(length: u32, by: u32, over: u32) -> Option<u32> {
    let product = u64::from(length).saturating_mul(u64::from(by)).saturating_add(u64::from(over) >> 1_u32);
    let length = product.checked_div(u64::from(over))?;
    u32::try_from(length).ok().filter(|length| *length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i64 = 1 << 16;

    #[test]
    fn matrices_rotate_clockwise() {
        let matrix = |a, b, c, d| Matrix { a: a * ONE, b: b * ONE, c: c * ONE, d: d * ONE };
        let quarter = matrix(0, 1, -1, 0);
        for (matrix, degrees) in [
            (Matrix::IDENTITY, 0),
            (quarter, 90),
            (matrix(-1, 0, 0, -1), 180),
            (matrix(0, -1, 1, 0), 270),
            (quarter.then(quarter), 180),
            (quarter.then(quarter).then(quarter), 270),
            (matrix(1, 1, -1, 1), 45),
            (matrix(0, 0, 0, 0), 0),
        ] {
            assert_eq!(matrix.rotation(), degrees, "{matrix:?}");
        }
    }

    #[test]
    fn a_picture_is_cropped_and_then_stretched() {
        let coded_size = Dimensions::new(720, 480);
        let full = (720 << 16, 480 << 16);
        for (aperture, pixel, track, seen) in [
            (None, None, None, (720, 480)),
            (None, None, Some(full), (720, 480)),
            (None, Some((32, 27)), Some(full), (853, 480)),
            (None, None, Some((854 << 16, 480 << 16)), (854, 480)),
            (None, None, Some((427 << 16, 240 << 16)), (854, 480)),
            (None, None, Some((480 << 16, 720 << 16)), (720, 480)),
            (Some(Dimensions::new(704, 480)), Some((10, 11)), None, (640, 480)),
            (Some(Dimensions::new(704, 600)), None, None, (720, 480)),
            (None, Some((0, 0)), None, (720, 480)),
            (None, Some((1, u32::MAX)), None, (720, 480)),
            (None, Some((u32::MAX, 1)), None, (720, 480)),
            (None, None, Some((0, 0)), (720, 480)),
        ] {
            let shape = DisplayShape { aperture, pixel, track, coded_pixel: None };
            assert_eq!(shape.apply(coded_size), Dimensions::new(seen.0, seen.1), "{shape:?}");
        }
        let coded = DisplayShape { coded_pixel: Some((32, 27)), track: Some(full), ..DisplayShape::default() };
        assert_eq!(coded.apply(coded_size), Dimensions::new(853, 480));
        let squared = DisplayShape { pixel: Some((1, 1)), ..coded };
        assert_eq!(squared.apply(coded_size), coded_size, "the container takes precedence");
    }
}
