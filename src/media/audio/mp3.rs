//! MPEG audio files: the first frames, and the Xing, Info or VBRI header that states how many there are.
//!
//! The duration is frames times samples, encoder delay and padding included, as ffprobe gives it. A file without such
//! a header gets an estimate from its first frames; [`super::duration_scan::FrameCount`] counts them all.
//! Layouts: gabriel.mp3-tech.org/mp3infotag.html (Xing, Info, LAME) and Fraunhofer's VBRI header.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::mpeg_audio::{Frame, has_free_format};
use super::{aac, duration_estimate, flac, id3};
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Codec, Format, Measured, Media, timebase};

/// How far after the tags the first frame is searched for, in bytes; encoders put padding there.
const SEARCHED: usize = 16 * 1024;

/// Reads the codec and the duration. If FLAC or ADTS follows the ID3 tag, reads that instead.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let space = id3::space(buffer)?;
    let start = id3::end_from(buffer, space)?;
    let near = buffer.up_to(start, SEARCHED)?;
    if flac::matches(near) {
        return flac::read(buffer);
    }
    if aac::matches(near) {
        return aac::read(buffer);
    }
    let mut media = Media::new(Format::Mp3);
    let Some((skipped, frame)) = first_frame(near) else {
        media.audio = Some(Codec::Known("mp3"));
        return if has_free_format(near) { Ok(media) } else { Err(malformed(start, "no MPEG audio frame follows")) };
    };
    media.audio = Some(Codec::Known(frame.codec));
    // Padding after a tag is common; bytes before everything else are not.
    media.leading_bytes = if start > space { space } else { skipped as u64 };
    let audio = near.get(skipped..).unwrap_or_default();
    let begin = start.saturating_add(skipped as u64);
    let room = buffer.total().map(|total| duration_estimate::audio_bytes(buffer, begin, total));
    let header = VbrHeader::parse(audio, &frame);
    let is_cut = header.is_some_and(|header| header.is_cut_short(room));
    media.truncated = if frame.is_cut(begin, buffer.total()) {
        Some("the file ends inside its first frame")
    } else {
        is_cut.then_some("the file has fewer bytes than its Xing or VBRI header states")
    };
    media.duration = match header {
        Some(header) => header.duration(&frame, room),
        None => duration_estimate::duration(audio, room),
    };
    Ok(media)
}

fn first_frame(near: &[u8]) -> Option<(usize, Frame)> {
    (0..near.len()).find_map(|at| Some((at, Frame::confirmed(near.get(at..)?).filter(|frame| frame.codec != "aac")?)))
}

/// The counts in a Xing, Info or VBRI header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct VbrHeader {
    /// Frames, without the one that has this header.
    frames: u32,
    /// Bytes of audio, if stated.
    bytes: Option<u32>,
}

impl VbrHeader {
    /// Reads the header inside the first frame; `None` if there is none or its count is zero.
    fn parse(audio: &[u8], frame: &Frame) -> Option<Self> {
        Self::xing(audio.get(frame.xing..)?).or_else(|| Self::vbri(audio.get(36..)?)).filter(|count| count.frames > 0)
    }

    fn xing(bytes: &[u8]) -> Option<Self> {
        let (b"Xing" | b"Info", rest) = bytes.split_first_chunk::<4>()? else { return None };
        let (flags, rest) = rest.split_first_chunk::<4>()?;
        let flags = u32::from_be_bytes(*flags);
        let (frames, rest) = rest.split_first_chunk::<4>().filter(|_| flags & 1 != 0)?;
        let bytes = rest.first_chunk::<4>().filter(|_| flags & 2 != 0);
        Some(Self {
            frames: u32::from_be_bytes(*frames),
            bytes: bytes.map(|bytes| u32::from_be_bytes(*bytes)).filter(|bytes| *bytes > 0),
        })
    }

    fn vbri(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"VBRI")?.get(6..)?;
        let (bytes, rest) = rest.split_first_chunk::<4>()?;
        let bytes = u32::from_be_bytes(*bytes);
        Some(Self { frames: u32::from_be_bytes(*rest.first_chunk()?), bytes: (bytes > 0).then_some(bytes) })
    }

    /// Returns whether the file is truncated: it lacks more bytes than tags can account for.
    fn is_cut_short(self, room: Option<u64>) -> bool {
        self.bytes.zip(room).is_some_and(|(stated, room)| {
            room.saturating_add(u64::from(stated) / 100).saturating_add(2_048) < stated.into()
        })
    }

    /// Converts the count to a duration, exact if that many frames fit both the stated and the actual number of bytes.
    fn duration(self, frame: &Frame, room: Option<u64>) -> Option<Measured<Duration>> {
        let samples = u64::from(self.frames).checked_mul(u64::from(frame.samples))?;
        let time = timebase::ticks_to_duration(samples, frame.rate.into(), 1)?;
        let told = self.bytes.map(u64::from);
        let whole = told.zip(room).is_none_or(|(told, room)| told <= room);
        let fits = told.or(room).is_some_and(|bytes| self.fits(bytes)) && room.is_none_or(|room| self.fits(room));
        Some(if whole && fits { Measured::exact(time) } else { Measured::estimated(time) })
    }

    /// Returns whether that many frames can have that many bytes.
    fn fits(self, bytes: u64) -> bool {
        /// The shortest and the longest frame of layer III, in bytes: 8 kbit/s at 24 kHz, 320 kbit/s at 32 kHz.
        const FRAME: (u64, u64) = (24, 1441);
        let frames = u64::from(self.frames);
        frames.saturating_mul(FRAME.0) <= bytes && bytes <= frames.saturating_add(2).saturating_mul(FRAME.1)
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
