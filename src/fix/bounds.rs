//! Converts the limits of the rules to the types of the planners.

use super::ffmpeg::{AcceptedContainer, ClipFacts, ClipKind, ClipLimits};
use super::geometry::SizeLimits;
use crate::media::{Codec, Kind, Media};
use crate::rules::AcceptedMedia;
use crate::units::{AspectRatioRange, Thousandths};

/// Returns the limits on sides, pixels and ratio.
pub(super) fn size_limits(accepted: &AcceptedMedia, multiple: u32) -> SizeLimits {
    let side = |side: u64| u32::try_from(side).unwrap_or(u32::MAX);
    SizeLimits {
        min_side: side(accepted.min_side),
        max_side: side(accepted.max_side).min(MAX_JPEG_SIDE),
        max_pixels: accepted.max_pixels,
        window: window(accepted),
        multiple,
    }
}

/// Returns the accepted ratios. If there is a minimum side, the limits on both sides restrict the ratio, too.
fn window(accepted: &AcceptedMedia) -> Option<AspectRatioRange> {
    let (min_side, max_side) = (accepted.min_side.max(1), accepted.max_side.min(MAX_JPEG_SIDE.into()));
    if min_side == 1 {
        return accepted.window;
    }
    let min = Thousandths::new((min_side * 1000).div_ceil(max_side.max(1)));
    let max = Thousandths::new(max_side * 1000 / min_side);
    let stated = accepted.window.unwrap_or(AspectRatioRange { min, max });
    Some(AspectRatioRange { min: stated.min.max(min), max: stated.max.min(max) })
}

/// The longest side that JPEG can state.
const MAX_JPEG_SIDE: u32 = 65_535;

/// Returns the limits on a clip.
pub(super) fn clip_limits(accepted: &AcceptedMedia, kind: ClipKind) -> ClipLimits {
    let containers = accepted.containers.iter().map(|(format, codecs)| AcceptedContainer {
        kind,
        id: format.id(),
        codecs: codecs.clone(),
    });
    ClipLimits {
        size: size_limits(accepted, 2),
        max_bytes: accepted.max_bytes,
        max_fps: accepted.max_frame_rate,
        min_duration: accepted.min_duration,
        max_duration: accepted.max_duration,
        containers: containers.collect(),
    }
}

/// Converts a media header to the facts that the clip planner needs.
pub(super) fn clip_facts(media: &Media, bytes: u64) -> ClipFacts {
    let named = |codec: &Codec| match codec {
        Codec::Known(name) => (*name).to_owned(),
        Codec::Other(_) => String::new(),
    };
    ClipFacts {
        container: media.format.id(),
        video: media.video.as_ref().map(|track| named(&track.codec)),
        audio: media.audio.as_ref().map(named),
        are_tracks_unknown: media.video.is_none() && media.audio.is_none(),
        stored: media.coded_size,
        shown: media.display_size,
        rotation: media.rotation,
        fps: media.video.as_ref().and_then(|track| track.fps).map(|fps| fps.value),
        duration: media.duration.map(|duration| duration.value),
        bytes,
    }
}

/// Converts a kind to the planner's type; `None` for images.
pub(super) const fn clip_kind(kind: Kind) -> Option<ClipKind> {
    match kind {
        Kind::Image => None,
        Kind::Video => Some(ClipKind::Video),
        Kind::Audio => Some(ClipKind::Audio),
    }
}
