//! Generates the output files of tasks on demand: the same request always yields the same bytes.

mod audio;
mod bits;
mod h264;
mod jpeg;
mod mp4;
mod opus;
mod png;
mod range;
mod request;
mod webp;

use std::time::Duration;

pub(super) use self::range::{ByteRange, parse as parse_range};
pub(super) use self::request::{OutputKind, RequestedOutput};

/// One file of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GeneratedOutput {
    /// The type of the file.
    pub(super) media: OutputMedia,
    /// Determines its colors, or its pitch.
    pub(super) seed: u64,
}

/// The type of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputMedia {
    /// A picture of this size, in pixels.
    Image { format: ImageFormat, width: u32, height: u32 },
    /// A video with H.264 of this size, in pixels.
    Video { container: VideoContainer, width: u32, height: u32, fps: u32, duration: Duration },
    /// A tone, or silence. The sample rate applies only to WAV.
    Audio { format: AudioFormat, duration: Duration, rate: u32 },
}

/// The format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImageFormat {
    Png,
    Jpeg,
    WebP,
}

/// The container of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VideoContainer {
    Mp4,
    QuickTime,
}

/// The format of audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AudioFormat {
    Mp3,
    Wav,
    OggOpus,
}

impl GeneratedOutput {
    /// Returns the extension of the file's name, and its Content-Type.
    const fn names(&self) -> (&'static str, &'static str) {
        match self.media {
            OutputMedia::Image { format: ImageFormat::Png, .. } => ("png", "image/png"),
            OutputMedia::Image { format: ImageFormat::Jpeg, .. } => ("jpg", "image/jpeg"),
            OutputMedia::Image { format: ImageFormat::WebP, .. } => ("webp", "image/webp"),
            OutputMedia::Video { container: VideoContainer::Mp4, .. } => ("mp4", "video/mp4"),
            OutputMedia::Video { container: VideoContainer::QuickTime, .. } => ("mov", "video/quicktime"),
            OutputMedia::Audio { format: AudioFormat::Mp3, .. } => ("mp3", "audio/mpeg"),
            OutputMedia::Audio { format: AudioFormat::Wav, .. } => ("wav", "audio/wav"),
            OutputMedia::Audio { format: AudioFormat::OggOpus, .. } => ("ogg", "audio/ogg"),
        }
    }

    /// Returns the extension of the file's name.
    pub(super) const fn extension(&self) -> &'static str {
        self.names().0
    }

    /// Returns the Content-Type.
    pub(super) const fn content_type(&self) -> &'static str {
        self.names().1
    }

    /// Generates the file.
    pub(super) fn render(&self) -> Vec<u8> {
        match self.media {
            OutputMedia::Image { format, width, height } => self.image(format, width, height),
            OutputMedia::Video { container, width, height, fps, duration } => {
                // Between 60 and 123, or between 132 and 195: well inside the range that video uses.
                let luma = 60 + self.byte(0) % 64;
                let chroma = |index| i8::try_from(self.byte(index) % 32).unwrap_or_default() - 16;
                let stream =
                    h264::H264Stream { width, height, fps, luma: (luma, luma + 72), chroma: (chroma(1), chroma(2)) };
                let brands = match container {
                    VideoContainer::Mp4 => mp4::MP4,
                    VideoContainer::QuickTime => mp4::QUICKTIME,
                };
                mp4::file(brands, &stream, frames(duration, fps))
            }
            OutputMedia::Audio { format: AudioFormat::Mp3, duration, .. } => audio::mp3(duration),
            OutputMedia::Audio { format: AudioFormat::OggOpus, duration, .. } => opus::file(duration),
            OutputMedia::Audio { format: AudioFormat::Wav, duration, rate } => {
                audio::wav(duration, rate, 200 + u32::from(self.byte(0)))
            }
        }
    }

    fn image(&self, format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let flat = [0, 1, 2].map(|index| self.byte(index));
        let colors = [flat, flat.map(|level| !level)];
        let columns = |width: u32| {
            let start = u32::from(self.byte(6)) * width / 256;
            start..start + width / 16 + 1
        };
        match format {
            ImageFormat::Png => png::file(width, height, colors, columns(width)),
            ImageFormat::Jpeg => {
                let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
                let bar = columns(width.div_ceil(8));
                jpeg::file(side(width), side(height), colors, side(bar.start)..side(bar.end))
            }
            ImageFormat::WebP => webp::file(width, height, flat),
        }
    }

    fn byte(&self, index: u32) -> u8 {
        (self.seed >> (index * 8)).to_le_bytes()[0]
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
