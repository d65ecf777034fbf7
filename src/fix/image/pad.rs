//! Pads a picture with a color, or with itself, enlarged and blurred.

use image::{DynamicImage, GenericImage as _, Rgb, RgbImage, Rgba, RgbaImage, imageops};

use super::error::ImageFixError;
use super::render::{scale, size_of};
use crate::fix::geometry::{Canvas, Fill, scaled_side};
use crate::units::{Dimensions, PixelRect};

/// Places a picture on its canvas. Transparency inside the picture is preserved; the added area is opaque.
pub(super) fn pad(picture: &DynamicImage, canvas: &Canvas) -> Result<DynamicImage, ImageFixError> {
    let background = match canvas.fill {
        Fill::Color(color) => RgbImage::from_pixel(canvas.size.width, canvas.size.height, Rgb(color)),
        Fill::Blur => blurred(picture, canvas.size)?,
    };
    let fits = |error: image::ImageError| ImageFixError::Encode(error.to_string());
    if picture.color().has_alpha() {
        let mut padded: RgbaImage = DynamicImage::ImageRgb8(background).into_rgba8();
        padded.copy_from(&picture.to_rgba8(), canvas.left, canvas.top).map_err(fits)?;
        return Ok(DynamicImage::ImageRgba8(padded));
    }
    let mut padded = background;
    padded.copy_from(&picture.to_rgb8(), canvas.left, canvas.top).map_err(fits)?;
    Ok(DynamicImage::ImageRgb8(padded))
}

/// Enlarges a picture until it covers a size, and blurs it by scaling it down to a few pixels and up again, which is
/// cheap even for large pictures.
fn blurred(picture: &DynamicImage, size: Dimensions) -> Result<RgbImage, ImageFixError> {
    let opaque = DynamicImage::ImageRgb8(flatten(picture, [0; 3]));
    let part = covering(size_of(&opaque), size);
    let unit = f64::from(BLURRED_SIDE) / f64::from(size.longest());
    let scaled = |side: u32| scaled_side(side, unit).max(1);
    let small = scale(opaque, part, Dimensions::new(scaled(size.width), scaled(size.height)))?;
    let small = DynamicImage::ImageRgb8(imageops::blur(&small.to_rgb8(), BLUR));
    let whole = PixelRect { left: 0, top: 0, size: size_of(&small) };
    Ok(scale(small, whole, size)?.into_rgb8())
}

/// The longer side of the downscaled picture, and the blur radius on it, in pixels.
const BLURRED_SIDE: u32 = 64;
const BLUR: f32 = 2.0;

/// Returns the middle part of a picture that has the ratio of a size.
fn covering(picture: Dimensions, size: Dimensions) -> PixelRect {
    let (across, down) =
        (u64::from(picture.width) * u64::from(size.height), u64::from(picture.height) * u64::from(size.width));
    let within = |exact: u64, limit: u32| u32::try_from(exact).unwrap_or(limit).clamp(1, limit);
    let part = if across > down {
        Dimensions::new(within(down / u64::from(size.height), picture.width), picture.height)
    } else {
        Dimensions::new(picture.width, within(across / u64::from(size.width), picture.height))
    };
    PixelRect { left: (picture.width - part.width) / 2, top: (picture.height - part.height) / 2, size: part }
}

/// Blends a picture onto a background color.
pub(super) fn flatten(picture: &DynamicImage, color: [u8; 3]) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let pixels = picture.to_rgba8();
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let Rgba([red, green, blue, alpha]) = *pixels.get_pixel(x, y);
        let mix = |front: u8, back: u8| {
            let sum = u32::from(front) * u32::from(alpha) + u32::from(back) * u32::from(255 - alpha);
            u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
        };
        Rgb([mix(red, color[0]), mix(green, color[1]), mix(blue, color[2])])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(fill: Fill) -> Canvas {
        let size = Dimensions::new(10, 20);
        Canvas { size, left: 0, top: 5, fill, unscaled: size }
    }

    #[test]
    fn a_color_fills_only_the_added_area() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(10, 10, Rgb([200, 100, 50])));
        let padded = pad(&picture, &canvas(Fill::Color([1, 2, 3]))).expect("fits").into_rgb8();
        assert_eq!((padded.get_pixel(9, 4), padded.get_pixel(9, 15)), (&Rgb([1, 2, 3]), &Rgb([1, 2, 3])));
        assert_eq!((padded.get_pixel(0, 5), padded.get_pixel(9, 14)), (&Rgb([200, 100, 50]), &Rgb([200, 100, 50])));
    }

    #[test]
    fn a_blur_has_the_colors_of_the_picture() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(10, 10, Rgb([200, 100, 50])));
        let padded = pad(&picture, &canvas(Fill::Blur)).expect("fits").into_rgb8();
        let Rgb([red, green, blue]) = *padded.get_pixel(2, 1);
        assert!(red.abs_diff(200) < 3 && green.abs_diff(100) < 3 && blue.abs_diff(50) < 3);
    }

    #[test]
    fn transparency_stays_inside_the_picture() {
        let picture = DynamicImage::ImageRgba8(RgbaImage::from_pixel(10, 10, Rgba([9, 9, 9, 0])));
        let padded = pad(&picture, &canvas(Fill::Color([1, 2, 3]))).expect("fits").into_rgba8();
        assert_eq!((padded.get_pixel(0, 0).0[3], padded.get_pixel(0, 10).0[3]), (255, 0));
    }

    #[test]
    fn flattening_mixes_by_alpha() {
        let case = |alpha, expected| {
            let picture = DynamicImage::ImageRgba8(RgbaImage::from_pixel(1, 1, Rgba([0, 100, 200, alpha])));
            assert_eq!(flatten(&picture, [255; 3]).get_pixel(0, 0).0, expected, "{alpha}");
        };
        case(0, [255, 255, 255]);
        case(255, [0, 100, 200]);
        case(51, [204, 224, 244]);
    }
}
