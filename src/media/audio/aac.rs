//! AAC in ADTS frames. No header tells how many there are: the duration is estimated from the first ones, and counted
//! by [`super::duration_scan::FrameCount`].

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::mpeg_audio::Frame;
use super::{duration_estimate, id3};
use crate::media::sparse_buffer::{ReadError, SparseBuffer, broken};
use crate::media::{Codec, Format, Media};

/// How many bytes the average frame is taken from.
const AVERAGED: usize = 32 * 1024;

/// Says whether the first bytes of a file, ID3 tags aside, are those of ADTS.
pub(crate) fn matches(head: &[u8]) -> bool {
    id3::end_within(head).and_then(Frame::confirmed).is_some_and(|frame| frame.codec == "aac")
}

/// Reads the codec and estimates the duration; a file of few frames, or of unknown length, has none.
pub(crate) fn read(window: &SparseBuffer) -> Result<Media, ReadError> {
    let start = id3::end(window)?;
    let audio = window.up_to(start, AVERAGED)?;
    let frame = Frame::confirmed(audio).filter(|frame| frame.codec == "aac");
    let frame = frame.ok_or_else(|| broken(start, "no ADTS frame follows"))?;
    let mut media = Media::new(Format::Aac);
    media.audio = Some(Codec::Known(frame.codec));
    let room = window.total().map(|total| duration_estimate::audio_bytes(window, start, total));
    media.duration = duration_estimate::duration(audio, room);
    Ok(media)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
