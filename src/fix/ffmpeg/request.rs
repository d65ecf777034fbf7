//! The facts about a clip, the limits of the rules, and the user's options.

use std::time::Duration;

use super::error::ClipError;
use crate::fix::geometry::{Reshape, SizeLimits};
use crate::units::{Dimensions, Thousandths};

/// The kind of clip to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClipKind {
    /// Video, with or without audio.
    Video,
    /// Audio only.
    Audio,
}

/// Facts from a media header. Codecs have ffprobe's names.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClipFacts {
    /// The container by its name in JSON: `mkv`.
    pub(crate) container: &'static str,
    /// The codec of the first video track; empty if its name is unknown.
    pub(crate) video: Option<String>,
    /// The codec of the first audio track; empty if its name is unknown.
    pub(crate) audio: Option<String>,
    /// True for containers whose tracks are not parsed, such as MPEG-TS.
    pub(crate) are_tracks_unknown: bool,
    /// Width and height as stored.
    pub(crate) stored: Option<Dimensions>,
    /// Width and height as shown.
    pub(crate) shown: Option<Dimensions>,
    /// Clockwise rotation in degrees.
    pub(crate) rotation: Option<u16>,
    /// Frames per second.
    pub(crate) fps: Option<f64>,
    /// The duration.
    pub(crate) duration: Option<Duration>,
    /// The length of the file.
    pub(crate) bytes: u64,
}

/// The limits that a clip must meet.
#[derive(Clone, Debug)]
pub(crate) struct ClipLimits {
    /// The limits on sides, pixels and ratio.
    pub(crate) size: SizeLimits,
    /// The maximum size in bytes.
    pub(crate) max_bytes: u64,
    /// The maximum frame rate.
    pub(crate) max_fps: Option<Thousandths>,
    /// The minimum duration.
    pub(crate) min_duration: Option<Duration>,
    /// The maximum duration.
    pub(crate) max_duration: Option<Duration>,
    /// The containers that are accepted.
    pub(crate) containers: Vec<AcceptedContainer>,
}

/// A container that is accepted, and the codecs in it.
#[derive(Clone, Debug)]
pub(crate) struct AcceptedContainer {
    pub(crate) kind: ClipKind,
    /// Its name in JSON: `mp4`.
    pub(crate) id: &'static str,
    /// ffprobe's names; a trailing `*` matches any suffix.
    pub(crate) codecs: Vec<String>,
}

/// The part that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trim {
    /// Where it begins.
    pub start: Duration,
    /// Where it ends.
    pub end: Duration,
}

impl Trim {
    /// Parses `START:END` in seconds, as in `0:30` or `1.5:12.25`; `None` if the end is not after the start.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once(':')?;
        let time = |text: &str| Thousandths::parse(text.trim()).map(|time| Duration::from_millis(time.thousandths()));
        let trim = Self { start: time(start)?, end: time(end)? };
        (trim.start < trim.end).then_some(trim)
    }
}

/// A container that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum ClipFormat {
    Mp4,
    Mov,
    Mp3,
    Wav,
    M4a,
    Flac,
}

impl ClipFormat {
    /// Returns the name used in JSON, which is the usual file extension as well.
    pub(crate) fn id(self) -> &'static str {
        self.into()
    }

    /// Returns ffmpeg's name of the muxer.
    pub(super) fn muxer(self) -> &'static str {
        if self == Self::M4a { "ipod" } else { self.id() }
    }

    /// Returns whether ffmpeg can write a codec to the container: WAV is little-endian.
    pub(super) fn holds(self, codec: &str) -> bool {
        self != Self::Wav || codec.ends_with("le") || codec == "pcm_u8"
    }

    /// Returns the kind of clip that the container holds.
    pub(crate) const fn kind(self) -> ClipKind {
        match self {
            Self::Mp4 | Self::Mov => ClipKind::Video,
            Self::Mp3 | Self::Wav | Self::M4a | Self::Flac => ClipKind::Audio,
        }
    }
}

/// The input of a plan.
#[derive(Clone, Debug)]
pub(crate) struct ClipRequest {
    pub(crate) facts: ClipFacts,
    pub(crate) limits: ClipLimits,
    /// The kind to write.
    pub(crate) kind: ClipKind,
    /// How an aspect ratio outside the window is changed.
    pub(crate) reshape: Option<Reshape>,
    /// The requested format.
    pub(crate) to: Option<ClipFormat>,
    /// The part that is kept.
    pub(crate) trim: Option<Trim>,
    /// True if streams may be copied; false if a copy was not accepted.
    pub(crate) copies: bool,
}

impl Trim {
    /// Returns whether a part of a clip is left out, as far as its duration is known.
    pub(crate) fn shortens(self, played: Option<Duration>) -> bool {
        !self.start.is_zero() || played.is_none_or(|played| self.end < played)
    }
}

impl ClipRequest {
    /// Returns the codec of the video track; empty if its name is unknown.
    pub(super) fn video_codec(&self) -> Result<&str, ClipError> {
        let unknown = self.facts.are_tracks_unknown.then_some("");
        self.facts.video.as_deref().or(unknown).ok_or(ClipError::NoTrack("video"))
    }

    /// Returns the codec of the audio track; empty if its name is unknown.
    pub(super) fn audio_codec(&self) -> Result<&str, ClipError> {
        let unknown = self.facts.are_tracks_unknown.then_some("");
        self.facts.audio.as_deref().or(unknown).ok_or(ClipError::NoTrack("audio"))
    }

    /// Returns whether the rules accept a codec in a container.
    pub(super) fn accepts(&self, container: &str, codec: &str) -> bool {
        let fits = |pattern: &str| pattern.strip_suffix('*').map_or(pattern == codec, |start| codec.starts_with(start));
        let mut rows = self.limits.containers.iter().filter(|row| row.kind == self.kind && row.id == container);
        !codec.is_empty() && rows.any(|row| row.codecs.iter().any(|pattern| fits(pattern)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_in_seconds() {
        let case = |text: &str, start, end| {
            let trim = Trim { start: Duration::from_millis(start), end: Duration::from_millis(end) };
            assert_eq!(Trim::parse(text), Some(trim), "{text}");
        };
        case("0:30", 0, 30_000);
        case("1.5:12.25", 1500, 12_250);
        for text in ["", ":", "30", "3:3", "5:2", "-1:2", "a:b", "1:2:3"] {
            assert_eq!(Trim::parse(text), None, "{text}");
        }
    }
}
