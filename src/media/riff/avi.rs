//! Audio Video Interleave: the header lists, as far as the list with the pictures.
//!
//! Layout: "AVI RIFF File Reference" of the Windows SDK and the `OpenDML` extensions 1.02 (`dmlh`, `vprp`).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::fourcc;
use super::wave_format::WaveFormat;
use crate::media::sparse_buffer::{ReadError, SparseBuffer, broken};
use crate::media::{Codec, Format, Measured, Media, VideoTrack};
use crate::media::{sample_aspect_ratio, timebase};
use crate::units::Dimensions;

/// Reads the size, the codecs, the frame rate and the duration.
pub(crate) fn read(window: &SparseBuffer) -> Result<Media, ReadError> {
    let mut headers = Headers::default();
    let mut at = 12_u64;
    loop {
        window.step(at)?;
        let name = window.array(at)?;
        let size = window.le32(at.saturating_add(4))?;
        let body = at.saturating_add(8);
        if &name == b"LIST" {
            match &window.array(body)? {
                // Such a list is entered: what is in it is read as if it stood outside.
                b"hdrl" | b"strl" | b"odml" => {
                    at = body.saturating_add(4);
                    continue;
                }
                b"movi" => return headers.media(window),
                _ => {}
            }
        } else {
            headers.take(window, name, body, size)?;
        }
        at = body.saturating_add(u64::from(size)).saturating_add(u64::from(size & 1));
    }
}

/// One `strh`: a stream's kind and clock.
#[derive(Clone, Copy, Debug, Default)]
struct Stream {
    kind: [u8; 4],
    handler: [u8; 4],
    scale: u32,
    rate: u32,
    length: u32,
    /// Bytes of one unit of `length` where all are alike; zero where each has a chunk of its own.
    unit: u32,
}

impl Stream {
    /// Returns how long the stream plays; `None` where the file cannot hold that many units.
    fn duration(&self, total: Option<u64>) -> Option<Duration> {
        // Each chunk, even that of a dropped frame, has a header of eight bytes.
        let unit = if self.unit == 0 { 8 } else { u64::from(self.unit) };
        let fits = total.is_none_or(|total| u64::from(self.length).saturating_mul(unit) <= total);
        let time = timebase::lasting(self.length.into(), self.rate.into(), self.scale.into());
        time.filter(|time| fits && !time.is_zero())
    }
}

/// What the header lists tell.
#[derive(Clone, Debug, Default)]
struct Headers {
    /// The stream whose format comes next.
    stream: Stream,
    /// Frames in the first RIFF chunk, from the main header.
    frames: u32,
    /// Frames in all RIFF chunks of an `OpenDML` file.
    all_frames: u32,
    /// The shape of the whole picture, width and height, from `vprp`; zero where not told.
    aspect: (u16, u16),
    /// The first video stream, with its codec and size.
    video: Option<(Stream, Codec, Dimensions)>,
    /// The first audio stream.
    audio: Option<(Stream, Codec)>,
}

impl Headers {
    /// Takes what one chunk tells.
    fn take(&mut self, window: &SparseBuffer, name: [u8; 4], body: u64, size: u32) -> Result<(), ReadError> {
        let place = |offset: u64| body.saturating_add(offset);
        match &name {
            b"avih" => self.frames = window.le32(place(16))?,
            b"dmlh" => self.all_frames = window.le32(body)?,
            b"strh" => {
                self.stream = Stream {
                    kind: window.array(body)?,
                    handler: window.array(place(4))?,
                    scale: window.le32(place(20))?,
                    rate: window.le32(place(24))?,
                    length: window.le32(place(32))?,
                    unit: window.le32(place(44))?,
                }
            }
            b"strf" => match (&self.stream.kind, &self.video, &self.audio) {
                (b"vids", None, _) => self.video = Some(self.picture(window, body)?),
                (b"auds", _, None) => {
                    self.audio = Some((self.stream, WaveFormat::read(window, body, size.into())?.codec()));
                }
                _ => {}
            },
            b"vprp" if size >= 24 => self.aspect = (window.le16(place(22))?, window.le16(place(20))?),
            _ => {}
        }
        Ok(())
    }

    /// Reads a bitmap header: the size, of which the height is negative for pictures stored from the top, and the codec.
    fn picture(&self, window: &SparseBuffer, body: u64) -> Result<(Stream, Codec, Dimensions), ReadError> {
        let pixels =
            |offset: u64| window.le32(body.saturating_add(offset)).map(|side| side.cast_signed().unsigned_abs());
        let size = Dimensions::new(pixels(4)?, pixels(8)?);
        let compression = window.array(body.saturating_add(16))?;
        let codec = match fourcc::codec(compression) {
            Codec::Known(name) => Codec::Known(name),
            Codec::Other(outside) => match fourcc::codec(self.stream.handler) {
                Codec::Known(name) if name != "rawvideo" => Codec::Known(name),
                Codec::Known(_) | Codec::Other(_) => Codec::Other(outside),
            },
        };
        Ok((self.stream, codec, size))
    }

    fn media(self, window: &SparseBuffer) -> Result<Media, ReadError> {
        let mut media = Media::new(Format::Avi);
        media.duration = self.duration(window)?.map(Measured::exact);
        media.audio = self.audio.map(|(_, codec)| codec);
        let Some((stream, codec, size)) = self.video else {
            return if media.audio.is_some() { Ok(media) } else { Err(broken(12, "the AVI file has no streams")) };
        };
        let fps = timebase::frames_a_second(stream.rate, stream.scale).map(Measured::exact);
        let (wide, high) = self.aspect;
        let across = u32::from(wide).checked_mul(size.height).unwrap_or(0);
        let down = u32::from(high).checked_mul(size.width).unwrap_or(0);
        let known = size.ratio().is_some();
        media.stored = known.then_some(size);
        media.displayed = known.then(|| sample_aspect_ratio::shown(size, across, down));
        media.video = Some(VideoTrack { codec, profile: None, fps });
        Ok(media)
    }

    /// Returns the duration of the longest stream. A writer that could not go back left placeholders: then it is not known.
    fn duration(&self, window: &SparseBuffer) -> Result<Option<Duration>, ReadError> {
        if matches!(window.le32(4)?, 0 | u32::MAX) || self.frames == 0 {
            return Ok(None);
        }
        let total = window.total();
        let video =
            self.video.as_ref().map(|(stream, _, _)| Stream { length: stream.length.max(self.all_frames), ..*stream });
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
