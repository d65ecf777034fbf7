//! Applies a geometry: crops and scales the stored pixels in one pass, then applies the orientation, then pads.

use std::borrow::Cow;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer};

use super::decode::{Decoded, swaps_sides};
use super::error::ImageFixError;
use super::pad::pad;
use crate::fix::geometry::Geometry;
use crate::units::{Dimensions, PixelBox};

/// Returns the pixels of the result. Rotating after scaling copies only the smaller picture.
pub(super) fn render(decoded: &Decoded, geometry: &Geometry) -> Result<DynamicImage, ImageFixError> {
    let stored = size_of(&decoded.pixels);
    let crop = geometry.crop.map(|crop| to_stored(crop, geometry.shown, decoded.orientation));
    let swaps = swaps_sides(decoded.orientation);
    let content = if swaps { geometry.content.swapped() } else { geometry.content };
    let whole = PixelBox { left: 0, top: 0, size: stored };
    let mut pixels = scale(&decoded.pixels, crop.unwrap_or(whole), content)?;
    pixels.apply_orientation(decoded.orientation);
    match &geometry.canvas {
        Some(canvas) => pad(&pixels, canvas),
        None => Ok(pixels),
    }
}

/// Scales a part of a picture.
pub(super) fn scale(pixels: &DynamicImage, part: PixelBox, to: Dimensions) -> Result<DynamicImage, ImageFixError> {
    if part.size == to {
        return Ok(pixels.crop_imm(part.left, part.top, to.width, to.height));
    }
    let shrinks = to.width < part.size.width;
    let filter = if shrinks { FilterType::Lanczos3 } else { FilterType::CatmullRom };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(
        f64::from(part.left),
        f64::from(part.top),
        f64::from(part.size.width),
        f64::from(part.size.height),
    );
    // Naming the layouts that decoding leaves keeps the code for nine others, more than 1 MB, out of the program.
    Ok(if let Some(gray) = pixels.as_luma8() {
        resize::<U8, _>(gray, to, &options)?.into()
    } else if let Some(gray) = pixels.as_luma_alpha8() {
        resize::<U8x2, _>(gray, to, &options)?.into()
    } else if let Some(rgb) = pixels.as_rgb8() {
        resize::<U8x3, _>(rgb, to, &options)?.into()
    } else {
        let rgba = pixels.as_rgba8().map_or_else(|| Cow::Owned(pixels.to_rgba8()), Cow::Borrowed);
        resize::<U8x4, _>(&rgba, to, &options)?.into()
    })
}

/// Scales pixels whose layout in memory is `P`.
fn resize<P, C>(from: &Pixels<C>, to: Dimensions, options: &ResizeOptions) -> Result<Pixels<C>, ImageFixError>
where
    P: PixelTrait,
    C: image::Pixel<Subpixel = u8>,
{
    let mut scaled = Pixels::new(to.width, to.height);
    let source = TypedImageRef::<P>::from_buffer(from.width(), from.height(), from).map_err(ImageFixError::scale)?;
    let mut target = TypedImage::<P>::from_buffer(to.width, to.height, &mut scaled).map_err(ImageFixError::scale)?;
    Resizer::new().resize_typed(&source, &mut target, options).map_err(ImageFixError::scale)?;
    Ok(scaled)
}

type Pixels<C> = ImageBuffer<C, Vec<u8>>;

pub(super) fn size_of(pixels: &DynamicImage) -> Dimensions {
    Dimensions::new(pixels.width(), pixels.height())
}

/// Converts a box from display coordinates to stored coordinates.
fn to_stored(shown_box: PixelBox, shown: Dimensions, orientation: Orientation) -> PixelBox {
    let PixelBox { left, top, size } = shown_box;
    let (right, bottom) = (shown.width - left - size.width, shown.height - top - size.height);
    let (left, top) = match orientation {
        Orientation::NoTransforms => (left, top),
        Orientation::FlipHorizontal => (right, top),
        Orientation::FlipVertical => (left, bottom),
        Orientation::Rotate180 => (right, bottom),
        Orientation::Rotate90 => (top, right),
        Orientation::Rotate270 => (bottom, left),
        Orientation::Rotate90FlipH => (top, left),
        Orientation::Rotate270FlipH => (bottom, right),
    };
    PixelBox { left, top, size: if swaps_sides(orientation) { size.swapped() } else { size } }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, Rgb, RgbImage};

    use super::*;

    /// Returns a picture in which every pixel has its own color.
    fn picture(width: u32, height: u32) -> DynamicImage {
        let pixel = |x: u32, y: u32| Rgb([u8::try_from(x).expect("small"), u8::try_from(y).expect("small"), 7]);
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel))
    }

    #[test]
    fn crop_and_orientation_commute() {
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).expect("1 to 8");
            let decoded = Decoded { pixels: picture(40, 30), orientation, icc: None };
            let mut turned = decoded.pixels.clone();
            turned.apply_orientation(orientation);
            let shown = size_of(&turned);
            let crop = PixelBox { left: 3, top: 5, size: Dimensions::new(11, 17) };
            let geometry = Geometry { shown, crop: Some(crop), content: crop.size, canvas: None };
            let rendered = render(&decoded, &geometry).expect("renders");
            let expected = turned.view(3, 5, 11, 17).to_image();
            assert_eq!(rendered.to_rgba8(), expected, "orientation {exif}");
        }
    }
}
