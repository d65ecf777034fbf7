//! Applies a geometry: crops and scales the stored pixels in one pass, then applies the orientation, then pads.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, MulDiv, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageBuffer};

use super::decode::swaps_sides;
use super::error::ImageFixError;
use super::pad::pad;
use super::plan::is_transparent;
use crate::fix::geometry::Geometry;
use crate::units::{Dimensions, PixelRect};

/// Returns the pixels of the result. Rotating after scaling copies only the smaller picture.
pub(super) fn render(
    stored_pixels: DynamicImage,
    orientation: Orientation,
    geometry: &Geometry,
) -> Result<DynamicImage, ImageFixError> {
    let stored = size_of(&stored_pixels);
    let crop = geometry.crop.map(|crop| to_stored(crop, geometry.shown, orientation));
    let swaps = swaps_sides(orientation);
    let content = if swaps { geometry.content.swapped() } else { geometry.content };
    let whole = PixelRect { left: 0, top: 0, size: stored };
    let mut pixels = scale(stored_pixels, crop.unwrap_or(whole), content)?;
    pixels.apply_orientation(orientation);
    match &geometry.canvas {
        Some(canvas) => pad(&pixels, canvas),
        None => Ok(pixels),
    }
}

/// Scales a part of a picture. The picture is consumed, because a large one fills most of the memory.
pub(super) fn scale(pixels: DynamicImage, part: PixelRect, to: Dimensions) -> Result<DynamicImage, ImageFixError> {
    if part.size == size_of(&pixels) && part.size == to {
        return Ok(pixels);
    }
    if part.size == to {
        return Ok(pixels.crop_imm(part.left, part.top, to.width, to.height));
    }
    let alpha = if is_transparent(&pixels) { Alpha::Weighs } else { Alpha::Opaque };
    let shrinks = to.width < part.size.width;
    let filter = if shrinks { FilterType::Lanczos3 } else { FilterType::CatmullRom };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(
        f64::from(part.left),
        f64::from(part.top),
        f64::from(part.size.width),
        f64::from(part.size.height),
    );
    // Each layout of pixels adds a quarter of a megabyte to the program, so grays are scaled as colors.
    let color = pixels.color();
    let scaled: DynamicImage = if color.has_alpha() {
        resize::<U8x4, _>(pixels.into_rgba8(), to, &options, alpha)?.into()
    } else {
        resize::<U8x3, _>(pixels.into_rgb8(), to, &options, alpha)?.into()
    };
    Ok(if color == ColorType::L8 {
        scaled.into_luma8().into()
    } else if color == ColorType::La8 {
        scaled.into_luma_alpha8().into()
    } else {
        scaled
    })
}

/// Whether pixels differ in their opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alpha {
    Opaque,
    /// The color of a pixel counts as much as the pixel is opaque: what cannot be seen must not color its neighbors.
    Weighs,
}

/// Scales pixels whose layout in memory is `P`. Colors are multiplied by their opacity in place: the library would copy
/// the whole picture.
fn resize<P, C>(
    mut from: Pixels<C>,
    to: Dimensions,
    options: &ResizeOptions,
    alpha: Alpha,
) -> Result<Pixels<C>, ImageFixError>
where
    P: PixelTrait,
    C: image::Pixel<Subpixel = u8>,
{
    let (size, mut scaled) = (Dimensions::new(from.width(), from.height()), Pixels::new(to.width, to.height));
    if alpha == Alpha::Weighs {
        let mut source = typed::<P>(size, &mut from)?;
        MulDiv::new().multiply_alpha_inplace_typed(&mut source).map_err(ImageFixError::scale)?;
    }
    let source = TypedImageRef::<P>::from_buffer(size.width, size.height, &from).map_err(ImageFixError::scale)?;
    let mut target = typed::<P>(to, &mut scaled)?;
    let options = options.use_alpha(false);
    Resizer::new().resize_typed(&source, &mut target, &options).map_err(ImageFixError::scale)?;
    if alpha == Alpha::Weighs {
        MulDiv::new().divide_alpha_inplace_typed(&mut target).map_err(ImageFixError::scale)?;
    }
    Ok(scaled)
}

fn typed<P: PixelTrait>(size: Dimensions, bytes: &mut [u8]) -> Result<TypedImage<'_, P>, ImageFixError> {
    TypedImage::from_buffer(size.width, size.height, bytes).map_err(ImageFixError::scale)
}

type Pixels<C> = ImageBuffer<C, Vec<u8>>;

pub(super) fn size_of(pixels: &DynamicImage) -> Dimensions {
    Dimensions::new(pixels.width(), pixels.height())
}

/// Converts a box from display coordinates to stored coordinates.
fn to_stored(shown_box: PixelRect, shown: Dimensions, orientation: Orientation) -> PixelRect {
    let PixelRect { left, top, size } = shown_box;
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
    PixelRect { left, top, size: if swaps_sides(orientation) { size.swapped() } else { size } }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    /// Returns a picture in which every pixel has its own color.
    fn picture(width: u32, height: u32) -> DynamicImage {
        let pixel = |x: u32, y: u32| Rgb([u8::try_from(x).expect("small"), u8::try_from(y).expect("small"), 7]);
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel))
    }

    #[test]
    fn what_is_transparent_does_not_color_its_neighbors() {
        let red = |x: u32| if x.is_multiple_of(2) { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) };
        let stripes = DynamicImage::ImageRgba8(RgbaImage::from_fn(64, 8, |x, _| red(x)));
        let whole = PixelRect { left: 0, top: 0, size: size_of(&stripes) };
        for width in [40, 24, 100] {
            let scaled = scale(stripes.clone(), whole, Dimensions::new(width, 8)).expect("scales").into_rgba8();
            let visible = scaled.pixels().filter(|pixel| pixel.0[3] > 8);
            assert!(visible.clone().all(|pixel| pixel.0[0] > 240 && pixel.0[1] == 0), "{width}");
            assert!(visible.count() > 100);
        }
    }

    #[test]
    fn crop_and_orientation_commute() {
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).expect("1 to 8");
            let mut turned = picture(40, 30);
            turned.apply_orientation(orientation);
            let shown = size_of(&turned);
            let crop = PixelRect { left: 3, top: 5, size: Dimensions::new(11, 17) };
            let geometry = Geometry { shown, crop: Some(crop), content: crop.size, canvas: None };
            let rendered = render(picture(40, 30), orientation, &geometry).expect("renders");
            let expected = turned.view(3, 5, 11, 17).to_image();
            assert_eq!(rendered.to_rgba8(), expected, "orientation {exif}");
        }
    }
}
