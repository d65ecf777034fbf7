//! Which part of a picture is kept: in numbers, and drawn over it.

use std::fmt::Write as _;

use crate::finding::Reason;
use crate::output::escape::html::text;
use crate::report::Report;
use crate::units::{Dimensions, PixelRect};

/// A picture and the part of it that is kept.
#[derive(Clone, Debug)]
pub(super) struct KeptPart {
    pub(super) whole: Dimensions,
    pub(super) kept: PixelRect,
    pub(super) caption: String,
}

impl KeptPart {
    /// Returns the part that the API would keep, else the largest one whose ratio is accepted.
    pub(super) fn of(report: &Report) -> Option<Self> {
        let media = report.observed.content.media()?;
        let whole = media.display_size.or(media.coded_size)?;
        whole.ratio()?;
        let mut windows = report.findings.iter().filter_map(|finding| {
            let Reason::AspectRatioOutside { window, .. } = finding.api_reason()? else { return None };
            Some(*window)
        });
        if let Some(window) = windows.next() {
            let kept = PixelRect::centered(window.crop(whole), whole);
            let caption = format!(
                "The largest part with a ratio from {} to {}: {} of {whole}",
                window.min, window.max, kept.size
            );
            return Some(Self { whole, kept, caption });
        }
        let kept = PixelRect::centered(whole.cropped_to(report.crop_to?)?, whole);
        let caption = format!("The API keeps {} of {whole}", kept.size);
        (kept.size != whole).then_some(Self { whole, kept, caption })
    }
}

/// Draws what is lost and what is kept, in the units of pixels.
pub(super) fn overlay(whole: Dimensions, kept: PixelRect) -> String {
    let Dimensions { width, height } = whole;
    let PixelRect { left, top, size } = kept;
    let mut shapes = format!(
        "<path class=\"lost\" fill-rule=\"evenodd\" d=\"M0 0h{width}v{height}H0zM{left} {top}h{}v{}H{left}z\" />",
        size.width, size.height
    );
    let _ = write!(
        shapes,
        "<rect class=\"kept\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" />",
        size.width, size.height
    );
    shapes
}

/// Opens a drawing in pixels of a picture.
pub(super) fn open_drawing(whole: Dimensions, attributes: &str, alternative: &str) -> String {
    let Dimensions { width, height } = whole;
    let sides = format!("width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"");
    format!("<svg{attributes} {sides} role=\"img\" aria-label=\"{}\">", text(alternative))
}
