//! Audio Video Interleave: the header lists, up to the list with the frames.
//!
//! Layout: "AVI RIFF File Reference" of the Windows SDK and the `OpenDML` extensions 1.02 (`dmlh`, `vprp`).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::fourcc;
use super::wave_format::WaveFormat;
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Codec, Format, Measured, Media, VideoTrack, sample_aspect_ratio, timebase};
use crate::units::Dimensions;

/// Reads the size, the codecs, the frame rate and the duration.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let mut headers = AviHeaders::default();
    let mut at = 12_u64;
    loop {
        let name = buffer.array(at)?;
        let size = buffer.le32(at.saturating_add(4))?;
        let body = at.saturating_add(8);
        if &name == b"LIST" {
            match &buffer.array(body)? {
                // These lists are entered: their contents are read as if they were outside.
                b"hdrl" | b"strl" | b"odml" => {
                    at = body.saturating_add(4);
                    continue;
                }
                b"movi" => {
                    let mut media = headers.media(buffer)?;
                    let end = body.saturating_add(size.into());
                    let is_cut = !matches!(size, 0 | u32::MAX) && buffer.total().is_some_and(|total| end > total);
                    media.truncated = is_cut.then_some("the file ends inside its frames (the `movi` list)");
                    return Ok(media);
                }
                _ => {}
            }
        } else {
            headers.take(buffer, name, body, size)?;
        }
        at = body.saturating_add(u64::from(size)).saturating_add(u64::from(size & 1));
    }
}

/// One `strh`: a stream's kind and clock.
#[derive(Clone, Copy, Debug, Default)]
struct StreamHeader {
    kind: [u8; 4],
    handler: [u8; 4],
    scale: u32,
    rate: u32,
    length: u32,
    /// Bytes per unit of `length` if all have the same size; zero if each has its own chunk.
    unit: u32,
}

impl StreamHeader {
    /// Returns the duration of the stream; `None` if the file cannot hold that many units.
    fn duration(&self, total: Option<u64>) -> Option<Duration> {
        // Each chunk, even that of a dropped frame, has a header of eight bytes.
        let unit = if self.unit == 0 { 8 } else { u64::from(self.unit) };
        let fits = total.is_none_or(|total| u64::from(self.length).saturating_mul(unit) <= total);
        let time = timebase::ticks_to_duration(self.length.into(), self.rate.into(), self.scale.into());
        time.filter(|time| fits && !time.is_zero())
    }
}

/// The facts in the header lists.
#[derive(Clone, Debug, Default)]
struct AviHeaders {
    /// The stream whose format comes next.
    stream: StreamHeader,
    /// Frames in the first RIFF chunk, from the main header.
    frames: u32,
    /// Frames in all RIFF chunks of an `OpenDML` file.
    all_frames: u32,
    /// The aspect ratio of the picture, width and height, from `vprp`; zero if not stated.
    aspect: (u16, u16),
    /// The first video stream, with its codec and size.
    video: Option<(StreamHeader, Codec, Dimensions)>,
    /// The first audio stream.
    audio: Option<(StreamHeader, Codec)>,
}

impl AviHeaders {
    /// Reads one chunk.
    fn take(&mut self, buffer: &SparseBuffer, name: [u8; 4], body: u64, size: u32) -> Result<(), ReadError> {
        let place = |offset: u64| body.saturating_add(offset);
        match &name {
            b"avih" => self.frames = buffer.le32(place(16))?,
            b"dmlh" => self.all_frames = buffer.le32(body)?,
            b"strh" => {
                self.stream = StreamHeader {
                    kind: buffer.array(body)?,
                    handler: buffer.array(place(4))?,
                    scale: buffer.le32(place(20))?,
                    rate: buffer.le32(place(24))?,
                    length: buffer.le32(place(32))?,
                    unit: buffer.le32(place(44))?,
                }
            }
            b"strf" => match (&self.stream.kind, &self.video, &self.audio) {
                (b"vids", None, _) => self.video = Some(self.picture(buffer, body)?),
                (b"auds", _, None) => {
                    self.audio = Some((self.stream, WaveFormat::read(buffer, body, size.into())?.codec()));
                }
                _ => {}
            },
            b"vprp" if size >= 24 => self.aspect = (buffer.le16(place(22))?, buffer.le16(place(20))?),
            _ => {}
        }
        Ok(())
    }

    /// Reads a bitmap header: the size, whose height is negative for top-down pictures, and the codec.
    fn picture(&self, buffer: &SparseBuffer, body: u64) -> Result<(StreamHeader, Codec, Dimensions), ReadError> {
        let pixels =
            |offset: u64| buffer.le32(body.saturating_add(offset)).map(|side| side.cast_signed().unsigned_abs());
        let size = Dimensions::new(pixels(4)?, pixels(8)?);
        let compression = buffer.array(body.saturating_add(16))?;
        let codec = match fourcc::codec(compression) {
            Codec::Known(name) => Codec::Known(name),
            Codec::Other(outside) => match fourcc::codec(self.stream.handler) {
                Codec::Known(name) if name != "rawvideo" => Codec::Known(name),
                Codec::Known(_) | Codec::Other(_) => Codec::Other(outside),
            },
        };
        Ok((self.stream, codec, size))
    }

    fn media(self, buffer: &SparseBuffer) -> Result<Media, ReadError> {
        let mut media = Media::new(Format::Avi);
        media.duration = self.duration(buffer)?.map(Measured::exact);
        media.audio = self.audio.map(|(_, codec)| codec);
        let Some((stream, codec, size)) = self.video else {
            return if media.audio.is_some() { Ok(media) } else { Err(malformed(12, "the AVI file has no streams")) };
        };
        let fps = timebase::frame_rate(stream.rate, stream.scale).map(Measured::exact);
        let (wide, high) = self.aspect;
        let across = u32::from(wide).checked_mul(size.height).unwrap_or(0);
        let down = u32::from(high).checked_mul(size.width).unwrap_or(0);
        let known = size.ratio().is_some();
        media.coded_size = known.then_some(size);
        media.display_size = known.then(|| sample_aspect_ratio::shown(size, across, down));
        media.video = Some(VideoTrack { codec, profile: None, fps });
        Ok(media)
    }

    /// Returns the duration of the longest stream; `None` if a writer that could not seek back left placeholders.
    fn duration(&self, buffer: &SparseBuffer) -> Result<Option<Duration>, ReadError> {
        if matches!(buffer.le32(4)?, 0 | u32::MAX) || self.frames == 0 {
            return Ok(None);
        }
        let total = buffer.total();
        let video = self
            .video
            .as_ref()
            .map(|(stream, _, _)| StreamHeader { length: stream.length.max(self.all_frames), ..*stream });
        let audio = self.audio.as_ref().and_then(|(stream, _)| stream.duration(total));
        Ok(match video {
            Some(video) => video.duration(total).map(|time| audio.map_or(time, |audio| audio.max(time))),
            None => audio,
        })
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
