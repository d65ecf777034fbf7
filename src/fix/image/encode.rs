//! The three encoders: JPEG, PNG and lossless `WebP`. None writes EXIF data; all write the color profile.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageEncoder, ImageError};
use jpeg_encoder::{ColorType, SamplingFactor};

use super::error::ImageFixError;
use super::pad::flatten;
use crate::media::usual_extension;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum ImageOutputFormat {
    Jpeg,
    Png,
    Webp,
}

impl ImageOutputFormat {
    /// Returns the name used in JSON: `jpeg`.
    pub(crate) fn id(self) -> &'static str {
        self.into()
    }

    /// Returns the usual file extension.
    pub(crate) fn extension(self) -> &'static str {
        usual_extension(self.id())
    }
}

/// The encoding settings, except the quality.
#[derive(Debug)]
pub(super) struct Encoder {
    pub(super) format: ImageOutputFormat,
    /// The color profile.
    pub(super) profile: Option<Vec<u8>>,
    /// The color behind transparent pixels in JPEG.
    pub(super) background: [u8; 3],
    /// Whether JPEG stores color at half the resolution (4:2:0), as cameras do. Otherwise that depends on the quality:
    /// at 90 or more, the edges of text and drawings stay sharp (4:4:4).
    pub(super) subsamples: bool,
}

impl Encoder {
    /// Encodes a picture. The quality, 1 to 100, applies to JPEG only.
    pub(super) fn encode(&self, pixels: &DynamicImage, quality: u8) -> Result<Vec<u8>, ImageFixError> {
        match self.format {
            ImageOutputFormat::Jpeg => self.jpeg(pixels, quality),
            ImageOutputFormat::Png => {
                let mut bytes = Vec::new();
                self.write(
                    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive),
                    pixels,
                )?;
                Ok(bytes)
            }
            ImageOutputFormat::Webp => {
                let mut bytes = Vec::new();
                self.write(WebPEncoder::new_lossless(&mut bytes), pixels)?;
                Ok(bytes)
            }
        }
    }

    fn write(&self, mut encoder: impl ImageEncoder, pixels: &DynamicImage) -> Result<(), ImageFixError> {
        let failed = |error: ImageError| ImageFixError::Encode(error.to_string());
        if let Some(profile) = &self.profile {
            encoder.set_icc_profile(profile.clone()).map_err(|error| ImageFixError::Encode(error.to_string()))?;
        }
        pixels.write_with_encoder(encoder).map_err(failed)
    }

    fn jpeg(&self, pixels: &DynamicImage, quality: u8) -> Result<Vec<u8>, ImageFixError> {
        let failed = |error: jpeg_encoder::EncodingError| ImageFixError::Encode(error.to_string());
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
        if self.subsamples {
            encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        }
        if let Some(profile) = &self.profile {
            encoder.add_icc_profile(profile).map_err(failed)?;
        }
        let side = |side: u32| u16::try_from(side).map_err(|_| ImageFixError::Encode("a side is too long".to_owned()));
        let (width, height) = (side(pixels.width())?, side(pixels.height())?);
        let written = if let Some(gray) = pixels.as_luma8() {
            encoder.encode(gray.as_raw(), width, height, ColorType::Luma)
        } else if let Some(rgb) = pixels.as_rgb8() {
            encoder.encode(rgb.as_raw(), width, height, ColorType::Rgb)
        } else {
            encoder.encode(flatten(pixels, self.background).as_raw(), width, height, ColorType::Rgb)
        };
        written.map_err(failed)?;
        Ok(bytes)
    }
}
