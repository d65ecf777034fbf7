//! Complete pictures: encoded, fixed and decoded again.

use std::io::Write as _;

use image::{DynamicImage, ImageEncoder as _, Rgb, RgbImage, Rgba, RgbaImage};
use tempfile::NamedTempFile;

use super::*;
use crate::fix::geometry::{Fill, Gravity, Reshape, SizeLimits};
use crate::units::{AspectRatioRange, Dimensions};

const ANY: SizeLimits = SizeLimits { min_side: 1, max_side: 8000, max_pixels: u64::MAX, window: None, multiple: 1 };

fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1u32;
    RgbImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [red, green, blue, _] = state.to_le_bytes();
        Rgb([red, green, blue])
    })
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    file
}

fn saved(picture: &DynamicImage, format: image::ImageFormat) -> NamedTempFile {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    file(bytes.get_ref())
}

fn request(format: &'static str, width: u32, height: u32) -> ImageRequest {
    ImageRequest {
        format,
        shown: Dimensions::new(width, height),
        orientation: None,
        animated: false,
        size: ANY,
        max_bytes: u64::MAX,
        reshape: None,
        to: None,
        quality: None,
    }
}

fn fixed(file: &NamedTempFile, request: ImageRequest) -> Result<FixedImage, ImageFixError> {
    execute(file.path(), &ImagePlan::new(request)?)
}

#[test]
fn opaque_pictures_become_jpeg_and_transparent_ones_png() {
    let opaque = DynamicImage::ImageRgb8(noise(20, 10));
    for (id, format) in
        [("bmp", image::ImageFormat::Bmp), ("tiff", image::ImageFormat::Tiff), ("webp", image::ImageFormat::WebP)]
    {
        let result = fixed(&saved(&opaque, format), request(id, 20, 10)).expect("fixed");
        assert_eq!(result.format, ImageOutputFormat::Jpeg, "{id}");
        assert_eq!(result.actions, [FixAction::new("convert", id, "jpeg")]);
    }
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(20, 10, Rgba([1, 2, 3, 0])));
    for (id, format) in
        [("gif", image::ImageFormat::Gif), ("ico", image::ImageFormat::Ico), ("tiff", image::ImageFormat::Tiff)]
    {
        let result = fixed(&saved(&clear, format), request(id, 20, 10)).expect("fixed");
        assert_eq!(result.format, ImageOutputFormat::Png, "{id}");
    }
}

#[test]
fn quality_is_reduced_before_dimensions() {
    let picture = saved(&DynamicImage::ImageRgb8(noise(400, 300)), image::ImageFormat::Png);
    let within = |max_bytes| fixed(&picture, ImageRequest { max_bytes, ..request("png", 400, 300) });
    let by_quality = within(80_000).expect("fixed");
    assert!(by_quality.bytes.len() <= 80_000);
    let names: Vec<&str> = by_quality.actions.iter().map(|action| action.name).collect();
    assert_eq!(names, ["convert", "compress"]);
    let by_size = within(8_000).expect("fixed");
    assert!(by_size.bytes.len() <= 8_000);
    assert!(by_size.actions.iter().any(|action| action.name == "scale"), "{:?}", by_size.actions);
    assert!(matches!(within(10), Err(ImageFixError::TooManyBytes(10))));
}

#[test]
fn a_profile_is_written_in_every_format() {
    let mut profile = vec![7; 200_000];
    profile[16..20].copy_from_slice(b"RGB ");
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.set_icc_profile(profile.clone()).expect("kept");
    DynamicImage::ImageRgb8(noise(8, 8)).write_with_encoder(encoder).expect("encodes");
    let picture = file(&png);
    for to in [ImageOutputFormat::Jpeg, ImageOutputFormat::Png, ImageOutputFormat::Webp] {
        let result = fixed(&picture, ImageRequest { to: Some(to), ..request("png", 8, 8) }).expect("fixed");
        let written = file(&result.bytes);
        let again = decode::Decoded::read(written.path(), Dimensions::new(8, 8), None).expect("decodes");
        assert_eq!(again.icc.as_deref(), Some(profile.as_slice()), "{to:?}");
    }
}

#[test]
fn the_result_has_the_planned_size() {
    let picture = saved(&DynamicImage::ImageRgb8(noise(300, 100)), image::ImageFormat::Png);
    let size = SizeLimits { max_side: 160, window: AspectRatioRange::parse("0.5:2"), ..ANY };
    for reshape in [Reshape::Crop(Gravity::Left), Reshape::Pad(Fill::Blur), Reshape::Pad(Fill::Color([9; 3]))] {
        let request = ImageRequest { size, reshape: Some(reshape), ..request("png", 300, 100) };
        let plan = ImagePlan::new(request).expect("a plan");
        let result = execute(picture.path(), &plan).expect("fixed");
        let decoded = image::load_from_memory(&result.bytes).expect("decodes");
        assert_eq!(Dimensions::new(decoded.width(), decoded.height()), plan.geometry.output(), "{reshape:?}");
    }
}

#[test]
fn decompression_bombs_are_refused_with_a_message() {
    // A BMP header that states 60000x60000 pixels, and no more.
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend(60_000u32.to_le_bytes());
    bmp.extend(60_000u32.to_le_bytes());
    bmp.extend([1, 0, 24, 0]);
    bmp.extend([0; 24]);
    let error = fixed(&file(&bmp), request("bmp", 60_000, 60_000)).expect_err("too large");
    assert_eq!(error.to_string(), "60000x60000 pixels are too many to decode: at most 210 million");
    let error = fixed(&file(b"GIF89a"), request("gif", 1, 1)).expect_err("cut short");
    assert!(error.to_string().starts_with("the image cannot be decoded: "), "{error}");
}

#[test]
fn a_picture_cut_short_is_refused_at_every_length() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(noise(16, 16)).write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
    let bytes = bytes.into_inner();
    for length in (0..bytes.len() - 20).step_by(7) {
        assert!(fixed(&file(&bytes[..length]), request("png", 16, 16)).is_err(), "{length}");
    }
}
