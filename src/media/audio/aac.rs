//! AAC in ADTS frames. No header states how many there are: the duration is estimated from the first ones, and counted
//! by [`super::duration_scan::FrameCount`].

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::mpeg_audio::Frame;
use super::{duration_estimate, id3, mpeg_audio};
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Codec, Format, Media};

/// How many bytes the average frame is computed from.
const AVERAGED: usize = 32 * 1024;

/// Returns whether the first bytes of a file, after any ID3 tags, are ADTS.
pub(crate) fn matches(head: &[u8]) -> bool {
    id3::end_within(head).and_then(Frame::confirmed).is_some_and(|frame| frame.codec == "aac")
}

/// Reads the codec and estimates the duration; a file with few frames, or of unknown length, has none.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let start = id3::end(buffer)?;
    let near = buffer.up_to(start, AVERAGED)?;
    let (skipped, frame) = first_frame(near).ok_or_else(|| malformed(start, "no ADTS frame follows"))?;
    let audio = near.get(skipped..).unwrap_or_default();
    let mut media = Media::new(Format::Aac);
    media.audio = Some(Codec::Known(frame.codec));
    media.leading_bytes = if start > 0 { 0 } else { skipped as u64 };
    let start = start.saturating_add(skipped as u64);
    let room = buffer.total().map(|total| duration_estimate::audio_bytes(buffer, start, total));
    media.truncated = frame.is_cut(start, buffer.total()).then_some("the file ends inside its first frame");
    media.duration = duration_estimate::duration(audio, room);
    Ok(media)
}

/// Finds the first frame. A recording may begin inside a frame; then several consecutive frames are required.
fn first_frame(near: &[u8]) -> Option<(usize, Frame)> {
    let at_start = Frame::confirmed(near).filter(|frame| frame.codec == "aac").map(|frame| (0, frame));
    at_start.or_else(|| mpeg_audio::first_run(near).filter(|(_, frame)| frame.codec == "aac"))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
