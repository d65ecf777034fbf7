//! Display geometry: from coded size to display size (RFC 9559, section 5.1.4.1.28).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::ebml::Element;
use crate::media::sparse_buffer::ReadError;
use crate::units::Dimensions;

/// The contents of a track's `Video` element; 0 means not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct DisplayGeometry {
    width: u64,
    height: u64,
    /// Pixels cut off at the left and right.
    cut_across: u64,
    /// Pixels cut off at the top and bottom.
    cut_down: u64,
    display_width: u64,
    display_height: u64,
    /// The unit of the display size: 0 for pixels; otherwise only its ratio is used.
    display_unit: u64,
    projection: Option<Projection>,
}

impl DisplayGeometry {
    pub(super) fn read(video: Element) -> Result<Self, ReadError> {
        let mut geometry = Self::default();
        for element in video.children()? {
            let element = element?;
            match element.id {
                0xb0 => geometry.width = element.uint()?,
                0xba => geometry.height = element.uint()?,
                0x54aa | 0x54bb => geometry.cut_down = geometry.cut_down.saturating_add(element.uint()?),
                0x54cc | 0x54dd => geometry.cut_across = geometry.cut_across.saturating_add(element.uint()?),
                0x54b0 => geometry.display_width = element.uint()?,
                0x54ba => geometry.display_height = element.uint()?,
                0x54b2 => geometry.display_unit = element.uint()?,
                0x7670 => geometry.projection = Some(Projection::read(element)?),
                _ => {}
            }
        }
        Ok(geometry)
    }

    /// Returns width and height as stored; `None` if one is missing.
    pub(super) fn coded_size(self) -> Option<Dimensions> {
        dimensions(self.width, self.height)
    }

    /// Returns the clockwise rotation in degrees; `None` if the file states none.
    pub(super) fn rotation(self) -> Option<u16> {
        self.projection.and_then(Projection::rotation)
    }

    /// Returns width and height as displayed: cropped, scaled, rotated.
    ///
    /// A display size in pixels is used as it is if it keeps one side of the picture. Otherwise it may be a mere ratio
    /// such as 16x9; as in most players, the height is kept and the width is scaled.
    pub(super) fn display_size(self) -> Option<Dimensions> {
        let cropped = dimensions(self.width.saturating_sub(self.cut_across), self.height.saturating_sub(self.cut_down));
        let cropped = cropped.or(self.coded_size())?;
        let asked = dimensions(self.display_width, self.display_height);
        let seen = match asked {
            None => cropped,
            Some(size) if self.display_unit == 0 && (size.width == cropped.width || size.height == cropped.height) => {
                size
            }
            Some(size) => stretched(cropped, size),
        };
        Some(if matches!(self.rotation(), Some(90 | 270)) { seen.swapped() } else { seen })
    }
}

fn dimensions(width: u64, height: u64) -> Option<Dimensions> {
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    (width > 0 && height > 0).then_some(Dimensions::new(width, height))
}

/// Scales the width of a picture to a ratio; unchanged if the result would overflow.
fn stretched(picture: Dimensions, ratio: Dimensions) -> Dimensions {
    let product = u64::from(picture.height).saturating_mul(ratio.width.into());
    let rounded = product.saturating_add(u64::from(ratio.height >> 1_u32)).checked_div(ratio.height.into());
    rounded.and_then(|width| dimensions(width, picture.height.into())).unwrap_or(picture)
}

/// The `Projection` element: how the picture is projected onto a sphere around the viewer, or just rotated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Projection {
    kind: u64,
    yaw: f64,
    pitch: f64,
    roll: f64,
}

impl Projection {
    fn read(projection: Element) -> Result<Self, ReadError> {
        let mut read = Self::default();
        for element in projection.children()? {
            let element = element?;
            match element.id {
                0x7671 => read.kind = element.uint()?,
                0x7673 => read.yaw = element.float()?,
                0x7674 => read.pitch = element.float()?,
                0x7675 => read.roll = element.float()?,
                _ => {}
            }
        }
        Ok(read)
    }

    /// Returns the rotation of a flat picture: the roll, which is counterclockwise unless a yaw of 180 degrees mirrors
    /// the picture first.
    fn rotation(self) -> Option<u16> {
        let flat = self.kind == 0 && self.pitch == 0.0 && self.roll.is_finite();
        let clockwise = match self.yaw {
            yaw if !flat || !yaw.is_finite() => return None,
            0.0 => -self.roll,
            180.0 | -180.0 => self.roll,
            _ => return None,
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 360")]
        let degrees = clockwise.round().rem_euclid(360.0) as u16;
        Some(if degrees < 360 { degrees } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_cropped_scaled_and_rotated() {
        let plain = DisplayGeometry { width: 720, height: 480, ..DisplayGeometry::default() };
        let roll = |roll| Some(Projection { roll, ..Projection::default() });
        for (geometry, seen) in [
            (plain, (720, 480)),
            (DisplayGeometry { display_width: 854, display_height: 480, ..plain }, (854, 480)),
            (DisplayGeometry { display_width: 720, display_height: 540, ..plain }, (720, 540)),
            (DisplayGeometry { display_width: 16, display_height: 9, ..plain }, (853, 480)),
            (DisplayGeometry { display_width: 16, display_height: 9, display_unit: 3, ..plain }, (853, 480)),
            (DisplayGeometry { display_width: 720, display_height: 1, display_unit: 3, ..plain }, (345_600, 480)),
            (DisplayGeometry { cut_across: 16, cut_down: 80, ..plain }, (704, 400)),
            (DisplayGeometry { cut_across: 9_999, ..plain }, (720, 480)),
            (DisplayGeometry { display_width: u64::MAX, display_height: 1, ..plain }, (720, 480)),
            (DisplayGeometry { display_width: u64::from(u32::MAX), display_height: 1, ..plain }, (720, 480)),
            (DisplayGeometry { projection: roll(90.0), ..plain }, (480, 720)),
            (DisplayGeometry { projection: roll(180.0), ..plain }, (720, 480)),
            (DisplayGeometry { projection: roll(f64::NAN), ..plain }, (720, 480)),
        ] {
            assert_eq!(geometry.display_size(), Some(Dimensions::new(seen.0, seen.1)), "{geometry:?}");
        }
        assert_eq!(DisplayGeometry { width: 720, ..DisplayGeometry::default() }.display_size(), None);
    }

    #[test]
    fn the_roll_is_counterclockwise() {
        for (yaw, pitch, roll, degrees) in [
            (0.0, 0.0, 90.0, Some(270)),
            (0.0, 0.0, -90.0, Some(90)),
            (0.0, 0.0, 180.0, Some(180)),
            (0.0, 0.0, -0.2, Some(0)),
            (0.0, 0.0, 0.2, Some(0)),
            (180.0, 0.0, 90.0, Some(90)),
            (10.0, 0.0, 90.0, None),
            (0.0, 5.0, 90.0, None),
            (0.0, 0.0, f64::INFINITY, None),
            (f64::NAN, 0.0, 0.0, None),
        ] {
            let projection = Projection { kind: 0, yaw, pitch, roll };
            assert_eq!(projection.rotation(), degrees, "{projection:?}");
        }
    }
}
