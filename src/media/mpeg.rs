//! MPEG: program streams, elementary video, and transport streams, which are only named.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod packet;
mod program;

use super::mpeg::video::{SEQUENCE, Sequence};
use super::sparse_buffer::{ReadError, SparseBuffer, broken};
use crate::media::{Codec, Format, Measured, Media, VideoTrack};
use program::Program;

/// How much elementary video is read for its header, in bytes: two matrices of 64 and a few extensions lie between.
const HEADER: usize = 4096;

/// Reads the size, the codecs, the frame rate and the duration of a program stream; elementary video has no clock of
/// its own, so its duration is not known.
pub(crate) fn read(window: &SparseBuffer) -> Result<Media, ReadError> {
    match window.array(0)? {
        [0, 0, 1, packet::PACK] => Ok(Program::read(window)?.media(window)?),
        [0, 0, 1, SEQUENCE] => {
            let sequence = Sequence::find(window.up_to(0, HEADER)?);
            let sequence = sequence.ok_or_else(|| broken(0, "the MPEG sequence header is damaged"))?;
            let mut media = Media::new(Format::Mpeg);
            show(&mut media, &sequence);
            Ok(media)
        }
        _ => Ok(Media::new(Format::MpegTs)),
    }
}

/// Enters what a sequence header tells.
fn show(media: &mut Media, sequence: &Sequence) {
    media.stored = Some(sequence.stored);
    media.displayed = Some(sequence.displayed);
    let fps = sequence.fps.map(Measured::exact);
    media.video = Some(VideoTrack { codec: Codec::Known(sequence.codec), profile: None, fps });
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
mod video;
