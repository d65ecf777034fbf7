//! Fixes one image.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::bounds::size_limits;
use super::converters::to_png;
use super::fixer::{FixJob, Fixer, MEMORY};
use super::image::{FixedImage, ImagePlan, ImageRequest, MeasuredImage, execute, is_animated_gif, measure};
use super::step::{FixFailure, FixSuccess};
use crate::fetch::DownloadingProbe;
use crate::media::{Format, Media};
use crate::report::fix_report::FixOutcome;
use crate::units::Dimensions;

impl<P: DownloadingProbe> Fixer<'_, P> {
    /// Plans the changes, decodes, encodes, checks the draft and keeps it.
    pub(super) async fn fix_image(&self, job: &FixJob<'_>) -> Result<FixSuccess, FixFailure> {
        let converted = to_png(job.media.format, &self.options.ffmpeg, job.path).await?;
        let source = converted.as_deref().unwrap_or(job.path);
        let plan = self.plan_image(job, source)?;
        let geometry = Some(plan.geometry.shown_change());
        if let Some(format) = plan.known_format() {
            let output = self.output(job, format.extension())?;
            if self.options.dry_run {
                return Ok(FixSuccess { geometry, ..self.planned(&output, plan.actions(format), None) });
            }
        }
        let FixedImage { bytes, format, actions } = self.execute(source, plan).await?;
        let output = self.output(job, format.extension())?;
        if self.options.dry_run {
            return Ok(FixSuccess { geometry, ..self.planned(&output, actions, None) });
        }
        let draft = output.draft()?;
        std::fs::write(&draft, bytes).map_err(|error| FixFailure::new(FixOutcome::NotWritten, error))?;
        Ok(FixSuccess { geometry, ..self.keep(draft, &output, actions).await? })
    }

    /// Plans the changes. The pixels are read from `source`: the file itself, or its conversion by another program.
    fn plan_image(&self, job: &FixJob<'_>, source: &Path) -> Result<ImagePlan, FixFailure> {
        let Media { format, coded_size, display_size, orientation, animated, .. } = *job.media;
        let is_converted = source != job.path;
        if let Some(program) = decoder_of(format).filter(|_| !is_converted) {
            let message = format!("{} cannot be decoded: convert it first, for example with {program}", format.name());
            return Err(FixFailure::cannot_fix(message));
        }
        // The headers of some formats are at the end of the file, which `check` does not read; of TIFF it does not read
        // the orientation.
        let is_stated = !is_converted && format != Format::Tiff;
        let stated = display_size.or(coded_size).filter(|_| is_stated);
        let stated = stated.map(|shown| MeasuredImage { shown, orientation });
        // Converters apply the rotation of HEIF, which is the only one that counts, and copy the orientation of EXIF.
        let MeasuredImage { shown, orientation } =
            stated.map_or_else(|| measure(source, is_converted), Ok).map_err(FixFailure::cannot_fix)?;
        let request = ImageRequest {
            format: format.id(),
            shown,
            orientation,
            animated: animated || format == Format::Gif && is_animated_gif(source),
            size: size_limits(&job.accepted, 1),
            max_bytes: job.accepted.max_bytes,
            reshape: self.options.reshape,
            to: self.options.format().and_then(super::options::FixFormat::as_image),
            quality: self.options.quality,
        };
        ImagePlan::new(request).map_err(FixFailure::cannot_fix)
    }

    /// Decodes and encodes on a separate thread, once there is memory for it.
    async fn execute(&self, source: &Path, plan: ImagePlan) -> Result<FixedImage, FixFailure> {
        let need = mebibytes(plan.request.shown);
        let _memory = self.memory.acquire_many(need).await.map_err(FixFailure::cannot_fix)?;
        let path = source.to_owned();
        let work = AssertUnwindSafe(move || execute(&path, &plan));
        let done = self.decoders.run(|| catch_unwind(work)).await;
        done.map_err(|_| FixFailure::cannot_fix("the decoder failed on these bytes"))?.map_err(FixFailure::cannot_fix)
    }
}

/// Returns the memory needed to decode, scale and encode a picture.
fn mebibytes(size: Dimensions) -> u32 {
    let bytes = size.area() * BYTES_A_PIXEL;
    u32::try_from(bytes >> 20).unwrap_or(MEMORY).clamp(1, MEMORY)
}

/// Four channels as decoded, and as much again for the result.
const BYTES_A_PIXEL: u64 = 8;

/// Returns a command for formats that need another decoder; `None` for those that can be decoded.
fn decoder_of(format: Format) -> Option<&'static str> {
    const DECODERS: [(Format, &str); 6] = [
        (Format::Heic, "heif-dec IN.heic OUT.png"),
        (Format::Avif, "heif-dec IN.avif OUT.png"),
        (Format::Jxl, "djxl IN.jxl OUT.png"),
        (Format::Jp2, "opj_decompress -i IN.jp2 -o OUT.png"),
        (Format::Svg, "rsvg-convert -o OUT.png IN.svg"),
        (Format::Psd, "magick 'IN.psd[0]' OUT.png"),
    ];
    DECODERS.into_iter().find_map(|(other, command)| (other == format).then_some(command))
}
