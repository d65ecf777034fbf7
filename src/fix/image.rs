//! Images: decodes once, crops, scales and pads according to the plan, and encodes within a size limit.

mod compress;
mod decode;
mod encode;
mod error;
mod gif_frames;
mod icc;
mod icon;
mod jpeg_scan;
mod pad;
mod plan;
mod render;
#[cfg(test)]
mod tests;

pub(crate) use decode::{MeasuredImage, measure};
pub(crate) use encode::ImageOutputFormat;
pub(crate) use error::ImageFixError;
pub(crate) use gif_frames::is_animated_gif;
pub(crate) use plan::{ImagePlan, ImageRequest};

use std::path::Path;

use crate::report::fix_report::FixAction;
use compress::{Compressed, compress};
use decode::Decoded;
use encode::Encoder;

/// A fixed picture: its bytes, format and the actions taken.
#[derive(Debug)]
pub(crate) struct FixedImage {
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: ImageOutputFormat,
    pub(crate) actions: Vec<FixAction>,
}

/// Decodes a file and executes a plan.
pub(crate) fn execute(path: &Path, plan: &ImagePlan) -> Result<FixedImage, ImageFixError> {
    let Decoded { pixels, orientation, icc } = Decoded::read(path, plan.request.shown, plan.request.orientation)?;
    let pixels = render::render(pixels, orientation, &plan.geometry)?;
    let format = plan.format_for(&pixels);
    let profile = icc::kept(icc.as_deref(), &pixels);
    let subsamples = plan.request.format == ImageOutputFormat::Jpeg.id();
    let encoder = Encoder { format, profile, background: plan.background(), subsamples };
    let Compressed { bytes, quality, size, format } = compress(pixels, &encoder, plan)?;
    let mut actions = plan.actions(format);
    if size != plan.geometry.output() {
        actions.push(FixAction::new("scale", plan.geometry.output(), size));
    }
    if let Some(quality) = quality.filter(|quality| *quality < plan.quality()) {
        actions.push(FixAction::new("compress", format!("quality {}", plan.quality()), format!("quality {quality}")));
    }
    Ok(FixedImage { bytes, format, actions })
}
