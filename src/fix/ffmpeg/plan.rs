//! Plans the changes to a clip: which tracks are copied, which are encoded again, and why. Does no I/O.

use std::time::Duration;

use super::error::ClipError;
use super::filters::filters;
use super::request::{ClipFormat, ClipKind, ClipRequest, Trim};
use super::streams::{AudioStep, BitRates, FrameTiming, VideoStep};
use crate::fix::geometry::{Geometry, SizeLimits};
use crate::report::fix_report::FixAction;
use crate::units::{Thousandths, seconds};

/// The planned changes to a clip.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClipPlan {
    /// The container that is read, by its name in JSON.
    pub(crate) from: &'static str,
    /// The container that is written.
    pub(crate) format: ClipFormat,
    pub(crate) video: VideoStep,
    pub(crate) audio: AudioStep,
    /// Start of the part that is kept.
    pub(crate) start: Duration,
    /// Duration of the part that is kept; `None`: up to the end.
    pub(crate) keep: Option<Duration>,
    /// Duration of the result, if known.
    pub(crate) plays: Option<Duration>,
    pub(crate) actions: Vec<FixAction>,
    /// How the frames are reshaped, if they are re-encoded.
    pub(crate) geometry: Option<Geometry>,
}

/// How far a cut stays below the maximum duration: audio frames end up to this much after a cut. Frames of a video that
/// is copied end later, which only the result shows.
const MARGIN: Duration = Duration::from_millis(50);

impl ClipPlan {
    /// Plans the fewest changes that meet the limits.
    pub(crate) fn new(request: &ClipRequest) -> Result<Self, ClipError> {
        let part = Part::of(request)?;
        match request.kind {
            ClipKind::Video => Self::video(request, &part),
            ClipKind::Audio => Self::audio(request, &part),
        }
    }

    fn video(request: &ClipRequest, part: &Part) -> Result<Self, ClipError> {
        let codec = request.video_codec()?;
        let asked = request.to.filter(|to| to.kind() == ClipKind::Video);
        let format = asked.unwrap_or_else(|| video_format(request, codec));
        let mut plan = Self::new_for(request, part, format);
        if request.copies && copies_video(request, part, format, codec)? {
            plan.video = VideoStep::Copy { is_hevc: codec == "hevc" };
            plan.audio = AudioStep::beside_video(request, format, part, &plan.video);
        } else {
            let rates = BitRates::within(request.limits.max_bytes, part.plays)?;
            let filters = plan.reshape(request)?;
            plan.actions.push(FixAction::new("transcode", named(codec), "h264"));
            let timing = too_fast(request).map_or(FrameTiming::Kept, |_| FrameTiming::Constant);
            plan.video = VideoStep::Encode { filters, timing, max_bit_rate: rates.video };
            plan.audio = AudioStep::beside_video(request, format, part, &plan.video).within(rates.audio);
        }
        if let (Ok(from), Some(to)) = (request.audio_codec(), plan.audio.codec()) {
            plan.actions.push(FixAction::new("transcode", named(from), to));
        }
        Ok(plan)
    }

    /// Plans the geometry of a video that is encoded again, and returns the filters for it.
    fn reshape(&mut self, request: &ClipRequest) -> Result<String, ClipError> {
        let facts = &request.facts;
        if facts.are_tracks_unknown {
            return Ok(EVEN.to_owned());
        }
        let shown = facts.shown.or(facts.stored).ok_or(ClipError::UnknownSize)?;
        let geometry = Geometry::plan(shown, &request.limits.size, request.reshape)?;
        let fps = too_fast(request);
        self.geometry = Some(geometry);
        self.geometry_actions(request, &geometry, fps.map(|max| max.to_string()));
        Ok(filters(facts, &geometry, fps))
    }

    fn audio(request: &ClipRequest, part: &Part) -> Result<Self, ClipError> {
        let codec = request.audio_codec()?;
        let format =
            request.to.filter(|to| to.kind() == ClipKind::Audio).unwrap_or_else(|| audio_format(request, codec));
        let is_too_large = !part.cuts() && request.facts.bytes > request.limits.max_bytes;
        let mut plan = Self::new_for(request, part, format);
        if request.facts.video.is_some() {
            plan.actions.push(FixAction::new("extract", "video", "audio"));
        }
        // Copied out of another container, FLAC does not state how long it plays; cut, it states how long it played.
        let loses_length = format == ClipFormat::Flac && (part.cuts() || request.facts.container != format.id());
        let may_stay = request.copies && part.start.is_zero() && !is_too_large && !loses_length;
        let copies = may_stay && format.holds(codec) && request.accepts(format.id(), codec);
        if copies {
            plan.audio = AudioStep::Copy;
        } else {
            let rates = BitRates::within(request.limits.max_bytes, part.plays)?;
            // A lossless encoding has no quality to lower if it is too large.
            let format = if is_too_large && request.to.is_none() { ClipFormat::Mp3 } else { format };
            plan.format = format;
            plan.audio = AudioStep::for_format(format).within(rates.sole);
            plan.actions.push(FixAction::new("transcode", named(codec), plan.audio.codec().unwrap_or(format.id())));
        }
        Ok(plan)
    }

    /// Returns whether a stream is copied.
    pub(crate) fn copies(&self) -> bool {
        matches!(self.video, VideoStep::Copy { .. }) || self.audio == AudioStep::Copy
    }

    /// Returns whether only the result shows that a copy of the video is accepted: frames are copied in groups, which end
    /// after a cut, and unknown tracks may hold anything.
    pub(crate) fn is_tentative(&self, request: &ClipRequest) -> bool {
        let may_be_long = self.keep.is_some() && request.limits.max_duration.is_some();
        matches!(self.video, VideoStep::Copy { .. }) && (may_be_long || request.facts.are_tracks_unknown)
    }

    fn new_for(request: &ClipRequest, part: &Part, format: ClipFormat) -> Self {
        let mut actions = Vec::new();
        if let Some(keep) = part.keep {
            let from = part.played.map_or_else(|| "whole".to_owned(), |played| format!("{} s", seconds(played)));
            let to = format!("{} s from {} s", seconds(keep), seconds(part.start));
            actions.push(FixAction::new("trim", from, to));
        }
        if request.facts.container != format.id() {
            actions.push(FixAction::new("remux", request.facts.container, format.id()));
        }
        let Part { start, keep, plays, .. } = *part;
        let (video, audio) = (VideoStep::None, AudioStep::None);
        Self { from: request.facts.container, format, video, audio, start, keep, plays, actions, geometry: None }
    }

    fn geometry_actions(&mut self, request: &ClipRequest, geometry: &Geometry, fps: Option<String>) {
        if let Some(rotation) = request.facts.rotation.filter(|rotation| *rotation != 0) {
            self.actions.push(FixAction::new("rotate", format!("rotation {rotation}"), "pixels as shown"));
        }
        if let Some(crop) = geometry.crop {
            self.actions.push(FixAction::new(
                "crop",
                geometry.shown,
                format!("{}+{}+{}", crop.size, crop.left, crop.top),
            ));
        }
        if geometry.content != geometry.kept() {
            self.actions.push(FixAction::new("scale", geometry.kept(), geometry.content));
        }
        if let Some(canvas) = geometry.canvas {
            self.actions.push(FixAction::new("pad", geometry.content, canvas.size));
        }
        if let (Some(from), Some(to)) = (request.facts.fps, fps) {
            let from = format!("{from:.3}");
            self.actions.push(FixAction::new("frame-rate", from.trim_end_matches('0').trim_end_matches('.'), to));
        }
    }
}

/// The filters for a video of unknown size: even sides and square pixels.
const EVEN: &str = "scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1";

/// Returns whether the video packets can be copied unchanged.
fn copies_video(request: &ClipRequest, part: &Part, format: ClipFormat, codec: &str) -> Result<bool, ClipError> {
    let facts = &request.facts;
    let is_too_large = !part.cuts() && facts.bytes > request.limits.max_bytes;
    if facts.are_tracks_unknown {
        return Ok(part.start.is_zero() && !is_too_large && request.reshape.is_none());
    }
    if !request.accepts(format.id(), codec) || !part.start.is_zero() || too_fast(request).is_some() {
        return Ok(false);
    }
    let shown = facts.shown.or(facts.stored).ok_or(ClipError::UnknownSize)?;
    // Sides need to be even only where the video is encoded again.
    let size = SizeLimits { multiple: 1, ..request.limits.size };
    let stays = Geometry::plan(shown, &size, request.reshape)?.is_identity();
    // The API may measure frames before or after rotation: both sizes have to pass.
    Ok(stays && !is_too_large && facts.stored.is_none_or(|stored| size.allow(stored)))
}

fn too_fast(request: &ClipRequest) -> Option<Thousandths> {
    let fps = request.facts.fps?;
    request.limits.max_fps.filter(|max| fps > frames(*max) + TOLERANCE)
}

/// How far a frame rate may exceed its limit: containers round the duration of a frame.
const TOLERANCE: f64 = 0.005;

fn frames(rate: Thousandths) -> f64 {
    f64::from(u32::try_from(rate.thousandths()).unwrap_or(u32::MAX)) / 1000.0
}

fn named(codec: &str) -> &str {
    if codec.is_empty() { "an unknown codec" } else { codec }
}

/// Returns the container to write: `QuickTime` stays what it is, everything else becomes MP4.
fn video_format(request: &ClipRequest, codec: &str) -> ClipFormat {
    let stays = request.facts.container == "mov" && request.accepts("mov", codec);
    if stays { ClipFormat::Mov } else { ClipFormat::Mp4 }
}

/// Returns the container that can hold a codec without encoding it again, else MP3.
fn audio_format(request: &ClipRequest, codec: &str) -> ClipFormat {
    let formats = [ClipFormat::Mp3, ClipFormat::M4a, ClipFormat::Flac, ClipFormat::Wav];
    let takes = |format: &ClipFormat| format.holds(codec) && request.accepts(format.id(), codec);
    formats.into_iter().find(takes).unwrap_or(ClipFormat::Mp3)
}

/// The part of a clip that is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) start: Duration,
    pub(super) keep: Option<Duration>,
    pub(super) played: Option<Duration>,
    pub(super) plays: Option<Duration>,
}

impl Part {
    fn of(request: &ClipRequest) -> Result<Self, ClipError> {
        let played = request.facts.duration;
        let limits = &request.limits;
        let longest = limits.max_duration.map_or(Duration::MAX, |max| max.saturating_sub(MARGIN));
        let is_whole = |trim: &Trim| !trim.shortens(played) && played.is_some_and(|played| played <= longest);
        let part = match request.trim.filter(|trim| !is_whole(trim)) {
            None => Self { start: Duration::ZERO, keep: None, played, plays: played },
            Some(trim) => {
                if let Some(played) = played.filter(|played| trim.start >= *played) {
                    return Err(ClipError::TrimAfterEnd { start: trim.start, played });
                }
                let end = played.map_or(trim.end, |played| trim.end.min(played));
                let wanted = end.saturating_sub(trim.start);
                // A part that is too long is rejected below, not shortened.
                let fits = limits.max_duration.is_none_or(|max| wanted <= max);
                let keep = if fits { wanted.min(longest) } else { wanted };
                Self { start: trim.start, keep: Some(keep), played, plays: Some(keep) }
            }
        };
        match part.plays {
            Some(plays) if limits.max_duration.is_some_and(|limit| plays > limit) => {
                let limit = limits.max_duration.unwrap_or_default();
                Err(match part.keep {
                    Some(_) => ClipError::PartTooLong { plays, limit },
                    None => ClipError::TooLong { played: plays, limit },
                })
            }
            Some(plays) if limits.min_duration.is_some_and(|limit| plays < limit) => {
                Err(ClipError::TooShort { played: plays, limit: limits.min_duration.unwrap_or_default() })
            }
            Some(_) | None => Ok(part),
        }
    }

    /// Returns whether the clip is trimmed, so that the size of the file does not predict that of the result.
    pub(super) const fn cuts(&self) -> bool {
        self.keep.is_some()
    }
}

#[cfg(test)]
mod tests;
