//! The files that tasks produce, made on the spot: the same request always gives the same bytes.

mod audio;
mod bits;
mod h264;
mod mp4;
mod png;
mod range;
mod request;

use std::time::Duration;

pub(super) use self::range::{ByteRange, parse as parse_range};
pub(super) use self::request::{OutputKind, RequestedOutput, outputs};

/// One file of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    /// What the file is.
    pub(super) media: OutputMedia,
    /// Decides its colors, or its pitch.
    pub(super) seed: u64,
}

/// What a file is. Sizes are in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputMedia {
    /// A PNG image.
    Png { width: u32, height: u32 },
    /// An MP4 video with H.264.
    Mp4 { width: u32, height: u32, fps: u32, duration: Duration },
    /// An MP3 file.
    Mp3 { duration: Duration },
    /// A WAV file.
    Wav { duration: Duration, rate: u32 },
}

impl Output {
    /// Returns the extension of the file's name.
    pub(super) const fn extension(&self) -> &'static str {
        match self.media {
            OutputMedia::Png { .. } => "png",
            OutputMedia::Mp4 { .. } => "mp4",
            OutputMedia::Mp3 { .. } => "mp3",
            OutputMedia::Wav { .. } => "wav",
        }
    }

    /// Returns the Content-Type.
    pub(super) const fn content_type(&self) -> &'static str {
        match self.media {
            OutputMedia::Png { .. } => "image/png",
            OutputMedia::Mp4 { .. } => "video/mp4",
            OutputMedia::Mp3 { .. } => "audio/mpeg",
            OutputMedia::Wav { .. } => "audio/wav",
        }
    }

    /// Makes the file.
    pub(super) fn render(&self) -> Vec<u8> {
        let byte = |index: u32| (self.seed >> (index * 8)).to_le_bytes()[0];
        match self.media {
            OutputMedia::Png { width, height } => {
                let bar = u32::from(byte(6)) * width / 256;
                let flat = [byte(0), byte(1), byte(2)];
                png::file(width, height, [flat, flat.map(|level| !level)], bar..(bar + width / 16 + 1))
            }
            OutputMedia::Mp4 { width, height, fps, duration } => {
                // Between 60 and 123, or between 132 and 195: well inside the range that video uses.
                let luma = 60 + byte(0) % 64;
                let chroma = |byte: u8| i8::try_from(byte % 32).unwrap_or_default() - 16;
                let luma = (luma, luma + 72);
                let stream = h264::Stream { width, height, fps, luma, chroma: (chroma(byte(1)), chroma(byte(2))) };
                mp4::file(&stream, frames(duration, fps))
            }
            OutputMedia::Mp3 { duration } => audio::mp3(duration),
            OutputMedia::Wav { duration, rate } => audio::wav(duration, rate, 200 + u32::from(byte(0))),
        }
    }
}

/// Returns the number of frames, rounded to the nearest, at least one.
fn frames(duration: Duration, fps: u32) -> u32 {
    let frames = (duration.as_millis() * u128::from(fps) + 500) / 1000;
    u32::try_from(frames).unwrap_or(u32::MAX).max(1)
}

/// Hashes bytes with FNV-1a: the same on every machine and in every version.
pub(super) fn seed(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
