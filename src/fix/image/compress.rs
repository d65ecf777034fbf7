//! Reduces the file size: first by quality, found in a few encodings, then by dimensions.

use image::DynamicImage;

use super::encode::{Encoder, ImageOutputFormat};
use super::error::ImageFixError;
use super::plan::ImagePlan;
use super::render::{scale, size_of};
use crate::units::{Dimensions, PixelRect};

/// The lowest quality used before the picture is scaled down.
const MIN_QUALITY: u8 = 60;

/// The share of the size limit at which the search stops, in percent: getting closer is not worth more encodings.
const GOOD_USE: u64 = 92;

/// The share that an estimate aims at: the middle of what is good enough.
const WANTED_USE: f64 = 0.96;

/// How many times the picture may be scaled down.
const MAX_SIZES: u32 = 12;

/// An encoded picture.
#[derive(Debug)]
pub(super) struct Compressed {
    pub(super) bytes: Vec<u8>,
    /// The quality; `None` for lossless formats.
    pub(super) quality: Option<u8>,
    pub(super) size: Dimensions,
    pub(super) format: ImageOutputFormat,
}

/// Encodes a picture within the size limit of a plan.
pub(super) fn compress(
    mut pixels: DynamicImage,
    encoder: &Encoder,
    plan: &ImagePlan,
) -> Result<Compressed, ImageFixError> {
    let mut encoder = Encoder { profile: encoder.profile.clone(), ..*encoder };
    let max = plan.request.max_bytes;
    let mut geometry = plan.geometry;
    for _ in 0..MAX_SIZES {
        let (bytes, quality) = fit(&pixels, &encoder, plan.quality(), max)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length <= max {
            let lossy = encoder.format == ImageOutputFormat::Jpeg;
            let quality = lossy.then_some(quality);
            return Ok(Compressed { bytes, quality, size: size_of(&pixels), format: encoder.format });
        }
        if encoder.format != ImageOutputFormat::Jpeg && plan.may_become_jpeg(&pixels) {
            encoder.format = ImageOutputFormat::Jpeg;
            continue;
        }
        let factor = (ratio(max, length).sqrt() * 0.97).min(0.97);
        geometry = geometry.shrunk(factor, &plan.request.size).ok_or(ImageFixError::TooManyBytes(max))?;
        let whole = PixelRect { left: 0, top: 0, size: size_of(&pixels) };
        pixels = scale(pixels, whole, geometry.output())?;
    }
    Err(ImageFixError::TooManyBytes(max))
}

/// Returns the encoding with the best quality that fits, or the smallest encoding if none fits.
fn fit(pixels: &DynamicImage, encoder: &Encoder, best: u8, max: u64) -> Result<(Vec<u8>, u8), ImageFixError> {
    if encoder.format != ImageOutputFormat::Jpeg {
        return Ok((encoder.encode(pixels, best)?, best));
    }
    search(best, max, |quality| encoder.encode(pixels, quality))
}

/// Searches for the encoding with the best quality within a size limit; returns the smallest encoding if none fits.
fn search<E>(best: u8, max: u64, mut encode: impl FnMut(u8) -> Result<Vec<u8>, E>) -> Result<(Vec<u8>, u8), E> {
    let mut smallest = (encode(best)?, best);
    let mut above = Size::new(&smallest);
    if above.length <= max {
        return Ok(smallest);
    }
    let mut below = Size { quality: MIN_QUALITY.saturating_sub(1), length: 0 };
    for round in 0.. {
        if above.quality.saturating_sub(below.quality) <= 1 {
            break;
        }
        let guess = if round < MAX_GUESSES { guess(below, above, max) } else { below.quality.midpoint(above.quality) };
        let quality = guess.clamp(below.quality + 1, above.quality - 1);
        let encoded = (encode(quality)?, quality);
        let size = Size::new(&encoded);
        let fits = size.length <= max;
        if fits || below.length == 0 {
            smallest = encoded;
        }
        if fits && size.length.saturating_mul(100) >= max.saturating_mul(GOOD_USE) {
            break;
        }
        *if fits { &mut below } else { &mut above } = size;
    }
    Ok(smallest)
}

/// How many qualities are estimated before the search halves its range, in case the estimates approach from one side.
const MAX_GUESSES: u32 = 3;

/// The length of an encoding.
#[derive(Clone, Copy, Debug)]
struct Size {
    quality: u8,
    /// In bytes; 0 if unknown.
    length: u64,
}

impl Size {
    fn new((bytes, quality): &(Vec<u8>, u8)) -> Self {
        Self { quality: *quality, length: u64::try_from(bytes.len()).unwrap_or(u64::MAX) }
    }
}

/// Estimates the quality whose encoding uses the limit well.
///
/// The length is about a power of the factor by which the quality scales the quantization tables. Two lengths give the
/// exponent; without a second one, it is that of most photos.
fn guess(below: Size, above: Size, max: u64) -> u8 {
    const USUAL: f64 = 0.7;
    let exponent = if below.length == 0 {
        USUAL
    } else {
        ratio(below.length, above.length).ln() / (table_scale(above.quality) / table_scale(below.quality)).ln()
    };
    let scale = table_scale(above.quality) / (ratio(max, above.length) * WANTED_USE).powf(1.0 / exponent.max(0.1));
    // Never below 50, where the scale follows another formula: the search ends above that.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped, and truncated to fit")]
    let quality = ((200.0 - scale) / 2.0).clamp(50.0, 100.0) as u8;
    quality
}

/// Returns the factor, in percent, by which a quality of 50 to 100 scales the quantization tables of JPEG, as libjpeg
/// defined it.
fn table_scale(quality: u8) -> f64 {
    (200.0 - 2.0 * f64::from(quality)).max(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "lengths of files stay below 2^53")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Searches an encoder whose output has a hundred bytes for each step of quality.
    fn searched(best: u8, max: u64) -> (usize, u8, u32) {
        let mut calls = 0;
        let (bytes, quality) = search::<Infallible>(best, max, |quality| {
            calls += 1;
            Ok(vec![0; usize::from(quality) * 100])
        })
        .unwrap_or_else(|never| match never {});
        (bytes.len(), quality, calls)
    }

    #[test]
    fn the_best_quality_is_kept_if_it_fits() {
        assert_eq!(searched(92, 9200), (9200, 92, 1));
    }

    #[test]
    fn a_search_needs_few_encodings() {
        for max in 6000..9200 {
            let (length, quality, calls) = searched(92, max);
            let length = u64::try_from(length).expect("small");
            assert!(length <= max && length * 100 >= max * GOOD_USE, "{max}: quality {quality}");
            assert!(calls <= 7, "{max}: {calls} encodings");
        }
    }

    #[test]
    fn the_size_of_a_photo_is_guessed() {
        // Exponents of photos without and with much noise.
        for exponent in [0.55, 0.7, 0.85] {
            for percent in 40..100_u32 {
                let length = |quality: u8| (table_scale(quality) / table_scale(92)).powf(-exponent) * 1_000_000.0;
                let max = percent * 10_000;
                if length(MIN_QUALITY) > f64::from(max) {
                    continue;
                }
                let mut calls = 0;
                let (bytes, quality) = search::<Infallible>(92, u64::from(max), |quality| {
                    calls += 1;
                    Ok(vec![0; format!("{:.0}", length(quality)).parse().expect("a number")])
                })
                .unwrap_or_else(|never| match never {});
                assert!(bytes.len() <= max as usize && calls <= 4, "{exponent} {max}: {calls} encodings, {quality}");
            }
        }
    }

    #[test]
    fn the_smallest_is_returned_if_none_fits() {
        assert_eq!(searched(92, 5999).0, 6000);
        assert_eq!(searched(92, 10), (6000, 60, 2));
        assert_eq!(searched(40, 10), (4000, 40, 1));
    }
}
