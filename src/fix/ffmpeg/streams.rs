//! The steps for each track, and the bit rates that keep the result within the size limit.

use std::time::Duration;

use super::error::ClipError;
use super::plan::Part;
use super::request::{ClipFormat, ClipRequest};

/// The step for the video track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VideoStep {
    /// There is none in the result.
    None,
    /// Its packets are copied.
    Copy {
        /// HEVC needs the tag `hvc1` for Apple's players.
        is_hevc: bool,
    },
    /// It is encoded again as H.264.
    Encode {
        /// ffmpeg's filter graph; empty: none.
        filters: String,
        /// When its frames are shown.
        timing: FrameTiming,
        /// The maximum bits per second; `None`: determined by the quality.
        max_bit_rate: Option<u64>,
    },
}

/// When the frames of a video that is encoded again are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameTiming {
    /// When they were: a variable rate stays variable.
    Kept,
    /// At the constant rate of a filter.
    Constant,
}

/// The step for the audio track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AudioStep {
    /// There is none in the result.
    None,
    /// Its packets are copied.
    Copy,
    /// It is encoded again.
    Encode {
        /// ffmpeg's name of the encoder.
        encoder: &'static str,
        /// Bits per second; `None` for lossless encoders.
        bit_rate: Option<u64>,
    },
}

/// The default bit rate of audio, in bits per second.
const BIT_RATE: u64 = 192_000;

/// The lowest acceptable bit rate of audio.
const MIN_BIT_RATE: u64 = 32_000;

/// The lowest bit rate of video that is not just compression artifacts.
const MIN_VIDEO_BIT_RATE: u64 = 50_000;

/// The audio codecs in MP4 and `QuickTime` that players support.
const BESIDE_VIDEO: [&str; 5] = ["aac", "mp3", "alac", "ac3", "eac3"];

/// Returns whether players support an audio codec in a container with video.
pub(crate) fn is_playable(format: ClipFormat, codec: &str) -> bool {
    BESIDE_VIDEO.contains(&codec) || format == ClipFormat::Mov && codec.starts_with("pcm_")
}

impl AudioStep {
    /// Returns the step for the audio of a video. MP4 cannot hold PCM, and players expect AAC.
    pub(super) fn beside_video(request: &ClipRequest, format: ClipFormat, part: &Part, video: &VideoStep) -> Self {
        let Ok(codec) = request.audio_codec() else { return Self::None };
        let is_unknown = request.facts.are_tracks_unknown && matches!(video, VideoStep::Copy { .. });
        if request.copies && part.start.is_zero() && (is_unknown || is_playable(format, codec)) {
            Self::Copy
        } else {
            Self::Encode { encoder: "aac", bit_rate: Some(BIT_RATE) }
        }
    }

    /// Returns the encoding of an audio file for a container.
    pub(super) const fn for_format(format: ClipFormat) -> Self {
        let (encoder, bit_rate) = match format {
            ClipFormat::Mp3 => ("libmp3lame", Some(BIT_RATE)),
            ClipFormat::Wav => ("pcm_s16le", None),
            ClipFormat::Flac => ("flac", None),
            ClipFormat::M4a | ClipFormat::Mp4 | ClipFormat::Mov => ("aac", Some(BIT_RATE)),
        };
        Self::Encode { encoder, bit_rate }
    }

    /// Lowers the bit rate.
    pub(super) fn within(self, most: Option<u64>) -> Self {
        match self {
            Self::Encode { encoder, bit_rate: Some(rate) } => {
                Self::Encode { encoder, bit_rate: Some(most.map_or(rate, |most| rate.min(most))) }
            }
            Self::None | Self::Copy | Self::Encode { bit_rate: None, .. } => self,
        }
    }

    /// Returns the codec that is encoded, if there is one, by the name that ffprobe has for it.
    pub(super) fn codec(self) -> Option<&'static str> {
        match self {
            Self::Encode { encoder: "libmp3lame", .. } => Some("mp3"),
            Self::Encode { encoder, .. } => Some(encoder),
            Self::None | Self::Copy => None,
        }
    }
}

/// The bit rates that keep a clip within its size limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BitRates {
    /// For video.
    pub(super) video: Option<u64>,
    /// For the audio of a video.
    pub(super) audio: Option<u64>,
    /// For an audio file.
    pub(super) sole: Option<u64>,
}

impl BitRates {
    /// Divides the size limit between the tracks; 5 % is reserved for the container.
    pub(super) fn within(max_bytes: u64, plays: Option<Duration>) -> Result<Self, ClipError> {
        let Some(played) = plays.filter(|plays| !plays.is_zero()) else {
            return Ok(Self { video: None, audio: None, sole: None });
        };
        let bits = u128::from(max_bytes) * 8 * 95 / 100;
        let total = u64::try_from(bits * 1000 / played.as_millis().max(1)).unwrap_or(u64::MAX);
        if total < MIN_BIT_RATE + MIN_VIDEO_BIT_RATE {
            return Err(ClipError::TooFewBytes { limit: max_bytes, played });
        }
        let audio = (total / 8).clamp(MIN_BIT_RATE, BIT_RATE);
        // The encoder may exceed this rate by its buffer, which holds one second of video.
        let buffered = u64::try_from(played.as_millis()).unwrap_or(u64::MAX);
        let video = u128::from(total - audio) * u128::from(buffered) / (u128::from(buffered) + 1000);
        Ok(Self { video: u64::try_from(video).ok(), audio: Some(audio), sole: Some(total.min(BIT_RATE)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_rates_share_the_bytes() {
        let rates = BitRates::within(3_932_160, Some(Duration::from_secs(30))).expect("enough");
        let (video, audio) = (rates.video.expect("bounded"), rates.audio.expect("bounded"));
        // The video buffers one second more than it plays.
        assert!(video * 31 + audio * 30 <= 3_932_160 * 8 * 95 / 100);
        assert!(video > 800_000 && audio > 100_000, "{rates:?}");
    }

    #[test]
    fn too_few_bytes_are_refused() {
        let error = BitRates::within(100_000, Some(Duration::from_mins(1))).expect_err("too few");
        assert_eq!(error.to_string(), "100000 bytes are too few for 60 seconds");
        assert_eq!(BitRates::within(1, None).map(|rates| rates.video), Ok(None));
    }
}
