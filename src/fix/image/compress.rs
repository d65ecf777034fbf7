//! Reduces the file size: first by quality, found by bisection, then by dimensions.

use image::DynamicImage;

use super::encode::{Encoder, ImageFormatOut};
use super::error::ImageFixError;
use super::plan::ImagePlan;
use super::render::{scale, size_of};
use crate::units::Dimensions;
use crate::units::PixelBox;

/// The lowest quality used before the picture is scaled down.
const MIN_QUALITY: u8 = 60;

/// The share of the size limit at which the search stops, in percent: getting closer is not worth more encodings.
const GOOD_USE: u64 = 92;

/// How many times the picture may be scaled down.
const MAX_SIZES: u32 = 12;

/// An encoded picture.
#[derive(Debug)]
pub(super) struct Compressed {
    pub(super) bytes: Vec<u8>,
    /// The quality; `None` for lossless formats.
    pub(super) quality: Option<u8>,
    pub(super) size: Dimensions,
    pub(super) format: ImageFormatOut,
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
            let lossy = encoder.format == ImageFormatOut::Jpeg;
            let quality = lossy.then_some(quality);
            return Ok(Compressed { bytes, quality, size: size_of(&pixels), format: encoder.format });
        }
        if encoder.format != ImageFormatOut::Jpeg && plan.may_become_jpeg(&pixels) {
            encoder.format = ImageFormatOut::Jpeg;
            continue;
        }
        let factor = (ratio(max, length).sqrt() * 0.97).min(0.97);
        geometry = geometry.shrunk(factor, &plan.request.size).ok_or(ImageFixError::TooManyBytes(max))?;
        let whole = PixelBox { left: 0, top: 0, size: size_of(&pixels) };
        pixels = scale(&pixels, whole, geometry.output())?;
    }
    Err(ImageFixError::TooManyBytes(max))
}

/// Returns the encoding with the best quality that fits, or the smallest encoding if none fits.
fn fit(pixels: &DynamicImage, encoder: &Encoder, best: u8, max: u64) -> Result<(Vec<u8>, u8), ImageFixError> {
    if encoder.format != ImageFormatOut::Jpeg {
        return Ok((encoder.encode(pixels, best)?, best));
    }
    bisect(best, max, |quality| encoder.encode(pixels, quality))
}

/// Searches for the encoding with the best quality within a size limit; returns the smallest encoding if none fits.
fn bisect<E>(best: u8, max: u64, mut encode: impl FnMut(u8) -> Result<Vec<u8>, E>) -> Result<(Vec<u8>, u8), E> {
    let fits = |bytes: &Vec<u8>| u64::try_from(bytes.len()).is_ok_and(|length| length <= max);
    let first = encode(best)?;
    if fits(&first) || best <= MIN_QUALITY {
        return Ok((first, best));
    }
    let mut found = (encode(MIN_QUALITY)?, MIN_QUALITY);
    let mut above = best;
    while fits(&found.0) && above - found.1 > 1 && !is_close(&found.0, max) {
        let middle = found.1.midpoint(above);
        let bytes = encode(middle)?;
        if fits(&bytes) {
            found = (bytes, middle);
        } else {
            above = middle;
        }
    }
    Ok(found)
}

fn is_close(bytes: &[u8], max: u64) -> bool {
    u64::try_from(bytes.len()).is_ok_and(|length| length.saturating_mul(100) >= max.saturating_mul(GOOD_USE))
}

#[expect(clippy::cast_precision_loss, reason = "lengths of files stay below 2^53")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Bisects an encoder whose output has a hundred bytes for each step of quality.
    fn bisected(best: u8, max: u64) -> (usize, u8, u32) {
        let mut calls = 0;
        let (bytes, quality) = bisect::<Infallible>(best, max, |quality| {
            calls += 1;
            Ok(vec![0; usize::from(quality) * 100])
        })
        .unwrap_or_else(|never| match never {});
        (bytes.len(), quality, calls)
    }

    #[test]
    fn the_best_quality_is_kept_if_it_fits() {
        assert_eq!(bisected(92, 9200), (9200, 92, 1));
    }

    #[test]
    fn a_bisection_needs_few_encodings() {
        for max in 6000..9200 {
            let (length, quality, calls) = bisected(92, max);
            let length = u64::try_from(length).expect("small");
            assert!(length <= max && length * 100 >= max * GOOD_USE, "{max}: quality {quality}");
            assert!(calls <= 7, "{max}: {calls} encodings");
        }
    }

    #[test]
    fn the_smallest_is_returned_if_none_fits() {
        assert_eq!(bisected(92, 5999), (6000, 60, 2));
        assert_eq!(bisected(40, 10), (4000, 40, 1));
    }
}
