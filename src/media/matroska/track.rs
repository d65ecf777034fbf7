//! Tracks: the `TrackEntry` element (RFC 9559, section 5.1.4.1).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::codec::{self, PRIVATE};
use super::display::DisplayGeometry;
use super::ebml::Element;
use crate::media::sparse_buffer::ReadError;
use crate::media::{Codec, Measured, VideoTrack};

/// One video or audio track.
#[derive(Clone, Debug)]
pub(super) enum TrackEntry {
    /// Video.
    Video {
        /// Its codec and frame rate.
        track: VideoTrack,
        /// Its coded and display size.
        screen: DisplayGeometry,
        /// True if it is encrypted.
        encrypted: bool,
    },
    /// Audio, with its codec.
    Audio(Codec),
}

impl TrackEntry {
    /// Reads a `TrackEntry`; `None` if it is neither video nor audio.
    pub(super) fn read(entry: Element) -> Result<Option<Self>, ReadError> {
        let (mut kind, mut id, mut private, mut bits) = (0, &b""[..], &b""[..], 0);
        let (mut frame, mut screen, mut encrypted) = (0, DisplayGeometry::default(), false);
        for element in entry.children()? {
            let element = element?;
            match element.id {
                0x83 => kind = element.uint()?,
                0x86 => id = element.text()?,
                0x63a2 => private = element.head(PRIVATE)?,
                0x0023_e383 => frame = element.uint()?,
                0xe0 => screen = DisplayGeometry::read(element)?,
                0xe1 => bits = bit_depth(element)?,
                0x6d80 => encrypted = is_encryption(element)?,
                _ => {}
            }
        }
        Ok(match kind {
            1 => Some(Self::Video {
                track: VideoTrack {
                    codec: codec::video(id, private),
                    profile: codec::profile(id, private),
                    fps: rate(frame).map(Measured::exact),
                },
                screen,
                encrypted,
            }),
            2 => Some(Self::Audio(codec::audio(id, private, bits))),
            _ => None,
        })
    }

    /// Reads the number of a video or audio track, and how many nanoseconds its frames last; 0 if not stated.
    pub(super) fn frame_duration(entry: Element) -> Result<Option<(u64, u64)>, ReadError> {
        let (mut number, mut kind, mut frame) = (0, 0, 0);
        for element in entry.children()? {
            let element = element?;
            match element.id {
                0xd7 => number = element.uint()?,
                0x83 => kind = element.uint()?,
                0x0023_e383 => frame = element.uint()?,
                _ => {}
            }
        }
        Ok(matches!(kind, 1 | 2).then_some((number, frame)))
    }

    /// Returns whether its codec is one that covers use, and videos hardly ever.
    pub(super) fn is_still(&self) -> bool {
        match self {
            Self::Video { track, .. } => matches!(track.codec, Codec::Known("mjpeg" | "png" | "gif")),
            Self::Audio(_) => false,
        }
    }
}

fn bit_depth(audio: Element) -> Result<u64, ReadError> {
    for element in audio.children()? {
        let element = element?;
        if element.id == 0x6264 {
            return element.uint();
        }
    }
    Ok(0)
}

/// Looks for an encryption in `ContentEncodings`; the other kind of encoding is a compression.
fn is_encryption(encodings: Element) -> Result<bool, ReadError> {
    for encoding in encodings.children()? {
        for element in encoding?.children()? {
            let element = element?;
            if element.id == 0x5033 && element.uint()? == 1 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Converts the nanoseconds that a frame lasts to frames per second; `None` for zero.
///
/// They are rounded, so 16,666,667 means 60 frames per second and not slightly less: a usual rate within one nanosecond
/// is preferred.
fn rate(frame: u64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "exact up to 104 days")]
    let frame = frame as f64;
    let rate = 1e9 / frame;
    let usual = [rate.round(), (rate * 1.001).round() / 1.001];
    let usual = usual.into_iter().find(|usual| (1e9 / usual - frame).abs() <= 1.0);
    Some(usual.unwrap_or(rate)).filter(|rate| rate.is_finite() && *rate > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_frame_length_gives_the_usual_rate() {
        for (frame, fps) in [
            (40_000_000, Some(25.0)),
            (41_666_666, Some(24.0)),
            (41_666_667, Some(24.0)),
            (41_708_333, Some(24.0 / 1.001)),
            (33_366_666, Some(30.0 / 1.001)),
            (33_366_667, Some(30.0 / 1.001)),
            (16_666_666, Some(60.0)),
            (16_683_333, Some(60.0 / 1.001)),
            (66_000_000, Some(1000.0 / 66.0)),
            (2_000_000_000, Some(0.5)),
            (0, None),
        ] {
            let got = rate(frame);
            let same = match (got, fps) {
                (Some(got), Some(fps)) => (got - fps).abs() < 1e-9,
                (got, fps) => got.is_none() && fps.is_none(),
            };
            assert!(same, "{frame} gives {got:?}, not {fps:?}");
        }
    }
}
